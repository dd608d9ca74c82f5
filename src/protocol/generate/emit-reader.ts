import { minimalSizeBytes } from './minimal-size.ts'
import type { Field, FieldType, Message, Struct, VersionRange } from './notation.ts'
import { local } from './names.ts'
import { canBeNull, defaultCode, fieldType, functionName, isTagged, structTypeName, taggedFields } from './types.ts'
import { flexibleCode, flexibleRange, inRange, intersect, sameRange } from './versions.ts'

/** Code that reads a struct: fields in wire order, each behind the versions that have it, then the tagged section. */
export function emitReader(message: Message, struct: Struct): string[] {
  const type = structTypeName(message, struct)
  const exported = struct === message.root ? 'export ' : ''
  const body: string[] = []
  for (const field of struct.fields) {
    if (!isTagged(field)) body.push(...readInLine(message, struct, field))
  }
  for (const field of taggedFields(struct)) {
    body.push(`let ${local(field.name)}: ${fieldType(message, field)} = ${defaultCode(message, field)}`)
  }
  const tags = readTags(message, struct)
  body.push(...tags)
  const names = struct.fields.map((field) =>
    local(field.name) === field.name ? field.name : `${field.name}: ${local(field.name)}`,
  )
  body.push(...objectLiteral(`const message: ${type} = `, names))
  if (tags.length > 0) body.push('if (unknownTags !== undefined) message.unknownTags = unknownTags')
  body.push('return message')
  const reader = parameter('reader', body)
  const version = parameter('version', [...body, ...flexibleLine(message, struct, body)])
  return [
    `${exported}function ${functionName('read', message, struct)}(${reader}: Reader, ${version}: number): ${type} {`,
    ...flexibleLine(message, struct, body),
    ...indent(body),
    '}',
  ]
}

/** Code of a function that makes a struct with every field at its default. */
export function emitDefault(message: Message, struct: Struct): string[] {
  const type = structTypeName(message, struct)
  const members = struct.fields.map((field) => `${field.name}: ${defaultCode(message, field)}`)
  return [
    `function ${functionName('default', message, struct)}(): ${type} {`,
    ...indent(objectLiteral('return ', members)),
    '}',
  ]
}

/** A parameter's name, with a leading underscore where the body does not use it. */
export function parameter(name: string, body: readonly string[]): string {
  const used = new RegExp(`(?<![.\\w])${name}\\b(?!:)`)
  return body.some((line) => used.test(line)) ? name : `_${name}`
}

/** `const flexible = …`, when the body asks for it. */
export function flexibleLine(message: Message, struct: Struct, body: readonly string[]): string[] {
  const range = flexibleRange(message)
  if (range === undefined || !body.some((line) => /\bflexible\b/.test(line))) return []
  const both = intersect(range, struct.versions)
  const condition = both === undefined ? 'false' : (inRange(both, struct.versions) ?? 'true')
  return [`  const flexible = ${condition}`]
}

export function indent(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? line : `  ${line}`))
}

/** Whether strings of the field have the new length, as code. */
export function compactCode(message: Message, field: Field, versions: VersionRange): string {
  if (field.notCompact !== undefined) return 'false'
  return flexibleCode(message, versions)
}

function objectLiteral(start: string, members: readonly string[]): string[] {
  const short = `${start}{ ${members.join(', ')} }`
  if (members.length === 0) return [`${start}{}`]
  if (short.length <= 110) return [short]
  return [`${start}{`, ...members.map((member) => `  ${member},`), '}']
}

function readInLine(message: Message, struct: Struct, field: Field): string[] {
  const name = local(field.name)
  const condition = inRange(field.versions, struct.versions)
  if (field.type.kind !== 'array') {
    const value = readValue(message, field, field.type, false)
    if (condition === undefined) return [`const ${name} = ${value}`]
    return [`const ${name} = ${condition} ? ${bracketed(value)} : ${defaultCode(message, field)}`]
  }
  const keyword = canBeNull(field) ? 'let' : 'const'
  const lines = readArray(message, field, field.type.of, name)
  return [
    `${keyword} ${name}: ${fieldType(message, field)} = ${defaultCode(message, field)}`,
    ...(condition === undefined ? lines : [`if (${condition}) {`, ...indent(lines), '}']),
  ]
}

