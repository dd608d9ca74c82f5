// hot: per request
const encoder = new TextEncoder()
/** Up to here copying byte by byte is faster than a call. */
const SHORT_WINDOW_BYTES = 64
/** What a writer begins with when its memory was given away. */
const SPARE_BYTES = 512

/** Writes jute's big-endian fields into a buffer that grows. Reusable through {@link JuteWriter.clear}. */
export class JuteWriter {
  /** Bytes written so far. */
  at: number = 0
  #bytes: Uint8Array<ArrayBuffer>
  #view: DataView
  /** What {@link JuteWriter.written} returned last: answers of one size share the object. */
  #window: Uint8Array<ArrayBuffer> | undefined

  /** @param capacityBytes what to reserve at once */
  constructor(capacityBytes: number = 256) {
    this.#bytes = new Uint8Array(capacityBytes)
    this.#view = new DataView(this.#bytes.buffer)
  }

  int32(value: number): void {
    // Reserve first: growing replaces the view.
    const at = this.#reserve(4)
    this.#view.setInt32(at, value)
  }

  /** @param value a safe integer */
  int64(value: number): void {
    const at = this.#reserve(8)
    this.#view.setInt32(at, Math.floor(value / 0x1_0000_0000))
    this.#view.setUint32(at + 4, value >>> 0)
  }

  id64(value: bigint): void {
    const at = this.#reserve(8)
    this.#view.setBigInt64(at, value)
  }

  boolean(value: boolean): void {
    const at = this.#reserve(1)
    this.#bytes[at] = value ? 1 : 0
  }

  byte(value: number): void {
    const at = this.#reserve(1)
    this.#bytes[at] = value
  }

  buffer(value: Uint8Array | null): void {
    if (value === null) {
      this.int32(-1)
      return
    }
    this.int32(value.length)
    this.raw(value)
  }

  string(value: string | null): void {
    if (value === null) {
      this.int32(-1)
      return
    }
    const lengthAt = this.#reserve(4)
    const at = this.at
    // A UTF-16 unit takes at most three bytes of UTF-8.
    this.#reserve(value.length * 3)
    const bytes = this.#bytes
    let end = at
    for (let index = 0; index < value.length; index += 1) {
      const unit = value.charCodeAt(index)
      if (unit >= 0x80) {
        end = at + encoder.encodeInto(value, bytes.subarray(at)).written
        break
      }
      bytes[end] = unit
      end += 1
    }
    this.at = end
    this.#view.setInt32(lengthAt, end - at)
  }

  /** Bytes without a length before them. */
  raw(value: Uint8Array): void {
    const at = this.#reserve(value.length)
    this.#bytes.set(value, at)
  }

  /** Part of an array, without a length before it and without an object for the part when it is short. */
  window(value: Uint8Array, startsAt: number, endsAt: number): void {
    const sizeBytes = endsAt - startsAt
    const at = this.#reserve(sizeBytes)
    const bytes = this.#bytes
    if (sizeBytes > SHORT_WINDOW_BYTES) {
      bytes.set(value.subarray(startsAt, endsAt), at)
      return
    }
    for (let offset = 0; offset < sizeBytes; offset += 1) bytes[at + offset] = value[startsAt + offset] as number
  }

  /** Leaves room for a frame's length. @returns what {@link JuteWriter.endFrame} wants */
  beginFrame(): number {
    return this.#reserve(4)
  }

  /** Fills in the length of the frame begun at `startsAt`. */
  endFrame(startsAt: number): void {
    this.#view.setInt32(startsAt, this.at - startsAt - 4)
  }

  /** Overwrites an int written before. */
  patchInt32(at: number, value: number): void {
    this.#view.setInt32(at, value)
  }

  /** @returns a copy of everything written */
  finish(): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(0, this.at)
  }

  /** @returns a window onto what was written, valid until the next write or clear */
  written(): Uint8Array<ArrayBuffer> {
    if (this.#window?.length !== this.at) this.#window = this.#bytes.subarray(0, this.at)
    return this.#window
  }

  /** Forgets what was written; a buffer grown by one large answer is let go. */
  clear(keepBytesMax: number = 1 << 20): void {
    this.at = 0
    if (this.#bytes.length > keepBytesMax) this.#grow(4096)
  }

  /** Begins anew in other memory: what was written belongs to somebody else now. */
  giveAway(): void {
    this.at = 0
    this.#bytes = new Uint8Array(SPARE_BYTES)
    this.#view = new DataView(this.#bytes.buffer)
    this.#window = undefined
  }

  #reserve(sizeBytes: number): number {
    const at = this.at
    const end = at + sizeBytes
    if (end > this.#bytes.length) this.#grow(Math.max(end, this.#bytes.length * 2))
    this.at = end
    return at
  }

  #grow(capacityBytes: number): void {
    const grown = new Uint8Array(capacityBytes)
    grown.set(this.#bytes.subarray(0, Math.min(this.#bytes.length, capacityBytes, this.at)))
    this.#bytes = grown
    this.#view = new DataView(grown.buffer)
    this.#window = undefined
  }
}
