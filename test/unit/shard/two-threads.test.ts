import { once } from 'node:events'
import { MessageChannel, Worker } from 'node:worker_threads'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { loadCoreModule } from '../../../src/io/node/core-module.ts'
import { newReadSlot, type PartitionRef } from '../../../src/shard/contract.ts'
import type { Shard } from '../../../src/shard/shard.ts'
import { createCoreMemory } from '../../../src/wasm/load.ts'
import { makeThreadShard } from '../../support/shard-thread.ts'
import { batchBytes } from './support.ts'

const MIB = 1024 * 1024
const ref: PartitionRef = { topic: 'topic', partition: 1, handle: 1, shard: 1 }
let shard: Shard
let worker: Worker

beforeAll(async () => {
  const module = loadCoreModule()
  const memory = createCoreMemory(module, 32 * MIB)
  const { port1, port2 } = new MessageChannel()
  worker = new Worker(new URL('../../support/shard-thread.ts', import.meta.url), {
    workerData: { isShardThread: true, module, memory, index: 1, shardCount: 2, ports: [port2, undefined] },
    transferList: [port2],
  })
  await once(worker, 'message')
  shard = makeThreadShard({ module, memory, index: 0, shardCount: 2, ports: [undefined, port1] }).shard
})

afterAll(async () => {
  worker.postMessage('stop')
  await once(worker, 'exit')
  shard.shutdown()
})

function append(batch: Uint8Array): Promise<{ code: number; baseOffset: number }> {
  const region = shard.arena.reserve(batch.byteLength)
  if (region === undefined) throw new Error('the arena is full')
  shard.arena.bytes.set(batch, region.at)
  return new Promise((resolve) => {
    const sink = {
      onAppended: (_slot: number, { code, baseOffset }: { code: number; baseOffset: number }) =>
        resolve({ code, baseOffset }),
    }
    shard.append(ref, region, 1, Infinity, sink, 0)
  })
}

test('bytes appended on one thread are read back through the thread that owns the partition', async () => {
  const batches = Array.from({ length: 200 }, (_, index) => batchBytes(1, 1000 + index, [index & 0xff]))
  const answers = await Promise.all(batches.map((batch) => append(batch)))
  expect(answers.map(({ baseOffset }) => baseOffset)).toEqual(batches.map((_, index) => index))
  const slot = Object.assign(newReadSlot(), { handle: 1, fromOffset: 150, sizeBytesMax: MIB })
  await new Promise<void>((resolve) => shard.readElsewhere([ref], [slot], 1, resolve))
  expect(slot).toMatchObject({ code: 0, highWatermark: 200, file: -1 })
  const bytes = slot.regions.flatMap(({ at, sizeBytes }) => [...shard.arena.bytes.subarray(at, at + sizeBytes)])
  // The owner stamped the offsets; everything else is as it was sent.
  const expected = batches.slice(150).flatMap((batch, index) => {
    new DataView(batch.buffer).setBigInt64(0, BigInt(150 + index))
    return [...batch]
  })
  expect(bytes).toEqual(expected)
  for (const region of slot.regions) shard.arena.release(region)
})

test('a fetch parked on this thread is woken by an append that the other thread makes', async () => {
  const slot = Object.assign(newReadSlot(), { handle: 1, fromOffset: 200, sizeBytesMax: MIB })
  await new Promise<void>((resolve) => shard.readElsewhere([ref], [slot], 1, resolve))
  const woken = new Promise<void>((resolve) => {
    shard.park([ref], [slot], 1, 1, Infinity, { onFetchReady: resolve })
  })
  await append(batchBytes(1, 10))
  await woken
  expect(shard.counters.waiters).toBe(0)
})
