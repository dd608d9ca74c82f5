import { Random } from '../zab/random.ts'
import { SUPER_DIGEST } from './access.ts'
import { askToReconfigure } from './administrator.ts'
import { LOSSES } from '../world/disk.ts'
import { Play, type PlaySettings, type Shape } from './play.ts'
import { CLIENT_PORT, type SimServer } from './server.ts'
import { World } from '../world/world.ts'

export interface SimulationOptions {
  readonly seed: number
  /** Chosen by the seed when absent. */
  readonly shape?: Shape
  readonly trace?: (line: string) => void
}

export interface SimulationResult {
  readonly seed: number
  readonly shape: string
  readonly acknowledged: number
  readonly watchEvents: number
  readonly events: number
  readonly crashes: number
  readonly faults: number
  /** What was broken; undefined when every promise held. */
  readonly violation: string | undefined
}

const SHAPES: readonly Shape[] = [
  { voters: 3, observers: 0 },
  { voters: 3, observers: 0 },
  { voters: 5, observers: 0 },
  { voters: 3, observers: 2 },
]

/** Plays one seed: servers, clients that do everything, faults of every kind, then calm; the checkers judge. */
export async function simulateKeeper(options: SimulationOptions): Promise<SimulationResult> {
  const { seed } = options
  const shape = options.shape ?? new Random(seed ^ 0x5eed).pick(SHAPES)
  const world = new World(seed, options.trace ?? null)
  const play = new Play(world, shape, drawSettings(world.random, shape))
  const broken = await world.play(() => playThrough(play))
  return {
    seed,
    shape: `${shape.voters}+${shape.observers}`,
    acknowledged: play.history.ackedCount,
    watchEvents: play.history.eventCount,
    events: world.events.count,
    crashes: play.servers.reduce((sum, { crashes }) => sum + crashes, 0),
    faults: play.faults,
    violation: broken === undefined ? undefined : `${broken.name}: ${broken.message}`,
  }
}

function drawSettings(random: Random, { voters }: Shape): PlaySettings {
  const isAlone = voters === 1
  return {
    tickTimeMs: isAlone ? random.pick([100, 500]) : 100,
    windowMax: random.pick([5, 500]),
    thinkMs: random.pick([5, 20, 60]),
    changesMembers: random.happens(0.3),
    restricts: random.happens(0.5),
    readsAlone: random.happens(0.25),
    server: {
      maxSessionTimeoutMs: 60_000,
      snapshotEveryCount: random.pick([6, 40, 400]),
      preallocateBytes: random.pick([0, 2048, 16_384]),
      logFileBytesMax: random.pick([0, 0, 1500]),
      purgeIntervalHours: random.pick([0, 0.0003]),
      outstandingMax: random.pick([2, 50, 1000]),
      extendedTypesEnabled: true,
      skipAcl: random.happens(0.2),
      auth: { superDigest: SUPER_DIGEST },
      localSessions: { isEnabled: !isAlone && random.happens(0.25), isUpgradingEnabled: random.happens(0.7) },
    },
    temper: () => ({
      clockRate: 0.9 + random.next() * 0.2,
      clockOffsetMs: random.between(-50_000, 50_000),
      lookCostMs: random.pick([0, 0, 0.02, isAlone ? 0.7 : 0.1]),
    }),
  }
}

async function playThrough(play: Play): Promise<void> {
  const { random, world, network } = play
  network.delayMaxMs = random.pick([1, 5, 40])
  for (const server of play.servers) {
    server.disk.trouble.syncMs = random.pick([0.3, 3, 30])
    server.onCrash = () => startAgain(play, server)
    world.events.after(random.between(0, 50), () => server.start())
  }
  const playMs = random.pick(play.servers.length === 1 || play.settings.readsAlone ? [1000, 3000, 6000] : [800, 1800])
  const count = random.between(1, 4)
  for (let index = 0; index < count; index += 1) play.addClient()
  scheduleFaults(play, random.pick([60, 150, 500]), playMs)
  await play.run(playMs)
  await play.finish()
}

function startAgain(play: Play, server: SimServer): void {
  const { random, world } = play
  world.events.after(random.pick([1, 50, 1500]), () => {
    Object.assign(server.disk.trouble, { isFull: false, failsNextSync: false })
    server.start()
    // Now and then it falls again while it stands up.
    if (server.process !== undefined && !play.isHealed && random.happens(0.2)) {
      server.process.stepsToLive = random.between(0, 10)
    }
  })
}

function scheduleFaults(play: Play, everyMs: number, untilMs: number): void {
  const { random, world } = play
  const again = (): void => {
    if (world.nowMs > untilMs) return
    play.faults += 1
    random.pick(FAULTS)(play)
    world.events.after(random.next() * 2 * everyMs, again)
  }
  world.events.after(random.between(20, 600), again)
}

type Fault = (play: Play) => void

function anyServer({ random, servers }: Play): SimServer {
  return random.pick(servers)
}

/** The leader more often than others: most that can go wrong goes wrong around it. */
function someServer(play: Play): SimServer {
  return play.random.happens(0.4) ? (play.leader ?? anyServer(play)) : anyServer(play)
}

