// hot: per request

/** One more than the highest api key that is counted; higher ones are counted as the last. */
export const METRIC_KEYS: number = 128

const COUNT = 0
const ERRORS = 1
const TOTAL_MS = 2
const MAX_MS = 3
const ROW = 4

/** Upper bounds of the latency histogram, in milliseconds; the last bucket has none. */
export const LATENCY_BOUNDS_MS: readonly number[] = [0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100, 250, 500, 1000, 5000]
const BUCKETS = LATENCY_BOUNDS_MS.length + 1

/** What became of the requests of one API so far. Only grows, except `maxMs`. */
export interface ApiMetrics {
  readonly apiKey: number
  readonly count: number
  readonly errors: number
  /** From the frame's last byte to the hand-over of the answer. */
  readonly totalMs: number
  readonly maxMs: number
  /** Requests by latency: one number per bound of LATENCY_BOUNDS_MS, then those above all. Not cumulative. */
  readonly buckets: readonly number[]
}

/**
 * Counters of one worker in shared memory: the worker adds with plain stores, any thread may read. A reader may see a
 * request counted whose time is not added yet; nothing depends on that.
 */
export class RequestMetrics {
  readonly memory: SharedArrayBuffer
  readonly #rows: Float64Array
  readonly #buckets: Float64Array

  /** @param memory from another thread's `RequestMetrics`, to read what it counts */
  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(METRIC_KEYS * (ROW + BUCKETS) * 8)) {
    this.memory = memory
    this.#rows = new Float64Array(memory, 0, METRIC_KEYS * ROW)
    this.#buckets = new Float64Array(memory, METRIC_KEYS * ROW * 8)
  }

  count(apiKey: number, tookMs: number, isFailed: boolean): void {
    const key = apiKey >= 0 && apiKey < METRIC_KEYS ? apiKey : METRIC_KEYS - 1
    const rows = this.#rows
    const row = key * ROW
    rows[row + COUNT] = (rows[row + COUNT] as number) + 1
    rows[row + TOTAL_MS] = (rows[row + TOTAL_MS] as number) + tookMs
    if (tookMs > (rows[row + MAX_MS] as number)) rows[row + MAX_MS] = tookMs
    if (isFailed) rows[row + ERRORS] = (rows[row + ERRORS] as number) + 1
    let bucket = 0
    while (bucket < BUCKETS - 1 && tookMs > (LATENCY_BOUNDS_MS[bucket] as number)) bucket += 1
    const at = key * BUCKETS + bucket
    this.#buckets[at] = (this.#buckets[at] as number) + 1
  }

  /** Every API that was asked for at least once. */
  snapshot(): readonly ApiMetrics[] {
    const found: ApiMetrics[] = []
    for (let apiKey = 0; apiKey < METRIC_KEYS; apiKey += 1) {
      const row = apiKey * ROW
      const count = this.#rows[row + COUNT] ?? 0
      if (count === 0) continue
      found.push({
        apiKey,
        count,
        errors: this.#rows[row + ERRORS] ?? 0,
        totalMs: this.#rows[row + TOTAL_MS] ?? 0,
        maxMs: this.#rows[row + MAX_MS] ?? 0,
        buckets: [...this.#buckets.subarray(apiKey * BUCKETS, (apiKey + 1) * BUCKETS)],
      })
    }
    return found
  }
}
