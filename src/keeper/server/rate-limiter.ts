/** Lets something happen once in an interval, counted from when it was last let. */
export class RateLimiter {
  readonly #intervalMs: number
  #lastMs = Number.NEGATIVE_INFINITY

  constructor(intervalMs: number) {
    this.#intervalMs = intervalMs
  }

  allow(nowMs: number): boolean {
    if (nowMs - this.#lastMs <= this.#intervalMs) return false
    this.#lastMs = nowMs
    return true
  }
}
