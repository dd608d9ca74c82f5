// hot: per fetch
/**
 * So long a partition in a new term waits for the fetch under way before the connection is given up. Where anything is written
 * the answer comes by itself by then; a new connection has to name every partition again, and its leader to answer for each.
 */
export const INTERRUPT_AFTER_MS: number = 5

/** Whether, and since when, a partition waits that the fetch under way does not name. */
export class Urgency {
  isRaised: boolean = false
  #sinceMs = 0

  raise(nowMs: number): void {
    if (!this.isRaised) this.#sinceMs = nowMs
    this.isRaised = true
  }

  /** How long the fetch under way may still take: 0 or less when the connection should be given up. */
  patienceMs(nowMs: number): number {
    return this.#sinceMs + INTERRUPT_AFTER_MS - nowMs
  }
}
