import { nodeCompression } from '../../src/io/node/compression.ts'
import { loadCoreModule } from '../../src/io/node/core-module.ts'
import { RULE_NONE, RULE_TRUSTED, RULE_WALK_RECORDS } from '../../src/wasm/contract.ts'
import { createRecordCodec } from '../../src/wasm/record-codec.ts'
import type { Contest } from './contest.ts'
import { coreOf, events, INPUT_AT } from './core.ts'

const OPTIONS = {
  baseOffset: 0,
  codec: 0,
  level: 1,
  leaderEpoch: 0,
  producerId: -1,
  producerEpoch: -1,
  baseSequence: -1,
  isTransactional: false,
  isControl: false,
  isLogAppendTime: false,
}

/** What the broker does with every batch that arrives: once by all rules, and its parts alone. */
export function contests(): readonly Contest[] {
  const core = coreOf('simd')
  const codec = createRecordCodec(loadCoreModule(), nodeCompression)
  const shapes: readonly [number, number][] = [
    [1, 100],
    [10, 100],
    [160, 100],
    [16, 1000],
    [1000, 1000],
  ]
  return shapes.map(([count, valueSize], index) => {
    const value = events(valueSize)
    const records = Array.from({ length: count }, (_, at) => ({ timestampMs: 1700000000000 + at, key: null, value }))
    const batch = codec.encodeBatch(records, OPTIONS)
    // Batches one after the other in memory, as they would arrive.
    const at = INPUT_AT + index * 1536 * 1024
    core.bytes.set(batch, at)
    const size = batch.length
    return {
      name: `a batch of ${count} records of ${valueSize} bytes (${size} bytes)`,
      sizeBytes: size,
      contestants: [
        { name: 'judged by all rules', run: () => core.judgeBatch(at, size, RULE_WALK_RECORDS) },
        { name: 'checksum and header', run: () => core.judgeBatch(at, size, RULE_NONE) },
        { name: 'records and header', run: () => core.judgeBatch(at, size, RULE_WALK_RECORDS | RULE_TRUSTED) },
        { name: 'header', run: () => core.readHeader(at, size) },
        { name: 'base offset and epoch stamped', run: () => core.stampOffsets(at, 123456, 7) },
      ],
    }
  })
}
