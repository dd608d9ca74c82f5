// hot: per record
import { assert } from '../base/assert.ts'
import type { Compression } from '../io/ports.ts'
import {
  ATTRIBUTE_CONTROL,
  ATTRIBUTE_DELETE_HORIZON,
  ATTRIBUTE_LOG_APPEND_TIME,
  ATTRIBUTE_TRANSACTIONAL,
  BATCH_ATTRIBUTES_AT,
  BATCH_BASE_OFFSET_AT,
  BATCH_BASE_SEQUENCE_AT,
  BATCH_BASE_TIMESTAMP_AT,
  BATCH_CRC_AT,
  BATCH_HEADER_SIZE_BYTES,
  BATCH_LAST_OFFSET_DELTA_AT,
  BATCH_LEADER_EPOCH_AT,
  BATCH_MAGIC_AT,
  BATCH_MAX_TIMESTAMP_AT,
  BATCH_PREFIX_SIZE_BYTES,
  BATCH_PRODUCER_EPOCH_AT,
  BATCH_PRODUCER_ID_AT,
  BATCH_RECORD_COUNT_AT,
  BATCH_SIZE_AT,
  CODEC_NONE,
} from '../model/batch-layout.ts'
import { type CodecSpace, SPACE_AT } from './codec-space.ts'
import { compressWithin } from './codecs.ts'
import type { BatchOptions, RecordDraft } from './contract.ts'
import { CODEC_SLACK_BYTES } from './core-layout.ts'
import { utf8Size, varintSize, varlongSize, writeUtf8, writeVarint, writeVarlong } from './varint.ts'

const MAGIC = 2
const NO_TIMESTAMP = -1

/** Bytes of a record after its own size field. */
function recordBodySize(record: RecordDraft, timestampDelta: number, offsetDelta: number): number {
  let size = 1 + varlongSize(timestampDelta) + varintSize(offsetDelta)
  size += record.key === null ? 1 : varintSize(record.key.length) + record.key.length
  size += record.value === null ? 1 : varintSize(record.value.length) + record.value.length
  const headers = record.headers
  if (headers === undefined) return size + 1
  size += varintSize(headers.length)
  for (let index = 0; index < headers.length; index++) {
    const header = headers[index]
    if (header === undefined) continue
    const keySize = utf8Size(header.key)
    size += varintSize(keySize) + keySize
    size += header.value === null ? 1 : varintSize(header.value.length) + header.value.length
  }
  return size
}

function writeSized(bytes: Uint8Array, at: number, content: Uint8Array | null): number {
  if (content === null) return writeVarint(bytes, at, -1)
  const contentAt = writeVarint(bytes, at, content.length)
  bytes.set(content, contentAt)
  return contentAt + content.length
}

function writeRecord(
  bytes: Uint8Array,
  at: number,
  record: RecordDraft,
  bodySize: number,
  timestampDelta: number,
  offsetDelta: number,
): number {
  let next = writeVarint(bytes, at, bodySize)
  bytes[next] = 0
  next = writeVarlong(bytes, next + 1, timestampDelta)
  next = writeVarint(bytes, next, offsetDelta)
  next = writeSized(bytes, next, record.key)
  next = writeSized(bytes, next, record.value)
  const headers = record.headers
  if (headers === undefined) return writeVarint(bytes, next, 0)
  next = writeVarint(bytes, next, headers.length)
  for (let index = 0; index < headers.length; index++) {
    const header = headers[index]
    if (header === undefined) continue
    next = writeVarint(bytes, next, utf8Size(header.key))
    next = writeUtf8(bytes, next, header.key)
    next = writeSized(bytes, next, header.value)
  }
  return next
}

function attributesOf(options: BatchOptions): number {
  let attributes = options.codec
  if (options.isLogAppendTime) attributes |= ATTRIBUTE_LOG_APPEND_TIME
  if (options.isTransactional) attributes |= ATTRIBUTE_TRANSACTIONAL
  if (options.isControl) attributes |= ATTRIBUTE_CONTROL
  if (options.rewrite?.hasDeleteHorizon) attributes |= ATTRIBUTE_DELETE_HORIZON
  return attributes
}

/** Builds format-2 batches in a space of their own and hands them out as ordinary bytes. */
export class RecordEncoder {
  readonly #space: CodecSpace
  readonly #compression: Compression
  #bodySizes: Int32Array = new Int32Array(64)

  constructor(space: CodecSpace, compression: Compression) {
    this.#space = space
    this.#compression = compression
  }

