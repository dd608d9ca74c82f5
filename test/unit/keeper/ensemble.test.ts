import { afterEach, expect, test } from 'vitest'
import { CreateFlags, ErrorCode, Operation } from '../../../src/jute/operations.ts'
import type { JuteWriter } from '../../../src/jute/writer.ts'
import { writeCreateRequest } from '../../../src/jute/generated/proto.ts'
import { EnsembleClient, EnsembleWorld } from './ensemble-world.ts'
import { bytesOf } from './support.ts'

const open = [{ perms: 31, id: { scheme: 'world', id: 'anyone' } }]
let world: EnsembleWorld

afterEach(() => {
  expect(world.failures).toEqual([])
})

function create(path: string, flags: number = CreateFlags.persistent): (writer: JuteWriter) => void {
  return (writer) => writeCreateRequest(writer, { path, data: bytesOf('x'), acl: open, flags })
}

function pathAndFlag(path: string): (writer: JuteWriter) => void {
  return (writer) => {
    writer.string(path)
    writer.boolean(false)
  }
}

const path = (text: string) => (writer: JuteWriter) => writer.string(text)

async function three(
  options: ConstructorParameters<typeof EnsembleWorld>[1] = {},
): Promise<{ leader: number; followers: number[] }> {
  world = new EnsembleWorld([1, 2, 3], options)
  await world.start(1, 2, 3)
  const leader = await world.leader()
  return { leader, followers: [1, 2, 3].filter((id) => id !== leader) }
}

test('a write through a follower is answered there, and seen through another after a sync', async () => {
  const { followers } = await three()
  const [near = 0, far = 0] = followers
  const writer = await new EnsembleClient(world, near).open()
  expect((await writer.ask(Operation.create, create('/a'))).err).toBe(ErrorCode.ok)
  const reader = await new EnsembleClient(world, far).open()
  expect((await reader.ask(Operation.sync, path('/'))).err).toBe(ErrorCode.ok)
  expect((await reader.ask(Operation.exists, pathAndFlag('/a'))).err).toBe(ErrorCode.ok)
  expect((await reader.ask(Operation.create, create('/a'))).err).toBe(ErrorCode.nodeExists)
})

test('answers of a follower come in the order of the requests: reads wait for the writes and syncs before them', async () => {
  const { followers } = await three()
  const client = await new EnsembleClient(world, followers[0] ?? 0).open()
  const sent = [
    client.say(Operation.create, create('/one')),
    client.say(Operation.exists, pathAndFlag('/one')),
    client.say(Operation.sync, path('/')),
    client.say(Operation.exists, pathAndFlag('/two')),
    client.say(Operation.create, create('/two')),
    client.say(Operation.exists, pathAndFlag('/two')),
  ]
  expect(client.answers).toEqual([])
  await world.time.advance(10)
  expect(client.answers.map(({ xid }) => xid)).toEqual(sent)
  const codes = client.answers.map(({ err }) => err)
  expect(codes).toEqual([0, 0, 0, ErrorCode.noNode, 0, 0])
})

test.each(['leader', 'follower'] as const)(
  'a session moves to the %s with its password; who is left behind is cut off at its next write',
  async (to) => {
    const { leader, followers } = await three()
    const [first = 0, second = 0] = followers
    const before = await new EnsembleClient(world, first).open()
    await before.ask(Operation.create, create('/mine', CreateFlags.ephemeral))
    const after = await new EnsembleClient(world, to === 'leader' ? leader : second).open(before)
    expect(after.sessionId).toBe(before.sessionId)
    expect((await after.ask(Operation.create, create('/more', CreateFlags.ephemeral))).err).toBe(ErrorCode.ok)
    before.say(Operation.create, create('/late'))
    await world.time.advance(10)
    expect([before.isClosed, after.isClosed]).toEqual([true, false])
    expect((await after.ask(Operation.exists, pathAndFlag('/late'))).err).toBe(ErrorCode.noNode)
    const stranger = new EnsembleClient(world, second)
    before.password = new Uint8Array(16).fill(1)
    await stranger.open(before)
    expect([stranger.timeoutMs, stranger.sessionId, stranger.isClosed]).toEqual([0, 0n, true])
  },
)

