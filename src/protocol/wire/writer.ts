// hot: per batch
import { uuidInto } from '../../model/uuid.ts'
import type { ByteSlice, UnknownTag } from './byte-slice.ts'
import { STRING_SIZE_MAX } from './reader.ts'

const SIZE_AT_START_BYTES = 512
const UUID_SIZE_BYTES = 16
const TWO_POW_32 = 0x1_0000_0000

/** A frame's size is an int32. */
const FRAME_SIZE_MAX = 0x7fff_ffff

/** A UTF-16 unit takes at most three bytes of UTF-8. */
const UTF8_BYTES_PER_UNIT_MAX = 3

/** Up to this many units a loop beats a call into the platform's encoder. */
const SHORT_TEXT_UNITS = 24

const encoder = new TextEncoder()

/** Where records that were not copied belong: after the `at` first bytes of what `finish` returns. */
export interface Split {
  readonly at: number
  readonly slice: ByteSlice
}

/**
 * Writes protocol values into a buffer that grows.
 *
 * It never throws for what a message says. What the asked version cannot carry makes `ok` false, with a reason that
 * names the field; the bytes are then worth nothing, and the answer is UNSUPPORTED_VERSION.
 */
export class Writer {
  /** False after the first value that could not be written. */
  ok: boolean = true
  /** Which value and why; empty while `ok`. */
  reason: string = ''
  /**
   * When set, `records` fields get only their length: their bytes are left out and listed in `splits`, to be sent
   * straight from where they are.
   */
  detachRecords: boolean = false
  /** Records left out so far, in order. */
  readonly splits: Split[] = []
  /** Bytes of all records left out. */
  detachedSizeBytes: number = 0
  protected at: number = 0
  protected memory: Uint8Array
  protected view: DataView

  /** @param sizeBytes room to start with */
  constructor(sizeBytes: number = SIZE_AT_START_BYTES) {
    this.memory = new Uint8Array(sizeBytes)
    this.view = new DataView(this.memory.buffer)
  }

  /** Starts again from nothing and keeps the memory: what `finish` returned before is overwritten. */
  reset(): void {
    this.at = 0
    this.ok = true
    this.reason = ''
    this.splits.length = 0
    this.detachedSizeBytes = 0
  }

  /** Bytes written so far, without detached records. */
  get sizeBytes(): number {
    return this.at
  }

  /** The bytes written: a window that holds until the next `reset`. */
  finish(): Uint8Array {
    return this.memory.subarray(0, this.at)
  }

  /** The bytes written, in memory of their own. */
  finishCopy(): Uint8Array {
    return this.memory.slice(0, this.at)
  }

  /** Remembers the first value that could not be written. */
  fail(reason: string): void {
    if (this.ok) {
      this.ok = false
      this.reason = reason
    }
  }

  /** A field has a value that counts, and the version has no room for it. */
  refuse(field: string, version: number): void {
    this.fail(`${field} is set, and version ${version} has no such field`)
  }

  /** A field is null, and in this version it may not be. */
  refuseNull(field: string, version: number): void {
    this.fail(`${field} is null, which version ${version} does not allow`)
  }

  int8(value: number): void {
    const at = this.grow(1)
    this.view.setInt8(at, value)
  }

  bool(value: boolean): void {
    const at = this.grow(1)
    this.view.setInt8(at, value ? 1 : 0)
  }

  int16(value: number): void {
    const at = this.grow(2)
    this.view.setInt16(at, value)
  }

  uint16(value: number): void {
    const at = this.grow(2)
    this.view.setUint16(at, value)
  }

  int32(value: number): void {
    const at = this.grow(4)
    this.view.setInt32(at, value)
  }

  uint32(value: number): void {
    const at = this.grow(4)
    this.view.setUint32(at, value)
  }

  /** Only safe integers: anything else is refused. */
  int64(value: number): void {
    const at = this.grow(8)
    if (!Number.isSafeInteger(value)) {
      this.fail(`${value} is no int64 that a number can carry exactly`)
      return
    }
    this.view.setInt32(at, Math.floor(value / TWO_POW_32))
    this.view.setInt32(at + 4, value | 0)
  }

  float64(value: number): void {
    const at = this.grow(8)
    this.view.setFloat64(at, value)
  }

  uvarint(value: number): void {
    let rest = value
    while (rest > 0x7f) {
      const at = this.grow(1)
      this.view.setUint8(at, (rest & 0x7f) | 0x80)
      rest >>>= 7
    }
    const at = this.grow(1)
    this.view.setUint8(at, rest)
  }

  /** @param value the 22 characters of a UUID; anything else is refused */
  uuid(value: string): void {
    const at = this.grow(UUID_SIZE_BYTES)
    if (!uuidInto(this.memory, at, value)) this.fail(`${value} is no UUID`)
  }

  /** @param compact whether the length is an unsigned varint, one more than the length; else an int16 */
  string(value: string, compact: boolean): void {
    const unitCount = value.length
    this.reserve(unitCount * UTF8_BYTES_PER_UNIT_MAX + 5)
    if (unitCount <= SHORT_TEXT_UNITS && this.shortAscii(value, compact)) return
    // The size is known only after encoding: leave the most room its length can take, then close the gap.
    const headSizeBytes = compact ? 3 : 2
    const textAt = this.at + headSizeBytes
    const sizeBytes = encoder.encodeInto(value, this.memory.subarray(textAt)).written
    if (sizeBytes > STRING_SIZE_MAX) {
      this.fail(`a string of ${sizeBytes} bytes, of which the protocol allows ${STRING_SIZE_MAX}`)
      return
    }
    if (compact) this.uvarint(sizeBytes + 1)
    else this.int16(sizeBytes)
    if (this.at !== textAt) this.memory.copyWithin(this.at, textAt, textAt + sizeBytes)
    this.at += sizeBytes
  }

