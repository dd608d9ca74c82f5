import { expect, test } from 'vitest'
import { ErrorCode } from '../../../src/model/error-code.ts'
import type { PartitionConfig } from '../../../src/partition/contract.ts'
import type { Replica } from '../../../src/partition/replica.ts'
import { batchOf, createLogWorld, type LogWorld, openReplica, START_MS } from '../../support/log-world.ts'
import { MemoryDisk } from '../../support/memory-disk.ts'
import { append } from '../../support/partition-steps.ts'

const RETENTION_MS = 100_000
const COMPACTED: Partial<PartitionConfig> = {
  isCompacted: true,
  isDeleted: false,
  segmentBytes: 600,
  indexIntervalBytes: 100,
  minCleanableDirtyRatio: 0.01,
  fileDeleteDelayMs: 0,
  deleteRetentionMs: RETENTION_MS,
}
const DELETE_HORIZON = 0x40
const TRANSACTIONAL = { producerId: 3, producerEpoch: 0, isTransactional: true }

interface StoredBatch {
  readonly baseOffset: number
  readonly attributes: number
  readonly baseTimestampMs: number
  readonly recordCount: number
  readonly producerId: number
  readonly records: readonly { readonly offset: number; readonly timestampMs: number; readonly value: string | null }[]
}

/** Every batch as it lies in the files. */
function stored(world: LogWorld, disk: MemoryDisk): StoredBatch[] {
  const batches: StoredBatch[] = []
  for (const path of [...disk.files.keys()].filter((each) => each.endsWith('.log')).sort()) {
    const bytes = disk.content(path)
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    for (let at = 0; at < bytes.length; at += view.getInt32(at + 8) + 12) {
      const records: { offset: number; timestampMs: number; value: string | null }[] = []
      const verdict = world.codec.decodeBatches(
        bytes.subarray(at, at + view.getInt32(at + 8) + 12),
        ({ offset, timestampMs, value }) =>
          records.push({ offset, timestampMs, value: value === null ? null : new TextDecoder().decode(value) }),
        true,
      )
      expect(verdict).toBe(0)
      batches.push({
        baseOffset: Number(view.getBigInt64(at)),
        attributes: view.getInt16(at + 21),
        baseTimestampMs: Number(view.getBigInt64(at + 27)),
        recordCount: view.getInt32(at + 57),
        producerId: Number(view.getBigInt64(at + 43)),
        records,
      })
    }
  }
  return batches
}

function put(key: string, value: string | null, options: Parameters<typeof batchOf>[1] = {}): Uint8Array {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
  return batchOf([{ timestampMs: START_MS, key: bytes(key), value: value === null ? null : bytes(value) }], options)
}

/** Closes the active segment, so that everything before it may be cleaned. */
function fill(world: LogWorld, replica: Replica): void {
  for (let index = 0; index < 12; index += 1) append(world, replica, put(`f${index}`, 'x'.repeat(100)))
}

function endTransaction(world: LogWorld, replica: Replica, type: 'abort' | 'commit'): void {
  const key = new Uint8Array([0, 0, 0, type === 'commit' ? 1 : 0])
  const options = { ...TRANSACTIONAL, baseSequence: -1, isControl: true }
  const marker = batchOf([{ timestampMs: START_MS, key, value: new Uint8Array(6) }], options)
  world.clear()
  expect(replica.stage(world.put(marker), marker.length, 'coordinator', START_MS)).toBe(ErrorCode.none)
  expect(replica.flush()).toBe(ErrorCode.none)
}

/** One compaction, `laterMs` after the last. */
function clean(world: LogWorld, replica: Replica, laterMs: number = 16_000): void {
  fill(world, replica)
  world.nowMs += laterMs
  do {
    replica.maintain(world.nowMs)
  } while (world.environment.upkeep.isCleaning)
}

test.each([0, 1, 2, 3, 4])(
  'a tombstone (codec %i) gets its delete horizon in the first run and goes when it is over',
  (codec) => {
    const disk = new MemoryDisk()
    const world = createLogWorld(disk)
    const replica = openReplica(world, COMPACTED)
    append(world, replica, put('gone', 'here'))
    append(world, replica, put('gone', null, { codec }))
    const tombstone = (): StoredBatch | undefined => stored(world, disk).find((batch) => batch.baseOffset === 1)
    clean(world, replica)
    const horizonMs = world.nowMs + RETENTION_MS
    expect(tombstone()).toMatchObject({
      attributes: codec | DELETE_HORIZON,
      baseTimestampMs: horizonMs,
      records: [{ offset: 1, timestampMs: START_MS, value: null }],
    })
    clean(world, replica, RETENTION_MS - 20_000)
    expect(tombstone()).toMatchObject({ baseTimestampMs: horizonMs, recordCount: 1 })
    clean(world, replica, 20_001)
    expect(tombstone()).toBeUndefined()
    expect(stored(world, disk).some((batch) => batch.baseOffset === 0)).toBe(false)
  },
)

