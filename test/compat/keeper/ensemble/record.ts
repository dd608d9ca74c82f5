/**
 * Records what real ZooKeeper servers say to each other on their two ports, for test/wire: ensembles of 3.9.5 (elections,
 * every way to synchronise, clients' work through each role, reconfiguration, addresses of the multi-address kind) and of
 * 3.4.14 (openers and notifications as they were).
 *
 *   node test/compat/keeper/ensemble/record.ts [FILE]        default test/wire/vectors/quorum.jsonl.br
 *
 * Servers call each other m1, m2 …; a hosts file for each makes its own name the loopback address it listens on and
 * every other name that of the recording proxies.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { brotliCompressSync, constants } from 'node:zlib'
import { Operation } from '../../../../src/jute/operations.ts'
import { sessionPassword } from '../../../../src/keeper/server/session-password.ts'
import { freePort } from '../../../support/node-process.ts'
import { RawClient, type Reply } from '../raw-client.ts'
import { Ensemble, type EnsembleOptions, type MemberShape } from './ensemble.ts'
import { RecordingProxy } from './recording-proxy.ts'
import {
  authenticate,
  closeSession,
  create,
  createAllAndSet,
  createTtl,
  CreateFlags,
  reconfigure,
  remove,
  set,
  setAcl,
  sync,
} from './requests.ts'

const OWN = '127.0.0.1'
const PROXIES = '127.0.0.2'

/** All that one side of a connection said. */
export interface Stream {
  /** What was going on when the connection was opened. */
  readonly scenario: string
  readonly release: string
  readonly port: 'quorum' | 'election'
  /** The server that was dialled. */
  readonly server: number
  /** `up`: of the server that dialled. */
  readonly direction: 'up' | 'down'
  readonly hex: string
}

/** What a client was told, to compare the decoded packets with. */
export interface Fact {
  readonly fact: string
  readonly release: string
  readonly operation: number
  readonly zxid: number
  readonly session: string
  readonly timeoutMs: number
}

const lines: (Stream | Fact)[] = []
const directory = mkdtempSync(join(tmpdir(), 'jackdaw-record-'))

function hostsFile(id: number, count: number): string {
  const file = join(directory, `hosts-${id}-${count}`)
  const names = Array.from({ length: count }, (_, index) => `${index + 1 === id ? OWN : PROXIES} m${index + 1}`)
  writeFileSync(file, `${OWN} localhost ${hostname()}\n${names.join('\n')}\n`)
  return file
}

const recorders: Recorder[] = []

/** An ensemble with proxies before its ports. */
class Recorder {
  readonly ensemble: Ensemble
  readonly #release: string
  readonly #proxies: { readonly id: number; readonly port: 'quorum' | 'election'; readonly proxy: RecordingProxy }[] =
    []

  private constructor(ensemble: Ensemble, release: string) {
    this.ensemble = ensemble
    this.#release = release
  }

  static async create(release: string, shapes: readonly MemberShape[], options: EnsembleOptions): Promise<Recorder> {
    const ensemble = await Ensemble.create(shapes, {
      ...options,
      hostOf: (id) => `m${id}`,
      javaArguments: (id) => [
        `-Djdk.net.hosts.file=${hostsFile(id, shapes.length)}`,
        // Servers' lines are read by this property, not by the file's key of that name.
        `-Dzookeeper.multiAddress.enabled=${options.secondAddressOf !== undefined}`,
      ],
    })
    const recorder = new Recorder(ensemble, release)
    recorders.push(recorder)
    for (const { id, quorumPort, electionPort } of ensemble.members) {
      const [, quorum = 0, election = 0] = options.secondAddressOf?.(id).split(':').map(Number) ?? []
      for (const [which, port] of [
        ['quorum', quorumPort],
        ['election', electionPort],
        ['quorum', quorum],
        ['election', election],
      ] as const) {
        if (port === 0) continue
        const proxy = await RecordingProxy.open(PROXIES, { host: OWN, port })
        recorder.#proxies.push({ id, port: which, proxy })
      }
    }
    return recorder
  }

