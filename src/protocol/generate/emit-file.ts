import { emitDefault, emitReader } from './emit-reader.ts'
import { emitIsDefault, emitWriter, structsCompared } from './emit-writer.ts'
import { camelCase } from './names.ts'
import type { Field, Message, Struct, VersionRange } from './notation.ts'
import { fieldType, structTypeName } from './types.ts'
import { flexibleCode, inRange } from './versions.ts'

/** What stands before the body of a stored message, by its family and part. */
const PREFIXES: Readonly<Record<string, string>> = {
  '__cluster_metadata value': 'metadata',
  '__remote_log_metadata value': 'remoteLog',
  '__consumer_offsets key': 'apiKey',
  '__consumer_offsets value': 'version',
  '__transaction_state key': 'apiKey',
  '__transaction_state value': 'version',
  '__share_group_state key': 'apiKey',
  '__share_group_state value': 'version',
  'consumer-protocol value': 'version',
  'principal value': 'version',
  'snapshot file': 'version',
  'txnindex entry': 'version',
  // The end of a transaction carries its version in front; the KRaft control values carry it as their first field.
  'control key': 'version',
  'end-of-transaction value': 'version',
  'control value': 'none',
  // A JSON file, in which `data_version` holds the version.
  'quorum-state file': 'none',
}

/**
 * The generated file for the messages of one schema file.
 *
 * @param messages what the schema file defines
 * @param source path of the schema file, for the first line
 * @param wire path of `src/protocol/wire` from the generated file
 */
export function emitFile(messages: readonly Message[], source: string, wire: string): string {
  const lines: string[] = []
  const first = messages[0]
  if (first?.apiKey !== undefined && first.kind === 'request') lines.push(...apiConstant(first), '')
  for (const message of messages) {
    if (message.framing !== undefined) lines.push(...storedConstant(message), '')
    for (const struct of structsInOrder(message)) lines.push(...emitInterface(message, struct), '')
    const structs = structsInOrder(message)
    for (const struct of structs) lines.push(...emitReader(message, struct), '')
    for (const struct of structs) lines.push(...emitWriter(message, struct), '')
    const compared = structsCompared(message)
    for (const struct of structs) if (compared.has(struct)) lines.push(...emitIsDefault(message, struct), '')
    const code = lines.join('\n')
    for (const struct of structs) {
      if (code.includes(`default${structTypeName(message, struct)}()`)) lines.push(...emitDefault(message, struct), '')
    }
  }
  const body = lines.join('\n')
  return `// Generated from ${source} by \`npm run generate\`. Do not edit.\n${imports(body, wire)}\n${body}`
}

function structsInOrder(message: Message): Struct[] {
  return [message.root, ...message.structs]
}

function imports(body: string, wire: string): string {
  const lines: string[] = []
  if (/\bZERO_UUID\b/.test(body))
    lines.push(`import { ZERO_UUID } from '${wire}/../../model/uuid.ts'`.replace('/wire/..', ''))
  const values = ['EMPTY_BYTES', 'INT64_MAX'].filter((name) => new RegExp(`\\b${name}\\b`).test(body))
  const types = ['ByteSlice', 'UnknownTag'].filter((name) => new RegExp(`\\b${name}\\b`).test(body))
  if (values.length > 0) lines.push(`import { ${values.join(', ')} } from '${wire}/byte-slice.ts'`)
  if (types.length > 0) lines.push(`import type { ${types.join(', ')} } from '${wire}/byte-slice.ts'`)
  lines.push(`import type { Draft } from '${wire}/draft.ts'`)
  const layouts = ['ApiLayout', 'StoredLayout'].filter((name) => body.includes(`: ${name} =`))
  if (layouts.length > 0) lines.push(`import type { ${layouts.join(', ')} } from '${wire}/layout.ts'`)
  lines.push(`import type { Reader } from '${wire}/reader.ts'`, `import type { Writer } from '${wire}/writer.ts'`)
  return `${lines.join('\n')}\n`
}

function apiConstant(request: Message): string[] {
  const name = request.name.replace(/Request$/, '')
  return [
    `export const ${camelCase(name)}Api: ApiLayout = {`,
    `  key: ${request.apiKey},`,
    `  name: '${name}',`,
    ...versionMembers(request),
    '}',
  ]
}

function storedConstant(message: Message): string[] {
  const family = `${message.framing?.family} ${message.framing?.part}`
  const prefix = PREFIXES[family]
  if (prefix === undefined) throw new Error(`${message.name}: unknown framing ${family}`)
  return [
    `export const ${camelCase(message.name)}Layout: StoredLayout = {`,
    `  name: '${message.name}',`,
    `  apiKey: ${message.apiKey ?? -1},`,
    ...versionMembers(message),
    `  prefix: '${prefix}',`,
    '}',
  ]
}

function versionMembers(message: Message): string[] {
  return [
    `  minVersion: ${message.versions.from},`,
    `  maxVersion: ${message.versions.to},`,
    `  flexibleVersion: ${message.flexible ?? 'Number.POSITIVE_INFINITY'},`,
  ]
}

function emitInterface(message: Message, struct: Struct): string[] {
  const members = struct.fields.map((field) => {
    return `  ${field.name}: ${fieldType(message, field)}${versionNote(field, struct.versions)}`
  })
  if (flexibleCode(message, struct.versions) !== 'false') members.push('  unknownTags?: UnknownTag[]')
  return [`export interface ${structTypeName(message, struct)} {`, ...members, '}']
}

function versionNote(field: Field, around: VersionRange): string {
  if (inRange(field.versions, around) === undefined) return ''
  const { from, to } = field.versions
  if (from === to) return ` // version ${from}`
  if (to === around.to) return ` // since version ${from}`
  return from === around.from ? ` // until version ${to}` : ` // versions ${from} to ${to}`
}
