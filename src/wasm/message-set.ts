import type { Compression } from '../io/ports.ts'
import {
  ATTRIBUTE_CODEC_MASK,
  ATTRIBUTE_LOG_APPEND_TIME,
  BATCH_PREFIX_SIZE_BYTES,
  BATCH_SIZE_AT,
  CODEC_NONE,
  CODEC_ZSTD,
  LEGACY_V0_OVERHEAD_BYTES,
  NO_PRODUCER_EPOCH,
  NO_PRODUCER_ID,
  NO_SEQUENCE,
} from '../model/batch-layout.ts'
import { type CodecSpace, SPACE_AT } from './codec-space.ts'
import { compressBytes } from './codecs.ts'
import { type BatchSummary, BatchVerdict, type RecordDraft, type RecordView } from './contract.ts'
import type { RecordDecoder } from './record-decoder.ts'
import type { RecordEncoder } from './record-encoder.ts'

/** gzip's own default, which is Kafka's too; lz4 and snappy have no levels here. */
const LEVEL = -1

/** One batch of the input, as a whole, with its records. */
interface Group {
  readonly batch: BatchSummary
  readonly records: RecordView[]
}

/** Turns batches into message sets and back. */
export class MessageSetConverter {
  readonly #space: CodecSpace
  readonly #compression: Compression
  readonly #encoder: RecordEncoder
  readonly #decoder: RecordDecoder

  constructor(space: CodecSpace, compression: Compression, encoder: RecordEncoder, decoder: RecordDecoder) {
    this.#space = space
    this.#compression = compression
    this.#encoder = encoder
    this.#decoder = decoder
  }

  downConvert(bytes: Uint8Array, magic: 0 | 1, firstOffset: number): Uint8Array | undefined {
    const parts: Uint8Array[] = []
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    for (let at = 0; at + BATCH_PREFIX_SIZE_BYTES <= bytes.length; ) {
      const after = view.getInt32(at + BATCH_SIZE_AT)
      if (after < LEGACY_V0_OVERHEAD_BYTES) return undefined
      const size = after + BATCH_PREFIX_SIZE_BYTES
      if (at + size > bytes.length) break
      const batch = bytes.subarray(at, at + size)
      const group = this.#readGroup(batch)
      if (group === undefined) return undefined
      const part = this.#downConvertOne(batch, group, magic, firstOffset)
      if (part === undefined) return undefined
      parts.push(part)
      at += size
    }
    return joined(parts)
  }

  /** The records of one batch; none for a control batch. Undefined when it is damaged. */
  #readGroup(bytes: Uint8Array): Group | 'empty' | undefined {
    let batch: BatchSummary | undefined
    const records: RecordView[] = []
    const verdict = this.#decoder.decode(
      bytes,
      (record, summary) => {
        batch = summary
        records.push(record)
      },
      false,
    )
    if (verdict !== BatchVerdict.ok) return undefined
    return batch === undefined ? 'empty' : { batch, records }
  }

  #downConvertOne(
    bytes: Uint8Array,
    group: Group | 'empty',
    magic: 0 | 1,
    firstOffset: number,
  ): Uint8Array | undefined {
    if (group === 'empty') return new Uint8Array(0)
    const { batch } = group
    if (batch.magic <= magic) return bytes
    const codec = batch.attributes & ATTRIBUTE_CODEC_MASK
    if (codec === CODEC_ZSTD) return undefined
    const isPacked = codec !== CODEC_NONE
    const records = isPacked ? group.records : group.records.filter((record) => record.offset >= firstOffset)
    const first = records[0]
    const last = records.at(-1)
    if (first === undefined || last === undefined) return new Uint8Array(0)

    const timeBits = magic === 1 ? batch.attributes & ATTRIBUTE_LOG_APPEND_TIME : 0
    // Inner offsets of format 1 count from the first record; the wrapper carries the last one's true offset.
    const base = isPacked && magic === 1 ? first.offset : 0
    const messages = joined(
      records.map(({ offset, timestampMs, key, value }) =>
        this.#message(magic, timeBits, offset - base, timestampMs, key, value),
      ),
    )
    if (!isPacked) return messages
    const packed = compressBytes(this.#space, this.#compression, codec, messages, LEVEL, magic === 0)
    let newestMs = first.timestampMs
    for (const record of records) newestMs = Math.max(newestMs, record.timestampMs)
    return this.#message(magic, timeBits | codec, last.offset, newestMs, null, packed)
  }

  #message(
    magic: 0 | 1,
    attributes: number,
    offset: number,
    timestampMs: number,
    key: Uint8Array | null,
    value: Uint8Array | null,
  ): Uint8Array {
    const fieldsAt = magic === 0 ? 18 : 26
    const bytes = new Uint8Array(fieldsAt + 8 + (key?.length ?? 0) + (value?.length ?? 0))
    const view = new DataView(bytes.buffer)
    view.setBigInt64(0, BigInt(offset))
    view.setInt32(BATCH_SIZE_AT, bytes.length - BATCH_PREFIX_SIZE_BYTES)
    view.setInt8(16, magic)
    view.setInt8(17, attributes)
    if (magic === 1) view.setBigInt64(18, BigInt(timestampMs))
    view.setInt32(fieldsAt, key === null ? -1 : key.length)
    bytes.set(key ?? [], fieldsAt + 4)
    const valueAt = fieldsAt + 4 + (key?.length ?? 0)
    view.setInt32(valueAt, value === null ? -1 : value.length)
    bytes.set(value ?? [], valueAt + 4)
    view.setInt32(12, this.#crc32(bytes.subarray(16)))
    return bytes
  }

  #crc32(bytes: Uint8Array): number {
    this.#space.reserve(bytes.length)
    this.#space.put(bytes, SPACE_AT)
    const crc = this.#space.exports.crc32(SPACE_AT, bytes.length)
    this.#space.release()
    return crc
  }

  upConvert(bytes: Uint8Array, level: number): Uint8Array | undefined {
    let first: BatchSummary | undefined
    let readSizeBytes = 0
    let seen: BatchSummary | undefined
    let isOld = true
    const records: RecordDraft[] = []
    const verdict = this.#decoder.decode(
      bytes,
      ({ timestampMs, key, value }, batch) => {
        if (batch !== seen) readSizeBytes += batch.sizeBytes
        seen = batch
        first ??= batch
        if (batch.magic > 1) isOld = false
        records.push({ timestampMs, key, value })
      },
      true,
    )
    if (verdict !== BatchVerdict.ok || first === undefined || !isOld || readSizeBytes !== bytes.length) return undefined
    return this.#encoder.encode(records, {
      baseOffset: 0,
      codec: first.attributes & ATTRIBUTE_CODEC_MASK,
      level,
      leaderEpoch: -1,
      producerId: NO_PRODUCER_ID,
      producerEpoch: NO_PRODUCER_EPOCH,
      baseSequence: NO_SEQUENCE,
      isTransactional: false,
      isControl: false,
      isLogAppendTime: false,
    })
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const only = parts[0]
  if (only !== undefined && parts.length === 1) return only
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
