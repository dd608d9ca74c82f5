import { compactCode, flexibleLine, indent, parameter } from './emit-reader.ts'
import { local, pascalCase } from './names.ts'
import type { Field, FieldType, Message, Struct } from './notation.ts'
import { canBeNull, defaultCode, functionName, isTagged, structTypeName, taggedFields } from './types.ts'
import { flexibleCode, flexibleRange, inRange, intersect } from './versions.ts'

/** Code that writes a struct, with a missing field at its default and an unfit one refused. */
export function emitWriter(message: Message, struct: Struct): string[] {
  const type = structTypeName(message, struct)
  const exported = struct === message.root ? 'export ' : ''
  const body: string[] = []
  for (const field of struct.fields) body.push(...writeField(message, struct, field))
  body.push(...writeTags(message, struct))
  const all = [...body, ...flexibleLine(message, struct, body)]
  return [
    `${exported}function ${functionName('write', message, struct)}(`,
    `  ${parameter('writer', all)}: Writer,`,
    `  ${parameter('message', all)}: Draft<${type}>,`,
    `  ${parameter('version', all)}: number,`,
    '): void {',
    ...flexibleLine(message, struct, body),
    ...indent(body),
    '}',
  ]
}

/** Code of a function that tells whether every field of a struct has its default. */
export function emitIsDefault(message: Message, struct: Struct): string[] {
  const conditions = struct.fields.map((field) => isDefaultCode(message, field, valueCode(message, field)))
  if (flexibleCode(message, struct.versions) !== 'false') conditions.push('message.unknownTags === undefined')
  return [
    `function ${functionName('isDefault', message, struct)}(message: Draft<${structTypeName(message, struct)}>): boolean {`,
    '  return (',
    ...conditions.map((condition, index) => `    ${index === 0 ? '' : '&& '}${condition}`),
    '  )',
    '}',
  ]
}

/** Structs whose `isDefault` function is called by the writers, directly or by another such function. */
export function structsCompared(message: Message): Set<Struct> {
  const found = new Set<Struct>()
  const add = (field: Field): void => {
    if (field.type.kind !== 'struct' || field.defaultValue === null || found.has(field.type.struct)) return
    found.add(field.type.struct)
    field.type.struct.fields.forEach(add)
  }
  for (const struct of [message.root, ...message.structs]) {
    for (const field of struct.fields) {
      if (isTagged(field) || isRefused(struct, field)) add(field)
    }
  }
  return found
}

/** Whether some version that the struct is used in lacks the field and refuses a value for it. */
function isRefused(struct: Struct, field: Field): boolean {
  return !field.ignorable && inRange(field.versions, struct.versions) !== undefined
}

function writeField(message: Message, struct: Struct, field: Field): string[] {
  const name = local(field.name)
  const lines = [`const ${name} = ${valueCode(message, field)}`]
  const condition = inRange(field.versions, struct.versions)
  if (isTagged(field)) {
    if (condition !== undefined && isRefused(struct, field)) {
      lines.push(`if (!(${condition}) && ${isSetCode(message, field, name)}) ${refusal(message, struct, field)}`)
    }
    return lines
  }
  const write = writeValue(message, struct, field, name, false)
  if (condition === undefined) return [...lines, ...write]
  lines.push(`if (${condition}) {`, ...indent(write))
  if (isRefused(struct, field)) {
    lines.push(`} else if (${isSetCode(message, field, name)}) {`, `  ${refusal(message, struct, field)}`)
  }
  lines.push('}')
  return lines
}

function refusal(message: Message, struct: Struct, field: Field): string {
  return `writer.refuse('${structTypeName(message, struct)}.${field.name}', version)`
}

function writeTags(message: Message, struct: Struct): string[] {
  const flexible = flexibleCode(message, struct.versions)
  if (flexible === 'false') return []
  const known = taggedFields(struct)
  const section: string[] = []
  if (known.length === 0) {
    section.push('writer.onlyUnknownTags(message.unknownTags)')
  } else {
    const range = intersect(flexibleRange(message) ?? struct.versions, struct.versions) ?? struct.versions
    for (const field of known) {
      const condition = inRange(field.versions, range)
      const isSet = isSetCode(message, field, local(field.name))
      section.push(
        `const has${pascalCase(field.name)} = ${condition === undefined ? isSet : `${condition} && ${bracketed(isSet)}`}`,
      )
    }
    const count = known.map((field) => `(has${pascalCase(field.name)} ? 1 : 0)`).join(' + ')
    section.push(`writer.tagCount(${count}, message.unknownTags)`)
    const mixed = tagsHaveGaps(struct)
    if (mixed) section.push('let keptCount = 0')
    for (const field of known) {
      if (mixed) section.push(`keptCount = writer.unknownTagsBelow(message.unknownTags, keptCount, ${field.tag})`)
      section.push(...writeTag(message, struct, field))
    }
    if (mixed) section.push('writer.unknownTagsBelow(message.unknownTags, keptCount, Number.POSITIVE_INFINITY)')
    else section.push('writer.unknownTags(message.unknownTags)')
  }
  return flexible === 'true' ? section : ['if (flexible) {', ...indent(section), '}']
}

