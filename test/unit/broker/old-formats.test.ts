import { expect, test } from 'vitest'
import { ErrorCode } from '../../../src/model/error-code.ts'
import type { RecordView } from '../../../src/wasm/contract.ts'
import { batchOf, START_MS } from '../../support/log-world.ts'
import { fetchOf, fetchV, produceOf, produceV, recordsOf } from './exchanges.ts'
import { BrokerWorld } from './support.ts'

// Clients from before Kafka 0.11: message sets of formats 0 (Produce 0-1, Fetch 0-1) and 1 (Produce 2, Fetch 2-3).

const OLD = [
  [0, 0],
  [1, 0],
  [2, 1],
  [3, 1],
] as const

function decoded(world: BrokerWorld, bytes: Uint8Array): { records: RecordView[]; formats: Set<number> } {
  const records: RecordView[] = []
  const formats = new Set<number>()
  const verdict = world.codec.decodeBatches(bytes, (record, batch) => {
    records.push({ ...record, key: record.key?.slice() ?? null, value: record.value?.slice() ?? null })
    formats.add(batch.magic)
  })
  expect(verdict).toBe(0)
  return { records, formats }
}

test.each([0, 1, 2])('Produce %i stores a message set as a batch that every consumer can read', async (version) => {
  const magic = version < 2 ? 0 : 1
  for (const codec of [0, 1, 2, 3]) {
    const world = await BrokerWorld.start()
    world.createTopic('events')
    const client = world.connect()
    const batch = batchOf(5, { codec })
    const set = world.codec.downConvert(batch, magic, 0) as Uint8Array
    for (const base of [0, 5]) {
      const answer = await client.ask(produceV(version), produceOf('events', set, version))
      expect(answer.responses[0]?.partitionResponses[0]).toMatchObject({ errorCode: 0, baseOffset: base })
    }
    const { records, formats } = decoded(world, recordsOf(await client.ask(fetchV(12), fetchOf('events', 0, 12))))
    expect([...formats]).toEqual([2])
    expect(records.map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(records.map(({ timestampMs }) => timestampMs).slice(0, 5)).toEqual(
      [0, 1, 2, 3, 4].map((index) => (magic === 0 ? -1 : START_MS + index)),
    )
    expect(records.slice(5).map(({ key, value }) => [key, value])).toEqual(
      decoded(world, batch).records.map(({ key, value }) => [key, value]),
    )
  }
})

test('a large message set, whose frame lies in the arena, is stored from its conversion', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('events')
  const client = world.connect()
  const set = world.codec.downConvert(batchOf(3, {}, 200_000), 1, 0) as Uint8Array
  for (let count = 0; count < 3; count += 1) {
    const answer = await client.ask(produceV(2), produceOf('events', set, 2))
    expect(answer.responses[0]?.partitionResponses[0]).toMatchObject({ errorCode: 0, baseOffset: count * 3 })
  }
  const request = fetchOf('events', 0, 12, { maxBytes: 1 << 24 })
  const { records } = decoded(world, recordsOf(await client.ask(fetchV(12), request)))
  expect(records[0]?.value?.length).toBe(200_000)
})

test.each(OLD)('Fetch %i converts to message sets of format %i, from the offset asked for', async (version, magic) => {
  for (const codec of [0, 1, 2, 3]) {
    for (const hasNeighbour of [false, true]) {
      const world = await BrokerWorld.start({ hasNeighbour })
      world.createTopic('events', 2)
      const client = world.connect()
      for (let count = 0; count < 2; count += 1) {
        await client.ask(produceV(9), produceOf('events', batchOf(4, { codec }), 9, 1, 1))
      }
      const topics = [{ topic: 'events', partitions: [{ partition: 1, fetchOffset: 5, partitionMaxBytes: 1_000_000 }] }]
      const request = fetchOf('events', 0, version, { topics })
      const answer = await client.ask(fetchV(version), request)
      expect(answer.responses[0]?.partitions[0]).toMatchObject({ errorCode: 0, highWatermark: 8 })
      const { records, formats } = decoded(world, recordsOf(answer))
      expect([...formats]).toEqual([magic])
      // A packed set is whole: consumers skip what they did not ask for.
      expect(records.map(({ offset }) => offset).filter((offset) => offset >= 5)).toEqual([5, 6, 7])
      expect(new TextDecoder().decode(records.at(-1)?.key ?? undefined)).toBe('key-3')
    }
  }
})

test('an old consumer reads from files, too, and what was read is given back', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('events')
  const client = world.connect()
  for (let count = 0; count < 40; count += 1) {
    await client.ask(produceV(9), produceOf('events', batchOf(1, {}, 100_000), 9))
  }
  let offset = 0
  while (offset < 40) {
    const answer = await client.ask(fetchV(3), fetchOf('events', offset, 3, { maxBytes: 1 << 24 }))
    const { records } = decoded(world, recordsOf(answer))
    expect(records[0]?.offset).toBe(offset)
    offset = (records.at(-1)?.offset ?? 0) + 1
  }
  expect(world.broker.counters.fileBuffersInUse).toBe(0)
})

test('what has no old form and what is no message set is refused with a code', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('events')
  const client = world.connect()
  await client.ask(produceV(9), produceOf('events', batchOf(2, { codec: 4, level: 3 }), 9))
  const fetched = await client.ask(fetchV(2), fetchOf('events', 0, 2))
  expect(fetched.responses[0]?.partitions[0]?.errorCode).toBe(ErrorCode.unsupportedCompressionType)
  const set = world.codec.downConvert(batchOf(1), 1, 0) as Uint8Array
  const codeOf = async (bytes: Uint8Array): Promise<number | undefined> => {
    const answer = await client.ask(produceV(2), produceOf('events', bytes, 2))
    return answer.responses[0]?.partitionResponses[0]?.errorCode
  }
  const damaged = set.slice()
  damaged[damaged.length - 1] = (damaged.at(-1) ?? 0) ^ 1
  expect(await codeOf(damaged)).toBe(ErrorCode.corruptMessage)
  expect(await codeOf(set.subarray(0, 20))).toBe(ErrorCode.corruptMessage)
  expect(await codeOf(batchOf(1))).toBe(ErrorCode.corruptMessage)
  expect(await codeOf(new Uint8Array(0))).toBe(ErrorCode.corruptMessage)
  expect(await codeOf(set)).toBe(ErrorCode.none)
})
