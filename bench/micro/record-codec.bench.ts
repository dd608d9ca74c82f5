import { nodeCompression } from '../../src/io/node/compression.ts'
import { loadCoreModule } from '../../src/io/node/core-module.ts'
import { createRecordCodec } from '../../src/wasm/record-codec.ts'
import type { Contest } from './contest.ts'
import { events } from './core.ts'

const COUNT = 160

/** Building and reading a batch of 160 records of 100 bytes, as a client does; every codec against none. */
export function contests(): readonly Contest[] {
  const codec = createRecordCodec(loadCoreModule(), nodeCompression)
  const key = events(16)
  const value = events(100)
  const records = Array.from({ length: COUNT }, (_, at) => ({ timestampMs: 1700000000000 + at, key, value }))
  const options = {
    baseOffset: 0,
    level: 1,
    leaderEpoch: 0,
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    isTransactional: false,
    isControl: false,
    isLogAppendTime: false,
  }
  const names = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
  const batches = names.map((_, id) => codec.encodeBatch(records, { ...options, codec: id }))
  let seen = 0
  return [
    {
      name: `building a batch of ${COUNT} records`,
      sizeBytes: COUNT * 116,
      contestants: names.map((name, id) => {
        const own = { ...options, codec: id }
        return { name, run: () => codec.encodeBatch(records, own) }
      }),
    },
    {
      name: `reading a batch of ${COUNT} records`,
      sizeBytes: COUNT * 116,
      contestants: names.map((name, id) => {
        const batch = batches[id] ?? new Uint8Array(0)
        const visit = (): void => {
          seen += 1
        }
        return { name, run: () => codec.decodeBatches(batch, visit) + seen }
      }),
    },
  ]
}
