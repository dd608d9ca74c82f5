import type { ZooKeeperFullClient } from '../../../src/zookeeper/contract.ts'
import type { Random } from '../zab/random.ts'
import { judge } from './checker.ts'
import { SimClient } from './client.ts'
import { LOSSES } from './disk.ts'
import { History, showSession } from './history.ts'
import { SimNetwork } from './network.ts'
import { CLIENT_PORT, SimServer } from './server.ts'
import { Violation, World } from './world.ts'

export interface SimulationOptions {
  readonly seed: number
  readonly trace?: (line: string) => void
}

export interface SimulationResult {
  readonly seed: number
  readonly shape: string
  readonly acknowledged: number
  readonly events: number
  readonly crashes: number
  readonly faults: number
  readonly watchEvents: number
  /** What was broken; undefined when every promise held. */
  readonly violation: string | undefined
}

const CALM_MS = 30_000
const SESSION_TICKS: readonly number[] = [4, 8, 20]

/** Plays one seed of a standalone keeper: clients, faults of every kind, then calm; the checkers judge. */
export async function simulateStandalone(options: SimulationOptions): Promise<SimulationResult> {
  const world = new World(options.seed, options.trace ?? null)
  const play = new StandalonePlay(world)
  const broken = await world.play(() => play.play())
  return {
    seed: options.seed,
    shape: 'standalone',
    acknowledged: play.history.ackedCount,
    events: world.events.count,
    crashes: play.server.crashes,
    faults: play.faults,
    watchEvents: play.history.eventCount,
    violation: broken === undefined ? undefined : `${broken.name}: ${broken.message}`,
  }
}

class StandalonePlay {
  readonly history: History
  readonly server: SimServer
  readonly clients: SimClient[] = []
  faults = 0
  readonly #world: World
  readonly #random: Random
  readonly #network: SimNetwork
  readonly #tickTimeMs: number
  readonly #thinkMs: number
  #clientCount = 0
  #isHealed = false

