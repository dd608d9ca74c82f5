import { expect, test } from 'vitest'
import { makeZxid } from '../../../src/zab/zxid.ts'
import { Cluster, configOf, type Ensemble, fastSettings } from './simulate.ts'

const THREE: Ensemble = { voters: 3, observers: 0 }
const FIVE: Ensemble = { voters: 5, observers: 0 }

function started(ensemble: Ensemble = THREE, settings: Partial<typeof fastSettings> = {}, seed: number = 1): Cluster {
  const cluster = new Cluster(seed, ensemble, { ...fastSettings, ...settings })
  for (const member of cluster.members) member.start()
  expect(cluster.runUntil(() => cluster.isWhole)).toBe(true)
  return cluster
}

function writeMany(cluster: Cluster, count: number, id: number | undefined = cluster.leader?.id): void {
  for (let index = 0; index < count; index += 1) expect(cluster.member(id ?? 1).write()).toBe(true)
}

/** Everything written so far is decided and everywhere. */
function settle(cluster: Cluster): void {
  expect(cluster.runUntil(() => cluster.isWhole && cluster.leader?.state.unapplied.length === 0)).toBe(true)
}

function followers(cluster: Cluster): number[] {
  return cluster.members.filter((member) => member.servesAs === 'following').map((member) => member.id)
}

/** Brings a follower that missed `missed` writes back, and lets it die in front of one step of what it does then. */
function crashWhileSynchronizing(
  step: number,
  kind: 'disk' | 'effect',
  missed: number,
  mode: 'diff' | 'snap',
): boolean {
  const cluster = started(THREE, { windowMax: mode === 'diff' ? 100 : 2 }, step + 1)
  const [id = 1, other = 2] = followers(cluster)
  writeMany(cluster, 3)
  settle(cluster)
  cluster.member(id).crash()
  writeMany(cluster, missed)
  cluster.run(100)
  const sentBefore = cluster.world.network.sent.get(mode) ?? 0
  if (mode === 'snap') cluster.leader?.takeSnapshot(true)
  const member = cluster.member(id)
  let hasCrashed = false
  member.onCrash = () => {
    hasCrashed = true
  }
  if (kind === 'disk') member.diskStepsToLive = step
  else member.effectsToLive = step
  member.start()
  // Live traffic all along: proposals are outstanding when NEWLEADER comes (ZOOKEEPER-4785).
  for (let round = 0; round < 60; round += 1) {
    cluster.leader?.write()
    cluster.run(5)
  }
  if (!hasCrashed) expect(cluster.world.network.sent.get(mode) ?? 0).toBeGreaterThan(sentBefore)
  // The one that was synchronised and the one that was not elect without the leader they had.
  cluster.leader?.crash()
  member.onCrash = undefined
  member.start()
  cluster.member(other).start()
  cluster.finish()
  return hasCrashed
}

for (const mode of ['diff', 'snap'] as const) {
  for (const kind of ['disk', 'effect'] as const) {
    test(`ZOOKEEPER-4643, 4646, 3911, 4785: a follower dies in front of every ${kind} step of a ${mode.toUpperCase()} sync, nothing is lost`, () => {
      let crashes = 0
      for (let step = 0; step < 40; step += 1) if (crashWhileSynchronizing(step, kind, 6, mode)) crashes += 1
      expect(crashes).toBeGreaterThan(5)
    })
  }
}

test('the leader dies in front of every effect of its first 60 in office, nothing is lost', () => {
  for (let step = 0; step < 60; step += 1) {
    const cluster = started(THREE, {}, step + 1)
    writeMany(cluster, 5)
    settle(cluster)
    const [next = 1] = followers(cluster).toReversed()
    cluster.leader?.crash()
    cluster.member(next).effectsToLive = step
    cluster.run(400)
    cluster.finish()
  }
})

