import type { Message, VersionRange } from './notation.ts'

/**
 * The condition, as code, under which `version` is in `range`, when it is known to be in `around`.
 *
 * @returns `undefined` when that always holds
 */
export function inRange(range: VersionRange, around: VersionRange): string | undefined {
  if (range.from === range.to && (range.from > around.from || range.to < around.to)) return `version === ${range.from}`
  const parts: string[] = []
  if (range.from > around.from) parts.push(`version >= ${range.from}`)
  if (range.to < around.to) parts.push(`version <= ${range.to}`)
  return parts.length === 0 ? undefined : parts.join(' && ')
}

/** Versions in both ranges; `undefined` for none. */
export function intersect(one: VersionRange, other: VersionRange): VersionRange | undefined {
  const from = Math.max(one.from, other.from)
  const to = Math.min(one.to, other.to)
  return from <= to ? { from, to } : undefined
}

export function sameRange(one: VersionRange, other: VersionRange): boolean {
  return one.from === other.from && one.to === other.to
}

/** Versions of a message that are flexible. */
export function flexibleRange(message: Message): VersionRange | undefined {
  return message.flexible === undefined ? undefined : { from: message.flexible, to: message.versions.to }
}

/** Code that is true in a flexible version, when `version` is known to be in `around`. */
export function flexibleCode(message: Message, around: VersionRange): string {
  const flexible = flexibleRange(message)
  const both = flexible === undefined ? undefined : intersect(flexible, around)
  if (both === undefined) return 'false'
  return inRange(both, around) === undefined ? 'true' : 'flexible'
}
