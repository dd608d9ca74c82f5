/**
 * Takes single records out of a format-2 batch without touching the others: the bytes of a record carry its deltas, so
 * they can be copied as long as the batch keeps its base offset and base timestamp. Offsets, sequences and times of what
 * stays never change.
 */
import {
  ATTRIBUTE_CODEC_MASK,
  ATTRIBUTE_DELETE_HORIZON,
  ATTRIBUTE_LOG_APPEND_TIME,
  BATCH_ATTRIBUTES_AT,
  BATCH_BASE_TIMESTAMP_AT,
  BATCH_CRC_AT,
  BATCH_MAX_TIMESTAMP_AT,
  BATCH_PREFIX_SIZE_BYTES,
  BATCH_RECORD_COUNT_AT,
  BATCH_RECORDS_AT,
  BATCH_SIZE_AT,
  CODEC_NONE,
} from '../model/batch-layout.ts'
import { BatchVerdict, type RecordCodec, type RecordDraft } from '../wasm/contract.ts'
import {
  batchBaseSequence,
  batchLastOffset,
  batchLeaderEpoch,
  batchMaxTimestamp,
  batchProducerEpoch,
  batchProducerId,
  int64At,
  isControl,
  isTransactional,
  prefixOffset,
  setInt64,
} from './batch-header.ts'
import { CRC32C_START, crc32cContinue } from './crc32c.ts'

/** A record section may not grow beyond this when it is unpacked: a batch of the largest usual size, packed 1000 to 1. */
const UNPACKED_SIZE_BYTES_MAX = 1024 * 1024 * 1024
const NO_TIMESTAMP = -1

/** Sees one record. @returns whether it stays */
export type KeepRecord = (key: Uint8Array | null, isTombstone: boolean, offset: number) => boolean

export interface FilteredBatch {
  /** The batch to store: the given one when everything stays. */
  readonly bytes: Uint8Array
  readonly keptCount: number
  /** Among what stays are records without a value. */
  readonly hasTombstones: boolean
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
  let hasTombstones = false
  let newestDelta = Number.NEGATIVE_INFINITY
  const cursor = new RecordCursor(records, prefixOffset(view, 0))
  for (let index = 0; index < count; index += 1) {
    if (!cursor.next()) return undefined
    if (!keep(cursor.key, cursor.isTombstone, cursor.offset)) continue
    kept.push(cursor.record)
    hasTombstones = hasTombstones || cursor.isTombstone
    newestDelta = Math.max(newestDelta, cursor.timestampDelta)
  }
  if (kept.length === count) return { bytes: batch, keptCount: count, hasTombstones }
  if (kept.length === 0) return { bytes: emptyBatch(batch), keptCount: 0, hasTombstones }
  const section = concatenate(kept)
  const bytes = sealBatch(
    batch,
    codecId === CODEC_NONE ? section : codec.compress(codecId, section, -1),
    kept.length,
    newestTimestamp(view, newestDelta),
  )
  return { bytes, keptCount: kept.length, hasTombstones }
}

/** The newest time of what is left; a batch with append time has one time for all. */
function newestTimestamp(view: DataView, newestDelta: number): number {
  if ((view.getInt16(BATCH_ATTRIBUTES_AT) & ATTRIBUTE_LOG_APPEND_TIME) !== 0) return batchMaxTimestamp(view, 0)
  return int64At(view, BATCH_BASE_TIMESTAMP_AT) + newestDelta
}

/** The header of a batch whose records are all gone, as Kafka writes it: it keeps the place of a producer's last sequence. */
export function emptyBatch(batch: Uint8Array): Uint8Array {
  const view = new DataView(batch.buffer, batch.byteOffset, batch.length)
  const bytes = batch.slice(0, BATCH_RECORDS_AT)
  const header = new DataView(bytes.buffer)
  const attributes = view.getInt16(BATCH_ATTRIBUTES_AT) & ~ATTRIBUTE_CODEC_MASK & ~ATTRIBUTE_DELETE_HORIZON
  header.setInt16(BATCH_ATTRIBUTES_AT, attributes)
  setInt64(header, BATCH_BASE_TIMESTAMP_AT, NO_TIMESTAMP)
  return sealBatch(bytes, new Uint8Array(0), 0, batchMaxTimestamp(view, 0))
}

/** Until when the tombstones or the marker of a batch stay, -1 when that has not been decided. */
export function deleteHorizonOf(view: DataView): number {
  const hasHorizon = (view.getInt16(BATCH_ATTRIBUTES_AT) & ATTRIBUTE_DELETE_HORIZON) !== 0
  return hasHorizon ? int64At(view, BATCH_BASE_TIMESTAMP_AT) : NO_TIMESTAMP
}

/**
 * The same batch with a delete horizon (KIP-534): it takes the place of the base timestamp, so every record is written anew.
 *
 * @returns undefined when the records cannot be read
 */
export function withDeleteHorizon(codec: RecordCodec, batch: Uint8Array, horizonMs: number): Uint8Array | undefined {
  const view = new DataView(batch.buffer, batch.byteOffset, batch.length)
  const baseOffset = prefixOffset(view, 0)
  const attributes = view.getInt16(BATCH_ATTRIBUTES_AT)
  const records: RecordDraft[] = []
  const verdict = codec.decodeBatches(
    batch,
    ({ offset, timestampMs, key, value, headers }) => {
      records.push({ offsetDelta: offset - baseOffset, timestampMs, key, value, headers })
    },
    true,
  )
  if (verdict !== BatchVerdict.ok || records.length === 0) return undefined
  return codec.encodeBatch(records, {
    baseOffset,
    codec: attributes & ATTRIBUTE_CODEC_MASK,
    level: -1,
    leaderEpoch: batchLeaderEpoch(view, 0),
    producerId: batchProducerId(view, 0),
    producerEpoch: batchProducerEpoch(view, 0),
    baseSequence: batchBaseSequence(view, 0),
    isTransactional: isTransactional(attributes),
    isControl: isControl(attributes),
    isLogAppendTime: (attributes & ATTRIBUTE_LOG_APPEND_TIME) !== 0,
    rewrite: {
      lastOffsetDelta: batchLastOffset(view, 0) - baseOffset,
      baseTimestampMs: horizonMs,
      maxTimestampMs: batchMaxTimestamp(view, 0),
      hasDeleteHorizon: true,
    },
  })
}

/** The batch's header over another record section. */
function sealBatch(batch: Uint8Array, section: Uint8Array, count: number, maxTimestampMs: number): Uint8Array {
  const bytes = new Uint8Array(BATCH_RECORDS_AT + section.length)
  bytes.set(batch.subarray(0, BATCH_RECORDS_AT))
  bytes.set(section, BATCH_RECORDS_AT)
  const view = new DataView(bytes.buffer)
  view.setInt32(BATCH_SIZE_AT, bytes.length - BATCH_PREFIX_SIZE_BYTES)
  view.setInt32(BATCH_RECORD_COUNT_AT, count)
  setInt64(view, BATCH_MAX_TIMESTAMP_AT, maxTimestampMs)
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
  timestampDelta: number = 0
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
    this.timestampDelta = this.#varint()
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
