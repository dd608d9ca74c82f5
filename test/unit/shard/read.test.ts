import { expect, test } from 'vitest'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { newReadSlot, type PartitionRef, type ReadSlot } from '../../../src/shard/contract.ts'
import { batchBytes, MIB, RecordingSink, ShardWorld } from './support.ts'
import { leaderRole } from '../../support/roles.ts'

const sink = new RecordingSink()

function slotFor(fromOffset: number, sizeBytesMax = MIB): ReadSlot {
  return Object.assign(newReadSlot(), { fromOffset, sizeBytesMax })
}

function read(world: ShardWorld, ref: PartitionRef, slot: ReadSlot): ReadSlot {
  slot.handle = ref.handle
  expect(world.shard.read([ref], [slot], 1)).toBe(true)
  return slot
}

function bytesOf(world: ShardWorld, slot: ReadSlot): Uint8Array {
  const parts = slot.regions.map(({ at, sizeBytes }) => [...world.memory.subarray(at, at + sizeBytes)])
  return Uint8Array.from(parts.flat())
}

/** Appends batches of these record counts, one turn each unless told otherwise. */
function append(world: ShardWorld, ref: PartitionRef, ...recordCounts: number[]): void {
  for (const count of recordCounts) {
    world.shard.append(ref, world.region(batchBytes(count, 39)), 1, 0, sink, 0)
    world.turn()
  }
}

test('a tail read is answered from memory: neighbours as one region, leased, byte for byte the log', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  append(world, ref, 3, 3, 3)
  const slot = read(world, ref, slotFor(0))
  expect(slot).toMatchObject({
    code: 0,
    highWatermark: 9,
    lastStableOffset: 9,
    logStartOffset: 0,
    sizeBytes: 300,
    file: -1,
  })
  expect(slot.regions.length).toBe(1)
  expect(bytesOf(world, slot)).toEqual(world.partition(1).log)
  expect(slot.aborted).toBe(null)
})

test('an offset inside a batch gives the whole batch', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  append(world, ref, 3, 3, 3)
  for (const fromOffset of [3, 4, 5]) {
    expect(bytesOf(world, read(world, ref, slotFor(fromOffset)))).toEqual(world.partition(1).log.subarray(100))
  }
})

test('only whole batches within the limit are given; the first one whatever its size when it may exceed', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  append(world, ref, 1, 1, 1)
  expect(read(world, ref, slotFor(0, 250)).sizeBytes).toBe(200)
  expect(read(world, ref, slotFor(0, 200)).sizeBytes).toBe(200)
  expect(read(world, ref, slotFor(0, 99)).sizeBytes).toBe(0)
  const exceeding = Object.assign(slotFor(0, 99), { mayExceed: true })
  expect(read(world, ref, exceeding).sizeBytes).toBe(100)
  const nothing = Object.assign(slotFor(1, 0), { mayExceed: true })
  expect(bytesOf(world, read(world, ref, nothing))).toEqual(world.partition(1).log.subarray(100, 200))
})

test('batches of interleaved partitions come as several regions', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  const other = world.open(2)
  for (let round = 0; round < 3; round += 1) {
    append(world, ref, 2)
    append(world, other, 2)
  }
  const slot = read(world, ref, slotFor(2))
  expect(slot.regions.length).toBe(2)
  expect(bytesOf(world, slot)).toEqual(world.partition(1).log.subarray(100))
})

test('what is staged but not written is not read', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  append(world, ref, 1)
  world.shard.append(ref, world.region(batchBytes(1, 39)), 1, 0, sink, 0)
  expect(read(world, ref, slotFor(0)).sizeBytes).toBe(100)
  expect(read(world, ref, slotFor(1)).sizeBytes).toBe(0)
})

test('readers stop at the high watermark, readers of committed records at the last stable offset', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  const partition = world.partition(1)
  partition.isAlone = false
  append(world, ref, 1, 1, 1, 1)
  partition.position.highWatermark = 3
  partition.position.lastStableOffset = 2
  expect(read(world, ref, slotFor(0)).sizeBytes).toBe(300)
  partition.aborted = [{ producerId: 5, firstOffset: 0 }]
  const committed = read(world, ref, Object.assign(slotFor(0), { isCommittedOnly: true }))
  expect(committed).toMatchObject({ sizeBytes: 200, aborted: [{ producerId: 5, firstOffset: 0 }], highWatermark: 3 })
  const empty = read(world, ref, Object.assign(slotFor(2), { isCommittedOnly: true }))
  expect(empty).toMatchObject({ code: 0, sizeBytes: 0, aborted: [] })
})

