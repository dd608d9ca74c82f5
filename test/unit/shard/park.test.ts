import { expect, test } from 'vitest'
import { newReadSlot, type PartitionRef, type ReadSlot } from '../../../src/shard/contract.ts'
import { batchBytes, MIB, RecordingSink, ShardWorld } from './support.ts'
import { leaderRole } from '../../support/roles.ts'

const sink = new RecordingSink()

class Reader {
  readyCount = 0
  onReady: (() => void) | undefined

  onFetchReady(): void {
    this.readyCount += 1
    this.onReady?.()
  }
}

function parkAtEnd(
  world: ShardWorld,
  refs: PartitionRef[],
  waiter: Reader,
  sizeBytesMin: number,
  waitMs: number,
  isCommittedOnly = false,
): ReadSlot[] {
  const slots = refs.map(({ handle }) => {
    const fromOffset = world.partition(handle).position.logEndOffset
    return Object.assign(newReadSlot(), { handle, fromOffset, sizeBytesMax: MIB, isCommittedOnly })
  })
  world.shard.read(refs, slots, refs.length)
  world.shard.park(refs, slots, refs.length, sizeBytesMin, world.time.nowMs + waitMs, waiter)
  return slots
}

function append(world: ShardWorld, ref: PartitionRef, payloadSizeBytes = 39): void {
  world.shard.append(ref, world.region(batchBytes(1, payloadSizeBytes)), 1, 0, sink, 0)
}

test('a parked fetch is woken in the turn of the append, after the flush and before the end of the turn', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  const events: string[] = []
  const reader = new Reader()
  reader.onReady = () => events.push(`ready with ${world.partition(1).batches.length} batches`)
  world.shard.onTurnEnd(() => events.push('turn end'))
  parkAtEnd(world, [ref], reader, 1, 500)
  append(world, ref)
  world.turn()
  expect(events).toEqual(['ready with 1 batches', 'turn end'])
  append(world, ref)
  world.turn()
  expect(reader.readyCount).toBe(1)
})

test('a reader that an append wakes costs no turn of its own, one that appends does', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  const turns = world.turns[0]
  const reader = new Reader()
  parkAtEnd(world, [ref], reader, 1, 500)
  append(world, ref)
  world.turn()
  expect(reader.readyCount).toBe(1)
  expect(turns?.isIdle).toBe(true)

  reader.onReady = () => append(world, ref)
  parkAtEnd(world, [ref], reader, 1, 500)
  append(world, ref)
  world.turn()
  expect(reader.readyCount).toBe(2)
  expect(turns?.isIdle).toBe(false)
  world.settle()
  expect(world.partition(1).batches.length).toBe(3)
})

test('it waits until enough bytes have come, over all its partitions', () => {
  const world = new ShardWorld()
  const refs = [world.open(1), world.open(2)]
  const reader = new Reader()
  parkAtEnd(world, refs, reader, 250, 500)
  for (const [index, expected] of [0, 0, 1].entries()) {
    append(world, refs[index % 2] as PartitionRef)
    world.turn()
    expect(reader.readyCount).toBe(expected)
  }
})

test('bytes that came between read and park count', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  const reader = new Reader()
  const slot = Object.assign(newReadSlot(), { handle: 1, sizeBytesMax: MIB })
  world.shard.read([ref], [slot], 1)
  append(world, ref)
  world.turn()
  world.shard.park([ref], [slot], 1, 1, world.time.nowMs + 500, reader)
  expect(reader.readyCount).toBe(0)
  world.turn()
  expect(reader.readyCount).toBe(1)
})

test('it is answered at its deadline, at most a few milliseconds late, and by one timer for all', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  const timersBefore = world.time.pending.size
  const readers = Array.from({ length: 50 }, () => new Reader())
  for (const [index, reader] of readers.entries()) parkAtEnd(world, [ref], reader, 1, 100 + index * 10)
  expect(world.time.pending.size).toBe(timersBefore + 1)
  for (let elapsedMs = 0; elapsedMs < 700; elapsedMs += 5) {
    world.time.advance(5)
    world.turn()
    for (const [index, reader] of readers.entries()) {
      const lateMs = elapsedMs + 5 - (100 + index * 10)
      if (lateMs < 0) expect(reader.readyCount).toBe(0)
      if (lateMs > 10) expect(reader.readyCount).toBe(1)
    }
  }
  expect(world.shard.counters.waitersExpired).toBe(50)
  expect(world.shard.counters.waiters).toBe(0)
  expect(world.time.pending.size).toBe(timersBefore)
})

