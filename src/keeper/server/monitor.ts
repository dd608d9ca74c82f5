import { votersOf } from '../../zab/config/ensemble-config.ts'
import type { DigestRecord } from './digest-record.ts'
import type { ClientConnection } from './client-connection.ts'
import type { KeeperServerOptions } from './options.ts'
import type { QuorumView } from './quorum-view.ts'
import type { LatencyHistogram, ServerStats } from './server-stats.ts'
import type { SessionTracker } from './session-tracker.ts'
import type { ZNodeTree } from '../tree/znode-tree.ts'

/** The release whose protocol and formats are served; the date is in the form that every parser of `srvr` takes. */
export const servedVersion = '3.9.5-jackdaw, built on 01/01/2026 00:00 GMT'

/** What the monitoring commands look at. */
export interface CommandContext {
  readonly server: {
    readonly tree: ZNodeTree
    readonly sessions: SessionTracker
    readonly stats: ServerStats
    readonly digests: DigestRecord
    readonly connections: ReadonlySet<ClientConnection>
    readonly options: KeeperServerOptions
    readonly outstandingCount: number
    /** `standalone`, `leader`, `follower`, `observer` or `read-only`. */
    readonly mode: string
    readonly localSessionCount: number
    traceMask: number
  }
  readonly nowMs: number
  readonly wallMs: number
  readonly startedAtMs: number
  readonly configuration: () => readonly string[]
  readonly environment: readonly string[]
  /** Bytes of snapshots and of logs. */
  readonly directorySizes: () => { readonly dataBytes: number; readonly logBytes: number }
  /** Undefined where the system does not tell. */
  readonly fileDescriptors: () => { readonly openCount: number; readonly maxCount: number } | undefined
  /** Undefined on a server on its own. */
  readonly quorum: QuorumView | undefined
}

/** One value of `mntr`, of the admin server's `monitor` and of Prometheus. */
export interface Metric {
  readonly name: string
  readonly kind: 'text' | 'gauge' | 'counter' | 'summary'
  readonly value: string | number
  readonly summary?: LatencyHistogram
}

/** ZooKeeper keeps its root under two names and counts both. */
export function shownNodeCount(tree: ZNodeTree): number {
  return tree.nodeCount + 1
}

/** @returns a number as Java writes a double, four digits behind the point at the most */
export function decimal(value: number): string {
  const text = (Math.round(value * 10_000) / 10_000).toString()
  return text.includes('.') ? text : `${text}.0`
}

/** @returns every value under ZooKeeper's name, in the order of `mntr` */
export function metrics(context: CommandContext): readonly Metric[] {
  const { server, nowMs, startedAtMs } = context
  const { stats, tree } = server
  return [
    text('version', servedVersion),
    text('server_state', server.mode),
    gauge('ephemerals_count', tree.ephemeralCount),
    gauge('num_alive_connections', server.connections.size),
    gauge('avg_latency', stats.latency.averageMs),
    gauge('outstanding_requests', server.outstandingCount),
    gauge('znode_count', shownNodeCount(tree)),
    gauge('global_sessions', tree.sessions.size),
    gauge('local_sessions', server.localSessionCount),
    gauge('packets_sent', stats.sentCount),
    gauge('packets_received', stats.receivedCount),
    gauge('max_latency', stats.latency.maxMs),
    gauge('min_latency', stats.latency.minMs),
    gauge('approximate_data_size', tree.dataBytes),
    gauge('watch_count', tree.watches.size),
    gauge('auth_failed_count', stats.authFailedCount),
    gauge('uptime', Math.round(nowMs - startedAtMs)),
    counter('bytes_received_count', stats.receivedBytes),
    counter('response_bytes', stats.sentBytes),
    counter('connection_request_count', stats.connectionRequestCount),
    counter('connection_rejected', stats.connectionRejectedCount),
    counter('connection_drop_count', stats.connectionDropCount),
    counter('connection_revalidate_count', stats.revalidationCount),
    counter('stale_sessions_expired', stats.expiredSessionCount),
    counter('sessionless_connections_expired', stats.sessionlessExpiredCount),
    counter('large_requests_rejected', stats.oversizeRequestCount),
    gauge('connection_drop_probability', server.options.admission.dropChance),
    summary('connection_token_deficit', stats.tokenDeficit),
    counter('request_throttle_wait_count', stats.throttleWaitCount),
    gauge('outstanding_tls_handshake', stats.handshakeCount()),
    counter('unsuccessful_handshake', stats.unsuccessfulHandshakeCount),
    counter('insecure_admin_count', stats.insecureAdminCount),
    counter('snapshot_error_count', stats.snapshotErrorCount),
    counter('snapshot_rate_limited_count', stats.snapshotRateLimitedCount),
    counter('restore_error_count', stats.restoreErrorCount),
    counter('restore_rate_limited_count', stats.restoreRateLimitedCount),
    summary('restore_time', stats.restoreTime),
    counter('digest_mismatches_count', stats.digestMismatchCount),
    counter('commit_count', stats.committedCount),
    summary('readlatency', stats.readLatency),
    summary('updatelatency', stats.updateLatency),
    summary('fsynctime', stats.syncTime),
    summary('snapshottime', stats.snapshotTime),
    ...queueMetrics(context),
    ...(context.quorum === undefined ? [] : quorumMetrics(context.quorum)),
  ]
}