test('what memory no longer holds is planned from the file, and counted until it is released', () => {
  const world = new ShardWorld(1, 16 * MIB, { hotTailSizeBytes: 0 })
  const ref = world.open(1)
  append(world, ref, 1, 1)
  // Fill the run that holds the batches, so that it is closed, and give it back: nothing is kept as hot tail here.
  const filler = world.shard.arena.reserve(600_000)
  world.shard.arena.reserve(600_000)
  if (filler !== undefined) world.shard.arena.release(filler)
  const slot = read(world, ref, slotFor(0, 150))
  expect(slot).toMatchObject({ file: 1, filePosition: 0, sizeBytes: 150, regions: [] })
  expect(world.partition(1).openReads).toBe(1)
  world.shard.releaseFile(ref, slot.fileSegment)
  expect(world.partition(1).openReads).toBe(0)
})

test('leased bytes stay as they are while the arena is reused around them', () => {
  const world = new ShardWorld(1, 16 * MIB)
  const ref = world.open(1)
  append(world, ref, 1, 1)
  const slot = read(world, ref, slotFor(0))
  const before = bytesOf(world, slot)
  for (let round = 0; round < 60; round += 1) {
    const region = world.region(batchBytes(1, 900_000))
    world.memory.fill(round, region.at + 61, region.at + region.sizeBytes)
    world.shard.append(ref, region, 1, 0, sink, 0)
    world.turn()
  }
  expect(bytesOf(world, slot)).toEqual(before)
  for (const region of slot.regions) world.shard.arena.release(region)
  for (let round = 0; round < 60; round += 1) {
    world.shard.append(ref, world.region(batchBytes(1, 900_000)), 1, 0, sink, 0)
    world.turn()
  }
  expect(read(world, ref, slotFor(0)).file).toBe(1)
})

test('leader epochs: an old one is fenced, an unknown one is told so', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  world.shard.ownership.setRole(1, leaderRole(5))
  const withEpoch = (epoch: number) => read(world, ref, Object.assign(slotFor(0), { currentLeaderEpoch: epoch }))
  expect(withEpoch(4)).toMatchObject({ code: ErrorCode.fencedLeaderEpoch, highWatermark: -1 })
  expect(withEpoch(6).code).toBe(ErrorCode.unknownLeaderEpoch)
  expect(withEpoch(5).code).toBe(ErrorCode.none)
  expect(withEpoch(-1).code).toBe(ErrorCode.none)
})

test('a reader whose last epoch ended earlier here is told where they part', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  append(world, ref, 5)
  const diverge = (fromOffset: number, lastFetchedEpoch: number) =>
    read(world, ref, Object.assign(slotFor(fromOffset), { lastFetchedEpoch }))
  world.partition(1).epochEnd = { leaderEpoch: 3, endOffset: 4 }
  expect(diverge(5, 3)).toMatchObject({
    code: 0,
    divergingEpoch: 3,
    divergingEndOffset: 4,
    sizeBytes: 0,
    highWatermark: 5,
  })
  expect(diverge(9, 4)).toMatchObject({ code: 0, divergingEpoch: 3, divergingEndOffset: 4 })
  expect(diverge(4, 3)).toMatchObject({ code: 0, divergingEpoch: -1, sizeBytes: 100 })
  world.partition(1).epochEnd = { leaderEpoch: -1, endOffset: -1 }
  expect(diverge(4, 3).code).toBe(ErrorCode.offsetOutOfRange)
})

test('offsets out of range, partitions gone, disks failed', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  append(world, ref, 1, 1)
  world.partition(1).position.logStartOffset = 1
  expect(read(world, ref, slotFor(0)).code).toBe(ErrorCode.offsetOutOfRange)
  expect(read(world, ref, slotFor(3)).code).toBe(ErrorCode.offsetOutOfRange)
  expect(read(world, ref, slotFor(2)).code).toBe(ErrorCode.none)
  expect(read(world, { ...ref, handle: 77 }, slotFor(0)).code).toBe(ErrorCode.notLeaderOrFollower)
  world.partition(1).flushCode = ErrorCode.kafkaStorageError
  append(world, ref, 1)
  expect(read(world, ref, slotFor(1)).code).toBe(ErrorCode.kafkaStorageError)
  world.shard.ownership.close(1)
  expect(read(world, ref, slotFor(1)).code).toBe(ErrorCode.notLeaderOrFollower)
})

test('what the log rewrote is never served from memory', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  world.partition(1).outcome.isRewritten = true
  append(world, ref, 1)
  expect(read(world, ref, slotFor(0)).file).toBe(1)
})

test('a planned read outlives the partition: the file is released with the replica that planned it', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  world.partition(1).outcome.isRewritten = true
  append(world, ref, 1)
  const slot = read(world, ref, slotFor(0))
  world.shard.ownership.remove(1)
  expect(world.partition(1).openReads).toBe(1)
  world.shard.releaseFile(ref, slot.fileSegment)
  expect(world.partition(1).openReads).toBe(0)
  expect(() => world.shard.releaseFile(ref, slot.fileSegment)).toThrow('released once')
})
