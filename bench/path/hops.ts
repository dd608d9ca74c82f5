// node bench/path/hops.ts [seconds]: what an append costs whose partition belongs to another shard, on two real threads.
import { once } from 'node:events'
import { MessageChannel, Worker } from 'node:worker_threads'
import { loadCoreModule } from '../../src/io/node/core-module.ts'
import type { PartitionRef } from '../../src/shard/contract.ts'
import { createCoreMemory } from '../../src/wasm/load.ts'
import { makeThreadShard } from '../../test/support/shard-thread.ts'
import { batchBytes } from '../../test/unit/shard/support.ts'

const seconds = Number(process.argv[2] ?? 1)
const module = loadCoreModule()
const memory = createCoreMemory(module, 256 * 1024 * 1024)
const { port1, port2 } = new MessageChannel()
const worker = new Worker(new URL('../../test/support/shard-thread.ts', import.meta.url), {
  workerData: { isShardThread: true, module, memory, index: 1, shardCount: 2, ports: [port2, undefined] },
  transferList: [port2],
})
await once(worker, 'message')
const { shard } = makeThreadShard({ module, memory, index: 0, shardCount: 2, ports: [undefined, port1] })
const ref: PartitionRef = { topic: 'topic', partition: 1, handle: 1, shard: 1 }
const batch = batchBytes(1, 109)

/** Keeps `window` appends under way for the time of a row. */
async function row(window: number): Promise<void> {
  let answered = 0
  let underWay = 0
  let isOver = false
  const waits: number[] = []
  await new Promise<void>((resolve) => {
    const send = (): void => {
      const region = shard.arena.reserve(batch.byteLength)
      if (region === undefined) throw new Error('the arena is full')
      shard.arena.bytes.set(batch, region.at)
      underWay += 1
      shard.append(ref, region, 1, Infinity, sink, performance.now())
    }
    const sink = {
      onAppended: (sentAtMs: number): void => {
        answered += 1
        underWay -= 1
        waits.push(performance.now() - sentAtMs)
        if (!isOver) send()
        else if (underWay === 0) resolve()
      },
    }
    for (let index = 0; index < window; index += 1) send()
    setTimeout(() => {
      isOver = true
    }, seconds * 1000)
  })
  waits.sort((left, right) => left - right)
  const p50 = ((waits[waits.length >> 1] ?? 0) * 1000).toFixed(0)
  const each = ((seconds * 1e6) / answered).toFixed(2)
  console.log(
    `${String(window).padStart(4)} under way: ${each.padStart(8)} µs each, p50 ${p50} µs, ${answered} appends`,
  )
}

for (const window of [1, 16, 64, 256]) {
  const started = process.cpuUsage()
  const before = { ...shard.counters }
  await row(window)
  const { user, system } = process.cpuUsage(started)
  const appends = shard.counters.hops - before.hops
  const messages = shard.counters.hopMessages - before.hopMessages
  console.log(
    `     both threads ${((user + system) / appends).toFixed(2)} CPU-µs an append, ${(appends / messages).toFixed(1)} a message`,
  )
}
worker.postMessage('stop')
await once(worker, 'exit')
shard.shutdown()
