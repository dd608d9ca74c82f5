import { expect, test } from 'vitest'
import { DiskError } from '../../../src/io/ports.ts'
import { ErrorCode } from '../../../src/model/error-code.ts'
import {
  readDeleteRecordsResponse,
  writeDeleteRecordsRequest,
} from '../../../src/protocol/generated/21-delete-records.ts'
import {
  readInitProducerIdResponse,
  writeInitProducerIdRequest,
} from '../../../src/protocol/generated/22-init-producer-id.ts'
import {
  readOffsetForLeaderEpochResponse,
  writeOffsetForLeaderEpochRequest,
} from '../../../src/protocol/generated/23-offset-for-leader-epoch.ts'
import {
  readDescribeLogDirsResponse,
  writeDescribeLogDirsRequest,
} from '../../../src/protocol/generated/35-describe-log-dirs.ts'
import {
  readDescribeProducersResponse,
  writeDescribeProducersRequest,
} from '../../../src/protocol/generated/61-describe-producers.ts'
import { batchOf, START_MS } from '../../support/log-world.ts'
import { listOffsetsV, produceOf, produceV } from './exchanges.ts'
import { BrokerWorld, parseFrame } from './support.ts'

async function worldWith(recordCounts: readonly number[], leaderEpoch: number = 0): Promise<BrokerWorld> {
  const world = await BrokerWorld.start()
  world.createTopic('events', 1, { leaderEpoch })
  const client = world.connect()
  for (const count of recordCounts) await client.ask(produceV(9), produceOf('events', batchOf(count), 9))
  return world
}

async function offsetAt(world: BrokerWorld, version: number, timestamp: number, extra: object = {}) {
  const answer = await world.connect().ask(listOffsetsV(version), {
    topics: [{ name: 'events', partitions: [{ partitionIndex: 0, timestamp, ...extra }] }],
  })
  return answer.topics[0]?.partitions[0]
}

test('ListOffsets answers the ends of the log in every version', async () => {
  const world = await worldWith([2, 3])
  for (let version = 1; version <= 11; version += 1) {
    expect(await offsetAt(world, version, -1)).toMatchObject({ errorCode: 0, offset: 5, timestamp: -1 })
    expect(await offsetAt(world, version, -2)).toMatchObject({ errorCode: 0, offset: 0, timestamp: -1 })
    expect((await offsetAt(world, version, START_MS + 1))?.offset).toBe(1)
    expect(await offsetAt(world, version, START_MS + 999)).toMatchObject({ errorCode: 0, offset: -1, timestamp: -1 })
  }
  expect((await offsetAt(world, 0, -1, { maxNumOffsets: 5 }))?.oldStyleOffsets).toEqual([5, 0])
  expect((await offsetAt(world, 0, -2, { maxNumOffsets: 5 }))?.oldStyleOffsets).toEqual([0])
  expect((await offsetAt(world, 0, -1, { maxNumOffsets: 1 }))?.oldStyleOffsets).toEqual([5])
})

test('ListOffsets answers for an empty partition too, and refuses special timestamps that are newer than the version', async () => {
  const world = await worldWith([])
  expect(await offsetAt(world, 7, -1)).toMatchObject({ errorCode: 0, offset: 0 })
  expect(await offsetAt(world, 7, -3)).toMatchObject({ errorCode: 0, offset: -1 })
  for (const [timestamp, since] of [
    [-3, 7],
    [-4, 8],
    [-5, 9],
    [-6, 11],
    [-7, Number.POSITIVE_INFINITY],
  ] as const) {
    for (const version of [6, 7, 8, 9, 10, 11]) {
      const expected = version >= since ? ErrorCode.none : ErrorCode.unsupportedVersion
      expect([timestamp, version, (await offsetAt(world, version, timestamp))?.errorCode]).toEqual([
        timestamp,
        version,
        expected,
      ])
    }
  }
})

