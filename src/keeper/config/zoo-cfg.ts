import type { KeeperOptions } from '../keeper.ts'

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
  /** `server.N=…` lines, untouched; a standalone keeper refuses more than one. */
  readonly servers: ReadonlyMap<number, string>
  /** Keys that ZooKeeper knows and this keeper does not serve, or that nobody knows: to be warned about. */
  readonly ignored: readonly string[]
  /** Values that mean nothing: the start must be refused. One sentence each. */
  readonly errors: readonly string[]
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
  ['maxClientCnxns', { name: 'maxClientConnections', kind: 'number' }],
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
  ['DigestAuthenticationProvider.superDigest', { name: 'superDigest', kind: 'text' }],
  ['container.maxNeverUsedIntervalMs', { name: 'containerUnusedMs', kind: 'number' }],
])

/**
 * Reads ZooKeeper's own configuration file. Keys may carry the prefix `zookeeper.`, as system properties do.
 *
 * @param text the file
 */
export function parseZooCfg(text: string): ZooCfg {
  const values = new Map<string, string>()
  for (const line of text.split(/\r?\n/)) {
    const match = /^\s*([^#!=:\s]+)\s*[=:]\s*(.*?)\s*$/.exec(line)
    if (match !== null) values.set((match[1] ?? '').replace(/^zookeeper\./, ''), match[2] ?? '')
  }
  const settings: Mutable<Settings> = {}
  const servers = new Map<number, string>()
  const ignored: string[] = []
  const errors: string[] = []
  const numberOf = (key: string): number | undefined => {
    const value = values.get(key)
    if (value === undefined) return undefined
    if (/^-?\d+$/.test(value)) return Number(value)
    errors.push(`${key}=${value}: a whole number is wanted`)
    return undefined
  }
  for (const [key, value] of values) {
    const known = keys.get(key)
    const server = /^server\.(\d+)$/.exec(key)
    if (server !== null) servers.set(Number(server[1]), value)
    else if (known !== undefined) setKnown(settings, known, value, () => numberOf(key))
    else if (!['dataDir', 'clientPort', 'clientPortAddress'].includes(key)) ignored.push(key)
  }
  return {
    directory: values.get('dataDir'),
    clientPort: numberOf('clientPort'),
    clientPortAddress: values.get('clientPortAddress'),
    settings,
    servers,
    ignored,
    errors,
  }
}

function setKnown(settings: Mutable<Settings>, key: Key, value: string, number: () => number | undefined): void {
  const into = settings as Record<string, unknown>
  if (key.kind === 'text') into[key.name] = value
  else if (key.kind === 'words') into[key.name] = value.split(',').map((word) => word.trim())
  else if (key.kind === 'flag') into[key.name] = value.toLowerCase() === 'yes' || value.toLowerCase() === 'true'
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
