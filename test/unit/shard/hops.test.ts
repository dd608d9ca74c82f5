import { expect, test } from 'vitest'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { newReadSlot, type ReadSlot } from '../../../src/shard/contract.ts'
import type { Shard } from '../../../src/shard/shard.ts'
import { batchBytes, MIB, microtasks, RecordingSink, ShardWorld } from './support.ts'

class Reader {
  readyCount = 0
  onFetchReady(): void {
    this.readyCount += 1
  }
}

function slotFor(handle: number, fromOffset: number): ReadSlot {
  return Object.assign(newReadSlot(), { handle, fromOffset, sizeBytesMax: MIB })
}

function shards(world: ShardWorld): [Shard, Shard, Shard] {
  return world.shards as [Shard, Shard, Shard]
}

function bytesOf(world: ShardWorld, slot: ReadSlot): Uint8Array {
  return Uint8Array.from(slot.regions.flatMap(({ at, sizeBytes }) => [...world.memory.subarray(at, at + sizeBytes)]))
}

test('appends to another shard cross in one message per turn, in order, and so do their answers', () => {
  const world = new ShardWorld(2, 32 * MIB)
  const [here] = shards(world)
  const ref = world.open(1, 1)
  const sink = new RecordingSink()
  for (let slot = 0; slot < 50; slot += 1) here.append(ref, world.region(batchBytes(2, 10)), 1, 0, sink, slot)
  world.settle()
  expect(sink.answers.map(({ slot, code, baseOffset }) => [slot, code, baseOffset])).toEqual(
    Array.from({ length: 50 }, (_, slot) => [slot, 0, slot * 2]),
  )
  expect(world.partition(1).flushCount).toBe(1)
  expect(world.mailboxes.map(({ postCount }) => postCount)).toEqual([1, 1])
})

test('an append to a partition of the receiving shard crosses no thread and is not copied', () => {
  const world = new ShardWorld(2, 32 * MIB)
  const [here] = shards(world)
  const ref = world.open(1, 0)
  here.append(ref, world.region(batchBytes(1, 10)), 1, 0, new RecordingSink(), 0)
  world.settle()
  expect(here.counters).toMatchObject({ hops: 0, hopMessages: 0, copiedBytes: 0, appends: 1 })
  expect(world.mailboxes.map(({ postCount }) => postCount)).toEqual([0, 0])
})

test('errors and their messages come back over the hop', () => {
  const world = new ShardWorld(2, 32 * MIB)
  const [here] = shards(world)
  const ref = world.open(1, 1)
  world.partition(1).nextStageCode = ErrorCode.invalidRecord
  const sink = new RecordingSink()
  here.append(ref, world.region(batchBytes(1, 10)), 1, 0, sink, 0)
  here.append({ ...ref, handle: 99 }, world.region(batchBytes(1, 10)), 1, 0, sink, 1)
  world.settle()
  expect(sink.answers).toMatchObject([
    { slot: 0, code: ErrorCode.invalidRecord, errorMessage: 'refused by the test' },
    { slot: 1, code: ErrorCode.notLeaderOrFollower, errorMessage: '' },
  ])
})

test('the lease goes with the bytes and comes back: memory of finished appends is reused', () => {
  const world = new ShardWorld(2, 32 * MIB, { hotTailSizeBytes: 0 })
  const [here] = shards(world)
  const ref = world.open(1, 1)
  for (let round = 0; round < 100; round += 1) {
    here.append(ref, world.region(batchBytes(1, 900_000)), 1, 0, new RecordingSink(), 0)
    world.settle()
    expect(here.arena.usedBytes).toBeLessThanOrEqual(2 * MIB)
  }
  expect(world.partition(1).batches.length).toBe(100)
})

test('a read of another shard is answered from its memory; the leases are given back by message', () => {
  const world = new ShardWorld(2, 32 * MIB)
  const [here, there] = shards(world)
  const ref = world.open(1, 1)
  const local = world.open(2, 0)
  there.append(ref, world.region(batchBytes(3, 39), 1), 1, 0, new RecordingSink(), 0)
  there.append(ref, world.region(batchBytes(3, 39), 1), 1, 0, new RecordingSink(), 0)
  world.settle()
  const slots = [slotFor(2, 0), slotFor(1, 4)]
  const refs = [local, ref]
  expect(here.read(refs, slots, 2)).toBe(false)
  let doneCount = 0
  here.readElsewhere(refs, slots, 2, () => {
    doneCount += 1
  })
  expect(doneCount).toBe(0)
  world.settle()
  expect(doneCount).toBe(1)
  expect(slots[1]).toMatchObject({ code: 0, highWatermark: 6, sizeBytes: 100, file: -1, aborted: null })
  expect(bytesOf(world, slots[1] as ReadSlot)).toEqual(world.partition(1).log.subarray(100))
  // The run stays as it is while we hold it, however much the other shard appends.
  const before = bytesOf(world, slots[1] as ReadSlot)
  for (let round = 0; round < 40; round += 1) {
    there.append(ref, world.region(batchBytes(1, 900_000), 1), 1, 0, new RecordingSink(), 0)
    world.settle()
  }
  expect(bytesOf(world, slots[1] as ReadSlot)).toEqual(before)
  for (const region of slots[1]?.regions ?? []) here.arena.release(region)
  world.settle()
  expect(() => {
    for (const region of slots[1]?.regions ?? []) here.arena.release(region)
    world.settle()
  }).toThrow('given back')
})