test('ListOffsets checks the leader epoch and refuses a partition that is named twice', async () => {
  const world = await worldWith([1], 4)
  expect((await offsetAt(world, 7, -1, { currentLeaderEpoch: 3 }))?.errorCode).toBe(ErrorCode.fencedLeaderEpoch)
  expect((await offsetAt(world, 7, -1, { currentLeaderEpoch: 5 }))?.errorCode).toBe(ErrorCode.unknownLeaderEpoch)
  expect((await offsetAt(world, 7, -1, { currentLeaderEpoch: 4 }))?.errorCode).toBe(ErrorCode.none)
  const asked = { partitionIndex: 0, timestamp: -1 }
  const answer = await world
    .connect()
    .ask(listOffsetsV(7), { topics: [{ name: 'events', partitions: [asked, asked] }] })
  expect(answer.topics[0]?.partitions.map(({ errorCode }) => errorCode)).toEqual([42, 42])
})

test('DeleteRecords moves the log start, and each refusal has its code', async () => {
  const world = await worldWith([2, 2])
  world.createTopic('__consumer_offsets')
  world.createTopic('theirs', 1, { leader: 2 })
  const remove = async (name: string, offset: number) => {
    const exchange = { apiKey: 21, version: 2, write: writeDeleteRecordsRequest, read: readDeleteRecordsResponse }
    const topics = [{ name, partitions: [{ partitionIndex: 0, offset }] }]
    return (await world.connect().ask(exchange, { topics })).topics[0]?.partitions[0]
  }
  expect(await remove('events', 3)).toMatchObject({ errorCode: 0, lowWatermark: 3 })
  expect((await offsetAt(world, 7, -2))?.offset).toBe(3)
  expect(await remove('events', -1)).toMatchObject({ errorCode: 0, lowWatermark: 4 })
  expect(await remove('events', 99)).toMatchObject({ errorCode: ErrorCode.offsetOutOfRange, lowWatermark: -1 })
  expect(await remove('nowhere', 0)).toMatchObject({ errorCode: ErrorCode.unknownTopicOrPartition })
  expect(await remove('theirs', 0)).toMatchObject({ errorCode: ErrorCode.notLeaderOrFollower })
  expect(await remove('__consumer_offsets', 0)).toMatchObject({ errorCode: ErrorCode.invalidTopicException })
})

test('InitProducerId gives out ids in blocks, never twice, and says that there are no transactions', async () => {
  let blocks = 0
  const world = await BrokerWorld.start({
    control: {
      allocateProducerIds: () => {
        blocks += 1
        return Promise.resolve({ first: blocks * 100, count: 2 })
      },
    },
  })
  const exchange = { apiKey: 22, version: 4, write: writeInitProducerIdRequest, read: readInitProducerIdResponse }
  const plain = { transactionalId: null, transactionTimeoutMs: 1, producerId: -1, producerEpoch: -1 }
  const clients = Array.from({ length: 5 }, () => world.connect())
  for (const client of clients) client.send(exchange, plain)
  await world.run()
  const ids = clients.map((client) => parseFrame(exchange, client.frames()[0] as Uint8Array).response)
  expect(ids.map(({ producerId, producerEpoch }) => [producerId, producerEpoch])).toEqual(
    [100, 101, 200, 201, 300].map((id) => [id, 0]),
  )
  const codeOf = async (extra: object) => (await world.connect().ask(exchange, { ...plain, ...extra })).errorCode
  expect(await codeOf({ transactionalId: 'orders' })).toBe(ErrorCode.coordinatorNotAvailable)
  expect(await codeOf({ transactionalId: '' })).toBe(ErrorCode.invalidRequest)
  expect(await codeOf({ producerId: 5 })).toBe(ErrorCode.invalidRequest)
  expect(await codeOf({ producerId: 5, producerEpoch: 3 })).toBe(ErrorCode.none)
})

test('InitProducerId is retriable while the metadata store gives no ids, and goes on when it does again', async () => {
  let count = 0
  const world = await BrokerWorld.start({
    control: {
      allocateProducerIds: () => Promise.resolve(count === 0 ? { first: -1, count } : { first: 7000, count }),
    },
  })
  const exchange = { apiKey: 22, version: 4, write: writeInitProducerIdRequest, read: readInitProducerIdResponse }
  const plain = { transactionalId: null, transactionTimeoutMs: 1, producerId: -1, producerEpoch: -1 }
  expect(await world.connect().ask(exchange, plain)).toMatchObject({
    errorCode: ErrorCode.coordinatorNotAvailable,
    producerId: -1,
  })
  count = 10
  expect(await world.connect().ask(exchange, plain)).toMatchObject({ errorCode: ErrorCode.none, producerId: 7000 })
})

