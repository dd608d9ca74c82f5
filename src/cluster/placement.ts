/** Which brokers keep the replicas of a partition, and which shard and directory of this node. */
import type { BrokerView } from './contract.ts'

/** Where this node keeps a replica. */
export interface LocalPlace {
  readonly handle: number
  /** -1 when no replica is here. */
  readonly shard: number
  readonly directory: string
  /** The log directory to which it is being moved; absent or '' = none. */
  readonly movingTo?: string
}

/** Wishes for replicas that are not here yet: an operator's, who moves partitions here. One more is not kept, and said to be so. */
const WISHES_MAX = 100_000

/** The two random numbers of one placement: where it begins and how far replicas are spread. Both below the broker count. */
export interface PlacementSeed {
  readonly start: number
  readonly shift: number
}

/**
 * Replicas for partitions `from` … `from + count - 1`: leaders go round the brokers, followers of successive rounds are
 * shifted so that a lost broker's load spreads over all others. With racks, replicas of a partition avoid sharing one.
 *
 * @param brokers live brokers, at least `replicationFactor`; either all or none have a rack
 * @returns replicas by partition, the preferred leader first
 */
export function placeReplicas(
  brokers: readonly BrokerView[],
  from: number,
  count: number,
  replicationFactor: number,
  seed: PlacementSeed,
): ReadonlyMap<number, readonly number[]> {
  const racks = new Map(brokers.map((broker) => [broker.id, broker.rack ?? '']))
  const hasRacks = brokers.some((broker) => broker.rack !== null)
  const ids = hasRacks ? alternateRacks(brokers) : brokers.map((broker) => broker.id)
  const rackCount = hasRacks ? new Set(racks.values()).size : 1
  const assignment = new Map<number, readonly number[]>()
  let shift = seed.shift
  for (let partition = from; partition < from + count; partition += 1) {
    if (partition > 0 && partition % ids.length === 0) shift += 1
    const first = (partition + seed.start) % ids.length
    assignment.set(
      partition,
      hasRacks
        ? rackAwareReplicas(ids, racks, rackCount, first, shift, replicationFactor)
        : shiftedReplicas(ids, first, shift, replicationFactor),
    )
  }
  return assignment
}

function shiftedReplicas(ids: readonly number[], first: number, shift: number, replicationFactor: number): number[] {
  const replicas = [ids[first] ?? -1]
  for (let follower = 0; follower < replicationFactor - 1; follower += 1) {
    replicas.push(ids[followerIndex(first, shift, follower, ids.length)] ?? -1)
  }
  return replicas
}

function followerIndex(first: number, shift: number, follower: number, brokerCount: number): number {
  return (first + 1 + ((shift + follower) % Math.max(1, brokerCount - 1))) % brokerCount
}

function rackAwareReplicas(
  ids: readonly number[],
  racks: ReadonlyMap<number, string>,
  rackCount: number,
  first: number,
  shift: number,
  replicationFactor: number,
): number[] {
  const leader = ids[first] ?? -1
  const replicas = [leader]
  const usedRacks = new Set([racks.get(leader)])
  const used = new Set(replicas)
  let step = 0
  while (replicas.length < replicationFactor) {
    const candidate = ids[followerIndex(first, shift * rackCount, step, ids.length)] ?? -1
    step += 1
    const isRackTaken = usedRacks.has(racks.get(candidate)) && usedRacks.size < rackCount
    const isBrokerTaken = used.has(candidate) && used.size < ids.length
    if (isRackTaken || isBrokerTaken) continue
    replicas.push(candidate)
    used.add(candidate)
    usedRacks.add(racks.get(candidate))
  }
  return replicas
}

/** Brokers one per rack in turn, racks by name, ids ascending. */
function alternateRacks(brokers: readonly BrokerView[]): number[] {
  const byRack = new Map<string, number[]>()
  for (const broker of [...brokers].sort((left, right) => left.id - right.id)) {
    const rack = broker.rack ?? ''
    byRack.set(rack, [...(byRack.get(rack) ?? []), broker.id])
  }
  const queues = [...byRack.keys()].sort().map((rack) => byRack.get(rack) ?? [])
  const ids: number[] = []
  for (let round = 0; ids.length < brokers.length; round += 1) {
    for (const queue of queues) {
      const id = queue[round]
      if (id !== undefined) ids.push(id)
    }
  }
  return ids
}

