const TAKEN: ReadonlySet<string> = new Set([
  'reader',
  'writer',
  'version',
  'message',
  'flexible',
  'unknownTags',
  'tag',
  'left',
  'endsAt',
  'known',
  'default',
  'delete',
  'package',
])

/** Name of the local variable for a field: the field's own, unless the code around it uses that name. */
export function local(field: string): string {
  return TAKEN.has(field) ? `${field}Value` : field
}

/** `ListOffsets` → `list-offsets`, `KRaftVersionRecord` → `kraft-version-record`. */
export function kebabCase(name: string): string {
  return name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase()
}

export function camelCase(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1)
}

export function pascalCase(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1)
}
