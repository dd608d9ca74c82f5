import { formatEnsembleConfig, parseEnsembleConfig, votersOf } from '../../../src/zab/config/ensemble-config.ts'
import { canReconfigure } from '../../../src/zab/leader/leading.ts'
import { defaultSettings, type ZabSettings } from '../../../src/zab/state.ts'
import { Checker, Violation } from './checker.ts'
import type { Tree } from './disk.ts'
import { Events } from './events.ts'
import { Member, type World } from './member.ts'
import { Network } from './network.ts'
import { Random } from './random.ts'

export interface Ensemble {
  readonly voters: number
  readonly observers: number
}

export interface SimulationOptions {
  readonly seed: number
  /** Chosen by the seed when absent. */
  readonly ensemble?: Ensemble
  readonly trace?: (line: string) => void
}

export interface SimulationResult {
  readonly seed: number
  readonly ensemble: Ensemble
  readonly acknowledged: number
  readonly events: number
  readonly faults: number
  /** What was broken; undefined when every promise held. */
  readonly violation: string | undefined
}

/** Short ticks: a simulated second holds many elections. */
export const fastSettings: Omit<ZabSettings, 'serverId'> = {
  ...defaultSettings,
  tickMs: 100,
  finalizeWaitMs: 40,
  resendMinMs: 40,
  resendMaxMs: 400,
  windowMax: 20,
}

const ENSEMBLES: readonly Ensemble[] = [
  { voters: 3, observers: 0 },
  { voters: 5, observers: 0 },
  { voters: 3, observers: 2 },
]
const CALM_MS = 20_000

/** The configuration text of an ensemble: servers 1 to n vote, those after them observe. */
export function configOf({ voters, observers }: Ensemble): string {
  const lines: string[] = []
  for (let id = 1; id <= voters + observers; id += 1) {
    lines.push(`server.${id}=10.0.0.${id}:2888:3888:${id <= voters ? 'participant' : 'observer'}`)
  }
  return `${lines.join('\n')}\nversion=0`
}

/** A simulated world with its servers, not started yet. */
export class Cluster {
  readonly world: World
  readonly members: Member[]
  faults = 0

  constructor(seed: number, ensemble: Ensemble, settings: Omit<ZabSettings, 'serverId'>, trace: World['trace'] = null) {
    const events = new Events()
    const random = new Random(seed)
    const network = new Network(events, random)
    this.world = { events, random, network, checker: new Checker(settings.firstCounter), trace }
    this.members = Array.from(
      { length: ensemble.voters + ensemble.observers },
      (_, index) => new Member(this.world, { ...settings, serverId: index + 1 }, configOf(ensemble)),
    )
    for (const member of this.members) network.join(member)
  }

  member(id: number): Member {
    const member = this.members[id - 1]
    if (member === undefined) throw new Error(`there is no server ${id}`)
    return member
  }

  get leader(): Member | undefined {
    return this.members.find((member) => member.isServing && member.servesAs === 'leading' && !member.isPaused)
  }

  run(durationMs: number): void {
    this.world.events.run(this.world.events.nowMs + durationMs)
  }

  /** Runs until `condition` holds. @returns false when it does not within the limit */
  runUntil(condition: () => boolean, limitMs: number = CALM_MS): boolean {
    const endMs = this.world.events.nowMs + limitMs
    while (!condition()) {
      if (this.world.events.nowMs >= endMs) return false
      this.run(5)
    }
    return true
  }

  get isWhole(): boolean {
    const [first] = this.members
    return this.members.every((member) => member.isServing && member.tree.hash === first?.tree.hash)
  }