  /** Connections opened from here on belong to this scenario. */
  scenario(name: string): void {
    for (const { proxy } of this.#proxies) proxy.scenario = name
    console.log(name)
  }

  /** Whatever this server sends to its learners is lost. */
  mute(id: number, isMute: boolean): void {
    for (const each of this.#proxies) if (each.id === id && each.port === 'quorum') each.proxy.isMute = isMute
  }

  fact(fact: string, operation: number, client: RawClient, reply: Reply): void {
    if (reply.code !== 0) throw new Error(`${fact} was refused: ${reply.code}`)
    const session = client.sessionId.toString(16)
    lines.push({ fact, release: this.#release, operation, zxid: reply.zxid, session, timeoutMs: SESSION_MS })
  }

  async client(id: number, sessionId?: bigint, password?: Uint8Array): Promise<RawClient> {
    const client = new RawClient(this.ensemble.member(id).clientPort)
    await client.open(sessionId, password, SESSION_MS)
    return client
  }

  async close(): Promise<void> {
    // Standing still first: no packet is cut short by the end of the process that writes it.
    await sleep(200)
    for (const member of this.ensemble.members) member.pause()
    await sleep(200)
    for (const { id, port, proxy } of this.#proxies) {
      for (const { scenario, ...recorded } of proxy.connections) {
        for (const direction of ['up', 'down'] as const) {
          const hex = Buffer.concat(recorded[direction]).toString('hex')
          if (hex !== '') lines.push({ scenario, release: this.#release, port, server: id, direction, hex })
        }
      }
      proxy.close()
    }
    await this.ensemble.close()
  }
}

const SESSION_MS = 12_000
/** A session that never was. */
const NOBODY = 0x1234n

/** Every kind of request, through one server. */
async function work(recorder: Recorder, id: number): Promise<void> {
  const client = await recorder.client(id)
  const root = `/by-${id}`
  const note = (fact: string, operation: number, reply: Reply): void => recorder.fact(fact, operation, client, reply)
  note(root, Operation.create2, await create(client, root, 'root'))
  note(root, Operation.setData, await set(client, root, 'changed'))
  note(`${root}/ephemeral`, Operation.create2, await create(client, `${root}/ephemeral`, '', CreateFlags.ephemeral))
  note(`${root}/n-`, Operation.create2, await create(client, `${root}/n-`, '', CreateFlags.persistentSequential))
  note(`${root}/box`, Operation.createContainer, await create(client, `${root}/box`, '', CreateFlags.container))
  note(`${root}/ttl`, Operation.createTtl, await createTtl(client, `${root}/ttl`, 3_600_000))
  await authenticate(client, 'user:secret')
  const list = [{ perms: 31, id: { scheme: 'digest', id: 'user:F46PeTVYeItL6aAyygIVQ9OaaeY=' } }]
  note(`${root}/ttl`, Operation.setAcl, await setAcl(client, `${root}/ttl`, list))
  note(`${root}/a`, Operation.multi, await createAllAndSet(client, [`${root}/a`, `${root}/b`], root))
  note(`${root}/b`, Operation.delete, await remove(client, `${root}/b`))
  const refused = await set(client, root, 'never', 77)
  if (refused.code !== -103) throw new Error(`a wrong version was answered with ${refused.code}`)
  note('sync', Operation.sync, await sync(client))
  await closeSession(client)
}

/** A session taken up on another server, and one that nobody knows. */
async function revalidation(recorder: Recorder): Promise<void> {
  const first = await recorder.client(1)
  await create(first, '/held', '', CreateFlags.ephemeral)
  first.end()
  for (const id of [2, 3, 4]) (await recorder.client(id, first.sessionId, first.password)).end()
  for (const id of [1, 2]) (await recorder.client(id, NOBODY, sessionPassword(NOBODY))).end()
}

/**
 * A leader dies with a proposal that nobody else has, and comes back.
 *
 * @param isWrittenMeanwhile whether the next epoch has a transaction by then
 */
async function strandProposal(recorder: Recorder, isWrittenMeanwhile: boolean): Promise<void> {
  const { ensemble } = recorder
  const leader = await ensemble.nextLeader()
  const client = await recorder.client(leader.id)
  recorder.mute(leader.id, true)
  const lost = create(client, '/lost').catch(() => undefined)
  await sleep(400)
  await leader.end('SIGKILL')
  await lost
  recorder.mute(leader.id, false)
  const next = await ensemble.nextLeader(leader)
  if (isWrittenMeanwhile) await writeSome(recorder, next.id, 'meanwhile')
  recorder.scenario(`a proposal that must go${isWrittenMeanwhile ? ', the next epoch begun' : ''}`)
  await ensemble.start([leader.id])
}

async function modern(): Promise<void> {
  const voter: MemberShape = { kind: 'real' }
  const recorder = await Recorder.create('3.9.5', [voter, voter, voter, { kind: 'real', role: 'observer' }], {})
  const { ensemble } = recorder
  recorder.scenario('fresh servers')
  await ensemble.start()
  for (const id of [1, 2, 3, 4]) await work(recorder, id)
  await revalidation(recorder)
  recorder.scenario('a follower behind')
  await ensemble.member(1).end('SIGTERM')
  await writeSome(recorder, 2, 'missed')
  await ensemble.start([1])
  await strandProposal(recorder, false)
  await strandProposal(recorder, true)
  recorder.scenario('a follower without data')
  const leader = await ensemble.nextLeader()
  const behind = ensemble.member(leader.id === 1 ? 2 : 1)
  const held = await recorder.client(leader.id)
  await create(held, '/still-held', 'x'.repeat(3000), CreateFlags.ephemeral)
  await behind.end('SIGTERM')
  behind.wipe()
  await ensemble.start([behind.id])
  held.end()
  recorder.scenario('reconfiguration')
  const admin = await recorder.client(leader.id)
  const observer = ensemble.member(4).address
  const voting = observer.replace(':observer', ':participant')
  recorder.fact('join', Operation.reconfig, admin, await reconfigure(admin, { joining: `server.4=${voting}` }))
  recorder.fact('leave', Operation.reconfig, admin, await reconfigure(admin, { joining: `server.4=${observer}` }))
  recorder.fact('leader', Operation.reconfig, admin, await reconfigure(admin, { leaving: String(leader.id) }))
  await sleep(2000)
  await ensemble.nextLeader(leader)
  await recorder.close()
}

/** A few more writes. */
async function writeSome(recorder: Recorder, id: number, name: string): Promise<void> {
  const client = await recorder.client(id)
  for (let number = 0; number < 3; number += 1) {
    const path = `/${name}-${number}`
    recorder.fact(path, Operation.create2, client, await create(client, path, 'm'.repeat(number)))
  }
  await closeSession(client)
}

/** Several addresses in one opener. */
async function multiAddress(): Promise<void> {
  const shapes: readonly MemberShape[] = [{ kind: 'real' }, { kind: 'real' }, { kind: 'real' }]
  const second = [
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
    await freePort(),
  ]
  const recorder = await Recorder.create('3.9.5', shapes, {
    settings: { 'multiAddress.enabled': true },
    secondAddressOf: (id) => `m${id}:${second[id - 1]}:${second[id + 2]}`,
  })
  recorder.scenario('addresses of the multi-address kind')
  await recorder.ensemble.start()
  await recorder.close()
}

/** Openers and notifications before 3.5, which know neither addresses nor configurations. */
async function old(): Promise<void> {
  const shapes: readonly MemberShape[] = [{ kind: 'real' }, { kind: 'real' }, { kind: 'real' }]
  const recorder = await Recorder.create('3.4.14', shapes, { jars: 'zookeeper-3.4.14' })
  recorder.scenario('an old release')
  await recorder.ensemble.start()
  const client = await recorder.client(1)
  recorder.fact('/', Operation.setData, client, await set(client, '/', 'old'))
  await recorder.close()
}

const [file = join(import.meta.dirname, '../../../wire/vectors/quorum.jsonl.br')] = process.argv.slice(2)
try {
  await modern()
  await multiAddress()
  await old()
} finally {
  for (const { ensemble } of recorders) await ensemble.close()
  rmSync(directory, { recursive: true, force: true })
}
const text = `${lines.map((line) => JSON.stringify(line)).join('\n')}\n`
const packed = brotliCompressSync(text, { params: { [constants.BROTLI_PARAM_LGWIN]: 24 } })
writeFileSync(file, packed)
console.log(`${lines.length} lines, ${text.length} characters, ${packed.length} bytes packed, in ${file}`)
