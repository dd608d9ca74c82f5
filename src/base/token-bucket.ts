/**
 * A rate that may be exceeded for a moment and is then paid for with waiting. Whoever spends asks first whether anything may be
 * spent, spends what it then turns out to be, and waits until that is paid off. Sees no clock: time is passed in.
 */
export class TokenBucket {
  readonly #burstMs: number
  #perMs = Infinity
  #tokens = 0
  #filledAtMs = 0

  /** @param burstMs so long a time's worth may be spent at once */
  constructor(burstMs: number) {
    this.#burstMs = burstMs
  }

  /** Tokens per millisecond; Infinity while there is no limit. */
  get perMs(): number {
    return this.#perMs
  }

  /** Another rate begins with a full bucket; the same one changes nothing. */
  setRate(perMs: number, nowMs: number): void {
    if (perMs === this.#perMs) return
    this.#perMs = perMs
    this.#tokens = Number.isFinite(perMs) ? perMs * this.#burstMs : 0
    this.#filledAtMs = nowMs
  }

  /** Milliseconds until anything may be spent; 0 = now. */
  waitMs(nowMs: number): number {
    if (this.#perMs === Infinity) return 0
    this.#fill(nowMs)
    return this.#tokens > 0 ? 0 : Math.ceil(-this.#tokens / this.#perMs) + 1
  }

  take(tokens: number, nowMs: number): void {
    if (this.#perMs === Infinity) return
    this.#fill(nowMs)
    this.#tokens -= tokens
  }

  #fill(nowMs: number): void {
    const filled = this.#tokens + (nowMs - this.#filledAtMs) * this.#perMs
    this.#tokens = Math.min(filled, this.#perMs * this.#burstMs)
    this.#filledAtMs = nowMs
  }
}
