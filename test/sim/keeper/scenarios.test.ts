import { expect, test, vi } from 'vitest'
import type { ZooKeeperFullClient } from '../../../src/zookeeper/contract.ts'
import { Operation } from '../../../src/jute/operations.ts'
import { LogWriter } from '../../../src/keeper/storage/log-writer.ts'
import type { TxnBody } from '../../../src/keeper/tree/txn.ts'
import type { SimDisk } from '../world/disk.ts'
import { evenTemper, SimProcess } from '../world/process.ts'
import { ALONE, scenario } from './scenario.ts'
import type { Play } from './play.ts'
import { World } from '../world/world.ts'

// A server on its own: its log, its sessions, its order. Ensembles are in ensemble.test.ts.

// Some play dozens of worlds, and the machine may be busy with other things.
vi.setConfig({ testTimeout: 120_000 })

const data = new TextEncoder().encode('x')
const SECTOR_BYTES = 512

/** Requests that nobody waits for, one after the other. */
function sendMany(client: ZooKeeperFullClient, count: number, path: string = '/n-'): void {
  for (let index = 0; index < count; index += 1) {
    client.create(path, data, 'persistent-sequential').catch(() => {
      // What was lost on the way is for the checkers to judge.
    })
  }
}

async function open(play: Play): Promise<ZooKeeperFullClient> {
  play.startAll()
  return play.guest()
}

/** The one log file of a server that was never restarted. */
function logPath(disk: SimDisk): string {
  const path = disk.paths().find((each) => each.includes('/log.'))
  if (path === undefined) throw new Error('there is no log')
  return path
}

/** Where the last entry ends: behind it the file is zeros. */
function endOfLog(disk: SimDisk): number {
  return disk.readFile(logPath(disk)).findLastIndex((byte) => byte !== 0) + 1
}

/** What a power loss makes of a part that was written and not synced. */
function zero(disk: SimDisk, startsAt: number, endsAt: number): void {
  const file = disk.openWrite(logPath(disk))
  disk.writeSync(file, [new Uint8Array(endsAt - startsAt)], startsAt)
  disk.close(file)
}

test('what a killed process left in the page cache alone is durable before anybody sees it', () =>
  scenario({}, async (play) => {
    const client = await open(play)
    const [server] = play.servers
    if (server === undefined) return
    server.disk.trouble.syncMs = 1000
    sendMany(client, 5)
    await play.run(20)
    server.crash('none')
    server.start()
    await play.guest()
    server.crash('all')
    server.start()
    await play.finish()
  }))

test('a sync that fails takes nothing with it that a later start would show', () =>
  scenario({}, async (play) => {
    const client = await open(play)
    const [server] = play.servers
    if (server === undefined) return
    server.onCrash = () => play.world.events.after(5, () => server.start())
    sendMany(client, 3)
    await play.run(20)
    server.disk.trouble.failsNextSync = true
    sendMany(client, 3)
    await play.run(200)
    expect(server.crashes).toBe(1)
    await play.guest()
    server.crash('all')
    await play.run(50)
    await play.finish()
  }))

test('a log that tears while its successor is begun is cut, and the empty successor goes', async () => {
  let torn = 0
  for (let seed = 1; seed <= 40; seed += 1) {
    await scenario({ seed, settings: { server: { preallocateBytes: 0, logFileBytesMax: 400 } } }, async (play) => {
      const client = await open(play)
      const [server] = play.servers
      if (server === undefined) return
      server.disk.trouble.syncMs = 60
      for (let round = 0; round < 4; round += 1) {
        sendMany(client, 6)
        await play.run(5)
      }
      server.crash('some')
      const before = server.disk.paths().length
      server.start()
      await play.run(1)
      if (server.disk.paths().length < before) torn += 1
      await play.finish()
    })
  }
  expect(torn).toBeGreaterThan(0)
})

