import type { Broker } from '../../broker/broker.ts'
import type { ReplicaFetchers } from '../../broker/replication/replica-fetchers.ts'
import type { GroupCoordinator } from '../../broker/groups/group-coordinator.ts'
import type { ClusterView } from '../../cluster/view.ts'
import type { Shard } from '../../shard/shard.ts'
import type { PartitionMetrics, ShardMetrics } from './shard-metrics.ts'

/** What a shard's thread is made of, as far as it has figures. */
export interface MetricsSources {
  readonly shard: Shard
  readonly broker: Broker
  readonly groups: GroupCoordinator
  readonly fetchers: ReplicaFetchers
  readonly view: ClusterView
  readonly brokerId: number
}

/** Gathers one shard's figures. Runs in its thread, for a scrape alone. */
export function collectMetrics(sources: MetricsSources): ShardMetrics {
  const { shard, broker, groups, fetchers, view } = sources
  return {
    shard: shard.index,
    counters: shard.counters.snapshot(),
    requests: broker.metrics.snapshot(),
    connectionCount: broker.counters.connections,
    arenaUsedBytes: shard.arena.usedBytes,
    partitions: partitionsOf(sources),
    groups: groups.figures(),
    fetching: fetchers.metrics,
    brokers: view.brokers.map(({ id, endpoints: [endpoint] }) => ({
      id,
      address: endpoint === undefined ? '' : `${endpoint.host}:${endpoint.port}`,
    })),
  }
}

function partitionsOf({ shard, view, brokerId }: MetricsSources): PartitionMetrics[] {
  const rows: PartitionMetrics[] = []
  for (const owned of shard.ownership.all()) {
    const { topic, partition } = owned.assignment
    const position = owned.replica?.position
    const known = view.topic(topic)
    const seen = known?.partitions[partition]
    rows.push({
      topic,
      partition,
      sizeBytes: owned.replica?.sizeBytes ?? 0,
      logStartOffset: position?.logStartOffset ?? -1,
      logEndOffset: position?.logEndOffset ?? -1,
      highWatermark: position?.highWatermark ?? -1,
      isOffline: owned.isOffline,
      isLeader: seen?.leader === brokerId && !owned.isFollower,
      leader: seen?.leader ?? -1,
      replicas: seen?.replicas ?? [],
      // Its leader knows first.
      inSyncCount: (owned.leadership?.inSyncReplicas ?? seen?.inSyncReplicas)?.length ?? 0,
      inSyncMin: owned.assignment.config.minInSyncReplicas,
      partitionCount: known?.partitions.length ?? 0,
    })
  }
  return rows
}