/** Where on this node a replica goes. Handles are never used twice: an answer that is still under way keeps its meaning. */
export class LocalPlacement {
  readonly #shardCount: number
  readonly #partitionCounts: Map<string, number>
  readonly #existing: Map<string, string>
  readonly #futures: Map<string, string>
  /** Where replicas shall lie that are not here yet. */
  readonly #wished = new Map<string, string>()
  #nextHandle: number = 0

  /**
   * @param existing directory by `topic-partition`, of the replicas found on disk at start
   * @param futures the same of those that were being moved
   */
  constructor(
    shardCount: number,
    logDirectories: readonly string[],
    existing: ReadonlyMap<string, string>,
    futures: ReadonlyMap<string, string> = new Map(),
  ) {
    this.#shardCount = shardCount
    this.#futures = new Map(futures)
    this.#partitionCounts = new Map(logDirectories.map((directory) => [directory, 0]))
    this.#existing = new Map(existing)
  }

  /**
   * A place for a replica that is kept here: where its files already lie, else where it was wished to be, else the directory with
   * the fewest partitions. A move that was under way goes on.
   */
  here(topic: string, partition: number): LocalPlace {
    const name = `${topic}-${partition}`
    const directory = this.#existing.get(name) ?? this.#wished.get(name) ?? this.#leastUsed()
    const movingTo = this.#futures.get(name) ?? ''
    this.#wished.delete(name)
    this.#futures.delete(name)
    this.#count(directory, 1)
    return { handle: this.#takeHandle(), shard: shardOf(topic, partition, this.#shardCount), directory, movingTo }
  }

  /** Whether it is a log directory of this node. */
  knows(directory: string): boolean {
    return this.#partitionCounts.has(directory)
  }

  /** Should the replica come here, it shall lie in `directory`. @returns false when there are too many such wishes */
  wish(topic: string, partition: number, directory: string): boolean {
    const name = `${topic}-${partition}`
    if (this.#wished.size >= WISHES_MAX && !this.#wished.has(name)) return false
    this.#wished.set(name, directory)
    return true
  }

  /** A replica lies in `directory` from now on. */
  moved(topic: string, partition: number, from: string, directory: string): void {
    if (this.#existing.has(`${topic}-${partition}`)) this.#existing.set(`${topic}-${partition}`, directory)
    this.#count(from, -1)
    this.#count(directory, 1)
  }

  /** Another node's replica: it has a handle to be known by, and no more. */
  elsewhere(): LocalPlace {
    return { handle: this.#takeHandle(), shard: -1, directory: '' }
  }

  /** Whether files of the replica lie here, as far as they were found at start. */
  hasFiles(topic: string, partition: number): boolean {
    return this.#existing.has(`${topic}-${partition}`) || this.#futures.has(`${topic}-${partition}`)
  }

  /** A replica has left this node, with its files. */
  free(topic: string, partition: number, place: LocalPlace): void {
    this.#existing.delete(`${topic}-${partition}`)
    if (this.#partitionCounts.has(place.directory)) this.#count(place.directory, -1)
  }

  #count(directory: string, change: number): void {
    this.#partitionCounts.set(directory, (this.#partitionCounts.get(directory) ?? 0) + change)
  }

  #takeHandle(): number {
    this.#nextHandle += 1
    return this.#nextHandle - 1
  }

  #leastUsed(): string {
    let least = ''
    let fewest = Number.POSITIVE_INFINITY
    for (const [directory, count] of this.#partitionCounts) {
      if (count >= fewest) continue
      least = directory
      fewest = count
    }
    return least
  }
}

/** The same shard after every restart; the partitions of one topic take turns, so that one topic uses every shard. */
export function shardOf(topic: string, partition: number, shardCount: number): number {
  let hash = 0
  for (let at = 0; at < topic.length; at += 1) hash = (Math.imul(hash, 31) + topic.charCodeAt(at)) >>> 0
  return (hash + partition) % shardCount
}
