// hot: per record
//
// Zig-zag varints, written on ordinary arrays. Values are whole numbers within ±(2^53-1).

const TWO_POW_32 = 2 ** 32
const encoder = new TextEncoder()

/** Bytes that a 32-bit value takes. */
export function varintSize(value: number): number {
  const raw = ((value << 1) ^ (value >> 31)) >>> 0
  if (raw < 0x80) return 1
  if (raw < 0x4000) return 2
  if (raw < 0x200000) return 3
  return raw < 0x10000000 ? 4 : 5
}

/** Bytes that a value beyond 32 bits may take. */
export function varlongSize(value: number): number {
  if (value === (value | 0)) return varintSize(value)
  // Twice the magnitude would need 54 bits: its half is compared instead.
  let half = value < 0 ? -(value + 1) : value
  let size = 1
  half = Math.floor(half / 64)
  while (half > 0) {
    half = Math.floor(half / 128)
    size += 1
  }
  return size
}

/** Writes a 32-bit value. @returns the position after it */
export function writeVarint(bytes: Uint8Array, at: number, value: number): number {
  let raw = ((value << 1) ^ (value >> 31)) >>> 0
  let next = at
  while (raw >= 0x80) {
    bytes[next] = (raw & 0x7f) | 0x80
    raw >>>= 7
    next += 1
  }
  bytes[next] = raw
  return next + 1
}

/** Writes a value of up to 54 bits with sign. @returns the position after it */
export function writeVarlong(bytes: Uint8Array, at: number, value: number): number {
  if (value === (value | 0)) return writeVarint(bytes, at, value)
  const sign = value < 0 ? 1 : 0
  const magnitude = value < 0 ? -(value + 1) : value
  // The lowest seven bits are six of the magnitude and the sign; what is left fits a float exactly.
  let low = ((magnitude % 64) << 1) | sign
  let rest = Math.floor(magnitude / 64)
  let next = at
  while (rest > 0) {
    bytes[next] = low | 0x80
    low = rest % 128
    rest = Math.floor(rest / 128)
    next += 1
  }
  bytes[next] = low
  return next + 1
}

/** Bytes of `text` in UTF-8, as TextEncoder writes it: a lone surrogate becomes the three bytes of U+FFFD. */
export function utf8Size(text: string): number {
  let size = 0
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index)
    if (unit < 0x80) size += 1
    else if (unit < 0x800) size += 2
    else if (unit >= 0xd800 && unit < 0xdc00 && isLowSurrogate(text.charCodeAt(index + 1))) {
      size += 4
      index += 1
    } else size += 3
  }
  return size
}

function isLowSurrogate(unit: number): boolean {
  return unit >= 0xdc00 && unit < 0xe000
}

/** Writes `text` in UTF-8. @returns the position after it */
export function writeUtf8(bytes: Uint8Array, at: number, text: string): number {
  return at + encoder.encodeInto(text, bytes.subarray(at)).written
}

/** Reads varints and sized fields of records. Remembers once that it ran out or met nonsense: ask `ok` at the end. */
export class RecordReader {
  bytes: Uint8Array = new Uint8Array(0)
  at: number = 0
  /** No field may reach past it. */
  end: number = 0
  ok: boolean = true

  reset(bytes: Uint8Array, at: number, end: number): void {
    this.bytes = bytes
    this.at = at
    this.end = end
    this.ok = true
  }

  fail(): number {
    this.ok = false
    this.at = this.end
    return 0
  }

  /** One byte, nobody's. */
  skipByte(): void {
    if (this.at >= this.end) this.fail()
    else this.at += 1
  }

  varint(): number {
    if (this.at >= this.end) return this.fail()
    let byte = this.bytes[this.at++] ?? 0
    if (byte < 0x80) return (byte >>> 1) ^ -(byte & 1)
    let raw = byte & 0x7f
    let shift = 7
    while (byte >= 0x80) {
      if (shift > 28 || this.at >= this.end) return this.fail()
      byte = this.bytes[this.at++] ?? 0
      raw |= (byte & 0x7f) << shift
      shift += 7
    }
    return (raw >>> 1) ^ -(raw & 1)
  }

  /** A 64-bit varint; one outside ±(2^53-1) is nonsense. */
  varlong(): number {
    if (this.at >= this.end) return this.fail()
    let byte = this.bytes[this.at++] ?? 0
    const sign = byte & 1
    let magnitude = (byte & 0x7f) >>> 1
    let scale = 64
    let size = 1
    while (byte >= 0x80) {
      if (size === 10 || this.at >= this.end) return this.fail()
      byte = this.bytes[this.at++] ?? 0
      magnitude += (byte & 0x7f) * scale
      scale *= 128
      size += 1
    }
    const value = sign === 1 ? -magnitude - 1 : magnitude
    return Number.isSafeInteger(value) ? value : this.fail()
  }

  /** A window on a field with its size in front, null for -1. */
  nullable(): Uint8Array | null {
    const size = this.varint()
    if (size === -1) return null
    if (size < 0 || size > this.end - this.at) {
      this.fail()
      return null
    }
    this.at += size
    return this.bytes.subarray(this.at - size, this.at)
  }

  int32(): number {
    if (this.end - this.at < 4) return this.fail()
    const { bytes, at } = this
    this.at += 4
    return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
  }

  int64(): number {
    const high = this.int32()
    const value = high * TWO_POW_32 + (this.int32() >>> 0)
    return Number.isSafeInteger(value) ? value : this.fail()
  }

  /** The same as `nullable`, with a plain four-byte size: formats 0 and 1. */
  nullableByInt32(): Uint8Array | null {
    const size = this.int32()
    if (size === -1) return null
    if (size < 0 || size > this.end - this.at) {
      this.fail()
      return null
    }
    this.at += size
    return this.bytes.subarray(this.at - size, this.at)
  }
}
