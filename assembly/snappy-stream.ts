// Snappy as Kafka's Java client frames it (the "xerial" stream), or one raw block as other clients send it.
//
//   +--------------------+-----------+-----------+-- per block: -------------------+
//   | 82 S N A P P Y 00  | version 1 | compat. 1 | size int32 BE | raw snappy block |
//   +--------------------+-----------+-----------+---------------------------------+
//
// Streams may follow one another: a header where a block size is expected begins the next one.

import { CODEC_DAMAGED } from '../src/wasm/core-layout.ts'
import { snappyCompressBlock, snappyDecompressBlock, snappyUnpackedSize } from './snappy.ts'

/** The eight magic bytes, read as big-endian numbers. The first stands where a block size would be. */
const STREAM_MAGIC_HEAD: u32 = 0x82534e41
const STREAM_MAGIC_TAIL: u32 = 0x50505900
const STREAM_HEADER_SIZE_BYTES: usize = 16
const BLOCK_SIZE_BYTES: usize = 32768

function isStream(source: usize, size: usize): bool {
  if (size < STREAM_HEADER_SIZE_BYTES) return false
  return bswap(load<u32>(source)) === STREAM_MAGIC_HEAD && bswap(load<u32>(source, 4)) === STREAM_MAGIC_TAIL
}

/** Writes a stream of 32 KiB blocks. The target needs size + size/6, 36 bytes a block, 16 and slack. */
export function snappyCompress(source: usize, size: usize, target: usize): usize {
  const begin = target
  store<u32>(target, bswap(STREAM_MAGIC_HEAD))
  store<u32>(target, bswap(STREAM_MAGIC_TAIL), 4)
  store<u32>(target, bswap<u32>(1), 8)
  store<u32>(target, bswap<u32>(1), 12)
  target += STREAM_HEADER_SIZE_BYTES
  while (size > 0) {
    const block = size < BLOCK_SIZE_BYTES ? size : BLOCK_SIZE_BYTES
    const compressed = snappyCompressBlock(source, block, target + 4)
    store<u32>(target, bswap<u32>(<u32>compressed))
    target += compressed + 4
    source += block
    size -= block
  }
  return target - begin
}

/** What the bytes unpack to, by their own claim, or CODEC_DAMAGED. */
export function snappySizeBound(source: usize, size: usize): f64 {
  if (!isStream(source, size)) return <f64>snappyUnpackedSize(source, size)
  const end = source + size
  let at = source + STREAM_HEADER_SIZE_BYTES
  let bound: f64 = 0
  while (end - at >= 4) {
    const block = bswap<u32>(load<u32>(at))
    if (block === STREAM_MAGIC_HEAD && isStream(at, end - at)) {
      at += STREAM_HEADER_SIZE_BYTES
      continue
    }
    at += 4
    if (block > <u32>(end - at)) return CODEC_DAMAGED
    const unpacked = snappyUnpackedSize(at, block)
    if (unpacked < 0) return CODEC_DAMAGED
    bound += <f64>unpacked
    at += block
  }
  return at === end ? bound : <f64>CODEC_DAMAGED
}

/** Unpacks bytes from a peer into at most `capacity` bytes. Answers the size, CODEC_DAMAGED or CODEC_TOO_LARGE. */
export function snappyDecompress(source: usize, size: usize, target: usize, capacity: usize): i32 {
  if (!isStream(source, size)) return snappyDecompressBlock(source, size, target, capacity)
  const end = source + size
  let at = source + STREAM_HEADER_SIZE_BYTES
  let written: usize = 0
  while (end - at >= 4) {
    const block = bswap<u32>(load<u32>(at))
    if (block === STREAM_MAGIC_HEAD && isStream(at, end - at)) {
      at += STREAM_HEADER_SIZE_BYTES
      continue
    }
    at += 4
    if (block > <u32>(end - at)) return CODEC_DAMAGED
    const unpacked = snappyDecompressBlock(at, block, target + written, capacity - written)
    if (unpacked < 0) return unpacked
    written += <usize>unpacked
    at += block
  }
  return at === end ? <i32>written : CODEC_DAMAGED
}
