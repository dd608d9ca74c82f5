/** One value of ASN.1's distinguished encoding. */
export interface DerValue {
  /** The identifier octet: class, constructed bit and number; numbers above 30 are not read. */
  readonly tag: number
  readonly content: Uint8Array
  /** Identifier, length and content. */
  readonly whole: Uint8Array
}

export const DerTag = {
  integer: 0x02,
  octetString: 0x04,
  objectIdentifier: 0x06,
  sequence: 0x30,
  set: 0x31,
  /** `[0]`, holding another value. */
  explicit0: 0xa0,
} as const

/** @returns the value that begins at `at`; undefined when none lies there whole (indefinite lengths are not DER) */
export function readDer(bytes: Uint8Array, at = 0): DerValue | undefined {
  const tag = bytes[at]
  const first = bytes[at + 1]
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f || first === 0x80) return undefined
  let startsAt = at + 2
  let sizeBytes = first
  if (first > 0x80) {
    const lengthBytes = first & 0x7f
    if (lengthBytes > 4) return undefined
    sizeBytes = 0
    for (let index = 0; index < lengthBytes; index += 1) sizeBytes = sizeBytes * 256 + (bytes[startsAt + index] ?? 0)
    startsAt += lengthBytes
  }
  const endsAt = startsAt + sizeBytes
  if (endsAt > bytes.length) return undefined
  return { tag, content: bytes.subarray(startsAt, endsAt), whole: bytes.subarray(at, endsAt) }
}

/** @returns the values that lie one after the other in `content`; undefined when the last is not whole */
export function readDerList(content: Uint8Array): readonly DerValue[] | undefined {
  const values: DerValue[] = []
  for (let at = 0; at < content.length; ) {
    const value = readDer(content, at)
    if (value === undefined) return undefined
    values.push(value)
    at += value.whole.length
  }
  return values
}

/** @returns an object identifier in dots */
export function objectIdentifier(content: Uint8Array): string {
  const arcs: number[] = []
  let arc = 0
  for (const byte of content) {
    arc = arc * 128 + (byte & 0x7f)
    if (byte >= 0x80) continue
    if (arcs.length === 0) {
      const first = Math.min(2, Math.floor(arc / 40))
      arcs.push(first, arc - first * 40)
    } else arcs.push(arc)
    arc = 0
  }
  return arcs.join('.')
}

/** @returns a small unsigned integer; NaN when it is negative or above 2^53 - 1 */
export function derInteger(content: Uint8Array): number {
  if (content.length === 0 || (content[0] ?? 0) >= 0x80) return Number.NaN
  let value = 0
  for (const byte of content) value = value * 256 + byte
  return Number.isSafeInteger(value) ? value : Number.NaN
}
