// hot: per batch
import { uuidText } from '../../model/uuid.ts'
import { type ByteSlice, Slice, type UnknownTag } from './byte-slice.ts'

/** Kafka's own bound on a string, in UTF-8 bytes: the widest length that the old encoding can hold. */
export const STRING_SIZE_MAX: number = 0x7fff

/** Up to this size a byte-by-byte loop beats a call into the platform's decoder. */
const SHORT_TEXT_SIZE_BYTES = 24

const UUID_SIZE_BYTES = 16
const TWO_POW_32 = 0x1_0000_0000

// Malformed UTF-8 becomes U+FFFD, as in the original; a byte order mark is text like any other.
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Reads protocol values from a window of bytes, which may lie on shared memory.
 *
 * It never throws for what the bytes say. The first thing that cannot be right makes `ok` false and moves `at` to the
 * end, so that everything read afterwards is a zero, an empty string or an empty array. The caller looks at `ok` once,
 * after the message. Nothing is allocated on the word of a length or a count: both are checked against what remains.
 */
export class Reader {
  /** False after the first mistake. */
  ok: boolean = true
  /** What was wrong, for the log; empty while `ok`. */
  reason: string = ''
  /** Where the next value starts. */
  at: number
  /** Where the window ends. */
  end: number
  protected memory: Uint8Array
  protected view: DataView

  /**
   * @param bytes the memory the window is in
   * @param at first byte of the window
   * @param end first byte after the window
   */
  constructor(bytes: Uint8Array, at: number = 0, end: number = bytes.length) {
    this.memory = bytes
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.at = at
    this.end = end
  }

  /** Points the reader at another window, as if newly made. */
  reset(bytes: Uint8Array, at: number = 0, end: number = bytes.length): void {
    if (bytes !== this.memory) {
      this.memory = bytes
      this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    }
    this.at = at
    this.end = end
    this.ok = true
    this.reason = ''
  }

  /** Bytes not read yet. */
  get remaining(): number {
    return this.end - this.at
  }

  /** Remembers the first mistake and makes every later read come to nothing. */
  fail(reason: string): void {
    if (this.ok) {
      this.ok = false
      this.reason = reason
    }
    this.at = this.end
  }

  int8(): number {
    const at = this.take(1)
    return at < 0 ? 0 : this.view.getInt8(at)
  }

  /** Any byte but 0 is true. */
  bool(): boolean {
    const at = this.take(1)
    return at >= 0 && this.view.getInt8(at) !== 0
  }

  int16(): number {
    const at = this.take(2)
    return at < 0 ? 0 : this.view.getInt16(at)
  }

  uint16(): number {
    const at = this.take(2)
    return at < 0 ? 0 : this.view.getUint16(at)
  }

  int32(): number {
    const at = this.take(4)
    return at < 0 ? 0 : this.view.getInt32(at)
  }

  uint32(): number {
    const at = this.take(4)
    return at < 0 ? 0 : this.view.getUint32(at)
  }

  /** A value outside ±(2^53-1) is a mistake: a plain number cannot carry it. */
  int64(): number {
    const at = this.take(8)
    if (at < 0) return 0
    const value = this.view.getInt32(at) * TWO_POW_32 + this.view.getUint32(at + 4)
    if (Number.isSafeInteger(value)) return value
    this.fail('an int64 beyond 2^53-1')
    return 0
  }

  float64(): number {
    const at = this.take(8)
    return at < 0 ? 0 : this.view.getFloat64(at)
  }

  /** Unsigned varint of at most 32 bits: seven bits a byte, low first. */
  uvarint(): number {
    let value = 0
    for (let shift = 0; shift < 35; shift += 7) {
      if (this.at >= this.end) break
      const byte = this.view.getUint8(this.at)
      this.at += 1
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return value >>> 0
    }
    this.fail('a varint cut short or longer than five bytes')
    return 0
  }

  /** The 22 characters of a UUID. */
  uuid(): string {
    const at = this.take(UUID_SIZE_BYTES)
    return at < 0 ? 'AAAAAAAAAAAAAAAAAAAAAA' : uuidText(this.memory, at)
  }

  /** @param compact whether the length is an unsigned varint, one more than the length; else an int16 */
  string(compact: boolean): string {
    const sizeBytes = compact ? this.uvarint() - 1 : this.int16()
    if (sizeBytes >= 0) return this.text(sizeBytes)
    this.fail('null for a string that must be there')
    return ''
  }

  /** @param compact as for `string` */
  stringOrNull(compact: boolean): string | null {
    const sizeBytes = compact ? this.uvarint() - 1 : this.int16()
    return sizeBytes < 0 ? null : this.text(sizeBytes)
  }

  /** A copy: what is returned outlives the frame. @param compact as for `records` */
  bytes(compact: boolean): Uint8Array {
    const sizeBytes = this.blobSize(compact)
    if (sizeBytes >= 0) return this.copy(sizeBytes)
    this.fail('null for bytes that must be there')
    return new Uint8Array(0)
  }

