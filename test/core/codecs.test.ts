import fc from 'fast-check'
import { compressFrameSync, decompressFrameSync } from 'lz4-napi'
import { compressSync, uncompressSync } from 'snappy'
import { describe, expect, test } from 'vitest'
import { nodeCompression } from '../../src/io/node/compression.ts'
import { loadCoreBuild } from '../../src/io/node/core-module.ts'
import { CODEC_GZIP, CODEC_LZ4, CODEC_SNAPPY, CODEC_ZSTD } from '../../src/model/batch-layout.ts'
import { CodecSpace, SPACE_AT } from '../../src/wasm/codec-space.ts'
import { compressBytes, decompressBytes } from '../../src/wasm/codecs.ts'
import { BUILDS, codecOf, type FrameVector, fromHex, readVectors } from './support.ts'

const SIZE_BYTES_MAX = 4 * 1024 * 1024

/** Bytes with runs, repeats near and far, and noise: each piece is copied from somewhere before or made up. */
const mixedBytes = fc
  .array(
    fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc.record({ back: fc.nat(70_000), size: fc.nat(3000) }),
      fc.record({ byte: fc.nat(255), size: fc.nat(700) }),
    ),
    { maxLength: 60 },
  )
  .map((pieces) => {
    const bytes: number[] = []
    for (const piece of pieces) {
      if (piece instanceof Uint8Array) bytes.push(...piece)
      else if ('byte' in piece) for (let left = piece.size; left > 0; left--) bytes.push(piece.byte)
      else
        for (let left = piece.size; left > 0; left--) bytes.push(bytes[Math.max(0, bytes.length - 1 - piece.back)] ?? 7)
    }
    return new Uint8Array(bytes)
  })

function noise(sizeBytes: number): Uint8Array {
  const bytes = new Uint8Array(sizeBytes)
  let state = 1
  for (let at = 0; at < sizeBytes; at++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0
    bytes[at] = state >>> 16
  }
  return bytes
}

/** The blocks of a xerial stream, unpacked by the other implementation. */
function uncompressXerial(stream: Uint8Array): Uint8Array {
  const view = new DataView(stream.buffer, stream.byteOffset, stream.length)
  expect(Buffer.from(stream.subarray(0, 16)).toString('hex')).toBe('82534e41505059000000000100000001')
  const parts: Uint8Array[] = []
  for (let at = 16; at < stream.length; ) {
    const size = view.getInt32(at)
    parts.push(uncompressSync(stream.subarray(at + 4, at + 4 + size)) as Uint8Array)
    at += 4 + size
  }
  return new Uint8Array(Buffer.concat(parts))
}

function expectSame(left: Uint8Array | undefined, right: Uint8Array): void {
  if (left === undefined || Buffer.compare(left, right) !== 0) throw new Error('the bytes are not the same')
}

