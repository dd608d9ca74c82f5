import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createCluster } from '../../../src/client/client.ts'
import { BrokerError, LimitError, TimeoutError } from '../../../src/client/errors.ts'
import { Producer, type ProducerOptions } from '../../../src/client/producer/producer.ts'
import { METADATA_AGE_MAX_MS } from '../../../src/client/limits.ts'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { ClientWorld, Late, metadata, type Reply, type Message } from '../../support/client-world.ts'
import { FakeLog, produced } from '../../support/fake-log.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

function start(
  produce: (request: Message, call: number, nodeId: number) => Reply,
  options: ProducerOptions = {},
  leaders: () => readonly number[] = () => [1],
) {
  const world = new ClientWorld({
    Metadata: () => metadata(2, { t: leaders() }),
    InitProducerId: () => ({ producerId: 7, producerEpoch: 0 }),
    Produce: produce,
  })
  const cluster = createCluster(world.environment, { bootstrapServers: '1:9092' })
  return { world, producer: new Producer(cluster, { lingerMs: 0, ...options }) }
}

test('an answer that is lost leads to the same batch with the same sequence, stored once', async () => {
  const log = new FakeLog()
  const { world, producer } = start((request, call) => {
    const reply = log.produce(world, request)
    return call === 1 ? 'hang up' : reply
  })
  const sent = await world.run(producer.send({ topic: 't', value: bytes('a') }))
  expect(sent.offset).toBe(0)
  expect(log.values).toEqual(['a'])
  const [first, second] = world.of('Produce').map(({ request }) => {
    const { bytes: frame, startsAt, sizeBytes } = request.topicData[0].partitionData[0].records
    return Buffer.from(frame.subarray(startsAt, startsAt + sizeBytes)).toString('hex')
  })
  expect(world.of('Produce')).toHaveLength(2)
  expect(second).toBe(first)
})

test('a request without an answer is given up after its timeout and sent again', async () => {
  const log = new FakeLog()
  const { world, producer } = start((request, call) => {
    const reply = log.produce(world, request)
    return call === 1 ? 'silence' : reply
  })
  await world.run(producer.send({ topic: 't', value: bytes('a') }))
  expect(log.values).toEqual(['a'])
  expect(world.of('Produce')[1]?.atMs).toBeGreaterThanOrEqual(30_000)
})

test('a leader that falls silent is not asked who leads now, although its connections stand', async () => {
  const log = new FakeLog()
  let isFrozen = false
  const world = new ClientWorld({
    Metadata: (_request, _call, nodeId) =>
      isFrozen && nodeId === 1 ? 'silence' : metadata(2, { t: [isFrozen ? 2 : 1] }),
    InitProducerId: () => ({ producerId: 7, producerEpoch: 0 }),
    Produce: (request, _call, nodeId) => (isFrozen && nodeId === 1 ? 'silence' : log.produce(world, request)),
  })
  const cluster = createCluster(world.environment, { bootstrapServers: '1:9092' })
  const producer = new Producer(cluster, { lingerMs: 0, requestTimeoutMs: 3_000 })
  await world.run(producer.send({ topic: 't', value: bytes('a') }))
  isFrozen = true
  const frozenAtMs = world.nowMs
  await world.run(producer.send({ topic: 't', value: bytes('b') }))
  expect(log.values).toEqual(['a', 'b'])
  // The produce request's own time, and no other's.
  expect(world.nowMs - frozenAtMs).toBeLessThan(6_000)
})

test('while a frozen leader lets a new connection wait others are asked, until one of them leads', async () => {
  const log = new FakeLog()
  let frozenAtMs = Infinity
  const isFrozen = (nodeId: number): boolean => nodeId === 1 && world.nowMs >= frozenAtMs
  const world: ClientWorld = new ClientWorld({
    // It is accepted, and not a byte comes back.
    ApiVersions: (_request, _call, nodeId) => (isFrozen(nodeId) ? 'silence' : undefined),
    Metadata: (_request, _call, nodeId) =>
      isFrozen(nodeId) ? 'silence' : metadata(2, { t: [world.nowMs >= frozenAtMs + 10_000 ? 2 : 1] }),
    InitProducerId: () => ({ producerId: 7, producerEpoch: 0 }),
    Produce: (request, _call, nodeId) => (isFrozen(nodeId) ? 'silence' : log.produce(world, request)),
  })
  const cluster = createCluster(world.environment, { bootstrapServers: '1:9092' })
  const producer = new Producer(cluster, { lingerMs: 0, requestTimeoutMs: 3_000 })
  await world.run(producer.send({ topic: 't', value: bytes('a') }))
  frozenAtMs = world.nowMs
  await world.run(producer.send({ topic: 't', value: bytes('b') }))
  expect(log.values).toEqual(['a', 'b'])
  expect(world.nowMs - frozenAtMs).toBeLessThan(14_000)
})