test('a group that lost its first sector, in which earlier entries end, is a torn tail', async () => {
  // Bytes of the group in that sector. An entry begins with twelve of checksum (the upper four are zeros anyway) and length.
  for (const headBytes of [1, 4, 5, 8, 11, 12, 13, 200]) {
    await scenario({ settings: { server: { preallocateBytes: 65_536 } } }, async (play) => {
      const client = await open(play)
      const [server] = play.servers
      if (server === undefined) return
      const ends: number[] = []
      for (const path of ['/a', '/b']) {
        await play.answered(client.create(path, new Uint8Array(0)), 'a create')
        ends.push(endOfLog(server.disk))
      }
      const [first = 0, second = 0] = ends
      const padBytes = SECTOR_BYTES - ((2 * second - first + headBytes) % SECTOR_BYTES)
      await play.answered(client.create('/c', new Uint8Array(padBytes)), 'a create')
      const beginsAt = endOfLog(server.disk)
      expect((beginsAt + headBytes) % SECTOR_BYTES).toBe(0)
      server.disk.trouble.syncMs = 1_000_000
      for (const path of ['/d', '/e']) client.create(path, new Uint8Array(700).fill(1)).catch(() => {})
      await play.run(20)
      expect(endOfLog(server.disk)).toBeGreaterThan(beginsAt + 1400)
      server.crash('none')
      server.disk.trouble.syncMs = 1
      zero(server.disk, beginsAt, beginsAt + headBytes)
      server.start()
      const reader = await play.guest()
      expect(await play.answered(reader.exists('/c'), 'a read')).toBeDefined()
      if (headBytes > 4) expect(await play.answered(reader.exists('/d'), 'a read')).toBeUndefined()
      await play.finish()
    })
  }
})

test('power fails in front of every disk step and every answer of a busy server: nothing acknowledged is lost', async () => {
  let crashes = 0
  for (let step = 0; step < 60; step += 1) {
    const settings = { server: { snapshotEveryCount: 12, preallocateBytes: 0 } }
    await scenario({ seed: step + 1, settings }, async (play) => {
      const client = await open(play)
      const [server] = play.servers
      if (server?.process === undefined) return
      server.process.stepsToLive = step
      server.onCrash = () => play.world.events.after(5, () => server.start())
      for (let round = 0; round < 6; round += 1) {
        sendMany(client, 3)
        client.setData('/', data).catch(() => {})
        client.create('/e', data, 'ephemeral').catch(() => {})
        client.delete('/e').catch(() => {})
        await play.run(6)
      }
      crashes += server.crashes
      await play.finish()
    })
  }
  expect(crashes).toBeGreaterThan(40)
})

test('the disk fills up under a busy server: it stops, and what it promised is there when there is room again', async () => {
  for (let seed = 1; seed <= 10; seed += 1) {
    await scenario({ seed, settings: { server: { preallocateBytes: 0, snapshotEveryCount: 8 } } }, async (play) => {
      const client = await open(play)
      const [server] = play.servers
      if (server === undefined) return
      sendMany(client, seed * 3)
      await play.run(seed)
      server.disk.trouble.isFull = true
      sendMany(client, 10)
      await play.run(100)
      expect(server.crashes).toBe(1)
      await play.finish()
    })
  }
})

test('a node that was deleted and made again by somebody else outlives its first owner', () =>
  scenario({}, async (play) => {
    const owner = await open(play)
    const other = await play.guest()
    await play.answered(owner.create('/mine', data, 'ephemeral'), 'a create')
    const [server] = play.servers
    if (server === undefined) return
    // All three are undecided at once.
    server.disk.trouble.syncMs = 400
    const first = owner.setData('/', data)
    await play.run(2)
    const second = other.delete('/mine').then(() => {})
    const third = other.create('/mine', data)
    await play.run(10)
    const end = owner.close()
    await play.answered(Promise.all([first, second, third, end]), 'the rest')
    expect(await play.answered(other.exists('/mine'), 'a read')).toBeDefined()
    await play.finish()
  }))

