import { expect, test } from 'vitest'
import { FetchSessions } from '../../../src/broker/fetch/sessions.ts'
import { ErrorCode } from '../../../src/model/error-code.ts'
import type { FetchRequest, FetchResponse } from '../../../src/protocol/generated/01-fetch.ts'
import type { Draft } from '../../../src/protocol/wire/draft.ts'
import { batchOf } from '../../support/log-world.ts'
import { SLOW_READ_MS } from '../../../src/broker/limits.ts'
import { fetchOf, fetchV, listOffsetsV, produceOf, produceV, recordsOf } from './exchanges.ts'
import { BrokerWorld, type FakeClient, MIB, parseFrame, topicIdOf } from './support.ts'

async function produce(
  world: BrokerWorld,
  topic: string,
  count: number = 1,
  valueSizeBytes: number = 10,
  index = 0,
): Promise<void> {
  const batch = batchOf(count, {}, valueSizeBytes)
  const producer = world.connect()
  const answer = await producer.ask(produceV(9), produceOf(topic, batch, 9, 1, index))
  expect(answer.responses[0]?.partitionResponses[0]?.errorCode).toBe(0)
  // A connection that sends large frames keeps memory reserved for the next one.
  producer.socket.destroy()
}

function offsetsIn(world: BrokerWorld, bytes: Uint8Array): number[] {
  const offsets: number[] = []
  world.codec.decodeBatches(bytes, (record) => offsets.push(record.offset))
  return offsets
}

// --- long poll

test('a fetch without enough data waits, and leaves in the turn in which the data is written', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('events')
  const consumer = world.connect()
  consumer.send(fetchV(12), fetchOf('events', 0, 12, { maxWaitMs: 500 }))
  await world.run()
  expect(consumer.frames()).toEqual([])
  const producer = world.connect()
  producer.send(produceV(9), produceOf('events', batchOf(2), 9))
  world.turns.run()
  const frames = consumer.frames()
  expect(frames.length).toBe(1)
  expect(offsetsIn(world, recordsOf(parseFrame(fetchV(12), frames[0] as Uint8Array).response))).toEqual([0, 1])
})

test('a fetch that finds nothing is answered empty at its deadline, by broker time', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('events')
  const consumer = world.connect()
  consumer.send(fetchV(12), fetchOf('events', 0, 12, { maxWaitMs: 500 }))
  await world.run()
  world.time.advance(490)
  await world.run()
  expect(consumer.frames()).toEqual([])
  world.time.advance(30)
  await world.run()
  const { response } = parseFrame(fetchV(12), consumer.frames()[0] as Uint8Array)
  expect(response.responses[0]?.partitions[0]).toMatchObject({ errorCode: 0, highWatermark: 0 })
})

test('min.bytes are counted over all partitions', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('events', 2)
  const consumer = world.connect()
  consumer.send(fetchV(12), {
    ...fetchOf('events', 0, 12, { maxWaitMs: 500, minBytes: 1500 }),
    topics: [
      {
        topic: 'events',
        partitions: [0, 1].map((partition) => ({ partition, fetchOffset: 0, partitionMaxBytes: MIB })),
      },
    ],
  })
  await produce(world, 'events', 1, 900, 0)
  expect(consumer.frames()).toEqual([])
  await produce(world, 'events', 1, 900, 1)
  const { response } = parseFrame(fetchV(12), consumer.frames()[0] as Uint8Array)
  expect(response.responses[0]?.partitions.map(({ records }) => records?.sizeBytes ?? 0)).toEqual([
    expect.any(Number),
    expect.any(Number),
  ])
  expect(recordsOf(response, 0, 0).length + recordsOf(response, 0, 1).length).toBeGreaterThan(1800)
})

// --- limits

