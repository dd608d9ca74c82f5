import { expect, test } from 'vitest'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { batchOf, START_MS } from '../../support/log-world.ts'
import { produceOf, produceV } from './exchanges.ts'
import { BrokerWorld, topicIdOf } from './support.ts'

async function codeOf(
  world: BrokerWorld,
  version: number,
  topic: string,
  bytes: Uint8Array | null,
  acks: number = 1,
  index: number = 0,
): Promise<number | undefined> {
  const answer = await world.connect().ask(produceV(version), produceOf(topic, bytes, version, acks, index))
  return answer.responses[0]?.partitionResponses[0]?.errorCode
}

/** A batch with one header field changed; the checksum no longer fits, which is looked at later than all this. */
function changed(at: number, ...bytes: readonly number[]): Uint8Array {
  const batch = batchOf(1)
  batch.set(bytes, at)
  return batch
}

test('unknown topics, ids and partitions have the code of their version', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('events')
  for (const version of [3, 7, 9, 12]) {
    expect(await codeOf(world, version, 'nowhere', batchOf(1))).toBe(ErrorCode.unknownTopicOrPartition)
    expect(await codeOf(world, version, 'events', batchOf(1), 1, 7)).toBe(ErrorCode.unknownTopicOrPartition)
  }
  expect(await codeOf(world, 13, 'nowhere', batchOf(1))).toBe(ErrorCode.unknownTopicId)
  expect(await codeOf(world, 13, 'events', batchOf(1), 1, 7)).toBe(ErrorCode.unknownTopicOrPartition)
})

test('a request carries exactly one whole batch of format 2 for a partition', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('events')
  const two = Buffer.concat([batchOf(1), batchOf(1)])
  const cases: readonly (readonly [Uint8Array | null, number])[] = [
    [null, ErrorCode.invalidRecord],
    [new Uint8Array(0), ErrorCode.invalidRecord],
    [batchOf(1).slice(0, 40), ErrorCode.invalidRecord],
    [two, ErrorCode.invalidRecord],
    [changed(16, 1), ErrorCode.invalidRecord],
    [changed(8, 0, 0, 0, 3), ErrorCode.corruptMessage],
    [changed(70, 0xff), ErrorCode.corruptMessage],
    [Buffer.concat([batchOf(1), new Uint8Array(20).fill(0x7f)]), ErrorCode.none],
  ]
  for (const [bytes, expected] of cases) expect(await codeOf(world, 9, 'events', bytes)).toBe(expected)
})

test('zstd is refused below version 7, batches of transactions always', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('events')
  const zstd = batchOf(1, { codec: 4, level: 3 })
  expect(await codeOf(world, 6, 'events', zstd)).toBe(ErrorCode.unsupportedCompressionType)
  expect(await codeOf(world, 7, 'events', zstd)).toBe(ErrorCode.none)
  const transactional = batchOf(1, { isTransactional: true, producerId: 1, producerEpoch: 0, baseSequence: 0 })
  expect(await codeOf(world, 9, 'events', transactional)).toBe(ErrorCode.invalidTxnState)
})

test('acks other than -1, 0 and 1 are refused, and nothing is written', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('events')
  for (const acks of [2, -2, 127]) {
    expect(await codeOf(world, 9, 'events', batchOf(1), acks)).toBe(ErrorCode.invalidRequiredAcks)
  }
  const answer = await world.connect().ask(produceV(9), produceOf('events', batchOf(1), 9, -1))
  expect(answer.responses[0]?.partitionResponses[0]).toMatchObject({ errorCode: 0, baseOffset: 0 })
})

test('internal topics are for the admin client only', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('__consumer_offsets')
  expect(await codeOf(world, 9, '__consumer_offsets', batchOf(1))).toBe(ErrorCode.invalidTopicException)
})

test('who is not the leader says so, and from version 10 on who is and where', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('theirs', 1, { leader: 2, leaderEpoch: 5 })
  for (const version of [3, 9, 10, 13]) {
    const answer = await world.connect().ask(produceV(version), produceOf('theirs', batchOf(1), version))
    const partition = answer.responses[0]?.partitionResponses[0]
    expect(partition).toMatchObject({ errorCode: ErrorCode.notLeaderOrFollower, baseOffset: -1, logStartOffset: -1 })
    const isTold = version >= 10
    expect(partition?.currentLeader).toEqual(
      isTold ? { leaderId: 2, leaderEpoch: 5 } : { leaderId: -1, leaderEpoch: -1 },
    )
    expect(answer.nodeEndpoints).toEqual(isTold ? [{ nodeId: 2, host: 'broker-2', port: 9092, rack: null }] : [])
  }
})

