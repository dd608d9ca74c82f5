// The record walk written for reading only, with big integers and no shortcuts: what the core is compared with.

export interface TwinRecord {
  readonly timestampDelta: bigint
  readonly offsetDelta: bigint
  readonly hasKey: boolean
}

class TwinReader {
  readonly #bytes: Uint8Array
  #at: number
  readonly #end: number

  constructor(bytes: Uint8Array, at: number, end: number) {
    this.#bytes = bytes
    this.#at = at
    this.#end = end
  }

  get left(): number {
    return this.#end - this.#at
  }

  byte(): number {
    if (this.left < 1) throw new Error('ran out')
    const byte = this.#bytes[this.#at] ?? 0
    this.#at += 1
    return byte
  }

  /** A zig-zag number of at most `bits` bits. */
  varint(bits: 32 | 64): bigint {
    let raw = 0n
    for (let index = 0n; index * 7n < BigInt(bits); index++) {
      const byte = this.byte()
      raw |= BigInt(byte & 0x7f) << (index * 7n)
      if (byte < 0x80) {
        raw = BigInt.asUintN(bits, raw)
        return BigInt.asIntN(bits, (raw >> 1n) ^ -(raw & 1n))
      }
    }
    throw new Error('too long')
  }

  /** Steps over a field; answers whether it was there. */
  sized(isNullable: boolean): boolean {
    const size = this.varint(32)
    if (size === -1n && isNullable) return false
    if (size < 0n || size > BigInt(this.left)) throw new Error('bad size')
    this.#at += Number(size)
    return true
  }

  /** A reader of the next `size` bytes, which this one steps over. */
  within(size: bigint): TwinReader {
    if (size < 0n || size > BigInt(this.left)) throw new Error('bad size')
    const from = this.#at
    this.#at += Number(size)
    return new TwinReader(this.#bytes, from, this.#at)
  }
}

function readRecord(reader: TwinReader): TwinRecord {
  reader.byte()
  const timestampDelta = reader.varint(64)
  const offsetDelta = reader.varint(32)
  const hasKey = reader.sized(true)
  reader.sized(true)
  const headerCount = reader.varint(32)
  if (headerCount < 0n) throw new Error('bad count')
  for (let left = headerCount; left > 0n; left--) {
    reader.sized(false)
    reader.sized(true)
  }
  if (reader.left !== 0) throw new Error('bytes left in the record')
  return { timestampDelta, offsetDelta, hasKey }
}

/** The records of an uncompressed batch, or undefined when they are not exactly `count` sound ones. */
export function twinRecords(batch: Uint8Array, count: number): readonly TwinRecord[] | undefined {
  const reader = new TwinReader(batch, 61, batch.length)
  const records: TwinRecord[] = []
  try {
    for (let index = 0; index < count; index++) records.push(readRecord(reader.within(reader.varint(32))))
  } catch {
    return undefined
  }
  return reader.left === 0 ? records : undefined
}
