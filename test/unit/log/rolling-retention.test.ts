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
import { append, readAll, stage, textBatch } from '../../support/partition-steps.ts'

function open(config: Partial<PartitionConfig>): { disk: MemoryDisk; world: LogWorld; replica: Replica } {
  const disk = new MemoryDisk()
  const world = createLogWorld(disk)
  return { disk, world, replica: openReplica(world, config) }
}

function bases(disk: MemoryDisk): number[] {
  return [...disk.files.keys()]
    .filter((path) => path.startsWith(PARTITION_DIRECTORY) && path.endsWith('.log'))
    .map((path) => Number(path.slice(PARTITION_DIRECTORY.length + 1, -4)))
    .sort((left, right) => left - right)
}

test('a segment rolls before it would exceed segment.bytes, also in the middle of a turn', () => {
  const batch = textBatch('v')
  const { disk, world, replica } = open({ segmentBytes: batch.length * 3 })
  for (let index = 0; index < 8; index += 1) expect(stage(world, replica, batch)).toBe(ErrorCode.none)
  expect(replica.flush()).toBe(ErrorCode.none)
  expect(bases(disk)).toEqual([0, 3, 6])
  expect(disk.fileSizeBytes(`${PARTITION_DIRECTORY}/00000000000000000000.log`)).toBe(batch.length * 3)
  expect(readAll(world, replica)).toHaveLength(8)
})

test('a flush is one write to the log, however many batches were staged', () => {
  const { disk, world, replica } = open({})
  append(world, replica, textBatch('first'))
  const before = disk.operations
  for (let index = 0; index < 50; index += 1) stage(world, replica, textBatch(`v${index}`))
  expect(disk.operations).toBe(before)
  replica.flush()
  expect(disk.operations).toBe(before + 1)
})

test('a segment rolls by the timestamps of its batches after segment.ms', () => {
  const { disk, world, replica } = open({ segmentMs: 10_000 })
  append(world, replica, textBatch('a', 1, {}, START_MS))
  append(world, replica, textBatch('b', 1, {}, START_MS + 10_000))
  append(world, replica, textBatch('c', 1, {}, START_MS + 10_001))
  append(world, replica, textBatch('old', 1, {}, START_MS - 50_000))
  expect(bases(disk)).toEqual([0, 2])
})

test('segment.jitter.ms brings rolls forward, differently for different segments, never by more than itself', () => {
  const rolledAfter = new Set<number>()
  for (const topic of ['a', 'b', 'c', 'd']) {
    const disk = new MemoryDisk()
    const world = createLogWorld(disk)
    const replica = openReplica(world, { segmentMs: 10_000, segmentJitterMs: 5000 }, undefined, topic)
    append(world, replica, textBatch('x', 1, {}, START_MS))
    for (let ms = 0; ms <= 10_100; ms += 100) {
      append(world, replica, textBatch('x', 1, {}, START_MS + ms))
      const count = [...disk.files.keys()].filter((path) => path.endsWith('.log')).length
      if (count > 1) {
        rolledAfter.add(ms)
        break
      }
    }
  }
  expect(Math.min(...rolledAfter)).toBeGreaterThanOrEqual(5000)
  expect(Math.max(...rolledAfter)).toBeLessThanOrEqual(10_100)
  expect(rolledAfter.size).toBeGreaterThan(1)
})

test('a segment rolls when its index is full', () => {
  const { disk, world, replica } = open({ segmentIndexBytes: 32, indexIntervalBytes: 0 })
  for (let index = 0; index < 12; index += 1) append(world, replica, textBatch(`v${index}`, 1, {}, START_MS + index))
  expect(bases(disk).length).toBeGreaterThan(2)
  for (const [path, file] of disk.files) {
    if (/\.(index|timeindex)$/.test(path)) expect(file.sizeBytes).toBeLessThanOrEqual(36)
  }
})

test('retention.ms deletes whole segments from the oldest and rolls the active one when all are expired', () => {
  const batch = textBatch('v')
  const { disk, world, replica } = open({
    segmentBytes: batch.length * 2,
    retentionMs: 60_000,
    fileDeleteDelayMs: 5000,
  })
  for (let index = 0; index < 6; index += 1) append(world, replica, textBatch('v', 1, {}, START_MS + index * 10_000))
  expect(bases(disk)).toEqual([0, 2, 4])
  world.nowMs = START_MS + 71_000
  replica.maintain(world.nowMs)
  expect(bases(disk)).toEqual([2, 4])
  expect(replica.position.logStartOffset).toBe(2)
  expect(replica.planRead(1, 6, 100)).toBe(ErrorCode.offsetOutOfRange)
  expect([...disk.files.keys()].filter((path) => path.endsWith('.log.deleted'))).toHaveLength(1)
  world.nowMs += 5001
  world.environment.trash.sweep(world.nowMs)
  expect([...disk.files.keys()].filter((path) => path.includes('.deleted'))).toEqual([])

  world.nowMs = START_MS + 10_000_000
  replica.maintain(world.nowMs)
  expect(bases(disk)).toEqual([6])
  expect(replica.position).toMatchObject({ logStartOffset: 6, logEndOffset: 6 })
  append(world, replica, textBatch('next'))
  expect(replica.outcome.baseOffset).toBe(6)
})

