// Snappy: a varint with the unpacked size, then literals and copies.                       hot: per block
//
//   tag & 3:  0 literal   size - 1 in the upper six bits, or 60…63: one to four bytes with it follow
//             1 copy      size - 4 in bits 2…4, distance: bits 5…7 above one byte
//             2 copy      size - 1 in the upper six bits, distance in two bytes LE
//             3 copy      the same with four bytes

import { CODEC_DAMAGED, CODEC_TOO_LARGE, SCRATCH_WORK_AT } from '../src/wasm/core-layout.ts'
import { agreeing, copy16, copyMatch, copyStrides } from './copy.ts'
import { scratchAt } from './scratch.ts'

const HASH_BITS: u32 = 14
const HASH_TABLE_SIZE_BYTES: usize = 2 << 14
const SKIP_AFTER_BITS: u32 = 5
/** No match begins in the last bytes, so that words may be read without looking for the end. */
const MATCH_FREE_END: usize = 15

/** Where the varint before the data ended; set by `snappyUnpackedSize`. */
let dataAt: usize = 0

function hash(word: u32): usize {
  return (<usize>((word * 0x1e35a7bd) >>> (32 - HASH_BITS))) << 1
}

function putLiteral(target: usize, from: usize, size: usize): usize {
  const code: u32 = <u32>size - 1
  if (code < 60) {
    store<u8>(target, <u8>(code << 2))
    target += 1
  } else if (code < 256) {
    store<u8>(target, 60 << 2)
    store<u8>(target, <u8>code, 1)
    target += 2
  } else {
    store<u8>(target, 61 << 2)
    store<u16>(target, <u16>code, 1)
    target += 3
  }
  copyStrides(target, from, size)
  return target + size
}

function putCopy(target: usize, distance: u32, size: usize): usize {
  // A rest of four at least keeps every piece long enough for the short form.
  while (size >= 68) {
    store<u8>(target, (63 << 2) | 2)
    store<u16>(target, <u16>distance, 1)
    target += 3
    size -= 64
  }
  if (size > 64) {
    store<u8>(target, (59 << 2) | 2)
    store<u16>(target, <u16>distance, 1)
    target += 3
    size -= 60
  }
  if (size < 12 && distance < 2048) {
    store<u8>(target, <u8>(((distance >>> 8) << 5) | ((<u32>size - 4) << 2) | 1))
    store<u8>(target, <u8>distance, 1)
    return target + 2
  }
  store<u8>(target, <u8>(((<u32>size - 1) << 2) | 2))
  store<u16>(target, <u16>distance, 1)
  return target + 3
}

/**
 * Compresses at most 64 KiB. The target needs room for size + size/6 + 32 bytes and slack.
 *
 * @returns bytes written
 */
export function snappyCompressBlock(source: usize, size: usize, target: usize): usize {
  const begin = target
  let rest = <u32>size
  while (rest >= 0x80) {
    store<u8>(target, <u8>(rest | 0x80))
    rest >>>= 7
    target += 1
  }
  store<u8>(target, <u8>rest)
  target += 1

  const table = scratchAt + SCRATCH_WORK_AT
  const end = source + size
  let anchor = source
  if (size > MATCH_FREE_END) {
    const searchEnd = end - MATCH_FREE_END
    memory.fill(table, 0, HASH_TABLE_SIZE_BYTES)
    let at = source + 1
    let misses: u32 = 1 << SKIP_AFTER_BITS
    while (at < searchEnd) {
      const slot = table + hash(load<u32>(at))
      const candidate = source + <usize>load<u16>(slot)
      store<u16>(slot, <u16>(at - source))
      if (load<u32>(candidate) !== load<u32>(at) || candidate >= at) {
        at += <usize>(misses >>> SKIP_AFTER_BITS)
        misses += 1
        continue
      }
      misses = 1 << SKIP_AFTER_BITS
      if (at > anchor) target = putLiteral(target, anchor, at - anchor)
      const matched = agreeing(at + 4, candidate + 4, end) + 4
      target = putCopy(target, <u32>(at - candidate), matched)
      at += matched
      anchor = at
      if (at < searchEnd) store<u16>(table + hash(load<u32>(at - 1)), <u16>(at - 1 - source))
    }
  }
  if (anchor < end) target = putLiteral(target, anchor, end - anchor)
  return target - begin
}

/** Unpacked size that a raw snappy block announces, or CODEC_DAMAGED. */
export function snappyUnpackedSize(source: usize, size: usize): i32 {
  const end = source + size
  let unpacked: u32 = 0
  let shift: u32 = 0
  while (source < end && shift < 32) {
    const byte: u32 = load<u8>(source)
    source += 1
    if (shift === 28 && byte > 7) return CODEC_DAMAGED
    unpacked |= (byte & 0x7f) << shift
    shift += 7
    if (byte < 0x80) {
      dataAt = source
      return <i32>unpacked
    }
  }
  return CODEC_DAMAGED
}

/** Unpacks one raw block from a peer. Answers its size, CODEC_DAMAGED or CODEC_TOO_LARGE. */
export function snappyDecompressBlock(source: usize, size: usize, target: usize, capacity: usize): i32 {
  const unpacked = snappyUnpackedSize(source, size)
  if (unpacked < 0) return CODEC_DAMAGED
  if (<usize>unpacked > capacity) return CODEC_TOO_LARGE
  const begin = target
  const sourceEnd = source + size
  const targetEnd = target + <usize>unpacked
  let at = dataAt
  while (at < sourceEnd) {
    const tag: u32 = load<u8>(at)
    at += 1
    let length: usize = tag >>> 2
    if ((tag & 3) === 0) {
      if (length >= 60) {
        const extra: usize = length - 59
        if (extra > sourceEnd - at) return CODEC_DAMAGED
        length = 0
        for (let index: usize = 0; index < extra; index++) length |= (<usize>load<u8>(at + index)) << (index << 3)
        at += extra
      }
      // Compared before the one is added, which might wrap.
      if (length >= sourceEnd - at || length >= targetEnd - target) return CODEC_DAMAGED
      length += 1
      if (length <= 16) copy16(target, at)
      else copyStrides(target, at, length)
      at += length
      target += length
      continue
    }
    let distance: usize = 0
    if ((tag & 3) === 1) {
      if (sourceEnd - at < 1) return CODEC_DAMAGED
      distance = ((<usize>(tag >>> 5)) << 8) | <usize>load<u8>(at)
      length = (length & 7) + 4
      at += 1
    } else if ((tag & 3) === 2) {
      if (sourceEnd - at < 2) return CODEC_DAMAGED
      distance = load<u16>(at)
      length += 1
      at += 2
    } else {
      if (sourceEnd - at < 4) return CODEC_DAMAGED
      distance = load<u32>(at)
      length += 1
      at += 4
    }
    if (distance === 0 || distance > target - begin || length > targetEnd - target) return CODEC_DAMAGED
    if (length <= 16 && distance >= 16) copy16(target, target - distance)
    else copyMatch(target, distance, length)
    target += length
  }
  return target === targetEnd ? unpacked : CODEC_DAMAGED
}
