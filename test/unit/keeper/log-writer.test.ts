import { expect, test } from 'vitest'
import { Operation } from '../../../src/jute/operations.ts'
import { LogWriter } from '../../../src/keeper/storage/log-writer.ts'
import type { Txn } from '../../../src/keeper/tree/txn.ts'
import { MemoryDisk } from '../../support/memory-disk.ts'
import { manualTimers, type ManualTime } from './support.ts'

/** A disk whose syncs on this thread take as long as it is told. */
class SlowDisk extends MemoryDisk {
  syncMs = 0
  readonly #time: ManualTime

  constructor(time: ManualTime) {
    super()
    this.#time = time
  }

  override dataSyncNow(file: number): void {
    super.dataSyncNow(file)
    this.#time.nowMs += this.syncMs
  }
}

function txn(zxid: number): Txn {
  return {
    header: { clientId: 1n, cxid: 1, zxid, time: 0, type: Operation.error },
    body: { type: Operation.error, record: { err: -101 } },
    digest: undefined,
  }
}

async function quickLog(): Promise<{ log: LogWriter; disk: SlowDisk; time: ManualTime; syncsMs: number[] }> {
  const time = manualTimers()
  const disk = new SlowDisk(time)
  const syncsMs: number[] = []
  disk.makeDirectory('/log')
  const log = new LogWriter({
    disk,
    directory: '/log',
    preallocateBytes: 0,
    fileBytesMax: 0,
    forceSync: true,
    clock: time,
    onSynced: (durationMs) => syncsMs.push(durationMs),
  })
  log.append(txn(1))
  // A new file's name has to become durable too: that is no work for the loop.
  expect(log.isQuick).toBe(false)
  await log.flush()
  return { log, disk, time, syncsMs }
}

test('a quick disk is waited for on the loop, and what it took is told', async () => {
  const { log, disk, syncsMs } = await quickLog()
  expect(log.isQuick).toBe(true)
  disk.syncMs = 1
  log.append(txn(2))
  log.flushNow()
  expect(log.isQuick).toBe(true)
  expect(syncsMs.at(-1)).toBe(1)
  expect(log.stagedBytes).toBe(0)
})

test('after a slow sync the loop waits for no other one for twenty times as long', async () => {
  const { log, disk, time } = await quickLog()
  disk.syncMs = 30
  log.append(txn(2))
  log.flushNow()
  expect(log.isQuick).toBe(false)
  time.nowMs += 599
  expect(log.isQuick).toBe(false)
  time.nowMs += 1
  expect(log.isQuick).toBe(true)
})
