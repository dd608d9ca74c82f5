import { votersOf } from '../../zab/config/ensemble-config.ts'
import { type CommandContext, flatMetrics, metrics, servedVersion, shownNodeCount } from './monitor.ts'
import type { ClientConnection } from './client-connection.ts'
import { digestVersion } from '../tree/digest.ts'
import type { LatencySummary } from './server-stats.ts'

/** What only the keeper around the server knows. */
export interface AdminContext extends CommandContext {
  readonly lastSnapshot: { readonly zxid: number; readonly atMs: number } | undefined
}

/** Fields of an answer; `command` and `error` are added to them. */
type Fields = Readonly<Record<string, unknown>>
type AdminCommand = (context: AdminContext, query: ReadonlyMap<string, string>) => Fields

interface Named {
  /** The first is the one that is shown. */
  readonly names: readonly string[]
  readonly run: AdminCommand
}

const commands: readonly Named[] = [
  { names: ['configuration', 'conf', 'config'], run: configurationFields },
  { names: ['connection_stat_reset', 'crst'], run: resetConnections },
  {
    names: ['connections', 'cons'],
    run: bothConnections,
  },
  { names: ['dirs'], run: directories },
  { names: ['dump'], run: dump },
  {
    names: ['environment', 'env', 'envi'],
    run: ({ environment }) => ({ 'zookeeper.version': servedVersion, ...fieldsOf(environment, (name) => name) }),
  },
  { names: ['get_trace_mask', 'gtmk'], run: ({ server }) => ({ tracemask: server.traceMask }) },
  {
    names: ['hash'],
    run: ({ server }) => ({
      digests: server.digests
        .all()
        .map(({ zxid, value }) => ({ zxid, digest: String(BigInt.asIntN(64, value)), digestVersion })),
    }),
  },
  { names: ['initial_configuration', 'icfg'], run: () => ({ initial_configuration: null }) },
  { names: ['is_read_only', 'isro'], run: ({ server }) => ({ read_only: server.mode === 'read-only' }) },
  {
    names: ['last_snapshot', 'lsnp'],
    run: ({ lastSnapshot }) => ({ zxid: (lastSnapshot?.zxid ?? -1).toString(16), timestamp: lastSnapshot?.atMs ?? -1 }),
  },
  { names: ['leader', 'lead'], run: leader },
  { names: ['monitor', 'mntr'], run: (context) => Object.fromEntries(flatMetrics(metrics(context))) },
  { names: ['observer_connection_stat_reset', 'orst'], run: () => ({}) },
  {
    names: ['observers', 'obsr'],
    run: ({ quorum }) => ({ synced_observers: quorum?.leading?.syncedObserverCount ?? 0, observers: [] }),
  },
  { names: ['ruok'], run: () => ({}) },
  { names: ['server_stats', 'srvr'], run: serverStats },
  { names: ['set_trace_mask', 'stmk'], run: setTraceMask },
  {
    names: ['stat_reset', 'srst'],
    run: ({ server }) => {
      server.stats.reset()
      return {}
    },
  },
  {
    names: ['stats', 'stat'],
    run: (context) => ({
      ...serverStats(context),
      ...bothConnections(context),
    }),
  },
  { names: ['system_properties', 'sysp'], run: ({ environment }) => fieldsOf(environment, (name) => name) },
  { names: ['voting_view'], run: votingView },
  { names: ['watch_summary', 'wchs'], run: watchSummary },
  { names: ['watches', 'wchc'], run: watchesBySession },
  { names: ['watches_by_path', 'wchp'], run: watchesByPath },
  {
    names: ['zabstate'],
    run: ({ quorum }) => ({ voting: quorum?.isVoter ?? false, zabstate: quorum?.zabState ?? '' }),
  },
]

const byName: ReadonlyMap<string, Named> = new Map(
  commands.flatMap((command) => command.names.map((name): [string, Named] => [name, command])),
)

/** First names, in order. */
export const adminCommandNames: readonly string[] = commands.map(({ names }) => names[0] ?? '').sort()

/**
 * Runs a command of the admin server.
 *
 * @param query decoded arguments
 * @returns what is sent as JSON; undefined when there is no such command
 */
export function adminCommand(
  name: string,
  context: AdminContext,
  query: ReadonlyMap<string, string>,
): Fields | undefined {
  const command = byName.get(name)
  return command === undefined ? undefined : { command: command.names[0], error: null, ...command.run(context, query) }
}

function leader({ quorum }: AdminContext): Fields {
  if (quorum === undefined) return { error: 'server is not initialized' }
  const server = quorum.config.servers.get(quorum.leaderId)
  return {
    is_leader: quorum.leaderId === quorum.serverId,
    leader_id: quorum.leaderId,
    leader_ip: server?.addresses[0]?.host ?? '',
  }
}

function votingView({ quorum }: AdminContext): Fields {
  const views: Record<string, Fields> = {}
  for (const id of quorum === undefined ? [] : votersOf(quorum.config)) {
    const server = quorum?.config.servers.get(id)
    const addresses = server?.addresses ?? []
    views[String(id)] = {
      server_addresses: addresses.map(({ host, quorumPort }) => `${host}:${quorumPort}`),
      election_addresses: addresses.map(({ host, electionPort }) => `${host}:${electionPort}`),
      client_address: server?.clientAddress ?? '',
      learner_type: 'PARTICIPANT',
    }
  }
  return { current_config: views }
}

/** `name=value` lines as fields; numbers as numbers. */
function fieldsOf(lines: readonly string[], rename: (name: string) => string): Fields {
  return Object.fromEntries(
    lines.map((line) => {
      const equals = line.indexOf('=')
      const value = line.slice(equals + 1)
      return [rename(line.slice(0, equals)), /^-?\d{1,15}$/.test(value) ? Number(value) : value]
    }),
  )
}