test('a fetch that waits and is answered over and over starts no timer each time', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  const reader = new Reader()
  parkAtEnd(world, [ref], reader, 1, 500)
  const startsBefore = world.time.startCount
  for (let round = 0; round < 100; round += 1) {
    append(world, ref)
    world.turn()
    world.time.nowMs += 1
    parkAtEnd(world, [ref], reader, 1, 500)
  }
  expect(reader.readyCount).toBe(100)
  expect(world.time.startCount).toBe(startsBefore)
})

test('a withdrawn fetch is not told, not even when it was just woken', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  const [early, late] = [new Reader(), new Reader()]
  parkAtEnd(world, [ref], early, 1, 500)
  parkAtEnd(world, [ref], late, 1, 500)
  world.shard.unpark(early)
  sink.onAnswer = () => undefined
  append(world, ref)
  world.shard.ownership.setRole(1, leaderRole(3))
  world.shard.unpark(late)
  world.turn()
  expect([early.readyCount, late.readyCount]).toEqual([0, 0])
})

test('readers of committed records sleep until the last stable offset moves', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  const partition = world.partition(1)
  partition.isAlone = false
  const [all, committed] = [new Reader(), new Reader()]
  parkAtEnd(world, [ref], all, 1, 500)
  parkAtEnd(world, [ref], committed, 1, 500, true)
  append(world, ref)
  world.turn()
  expect([all.readyCount, committed.readyCount]).toEqual([0, 0])
  partition.position.highWatermark = 1
  world.shard.highWatermarkMayHaveMoved(1)
  world.turn()
  expect([all.readyCount, committed.readyCount]).toEqual([1, 0])
  partition.position.lastStableOffset = 1
  world.shard.highWatermarkMayHaveMoved(1)
  world.turn()
  expect([all.readyCount, committed.readyCount]).toEqual([1, 1])
})

test('a partition that fails, closes or changes its leader wakes its readers', () => {
  const world = new ShardWorld()
  const failing = world.open(1)
  const closing = world.open(2)
  const moving = world.open(3)
  const readers = [new Reader(), new Reader(), new Reader()] as const
  for (const [index, ref] of [failing, closing, moving].entries()) {
    parkAtEnd(world, [ref], readers[index] as Reader, 1, 500)
  }
  world.partition(1).flushCode = 56
  append(world, failing)
  world.shard.ownership.close(2)
  world.shard.ownership.setRole(3, leaderRole(9))
  world.turn()
  expect(readers.map(({ readyCount }) => readyCount)).toEqual([1, 1, 1])
})

test('a fetch may park again from its answer', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  const reader = new Reader()
  reader.onReady = () => parkAtEnd(world, [ref], reader, 1, 500)
  parkAtEnd(world, [ref], reader, 1, 500)
  for (let round = 1; round <= 5; round += 1) {
    append(world, ref)
    world.turn()
    expect(reader.readyCount).toBe(round)
  }
})

test('a fetch that names a partition twice, and two fetches on one, are all woken once', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  const readers = Array.from({ length: 6 }, () => new Reader())
  for (const [index, reader] of readers.entries())
    parkAtEnd(world, index % 2 === 0 ? [ref, ref] : [ref], reader, 1, 500)
  append(world, ref)
  world.turn()
  expect(readers.map(({ readyCount }) => readyCount)).toEqual([1, 1, 1, 1, 1, 1])
})

test('an idle shard has no timer but the slow one of maintenance, and none at all without partitions', () => {
  const world = new ShardWorld()
  expect(world.time.pending.size).toBe(0)
  for (let handle = 0; handle < 1000; handle += 1) world.open(handle)
  expect(world.time.pending.size).toBe(1)
  world.time.advance(1000)
  const looked = [...world.partitions.values()].filter(({ maintainCount }) => maintainCount > 0).length
  expect(looked).toBe(100)
  world.time.advance(9000)
  expect([...world.partitions.values()].every(({ maintainCount }) => maintainCount === 1)).toBe(true)
})
