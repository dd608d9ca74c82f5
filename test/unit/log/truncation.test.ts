import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ErrorCode } from '../../../src/model/error-code.ts'
import type { PartitionConfig } from '../../../src/partition/contract.ts'
import type { Replica } from '../../../src/partition/replica.ts'
import { createLogWorld, type LogWorld, openReplica, PARTITION_DIRECTORY } from '../../support/log-world.ts'
import { MemoryDisk } from '../../support/memory-disk.ts'
import { readAll, textBatch } from '../../support/partition-steps.ts'

const SMALL: Partial<PartitionConfig> = { segmentBytes: 1500, indexIntervalBytes: 150 }

interface Batch {
  readonly count: number
  readonly producer: number
  /** How many epochs later than the batch before it. */
  readonly epochStep: number
}

const batches: fc.Arbitrary<Batch[]> = fc.array(
  fc.record({
    count: fc.integer({ min: 1, max: 4 }),
    producer: fc.integer({ min: -1, max: 2 }),
    epochStep: fc.constantFrom(0, 0, 0, 1, 2),
  }),
  { minLength: 1, maxLength: 40 },
)

/** Appends as a follower does. @returns where each batch begins */
function follow(world: LogWorld, replica: Replica, list: readonly Batch[], text: string): number[] {
  const starts: number[] = []
  const sequences = new Map<number, number>()
  let epoch = Math.max(0, replica.latestEpoch)
  for (const [index, { count, producer, epochStep }] of list.entries()) {
    epoch += epochStep
    const baseOffset = replica.position.logEndOffset
    const baseSequence = producer < 0 ? -1 : (sequences.get(producer) ?? 0)
    sequences.set(producer, baseSequence + count)
    const options = {
      baseOffset,
      leaderEpoch: epoch,
      producerId: producer < 0 ? -1 : 100 + producer,
      producerEpoch: producer < 0 ? -1 : 0,
      baseSequence,
    }
    const bytes = textBatch(`${text}${index}`, count, options, 1_700_000_000_000 + ((index * 37) % 50))
    world.clear()
    expect(replica.stage(world.put(bytes), bytes.length, 'replica', world.nowMs)).toBe(ErrorCode.none)
    expect(replica.flush()).toBe(ErrorCode.none)
    starts.push(baseOffset)
  }
  return starts
}

function open(disk: MemoryDisk): { world: LogWorld; replica: Replica } {
  const world = createLogWorld(disk)
  const replica = openReplica(world, SMALL)
  replica.becomeFollower(0)
  return { world, replica }
}

/** Everything that readers, producers and leaders can find out about a log. */
function appearance(world: LogWorld, replica: Replica): unknown {
  replica.advanceHighWatermark(Infinity)
  return {
    records: readAll(world, replica),
    position: { ...replica.position },
    producers: [...replica.activeProducers()].sort((left, right) => left.producerId - right.producerId),
    epochs: Array.from({ length: 90 }, (_, epoch) => replica.endOffsetForEpoch(epoch)),
    latestEpoch: replica.latestEpoch,
    byTime: Array.from({ length: 12 }, (_, step) => replica.offsetForTimestamp(1_700_000_000_000 + step * 5)),
    newest: replica.offsetForTimestamp(-3),
  }
}

test('a log that was cut is the log that never had more, also after it grew again, crashed or lost power', () => {
  fc.assert(
    fc.property(
      batches,
      batches,
      fc.nat(),
      fc.constantFrom('nothing', 'kill', 'power', 'close'),
      (before, after, at, end) => {
        const disk = new MemoryDisk()
        const { world, replica } = open(disk)
        const starts = follow(world, replica, before, 'old')
        if (at % 3 === 0) replica.maintain(world.nowMs + 5000)
        const kept = at % (before.length + 1)
        const offset = starts[kept] ?? replica.position.logEndOffset
        expect(replica.truncate(offset)).toBe(ErrorCode.none)
        expect(replica.position.logEndOffset).toBe(offset)
        follow(world, replica, after, 'new')

        const twinDisk = new MemoryDisk()
        const twin = open(twinDisk)
        follow(twin.world, twin.replica, before.slice(0, kept), 'old')
        follow(twin.world, twin.replica, after, 'new')
        if (end === 'power') return
        if (end === 'close') {
          replica.close()
          twin.replica.close()
        }
        if (end === 'nothing') {
          expect(appearance(world, replica)).toEqual(appearance(twin.world, twin.replica))
          return
        }
        disk.killProcess()
        twinDisk.killProcess()
        const again = open(disk)
        const twinAgain = open(twinDisk)
        expect(appearance(again.world, again.replica)).toEqual(appearance(twinAgain.world, twinAgain.replica))
      },
    ),
    { numRuns: 150 },
  )
})