test('the first batch is returned even if it is larger than every limit, and the limits hold for the rest', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('events', 2)
  for (const partition of [0, 1]) for (const _ of [1, 2, 3]) await produce(world, 'events', 1, 10_000, partition)
  const ask = (maxBytes: number, partitionMaxBytes: number) =>
    world.connect().ask(fetchV(12), {
      ...fetchOf('events', 0, 12, { maxBytes }),
      topics: [
        { topic: 'events', partitions: [0, 1].map((partition) => ({ partition, fetchOffset: 0, partitionMaxBytes })) },
      ],
    })
  const tiny = await ask(100, 100)
  expect(offsetsIn(world, recordsOf(tiny, 0, 0))).toEqual([0])
  expect(recordsOf(tiny, 0, 1).length).toBe(0)
  const perPartition = await ask(MIB, 21_000)
  expect(offsetsIn(world, recordsOf(perPartition, 0, 0))).toEqual([0, 1])
  expect(offsetsIn(world, recordsOf(perPartition, 0, 1))).toEqual([0, 1])
  const inAll = await ask(31_000, MIB)
  expect(recordsOf(inAll, 0, 0).length + recordsOf(inAll, 0, 1).length).toBeLessThan(31_000)
})

// --- from the file

/** Asks for all of partition 0 from `fetchOffset` on. */
const wholeFrom = (fetchOffset: number): Draft<FetchRequest> => ({
  maxBytes: 16 * MIB,
  topics: [{ topic: 'events', partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: 16 * MIB }] }],
})

/** The arena's open run keeps the newest batches: a larger one takes its place. */
function leaveOpenRun(world: BrokerWorld): void {
  const { arena } = world.shard
  const region = arena.reserve(3 * MIB + 1)
  if (region !== undefined) arena.release(region)
}

test('old data is streamed from the file, in pieces of a few reused buffers, byte for byte', async () => {
  const world = await BrokerWorld.start({ hotTailSizeBytes: 0 })
  world.createTopic('events')
  for (let index = 0; index < 8; index += 1) await produce(world, 'events', 1, 300_000)
  leaveOpenRun(world)
  const consumer = world.connect()
  const before = world.shard.counters.readsFromFile
  const answer = await consumer.ask(fetchV(12), fetchOf('events', 2, 12, wholeFrom(2)))
  expect(world.shard.counters.readsFromFile).toBe(before + 1)
  expect(offsetsIn(world, recordsOf(answer))).toEqual([2, 3, 4, 5, 6, 7])
  expect(recordsOf(answer).length).toBeGreaterThan(1_800_000)
  expect(consumer.socket.writes.length).toBeGreaterThanOrEqual(4)
  expect(world.broker.counters.fileBuffersInUse).toBe(0)
})

/** From now on the disk is slow, and a read off the thread ends when its element is called. */
function slowDown(world: BrokerWorld): (() => void)[] {
  const ends: (() => void)[] = []
  const { disk, time } = world
  const { readSync, read } = disk
  disk.readSync = (file, into, position) => {
    time.advance(SLOW_READ_MS + 1)
    return readSync.call(disk, file, into, position)
  }
  disk.read = (file, into, position, done) => {
    ends.push(() => read.call(disk, file, into, position, done))
  }
  return ends
}

test('data that the disk must be asked for is read off the thread, and others are answered meanwhile', async () => {
  const world = await BrokerWorld.start({ hotTailSizeBytes: 0 })
  world.createTopic('events')
  for (let index = 0; index < 8; index += 1) await produce(world, 'events', 1, 300_000)
  leaveOpenRun(world)
  const expected = recordsOf(await world.connect().ask(fetchV(12), fetchOf('events', 0, 12, wholeFrom(0))))
  const ends = slowDown(world)
  const consumer = world.connect()
  consumer.send(fetchV(12), fetchOf('events', 0, 12, wholeFrom(0)))
  let pieces = 0
  for (await world.run(); ends.length > 0; await world.run()) {
    expect(ends.length, 'one read at a time').toBe(1)
    const latest = { topics: [{ name: 'events', partitions: [{ partitionIndex: 0, timestamp: -1 }] }] }
    expect((await world.connect().ask(listOffsetsV(7), latest)).topics[0]?.partitions[0]?.offset).toBe(8)
    ends.shift()?.()
    pieces += 1
  }
  expect(pieces).toBeGreaterThanOrEqual(4)
  const answer = parseFrame(fetchV(12), consumer.frames()[0] as Uint8Array).response
  expect(Buffer.compare(recordsOf(answer), expected)).toBe(0)
  expect(world.broker.counters.fileBuffersInUse).toBe(0)
})