  encode(records: readonly RecordDraft[], options: BatchOptions): Uint8Array {
    const first = records[0]
    assert(first !== undefined || options.rewrite !== undefined, 'a batch has a record, unless it is rewritten')
    const baseTimestamp = options.rewrite?.baseTimestampMs ?? first?.timestampMs ?? NO_TIMESTAMP
    const recordsSize = this.#measure(records, baseTimestamp)
    const plainAt = SPACE_AT + BATCH_HEADER_SIZE_BYTES
    assert(this.#space.reserve(BATCH_HEADER_SIZE_BYTES + recordsSize), 'a batch of ours fits the space')
    const newest = this.#writeRecords(records, baseTimestamp, plainAt, recordsSize)

    let headerAt = SPACE_AT
    let bodySize = recordsSize
    if (options.codec !== CODEC_NONE && records.length > 0) {
      headerAt = plainAt + recordsSize + CODEC_SLACK_BYTES
      const targetAt = headerAt + BATCH_HEADER_SIZE_BYTES
      const codec = options.codec
      bodySize = compressWithin(
        this.#space,
        this.#compression,
        codec,
        plainAt,
        recordsSize,
        targetAt,
        options.level,
        false,
      )
    }
    const maxTimestamp = options.rewrite?.maxTimestampMs ?? (options.isLogAppendTime ? options.appendTimeMs : newest)
    const lastDelta = options.rewrite?.lastOffsetDelta ?? records.length - 1
    this.#writeHeader(headerAt, bodySize, records.length, lastDelta, baseTimestamp, maxTimestamp ?? newest, options)
    const batch = this.#space.take(headerAt, BATCH_HEADER_SIZE_BYTES + bodySize)
    this.#space.release()
    return batch
  }

  /** Sizes of all records, kept for the writing; answers their sum with the size fields. */
  #measure(records: readonly RecordDraft[], baseTimestamp: number): number {
    if (this.#bodySizes.length < records.length) this.#bodySizes = new Int32Array(records.length * 2)
    const sizes = this.#bodySizes
    let total = 0
    for (let index = 0; index < records.length; index++) {
      const record = records[index]
      if (record === undefined) continue
      const size = recordBodySize(record, record.timestampMs - baseTimestamp, record.offsetDelta ?? index)
      sizes[index] = size
      total += varintSize(size) + size
    }
    return total
  }

  /** Answers the newest timestamp. */
  #writeRecords(records: readonly RecordDraft[], baseTimestamp: number, at: number, sizeBytes: number): number {
    const bytes = this.#space.bytes
    const sizes = this.#bodySizes
    let next = at
    let newest = NO_TIMESTAMP
    for (let index = 0; index < records.length; index++) {
      const record = records[index]
      if (record === undefined) continue
      const timestampDelta = record.timestampMs - baseTimestamp
      next = writeRecord(bytes, next, record, sizes[index] ?? 0, timestampDelta, record.offsetDelta ?? index)
      if (record.timestampMs > newest) newest = record.timestampMs
    }
    assert(next === at + sizeBytes, 'records take the bytes that were measured')
    return newest
  }

  #writeHeader(
    at: number,
    bodySize: number,
    recordCount: number,
    lastOffsetDelta: number,
    baseTimestamp: number,
    maxTimestamp: number,
    options: BatchOptions,
  ): void {
    const bytes = this.#space.bytes
    const view = new DataView(bytes.buffer)
    view.setBigInt64(at + BATCH_BASE_OFFSET_AT, BigInt(options.baseOffset))
    view.setInt32(at + BATCH_SIZE_AT, BATCH_HEADER_SIZE_BYTES - BATCH_PREFIX_SIZE_BYTES + bodySize)
    view.setInt32(at + BATCH_LEADER_EPOCH_AT, options.leaderEpoch)
    view.setInt8(at + BATCH_MAGIC_AT, MAGIC)
    view.setInt16(at + BATCH_ATTRIBUTES_AT, attributesOf(options))
    view.setInt32(at + BATCH_LAST_OFFSET_DELTA_AT, lastOffsetDelta)
    view.setBigInt64(at + BATCH_BASE_TIMESTAMP_AT, BigInt(baseTimestamp))
    view.setBigInt64(at + BATCH_MAX_TIMESTAMP_AT, BigInt(maxTimestamp))
    view.setBigInt64(at + BATCH_PRODUCER_ID_AT, BigInt(options.producerId))
    view.setInt16(at + BATCH_PRODUCER_EPOCH_AT, options.producerEpoch)
    view.setInt32(at + BATCH_BASE_SEQUENCE_AT, options.baseSequence)
    view.setInt32(at + BATCH_RECORD_COUNT_AT, recordCount)
    const crc = this.#space.exports.crc32c(
      at + BATCH_ATTRIBUTES_AT,
      BATCH_HEADER_SIZE_BYTES - BATCH_ATTRIBUTES_AT + bodySize,
    )
    view.setInt32(at + BATCH_CRC_AT, crc)
  }
}
