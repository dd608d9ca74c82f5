import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readTransactionIndex } from '../../../src/log/transaction-index.ts'
import { LogDirectory } from '../../../src/log/log-directory.ts'
import { readOffsetIndex } from '../../../src/log/offset-index.ts'
import { decodeProducerSnapshot } from '../../../src/log/producer-snapshot.ts'
import { readTimeIndex } from '../../../src/log/time-index.ts'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { Replica } from '../../../src/partition/replica.ts'
import { createLogWorld, DEFAULT_CONFIG, type LogWorld } from '../../support/log-world.ts'
import { MemoryDisk } from '../../support/memory-disk.ts'
import { readTarGz } from '../../support/tar.ts'

const ROOT = '/logdir-4.3.1'
/** What the fixture's broker was configured with. */
const FIXTURE_INTERVAL_BYTES = 300

interface Batch {
  baseOffset: number
  lastOffset: number
  position: number
  sizeInBytes: number
  maxTimestamp: number
  control: boolean
  records: { offset: number; timestamp: number; key: string | null; value: string | null }[]
}
interface ManifestFile {
  path: string
  size: number
  batches?: Batch[]
  entries?: Record<string, number>[]
  snapshot?: { json: { producerEntries: Record<string, number>[] } }
  text?: string
}

const vectors = join(import.meta.dirname, 'vectors')
const archive = readTarGz(readFileSync(join(vectors, 'logdir-4.3.1.tar.gz')))
const manifest = JSON.parse(readFileSync(join(vectors, 'logdir-4.3.1.json'), 'utf8')) as { files: ManifestFile[] }
const partitions = [
  ['fixture', 0],
  ['fixture', 1],
  ['compacted', 0],
  ['__consumer_offsets', 0],
  ['__transaction_state', 0],
  ['__transaction_state', 1],
] as const

function kafkaDisk(): MemoryDisk {
  const disk = new MemoryDisk()
  for (const [path, content] of archive) disk.put(`/${path}`, content)
  return disk
}

async function openAll(disk: MemoryDisk): Promise<{ world: LogWorld; directory: LogDirectory }> {
  const world = createLogWorld(disk)
  return { world, directory: await LogDirectory.open(disk, world.environment.logger, ROOT) }
}

function open(world: LogWorld, topic: string, partition: number, indexIntervalBytes = FIXTURE_INTERVAL_BYTES): Replica {
  const config = { ...DEFAULT_CONFIG, indexIntervalBytes }
  return new Replica({
    environment: world.environment,
    topic,
    partition,
    handle: 1,
    logDirectory: ROOT,
    config,
    leaderEpoch: 0,
  })
}

function batchesOf(topic: string, partition: number): Batch[] {
  return manifest.files
    .filter((file) => file.path.startsWith(`${topic}-${partition}/`) && file.path.endsWith('.log'))
    .flatMap((file) => file.batches ?? [])
}

function read(world: LogWorld, replica: Replica, offset: number, until: number, max: number): Uint8Array {
  expect(replica.planRead(offset, until, max)).toBe(ErrorCode.none)
  const bytes = new Uint8Array(replica.plan.sizeBytes)
  if (bytes.length === 0) return bytes
  expect(world.disk.readSync(replica.plan.file, bytes, replica.plan.position)).toBe(bytes.length)
  replica.releaseRead(replica.plan.segment)
  return bytes
}

/** Behind version and checksum. */
const SNAPSHOT_COUNT_AT = 6

test('a Kafka directory is found clean, with its identity and every partition', async () => {
  const { directory } = await openAll(kafkaDisk())
  expect(directory.wasClean).toBe(true)
  expect(directory.readMeta()).toEqual({
    version: 1,
    clusterId: 'J4ckd4wJ4ckd4wJ4ckd4wA',
    nodeId: 1,
    directoryId: 'r8VJE6PEqhnbagE94PjmNQ',
  })
  const found = directory.partitions().map(({ topic, partition, topicId }) => `${topic}-${partition} ${topicId}`)
  expect(found).toContain('fixture-0 HR8PUapuSU27443kkzJqNg')
  expect(found).toHaveLength(7)
})

