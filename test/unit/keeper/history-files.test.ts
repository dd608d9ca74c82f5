import { expect, test } from 'vitest'
import {
  cutHistory,
  finishInstallation,
  type HistoryPlaces,
  installSnapshot,
  SnapshotReceiver,
} from '../../../src/keeper/quorum/history-files.ts'
import { TreeSource } from '../../../src/keeper/quorum/snapshot-source.ts'
import { removeUnfinished } from '../../../src/keeper/storage/files.ts'
import { LogWriter } from '../../../src/keeper/storage/log-writer.ts'
import { recover } from '../../../src/keeper/storage/recovery.ts'
import { SnapshotWriter } from '../../../src/keeper/storage/snapshot-writer.ts'
import { ZNodeTree } from '../../../src/keeper/tree/znode-tree.ts'
import { Operation } from '../../../src/jute/operations.ts'
import { parseEnsembleConfig } from '../../../src/zab/config/ensemble-config.ts'
import { DiskError } from '../../../src/io/ports.ts'
import { MemoryDisk } from '../../support/memory-disk.ts'
import { ManualTime, silentLog } from './support.ts'

const time = new ManualTime()
const directory = '/keeper/version-2'

const firstConfig = parseEnsembleConfig('server.1=a:1:2;3') ?? unreadable()

function unreadable(): never {
  throw new Error('the configuration of a test can be read')
}

function placesOn(disk: MemoryDisk): HistoryPlaces {
  return { disk, snapshotDirectory: directory, logDirectory: directory, clock: time, timers: time, firstConfig }
}

function creation(zxid: number): Parameters<LogWriter['append']>[0] {
  return {
    header: { clientId: 1n, cxid: 1, zxid, time: 1, type: Operation.create },
    body: {
      type: Operation.create,
      record: { path: `/n${zxid}`, data: null, acl: [], ephemeral: false, parentCVersion: zxid },
    },
    digest: undefined,
  }
}

/** A snapshot of nothing and nine entries in three files. */
async function history(): Promise<MemoryDisk> {
  const disk = new MemoryDisk()
  disk.makeDirectory('/keeper')
  disk.makeDirectory(directory)
  new SnapshotWriter(new ZNodeTree(), disk, time, time, directory).writeNow()
  const log = new LogWriter({ disk, directory, preallocateBytes: 4096, fileBytesMax: 0, forceSync: true, clock: time })
  for (let zxid = 1; zxid <= 9; zxid += 1) {
    if (zxid % 3 === 1) log.roll()
    log.append(creation(zxid))
    await log.flush()
  }
  await log.stop()
  return disk
}

/** @returns the last zxid that a start finds, after a power loss */
function found(disk: MemoryDisk): number {
  disk.losePower()
  removeUnfinished(disk, directory)
  finishInstallation(placesOn(disk))
  const { tree } = recover(disk, directory, directory, silentLog)
  for (let zxid = 1; zxid <= tree.lastZxid && tree.lastZxid < 100; zxid += 1) {
    expect(tree.find(`/n${zxid}`), `entry ${zxid} of ${tree.lastZxid}`).toBeDefined()
  }
  return tree.lastZxid
}

/** Lets `run` fail at its n-th call of the disk, for each n until it succeeds. @returns what a start found each time */
async function atEveryCall(run: (disk: MemoryDisk) => Promise<void> | void): Promise<number[]> {
  const outcomes: number[] = []
  for (let call = 0; ; call += 1) {
    const disk = await history()
    disk.failAt = disk.operations + call
    try {
      await run(disk)
      outcomes.push(found(disk))
      return outcomes
    } catch (error) {
      expect(error).toBeInstanceOf(DiskError)
      outcomes.push(found(disk))
    }
  }
}

test.each([[9], [8], [7], [6], [4], [3], [1], [0]])(
  'a cut at %i that is interrupted leaves a shorter history without a hole',
  async (zxid) => {
    const outcomes = await atEveryCall((disk) => cutHistory(placesOn(disk), zxid))
    expect(outcomes.at(-1)).toBe(zxid)
    expect(outcomes.filter((last) => last < zxid || last > 9)).toEqual([])
  },
)

test('a cut at an entry that is not there is refused', async () => {
  const disk = await history()
  expect(() => cutHistory(placesOn(disk), 12)).toThrow(/does not hold/)
})

test('a received snapshot is the history as a whole or not at all, wherever the power goes', async () => {
  const tree = new ZNodeTree()
  for (let zxid = 1; zxid <= 40; zxid += 1) {
    const { header, body } = creation(zxid)
    tree.apply({ ...header, zxid: 1000 + zxid }, body)
  }
  const outcomes = await atEveryCall(async (disk) => {
    const source = new TreeSource(tree, time, () => {})
    const receiver = new SnapshotReceiver(disk, directory, '1')
    // All but the signature behind it, in pieces.
    const pieces: Uint8Array[] = []
    for (let piece = source.next(); piece !== undefined; piece = source.next()) pieces.push(piece)
    const whole = Buffer.concat(pieces)
    const snapshot = whole.subarray(0, whole.length - 4 - 'BenWasHere'.length)
    for (let at = 0; at < snapshot.length; at += 700) receiver.take(snapshot.subarray(at, at + 700))
    installSnapshot(placesOn(disk), await receiver.finish(), 1040)
  })
  expect(new Set(outcomes)).toEqual(new Set([9, 1040]))
  // Once it is the history it stays so.
  expect(outcomes.slice(outcomes.indexOf(1040))).not.toContain(9)
})