function snakeCase(name: string): string {
  const special: Readonly<Record<string, string>> = {
    dataDir: 'data_dir',
    dataLogDir: 'data_log_dir',
    maxClientCnxns: 'max_client_cnxns',
  }
  return special[name] ?? name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** What `conf` says besides is left out here, as in ZooKeeper. */
function configurationFields({ configuration }: AdminContext): Fields {
  const lines = configuration().filter((line) => !/^(dataDirSize|dataLogSize|secureClientPort)=/.test(line))
  return { client_port_listen_backlog: -1, ...fieldsOf(lines, snakeCase) }
}

function bothConnections({ server }: AdminContext): Fields {
  const all = [...server.connections]
  return {
    connections: all.filter(({ channel }) => channel.isSecure !== true).map(connectionFields),
    secure_connections: all.filter(({ channel }) => channel.isSecure === true).map(connectionFields),
  }
}

function connectionFields(connection: ClientConnection): Fields {
  const { channel, session, latency } = connection
  const short = {
    remote_socket_address: `${channel.remoteAddress}:${channel.remotePort}`,
    interest_ops: 1,
    outstanding_requests: connection.queuedCount,
    packets_received: connection.receivedCount,
    packets_sent: connection.sentCount,
  }
  if (session === undefined) return short
  return {
    ...short,
    session_id: idNumber(session.id),
    last_operation: connection.lastOperation,
    session_timeout: session.timeoutMs,
    last_zxid: `0x${connection.lastZxid.toString(16)}`,
    last_response_time: Math.round(connection.lastAnsweredAtMs),
    last_latency: Math.floor(connection.lastLatencyMs),
    min_latency: latency.minMs,
    avg_latency: Math.round(latency.averageMs),
    max_latency: latency.maxMs,
    last_cxid: connection.lastXid === undefined ? '0xffffffffffffffff' : `0x${(connection.lastXid >>> 0).toString(16)}`,
  }
}

/** ZooKeeper sends session ids as JSON numbers, which readers of JSON round: a string keeps every digit. */
function idNumber(id: bigint): string {
  return `0x${BigInt.asUintN(64, id).toString(16)}`
}

function serverStats({ server, nowMs, startedAtMs }: AdminContext): Fields {
  const { stats, tree } = server
  return {
    version: servedVersion,
    read_only: false,
    server_stats: {
      packets_sent: stats.sentCount,
      packets_received: stats.receivedCount,
      ...latencyFields(stats.latency),
      fsync_threshold_exceed_count: 0,
      num_alive_client_connections: server.connections.size,
      outstanding_requests: server.outstandingCount,
      server_state: server.mode,
      provider_null: false,
      last_processed_zxid: tree.lastZxid,
      data_dir_size: -1,
      log_dir_size: -1,
      uptime: Math.round(nowMs - startedAtMs),
      auth_failed_count: stats.authFailedCount,
    },
    client_response: {
      last_buffer_size: stats.lastReplyBytes,
      min_buffer_size: stats.minReplyBytes,
      max_buffer_size: stats.maxReplyBytes,
    },
    node_count: shownNodeCount(tree),
  }
}

function latencyFields(latency: LatencySummary): Fields {
  return { avg_latency: latency.averageMs, max_latency: latency.maxMs, min_latency: latency.minMs }
}

function resetConnections({ server }: AdminContext): Fields {
  for (const connection of server.connections) {
    connection.receivedCount = 0
    connection.sentCount = 0
    connection.latency.reset()
  }
  return {}
}

function directories({ directorySizes }: AdminContext): Fields {
  const { dataBytes, logBytes } = directorySizes()
  return { datadir_size: dataBytes, logdir_size: logBytes }
}

function dump({ server }: AdminContext): Fields {
  return {
    expiry_time_to_session_ids: Object.fromEntries(
      [...server.sessions.buckets()].map(([atMs, sessions]) => [
        String(Math.round(atMs)),
        [...sessions].map(({ id }) => idNumber(id)),
      ]),
    ),
    session_id_to_ephemeral_paths: Object.fromEntries(
      [...server.tree.ephemerals].map(([id, paths]) => [idNumber(id), [...paths]]),
    ),
  }
}

function setTraceMask({ server }: AdminContext, query: ReadonlyMap<string, string>): Fields {
  const wanted = query.get('traceMask')
  if (wanted === undefined) return { error: 'setTraceMask requires long traceMask argument' }
  if (!/^-?\d{1,15}$/.test(wanted)) return { error: `setTraceMask requires long traceMask argument, got ${wanted}` }
  server.traceMask = Number(wanted)
  return { tracemask: server.traceMask }
}

function watchSummary({ server }: AdminContext): Fields {
  const { data, child } = server.tree.watches
  return { num_connections: data.receiverCount, num_paths: data.pathCount, num_total_watches: data.size + child.size }
}

function watchesBySession({ server }: AdminContext): Fields {
  const bySession: Record<string, readonly string[]> = {}
  for (const connection of server.connections) {
    const paths = [...server.tree.watches.data.pathsOf(connection)]
    if (paths.length > 0) bySession[idNumber(connection.sessionId)] = paths
  }
  return { session_id_to_watched_paths: bySession }
}

function watchesByPath({ server }: AdminContext): Fields {
  const known = new Map<unknown, bigint>()
  for (const connection of server.connections) known.set(connection, connection.sessionId)
  const byPath = [...server.tree.watches.data.paths()].map(([path, receivers]): [string, readonly string[]] => [
    path,
    [...receivers.keys()].map((receiver) => idNumber(known.get(receiver) ?? 0n)),
  ])
  return { path_to_session_ids: Object.fromEntries(byPath) }
}
