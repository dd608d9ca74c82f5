import { expect, test } from 'vitest'
import { holderInLockTable } from '../../../src/io/node/directory-lock.ts'
import { LogDirectory, LogDirectoryError } from '../../../src/log/log-directory.ts'
import { readMetaProperties, whyForeign, writeMetaProperties } from '../../../src/log/meta-properties.ts'
import { readOffsetCheckpoint, writeOffsetCheckpoint } from '../../../src/log/offset-checkpoint.ts'
import { decodeCheckpointFile, encodeCheckpointSlot } from '../../../src/log/partition-checkpoint.ts'
import { InconsistentTopicIdError } from '../../../src/log/partition-metadata.ts'
import {
  deletedDirectoryName,
  futureDirectoryName,
  offsetOfFileName,
  parseFutureDirectoryName,
  parsePartitionDirectoryName,
} from '../../../src/log/file-names.ts'
import { LogDirectories } from '../../../src/main/log-directories.ts'
import { Replica } from '../../../src/partition/replica.ts'
import {
  createLogWorld,
  DEFAULT_CONFIG,
  DIRECTORY,
  type LogWorld,
  openReplica,
  PARTITION_DIRECTORY,
} from '../../support/log-world.ts'
import { MemoryDisk } from '../../support/memory-disk.ts'
import { append, textBatch } from '../../support/partition-steps.ts'

async function start(disk: MemoryDisk): Promise<{ world: LogWorld; directory: LogDirectory }> {
  const world = createLogWorld(disk)
  return { world, directory: await LogDirectory.open(disk, world.environment.logger, DIRECTORY) }
}

test('a clean stop is clean, a crash is not, and an offline partition keeps a stop from being clean', async () => {
  const disk = new MemoryDisk()
  const first = await start(disk)
  expect(first.directory.wasClean).toBe(false)
  const replica = openReplica(first.world)
  append(first.world, replica, textBatch('a'))
  replica.close()
  expect(first.directory.finishCleanStop(-1)).toBe(true)
  disk.killProcess()

  const second = await start(disk)
  expect(second.directory.wasClean).toBe(true)
  append(second.world, openReplica(second.world), textBatch('b'))
  disk.killProcess()

  const third = await start(disk)
  expect(third.directory.wasClean).toBe(false)
  const failing = openReplica(third.world)
  expect(failing.position.logEndOffset).toBe(2)
  append(third.world, failing, textBatch('c'))
  disk.failAt = disk.operations
  disk.failsForGood = false
  expect(append(third.world, failing, textBatch('d'))).not.toBe(0)
  failing.close()
  expect(third.directory.finishCleanStop(-1)).toBe(false)
  expect(disk.exists(`${DIRECTORY}/.kafka_cleanshutdown`)).toBe(false)
})

test('after Kafka has worked in the directory our own checkpoints are not believed', async () => {
  const disk = new MemoryDisk()
  const first = await start(disk)
  const replica = openReplica(first.world)
  for (let index = 0; index < 5; index += 1) append(first.world, replica, textBatch(`v${index}`))
  replica.close()
  first.directory.finishCleanStop(-1)
  disk.killProcess()
  // Kafka truncates to two batches and writes others of the same size, then dies.
  const log = `${PARTITION_DIRECTORY}/00000000000000000000.log`
  const content = disk.content(log)
  const batchSizeBytes = content.length / 5
  const other = content.slice()
  for (let at = 2 * batchSizeBytes + 61; at < other.length; at += 1) other[at] = 0x55
  disk.put(log, other)
  disk.nowMs += 1000
  disk.put(`${DIRECTORY}/recovery-point-offset-checkpoint`, new TextEncoder().encode('0\n1\nevents 0 2\n'))
  disk.remove(`${DIRECTORY}/.kafka_cleanshutdown`)
  const second = await start(disk)
  expect(openReplica(second.world).position.logEndOffset).toBe(2)
})

test('a topic made anew under an old name does not inherit offsets, not even after a crash', async () => {
  const disk = new MemoryDisk()
  const first = await start(disk)
  const old = openReplica(first.world)
  for (let index = 0; index < 9; index += 1) append(first.world, old, textBatch(`old${index}`))
  old.deleteRecords(7)
  old.close()
  first.directory.finishCleanStop(-1)
  disk.killProcess()
  const second = await start(disk)
  openReplica(second.world).remove()
  const young = openReplica(second.world)
  for (let index = 0; index < 3; index += 1) append(second.world, young, textBatch(`new${index}`))
  disk.killProcess()
  const third = await start(disk)
  expect(openReplica(third.world).position).toMatchObject({ logStartOffset: 0, logEndOffset: 3 })
  expect(disk.list(DIRECTORY).filter((entry) => entry.name.endsWith('-delete'))).toEqual([])
})