test('records that are at fault are named from version 8 on, wherever their partition lives', async () => {
  const world = await BrokerWorld.start({ hasNeighbour: true })
  world.createTopic('events', 2, { config: { isCompacted: true } })
  const record = (key: Uint8Array | null) => ({ timestampMs: START_MS, key, value: new Uint8Array(5) })
  const batch = batchOf([record(null), record(new Uint8Array(1)), record(null)])
  for (const partition of [0, 1]) {
    for (const version of [7, 8, 12]) {
      const answer = await world.connect().ask(produceV(version), produceOf('events', batch, version, 1, partition))
      const row = answer.responses[0]?.partitionResponses[0]
      expect(row?.errorCode).toBe(ErrorCode.invalidRecord)
      const message = `Compacted topic cannot accept message without key in topic partition events-${partition}.`
      const named = [0, 2].map((batchIndex) => ({ batchIndex, batchIndexErrorMessage: message }))
      expect(row?.recordErrors).toMatchObject(version < 8 ? [] : named)
      if (version >= 8) expect(row?.errorMessage).toContain('2 record errors in total')
    }
  }
})

test('a batch above max.message.bytes is too large, and one partition does not spoil another', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('events', 2, { config: { maxMessageBytes: 500 } })
  const records = (bytes: Uint8Array) => ({ bytes, startsAt: 0, sizeBytes: bytes.length })
  const answer = await world.connect().ask(produceV(9), {
    acks: 1,
    timeoutMs: 1000,
    topicData: [
      {
        name: 'events',
        partitionData: [
          { index: 0, records: records(batchOf(1, {}, 900)) },
          { index: 1, records: records(batchOf(1)) },
          { index: 9, records: records(batchOf(1)) },
        ],
      },
      { name: 'nowhere', partitionData: [{ index: 0, records: records(batchOf(1)) }] },
    ],
  })
  expect(answer.responses.map(({ name }) => name)).toEqual(['events', 'nowhere'])
  expect(
    answer.responses.flatMap(({ partitionResponses }) => partitionResponses.map(({ errorCode }) => errorCode)),
  ).toEqual([
    ErrorCode.messageTooLarge,
    ErrorCode.none,
    ErrorCode.unknownTopicOrPartition,
    ErrorCode.unknownTopicOrPartition,
  ])
})

test('acks=0 has no answer; an error closes the connection and names the partition', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('events')
  const client = world.connect()
  client.send(produceV(9), produceOf('events', batchOf(1), 9, 0))
  await world.run()
  expect(client.frames()).toEqual([])
  expect(client.socket.isClosed).toBe(false)
  client.send(produceV(9), produceOf('nowhere', batchOf(1), 9, 0))
  await world.run()
  expect(client.socket.isClosed).toBe(true)
  expect(world.log.lines.at(-1)).toMatch(/nowhere-0: UNKNOWN_TOPIC_OR_PARTITION/)
})

test('a batch that was sent twice by an idempotent producer is acknowledged with its first offset', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('events')
  const batch = batchOf(2, { producerId: 7, producerEpoch: 0, baseSequence: 0 })
  const client = world.connect()
  for (const _ of [1, 2]) {
    const answer = await client.ask(produceV(9), produceOf('events', batch, 9, -1))
    expect(answer.responses[0]?.partitionResponses[0]).toMatchObject({ errorCode: 0, baseOffset: 0 })
  }
  const gap = batchOf(1, { producerId: 7, producerEpoch: 0, baseSequence: 9 })
  expect(await codeOf(world, 9, 'events', gap)).toBe(ErrorCode.outOfOrderSequenceNumber)
})

test('a topic that came back under its name is not the one of an old id', async () => {
  const world = await BrokerWorld.start()
  world.createTopic('events')
  const answer = await world.connect().ask(produceV(13), {
    acks: 1,
    timeoutMs: 1000,
    topicData: [
      {
        topicId: topicIdOf('older'),
        partitionData: [{ index: 0, records: { bytes: batchOf(1), startsAt: 0, sizeBytes: batchOf(1).length } }],
      },
    ],
  })
  expect(answer.responses[0]).toMatchObject({ topicId: topicIdOf('older') })
  expect(answer.responses[0]?.partitionResponses[0]?.errorCode).toBe(ErrorCode.unknownTopicId)
})
