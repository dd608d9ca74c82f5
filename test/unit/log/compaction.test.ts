import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ErrorCode } from '../../../src/model/error-code.ts'
import type { PartitionConfig } from '../../../src/partition/contract.ts'
import type { Replica } from '../../../src/partition/replica.ts'
import {
  batchOf,
  createLogWorld,
  type LogWorld,
  openReplica,
  PARTITION_DIRECTORY,
  START_MS,
} from '../../support/log-world.ts'
import { MemoryDisk } from '../../support/memory-disk.ts'
import { append } from '../../support/partition-steps.ts'

const COMPACTED: Partial<PartitionConfig> = {
  isCompacted: true,
  isDeleted: false,
  segmentBytes: 600,
  indexIntervalBytes: 100,
  minCleanableDirtyRatio: 0.01,
  fileDeleteDelayMs: 0,
}

interface Put {
  readonly key: string
  readonly value: string | null
}

function putBatch(
  puts: readonly Put[],
  options: Parameters<typeof batchOf>[1] = {},
  timestampMs = START_MS,
): Uint8Array {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
  return batchOf(
    puts.map(({ key, value }) => ({ timestampMs, key: bytes(key), value: value === null ? null : bytes(value) })),
    options,
  )
}

/** Runs maintain until no compaction is under way. */
function clean(world: LogWorld, replica: Replica): void {
  world.nowMs += 16_000
  do {
    replica.maintain(world.nowMs)
  } while (world.environment.upkeep.isCleaning)
}

/** Key and value of every record that can be read, with its offset. */
function contents(world: LogWorld, replica: Replica): { offset: number; key: string; value: string | null }[] {
  const found: { offset: number; key: string; value: string | null }[] = []
  const end = replica.position.highWatermark
  let offset = replica.position.logStartOffset
  while (offset < end) {
    expect(replica.planRead(offset, end, 1 << 20)).toBe(ErrorCode.none)
    const { file, position, sizeBytes, segment } = replica.plan
    if (sizeBytes === 0) break
    const bytes = new Uint8Array(sizeBytes)
    expect(world.disk.readSync(file, bytes, position)).toBe(sizeBytes)
    replica.releaseRead(segment)
    const text = new TextDecoder()
    const before = offset
    expect(
      world.codec.decodeBatches(bytes, (record) => {
        found.push({
          offset: record.offset,
          key: text.decode(record.key ?? undefined),
          value: record.value === null ? null : text.decode(record.value),
        })
      }),
    ).toBe(0)
    for (let at = 0; at < bytes.length; at += new DataView(bytes.buffer).getInt32(at + 8) + 12) {
      const view = new DataView(bytes.buffer)
      offset = Number(view.getBigInt64(at)) + view.getInt32(at + 23) + 1
    }
    expect(offset).toBeGreaterThan(before)
  }
  return found
}

function newestOf(records: readonly { key: string; value: string | null }[]): Map<string, string | null> {
  return new Map(records.map(({ key, value }) => [key, value]))
}

test('of every key the newest value stays, offsets unchanged; the active segment is left alone', () => {
  const disk = new MemoryDisk()
  const world = createLogWorld(disk)
  const replica = openReplica(world, COMPACTED)
  for (let index = 0; index < 60; index += 1) {
    expect(append(world, replica, putBatch([{ key: `k${index % 5}`, value: `v${index}` }]))).toBe(ErrorCode.none)
  }
  const before = contents(world, replica)
  const sizeBefore = replica.sizeBytes
  clean(world, replica)
  const after = contents(world, replica)
  expect(newestOf(after)).toEqual(newestOf(before))
  for (const record of after) expect(before).toContainEqual(record)
  expect(after.length).toBeLessThan(20)
  expect(replica.sizeBytes).toBeLessThan(sizeBefore / 2)
  expect(append(world, replica, putBatch([{ key: 'k', value: 'later' }]))).toBe(ErrorCode.none)
  expect(replica.outcome.baseOffset).toBe(60)
  expect(disk.list(PARTITION_DIRECTORY).filter((entry) => /cleaned|swap/.test(entry.name))).toEqual([])
})