test('a directory of another topic id is refused by name', async () => {
  const disk = new MemoryDisk()
  const { world } = await start(disk)
  const open = (topicId: string): Replica =>
    new Replica({
      environment: world.environment,
      topic: 'events',
      partition: 0,
      handle: 1,
      logDirectory: DIRECTORY,
      config: DEFAULT_CONFIG,
      leaderEpoch: 0,
      topicId,
    })
  open('HR8PUapuSU27443kkzJqNg').close()
  open('HR8PUapuSU27443kkzJqNg').close()
  expect(() => open('y-bUZCaeTKe53XNshs-ioA')).toThrow(InconsistentTopicIdError)
  disk.put(`${PARTITION_DIRECTORY}/partition.metadata`, new TextEncoder().encode('version: 0\ntopic'))
  open('y-bUZCaeTKe53XNshs-ioA').close()
})

test('meta.properties of both Kafka modes is read; another node or cluster is refused', async () => {
  const zookeeperMode = readMetaProperties('#\nbroker.id=7\nversion=0\ncluster.id=abc\n')
  expect(zookeeperMode).toEqual({ version: 0, nodeId: 7, clusterId: 'abc', directoryId: '' })
  const meta = { version: 1, nodeId: 2, clusterId: 'abc', directoryId: 'r8VJE6PEqhnbagE94PjmNQ' }
  expect(readMetaProperties(writeMetaProperties(meta))).toEqual(meta)
  expect(whyForeign(meta, 'abc', 2)).toBeUndefined()
  expect(whyForeign(meta, 'xyz', 2)).toContain('belongs to cluster abc')
  expect(whyForeign(meta, 'abc', 3)).toContain('belongs to node 2')
  expect(readMetaProperties('nonsense')).toBeUndefined()
  const disk = new MemoryDisk()
  const { directory } = await start(disk)
  expect(directory.readMeta()).toBeUndefined()
  directory.writeMeta(meta)
  expect(directory.readMeta()).toEqual(meta)
  disk.put(`${DIRECTORY}/meta.properties`, new TextEncoder().encode('version=9'))
  expect(() => directory.readMeta()).toThrow(LogDirectoryError)
})

test('checkpoint files: damaged ones are told from good ones', () => {
  const offsets = new Map([
    ['a-b-0', 5],
    ['c.d_e-12', 0],
  ])
  expect(readOffsetCheckpoint(writeOffsetCheckpoint(offsets))).toEqual(offsets)
  for (const text of ['', '0\n', '1\n0\n', '0\n2\na 0 1\n', '0\n1\na 0\n', '0\n1\na 0 -1\n', '0\nx\n']) {
    expect(readOffsetCheckpoint(text), JSON.stringify(text)).toBeUndefined()
  }
})

test('a torn slot of the own checkpoint leaves the other one in force', () => {
  const slot = (generation: number): Uint8Array =>
    encodeCheckpointSlot({
      generation,
      isClosed: false,
      hasNoProducers: true,
      bootId: 'b',
      logStartOffset: 1,
      highWatermark: 2,
      segmentBaseOffset: 0,
      offset: generation * 10,
      position: 4,
      syncedSegmentBaseOffset: 0,
      syncedOffset: 3,
      syncedPosition: 3,
      offsetIndexCount: 0,
      timeIndexCount: 0,
      bytesSinceIndexEntry: 9,
      maxTimestampMs: -1,
      offsetOfMaxTimestamp: -1,
      firstTimestampMs: -1,
      createdAtMs: 0,
      cleanedOffset: 0,
    })
  const both = new Uint8Array([...slot(4), ...slot(5)])
  expect(decodeCheckpointFile(both)).toMatchObject({
    generation: 5,
    offset: 50,
    logStartOffset: 1,
    bytesSinceIndexEntry: 9,
    bootId: 'b',
  })
  for (let at = 256; at < 512; at += 1) {
    const torn = both.slice()
    torn[at] = (torn[at] ?? 0) ^ 0x40
    expect(decodeCheckpointFile(torn)?.generation, `byte ${at}`).toBe(4)
  }
  expect(decodeCheckpointFile(both.subarray(0, 300))?.generation).toBe(4)
  expect(decodeCheckpointFile(new Uint8Array(0))).toBeUndefined()
})

test('names of files and directories', () => {
  expect(offsetOfFileName('00000000000000000042.log', '.log')).toBe(42)
  expect(offsetOfFileName('00000000000000000042.log.deleted', '.log')).toBe(-1)
  expect(offsetOfFileName('0000000000000000004x.log', '.log')).toBe(-1)
  expect(parsePartitionDirectoryName('my-topic-3')).toEqual({ topic: 'my-topic', partition: 3 })
  for (const name of ['topic', 'topic-', '-1', 'topic-01', 'topic-0.abc-delete', 'topic-0.abc-future', 'to pic-0']) {
    expect(parsePartitionDirectoryName(name), name).toBeUndefined()
  }
  expect(deletedDirectoryName('x'.repeat(249), 123456, 'f'.repeat(20)).length).toBeLessThanOrEqual(255)
})

