// LZ4 blocks: sequences of literals and matches.                                          hot: per block
//
//   +-------+----------------+----------+------------+----------------+
//   | token | more literal   | literals | distance   | more match     |    the last sequence ends after its literals
//   | L | M | size, L = 15   |          | 2 bytes LE | size, M = 15   |    a match is M + 4 bytes
//   +-------+----------------+----------+------------+----------------+
//
// The format asks writers that the last five bytes are literals and no match begins in the last twelve.

import { SCRATCH_WORK_AT } from '../src/wasm/core-layout.ts'
import { agreeing, copy16, copyMatch, copyStrides } from './copy.ts'
import { scratchAt } from './scratch.ts'

const LAST_LITERALS: usize = 5
const MATCH_FREE_END: usize = 12
const MATCH_SMALLEST: usize = 4
const HASH_BITS: u32 = 13
const HASH_TABLE_SIZE_BYTES: usize = 2 << 13
/** After this many misses (a power of two) the search begins to skip, so that incompressible bytes pass quickly. */
const SKIP_AFTER_BITS: u32 = 6

function hash(word: u32): usize {
  return (<usize>((word * 2654435761) >>> (32 - HASH_BITS))) << 1
}

function putSize(target: usize, rest: usize): usize {
  while (rest >= 255) {
    store<u8>(target, 255)
    target += 1
    rest -= 255
  }
  store<u8>(target, <u8>rest)
  return target + 1
}

function putLiterals(target: usize, from: usize, size: usize, matchCode: u32): usize {
  store<u8>(target, <u8>(((size < 15 ? <u32>size : 15) << 4) | matchCode))
  target += 1
  if (size >= 15) target = putSize(target, size - 15)
  copyStrides(target, from, size)
  return target + size
}

/**
 * Compresses one block of at most 64 KiB. The target needs room for size + size/255 + 16 bytes and slack.
 *
 * @returns bytes written
 */
export function lz4CompressBlock(source: usize, size: usize, target: usize): usize {
  const table = scratchAt + SCRATCH_WORK_AT
  const end = source + size
  const begin = target
  let anchor = source
  if (size > MATCH_FREE_END) {
    const matchEnd = end - LAST_LITERALS
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
      let from = candidate
      while (at > anchor && from > source && load<u8>(at - 1) === load<u8>(from - 1)) {
        at -= 1
        from -= 1
      }
      const matched = agreeing(at + MATCH_SMALLEST, from + MATCH_SMALLEST, matchEnd)
      target = putLiterals(target, anchor, at - anchor, matched < 15 ? <u32>matched : 15)
      store<u16>(target, <u16>(at - from))
      target += 2
      if (matched >= 15) target = putSize(target, matched - 15)
      at += matched + MATCH_SMALLEST
      anchor = at
      if (at < searchEnd) store<u16>(table + hash(load<u32>(at - 2)), <u16>(at - 2 - source))
    }
  }
  return putLiterals(target, anchor, end - anchor, 0) - begin
}

/**
 * Decompresses one block from a peer.
 *
 * @param targetEnd nothing but slack is written from here on
 * @param history lowest address that a match may reach back to
 * @returns where the output ends, or 0 when the block is damaged
 */
export function lz4DecompressBlock(
  source: usize,
  sourceEnd: usize,
  target: usize,
  targetEnd: usize,
  history: usize,
): usize {
  while (source < sourceEnd) {
    const token: u32 = load<u8>(source)
    source += 1
    let size: usize = token >>> 4
    if (size === 15) {
      let more: usize = 255
      while (more === 255) {
        if (source >= sourceEnd) return 0
        more = load<u8>(source)
        source += 1
        size += more
      }
    }
    if (size > sourceEnd - source || size > targetEnd - target) return 0
    // Most literals are few: one stride without a loop.
    if (size <= 16) copy16(target, source)
    else copyStrides(target, source, size)
    source += size
    target += size
    if (source === sourceEnd) return target

    if (sourceEnd - source < 2) return 0
    const distance: usize = load<u16>(source)
    source += 2
    if (distance === 0 || distance > target - history) return 0
    size = <usize>(token & 15) + MATCH_SMALLEST
    if (size === 15 + MATCH_SMALLEST) {
      let more: usize = 255
      while (more === 255) {
        if (source >= sourceEnd) return 0
        more = load<u8>(source)
        source += 1
        size += more
      }
    }
    if (size > targetEnd - target) return 0
    if (size <= 32 && distance >= 16) {
      copy16(target, target - distance)
      copy16(target + 16, target + 16 - distance)
    } else copyMatch(target, distance, size)
    target += size
  }
  // A block ends with literals, hence inside the loop.
  return 0
}
