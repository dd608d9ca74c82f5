import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ErrorCode } from '../../../src/model/error-code.ts'
import type { PartitionConfig } from '../../../src/partition/contract.ts'
import { Replica } from '../../../src/partition/replica.ts'
import {
  batchOf,
  createLogWorld,
  DEFAULT_CONFIG,
  DIRECTORY,
  openReplica,
  PARTITION_DIRECTORY,
  START_MS,
} from '../../support/log-world.ts'
import { MemoryDisk } from '../../support/memory-disk.ts'
import { append, readAll, stage, textBatch } from '../../support/partition-steps.ts'

const SMALL: Partial<PartitionConfig> = { segmentBytes: 2000, indexIntervalBytes: 200 }
const LOG = `${PARTITION_DIRECTORY}/00000000000000000000.log`

function grownDisk(batches: number, config: Partial<PartitionConfig> = {}, isClosed: boolean = false): MemoryDisk {
  const disk = new MemoryDisk()
  const world = createLogWorld(disk)
  const replica = openReplica(world, config)
  for (let index = 0; index < batches; index += 1) {
    expect(append(world, replica, textBatch(`v${index}`, 1 + (index % 3)))).toBe(ErrorCode.none)
  }
  if (isClosed) replica.close()
  return disk
}

test('after the end of the process every flushed record is there, without any close', () => {
  const disk = grownDisk(60, SMALL)
  disk.killProcess()
  const world = createLogWorld(disk)
  const replica = openReplica(world, SMALL)
  expect(replica.position.logEndOffset).toBe(120)
  expect(readAll(world, replica).map((record) => record.offset)).toEqual(Array.from({ length: 120 }, (_, at) => at))
  expect(world.lines.filter((line) => line.level === 'warn')).toEqual([])
})

test('a restart after the end of the process reads only what came after the last checkpoint', () => {
  const disk = new MemoryDisk()
  const world = createLogWorld(disk)
  const replica = openReplica(world)
  const big = textBatch('x'.repeat(100_000))
  for (let index = 0; index < 50; index += 1) append(world, replica, big)
  world.nowMs += 5000
  replica.maintain(world.nowMs)
  append(world, replica, big)
  disk.killProcess()
  disk.readBytes = 0
  const again = openReplica(createLogWorld(disk))
  expect(again.position.logEndOffset).toBe(51)
  expect(disk.readBytes).toBeLessThan(3 * big.length)
})

test('a restart after a power loss verifies only what came after the last sync, and keeps what was synced', async () => {
  const disk = new MemoryDisk()
  const world = createLogWorld(disk)
  const replica = openReplica(world)
  const big = textBatch('x'.repeat(100_000))
  for (let index = 0; index < 50; index += 1) append(world, replica, big)
  expect(await replica.sync()).toBe(ErrorCode.none)
  append(world, replica, big)
  world.nowMs += 5000
  replica.maintain(world.nowMs)
  // The checkpoint file is tiny and was written before the loss; whether it survives is up to the disk.
  const checkpoint = disk.content(`${PARTITION_DIRECTORY}/jackdaw.checkpoint`)
  disk.losePower()
  disk.put(`${PARTITION_DIRECTORY}/jackdaw.checkpoint`, checkpoint)
  disk.readBytes = 0
  const again = openReplica(createLogWorld(disk))
  expect(again.position.logEndOffset).toBe(50)
  // Headers of what was synced are walked for the index; its bytes are not read again.
  expect(disk.readBytes).toBeLessThan(50 * 2 * 8192 + 3 * big.length)
})