test('committed reads carry aborted transactions over the hop; errors carry nothing', () => {
  const world = new ShardWorld(2, 32 * MIB)
  const [here, there] = shards(world)
  const ref = world.open(1, 1)
  there.append(ref, world.region(batchBytes(1, 39), 1), 1, 0, new RecordingSink(), 0)
  world.settle()
  world.partition(1).aborted = [{ producerId: 9, firstOffset: 0 }]
  const slots = [Object.assign(slotFor(1, 0), { isCommittedOnly: true }), slotFor(1, 50)]
  here.readElsewhere([ref, ref], slots, 2, () => undefined)
  world.settle()
  expect(slots[0]).toMatchObject({ sizeBytes: 100, aborted: [{ producerId: 9, firstOffset: 0 }] })
  expect(slots[1]).toMatchObject({ code: ErrorCode.offsetOutOfRange, highWatermark: -1, sizeBytes: 0 })
})

test('batches that came over a hop are read from the sender memory that still holds them', () => {
  const world = new ShardWorld(3, 64 * MIB)
  const [here, there, third] = shards(world)
  const ref = world.open(1, 1)
  here.append(ref, world.region(batchBytes(3, 39)), 1, 0, new RecordingSink(), 0)
  world.settle()
  // By the owner itself, by the sender, and by a third shard, which gets the file.
  const own = slotFor(1, 0)
  there.read([ref], [own], 1)
  const sender = slotFor(1, 0)
  here.readElsewhere([ref], [sender], 1, () => undefined)
  const stranger = slotFor(1, 0)
  third.readElsewhere([ref], [stranger], 1, () => undefined)
  world.settle()
  expect(bytesOf(world, own)).toEqual(world.partition(1).log)
  expect(bytesOf(world, sender)).toEqual(world.partition(1).log)
  expect(stranger).toMatchObject({ file: 1, sizeBytes: 100, regions: [] })
  for (const region of own.regions) there.arena.release(region)
  for (const region of sender.regions) here.arena.release(region)
  third.releaseFile(ref, stranger.fileSegment)
  world.settle()
  expect(world.partition(1).openReads).toBe(0)
})

test('a shard that runs short gets back what others hold of it as hot tail only', () => {
  const world = new ShardWorld(2, 32 * MIB)
  const [here, there] = shards(world)
  const ref = world.open(1, 1)
  for (let round = 0; round < 6; round += 1) {
    here.append(ref, world.region(batchBytes(1, 900_000)), 1, 0, new RecordingSink(), 0)
    world.settle()
  }
  let isGranted = false
  const want = (): void => {
    if (here.arena.reserve(10 * MIB) === undefined) here.arena.onRoom(want)
    else isGranted = true
  }
  want()
  expect(isGranted).toBe(false)
  world.settle()
  expect(isGranted).toBe(true)
  const slot = slotFor(1, 0)
  there.read([ref], [slot], 1)
  expect(slot.file).toBe(1)
})

test('a fetch over several shards is woken by any of them when enough has come in all', () => {
  const world = new ShardWorld(2, 32 * MIB)
  const [here, there] = shards(world)
  const refs = [world.open(1, 0), world.open(2, 1)]
  const slots = refs.map(({ handle }) => slotFor(handle, 0))
  const reader = new Reader()
  here.read(refs, slots, 2)
  here.readElsewhere(refs, slots, 2, () => undefined)
  world.settle()
  here.park(refs, slots, 2, 250, world.time.nowMs + 500, reader)
  world.settle()
  here.append(refs[0]!, world.region(batchBytes(1, 39)), 1, 0, new RecordingSink(), 0)
  world.settle()
  expect(reader.readyCount).toBe(0)
  for (const expected of [0, 1]) {
    there.append(refs[1]!, world.region(batchBytes(1, 39), 1), 1, 0, new RecordingSink(), 0)
    world.settle()
    expect(reader.readyCount).toBe(expected)
  }
  expect([here.counters.waiters, there.counters.waiters]).toEqual([0, 0])
})

