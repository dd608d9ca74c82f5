import { readFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { expect, test } from 'vitest'
import { RawKafka } from '../support/raw-kafka.ts'
import {
  batchOf,
  createTopic,
  eventually,
  FETCH,
  fetchOf,
  open,
  produce,
  residentBytes,
  sleep,
  startTestNode,
} from './support.ts'

const TOPIC = 'slow'
const MIB = 1024 * 1024

test('a consumer that asks for gigabytes and reads none of it costs the node no memory, and others go on', async () => {
  const running = await startTestNode(['num.partitions=1'])
  try {
    await createTopic(running.port, TOPIC)
    const producer = await RawKafka.open(running.port)
    const bytes = batchOf(['z'.repeat(500_000), 'z'.repeat(500_000)])
    // More than the arena holds: the rest is answered from the file.
    for (let index = 0; index < 160; index += 1) expect((await produce(producer, TOPIC, 0, bytes)).errorCode).toBe(0)
    const before = residentBytes(running.node)
    const sleepers = await Promise.all(Array.from({ length: 4 }, () => RawKafka.open(running.port)))
    for (const sleeper of sleepers) {
      sleeper.pause()
      // 40 answers of 50 MB each: 8 GB for the four.
      for (let request = 0; request < 40; request += 1) sleeper.send(FETCH, fetchOf(TOPIC, 0, 20, 50_000_000))
    }
    let highest = before
    for (let round = 0; round < 60; round += 1) {
      expect((await produce(producer, TOPIC, 0, bytes)).errorCode).toBe(0)
      highest = Math.max(highest, residentBytes(running.node))
      await sleep(25)
    }
    expect(highest - before, 'memory while four consumers sleep').toBeLessThan(96 * MIB)
    // One wakes up and gets what it asked for, in order.
    const [awake] = sleepers
    awake?.resume()
    for (let request = 0; request < 3; request += 1) {
      const frame = await awake?.nextFrame()
      const row = RawKafka.parse(FETCH, frame ?? new Uint8Array()).responses[0]?.partitions[0]
      expect(row?.errorCode).toBe(0)
      expect(row?.records?.sizeBytes).toBeGreaterThan(40_000_000)
    }
    for (const sleeper of sleepers) sleeper.close()
    producer.close()
  } finally {
    await running.remove()
  }
}, 60_000)

const CONNECTIONS = 10_000
const RESERVE = 500

test('ten thousand idle connections cost little, and a producer beside them works', async (context) => {
  const limit = Number(/Max open files\s+(\d+)/.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1])
  context.skip(
    limit < CONNECTIONS + RESERVE,
    `ulimit -n is ${limit}: ${CONNECTIONS} connections need ${CONNECTIONS + RESERVE}`,
  )
  const running = await startTestNode(['num.partitions=1'])
  const idle: Socket[] = []
  try {
    await createTopic(running.port, TOPIC)
    const producer = await RawKafka.open(running.port)
    for (let index = 0; index < 200; index += 1) await produce(producer, TOPIC, 0, batchOf(['warm']))
    const before = residentBytes(running.node)
    while (idle.length < CONNECTIONS) {
      const wave = Array.from({ length: 250 }, () => open(running.port))
      await Promise.all(
        wave.map((socket) => new Promise((resolve, reject) => socket.once('connect', resolve).once('close', reject))),
      )
      idle.push(...wave)
    }
    for (let index = 0; index < 200; index += 1)
      expect((await produce(producer, TOPIC, 0, batchOf([`v${index}`]))).errorCode).toBe(0)
    await eventually('the connections are accepted', () => descriptorsOf(running.node.process.pid ?? 0) >= CONNECTIONS)
    const perConnection = (residentBytes(running.node) - before) / CONNECTIONS
    // The bench records the number; this bound is loose because a collection may not have run yet.
    expect(perConnection, 'bytes per idle connection').toBeLessThan(12 * 1024)
    expect(idle.filter((socket) => socket.destroyed)).toHaveLength(0)
    producer.close()
  } finally {
    for (const socket of idle) socket.destroy()
    await running.remove()
  }
}, 60_000)

function descriptorsOf(pid: number): number {
  return Number(/^FDSize:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1])
}