test("a POSIX lock of a running JVM is found in the kernel's table", () => {
  const table =
    '1: FLOCK  ADVISORY  WRITE 99 fd:01:131 0 EOF\n2: POSIX  ADVISORY  WRITE 4711 fd:01:131 0 EOF\n3: -> POSIX ADVISORY WRITE 5 fd:01:7 0 EOF\n'
  expect(holderInLockTable(table, (0xfd << 8) | 1, 131)).toBe('4711')
  expect(holderInLockTable(table, (0xfd << 8) | 1, 132)).toBeUndefined()
  expect(holderInLockTable(table, (0xfd << 8) | 2, 131)).toBeUndefined()
  expect(holderInLockTable(table, (0xfd << 8) | 1, 7)).toBeUndefined()
})

test("replicas that are being moved here are no partitions, and Kafka's names for them are understood", async () => {
  const uuid = '0f3a5b6c7d8e9f00112233445566778f'
  expect(futureDirectoryName('a.b-c', 12, uuid)).toBe(`a.b-c-12.${uuid}-future`)
  expect(parseFutureDirectoryName(`a.b-c-12.${uuid}-future`)).toEqual({ topic: 'a.b-c', partition: 12 })
  for (const name of ['a-1', 'a-1.x-delete', 'a.x-future', 'a-1-future', `a-x.${uuid}-future`]) {
    expect(parseFutureDirectoryName(name), name).toBeUndefined()
  }
  const disk = new MemoryDisk()
  disk.put(`${DIRECTORY}/events-0/00000000000000000000.log`, new Uint8Array(0))
  disk.put(`${DIRECTORY}/events-1.${uuid}-future/00000000000000000000.log`, new Uint8Array(0))
  disk.put(`${DIRECTORY}/events-1.other-future/00000000000000000000.log`, new Uint8Array(0))
  const { directory } = await start(disk)
  expect(directory.partitions().map(({ topic, partition }) => `${topic}-${partition}`)).toEqual(['events-0'])
  expect(directory.futures()).toEqual([{ topic: 'events', partition: 1 }])
  expect(disk.list(DIRECTORY).filter(({ name }) => name.endsWith('-future'))).toHaveLength(1)
})

test('a partition that lies in two directories counts where it is further; the other is set aside, not deleted', async () => {
  const disk = new MemoryDisk()
  const put = (root: string, epochs: string, base: number, sizeBytes: number): void => {
    disk.put(`${root}/events-0/${String(base).padStart(20, '0')}.log`, new Uint8Array(sizeBytes))
    disk.put(`${root}/events-0/leader-epoch-checkpoint`, new TextEncoder().encode(epochs))
  }
  const cases = [
    { one: ['0\n1\n3 0\n', 0, 10], two: ['0\n1\n3 0\n', 0, 20], isOne: false },
    { one: ['0\n1\n3 0\n', 50, 10], two: ['0\n1\n3 0\n', 0, 20], isOne: true },
    { one: ['0\n1\n3 0\n', 50, 10], two: ['0\n1\n4 0\n', 0, 20], isOne: false },
  ] as const
  for (const { one, two, isOne } of cases) {
    for (const path of [...disk.files.keys()]) disk.files.delete(path)
    disk.directories.clear()
    put('/one', one[0], one[1], one[2])
    put('/two', two[0], two[1], two[2])
    const world = createLogWorld(disk)
    const directories = await LogDirectories.open(disk, world.environment.logger, ['/one', '/two'], () => 'id')
    const kept = isOne ? '/one' : '/two'
    expect([...directories.existingPartitions()]).toEqual([['events-0', kept]])
    const other = disk.list(isOne ? '/two' : '/one').filter(({ name }) => name.startsWith('events-0'))
    expect(other.map(({ name }) => name.replace(/[.].*-/, '.*-'))).toEqual(['events-0.*-stray'])
    // The next start finds one.
    expect([...directories.existingPartitions()]).toEqual([['events-0', kept]])
    disk.killProcess()
  }
})

test('of a partition in two directories the one that took over counts, however long the other is', async () => {
  const disk = new MemoryDisk()
  for (const [root, base] of [
    ['/one', 500],
    ['/two', 0],
  ] as const) {
    disk.put(`${root}/events-0/${String(base).padStart(20, '0')}.log`, new Uint8Array(100))
  }
  disk.put('/two/events-0/jackdaw.took-over', new TextEncoder().encode('/one'))
  const world = createLogWorld(disk)
  const directories = await LogDirectories.open(disk, world.environment.logger, ['/one', '/two'], () => 'id')
  expect([...directories.existingPartitions()]).toEqual([['events-0', '/two']])
})
