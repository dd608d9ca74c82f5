import type { OwnedPartition } from '../../../src/shard/owned-partition.ts'
import { Violation, type World } from '../world/world.ts'
import type { BrokerMachine } from './broker-machine.ts'

interface Watermark {
  highWatermark: number
}

/** Looks into the brokers after every event: what must hold at every moment, whoever can see it. */
export class Watch {
  readonly #world: World
  readonly #brokers: readonly BrokerMachine[]
  /** By `topicId/partition/epoch`. */
  readonly #leaders = new Map<string, number>()
  /** The highest watermark under which a leader has shown records, by `topicId/partition`. */
  readonly shownUpTo: Map<string, number> = new Map()
  /** Of one replica in one life. */
  readonly #watermarks = new WeakMap<object, Watermark>()
  /** Terms that were looked at already: one object a term. */
  readonly #known = new WeakSet<object>()

  /** For the trace: roles that were told already. */
  readonly #told = new WeakSet<object>()

  constructor(world: World, brokers: readonly BrokerMachine[]) {
    this.#world = world
    this.#brokers = brokers
  }

  look(): void {
    for (const broker of this.#brokers) {
      const { running } = broker
      if (running === undefined) continue
      for (const partition of running.path.shard.ownership.all()) this.#lookAt(broker, partition)
    }
  }

  #lookAt(broker: BrokerMachine, partition: OwnedPartition): void {
    const { replica, assignment, isOffline, isFollower } = partition
    if (replica === undefined || isOffline) return
    if (this.#world.isTraced) this.#tell(broker, partition)
    const { highWatermark, logEndOffset } = replica.position
    let known = this.#watermarks.get(replica)
    if (known === undefined) {
      known = { highWatermark }
      this.#watermarks.set(replica, known)
    }
    if (highWatermark < known.highWatermark) {
      const name = `${assignment.topic}-${assignment.partition}`
      throw new Violation(
        `the high watermark of ${name} on ${broker.address} falls from ${known.highWatermark} to ${highWatermark}`,
      )
    }
    if (highWatermark > logEndOffset) {
      throw new Violation(`${broker.address} has ${logEndOffset} of ${highWatermark} of ${assignment.topic}`)
    }
    if (isFollower) {
      known.highWatermark = highWatermark
      return
    }
    const isNew = highWatermark > known.highWatermark
    known.highWatermark = highWatermark
    // A term is one object; a partition with one replica has none, and nobody to disagree with.
    const { leadership } = partition
    if (leadership === null || (this.#known.has(leadership) && !isNew)) return
    const key = `${assignment.topicId}/${assignment.partition}`
    if (isNew) this.#countReplicas(broker, partition, highWatermark)
    if (isNew) this.shownUpTo.set(key, Math.max(highWatermark, this.shownUpTo.get(key) ?? 0))
    this.#known.add(leadership)
    const term = `${key}/${leadership.leaderEpoch}`
    const leader = this.#leaders.get(term)
    if (leader === undefined) this.#leaders.set(term, broker.id)
    else if (leader !== broker.id) {
      throw new Violation(
        `brokers ${leader} and ${broker.id} both lead ${assignment.topic}-${assignment.partition} in epoch ${leadership.leaderEpoch}`,
      )
    }
  }

  /** What counts as replicated is where it has to be. Of a replica that is down nothing is known. */
  #countReplicas(leader: BrokerMachine, { assignment }: OwnedPartition, highWatermark: number): void {
    const { topic, partition, topicId, role, config } = assignment
    const minimum = Math.min(config.minInSyncReplicas, role.replicas.length)
    let count = 0
    for (const id of role.replicas) {
      const replica = this.#replicaOn(id, topicId, partition)
      if (replica === undefined || replica.position.logEndOffset >= highWatermark) count += 1
    }
    if (count >= minimum) return
    throw new Violation(
      `${leader.address} shows ${topic}-${partition} up to ${highWatermark}, which ${count} of at least ${minimum} replicas have`,
    )
  }

  #replicaOn(id: number, topicId: string, partition: number): OwnedPartition['replica'] {
    for (const owned of this.#brokers[id - 1]?.running?.path.shard.ownership.all() ?? []) {
      if (owned.assignment.topicId === topicId && owned.assignment.partition === partition) return owned.replica
    }
    return undefined
  }

  #tell(broker: BrokerMachine, { assignment, replica, leadership }: OwnedPartition): void {
    const { topic, partition, role } = assignment
    const said = leadership?.inSyncReplicas ?? role
    if (this.#told.has(said)) return
    this.#told.add(said)
    const what = role.kind === 'leader' ? `leads, in sync ${role.inSyncReplicas.join(',')}` : `follows ${role.leader}`
    const { highWatermark = 0, logEndOffset = 0 } = replica?.position ?? {}
    this.#world.note(
      `${broker.address} ${what} in epoch ${role.leaderEpoch}/${role.partitionEpoch} of ${topic}-${partition}: ${highWatermark}/${logEndOffset}`,
    )
  }
}