  constructor(world: World) {
    const { random } = world
    this.#world = world
    this.#random = random
    this.#network = new SimNetwork(world)
    this.#network.delayMaxMs = random.pick([1, 5, 40])
    this.history = new History(world)
    this.#tickTimeMs = random.pick([100, 500])
    this.#thinkMs = random.pick([3, 15, 60])
    const temper = {
      clockRate: 0.9 + random.next() * 0.2,
      clockOffsetMs: random.between(-50_000, 50_000),
      lookCostMs: random.pick([0, 0, 0.02, 0.7]),
    }
    const settings = {
      tickTimeMs: this.#tickTimeMs,
      maxSessionTimeoutMs: 60_000,
      snapshotEveryCount: random.pick([6, 40, 400]),
      preallocateBytes: random.pick([0, 2048, 16_384]),
      logFileBytesMax: random.pick([0, 0, 1500]),
      purgeIntervalHours: random.pick([0, 0.0003]),
      outstandingMax: random.pick([2, 50, 1000]),
      extendedTypesEnabled: true,
    }
    this.server = new SimServer(world, this.#network, this.history, 'server', settings, temper)
  }

  async play(): Promise<void> {
    const random = this.#random
    this.server.disk.trouble.syncMs = random.pick([0.3, 3, 30])
    this.server.onCrash = () => this.#startAgain()
    this.server.start()
    const playMs = random.pick([1000, 3000, 6000])
    const count = random.between(1, 4)
    for (let index = 0; index < count; index += 1) this.#addClient()
    this.#scheduleFaults(random.pick([60, 200, 800]), playMs)
    await this.#world.run(playMs)
    await this.#finish()
  }

  #addClient(): SimClient {
    this.#clientCount += 1
    const random = this.#random
    const client = new SimClient(
      this.#world,
      this.#network,
      this.history,
      `client${this.#clientCount}`,
      [{ host: this.server.address, port: CLIENT_PORT }],
      { sessionTimeoutMs: random.pick(SESSION_TICKS) * this.#tickTimeMs, thinkMs: this.#thinkMs, burst: 25 },
    )
    this.clients.push(client)
    client.start()
    return client
  }

  #startAgain(): void {
    const delayMs = this.#random.pick([1, 50, 1500])
    this.#world.events.after(delayMs, () => {
      const { trouble } = this.server.disk
      trouble.isFull = false
      trouble.failsNextSync = false
      this.server.start()
      // Now and then it falls again while it stands up.
      if (this.server.process !== undefined && !this.#isHealed && this.#random.happens(0.2)) {
        this.server.process.stepsToLive = this.#random.between(0, 10)
      }
    })
  }

  #scheduleFaults(everyMs: number, untilMs: number): void {
    const random = this.#random
    const again = (): void => {
      if (this.#world.nowMs > untilMs) return
      this.faults += 1
      this.#fault()
      this.#world.events.after(random.next() * 2 * everyMs, again)
    }
    this.#world.events.after(random.between(20, 600), again)
  }

  #fault(): void {
    const random = this.#random
    const { server } = this
    const client = random.pick(this.clients)
    switch (random.between(0, 11)) {
      case 0:
        server.crash(random.pick(LOSSES))
        return
      case 1:
      case 2:
      case 3:
        if (server.process !== undefined) server.process.stepsToLive = random.between(0, 60)
        return
      case 4:
        this.#network.host(client.name).resetOne()
        return
      case 5:
        this.#cut(client.name, server.address)
        return
      case 6:
        server.process?.pause(random.pick([20, 300, 3000]))
        return
      case 7:
        client.process.pause(random.pick([20, 300, 3000]))
        return
      case 8:
        server.disk.trouble.syncMs = random.pick([0.3, 3, 30, 400])
        return
      case 9:
        if (random.happens(0.5)) server.disk.trouble.isFull = true
        else server.disk.trouble.failsNextSync = true
        return
      case 10:
        client.kill(random.pick(['killed', 'powerLost']))
        return
      default:
        this.#replaceClients()
    }
  }

  #replaceClients(): void {
    for (const [index, client] of this.clients.entries()) {
      if (!client.isDone) continue
      this.clients.splice(index, 1)
      this.#addClient()
      return
    }
  }

  #cut(one: string, other: string): void {
    const random = this.#random
    const isBothWays = random.happens(0.5)
    const isOutward = random.happens(0.5)
    if (isBothWays || isOutward) this.#network.cut(one, other)
    if (isBothWays || !isOutward) this.#network.cut(other, one)
    this.#world.events.after(random.pick([20, 400, 4000]), () => {
      this.#network.heal(one, other)
      this.#network.heal(other, one)
    })
  }

  /** Heals everything; every client that is left must be served again, every other session must end. */
  async #finish(): Promise<void> {
    const { server } = this
    const world = this.#world
    world.note('everything is healed')
    this.#isHealed = true
    server.onCrash = () => world.events.after(5, () => server.start())
    this.#network.healAll()
    server.disk.trouble.isFull = false
    server.disk.trouble.failsNextSync = false
    server.disk.trouble.syncMs = 1
    if (server.process !== undefined) server.process.stepsToLive = Number.POSITIVE_INFINITY
    server.start()
    for (const client of this.clients) client.rest()
    await world.run(50)
    await world.runUntil(() => server.process?.isStalled === false, CALM_MS)
    const working = this.clients.filter((client) => !client.isDone)
    for (const client of working) await this.#proveAlive(client)
    await world.run((Math.max(...SESSION_TICKS) + 3) * this.#tickTimeMs * 1.2)
    for (const client of working) await this.#proveAlive(client)
    await this.#readEverything()
    this.#judge(true)
    server.onCrash = undefined
    server.crash('all')
    server.start()
    await world.run(5)
    await this.#readEverything()
    this.#judge(false)
  }

  /** Somebody new looks at every node there is; the checkers compare what it is shown. */
  async #readEverything(): Promise<void> {
    const world = this.#world
    const reader = this.#addClient()
    reader.rest()
    if (!(await world.runUntil(() => reader.client !== undefined, CALM_MS))) {
      throw new Violation('a healthy server gives nobody a session')
    }
    const { client } = reader
    if (client === undefined) return
    let seen: { readonly nodes: number; readonly below: number } | undefined
    everyNode(client).then(
      (told) => {
        seen = told
      },
      (error: Error) => world.fail(error),
    )
    if (!(await world.runUntil(() => seen !== undefined, CALM_MS)) || seen === undefined) {
      throw new Violation('a healthy server does not answer')
    }
    if (seen.nodes !== seen.below + 1) {
      throw new Violation(`${seen.nodes} nodes were found below each other; the server counts ${seen.below + 1}`)
    }
    let isClosed = false
    client.close().then(() => {
      isClosed = true
    })
    await world.runUntil(() => isClosed, CALM_MS)
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
        () => world.events.after(20, ask),
      )
    }
    const world = this.#world
    const hasSession = await world.runUntil(() => client.client !== undefined || client.isDone, CALM_MS)
    if (!hasSession) throw new Violation(`${client.name} gets no session from a healthy server`)
    ask()
    if (!(await world.runUntil(() => isOver || client.isDone, CALM_MS))) {
      throw new Violation(`${client.name} is not answered by a healthy server`)
    }
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

/** Reads the whole tree, level by level. @returns how many nodes it found, and how many the server says there are below the root */
async function everyNode(client: ZooKeeperFullClient): Promise<{ readonly nodes: number; readonly below: number }> {
  let nodes = 0
  const pending = ['/']
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    nodes += 1
    const [{ children }] = await Promise.all([client.getChildren(path), client.getData(path)])
    for (const name of children) pending.push(path === '/' ? `/${name}` : `${path}/${name}`)
  }
  return { nodes, below: await client.getAllChildrenNumber('/') }
}
