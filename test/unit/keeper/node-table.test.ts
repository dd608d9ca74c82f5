import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Operation } from '../../../src/jute/operations.ts'
import { JuteWriter } from '../../../src/jute/writer.ts'
import { TreeSerializer } from '../../../src/keeper/storage/tree-serializer.ts'
import { BytePool } from '../../../src/keeper/tree/byte-pool.ts'
import { type IndexedEntries, NameIndex } from '../../../src/keeper/tree/name-index.ts'
import { NodeTable, noId, rootId } from '../../../src/keeper/tree/node-table.ts'
import { ZNodeTree } from '../../../src/keeper/tree/znode-tree.ts'

const encoder = new TextEncoder()

test('pieces of the pool keep their bytes whatever is allocated and freed around them', () => {
  const size = fc.oneof(fc.nat(300), fc.integer({ min: 1000, max: 1200 }), fc.nat(70_000))
  const step = fc.record({ isFree: fc.boolean(), size, which: fc.nat(1000) })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), (steps) => {
      const pool = new BytePool()
      const held: { piece: number; size: number; fill: number }[] = []
      let fill = 0
      for (const { isFree, size, which } of steps) {
        if (isFree && held.length > 0) {
          const [gone] = held.splice(which % held.length, 1)
          pool.free(gone!.piece)
        } else {
          fill = (fill + 1) & 0xff
          const piece = pool.allocate(size)
          const startsAt = pool.startOf(piece)
          pool.bytesOf(piece).fill(fill, startsAt, startsAt + size)
          expect(startsAt + size).toBeLessThanOrEqual(pool.bytesOf(piece).length)
          held.push({ piece, size, fill })
        }
      }
      for (const { piece, size, fill } of held) {
        const startsAt = pool.startOf(piece)
        expect(
          pool
            .bytesOf(piece)
            .subarray(startsAt, startsAt + size)
            .every((byte) => byte === fill),
        ).toBe(true)
      }
    }),
  )
})

test('a piece wastes less than eight bytes when it is small and an eighth when it is large', () => {
  for (let size = 1; size <= 40_000; size = Math.ceil(size * 1.003) + 1) {
    const pool = new BytePool()
    const first = pool.startOf(pool.allocate(size))
    const second = pool.allocate(size)
    // A large piece has a slab to itself.
    const slot = size > 32_768 ? pool.bytesOf(second).length : pool.startOf(second) - first
    expect(slot).toBeGreaterThanOrEqual(size)
    expect(slot - size, `size ${size}`).toBeLessThan(size <= 1024 ? 8 : size / 8 + 1)
  }
})

test('the pool gives its memory back when what lay in it is gone', () => {
  const pool = new BytePool()
  const pieces = Array.from({ length: 20_000 }, (_, index) => pool.allocate(index % 7 === 0 ? 50_000 : 100))
  expect(pool.slabBytes).toBeGreaterThan(100_000_000)
  for (const piece of pieces) pool.free(piece)
  // Of each size the block that pieces are taken from stays.
  expect(pool.slabBytes).toBeLessThan(1_000_000)
  const again = pool.allocate(100)
  expect(pool.bytesOf(again)).toBeDefined()
})

class Links implements IndexedEntries {
  readonly hashes: number[] = []
  readonly links: number[] = []

  hashOf(id: number): number {
    return this.hashes[id]!
  }

  linkOf(id: number): number {
    return this.links[id]!
  }

  setLink(id: number, next: number): void {
    this.links[id] = next
  }
}

test('the index finds every entry while it grows to and shrinks from many buckets', () => {
  const entries = new Links()
  const index = new NameIndex(entries)
  const reachable = (id: number): boolean => {
    for (let at = index.first(entries.hashOf(id)); at !== noId; at = entries.linkOf(at)) if (at === id) return true
    return false
  }
  const count = 30_000
  for (let id = 0; id < count; id += 1) {
    entries.hashes[id] = Math.imul(id, 0x9e3779b1)
    index.add(id)
  }
  expect(index.count).toBe(count)
  expect(index.bucketCount).toBe(count)
  for (let id = 0; id < count; id += 1) expect(reachable(id)).toBe(true)
  for (let id = 0; id < count; id += 1) if (id % 30 !== 0) index.remove(id)
  expect(index.bucketCount).toBeLessThan(20_000)
  for (let id = 0; id < count; id += 1) expect(reachable(id)).toBe(id % 30 === 0)
  for (let id = 1; id < count; id += 30) index.add(id)
  for (let id = 1; id < count; id += 30) expect(reachable(id)).toBe(true)
})

/** What the table must agree with. */
interface Twin {
  readonly children: Map<string, Twin>
  data: string | null
}

function add(table: NodeTable, parent: number, name: string, data: string | null): number {
  const bytes = encoder.encode(`/${name}/`)
  const value = data === null ? null : encoder.encode(data)
  return table.add(parent, bytes, 1, bytes.length - 1, value, -1, 7, 8)
}

function find(table: NodeTable, parent: number, name: string): number {
  const bytes = encoder.encode(name)
  return table.find(parent, bytes, 0, bytes.length)
}

function listing(table: NodeTable, id: number): Twin {
  const data = table.data(id)
  const children = new Map<string, Twin>()
  for (let child = table.firstChild(id); child !== noId; child = table.nextSibling(child)) {
    expect(table.parent(child)).toBe(id)
    expect(find(table, id, table.name(child))).toBe(child)
    children.set(table.name(child), listing(table, child))
  }
  expect(table.childCount(id)).toBe(children.size)
  return { data: data === null ? null : new TextDecoder().decode(data), children }
}