test('a batch without tombstones keeps its bytes: no horizon is set', () => {
  const disk = new MemoryDisk()
  const world = createLogWorld(disk)
  const replica = openReplica(world, COMPACTED)
  append(world, replica, put('a', 'value'))
  clean(world, replica)
  expect(stored(world, disk)[0]).toMatchObject({ baseOffset: 0, attributes: 0, baseTimestampMs: START_MS })
})

test.each(['abort', 'commit'] as const)(
  'the marker of an %s outlives its data by one run, gets a horizon in the next, and goes when that is over',
  (type) => {
    const disk = new MemoryDisk()
    const world = createLogWorld(disk)
    const replica = openReplica(world, COMPACTED)
    append(world, replica, put('a', 'in a transaction', { ...TRANSACTIONAL, baseSequence: 0 }))
    endTransaction(world, replica, type)
    append(world, replica, put('a', 'newer'))
    // The producer goes on, so that nothing of it is kept for its sequence numbers.
    append(world, replica, put('b', 'on', { producerId: 3, producerEpoch: 0, baseSequence: 1 }))
    const at = (offset: number): StoredBatch | undefined =>
      stored(world, disk).find((batch) => batch.baseOffset === offset)

    clean(world, replica)
    expect(at(0)).toBeUndefined()
    expect(at(1)).toMatchObject({ attributes: 0x30, recordCount: 1, baseTimestampMs: START_MS })
    expect(replica.abortedTransactions(0, 100)).toHaveLength(type === 'abort' ? 1 : 0)

    clean(world, replica)
    const horizonMs = world.nowMs + RETENTION_MS
    expect(at(1)).toMatchObject({ attributes: 0x30 | DELETE_HORIZON, recordCount: 1, baseTimestampMs: horizonMs })
    expect(at(1)?.records[0]?.timestampMs).toBe(START_MS)
    expect(replica.abortedTransactions(0, 100)).toEqual([])

    clean(world, replica, RETENTION_MS - 20_000)
    expect(at(1)).toBeDefined()
    clean(world, replica, 20_001)
    expect(at(1)).toBeUndefined()
  },
)

test('the last batch of a producer keeps its place, emptied, for its sequence numbers, and so does the marker behind it', () => {
  const disk = new MemoryDisk()
  const world = createLogWorld(disk)
  const replica = openReplica(world, COMPACTED)
  append(world, replica, put('a', 'in a transaction', { ...TRANSACTIONAL, baseSequence: 0 }))
  endTransaction(world, replica, 'abort')
  for (let run = 0; run < 4; run += 1) clean(world, replica, RETENTION_MS + 1)
  const left = stored(world, disk).filter((batch) => batch.producerId === 3)
  expect(left).toMatchObject([
    { baseOffset: 0, recordCount: 0, baseTimestampMs: -1, attributes: 0x10 },
    { baseOffset: 1, recordCount: 1, attributes: 0x30 },
  ])
})

test('min.compaction.lag.ms keeps young records, max.compaction.lag.ms cleans old ones however little is dirty', () => {
  const count = (config: Partial<PartitionConfig>, ageMs: number): number => {
    const disk = new MemoryDisk()
    const world = createLogWorld(disk)
    const replica = openReplica(world, { ...COMPACTED, ...config })
    for (let index = 0; index < 5; index += 1) append(world, replica, put('a', `${index}`.repeat(100)))
    clean(world, replica, ageMs)
    return stored(world, disk).filter((batch) => batch.records.some((record) => /^\d+$/.test(record.value ?? '')))
      .length
  }
  expect(count({ minCompactionLagMs: 60_000 }, 59_000)).toBe(5)
  expect(count({ minCompactionLagMs: 60_000 }, 61_000)).toBe(1)
  expect(count({ minCleanableDirtyRatio: 1.1 }, 61_000)).toBe(5)
  expect(count({ minCleanableDirtyRatio: 1.1, maxCompactionLagMs: 60_000 }, 59_000)).toBe(5)
  expect(count({ minCleanableDirtyRatio: 1.1, maxCompactionLagMs: 60_000 }, 61_000)).toBe(1)
})

test('the age for max.compaction.lag.ms counts from the first record of a segment, not from the newest', () => {
  const disk = new MemoryDisk()
  const world = createLogWorld(disk)
  const replica = openReplica(world, { ...COMPACTED, minCleanableDirtyRatio: 1.1, maxCompactionLagMs: 60_000 })
  append(world, replica, put('a', 'old'))
  world.nowMs += 50_000
  const late = batchOf([{ timestampMs: world.nowMs, key: new TextEncoder().encode('a'), value: new Uint8Array(200) }])
  append(world, replica, late)
  clean(world, replica, 20_000)
  expect(stored(world, disk).some((batch) => batch.baseOffset === 0)).toBe(false)
})