test('a connection that ends while its file is being read keeps file and buffer until the read has ended', async () => {
  const world = await BrokerWorld.start({ hotTailSizeBytes: 0 })
  const topic = world.createTopic('events')
  for (let index = 0; index < 8; index += 1) await produce(world, 'events', 1, 300_000)
  leaveOpenRun(world)
  const released: number[] = []
  const { shard } = world
  const releaseFile = shard.releaseFile.bind(shard)
  shard.releaseFile = (of, segment) => {
    released.push(of.handle)
    releaseFile(of, segment)
  }
  const ends = slowDown(world)
  const consumer = world.connect()
  consumer.send(fetchV(12), fetchOf('events', 0, 12, wholeFrom(0)))
  await world.run()
  expect(ends.length).toBe(1)
  consumer.socket.destroy()
  await world.run()
  expect([released, world.broker.counters.fileBuffersInUse]).toEqual([[], 1])
  ends[0]?.()
  await world.run()
  expect([released, world.broker.counters.fileBuffersInUse]).toEqual([[topic.partitions[0]?.handle], 0])
})

test('a file that ends before what was announced cuts the connection: the stream cannot be made right again', async () => {
  const world = await BrokerWorld.start({ hotTailSizeBytes: 0 })
  world.createTopic('events')
  for (let index = 0; index < 6; index += 1) await produce(world, 'events', 1, 300_000)
  leaveOpenRun(world)
  const consumer = world.connect()
  const readSync = world.disk.readSync.bind(world.disk)
  let reads = 0
  world.disk.readSync = (file, into, position) => {
    reads += into.length > 200_000 ? 1 : 0
    return reads > 1 ? readSync(file, into.subarray(0, 10), position) : readSync(file, into, position)
  }
  consumer.send(fetchV(12), {
    ...fetchOf('events', 0, 12, { maxBytes: 8 * MIB }),
    topics: [{ topic: 'events', partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: 8 * MIB }] }],
  })
  await world.run()
  expect(consumer.socket.isClosed).toBe(true)
  expect(world.log.lines.at(-1)).toMatch(/events-0.*could not be read/)
  expect(world.broker.counters.fileBuffersInUse).toBe(0)
})

// --- errors

test('each failure has the code of its version', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('events', 1, { leaderEpoch: 3 })
  world.createTopic('theirs', 1, { leader: 2, leaderEpoch: 5 })
  await produce(world, 'events', 2)
  const codeAt = async (version: number, request: Draft<FetchRequest>) => {
    const answer = await world.connect().ask(fetchV(version), request)
    return answer.responses[0]?.partitions[0]?.errorCode
  }
  expect(await codeAt(4, fetchOf('nowhere', 0, 4))).toBe(ErrorCode.unknownTopicOrPartition)
  expect(await codeAt(12, fetchOf('nowhere', 0, 12))).toBe(ErrorCode.unknownTopicOrPartition)
  expect(await codeAt(13, fetchOf('nowhere', 0, 13))).toBe(ErrorCode.unknownTopicId)
  expect(await codeAt(12, fetchOf('events', 99, 12))).toBe(ErrorCode.offsetOutOfRange)
  const withEpoch = (currentLeaderEpoch: number) => ({
    ...fetchOf('events', 0, 12),
    topics: [
      { topic: 'events', partitions: [{ partition: 0, fetchOffset: 0, partitionMaxBytes: MIB, currentLeaderEpoch }] },
    ],
  })
  expect(await codeAt(12, withEpoch(2))).toBe(ErrorCode.fencedLeaderEpoch)
  expect(await codeAt(12, withEpoch(3))).toBe(ErrorCode.none)
  expect(await codeAt(12, withEpoch(4))).toBe(ErrorCode.unknownLeaderEpoch)
  for (const version of [12, 15, 16, 18]) {
    const answer = await world.connect().ask(fetchV(version), fetchOf('theirs', 0, version))
    expect(answer.responses[0]?.partitions[0]?.errorCode).toBe(ErrorCode.notLeaderOrFollower)
    expect(answer.nodeEndpoints.map(({ nodeId }) => nodeId)).toEqual(version >= 16 ? [2] : [])
    expect(answer.responses[0]?.partitions[0]?.currentLeader.leaderId).toBe(version >= 16 ? 2 : -1)
  }
})

