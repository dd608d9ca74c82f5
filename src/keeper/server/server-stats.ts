// hot: per request
/** Buckets of one millisecond up to here; above it sixteen for every power of two. */
const EXACT_MS = 64
const BUCKETS = EXACT_MS + 26 * 16

/** Least, mean, greatest and percentiles of a duration in whole milliseconds, as ZooKeeper's summaries are. */
export class LatencySummary {
  count = 0
  minMs = 0
  maxMs = 0
  sumMs = 0

  record(durationMs: number): void {
    const rounded = durationMs > 0 ? Math.floor(durationMs) : 0
    if (this.count === 0 || rounded < this.minMs) this.minMs = rounded
    if (rounded > this.maxMs) this.maxMs = rounded
    this.count += 1
    this.sumMs += rounded
  }

  get averageMs(): number {
    return this.count === 0 ? 0 : this.sumMs / this.count
  }

  reset(): void {
    this.count = 0
    this.minMs = 0
    this.maxMs = 0
    this.sumMs = 0
  }
}

/** A summary that knows its percentiles too, to within a sixteenth. */
export class LatencyHistogram extends LatencySummary {
  readonly #buckets: Uint32Array = new Uint32Array(BUCKETS)

  override record(durationMs: number): void {
    super.record(durationMs)
    const bucket = bucketOf(durationMs > 0 ? Math.floor(durationMs) : 0)
    this.#buckets[bucket] = (this.#buckets[bucket] ?? 0) + 1
  }

  override reset(): void {
    super.reset()
    this.#buckets.fill(0)
  }

  /** @param part 0.5 for the median @returns milliseconds */
  percentileMs(part: number): number {
    let left = Math.ceil(this.count * part)
    if (left === 0) return 0
    for (const [bucket, count] of this.#buckets.entries()) {
      left -= count
      if (left <= 0) return floorOfBucket(bucket)
    }
    return this.maxMs
  }
}

function bucketOf(valueMs: number): number {
  if (valueMs < EXACT_MS) return valueMs
  const bounded = Math.min(valueMs, 0x7fff_ffff)
  const power = 31 - Math.clz32(bounded)
  return EXACT_MS + (power - 6) * 16 + ((bounded >> (power - 4)) & 15)
}

function floorOfBucket(bucket: number): number {
  if (bucket < EXACT_MS) return bucket
  const power = 6 + ((bucket - EXACT_MS) >> 4)
  return (16 + ((bucket - EXACT_MS) & 15)) * 2 ** (power - 4)
}

/** Counters that the monitoring commands show. What `srst` sets back is in `reset`; the rest only grows. */
export class ServerStats {
  receivedCount = 0
  sentCount = 0
  readonly latency: LatencySummary = new LatencySummary()
  readonly readLatency: LatencyHistogram = new LatencyHistogram()
  readonly updateLatency: LatencyHistogram = new LatencyHistogram()
  readonly syncTime: LatencyHistogram = new LatencyHistogram()
  readonly snapshotTime: LatencyHistogram = new LatencyHistogram()
  receivedBytes = 0
  sentBytes = 0
  connectionRequestCount = 0
  connectionRejectedCount = 0
  connectionDropCount = 0
  expiredSessionCount = 0
  sessionlessExpiredCount = 0
  authFailedCount = 0
  oversizeRequestCount = 0
  /** TLS handshakes that came to nothing, certificates that were refused. */
  unsuccessfulHandshakeCount = 0
  /** Sizes of replies; -1 before the first. */
  lastReplyBytes = -1
  minReplyBytes = -1
  maxReplyBytes = -1
  /** Connections that came without TLS, from this machine and from others. */
  plainLocalCount = 0
  plainRemoteCount = 0
  /** Connections closed because there were too many TLS handshakes under way. */
  handshakesExceededCount = 0
  /** Clients that named the ensemble that they expect. */
  readonly ensembleAuth: { successCount: number; failureCount: number; skippedCount: number } = {
    successCount: 0,
    failureCount: 0,
    skippedCount: 0,
  }
  unrecoverableErrorCount = 0
  proposedCount = 0
  /** Transactions that became durable together, and those undecided when they had. */
  readonly groupSize: LatencyHistogram = new LatencyHistogram()
  readonly undecidedCount: LatencyHistogram = new LatencyHistogram()
  /** Requests of a session that waited when a write of it was decided. */
  readonly sessionQueueSize: LatencyHistogram = new LatencyHistogram()
  readonly startTime: LatencyHistogram = new LatencyHistogram()
  readonly startTxnCount: LatencyHistogram = new LatencyHistogram()
  /** How often there was so much undecided that reading stopped. */
  throttleWaitCount = 0
  /** Tokens of the connection throttle that were out when a session came in. */
  readonly tokenDeficit: LatencyHistogram = new LatencyHistogram()
  /** Requests to the admin server without TLS. */
  insecureAdminCount = 0
  snapshotErrorCount = 0
  snapshotRateLimitedCount = 0
  restoreErrorCount = 0
  restoreRateLimitedCount = 0
  readonly restoreTime: LatencyHistogram = new LatencyHistogram()
  /** TLS handshakes under way; whoever opens the ports says so. */
  handshakeCount: () => number = () => 0
  revalidationCount = 0
  digestMismatchCount = 0
  committedCount = 0

  reset(): void {
    this.receivedCount = 0
    this.sentCount = 0
    this.latency.reset()
  }
}
