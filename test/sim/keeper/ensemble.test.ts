import { expect, test, vi } from 'vitest'
import type { ZooKeeperFullClient } from '../../../src/zookeeper/contract.ts'
import { LOSSES } from '../world/disk.ts'
import { CLIENT_PORT, type SimServer } from './server.ts'
import { FIVE, scenario, started, THREE, WITH_OBSERVERS } from './scenario.ts'
import type { Play } from './play.ts'
import { Violation } from '../world/world.ts'

// Members of an ensemble, whole: sockets, files, sessions. test/sim/zab tells the stories of consensus alone.

// Some play dozens of worlds, and the machine may be busy with other things.
vi.setConfig({ testTimeout: 120_000 })

const data = new TextEncoder().encode('x')

function leaderOf(play: Play): SimServer {
  if (play.leader === undefined) throw new Violation(`there is no leader: ${play.describe()}`)
  return play.leader
}

function followerOf(play: Play): SimServer {
  const [follower] = play.followers
  if (follower === undefined) throw new Violation(`there is no follower: ${play.describe()}`)
  return follower
}

/** A client of one server, or of whoever answers. */
function clientOf(play: Play, server?: SimServer): Promise<ZooKeeperFullClient> {
  return play.guest(server === undefined ? play.addresses : [{ host: server.address, port: CLIENT_PORT }])
}

/** A write that nobody waits for: whether it is done is for the checkers to judge. */
function write(client: ZooKeeperFullClient): void {
  client.create('/n-', data, 'persistent-sequential').catch(() => {})
}

async function writeMany(play: Play, client: ZooKeeperFullClient, count: number): Promise<void> {
  const made = Array.from({ length: count }, () => client.create('/n-', data, 'persistent-sequential'))
  await play.answered(Promise.all(made), `${count} writes`)
}

function restartAlways(play: Play): void {
  for (const server of play.servers) {
    server.onCrash = () => play.world.events.after(10, () => server.start())
  }
}

/**
 * A follower that missed something comes back amid traffic and dies in front of one step of what it does then; after that
 * those who were synchronised and those who were not elect among themselves.
 */
async function dieWhileSynchronizing(step: number, mode: 'diff' | 'snap'): Promise<boolean> {
  let hasCrashed = false
  const server = mode === 'diff' ? {} : { snapshotEveryCount: 4, purgeIntervalHours: 0.00005 }
  const settings = { windowMax: mode === 'diff' ? 500 : 2, server }
  await scenario({ seed: step + 1, shape: THREE, settings }, async (play) => {
    await started(play)
    const leader = leaderOf(play)
    const follower = followerOf(play)
    const client = await clientOf(play, leader)
    await writeMany(play, client, 3)
    follower.crash('all')
    for (let round = 0; round < 8; round += 1) {
      await writeMany(play, client, 3)
      await play.run(40)
    }
    follower.start()
    if (follower.process !== undefined) follower.process.stepsToLive = step
    for (let round = 0; round < 40; round += 1) {
      write(client)
      await play.run(8)
    }
    hasCrashed = follower.process === undefined
    follower.process?.spare()
    leader.crash(play.random.pick(LOSSES))
    restartAlways(play)
    follower.start()
    for (const client of play.clients) client.kill('killed')
    await play.finish()
  })
  return hasCrashed
}

for (const mode of ['diff', 'snap'] as const) {
  test(`ZOOKEEPER-3023, 3911, 4394, 4643, 4646, 4685, 4785: a follower dies in front of every disk step and send of a sync by ${mode}, nothing is lost`, async () => {
    let crashes = 0
    for (let step = 0; step < 26; step += 1) if (await dieWhileSynchronizing(step, mode)) crashes += 1
    expect(crashes).toBeGreaterThan(20)
  })
}

/** The one that missed something helps to elect a leader, dies on the way into its epoch, and meets the one that missed nothing. */
async function dieOnTheWayIntoAnEpoch(step: number): Promise<boolean> {
  let hasCrashed = false
  await scenario({ seed: step + 1, shape: THREE }, async (play) => {
    await started(play)
    const leader = leaderOf(play)
    const [follower, other] = play.followers
    if (follower === undefined || other === undefined) throw new Violation('an ensemble of three has two followers')
    const client = await clientOf(play, leader)
    await writeMany(play, client, 3)
    follower.crash('all')
    await writeMany(play, client, 6)
    other.crash('none')
    leader.crash('none')
    leader.start()
    follower.start()
    if (follower.process !== undefined) follower.process.stepsToLive = step
    await play.run(400)
    hasCrashed = follower.process === undefined
    follower.process?.spare()
    leader.crash('all')
    other.start()
    follower.start()
    await play.until(() => other.isServing && follower.isServing, 'the two others form no quorum')
    await play.finish()
  })
  return hasCrashed
}