test.each(partitions)('%s-%i opens with the offsets, producers and epochs Kafka left', async (topic, partition) => {
  const { world } = await openAll(kafkaDisk())
  const replica = open(world, topic, partition)
  const batches = batchesOf(topic, partition)
  const end = (batches.at(-1)?.lastOffset ?? -1) + 1
  expect(replica.position.logEndOffset).toBe(end)
  expect(replica.position.logStartOffset).toBe(topic === 'fixture' && partition === 0 ? 3 : 0)
  const snapshot = manifest.files.find((file) =>
    file.path.endsWith(`${topic}-${partition}/${`${end}`.padStart(20, '0')}.snapshot`),
  )
  const expected = snapshot?.snapshot?.json.producerEntries.map((entry) => [
    entry['producerId'],
    entry['epoch'],
    entry['lastSequence'],
  ])
  const producers = replica.activeProducers().map((row) => [row.producerId, row.producerEpoch, row.lastSequence])
  expect(producers.sort()).toEqual(expected?.sort())
  expect(replica.position.lastStableOffset).toBe(end)
  expect(world.lines.filter((line) => line.level === 'warn')).toEqual([])
})

test.each(partitions)("%s-%i gives Kafka's bytes from every offset", async (topic, partition) => {
  const { world } = await openAll(kafkaDisk())
  const replica = open(world, topic, partition)
  const batches = batchesOf(topic, partition)
  for (let offset = replica.position.logStartOffset; offset < replica.position.logEndOffset; offset += 1) {
    const batch = batches.find((each) => each.lastOffset >= offset)
    const bytes = read(world, replica, offset, replica.position.highWatermark, 1)
    expect(replica.plan.firstOffset).toBe(batch?.baseOffset)
    expect(replica.plan.firstBatchSizeBytes).toBe(batch?.sizeInBytes)
    expect(bytes.length).toBe(batch?.sizeInBytes)
    const seen: number[] = []
    expect(world.codec.decodeBatches(bytes, (record) => seen.push(record.offset), true)).toBe(0)
    expect(seen).toEqual(batch?.records.map((record) => record.offset))
  }
})

test('a bounded read ends before the last stable offset, never inside a batch', async () => {
  const { world } = await openAll(kafkaDisk())
  const replica = open(world, 'fixture', 0)
  for (const until of batchesOf('fixture', 0).map((batch) => batch.baseOffset)) {
    if (until <= 3) continue
    let offset = 3
    while (offset < until) {
      const bytes = read(world, replica, offset, until, 1 << 20)
      if (bytes.length === 0) break
      let last = -1
      world.codec.decodeBatches(bytes, (_record, batch) => (last = batch.baseOffset + batch.lastOffsetDelta), true)
      expect(last).toBeLessThan(until)
      offset = last + 1
    }
    expect(offset).toBe(until)
  }
})

test("files decode to what Kafka's own tools say", () => {
  for (const file of manifest.files) {
    const bytes = archive.get(`logdir-4.3.1/${file.path}`)
    if (bytes === undefined) continue
    if (file.path.endsWith('.index')) {
      const index = readOffsetIndex(bytes, Number.MAX_SAFE_INTEGER)
      const entries = file.entries?.map((_, at) => ({
        relativeOffset: index?.relativeOffsetAt(at),
        position: index?.positionAt(at),
      }))
      expect(entries).toEqual(file.entries)
    }
    if (file.path.endsWith('.timeindex')) {
      const index = readTimeIndex(bytes)
      const entries = file.entries?.map((_, at) => ({
        timestamp: index?.timestampAt(at),
        relativeOffset: index?.relativeOffsetAt(at),
      }))
      expect(entries).toEqual(file.entries)
    }
    if (file.path.endsWith('.txnindex')) {
      expect(readTransactionIndex(bytes)).toEqual(file.entries?.map(({ version: _version, ...entry }) => entry))
    }
    if (file.path.endsWith('.snapshot')) {
      const entries = decodeProducerSnapshot(bytes)?.map((entry) => ({
        producerId: entry.producerId,
        epoch: entry.epoch,
        lastSequence: entry.lastSequence,
        lastOffset: entry.lastOffset,
        offsetDelta: entry.lastOffsetDelta,
        timestamp: entry.lastTimestampMs,
        coordinatorEpoch: entry.coordinatorEpoch,
        currentTxnFirstOffset: entry.transactionFirstOffset,
      }))
      expect(entries).toEqual(file.snapshot?.json.producerEntries)
    }
  }
})

