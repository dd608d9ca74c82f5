// hot: per record
import type { Compression } from '../io/ports.ts'
import {
  ATTRIBUTE_CODEC_MASK,
  ATTRIBUTE_CONTROL,
  ATTRIBUTE_LOG_APPEND_TIME,
  BATCH_MAGIC_AT,
  BATCH_PREFIX_SIZE_BYTES,
  BATCH_RECORDS_AT,
  BATCH_SIZE_AT,
  CODEC_NONE,
  LEGACY_ATTRIBUTES_AT,
  LEGACY_V0_OVERHEAD_BYTES,
} from '../model/batch-layout.ts'
import { type CodecSpace, SPACE_AT } from './codec-space.ts'
import { decompressBytes } from './codecs.ts'
import { type BatchSummary, BatchVerdict, type RecordHeader, type RecordView, RULE_NONE } from './contract.ts'
import { emptySummary, fillSummary } from './record-core.ts'
import { RecordReader } from './varint.ts'

/**
 * What one batch may unpack to. Kafka has no such bound; a batch is refused by its packed size long before, and a
 * thousandfold bomb of a megabyte is the most that we are willing to hold.
 */
const UNPACKED_SIZE_BYTES_MAX = 128 * 1024 * 1024

type Visit = (record: RecordView, batch: BatchSummary) => void

const NO_HEADERS: readonly RecordHeader[] = []
const decoder = new TextDecoder()
const PREFIX_TO_MAGIC_BYTES = BATCH_MAGIC_AT + 1

function int32At(bytes: Uint8Array, at: number): number {
  return ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16) | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
}

/** Windows must outlive the call and be fit for TextDecoder: bytes of a shared memory are copied first. */
function ordinary(bytes: Uint8Array): Uint8Array {
  if (bytes.buffer instanceof ArrayBuffer) return bytes
  const copy = new Uint8Array(bytes.length)
  copy.set(bytes)
  return copy
}

/** Reads batches of all formats from a peer or a disk. */
export class RecordDecoder {
  readonly #space: CodecSpace
  readonly #compression: Compression

  constructor(space: CodecSpace, compression: Compression) {
    this.#space = space
    this.#compression = compression
  }

  decode(bytes: Uint8Array, visit: Visit, withControl: boolean): BatchVerdict {
    const own = ordinary(bytes)
    let at = 0
    while (own.length - at >= BATCH_PREFIX_SIZE_BYTES) {
      const size = int32At(own, at + BATCH_SIZE_AT)
      if (size < LEGACY_V0_OVERHEAD_BYTES) return BatchVerdict.badSize
      if (own.length - at < PREFIX_TO_MAGIC_BYTES) break
      if ((own[at + BATCH_MAGIC_AT] ?? 0) > 2) return BatchVerdict.unknownMagic
      const end = at + BATCH_PREFIX_SIZE_BYTES + size
      if (end > own.length) break
      const verdict = this.#decodeBatch(own.subarray(at, end), visit, withControl)
      if (verdict !== BatchVerdict.ok) return verdict
      at = end
    }
    return BatchVerdict.ok
  }