test('zstd topics are not for clients that cannot read them', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('events', 1, { topicConfig: { 'compression.type': 'zstd' } })
  const answer = await world.connect().ask(fetchV(9), fetchOf('events', 0, 9))
  expect(answer.responses[0]?.partitions[0]?.errorCode).toBe(ErrorCode.unsupportedCompressionType)
})

// --- sessions

interface SessionClient {
  readonly client: FakeClient
  id: number
  epoch: number
}

async function ask(
  session: SessionClient,
  topics: Draft<FetchRequest['topics']>,
  forgottenTopicsData: Draft<FetchRequest['forgottenTopicsData']> = [],
): Promise<FetchResponse> {
  const answer = await session.client.ask(fetchV(12), {
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: MIB,
    sessionId: session.id,
    sessionEpoch: session.epoch,
    topics,
    forgottenTopicsData,
  })
  if (answer.errorCode === 0) {
    session.id = answer.sessionId
    session.epoch += 1
  }
  return answer
}

const at = (partition: number, fetchOffset: number) => ({ partition, fetchOffset, partitionMaxBytes: MIB })
const told = (answer: FetchResponse) =>
  answer.responses.flatMap(({ topic, partitions }) =>
    partitions.map(({ partitionIndex }) => `${topic}-${partitionIndex}`),
  )

test('an incremental answer names only partitions with data, an error or a changed watermark', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('a', 2)
  world.createTopic('b', 1)
  const session: SessionClient = { client: world.connect(), id: 0, epoch: 0 }
  const full = await ask(session, [
    { topic: 'a', partitions: [at(0, 0), at(1, 0)] },
    { topic: 'b', partitions: [at(0, 0)] },
  ])
  expect(full.sessionId).toBeGreaterThan(0)
  expect(told(full)).toEqual(['a-0', 'a-1', 'b-0'])
  expect(told(await ask(session, []))).toEqual([])
  await produce(world, 'a', 3, 10, 1)
  expect(told(await ask(session, []))).toEqual(['a-1'])
  // The client has moved on, and what it was told is not told again.
  expect(told(await ask(session, [{ topic: 'a', partitions: [at(1, 3)] }]))).toEqual([])
  // Added, forgotten.
  expect(told(await ask(session, [{ topic: 'nowhere', partitions: [at(0, 0)] }]))).toEqual(['nowhere-0'])
  expect(told(await ask(session, []))).toEqual(['nowhere-0'])
  expect(told(await ask(session, [], [{ topic: 'nowhere', partitions: [0] }]))).toEqual([])
  await produce(world, 'b')
  expect(told(await ask(session, [], [{ topic: 'b', partitions: [0] }]))).toEqual([])
})

test('who asks in another leader epoch is told the watermarks again: what it was told in the one before it may not have heard', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('a', 1)
  const session: SessionClient = { client: world.connect(), id: 0, epoch: 0 }
  await produce(world, 'a', 3)
  expect(told(await ask(session, [{ topic: 'a', partitions: [at(0, 3)] }]))).toEqual(['a-0'])
  expect(told(await ask(session, [{ topic: 'a', partitions: [at(0, 3)] }]))).toEqual([])
  const inTerm = { ...at(0, 3), currentLeaderEpoch: 0 }
  const again = await ask(session, [{ topic: 'a', partitions: [inTerm] }])
  expect(again.responses[0]?.partitions[0]).toMatchObject({ errorCode: 0, highWatermark: 3 })
  expect(told(await ask(session, [{ topic: 'a', partitions: [inTerm] }]))).toEqual([])
})

test('partitions that were served go to the end of the line', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('a', 3)
  for (const partition of [0, 1, 2]) await produce(world, 'a', 1, 50_000, partition)
  const session: SessionClient = { client: world.connect(), id: 0, epoch: 0 }
  const only = (answer: FetchResponse) =>
    answer.responses.flatMap(({ partitions }) =>
      partitions.filter(({ records }) => (records?.sizeBytes ?? 0) > 0).map(({ partitionIndex }) => partitionIndex),
    )
  const fetch = async (topics: Draft<FetchRequest['topics']>) => {
    const answer = await session.client.ask(fetchV(12), {
      maxWaitMs: 0,
      minBytes: 1,
      maxBytes: 60_000,
      sessionId: session.id,
      sessionEpoch: session.epoch,
      topics,
    })
    session.id = answer.sessionId
    session.epoch += 1
    return answer
  }
  await fetch([{ topic: 'a', partitions: [at(0, 0), at(1, 0), at(2, 0)] }])
  const order = [only(await fetch([])), only(await fetch([])), only(await fetch([])), only(await fetch([]))].flat()
  expect(order).toEqual([0, 1, 2, 0])
})