test('bytes that came between the remote read and the park wake it; so does a partition that went away', () => {
  const world = new ShardWorld(2, 32 * MIB)
  const [here, there] = shards(world)
  const ref = world.open(1, 1)
  const park = (): Reader => {
    const slot = slotFor(1, world.partition(1).position.logEndOffset)
    const reader = new Reader()
    here.readElsewhere([ref], [slot], 1, () => undefined)
    world.settle()
    there.append(ref, world.region(batchBytes(1, 39), 1), 1, 0, new RecordingSink(), 0)
    world.settle()
    here.park([ref], [slot], 1, 1, world.time.nowMs + 500, reader)
    world.settle()
    return reader
  }
  expect(park().readyCount).toBe(1)
  there.ownership.close(1)
  expect(park().readyCount).toBe(1)
})

test('the deadline of a fetch parked elsewhere is kept here, and withdraws it there', () => {
  const world = new ShardWorld(2, 32 * MIB)
  const [here, there] = shards(world)
  const ref = world.open(1, 1)
  const reader = new Reader()
  here.park([ref], [slotFor(1, 0)], 1, 1, world.time.nowMs + 50, reader)
  world.settle()
  expect(there.counters.waiters).toBe(1)
  world.time.advance(100)
  world.settle()
  expect(reader.readyCount).toBe(1)
  expect(there.counters.waiters).toBe(0)
})

test('a target that is behind stops reservations, and resumes them in order when it has caught up', () => {
  const world = new ShardWorld(2, 400 * MIB)
  const [here] = shards(world)
  const ref = world.open(1, 1)
  for (let slot = 0; slot < 75; slot += 1)
    here.append(ref, world.region(batchBytes(1, 900_000)), 1, 0, new RecordingSink(), slot)
  expect(here.arena.reserve(2 * MIB)).toBe(undefined)
  const order: number[] = []
  for (const name of [1, 2]) here.arena.onRoom(() => order.push(name))
  world.settle()
  expect(order).toEqual([1, 2])
  expect(here.arena.reserve(2 * MIB)).not.toBe(undefined)
})

test('a shard that this process does not have is answered with NOT_LEADER_OR_FOLLOWER', () => {
  const world = new ShardWorld(2, 32 * MIB)
  const [here] = shards(world)
  const ref = { topic: 'gone', partition: 0, handle: 1, shard: -1 }
  const slot = slotFor(1, 0)
  let doneCount = 0
  here.readElsewhere([ref], [slot], 1, () => {
    doneCount += 1
  })
  expect(doneCount).toBe(0)
  const sink = new RecordingSink()
  here.append(ref, world.region(batchBytes(1, 10)), 1, 0, sink, 0)
  world.settle()
  expect(doneCount).toBe(1)
  expect([slot.code, sink.answers[0]?.code]).toEqual([ErrorCode.notLeaderOrFollower, ErrorCode.notLeaderOrFollower])
})

test('cold questions work the same here and elsewhere', async () => {
  const world = new ShardWorld(2, 32 * MIB)
  const [here, there] = shards(world)
  const ref = world.open(1, 1)
  there.append(ref, world.region(batchBytes(4, 39), 1), 1, 0, new RecordingSink(), 0)
  world.settle()
  world.partition(1).position.lastStableOffset = 2
  world.partition(1).epochEnd = { leaderEpoch: 2, endOffset: 4 }
  for (const shard of [here, there]) {
    const answers = Promise.all([
      shard.offsetForTimestamp(ref, -1, false),
      shard.offsetForTimestamp(ref, -1, true),
      shard.offsetForTimestamp(ref, 3, true),
      shard.offsetForTimestamp(ref, 1, true),
      shard.endOffsetForEpoch(ref, 3),
      shard.logDirectories(1),
      shard.activeProducers(ref),
      shard.offsetForTimestamp({ ...ref, handle: 50 }, -1, false),
    ])
    await microtasks()
    world.settle()
    expect(await answers).toEqual([
      { code: 0, offset: 4, timestampMs: -1, leaderEpoch: 0 },
      { code: 0, offset: 2, timestampMs: -1, leaderEpoch: 0 },
      { code: 0, offset: -1, timestampMs: -1, leaderEpoch: -1 },
      { code: 0, offset: 1, timestampMs: 1, leaderEpoch: 0 },
      { code: 0, leaderEpoch: 2, endOffset: 4 },
      [{ directory: '/data', topic: 'topic-1', partition: 0, sizeBytes: 100, isFuture: false, offsetLag: 0 }],
      [],
      { code: ErrorCode.notLeaderOrFollower, offset: -1, timestampMs: -1, leaderEpoch: -1 },
    ])
  }
  const deleted = here.deleteRecords(ref, 3, 1000)
  await microtasks()
  world.settle()
  expect(await deleted).toEqual({ code: 0, lowWatermark: 3 })
})