test('ZOOKEEPER-4643: who dies on the way into an epoch does not win over those whose writes it never got', async () => {
  let crashes = 0
  for (let step = 0; step < 26; step += 1) if (await dieOnTheWayIntoAnEpoch(step)) crashes += 1
  expect(crashes).toBeGreaterThan(20)
})

test('a new leader dies in front of every disk step and send of its first in office, nothing is lost', async () => {
  let crashes = 0
  for (let step = 0; step < 40; step += 2) {
    await scenario({ seed: step + 1, shape: THREE }, async (play) => {
      await started(play)
      const client = await clientOf(play)
      await writeMany(play, client, 5)
      const old = leaderOf(play)
      const next = play.followers.at(-1)
      old.crash('all')
      if (next?.process !== undefined) next.process.stepsToLive = step
      for (let round = 0; round < 60 && next?.process !== undefined; round += 1) {
        write(client)
        await play.run(25)
      }
      if (next?.process === undefined) crashes += 1
      restartAlways(play)
      old.start()
      next?.start()
      await play.finish()
    })
  }
  expect(crashes).toBeGreaterThan(15)
})

test('ZOOKEEPER-2307: power fails in front of every step of the first start, between the two epoch files too; all come up', async () => {
  for (let step = 0; step < 24; step += 1) {
    await scenario({ seed: step + 1, shape: THREE }, async (play) => {
      play.startAll()
      for (const { process } of play.servers) if (process !== undefined) process.stepsToLive = step
      await play.run(600)
      for (const server of play.servers) server.crash('some')
      play.startAll()
      await play.finish()
    })
  }
})

test('ZOOKEEPER-2355: a follower dies in front of every step around the end of a session; its ephemerals go everywhere, once', async () => {
  for (let step = 0; step < 10; step += 1) {
    await scenario({ seed: step + 1, shape: THREE }, async (play) => {
      await started(play)
      restartAlways(play)
      const follower = followerOf(play)
      const owner = await clientOf(play, follower)
      const watcher = await clientOf(play, leaderOf(play))
      await play.answered(owner.create('/e', data, 'ephemeral'), 'a create')
      const told: string[] = []
      await play.answered(
        watcher.exists('/e', ({ type }) => told.push(type)),
        'a read',
      )
      if (follower.process !== undefined) follower.process.stepsToLive = step
      owner.close().catch(() => {})
      await play.run(25 * play.settings.tickTimeMs)
      expect(told).toEqual(['deleted'])
      await play.finish()
    })
  }
})

test('ZOOKEEPER-4712: what a slow disk still holds of an old reign does no harm in the next', async () => {
  for (let seed = 1; seed <= 12; seed += 1) {
    await scenario({ seed, shape: THREE }, async (play) => {
      await started(play)
      const leader = leaderOf(play)
      const follower = followerOf(play)
      const client = await clientOf(play, leader)
      await writeMany(play, client, 3)
      follower.disk.trouble.syncMs = 600
      for (let round = 0; round < 5; round += 1) write(client)
      await play.run(20)
      for (const { address } of play.servers) if (address !== leader.address) play.network.cut(leader.address, address)
      for (let round = 0; round < 5; round += 1) write(client)
      await play.run(100 * seed)
      play.network.healAll()
      await play.run(300)
      follower.crash('all')
      await play.finish()
    })
  }
})

test('ZOOKEEPER-5094: the tail that only an old leader has is cut, whenever the connection breaks', async () => {
  let cuts = 0
  for (let seed = 1; seed <= 24; seed += 1) {
    await scenario({ seed, shape: THREE }, async (play) => {
      await started(play)
      const old = leaderOf(play)
      const others = play.servers.filter((server) => server !== old)
      const client = await clientOf(play, old)
      await writeMany(play, client, 3)
      for (const { address } of others) play.network.cut(old.address, address)
      for (let round = 0; round < 4; round += 1) write(client)
      await play.run(30)
      const tail = old.tree?.lastZxid
      for (const { address } of others) play.network.cut(address, old.address)
      await play.until(() => others.some((server) => server.isServing && server.role === 'leading'), 'no second leader')
      const other = await clientOf(play, others[0])
      await writeMany(play, other, 2)
      play.network.healAll()
      await play.run(seed * 8)
      for (let round = 0; round < 3; round += 1) play.network.host(old.address).resetOne()
      if (seed % 3 === 0) old.crash('all')
      await play.finish()
      if ((old.tree?.lastZxid ?? 0) > (tail ?? 0)) cuts += 1
    })
  }
  expect(cuts).toBeGreaterThan(20)
})

