import { camelCase } from './names.ts'
import type { Message } from './notation.ts'

/** A generated file and what it was made from. */
export interface GeneratedModule {
  /** Path below `generated`. */
  readonly path: string
  readonly messages: readonly Message[]
}

/** The table of APIs, which loads no codec. */
export function emitApiTable(modules: readonly GeneratedModule[]): string {
  const rows: string[] = []
  for (const { messages } of modules) {
    const request = messages.find((message) => message.kind === 'request')
    if (request === undefined) continue
    const name = request.name.replace(/Request$/, '')
    const flexible = request.flexible ?? 'Number.POSITIVE_INFINITY'
    const { from, to } = request.versions
    rows.push(
      `  { key: ${request.apiKey}, name: '${name}', minVersion: ${from}, maxVersion: ${to}, flexibleVersion: ${flexible} },`,
    )
  }
  return [
    '// Generated from schema by `npm run generate`. Do not edit.',
    "import type { ApiLayout } from '../wire/layout.ts'",
    '',
    '/** Every API of the schema, by its key. */',
    'export const API_TABLE: readonly ApiLayout[] = [',
    ...rows,
    ']',
    '',
  ].join('\n')
}

/** Every codec by name, for tests and tools: loading it loads all of them. */
export function emitRegistry(modules: readonly GeneratedModule[]): string {
  const importLines: string[] = []
  const rows: string[] = []
  for (const [index, { path, messages }] of modules.entries()) {
    importLines.push(`import * as module${index} from './${path}'`)
    for (const message of messages) rows.push(...registryRow(message, index))
  }
  return [
    '// Generated from schema by `npm run generate`. Do not edit.',
    "import type { Reader } from '../wire/reader.ts'",
    "import type { Writer } from '../wire/writer.ts'",
    "import type { StoredLayout } from '../wire/layout.ts'",
    ...importLines,
    '',
    '/** A codec whose message type is not known: what it reads is what it writes. */',
    'export interface RegistryEntry {',
    '  readonly name: string',
    "  readonly kind: 'request' | 'response' | 'header' | 'data' | 'record'",
    '  readonly minVersion: number',
    '  readonly maxVersion: number',
    '  readonly stored: StoredLayout | undefined',
    '  readonly read: (reader: Reader, version: number) => object',
    '  readonly write: (writer: Writer, message: object, version: number) => void',
    '}',
    '',
    '/** Every message of the schema. For tests and tools only. */',
    'export const REGISTRY: readonly RegistryEntry[] = [',
    ...rows,
    ']',
    '',
  ].join('\n')
}

function registryRow(message: Message, index: number): string[] {
  const stored = message.framing === undefined ? 'undefined' : `module${index}.${camelCase(message.name)}Layout`
  return [
    '  {',
    `    name: '${message.name}',`,
    `    kind: '${message.kind}',`,
    `    minVersion: ${message.versions.from},`,
    `    maxVersion: ${message.versions.to},`,
    `    stored: ${stored},`,
    `    read: module${index}.read${message.name},`,
    `    write: module${index}.write${message.name},`,
    '  },',
  ]
}
