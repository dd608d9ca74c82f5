import { expect, test } from 'vitest'
import { ErrorCode } from '../../../src/model/error-code.ts'
import type { PartitionConfig } from '../../../src/partition/contract.ts'
import type { Replica } from '../../../src/partition/replica.ts'
import { DiskError } from '../../../src/io/ports.ts'
import { createLogWorld, openReplica } from '../../support/log-world.ts'
import { MemoryDisk } from '../../support/memory-disk.ts'
import { append, readAll, stage, textBatch } from '../../support/partition-steps.ts'

const SMALL: Partial<PartitionConfig> = { segmentBytes: 1500, indexIntervalBytes: 200, fileDeleteDelayMs: 0 }

interface Run {
  /** Values whose flush was answered with success. */
  readonly acknowledged: string[]
  /** How many of them had been reported durable. */
  synced: number
  deletedBelow: number
  codes: ErrorCode[]
}

/** A life of a partition that uses every disk operation. Ends early when opening fails. */
async function live(disk: MemoryDisk): Promise<Run> {
  const run: Run = { acknowledged: [], synced: 0, deletedBelow: 0, codes: [] }
  const world = createLogWorld(disk)
  let replica: Replica
  try {
    replica = openReplica(world, SMALL)
  } catch (error) {
    expect(error).toBeInstanceOf(DiskError)
    return run
  }
  for (let index = 0; index < 40; index += 1) {
    world.nowMs += 900
    const value = `v${index}`
    const options = { producerId: 1, producerEpoch: 0, baseSequence: run.acknowledged.length }
    const code = append(world, replica, textBatch(value, 1, options))
    run.codes.push(code)
    if (code === ErrorCode.none) run.acknowledged.push(value)
    if (index % 9 === 4 && (await replica.sync()) === ErrorCode.none) run.synced = run.acknowledged.length
    if (index === 25 && replica.deleteRecords(10).code === ErrorCode.none) run.deletedBelow = 10
    if (index % 7 === 0) replica.maintain(world.nowMs)
    replica.offsetForTimestamp(1_700_000_000_000)
    replica.planRead(replica.position.logStartOffset, replica.position.highWatermark, 100)
    if (replica.plan.segment >= 0) replica.releaseRead(replica.plan.segment)
  }
  replica.close()
  return run
}

test.each([
  ['EIO', true, 0],
  ['ENOSPC', true, 37],
  ['EIO', false, 0],
  ['ENOSPC', false, 5],
] as const)(
  '%s at the n-th disk operation (for good: %s, %i torn bytes): for every n nothing acknowledged is lost',
  async (code, isForGood, tornBytes) => {
    const healthy = new MemoryDisk()
    expect((await live(healthy)).acknowledged).toHaveLength(40)
    const total = healthy.operations
    expect(total).toBeGreaterThan(100)
    let offline = 0
    for (let failAt = 0; failAt < total; failAt += 1) {
      const disk = new MemoryDisk()
      disk.failAt = failAt
      disk.failCode = code
      disk.failsForGood = isForGood
      disk.tornBytes = tornBytes
      const run = await live(disk)
      // Once an append was refused, none is accepted any more.
      const firstRefusal = run.codes.findIndex((each) => each !== ErrorCode.none)
      if (firstRefusal >= 0) {
        offline += 1
        expect(new Set(run.codes.slice(firstRefusal))).toEqual(new Set([ErrorCode.kafkaStorageError]))
      }
      disk.killProcess()
      const world = createLogWorld(disk)
      const replica = openReplica(world, SMALL)
      const values = readAll(world, replica).map((record) => record.value)
      const from = replica.position.logStartOffset
      expect(from, `${disk.lastFailed}`).toBeGreaterThanOrEqual(run.deletedBelow)
      const expected = run.acknowledged.slice(from).map((value) => `${value}#0`)
      // A refused batch may be there (its bytes may have reached the file), never instead of an acknowledged one.
      expect(values.slice(0, expected.length), `failed at ${failAt}: ${disk.lastFailed}`).toEqual(expected)
      expect(values.length - expected.length).toBeLessThanOrEqual(1)
      const next = { producerId: 1, producerEpoch: 0, baseSequence: replica.position.logEndOffset }
      expect(append(world, replica, textBatch('after', 1, next)), `failed at ${failAt}: ${disk.lastFailed}`).toBe(
        ErrorCode.none,
      )
    }
    expect(offline).toBeGreaterThan(20)
  },
)

