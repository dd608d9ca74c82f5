// hot: per fetch of a follower
/**
 * What a leader knows of its followers, and what follows from it: the high watermark, and who is in sync. Lives as long
 * as one term of leadership of a partition with more than one replica. Sees no clock and sends nothing: time is passed
 * in, proposals are returned.
 *
 *   follower's fetch ─► how far it is ─► high watermark = least end over everybody who counts
 *                                    └─► in sync now? ─► proposal ─► controller's decision ─► committed set
 *
 * Who counts (KIP-497, the maximal set): the committed in-sync set *and* a proposed one while its outcome is unknown, and a
 * follower that has caught up and is about to be let in. So no outcome of a proposal can make an acknowledged record one
 * that a member of the set lacks.
 */
import { ErrorCode } from '../model/error-code.ts'
import type { InSyncDecision, LeaderRole } from './contract.ts'

/** How far one follower is, as its fetches tell. */
export class FollowerProgress {
  readonly id: number
  /** Where it fetches next: everything below is in its log. -1 until its first fetch of this term. */
  endOffset: number = -1
  logStartOffset: number = -1
  /** When it last had everything that the leader had, in monotonic milliseconds. */
  caughtUpAtMs: number
  fetchedAtMs: number
  /** Our log end at its last fetch: reaching that by the next one counts as keeping up. */
  leaderEndAtFetch: number

  constructor(id: number, isInSync: boolean, leaderEndOffset: number, nowMs: number) {
    this.id = id
    this.caughtUpAtMs = isInSync ? nowMs : Number.NEGATIVE_INFINITY
    this.fetchedAtMs = this.caughtUpAtMs
    this.leaderEndAtFetch = leaderEndOffset
  }

  noteFetch(fetchOffset: number, logStartOffset: number, leaderEndOffset: number, nowMs: number): void {
    if (fetchOffset >= leaderEndOffset) this.caughtUpAtMs = Math.max(this.caughtUpAtMs, nowMs)
    else if (fetchOffset >= this.leaderEndAtFetch) this.caughtUpAtMs = Math.max(this.caughtUpAtMs, this.fetchedAtMs)
    this.endOffset = fetchOffset
    this.logStartOffset = logStartOffset
    this.leaderEndAtFetch = Math.max(this.leaderEndAtFetch, leaderEndOffset)
    this.fetchedAtMs = nowMs
  }

  isCaughtUp(leaderEndOffset: number, nowMs: number, lagMaxMs: number): boolean {
    return this.endOffset === leaderEndOffset || nowMs - this.caughtUpAtMs <= lagMaxMs
  }
}

/** Whether a broker may be in sync: it is registered and not shutting down, as far as this node knows. */
export type IsEligible = (broker: number) => boolean

/** How a proposal stands. */
const NONE = 0
const SENT = 1
/** Nobody knows whether it took effect: it goes on counting and is sent again. */
const TO_REPEAT = 2
/** Refused for a reason that a newer role is on its way for: it goes on counting until that comes. */
const WAITS_FOR_ROLE = 3

export class Leadership {
  readonly leaderEpoch: number
  /** Our log end when the term began. Who is below it has none of this term's history. */
  readonly startOffset: number
  partitionEpoch: number
  replicas: readonly number[]
  /** As the controller has it. */
  inSyncReplicas: readonly number[]
  followers: readonly FollowerProgress[]

  readonly #self: number
  #proposed: readonly number[] | null = null
  #proposal: number = NONE
  #refusedUntilMs: number = Number.NEGATIVE_INFINITY

  constructor(role: LeaderRole, self: number, logEndOffset: number, nowMs: number) {
    this.leaderEpoch = role.leaderEpoch
    this.startOffset = logEndOffset
    this.partitionEpoch = role.partitionEpoch
    this.replicas = role.replicas
    this.inSyncReplicas = role.inSyncReplicas
    this.#self = self
    this.followers = this.#followersOf(role, [], logEndOffset, nowMs)
  }

  /** The controller changed replicas or in-sync set within the term. Older news is ignored. @returns whether it was newer */
  update(role: LeaderRole, logEndOffset: number, nowMs: number): boolean {
    if (role.leaderEpoch !== this.leaderEpoch || role.partitionEpoch <= this.partitionEpoch) return false
    this.partitionEpoch = role.partitionEpoch
    this.replicas = role.replicas
    this.inSyncReplicas = role.inSyncReplicas
    this.followers = this.#followersOf(role, this.followers, logEndOffset, nowMs)
    this.#proposed = null
    this.#proposal = NONE
    return true
  }

  follower(id: number): FollowerProgress | undefined {
    for (let index = 0; index < this.followers.length; index += 1) {
      const follower = this.followers[index]
      if (follower !== undefined && follower.id === id) return follower
    }
    return undefined
  }

  /** Whether acks=all must be refused, or not be confirmed: too few are in sync for the topic's rule. */
  isUnderMinimum(minInSyncReplicas: number): boolean {
    return this.inSyncReplicas.length < this.#effectiveMinimum(minInSyncReplicas)
  }