test('a wrong epoch, an unknown session and a change to topic ids are refused; the last epoch closes', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('a')
  const session: SessionClient = { client: world.connect(), id: 0, epoch: 0 }
  await ask(session, [{ topic: 'a', partitions: [at(0, 0)] }])
  const { id } = session
  expect((await ask({ ...session, epoch: 7 }, [])).errorCode).toBe(ErrorCode.invalidFetchSessionEpoch)
  expect((await ask({ ...session, id: id + 1, epoch: 1 }, [])).errorCode).toBe(ErrorCode.fetchSessionIdNotFound)
  const byId = await session.client.ask(fetchV(13), {
    ...fetchOf('a', 0, 13),
    sessionId: id,
    sessionEpoch: 1,
    topics: [{ topicId: topicIdOf('a'), partitions: [at(0, 0)] }],
  })
  expect(byId.errorCode).toBe(ErrorCode.fetchSessionTopicIdError)
  expect(world.broker.counters.fetchSessions).toBe(1)
  const last = await ask({ client: session.client, id, epoch: -1 }, [{ topic: 'a', partitions: [at(0, 0)] }])
  expect([last.errorCode, last.sessionId]).toEqual([0, 0])
  expect(world.broker.counters.fetchSessions).toBe(0)
})

test('a session whose fetch still waits on another connection is given up rather than shared', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('a')
  const session: SessionClient = { client: world.connect(), id: 0, epoch: 0 }
  await ask(session, [{ topic: 'a', partitions: [at(0, 0)] }])
  session.client.send(fetchV(12), {
    maxWaitMs: 60_000,
    minBytes: 1,
    maxBytes: MIB,
    sessionId: session.id,
    sessionEpoch: 1,
  })
  await world.run()
  const again = await ask({ client: world.connect(), id: session.id, epoch: 2 }, [])
  expect(again.errorCode).toBe(ErrorCode.fetchSessionIdNotFound)
  await produce(world, 'a')
  expect(told(parseFrame(fetchV(12), session.client.frames()[0] as Uint8Array).response)).toEqual(['a-0'])
})

test('a full cache gives no session until one lies unused, or a larger one comes', () => {
  const sessions = new FetchSessions({ bytes: () => new Uint8Array(0), unit: counter() }, 2)
  const request = (count: number, sessionId = 0, sessionEpoch = 0) =>
    ({
      sessionId,
      sessionEpoch,
      topics: [
        {
          topic: 't',
          topicId: 'AAAAAAAAAAAAAAAAAAAAAA',
          partitions: Array.from({ length: count }, (_, partition) => ({
            ...at(partition, 0),
            currentLeaderEpoch: -1,
            lastFetchedEpoch: -1,
          })),
        },
      ],
      forgottenTopicsData: [],
    }) as unknown as FetchRequest
  const create = (count: number, nowMs: number, isPrivileged = false) =>
    sessions.create(sessions.open(request(count), 12, nowMs).partitions, false, isPrivileged, nowMs)
  const first = create(3, 0)
  const second = create(5, 0)
  expect([first > 0, second > 0, create(9, 1_000)]).toEqual([true, true, 0])
  // Used lately, but old enough to give way to a larger one.
  expect(sessions.open(request(0, first, 1), 12, 100_000).errorCode).toBe(0)
  expect(sessions.open(request(0, second, 1), 12, 100_000).errorCode).toBe(0)
  expect(create(2, 130_000)).toBe(0)
  expect(create(9, 130_000)).toBeGreaterThan(0)
  expect(sessions.open(request(0, first, 2), 12, 130_000).errorCode).toBe(ErrorCode.fetchSessionIdNotFound)
  // A follower's session displaces a client's of any size.
  expect(create(1, 140_000, true)).toBeGreaterThan(0)
  expect(sessions.size).toBe(2)
})

function counter(): () => number {
  let next = 0
  return () => {
    next += 1
    return next / 1000
  }
}