test('any sequence of additions, changes and removals leaves what a map of maps has', () => {
  const step = fc.record({
    kind: fc.constantFrom('add', 'add', 'remove', 'set'),
    path: fc.array(fc.constantFrom('a', 'b', 'é', 'a long name of thirty-one bytes'), { minLength: 1, maxLength: 3 }),
    data: fc.option(fc.string({ maxLength: 200 })),
  })
  fc.assert(
    fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
      const table = new NodeTable()
      const twin: Twin = { data: '', children: new Map() }
      for (const { kind, path, data } of steps) {
        const name = path.at(-1)!
        let parent = rootId
        let twinParent: Twin | undefined = twin
        for (const part of path.slice(0, -1)) {
          parent = parent === noId ? noId : find(table, parent, part)
          twinParent = twinParent?.children.get(part)
        }
        expect(parent === noId).toBe(twinParent === undefined)
        if (twinParent === undefined) continue
        const id = find(table, parent, name)
        const known = twinParent.children.get(name)
        expect(id === noId).toBe(known === undefined)
        if (known === undefined) {
          if (kind !== 'add') continue
          add(table, parent, name, data)
          twinParent.children.set(name, { data, children: new Map() })
        } else if (kind === 'set') {
          table.setData(id, data === null ? null : encoder.encode(data))
          known.data = data
        } else if (kind === 'remove' && known.children.size === 0) {
          table.remove(id)
          twinParent.children.delete(name)
        }
      }
      const found = listing(table, rootId)
      expect(found).toEqual(twin)
      expect(order(found)).toEqual(order(twin))
    }),
  )
})

/** `toEqual` does not look at the order of maps. */
function order(twin: Twin): unknown {
  return [...twin.children].map(([name, child]) => [name, order(child)])
}

test('fields keep their values with and without the record of a changed node', () => {
  const table = new NodeTable()
  const fresh = add(table, rootId, 'fresh', 'x')
  expect([table.czxid(fresh), table.mzxid(fresh), table.pzxid(fresh)]).toEqual([7, 7, 7])
  expect([table.ctime(fresh), table.mtime(fresh), table.version(fresh), table.owner(fresh)]).toEqual([8, 8, 0, 0n])
  const changed = add(table, rootId, 'changed', null)
  table.setVersion(changed, -1)
  expect([table.mzxid(changed), table.mtime(changed), table.cversion(changed)]).toEqual([7, 8, 0])
  table.setMzxid(changed, 2 ** 52 + 1)
  table.setOwner(changed, -0x7fff_ffff_ffff_fffdn)
  expect([table.mzxid(changed), table.version(changed), table.aversion(changed)]).toEqual([2 ** 52 + 1, -1, 0])
  expect(table.owner(changed)).toBe(-0x7fff_ffff_ffff_fffdn)
  // A number that is used again brings nothing along.
  table.remove(changed)
  const next = add(table, rootId, 'next', null)
  expect(next).toBe(changed)
  table.setAversion(next, 3)
  expect([table.version(next), table.owner(next), table.mzxid(next), table.aversion(next)]).toEqual([0, 0n, 7, 3])
})

test('a cursor sees each node that stays, parents first, while others come and go', () => {
  const names = fc.constantFrom('a', 'b', 'c', 'd')
  const step = fc.record({ at: fc.array(names, { minLength: 1, maxLength: 3 }), advances: fc.nat(3) })
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), fc.nat(20), (steps, warmUp) => {
      const table = new NodeTable()
      const stays = new Set<number>()
      const toggle = (path: readonly string[]): void => {
        let parent = rootId
        for (const name of path.slice(0, -1)) {
          parent = find(table, parent, name)
          if (parent === noId) return
        }
        const id = find(table, parent, path.at(-1)!)
        if (id === noId) add(table, parent, path.at(-1)!, null)
        else if (table.childCount(id) === 0) {
          stays.delete(id)
          table.remove(id)
        }
      }
      for (const { at } of steps.slice(0, warmUp)) toggle(at)
      for (let id = table.firstChild(rootId); id !== noId; id = table.successorWithin(id, rootId)) stays.add(id)
      const seen: number[] = []
      const cursor = table.openCursor()
      const step = (): void => {
        if (cursor.next === noId) return
        const parent = table.parent(cursor.next)
        if (stays.has(cursor.next)) expect(parent === rootId || seen.includes(parent)).toBe(true)
        seen.push(cursor.next)
        table.advance(cursor)
      }
      for (const { at, advances } of steps.slice(warmUp)) {
        toggle(at)
        for (let count = 0; count < advances; count += 1) step()
      }
      while (cursor.next !== noId) step()
      table.closeCursor(cursor)
      for (const id of stays) expect(seen.filter((other) => other === id).length).toBeGreaterThanOrEqual(1)
    }),
  )
})

test('a serializer that is closed half-way writes no more and leaves the tree free to change', () => {
  const tree = new ZNodeTree()
  for (let index = 1; index <= 200; index += 1) {
    const header = { clientId: 1n, cxid: 0, zxid: index, time: 1, type: Operation.create }
    const record = { path: `/n${index}`, data: null, acl: null, ephemeral: false, parentCVersion: index }
    tree.apply(header, { type: Operation.create, record })
  }
  const writer = new JuteWriter()
  let nowMs = 0
  const clock = { monotonicMs: () => (nowMs += 10), wallMs: () => 0 }
  const serializer = new TreeSerializer(tree, clock, writer)
  serializer.begin()
  expect(serializer.slice()).toBe(true)
  const before = writer.at
  serializer.close()
  serializer.close()
  for (let index = 1; index <= 200; index += 1) {
    const header = { clientId: 1n, cxid: 0, zxid: 200 + index, time: 1, type: Operation.delete }
    tree.apply(header, { type: Operation.delete, record: { path: `/n${index}` } })
  }
  expect(serializer.slice()).toBe(false)
  expect(writer.at).toBe(before)
})
