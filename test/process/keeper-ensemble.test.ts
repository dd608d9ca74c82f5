import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { writeReconfigRequest } from '../../src/jute/generated/proto.ts'
import { Operation } from '../../src/jute/operations.ts'
import type { ZooKeeperClient } from '../../src/zookeeper/contract.ts'
import { RawClient } from '../compat/keeper/raw-client.ts'
import { makeCertificate } from '../support/certificates.ts'
import { eventually, KeeperEnsemble, type MemberSettings, pause } from '../support/keeper-ensemble.ts'

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)

let ensemble: KeeperEnsemble

beforeEach(async () => {
  ensemble = await KeeperEnsemble.create(
    new Map([
      [1, {}],
      [2, {}],
      [3, {}],
    ]),
  )
})
afterEach(async () => {
  await ensemble.destroy()
})

/** Writes one node after another until told to stop; remembers what was acknowledged. */
class Writer {
  readonly acknowledged: string[] = []
  readonly ackedAtMs: number[] = []
  readonly #client: ZooKeeperClient
  readonly #prefix: string
  readonly #done: Promise<void>
  #isStopped = false

  constructor(client: ZooKeeperClient, prefix: string) {
    this.#client = client
    this.#prefix = prefix
    this.#done = this.#run()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    await this.#done
  }

  async #run(): Promise<void> {
    for (let number = 0; !this.#isStopped; number += 1) {
      const path = `${this.#prefix}${number}`
      try {
        await this.#client.create(path, bytesOf(path))
        this.acknowledged.push(path)
        this.ackedAtMs.push(performance.now())
      } catch {
        // Lost with its connection: it may be there or not, nobody promised.
        await pause(2)
      }
    }
  }
}

/** Asks a server to change its ensemble. @returns ZooKeeper's code and, when ok, the configuration */
async function reconfigure(
  port: number,
  joiningServers: string | null,
  leavingServers: string | null,
): Promise<{ readonly err: number; readonly text: string }> {
  const client = new RawClient(port)
  await client.open()
  const { code, reader } = await client.request(Operation.reconfig, (writer) =>
    writeReconfigRequest(writer, { joiningServers, leavingServers, newMembers: null, curConfigId: -1 }),
  )
  const text = code === 0 ? new TextDecoder().decode(reader.buffer() ?? new Uint8Array(0)) : ''
  client.end()
  return { err: code, text }
}

async function namesAt(id: number): Promise<readonly string[]> {
  const client = await ensemble.connect([id])
  await client.sync('/')
  const names = [...(await client.getChildren('/')).children].sort()
  await client.close()
  return names
}

test('three servers elect a leader, agree on writes from anywhere, and lose nothing acknowledged when the leader is killed', async () => {
  ensemble.startAll()
  const leader = await ensemble.leader()
  const followers = ensemble.ids.filter((id) => id !== leader)
  const monitored = await ensemble.word(leader, 'mntr')
  for (const value of [
    'server_state\tleader',
    'quorum_size\t3',
    'synced_followers\t2',
    'learners\t2',
    'pending_syncs\t0',
  ]) {
    expect(monitored).toContain(`zk_${value}\n`)
  }
  expect(await ensemble.word(followers[0] ?? 0, 'mntr')).toContain('zk_peer_state\tfollowing - broadcast\n')
  expect(await ensemble.word(leader, 'conf')).toContain(`membership: \n${ensemble.serverLine(1)}\n`)
  const writers = await Promise.all(
    followers.map(async (id) => new Writer(await ensemble.connect([id, ...followers], 20_000), `/w${id}-`)),
  )
  await eventually(async () => writers.every(({ acknowledged }) => acknowledged.length > 50), 'writes go through')
  const killedAtMs = performance.now()
  await ensemble.kill(leader)
  const next = await ensemble.leader(followers)
  expect(next).not.toBe(leader)
  await eventually(
    async () => writers.every(({ ackedAtMs }) => (ackedAtMs.at(-1) ?? 0) > killedAtMs + 500),
    'writes go through again',
  )
  await Promise.all(writers.map((writer) => writer.stop()))
  ensemble.start(leader)
  await ensemble.leader()
  const acknowledged = writers.flatMap((writer) => writer.acknowledged.map((path) => path.slice(1)))
  const all = await namesAt(leader)
  expect(acknowledged.filter((name) => !all.includes(name))).toEqual([])
  for (const id of followers) expect(await namesAt(id)).toEqual(all)
  expect(await ensemble.stop(leader)).toBe(0)
}, 60_000)

test('a member that comes back after a while, or with an empty disk, gets what it missed', async () => {
  ensemble.startAll()
  const leader = await ensemble.leader()
  const [late = 0, other = 0] = ensemble.ids.filter((id) => id !== leader)
  const client = await ensemble.connect([leader, other])
  await client.create('/before', bytesOf('1'))
  await ensemble.kill(late)
  // More than the leader keeps in memory, and more log than is worth sending for so small a tree.
  const large = new Uint8Array(3000).fill(120)
  await client.create('/large', large)
  await Promise.all(Array.from({ length: 700 }, async () => await client.setData('/large', large)))
  await client.create('/after', bytesOf('2'))
  ensemble.start(late)
  await ensemble.leader()
  expect(await namesAt(late)).toEqual(['after', 'before', 'large', 'zookeeper'])
  expect(ensemble.printed(late)).not.toContain('differs')
  await ensemble.kill(late)
  rmSync(join(ensemble.directory(late), 'version-2'), { recursive: true })
  ensemble.start(late)
  await ensemble.leader()
  expect(await namesAt(late)).toEqual(['after', 'before', 'large', 'zookeeper'])
  await client.setData('/large', bytesOf('small'))
  const there = await ensemble.connect([late])
  await there.sync('/')
  expect(Buffer.from((await there.getData('/large')).data ?? []).toString()).toBe('small')
  expect((await there.getData('/large')).stat.version).toBe(701)
}, 60_000)

