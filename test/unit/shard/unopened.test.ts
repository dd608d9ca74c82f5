import { expect, test } from 'vitest'
import { DiskError } from '../../../src/io/ports.ts'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { newReadSlot, type PartitionAssignment } from '../../../src/shard/contract.ts'
import { leaderRole } from '../../support/roles.ts'
import { batchBytes, microtasks, RecordingSink, ShardWorld } from './support.ts'

const MANY = 200
const FIRST = 100

/** Partitions that nothing is known of, as a request that makes hundreds of topics brings them. */
function newPartitions(count: number = MANY): PartitionAssignment[] {
  const like = new ShardWorld().open(1)
  return Array.from({ length: count }, (_, index) => ({
    ...{ ...like, handle: FIRST + index, topic: `new-${index}`, hasNoFiles: true },
  }))
}

/** The time for those who asked to be answered, and the first turn behind it. */
function beginOpening(world: ShardWorld): void {
  world.time.advance(100)
}

async function append(world: ShardWorld, assignment: PartitionAssignment): Promise<number | undefined> {
  const sink = new RecordingSink()
  world.shard.append(assignment, world.region(batchBytes(1, 10)), 1, 0, sink, 0)
  world.turn()
  await microtasks()
  return sink.answers[0]?.code
}

test('hundreds of new partitions are taken over at once, and their directories are made a few per turn', async () => {
  const world = new ShardWorld()
  const { ownership } = world.shard
  await ownership.assignAll(newPartitions())
  expect(world.partitions.size).toBe(0)
  beginOpening(world)
  const opened: number[] = []
  for (let turn = 0; turn < MANY && ownership.count < MANY; turn += 1) {
    const before = ownership.count
    world.turn()
    opened.push(ownership.count - before)
  }
  expect(ownership.count).toBe(MANY)
  expect(Math.max(...opened)).toBeLessThanOrEqual(8)
  world.turn()
  expect(world.turns.every(({ isIdle }) => isIdle)).toBe(true)
})

test('a few new partitions are open before anybody is told of them, as are many whose files must be looked at', async () => {
  const few = new ShardWorld()
  const done = few.shard.ownership.assignAll(newPartitions(20))
  for (let turn = 0; turn < 10; turn += 1) {
    few.turn()
    await microtasks()
  }
  await done
  expect(few.partitions.size).toBe(20)
  const old = new ShardWorld()
  const all = old.shard.ownership.assignAll(newPartitions().map((one) => ({ ...one, hasNoFiles: false })))
  for (let turn = 0; turn < MANY; turn += 1) {
    old.turn()
    await microtasks()
  }
  await all
  expect(old.partitions.size).toBe(MANY)
})

test('whoever writes to a partition without a directory, or reads from it, has it opened', async () => {
  const world = new ShardWorld()
  const all = newPartitions()
  await world.shard.ownership.assignAll(all)
  const written = all[150] as PartitionAssignment
  expect(await append(world, written)).toBe(ErrorCode.none)
  const slot = newReadSlot()
  world.shard.read([all[151] as PartitionAssignment], [slot], 1)
  expect(slot.code).toBe(ErrorCode.none)
  expect([...world.partitions.keys()]).toEqual([FIRST + 150, FIRST + 151])
  expect(world.partition(FIRST + 150).batches.length).toBe(1)
})

test('of more than a few that are asked for in one turn the rest is refused, and found in the next', async () => {
  const world = new ShardWorld()
  const all = newPartitions()
  await world.shard.ownership.assignAll(all)
  const slots = all.map(() => newReadSlot())
  world.shard.read(all, slots, all.length)
  const refused = slots.filter(({ code }) => code === ErrorCode.notLeaderOrFollower).length
  expect(refused).toBe(MANY - 8)
  world.turn()
  const again = newReadSlot()
  world.shard.read([all[199] as PartitionAssignment], [again], 1)
  expect(again.code).toBe(ErrorCode.none)
})

test('a partition is opened with what it was told last, and not at all once it has been given up', async () => {
  const world = new ShardWorld()
  const { ownership } = world.shard
  const all = newPartitions()
  await ownership.assignAll(all)
  const told = all[10] as PartitionAssignment
  await ownership.assignAll([{ ...told, leaderEpoch: 3, role: leaderRole(3) }])
  ownership.configure(told.handle, { ...told.config, flushMessages: 7 })
  ownership.close(FIRST + 11)
  ownership.remove(FIRST + 12)
  beginOpening(world)
  for (let turn = 0; turn < MANY; turn += 1) world.turn()
  expect(world.partition(told.handle).position.leaderEpoch).toBe(3)
  expect(ownership.find(told.handle)?.assignment.config.flushMessages).toBe(7)
  expect(world.partitions.has(FIRST + 11) || world.partitions.has(FIRST + 12)).toBe(false)
  expect(ownership.count).toBe(MANY - 2)
})

test('a directory that cannot be made later is reported like a disk that fails', async () => {
  const world = new ShardWorld(1, undefined, {
    openPartition: ({ directory }) => {
      throw new DiskError('ENOSPC', directory, 'ENOSPC: no space left')
    },
  })
  const all = newPartitions()
  await world.shard.ownership.assignAll(all)
  expect(await append(world, all[5] as PartitionAssignment)).toBe(ErrorCode.kafkaStorageError)
  expect(world.failed.map(({ topic }) => topic)).toEqual(['new-5'])
})

test('a shard that shuts down makes no directory any more and leaves no timer', async () => {
  const world = new ShardWorld()
  await world.shard.ownership.assignAll(newPartitions())
  world.shard.shutdown()
  world.time.advance(1_000)
  world.turn()
  expect(world.partitions.size).toBe(0)
  expect(world.time.pending.size).toBe(0)
})

test('a shard that has shut down opens nothing that it is told of afterwards', async () => {
  const world = new ShardWorld()
  world.shard.ownership.shutdown()
  await world.shard.ownership.assignAll(newPartitions())
  beginOpening(world)
  for (let turn = 0; turn < 3; turn += 1) world.turn()
  expect(world.partitions.size).toBe(0)
})
