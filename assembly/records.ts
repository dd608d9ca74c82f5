// Records of an uncompressed format-2 batch.                                             hot: per record
//
//   +--------+-------+-----------+--------+---------+-----+---------+-------+--------+---------------------------+
//   | size   | attri-| timestamp | offset | key     | key | value   | value | header | per header: key size, key,|
//   | varint | butes | delta     | delta  | size, -1|     | size, -1|       | count  | value size or -1, value   |
//   +--------+-------+-----------+--------+---------+-----+---------+-------+--------+---------------------------+
//            |<------------------------------- size bytes ------------------------------------------------------->|

import { readVarint, readVarlong, varint } from './varint.ts'

/** What the last `readRecordHead` found. */
export let recordEnd: usize = 0
export let timestampDelta: i64 = 0
export let offsetDelta: i32 = 0

/**
 * Reads size, attributes and deltas of the record at `at`.
 *
 * @returns the position of the key size, or 0 when the record is damaged
 */
export function readRecordHead(at: usize, end: usize): usize {
  at = readVarint(at, end)
  if (at === 0) return 0
  if (varint < 0 || <u64>varint > <u64>(end - at)) return 0
  recordEnd = at + <usize>varint
  // One byte of attributes that nobody uses.
  at = readVarlong(at + 1, recordEnd)
  if (at === 0) return 0
  timestampDelta = varint
  at = readVarint(at, recordEnd)
  if (at === 0) return 0
  offsetDelta = <i32>varint
  return at
}

/**
 * Steps over a size and that many bytes. `varint` keeps the size.
 *
 * @param smallest -1 where the field may be null, else 0
 * @returns the position after it, or 0 when it is damaged
 */
export function skipSized(at: usize, end: usize, smallest: i64): usize {
  at = readVarint(at, end)
  if (at === 0) return 0
  if (varint < smallest) return 0
  if (varint < 0) return at
  if (<u64>varint > <u64>(end - at)) return 0
  return at + <usize>varint
}

/** Steps over the headers of a record. */
export function skipHeaders(at: usize, end: usize): usize {
  at = readVarint(at, end)
  if (at === 0) return 0
  // Every header takes two bytes at least, which bounds a hostile count before the loop does.
  if (varint < 0 || <u64>varint > <u64>(end - at)) return 0
  let left = <i32>varint
  while (left > 0) {
    at = skipSized(at, end, 0)
    if (at === 0) return 0
    at = skipSized(at, end, -1)
    if (at === 0) return 0
    left -= 1
  }
  return at
}
