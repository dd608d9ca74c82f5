import { expect, test } from 'vitest'
import { ErrorCode } from '../../../../src/model/error-code.ts'
import type { FetchRequest } from '../../../../src/protocol/generated/01-fetch.ts'
import type { Draft } from '../../../../src/protocol/wire/draft.ts'
import { batchOf } from '../../../support/log-world.ts'
import { ReplicationWorld, TOPIC, TOPIC_ID } from '../../../support/replication-world.ts'
import { fetchV, listOffsetsV } from '../exchanges.ts'

const RACK_AWARE = { 'replica.selector.class': 'org.apache.kafka.common.replica.RackAwareReplicaSelector' }

function fetchFrom(fetchOffset: number, rackId: string = '', version: number = 12): Draft<FetchRequest> {
  const named = version >= 13 ? { topicId: TOPIC_ID } : { topic: TOPIC }
  return {
    ...(version >= 15 ? {} : { replicaId: -1 }),
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 1 << 20,
    sessionEpoch: -1,
    ...(version >= 11 ? { rackId } : {}),
    topics: [{ ...named, partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: 1 << 20 }] }],
  }
}

async function worldWithRecords(properties: Readonly<Record<string, string>> = RACK_AWARE): Promise<ReplicationWorld> {
  const world = await ReplicationWorld.start(3, { properties })
  world.node(1).append(batchOf(3))
  await world.pass(1000)
  return world
}

test('the leader sends a consumer to the in-sync replica in its rack, and gives it no records', async () => {
  const world = await worldWithRecords()
  const answer = await world.node(1).ask(fetchV(12), fetchFrom(0, 'rack-2'))
  const partition = answer.responses[0]?.partitions[0]
  expect(partition).toMatchObject({ errorCode: 0, preferredReadReplica: 2, highWatermark: 3 })
  expect(partition?.records?.sizeBytes ?? 0).toBe(0)
})

test('nobody is sent away from the rack of the leader, without a rack, to an unknown one, or without the selector', async () => {
  const world = await worldWithRecords()
  for (const rack of ['rack-1', '', 'rack-9']) {
    const answer = await world.node(1).ask(fetchV(12), fetchFrom(0, rack))
    expect(answer.responses[0]?.partitions[0]).toMatchObject({ errorCode: 0, preferredReadReplica: -1 })
    expect(answer.responses[0]?.partitions[0]?.records?.sizeBytes).toBeGreaterThan(0)
  }
  const plain = await worldWithRecords({})
  const answer = await plain.node(1).ask(fetchV(12), fetchFrom(0, 'rack-2'))
  expect(answer.responses[0]?.partitions[0]?.preferredReadReplica).toBe(-1)
})

test('a replica that is not in sync, or lacks the offset, is no place to be sent to', async () => {
  const world = await worldWithRecords()
  world.decide = () => ({
    code: ErrorCode.ineligibleReplica,
    leaderEpoch: 1,
    partitionEpoch: 1,
    inSyncReplicas: [1, 3],
  })
  world.elect(1, [1, 3])
  await world.run()
  const answer = await world.node(1).ask(fetchV(12), fetchFrom(0, 'rack-2'))
  expect(answer.responses[0]?.partitions[0]?.preferredReadReplica).toBe(-1)
})

test('a follower serves consumers up to its high watermark, and only those that know of it', async () => {
  const world = await worldWithRecords()
  const follower = world.node(2)
  for (const version of [11, 12, 13, 17]) {
    const answer = await follower.ask(fetchV(version), fetchFrom(0, '', version))
    expect(answer.responses[0]?.partitions[0]).toMatchObject({ errorCode: 0, highWatermark: 3 })
    expect(answer.responses[0]?.partitions[0]?.records?.sizeBytes).toBeGreaterThan(0)
  }
  const old = await follower.ask(fetchV(10), fetchFrom(0, '', 10))
  expect(old.responses[0]?.partitions[0]?.errorCode).toBe(ErrorCode.notLeaderOrFollower)
  const beyond = await follower.ask(fetchV(12), fetchFrom(99))
  expect(beyond.responses[0]?.partitions[0]?.errorCode).toBe(ErrorCode.offsetOutOfRange)
})

