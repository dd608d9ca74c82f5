import { expect, test } from 'vitest'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { batchBytes, microtasks, RecordingSink, ShardWorld } from './support.ts'

test('appends of one turn are written with one flush and answered in order, not before', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  const sink = new RecordingSink()
  for (let slot = 0; slot < 5; slot += 1) world.shard.append(ref, world.region(batchBytes(2, 100)), 1, 0, sink, slot)
  expect(sink.answers).toEqual([])
  world.turn()
  expect(world.partition(1).flushCount).toBe(1)
  expect(sink.answers.map(({ slot, code, baseOffset }) => [slot, code, baseOffset])).toEqual([
    [0, 0, 0],
    [1, 0, 2],
    [2, 0, 4],
    [3, 0, 6],
    [4, 0, 8],
  ])
  expect(world.turns[0]?.isIdle).toBe(true)
})

test('partitions that staged nothing are not flushed', () => {
  const world = new ShardWorld()
  world.open(1)
  const other = world.open(2)
  world.shard.append(other, world.region(batchBytes(1, 10)), 1, 0, new RecordingSink(), 0)
  world.turn()
  expect([world.partition(1).flushCount, world.partition(2).flushCount]).toEqual([0, 1])
})

test('the broker is told at the end of the turn, after the answers', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  const events: string[] = []
  const sink = new RecordingSink()
  sink.onAnswer = (slot) => events.push(`answer ${slot}`)
  world.shard.onTurnEnd(() => events.push('turn end'))
  world.shard.append(ref, world.region(batchBytes(1, 10)), 0, 0, sink, 0)
  world.shard.append(ref, world.region(batchBytes(1, 10)), 1, 0, sink, 1)
  world.turn()
  expect(events).toEqual(['answer 0', 'answer 1', 'turn end'])
})

test('a partition that is not owned here is answered with NOT_LEADER_OR_FOLLOWER, and its memory comes back', () => {
  const world = new ShardWorld()
  const sink = new RecordingSink()
  const ref = { topic: 'gone', partition: 0, handle: 99, shard: 0 }
  world.shard.append(ref, world.region(batchBytes(1, 10)), 1, 0, sink, 3)
  world.turn()
  expect(sink.answers[0]).toMatchObject({ slot: 3, code: ErrorCode.notLeaderOrFollower, baseOffset: -1 })
  const next = world.region(batchBytes(1, 10))
  expect(next.at).toBe(world.region(batchBytes(1, 10)).at - 71)
})

test('what staging refuses is answered with its code and message in its place', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  const sink = new RecordingSink()
  world.shard.append(ref, world.region(batchBytes(1, 10)), 1, 0, sink, 0)
  world.partition(1).nextStageCode = ErrorCode.invalidRecord
  world.shard.append(ref, world.region(batchBytes(1, 10)), 1, 0, sink, 1)
  world.shard.append(ref, world.region(batchBytes(1, 10)), 1, 0, sink, 2)
  world.turn()
  expect(sink.answers.map(({ code }) => code)).toEqual([0, ErrorCode.invalidRecord, 0])
  expect(sink.answers[1]?.errorMessage).toBe('refused by the test')
  expect(sink.answers[2]?.errorMessage).toBe('')
})

test('a failed flush fails every append of that partition in the turn, and all later ones', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  const healthy = world.open(2)
  const sink = new RecordingSink()
  world.partition(1).flushCode = ErrorCode.kafkaStorageError
  world.shard.append(ref, world.region(batchBytes(1, 10)), 1, 0, sink, 0)
  world.shard.append(ref, world.region(batchBytes(1, 10)), -1, 0, sink, 1)
  world.shard.append(healthy, world.region(batchBytes(1, 10)), 1, 0, sink, 2)
  world.turn()
  world.shard.append(ref, world.region(batchBytes(1, 10)), 1, 0, sink, 3)
  world.turn()
  expect(sink.answers.map(({ slot, code }) => [slot, code])).toEqual([
    [0, ErrorCode.kafkaStorageError],
    [1, ErrorCode.kafkaStorageError],
    [2, ErrorCode.none],
    [3, ErrorCode.kafkaStorageError],
  ])
  expect(world.failed.map(({ handle }) => handle)).toEqual([1])
  expect(world.log.lines.join()).toContain('topic-1-0 is offline')
})