test('only what is heard keeps a session alive, wherever it is heard; its end takes its nodes everywhere', async () => {
  const { followers } = await three()
  const [first = 0, second = 0] = followers
  const talking = await new EnsembleClient(world, first).open()
  const silent = await new EnsembleClient(world, first).open()
  await talking.ask(Operation.create, create('/talking', CreateFlags.ephemeral))
  await silent.ask(Operation.create, create('/silent', CreateFlags.ephemeral))
  const watcher = await new EnsembleClient(world, second).open()
  for (let ping = 0; ping < 12; ping += 1) {
    await world.time.advance(1000)
    await talking.ask(Operation.ping)
    await watcher.ask(Operation.ping)
  }
  expect(silent.isClosed).toBe(true)
  expect((await watcher.ask(Operation.exists, pathAndFlag('/silent'))).err).toBe(ErrorCode.noNode)
  expect((await watcher.ask(Operation.exists, pathAndFlag('/talking'))).err).toBe(ErrorCode.ok)
  await talking.ask(Operation.closeSession)
  expect(talking.isClosed).toBe(true)
  expect((await watcher.ask(Operation.exists, pathAndFlag('/talking'))).err).toBe(ErrorCode.noNode)
})

test('the leader dies: sessions outlive it with their whole timeout, and clients find them at another server', async () => {
  const { leader, followers } = await three()
  const [first = 0, second = 0] = followers
  const before = await new EnsembleClient(world, first).open()
  await before.ask(Operation.create, create('/mine', CreateFlags.ephemeral))
  await world.time.advance(4000)
  world.crash(leader, true)
  await world.time.advance(20)
  expect(before.isClosed).toBe(true)
  await world.leader()
  const after = await new EnsembleClient(world, second).open(before)
  expect(after.sessionId).toBe(before.sessionId)
  expect((await after.ask(Operation.exists, pathAndFlag('/mine'))).err).toBe(ErrorCode.ok)
  await world.start(leader)
  await world.leader()
  const there = await new EnsembleClient(world, leader).open()
  expect((await there.ask(Operation.exists, pathAndFlag('/mine'))).err).toBe(ErrorCode.ok)
})

test('a member without its ensemble sends clients away, and says so to those who ask', async () => {
  const { followers } = await three()
  for (const id of followers) world.crash(id)
  await world.time.advance(3000)
  const left = [1, 2, 3].find((id) => !followers.includes(id)) ?? 0
  expect(world.member(left).role).toBe('looking')
  expect((await new EnsembleClient(world, left).open()).isClosed).toBe(true)
  const asking = new EnsembleClient(world, left)
  asking.feed(bytesOf('srvr'))
  expect(asking.text).toBe('This ZooKeeper instance is not currently serving requests\n')
})

test('without its ensemble a member serves read-only clients, where that is switched on', async () => {
  const { leader, followers } = await three({ ensemble: { isReadOnlyModeEnabled: true } })
  const client = await new EnsembleClient(world, leader).open()
  await client.ask(Operation.create, create('/known'))
  for (const id of followers) world.crash(id)
  await world.time.advance(2500)
  expect(world.member(leader).server?.mode).toBe(undefined)
  await world.time.advance(2500)
  expect(world.member(leader).server?.mode).toBe('read-only')
  expect((await new EnsembleClient(world, leader).open()).isClosed).toBe(true)
  const reader = await new EnsembleClient(world, leader).open(client, true)
  expect([reader.sessionId, reader.isReadOnlyServer]).toEqual([client.sessionId, true])
  expect((await reader.ask(Operation.exists, pathAndFlag('/known'))).err).toBe(ErrorCode.ok)
  expect((await reader.ask(Operation.create, create('/new'))).err).toBe(ErrorCode.notReadOnly)
  expect((await reader.ask(Operation.sync, path('/'))).err).toBe(ErrorCode.notReadOnly)
  expect((await reader.ask(Operation.exists, pathAndFlag('/new'))).err).toBe(ErrorCode.noNode)
  const asking = new EnsembleClient(world, leader)
  asking.feed(bytesOf('isro'))
  expect(asking.text).toBe('ro')
  await world.start(...followers)
  await world.leader()
  expect(reader.isClosed).toBe(true)
  expect(['leader', 'follower']).toContain(world.member(leader).server?.mode)
})

test.each(['leader', 'follower'] as const)(
  'a local session at the %s costs no transaction, and may own nothing',
  async (at) => {
    const { leader, followers } = await three({
      keeper: { localSessions: { isEnabled: true, isUpgradingEnabled: false } },
    })
    const id = at === 'leader' ? leader : (followers[0] ?? 0)
    const client = await new EnsembleClient(world, id).open()
    expect(world.member(id).server?.tree.sessions.size).toBe(0)
    expect(world.member(id).server?.localSessionCount).toBe(1)
    expect((await client.ask(Operation.create, create('/plain'))).err).toBe(ErrorCode.ok)
    const refused = await client.ask(Operation.create, create('/owned', CreateFlags.ephemeral))
    expect(refused.err).toBe(ErrorCode.ephemeralOnLocalSession)
    expect((await client.ask(Operation.exists, pathAndFlag('/owned'))).err).toBe(ErrorCode.noNode)
    expect((await client.ask(Operation.closeSession)).err).toBe(ErrorCode.ok)
    expect([client.isClosed, world.member(id).server?.localSessionCount]).toEqual([true, 0])
    const silent = await new EnsembleClient(world, id).open()
    await world.time.advance(9000)
    expect(silent.isClosed).toBe(true)
  },
)

