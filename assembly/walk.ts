// Stepping over one record while judging a batch.                                         hot: per record
//
// Nearly every record has sizes of at most three bytes, a time within minutes of the first, an offset delta written as
// short as can be, and no headers. `stepOver` knows only those and says 0 to anything else, sound or not; `stepOverAny`
// then reads it properly. Together they accept exactly what the latter would: a test compares them with a plain twin.

import { offsetDelta, readRecordHead, recordEnd, skipHeaders, skipSized } from './records.ts'
import { varint } from './varint.ts'

/** Set when a record without key was stepped over. Cleared by whoever begins a walk. */
export let keyMissing: bool = false

export function forgetKeys(): void {
  keyMissing = false
}

/** Most bytes before a key: size, attributes, time, offset, key size, three each at most. */
const HEAD_SIZE_BYTES_MAX: usize = 16

/** Answers where the record at `at` ends, if it is one of the plain ones, else 0. */
export function stepOver(at: usize, end: usize, index: i32): usize {
  if (end - at < HEAD_SIZE_BYTES_MAX) return 0
  let size: u32 = load<u8>(at)
  at += 1
  if (size >= 0x80) {
    size = (size & 0x7f) | ((<u32>load<u8>(at)) << 7)
    at += 1
    if (size >= 0x4000) {
      size = (size & 0x3fff) | ((<u32>load<u8>(at)) << 14)
      at += 1
      if (size >= 0x200000) return 0
    }
  }
  if (size & 1 || <usize>(size >>> 1) > end - at) return 0
  const recordEndsAt = at + <usize>(size >>> 1)

  at += 2
  if (load<u8>(at - 1) >= 0x80) {
    at += 1
    if (load<u8>(at - 1) >= 0x80) {
      at += 1
      if (load<u8>(at - 1) >= 0x80) return 0
    }
  }
  const delta: u32 = (<u32>index) << 1
  if (delta < 0x80) {
    if (load<u8>(at) !== <u8>delta) return 0
    at += 1
  } else {
    if (delta >= 0x4000 || load<u16>(at) !== <u16>((delta & 0x7f) | 0x80 | ((delta >>> 7) << 8))) return 0
    at += 2
  }

  let keySize: u32 = load<u8>(at)
  at += 1
  if (keySize >= 0x80) {
    keySize = (keySize & 0x7f) | ((<u32>load<u8>(at)) << 7)
    at += 1
    if (keySize >= 0x4000) return 0
  }
  const isKeyless = keySize === 1
  if (!isKeyless) {
    if (keySize & 1) return 0
    at += <usize>(keySize >>> 1)
  }
  // Three bytes of a value's size and the count of headers.
  if (at > end || end - at < 4) return 0
  let valueSize: u32 = load<u8>(at)
  at += 1
  if (valueSize >= 0x80) {
    valueSize = (valueSize & 0x7f) | ((<u32>load<u8>(at)) << 7)
    at += 1
    if (valueSize >= 0x4000) {
      valueSize = (valueSize & 0x3fff) | ((<u32>load<u8>(at)) << 14)
      at += 1
      if (valueSize >= 0x200000) return 0
    }
  }
  if (valueSize !== 1) {
    if (valueSize & 1) return 0
    at += <usize>(valueSize >>> 1)
  }
  if (at + 1 !== recordEndsAt || load<u8>(at) !== 0) return 0
  if (isKeyless) keyMissing = true
  return recordEndsAt
}

/** Answers where the record at `at` ends, whatever it looks like, or 0 when it is damaged. */
export function stepOverAny(at: usize, end: usize, index: i32): usize {
  at = readRecordHead(at, end)
  if (at === 0 || offsetDelta !== index) return 0
  const recordEndsAt = recordEnd
  at = skipSized(at, recordEndsAt, -1)
  if (at === 0) return 0
  const isKeyless = varint < 0
  at = skipSized(at, recordEndsAt, -1)
  if (at === 0) return 0
  at = skipHeaders(at, recordEndsAt)
  if (at === 0 || at !== recordEndsAt) return 0
  if (isKeyless) keyMissing = true
  return at
}
