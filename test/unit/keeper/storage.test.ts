import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import type { Logger } from '../../../src/io/ports.ts'
import { listZxidFiles } from '../../../src/keeper/storage/files.ts'
import { LogFileReader } from '../../../src/keeper/storage/log-reader.ts'
import { LogWriter } from '../../../src/keeper/storage/log-writer.ts'
import { recover } from '../../../src/keeper/storage/recovery.ts'
import { loadSnapshot } from '../../../src/keeper/storage/snapshot-reader.ts'
import { SnapshotWriter } from '../../../src/keeper/storage/snapshot-writer.ts'
import { ZNodeTree } from '../../../src/keeper/tree/znode-tree.ts'
import { MemoryDisk } from '../../support/memory-disk.ts'
import { readTarGz } from '../../support/tar.ts'
import { manualTimers, silentLog, treeListing } from './support.ts'

const here = new URL('vectors/', import.meta.url)
const directory = '/data/version-2'

interface Manifest {
  readonly files: readonly {
    readonly path: string
    readonly txns?: readonly ManifestTxn[]
    readonly lastZxid?: number
  }[]
  readonly tree: readonly {
    readonly path: string
    readonly data: string | null
    readonly stat: Record<string, number | string>
    readonly acl: readonly { readonly perms: number; readonly scheme: string; readonly id: string }[]
  }[]
}
interface ManifestTxn {
  readonly header: {
    readonly clientId: string
    readonly cxid: number
    readonly zxid: number
    readonly time: number
    readonly type: number
  }
  readonly digest: { readonly version: number; readonly treeDigest: number }
}

const manifest = JSON.parse(readFileSync(new URL('zookeeper-3.9.5.json', here), 'utf8')) as Manifest

function zookeeperDisk(): MemoryDisk {
  const disk = new MemoryDisk()
  const files = readTarGz(readFileSync(new URL('zookeeper-3.9.5.tar.gz', here)))
  for (const [path, content] of files) disk.put(`/data/${path.replace('zookeeper-3.9.5/', '')}`, content)
  return disk
}

test('a ZooKeeper 3.9.5 data directory loads to the tree that its clients saw', () => {
  const recovered = recover(zookeeperDisk(), directory, directory, silentLog)
  const { tree } = recovered
  expect(recovered.digestMismatchCount).toBe(0)
  const seen = manifest.tree.map(({ path }) => {
    const node = tree.find(path)
    if (node === undefined) return { path }
    const stat = node.stat()
    return {
      path,
      data: node.data === null ? null : Buffer.from(node.data).toString('hex'),
      stat: { ...stat, ephemeralOwner: stat.ephemeralOwner === 0n ? 0 : stat.ephemeralOwner.toString() },
      acl: tree.aclOf(node).map((entry) => ({ perms: entry.perms, ...entry.id })),
    }
  })
  expect(seen).toEqual(manifest.tree)
  expect(tree.nodeCount).toBe(manifest.tree.length)
  expect([...tree.sessions]).toEqual([
    [72057901146112000n, 30000],
    [72057901146112001n, 30000],
  ])
})

test("replaying from the first snapshot gives ZooKeeper's digest after every transaction", () => {
  const disk = zookeeperDisk()
  const loaded = loadSnapshot(disk, `${directory}/snapshot.0`, 0)!
  let count = 0
  loaded.tree.beginReplay()
  for (const file of listZxidFiles(disk, directory, 'log')) {
    const reader = new LogFileReader(disk, file.path)
    reader.readAll((txn) => {
      loaded.tree.apply(txn.header, txn.body)
      expect(loaded.tree.digest.value(), `zxid ${txn.header.zxid}`).toBe(txn.digest?.treeDigest)
      count += 1
    })
    reader.close()
  }
  expect(count).toBe(48)
})

test('a fresh tree is the tree of a fresh ZooKeeper', () => {
  const disk = zookeeperDisk()
  const loaded = loadSnapshot(disk, `${directory}/snapshot.0`, 0)!
  const fresh = new ZNodeTree()
  expect(treeListing(fresh)).toEqual(treeListing(loaded.tree))
  expect(fresh.digest.value()).toBe(1371985504n)
})

