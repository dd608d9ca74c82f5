import { parseEnsembleConfig } from '../../../src/zab/config/ensemble-config.ts'
import type { ZooKeeperFullClient } from '../../../src/zookeeper/contract.ts'
import type { Random } from '../zab/random.ts'
import { SUPER_DIGEST, SUPER_USER } from './access.ts'
import { judge } from './checker.ts'
import { SimClient } from './client.ts'
import { History, showSession } from './history.ts'
import { SimNetwork } from '../world/network.ts'
import { evenTemper, type Temper } from '../world/process.ts'
import { CLIENT_PORT, type ServerSettings, SimServer } from './server.ts'
import type { ServerAddress } from './tap.ts'
import { Violation, type World } from '../world/world.ts'

/** How many servers vote and how many only listen; one voter alone is a standalone keeper. */
export interface Shape {
  readonly voters: number
  readonly observers: number
}

export interface PlaySettings {
  readonly tickTimeMs: number
  readonly server: ServerSettings
  /** Decided transactions that a leader keeps at hand for learners. */
  readonly windowMax: number
  readonly thinkMs: number
  /** Voters become observers and back. */
  readonly changesMembers: boolean
  /** Clients prove who they are, and restrict who may do what. */
  readonly restricts: boolean
  /** Servers without an ensemble go on for those who only read, and half of the clients agree to that. */
  readonly readsAlone: boolean
  readonly temper: () => Temper
}

export const calmSettings: PlaySettings = {
  tickTimeMs: 100,
  server: {
    maxSessionTimeoutMs: 60_000,
    snapshotEveryCount: 1000,
    preallocateBytes: 2048,
    extendedTypesEnabled: true,
    skipAcl: true,
    auth: { superDigest: SUPER_DIGEST },
  },
  windowMax: 500,
  thinkMs: 15,
  changesMembers: false,
  restricts: false,
  readsAlone: false,
  temper: () => evenTemper,
}

export const CALM_MS = 30_000
export const SESSION_TICKS: readonly number[] = [4, 8, 12]
const INIT_LIMIT_TICKS = 10
const SYNC_LIMIT_TICKS = 5
const encoder = new TextEncoder()
const CONFIG_PATH = '/zookeeper/config'

/** The configuration text of an ensemble: servers 1 to n vote, those after them observe. */
export function configOf({ voters, observers }: Shape): string {
  const lines: string[] = []
  for (let id = 1; id <= voters + observers; id += 1) {
    const role = id <= voters ? 'participant' : 'observer'
    lines.push(`server.${id}=server${id}:2888:3888:${role};server${id}:${CLIENT_PORT}`)
  }
  return `${lines.join('\n')}\nversion=0`
}

/** Servers, clients and what lies between them, in one world. Nothing happens to them unless somebody makes it happen. */
export class Play {
  readonly world: World
  readonly random: Random
  readonly network: SimNetwork
  readonly history: History
  readonly servers: SimServer[]
  readonly clients: SimClient[] = []
  readonly settings: PlaySettings
  readonly shape: Shape
  faults = 0
  isHealed = false
  #clientCount = 0

  constructor(world: World, shape: Shape, settings: PlaySettings) {
    this.world = world
    this.random = world.random
    this.shape = shape
    this.settings = settings
    this.network = new SimNetwork(world)
    this.history = new History(world, settings.server)
    const place = { world, network: this.network, history: this.history }
    const config = parseEnsembleConfig(configOf(shape))
    const count = shape.voters + shape.observers
    for (let id = 1; id <= count; id += 1) this.network.host(`server${id}`)
    this.servers = Array.from({ length: count }, (_, index) => {
      const serverId = index + 1
      const member =
        count === 1 || config === undefined
          ? undefined
          : {
              serverId,
              config,
              initLimitTicks: INIT_LIMIT_TICKS,
              syncLimitTicks: SYNC_LIMIT_TICKS,
              connectTimeoutMs: 5 * settings.tickTimeMs,
              windowMax: settings.windowMax,
              isReconfigEnabled: true,
              isReadOnlyModeEnabled: settings.readsAlone,
            }
      const tempered = { tickTimeMs: settings.tickTimeMs, ...settings.server }
      return new SimServer(place, `server${serverId}`, tempered, settings.temper(), member)
    })
    world.onEvent = () => this.#look()
  }

