/**
 * The names of kafka_exporter, which dashboards and alerts about topics and consumer lag ask for: a node that tells them
 * itself needs no exporter beside it. Of a cluster each row is told by one node, the leader of the partition or the
 * coordinator of the group, so that sums over all nodes come out right; what there is once is told by the controller.
 */
import { Gauge, type Registry } from 'prom-client'
import type { PartitionMetrics, ShardMetrics } from './shard-metrics.ts'

type Labels = Readonly<Record<string, string | number>>

export function addExporterNames(
  registry: Registry,
  shards: readonly ShardMetrics[],
  isActiveController: boolean,
): void {
  if (isActiveController) addBrokers(registry, shards[0]?.brokers ?? [])
  const partitions = shards.flatMap((shard) => shard.partitions)
  addPartitions(
    registry,
    partitions.filter((row) => row.isLeader),
  )
  addGroups(registry, shards, partitions)
}

function addBrokers(registry: Registry, brokers: ShardMetrics['brokers']): void {
  gauge(registry, 'kafka_brokers', 'Number of brokers in the cluster', []).set(brokers.length)
  const info = gauge(registry, 'kafka_broker_info', 'Brokers of the cluster', ['id', 'address'])
  for (const { id, address } of brokers) info.set({ id, address }, 1)
}

const PARTITION_GAUGES: readonly (readonly [string, string, (row: PartitionMetrics) => number])[] = [
  ['current_offset', 'Offset that the next record will have', (row) => row.highWatermark],
  ['oldest_offset', 'Offset of the oldest record', (row) => row.logStartOffset],
  ['leader', 'Id of the broker that leads', (row) => row.leader],
  ['leader_is_preferred', 'Whether the first replica leads', (row) => Number(row.leader === row.replicas[0])],
  ['replicas', 'Number of replicas', (row) => row.replicas.length],
  ['in_sync_replica', 'Number of replicas in sync', (row) => row.inSyncCount],
  [
    'under_replicated_partition',
    'Whether a replica is out of sync',
    (row) => Number(row.inSyncCount < row.replicas.length),
  ],
]

function addPartitions(registry: Registry, led: readonly PartitionMetrics[]): void {
  const count = gauge(registry, 'kafka_topic_partitions', 'Number of partitions of the topic', ['topic'])
  for (const row of led) if (row.partition === 0) count.set({ topic: row.topic }, row.partitionCount)
  for (const [name, help, figureOf] of PARTITION_GAUGES) {
    const rows = gauge(registry, `kafka_topic_partition_${name}`, help, ['topic', 'partition'])
    for (const row of led) rows.set({ topic: row.topic, partition: row.partition }, figureOf(row))
  }
}

function addGroups(registry: Registry, shards: readonly ShardMetrics[], partitions: readonly PartitionMetrics[]): void {
  const ends = new Map(partitions.map((row) => [`${row.topic}/${row.partition}`, row.highWatermark]))
  const inPartition = ['consumergroup', 'topic', 'partition']
  const inTopic = ['consumergroup', 'topic']
  const members = gauge(registry, 'kafka_consumergroup_members', 'Members of the group', ['consumergroup'])
  const offset = gauge(registry, 'kafka_consumergroup_current_offset', 'Committed offset', inPartition)
  const offsetSum = gauge(registry, 'kafka_consumergroup_current_offset_sum', 'Sum of committed offsets', inTopic)
  const lag = gauge(registry, 'kafka_consumergroup_lag', 'Records behind the end of the partition', inPartition)
  const lagSum = gauge(registry, 'kafka_consumergroup_lag_sum', 'Records behind the ends of the partitions', inTopic)
  for (const group of shards.flatMap((shard) => shard.groups)) {
    const { groupId } = group
    members.set({ consumergroup: groupId }, group.memberCount)
    for (const committed of group.offsets) {
      const { topic, partition } = committed
      const labels = { consumergroup: groupId, topic }
      offset.set({ ...labels, partition }, committed.offset)
      offsetSum.inc(labels, committed.offset)
      const end = ends.get(`${topic}/${partition}`)
      // No replica of it is here: another node would have to be asked.
      if (end === undefined || end < 0) continue
      const behind = Math.max(0, end - committed.offset)
      lag.set({ ...labels, partition }, behind)
      lagSum.inc(labels, behind)
    }
  }
}

function gauge(
  registry: Registry,
  name: string,
  help: string,
  labelNames: readonly string[],
): {
  set(value: number): void
  set(labels: Labels, value: number): void
  inc(labels: Labels, value: number): void
} {
  return new Gauge<string>({ name, help, labelNames: [...labelNames], registers: [registry] })
}