test('a duplicate is answered with its old offset and leaves nothing in memory', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  const sink = new RecordingSink()
  world.partition(1).nextStageIsDuplicate = true
  world.shard.append(ref, world.region(batchBytes(1, 10)), -1, 0, sink, 0)
  world.partition(1).confirm(1)
  world.turn()
  expect(sink.answers[0]).toMatchObject({ code: ErrorCode.none, baseOffset: 0 })
  expect(world.shard.counters.messagesIn).toBe(0)
})

test('acks=all waits for the high watermark, acks=1 does not', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  const partition = world.partition(1)
  partition.isAlone = false
  const sink = new RecordingSink()
  world.shard.append(ref, world.region(batchBytes(1, 10)), -1, 5000, sink, 0)
  world.shard.append(ref, world.region(batchBytes(1, 10)), 1, 5000, sink, 1)
  world.shard.append(ref, world.region(batchBytes(1, 10)), -1, 5000, sink, 2)
  world.turn()
  expect(sink.answers.map(({ slot }) => slot)).toEqual([1])
  partition.confirm(1)
  world.shard.highWatermarkMayHaveMoved(1)
  world.turn()
  expect(sink.answers.map(({ slot }) => slot)).toEqual([1, 0])
})

test('acks=all times out after its deadline and is not answered twice', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  const partition = world.partition(1)
  partition.isAlone = false
  const sink = new RecordingSink()
  world.shard.append(ref, world.region(batchBytes(1, 10)), -1, world.time.nowMs + 100, sink, 0)
  world.shard.append(ref, world.region(batchBytes(1, 10)), -1, world.time.nowMs + 5000, sink, 1)
  world.turn()
  world.time.advance(150)
  expect(sink.answers).toMatchObject([{ slot: 0, code: ErrorCode.requestTimedOut }])
  partition.confirm(2)
  world.shard.highWatermarkMayHaveMoved(1)
  expect(sink.answers).toMatchObject([{ slot: 0 }, { slot: 1, code: ErrorCode.none, baseOffset: 1 }])
})

test('with flush.messages=1 one sync serves all appends of a turn; those that come meanwhile share the next', async () => {
  const world = new ShardWorld()
  const ref = world.open(1, 0, { flushMessages: 1 })
  const partition = world.partition(1)
  const sink = new RecordingSink()
  const append = (slot: number) => world.shard.append(ref, world.region(batchBytes(1, 10)), 1, 0, sink, slot)
  append(0)
  append(1)
  world.turn()
  expect([partition.syncs.length, sink.answers.length]).toEqual([1, 0])
  append(2)
  append(3)
  world.turn()
  expect([partition.syncs.length, sink.answers.length]).toEqual([1, 0])
  partition.syncs[0]?.(ErrorCode.none)
  await microtasks()
  expect(sink.answers.map(({ slot }) => slot)).toEqual([0, 1])
  expect(partition.syncs.length).toBe(2)
  partition.syncs[1]?.(ErrorCode.none)
  await microtasks()
  expect(sink.answers.map(({ slot }) => slot)).toEqual([0, 1, 2, 3])
  expect(world.turns[0]?.isIdle).toBe(false)
})

test('with flush.messages=3 the append that fills the count waits, earlier ones do not', async () => {
  const world = new ShardWorld()
  const ref = world.open(1, 0, { flushMessages: 3 })
  const sink = new RecordingSink()
  for (let slot = 0; slot < 3; slot += 1) {
    world.shard.append(ref, world.region(batchBytes(1, 10)), 1, 0, sink, slot)
    world.turn()
  }
  expect(sink.answers.map(({ slot }) => slot)).toEqual([0, 1])
  world.partition(1).syncs[0]?.(ErrorCode.none)
  await microtasks()
  expect(sink.answers.map(({ slot }) => slot)).toEqual([0, 1, 2])
})