  /** Heals everything, waits until all serve, writes once more and judges the end. */
  finish(): void {
    this.world.network.healAll()
    for (const member of this.members) {
      // A failure that was under way may still strike; then it starts once more.
      member.onCrash = () => this.world.events.after(20, () => member.start())
      member.effectsToLive = Number.POSITIVE_INFINITY
      member.diskStepsToLive = Number.POSITIVE_INFINITY
      member.diskDelayMs = 2
      member.disk.isFull = false
      member.intercept = undefined
      member.start()
    }
    const acknowledgedBefore = this.world.checker.ackedCount
    if (!this.runUntil(() => this.isWhole)) throw new Violation(`no ensemble forms: ${this.describe()}`)
    const isAnswered = this.runUntil(() => {
      this.leader?.write()
      return this.world.checker.ackedCount > acknowledgedBefore
    })
    if (!isAnswered) throw new Violation(`the healed ensemble takes no write: ${this.describe()}`)
    if (!this.runUntil(() => this.isWhole)) throw new Violation(`the replicas stay different: ${this.describe()}`)
    this.world.checker.finished(new Map<number, Tree>(this.members.map((member) => [member.id, member.tree])))
  }

  describe(): string {
    return this.members
      .map((member) => {
        if (!member.isAlive) return `${member.id} down`
        const { role, currentEpoch, lastLoggedZxid } = member.state
        const stage = role.kind === 'learning' ? role.stage : role.kind === 'leading' ? role.phase : role.isDraining
        return `${member.id} ${role.kind}/${stage} epoch ${currentEpoch} last 0x${lastLoggedZxid.toString(16)}`
      })
      .join('; ')
  }
}

/** Plays one seed: an ensemble, clients that write, faults of every kind, then calm; the checkers judge all along. */
export function simulate(options: SimulationOptions): SimulationResult {
  const { seed } = options
  const choice = new Random(seed ^ 0x5eed)
  const ensemble = options.ensemble ?? choice.pick(ENSEMBLES)
  const settings = { ...fastSettings, isReconfigEnabled: choice.happens(0.3) }
  const cluster = new Cluster(seed, ensemble, settings, options.trace ?? null)
  let violation: string | undefined
  try {
    play(cluster, choice)
    cluster.finish()
  } catch (error) {
    violation = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    if (options.trace !== undefined && error instanceof Error) options.trace(error.stack ?? '')
  }
  return {
    seed,
    ensemble,
    acknowledged: cluster.world.checker.ackedCount,
    events: cluster.world.events.count,
    faults: cluster.faults,
    violation,
  }
}

function play(cluster: Cluster, choice: Random): void {
  const { events, network } = cluster.world
  network.delayMaxMs = choice.pick([2, 8, 30])
  network.isOverTheWire = choice.happens(0.25)
  for (const member of cluster.members) {
    member.clockRate = 0.9 + choice.next() * 0.2
    member.clockOffsetMs = choice.between(0, 100_000)
    member.diskDelayMs = choice.pick([0.5, 2, 10])
    member.onCrash = () => {
      const delayMs = choice.pick([20, 150, 800])
      events.after(delayMs, () => {
        member.disk.isFull = false
        member.diskDelayMs = choice.pick([0.5, 2, 10])
        member.start()
      })
    }
    events.after(choice.between(0, 100), () => member.start())
  }
  const playMs = choice.pick([2000, 4000, 8000])
  const faultEveryMs = choice.pick([60, 200, 600])
  const writeEveryMs = choice.pick([5, 20, 60])
  scheduleWrites(cluster, choice, writeEveryMs, playMs)
  scheduleFaults(cluster, choice, faultEveryMs, playMs)
  cluster.run(playMs)
}

function scheduleWrites(cluster: Cluster, choice: Random, everyMs: number, untilMs: number): void {
  const { events } = cluster.world
  const again = (): void => {
    if (events.nowMs > untilMs) return
    // Now and then a burst, so that proposals pile up.
    const count = choice.happens(0.05) ? 15 : 1
    const member = choice.pick(cluster.members)
    for (let index = 0; index < count; index += 1) member.write()
    if (choice.happens(0.02)) choice.pick(cluster.members).takeSnapshot(choice.happens(0.7))
    events.after(choice.next() * 2 * everyMs, again)
  }
  events.after(choice.next() * 500, again)
}