test.each(partitions)(
  '%s-%i after an unclean stop is verified and rebuilt to the same files',
  async (topic, partition) => {
    const disk = kafkaDisk()
    for (const path of [...disk.files.keys()]) {
      if (
        /\.(index|timeindex|txnindex)$/.test(path) ||
        path.endsWith('-checkpoint') ||
        path.endsWith('cleanshutdown')
      ) {
        if (!path.includes('log-start') && !(topic === 'compacted')) disk.files.delete(path)
      }
    }
    disk.files.delete(`${ROOT}/.kafka_cleanshutdown`)
    const { world } = await openAll(disk)
    const replica = open(world, topic, partition, topic === 'fixture' ? FIXTURE_INTERVAL_BYTES : 4096)
    const end = (batchesOf(topic, partition).at(-1)?.lastOffset ?? -1) + 1
    expect(replica.position.logEndOffset).toBe(end)
    replica.close()
    for (const file of manifest.files) {
      if (!file.path.startsWith(`${topic}-${partition}/`)) continue
      if (topic === 'compacted' && /index$/.test(file.path)) continue
      const original = archive.get(`logdir-4.3.1/${file.path}`) ?? new Uint8Array(0)
      // The epoch cache also knows that deleted records had an epoch; here it was rebuilt from what is left.
      if (file.path.endsWith('leader-epoch-checkpoint')) continue
      // Behind Kafka's part of a snapshot lies ours, which the checksum covers: what comes after the checksum is Kafka's.
      const from = file.path.endsWith('.snapshot') ? SNAPSHOT_COUNT_AT : 0
      const written = disk.content(`${ROOT}/${file.path}`).subarray(from, from > 0 ? original.length : undefined)
      expect(Buffer.from(written).toString('hex'), file.path).toBe(Buffer.from(original.subarray(from)).toString('hex'))
    }
  },
)

test.each(partitions)('%s-%i opened and closed again is byte for byte what Kafka left', async (topic, partition) => {
  const disk = kafkaDisk()
  const { world } = await openAll(disk)
  open(world, topic, partition).close()
  for (const file of manifest.files) {
    if (!file.path.startsWith(`${topic}-${partition}/`)) continue
    const original = archive.get(`logdir-4.3.1/${file.path}`) ?? new Uint8Array(0)
    expect(Buffer.from(disk.content(`${ROOT}/${file.path}`)).toString('hex'), file.path).toBe(
      Buffer.from(original).toString('hex'),
    )
  }
})

test("after a clean stop the directory is Kafka's again: checkpoints and the clean-shutdown file", async () => {
  const disk = kafkaDisk()
  const { world, directory } = await openAll(disk)
  expect(disk.exists(`${ROOT}/.kafka_cleanshutdown`)).toBe(false)
  for (const [topic, partition] of partitions) open(world, topic, partition).close()
  expect(directory.finishCleanStop(12)).toBe(true)
  const text = (name: string): string[] => new TextDecoder().decode(disk.content(`${ROOT}/${name}`)).split('\n')
  expect(text('log-start-offset-checkpoint')).toEqual(['0', '1', 'fixture 0 3', ''])
  expect(text('recovery-point-offset-checkpoint')).toEqual(
    expect.arrayContaining(['fixture 0 50', 'fixture 1 3', 'compacted 0 10']),
  )
  expect(text('replication-offset-checkpoint')).toEqual(
    expect.arrayContaining(['fixture 0 50', '__consumer_offsets 0 17']),
  )
  expect(text('.kafka_cleanshutdown')).toEqual(['{"version":0,"brokerEpoch":12}'])
})

test('aborted transactions are those of the transaction index', async () => {
  const { world } = await openAll(kafkaDisk())
  const replica = open(world, 'fixture', 0)
  const rows = (from: number, until: number): unknown[] =>
    replica.abortedTransactions(from, until).map(({ producerId, firstOffset }) => ({ producerId, firstOffset }))
  expect(rows(3, 50)).toEqual([
    { producerId: 5, firstOffset: 31 },
    { producerId: 5, firstOffset: 34 },
  ])
  expect(rows(3, 31)).toEqual([])
  expect(rows(34, 36)).toEqual([{ producerId: 5, firstOffset: 34 }])
})

test.each(partitions)('%s-%i finds every offset by its timestamp', async (topic, partition) => {
  const { world } = await openAll(kafkaDisk())
  const replica = open(world, topic, partition)
  const records = batchesOf(topic, partition)
    .flatMap((batch) => batch.records)
    .filter((record) => record.offset >= replica.position.logStartOffset)
  for (const wanted of records.flatMap((record) => [record.timestamp - 1, record.timestamp, record.timestamp + 1])) {
    const first = records.find((record) => record.timestamp >= wanted)
    const answer = replica.offsetForTimestamp(wanted)
    expect([answer.offset, answer.timestampMs]).toEqual(
      first === undefined ? [-1, -1] : [first.offset, first.timestamp],
    )
  }
  const newest = Math.max(...records.map((record) => record.timestamp))
  expect(replica.offsetForTimestamp(-3).timestampMs).toBe(newest)
  expect(replica.offsetForTimestamp(-2).offset).toBe(replica.position.logStartOffset)
  expect(replica.offsetForTimestamp(-1).offset).toBe(replica.position.highWatermark)
  expect(replica.offsetForTimestamp(-4).offset).toBe(replica.position.logStartOffset)
  expect(replica.offsetForTimestamp(-5).offset).toBe(-1)
})
