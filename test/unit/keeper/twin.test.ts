import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CreateMode, KeeperError, type ZooKeeperClient } from '../../../src/zookeeper/contract.ts'
import { bytesOf, KeeperWorld, textOf } from './support.ts'

interface TwinNode {
  data: string
  version: number
  owner: number
  created: number
}

/** What ZooKeeper promises, in the plainest way: a map of paths and rules written out one by one. */
class Twin {
  readonly nodes = new Map<string, TwinNode>([['/', { data: '', version: 0, owner: -1, created: 0 }]])

  create(path: string, data: string, mode: CreateMode, session: number): string | number {
    const parent = path.slice(0, path.lastIndexOf('/')) || '/'
    const above = this.nodes.get(parent)
    if (above === undefined) return -101
    const isSequential = mode.endsWith('sequential')
    const full = isSequential ? path + String(above.created).padStart(10, '0') : path
    if (this.nodes.has(full)) return -110
    if (above.owner >= 0) return -108
    above.created += 1
    this.nodes.set(full, { data, version: 0, owner: mode.startsWith('ephemeral') ? session : -1, created: 0 })
    return full
  }

  remove(path: string, version: number): string | number {
    const node = this.nodes.get(path)
    if (node === undefined) return -101
    if (version !== -1 && version !== node.version) return -103
    if (this.children(path).length > 0) return -111
    this.nodes.delete(path)
    return 'done'
  }

  set(path: string, data: string, version: number): string | number {
    const node = this.nodes.get(path)
    if (node === undefined) return -101
    if (version !== -1 && version !== node.version) return -103
    node.data = data
    node.version += 1
    return `version ${node.version}`
  }

  children(path: string): string[] {
    const prefix = path === '/' ? '/' : `${path}/`
    return [...this.nodes.keys()]
      .filter((each) => each.startsWith(prefix) && each !== '/' && !each.slice(prefix.length).includes('/'))
      .map((each) => each.slice(prefix.length))
      .sort()
  }

  closeSession(session: number): void {
    for (const [path, node] of this.nodes) if (node.owner === session) this.nodes.delete(path)
  }
}

const outcome = (work: Promise<string>): Promise<string | number> =>
  work.catch((error: unknown) => {
    if (error instanceof KeeperError) return error.code
    throw error
  })

const names = fc.constantFrom('a', 'b', 'c')
const paths = fc.array(names, { minLength: 1, maxLength: 3 }).map((parts) => `/${parts.join('/')}`)
const steps = fc.array(
  fc.record({
    kind: fc.constantFrom('create', 'create', 'remove', 'set', 'children', 'get', 'close', 'restart'),
    path: paths,
    mode: fc.constantFrom<CreateMode>(
      'persistent',
      'persistent',
      'ephemeral',
      'persistent-sequential',
      'ephemeral-sequential',
    ),
    version: fc.constantFrom(-1, -1, 0, 1),
    session: fc.nat(1),
    data: fc.string({ maxLength: 5 }),
  }),
  { minLength: 10, maxLength: 60 },
)

test('random work of two sessions, with restarts between, ends where a plain map ends', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (work) => {
      const world = new KeeperWorld({ snapshotEveryCount: 12 }).start()
      await world.time.advance(1)
      const twin = new Twin()
      const clients: ZooKeeperClient[] = [await world.connect(), await world.connect()]
      for (const { kind, path, mode, version, session, data } of work) {
        const client = clients[session]!
        if (kind === 'create') {
          const got = await outcome(client.create(path, bytesOf(data), mode).then((made) => made.path))
          expect(got).toBe(twin.create(path, data, mode, session))
        } else if (kind === 'remove') {
          const got = await outcome(client.delete(path, version).then(() => 'done'))
          expect(got).toBe(twin.remove(path, version))
        } else if (kind === 'set') {
          const got = await outcome(
            client.setData(path, bytesOf(data), version).then((stat) => `version ${stat.version}`),
          )
          expect(got).toBe(twin.set(path, data, version))
        } else if (kind === 'children') {
          const got = await outcome(client.getChildren(path).then(({ children }) => [...children].sort().join()))
          expect(got).toBe(twin.nodes.has(path) ? twin.children(path).join() : -101)
        } else if (kind === 'get') {
          const got = await outcome(client.getData(path).then((read) => textOf(read.data) ?? 'null'))
          expect(got).toBe(twin.nodes.get(path)?.data ?? -101)
        } else if (kind === 'close') {
          await client.close()
          twin.closeSession(session)
          clients[session] = await world.connect()
        } else {
          world.crash(true)
          world.start()
          // A client that asked nothing between several restarts waits longer each time, up to a second.
          await world.time.advance(1_100)
        }
      }
      const { tree } = world.keeper.server!
      for (const path of twin.nodes.keys()) expect(tree.find(path), path).toBeDefined()
      expect(tree.nodeCount).toBe(twin.nodes.size + 3)
    }),
    { numRuns: 60 },
  )
})
