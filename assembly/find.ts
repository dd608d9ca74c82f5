// Looking for an offset or a timestamp.                                                    hot: per fetch

import {
  ATTRIBUTE_CODEC_MASK,
  ATTRIBUTE_LOG_APPEND_TIME,
  BATCH_ATTRIBUTES_AT,
  BATCH_BASE_TIMESTAMP_AT,
  BATCH_LAST_OFFSET_DELTA_AT,
  BATCH_MAGIC_AT,
  BATCH_MAX_TIMESTAMP_AT,
  BATCH_PREFIX_SIZE_BYTES,
  BATCH_RECORDS_AT,
  BATCH_RECORD_COUNT_AT,
  BATCH_SIZE_AT,
  LEGACY_ATTRIBUTES_AT,
} from '../src/model/batch-layout.ts'
import { SUMMARY_FOUND_OFFSET, SUMMARY_FOUND_TIMESTAMP, VERDICT_LEGACY, VERDICT_OK } from '../src/wasm/core-layout.ts'
import { readHeader, readInt32, readInt64 } from './header.ts'
import { offsetDelta, readRecordHead, recordEnd, timestampDelta } from './records.ts'
import { scratchAt } from './scratch.ts'

/** Last offset of a batch; a legacy wrapper carries its last offset where format 2 has the first. */
function lastOffset(at: usize): i64 {
  const base = readInt64(at)
  return load<i8>(at + BATCH_MAGIC_AT) < 2 ? base : base + <i64>readInt32(at + BATCH_LAST_OFFSET_DELTA_AT)
}

/** Distance from `at` to the batch that holds `offset` or the first after it, -1 when none begins here. */
export function findOffset(at: usize, size: usize, offset: f64): i32 {
  const wanted = <i64>offset
  let passed: usize = 0
  while (passed < size) {
    const verdict = readHeader(at + passed, size - passed)
    if (verdict !== VERDICT_OK && verdict !== VERDICT_LEGACY) return -1
    if (lastOffset(at + passed) >= wanted) return <i32>passed
    passed += <usize>readInt32(at + passed + BATCH_SIZE_AT) + BATCH_PREFIX_SIZE_BYTES
  }
  return -1
}

function found(offset: i64, timestamp: i64): i32 {
  store<f64>(scratchAt + ((<usize>SUMMARY_FOUND_OFFSET) << 3), <f64>offset)
  store<f64>(scratchAt + ((<usize>SUMMARY_FOUND_TIMESTAMP) << 3), <f64>timestamp)
  return 1
}

/** First record at or after `timestamp` in the uncompressed batch at `at`: 1 and the summary's found fields, or 0. */
export function findTimestamp(at: usize, size: usize, timestamp: f64): i32 {
  const wanted = <i64>timestamp
  const verdict = readHeader(at, size)
  if (verdict !== VERDICT_OK && verdict !== VERDICT_LEGACY) return 0
  const whole = <usize>readInt32(at + BATCH_SIZE_AT) + BATCH_PREFIX_SIZE_BYTES
  if (whole > size) return 0
  const base = readInt64(at)
  if (verdict === VERDICT_LEGACY) {
    if (load<i8>(at + BATCH_MAGIC_AT) === 0) return 0
    const own = readInt64(at + LEGACY_ATTRIBUTES_AT + 1)
    return own >= wanted ? found(base, own) : 0
  }
  const attributes = <i32>load<u8>(at + BATCH_ATTRIBUTES_AT + 1)
  if (attributes & ATTRIBUTE_CODEC_MASK) return 0
  const appendTime = (attributes & ATTRIBUTE_LOG_APPEND_TIME) !== 0
  const first = appendTime ? readInt64(at + BATCH_MAX_TIMESTAMP_AT) : readInt64(at + BATCH_BASE_TIMESTAMP_AT)
  const end = at + whole
  let next: usize = at + BATCH_RECORDS_AT
  for (let left = readInt32(at + BATCH_RECORD_COUNT_AT); left > 0; left--) {
    if (readRecordHead(next, end) === 0) return 0
    const own = appendTime ? first : first + timestampDelta
    if (own >= wanted) return found(base + <i64>offsetDelta, own)
    next = recordEnd
  }
  return 0
}