function scheduleFaults(cluster: Cluster, choice: Random, everyMs: number, untilMs: number): void {
  const { events } = cluster.world
  const again = (): void => {
    if (events.nowMs > untilMs) return
    cluster.faults += 1
    choice.pick(FAULTS)(cluster, choice)
    events.after(choice.next() * 2 * everyMs, again)
  }
  events.after(choice.between(0, 1000), again)
}

type Fault = (cluster: Cluster, choice: Random) => void

const FAULTS: readonly Fault[] = [
  (cluster, choice) => choice.pick(cluster.members).crash(),
  (cluster) => cluster.leader?.crash(),
  (cluster, choice) => {
    choice.pick(cluster.members).effectsToLive = choice.between(1, 60)
  },
  (cluster, choice) => {
    choice.pick(cluster.members).diskStepsToLive = choice.between(0, 12)
  },
  (cluster) => {
    if (cluster.leader !== undefined) cluster.leader.diskStepsToLive = 0
  },
  (cluster, choice) => {
    const { links } = cluster.world.network
    if (links.length > 0) cluster.world.network.break(choice.pick(links))
  },
  (cluster, choice) => choice.pick(cluster.members).pause(choice.pick([50, 300, 1500])),
  (cluster, choice) => {
    const member = choice.pick(cluster.members)
    member.diskDelayMs = 120
    cluster.world.events.after(choice.between(100, 1000), () => {
      member.diskDelayMs = 2
    })
  },
  (cluster, choice) => {
    if (choice.happens(0.5)) choice.pick(cluster.members).disk.isFull = true
  },
  (cluster, choice) => cutOff(cluster, choice, new Set([choice.pick(cluster.members).id]), choice.happens(0.5)),
  (cluster, choice) => {
    const side = new Set(cluster.members.filter(() => choice.happens(0.5)).map((member) => member.id))
    cutOff(cluster, choice, side, choice.happens(0.7))
  },
  (cluster, choice) => {
    const { leader } = cluster
    if (leader !== undefined) cutOff(cluster, choice, new Set([leader.id]), choice.happens(0.6))
  },
  changeMembership,
  (cluster, choice) => {
    if (!choice.happens(0.2)) return
    for (const member of cluster.members) member.crash()
  },
]

/** A voter becomes observer or an observer voter, under whatever else is going on. */
function changeMembership(cluster: Cluster, choice: Random): void {
  const { leader } = cluster
  if (leader === undefined || !leader.state.settings.isReconfigEnabled) return
  const { id } = choice.pick(cluster.members)
  const text = formatEnsembleConfig(leader.state.config)
    .split('\n')
    .filter((line) => !line.startsWith('version='))
    .map((line) => (line.startsWith(`server.${id}=`) ? toggled(line) : line))
    .join('\n')
  const config = parseEnsembleConfig(text)
  if (config === undefined || votersOf(config).length < 2) return
  if (canReconfigure(leader, text) === 'ok') leader.reconfigure(text)
}

function toggled(line: string): string {
  return line.includes('participant')
    ? line.replace('participant', 'observer')
    : line.replace('observer', 'participant')
}

/** Cuts the ways between two sides, in both directions or in one. */
function cutOff(cluster: Cluster, choice: Random, side: ReadonlySet<number>, isBothWays: boolean): void {
  const { network, events } = cluster.world
  const outward = choice.happens(0.5)
  const cuts: [number, number][] = []
  for (const inner of cluster.members) {
    if (!side.has(inner.id)) continue
    for (const outer of cluster.members) {
      if (side.has(outer.id)) continue
      if (isBothWays || outward) cuts.push([inner.id, outer.id])
      if (isBothWays || !outward) cuts.push([outer.id, inner.id])
    }
  }
  for (const [from, to] of cuts) network.cut(from, to)
  events.after(choice.pick([50, 400, 2000]), () => {
    for (const [from, to] of cuts) network.heal(from, to)
  })
}