test("a snapshot written again has ZooKeeper's bytes", () => {
  const disk = zookeeperDisk()
  const loaded = loadSnapshot(disk, `${directory}/snapshot.0`, 0)!
  disk.makeDirectory('/again')
  const time = manualTimers()
  const path = new SnapshotWriter(loaded.tree, disk, time, time, '/again').writeNow()
  expect(Buffer.from(disk.content(path)).toString('hex')).toBe(
    Buffer.from(disk.content(`${directory}/snapshot.0`)).toString('hex'),
  )
})

test("log entries written again have ZooKeeper's bytes", async () => {
  const disk = zookeeperDisk()
  disk.makeDirectory('/again')
  const options = {
    disk,
    directory: '/again',
    preallocateBytes: 65536,
    fileBytesMax: 0,
    forceSync: true,
    clock: manualTimers(),
  }
  for (const file of listZxidFiles(disk, directory, 'log')) {
    const writer = new LogWriter(options)
    const reader = new LogFileReader(disk, file.path)
    reader.readAll((txn) => writer.append(txn))
    await writer.flush()
    const again = disk.content(file.path.replace(directory, '/again'))
    expect(Buffer.from(again).equals(Buffer.from(disk.content(file.path)))).toBe(true)
    reader.close()
    await writer.stop()
  }
})

test('a torn tail is cut off and said so, at whatever byte it tore', () => {
  const whole = zookeeperDisk().content(`${directory}/log.25`)
  const end = whole.findLastIndex((byte) => byte !== 0) + 1
  for (let cut = end - 150; cut < end; cut += 7) {
    const disk = zookeeperDisk()
    const torn = whole.slice()
    torn.fill(0, cut)
    disk.put(`${directory}/log.25`, torn)
    const lines: string[] = []
    const log: Logger = { ...silentLog, warn: (message) => lines.push(message) }
    const { tree } = recover(disk, directory, directory, log)
    expect(tree.lastZxid).toBeGreaterThanOrEqual(45)
    expect(tree.lastZxid).toBeLessThan(48)
    // The second start finds a clean end.
    expect(recover(disk, directory, directory, silentLog).tree.lastZxid).toBe(tree.lastZxid)
  }
})

test('damage in front of acknowledged transactions stops the start', () => {
  const disk = zookeeperDisk()
  const damaged = disk.content(`${directory}/log.25`)
  damaged[200] = damaged[200]! ^ 1
  disk.put(`${directory}/log.25`, damaged)
  expect(() => recover(disk, directory, directory, silentLog)).toThrow(/damaged at byte/)
})

test('a damaged newest snapshot falls back on the older one and the longer log', () => {
  const disk = zookeeperDisk()
  const damaged = disk.content(`${directory}/snapshot.24`)
  damaged[1000] = damaged[1000]! ^ 1
  disk.put(`${directory}/snapshot.24`, damaged)
  const { tree, digestMismatchCount } = recover(disk, directory, directory, silentLog)
  expect([tree.lastZxid, tree.nodeCount, digestMismatchCount]).toEqual([48, manifest.tree.length, 0])
})

test('a sector that a power loss left unwritten is a torn tail even with a whole entry behind it', async () => {
  const disk = new MemoryDisk()
  disk.makeDirectory(directory)
  const writer = new LogWriter({
    disk,
    directory,
    preallocateBytes: 65536,
    fileBytesMax: 0,
    forceSync: true,
    clock: manualTimers(),
  })
  const create = (zxid: number, data: Uint8Array): void => {
    const header = { clientId: 1n, cxid: zxid, zxid, time: 1, type: 1 }
    const acl = [{ perms: 31, id: { scheme: 'world', id: 'anyone' } }]
    const record = { path: `/n${zxid}`, data, acl, ephemeral: false, parentCVersion: zxid }
    writer.append({ header, body: { type: 1, record }, digest: undefined })
  }
  create(1, new Uint8Array(10).fill(1))
  create(2, new Uint8Array(3000).fill(2))
  create(3, new Uint8Array(10).fill(3))
  await writer.stop()
  const path = `${directory}/log.1`
  const torn = disk.content(path)
  torn.fill(0, 1024, 1536)
  disk.put(path, torn)
  expect(recover(disk, directory, directory, silentLog).tree.lastZxid).toBe(1)
})
