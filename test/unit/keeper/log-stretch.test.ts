import { expect, test } from 'vitest'
import { Operation } from '../../../src/jute/operations.ts'
import { JuteReader } from '../../../src/jute/reader.ts'
import { HistorySource } from '../../../src/keeper/quorum/history-source.ts'
import { LogStretch } from '../../../src/keeper/quorum/log-entries.ts'
import { listZxidFiles } from '../../../src/keeper/storage/files.ts'
import { LogWriter } from '../../../src/keeper/storage/log-writer.ts'
import type { Entry } from '../../../src/zab/contract.ts'
import { MemoryDisk } from '../../support/memory-disk.ts'
import { ManualTime, manualTimers } from './support.ts'

/** The log that a learner is brought up to date from, while it grows. */

/** Every look costs: a slice is over after a few transactions. */
class CostlyTime extends ManualTime {
  override monotonicMs(): number {
    this.nowMs += 0.3
    return this.nowMs
  }
}

class GrowingLog {
  readonly disk = new MemoryDisk()
  readonly #writer: LogWriter
  lastZxid = 0

  constructor(fileBytesMax: number, preallocateBytes = 0) {
    this.disk.makeDirectory('/log')
    const options = { disk: this.disk, directory: '/log', preallocateBytes, fileBytesMax, forceSync: true }
    this.#writer = new LogWriter({ ...options, clock: manualTimers() })
  }

  async grow(count: number): Promise<void> {
    for (let index = 0; index < count; index += 1) {
      this.lastZxid += 1
      const header = { clientId: 1n, cxid: 1, zxid: this.lastZxid, time: 0, type: Operation.error }
      this.#writer.append({ header, body: { type: Operation.error, record: { err: -101 } }, digest: undefined })
      await this.#writer.flush()
    }
  }

  stretch(fromZxid: number, bytesMax = 1 << 20): LogStretch {
    return new LogStretch(this.disk, new CostlyTime(), '/log', fromZxid, bytesMax)
  }
}

/** Reads to the end, the log growing between slices. */
async function readAll(log: GrowingLog, stretch: LogStretch, growth: readonly number[] = []) {
  for (let slices = 1; ; slices += 1) {
    const entries = stretch.slice(log.lastZxid)
    if (entries !== undefined) {
      stretch.close()
      return { entries, slices }
    }
    await log.grow(growth[slices - 1] ?? 0)
  }
}

function zxids(entries: readonly Entry[] | null): number[] | undefined {
  return entries?.map(({ zxid }) => zxid)
}

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, index) => from + index)
}

test.each([0, 4096])('a stretch is read over several files in slices, preallocated by %s', async (preallocateBytes) => {
  const log = new GrowingLog(300, preallocateBytes)
  await log.grow(60)
  expect(listZxidFiles(log.disk, '/log', 'log').length).toBeGreaterThan(5)
  const { entries, slices } = await readAll(log, log.stretch(17))
  expect(zxids(entries)).toEqual(range(17, 60))
  expect(slices).toBeGreaterThan(5)
})

test.each([
  [0, 0],
  [0, 4096],
  [300, 0],
])(
  'what is decided while it is read is read too: files of at most %s bytes, preallocated by %s',
  async (size, allocated) => {
    const log = new GrowingLog(size, allocated)
    await log.grow(20)
    const { entries } = await readAll(log, log.stretch(3), [1, 2, 0, 5, 1, 1, 1])
    expect(log.lastZxid).toBeGreaterThan(26)
    expect(zxids(entries)).toEqual(range(3, log.lastZxid))
  },
)

test('what is in the log and not decided is left out', async () => {
  const log = new GrowingLog(300)
  await log.grow(30)
  const stretch = log.stretch(5)
  let entries = stretch.slice(12)
  while (entries === undefined) entries = stretch.slice(12)
  expect(zxids(entries)).toEqual(range(5, 12))
  stretch.close()
})

test('too much, not far enough back, and a file that has gone missing: a snapshot is the better choice', async () => {
  const log = new GrowingLog(300)
  await log.grow(60)
  expect((await readAll(log, log.stretch(5, 400))).entries).toBeNull()
  const [first, second] = listZxidFiles(log.disk, '/log', 'log')
  log.disk.remove(first?.path ?? '')
  expect((await readAll(log, log.stretch(1))).entries).toBeNull()
  const stretch = log.stretch(second?.zxid ?? 0)
  expect(stretch.slice(log.lastZxid)).toBeUndefined()
  log.disk.remove(listZxidFiles(log.disk, '/log', 'log')[2]?.path ?? '')
  await expect(readAll(log, stretch)).rejects.toThrow('no such file')
})

test('a history leaves in stretches, proposal and commit of each entry in order', () => {
  const entries = range(1, 5000).map((zxid) => ({ zxid, bytes: new Uint8Array(100).fill(zxid), config: null }))
  let sent = 0
  const source = new HistorySource(entries, () => {
    sent += 1
  })
  const seen: string[] = []
  let stretches = 0
  while (!source.isAtEnd) {
    const bytes = source.next()
    if (bytes === undefined) break
    stretches += 1
    expect(bytes.length).toBeLessThan(140_000)
    source.sent()
    const reader = new JuteReader(bytes)
    while (reader.remaining > 0) {
      const type = reader.int32()
      seen.push(`${type} ${reader.int64()}`)
      reader.buffer()
      reader.int32()
    }
    expect(reader.ok).toBe(true)
  }
  expect(seen).toEqual(range(1, 5000).flatMap((zxid) => [`2 ${zxid}`, `4 ${zxid}`]))
  expect([stretches > 4, sent]).toEqual([true, stretches])
  expect(source.next()).toBeUndefined()
})
