import { expect, test } from 'vitest'
import { DiskError } from '../../../src/io/ports.ts'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { newReadSlot } from '../../../src/shard/contract.ts'
import { batchBytes, microtasks, PARTITION_CONFIG, RecordingSink, ShardWorld } from './support.ts'
import { leaderRole } from '../../support/roles.ts'

test('a directory that cannot be opened leaves the partition owned and answering storage errors', () => {
  const world = new ShardWorld(1, undefined, {
    openPartition: () => {
      throw new DiskError('EIO', '/data/topic-1-0', 'EIO: i/o error')
    },
  })
  const ref = world.open(1)
  const sink = new RecordingSink()
  world.shard.append(ref, world.region(batchBytes(1, 10)), 1, 0, sink, 0)
  world.turn()
  const slot = newReadSlot()
  world.shard.read([ref], [slot], 1)
  expect([sink.answers[0]?.code, slot.code]).toEqual([ErrorCode.kafkaStorageError, ErrorCode.kafkaStorageError])
  expect(world.failed.length).toBe(1)
  expect(world.log.lines[0]).toContain('Check the disk under /data')
})

test('our own mistakes while opening are not taken for disk errors', () => {
  const world = new ShardWorld(1, undefined, {
    openPartition: () => {
      throw new TypeError('a bug')
    },
  })
  expect(() => world.open(1)).toThrow('a bug')
})

test('new configuration reaches the partition and its sync rule', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  world.shard.ownership.configure(1, { ...PARTITION_CONFIG, flushMessages: 1 })
  const sink = new RecordingSink()
  world.shard.append(ref, world.region(batchBytes(1, 10)), 1, 0, sink, 0)
  world.turn()
  expect(world.partition(1).config.flushMessages).toBe(1)
  expect([sink.answers.length, world.partition(1).syncs.length]).toEqual([0, 1])
})

test('an older leader epoch than the present one changes nothing', () => {
  const world = new ShardWorld()
  world.open(1)
  world.shard.ownership.setRole(1, leaderRole(4))
  world.shard.ownership.setRole(1, leaderRole(3))
  expect(world.partition(1).position.leaderEpoch).toBe(4)
})

test('many partitions are opened over several turns; those that are open take their roles in the first', async () => {
  const world = new ShardWorld()
  const known = world.open(1)
  const { ownership } = world.shard
  const fresh = Array.from({ length: 40 }, (_, index) => ({ ...known, handle: 100 + index, topic: `fresh-${index}` }))
  let isDone = false
  const done = ownership.assignAll([...fresh, { ...known, role: leaderRole(7) }]).then(() => (isDone = true))
  expect(world.partition(1).position.leaderEpoch).toBe(7)
  const opened = [ownership.count]
  for (let turn = 0; turn < 40 && !isDone; turn += 1) {
    world.turn()
    await microtasks()
    opened.push(ownership.count)
  }
  await done
  expect(ownership.count).toBe(41)
  expect(opened.length).toBeGreaterThan(3)
  const perTurn = opened.slice(1).map((count, index) => count - (opened[index] ?? 0))
  expect(Math.max(...perTurn)).toBeLessThan(10)
})

test('a shard that shuts down opens nothing more of what it was told to open', async () => {
  const world = new ShardWorld()
  const known = world.open(1)
  const fresh = Array.from({ length: 40 }, (_, index) => ({ ...known, handle: 100 + index, topic: `fresh-${index}` }))
  const done = world.shard.ownership.assignAll(fresh)
  world.shard.ownership.shutdown()
  world.turn()
  await done
  expect(world.shard.ownership.count).toBe(0)
})

test('what a partition cannot be opened with reaches whoever has many opened', async () => {
  const world = new ShardWorld(1, undefined, {
    openPartition: () => {
      throw new TypeError('a bug')
    },
  })
  const assignment = { ...new ShardWorld().open(1), handle: 5 }
  await expect(world.shard.ownership.assignAll([assignment])).rejects.toThrow('a bug')
})

