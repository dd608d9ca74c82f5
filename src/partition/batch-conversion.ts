/**
 * Batches that cannot be stored as they came: opened, checked, and written anew with the topic's own codec. Base offset
 * and sequence stay with the records; the codec and the checksum change.
 */
import type { LogEnvironment } from '../log/environment.ts'
import { ATTRIBUTE_CODEC_MASK, ATTRIBUTE_TRANSACTIONAL, CODEC_NONE } from '../model/batch-layout.ts'
import type { BatchSummary, BatchVerdict, RecordDraft } from '../wasm/contract.ts'
import type { PartitionConfig } from './contract.ts'

/** `compression.type=producer`: stored as it came. */
const CODEC_OF_PRODUCER = -1

export interface OpenedBatch {
  readonly verdict: BatchVerdict
  readonly records: readonly RecordDraft[]
}

/** hot: per batch. Whether the topic stores another codec than the batch has. */
export function mustConvert(attributes: number, config: PartitionConfig): boolean {
  return (
    config.compressionCodec !== CODEC_OF_PRODUCER && (attributes & ATTRIBUTE_CODEC_MASK) !== config.compressionCodec
  )
}

/** hot: per batch. Whether checking the batch needs its records, and they are not plain to see. */
export function mustLookInside(attributes: number, config: PartitionConfig): boolean {
  return mustConvert(attributes, config) || (config.isCompacted && (attributes & ATTRIBUTE_CODEC_MASK) !== CODEC_NONE)
}

/** Decodes the batch at `at`. The records own their bytes. */
export function openBatch(environment: LogEnvironment, at: number, sizeBytes: number): OpenedBatch {
  const records: RecordDraft[] = []
  const bytes = environment.core.bytes.slice(at, at + sizeBytes)
  const verdict = environment.codec.decodeBatches(bytes, (record) => {
    records.push({
      timestampMs: record.timestampMs,
      key: record.key === null ? null : record.key.slice(),
      value: record.value === null ? null : record.value.slice(),
      headers: record.headers.map((header) => ({ key: header.key, value: header.value?.slice() ?? null })),
    })
  })
  return { verdict, records }
}

/**
 * The same records in the topic's codec.
 *
 * @param summary of the batch as it came
 * @param appendTimeMs -1, or the time that a topic with append time stamps
 */
export function convertBatch(
  environment: LogEnvironment,
  records: readonly RecordDraft[],
  summary: BatchSummary,
  config: PartitionConfig,
  baseOffset: number,
  leaderEpoch: number,
  appendTimeMs: number,
): Uint8Array {
  const stamped =
    appendTimeMs < 0
      ? records
      : records.map(({ key, value, headers }) => ({ timestampMs: appendTimeMs, key, value, headers: headers ?? [] }))
  return environment.codec.encodeBatch(stamped, {
    baseOffset,
    codec: config.compressionCodec,
    level: config.compressionLevel,
    leaderEpoch,
    producerId: summary.producerId,
    producerEpoch: summary.producerEpoch,
    baseSequence: summary.baseSequence,
    isTransactional: (summary.attributes & ATTRIBUTE_TRANSACTIONAL) !== 0,
    isControl: false,
    isLogAppendTime: appendTimeMs >= 0,
  })
}
