import type { Field, FieldType, Message, Struct } from './notation.ts'

/** Name of the interface of a struct: the message's own name stands before those of the structs in it. */
export function structTypeName(message: Message, struct: Struct): string {
  return struct === message.root ? message.name : message.name + struct.name
}

/** Name of a struct's reader or writer. */
export function functionName(verb: string, message: Message, struct: Struct): string {
  return verb + structTypeName(message, struct)
}

/** TypeScript type of a value, null left aside. */
function valueType(message: Message, type: FieldType): string {
  if (type.kind === 'array') return `${valueType(message, type.of)}[]`
  if (type.kind === 'struct') return structTypeName(message, type.struct)
  switch (type.scalar) {
    case 'bool':
      return 'boolean'
    case 'string':
    case 'uuid':
      return 'string'
    case 'bytes':
      return 'Uint8Array'
    case 'records':
      return 'ByteSlice'
    default:
      return 'number'
  }
}

/** Whether a message can hold null in the field: where the protocol allows it, and where it is the default. */
export function canBeNull(field: Field): boolean {
  if (field.type.kind === 'scalar' && field.type.scalar === 'records') return true
  return field.nullable !== undefined || field.defaultValue === null
}

/** TypeScript type of a field. */
export function fieldType(message: Message, field: Field): string {
  const type = valueType(message, field.type)
  return canBeNull(field) ? `${type} | null` : type
}

/** Code of a field's default value, new on each evaluation where it is an object. */
export function defaultCode(message: Message, field: Field): string {
  if (field.defaultValue === null) return 'null'
  if (typeof field.defaultValue === 'bigint') return 'INT64_MAX'
  if (field.defaultValue !== undefined) return String(field.defaultValue)
  const type = field.type
  if (type.kind === 'array') return '[]'
  if (type.kind === 'struct') return `${functionName('default', message, type.struct)}()`
  switch (type.scalar) {
    case 'bool':
      return 'false'
    case 'string':
      return "''"
    case 'uuid':
      return 'ZERO_UUID'
    case 'bytes':
      return 'EMPTY_BYTES'
    case 'records':
      return 'null'
    default:
      return '0'
  }
}

/** Tagged fields in the order of their tags. */
export function taggedFields(struct: Struct): (Field & { readonly tag: number })[] {
  return struct.fields.filter((field) => isTagged(field)).sort((one, other) => one.tag - other.tag)
}

export function isTagged(field: Field): field is Field & { readonly tag: number } {
  return field.tag !== undefined
}
