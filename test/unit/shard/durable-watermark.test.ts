import { expect, test } from 'vitest'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { leaderRole } from '../../support/roles.ts'
import { batchBytes, type FakePartition, microtasks, RecordingSink, ShardWorld } from './support.ts'

/** A leader whose only other replica is out of sync: its own disk alone decides. */
function durableLeader(): {
  world: ShardWorld
  partition: FakePartition
  append: (acks: number, slot: number) => void
} {
  const world = new ShardWorld(1, undefined, { isAckDurable: true, isEligible: () => false })
  const ref = world.open(1)
  world.shard.ownership.setRole(1, leaderRole(1, { replicas: [1, 2], inSyncReplicas: [1] }))
  const partition = world.partition(1)
  partition.durableEndOffset = 0
  const append = (acks: number, slot: number): void => {
    world.shard.append(ref, world.region(batchBytes(1, 10)), acks, 0, sink, slot)
    world.turn()
  }
  return { world, partition, append }
}

const sink = new RecordingSink()

test('with durable acknowledgements the high watermark waits for the disk of the leader, also for records that nobody waits for', async () => {
  const { partition, append } = durableLeader()
  append(0, 0)
  expect(partition.position).toMatchObject({ logEndOffset: 1, highWatermark: 0 })
  expect(partition.syncs).toHaveLength(1)
  partition.durableEndOffset = 1
  partition.syncs[0]?.(ErrorCode.none)
  await microtasks()
  expect(partition.position.highWatermark).toBe(1)
})

test('a sync that the watermark asks for at the end of another answers nobody who came after it began', async () => {
  const { partition, append } = durableLeader()
  sink.answers.length = 0
  append(1, 0)
  append(1, 1)
  partition.durableEndOffset = 1
  partition.syncs[0]?.(ErrorCode.none)
  await microtasks()
  expect(sink.answers.map(({ slot }) => slot)).toEqual([0])
  append(1, 2)
  partition.durableEndOffset = 2
  partition.syncs[1]?.(ErrorCode.none)
  await microtasks()
  expect(sink.answers.map(({ slot }) => slot)).toEqual([0, 1])
  partition.durableEndOffset = 3
  partition.syncs[2]?.(ErrorCode.none)
  await microtasks()
  expect(sink.answers.map(({ slot }) => slot)).toEqual([0, 1, 2])
  expect(partition.position.highWatermark).toBe(3)
})

test('a batch that comes again after its sync is answered, although nothing else happens to its partition', async () => {
  const { partition, append } = durableLeader()
  sink.answers.length = 0
  append(-1, 0)
  partition.durableEndOffset = 1
  partition.syncs[0]?.(ErrorCode.none)
  await microtasks()
  partition.nextStageIsDuplicate = true
  append(-1, 1)
  expect(partition.syncs).toHaveLength(2)
  partition.syncs[1]?.(ErrorCode.none)
  await microtasks()
  expect(sink.answers.map(({ slot }) => slot)).toEqual([0, 1])
})

test('with durable acknowledgements a sole replica, too, shows consumers only what its disk has', async () => {
  const world = new ShardWorld(1, undefined, { isAckDurable: true })
  const ref = world.open(1)
  const partition = world.partition(1)
  partition.durableEndOffset = 0
  sink.answers.length = 0
  for (const acks of [0, 1, -1]) world.shard.append(ref, world.region(batchBytes(1, 10)), acks, 9e9, sink, acks)
  world.turn()
  expect(partition.position).toMatchObject({ logEndOffset: 3, highWatermark: 0 })
  expect(sink.answers.map(({ slot }) => slot)).toEqual([0])
  partition.durableEndOffset = 3
  partition.syncs[0]?.(ErrorCode.none)
  await microtasks()
  expect(partition.position.highWatermark).toBe(3)
  expect(sink.answers.map(({ slot, code }) => [slot, code])).toEqual([
    [0, ErrorCode.none],
    [1, ErrorCode.none],
    [-1, ErrorCode.none],
  ])
})

test('what a sole replica found at its start is shown when it is durable, with nobody writing', async () => {
  const world = new ShardWorld(1, undefined, { isAckDurable: true })
  world.open(1)
  const partition = world.partition(1)
  partition.position.logEndOffset = 7
  partition.position.highWatermark = 2
  partition.durableEndOffset = 2
  world.shard.ownership.setRole(1, leaderRole(1, { replicas: [1], inSyncReplicas: [1] }))
  expect(partition.position.highWatermark).toBe(2)
  expect(partition.syncs).toHaveLength(1)
  partition.durableEndOffset = 7
  partition.syncs[0]?.(ErrorCode.none)
  await microtasks()
  expect(partition.position.highWatermark).toBe(7)
})
