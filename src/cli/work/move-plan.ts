/** Which partitions to move so that a set of brokers carries them evenly. Pure: the same cluster gives the same plan. */

export interface PlannedBroker {
  readonly id: number
  readonly rack: string | null
}

export interface PlannedPartition {
  readonly topic: string
  readonly partition: number
  /** The preferred leader first. */
  readonly replicas: readonly number[]
}

export interface PlannedMove extends PlannedPartition {
  readonly before: readonly number[]
}

/** How many replicas and preferred leaders a broker has, as the plan goes on. */
class Load {
  readonly replicas: Map<number, number>
  readonly leaders: Map<number, number>

  constructor(brokers: readonly PlannedBroker[], partitions: readonly PlannedPartition[]) {
    this.replicas = new Map(brokers.map(({ id }) => [id, 0]))
    this.leaders = new Map(brokers.map(({ id }) => [id, 0]))
    for (const { replicas } of partitions) this.#count(replicas, 1)
  }

  replace(before: readonly number[], after: readonly number[]): void {
    this.#count(before, -1)
    this.#count(after, 1)
  }

  #count(replicas: readonly number[], by: number): void {
    for (const [index, id] of replicas.entries()) {
      const count = this.replicas.get(id)
      if (count === undefined) continue
      this.replicas.set(id, count + by)
      if (index === 0) this.leaders.set(id, (this.leaders.get(id) ?? 0) + by)
    }
  }
}

/**
 * Moves as little as will do: first what lies on brokers that are not to be used, each replica to the broker with the
 * fewest, on a rack of its own where there is one; then from full brokers to emptier ones until they differ by one at most;
 * then leaders, by order alone.
 *
 * @param brokers that are to carry the partitions; at least as many as any partition has replicas
 * @throws RangeError when there are too few
 */
export function planMoves(
  partitions: readonly PlannedPartition[],
  brokers: readonly PlannedBroker[],
): readonly PlannedMove[] {
  const racks = new Map(brokers.map(({ id, rack }) => [id, rack]))
  const load = new Load(brokers, partitions)
  const planned = partitions.map(({ replicas }) => replicas)
  for (const [index, { topic, partition, replicas }] of partitions.entries()) {
    if (replicas.length > brokers.length) {
      throw new RangeError(
        `${topic}-${partition} has ${replicas.length} replicas, and ${brokers.length} brokers are to carry it`,
      )
    }
    const after = withoutOthers(replicas, racks, load)
    load.replace(replicas, after)
    planned[index] = after
  }
  evenOut(planned, racks, load)
  orderLeaders(planned, load)
  return partitions.flatMap(({ topic, partition, replicas: before }, index) => {
    const replicas = planned[index] ?? before
    return replicas.join() === before.join() ? [] : [{ topic, partition, before, replicas }]
  })
}

type Racks = ReadonlyMap<number, string | null>

function withoutOthers(replicas: readonly number[], racks: Racks, load: Load): readonly number[] {
  const after = [...replicas]
  for (const [index, id] of replicas.entries()) {
    if (racks.has(id)) continue
    const others = after.filter((_, place) => place !== index)
    after[index] = emptiest([...racks.keys()], others, racks, load)
    // Counted at once: the next replica of the same partition must see it.
    load.replicas.set(after[index], (load.replicas.get(after[index]) ?? 0) + 1)
  }
  for (const [index, id] of after.entries()) {
    if (id !== replicas[index]) load.replicas.set(id, (load.replicas.get(id) ?? 0) - 1)
  }
  return after
}

/** The broker that is best for one more replica beside `others`. */
function emptiest(candidates: readonly number[], others: readonly number[], racks: Racks, load: Load): number {
  const usedRacks = new Set(others.map((id) => racks.get(id)))
  const cost = (id: number): number => {
    const sharesRack = racks.get(id) !== null && usedRacks.has(racks.get(id))
    return (sharesRack ? 1_000_000 : 0) + (load.replicas.get(id) ?? 0)
  }
  const free = candidates.filter((id) => !others.includes(id))
  return free.reduce((best, id) => (cost(id) < cost(best) ? id : best), free[0] ?? -1)
}

/** Takes from the fullest and gives to the emptiest while that makes a difference. */
function evenOut(planned: (readonly number[])[], racks: Racks, load: Load): void {
  for (;;) {
    const byCount = [...load.replicas].sort(([, left], [, right]) => left - right)
    const step = findStep(planned, racks, byCount)
    if (step === undefined) return
    const before = planned[step.index] ?? []
    const after = before.map((id) => (id === step.from ? step.to : id))
    load.replace(before, after)
    planned[step.index] = after
  }
}

function findStep(
  planned: readonly (readonly number[])[],
  racks: Racks,
  byCount: readonly (readonly [number, number])[],
): { readonly index: number; readonly from: number; readonly to: number } | undefined {
  for (const [from, most] of [...byCount].reverse()) {
    for (const [to, fewest] of byCount) {
      if (most - fewest < 2) break
      const index = planned.findIndex((replicas) => {
        if (!replicas.includes(from) || replicas.includes(to)) return false
        const others = replicas.filter((id) => id !== from)
        const isRackNew = !others.some((id) => racks.get(id) !== null && racks.get(id) === racks.get(to))
        const wasRackShared = others.some((id) => racks.get(id) !== null && racks.get(id) === racks.get(from))
        return isRackNew || wasRackShared
      })
      if (index >= 0) return { index, from, to }
    }
  }
  return undefined
}

/** Every broker leads about as many: where the first replica leads too many, another of the partition comes first. */
function orderLeaders(planned: (readonly number[])[], load: Load): void {
  for (const [index, replicas] of planned.entries()) {
    const first = replicas[0] ?? -1
    const leaders = (id: number): number => load.leaders.get(id) ?? Number.POSITIVE_INFINITY
    const best = replicas.reduce((least, id) => (leaders(id) < leaders(least) ? id : least), first)
    if (leaders(first) - leaders(best) < 2) continue
    const after = [best, ...replicas.filter((id) => id !== best)]
    load.replace(replicas, after)
    planned[index] = after
  }
}
