import { AdminContext } from '../../src/client/admin/context.ts'
import { describeCluster } from '../../src/client/admin/cluster-info.ts'
import type { Cluster } from '../../src/client/cluster.ts'
import type { NodeCluster } from './node-cluster.ts'
import { pause } from './replicated-load.ts'
import { type SequenceLoad, untilAllInSync } from './sequence-load.ts'

export const FAULTS = ['kill', 'freeze', 'isolate', 'cut', 'stop'] as const
export type Fault = (typeof FAULTS)[number]

const HOLD_MIN_MS = 300
const HOLD_MAX_MS = 7_000
/** So often the next fault comes before replicas are in sync again. */
const HASTE = 0.25

/** What one fault did. */
export interface FaultOutcome {
  readonly fault: Fault
  readonly nodes: readonly number[]
  readonly heldMs: number
  readonly hitsController: boolean
  /** Of a partition, from the fault until all replicas were in sync again, or until the next fault. */
  readonly longestGapMs: number
}

/** Chance that a seed repeats. */
export class Dice {
  #state: number

  constructor(seed: number) {
    this.#state = seed >>> 0
  }

  /** 0 ≤ x < 1 */
  unit(): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }

  pick<Item>(items: readonly Item[]): Item {
    const item = items[Math.floor(this.unit() * items.length)]
    if (item === undefined) throw new Error('nothing to pick from')
    return item
  }

  shuffled<Item>(items: readonly Item[]): Item[] {
    const keyed = items.map((item) => ({ item, key: this.unit() }))
    return keyed.sort((left, right) => left.key - right.key).map(({ item }) => item)
  }
}

/**
 * Breaks one thing after the other until the time is over, each kind once per round and all of them at least once: a node is killed, frozen, cut off from
 * the others while clients still reach it, or stopped in order; or two nodes lose sight of each other.
 *
 * @throws Error when partitions do not become available or replicas do not come into sync again, or a node ends by itself
 */
export async function runFaults(
  cluster: NodeCluster,
  client: Cluster,
  topic: string,
  load: SequenceLoad,
  options: { readonly seed: number; readonly durationMs: number; readonly say: (text: string) => void },
): Promise<FaultOutcome[]> {
  const dice = new Dice(options.seed)
  const outcomes: FaultOutcome[] = []
  const untilMs = Date.now() + options.durationMs
  while (outcomes.length < FAULTS.length || Date.now() < untilMs) {
    for (const fault of dice.shuffled(FAULTS)) {
      if (outcomes.length >= FAULTS.length && Date.now() >= untilMs) break
      const controllerId = await controllerOf(client)
      const [first = 0, second = 0] = dice.shuffled(cluster.ids)
      // Half of the faults hit the controller: by chance it would be one in three.
      const victim = dice.unit() < 0.25 && controllerId > 0 ? controllerId : first
      const other = victim === second ? first : second
      const heldMs = Math.round(HOLD_MIN_MS + dice.unit() * (HOLD_MAX_MS - HOLD_MIN_MS))
      const nodes = fault === 'cut' ? [victim, other] : [victim]
      load.takeLongestGapMs()
      await inflict(cluster, fault, nodes, heldMs)
      const isHasty = dice.unit() < HASTE
      if (!isHasty) {
        // What brokers say may be as old as the fault.
        await load.untilAllFlow()
        await untilAllInSync(client, topic, cluster.ids.length)
      }
      await pause(200 + dice.unit() * 1_000)
      const longestGapMs = Math.round(load.takeLongestGapMs())
      const hitsController = nodes.includes(controllerId)
      outcomes.push({ fault, nodes, heldMs, hitsController, longestGapMs })
      options.say(
        `${fault} ${nodes.join(' and ')}${hitsController ? ' (controller)' : ''} for ${heldMs} ms: longest gap ${longestGapMs} ms${isHasty ? ', next at once' : ''}`,
      )
      for (const [id, { process: child }] of cluster.nodes)
        if (child.exitCode !== null || child.signalCode !== null) throw new Error(`node ${id} has ended by itself`)
    }
  }
  await load.untilAllFlow()
  await untilAllInSync(client, topic, cluster.ids.length)
  return outcomes
}

async function inflict(cluster: NodeCluster, fault: Fault, nodes: readonly number[], heldMs: number): Promise<void> {
  const [victim = 0, other = 0] = nodes
  const { links } = cluster
  switch (fault) {
    case 'kill':
    case 'stop':
      await cluster.end(victim, fault === 'kill' ? 'SIGKILL' : 'SIGTERM')
      await pause(heldMs)
      return cluster.startNode(victim)
    case 'freeze':
      cluster.freeze(victim, true)
      await pause(heldMs)
      return cluster.freeze(victim, false)
    case 'isolate':
      for (const id of cluster.ids) if (id !== victim) links?.cut(victim, id)
      await pause(heldMs)
      return links?.heal()
    case 'cut':
      links?.cut(victim, other)
      await pause(heldMs)
      return links?.heal()
  }
}

/** -1 while nobody says. */
async function controllerOf(client: Cluster): Promise<number> {
  try {
    return (await describeCluster(new AdminContext(client))).controllerId
  } catch {
    return -1
  }
}

/** Figures by kind of fault, for people. */
export function summary(outcomes: readonly FaultOutcome[]): string {
  const rows = FAULTS.map((fault) => {
    const gapsMs = outcomes
      .filter((outcome) => outcome.fault === fault)
      .map(({ longestGapMs }) => longestGapMs)
      .toSorted((left, right) => left - right)
    const median = gapsMs[Math.floor(gapsMs.length / 2)] ?? 0
    return `  ${fault.padEnd(8)} ${String(gapsMs.length).padStart(3)} times, gap: median ${median} ms, longest ${gapsMs.at(-1) ?? 0} ms`
  })
  return rows.join('\n')
}
