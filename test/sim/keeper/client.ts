import {
  type AclEntry,
  KeeperError,
  type CreateMode,
  type MultiOperation,
  type ZooKeeperFullClient,
} from '../../../src/zookeeper/contract.ts'
import { connectZooKeeper } from '../../../src/zookeeper/client.ts'
import type { Random } from '../zab/random.ts'
import { ALL, IDENTITIES } from './access.ts'
import type { History } from './history.ts'
import type { Departure, SimNetwork } from '../world/network.ts'
import { evenTemper, SimProcess } from '../world/process.ts'
import { type ServerAddress, TappedTransport } from './tap.ts'
import type { World } from '../world/world.ts'

const encoder = new TextEncoder()
const AREAS = ['/w', '/w/q', '/w/e', '/w/c', '/w/t'] as const
const PLAIN = ['/w/a', '/w/b', '/w/d', '/w/a/x', '/w/b/y', '/w/c/z', '/w/t/l'] as const
const NODES = [...AREAS, ...PLAIN] as const
const OUTSTANDING_MAX = 40
const KNOWN_MAX = 30

/** How a client behaves. */
export interface Manner {
  readonly sessionTimeoutMs: number
  /** Mean pause between requests. */
  readonly thinkMs: number
  /** How many requests go out at once, now and then. */
  readonly burst: number
  /** It proves who it is, and restricts who may do what. */
  readonly restricts: boolean
  /** A server without its ensemble will do. */
  readonly canBeReadOnly: boolean
}

/** A process with the product's own client in it, doing whatever comes to its mind. */
export class SimClient {
  readonly name: string
  readonly process: SimProcess
  readonly transport: TappedTransport
  readonly #world: World
  readonly #network: SimNetwork
  readonly #random: Random
  readonly #manner: Manner
  #client: ZooKeeperFullClient | undefined
  #outstanding = 0
  #isWorking = true
  /** Nodes that it has made or seen, for later. */
  readonly #known: string[] = []
  readonly #versions = new Map<string, number>()
  /** Set when its session is over or could not be had. */
  isDone = false
  answered = 0

  constructor(
    world: World,
    network: SimNetwork,
    history: History,
    name: string,
    servers: readonly ServerAddress[],
    manner: Manner,
  ) {
    this.name = name
    this.#world = world
    this.#network = network
    this.#random = world.random
    this.#manner = manner
    this.process = new SimProcess(world, name, evenTemper)
    const host = network.host(name)
    host.occupy(this.process)
    this.transport = new TappedTransport(name, host.ports.connector, servers, world, history)
    this.transport.next = world.random.between(0, servers.length - 1)
  }

  /** Asks for a session, and works once it has one. */
  start(): void {
    const { clock, timers, log } = this.process
    connectZooKeeper({
      transport: this.transport,
      clock,
      timers,
      log,
      sessionTimeoutMs: this.#manner.sessionTimeoutMs,
      connectTimeoutMs: 60_000,
      canBeReadOnly: this.#manner.canBeReadOnly,
    }).then(
      (client) => {
        this.#client = client
        client.onSession(({ state }) => {
          if (state === 'expired' || state === 'closed') this.#over()
        })
        if (this.#isWorking) for (const path of AREAS) this.#act(client, () => client.create(path, null))
        this.#workLater()
      },
      () => this.#over(),
    )
  }

  get client(): ZooKeeperFullClient | undefined {
    return this.#client
  }

  /** The process ends without a word, or with the system's word to its peers. */
  kill(departure: Departure): void {
    this.#world.note(`${this.name} is killed`)
    this.#over()
    this.process.kill()
    this.#network.host(this.name).leave(departure)
  }

  /** No new requests; those under way go on. */
  rest(): void {
    this.#isWorking = false
  }

  #over(): void {
    this.isDone = true
    this.#isWorking = false
    const { session } = this.transport
    if (session !== undefined) session.isWanted = false
  }

  #workLater(): void {
    this.process.timers.start(this.#random.next() * 2 * this.#manner.thinkMs, () => {
      if (!this.#isWorking || this.#client === undefined) return
      const count = this.#random.happens(0.1) ? this.#random.between(1, this.#manner.burst) : 1
      for (let index = 0; index < count && this.#outstanding < OUTSTANDING_MAX; index += 1) this.#act(this.#client)
      this.#workLater()
    })
  }

