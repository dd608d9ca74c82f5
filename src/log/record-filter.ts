/**
 * Takes single records out of a format-2 batch without touching the others: the bytes of a record carry its deltas, so
 * they can be copied as long as the batch keeps its base offset and base timestamp. Offsets, sequences and times of what
 * stays never change.
 */
import {
  ATTRIBUTE_CODEC_MASK,
  BATCH_ATTRIBUTES_AT,
  BATCH_CRC_AT,
  BATCH_PREFIX_SIZE_BYTES,
  BATCH_RECORD_COUNT_AT,
  BATCH_RECORDS_AT,
  BATCH_SIZE_AT,
  CODEC_NONE,
} from '../model/batch-layout.ts'
import type { RecordCodec } from '../wasm/contract.ts'
import { prefixOffset } from './batch-header.ts'
import { CRC32C_START, crc32cContinue } from './crc32c.ts'

/** A record section may not grow beyond this when it is unpacked: a batch of the largest usual size, packed 1000 to 1. */
const UNPACKED_SIZE_BYTES_MAX = 1024 * 1024 * 1024

/** Sees one record. @returns whether it stays */
export type KeepRecord = (key: Uint8Array | null, isTombstone: boolean, offset: number) => boolean

export interface FilteredBatch {
  /** The batch to store: the given one when everything stays. */
  readonly bytes: Uint8Array
  readonly keptCount: number
}

/**
 * Applies `keep` to every record of `batch`, a whole sound batch of format 2.
 *
 * @returns undefined when the records cannot be read: the caller keeps the batch as it is
 */
export function filterBatch(codec: RecordCodec, batch: Uint8Array, keep: KeepRecord): FilteredBatch | undefined {
  const view = new DataView(batch.buffer, batch.byteOffset, batch.length)
  const codecId = view.getInt16(BATCH_ATTRIBUTES_AT) & ATTRIBUTE_CODEC_MASK
  const count = view.getInt32(BATCH_RECORD_COUNT_AT)
  const packed = batch.subarray(BATCH_RECORDS_AT)
  const records =
    codecId === CODEC_NONE || count === 0 ? packed : codec.decompress(codecId, packed, UNPACKED_SIZE_BYTES_MAX)
  if (records === undefined) return undefined
  const kept: Uint8Array[] = []
  const cursor = new RecordCursor(records, prefixOffset(view, 0))
  for (let index = 0; index < count; index += 1) {
    if (!cursor.next()) return undefined
    if (keep(cursor.key, cursor.isTombstone, cursor.offset)) kept.push(cursor.record)
  }
  if (kept.length === count) return { bytes: batch, keptCount: count }
  const section = concatenate(kept)
  const packedAgain = codecId === CODEC_NONE || kept.length === 0 ? section : codec.compress(codecId, section, -1)
  return { bytes: sealBatch(batch, packedAgain, kept.length), keptCount: kept.length }
}

/** The batch's header over another record section. */
function sealBatch(batch: Uint8Array, section: Uint8Array, count: number): Uint8Array {
  const bytes = new Uint8Array(BATCH_RECORDS_AT + section.length)
  bytes.set(batch.subarray(0, BATCH_RECORDS_AT))
  bytes.set(section, BATCH_RECORDS_AT)
  const view = new DataView(bytes.buffer)
  view.setInt32(BATCH_SIZE_AT, bytes.length - BATCH_PREFIX_SIZE_BYTES)
  view.setInt32(BATCH_RECORD_COUNT_AT, count)
  view.setUint32(BATCH_CRC_AT, crc32cContinue(CRC32C_START, bytes, BATCH_ATTRIBUTES_AT, bytes.length))
  return bytes
}

function concatenate(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}

/** Walks the records of an unpacked section. Fields are of the record that `next` found. */
class RecordCursor {
  record: Uint8Array
  key: Uint8Array | null = null
  isTombstone: boolean = false
  offset: number = 0
  readonly #bytes: Uint8Array
  readonly #baseOffset: number
  #at: number = 0
  #isShort: boolean = false

  constructor(bytes: Uint8Array, baseOffset: number) {
    this.#bytes = bytes
    this.#baseOffset = baseOffset
    this.record = bytes
  }

  /** @returns false when the bytes are no record */
  next(): boolean {
    const startsAt = this.#at
    const sizeBytes = this.#varint()
    const endsAt = this.#at + sizeBytes
    if (this.#isShort || sizeBytes < 0 || endsAt > this.#bytes.length) return false
    this.#at += 1 // attributes, unused
    this.#varint() // timestamp delta
    this.offset = this.#baseOffset + this.#varint()
    const keySize = this.#varint()
    if (this.#isShort || this.#at + Math.max(0, keySize) > endsAt) return false
    this.key = keySize < 0 ? null : this.#bytes.subarray(this.#at, this.#at + keySize)
    this.#at += Math.max(0, keySize)
    this.isTombstone = this.#varint() < 0
    if (this.#isShort || this.#at > endsAt) return false
    this.record = this.#bytes.subarray(startsAt, endsAt)
    this.#at = endsAt
    return true
  }

  #varint(): number {
    let value = 0
    let scale = 1
    for (let count = 0; count < 10; count += 1) {
      const byte = this.#bytes[this.#at]
      if (byte === undefined) break
      this.#at += 1
      value += (byte & 0x7f) * scale
      scale *= 128
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
    }
    this.#isShort = true
    return 0
  }
}
