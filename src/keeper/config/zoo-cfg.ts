import type { KeeperOptions } from '../contract.ts'
import { admissionKeyNames, readAdmissionKeys } from './admission-keys.ts'
import { type AuthKeys, authKeyNames, isAuthKey, readAuthKeys } from './auth-keys.ts'
import { type EnsembleKeys, ensembleKeyNames, readEnsembleKeys } from './ensemble-keys.ts'
import { type KeyReader, readTlsKeys, type TlsKeys, tlsKeyNames } from './tls-keys.ts'

type Settings = Partial<Omit<KeeperOptions, 'disk' | 'clock' | 'timers' | 'entropy' | 'log' | 'onFailed'>>
type Mutable<T> = { -readonly [Key in keyof T]: T[Key] }

/** What a `zoo.cfg` says. */
export interface ZooCfg {
  /** `dataDir`. */
  readonly directory: string | undefined
  readonly clientPort: number | undefined
  /** `clientPortAddress`; undefined = the caller's default. */
  readonly clientPortAddress: string | undefined
  readonly settings: Settings
  readonly ensemble: EnsembleKeys
  /** `clientPortListenBacklog`; undefined = the system's. */
  readonly backlog: number | undefined
  readonly admin: AdminSettings
  readonly tls: TlsKeys
  /** Who is who; the users of SASL stand in a file that it names. */
  readonly auth: AuthKeys
  /** Where Prometheus reads, when `metricsProvider.className` names the Prometheus provider; else undefined. */
  readonly metrics: HttpAddress | undefined
  /** ZooKeeper's keys that a server on its own has no use for. */
  readonly withoutEffect: readonly string[]
  /** Keys that nobody knows: one sentence each, with the nearest known key. */
  readonly warnings: readonly string[]
  /** Values that mean nothing: the start must be refused. One sentence each. */
  readonly errors: readonly string[]
}

export interface HttpAddress {
  /** '' = every address. */
  readonly host: string
  /** 0 = any free one. */
  readonly port: number
}

/** `admin.*`: the HTTP admin server. */
export interface AdminSettings extends HttpAddress {
  readonly isEnabled: boolean
  /** `admin.commandURL`: what its paths begin with. */
  readonly commandPath: string
  /** `admin.rateLimiterIntervalInMS`: between snapshots, and between restores. */
  readonly rateLimiterIntervalMs: number
  readonly isSnapshotEnabled: boolean
  readonly isRestoreEnabled: boolean
}

interface Key {
  readonly name: keyof Settings
  /** Multiplies the number that is written, to get to our unit. */
  readonly scale?: number
  readonly kind: 'number' | 'flag' | 'text' | 'words'
  /** `-1` in the file means none. */
  readonly noneIsZero?: boolean
}

const keys: ReadonlyMap<string, Key> = new Map<string, Key>([
  ['tickTime', { name: 'tickTimeMs', kind: 'number' }],
  ['minSessionTimeout', { name: 'minSessionTimeoutMs', kind: 'number' }],
  ['maxSessionTimeout', { name: 'maxSessionTimeoutMs', kind: 'number' }],
  ['dataLogDir', { name: 'logDirectory', kind: 'text' }],
  ['snapCount', { name: 'snapshotEveryCount', kind: 'number' }],
  ['preAllocSize', { name: 'preallocateBytes', kind: 'number', scale: 1024 }],
  ['txnLogSizeLimitInKb', { name: 'logFileBytesMax', kind: 'number', scale: 1024, noneIsZero: true }],
  ['globalOutstandingLimit', { name: 'outstandingMax', kind: 'number' }],
  ['jute.maxbuffer', { name: 'juteMaxBufferBytes', kind: 'number' }],
  ['forceSync', { name: 'forceSync', kind: 'flag' }],
  ['skipACL', { name: 'skipAcl', kind: 'flag' }],
  ['extendedTypesEnabled', { name: 'extendedTypesEnabled', kind: 'flag' }],
  ['enforceQuota', { name: 'enforceQuota', kind: 'flag' }],
  ['autopurge.snapRetainCount', { name: 'snapshotsRetained', kind: 'number' }],
  ['autopurge.purgeInterval', { name: 'purgeIntervalHours', kind: 'number' }],
  ['4lw.commands.whitelist', { name: 'fourLetterWords', kind: 'words' }],
  ['container.maxNeverUsedIntervalMs', { name: 'containerUnusedMs', kind: 'number' }],
])

