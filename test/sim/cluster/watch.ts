import type { OwnedPartition } from '../../../src/shard/owned-partition.ts'
import { Violation } from '../world/world.ts'
import type { BrokerMachine } from './broker-machine.ts'

interface Watermark {
  highWatermark: number
}

/** Looks into the brokers after every event: what must hold at every moment, whoever can see it. */
export class Watch {
  readonly #brokers: readonly BrokerMachine[]
  /** By `topicId/partition/epoch`. */
  readonly #leaders = new Map<string, number>()
  /** The highest watermark under which a leader has shown records, by `topicId/partition`. */
  readonly shownUpTo: Map<string, number> = new Map()
  /** Of one replica in one life. */
  readonly #watermarks = new WeakMap<object, Watermark>()
  /** Terms that were looked at already: one object a term. */
  readonly #known = new WeakSet<object>()

  constructor(brokers: readonly BrokerMachine[]) {
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
    const { highWatermark, logEndOffset } = replica.position
    let known = this.#watermarks.get(replica)
    if (known === undefined) {
      known = { highWatermark: 0 }
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
}
