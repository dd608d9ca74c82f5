import { Counter, collectDefaultMetrics, Gauge, Registry } from 'prom-client'
import { LATENCY_BOUNDS_MS } from '../../broker/request-metrics.ts'
import { apiName } from '../../protocol/api-versions.ts'
import { addExporterNames } from './exporter.ts'
import type { ShardMetrics } from './shard-metrics.ts'

/** What the main thread adds to the shards' figures. */
export interface NodeFigures {
  readonly isActiveController: boolean
  readonly topicCount: number
  readonly partitionCount: number
  readonly offlinePartitionCount: number
  readonly brokerCount: number
  readonly offlineLogDirectoryCount: number
}

// The names are those that JMX exporter rules give Kafka's own beans, because published dashboards ask for them.
const SHARD_TOTALS: readonly (readonly [string, string, string])[] = [
  ['appends', 'jackdaw_shard_appends_total', 'Batches appended'],
  ['flushes', 'jackdaw_shard_flushes_total', 'File writes: one per dirty partition and turn'],
  ['syncs', 'jackdaw_shard_syncs_total', 'Group syncs to disk'],
  ['turns', 'jackdaw_shard_turns_total', 'Turns of the shard that had work'],
  ['readsFromMemory', 'jackdaw_shard_reads_from_memory_total', 'Partition reads answered from memory'],
  ['readsFromFile', 'jackdaw_shard_reads_from_file_total', 'Partition reads answered from files'],
  ['copiedBytes', 'jackdaw_shard_copied_bytes_total', 'Bytes of records copied in user space'],
  ['hops', 'jackdaw_shard_hops_total', 'Commands sent to other shards'],
  ['arenaRefusals', 'jackdaw_shard_arena_refusals_total', 'Reservations refused for want of memory'],
]

const TOPIC_TOTALS: readonly (readonly [keyof ShardMetrics['counters']['topics'][number], string, string])[] = [
  ['messagesIn', 'kafka_server_brokertopicmetrics_messagesin_total', 'Records received'],
  ['bytesIn', 'kafka_server_brokertopicmetrics_bytesin_total', 'Bytes of records received'],
  ['bytesOut', 'kafka_server_brokertopicmetrics_bytesout_total', 'Bytes of records sent to consumers'],
  ['failedProduces', 'kafka_server_brokertopicmetrics_failedproducerequests_total', 'Failed appends'],
  ['failedFetches', 'kafka_server_brokertopicmetrics_failedfetchrequests_total', 'Failed reads'],
]

const PRODUCE_KEY = 0
const FETCH_KEY = 1

const processRegistry = new Registry()
let hasProcessMetrics = false

/** Prometheus text of everything a node counts. Built anew for each scrape: nothing is kept up to date in between. */
export async function renderMetrics(shards: readonly ShardMetrics[], node: NodeFigures): Promise<string> {
  if (!hasProcessMetrics) {
    collectDefaultMetrics({ register: processRegistry })
    hasProcessMetrics = true
  }
  const registry = new Registry()
  addTopics(registry, shards)
  addRequests(registry, shards)
  addLogs(registry, shards)
  addReplication(registry, shards)
  addNode(registry, shards, node)
  addShards(registry, shards)
  addExporterNames(registry, shards, node.isActiveController)
  return `${await registry.metrics()}\n${await processRegistry.metrics()}`
}

function gauge(registry: Registry, name: string, help: string, value: number): void {
  new Gauge({ name, help, registers: [registry] }).set(value)
}

function addTopics(registry: Registry, shards: readonly ShardMetrics[]): void {
  for (const [field, name, help] of TOPIC_TOTALS) {
    // Kafka has a row without a topic for the whole broker, and one per topic.
    const counter = new Counter({ name, help, labelNames: ['topic'], registers: [registry] })
    for (const { counters } of shards) {
      for (const row of counters.topics) {
        const value = Number(row[field])
        counter.inc(value)
        counter.inc({ topic: row.topic }, value)
      }
    }
  }
  for (const [key, name] of [
    [PRODUCE_KEY, 'kafka_server_brokertopicmetrics_totalproducerequests_total'],
    [FETCH_KEY, 'kafka_server_brokertopicmetrics_totalfetchrequests_total'],
  ] as const) {
    const counter = new Counter({ name, help: `${apiName(key)} requests`, registers: [registry] })
    for (const { requests } of shards) for (const row of requests) if (row.apiKey === key) counter.inc(row.count)
  }
}

