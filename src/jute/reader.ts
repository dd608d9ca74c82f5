// hot: per request
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
/** Up to here adding characters is faster than calling the decoder; measured. */
const SHORT_STRING_BYTES = 10

/** ZooKeeper's default `jute.maxbuffer`. */
export const juteMaxBufferBytes = 0xfffff

/**
 * Reads jute's big-endian fields from a window of bytes. A read past the end, an impossible length or an integer that a
 * number cannot hold makes `ok` false for good and yields zeros: callers read a whole record, then ask once.
 */
export class JuteReader {
  /** False once anything did not fit. */
  ok: boolean = true
  /** Position of the next byte. */
  at: number
  #bytes: Uint8Array
  #view: DataView
  #end: number
  readonly #fieldBytesMax: number

  /**
   * @param bytes the buffer that holds the window
   * @param at first byte
   * @param end one past the last byte
   * @param fieldBytesMax longest string or buffer that is believed
   */
  constructor(
    bytes: Uint8Array,
    at: number = 0,
    end: number = bytes.length,
    fieldBytesMax: number = 2 * juteMaxBufferBytes,
  ) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.at = at
    this.#end = end
    this.#fieldBytesMax = fieldBytesMax
  }

  /** Turns to another window. A reader for each of many short frames is work for the collector. */
  reset(bytes: Uint8Array, at: number, end: number): void {
    if (bytes !== this.#bytes) {
      this.#bytes = bytes
      this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    }
    this.at = at
    this.#end = end
    this.ok = true
  }

  get remaining(): number {
    return this.#end - this.at
  }

  int32(): number {
    const at = this.#take(4)
    return at < 0 ? 0 : this.#view.getInt32(at)
  }

  /** A long that is a zxid, a time or a length: within ±(2^53 - 1), else the reader fails. */
  int64(): number {
    const at = this.#take(8)
    if (at < 0) return 0
    const value = this.#view.getInt32(at) * 0x1_0000_0000 + this.#view.getUint32(at + 4)
    if (!Number.isSafeInteger(value)) {
      this.ok = false
      return 0
    }
    return value
  }

  /** A long whose 64 bits all matter: a session id, an owner, a digest. Signed. */
  id64(): bigint {
    const at = this.#take(8)
    return at < 0 ? 0n : this.#view.getBigInt64(at)
  }

  boolean(): boolean {
    const at = this.#take(1)
    return at >= 0 && this.#bytes[at] !== 0
  }

  /** @returns a window onto the reader's own bytes: copy what must outlive them */
  buffer(): Uint8Array | null {
    const sizeBytes = this.#fieldSize()
    if (sizeBytes < 0) return null
    const at = this.#take(sizeBytes)
    return at < 0 ? null : this.#bytes.subarray(at, at + sizeBytes)
  }

  /** @returns a window onto everything from a position on, read or not */
  from(at: number): Uint8Array {
    return this.#bytes.subarray(at, this.#end)
  }

  string(): string | null {
    const sizeBytes = this.#fieldSize()
    if (sizeBytes < 0) return null
    const at = this.#take(sizeBytes)
    if (at < 0) return null
    return sizeBytes <= SHORT_STRING_BYTES
      ? this.#shortString(at, at + sizeBytes)
      : decoder.decode(this.#bytes.subarray(at, at + sizeBytes))
  }

  /** @returns how many elements follow, -1 for a null vector */
  vectorCount(): number {
    const count = this.int32()
    if (count === -1 || !this.ok) return -1
    // The shortest element, an empty string or buffer, takes four bytes.
    if (count < 0 || count * 4 > this.remaining) {
      this.ok = false
      return -1
    }
    return count
  }

  #fieldSize(): number {
    const sizeBytes = this.int32()
    if (!this.ok || sizeBytes === -1) return -1
    if (sizeBytes < 0 || sizeBytes > this.#fieldBytesMax) {
      this.ok = false
      return -1
    }
    return sizeBytes
  }

  #shortString(at: number, end: number): string {
    let text = ''
    for (let position = at; position < end; position += 1) {
      const byte = this.#bytes[position] ?? 0
      if (byte >= 0x80) return decoder.decode(this.#bytes.subarray(at, end))
      text += String.fromCharCode(byte)
    }
    return text
  }

  #take(sizeBytes: number): number {
    const at = this.at
    if (!this.ok || sizeBytes > this.#end - at) {
      this.ok = false
      return -1
    }
    this.at = at + sizeBytes
    return at
  }
}