  #decodeBatch(batch: Uint8Array, visit: Visit, withControl: boolean): BatchVerdict {
    if (!this.#space.reserve(batch.length)) return BatchVerdict.badSize
    this.#space.put(batch, SPACE_AT)
    const verdict = this.#space.exports.judgeBatch(SPACE_AT, batch.length, RULE_NONE) as BatchVerdict
    // A summary of its own: the visitor may keep it, and may decode something else meanwhile.
    const summary = emptySummary()
    fillSummary(summary, this.#space.fields)
    this.#space.release()
    if (verdict === BatchVerdict.legacy) return this.#decodeMessage(batch, summary, visit)
    if (verdict !== BatchVerdict.ok) return verdict
    if ((summary.attributes & ATTRIBUTE_CONTROL) !== 0 && !withControl) return BatchVerdict.ok
    const codec = summary.attributes & ATTRIBUTE_CODEC_MASK
    if (codec === CODEC_NONE || summary.recordCount === 0) {
      return visitRecords(batch, BATCH_RECORDS_AT, summary, visit)
    }
    const packed = batch.subarray(BATCH_RECORDS_AT)
    const records = decompressBytes(this.#space, this.#compression, codec, packed, UNPACKED_SIZE_BYTES_MAX, false)
    if (records === undefined) return BatchVerdict.malformedRecords
    // As in Kafka's reader, a damaged compressed batch gives no record at all: what unpacked may be nonsense throughout.
    const sound: RecordView[] = []
    const verdictInside = visitRecords(records, 0, summary, (record) => sound.push(record))
    if (verdictInside !== BatchVerdict.ok) return verdictInside
    for (const record of sound) visit(record, summary)
    return BatchVerdict.ok
  }

  /** A message of format 0 or 1: one record, or a wrapper around a whole compressed set. */
  #decodeMessage(message: Uint8Array, summary: BatchSummary, visit: Visit): BatchVerdict {
    const codec = summary.attributes & ATTRIBUTE_CODEC_MASK
    if (codec === CODEC_NONE) {
      visit(messageView(message, summary.magic, summary.baseOffset, summary.maxTimestampMs), summary)
      return BatchVerdict.ok
    }
    const { value } = messageView(message, summary.magic, 0, 0)
    if (value === null) return BatchVerdict.malformedRecords
    const isFormat0 = summary.magic === 0
    const set = decompressBytes(this.#space, this.#compression, codec, value, UNPACKED_SIZE_BYTES_MAX, isFormat0)
    if (set === undefined) return BatchVerdict.malformedRecords
    return visitMessageSet(set, summary, visit)
  }
}

/** Walks the records of one format-2 batch; each is visited before the next is looked at. */
function visitRecords(bytes: Uint8Array, from: number, summary: BatchSummary, visit: Visit): BatchVerdict {
  const reader = new RecordReader()
  const isAppendTime = (summary.attributes & ATTRIBUTE_LOG_APPEND_TIME) !== 0
  const count = summary.recordCount
  let at = from
  for (let index = 0; index < count; index++) {
    reader.reset(bytes, at, bytes.length)
    const size = reader.varint()
    if (!reader.ok || size < 0 || size > bytes.length - reader.at) return BatchVerdict.malformedRecords
    at = reader.at + size
    reader.end = at
    reader.skipByte()
    const timestampDelta = reader.varlong()
    const offset = summary.baseOffset + reader.varint()
    const key = reader.nullable()
    const value = reader.nullable()
    const headers = readHeaders(reader)
    if (!reader.ok || reader.at !== at) return BatchVerdict.malformedRecords
    if (index === count - 1 && at !== bytes.length) return BatchVerdict.malformedRecords
    const timestampMs = isAppendTime ? summary.maxTimestampMs : summary.baseTimestampMs + timestampDelta
    visit({ offset, timestampMs, key, value, headers }, summary)
  }
  // An empty batch stands in for records that compaction removed.
  return count === 0 && at !== bytes.length ? BatchVerdict.malformedRecords : BatchVerdict.ok
}

function readHeaders(reader: RecordReader): readonly RecordHeader[] {
  const count = reader.varint()
  if (count === 0) return NO_HEADERS
  const headers: RecordHeader[] = []
  // Each takes two bytes at least, so a hostile count ends with the record.
  for (let index = 0; index < count && reader.ok; index++) {
    const key = reader.nullable()
    const value = reader.nullable()
    if (key === null) {
      reader.fail()
      break
    }
    headers.push({ key: decoder.decode(key), value })
  }
  if (count < 0) reader.fail()
  return headers
}

/** The record of a judged message; its sizes agree, so the reader cannot fail. */
function messageView(message: Uint8Array, magic: number, offset: number, timestampMs: number): RecordView {
  const reader = new RecordReader()
  reader.reset(message, LEGACY_ATTRIBUTES_AT + (magic === 0 ? 1 : 9), message.length)
  const key = reader.nullableByInt32()
  const value = reader.nullableByInt32()
  return { offset, timestampMs, key, value, headers: NO_HEADERS }
}

/**
 * Visits what a wrapper holds. In format 1 the inner offsets count from 0 and the wrapper's own offset is that of the
 * last one; in format 0 they are absolute. Inner checksums are not looked at: the wrapper's covers them.
 */
function visitMessageSet(set: Uint8Array, wrapper: BatchSummary, visit: Visit): BatchVerdict {
  const inner: RecordView[] = []
  const isAppendTime = (wrapper.attributes & ATTRIBUTE_LOG_APPEND_TIME) !== 0
  const reader = new RecordReader()
  let at = 0
  while (at < set.length) {
    reader.reset(set, at, set.length)
    const offset = reader.int64()
    const size = reader.int32()
    if (!reader.ok || size < LEGACY_V0_OVERHEAD_BYTES || size > set.length - reader.at) {
      return BatchVerdict.malformedRecords
    }
    at = reader.at + size
    reader.end = at
    reader.at += 4
    const magic = set[reader.at] ?? 0
    const attributes = set[reader.at + 1] ?? 0
    reader.at += 2
    if (magic !== wrapper.magic || (attributes & ATTRIBUTE_CODEC_MASK) !== 0) return BatchVerdict.malformedRecords
    const ownMs = magic === 0 ? -1 : reader.int64()
    const key = reader.nullableByInt32()
    const value = reader.nullableByInt32()
    if (!reader.ok || reader.at !== at) return BatchVerdict.malformedRecords
    inner.push({ offset, timestampMs: isAppendTime ? wrapper.maxTimestampMs : ownMs, key, value, headers: NO_HEADERS })
  }
  const last = inner.at(-1)
  if (last === undefined) return BatchVerdict.malformedRecords
  const shift = wrapper.magic === 0 ? 0 : wrapper.baseOffset - last.offset
  for (const record of inner) record.offset += shift
  wrapper.baseOffset = inner[0]?.offset ?? wrapper.baseOffset
  wrapper.lastOffsetDelta = last.offset - wrapper.baseOffset
  wrapper.recordCount = inner.length
  for (const record of inner) visit(record, wrapper)
  return BatchVerdict.ok
}