test('ZOOKEEPER-4925: a stale follower synchronises, becomes leader, and leaves the next stale one no hole', () => {
  const cluster = started(FIVE)
  const leader = cluster.leader?.id ?? 0
  const [first = 1, second = 2, third = 3, fourth = 4] = followers(cluster)
  writeMany(cluster, 3)
  settle(cluster)
  cluster.member(first).crash()
  cluster.member(second).crash()
  writeMany(cluster, 8)
  cluster.run(200)
  // The first stale one joins amid traffic, then the rest of the old quorum goes.
  cluster.member(first).start()
  for (let round = 0; round < 40; round += 1) {
    cluster.leader?.write()
    cluster.run(4)
  }
  cluster.member(leader).crash()
  cluster.member(third).crash()
  cluster.member(second).start()
  expect(cluster.runUntil(() => [first, second, fourth].every((id) => cluster.member(id).isServing))).toBe(true)
  writeMany(cluster, 2)
  cluster.run(200)
  cluster.finish()
})

test('ZOOKEEPER-2845: the tail that an old leader logged and never committed is cut or committed, but the same everywhere', () => {
  const cluster = started()
  writeMany(cluster, 3)
  settle(cluster)
  const old = cluster.leader?.id ?? 0
  const rest = followers(cluster)
  for (const id of rest) cluster.world.network.cut(old, id)
  writeMany(cluster, 4)
  cluster.run(50)
  expect(cluster.member(old).disk.image.log.length).toBe(7)
  cluster.member(old).crash()
  cluster.world.network.healAll()
  expect(cluster.runUntil(() => rest.every((id) => cluster.member(id).isServing))).toBe(true)
  writeMany(cluster, 2)
  cluster.run(100)
  cluster.finish()
  expect(cluster.member(old).tree.zxid).toBe(cluster.leader?.tree.zxid)
})

test('ZOOKEEPER-5094: a follower loses the leader at every moment of a TRUNC, and ends with no gap', () => {
  let cuts = 0
  for (let delayMs = 0; delayMs < 90; delayMs += 3) {
    const cluster = started(THREE, {}, delayMs + 1)
    writeMany(cluster, 3)
    settle(cluster)
    const old = cluster.leader?.id ?? 0
    const rest = followers(cluster)
    for (const id of rest) cluster.world.network.cut(old, id)
    writeMany(cluster, 4)
    expect(
      cluster.runUntil(() =>
        rest.every((id) => cluster.member(id).isServing && cluster.member(id).state.currentEpoch > 1),
      ),
    ).toBe(true)
    cluster.world.network.healAll()
    cluster.run(delayMs)
    for (const link of cluster.world.network.links) cluster.world.network.break(link)
    cluster.run(50)
    cuts += cluster.world.network.sent.get('trunc') ?? 0
    cluster.finish()
  }
  expect(cuts).toBeGreaterThan(10)
})

test('ZOOKEEPER-3104, 3642: a snapshot that breaks off under way leaves nothing behind, and the next attempt is whole', () => {
  let snapshots = 0
  for (let delayMs = 0; delayMs < 200; delayMs += 10) {
    const cluster = started(THREE, { windowMax: 2 }, delayMs + 1)
    const [id = 1] = followers(cluster)
    cluster.member(id).crash()
    writeMany(cluster, 10)
    cluster.run(100)
    cluster.leader?.takeSnapshot(true)
    cluster.member(id).start()
    cluster.run(50 + delayMs)
    for (const link of cluster.world.network.links) cluster.world.network.break(link)
    cluster.run(30)
    cluster.finish()
    snapshots += cluster.world.network.sent.get('snap') ?? 0
  }
  expect(snapshots).toBeGreaterThan(20)
})

test('ZOOKEEPER-3701: a disk that is full stops its server, and nothing it could not write is counted', () => {
  for (let id = 1; id <= 3; id += 1) {
    const cluster = started(THREE, {}, id)
    writeMany(cluster, 2)
    settle(cluster)
    cluster.member(id).disk.isFull = true
    cluster.leader?.write()
    cluster.run(300)
    expect(cluster.member(id).isAlive).toBe(false)
    cluster.finish()
  }
})

