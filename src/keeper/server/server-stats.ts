/** Counters that the monitoring commands show. */
export class ServerStats {
  receivedCount = 0
  sentCount = 0
  readonly latency: LatencySummary = new LatencySummary()

  reset(): void {
    this.receivedCount = 0
    this.sentCount = 0
    this.latency.reset()
  }
}

/** Least, mean and greatest of a duration. */
export class LatencySummary {
  count = 0
  minMs = 0
  maxMs = 0
  #sumMs = 0

  record(durationMs: number): void {
    const rounded = Math.max(0, Math.floor(durationMs))
    if (this.count === 0 || rounded < this.minMs) this.minMs = rounded
    if (rounded > this.maxMs) this.maxMs = rounded
    this.count += 1
    this.#sumMs += rounded
  }

  get averageMs(): number {
    return this.count === 0 ? 0 : this.#sumMs / this.count
  }

  reset(): void {
    this.count = 0
    this.minMs = 0
    this.maxMs = 0
    this.#sumMs = 0
  }
}