test('retention.bytes keeps at least so many bytes', () => {
  const batch = textBatch('v')
  const { disk, world, replica } = open({
    segmentBytes: batch.length * 2,
    retentionMs: -1,
    retentionBytes: batch.length * 5,
  })
  for (let index = 0; index < 12; index += 1) append(world, replica, batch)
  replica.maintain(world.nowMs + 31_000)
  expect(replica.sizeBytes).toBeGreaterThanOrEqual(batch.length * 5)
  expect(replica.sizeBytes).toBeLessThan(batch.length * 7)
  expect(bases(disk)[0]).toBe(6)
})

test('a compacted topic without delete keeps expired segments', () => {
  const batch = batchOf(1)
  const { disk, world, replica } = open({
    isCompacted: true,
    isDeleted: false,
    segmentBytes: batch.length,
    retentionMs: 1,
  })
  for (let index = 0; index < 4; index += 1) append(world, replica, batch)
  world.nowMs += 1e9
  replica.maintain(world.nowMs)
  expect(bases(disk)).toHaveLength(4)
})

test('nothing above the high watermark is deleted', () => {
  const batch = textBatch('v')
  const { disk, world, replica } = open({ segmentBytes: batch.length, retentionMs: 1 })
  replica.setReplicated(true)
  for (let index = 0; index < 5; index += 1) append(world, replica, batch)
  replica.advanceHighWatermark(2)
  world.nowMs += 1e9
  replica.maintain(world.nowMs)
  expect(bases(disk)).toEqual([2, 3, 4])
})

test('a segment that is being read stays readable after its deletion', async () => {
  const batch = textBatch('v')
  const { world, replica } = open({ segmentBytes: batch.length, retentionMs: 1, fileDeleteDelayMs: 0 })
  for (let index = 0; index < 3; index += 1) append(world, replica, batch)
  expect(replica.planRead(0, 3, 1000)).toBe(ErrorCode.none)
  const { file, position, sizeBytes, segment } = replica.plan
  world.nowMs += 1e9
  replica.maintain(world.nowMs)
  replica.maintain(world.nowMs + 1)
  expect(replica.position.logStartOffset).toBe(3)
  const bytes = new Uint8Array(sizeBytes)
  expect(world.disk.readSync(file, bytes, position)).toBe(sizeBytes)
  replica.releaseRead(segment)
  // A background sync may still hold the file for a moment.
  await new Promise((resolve) => setImmediate(resolve))
  expect(() => world.disk.readSync(file, bytes, position)).toThrow('not open')
})

test('deleteRecords moves the log start, -1 means the high watermark, and a restart remembers it', () => {
  const batch = textBatch('v')
  const { disk, world, replica } = open({ segmentBytes: batch.length * 2 })
  for (let index = 0; index < 9; index += 1) append(world, replica, batch)
  expect(replica.deleteRecords(10)).toEqual({ code: ErrorCode.offsetOutOfRange, lowWatermark: -1 })
  expect(replica.deleteRecords(-2)).toEqual({ code: ErrorCode.offsetOutOfRange, lowWatermark: -1 })
  expect(replica.deleteRecords(5)).toEqual({ code: ErrorCode.none, lowWatermark: 5 })
  expect(replica.deleteRecords(3)).toEqual({ code: ErrorCode.none, lowWatermark: 5 })
  expect(bases(disk)).toEqual([4, 6, 8])
  expect(readAll(world, replica).map((record) => record.offset)).toEqual([5, 6, 7, 8])
  expect(replica.offsetForTimestamp(0).offset).toBe(5)
  disk.killProcess()
  const again = openReplica(createLogWorld(disk), { segmentBytes: batch.length * 2 })
  expect(again.position.logStartOffset).toBe(5)
  expect(again.deleteRecords(-1)).toEqual({ code: ErrorCode.none, lowWatermark: 9 })
  expect(bases(disk)).toEqual([9])
  expect(again.position).toMatchObject({ logStartOffset: 9, logEndOffset: 9 })

  const compacted = open({ isCompacted: true, isDeleted: false })
  expect(compacted.replica.deleteRecords(0).code).toBe(ErrorCode.policyViolation)
})

