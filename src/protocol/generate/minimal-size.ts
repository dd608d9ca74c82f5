import type { Field, FieldType, Message, Struct, VersionRange } from './notation.ts'
import { flexibleRange } from './versions.ts'
import { isTagged } from './types.ts'

const FIXED_SIZE_BYTES: Readonly<Record<string, number>> = {
  bool: 1,
  int8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  float64: 8,
  uuid: 16,
}

/**
 * The fewest bytes that a value can take in any version of `versions`. A reader refuses an array count that cannot fit
 * in what is left, so this must never be too high, and never 0.
 */
export function minimalSizeBytes(message: Message, type: FieldType, versions: VersionRange): number {
  let smallest = Number.POSITIVE_INFINITY
  for (let version = versions.from; version <= versions.to; version += 1) {
    smallest = Math.min(smallest, valueSize(message, type, version))
  }
  if (smallest < 1) throw new Error(`${message.name}: an array element of no size cannot be bounded`)
  return smallest
}

function valueSize(message: Message, type: FieldType, version: number): number {
  if (type.kind === 'struct') return structSize(message, type.struct, version)
  if (type.kind === 'array') return isFlexible(message, version) ? 1 : 4
  const fixed = FIXED_SIZE_BYTES[type.scalar]
  if (fixed !== undefined) return fixed
  if (isFlexible(message, version)) return 1
  return type.scalar === 'string' ? 2 : 4
}

function structSize(message: Message, struct: Struct, version: number): number {
  let sizeBytes = isFlexible(message, version) ? 1 : 0
  for (const field of struct.fields) sizeBytes += fieldSize(message, field, version)
  return sizeBytes
}

function fieldSize(message: Message, field: Field, version: number): number {
  if (isTagged(field) || version < field.versions.from || version > field.versions.to) return 0
  const nullable = field.nullable !== undefined && version >= field.nullable.from && version <= field.nullable.to
  if (field.type.kind === 'struct' && nullable) return 1
  return valueSize(message, field.type, version)
}

function isFlexible(message: Message, version: number): boolean {
  const range = flexibleRange(message)
  return range !== undefined && version >= range.from
}