/** Read here, but no setting of the keeper's own. */
const placeKeys: readonly string[] = [
  'dataDir',
  'clientPort',
  'clientPortAddress',
  'clientPortListenBacklog',
  'admin.enableServer',
  'admin.serverPort',
  'admin.serverAddress',
  'admin.commandURL',
  'admin.rateLimiterIntervalInMS',
  'admin.snapshot.enabled',
  'admin.restore.enabled',
  'metricsProvider.className',
  'metricsProvider.httpPort',
  'metricsProvider.httpHost',
]

/** ZooKeeper's keys that a server on its own has no use for. */
const withoutEffect: ReadonlySet<string> = new Set([
  ...['quorumCnxnTimeoutMs', 'connectToLearnerMasterLimit', 'syncEnabled'],
  ...['tcpKeepAlive'],
  ...['multiAddress.enabled', 'commitLogCount', 'snapshotSizeFactor', 'flushDelay', 'maxBatchSize', 'jaasLoginRenew'],
  ...['kerberos.removeHostFromPrincipal', 'kerberos.removeRealmFromPrincipal', 'sasl.client'],
  ...['maxResponseCacheSize', 'maxGetChildrenResponseCacheSize', 'fsync.warningthresholdms', 'digest.enabled'],
  ...['nio.numSelectorThreads', 'nio.numWorkerThreads', 'commitProcessor.numWorkerThreads', 'serverCnxnFactory'],
  ...[
    'datadir.autocreate',
    'serializeLastProcessedZxid.enabled',
    'snapshot.trust.empty',
    'metricsProvider.exportJvmInfo',
  ],
  ...[
    'admin.idleTimeout',
    'audit.enable',
    'requestThrottleStallTime',
    'request_throttle_stall_time',
    'requestThrottleDropStale',
    'request_throttle_drop_stale',
    'requestStaleLatencyCheck',
    'requestStaleConnectionCheck',
    'largeRequestThreshold',
    'largeRequestMaxBytes',
    'clientTcpKeepAlive',
  ],
  ...[
    'throttledOpWaitTime',
    'throttled_op_wait_time',
    'snapSizeLimitInKb',
    'snapshot.compression.method',
    'containerCheckIntervalMs',
  ],
])

/**
 * Reads ZooKeeper's own configuration file. Keys may carry the prefix `zookeeper.`, as system properties do.
 *
 * @param text the file
 * @param properties system properties (without the prefix): the file goes before them, as in ZooKeeper
 */
