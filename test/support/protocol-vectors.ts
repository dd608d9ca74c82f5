import { readFileSync } from 'node:fs'
import { brotliDecompressSync } from 'node:zlib'
import { readSchemas } from '../../src/protocol/generate/generate.ts'
import type { Message } from '../../src/protocol/generate/notation.ts'
import { REGISTRY, type RegistryEntry } from '../../src/protocol/generated/registry.ts'
import type { ListedTag } from './protocol-json.ts'

/** One line of bytes that an original wrote. */
export interface ProtocolVector {
  readonly api: string
  readonly version: number
  readonly kind: 'request' | 'response' | 'header' | 'data' | 'record'
  readonly sample: string
  readonly json: Record<string, unknown>
  readonly hex: string
  /** For stored messages: the same with what stands before the body. */
  readonly framed?: string
  readonly unknownTags?: readonly ListedTag[]
}

const folder = new URL('../wire/vectors/', import.meta.url)

/** The vectors of a group: `apis`, `records` or `data`. */
export function readVectors(group: string): ProtocolVector[] {
  const text = brotliDecompressSync(readFileSync(new URL(`${group}.jsonl.br`, folder))).toString('utf8')
  return text
    .trimEnd()
    .split('\n')
    .map((line): ProtocolVector => JSON.parse(line))
}

const schemas: ReadonlyMap<string, Message> = new Map(
  readSchemas().flatMap((file) => file.messages.map((message) => [message.name, message] as const)),
)
const codecs: ReadonlyMap<string, RegistryEntry> = new Map(REGISTRY.map((entry) => [entry.name, entry]))

/** The schema and the codec that a vector is for. */
export function codecOf(vector: ProtocolVector): { schema: Message; codec: RegistryEntry } {
  const suffix = vector.kind === 'request' ? 'Request' : vector.kind === 'response' ? 'Response' : ''
  const schema = schemas.get(vector.api + suffix)
  const codec = codecs.get(vector.api + suffix)
  if (schema === undefined || codec === undefined) throw new Error(`no codec for ${vector.api} ${vector.kind}`)
  return { schema, codec }
}

/** How a failing vector is named. */
export function titleOf(vector: ProtocolVector): string {
  return `${vector.api} ${vector.kind} v${vector.version} ${vector.sample}`
}