describe.each(BUILDS)('the %s build', (build) => {
  const codec = codecOf(build)

  test('every codec gives back what it was given', () => {
    fc.assert(
      fc.property(mixedBytes, (bytes) => {
        for (const id of [CODEC_GZIP, CODEC_SNAPPY, CODEC_LZ4, CODEC_ZSTD]) {
          expectSame(codec.decompress(id, codec.compress(id, bytes, 1), bytes.length), bytes)
        }
      }),
      { numRuns: 60 },
    )
  })

  test('sizes around a block are given back, and bytes that do not compress hardly grow', () => {
    for (const id of [CODEC_SNAPPY, CODEC_LZ4]) {
      for (const size of [0, 1, 4, 12, 13, 14, 15, 16, 17, 32767, 32768, 32769, 65535, 65536, 65537, 200_000]) {
        const bytes = noise(size)
        const packed = codec.compress(id, bytes, 1)
        expect(packed.length).toBeLessThan(size + size / 100 + 40)
        expectSame(codec.decompress(id, packed, size), bytes)
      }
    }
  })

  test('another lz4 reads what we write, and we read what it writes', () => {
    fc.assert(
      fc.property(mixedBytes, fc.boolean(), fc.boolean(), (bytes, contentChecksum, blockChecksums) => {
        expectSame(decompressFrameSync(Buffer.from(codec.compress(CODEC_LZ4, bytes, 1))), bytes)
        const theirs = compressFrameSync(Buffer.from(bytes), { contentChecksum, blockChecksums })
        expectSame(codec.decompress(CODEC_LZ4, theirs, bytes.length), bytes)
      }),
      { numRuns: 60 },
    )
  })

  test('another snappy reads what we write, and we read its raw blocks', () => {
    fc.assert(
      fc.property(mixedBytes, (bytes) => {
        expectSame(uncompressXerial(codec.compress(CODEC_SNAPPY, bytes, 1)), bytes)
        expectSame(codec.decompress(CODEC_SNAPPY, compressSync(bytes), bytes.length), bytes)
      }),
      { numRuns: 60 },
    )
  })

  test('xerial streams may follow one another', () => {
    const first = codec.compress(CODEC_SNAPPY, noise(100), 1)
    const joined = Buffer.concat([first, first])
    expectSame(codec.decompress(CODEC_SNAPPY, joined, 200), Buffer.concat([noise(100), noise(100)]))
  })

  test('lz4 in format 0 hashes the magic too when written, and is not checked when read', () => {
    const space = new CodecSpace(loadCoreBuild(build))
    const vectors = readVectors<FrameVector[]>('frame-lz4').filter((vector) => vector.magic === 0)
    expect(vectors.length).toBeGreaterThan(5)
    for (const vector of vectors) {
      const frame = fromHex(vector.hex)
      expect(codec.decompress(CODEC_LZ4, frame, SIZE_BYTES_MAX)).toBeUndefined()
      const bytes = decompressBytes(space, nodeCompression, CODEC_LZ4, frame, SIZE_BYTES_MAX, true)
      if (bytes === undefined) throw new Error(`${vector.name} does not unpack`)
      expect(bytes.length).toBe(vector.length)
      const ours = compressBytes(space, nodeCompression, CODEC_LZ4, bytes, 1, true)
      expect(Buffer.from(ours.subarray(0, 7)).toString('hex')).toBe(vector.hex.slice(0, 14))
    }
  })

  test('nothing larger than allowed comes out', () => {
    const zeros = new Uint8Array(1024 * 1024)
    for (const id of [CODEC_GZIP, CODEC_SNAPPY, CODEC_LZ4, CODEC_ZSTD]) {
      const packed = codec.compress(id, zeros, 1)
      expect(codec.decompress(id, packed, zeros.length)?.length).toBe(zeros.length)
      for (const most of [0, 1, 65536, zeros.length - 1]) expect(codec.decompress(id, packed, most)).toBeUndefined()
    }
  })

  test('damaged bytes unpack to nothing, or to something within bounds', () => {
    const good = [CODEC_GZIP, CODEC_SNAPPY, CODEC_LZ4, CODEC_ZSTD].map((id) => ({
      id,
      packed: codec.compress(id, Buffer.from('one two one two three '.repeat(40)), 1),
    }))
    const raw = { id: CODEC_SNAPPY, packed: new Uint8Array(compressSync(Buffer.from('one two one two '.repeat(40)))) }
    let refused = 0
    fc.assert(
      fc.property(
        fc.constantFrom(...good, raw),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 4 }),
        fc.nat(5),
        ({ id, packed }, changes, cut) => {
          const bytes = packed.slice(0, Math.max(0, packed.length - cut))
          for (const [place, byte] of changes) bytes[place % bytes.length] = byte
          const unpacked = codec.decompress(id, bytes, 5000)
          if (unpacked === undefined) refused += 1
          else expect(unpacked.length).toBeLessThanOrEqual(5000)
        },
      ),
      { numRuns: 3000 },
    )
    expect(refused).toBeGreaterThan(1000)
    for (const { id, packed } of good) {
      for (let size = 0; size < packed.length; size++) {
        // A xerial stream has no end mark: its header alone is a whole, empty one.
        if (id === CODEC_SNAPPY && size === 16) continue
        expect([id, size, codec.decompress(id, packed.subarray(0, size), 5000)]).toEqual([id, size, undefined])
      }
    }
  })

  test('a frame of tiny blocks that promise megabytes costs no more than the bound', () => {
    // Magic, version 1 with independent blocks of 4 MiB each, the right check byte, then 2,000 blocks of one byte.
    const header = fromHex('04224d186070')
    const blocks = new Uint8Array(2000 * 5 + 4)
    for (let index = 0; index < 2000; index++) blocks.set([1, 0, 0, 0, 0], index * 5)
    const answers: number[] = []
    for (let check = 0; check < 256; check++) {
      const frame = Buffer.concat([header, new Uint8Array([check]), blocks])
      const unpacked = codec.decompress(CODEC_LZ4, frame, SIZE_BYTES_MAX)
      if (unpacked !== undefined) answers.push(unpacked.length)
    }
    // One check byte is right; the blocks behind it hold nothing.
    expect(answers).toEqual([0])
  })

  test('a space grows for one large batch and is small again afterwards', () => {
    const space = new CodecSpace(loadCoreBuild(build))
    const before = space.bytes.length
    expect(space.reserve(64 * 1024 * 1024)).toBe(true)
    expect(space.bytes.length).toBeGreaterThanOrEqual(SPACE_AT + 64 * 1024 * 1024)
    space.release()
    expect(space.bytes.length).toBe(before)
    expect(space.reserve(1024 * 1024 * 1024)).toBe(false)
    expect(space.exports.crc32c(SPACE_AT, 0) >>> 0).toBe(0)
  })

  test('xxHash agrees with its published values', () => {
    const space = new CodecSpace(loadCoreBuild(build))
    const values: [string, number][] = [
      ['', 0x02cc5d05],
      ['a', 0x550d7456],
      ['abc', 0x32d153ff],
      ['Nobody inspects the spammish repetition', 0xe2293b2f],
    ]
    for (const [text, hash] of values) {
      const bytes = new TextEncoder().encode(text)
      space.put(bytes, SPACE_AT)
      expect(space.exports.xxhash32(SPACE_AT, bytes.length) >>> 0).toBe(hash)
    }
  })
})