  /** Judges what needs no end: who serves from what. */
  #look(): void {
    for (const server of this.servers) server.look()
  }

  get addresses(): ServerAddress[] {
    return this.servers.map(({ address }) => ({ host: address, port: CLIENT_PORT }))
  }

  get leader(): SimServer | undefined {
    return this.servers.find((server) => server.isServing && (server.role === 'leading' || server.role === 'alone'))
  }

  get followers(): SimServer[] {
    return this.servers.filter((server) => server.isServing && server.role === 'following')
  }

  get isWhole(): boolean {
    const zxid = this.servers[0]?.tree?.lastZxid
    return this.servers.every((server) => server.isServing && server.tree?.lastZxid === zxid)
  }

  server(id: number): SimServer {
    const server = this.servers[id - 1]
    if (server === undefined) throw new Error(`there is no server ${id}`)
    return server
  }

  startAll(): void {
    for (const server of this.servers) server.start()
  }

  async run(durationMs: number): Promise<void> {
    await this.world.run(durationMs)
  }

  async until(condition: () => boolean, what: string, limitMs: number = CALM_MS): Promise<void> {
    if (!(await this.world.runUntil(condition, limitMs))) throw new Violation(`${what}: ${this.describe()}`)
  }

  addClient(
    servers: readonly ServerAddress[] = this.addresses,
    sessionTicks: number = this.random.pick(SESSION_TICKS),
    canBeReadOnly: boolean = this.settings.readsAlone && this.random.happens(0.5),
  ): SimClient {
    this.#clientCount += 1
    const name = `client${this.#clientCount}`
    const client = new SimClient(this.world, this.network, this.history, name, servers, {
      sessionTimeoutMs: sessionTicks * this.settings.tickTimeMs,
      thinkMs: this.settings.thinkMs,
      burst: 25,
      restricts: this.settings.restricts,
      canBeReadOnly,
    })
    this.clients.push(client)
    client.start()
    return client
  }

  /** A client that does nothing of its own accord, with its session. */
  async guest(servers: readonly ServerAddress[] = this.addresses): Promise<ZooKeeperFullClient> {
    const guest = this.addClient(servers, Math.max(...SESSION_TICKS))
    guest.rest()
    await this.until(() => guest.client !== undefined, `${guest.name} gets no session from healthy servers`)
    if (guest.client === undefined) throw new Violation('a session without a client')
    return guest.client
  }

  /** Waits for a promise of the simulated world. */
  async answered<Result>(promise: Promise<Result>, what: string): Promise<Result> {
    let outcome: { readonly result: Result } | { readonly error: unknown } | undefined
    promise.then(
      (result) => {
        outcome = { result }
      },
      (error: unknown) => {
        outcome = { error }
      },
    )
    await this.until(() => outcome !== undefined, `${what} is not answered by healthy servers`)
    if (outcome === undefined) throw new Violation(`${what} is not answered`)
    if ('error' in outcome) throw outcome.error
    return outcome.result
  }

  describe(): string {
    const shown = ({ address, role, isServing, tree }: SimServer): string =>
      `${address} ${role}${isServing ? '' : ', not serving'} at 0x${tree?.lastZxid.toString(16) ?? '?'}`
    return this.servers.map(shown).join('; ')
  }

  /** Ends every fault; what is down comes back. */
  async heal(): Promise<void> {
    this.world.note('everything is healed')
    this.isHealed = true
    this.network.healAll()
    for (const server of this.servers) {
      server.onCrash = () => this.world.events.after(5, () => server.start())
      server.process?.spare()
      Object.assign(server.disk.trouble, { isFull: false, failsNextSync: false, syncMs: 1 })
      server.start()
    }
    for (const client of this.clients) client.rest()
    await this.run(50)
    const isAwake = (): boolean =>
      this.servers.every(({ process }) => process?.isStalled === false) &&
      this.clients.every(({ process }) => !process.isStalled)
    await this.until(isAwake, 'a process stays stopped')
  }

  /** Heals everything and judges: who is left must be served again, who is gone must be forgotten, all must be the same. */
  async finish(): Promise<void> {
    await this.heal()
    await this.until(() => this.isWhole, 'no ensemble forms')
    const working = this.clients.filter((client) => !client.isDone)
    for (const client of working) await this.#proveAlive(client)
    const alive = working.filter((client) => !client.isDone)
    await this.run((Math.max(...SESSION_TICKS) + 2) * this.settings.tickTimeMs * 1.15)
    for (const client of alive) {
      if (client.isDone && !this.history.isLocal(client.transport.session))
        throw new Violation(`the session of ${client.name} ended in the middle of the calm`)
      await this.#proveAlive(client)
    }
    this.#judge(true)
    for (const server of this.servers) {
      server.onCrash = undefined
      server.crash('all')
    }
    this.startAll()
    await this.until(() => this.isWhole, 'no ensemble forms after all have lost their power')
    await this.readEverything()
    this.#judge(false)
  }

  /** Somebody new looks at every node on every server; the checkers compare what is shown. */
  async readEverything(): Promise<void> {
    for (const { address } of this.servers) {
      const client = await this.guest([{ host: address, port: CLIENT_PORT }])
      await this.answered(client.addAuth('digest', encoder.encode(SUPER_USER)), `a proof on ${address}`)
      await this.answered(everyNode(client), `a reader of ${address}`)
      await this.answered(client.close(), `the end of a session on ${address}`)
    }
    await this.until(() => this.isWhole, 'the replicas stay different')
    const digests = new Set(this.servers.map(({ tree }) => tree?.digest.value()))
    if (digests.size !== 1) throw new Violation(`digests differ at rest: ${[...digests].join(', ')}`)
  }

  /** A write of its own, done or answered with the end of the session. */
  async #proveAlive(client: SimClient): Promise<void> {
    if (client.isDone) return
    let isOver = false
    const ask = (): void => {
      if (client.client === undefined) return
      client.client.setData('/', null).then(
        () => {
          isOver = true
        },
        () => this.world.events.after(20, ask),
      )
    }
    await this.until(() => client.client !== undefined || client.isDone, `${client.name} gets no session`)
    ask()
    await this.until(() => isOver || client.isDone, `${client.name} is not answered`)
  }

  /** What clients saw is what the decided requests come to, and nobody lives for ever. */
  #judge(isLongCalm: boolean): void {
    const model = judge(this.history)
    if (!isLongCalm) return
    for (const id of model.sessions.keys()) {
      const record = this.history.sessions.get(id)
      if (record === undefined || !record.isWanted) {
        throw new Violation(`session ${showSession(id)} of ${record?.client ?? 'nobody'} lives for ever`)
      }
    }
  }
}

/** Reads the whole tree, level by level, and how many nodes it has. */
async function everyNode(client: ZooKeeperFullClient): Promise<void> {
  for (let level = ['/']; level.length > 0; ) {
    // A member shows there what its configuration files say, whatever was decided.
    const shown = level.filter((path) => path !== CONFIG_PATH)
    const results = await client.multiRead([
      ...shown.map((path) => ({ kind: 'getData' as const, path })),
      ...shown.map((path) => ({ kind: 'getChildren' as const, path })),
    ])
    const next: string[] = []
    for (const [index, path] of shown.entries()) {
      const result = results[shown.length + index]
      const names = result?.kind === 'getChildren' ? result.children : []
      for (const name of names) next.push(path === '/' ? `/${name}` : `${path}/${name}`)
    }
    level = next
  }
  await client.getAllChildrenNumber('/')
}
