import type { FollowedPartition, FollowerPosition } from '../../shard/contract.ts'

/**
 * The first pause after a failure; each further one is twice as long, up to `replica.fetch.backoff.ms`. Mostly the leader has
 * not heard of its term yet, and hears of it within milliseconds: producers wait as long as we do.
 */
const FIRST_BACKOFF_MS = 5
/** So often in a row a failure may be one that the next try ends: leader and follower hear of a new term at different times. */
const PASSING_FAILURES = 8

/** One partition in one term, as its fetcher sees it. A new term makes a new one. */
export class FetchedPartition {
  readonly what: FollowedPartition
  /** As of the last look at the log. */
  fetchOffset: number = 0
  logStartOffset: number = 0
  lastFetchedEpoch: number = -1
  /** How far behind the leader's high watermark, in offsets. */
  lag: number = 0
  /** The leader's session knows it, as of the last request. */
  isInSession: boolean = false
  /** It was named in a request; before that no answer can be about it. */
  isNamed: boolean = false
  /** Monotonic milliseconds until which it is left out; 0 = it is not. */
  delayedUntilMs: number = 0
  /** What it wants lies outside the leader's log: the leader is asked where its log begins and ends. */
  isOutOfRange: boolean = false
  #failures = 0

  constructor(what: FollowedPartition) {
    this.what = what
  }

  /** @returns whether the leader must be told something new */
  lookAt(position: FollowerPosition): boolean {
    const isSame =
      this.fetchOffset === position.logEndOffset &&
      this.logStartOffset === position.logStartOffset &&
      this.lastFetchedEpoch === position.latestEpoch
    this.fetchOffset = position.logEndOffset
    this.logStartOffset = position.logStartOffset
    this.lastFetchedEpoch = position.latestEpoch
    return !isSame
  }

  /** Worth an interruption of the others' fetch: it is new, or has only just failed. */
  get isUrgent(): boolean {
    return this.#failures <= PASSING_FAILURES
  }

  get hasFailed(): boolean {
    return this.#failures > 0
  }

  succeeded(): void {
    this.#failures = 0
  }

  delay(nowMs: number, backoffMaxMs: number): void {
    this.delayedUntilMs = nowMs + Math.min(backoffMaxMs, FIRST_BACKOFF_MS * 2 ** Math.min(this.#failures, 16))
    this.#failures += 1
  }
}
