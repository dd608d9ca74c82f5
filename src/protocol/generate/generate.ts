/**
 * Writes `src/protocol/generated` from `src/protocol/schema`: `npm run generate`.
 *
 * The output is checked in. A test makes it again in memory and fails on any difference.
 */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { emitApiTable, emitRegistry, type GeneratedModule } from './emit-tables.ts'
import { emitFile } from './emit-file.ts'
import { kebabCase } from './names.ts'
import { type Message, parseSchema } from './notation.ts'

const protocolFolder: string = join(dirname(fileURLToPath(import.meta.url)), '..')
const schemaFolder: string = join(protocolFolder, 'schema')

/** Where the output belongs. */
export const generatedFolder: string = join(protocolFolder, 'generated')

/** One schema file, read. */
export interface SchemaFile {
  /** Path below `schema`, with `/` between folders. */
  readonly path: string
  readonly messages: readonly Message[]
}

/** Reads every schema file, in the order of their paths. */
export function readSchemas(): SchemaFile[] {
  const paths = readdirSync(schemaFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.kafka'))
    .map((entry) => relative(schemaFolder, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort()
  return paths.map((path) => ({ path, messages: parseSchema(readFileSync(join(schemaFolder, path), 'utf8'), path) }))
}

/** Every generated file: path below `generated` and content. */
export function generate(): Map<string, string> {
  const output = new Map<string, string>()
  const modules: GeneratedModule[] = []
  for (const schema of readSchemas()) {
    checkName(schema)
    const path = schema.path.replace(/\.kafka$/, '.ts')
    const wire = path.includes('/') ? '../../wire' : '../wire'
    output.set(path, emitFile(schema.messages, `schema/${schema.path}`, wire))
    modules.push({ path, messages: schema.messages })
  }
  output.set('api-table.ts', emitApiTable(modules))
  output.set('registry.ts', emitRegistry(modules))
  return output
}

/** A file is named for what is in it: that is how one finds it. */
function checkName(schema: SchemaFile): void {
  const first = schema.messages[0]
  const name = kebabCase((first?.name ?? '').replace(/(Request|Response)$/, ''))
  const key = String(first?.apiKey).padStart(2, '0')
  const expected = { request: `${key}-${name}`, record: `records/${kebabCase(first?.name ?? '')}` }
  const wanted = first?.kind === 'request' ? expected.request : first?.kind === 'record' ? expected.record : undefined
  if (wanted !== undefined && schema.path !== `${wanted}.kafka`)
    throw new Error(`${schema.path} should be ${wanted}.kafka`)
}

if (import.meta.main) {
  const output = generate()
  rmSync(generatedFolder, { recursive: true, force: true })
  for (const [path, text] of output) {
    mkdirSync(dirname(join(generatedFolder, path)), { recursive: true })
    writeFileSync(join(generatedFolder, path), text)
  }
}