test.each([1, 2, 3, 4])('compressed batches (codec %i) lose single records and stay compressed and sound', (codec) => {
  const world = createLogWorld(new MemoryDisk())
  const replica = openReplica(world, COMPACTED)
  for (let index = 0; index < 40; index += 1) {
    const puts = [
      { key: 'hot', value: `v${index}` },
      { key: `once${index}`, value: 'x'.repeat(30) },
      { key: 'hot', value: `w${index}` },
    ]
    expect(append(world, replica, putBatch(puts, { codec }))).toBe(ErrorCode.none)
  }
  const before = contents(world, replica)
  clean(world, replica)
  const after = contents(world, replica)
  expect(newestOf(after)).toEqual(newestOf(before))
  expect(after.length).toBeLessThan(60)
  for (const record of after) expect(before).toContainEqual(record)
})

test('a tombstone outlives delete.retention.ms and one run, then goes', () => {
  const world = createLogWorld(new MemoryDisk())
  const replica = openReplica(world, { ...COMPACTED, deleteRetentionMs: 100_000 })
  const filler = (count: number): void => {
    for (let index = 0; index < count; index += 1)
      append(world, replica, putBatch([{ key: `f${index}`, value: 'x'.repeat(100) }], {}, world.nowMs))
  }
  append(world, replica, putBatch([{ key: 'gone', value: 'here' }]))
  append(world, replica, putBatch([{ key: 'gone', value: null }]))
  filler(12)
  clean(world, replica)
  const keys = (): string[] =>
    contents(world, replica)
      .filter((record) => record.key === 'gone')
      .map((record) => `${record.value}`)
  expect(keys()).toEqual(['null'])
  world.nowMs += 200_000
  filler(12)
  clean(world, replica)
  expect(keys()).toEqual([])
})

test('aborted records go and never count as the newest value; markers and open transactions stay', () => {
  const world = createLogWorld(new MemoryDisk())
  const replica = openReplica(world, COMPACTED)
  const transactional = { producerId: 3, producerEpoch: 0, isTransactional: true }
  append(world, replica, putBatch([{ key: 'a', value: 'committed' }]))
  append(world, replica, putBatch([{ key: 'a', value: 'aborted' }], { ...transactional, baseSequence: 0 }))
  const value = new Uint8Array(6)
  const marker = batchOf([{ timestampMs: START_MS, key: new Uint8Array([0, 0, 0, 0]), value }], {
    ...transactional,
    baseSequence: -1,
    isControl: true,
  })
  expect(replica.stage(world.put(marker), marker.length, 'coordinator', START_MS)).toBe(ErrorCode.none)
  replica.flush()
  for (let index = 0; index < 12; index += 1)
    append(world, replica, putBatch([{ key: `f${index}`, value: 'x'.repeat(100) }]))
  append(world, replica, putBatch([{ key: 'a', value: 'open' }], { ...transactional, baseSequence: 1 }))
  for (let index = 0; index < 12; index += 1)
    append(world, replica, putBatch([{ key: 'f0', value: `${index}`.repeat(50) }]))
  clean(world, replica)
  const values = contents(world, replica)
    .filter((record) => record.key === 'a')
    .map((record) => record.value)
  expect(values).toEqual(['committed', 'open'])
  // Behind the open transaction nothing was cleaned.
  expect(contents(world, replica).filter((record) => record.key === 'f0').length).toBeGreaterThan(10)
  expect(replica.abortedTransactions(0, 100)).toMatchObject([{ producerId: 3, firstOffset: 1 }])
})

