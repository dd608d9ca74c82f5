import type { Field, FieldType, Message, Struct } from '../../src/protocol/generate/notation.ts'
import { Reader } from '../../src/protocol/wire/reader.ts'
import { Writer } from '../../src/protocol/wire/writer.ts'
import type { ByteSlice, UnknownTag } from '../../src/protocol/wire/byte-slice.ts'

// Messages to and from the JSON form that Kafka's own tools print: field names as in the schema, bytes in base64, no
// field that the version lacks, no tagged field at its default, int64 beyond 2^53-1 as decimal strings.

/** An unknown tag as the vectors list it: `.` or a path such as `topics[0].partitions[1]`. */
export interface ListedTag {
  readonly at: string
  readonly tag: number
  readonly hex: string
}

type Loose = Record<string, unknown>

/** Reads every int64, those beyond 2^53-1 as a bigint: the vectors use the full range, which production refuses. */
export class WideReader extends Reader {
  override int64(): number {
    const at = this.take(8)
    if (at < 0) return 0
    const value = this.view.getBigInt64(at)
    const narrow = Number(value)
    // The cast is the point of this class: a bigint travels where a number is declared, and only to WideWriter.
    return Number.isSafeInteger(narrow) ? narrow : (value as unknown as number)
  }
}

/** Writes what WideReader read. */
export class WideWriter extends Writer {
  override int64(value: number | bigint): void {
    const at = this.grow(8)
    this.view.setBigInt64(at, BigInt(value))
  }
}

/** Lists the unknown tags of a message while it becomes JSON. */
export function toJson(message: Message, value: object, version: number, tags: ListedTag[]): Loose {
  return structToJson(message.root, value as Loose, version, '', tags)
}

/** The message that a vector's JSON and its list of unknown tags describe. */
export function fromJson(message: Message, json: Loose, version: number, tags: readonly ListedTag[]): object {
  return structFromJson(message.root, json, version, '', tags)
}

function structToJson(struct: Struct, value: Loose, version: number, path: string, tags: ListedTag[]): Loose {
  const json: Loose = {}
  for (const field of struct.fields) {
    if (!inVersions(field, version)) continue
    const converted = valueToJson(field.type, value[field.name], version, join(path, field.name), tags)
    if (field.tag !== undefined && isDefaultJson(field, converted, value[field.name])) continue
    json[field.name] = converted
  }
  const unknown = value['unknownTags'] as UnknownTag[] | undefined
  for (const tag of unknown ?? []) tags.push({ at: path === '' ? '.' : path, tag: tag.tag, hex: hexOf(tag.bytes) })
  return json
}

function valueToJson(type: FieldType, value: unknown, version: number, path: string, tags: ListedTag[]): unknown {
  if (value === null) return null
  if (type.kind === 'array') {
    return (value as unknown[]).map((element, index) =>
      valueToJson(type.of, element, version, `${path}[${index}]`, tags),
    )
  }
  if (type.kind === 'struct') return structToJson(type.struct, value as Loose, version, path, tags)
  if (type.scalar === 'bytes') return Buffer.from(value as Uint8Array).toString('base64')
  if (type.scalar === 'records') {
    const slice = value as ByteSlice
    return Buffer.from(slice.bytes.subarray(slice.startsAt, slice.startsAt + slice.sizeBytes)).toString('base64')
  }
  return typeof value === 'bigint' ? String(value) : value
}

function structFromJson(struct: Struct, json: Loose, version: number, path: string, tags: readonly ListedTag[]): Loose {
  const value: Loose = {}
  for (const field of struct.fields) {
    const own = json[field.name]
    if (own !== undefined) value[field.name] = valueFromJson(field.type, own, version, join(path, field.name), tags)
  }
  const here = tags.filter((tag) => tag.at === (path === '' ? '.' : path))
  if (here.length > 0) value['unknownTags'] = here.map((tag) => ({ tag: tag.tag, bytes: bytesOf(tag.hex) }))
  return value
}

function valueFromJson(
  type: FieldType,
  json: unknown,
  version: number,
  path: string,
  tags: readonly ListedTag[],
): unknown {
  if (json === null) return null
  if (type.kind === 'array') {
    return (json as unknown[]).map((element, index) =>
      valueFromJson(type.of, element, version, `${path}[${index}]`, tags),
    )
  }
  if (type.kind === 'struct') return structFromJson(type.struct, json as Loose, version, path, tags)
  if (type.scalar === 'bytes') return new Uint8Array(Buffer.from(json as string, 'base64'))
  if (type.scalar === 'records') {
    const bytes = new Uint8Array(Buffer.from(json as string, 'base64'))
    return { bytes, startsAt: 0, sizeBytes: bytes.length }
  }
  if (type.scalar === 'int64' && typeof json === 'string') return BigInt(json)
  // A float that JSON has no number for is a string in Kafka's form.
  if (type.scalar === 'float64' && typeof json === 'string') return Number(json)
  return json
}

/** Whether a tagged field has its default and therefore is not in the JSON. */
function isDefaultJson(field: Field, json: unknown, value: unknown): boolean {
  if (field.defaultValue === null) return value === null
  if (typeof field.defaultValue === 'bigint') return value === 2 ** 63
  if (field.defaultValue !== undefined) return value === field.defaultValue
  if (json === null) return false
  if (field.type.kind === 'array') return (value as unknown[]).length === 0
  if (field.type.kind === 'struct') return isDefaultStruct(field.type.struct, value as Loose)
  return json === 0 || json === false || json === '' || json === 'AAAAAAAAAAAAAAAAAAAAAA'
}

function isDefaultStruct(struct: Struct, value: Loose): boolean {
  if (value['unknownTags'] !== undefined) return false
  return struct.fields.every((field) => {
    const own = value[field.name]
    return isDefaultJson(field, own instanceof Uint8Array ? Buffer.from(own).toString('base64') : own, own)
  })
}

function inVersions(field: Field, version: number): boolean {
  return version >= field.versions.from && version <= field.versions.to
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`
}

export function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex')
}

export function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'))
}