/**
 * Tags must ascend on the wire. Where the known tags of every version are 0, 1, 2 … an unknown one is always higher and
 * comes after them; where one in between belongs to another version, the two kinds have to be merged.
 */
function tagsHaveGaps(struct: Struct): boolean {
  for (let version = struct.versions.from; version <= struct.versions.to; version += 1) {
    const tags = taggedFields(struct).filter((field) => field.versions.from <= version && version <= field.versions.to)
    if (tags.some((field, index) => field.tag !== index)) return true
  }
  return false
}

function writeTag(message: Message, struct: Struct, field: Field & { readonly tag: number }): string[] {
  const name = local(field.name)
  return [
    `if (has${pascalCase(field.name)}) {`,
    `  const openedAt = writer.openTag(${field.tag})`,
    ...indent(writeValue(message, struct, field, name, true)),
    '  writer.closeTag(openedAt)',
    '}',
  ]
}

function writeValue(message: Message, struct: Struct, field: Field, name: string, inTag: boolean): string[] {
  const lines: string[] = []
  if (canBeNull(field)) {
    const allowed = field.nullable === undefined ? 'false' : inRange(field.nullable, field.versions)
    const refuse = `writer.refuseNull('${structTypeName(message, struct)}.${field.name}', version)`
    if (allowed === 'false') lines.push(`if (${name} === null) ${refuse}`)
    else if (allowed !== undefined) lines.push(`if (${name} === null && !(${allowed})) ${refuse}`)
  }
  const compact = compactCode(message, field, field.versions)
  const type = field.type
  if (type.kind === 'array') return [...lines, ...writeArray(message, field, type.of, name, compact)]
  if (type.kind === 'scalar') return [...lines, writeScalar(type.scalar, name, compact, canBeNull(field))]
  const write = `${functionName('write', message, type.struct)}(writer, ${name}, version)`
  if (!canBeNull(field)) return [...lines, write]
  return [...lines, `writer.${inTag ? 'presentInTag' : 'present'}(${name} !== null)`, `if (${name} !== null) ${write}`]
}

function writeArray(message: Message, field: Field, element: FieldType, name: string, compact: string): string[] {
  if (element.kind === 'array') throw new Error(`${message.name}.${field.name}: an array of arrays`)
  const write =
    element.kind === 'struct'
      ? `${functionName('write', message, element.struct)}(writer, element, version)`
      : writeScalar(element.scalar, 'element', compact, false)
  const loop = `for (const element of ${name}) ${write}`
  if (!canBeNull(field)) return [`writer.arrayCount(${name}.length, ${compact})`, loop]
  return [
    `writer.arrayCount(${name} === null ? -1 : ${name}.length, ${compact})`,
    `if (${name} !== null) {`,
    `  ${loop}`,
    '}',
  ]
}

function writeScalar(scalar: string, value: string, compact: string, nullable: boolean): string {
  const hasLength = scalar === 'string' || scalar === 'bytes' || scalar === 'records'
  if (!hasLength) return `writer.${scalar}(${value})`
  return `writer.${scalar}${nullable ? 'OrNull' : ''}(${value}, ${compact})`
}

/** The field's value, or its default where the draft leaves it out. */
function valueCode(message: Message, field: Field): string {
  const value = `message.${field.name}`
  const fallback = field.type.kind === 'struct' && field.defaultValue !== null ? '{}' : defaultCode(message, field)
  if (canBeNull(field) && fallback !== 'null') return `${value} === undefined ? ${fallback} : ${value}`
  return `${value} ?? ${fallback}`
}

/** Code that is true for a value other than the default. `value` may be any expression without `??` at its top. */
function isSetCode(message: Message, field: Field, value: string): string {
  const fallback = defaultCode(message, field)
  if (fallback === 'null') return `${value} !== null`
  const orNull = canBeNull(field) ? `${value} === null || ` : ''
  if (field.type.kind === 'array') return `${orNull}${value}.length > 0`
  if (field.type.kind === 'struct')
    return `${orNull}!${functionName('isDefault', message, field.type.struct)}(${value})`
  if (field.type.scalar === 'bytes') return `${orNull}${value}.length > 0`
  return `${value} !== ${fallback}`
}

function isDefaultCode(message: Message, field: Field, valueExpression: string): string {
  const value = `(${valueExpression})`
  const fallback = defaultCode(message, field)
  if (fallback === 'null') return `${value} === null`
  const notNull = canBeNull(field) ? `${value} !== null && ` : ''
  if (field.type.kind === 'array') return `${notNull}${value}.length === 0`
  if (field.type.kind === 'struct') return `${notNull}${functionName('isDefault', message, field.type.struct)}${value}`
  if (field.type.scalar === 'bytes') return `${notNull}${value}.length === 0`
  return `${value} === ${fallback}`
}

function bracketed(code: string): string {
  return code.includes(' || ') ? `(${code})` : code
}
