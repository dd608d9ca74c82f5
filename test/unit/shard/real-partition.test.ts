import { afterEach, expect, test } from 'vitest'
import { CONFIG, CountingSink, makeShardWorld, type ShardWorld } from '../../../bench/path/shard-world.ts'
import { NodeDisk } from '../../../src/io/node/disk.ts'
import { newReadSlot, type PartitionRef, type ReadSlot } from '../../../src/shard/contract.ts'

const MIB = 1024 * 1024
let world: ShardWorld

afterEach(() => world.close())

function append(ref: PartitionRef, recordCount: number, sink: CountingSink, acks = 1): void {
  const value = new Uint8Array(100).fill(recordCount)
  const records = Array.from({ length: recordCount }, () => ({
    timestampMs: Date.now(),
    key: null,
    value,
    headers: [],
  }))
  const batch = world.codec.encodeBatch(records, {
    baseOffset: 0,
    codec: 0,
    level: 0,
    leaderEpoch: -1,
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    isTransactional: false,
    isControl: false,
    isLogAppendTime: false,
  })
  const { arena } = world.shard
  const region = arena.reserve(batch.byteLength)
  if (region === undefined) throw new Error('the arena is full')
  arena.bytes.set(batch, region.at)
  world.shard.append(ref, region, acks, Infinity, sink, 0)
}

function read(ref: PartitionRef, fromOffset: number): ReadSlot {
  const slot = Object.assign(newReadSlot(), { handle: ref.handle, fromOffset, sizeBytesMax: MIB })
  world.shard.read([ref], [slot], 1)
  return slot
}

test('what memory gives is byte for byte what the file holds', () => {
  world = makeShardWorld('real disk', 2)
  const ref = world.partitions[0] as PartitionRef
  const other = world.partitions[1] as PartitionRef
  const sink = new CountingSink()
  for (let round = 1; round <= 20; round += 1) {
    append(ref, (round % 5) + 1, sink)
    if (round % 3 === 0) append(other, 2, sink)
    if (round % 2 === 0) world.turns.run()
  }
  expect(sink.count).toBe(26)
  const fromMemory = read(ref, 0)
  expect(fromMemory).toMatchObject({ code: 0, file: -1, highWatermark: 60 })
  const { bytes } = world.shard.arena
  const memory = fromMemory.regions.flatMap(({ at, sizeBytes }) => [...bytes.subarray(at, at + sizeBytes)])
  for (const region of fromMemory.regions) world.shard.arena.release(region)
  // Everything else in the arena, so that only the file is left.
  const everything = world.shard.arena.reserve(world.shard.arena.sizeBytesMax)
  expect(everything).not.toBe(undefined)
  const fromFile = read(ref, 0)
  expect(fromFile.file).toBeGreaterThanOrEqual(0)
  const file = new Uint8Array(fromFile.sizeBytes)
  new NodeDisk().readSync(fromFile.file, file, fromFile.filePosition)
  world.shard.releaseFile(ref, fromFile.fileSegment)
  expect(memory).toEqual([...file])
})

test('durable appends are answered after a real sync, several with one', async () => {
  world = makeShardWorld('real disk', 1)
  const ref = world.partitions[0] as PartitionRef
  world.shard.ownership.configure(ref.handle, { ...CONFIG, flushMessages: 1 })
  const sink = new CountingSink()
  for (let index = 0; index < 10; index += 1) append(ref, 1, sink, -1)
  world.turns.run()
  expect(sink.count).toBe(0)
  while (sink.count < 10) await new Promise((resolve) => setImmediate(resolve))
  expect(world.shard.counters.syncs).toBe(1)
})

test('a coordinator replays what it appended, through the real codec', async () => {
  world = makeShardWorld('real disk', 1)
  const ref = world.partitions[0] as PartitionRef
  const key = Uint8Array.of(1, 2)
  const appended = world.shard.appendInternal(ref, [
    { key, value: Uint8Array.of(3), timestampMs: 5 },
    { key, value: null, timestampMs: 6 },
  ])
  world.turns.run()
  expect(await appended).toEqual({ code: 0, baseOffset: 0 })
  const seen: unknown[] = []
  const code = await world.shard.replayInternal(ref, (record, offset) => {
    seen.push([offset, [...(record.key ?? [])], record.value === null ? null : [...record.value], record.timestampMs])
  })
  expect(code).toBe(0)
  expect(seen).toEqual([
    [0, [1, 2], [3], 5],
    [1, [1, 2], null, 6],
  ])
})