test('a power loss after a cut leaves what was synced since, then more of the new history or, before any sync, the old one', async () => {
  await fc.assert(
    fc.asyncProperty(batches, batches, fc.nat(), fc.nat(), async (before, after, at, syncAt) => {
      const disk = new MemoryDisk()
      const { world, replica } = open(disk)
      const starts = follow(world, replica, before, 'old')
      replica.advanceHighWatermark(Infinity)
      const old = readAll(world, replica)
      if (at % 2 === 0) expect(await replica.sync()).toBe(ErrorCode.none)
      const kept = at % before.length
      expect(replica.truncate(starts[kept] ?? 0)).toBe(ErrorCode.none)
      const synced = syncAt % (after.length + 1)
      follow(world, replica, after.slice(0, synced), 'new')
      expect(await replica.sync()).toBe(ErrorCode.none)
      const safeOffset = replica.position.logEndOffset
      follow(world, replica, after.slice(synced), 'more')
      replica.advanceHighWatermark(Infinity)
      const whole = readAll(world, replica)
      disk.losePower()
      const again = open(disk)
      again.replica.advanceHighWatermark(Infinity)
      const left = readAll(again.world, again.replica)
      expect(again.replica.position.logEndOffset).toBeGreaterThanOrEqual(safeOffset)
      const isNew = left.every((record, index) => record.value === whole[index]?.value)
      const isOld = left.every((record, index) => record.value === old[index]?.value)
      expect(isNew || (isOld && synced === 0)).toBe(true)
    }),
    { numRuns: 100 },
  )
})

test('a log that begins anew has nothing of the old one, also after a restart', () => {
  const disk = new MemoryDisk()
  const { world, replica } = open(disk)
  follow(
    world,
    replica,
    Array.from({ length: 30 }, () => ({ count: 3, producer: 1, epochStep: 0 })),
    'old',
  )
  expect(replica.restart(1000)).toBe(ErrorCode.none)
  expect(replica.position).toMatchObject({ logStartOffset: 1000, logEndOffset: 1000, highWatermark: 1000 })
  expect([replica.latestEpoch, replica.activeProducers()]).toEqual([-1, []])
  disk.killProcess()
  const empty = open(disk)
  expect(empty.replica.position).toMatchObject({ logStartOffset: 1000, logEndOffset: 1000 })
  follow(empty.world, empty.replica, [{ count: 2, producer: -1, epochStep: 4 }], 'new')
  disk.killProcess()
  const again = open(disk)
  again.replica.advanceHighWatermark(Infinity)
  expect(readAll(again.world, again.replica).map(({ offset }) => offset)).toEqual([1000, 1001])
  expect(again.replica.endOffsetForEpoch(4)).toEqual({ leaderEpoch: 4, endOffset: 1002 })
})

test('a cut inside a batch takes the whole batch', () => {
  const { world, replica } = open(new MemoryDisk())
  follow(
    world,
    replica,
    [
      { count: 4, producer: -1, epochStep: 0 },
      { count: 4, producer: -1, epochStep: 0 },
    ],
    'old',
  )
  expect(replica.truncate(6)).toBe(ErrorCode.none)
  expect(replica.position.logEndOffset).toBe(4)
})

test('who reads from a file that is cut under them is given what is left; the file stays open until they are done', () => {
  const disk = new MemoryDisk()
  const { world, replica } = open(disk)
  const starts = follow(
    world,
    replica,
    Array.from({ length: 30 }, () => ({ count: 1, producer: -1, epochStep: 0 })),
    'old',
  )
  replica.advanceHighWatermark(Infinity)
  expect(replica.planRead(0, 30, 1 << 20)).toBe(ErrorCode.none)
  const { segment } = replica.plan
  expect(replica.truncate(starts[2] ?? 0)).toBe(ErrorCode.none)
  replica.releaseRead(segment)
  follow(world, replica, [{ count: 1, producer: -1, epochStep: 1 }], 'new')
  replica.advanceHighWatermark(Infinity)
  expect(readAll(world, replica).map(({ value }) => value)).toEqual(['old0#0', 'old1#0', 'new0#0'])
})

test('a snapshot of producers that vouched for the cut part is gone', () => {
  const disk = new MemoryDisk()
  const { world, replica } = open(disk)
  const starts = follow(
    world,
    replica,
    Array.from({ length: 40 }, () => ({ count: 2, producer: 0, epochStep: 0 })),
    'old',
  )
  const snapshots = (): string[] =>
    [...disk.files.keys()].filter((path) => path.startsWith(PARTITION_DIRECTORY) && path.endsWith('.snapshot'))
  expect(snapshots().length).toBeGreaterThan(1)
  replica.truncate(starts[3] ?? 0)
  expect(snapshots().filter((path) => Number(path.slice(-29, -9)) > 6)).toEqual([])
  expect(replica.activeProducers()).toMatchObject([{ producerId: 100, lastSequence: 5 }])
})
