import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { NodeDisk } from '../../../src/io/node/disk.ts'
import { NodeClock } from '../../../src/io/node/clock.ts'
import { NodeTimers } from '../../../src/io/node/timers.ts'
import type { Disk } from '../../../src/io/ports.ts'
import { Operation } from '../../../src/jute/operations.ts'
import { finishReplacing, loadRestorable, replaceData } from '../../../src/keeper/storage/restore.ts'
import type { LoadedSnapshot } from '../../../src/keeper/storage/snapshot-reader.ts'
import { SnapshotWriter } from '../../../src/keeper/storage/snapshot-writer.ts'
import { ZNodeTree } from '../../../src/keeper/tree/znode-tree.ts'
import { ManualTime } from './support.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'jackdaw-restore-'))
})
afterEach(() => rmSync(root, { recursive: true, force: true }))

const disk: Disk = new NodeDisk()

/** A data directory with old files, a log directory of its own, and an upload. */
function prepare(): { readonly directory: string; readonly logDirectory: string; readonly path: string } {
  const [directory, logDirectory] = [join(root, 'data'), join(root, 'log')]
  for (const folder of [directory, logDirectory]) disk.makeDirectory(`${folder}/version-2`)
  disk.replaceFile(`${directory}/version-2/snapshot.1`, new Uint8Array(1))
  disk.replaceFile(`${logDirectory}/version-2/log.1`, new Uint8Array(1))
  const tree = new ZNodeTree(true)
  tree.lastZxid = 0x77
  disk.makeDirectory(join(root, 'made'))
  const made = new SnapshotWriter(tree, disk, new ManualTime(), new ManualTime(), join(root, 'made')).writeNow()
  const path = join(directory, 'restore.upload')
  disk.rename(made, path)
  return { directory, logDirectory, path }
}

function load(path: string, isWanted: () => boolean = () => true): Promise<LoadedSnapshot> {
  return loadRestorable({ disk, timers: new NodeTimers(), clock: new NodeClock() }, path, isWanted)
}

test('the zxid is in the file, not in its name; what is no snapshot is refused', async () => {
  const { path, directory } = prepare()
  const { zxid, tree } = await load(path)
  expect([zxid, tree.lastZxid]).toEqual([0x77, 0x77])
  await expect(load(`${directory}/version-2/snapshot.1`)).rejects.toThrow('no whole snapshot')
  await expect(load(path, () => false)).rejects.toThrow('stopping')
})

test('loading gives the loop back again and again, and ends with the same tree', async () => {
  const tree = new ZNodeTree()
  const acl = [{ perms: 31, id: { scheme: 'world', id: 'anyone' } }]
  for (let index = 1; index <= 20_000; index += 1) {
    const record = { path: `/n-${index}`, data: null, acl, ephemeral: false, parentCVersion: index }
    const header = { clientId: 0n, cxid: 0, zxid: index, time: 0, type: Operation.create }
    tree.apply(header, { type: Operation.create, record })
  }
  disk.makeDirectory(join(root, 'large'))
  const path = new SnapshotWriter(tree, disk, new ManualTime(), new ManualTime(), join(root, 'large')).writeNow()
  let slices = 0
  const loaded = await load(path, () => {
    slices += 1
    return true
  })
  expect(loaded.tree.digest.value()).toBe(tree.digest.value())
  expect(loaded.tree.nodeCount).toBe(tree.nodeCount)
  expect(slices).toBeGreaterThan(2)
})

test('after a crash at any step there is the old data or the new, never a mixture', () => {
  for (let steps = 0; ; steps += 1) {
    rmSync(root, { recursive: true, force: true })
    const { directory, logDirectory, path } = prepare()
    const crash = new Error('crash')
    let left = steps
    const failing = new Proxy(disk, {
      get: (target, name: keyof Disk) => {
        const method = target[name] as (...args: unknown[]) => unknown
        return (...args: unknown[]) => {
          if (['rename', 'remove', 'makeDirectory'].includes(name) && left-- === 0) throw crash
          return method.apply(target, args)
        }
      },
    })
    let isWhole = false
    try {
      replaceData(failing, { directory, logDirectory, path, zxid: 0x77, atMs: 5 })
      isWhole = true
    } catch (error) {
      expect(error).toBe(crash)
    }
    finishReplacing(disk, { directory, logDirectory, atMs: 6 })
    const data = readdirSync(`${directory}/version-2`)
    const log = readdirSync(logDirectory).includes('version-2') ? readdirSync(`${logDirectory}/version-2`) : []
    expect([
      [['snapshot.1'], ['log.1']],
      [['snapshot.77'], []],
    ]).toContainEqual([data, log])
    expect(readdirSync(directory)).not.toContain('version-2.restoring')
    if (isWhole) break
  }
})