test('ZOOKEEPER-3104, 3642: a snapshot breaks off anywhere under way; the next is whole', async () => {
  for (let seed = 1; seed <= 16; seed += 1) {
    const server = { snapshotEveryCount: 4, purgeIntervalHours: 0.00005 }
    await scenario({ seed, shape: THREE, settings: { windowMax: 2, server } }, async (play) => {
      await started(play)
      const follower = followerOf(play)
      const client = await clientOf(play, leaderOf(play))
      follower.crash('all')
      for (let round = 0; round < 8; round += 1) {
        await writeMany(play, client, 3)
        await play.run(40)
      }
      follower.start()
      for (let round = 0; round < 8; round += 1) {
        await play.run(seed * 2)
        play.network.host(follower.address).resetOne()
        write(client)
      }
      await play.finish()
    })
  }
})

test('ZOOKEEPER-3701: a disk that is full, or fails a sync, ends its server; the rest goes on and nothing is split', async () => {
  for (const trouble of [{ isFull: true }, { failsNextSync: true }]) {
    for (const role of ['leading', 'following'] as const) {
      await scenario({ seed: 3, shape: THREE, settings: { server: { preallocateBytes: 0 } } }, async (play) => {
        await started(play)
        const server = role === 'leading' ? leaderOf(play) : followerOf(play)
        const client = await clientOf(play)
        await writeMany(play, client, 2)
        Object.assign(server.disk.trouble, trouble)
        for (let round = 0; round < 40; round += 1) {
          write(client)
          await play.run(20)
        }
        expect(server.process).toBeUndefined()
        await play.until(() => play.leader !== undefined, 'the rest does not go on')
        await play.finish()
      })
    }
  }
})

test('ZOOKEEPER-4925: who came back late and leads leaves the next late one no hole', () =>
  scenario({ shape: FIVE, settings: { windowMax: 5 } }, async (play) => {
    await started(play)
    const leader = leaderOf(play)
    const [first, second, third] = play.followers
    const client = await clientOf(play, leader)
    await writeMany(play, client, 3)
    first?.crash('all')
    second?.crash('all')
    await writeMany(play, client, 8)
    first?.start()
    for (let round = 0; round < 60; round += 1) {
      write(client)
      await play.run(4)
    }
    leader.crash('all')
    third?.crash('all')
    second?.start()
    await play.until(() => play.leader !== undefined, 'no leader of the rest')
    await play.finish()
  }))

test('a lone write that begins a new file of the log is durable with its name', async () => {
  for (let seed = 1; seed <= 5; seed += 1) {
    await scenario({ seed, shape: THREE }, async (play) => {
      await started(play)
      const client = await clientOf(play)
      await writeMany(play, client, 2)
      const snapshots = play.servers.map(({ keeper }) => keeper?.snapshot())
      await play.answered(Promise.all(snapshots), 'a snapshot')
      await play.run(50)
      await play.answered(client.setData('/', data), 'a lone write')
      for (const server of play.servers) server.crash('all')
      play.startAll()
      await play.finish()
    })
  }
})

test('a client that moves between members never goes back in time, and its session moves with it', async () => {
  for (let seed = 1; seed <= 8; seed += 1) {
    await scenario({ seed, shape: WITH_OBSERVERS }, async (play) => {
      await started(play)
      const writer = await clientOf(play, leaderOf(play))
      for (let index = 0; index < 3; index += 1) play.addClient()
      const late = play.server(4)
      for (const { address } of play.servers) play.network.slow(address, late.address, 80)
      for (let round = 0; round < 30; round += 1) {
        write(writer)
        await play.run(20)
        for (const { name } of play.clients) if (play.random.happens(0.3)) play.network.host(name).resetOne()
      }
      await play.finish()
    })
  }
})

