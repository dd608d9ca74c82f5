// Judging a batch where it lies: it comes from a peer or a damaged disk, so every byte may be hostile. The answer is a
// verdict, never a trap, and nothing past the batch is read.                              hot: per batch

import {
  ATTRIBUTE_CODEC_MASK,
  BATCH_ATTRIBUTES_AT,
  BATCH_BASE_OFFSET_AT,
  BATCH_CRC_AT,
  BATCH_LAST_OFFSET_DELTA_AT,
  BATCH_LEADER_EPOCH_AT,
  BATCH_MAGIC_AT,
  BATCH_MAX_TIMESTAMP_AT,
  BATCH_PREFIX_SIZE_BYTES,
  BATCH_RECORDS_AT,
  BATCH_RECORD_COUNT_AT,
  BATCH_SIZE_AT,
  CODEC_LZ4,
  CODEC_NONE,
  CODEC_ZSTD,
  LEGACY_ATTRIBUTES_AT,
  LEGACY_CRC_AT,
} from '../src/model/batch-layout.ts'
import {
  KEYS_REQUIRED,
  TRUSTED,
  VERDICT_CHECKSUM_MISMATCH,
  VERDICT_KEY_MISSING,
  VERDICT_LEGACY,
  VERDICT_MALFORMED_RECORDS,
  VERDICT_OK,
  VERDICT_TRUNCATED,
  VERDICT_UNKNOWN_CODEC,
  WALK_RECORDS,
} from '../src/wasm/core-layout.ts'
import { crc32 } from './crc32.ts'
import { crc32c } from './crc32c.ts'
import { PREFIX_TO_MAGIC_BYTES, readHeader, readInt32 } from './header.ts'
import { forgetKeys, keyMissing, stepOver, stepOverAny } from './walk.ts'

/** Judges the first batch at `at` and leaves its header in the summary. `rules` are WALK_RECORDS and the like, added up. */
export function judgeBatch(at: usize, available: usize, rules: i32): i32 {
  const header = readHeader(at, available)
  if (header !== VERDICT_OK && header !== VERDICT_LEGACY) {
    // Numbers out of range are told only of bytes that are whole: a checksum may explain them.
    if (header !== VERDICT_MALFORMED_RECORDS) return header
  }
  const size: usize = <usize>readInt32(at + BATCH_SIZE_AT) + BATCH_PREFIX_SIZE_BYTES
  if (size > available) return VERDICT_TRUNCATED
  const verdict = load<i8>(at + BATCH_MAGIC_AT) < 2 ? judgeMessage(at, size, rules) : judgeFormat2(at, size, rules)
  return header === VERDICT_MALFORMED_RECORDS && verdict !== VERDICT_CHECKSUM_MISMATCH ? header : verdict
}

function judgeFormat2(at: usize, size: usize, rules: i32): i32 {
  if (!(rules & TRUSTED)) {
    const stored = bswap(load<u32>(at + BATCH_CRC_AT))
    if (crc32c(at + BATCH_ATTRIBUTES_AT, size - BATCH_ATTRIBUTES_AT) !== stored) return VERDICT_CHECKSUM_MISMATCH
  }
  const codec = <i32>load<u8>(at + BATCH_ATTRIBUTES_AT + 1) & ATTRIBUTE_CODEC_MASK
  if (codec > CODEC_ZSTD) return VERDICT_UNKNOWN_CODEC
  const count = readInt32(at + BATCH_RECORD_COUNT_AT)
  const lastOffsetDelta = readInt32(at + BATCH_LAST_OFFSET_DELTA_AT)
  if (count < 0 || lastOffsetDelta < 0) return VERDICT_MALFORMED_RECORDS
  if (!(rules & (WALK_RECORDS | KEYS_REQUIRED))) return VERDICT_OK
  // A client's batch has no holes; compacted ones have, but nobody walks those by these rules.
  if (count === 0 || lastOffsetDelta !== count - 1) return VERDICT_MALFORMED_RECORDS
  if (codec !== CODEC_NONE) return VERDICT_OK
  return walk(at + BATCH_RECORDS_AT, at + size, count, (rules & KEYS_REQUIRED) !== 0)
}

