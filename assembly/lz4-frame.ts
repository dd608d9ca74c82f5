// LZ4 frames, as Kafka's Java client writes and reads them.
//
//   +------------+-------+----+---------+----------+--------+-- per block: --------------------+-----------+
//   | 0x184D2204 | flags | BD | content | (dict id)| header | size (top bit: stored) | data    | 0         |
//   | LE         |       |    | size, 8 | refused  | check  | (block checksum, 4)              | (checksum)|
//   +------------+-------+----+---------+----------+--------+----------------------------------+-----------+
//
// The header check is the second byte of an xxHash of flags…content size. Message format 0 is different: its writers hash
// the four magic bytes too, and its readers do not look. A checksum of the content is stepped over, as Kafka does.

import { CODEC_DAMAGED, CODEC_TOO_LARGE } from '../src/wasm/core-layout.ts'
import { lz4CompressBlock, lz4DecompressBlock } from './lz4.ts'
import { xxhash32 } from './xxhash32.ts'

const FRAME_MAGIC: u32 = 0x184d2204
const FLAGS_VERSION: u32 = 0x40
const FLAGS_VERSION_MASK: u32 = 0xc0
const FLAG_INDEPENDENT: u32 = 0x20
const FLAG_BLOCK_CHECKSUM: u32 = 0x10
const FLAG_CONTENT_SIZE: u32 = 0x08
const FLAGS_REFUSED: u32 = 0x03
const BLOCK_64_KIB: u32 = 0x40
const BLOCK_SIZE_BYTES: usize = 65536
const STORED: u32 = 0x80000000

/** Writes a frame of independent 64 KiB blocks. The target needs `size` plus 4 bytes a block, plus slack. */
export function lz4Compress(source: usize, size: usize, target: usize, isFormat0: bool): usize {
  const begin = target
  store<u32>(target, FRAME_MAGIC)
  store<u8>(target, <u8>(FLAGS_VERSION | FLAG_INDEPENDENT), 4)
  store<u8>(target, <u8>BLOCK_64_KIB, 5)
  const check = isFormat0 ? xxhash32(target, 6) : xxhash32(target + 4, 2)
  store<u8>(target, <u8>(check >>> 8), 6)
  target += 7
  while (size > 0) {
    const block = size < BLOCK_SIZE_BYTES ? size : BLOCK_SIZE_BYTES
    const compressed = lz4CompressBlock(source, block, target + 4)
    if (compressed < block) {
      store<u32>(target, <u32>compressed)
      target += compressed + 4
    } else {
      store<u32>(target, <u32>block | STORED)
      memory.copy(target + 4, source, block)
      target += block + 4
    }
    source += block
    size -= block
  }
  store<u32>(target, 0)
  return target + 4 - begin
}

/** Checks the header of a frame. Answers where its blocks begin, or 0 when it is no frame that we read. */
function afterHeader(source: usize, end: usize, isFormat0: bool): usize {
  if (end - source < 7 || load<u32>(source) !== FRAME_MAGIC) return 0
  const flags: u32 = load<u8>(source, 4)
  const blockSizeCode: u32 = load<u8>(source, 5)
  if ((flags & FLAGS_VERSION_MASK) !== FLAGS_VERSION || (flags & FLAGS_REFUSED) !== 0) return 0
  if ((blockSizeCode & 0x8f) !== 0 || blockSizeCode < BLOCK_64_KIB) return 0
  const hashed: usize = flags & FLAG_CONTENT_SIZE ? 10 : 2
  if (end - source < 4 + hashed + 1) return 0
  const check: u32 = load<u8>(source + 4 + hashed)
  if (!isFormat0 && check !== ((xxhash32(source + 4, hashed) >>> 8) & 0xff)) return 0
  return source + 4 + hashed + 1
}

/** Most bytes that a block of this frame may hold: 64 KiB, 256 KiB, 1 MiB or 4 MiB. */
function blockSizeMax(source: usize): usize {
  return (<usize>1) << (8 + 2 * (<usize>load<u8>(source, 5) >> 4))
}

/** An upper bound of what the frame unpacks to, or CODEC_DAMAGED. */
export function lz4SizeBound(source: usize, size: usize, isFormat0: bool): f64 {
  const end = source + size
  const trailer: usize = load<u8>(source, 4) & FLAG_BLOCK_CHECKSUM ? 4 : 0
  const blockMax = blockSizeMax(source)
  let bound: f64 = 0
  let at = afterHeader(source, end, isFormat0)
  if (at === 0) return CODEC_DAMAGED
  while (end - at >= 4) {
    const field = load<u32>(at)
    if (field === 0) return bound
    const block: usize = field & ~STORED
    at += 4
    if (block > end - at || end - at - block < trailer) return CODEC_DAMAGED
    at += block + trailer
    // One byte of a compressed block makes at most 255 bytes.
    const most: f64 = field & STORED ? <f64>block : Math.min(<f64>block * 255, <f64>blockMax)
    bound += most
  }
  return CODEC_DAMAGED
}

/** Unpacks a frame from a peer into at most `capacity` bytes. Answers the size, CODEC_DAMAGED or CODEC_TOO_LARGE. */
export function lz4Decompress(source: usize, size: usize, target: usize, capacity: usize, isFormat0: bool): i32 {
  const end = source + size
  const begin = target
  const limit = target + capacity
  let at = afterHeader(source, end, isFormat0)
  if (at === 0) return CODEC_DAMAGED
  const flags: u32 = load<u8>(source, 4)
  const blockMax = blockSizeMax(source)
  const trailer: usize = flags & FLAG_BLOCK_CHECKSUM ? 4 : 0
  while (end - at >= 4) {
    const field = load<u32>(at)
    if (field === 0) return <i32>(target - begin)
    const block: usize = field & ~STORED
    at += 4
    if (block > blockMax || block > end - at || end - at - block < trailer) return CODEC_DAMAGED
    if (trailer && load<u32>(at + block) !== xxhash32(at, block)) return CODEC_DAMAGED
    const room = min(blockMax, limit - target)
    if (field & STORED) {
      if (block > room) return CODEC_TOO_LARGE
      memory.copy(target, at, block)
      target += block
    } else {
      const history = flags & FLAG_INDEPENDENT ? target : begin
      target = lz4DecompressBlock(at, at + block, target, target + room, history)
      if (target === 0) return room < blockMax ? CODEC_TOO_LARGE : CODEC_DAMAGED
    }
    at += block + trailer
  }
  return CODEC_DAMAGED
}