  #act(client: ZooKeeperFullClient, operation: () => Promise<unknown> = () => this.#operation(client)): void {
    this.#outstanding += 1
    operation()
      .then(
        () => {
          this.answered += 1
        },
        (error: unknown) => {
          // Refusals are judged by the checkers; anything else is a bug of the client.
          if (!(error instanceof KeeperError))
            this.#world.fail(error instanceof Error ? error : new Error(String(error)))
        },
      )
      .finally(() => {
        this.#outstanding -= 1
      })
  }

  #operation(client: ZooKeeperFullClient): Promise<unknown> {
    const random = this.#random
    if (this.#manner.restricts && random.happens(0.12)) return this.#restrict(client)
    const draw = random.next()
    if (draw < 0.28) return this.#create(client)
    if (draw < 0.42) return this.#set(client)
    if (draw < 0.52) return client.delete(this.#somewhere(), this.#version())
    if (draw < 0.6) return client.multi(this.#parts())
    if (draw < 0.72) return this.#read(client)
    if (draw < 0.94) return this.#watch(client)
    if (draw < 0.965) return client.sync('/w')
    if (draw < 0.985)
      return client.multiRead([
        { kind: 'getData', path: this.#somewhere() },
        { kind: 'getChildren', path: this.#somewhere() },
      ])
    if (draw < 0.995)
      return client.removeWatches(this.#somewhere(), random.pick(['any', 'data', 'children', 'persistent']))
    return client.close()
  }

  #create(client: ZooKeeperFullClient): Promise<unknown> {
    const random = this.#random
    const draw = random.next()
    const made = (work: Promise<{ readonly path: string }>): Promise<unknown> =>
      work.then(({ path }) => {
        this.#known.push(path)
        if (this.#known.length > KNOWN_MAX) this.#known.shift()
      })
    if (draw < 0.3) return made(client.create(random.pick(AREAS), this.#data()))
    if (draw < 0.55)
      return made(
        client.create('/w/q/n-', this.#data(), random.pick(['persistent-sequential', 'ephemeral-sequential'])),
      )
    if (draw < 0.7) return made(client.create(`/w/e/${this.name}-${random.between(0, 5)}`, this.#data(), 'ephemeral'))
    if (draw < 0.75) return made(client.create(random.pick(['/w/c/z', '/w/c']), this.#data(), 'container'))
    if (draw < 0.8) {
      const mode: CreateMode = random.pick(['persistent', 'persistent-sequential'])
      return made(client.createNode('/w/t/l', this.#data(), { mode, ttlMs: random.pick([500, 60_000]) }))
    }
    const path = random.pick(PLAIN)
    if (this.#manner.restricts && random.happens(0.3)) {
      return made(client.createNode(path, this.#data(), { acl: this.#list() }))
    }
    return made(client.create(path, this.#data()))
  }

  #restrict(client: ZooKeeperFullClient): Promise<unknown> {
    const random = this.#random
    const draw = random.next()
    if (draw < 0.15) return client.addAuth('digest', encoder.encode(random.pick(IDENTITIES).proof))
    if (draw < 0.4) return client.getAcl(this.#somewhere())
    return client.setAcl(random.pick(PLAIN), this.#list(), random.happens(0.8) ? -1 : random.between(0, 3))
  }

  /** Who may do what: everybody everything, somebody something, whoever asks, nobody. */
  #list(): AclEntry[] {
    const random = this.#random
    const everybody = { scheme: 'world', id: 'anyone' }
    const draw = random.next()
    if (draw < 0.3) return [{ permissions: ALL, ...everybody }]
    if (draw < 0.34) return []
    const list: AclEntry[] = []
    if (random.happens(0.5)) list.push({ permissions: random.between(0, ALL), ...everybody })
    const owner = random.happens(0.4)
      ? { scheme: 'auth', id: '' }
      : { scheme: 'digest', id: random.pick(IDENTITIES).id }
    list.push({ permissions: random.pick([ALL, random.between(0, ALL)]), ...owner })
    return list
  }

  #set(client: ZooKeeperFullClient): Promise<unknown> {
    const path = this.#somewhere()
    return client
      .setData(path, this.#data(), this.#versionOf(path))
      .then((stat) => this.#versions.set(path, stat.version))
  }

  #read(client: ZooKeeperFullClient): Promise<unknown> {
    const path = this.#somewhere()
    return this.#random.happens(0.5) ? client.getData(path) : client.getChildren(path)
  }

  #watch(client: ZooKeeperFullClient): Promise<unknown> {
    const random = this.#random
    const path = this.#somewhere()
    const told = (): void => {
      // Whoever is told looks again, as real clients do.
      if (this.#isWorking && random.happens(0.5) && this.#outstanding < OUTSTANDING_MAX) this.#act(client)
    }
    const draw = random.next()
    if (draw < 0.35) return client.getData(path, told)
    if (draw < 0.6) return client.getChildren(path, told)
    if (draw < 0.9) return client.exists(path, told)
    return client.addWatch(path, random.pick(['persistent', 'recursive']), () => {})
  }

  #parts(): MultiOperation[] {
    const random = this.#random
    return Array.from({ length: random.between(0, 4) }, (): MultiOperation => {
      const path = this.#somewhere()
      const draw = random.next()
      if (draw < 0.3) return { kind: 'create', path: '/w/q/m-', data: this.#data(), mode: 'persistent-sequential' }
      if (draw < 0.5)
        return { kind: 'create', path, data: this.#data(), mode: random.pick(['persistent', 'ephemeral']) }
      if (draw < 0.75) return { kind: 'set', path, data: this.#data(), version: this.#versionOf(path) }
      if (draw < 0.9) return { kind: 'check', path, version: this.#versionOf(path) }
      return { kind: 'delete', path, version: this.#version() }
    })
  }

  #somewhere(): string {
    const random = this.#random
    return this.#known.length > 0 && random.happens(0.3) ? random.pick(this.#known) : random.pick(NODES)
  }

  #data(): Uint8Array | null {
    const random = this.#random
    if (random.happens(0.05)) return null
    // Now and then something that does not fit into one sector.
    const text = `${this.name}-${random.between(0, 9999)}`
    return encoder.encode(random.happens(0.05) ? text.repeat(80) : text)
  }

  #version(): number {
    return this.#random.happens(0.8) ? -1 : this.#random.between(0, 3)
  }

  #versionOf(path: string): number {
    return this.#random.happens(0.6) ? -1 : (this.#versions.get(path) ?? this.#version())
  }
}
