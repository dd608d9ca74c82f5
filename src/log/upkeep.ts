/**
 * Shares the cost of background work among the partitions of a shard: with ten thousand of them due at once, each gets
 * its turn, and the turns of the loop stay short.
 */

/** A checkpoint that creates files takes up to 1 ms, any other 0.05 ms: together a few percent of the thread. */
export const CHECKPOINTS_PER_SECOND_MAX: number = 100
/** Background syncs under way: the platform has four threads for all disk work, and acknowledged syncs come first. */
export const BACKGROUND_SYNCS_MAX: number = 2

export class Upkeep {
  #allowance: number = CHECKPOINTS_PER_SECOND_MAX
  #countedAtMs: number = 0
  #syncs: number = 0

  /** Whether a checkpoint that may wait can be taken now. */
  mayCheckpoint(wallMs: number): boolean {
    const passedMs = Math.abs(wallMs - this.#countedAtMs)
    if (passedMs >= 100) {
      this.#countedAtMs = wallMs
      const earned = (Math.min(passedMs, 1000) * CHECKPOINTS_PER_SECOND_MAX) / 1000
      this.#allowance = Math.min(CHECKPOINTS_PER_SECOND_MAX, this.#allowance + earned)
    }
    if (this.#allowance < 1) return false
    this.#allowance -= 1
    return true
  }

  /** One compaction at a time: it has a large map. */
  isCleaning: boolean = false

  get maySync(): boolean {
    return this.#syncs < BACKGROUND_SYNCS_MAX
  }

  syncStarted(): void {
    this.#syncs += 1
  }

  syncEnded(): void {
    this.#syncs -= 1
  }
}