test('a tail torn at any byte is cut at the last whole batch', () => {
  const disk = grownDisk(4)
  const whole = disk.content(LOG)
  const ends = [0]
  for (let at = 0; at < whole.length; ) {
    at += new DataView(whole.buffer).getInt32(at + 8) + 12
    ends.push(at)
  }
  for (let size = 0; size <= whole.length; size += 1) {
    const torn = new MemoryDisk()
    torn.put(LOG, whole.subarray(0, size))
    const world = createLogWorld(torn)
    const replica = openReplica(world)
    const kept = ends.filter((end) => end <= size).length - 1
    expect(
      readAll(world, replica)
        .map((record) => record.value)
        .filter((value) => value.endsWith('#0')),
    ).toHaveLength(kept)
    expect(torn.fileSizeBytes(LOG)).toBe(ends[kept])
    expect(world.lines.some((line) => line.message.startsWith('Cut events-0'))).toBe(size !== ends[kept])
  }
})

test('a segment that lost its end, at the end of a batch, takes the later ones with it: a log has no hole', () => {
  const disk = grownDisk(60, SMALL)
  const names = disk.list(PARTITION_DIRECTORY).filter(({ name }) => name.endsWith('.log'))
  expect(names.length).toBeGreaterThan(2)
  const whole = disk.content(LOG)
  let lastBatchAt = 0
  for (let at = 0; at < whole.length; at += new DataView(whole.buffer).getInt32(at + 8) + 12) lastBatchAt = at
  const lostFrom = Number(new DataView(whole.buffer).getBigInt64(lastBatchAt))
  disk.killProcess()
  disk.put(LOG, whole.slice(0, lastBatchAt))
  disk.remove(`${PARTITION_DIRECTORY}/jackdaw.checkpoint`)
  const world = createLogWorld(disk)
  const replica = openReplica(world, SMALL)
  expect(replica.position.logEndOffset).toBe(lostFrom)
  expect(readAll(world, replica).length).toBe(lostFrom)
  expect(append(world, replica, textBatch('on'))).toBe(ErrorCode.none)
})

test('the epochs of what was synced outlive a loss of power', async () => {
  const disk = new MemoryDisk()
  const world = createLogWorld(disk)
  const replica = openReplica(world)
  for (const epoch of [0, 1, 2]) {
    replica.becomeLeader(epoch)
    append(world, replica, textBatch('x'))
    expect(await replica.sync()).toBe(ErrorCode.none)
    replica.maintain(world.nowMs)
  }
  disk.losePower()
  const again = openReplica(createLogWorld(disk))
  expect(again.position.logEndOffset).toBe(3)
  expect([0, 1, 2].map((epoch) => again.endOffsetForEpoch(epoch).endOffset)).toEqual([1, 2, 3])
})

test('a flipped bit in the unverified tail cuts the log there and says so; nothing before it is touched', () => {
  const whole = grownDisk(4).content(LOG)
  const firstEnd = new DataView(whole.buffer).getInt32(8) + 12
  for (let at = firstEnd; at < whole.length; at += 1) {
    const disk = new MemoryDisk()
    const broken = whole.slice()
    broken[at] = (broken[at] ?? 0) ^ 0x10
    disk.put(LOG, broken)
    const world = createLogWorld(disk)
    const replica = openReplica(world)
    // Only base offset (8) and leader epoch (4) lie outside the checksum: a higher offset there is a legal gap.
    expect(disk.content(LOG).subarray(0, firstEnd)).toEqual(whole.subarray(0, firstEnd))
    if (replica.position.logEndOffset < 7)
      expect(world.lines.some((line) => line.message.startsWith('Cut events-0'))).toBe(true)
    expect(replica.position.logEndOffset).toBeGreaterThanOrEqual(1)
  }
})

test('damage in an older segment that recovery must verify removes the later ones', () => {
  const disk = grownDisk(60, SMALL)
  disk.remove(`${PARTITION_DIRECTORY}/jackdaw.checkpoint`)
  const bases = [...disk.files.keys()].filter((path) => path.endsWith('.log')).sort()
  expect(bases.length).toBeGreaterThan(2)
  const second = bases[1] as string
  const content = disk.content(second)
  content[70] = (content[70] ?? 0) ^ 1
  disk.put(second, content)
  const world = createLogWorld(disk)
  const replica = openReplica(world, SMALL)
  expect([...disk.files.keys()].filter((path) => path.endsWith('.log')).sort()).toEqual(bases.slice(0, 2))
  expect(readAll(world, replica)).toHaveLength(replica.position.logEndOffset)
  expect(append(world, replica, textBatch('after'))).toBe(ErrorCode.none)
  expect(readAll(world, replica).at(-1)?.value).toBe('after#0')
})