  stringOrNull(value: string | null, compact: boolean): void {
    if (value !== null) this.string(value, compact)
    else if (compact) this.uvarint(0)
    else this.int16(-1)
  }

  /** @param compact whether the length is an unsigned varint, one more than the length; else an int32 */
  bytes(value: Uint8Array, compact: boolean): void {
    this.blobSize(value.length, compact)
    this.raw(value)
  }

  bytesOrNull(value: Uint8Array | null, compact: boolean): void {
    if (value !== null) this.bytes(value, compact)
    else this.nullBlob(compact)
  }

  /** Copies the records, or with `detachRecords` only counts them and remembers their place. @param compact as for `bytes` */
  records(value: ByteSlice, compact: boolean): void {
    this.blobSize(value.sizeBytes, compact)
    if (this.detachRecords) {
      this.splits.push({ at: this.at, slice: value })
      this.detachedSizeBytes += value.sizeBytes
    } else {
      this.raw(value.bytes.subarray(value.startsAt, value.startsAt + value.sizeBytes))
    }
  }

  recordsOrNull(value: ByteSlice | null, compact: boolean): void {
    if (value !== null) this.records(value, compact)
    else this.nullBlob(compact)
  }

  /** @param count number of elements; -1 for null */
  arrayCount(count: number, compact: boolean): void {
    if (compact) this.uvarint(count + 1)
    else this.int32(count)
  }

  /** The byte before a struct that may be null. */
  present(present: boolean): void {
    this.int8(present ? 1 : -1)
  }

  /** As `present`, for the value of a tagged field, where null is 0 and not -1. */
  presentInTag(present: boolean): void {
    this.int8(present ? 1 : 0)
  }

  /** Number of tagged fields: those the schema knows and has to write, and those kept from reading. */
  tagCount(known: number, unknown: readonly UnknownTag[] | undefined): void {
    this.uvarint(unknown === undefined ? known : known + unknown.length)
  }

  /** Starts a tagged field. Its value is written next, then `closeTag` with what this returned. */
  openTag(tag: number): number {
    this.uvarint(tag)
    return this.grow(1)
  }

  /** Ends a tagged field: fills in the size of its value, moving the value when the size takes more than a byte. */
  closeTag(openedAt: number): void {
    const valueAt = openedAt + 1
    const sizeBytes = this.at - valueAt
    if (sizeBytes > 0x7f) {
      let extraBytes = 0
      for (let rest = sizeBytes >>> 7; rest > 0; rest >>>= 7) extraBytes += 1
      this.grow(extraBytes)
      this.memory.copyWithin(valueAt + extraBytes, valueAt, valueAt + sizeBytes)
    }
    const end = this.at
    this.at = openedAt
    this.uvarint(sizeBytes)
    this.at = end
  }

  /** Writes back tagged fields that the schema does not know, where all of them have higher tags than those it knows. */
  unknownTags(unknown: readonly UnknownTag[] | undefined): void {
    this.unknownTagsBelow(unknown, 0, Number.POSITIVE_INFINITY)
  }

  /**
   * Writes back unknown tagged fields that come before a known one.
   *
   * @param from how many were written already
   * @param tag the known one
   * @returns how many are written now
   */
  unknownTagsBelow(unknown: readonly UnknownTag[] | undefined, from: number, tag: number): number {
    if (unknown === undefined) return from
    let next = from
    for (let kept = unknown[next]; kept !== undefined && kept.tag < tag; kept = unknown[next]) {
      this.uvarint(kept.tag)
      this.uvarint(kept.bytes.length)
      this.raw(kept.bytes)
      next += 1
    }
    return next
  }

  /** A tagged section in which the schema knows no field. */
  onlyUnknownTags(unknown: readonly UnknownTag[] | undefined): void {
    this.tagCount(0, unknown)
    this.unknownTags(unknown)
  }

  /** Copies bytes as they are. */
  raw(bytes: Uint8Array): void {
    const at = this.grow(bytes.length)
    this.memory.set(bytes, at)
  }

  /** Overwrites four bytes written before: a frame's size is known last. */
  int32At(at: number, value: number): void {
    this.view.setInt32(at, value)
  }

  /** Claims room for the next bytes and returns where they start. May put another `view` in place: call it first. */
  protected grow(sizeBytes: number): number {
    this.reserve(sizeBytes)
    const at = this.at
    this.at = at + sizeBytes
    return at
  }

  private reserve(sizeBytes: number): void {
    const needed = this.at + sizeBytes
    if (needed <= this.memory.length) return
    const size = Math.min(Math.max(needed, this.memory.length * 2), Math.max(needed, FRAME_SIZE_MAX))
    const larger = new Uint8Array(size)
    larger.set(this.memory.subarray(0, this.at))
    this.memory = larger
    this.view = new DataView(larger.buffer)
  }

  /** Room is there. Writes nothing and returns false when a character is not ASCII. */
  private shortAscii(value: string, compact: boolean): boolean {
    const unitCount = value.length
    const bytes = this.memory
    let at = this.at
    if (!compact) {
      bytes[at] = 0
      at += 1
    }
    bytes[at] = compact ? unitCount + 1 : unitCount
    at += 1
    for (let index = 0; index < unitCount; index += 1) {
      const unit = value.charCodeAt(index)
      if (unit > 0x7f) return false
      bytes[at] = unit
      at += 1
    }
    this.at = at
    return true
  }

  private blobSize(sizeBytes: number, compact: boolean): void {
    if (compact) this.uvarint(sizeBytes + 1)
    else this.int32(sizeBytes)
  }

  private nullBlob(compact: boolean): void {
    if (compact) this.uvarint(0)
    else this.int32(-1)
  }
}