test('OffsetForLeaderEpoch answers the end of an epoch, from version 1 on with the epoch', async () => {
  const world = await worldWith([2, 3], 4)
  for (const version of [0, 1, 2, 3, 4]) {
    const exchange = {
      apiKey: 23,
      version,
      write: writeOffsetForLeaderEpochRequest,
      read: readOffsetForLeaderEpochResponse,
    }
    const answer = await world.connect().ask(exchange, {
      ...(version >= 3 ? { replicaId: -2 } : {}),
      topics: [
        { topic: 'events', partitions: [{ partition: 0, leaderEpoch: 4 }] },
        { topic: 'nowhere', partitions: [{ partition: 0, leaderEpoch: 4 }] },
      ],
    })
    expect(answer.topics[0]?.partitions[0]).toMatchObject({
      errorCode: 0,
      endOffset: 5,
      leaderEpoch: version >= 1 ? 4 : -1,
    })
    expect(answer.topics[1]?.partitions[0]?.errorCode).toBe(ErrorCode.unknownTopicOrPartition)
  }
})

test('DescribeLogDirs tells sizes by directory, for all partitions or those asked for', async () => {
  const world = await worldWith([5])
  world.createTopic('other', 2)
  for (const version of [0, 1, 2, 3, 4, 5]) {
    const exchange = { apiKey: 35, version, write: writeDescribeLogDirsRequest, read: readDescribeLogDirsResponse }
    const all = await world.connect().ask(exchange, { topics: null })
    const data = all.results.find(({ logDir }) => logDir === '/data')
    expect(data?.topics.map(({ name, partitions }) => [name, partitions.length]).sort()).toEqual([
      ['events', 1],
      ['other', 2],
    ])
    expect(data?.topics.find(({ name }) => name === 'events')?.partitions[0]?.partitionSize).toBe(batchOf(5).length)
    const some = await world.connect().ask(exchange, { topics: [{ topic: 'other', partitions: [1] }] })
    expect(some.results.flatMap(({ topics }) => topics.flatMap(({ partitions }) => partitions)).length).toBe(1)
  }
})

test('DescribeLogDirs tells the room on the file system from version 4 on, and which directory is offline', async () => {
  const world = await worldWith([5])
  world.disk.volume = { sizeBytes: 5_000_000_000_000, usableBytes: 123_456_789_012 }
  const asked = async (version: number) => {
    const exchange = { apiKey: 35, version, write: writeDescribeLogDirsRequest, read: readDescribeLogDirsResponse }
    return (await world.connect().ask(exchange, { topics: null })).results[0]
  }
  expect(await asked(4)).toMatchObject({ totalBytes: 5_000_000_000_000, usableBytes: 123_456_789_012 })
  expect(await asked(3)).toMatchObject({ totalBytes: -1, usableBytes: -1 })
  world.disk.volume = undefined
  expect(await asked(5)).toMatchObject({ errorCode: ErrorCode.none, totalBytes: -1 })
  world.disk.volumeOf = () => {
    throw new DiskError('EIO', '/data', 'statfs')
  }
  expect(await asked(4)).toMatchObject({ errorCode: ErrorCode.kafkaStorageError, topics: [] })
})

test('DescribeProducers tells who writes', async () => {
  const world = await worldWith([])
  const batch = batchOf(2, { producerId: 77, producerEpoch: 3, baseSequence: 0 })
  await world.connect().ask(produceV(9), produceOf('events', batch, 9))
  const exchange = { apiKey: 61, version: 0, write: writeDescribeProducersRequest, read: readDescribeProducersResponse }
  const answer = await world.connect().ask(exchange, {
    topics: [
      { name: 'events', partitionIndexes: [0, 9] },
      { name: 'bad name', partitionIndexes: [0] },
    ],
  })
  expect(answer.topics[0]?.partitions[0]?.activeProducers).toMatchObject([
    { producerId: 77, producerEpoch: 3, lastSequence: 1, coordinatorEpoch: -1, currentTxnStartOffset: -1 },
  ])
  expect(answer.topics[0]?.partitions[1]?.errorCode).toBe(ErrorCode.unknownTopicOrPartition)
  expect(answer.topics[1]?.partitions[0]?.errorCode).toBe(ErrorCode.invalidTopicException)
})