test('a clean close is trusted: nothing of the log is read', () => {
  const disk = new MemoryDisk()
  const first = createLogWorld(disk)
  const replica = openReplica(first)
  for (let index = 0; index < 20; index += 1) append(first, replica, textBatch('y'.repeat(5000)))
  replica.close()
  disk.killProcess()
  disk.boot = 'another start of the machine'
  disk.readBytes = 0
  const world = createLogWorld(disk)
  const again = openReplica(world)
  expect(again.position.logEndOffset).toBe(20)
  expect(disk.readBytes).toBeLessThan(2000)
  expect(readAll(world, again)).toHaveLength(20)
})

test.each(['missing', 'empty', 'cut', 'backwards', 'lying'])(
  'an index that is %s is rebuilt and reads stay right',
  (fault) => {
    const disk = grownDisk(60, SMALL, true)
    const names = [...disk.files.keys()].filter((path) => path.endsWith('.index'))
    expect(names.length).toBeGreaterThan(1)
    for (const path of names) {
      const content = disk.content(path)
      if (fault === 'missing') disk.remove(path)
      if (fault === 'empty') disk.put(path, new Uint8Array(0))
      if (fault === 'cut') disk.put(path, content.subarray(0, content.length - 3))
      if (fault === 'backwards') disk.put(path, new Uint8Array([...content.subarray(8), ...content.subarray(0, 8)]))
      if (fault === 'lying') {
        const view = new DataView(content.buffer)
        for (let at = 0; at + 8 <= content.length; at += 8) view.setInt32(at + 4, view.getInt32(at + 4) + 5)
        disk.put(path, content)
      }
    }
    disk.killProcess()
    const world = createLogWorld(disk)
    const replica = openReplica(world, SMALL)
    for (let offset = 0; offset < 120; offset += 1) {
      expect(readAll(world, replica, offset, 300)[0]?.offset).toBe(offset)
    }
    // An empty index is merely slow: reads walk from the start of the segment.
    if (fault !== 'empty') expect(world.lines.some((line) => line.message.includes('rebuilding'))).toBe(true)
  },
)

test('a partition too small to have index entries is read and recovered without a word about its index', () => {
  const disk = new MemoryDisk()
  const world = createLogWorld(disk)
  const replica = openReplica(world)
  expect(append(world, replica, textBatch('first', 3))).toBe(ErrorCode.none)
  expect(readAll(world, replica)).toHaveLength(3)
  world.nowMs += 5000
  replica.maintain(world.nowMs)
  expect(disk.list(PARTITION_DIRECTORY).filter((entry) => entry.name.endsWith('index'))).toEqual([])
  disk.killProcess()
  const again = createLogWorld(disk)
  const reopened = openReplica(again)
  expect(append(again, reopened, textBatch('second', 2))).toBe(ErrorCode.none)
  expect(readAll(again, reopened)).toHaveLength(5)
  expect(reopened.offsetForTimestamp(START_MS).offset).toBe(0)
  expect([...world.lines, ...again.lines].filter((line) => line.level === 'warn')).toEqual([])
})