export function parseZooCfg(text: string, properties: ReadonlyMap<string, string> = new Map()): ZooCfg {
  const values = new Map(properties)
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*([^#!=:\s]+)\s*[=:]\s*(.*?)\s*$/.exec(line)
    if (match !== null) values.set((match[1] ?? '').replace(/^zookeeper\./, ''), match[2] ?? '')
  }
  const settings: Mutable<Settings> = {}
  const unused: string[] = []
  const warnings: string[] = []
  const errors: string[] = []
  const numberOf = (key: string): number | undefined => {
    const value = values.get(key)
    if (value === undefined) return undefined
    // Java reads hexadecimal system properties too, and jute.maxbuffer is often written so.
    if (/^(-?\d+|0x[0-9a-f]+)$/i.test(value)) return Number(value)
    errors.push(`${key}=${value}: a whole number is wanted`)
    return undefined
  }
  const portOf = (key: string): number | undefined => {
    const port = numberOf(key)
    if (port === undefined || (port >= 0 && port <= 65_535)) return port
    errors.push(`${key}=${port}: a port is a number from 0 to 65535`)
    return undefined
  }
  const isMember = [...values.keys()].some((key) => key.startsWith('server.') || key === 'dynamicConfigFile')
  for (const [key, value] of values) {
    const known = keys.get(key)
    if (known !== undefined) setKnown(settings, known, value, () => numberOf(key))
    else if (tlsKeyNames.has(key) || admissionKeyNames.has(key) || isAuthKey(key)) continue
    else if (/^(server|group|weight)\.\d+$/.test(key)) continue
    else if (withoutEffect.has(key) || (ensembleKeyNames.has(key) && !isMember)) unused.push(key)
    else if (ensembleKeyNames.has(key)) continue
    else if (!placeKeys.includes(key)) warnings.push(warningFor(key))
  }
  const reader: KeyReader = {
    text: (key) => values.get(key),
    number: numberOf,
    port: portOf,
    flag: (key, otherwise) => flagOf(values.get(key), otherwise),
    error: (sentence) => void errors.push(sentence),
  }
  const tls = readTlsKeys(reader)
  const admission = readAdmissionKeys(reader)
  if ([...values.keys()].some((key) => admissionKeyNames.has(key))) settings.admission = admission.rules
  if (admission.requestsMax !== undefined) {
    settings.outstandingMax = Math.min(settings.outstandingMax ?? Infinity, admission.requestsMax)
  }
  const auth = readAuthKeys(reader, values, tls.clients !== undefined)
  warnings.push(...auth.warnings)
  const isPrometheus = (values.get('metricsProvider.className') ?? '').endsWith('.PrometheusMetricsProvider')
  return {
    directory: values.get('dataDir'),
    clientPort: portOf('clientPort'),
    clientPortAddress: values.get('clientPortAddress'),
    backlog: numberOf('clientPortListenBacklog'),
    admin: {
      isEnabled: (values.get('admin.enableServer') ?? 'true').toLowerCase() === 'true',
      host: allAddresses(values.get('admin.serverAddress')),
      port: portOf('admin.serverPort') ?? 8080,
      commandPath: values.get('admin.commandURL') ?? '/commands',
      rateLimiterIntervalMs: numberOf('admin.rateLimiterIntervalInMS') ?? 300_000,
      isSnapshotEnabled: flagOf(values.get('admin.snapshot.enabled'), true),
      isRestoreEnabled: flagOf(values.get('admin.restore.enabled'), true),
    },
    metrics: isPrometheus
      ? { host: allAddresses(values.get('metricsProvider.httpHost')), port: portOf('metricsProvider.httpPort') ?? 7000 }
      : undefined,
    tls,
    auth,
    settings,
    ensemble: readEnsembleKeys(reader, values),
    withoutEffect: unused,
    warnings,
    errors,
  }
}

function flagOf(value: string | undefined, otherwise: boolean): boolean {
  return value === undefined ? otherwise : /^(yes|true)$/i.test(value)
}

function allAddresses(host: string | undefined): string {
  return host === undefined || host === '0.0.0.0' ? '' : host
}

function warningFor(key: string): string {
  const nearest = nearestKey(key)
  return nearest === undefined
    ? `${key} is no key of ZooKeeper's that this server knows; it is ignored`
    : `${key} is no key of ZooKeeper's that this server knows; it is ignored. Did you mean ${nearest}?`
}

/** @returns the known key that differs least, when it differs in no more than a third of its letters */
function nearestKey(key: string): string | undefined {
  let nearest: string | undefined
  let least = Math.max(1, Math.floor(key.length / 3)) + 1
  for (const known of [
    ...keys.keys(),
    ...placeKeys,
    ...withoutEffect,
    ...tlsKeyNames,
    ...admissionKeyNames,
    ...authKeyNames,
    ...ensembleKeyNames,
  ]) {
    const distance = editDistance(key.toLowerCase(), known.toLowerCase())
    if (distance >= least) continue
    least = distance
    nearest = known
  }
  return nearest
}

/** Letters to insert, remove or replace to make one word of the other. */
function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let left = 1; left <= from.length; left += 1) {
    const next = [left]
    for (let right = 1; right <= to.length; right += 1) {
      const replaced = (row[right - 1] ?? 0) + (from[left - 1] === to[right - 1] ? 0 : 1)
      next.push(Math.min(replaced, (row[right] ?? 0) + 1, (next[right - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[to.length] ?? 0
}

function setKnown(settings: Mutable<Settings>, key: Key, value: string, number: () => number | undefined): void {
  const into = settings as Record<string, unknown>
  if (key.kind === 'text') into[key.name] = value
  else if (key.kind === 'words') into[key.name] = value.split(',').map((word) => word.trim())
  else if (key.kind === 'flag') into[key.name] = flagOf(value, false)
  else {
    const written = number()
    if (written === undefined) return
    // ZooKeeper's -1 means "the default" for timeouts and "none" for sizes.
    if (written < 0) {
      if (key.noneIsZero === true) into[key.name] = 0
      return
    }
    into[key.name] = written * (key.scale ?? 1)
  }
}
