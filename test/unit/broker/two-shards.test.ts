import { expect, test } from 'vitest'
import type { FetchRequest } from '../../../src/protocol/generated/01-fetch.ts'
import type { Draft } from '../../../src/protocol/wire/draft.ts'
import { batchOf } from '../../support/log-world.ts'
import { fetchOf, fetchV, listOffsetsV, produceOf, produceV, recordsOf } from './exchanges.ts'
import { BrokerWorld, MIB, parseFrame } from './support.ts'

async function worldWithTwo(partitionCount: number = 4): Promise<BrokerWorld> {
  const world = await BrokerWorld.start({ hasNeighbour: true })
  world.createTopic('events', partitionCount)
  return world
}

const both = (maxBytes: number, extra: Draft<FetchRequest> = {}): Draft<FetchRequest> => ({
  ...fetchOf('events', 0, 12, { maxBytes }),
  topics: [
    {
      topic: 'events',
      partitions: [0, 1, 2, 3].map((partition) => ({ partition, fetchOffset: 0, partitionMaxBytes: MIB })),
    },
  ],
  ...extra,
})

test('one request for partitions of two shards is stored by both and answered once', async () => {
  const world = await worldWithTwo()
  const client = world.connect()
  const bytes = batchOf(3)
  const records = { bytes, startsAt: 0, sizeBytes: bytes.length }
  for (const base of [0, 3]) {
    const answer = await client.ask(produceV(9), {
      acks: -1,
      timeoutMs: 1000,
      topicData: [{ name: 'events', partitionData: [0, 1, 2, 3].map((index) => ({ index, records })) }],
    })
    expect(answer.responses[0]?.partitionResponses.map(({ errorCode, baseOffset }) => [errorCode, baseOffset])).toEqual(
      [0, 1, 2, 3].map(() => [0, base]),
    )
  }
  const fetched = await client.ask(fetchV(12), both(MIB))
  expect([0, 1, 2, 3].map((partition) => recordsOf(fetched, 0, partition).length)).toEqual(
    [0, 1, 2, 3].map(() => bytes.length * 2),
  )
  const listed = await client.ask(listOffsetsV(7), {
    topics: [{ name: 'events', partitions: [0, 1].map((partitionIndex) => ({ partitionIndex, timestamp: -1 })) }],
  })
  expect(listed.topics[0]?.partitions.map(({ offset }) => offset)).toEqual([6, 6])
})

test('pipelined requests to different shards are answered in the order of the requests', async () => {
  const world = await worldWithTwo()
  const client = world.connect()
  for (const partition of [1, 0, 3, 2, 1]) {
    client.send(produceV(9), produceOf('events', batchOf(1), 9, 1, partition))
  }
  await world.run()
  expect(client.frames().map((frame) => new DataView(frame.buffer).getInt32(0))).toEqual([1, 2, 3, 4, 5])
})

test('the size limit of an answer holds over shards, and what does not fit comes next time', async () => {
  const world = await worldWithTwo()
  const client = world.connect()
  for (const partition of [0, 1, 2, 3]) {
    await client.ask(produceV(9), produceOf('events', batchOf(1, {}, 40_000), 9, 1, partition))
  }
  const before = world.shard.arena.usedBytes
  const answer = await client.ask(fetchV(12), both(90_000))
  const sizes = [0, 1, 2, 3].map((partition) => recordsOf(answer, 0, partition).length)
  expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThanOrEqual(90_000)
  expect(sizes.filter((size) => size > 0).length).toBe(2)
  await world.run()
  expect(world.shard.arena.usedBytes).toBeLessThanOrEqual(before)
})

test('a long poll over two shards is woken by either', async () => {
  for (const partition of [0, 1]) {
    const world = await worldWithTwo()
    const consumer = world.connect()
    consumer.send(fetchV(12), both(MIB, { maxWaitMs: 5_000 }))
    await world.run()
    expect(consumer.frames()).toEqual([])
    world.connect().send(produceV(9), produceOf('events', batchOf(2), 9, 1, partition))
    await world.run()
    const frames = consumer.frames()
    expect(frames.length).toBe(1)
    expect(recordsOf(parseFrame(fetchV(12), frames[0] as Uint8Array).response, 0, partition).length).toBeGreaterThan(0)
  }
})

test('a connection that goes away while another shard reads or waits for it leaves nothing behind', async () => {
  const world = await worldWithTwo()
  const producer = world.connect()
  for (const partition of [0, 1, 2, 3]) {
    await producer.ask(produceV(9), produceOf('events', batchOf(1, {}, 40_000), 9, 1, partition))
  }
  const reading = world.connect()
  reading.send(fetchV(12), both(MIB))
  reading.socket.destroy()
  const waiting = world.connect()
  waiting.send(fetchV(12), both(MIB, { minBytes: 900_000, maxWaitMs: 5_000 }))
  await world.run()
  waiting.socket.destroy()
  await producer.ask(produceV(9), produceOf('events', batchOf(1), 9, 1, 1))
  await world.run()
  producer.socket.destroy()
  await world.run()
  expect([world.broker.counters.connections, world.shard.counters.waiters]).toEqual([0, 0])
  expect(world.shard.arena.usedBytes).toBeLessThanOrEqual(2 * MIB)
})