test('flush.ms: records that waited long enough are synced by maintenance, once', async () => {
  const world = new ShardWorld()
  const ref = world.open(1, 0, { flushMs: 3000 })
  world.shard.append(ref, world.region(batchBytes(1, 10)), 1, 0, new RecordingSink(), 0)
  world.turn()
  world.time.advance(2000)
  expect(world.partition(1).syncs.length).toBe(0)
  world.time.advance(2000)
  expect(world.partition(1).syncs.length).toBe(1)
  world.partition(1).syncs[0]?.(ErrorCode.none)
  await microtasks()
  world.time.advance(60_000)
  expect(world.partition(1).syncs.length).toBe(1)
})

test('partitions come and go during a round of maintenance; each one left is still looked at', () => {
  const world = new ShardWorld()
  for (let handle = 0; handle < 400; handle += 1) world.open(handle)
  world.time.advance(5000)
  for (let handle = 0; handle < 300; handle += 3) world.shard.ownership.close(handle)
  for (let handle = 400; handle < 450; handle += 1) world.open(handle)
  world.time.advance(20_000)
  for (const [handle, partition] of world.partitions) {
    if (!partition.isClosed) expect(partition.maintainCount, `handle ${handle}`).toBeGreaterThan(0)
  }
})

test('files out of use go when their time has come, also when no partition is left to maintain', () => {
  const due: number[] = []
  const leftovers = {
    get count() {
      return due.length
    },
    sweep: (wallMs: number) => void (wallMs >= (due[0] ?? Infinity) && due.shift()),
  }
  const world = new ShardWorld(1, undefined, { leftovers })
  world.open(1)
  due.push(world.time.wallMs() + 60_000)
  world.shard.ownership.remove(1)
  world.time.advance(59_000)
  expect(leftovers.count).toBe(1)
  world.time.advance(2_000)
  expect(leftovers.count).toBe(0)
  world.time.advance(2_000)
  expect(world.time.pending.size, 'nothing is left to look at').toBe(0)
})

test('shutting down writes what is staged, answers it, closes every partition and leaves no timer', () => {
  const world = new ShardWorld()
  const refs = [world.open(1), world.open(2)]
  const sink = new RecordingSink()
  for (const [slot, ref] of refs.entries()) world.shard.append(ref, world.region(batchBytes(1, 10)), 1, 0, sink, slot)
  world.shard.shutdown()
  expect(sink.answers.map(({ code }) => code)).toEqual([0, 0])
  expect([...world.partitions.values()].every(({ isClosed, batches }) => isClosed && batches.length === 1)).toBe(true)
  expect(world.time.pending.size).toBe(0)
})

test('a checkpoint syncs what is not synced and lets every partition note it', async () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  world.open(2)
  world.shard.append(ref, world.region(batchBytes(1, 10)), 1, 0, new RecordingSink(), 0)
  world.turn()
  const checkpoint = world.shard.ownership.checkpoint()
  await microtasks()
  expect([world.partition(1).syncs.length, world.partition(2).syncs.length]).toEqual([1, 0])
  world.partition(1).syncs[0]?.(ErrorCode.none)
  await checkpoint
  expect([world.partition(1).maintainCount, world.partition(2).maintainCount]).toEqual([1, 1])
})

test('counters say what went through, per shard and topic', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  const sink = new RecordingSink()
  world.shard.append(ref, world.region(batchBytes(3, 39)), 1, 0, sink, 0)
  world.partition(1).nextStageCode = ErrorCode.corruptMessage
  world.shard.append(ref, world.region(batchBytes(3, 39)), 1, 0, sink, 1)
  world.turn()
  const { shard, topics } = world.shard.counters.snapshot()
  expect(shard).toMatchObject({ messagesIn: 3, bytesIn: 100, appends: 1, failedAppends: 1, flushes: 1, partitions: 1 })
  expect(topics).toEqual([
    { topic: 'topic-1', messagesIn: 3, bytesIn: 100, bytesOut: 0, failedProduces: 1, failedFetches: 0 },
  ])
})

test('a topic is forgotten by the counters with its last partition, not before', () => {
  const world = new ShardWorld()
  const first = world.open(1)
  world.shard.ownership.open({ ...first, handle: 2, partition: 1 })
  const topics = (): string[] => world.shard.counters.snapshot().topics.map(({ topic }) => topic)
  world.shard.ownership.remove(1)
  expect(topics()).toEqual(['topic-1'])
  world.shard.ownership.remove(2)
  expect(topics()).toEqual([])
})