function readTags(message: Message, struct: Struct): string[] {
  const flexible = flexibleCode(message, struct.versions)
  if (flexible === 'false') return []
  const known = taggedFields(struct)
  if (known.length === 0) {
    const value = flexible === 'true' ? 'reader.unknownTags()' : 'flexible ? reader.unknownTags() : undefined'
    return [`const unknownTags = ${value}`]
  }
  const loop = ['const tag = reader.uvarint()', 'const endsAt = reader.tagEnd()']
  for (const [index, field] of known.entries()) {
    const range = intersect(flexibleRange(message) ?? struct.versions, struct.versions) ?? struct.versions
    const condition = inRange(field.versions, range)
    const test = condition === undefined ? `tag === ${field.tag}` : `tag === ${field.tag} && ${condition}`
    loop.push(`${index === 0 ? '' : '} else '}if (${test}) {`, ...indent(readTagged(message, field)))
  }
  loop.push('} else {', '  unknownTags = reader.unknownTag(unknownTags, tag, endsAt)', '}', 'reader.closeTag(endsAt)')
  const section = ['for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {', ...indent(loop), '}']
  return [
    'let unknownTags: UnknownTag[] | undefined',
    ...(flexible === 'true' ? section : ['if (flexible) {', ...indent(section), '}']),
  ]
}

function readTagged(message: Message, field: Field): string[] {
  const name = local(field.name)
  if (field.type.kind === 'array') {
    return [...(canBeNull(field) ? [] : [`${name} = []`]), ...readArray(message, field, field.type.of, name)]
  }
  return [`${name} = ${readValue(message, field, field.type, true)}`]
}

function readArray(message: Message, field: Field, element: FieldType, name: string): string[] {
  const compact = compactCode(message, field, field.versions)
  const size = minimalSizeBytes(message, element, field.versions)
  const push = `${name}.push(${readElement(message, field, element)})`
  if (!canBeNull(field)) {
    return [
      `for (let left = reader.arrayCount(${compact}, ${size}); left > 0 && reader.ok; left -= 1) {`,
      `  ${push}`,
      '}',
    ]
  }
  return [
    `const ${name}Count = ${nullableCall(field, 'reader.arrayCount', `${compact}, ${size}`)}`,
    `if (${name}Count < 0) {`,
    `  ${name} = null`,
    '} else {',
    `  ${name} = []`,
    `  for (let left = ${name}Count; left > 0 && reader.ok; left -= 1) {`,
    `    ${push}`,
    '  }',
    '}',
  ]
}

function readElement(message: Message, field: Field, element: FieldType): string {
  if (element.kind === 'struct') return `${functionName('read', message, element.struct)}(reader, version)`
  if (element.kind === 'array') throw new Error(`${message.name}.${field.name}: an array of arrays`)
  return readScalar(element.scalar, compactCode(message, field, field.versions), '')
}

function readValue(message: Message, field: Field, type: FieldType, inTag: boolean): string {
  if (type.kind === 'array') throw new Error(`${message.name}.${field.name}: not a single value`)
  if (type.kind === 'scalar') {
    const compact = compactCode(message, field, field.versions)
    if (field.nullable === undefined) return readScalar(type.scalar, compact, '')
    return nullableCall(field, `reader.${type.scalar}`, compact)
  }
  const read = `${functionName('read', message, type.struct)}(reader, version)`
  if (field.nullable === undefined) return read
  const present = inTag ? 'reader.presentInTag()' : 'reader.present()'
  if (sameRange(field.nullable, field.versions)) return `${present} ? ${read} : null`
  throw new Error(`${message.name}.${field.name}: a struct that may be null in some versions only`)
}

function readScalar(scalar: string, compact: string, suffix: string): string {
  const hasLength = scalar === 'string' || scalar === 'bytes' || scalar === 'records'
  return `reader.${scalar}${suffix}(${hasLength ? compact : ''})`
}

/** A call to the variant that allows null, in the versions that do. */
function nullableCall(field: Field, method: string, args: string): string {
  if (field.nullable === undefined) return `${method}(${args})`
  const condition = inRange(field.nullable, field.versions)
  if (condition === undefined) return `${method}OrNull(${args})`
  return `${condition} ? ${method}OrNull(${args}) : ${method}(${args})`
}

function bracketed(code: string): string {
  return code.includes(' ? ') ? `(${code})` : code
}