function shortenLife(play: Play): void {
  const { process } = someServer(play)
  if (process !== undefined) process.stepsToLive = play.random.between(0, 60)
}

const FAULTS: readonly Fault[] = [
  (play) => someServer(play).crash(play.random.pick(LOSSES)),
  shortenLife,
  shortenLife,
  shortenLife,
  resetClients,
  resetClients,
  (play) => play.network.host(someServer(play).address).resetOne(),
  (play) => cutOff(play, [play.random.pick(play.clients).name], [anyServer(play).address]),
  splitServers,
  lag,
  changeMembership,
  loseQuorum,
  (play) => someServer(play).process?.pause(play.random.pick([20, 300, 3000])),
  (play) => play.random.pick(play.clients).process.pause(play.random.pick([20, 300, 3000])),
  (play) => {
    anyServer(play).disk.trouble.syncMs = play.random.pick([0.3, 3, 30, 400])
  },
  (play) => {
    const { trouble } = anyServer(play).disk
    if (play.random.happens(0.5)) trouble.isFull = true
    else trouble.failsNextSync = true
  },
  (play) => play.random.pick(play.clients).kill(play.random.pick(['killed', 'powerLost'])),
  replaceClient,
  (play) => {
    if (!play.random.happens(0.2)) return
    for (const server of play.servers) server.crash(play.random.pick(LOSSES))
  },
]

/** Their sessions go on over other connections, perhaps to other servers. */
function resetClients(play: Play): void {
  for (const { name } of play.clients) if (play.random.happens(0.6)) play.network.host(name).resetOne()
}

function replaceClient(play: Play): void {
  const at = play.clients.findIndex((client) => client.isDone)
  if (at < 0) return
  play.clients.splice(at, 1)
  play.addClient()
}

/** More voters than an ensemble can spare are gone for as long as it takes the rest to go on alone, or not quite. */
function loseQuorum(play: Play): void {
  const { random, servers, shape, settings, world } = play
  if (!settings.readsAlone || servers.length === 1) return
  const spared = anyServer(play)
  const lost = servers.slice(0, shape.voters).filter((server) => server !== spared)
  const lonelyMs = random.pick([1000, 3000, 5000])
  cutOff(
    play,
    [spared.address],
    lost.map(({ address }) => address),
    lonelyMs,
  )
  if (random.happens(0.5)) return
  for (const server of lost) {
    server.crash(random.pick(LOSSES))
    server.process?.pause(lonelyMs)
  }
  world.note(`${spared.address} is left alone`)
}

/** A voter becomes an observer or an observer a voter, under whatever else is going on. */
function changeMembership(play: Play): void {
  const { random, servers, history } = play
  if (servers.length === 1 || !play.settings.changesMembers) return
  const id = random.between(1, servers.length)
  const role = random.pick(['participant', 'observer'])
  const line = `server.${id}=server${id}:2888:3888:${role};server${id}:${CLIENT_PORT}`
  const { address } = someServer(play)
  askToReconfigure(
    play,
    `administrator${history.sessions.size}-${play.faults}`,
    { host: address, port: CLIENT_PORT },
    line,
  )
}

/** A server hears its peers late, and clients come to it that have seen what it has not. */
function lag(play: Play): void {
  const { network, random, servers, world } = play
  const late = anyServer(play)
  const others = servers.filter((server) => server !== late)
  const extraMs = random.pick([30, 120, 300])
  for (const { address } of others) network.slow(address, late.address, extraMs)
  world.events.after(random.pick([300, 1500]), () => {
    for (const { address } of others) network.slow(address, late.address, 0)
  })
  for (let round = 0; round < 4; round += 1) {
    world.events.after(random.between(20, 400), () => {
      const [other] = others
      if (other !== undefined) network.host(random.pick(others).address).resetOne()
      else network.host(late.address).resetOne()
    })
  }
}

/** One server, or any group of them, loses the others. */
function splitServers(play: Play): void {
  const { random, servers } = play
  if (servers.length === 1) return
  const lonely = random.happens(0.5) ? someServer(play) : undefined
  const side = servers.filter((server) => (lonely === undefined ? random.happens(0.5) : server === lonely))
  const others = servers.filter((server) => !side.includes(server))
  const addressOf = ({ address }: SimServer): string => address
  cutOff(play, side.map(addressOf), others.map(addressOf))
}

/** Cuts the ways between two sides, in both directions or in one, for a while. */
function cutOff(
  { network, random, world }: Play,
  side: readonly string[],
  others: readonly string[],
  durationMs: number = random.pick([20, 400, 4000]),
): void {
  const isBothWays = random.happens(0.5)
  const isOutward = random.happens(0.5)
  const cuts: [string, string][] = []
  for (const inner of side) {
    for (const outer of others) {
      if (isBothWays || isOutward) cuts.push([inner, outer])
      if (isBothWays || !isOutward) cuts.push([outer, inner])
    }
  }
  for (const [from, to] of cuts) network.cut(from, to)
  world.events.after(durationMs, () => {
    for (const [from, to] of cuts) network.heal(from, to)
  })
}