function addRequests(registry: Registry, shards: readonly ShardMetrics[]): void {
  const labelNames = ['request']
  const requests = new Counter({
    name: 'kafka_network_requestmetrics_requests_total',
    help: 'Requests',
    labelNames,
    registers: [registry],
  })
  const errors = new Counter({
    name: 'kafka_network_requestmetrics_errors_total',
    help: 'Requests answered with an error',
    labelNames,
    registers: [registry],
  })
  const totalTime = new Gauge({
    name: 'kafka_network_requestmetrics_totaltimems',
    help: 'Milliseconds from the whole request to its answer: upper bound of the bucket that holds the quantile',
    labelNames: ['request', 'quantile'],
    registers: [registry],
  })
  const merged = new Map<number, { count: number; buckets: number[]; maxMs: number }>()
  for (const shard of shards) {
    for (const row of shard.requests) {
      const request = apiName(row.apiKey)
      requests.inc({ request }, row.count)
      errors.inc({ request }, row.errors)
      const sum = merged.get(row.apiKey) ?? { count: 0, buckets: row.buckets.map(() => 0), maxMs: 0 }
      sum.count += row.count
      sum.maxMs = Math.max(sum.maxMs, row.maxMs)
      row.buckets.forEach((count, bucket) => {
        sum.buckets[bucket] = (sum.buckets[bucket] ?? 0) + count
      })
      merged.set(row.apiKey, sum)
    }
  }
  for (const [apiKey, sum] of merged) {
    for (const quantile of [0.5, 0.95, 0.99, 0.999]) {
      totalTime.set({ request: apiName(apiKey), quantile: String(quantile) }, quantileMs(sum, quantile))
    }
  }
}

function quantileMs(
  sum: { readonly count: number; readonly buckets: readonly number[]; readonly maxMs: number },
  quantile: number,
): number {
  let left = sum.count * quantile
  for (const [bucket, count] of sum.buckets.entries()) {
    left -= count
    if (left <= 0) return Math.min(LATENCY_BOUNDS_MS[bucket] ?? sum.maxMs, sum.maxMs)
  }
  return sum.maxMs
}

function addLogs(registry: Registry, shards: readonly ShardMetrics[]): void {
  const labelNames = ['topic', 'partition']
  const size = new Gauge({ name: 'kafka_log_log_size', help: 'Bytes of the log', labelNames, registers: [registry] })
  const end = new Gauge({
    name: 'kafka_log_log_logendoffset',
    help: 'Log end offset',
    labelNames,
    registers: [registry],
  })
  const start = new Gauge({
    name: 'kafka_log_log_logstartoffset',
    help: 'Log start offset',
    labelNames,
    registers: [registry],
  })
  for (const shard of shards) {
    for (const row of shard.partitions) {
      const labels = { topic: row.topic, partition: String(row.partition) }
      size.set(labels, row.sizeBytes)
      end.set(labels, row.logEndOffset)
      start.set(labels, row.logStartOffset)
    }
  }
}

