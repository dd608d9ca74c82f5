import type { ApiMetrics } from '../../broker/request-metrics.ts'
import type { CountersSnapshot } from '../../shard/counters.ts'

/** One partition of a shard, for the log metrics. */
export interface PartitionMetrics {
  readonly topic: string
  readonly partition: number
  readonly sizeBytes: number
  readonly logStartOffset: number
  readonly logEndOffset: number
  readonly isOffline: boolean
}

/** What one shard's thread tells when it is asked. Structured-clone-able. */
export interface ShardMetrics {
  readonly shard: number
  readonly counters: CountersSnapshot
  readonly requests: readonly ApiMetrics[]
  readonly connectionCount: number
  readonly arenaUsedBytes: number
  readonly partitions: readonly PartitionMetrics[]
}