test('after a failed append the partition is offline: appends, reads and syncs answer storage error', async () => {
  const disk = new MemoryDisk()
  const world = createLogWorld(disk)
  const replica = openReplica(world)
  expect(append(world, replica, textBatch('good'))).toBe(ErrorCode.none)
  expect(stage(world, replica, textBatch('lost'))).toBe(ErrorCode.none)
  disk.failAt = disk.operations
  disk.failsForGood = false
  expect(replica.flush()).toBe(ErrorCode.kafkaStorageError)
  expect(replica.position).toMatchObject({ logEndOffset: 1, highWatermark: 1 })
  expect(stage(world, replica, textBatch('more'))).toBe(ErrorCode.kafkaStorageError)
  expect(replica.flush()).toBe(ErrorCode.kafkaStorageError)
  expect(replica.planRead(0, 1, 100)).toBe(ErrorCode.kafkaStorageError)
  expect(await replica.sync()).toBe(ErrorCode.kafkaStorageError)
  expect(replica.deleteRecords(1).code).toBe(ErrorCode.kafkaStorageError)
  expect(replica.offsetForTimestamp(0).code).toBe(ErrorCode.kafkaStorageError)
  expect(world.lines.filter((line) => line.level === 'error')).toHaveLength(1)
  expect(world.lines.find((line) => line.level === 'error')?.message).toContain(
    'EIO on /data/events-0/00000000000000000000.log',
  )
})

test('a failed sync is never followed by an acknowledgement', async () => {
  const disk = new MemoryDisk()
  const world = createLogWorld(disk)
  const replica = openReplica(world)
  append(world, replica, textBatch('written'))
  disk.failAt = disk.operations
  disk.failsForGood = false
  expect(await replica.sync()).toBe(ErrorCode.kafkaStorageError)
  // The kernel may have dropped the dirty pages: a second sync that succeeds would prove nothing.
  expect(await replica.sync()).toBe(ErrorCode.kafkaStorageError)
  expect(append(world, replica, textBatch('later'))).toBe(ErrorCode.kafkaStorageError)
})

test('many callers share one sync, and a flush during a sync gets one of its own', async () => {
  const disk = new MemoryDisk()
  const world = createLogWorld(disk)
  const replica = openReplica(world)
  // The first sync of a term makes its epoch durable, too.
  append(world, replica, textBatch('zero'))
  expect(await replica.sync()).toBe(0)
  const releases: (() => void)[] = []
  const real = disk.dataSync.bind(disk)
  disk.dataSync = (file) => new Promise((resolve, reject) => releases.push(() => void real(file).then(resolve, reject)))
  append(world, replica, textBatch('one'))
  const first = [replica.sync()]
  append(world, replica, textBatch('two'))
  const second = [replica.sync(), replica.sync(), replica.sync()]
  expect(releases).toHaveLength(1)
  releases[0]?.()
  expect(await Promise.all(first)).toEqual([0])
  await Promise.resolve()
  expect(releases).toHaveLength(2)
  releases[1]?.()
  expect(await Promise.all(second)).toEqual([0, 0, 0])
})

/** Three records, of which the last two could not be made durable; then the process ends. */
async function lifeWithFailedSync(disk: MemoryDisk, isAtStop: boolean): Promise<void> {
  const world = createLogWorld(disk)
  const replica = openReplica(world)
  append(world, replica, textBatch('a'))
  expect(await replica.sync()).toBe(ErrorCode.none)
  append(world, replica, textBatch('b'))
  world.nowMs += 10_000
  // A checkpoint, by which a next life of the process would believe what is in the cache.
  replica.maintain(world.nowMs)
  append(world, replica, textBatch('c'))
  disk.failedSyncsDrop = true
  disk.failPrefix = '/data/events-0/00000000000000000000.log'
  if (isAtStop) replica.close()
  else expect(await replica.sync()).toBe(ErrorCode.kafkaStorageError)
  disk.failPrefix = undefined
  disk.killProcess()
}

test.each([false, true])(
  'what a failed sync left in the cache alone is made durable by the next life of the process (at its stop: %s)',
  async (isAtStop) => {
    const disk = new MemoryDisk()
    await lifeWithFailedSync(disk, isAtStop)
    const world = createLogWorld(disk)
    const replica = openReplica(world)
    expect(readAll(world, replica).map(({ value }) => value)).toEqual(['a#0', 'b#0', 'c#0'])
    expect(world.lines.map(({ message }) => message).join()).toContain('written once more')
    expect(append(world, replica, textBatch('d'))).toBe(ErrorCode.none)
    expect(await replica.sync()).toBe(ErrorCode.none)
    disk.losePower()
    const later = createLogWorld(disk)
    const again = openReplica(later)
    expect(readAll(later, again).map(({ value }) => value)).toEqual(['a#0', 'b#0', 'c#0', 'd#0'])
    expect(later.lines.map(({ message }) => message).join()).not.toContain('written once more')
  },
)

test('what a failed sync left in the cache and the kernel has dropped since is cut off, not served', async () => {
  const disk = new MemoryDisk()
  await lifeWithFailedSync(disk, false)
  disk.dropCache()
  const world = createLogWorld(disk)
  expect(readAll(world, openReplica(world)).map(({ value }) => value)).toEqual(['a#0'])
})

test('a disk that still cannot be synced keeps the partition closed', async () => {
  const disk = new MemoryDisk()
  await lifeWithFailedSync(disk, false)
  disk.failPrefix = '/data/events-0/00000000000000000000.log'
  expect(() => openReplica(createLogWorld(disk))).toThrow(DiskError)
})
