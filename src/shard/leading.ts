// hot: per fetch of a follower
import type { Clock, Logger, TimerHandle, Timers } from '../io/ports.ts'
import { ErrorCode, errorName } from '../model/error-code.ts'
import type { InSyncDecision, InSyncProposal } from '../partition/contract.ts'
import type { IsEligible, Leadership } from '../partition/leadership.ts'
import type { ReadSlot, ShardCounters } from './contract.ts'
import type { OwnedPartition } from './owned-partition.ts'
import type { LeaderLessons } from './reads.ts'

/** Before a proposal whose outcome nobody knows is sent again. */
const REPEAT_MS = 500
/** Before a follower that the controller refused is proposed again. */
const REFUSED_MS = 1000
/** How often laggards are looked for, as a share of what they are allowed: they leave after 1 to 1.5 times that. */
const LOOKS_PER_LAG = 2

/** What leading needs from the rest of the shard and from the node. */
export interface LeadingHost {
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
  readonly counters: ShardCounters
  /** `replica.lag.time.max.ms` */
  readonly lagMaxMs: number
  /** Nobody is shown, or told of, what a loss of power may take back here. Followers say how far they are durable. */
  readonly isAckDurable: boolean
  readonly isEligible: IsEligible
  /** Asks the controller. Resolves with its decision or the reason why there is none; never rejects. */
  readonly propose: (proposal: InSyncProposal) => Promise<InSyncDecision>
  /** Every partition of the shard. */
  readonly partitions: () => Iterable<OwnedPartition>
  /** Answers who waits for the watermarks of `partition`, and wakes its readers. */
  readonly conclude: (partition: OwnedPartition) => void
  /** A follower's log start may have moved, and deletions wait for that. */
  readonly lookAtDeletions: (partition: OwnedPartition) => void
  readonly scheduleTurn: () => void
}

/** What a shard does for the followers of the partitions that it leads. The rules are in `partition/leadership.ts`. */
export class Leading implements LeaderLessons {
  readonly #host: LeadingHost
  #timer: TimerHandle | undefined

  constructor(host: LeadingHost) {
    this.#host = host
  }

  followerRead(partition: OwnedPartition, slot: ReadSlot): void {
    const { leadership, replica } = partition
    const follower = leadership?.follower(slot.replicaId)
    if (leadership === null || replica === undefined || follower === undefined) return
    const nowMs = this.#host.clock.monotonicMs()
    const { logEndOffset, highWatermark } = replica.position
    follower.noteFetch(slot.fromOffset, slot.replicaLogStart, logEndOffset, nowMs)
    if (partition.deletions !== null) this.#host.lookAtDeletions(partition)
    if (leadership.missingCount > 0) {
      const wanted = leadership.expansion(follower, highWatermark, nowMs, this.#host.isEligible)
      if (wanted !== undefined) this.#propose(partition, leadership, wanted)
    }
    if (highWatermark === logEndOffset) return
    this.#host.conclude(partition)
    // It may have answered appends and woken readers, and this may be outside a turn.
    this.#host.scheduleTurn()
  }

  nearest(partition: OwnedPartition, slot: ReadSlot): number {
    const { leadership } = partition
    let best = -1
    let bestEnd = -1
    for (const follower of leadership?.followers ?? []) {
      const isUsable =
        slot.nearReplicas.includes(follower.id) &&
        leadership?.inSyncReplicas.includes(follower.id) === true &&
        follower.endOffset >= slot.fromOffset &&
        follower.logStartOffset <= slot.fromOffset
      if (!isUsable || follower.endOffset <= bestEnd) continue
      best = follower.id
      bestEnd = follower.endOffset
    }
    return best
  }

  /** Moves the high watermark as far as everybody who counts has come. Called for partitions with followers only. */
  advance(partition: OwnedPartition, leadership: Leadership): void {
    const { replica, assignment } = partition
    if (replica === undefined) return
    const { logEndOffset, highWatermark } = replica.position
    if (highWatermark === logEndOffset) return
    const { clock, lagMaxMs, isEligible, isAckDurable } = this.#host
    const minimum = assignment.config.minInSyncReplicas
    let confirmed = leadership.confirmedOffset(logEndOffset, minimum, clock.monotonicMs(), lagMaxMs, isEligible)
    if (isAckDurable && confirmed > replica.durableEndOffset) {
      confirmed = replica.durableEndOffset
      partition.isSyncDue = true
    }
    if (confirmed > highWatermark) replica.advanceHighWatermark(confirmed)
  }

  /** A partition has followers now: laggards among them will be looked for. */
  watch(): void {
    if (this.#timer !== undefined) return
    this.#timer = this.#host.timers.start(this.#host.lagMaxMs / LOOKS_PER_LAG, () => {
      this.#timer = undefined
      if (this.#lookForLaggards()) this.watch()
    })
  }

  stop(): void {
    if (this.#timer !== undefined) this.#host.timers.cancel(this.#timer)
    this.#timer = undefined
  }

  /** @returns whether there is anything to look at next time */
  #lookForLaggards(): boolean {
    const nowMs = this.#host.clock.monotonicMs()
    let hasFollowers = false
    for (const partition of this.#host.partitions()) {
      const { leadership, replica } = partition
      if (leadership === null || replica === undefined || partition.isOffline) continue
      hasFollowers = true
      const wanted = leadership.reduction(replica.position.logEndOffset, nowMs, this.#host.lagMaxMs)
      if (wanted !== undefined) this.#propose(partition, leadership, wanted)
    }
    return hasFollowers
  }

  #propose(partition: OwnedPartition, leadership: Leadership, wanted: readonly number[]): void {
    const { topic, topicId, partition: number, handle } = partition.assignment
    const { leaderEpoch, partitionEpoch } = leadership
    const proposal = { topic, topicId, partition: number, handle, leaderEpoch, partitionEpoch, inSyncReplicas: wanted }
    void this.#host.propose(proposal).then((decision) => this.#decided(partition, leadership, decision))
  }

  #decided(partition: OwnedPartition, leadership: Leadership, decision: InSyncDecision): void {
    // The term is over: whoever leads now has asked, or will ask, for itself.
    if (partition.leadership !== leadership || partition.isClosed) return
    const { clock, counters, log, timers } = this.#host
    const { topic, partition: number } = partition.assignment
    const before = leadership.inSyncReplicas
    const hasChanged = leadership.decide(decision, clock.monotonicMs(), REFUSED_MS)
    if (hasChanged) {
      const after = leadership.inSyncReplicas
      if (after.length < before.length) counters.inSyncShrinks += 1
      if (after.length > before.length) counters.inSyncExpands += 1
      log.info(`${topic}-${number} has ${after.join(',')} in sync, before ${before.join(',')}`, {
        topic,
        partition: number,
        leaderEpoch: leadership.leaderEpoch,
        partitionEpoch: leadership.partitionEpoch,
      })
      this.#host.conclude(partition)
      this.#host.scheduleTurn()
      return
    }
    counters.failedInSyncUpdates += 1
    const sentence = `the controller did not change the in-sync set of ${topic}-${number}: ${errorName(decision.code)}`
    log.debug(sentence, { topic, partition: number, code: decision.code })
    if (decision.code === ErrorCode.none) return
    timers.start(REPEAT_MS, () => {
      if (partition.leadership !== leadership || partition.isClosed) return
      const again = leadership.repetition()
      if (again !== undefined) this.#propose(partition, leadership, again)
    })
  }
}
