import { assert } from '../base/assert.ts'
import type { Compression } from '../io/ports.ts'
import { CODEC_GZIP, CODEC_LZ4, CODEC_NONE, CODEC_SNAPPY, CODEC_ZSTD } from '../model/batch-layout.ts'
import { type CodecSpace, SPACE_AT } from './codec-space.ts'
import { CODEC_SLACK_BYTES } from './core-layout.ts'

const SNAPPY_BLOCK_SIZE_BYTES = 32 * 1024

/**
 * Room that the compressed form of `sizeBytes` bytes may take, whatever the codec: snappy's worst case is a sixth
 * more, and each of its blocks has a size and a varint before it.
 */
function compressedSizeBound(sizeBytes: number): number {
  const blocks = Math.ceil(sizeBytes / SNAPPY_BLOCK_SIZE_BYTES)
  return sizeBytes + Math.ceil(sizeBytes / 6) + blocks * 64 + 1024
}

/**
 * Compresses bytes that lie in the space into another part of it, which is reserved here.
 *
 * @param isFormat0 whether the bytes go into a message of format 0, whose lz4 frames are different
 * @returns bytes written at `targetAt`
 */
export function compressWithin(
  space: CodecSpace,
  compression: Compression,
  codec: number,
  at: number,
  sizeBytes: number,
  targetAt: number,
  level: number,
  isFormat0: boolean,
): number {
  const bound = compressedSizeBound(sizeBytes)
  assert(targetAt >= at + sizeBytes + CODEC_SLACK_BYTES, 'input and output do not overlap')
  assert(space.reserve(targetAt - SPACE_AT + bound), 'what we compress ourselves fits the space')
  if (codec === CODEC_SNAPPY) return space.exports.snappyCompress(at, sizeBytes, targetAt)
  if (codec === CODEC_LZ4) return space.exports.lz4Compress(at, sizeBytes, targetAt, isFormat0 ? 1 : 0)
  const input = space.bytes.subarray(at, at + sizeBytes)
  const output = codec === CODEC_GZIP ? compression.gzip(input, level) : compression.zstd(input, level)
  assert(output.length <= bound, 'a codec stays within its bound')
  space.put(output, targetAt)
  return output.length
}

/** Compresses ordinary bytes. */
export function compressBytes(
  space: CodecSpace,
  compression: Compression,
  codec: number,
  bytes: Uint8Array,
  level: number,
  isFormat0: boolean,
): Uint8Array {
  assert(codec >= CODEC_NONE && codec <= CODEC_ZSTD, 'the codec is known')
  if (codec === CODEC_NONE) return bytes.slice()
  if (codec === CODEC_GZIP) return compression.gzip(bytes, level)
  if (codec === CODEC_ZSTD) return compression.zstd(bytes, level)
  assert(space.reserve(bytes.length), 'what we compress ourselves fits the space')
  space.put(bytes, SPACE_AT)
  const targetAt = SPACE_AT + bytes.length + CODEC_SLACK_BYTES
  const size = compressWithin(space, compression, codec, SPACE_AT, bytes.length, targetAt, level, isFormat0)
  const output = space.take(targetAt, size)
  space.release()
  return output
}

/**
 * Unpacks bytes from a peer.
 *
 * @param sizeBytesMax most that may come out
 * @returns undefined when damaged, of an unknown codec, or larger
 */
export function decompressBytes(
  space: CodecSpace,
  compression: Compression,
  codec: number,
  bytes: Uint8Array,
  sizeBytesMax: number,
  isFormat0: boolean,
): Uint8Array | undefined {
  if (codec === CODEC_NONE) return bytes.length <= sizeBytesMax ? bytes : undefined
  if (codec === CODEC_GZIP) return compression.gunzip(bytes, sizeBytesMax)
  if (codec === CODEC_ZSTD) return compression.unzstd(bytes, sizeBytesMax)
  if (codec !== CODEC_SNAPPY && codec !== CODEC_LZ4) return undefined
  const output = unpackWithin(space, codec, bytes, sizeBytesMax, isFormat0 ? 1 : 0)
  space.release()
  return output
}

function unpackWithin(
  space: CodecSpace,
  codec: number,
  bytes: Uint8Array,
  sizeBytesMax: number,
  isFormat0: number,
): Uint8Array | undefined {
  const size = bytes.length
  if (!space.reserve(size)) return undefined
  space.put(bytes, SPACE_AT)
  const bound =
    codec === CODEC_SNAPPY
      ? space.exports.snappySizeBound(SPACE_AT, size)
      : space.exports.lz4SizeBound(SPACE_AT, size, isFormat0)
  if (bound < 0) return undefined
  const capacity = Math.min(bound, sizeBytesMax)
  const targetAt = SPACE_AT + size + CODEC_SLACK_BYTES
  if (!space.reserve(size + CODEC_SLACK_BYTES + capacity)) return undefined
  const unpacked =
    codec === CODEC_SNAPPY
      ? space.exports.snappyDecompress(SPACE_AT, size, targetAt, capacity)
      : space.exports.lz4Decompress(SPACE_AT, size, targetAt, capacity, isFormat0)
  return unpacked < 0 ? undefined : space.take(targetAt, unpacked)
}
