import type { OwnedPartition } from '../../../src/shard/owned-partition.ts'
import { Violation, type World } from '../world/world.ts'
import type { BrokerMachine } from './broker-machine.ts'

/** Simulated time between two looks: what is wrong stays so until a follower has fetched again, and every event would be dear. */
const LOOK_EVERY_MS = 3

/**
 * The rule that makes an election clean: what a leader shows as replicated is on everybody whom the controller would elect, now.
 * An election that would lose something seldom comes at just that moment, so the moment itself is looked for.
 */
export class InSyncWatch {
  readonly #world: World
  readonly #brokers: readonly BrokerMachine[]
  #nextLookMs = 0

  constructor(world: World, brokers: readonly BrokerMachine[]) {
    this.#world = world
    this.#brokers = brokers
  }

  look(): void {
    if (this.#world.nowMs < this.#nextLookMs) return
    this.#nextLookMs = this.#world.nowMs + LOOK_EVERY_MS
    for (const broker of this.#brokers) {
      for (const partition of broker.running?.path.shard.ownership.all() ?? []) {
        const { replica, leadership, isOffline } = partition
        if (replica === undefined || leadership === null || isOffline) continue
        this.#judge(broker, partition, replica.position.highWatermark)
      }
    }
  }

  #judge(leader: BrokerMachine, { assignment, leadership }: OwnedPartition, highWatermark: number): void {
    const { topic, topicId, partition } = assignment
    for (const id of this.#committed(assignment, leadership)) {
      const member = this.#inTerm(id, topicId, partition, assignment.leaderEpoch)
      if (member === undefined || member.position.logEndOffset >= highWatermark) continue
      throw new Violation(
        `${topic}-${partition} is shown up to ${highWatermark} by ${leader.address}; broker ${id}, in sync, has ${member.position.logEndOffset}`,
      )
    }
  }

  /** The in-sync set of the term as the controller has told it last: to anybody, or to the leader. */
  #committed(
    { topic, topicId, partition, leaderEpoch }: OwnedPartition['assignment'],
    leadership: OwnedPartition['leadership'],
  ): readonly number[] {
    let partitionEpoch = leadership?.partitionEpoch ?? -1
    let inSync = leadership?.inSyncReplicas ?? []
    for (const { running } of this.#brokers) {
      const view = running?.path.view.topic(topic)
      const told = view?.topicId === topicId ? view.partitions[partition] : undefined
      // Of the same epoch the controller's word counts.
      if (told === undefined || told.leaderEpoch !== leaderEpoch || told.partitionEpoch < partitionEpoch) continue
      partitionEpoch = told.partitionEpoch
      inSync = told.inSyncReplicas
    }
    return inSync
  }

  /** A member's replica, where it has heard of this term: in another it may have lost something, of which the controller knows. */
  #inTerm(id: number, topicId: string, number: number, leaderEpoch: number): OwnedPartition['replica'] {
    for (const { assignment, replica, isOffline } of this.#brokers[id - 1]?.running?.path.shard.ownership.all() ?? []) {
      const isSame = assignment.topicId === topicId && assignment.partition === number
      if (isSame && !isOffline && assignment.leaderEpoch === leaderEpoch) return replica
    }
    return undefined
  }
}