test('what a leader logged and nobody else has seen is cut off when it comes back', async () => {
  ensemble.startAll()
  const leader = await ensemble.leader()
  const followers = ensemble.ids.filter((id) => id !== leader)
  const client = await ensemble.connect([leader])
  await client.create('/agreed', bytesOf('1'))
  // Before the next tick it still believes in its quorum.
  await Promise.all(followers.map((id) => ensemble.kill(id)))
  const alone = client.create('/alone', bytesOf('2')).then(
    () => 'acknowledged',
    () => 'lost',
  )
  await pause(100)
  await ensemble.kill(leader)
  expect(await alone).toBe('lost')
  for (const id of followers) ensemble.start(id)
  await ensemble.leader(followers)
  const others = await ensemble.connect(followers)
  await others.create('/later', bytesOf('3'))
  ensemble.start(leader)
  await ensemble.leader()
  expect(await namesAt(leader)).toEqual(['agreed', 'later', 'zookeeper'])
  expect(ensemble.printed(leader)).toContain('"zxid":"0x100000003"')
}, 60_000)

test('between servers nothing goes in plain text, and nobody without a certificate is let in', async () => {
  await ensemble.destroy()
  const authority = makeCertificate({ name: [['CN', 'authority']], isAuthority: true })
  const own = makeCertificate({ name: [['CN', 'member']], issuer: authority, addresses: ['127.0.0.1'] })
  const stores = mkdtempSync(join(tmpdir(), 'jackdaw-stores-'))
  writeFileSync(join(stores, 'own.pem'), own.keyPem + own.pem)
  writeFileSync(join(stores, 'authority.pem'), authority.pem)
  const lines = [
    'sslQuorum=true',
    `ssl.quorum.keyStore.location=${join(stores, 'own.pem')}`,
    `ssl.quorum.trustStore.location=${join(stores, 'authority.pem')}`,
  ]
  ensemble = await KeeperEnsemble.create(
    new Map<number, MemberSettings>([
      [1, { lines }],
      [2, { lines }],
      [3, {}],
    ]),
  )
  ensemble.startAll()
  await ensemble.leader([1, 2])
  const client = await ensemble.connect([1])
  await client.create('/a', bytesOf('1'))
  expect(await namesAt(2)).toEqual(['a', 'zookeeper'])
  // The third speaks plainly: it is turned away, and says so.
  await eventually(async () => /a member was not let in/.test(ensemble.printed(1) + ensemble.printed(2)), 'a refusal')
  expect(await ensemble.mode(3)).toBe('')
  rmSync(stores, { recursive: true })
}, 60_000)

test('an observer serves, and servers leave and come back by reconfiguration while clients watch', async () => {
  await ensemble.destroy()
  const reconfigurable = { lines: ['reconfigEnabled=true', 'skipACL=yes'] }
  ensemble = await KeeperEnsemble.create(
    new Map<number, MemberSettings>([
      [1, reconfigurable],
      [2, reconfigurable],
      [3, reconfigurable],
      [4, { ...reconfigurable, role: 'observer' }],
    ]),
  )
  ensemble.startAll()
  const leader = await ensemble.leader()
  expect(await ensemble.mode(4)).toBe('observer')
  const observed = await ensemble.connect([4])
  await observed.create('/through-observer', bytesOf('1'))
  const [gone = 0] = ensemble.ids.filter((id) => id !== leader && id !== 4)
  const before = Buffer.from((await observed.getData('/zookeeper/config')).data ?? []).toString()
  expect(before).toContain(ensemble.serverLine(gone))
  const changes: string[] = []
  await observed.getData('/zookeeper/config', ({ type }) => void changes.push(type))
  const changed = await reconfigure(ensemble.clientPort(leader), null, String(gone))
  expect(changed.err).toBe(0)
  expect(changed.text).not.toContain(`server.${gone}=`)
  await eventually(async () => changes.includes('dataChanged'), 'the watcher of the configuration is told')
  expect((await reconfigure(ensemble.clientPort(leader), null, String(leader))).err).toBe(-8)
  const back = await reconfigure(ensemble.clientPort(leader), ensemble.serverLine(gone), null)
  expect(back.err).toBe(0)
  await eventually(async () => (await ensemble.mode(gone)) === 'follower', 'the server that left follows again')
  // Everybody starts again from what was written beside zoo.cfg.
  for (const id of ensemble.ids) await ensemble.stop(id)
  for (const id of ensemble.ids) ensemble.startAgain(id)
  await ensemble.leader()
  const restarted = await ensemble.connect([gone])
  await restarted.sync('/')
  expect((await restarted.getChildren('/')).children).toContain('through-observer')
  expect(Buffer.from((await restarted.getData('/zookeeper/config')).data ?? []).toString()).toBe(back.text)
}, 60_000)
