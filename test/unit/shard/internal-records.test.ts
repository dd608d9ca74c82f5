import { expect, test } from 'vitest'
import { ErrorCode } from '../../../src/model/error-code.ts'
import type { InternalRecord } from '../../../src/shard/contract.ts'
import { batchBytes, MIB, microtasks, RecordingSink, ShardWorld } from './support.ts'

function record(...bytes: number[]): InternalRecord {
  return { key: null, value: Uint8Array.from(bytes), timestampMs: 0 }
}

async function settleAll(world: ShardWorld): Promise<void> {
  for (let round = 0; round < 10; round += 1) {
    await microtasks()
    world.settle()
  }
}

test('coordinator appends resolve when the high watermark has passed them, and are replayed in order', async () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  world.partition(1).isAlone = false
  const results: unknown[] = []
  void world.shard.appendInternal(ref, [record(1), record(2, 2)]).then((result) => results.push(result))
  void world.shard.appendInternal(ref, [record(3)]).then((result) => results.push(result))
  await settleAll(world)
  expect(results).toEqual([])
  world.partition(1).confirm(3)
  world.shard.highWatermarkMayHaveMoved(1)
  await settleAll(world)
  expect(results).toEqual([
    { code: 0, baseOffset: 0 },
    { code: 0, baseOffset: 2 },
  ])
  const seen: [number, number[]][] = []
  const code = await world.shard.replayInternal(ref, ({ value }, offset) => seen.push([offset, [...(value ?? [])]]))
  expect(code).toBe(ErrorCode.none)
  expect(seen).toEqual([
    [0, [1]],
    [1, [2, 2]],
    [2, [3]],
  ])
  expect(world.partition(1).openReads).toBe(0)
})

test('a coordinator that takes over reads to the log end: the high watermark it knows may lag behind what was acknowledged', async () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  world.partition(1).isAlone = false
  for (const value of [1, 2, 3]) void world.shard.appendInternal(ref, [record(value)])
  await settleAll(world)
  world.partition(1).confirm(1)
  world.shard.highWatermarkMayHaveMoved(1)
  const seen: number[] = []
  expect(await world.shard.replayInternal(ref, ({ value }) => seen.push(value?.[0] ?? -1))).toBe(ErrorCode.none)
  expect(seen).toEqual([1, 2, 3])
})

test('a replay reads on over any number of reads, and around a batch larger than one', async () => {
  const world = new ShardWorld(1, 32 * MIB)
  const ref = world.open(1)
  for (const sizeBytes of [600_000, 600_000, 600_000]) {
    const batch = batchBytes(1, sizeBytes, [1, 42])
    world.shard.append(ref, world.region(batch), 1, 0, new RecordingSink(), 0)
  }
  world.shard.append(ref, world.region(batchBytes(1, 3 * MIB, [1, 43])), 1, 0, new RecordingSink(), 0)
  world.shard.append(ref, world.region(batchBytes(1, 100, [1, 44])), 1, 0, new RecordingSink(), 0)
  world.turn()
  const seen: number[] = []
  expect(await world.shard.replayInternal(ref, ({ value }) => seen.push(value?.[0] ?? -1))).toBe(ErrorCode.none)
  expect(seen).toEqual([42, 42, 42, 43, 44])
})

test('a replay of a partition that goes away says so', async () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  world.shard.append(ref, world.region(batchBytes(1, 2, [1, 7])), 1, 0, new RecordingSink(), 0)
  world.turn()
  world.shard.append(ref, world.region(batchBytes(1, 900_000, [1, 7])), 1, 0, new RecordingSink(), 0)
  world.shard.append(ref, world.region(batchBytes(1, 900_000, [1, 7])), 1, 0, new RecordingSink(), 0)
  world.turn()
  const replay = world.shard.replayInternal(ref, () => undefined)
  world.shard.ownership.close(1)
  expect(await replay).toBe(ErrorCode.notLeaderOrFollower)
  expect(await world.shard.replayInternal(ref, () => undefined)).toBe(ErrorCode.notLeaderOrFollower)
  expect(world.partition(1).openReads).toBe(0)
})

test('while the arena is full coordinator appends wait, and keep their order', async () => {
  const world = new ShardWorld(1, 8 * MIB)
  const ref = world.open(1)
  const held = world.shard.arena.reserve(world.shard.arena.sizeBytesMax)
  const results: [string, number][] = []
  for (const name of ['first', 'second', 'third']) {
    void world.shard.appendInternal(ref, [record(1)]).then(({ baseOffset }) => results.push([name, baseOffset]))
  }
  await settleAll(world)
  expect(results).toEqual([])
  if (held !== undefined) world.shard.arena.release(held)
  await settleAll(world)
  expect(results).toEqual([
    ['first', 0],
    ['second', 1],
    ['third', 2],
  ])
})

test('a coordinator hears of a disk error as a code', async () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  world.partition(1).flushCode = ErrorCode.kafkaStorageError
  const result = world.shard.appendInternal(ref, [record(1)])
  await settleAll(world)
  expect(await result).toEqual({ code: ErrorCode.kafkaStorageError, baseOffset: -1 })
})