  /** As `bytes`, where null is allowed. */
  bytesOrNull(compact: boolean): Uint8Array | null {
    const sizeBytes = this.blobSize(compact)
    return sizeBytes < 0 ? null : this.copy(sizeBytes)
  }

  /**
   * A window into the frame: nothing is copied.
   *
   * @param compact whether the length is an unsigned varint, one more than the length; else an int32
   */
  records(compact: boolean): ByteSlice {
    const slice = this.recordsOrNull(compact)
    if (slice !== null) return slice
    this.fail('null for records that must be there')
    return new Slice(this.memory, this.end, 0)
  }

  /** As `records`, where null is allowed. */
  recordsOrNull(compact: boolean): ByteSlice | null {
    const sizeBytes = this.blobSize(compact)
    if (sizeBytes < 0) return null
    const at = this.take(sizeBytes)
    if (at < 0) return null
    return new Slice(this.memory, at, sizeBytes)
  }

  /**
   * Number of elements of an array that must be there.
   *
   * @param compact whether the count is an unsigned varint, one more than the count; else an int32
   * @param elementSizeMinBytes the fewest bytes that one element can take: a count that cannot fit is refused here
   */
  arrayCount(compact: boolean, elementSizeMinBytes: number): number {
    const count = this.arrayCountOrNull(compact, elementSizeMinBytes)
    if (count >= 0) return count
    this.fail('null for an array that must be there')
    return 0
  }

  /** As `arrayCount`; -1 for null. */
  arrayCountOrNull(compact: boolean, elementSizeMinBytes: number): number {
    const count = compact ? this.uvarint() - 1 : this.int32()
    if (!this.ok) return 0
    if (count * elementSizeMinBytes <= this.end - this.at) return count < 0 ? -1 : count
    this.fail('an array with more elements than the bytes left can hold')
    return 0
  }

  /** Whether a struct that may be null is there. */
  present(): boolean {
    return this.int8() >= 0 && this.ok
  }

  /** As `present`, for the value of a tagged field, where null is 0 and not -1. */
  presentInTag(): boolean {
    return this.uvarint() > 0
  }

  /** Number of tagged fields that follow. */
  tagCount(): number {
    const count = this.uvarint()
    if (count * 2 <= this.end - this.at) return count
    this.fail('more tagged fields than the bytes left can hold')
    return 0
  }

  /** Size of a tagged field's value, after its tag: returns where the value must end. */
  tagEnd(): number {
    const sizeBytes = this.uvarint()
    if (sizeBytes <= this.end - this.at) return this.at + sizeBytes
    this.fail('a tagged field longer than the bytes left')
    return this.end
  }

  /** Checks that a tagged field's value took the size it announced. */
  closeTag(endsAt: number): void {
    if (this.ok && this.at !== endsAt) this.fail('a tagged field whose value is not of the size it announces')
  }

  /** Keeps a tagged field that the schema does not know. The list is made for the first one. */
  unknownTag(kept: UnknownTag[] | undefined, tag: number, endsAt: number): UnknownTag[] | undefined {
    if (!this.ok) return kept
    const unknown = { tag, bytes: this.copy(endsAt - this.at) }
    if (kept === undefined) return [unknown]
    kept.push(unknown)
    return kept
  }

  /** A tagged section in which the schema knows no field: nearly always empty. */
  unknownTags(): UnknownTag[] | undefined {
    let kept: UnknownTag[] | undefined
    for (let left = this.tagCount(); left > 0 && this.ok; left -= 1) {
      const tag = this.uvarint()
      kept = this.unknownTag(kept, tag, this.tagEnd())
    }
    return kept
  }

  /** Claims the next bytes: where they start, or -1 when they are not all there. */
  protected take(sizeBytes: number): number {
    const at = this.at
    if (sizeBytes <= this.end - at) {
      this.at = at + sizeBytes
      return at
    }
    this.fail('the message is cut short')
    return -1
  }

  private blobSize(compact: boolean): number {
    const sizeBytes = compact ? this.uvarint() - 1 : this.int32()
    if (this.ok) return sizeBytes
    return 0
  }

  private copy(sizeBytes: number): Uint8Array {
    const at = this.take(sizeBytes)
    if (at < 0) return new Uint8Array(0)
    // Not `slice`: for a Buffer that is a view, and the frame is used again.
    const copy = new Uint8Array(sizeBytes)
    copy.set(this.memory.subarray(at, at + sizeBytes))
    return copy
  }

  private text(sizeBytes: number): string {
    if (sizeBytes > STRING_SIZE_MAX) {
      this.fail('a string longer than 32767 bytes')
      return ''
    }
    const at = this.take(sizeBytes)
    if (at < 0) return ''
    const bytes = this.memory
    const end = at + sizeBytes
    if (sizeBytes <= SHORT_TEXT_SIZE_BYTES) {
      let text = ''
      let next = at
      while (next < end) {
        const byte = bytes[next] ?? 0
        if (byte >= 0x80) break
        text += String.fromCharCode(byte)
        next += 1
      }
      if (next === end) return text
    }
    // Node's decoder takes views on shared memory as they are.
    return decoder.decode(bytes.subarray(at, end))
  }
}