test('a client that sends its last five batches again after a restart is recognised, wherever the snapshot lies', () => {
  const batchNumber = (sequence: number) => batchOf(1, { producerId: 7, producerEpoch: 0, baseSequence: sequence })
  for (const isClosed of [true, false]) {
    // Segments of one batch each: a snapshot is taken in front of every batch.
    const config = { segmentBytes: 100 }
    const disk = new MemoryDisk()
    const world = createLogWorld(disk)
    const replica = openReplica(world, config)
    for (let sequence = 0; sequence < 8; sequence += 1) {
      expect(append(world, replica, batchNumber(sequence))).toBe(ErrorCode.none)
    }
    if (isClosed) replica.close()
    else disk.killProcess()
    const again = createLogWorld(disk)
    const reopened = openReplica(again, config)
    const repeats = [3, 4, 5, 6, 7].map((sequence) => {
      const code = stage(again, reopened, batchNumber(sequence))
      return [code, reopened.outcome.isDuplicate, reopened.outcome.baseOffset]
    })
    expect(repeats).toEqual([3, 4, 5, 6, 7].map((offset) => [ErrorCode.none, true, offset]))
    expect(stage(again, reopened, batchNumber(2))).toBe(ErrorCode.outOfOrderSequenceNumber)
  }
})

test('what nobody is known to have replicated is not below the high watermark after a restart', () => {
  const disk = grownDisk(4)
  disk.killProcess()
  const { environment } = createLogWorld(disk)
  const place = { topic: 'events', partition: 0, handle: 1, logDirectory: DIRECTORY, leaderEpoch: 0 }
  const replica = new Replica({ environment, ...place, config: DEFAULT_CONFIG, isReplicated: true })
  expect(replica.position).toMatchObject({ logEndOffset: 7, highWatermark: 0 })
  // Alone, it is all there is.
  replica.setReplicated(false)
  expect(replica.position.highWatermark).toBe(7)
})

test('idempotent producers are remembered over every kind of restart', () => {
  for (const stop of ['close', 'kill', 'power'] as const) {
    const disk = new MemoryDisk()
    const world = createLogWorld(disk)
    const replica = openReplica(world, SMALL)
    for (let index = 0; index < 30; index += 1) {
      const options = { producerId: 7, producerEpoch: 2, baseSequence: index * 2 }
      expect(append(world, replica, textBatch(`p${index}`, 2, options))).toBe(ErrorCode.none)
      if (index === 20) {
        world.nowMs += 5000
        replica.maintain(world.nowMs)
      }
    }
    if (stop === 'close') replica.close()
    if (stop === 'kill') disk.killProcess()
    if (stop === 'power') {
      for (const file of disk.files.values()) file.synced = file.bytes.slice(0, file.sizeBytes)
      disk.losePower()
    }
    const later = createLogWorld(disk)
    const again = openReplica(later, SMALL)
    const repeat = textBatch('p29', 2, { producerId: 7, producerEpoch: 2, baseSequence: 58 })
    expect(stage(later, again, repeat), stop).toBe(ErrorCode.none)
    expect(again.outcome.isDuplicate).toBe(true)
    expect(again.outcome.baseOffset).toBe(58)
    const gap = textBatch('gap', 1, { producerId: 7, producerEpoch: 2, baseSequence: 61 })
    expect(stage(later, again, gap)).toBe(ErrorCode.outOfOrderSequenceNumber)
    const next = textBatch('next', 1, { producerId: 7, producerEpoch: 2, baseSequence: 60 })
    expect(append(later, again, next)).toBe(ErrorCode.none)
  }
})

type Step = {
  readonly kind: 'append' | 'sync' | 'maintain' | 'kill' | 'power' | 'close' | 'delete'
  readonly size: number
}

