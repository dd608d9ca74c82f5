import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { expect, test } from 'vitest'
import { loadCoreModule } from '../../src/io/node/core-module.ts'
import { BatchVerdict, RULE_WALK_RECORDS } from '../../src/wasm/contract.ts'
import { createCoreMemory } from '../../src/wasm/load.ts'
import { CORE_SIZE_BYTES, SCRATCH_SIZE_BYTES } from '../../src/wasm/memory-map.ts'
import { createRecordCore } from '../../src/wasm/record-core.ts'
import { codecOf, PLAIN_OPTIONS } from './support.ts'

test('two threads judge different batches in one memory at once, each with scratch of its own', async () => {
  const module = loadCoreModule()
  const batchesAt = CORE_SIZE_BYTES + 2 * SCRATCH_SIZE_BYTES
  const memory = createCoreMemory(module, batchesAt + 1024 * 1024)
  const core = createRecordCore(module, memory, CORE_SIZE_BYTES)
  const codec = codecOf('simd')
  // Long enough to be folded: that is what scratch is for.
  const [mine, theirs] = [30, 50].map((count) =>
    codec.encodeBatch(
      Array.from({ length: count }, (_, at) => ({ timestampMs: at, key: null, value: new Uint8Array(200).fill(at) })),
      PLAIN_OPTIONS,
    ),
  )
  if (mine === undefined || theirs === undefined) throw new Error('there are two batches')
  const theirsAt = batchesAt + mine.length
  core.bytes.set(mine, batchesAt)
  core.bytes.set(theirs, theirsAt)

  const times = 20_000
  const scratchAt = CORE_SIZE_BYTES + SCRATCH_SIZE_BYTES
  const worker = new Worker(new URL('./thread.ts', import.meta.url), {
    workerData: { module, memory, scratchAt, batchAt: theirsAt, sizeBytes: theirs.length, times },
  })
  const answered = once(worker, 'message')
  await once(worker, 'online')
  let sound = 0
  for (let left = times; left > 0; left--) {
    if (core.judgeBatch(batchesAt, mine.length, RULE_WALK_RECORDS) === BatchVerdict.ok) sound += 1
  }
  expect([sound, core.summary.recordCount]).toEqual([times, 30])
  expect((await answered)[0]).toEqual({ sound: times, recordCount: 50 })
  await worker.terminate()
})