test('who reads at a server without its ensemble takes its watches along into the session that it gets of the ensemble', () => {
  // Without sessions of its own a server alone lets nobody begin one.
  const server = { localSessions: { isEnabled: true, isUpgradingEnabled: true } }
  return scenario({ shape: THREE, settings: { readsAlone: true, server } }, async (play) => {
    await started(play)
    const lonely = followerOf(play)
    const writer = await clientOf(play, leaderOf(play))
    await play.answered(writer.create('/seen', data), 'a create')
    await play.until(() => play.isWhole, 'a follower stays behind')
    const others = play.servers.filter((server) => server !== lonely)
    for (const { address } of others) {
      play.network.cut(address, lonely.address)
      play.network.cut(lonely.address, address)
    }
    const isReadOnly = (): boolean => lonely.keeper?.server?.mode === 'read-only'
    await play.until(isReadOnly, 'a server that has lost its ensemble serves no readers')
    const reader = play.addClient([{ host: lonely.address, port: CLIENT_PORT }], 12, true)
    reader.rest()
    await play.until(() => reader.client !== undefined, 'a reader gets no session')
    const alone = reader.transport.session
    const told: string[] = []
    await play.answered(
      Promise.all([
        reader.client?.getData('/seen', ({ type, path }) => told.push(`${type} ${path}`)),
        reader.client?.exists('/made', ({ type, path }) => told.push(`${type} ${path}`)),
        reader.client?.getChildren('/seen', ({ type, path }) => told.push(`${type} ${path}`)),
      ]),
      'a reader',
    )
    await play.answered(writer.setData('/seen', data), 'a set')
    expect(told).toEqual([])
    for (const { address } of others) {
      play.network.heal(address, lonely.address)
      play.network.heal(lonely.address, address)
    }
    await play.until(() => play.isWhole, 'a server does not come back to its ensemble')
    await play.until(() => told.length > 0, 'a reader is not told what it missed')
    await play.answered(writer.create('/made', data), 'a create')
    await play.answered(writer.create('/seen/child', data), 'a create')
    await play.until(() => told.length === 3, 'a reader is not told what it watches')
    expect(told).toEqual(['dataChanged /seen', 'created /made', 'childrenChanged /seen'])
    expect(reader.transport.session?.follows).toBe(alone)
    await play.finish()
  })
})

test('a new leader gives every session its whole timeout, and ends those that stay silent', () =>
  scenario({ shape: THREE }, async (play) => {
    await started(play)
    const leader = leaderOf(play)
    const silent = await clientOf(play, followerOf(play))
    const busy = await clientOf(play, followerOf(play))
    await play.answered(silent.create('/silent', data, 'ephemeral'), 'a create')
    await play.answered(busy.create('/busy', data, 'ephemeral'), 'a create')
    play.clients[0]?.kill('powerLost')
    const timeoutMs = 12 * play.settings.tickTimeMs
    await play.run(timeoutMs * 0.8)
    leader.crash('all')
    await play.until(() => play.leader !== undefined && play.leader !== leader, 'no second leader')
    // Four fifths of its time were over under the old leader; the new one begins anew.
    await play.run(timeoutMs * 0.7)
    expect(await play.answered(busy.exists('/silent'), 'a read')).toBeDefined()
    await play.run(timeoutMs * 0.6)
    expect(await play.answered(busy.exists('/silent'), 'a read')).toBeUndefined()
    expect(await play.answered(busy.exists('/busy'), 'a read')).toBeDefined()
    await play.finish()
  }))

test('containers and nodes whose time is over go everywhere, also when the leader changes before the sweep', async () => {
  for (const changesLeader of [false, true]) {
    await scenario({ shape: THREE }, async (play) => {
      await started(play)
      const client = await clientOf(play, followerOf(play))
      await play.answered(client.create('/c', data, 'container'), 'a create')
      await play.answered(client.create('/c/child', data), 'a create')
      await play.answered(client.createNode('/t', data, { ttlMs: 100 }), 'a create')
      await play.answered(client.createNode('/later', data, { ttlMs: 1_000_000 }), 'a create')
      await play.answered(client.delete('/c/child'), 'a delete')
      if (changesLeader) {
        leaderOf(play).crash('all')
        await play.until(() => play.leader !== undefined, 'no second leader')
      }
      const seer = await clientOf(play, leaderOf(play))
      expect(await play.answered(seer.exists('/c'), 'a read')).toBeDefined()
      await play.run(61_000)
      expect(await play.answered(seer.exists('/c'), 'a read')).toBeUndefined()
      expect(await play.answered(seer.exists('/t'), 'a read')).toBeUndefined()
      expect(await play.answered(seer.exists('/later'), 'a read')).toBeDefined()
      await play.finish()
    })
  }
})

test('members that have nothing to do do nothing: no timer runs at every turn', () =>
  scenario({ shape: THREE }, async (play) => {
    await started(play)
    const before = play.world.events.count
    await play.run(10 * play.settings.tickTimeMs)
    // Ten ticks of three servers: pings both ways with their sockets' ends, ticks, checks.
    expect(play.world.events.count - before).toBeLessThan(2_000)
    await play.finish()
  }))