function walk(at: usize, end: usize, count: i32, keysRequired: bool): i32 {
  forgetKeys()
  for (let index = 0; index < count; index++) {
    let next = stepOver(at, end, index)
    if (next === 0) next = stepOverAny(at, end, index)
    if (next === 0) return VERDICT_MALFORMED_RECORDS
    at = next
  }
  if (at !== end) return VERDICT_MALFORMED_RECORDS
  return keysRequired && keyMissing ? VERDICT_KEY_MISSING : VERDICT_OK
}

/** Judges one message of format 0 or 1; a wrapper counts as one message. */
function judgeMessage(at: usize, size: usize, rules: i32): i32 {
  const magic = load<i8>(at + BATCH_MAGIC_AT)
  if (!(rules & TRUSTED)) {
    const stored = bswap(load<u32>(at + LEGACY_CRC_AT))
    if (crc32(at + BATCH_MAGIC_AT, size - BATCH_MAGIC_AT) !== stored) return VERDICT_CHECKSUM_MISMATCH
  }
  if (<i32>(load<u8>(at + LEGACY_ATTRIBUTES_AT) & ATTRIBUTE_CODEC_MASK) > CODEC_LZ4) return VERDICT_UNKNOWN_CODEC
  const end = at + size
  let next = at + LEGACY_ATTRIBUTES_AT + (magic === 0 ? 1 : 9)
  const keySize = readInt32(next)
  next += 4
  if (keySize < -1 || (keySize > 0 && <usize>keySize > end - next)) return VERDICT_MALFORMED_RECORDS
  if (keySize > 0) next += <usize>keySize
  if (end - next < 4) return VERDICT_MALFORMED_RECORDS
  const valueSize = readInt32(next)
  next += 4
  const expected: usize = valueSize > 0 ? <usize>valueSize : 0
  if (valueSize < -1 || end - next !== expected) return VERDICT_MALFORMED_RECORDS
  if (rules & KEYS_REQUIRED && keySize < 0) return VERDICT_KEY_MISSING
  return VERDICT_LEGACY
}

/** Restamps base offset and leader epoch; neither is covered by the checksum. */
export function stampOffsets(at: usize, baseOffset: f64, leaderEpoch: i32): void {
  store<u64>(at + BATCH_BASE_OFFSET_AT, bswap(<u64>(<i64>baseOffset)))
  store<u32>(at + BATCH_LEADER_EPOCH_AT, bswap(<u32>leaderEpoch))
}

/** Makes a format-2 batch log-append-time. */
export function stampAppendTime(at: usize, size: usize, timestampMs: f64): void {
  store<u8>(at + BATCH_ATTRIBUTES_AT + 1, load<u8>(at + BATCH_ATTRIBUTES_AT + 1) | 8)
  store<u64>(at + BATCH_MAX_TIMESTAMP_AT, bswap(<u64>(<i64>timestampMs)))
  store<u32>(at + BATCH_CRC_AT, bswap(crc32c(at + BATCH_ATTRIBUTES_AT, size - BATCH_ATTRIBUTES_AT)))
}

/** Bytes of whole batches at `at`, by their size fields alone. */
export function wholeBatchesSize(at: usize, size: usize): usize {
  let whole: usize = 0
  while (size - whole >= PREFIX_TO_MAGIC_BYTES) {
    const next = readInt32(at + whole + BATCH_SIZE_AT)
    if (next < 14 || <usize>next > size - whole - BATCH_PREFIX_SIZE_BYTES) break
    whole += <usize>next + BATCH_PREFIX_SIZE_BYTES
  }
  return whole
}
