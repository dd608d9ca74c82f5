import type { ApiMetrics } from '../../broker/request-metrics.ts'
import type { FetchingMetrics } from '../../broker/replication/replica-fetchers.ts'
import type { GroupFigures } from '../../broker/groups/figures.ts'
import type { CountersSnapshot } from '../../shard/counters.ts'

/** One partition of a shard, for the log metrics. */
export interface PartitionMetrics {
  readonly topic: string
  readonly partition: number
  readonly sizeBytes: number
  readonly logStartOffset: number
  readonly logEndOffset: number
  readonly highWatermark: number
  readonly isOffline: boolean
  /** Whether this node leads it. */
  readonly isLeader: boolean
  readonly leader: number
  readonly replicas: readonly number[]
  readonly inSyncCount: number
  /** `min.insync.replicas` */
  readonly inSyncMin: number
  /** Partitions of its topic. */
  readonly partitionCount: number
}

/** What one shard's thread tells when it is asked. Structured-clone-able. */
export interface ShardMetrics {
  readonly shard: number
  readonly counters: CountersSnapshot
  readonly requests: readonly ApiMetrics[]
  readonly connectionCount: number
  readonly arenaUsedBytes: number
  readonly partitions: readonly PartitionMetrics[]
  /** The groups whose coordinator is here. */
  readonly groups: readonly GroupFigures[]
  /** What is fetched from leaders elsewhere. */
  readonly fetching: FetchingMetrics
  /** The whole cluster, as this node knows it. */
  readonly brokers: readonly { readonly id: number; readonly address: string }[]
}