test('ZOOKEEPER-2307: power fails between any two disk steps of a whole election, and everybody can start again', () => {
  for (let step = 0; step < 12; step += 1) {
    const cluster = new Cluster(step + 1, THREE, fastSettings)
    for (const member of cluster.members) {
      member.diskStepsToLive = step
      member.start()
    }
    cluster.run(400)
    for (const member of cluster.members) member.crash()
    for (const member of cluster.members) member.start()
    cluster.finish()
  }
})

test('ZOOKEEPER-1277: a counter that runs out brings a new epoch, not a wrapped zxid', () => {
  const cluster = started(THREE, { firstCounter: 0xffff_fff0 })
  const epoch = cluster.leader?.state.currentEpoch ?? 0
  for (let count = 0; count < 40; count += 1) {
    cluster.leader?.write()
    cluster.run(20)
  }
  settle(cluster)
  expect(cluster.leader?.state.currentEpoch).toBeGreaterThan(epoch)
  expect(cluster.leader?.tree.zxid).toBeGreaterThan(makeZxid(epoch + 1, 0))
  cluster.finish()
})

test('leader killed: the survivors answer again without waiting out a tick', () => {
  const cluster = started()
  writeMany(cluster, 1)
  settle(cluster)
  const killedAtMs = cluster.world.events.nowMs
  cluster.leader?.crash()
  expect(cluster.runUntil(() => cluster.leader !== undefined)).toBe(true)
  expect(cluster.world.events.nowMs - killedAtMs).toBeLessThan(fastSettings.tickMs)
})

test('a reconfiguration removes a voter under load: the rest goes on, the removed one loses its vote', () => {
  const cluster = started(FIVE, { isReconfigEnabled: true })
  writeMany(cluster, 3)
  settle(cluster)
  const [removed = 1] = followers(cluster)
  const text = configOf(FIVE)
    .split('\n')
    .map((line) => (line.startsWith(`server.${removed}=`) ? line.replace('participant', 'observer') : line))
    .filter((line) => !line.startsWith('version'))
    .join('\n')
  cluster.leader?.reconfigure(text)
  for (let round = 0; round < 20; round += 1) {
    cluster.leader?.write()
    cluster.run(10)
  }
  settle(cluster)
  for (const member of cluster.members) expect(member.state.config.servers.get(removed)?.isVoter).toBe(false)
  expect(cluster.member(removed).servesAs).toBe('observing')
  cluster.finish()
})

test('a reconfiguration that removes the leader hands over to the one it names', () => {
  const cluster = started(FIVE, { isReconfigEnabled: true })
  const old = cluster.leader?.id ?? 0
  const text = configOf(FIVE)
    .split('\n')
    .map((line) => (line.startsWith(`server.${old}=`) ? line.replace('participant', 'observer') : line))
    .filter((line) => !line.startsWith('version'))
    .join('\n')
  cluster.leader?.reconfigure(text)
  expect(cluster.runUntil(() => cluster.leader !== undefined && cluster.leader.id !== old && cluster.isWhole)).toBe(
    true,
  )
  expect(cluster.member(old).servesAs).toBe('observing')
  cluster.finish()
})

test('hierarchical quorums: one whole group may be lost, two may not', () => {
  const cluster = new Cluster(3, { voters: 9, observers: 0 }, fastSettings)
  const groups = '\ngroup.1=1:2:3\ngroup.2=4:5:6\ngroup.3=7:8:9'
  for (const member of cluster.members) {
    member.disk.image.config = configOf({ voters: 9, observers: 0 }).replace('\nversion=0', `${groups}\nversion=0`)
    member.start()
  }
  expect(cluster.runUntil(() => cluster.isWhole)).toBe(true)
  for (const id of [7, 8, 9, 6, 3]) cluster.member(id).crash()
  // Four of nine servers: two majorities of weight in two of three groups.
  expect(cluster.runUntil(() => [1, 2, 4, 5].every((id) => cluster.member(id).isServing))).toBe(true)
  cluster.member(5).crash()
  cluster.run(1000)
  expect(cluster.leader).toBeUndefined()
  cluster.finish()
})