test('what a follower has and the high watermark does not cover is not served', async () => {
  const world = await worldWithRecords()
  // Broker 3 is silent: what comes now is replicated to 2, and confirmed to nobody.
  world.node(3).isCutOff = true
  world.node(1).append(batchOf(2))
  await world.pass(1000)
  expect(world.node(2).position).toMatchObject({ logEndOffset: 5, highWatermark: 3 })
  const answer = await world.node(2).ask(fetchV(12), fetchFrom(3))
  expect(answer.responses[0]?.partitions[0]).toMatchObject({ errorCode: 0, highWatermark: 3 })
  expect(answer.responses[0]?.partitions[0]?.records?.sizeBytes ?? 0).toBe(0)
})

test('a consumer that waits at a follower is woken when the high watermark arrives there', async () => {
  const world = await worldWithRecords()
  const question = { ...fetchFrom(3), maxWaitMs: 30_000 }
  const answer = await world.node(2).ask(fetchV(12), question, async () => {
    world.node(1).append(batchOf(2))
    await world.pass(1500)
  })
  expect(answer.responses[0]?.partitions[0]).toMatchObject({ errorCode: 0, highWatermark: 5 })
  expect(answer.responses[0]?.partitions[0]?.records?.sizeBytes).toBeGreaterThan(0)
})

test('offsets are asked of the leader: a follower refuses; after an election they are not known at first', async () => {
  const world = await worldWithRecords()
  const latest = (timestamp: number) => ({
    replicaId: -1,
    topics: [{ name: TOPIC, partitions: [{ partitionIndex: 0, timestamp }] }],
  })
  const atFollower = await world.node(2).ask(listOffsetsV(7), latest(-1))
  expect(atFollower.topics[0]?.partitions[0]?.errorCode).toBe(ErrorCode.notLeaderOrFollower)

  // The new leader has records of which it does not know yet that they are replicated.
  world.node(3).isCutOff = true
  world.node(1).append(batchOf(2))
  await world.pass(1000)
  world.node(1).kill()
  world.elect(2, [2, 3])
  await world.run()
  expect(world.node(2).position).toMatchObject({ logEndOffset: 5, highWatermark: 3 })
  const early = await world.node(2).ask(listOffsetsV(7), latest(-1))
  expect(early.topics[0]?.partitions[0]?.errorCode).toBe(ErrorCode.offsetNotAvailable)
  const old = await world.node(2).ask(listOffsetsV(4), latest(-1))
  expect(old.topics[0]?.partitions[0]?.errorCode).toBe(ErrorCode.leaderNotAvailable)
  const first = await world.node(2).ask(listOffsetsV(7), latest(-2))
  expect(first.topics[0]?.partitions[0]).toMatchObject({ errorCode: 0, offset: 0 })
  const replica = await world.node(2).ask(listOffsetsV(7), { ...latest(-1), replicaId: 3 })
  expect(replica.topics[0]?.partitions[0]).toMatchObject({ errorCode: 0, offset: 5 })
  world.node(3).isCutOff = false
  await world.pass(1000)
  const late = await world.node(2).ask(listOffsetsV(7), latest(-1))
  expect(late.topics[0]?.partitions[0]).toMatchObject({ errorCode: 0, offset: 5 })
})

test('a follower that the leader does not know of is told to wait for news', async () => {
  const world = await worldWithRecords()
  const asReplica = (replicaId: number, currentLeaderEpoch: number): Draft<FetchRequest> => ({
    replicaId,
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: 1 << 20,
    sessionEpoch: -1,
    topics: [
      { topic: TOPIC, partitions: [{ partition: 0, fetchOffset: 0, currentLeaderEpoch, partitionMaxBytes: 1 << 20 }] },
    ],
  })
  const codeOf = async (replicaId: number, epoch: number): Promise<number | undefined> =>
    (await world.node(1).ask(fetchV(12), asReplica(replicaId, epoch))).responses[0]?.partitions[0]?.errorCode
  expect(await codeOf(9, 0)).toBe(ErrorCode.unknownLeaderEpoch)
  expect(await codeOf(9, -1)).toBe(ErrorCode.notLeaderOrFollower)
  expect(await codeOf(2, 7)).toBe(ErrorCode.unknownLeaderEpoch)
  world.elect(1)
  await world.run()
  expect(await codeOf(2, 0)).toBe(ErrorCode.fencedLeaderEpoch)
})