test('acks 0 does not wait for a sync that durable acknowledgements need', async () => {
  const world = new ShardWorld(1, undefined, { isAckDurable: true })
  const ref = world.open(1)
  const sink = new RecordingSink()
  world.shard.append(ref, world.region(batchBytes(1, 10)), 0, 0, sink, 0)
  world.shard.append(ref, world.region(batchBytes(1, 10)), 1, 0, sink, 1)
  world.turn()
  expect(sink.answers.map(({ slot }) => slot)).toEqual([0])
  world.partition(1).syncs[0]?.(ErrorCode.none)
  await microtasks()
  expect(sink.answers.map(({ slot }) => slot)).toEqual([0, 1])
})

test('after a failed sync nothing that waited, or was appended since, is acknowledged', async () => {
  const world = new ShardWorld()
  const ref = world.open(1, 0, { flushMessages: 1 })
  const sink = new RecordingSink()
  world.shard.append(ref, world.region(batchBytes(1, 10)), 1, 0, sink, 0)
  world.turn()
  world.shard.append(ref, world.region(batchBytes(1, 10)), 1, 0, sink, 1)
  world.turn()
  world.partition(1).syncs[0]?.(ErrorCode.kafkaStorageError)
  await microtasks()
  world.shard.append(ref, world.region(batchBytes(1, 10)), 1, 0, sink, 2)
  world.turn()
  expect(sink.answers.map(({ slot, code }) => [slot, code])).toEqual([0, 1, 2].map((slot) => [slot, 56]))
  expect(world.failed.length).toBe(1)
})

test('a sink that appends again from its answer gets its turn, and its own answer', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  const sink = new RecordingSink()
  sink.onAnswer = (slot) => {
    if (slot < 3) world.shard.append(ref, world.region(batchBytes(1, 10)), 1, 0, sink, slot + 1)
  }
  world.shard.append(ref, world.region(batchBytes(1, 10)), 1, 0, sink, 0)
  for (let turn = 1; turn <= 4; turn += 1) {
    world.turn()
    expect(sink.answers.map(({ baseOffset }) => baseOffset)).toEqual([0, 1, 2, 3].slice(0, turn))
  }
  expect(world.partition(1).flushCount).toBe(4)
})

test('closing a partition writes what it staged and refuses what it has not acknowledged', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  const sink = new RecordingSink()
  world.partition(1).isAlone = false
  world.shard.append(ref, world.region(batchBytes(1, 10)), -1, 9e9, sink, 0)
  world.turn()
  world.shard.append(ref, world.region(batchBytes(1, 10)), 1, 9e9, sink, 1)
  world.shard.ownership.close(1)
  expect(world.turns[0]?.isIdle).toBe(false)
  world.turn()
  expect(world.partition(1).batches.length).toBe(2)
  expect(world.partition(1).isClosed).toBe(true)
  expect(sink.answers.map(({ slot, code }) => [slot, code])).toEqual([
    [0, ErrorCode.notLeaderOrFollower],
    [1, ErrorCode.notLeaderOrFollower],
  ])
})

test('a turn that stages more than the limit writes early and still answers at its end', () => {
  const world = new ShardWorld(1, 64 * 1024 * 1024)
  const ref = world.open(1)
  const sink = new RecordingSink()
  for (let slot = 0; slot < 12; slot += 1) {
    world.shard.append(ref, world.region(batchBytes(1, 900_000)), 1, 0, sink, slot)
  }
  expect(world.partition(1).flushCount).toBe(1)
  expect(sink.answers).toEqual([])
  world.turn()
  expect(world.partition(1).flushCount).toBe(2)
  expect(sink.answers.map(({ baseOffset }) => baseOffset)).toEqual([...Array(12).keys()])
})

test('refusals between two turns ask for one, or the broker would not write them', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  world.partition(1).isAlone = false
  const sink = new RecordingSink()
  world.shard.append(ref, world.region(batchBytes(1, 10)), -1, Infinity, sink, 0)
  world.turn()
  expect(world.turns[0]?.isIdle).toBe(true)
  world.shard.ownership.remove(1)
  expect(sink.answers.length).toBe(1)
  expect(world.turns[0]?.isIdle).toBe(false)
})