  /** The same for records that are replicated already: a proposed member counts. */
  isMaximalSetUnderMinimum(minInSyncReplicas: number): boolean {
    let size = this.inSyncReplicas.length
    for (const id of this.#proposed ?? []) if (!this.inSyncReplicas.includes(id)) size += 1
    return size < this.#effectiveMinimum(minInSyncReplicas)
  }

  /** Replicas that are assigned and not in sync. */
  get missingCount(): number {
    return this.replicas.length - this.inSyncReplicas.length
  }

  /** How far everybody who counts is; -1 when one of them has not been heard of, or nothing may be confirmed. */
  confirmedOffset(
    logEndOffset: number,
    minInSyncReplicas: number,
    nowMs: number,
    lagMaxMs: number,
    isEligible: IsEligible,
  ): number {
    if (this.isUnderMinimum(minInSyncReplicas)) return -1
    let confirmed = logEndOffset
    for (let index = 0; index < this.followers.length; index += 1) {
      const follower = this.followers[index] as FollowerProgress
      if (follower.endOffset >= confirmed) continue
      const counts =
        this.#isInMaximalSet(follower.id) ||
        (follower.isCaughtUp(logEndOffset, nowMs, lagMaxMs) && isEligible(follower.id))
      if (counts) confirmed = follower.endOffset
    }
    return confirmed
  }

  /** Where the log of every live replica starts at the latest: who has not said it in this term counts as knowing nothing. */
  lowWatermark(logStartOffset: number, isAlive: IsEligible): number {
    let lowest = logStartOffset
    for (const follower of this.followers) {
      if (follower.logStartOffset < lowest && isAlive(follower.id)) lowest = follower.logStartOffset
    }
    return lowest
  }

  /**
   * Whether `follower` should be let in.
   *
   * @returns the in-sync set to propose, or undefined
   */
  expansion(
    follower: FollowerProgress,
    highWatermark: number,
    nowMs: number,
    isEligible: IsEligible,
  ): readonly number[] | undefined {
    if (this.#proposal !== NONE || this.inSyncReplicas.includes(follower.id)) return undefined
    if (follower.endOffset < highWatermark || follower.endOffset < this.startOffset) return undefined
    if (nowMs < this.#refusedUntilMs || !isEligible(follower.id)) return undefined
    return this.#propose([...this.inSyncReplicas, follower.id])
  }

  /** Who has fallen behind for too long. @returns the in-sync set to propose, or undefined */
  reduction(logEndOffset: number, nowMs: number, lagMaxMs: number): readonly number[] | undefined {
    if (this.#proposal !== NONE || nowMs < this.#refusedUntilMs) return undefined
    const staying = this.inSyncReplicas.filter(
      (id) => id === this.#self || this.follower(id)?.isCaughtUp(logEndOffset, nowMs, lagMaxMs) === true,
    )
    return staying.length === this.inSyncReplicas.length ? undefined : this.#propose(staying)
  }

  /** A proposal whose outcome is unknown and which should be sent again. */
  repetition(): readonly number[] | undefined {
    if (this.#proposal !== TO_REPEAT || this.#proposed === null) return undefined
    this.#proposal = SENT
    return this.#proposed
  }

  /**
   * What became of a proposal of this term.
   *
   * @param retryAfterMs how long a refused follower is not proposed again
   * @returns whether the committed set may have changed
   */
  decide(decision: InSyncDecision, nowMs: number, retryAfterMs: number): boolean {
    if (this.#proposal !== SENT) return false
    switch (decision.code) {
      case ErrorCode.none:
        return this.#commit(decision)
      case ErrorCode.operationNotAttempted:
      case ErrorCode.ineligibleReplica:
        this.#proposed = null
        this.#proposal = NONE
        this.#refusedUntilMs = nowMs + retryAfterMs
        return false
      case ErrorCode.unknownTopicOrPartition:
      case ErrorCode.unknownTopicId:
      case ErrorCode.fencedLeaderEpoch:
      case ErrorCode.invalidUpdateVersion:
      case ErrorCode.invalidRequest:
        this.#proposal = WAITS_FOR_ROLE
        return false
      default:
        this.#proposal = TO_REPEAT
        return false
    }
  }

  #commit(decision: InSyncDecision): boolean {
    if (decision.leaderEpoch !== this.leaderEpoch || decision.partitionEpoch < this.partitionEpoch) {
      this.#proposal = WAITS_FOR_ROLE
      return false
    }
    this.partitionEpoch = decision.partitionEpoch
    this.inSyncReplicas = decision.inSyncReplicas
    this.#proposed = null
    this.#proposal = NONE
    return true
  }

  #propose(wanted: readonly number[]): readonly number[] {
    this.#proposed = wanted
    this.#proposal = SENT
    return wanted
  }

  #isInMaximalSet(id: number): boolean {
    return this.inSyncReplicas.includes(id) || this.#proposed?.includes(id) === true
  }

  #effectiveMinimum(minInSyncReplicas: number): number {
    return Math.min(minInSyncReplicas, this.replicas.length)
  }

  #followersOf(
    role: LeaderRole,
    known: readonly FollowerProgress[],
    logEndOffset: number,
    nowMs: number,
  ): readonly FollowerProgress[] {
    return role.replicas
      .filter((id) => id !== this.#self)
      .map(
        (id) =>
          known.find((follower) => follower.id === id) ??
          new FollowerProgress(id, role.inSyncReplicas.includes(id), logEndOffset, nowMs),
      )
  }
}
