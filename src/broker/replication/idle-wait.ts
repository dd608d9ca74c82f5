/** Empty answers in a row before a leader may hold a fetch longer: by then it has told all that it had to tell. */
const EMPTY_ANSWERS = 4
/** No longer than this, and no more than a share of what a follower may be silent: it must not be taken for lagging. */
const IDLE_WAIT_MAX_MS = 2_000
const LAG_SHARE = 4

/**
 * How long the leader may hold the next fetch. A fetch touches every partition of its session, on both sides: with thousands
 * of idle ones, asking twice a second is most of what an idle cluster does. News end the wait at once, however long it may be;
 * what they leave to be said (the high watermark that has moved since) is said within `replica.fetch.wait.max.ms` again.
 */
export class IdleWait {
  readonly #waitMs: number
  readonly #idleWaitMaxMs: number
  #emptyCount = 0

  /**
   * @param waitMs `replica.fetch.wait.max.ms`
   * @param lagMaxMs `replica.lag.time.max.ms`
   */
  constructor(waitMs: number, lagMaxMs: number) {
    this.#waitMs = waitMs
    this.#idleWaitMaxMs = Math.max(waitMs, Math.min(IDLE_WAIT_MAX_MS, lagMaxMs / LAG_SHARE))
  }

  /** @param isEmpty it named no partition */
  answered(isEmpty: boolean): void {
    this.#emptyCount = isEmpty ? this.#emptyCount + 1 : 0
  }

  /** For the next fetch. @param isSettled nothing is fetched that lags, and nothing is left out for a while */
  ms(isSettled: boolean): number {
    if (!isSettled || this.#emptyCount < EMPTY_ANSWERS) return this.#waitMs
    return this.#idleWaitMaxMs
  }
}