test('a moved leader is found and gets what the old one refused', async () => {
  const log = new FakeLog()
  let leader = 1
  const { world, producer } = start(
    (request, _call, nodeId) => {
      if (nodeId === 2) return log.produce(world, request)
      leader = 2
      return produced('t', 0, ErrorCode.notLeaderOrFollower)
    },
    {},
    () => [leader],
  )
  await world.run(producer.send({ topic: 't', value: bytes('a') }))
  expect(world.of('Produce').map(({ nodeId }) => nodeId)).toEqual([1, 2])
  expect(log.values).toEqual(['a'])
})

test('while a topic is not known, as to a broker that has just started, what is sent keeps its order', async () => {
  const log = new FakeLog()
  let asked = 0
  const world = new ClientWorld({
    Metadata: () => {
      asked += 1
      const answer = metadata(1, { t: [1] }) as { topics: object[] }
      return asked <= 4 ? { ...answer, topics: [{ name: 't', errorCode: 3, partitions: [] }] } : answer
    },
    InitProducerId: () => ({ producerId: 7, producerEpoch: 0 }),
    Produce: (request) => log.produce(world, request),
  })
  const cluster = createCluster(world.environment, { bootstrapServers: '1:9092' })
  const producer = new Producer(cluster, { lingerMs: 0 })
  const texts = Array.from({ length: 40 }, (_, index) => `r${index}`)
  const sends: Promise<unknown>[] = []
  for (const text of texts) {
    sends.push(producer.send({ topic: 't', value: bytes(text) }))
    await world.advance(20)
  }
  await world.run(Promise.all(sends))
  expect(log.values).toEqual(texts)
})

test('a record that is refused for good fails alone: those behind it are stored in order under a new epoch', async () => {
  const log = new FakeLog()
  const { world, producer } = start(
    (request, call) => (call === 2 ? produced('t', 0, ErrorCode.messageTooLarge) : log.produce(world, request)),
    { batchSizeBytes: 1 },
  )
  const sends = ['a', 'b', 'c', 'd'].map((text) => producer.send({ topic: 't', value: bytes(text) }))
  const results = await world.run(Promise.allSettled(sends))
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled'])
  expect((results[1] as PromiseRejectedResult).reason).toBeInstanceOf(BrokerError)
  expect(log.values).toEqual(['a', 'c', 'd'])
})

test('whatever is lost on the way, every record is stored once and in order', async () => {
  const fault = fc.constantFrom('none', 'none', 'lost request', 'lost answer', 'not leader', 'not enough replicas')
  await fc.assert(
    fc.asyncProperty(fc.array(fault, { maxLength: 25 }), async (faults) => {
      const log = new FakeLog()
      const { world, producer } = start(
        (request, call) => {
          const kind = faults[call - 1] ?? 'none'
          if (kind === 'lost request') return 'hang up'
          if (kind === 'not leader') return produced('t', 0, ErrorCode.notLeaderOrFollower)
          if (kind === 'not enough replicas') return produced('t', 0, ErrorCode.notEnoughReplicas)
          const reply = log.produce(world, request)
          return kind === 'lost answer' ? 'hang up' : reply
        },
        { batchSizeBytes: 1 },
      )
      const texts = Array.from({ length: 12 }, (_, index) => String(index))
      const sent = await world.run(Promise.all(texts.map((text) => producer.send({ topic: 't', value: bytes(text) }))))
      expect(log.values).toEqual(texts)
      expect(sent.map(({ offset }) => offset)).toEqual(texts.map(Number))
    }),
    { numRuns: 150 },
  )
})

