import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Operation } from '../../../src/jute/operations.ts'
import { JuteWriter } from '../../../src/jute/writer.ts'
import { loadSnapshot } from '../../../src/keeper/storage/snapshot-reader.ts'
import { SnapshotWriter } from '../../../src/keeper/storage/snapshot-writer.ts'
import { TreeSerializer } from '../../../src/keeper/storage/tree-serializer.ts'
import type { Txn, TxnBody } from '../../../src/keeper/tree/txn.ts'
import { ZNodeTree } from '../../../src/keeper/tree/znode-tree.ts'
import { MemoryDisk } from '../../support/memory-disk.ts'
import { ManualTime, treeListing } from './support.ts'

const SLICE_ENTRIES = 1024
const SLICE_BYTES = 128 << 10
const stillClock = { monotonicMs: () => 0, wallMs: () => 0 }
const aclOf = (user: string) => [{ perms: 31, id: { scheme: 'digest', id: `${user}:x` } }]

/** A tree and the transactions that made it. */
class Story {
  readonly tree = new ZNodeTree()
  readonly txns: Txn[] = []

  apply(body: TxnBody, clientId: bigint = 1n): void {
    const header = { clientId, cxid: 0, zxid: this.tree.lastZxid + 1, time: 1, type: body.type }
    this.txns.push({ header, body, digest: undefined })
    this.tree.apply(header, body)
  }

  create(path: string, data: Uint8Array | null, user?: string): void {
    const acl = user === undefined ? null : aclOf(user)
    const parentCVersion = this.txns.length + 1
    this.apply({ type: Operation.create, record: { path, data, acl, ephemeral: false, parentCVersion } })
  }

  openSession(id: bigint): void {
    this.apply({ type: Operation.createSession, record: { timeOut: 30_000 } }, id)
  }
}

/** @returns the bytes of each slice, while the clock stands */
function slicesOf(tree: ZNodeTree): number[] {
  const writer = new JuteWriter()
  const serializer = new TreeSerializer(tree, stillClock, writer)
  serializer.begin()
  const sizes: number[] = []
  for (let isMore = true; isMore; ) {
    const before = writer.at
    isMore = serializer.slice()
    sizes.push(writer.at - before)
  }
  return sizes
}

const NAME = (index: number) => `n${String(index).padStart(6, '0')}`

test('a slice ends after so many sessions although the clock stands', () => {
  const story = new Story()
  for (let index = 0; index < 5000; index += 1) story.openSession(0x1000_0000_0000n + BigInt(index))
  const sessionBytes = 8 + 4
  const slices = slicesOf(story.tree)
  expect(slices.slice(0, 4)).toEqual(Array.from({ length: 4 }, () => SLICE_ENTRIES * sessionBytes))
  expect(slices.length).toBe(Math.ceil(5000 / SLICE_ENTRIES))
})

test('a slice ends after so many lists and nodes although the clock stands', () => {
  const story = new Story()
  const count = 3000
  for (let index = 0; index < count; index += 1) story.create(`/${NAME(index)}`, null, NAME(index))
  const listBytes = 8 + 4 + (4 + (4 + 6) + (4 + 'n000000:x'.length))
  const nodeBytes = 4 + '/n000000'.length + 4 + 8 + 60
  const slices = slicesOf(story.tree)
  for (const bytes of slices) expect(bytes).toBeLessThanOrEqual(SLICE_ENTRIES * Math.max(listBytes, nodeBytes))
  // Each list is looked at, then written; each node is written.
  expect(slices.length).toBeGreaterThanOrEqual(Math.ceil((3 * count) / SLICE_ENTRIES))
})

test('a slice ends after so many bytes, and one node more at most', () => {
  const story = new Story()
  const dataBytes = 50_000
  for (let index = 0; index < 20; index += 1) story.create(`/${NAME(index)}`, new Uint8Array(dataBytes))
  const slices = slicesOf(story.tree)
  for (const bytes of slices) expect(bytes).toBeLessThanOrEqual(SLICE_BYTES + dataBytes + 100)
  expect(slices.length).toBeGreaterThanOrEqual(Math.floor((20 * dataBytes) / (SLICE_BYTES + dataBytes)))
})

/** Time goes on with every look at the clock: a slice has as few entries as it may. */
class HurriedTime extends ManualTime {
  override monotonicMs(): number {
    this.nowMs += 1
    return this.nowMs
  }
}