test('an idempotent producer keeps its sequence when all its records are superseded', () => {
  const disk = new MemoryDisk()
  const world = createLogWorld(disk)
  const replica = openReplica(world, COMPACTED)
  append(world, replica, putBatch([{ key: 'a', value: '1' }], { producerId: 8, producerEpoch: 0, baseSequence: 0 }))
  append(world, replica, putBatch([{ key: 'a', value: '2' }], { producerId: 8, producerEpoch: 0, baseSequence: 1 }))
  for (let index = 0; index < 20; index += 1) append(world, replica, putBatch([{ key: 'a', value: 'z'.repeat(60) }]))
  clean(world, replica)
  disk.killProcess()
  disk.remove(`${PARTITION_DIRECTORY}/jackdaw.checkpoint`)
  for (const path of [...disk.files.keys()]) if (path.endsWith('.snapshot')) disk.remove(path)
  const later = createLogWorld(disk)
  const again = openReplica(later, COMPACTED)
  expect(again.position.logEndOffset).toBe(22)
  expect(again.activeProducers()).toMatchObject([{ producerId: 8, lastSequence: 1 }])
})

test('small cleaned segments are merged', () => {
  const disk = new MemoryDisk()
  const world = createLogWorld(disk)
  const replica = openReplica(world, COMPACTED)
  for (let index = 0; index < 200; index += 1)
    append(world, replica, putBatch([{ key: `k${index % 3}`, value: `v${index}` }]))
  const count = (): number => [...disk.files.keys()].filter((path) => path.endsWith('.log')).length
  const before = count()
  clean(world, replica)
  expect(count()).toBeLessThan(before / 4)
})

test('whatever is put in whatever order, with restarts: the newest value of every key is never lost', () => {
  const step = fc.oneof(
    {
      weight: 12,
      arbitrary: fc.array(
        fc.record({
          key: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
          value: fc.option(fc.string({ maxLength: 40 }), { nil: null }),
        }),
        { minLength: 1, maxLength: 4 },
      ),
    },
    { weight: 2, arbitrary: fc.constant('clean' as const) },
    { weight: 1, arbitrary: fc.constant('kill' as const) },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (script) => {
      const disk = new MemoryDisk()
      let world = createLogWorld(disk)
      let replica = openReplica(world, COMPACTED)
      const newest = new Map<string, string | null>()
      for (const each of script) {
        if (each === 'clean') clean(world, replica)
        else if (each === 'kill') {
          disk.killProcess()
          const nowMs = world.nowMs
          world = createLogWorld(disk)
          world.nowMs = nowMs
          replica = openReplica(world, COMPACTED)
        } else {
          expect(append(world, replica, putBatch(each))).toBe(ErrorCode.none)
          for (const { key, value } of each) newest.set(key, value)
        }
      }
      clean(world, replica)
      const left = newestOf(contents(world, replica))
      for (const [key, value] of newest) {
        if (value !== null || left.has(key)) expect(left.get(key)).toBe(value)
      }
    }),
    { numRuns: 80 },
  )
})

test('a disk that fails at the n-th operation of a compaction, or a crash there, loses nothing, for every n', () => {
  const grow = (disk: MemoryDisk): { world: LogWorld; replica: Replica } => {
    const world = createLogWorld(disk)
    const replica = openReplica(world, COMPACTED)
    for (let index = 0; index < 40; index += 1)
      append(world, replica, putBatch([{ key: `k${index % 4}`, value: `v${index}` }]))
    return { world, replica }
  }
  const healthy = new MemoryDisk()
  const sample = grow(healthy)
  const expected = newestOf(contents(sample.world, sample.replica))
  const from = healthy.operations
  clean(sample.world, sample.replica)
  const total = healthy.operations - from
  expect(total).toBeGreaterThan(30)
  for (let failAt = 0; failAt < total; failAt += 1) {
    const disk = new MemoryDisk()
    const { world, replica } = grow(disk)
    disk.failAt = disk.operations + failAt
    clean(world, replica)
    disk.killProcess()
    const later = createLogWorld(disk)
    const again = openReplica(later, COMPACTED)
    expect(again.position.logEndOffset, `${failAt}: ${disk.lastFailed}`).toBe(40)
    expect(newestOf(contents(later, again)), `${failAt}: ${disk.lastFailed}`).toEqual(expected)
    clean(later, again)
    expect(newestOf(contents(later, again)), `${failAt}: ${disk.lastFailed}`).toEqual(expected)
    expect(disk.list(PARTITION_DIRECTORY).filter((entry) => /cleaned|swap/.test(entry.name))).toEqual([])
  }
})