test('leader epochs: the end of each is where the next begins', () => {
  const { disk, world, replica } = open({})
  append(world, replica, textBatch('a'))
  append(world, replica, textBatch('a'))
  replica.becomeLeader(3)
  append(world, replica, textBatch('b'))
  replica.becomeLeader(4)
  replica.becomeLeader(7)
  append(world, replica, textBatch('c'))
  expect(replica.endOffsetForEpoch(0)).toEqual({ leaderEpoch: 0, endOffset: 2 })
  expect(replica.endOffsetForEpoch(2)).toEqual({ leaderEpoch: 0, endOffset: 2 })
  expect(replica.endOffsetForEpoch(3)).toEqual({ leaderEpoch: 3, endOffset: 3 })
  expect(replica.endOffsetForEpoch(5)).toEqual({ leaderEpoch: 3, endOffset: 3 })
  expect(replica.endOffsetForEpoch(7)).toEqual({ leaderEpoch: 7, endOffset: 4 })
  expect(replica.endOffsetForEpoch(8)).toEqual({ leaderEpoch: -1, endOffset: -1 })
  disk.killProcess()
  const again = openReplica(createLogWorld(disk))
  expect(again.endOffsetForEpoch(3)).toEqual({ leaderEpoch: 3, endOffset: 3 })
})

test('descriptors stay within their bound, and everything is still readable', () => {
  const disk = new MemoryDisk()
  const world = createLogWorld(disk, { openFilesMax: 4 })
  const batch = textBatch('v')
  const replicas = ['a', 'b', 'c', 'd', 'e', 'f'].map((topic) =>
    openReplica(world, { segmentBytes: batch.length * 2 }, undefined, topic),
  )
  for (let round = 0; round < 6; round += 1) {
    for (const replica of replicas) expect(append(world, replica, batch)).toBe(ErrorCode.none)
    expect(disk.openCount).toBeLessThanOrEqual(4)
  }
  for (const replica of replicas) expect(readAll(world, replica)).toHaveLength(6)
  expect(disk.openCount).toBeLessThanOrEqual(4)
  for (const replica of replicas) replica.close()
  expect(disk.openCount).toBe(0)
})

test('idle partitions open no files', () => {
  const disk = new MemoryDisk()
  const world = createLogWorld(disk)
  for (let index = 0; index < 50; index += 1) openReplica(world, {}, undefined, `idle${index}`)
  expect(disk.openCount).toBe(0)
  expect([...disk.files.keys()]).toEqual([])
})

test('loaded indexes of old segments stay within their bound', () => {
  const disk = new MemoryDisk()
  const world = createLogWorld(disk, { indexCacheSizeBytesMax: 400 })
  const config = { segmentBytes: 2000, indexIntervalBytes: 1 }
  const replica = openReplica(world, config)
  for (let index = 0; index < 200; index += 1) append(world, replica, textBatch(`v${index}`))
  for (let offset = 0; offset < 200; offset += 7) expect(readAll(world, replica, offset, 200)[0]?.offset).toBe(offset)
  expect(world.environment.indexes.sizeBytes).toBeLessThanOrEqual(1000)
})

test('remove takes the directory away at once and its files later', () => {
  const { disk, world, replica } = open({ fileDeleteDelayMs: 1000 })
  append(world, replica, textBatch('v'))
  replica.remove()
  expect(disk.exists(PARTITION_DIRECTORY)).toBe(false)
  expect(disk.list('/data').map((entry) => entry.name)[0]).toMatch(/^events-0\.[0-9a-f]+-delete$/)
  expect(replica.stage(0, 0, 'client', START_MS)).toBe(ErrorCode.kafkaStorageError)
  const again = openReplica(world)
  expect(again.position.logEndOffset).toBe(0)
  world.environment.trash.sweep(START_MS + 999)
  expect(disk.list('/data')).toHaveLength(2)
  world.environment.trash.sweep(START_MS + 1001)
  expect(disk.list('/data').map((entry) => entry.name)).toEqual(['events-0'])
})

test('batches from a leader keep their offsets and epochs, several at a time, and move producers', () => {
  const source = open({})
  for (let index = 0; index < 5; index += 1) {
    append(
      source.world,
      source.replica,
      textBatch(`v${index}`, 2, { producerId: 1, producerEpoch: 0, baseSequence: index * 2 }),
    )
  }
  source.replica.planRead(0, 10, 1 << 20)
  const bytes = new Uint8Array(source.replica.plan.sizeBytes)
  source.world.disk.readSync(source.replica.plan.file, bytes, 0)
  const follower = open({})
  follower.replica.setReplicated(true)
  follower.world.clear()
  expect(follower.replica.stage(follower.world.put(bytes), bytes.length, 'replica', START_MS)).toBe(ErrorCode.none)
  expect(follower.replica.flush()).toBe(ErrorCode.none)
  expect(follower.replica.position).toMatchObject({ logEndOffset: 10, highWatermark: 0 })
  follower.replica.advanceHighWatermark(99)
  expect(follower.replica.position.highWatermark).toBe(10)
  expect(readAll(follower.world, follower.replica)).toEqual(readAll(source.world, source.replica))
  expect(follower.replica.activeProducers()).toMatchObject([{ producerId: 1, lastSequence: 9 }])
  expect(follower.replica.stage(follower.world.put(bytes), bytes.length, 'replica', START_MS)).toBe(
    ErrorCode.invalidRecord,
  )
})