test('ZOOKEEPER-1624: a multi that fails behind a sequential create leaves the next number as it was', () =>
  scenario({}, async (play) => {
    const client = await open(play)
    await play.answered(client.create('/q', null), 'a create')
    const made = [
      client.create('/q/n-', null, 'persistent-sequential'),
      client.multi([
        { kind: 'create', path: '/q/n-', data: null, mode: 'persistent-sequential' },
        { kind: 'create', path: '/q/n-', data: null, mode: 'ephemeral-sequential' },
        { kind: 'check', path: '/missing', version: -1 },
      ]),
      client.create('/q/n-', null, 'persistent-sequential'),
    ] as const
    const [first, , second] = await play.answered(Promise.all(made), 'creates and a multi in flight together')
    expect(first.path).toBe('/q/n-0000000000')
    expect(second.path).toBe('/q/n-0000000001')
    await play.finish()
  }))

test('ZOOKEEPER-4743: a version that runs over leaves out -1, which would ask for any', () =>
  scenario({}, async (play) => {
    const [server] = play.servers
    if (server === undefined) return
    // Transactions are absolute: a log can begin anywhere.
    const header = (zxid: number, type: number) => ({ clientId: 0n, cxid: 0, zxid, time: 0, type })
    const made: TxnBody = {
      type: Operation.create,
      record: {
        path: '/v',
        data: null,
        acl: [{ perms: 31, id: { scheme: 'world', id: 'anyone' } }],
        ephemeral: false,
        parentCVersion: 1,
      },
    }
    const set: TxnBody = { type: Operation.setData, record: { path: '/v', data: null, version: -3 } }
    const writer = new LogWriter({
      disk: server.disk.installed('/var/keeper/version-2'),
      directory: '/var/keeper/version-2',
      preallocateBytes: 0,
      fileBytesMax: 0,
      forceSync: true,
      clock: new SimProcess(new World(1, null), 'writer', evenTemper).clock,
    })
    writer.append({ header: header(1, Operation.create), body: made, digest: undefined })
    writer.append({ header: header(2, Operation.setData), body: set, digest: undefined })
    writer.flushNow()
    const client = await open(play)
    const versions: number[] = []
    for (let round = 0; round < 3; round += 1) {
      versions.push((await play.answered(client.setData('/v', null), 'a set')).version)
    }
    expect(versions).toEqual([-2, 0, 1])
    const refused = client.setData('/v', null, -2).catch((error: { readonly code: number }) => error.code)
    expect(await play.answered(refused, 'a set')).toBe(-103)
  }))

test('a session outlives restarts and comes back with its watches and its ephemerals; silent, it ends once', () =>
  scenario({ shape: ALONE }, async (play) => {
    const client = await open(play)
    const other = await play.guest()
    await play.answered(client.create('/e', data, 'ephemeral'), 'a create')
    const seen: string[] = []
    await play.answered(
      client.getData('/e', ({ type }) => seen.push(type)),
      'a read',
    )
    await play.answered(
      client.addWatch('/', 'recursive', ({ type, path }) => seen.push(`${type} ${path}`)),
      'a watch',
    )
    const [server] = play.servers
    server?.crash('all')
    server?.start()
    // Nobody says that the machine lost its power: clients find out by its silence.
    await play.run(1600)
    await play.answered(other.setData('/e', null), 'a set after the restart')
    await play.run(100)
    expect(seen).toContain('dataChanged')
    const gone: string[] = []
    expect(
      await play.answered(
        other.exists('/e', ({ type }) => gone.push(type)),
        'a read',
      ),
    ).toBeDefined()
    play.clients[0]?.kill('powerLost')
    await play.run(30 * play.settings.tickTimeMs)
    expect(gone).toEqual(['deleted'])
    expect(await play.answered(other.exists('/e'), 'a read')).toBeUndefined()
    await play.finish()
  }))