/** Replays what came behind a snapshot. */
function replayed(disk: MemoryDisk, path: string, story: Story): ZNodeTree {
  const zxid = Number.parseInt(path.slice(path.lastIndexOf('.') + 1), 16)
  const tree = loadSnapshot(disk, path, zxid)?.tree
  if (tree === undefined) throw new Error(`${path} is not whole`)
  tree.beginReplay()
  for (const { header, body } of story.txns) if (header.zxid > zxid) tree.apply(header, body)
  tree.endReplay()
  return tree
}

test('two snapshots at once, amid sessions and lists that come and go, are whole and lead to the same tree', async () => {
  const change = fc.record({
    kind: fc.constantFrom('create', 'delete', 'setAcl', 'openSession', 'closeSession'),
    at: fc.nat(119),
    user: fc.nat(150),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 60, maxLength: 200 }), fc.nat(20), async (changes, secondAt) => {
      const story = new Story()
      const disk = new MemoryDisk()
      disk.makeDirectory('/0')
      disk.makeDirectory('/1')
      const time = new HurriedTime()
      const sessions = new Set<number>()
      for (let index = 0; index < 120; index += 1) story.create(`/${NAME(index)}`, null, `user${index}`)
      for (let index = 0; index < 100; index += 1) story.openSession(BigInt(1000 + index))
      // Lists without users, to be dropped.
      for (let index = 0; index < 20; index += 1)
        story.apply({ type: Operation.delete, record: { path: `/${NAME(index)}` } })
      const written: Promise<string | undefined>[] = []
      const begin = () => written.push(new SnapshotWriter(story.tree, disk, time, time, `/${written.length}`).write())
      begin()
      for (const [index, { kind, at, user }] of changes.entries()) {
        if (index === secondAt) begin()
        const path = `/${NAME(at)}`
        const isThere = story.tree.find(path) !== undefined
        if (kind === 'create' && !isThere) story.create(path, null, `user${user}`)
        if (kind === 'delete' && isThere) story.apply({ type: Operation.delete, record: { path } })
        if (kind === 'setAcl' && isThere) {
          const version = story.tree.find(path)?.stat().aversion ?? 0
          story.apply({ type: Operation.setAcl, record: { path, acl: aclOf(`user${user}`), version: version + 1 } })
        }
        if (kind === 'openSession' && !sessions.has(at)) {
          sessions.add(at)
          story.openSession(BigInt(5000 + at))
        }
        if (kind === 'closeSession' && sessions.delete(at)) {
          story.apply({ type: Operation.closeSession, record: { paths2Delete: [] } }, BigInt(5000 + at))
        }
        // A slice of each snapshot for every few changes.
        if (index % 3 === 0) await time.advance(0)
      }
      while (time.pendingCount > 0) await time.advance(100)
      for (const path of await Promise.all(written)) {
        const tree = replayed(disk, path ?? '', story)
        expect(treeListing(tree)).toEqual(treeListing(story.tree))
        expect([...tree.sessions].toSorted()).toEqual([...story.tree.sessions].toSorted())
        expect(tree.digest.value()).toBe(story.tree.digest.value())
      }
    }),
    { numRuns: 40 },
  )
})

test('lists that are dropped while another snapshot writes its own stay until it has', () => {
  const story = new Story()
  const { acls } = story.tree
  // That of the ensemble's configuration is there from the beginning.
  const ownCount = acls.size
  for (let index = 0; index < 100; index += 1) story.create(`/${NAME(index)}`, null, NAME(index))
  const time = new HurriedTime()
  const writer = new JuteWriter()
  const first = new TreeSerializer(story.tree, time, writer)
  first.begin()
  const countBytes = 4
  // All are counted, and some written.
  while (writer.at <= 2 * countBytes) first.slice()
  for (let index = 0; index < 100; index += 1)
    story.apply({ type: Operation.delete, record: { path: `/${NAME(index)}` } })
  const second = new TreeSerializer(story.tree, time, new JuteWriter())
  second.begin()
  while (second.slice());
  expect(acls.size).toBe(ownCount + 100)
  first.close()
  const third = new TreeSerializer(story.tree, time, new JuteWriter())
  third.begin()
  while (third.slice());
  expect(acls.size).toBe(ownCount)
})