function addNode(registry: Registry, shards: readonly ShardMetrics[], node: NodeFigures): void {
  const partitions = shards.reduce((sum, shard) => sum + shard.partitions.length, 0)
  const offline = shards.reduce((sum, shard) => sum + shard.partitions.filter((row) => row.isOffline).length, 0)
  const led = shards.flatMap((shard) => shard.partitions).filter((row) => row.isLeader && !row.isOffline)
  const underReplicated = led.filter((row) => row.inSyncCount < row.replicas.length).length
  const underMin = led.filter((row) => row.inSyncCount < row.inSyncMin).length
  const connections = shards.reduce((sum, shard) => sum + shard.connectionCount, 0)
  gauge(registry, 'kafka_server_replicamanager_partitioncount', 'Replicas on this node', partitions)
  gauge(registry, 'kafka_server_replicamanager_leadercount', 'Partitions led by this node', led.length)
  gauge(registry, 'kafka_server_replicamanager_offlinereplicacount', 'Replicas offline after a disk error', offline)
  gauge(
    registry,
    'kafka_server_replicamanager_underreplicatedpartitions',
    'Partitions with replicas out of sync',
    underReplicated,
  )
  gauge(
    registry,
    'kafka_server_replicamanager_underminisrpartitioncount',
    'Partitions below min.insync.replicas',
    underMin,
  )
  gauge(
    registry,
    'kafka_controller_kafkacontroller_activecontrollercount',
    'Whether this node is the controller',
    node.isActiveController ? 1 : 0,
  )
  gauge(
    registry,
    'kafka_controller_kafkacontroller_offlinepartitionscount',
    'Partitions without a leader',
    node.offlinePartitionCount + offline,
  )
  gauge(registry, 'kafka_controller_kafkacontroller_globaltopiccount', 'Topics of the cluster', node.topicCount)
  gauge(
    registry,
    'kafka_controller_kafkacontroller_globalpartitioncount',
    'Partitions of the cluster',
    node.partitionCount,
  )
  gauge(registry, 'kafka_controller_kafkacontroller_activebrokercount', 'Brokers of the cluster', node.brokerCount)
  gauge(
    registry,
    'kafka_log_logmanager_offlinelogdirectorycount',
    'Log directories offline',
    node.offlineLogDirectoryCount,
  )
  gauge(registry, 'kafka_server_socket_server_metrics_connection_count', 'Open client connections', connections)
}

/** Kafka's names for what leaders and followers do; counters of all shards together. */
const REPLICATION_TOTALS: readonly (readonly [string, string, string])[] = [
  ['inSyncShrinks', 'kafka_server_replicamanager_isrshrinks_total', 'In-sync sets that lost members'],
  ['inSyncExpands', 'kafka_server_replicamanager_isrexpands_total', 'In-sync sets that gained members'],
  [
    'failedInSyncUpdates',
    'kafka_server_replicamanager_failedisrupdates_total',
    'Proposals that the controller refused',
  ],
  ['replicatedBytesIn', 'kafka_server_brokertopicmetrics_replicationbytesin_total', 'Bytes fetched from leaders'],
  ['replicatedBytesOut', 'kafka_server_brokertopicmetrics_replicationbytesout_total', 'Bytes sent to followers'],
]

function addReplication(registry: Registry, shards: readonly ShardMetrics[]): void {
  for (const [field, name, help] of REPLICATION_TOTALS) {
    const counter = new Counter({ name, help, registers: [registry] })
    for (const shard of shards) counter.inc(shard.counters.shard[field] ?? 0)
  }
  const maxLag = Math.max(0, ...shards.map(({ fetching }) => fetching.maxLag))
  const delayed = shards.reduce((sum, { fetching }) => sum + fetching.delayedPartitions, 0)
  gauge(
    registry,
    'kafka_server_replicafetchermanager_maxlag',
    'Offsets that the follower furthest behind lacks',
    maxLag,
  )
  gauge(
    registry,
    'kafka_server_replicafetchermanager_failedpartitionscount',
    'Followers that do not fetch for a while after an error',
    delayed,
  )
}

function addShards(registry: Registry, shards: readonly ShardMetrics[]): void {
  for (const [field, name, help] of SHARD_TOTALS) {
    const counter = new Counter({ name, help, labelNames: ['shard'], registers: [registry] })
    for (const shard of shards) counter.inc({ shard: String(shard.shard) }, shard.counters.shard[field] ?? 0)
  }
  const arena = new Gauge({
    name: 'jackdaw_shard_arena_used_bytes',
    help: 'Arena memory in use, hot tail included',
    labelNames: ['shard'],
    registers: [registry],
  })
  for (const shard of shards) arena.set({ shard: String(shard.shard) }, shard.arenaUsedBytes)
}
