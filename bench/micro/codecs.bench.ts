import { compressFrameSync, decompressFrameSync } from 'lz4-napi'
import { compressSync, uncompressSync } from 'snappy'
import { nodeCompression } from '../../src/io/node/compression.ts'
import { loadCoreBuild } from '../../src/io/node/core-module.ts'
import { CODEC_GZIP, CODEC_LZ4, CODEC_SNAPPY, CODEC_ZSTD } from '../../src/model/batch-layout.ts'
import { createRecordCodec } from '../../src/wasm/record-codec.ts'
import type { Contest } from './contest.ts'
import { events, noise } from './core.ts'

/** Sizes count unpacked bytes, in both directions. */
export function contests(): readonly Contest[] {
  const ours = createRecordCodec(loadCoreBuild('simd'), nodeCompression)
  const plain = createRecordCodec(loadCoreBuild('plain'), nodeCompression)
  const inputs = [
    { name: '16 KiB of events', bytes: events(16384) },
    { name: '1 MiB of events', bytes: events(1048576) },
    { name: '64 KiB of noise', bytes: noise(65536) },
  ]
  return inputs.flatMap(({ name, bytes }) => {
    const buffer = Buffer.from(bytes)
    const size = bytes.length
    const lz4 = Buffer.from(ours.compress(CODEC_LZ4, bytes, 1))
    const snappy = Buffer.from(ours.compress(CODEC_SNAPPY, bytes, 1))
    const rawSnappy = compressSync(buffer)
    const rate = (packed: Uint8Array): string => `to ${((packed.length / size) * 100).toFixed(1)} %`
    return [
      {
        name: `packing ${name}`,
        sizeBytes: size,
        contestants: [
          { name: `lz4, ours (${rate(lz4)})`, run: () => ours.compress(CODEC_LZ4, bytes, 1) },
          { name: 'lz4, ours without vectors', run: () => plain.compress(CODEC_LZ4, bytes, 1) },
          { name: `lz4-napi (${rate(compressFrameSync(buffer))})`, run: () => compressFrameSync(buffer) },
          { name: `snappy, ours (${rate(snappy)})`, run: () => ours.compress(CODEC_SNAPPY, bytes, 1) },
          { name: `snappy addon (${rate(rawSnappy)})`, run: () => compressSync(buffer) },
          {
            name: `zstd 1 (${rate(ours.compress(CODEC_ZSTD, bytes, 1))})`,
            run: () => ours.compress(CODEC_ZSTD, bytes, 1),
          },
          {
            name: `gzip 1 (${rate(ours.compress(CODEC_GZIP, bytes, 1))})`,
            run: () => ours.compress(CODEC_GZIP, bytes, 1),
          },
        ],
      },
      {
        name: `unpacking ${name}`,
        sizeBytes: size,
        contestants: [
          { name: 'lz4, ours', run: () => ours.decompress(CODEC_LZ4, lz4, size) },
          { name: 'lz4, ours without vectors', run: () => plain.decompress(CODEC_LZ4, lz4, size) },
          { name: 'lz4-napi', run: () => decompressFrameSync(lz4) },
          { name: 'snappy, ours', run: () => ours.decompress(CODEC_SNAPPY, snappy, size) },
          { name: 'snappy addon', run: () => uncompressSync(rawSnappy) },
        ],
      },
    ]
  })
}