test.each(['leader', 'follower'] as const)(
  'a local session at the %s becomes everybody’s with its first ephemeral',
  async (at) => {
    const { leader, followers } = await three({
      keeper: { localSessions: { isEnabled: true, isUpgradingEnabled: true } },
    })
    const [near = 0, far = 0] = followers
    const client = await new EnsembleClient(world, at === 'leader' ? leader : near).open()
    expect((await client.ask(Operation.create, create('/owned', CreateFlags.ephemeral))).err).toBe(ErrorCode.ok)
    const moved = await new EnsembleClient(world, far).open(client)
    expect(moved.sessionId).toBe(client.sessionId)
    await moved.ask(Operation.closeSession)
    const other = await new EnsembleClient(world, near).open()
    expect((await other.ask(Operation.exists, pathAndFlag('/owned'))).err).toBe(ErrorCode.noNode)
  },
)

test('a leader that shall not serve sends clients to others', async () => {
  const { leader, followers } = await three({ ensemble: { leaderServes: false } })
  expect((await new EnsembleClient(world, leader).open()).isClosed).toBe(true)
  const client = await new EnsembleClient(world, followers[0] ?? 0).open()
  expect((await client.ask(Operation.create, create('/a'))).err).toBe(ErrorCode.ok)
})

test('a member that was away for long gets the whole tree while the leader goes on', async () => {
  const { leader, followers } = await three()
  const [late = 0] = followers
  world.crash(late, true)
  const client = await new EnsembleClient(world, leader).open()
  // More entries than are kept in memory, more log than is worth sending: the large ones last, which is kind to the disk.
  const large = new Uint8Array(70_000).fill(97)
  for (let number = 0; number < 505; number += 1) client.say(Operation.create, create(`/n${number}`))
  for (let number = 505; number < 520; number += 1) {
    client.say(Operation.create, (writer) =>
      writeCreateRequest(writer, { path: `/n${number}`, data: large, acl: open, flags: 0 }),
    )
  }
  await world.time.advance(100)
  await world.start(late)
  for (let number = 520; number < 600; number += 1) client.say(Operation.create, create(`/n${number}`))
  await world.leader()
  await world.time.advance(1000)
  const there = world.member(late).server
  expect(there?.tree.lastZxid).toBe(world.member(leader).server?.tree.lastZxid)
  expect(there?.tree.digest.value()).toBe(world.member(leader).server?.tree.digest.value())
  expect(there?.stats.digestMismatchCount).toBe(0)
  expect(world.member(leader).server?.commandContext().quorum?.stats.snapCount).toBe(1)
})

test('a disk that fails ends its member, and nothing more is acknowledged', async () => {
  const { leader } = await three()
  const disk = world.disks.get(leader)
  const client = await new EnsembleClient(world, leader).open()
  if (disk !== undefined) disk.failAt = disk.operations
  client.say(Operation.create, create('/a'))
  await world.time.advance(50)
  expect(client.isClosed).toBe(true)
  expect(world.member(leader).server).toBeUndefined()
  expect(world.failures.splice(0)).toHaveLength(1)
})

test.each([
  ['in order', [1, 2, 3]],
  ['in reverse', [3, 2, 1]],
  ['from the middle', [2, 3, 1]],
])('a killed leader is replaced without waiting for its vote, whoever started first: %s', async (_order, ids) => {
  world = new EnsembleWorld([1, 2, 3])
  await world.start(...ids)
  for (let round = 0; round < 3; round += 1) {
    const leader = await world.leader()
    // Whoever came late is in the ensemble's votes too.
    await world.time.advance(500)
    const killedAtMs = world.time.nowMs
    world.crash(leader)
    await world.leader()
    expect(world.time.nowMs - killedAtMs).toBeLessThanOrEqual(100)
    await world.start(leader)
  }
})

test('the first snapshot shows the configuration, for a ZooKeeper that opens the directory later', async () => {
  await three()
  for (const disk of world.disks.values()) {
    const [file] = disk.list('/keeper/version-2').filter(({ name }) => name.startsWith('snapshot.'))
    const text = new TextDecoder().decode(disk.readFile(`/keeper/version-2/${file?.name ?? ''}`))
    expect(text).toMatch(/\/zookeeper\/config[\s\S]*server\.1=[\s\S]*\nserver\.3=[^\n]*\nversion=0/)
  }
})