test('never more than five produce requests are unanswered, and one until the leader is known to know the producer', async () => {
  const log = new FakeLog()
  let isSilent = true
  const { world, producer } = start((request) => (isSilent ? 'silence' : log.produce(world, request)), {
    batchSizeBytes: 1,
    deliveryTimeoutMs: 10_000,
    requestTimeoutMs: 60_000,
  })
  for (let index = 0; index < 20; index += 1) producer.send({ topic: 't', value: bytes('x') }).catch(() => {})
  await world.advance(500)
  expect(world.of('Produce')).toHaveLength(1)

  isSilent = false
  const other = start((request) => (isSilent ? 'silence' : log.produce(other.world, request)), {
    batchSizeBytes: 1,
    deliveryTimeoutMs: 10_000,
    requestTimeoutMs: 60_000,
  })
  await other.world.run(other.producer.send({ topic: 't', value: bytes('first') }))
  isSilent = true
  for (let index = 0; index < 20; index += 1) other.producer.send({ topic: 't', value: bytes('x') }).catch(() => {})
  await other.world.advance(500)
  expect(other.world.of('Produce')).toHaveLength(1 + 5)
})

test('what is not delivered in time fails and says that it may be stored', async () => {
  const { world, producer } = start(() => produced('t', 0, ErrorCode.notEnoughReplicas), { deliveryTimeoutMs: 5_000 })
  const failed = await world.run(producer.send({ topic: 't', value: bytes('a') }).catch((error: unknown) => error))
  expect(failed).toBeInstanceOf(TimeoutError)
  expect((failed as Error).message).toContain('may be stored')
  expect(world.nowMs).toBeGreaterThanOrEqual(5_000)
})

test('a full buffer makes sends wait, and they go on when there is room', async () => {
  const log = new FakeLog()
  const { world, producer } = start((request) => log.produce(world, request), { bufferSizeBytes: 100 })
  const sends = Array.from({ length: 10 }, (_, index) => producer.send({ topic: 't', value: bytes(`v${index}`) }))
  expect(producer.bufferedBytes).toBeLessThanOrEqual(100)
  await world.run(Promise.all(sends))
  expect(log.values).toEqual(Array.from({ length: 10 }, (_, index) => `v${index}`))
})

test('closing waits for sends whose topic is still being looked up', async () => {
  const log = new FakeLog()
  const { world, producer } = start((request) => log.produce(world, request), { lingerMs: 1_000 })
  const sent = producer.send({ topic: 't', value: bytes('a') })
  await world.run(producer.close())
  await sent
  expect(log.values).toEqual(['a'])
})

test('records that wait together leave together', async () => {
  const log = new FakeLog()
  const { world, producer } = start((request) => log.produce(world, request), { lingerMs: 10 })
  await world.run(Promise.all(['a', 'b', 'c'].map((text) => producer.send({ topic: 't', value: bytes(text) }))))
  expect(world.of('Produce')).toHaveLength(1)
})

test('a record larger than a request is refused at once', async () => {
  const { producer } = start(() => 'silence')
  await expect(producer.send({ topic: 't', value: new Uint8Array(2_000_000) })).rejects.toBeInstanceOf(LimitError)
})

test('partitions added to a topic are used by a producer to which nothing goes wrong', async () => {
  const log = new FakeLog()
  let leaders = [1]
  const { world, producer } = start(
    (request) => log.produce(world, request),
    {},
    () => leaders,
  )
  await world.run(producer.send({ topic: 't', value: bytes('a') }))
  leaders = [1, 1]
  await world.advance(METADATA_AGE_MAX_MS + 1)
  await world.run(producer.send({ topic: 't', value: bytes('b') }))
  await world.advance(1_000)
  const sent = await world.run(producer.send({ topic: 't', partition: 1, value: bytes('c') }))
  expect(sent.partition).toBe(1)
})

test('a record larger than the whole buffer goes when nothing else is in it', async () => {
  const log = new FakeLog()
  const { world, producer } = start((request) => log.produce(world, request), { bufferSizeBytes: 100 })
  await world.run(producer.send({ topic: 't', value: new Uint8Array(200) }))
  expect(log.values).toHaveLength(1)
})

test('a partition that always has more to send does not keep another from being sent', async () => {
  const order: number[] = []
  const { world, producer } = start(
    (request) => {
      const { index } = request.topicData[0].partitionData[0]
      order.push(index)
      return new Late(10, produced('t', index, ErrorCode.none) as object)
    },
    // A request holds one record's batch.
    { batchSizeBytes: 1, requestSizeBytesMax: 40 },
    () => [1, 1],
  )
  const send = (partition: number): Promise<unknown> => producer.send({ topic: 't', partition, value: bytes('x') })
  await world.run(Promise.all([send(0), send(1)]))
  order.length = 0
  await world.run(Promise.all([...Array.from({ length: 20 }, () => send(0)), send(1)]))
  expect(order).toHaveLength(21)
  expect(order.indexOf(1)).toBeLessThan(2)
})