/** ZooKeeper's counters of what cannot happen here: there is no such cache, queue or thread. */
const neverCounted: readonly string[] = [
  ...['response_packet_cache_hits', 'response_packet_cache_misses', 'response_packet_get_children_cache_hits'],
  ...['response_packet_get_children_cache_misses', 'dead_watchers_queued', 'dead_watchers_cleared'],
  ...['add_dead_watcher_stall_time', 'stale_requests', 'stale_requests_dropped', 'stale_replies', 'throttled_ops'],
]

/** Requests on their way, and what the start took. */
function queueMetrics({ server, fileDescriptors }: CommandContext): readonly Metric[] {
  const { stats } = server
  const files = fileDescriptors()
  return [
    ...(files === undefined
      ? []
      : [gauge('open_file_descriptor_count', files.openCount), gauge('max_file_descriptor_count', files.maxCount)]),
    gauge('last_client_response_size', stats.lastReplyBytes),
    gauge('max_client_response_size', stats.maxReplyBytes),
    gauge('min_client_response_size', stats.minReplyBytes),
    gauge('non_mtls_local_conn_count', stats.plainLocalCount),
    gauge('non_mtls_remote_conn_count', stats.plainRemoteCount),
    counter('tls_handshake_exceeded', stats.handshakesExceededCount),
    counter('ensemble_auth_success', stats.ensembleAuth.successCount),
    counter('ensemble_auth_fail', stats.ensembleAuth.failureCount),
    counter('ensemble_auth_skip', stats.ensembleAuth.skippedCount),
    counter('unrecoverable_error_count', stats.unrecoverableErrorCount),
    counter('outstanding_changes_queued', stats.proposedCount),
    counter('outstanding_changes_removed', stats.committedCount),
    counter('prep_processor_request_queued', stats.proposedCount),
    counter('sync_processor_request_queued', stats.proposedCount),
    counter('request_commit_queued', stats.committedCount),
    summary('sync_processor_batch_size', stats.groupSize),
    summary('sync_processor_queue_size', stats.undecidedCount),
    summary('requests_in_session_queue', stats.sessionQueueSize),
    summary('dbinittime', stats.startTime),
    summary('startup_txns_loaded', stats.startTxnCount),
    ...neverCounted.map((name) => counter(name, 0)),
  ]
}

function quorumMetrics({ stats, leading, config, peerState }: QuorumView): readonly Metric[] {
  const { proposalBytes } = stats
  const ofLeader =
    leading === undefined
      ? []
      : [
          gauge('learners', leading.learnerCount),
          gauge('synced_followers', leading.syncedFollowerCount),
          gauge('synced_non_voting_followers', leading.syncedNonVotingCount),
          gauge('synced_observers', leading.syncedObserverCount),
          gauge('pending_syncs', leading.pendingSyncCount),
          gauge('leader_uptime', Math.round(leading.uptimeMs)),
          gauge('last_proposal_size', stats.lastProposalBytes),
          gauge('max_proposal_size', proposalBytes.count === 0 ? -1 : proposalBytes.maxMs),
          gauge('min_proposal_size', proposalBytes.count === 0 ? -1 : proposalBytes.minMs),
        ]
  return [
    gauge('quorum_size', votersOf(config).length),
    ...ofLeader,
    counter('looking_count', stats.lookingCount),
    counter('diff_count', stats.diffCount),
    counter('snap_count', stats.snapCount),
    counter('proposal_count', stats.proposalCount),
    summary('election_time', stats.electionTime),
    summary('follower_sync_time', stats.followerSyncTime),
    summary('observer_sync_time', stats.observerSyncTime),
    summary('leader_unavailable_time', stats.leaderUnavailableTime),
    summary('quorum_ack_latency', stats.quorumAckTime),
    text('peer_state', peerState),
  ]
}

/** @returns name and value as they stand in `mntr`: a summary as several */
export function flatMetrics(all: readonly Metric[]): readonly (readonly [string, string | number])[] {
  return all.flatMap((metric): readonly (readonly [string, string | number])[] => {
    const { name, value, summary: of } = metric
    if (of === undefined) return [[name, name === 'avg_latency' ? Number(decimal(Number(value))) : value]]
    return [
      [`avg_${name}`, Number(decimal(of.averageMs))],
      [`min_${name}`, of.minMs],
      [`max_${name}`, of.maxMs],
      [`cnt_${name}`, of.count],
      [`sum_${name}`, of.sumMs],
      ...quantiles.map(([key, part]): [string, number] => [`${key}_${name}`, of.percentileMs(part)]),
    ]
  })
}

const quantiles: readonly (readonly [string, number])[] = [
  ['p50', 0.5],
  ['p95', 0.95],
  ['p99', 0.99],
  ['p999', 0.999],
]

/** @returns the values in Prometheus' text format */
export function prometheusText(all: readonly Metric[]): string {
  let body = ''
  for (const { name, kind, value, summary: of } of all) {
    if (kind === 'text') continue
    body += `# HELP ${name} ${name}\n# TYPE ${name} ${kind}\n`
    if (of === undefined) body += `${name} ${value}\n`
    else {
      for (const part of [0.5, 0.95, 0.99]) body += `${name}{quantile="${part}",} ${of.percentileMs(part)}\n`
      body += `${name}_count ${of.count}\n${name}_sum ${of.sumMs}\n`
    }
  }
  return body
}

function text(name: string, value: string): Metric {
  return { name, kind: 'text', value }
}

function gauge(name: string, value: number): Metric {
  return { name, kind: 'gauge', value }
}

function counter(name: string, value: number): Metric {
  return { name, kind: 'counter', value }
}

function summary(name: string, of: LatencyHistogram): Metric {
  return { name, kind: 'summary', value: of.averageMs, summary: of }
}