test('whatever happens in whatever order, the log is a prefix of what was acknowledged and keeps what was synced', async () => {
  const kinds = fc.constantFrom<Step['kind']>(
    'append',
    'append',
    'append',
    'append',
    'sync',
    'maintain',
    'kill',
    'power',
    'close',
    'delete',
  )
  const steps = fc.array(fc.record({ kind: kinds, size: fc.integer({ min: 1, max: 400 }) }), { maxLength: 60 })
  await fc.assert(
    fc.asyncProperty(steps, async (script) => {
      const disk = new MemoryDisk()
      let world = createLogWorld(disk)
      let replica = openReplica(world, SMALL)
      let acknowledged: string[] = []
      let synced = 0
      let deletedBelow = 0
      const reopen = (mustHold: number): void => {
        const nowMs = world.nowMs
        world = createLogWorld(disk)
        world.nowMs = nowMs
        replica = openReplica(world, SMALL)
        const end = replica.position.logEndOffset
        expect(end).toBeGreaterThanOrEqual(mustHold)
        expect(end).toBeLessThanOrEqual(acknowledged.length)
        acknowledged = acknowledged.slice(0, end)
        expect(replica.position.logStartOffset).toBeLessThanOrEqual(end)
        const records = readAll(world, replica)
        const from = replica.position.logStartOffset
        expect(records.map((record) => record.value)).toEqual(acknowledged.slice(from).map((value) => `${value}#0`))
        synced = Math.min(synced, end)
        // A power loss may take back what was deleted: a node's directory tells it durably, a replica alone does not.
        expect(from).toBeLessThanOrEqual(deletedBelow)
        deletedBelow = from
      }
      for (const [index, { kind, size }] of script.entries()) {
        world.nowMs += 700
        if (kind === 'append') {
          const value = `${index}-${'z'.repeat(size)}`
          expect(append(world, replica, textBatch(value))).toBe(ErrorCode.none)
          acknowledged.push(value)
        } else if (kind === 'sync') {
          expect(await replica.sync()).toBe(ErrorCode.none)
          synced = acknowledged.length
        } else if (kind === 'maintain') {
          replica.maintain(world.nowMs)
        } else if (kind === 'delete') {
          const target = Math.min(acknowledged.length, deletedBelow + 3)
          expect(replica.deleteRecords(target)).toEqual({ code: ErrorCode.none, lowWatermark: target })
          deletedBelow = target
        } else if (kind === 'kill') {
          await replica.sync().catch(() => undefined)
          disk.killProcess()
          const deletedBefore = deletedBelow
          reopen(acknowledged.length)
          expect(deletedBelow).toBe(deletedBefore)
        } else if (kind === 'power') {
          disk.losePower()
          reopen(synced)
        } else {
          replica.close()
          disk.losePower()
          synced = acknowledged.length
          reopen(acknowledged.length)
        }
      }
    }),
    { numRuns: 150 },
  )
})

test.each([
  [0, false],
  [1, false],
  [0, true],
  [1, true],
])(
  'a message of format %i larger than the verification window is judged by its checksum (damaged: %s)',
  (magic, isDamaged) => {
    const windowSizeBytes = 64 * 1024
    const message = (offset: number, valueSizeBytes: number): Uint8Array => {
      const headSizeBytes = magic === 0 ? 26 : 34
      const bytes = new Uint8Array(headSizeBytes + valueSizeBytes).fill(7, headSizeBytes)
      const view = new DataView(bytes.buffer)
      view.setBigInt64(0, BigInt(offset))
      view.setInt32(8, bytes.length - 12)
      view.setUint8(16, magic)
      if (magic === 1) view.setBigInt64(18, BigInt(START_MS))
      view.setInt32(headSizeBytes - 8, -1)
      view.setInt32(headSizeBytes - 4, valueSizeBytes)
      view.setUint32(12, crc32(bytes.subarray(16)))
      return bytes
    }
    const large = message(1, 300_000)
    if (isDamaged) large[200_000] = 8
    const disk = new MemoryDisk()
    disk.makeDirectory(PARTITION_DIRECTORY)
    disk.put(`${PARTITION_DIRECTORY}/${'0'.repeat(20)}.log`, Buffer.concat([message(0, 10), large, message(2, 10)]))
    const world = createLogWorld(disk, { windowSizeBytes })
    const replica = openReplica(world)
    expect(replica.position.logEndOffset).toBe(isDamaged ? 1 : 3)
    expect(world.lines.filter((line) => line.level === 'warn')).toHaveLength(isDamaged ? 1 : 0)
  },
)
