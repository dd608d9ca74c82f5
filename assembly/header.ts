// Batch headers of all three formats, read into the summary.                              hot: per batch

import {
  BATCH_ATTRIBUTES_AT,
  BATCH_BASE_OFFSET_AT,
  BATCH_BASE_SEQUENCE_AT,
  BATCH_BASE_TIMESTAMP_AT,
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
  LEGACY_ATTRIBUTES_AT,
  LEGACY_V0_OVERHEAD_BYTES,
  LEGACY_V1_OVERHEAD_BYTES,
} from '../src/model/batch-layout.ts'
import {
  SUMMARY_ATTRIBUTES,
  SUMMARY_BASE_OFFSET,
  SUMMARY_BASE_SEQUENCE,
  SUMMARY_BASE_TIMESTAMP,
  SUMMARY_LAST_OFFSET_DELTA,
  SUMMARY_LEADER_EPOCH,
  SUMMARY_MAGIC,
  SUMMARY_MAX_TIMESTAMP,
  SUMMARY_PRODUCER_EPOCH,
  SUMMARY_PRODUCER_ID,
  SUMMARY_RECORD_COUNT,
  SUMMARY_SIZE_BYTES,
  VERDICT_BAD_SIZE,
  VERDICT_LEGACY,
  VERDICT_MALFORMED_RECORDS,
  VERDICT_OK,
  VERDICT_TRUNCATED,
  VERDICT_UNKNOWN_MAGIC,
} from '../src/wasm/core-layout.ts'
import { scratchAt } from './scratch.ts'

/** First byte after offset, size, leader epoch (or crc) and magic: what tells the formats apart. */
export const PREFIX_TO_MAGIC_BYTES: usize = 17
const SAFE_INTEGER_MAX: i64 = 9007199254740991

export function readInt16(at: usize): i32 {
  return <i32>(<i16>bswap(load<u16>(at)))
}

export function readInt32(at: usize): i32 {
  return <i32>bswap(load<u32>(at))
}

export function readInt64(at: usize): i64 {
  return <i64>bswap(load<u64>(at))
}

/** The other side's numbers hold whole numbers up to 2^53-1; anything beyond no broker or client ever wrote. */
function fits(value: i64): bool {
  return value >= -SAFE_INTEGER_MAX && value <= SAFE_INTEGER_MAX
}

function put(field: i32, value: f64): void {
  store<f64>(scratchAt + ((<usize>field) << 3), value)
}

function readLegacyHeader(at: usize, available: usize, magic: i32): i32 {
  const overhead: usize = magic === 0 ? LEGACY_V0_OVERHEAD_BYTES : LEGACY_V1_OVERHEAD_BYTES
  if (available < overhead + BATCH_PREFIX_SIZE_BYTES) return VERDICT_TRUNCATED
  const timestamp: i64 = magic === 0 ? -1 : readInt64(at + LEGACY_ATTRIBUTES_AT + 1)
  put(SUMMARY_LEADER_EPOCH, -1)
  put(SUMMARY_ATTRIBUTES, load<u8>(at + LEGACY_ATTRIBUTES_AT))
  put(SUMMARY_LAST_OFFSET_DELTA, 0)
  put(SUMMARY_BASE_TIMESTAMP, <f64>timestamp)
  put(SUMMARY_MAX_TIMESTAMP, <f64>timestamp)
  put(SUMMARY_PRODUCER_ID, -1)
  put(SUMMARY_PRODUCER_EPOCH, -1)
  put(SUMMARY_BASE_SEQUENCE, -1)
  put(SUMMARY_RECORD_COUNT, 1)
  return fits(timestamp) && fits(readInt64(at)) ? VERDICT_LEGACY : VERDICT_MALFORMED_RECORDS
}

/** Smallest value that the size field of a batch with this magic may have. */
function smallestSize(magic: i32): i32 {
  if (magic === 0) return LEGACY_V0_OVERHEAD_BYTES
  if (magic === 1) return LEGACY_V1_OVERHEAD_BYTES
  return BATCH_HEADER_SIZE_BYTES - BATCH_PREFIX_SIZE_BYTES
}

/**
 * Reads the header at `at` into the summary without judging what follows it. The batch itself may reach past
 * `available`; the header may not.
 *
 * @returns ok, legacy, or what is wrong with the header
 */
export function readHeader(at: usize, available: usize): i32 {
  if (available < <usize>BATCH_PREFIX_SIZE_BYTES) return VERDICT_TRUNCATED
  const size = readInt32(at + BATCH_SIZE_AT)
  if (size < LEGACY_V0_OVERHEAD_BYTES || size > i32.MAX_VALUE - BATCH_PREFIX_SIZE_BYTES) return VERDICT_BAD_SIZE
  if (available < PREFIX_TO_MAGIC_BYTES) return VERDICT_TRUNCATED
  const magic = <i32>load<i8>(at + BATCH_MAGIC_AT)
  if (magic < 0 || magic > 2) return VERDICT_UNKNOWN_MAGIC
  if (size < smallestSize(magic)) return VERDICT_BAD_SIZE

  put(SUMMARY_BASE_OFFSET, <f64>readInt64(at + BATCH_BASE_OFFSET_AT))
  put(SUMMARY_SIZE_BYTES, size + BATCH_PREFIX_SIZE_BYTES)
  put(SUMMARY_MAGIC, magic)
  if (magic < 2) return readLegacyHeader(at, available, magic)
  if (available < <usize>BATCH_HEADER_SIZE_BYTES) return VERDICT_TRUNCATED

  const baseTimestamp = readInt64(at + BATCH_BASE_TIMESTAMP_AT)
  const maxTimestamp = readInt64(at + BATCH_MAX_TIMESTAMP_AT)
  const producerId = readInt64(at + BATCH_PRODUCER_ID_AT)
  put(SUMMARY_LEADER_EPOCH, readInt32(at + BATCH_LEADER_EPOCH_AT))
  put(SUMMARY_ATTRIBUTES, <i32>bswap(load<u16>(at + BATCH_ATTRIBUTES_AT)))
  put(SUMMARY_LAST_OFFSET_DELTA, readInt32(at + BATCH_LAST_OFFSET_DELTA_AT))
  put(SUMMARY_BASE_TIMESTAMP, <f64>baseTimestamp)
  put(SUMMARY_MAX_TIMESTAMP, <f64>maxTimestamp)
  put(SUMMARY_PRODUCER_ID, <f64>producerId)
  put(SUMMARY_PRODUCER_EPOCH, readInt16(at + BATCH_PRODUCER_EPOCH_AT))
  put(SUMMARY_BASE_SEQUENCE, readInt32(at + BATCH_BASE_SEQUENCE_AT))
  put(SUMMARY_RECORD_COUNT, readInt32(at + BATCH_RECORD_COUNT_AT))
  const numbersFit = fits(baseTimestamp) && fits(maxTimestamp) && fits(producerId) && fits(readInt64(at))
  return numbersFit ? VERDICT_OK : VERDICT_MALFORMED_RECORDS
}
