// hot: per batch
import {
  ATTRIBUTE_CODEC_MASK,
  ATTRIBUTE_TRANSACTIONAL,
  BATCH_ATTRIBUTES_AT,
  BATCH_HEADER_SIZE_BYTES,
  BATCH_MAGIC_AT,
  BATCH_PREFIX_SIZE_BYTES,
  BATCH_SIZE_AT,
  CODEC_ZSTD,
  LEGACY_V0_OVERHEAD_BYTES,
} from '../../model/batch-layout.ts'
import { ErrorCode } from '../../model/error-code.ts'

/** First version whose producers may use zstd. */
const ZSTD_SINCE = 7
const MAGIC_2 = 2

/** What `checkBatch` found. One per worker, filled anew: copy what must last. */
export interface BatchCheck {
  /** Size of the one batch; what follows it, if anything, is less than a batch and is not stored. */
  sizeBytes: number
}

/**
 * What a Produce request may carry for a partition: exactly one batch of format 2. Looks at sizes and flags only; the
 * shard judges checksum and records.
 *
 * @param at first byte of the records
 * @param sizeBytes their size
 * @param version of the Produce request, at least 3
 * @param check gets the size of the batch when the answer is `none`
 */
export function checkBatch(
  bytes: Uint8Array,
  at: number,
  sizeBytes: number,
  version: number,
  check: BatchCheck,
): ErrorCode {
  if (sizeBytes < BATCH_PREFIX_SIZE_BYTES) return ErrorCode.invalidRecord
  const announcedBytes = int32(bytes, at + BATCH_SIZE_AT)
  if (announcedBytes < LEGACY_V0_OVERHEAD_BYTES) return ErrorCode.corruptMessage
  const batchBytes = announcedBytes + BATCH_PREFIX_SIZE_BYTES
  // Not one whole batch: as if there were none.
  if (batchBytes > sizeBytes) return ErrorCode.invalidRecord
  const magic = bytes[at + BATCH_MAGIC_AT] as number
  // Kafka tells formats that never were from formats that are too old.
  if (magic !== MAGIC_2) return magic > MAGIC_2 ? ErrorCode.corruptMessage : ErrorCode.invalidRecord
  if (batchBytes < BATCH_HEADER_SIZE_BYTES) return ErrorCode.corruptMessage
  const attributes = bytes[at + BATCH_ATTRIBUTES_AT + 1] as number
  if (version < ZSTD_SINCE && (attributes & ATTRIBUTE_CODEC_MASK) === CODEC_ZSTD) {
    return ErrorCode.unsupportedCompressionType
  }
  if (hasAnotherBatch(bytes, at + batchBytes, sizeBytes - batchBytes)) return ErrorCode.invalidRecord
  // Offsets are the broker's to give: a producer counts from 0.
  if (int32(bytes, at) !== 0 || int32(bytes, at + 4) !== 0) return ErrorCode.invalidRecord
  // There is no transaction coordinator: an open transaction would hold back read_committed consumers for ever.
  if ((attributes & ATTRIBUTE_TRANSACTIONAL) !== 0) return ErrorCode.invalidTxnState
  check.sizeBytes = batchBytes
  return ErrorCode.none
}

function hasAnotherBatch(bytes: Uint8Array, at: number, sizeBytes: number): boolean {
  return sizeBytes >= BATCH_PREFIX_SIZE_BYTES && int32(bytes, at + BATCH_SIZE_AT) + BATCH_PREFIX_SIZE_BYTES <= sizeBytes
}

function int32(bytes: Uint8Array, at: number): number {
  return (
    ((bytes[at] as number) << 24) |
    ((bytes[at + 1] as number) << 16) |
    ((bytes[at + 2] as number) << 8) |
    (bytes[at + 3] as number)
  )
}
