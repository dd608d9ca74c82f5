import {
  type EnsembleConfig,
  type EnsembleServer,
  formatEnsembleConfig,
  parseEnsembleConfig,
  votersOf,
} from '../../zab/config/ensemble-config.ts'
import type { LocalSessionRules } from '../server/local-sessions.ts'
import type { KeyReader } from './tls-keys.ts'

/** What a `zoo.cfg` says about its ensemble. */
export interface EnsembleKeys {
  /** `server.N`, `group.N` and `weight.N`, as they stand; none in the file of a server on its own. */
  readonly lines: readonly string[]
  readonly initLimitTicks: number | undefined
  readonly syncLimitTicks: number | undefined
  /** `cnxTimeout`. */
  readonly connectTimeoutMs: number
  /** `electionPortBindRetry`; 0 = for ever. */
  readonly bindAttempts: number
  /** `quorumListenOnAllIPs`. */
  readonly listensOnAllAddresses: boolean
  /** `leaderServes`. */
  readonly leaderServes: boolean
  /** `standaloneEnabled`: an ensemble of one voter is a server on its own. */
  readonly isStandaloneEnabled: boolean
  /** `peerType`; the `server.N` line decides. */
  readonly peerType: string | undefined
  /** `reconfigEnabled`. */
  readonly isReconfigEnabled: boolean
  /** `dynamicConfigFile`: where the lines of the servers are instead. */
  readonly dynamicConfigFile: string | undefined
  /** `readonlymode.enabled`. */
  readonly isReadOnlyModeEnabled: boolean
  /** `localSessionsEnabled`, `localSessionsUpgradingEnabled`. */
  readonly localSessions: LocalSessionRules
}

/** Every key that is read here; without a `server.N` line they have no effect. */
export const ensembleKeyNames: ReadonlySet<string> = new Set([
  ...['initLimit', 'syncLimit', 'electionAlg', 'electionPortBindRetry', 'peerType', 'leaderServes', 'cnxTimeout'],
  ...['quorumListenOnAllIPs', 'standaloneEnabled', 'reconfigEnabled', 'dynamicConfigFile'],
  ...['readonlymode.enabled', 'localSessionsEnabled', 'localSessionsUpgradingEnabled'],
])

const lineKey = /^(server|group|weight)\.\d+$/
const CONNECT_TIMEOUT_MS = 5000
const BIND_ATTEMPTS = 3

/** Reads the keys in {@link ensembleKeyNames} and the lines of the servers. */
export function readEnsembleKeys(keys: KeyReader, values: ReadonlyMap<string, string>): EnsembleKeys {
  const lines: string[] = []
  for (const [key, value] of values) if (lineKey.test(key)) lines.push(`${key}=${value}`)
  const peerType = keys.text('peerType')
  if (peerType !== undefined && !/^(participant|observer)$/i.test(peerType)) {
    keys.error(`peerType=${peerType}: it is participant or observer`)
  }
  const electionAlgorithm = keys.number('electionAlg')
  if (electionAlgorithm !== undefined && electionAlgorithm !== 3) {
    keys.error(`electionAlg=${electionAlgorithm}: only 3 is left; remove the key`)
  }
  return {
    lines,
    initLimitTicks: keys.number('initLimit'),
    syncLimitTicks: keys.number('syncLimit'),
    connectTimeoutMs: keys.number('cnxTimeout') ?? CONNECT_TIMEOUT_MS,
    bindAttempts: keys.number('electionPortBindRetry') ?? BIND_ATTEMPTS,
    listensOnAllAddresses: keys.flag('quorumListenOnAllIPs', false),
    leaderServes: keys.flag('leaderServes', true),
    isStandaloneEnabled: keys.flag('standaloneEnabled', true),
    peerType: peerType?.toLowerCase(),
    isReconfigEnabled: keys.flag('reconfigEnabled', false),
    dynamicConfigFile: keys.text('dynamicConfigFile'),
    isReadOnlyModeEnabled: keys.flag('readonlymode.enabled', false),
    localSessions: {
      isEnabled: keys.flag('localSessionsEnabled', false),
      isUpgradingEnabled: keys.flag('localSessionsUpgradingEnabled', false),
    },
  }
}

/** A member's place in its ensemble. */
export interface Membership {
  readonly serverId: number
  readonly config: EnsembleConfig
  readonly initLimitTicks: number
  readonly syncLimitTicks: number
  /** The client port of the member's own `server.N` line. */
  readonly client: { readonly host: string; readonly port: number } | undefined
}

export interface ClientAddress {
  readonly host: string | undefined
  readonly port: number | undefined
}

/**
 * Judges what a file says about its ensemble, as ZooKeeper does.
 *
 * @param serverId of `myid`, undefined when there is none
 * @param client `clientPort` and `clientPortAddress`
 * @param errors gets one sentence for each thing that keeps the server from starting
 * @param warnings gets one sentence for each thing that may not be meant so
 * @param dynamic what `dynamicConfigFile` holds, with its version
 * @returns the membership, undefined for a server on its own
 */
export function membershipOf(
  keys: EnsembleKeys,
  serverId: number | undefined,
  client: ClientAddress,
  errors: string[],
  warnings: string[],
  dynamic?: EnsembleConfig,
): Membership | undefined {
  if (keys.lines.length === 0 && dynamic === undefined) return undefined
  const config = dynamic ?? parseEnsembleConfig(keys.lines.join('\n'))
  if (config === undefined) {
    errors.push(
      `the servers of the ensemble cannot be understood: ${keys.lines.join(' ')}; ` +
        'write server.N=host:quorumPort:electionPort[:observer][;clientPort], with a voter among them and every voter in a group or none',
    )
    return undefined
  }
  const voterCount = votersOf(config).length
  if (voterCount === 1 && keys.isStandaloneEnabled) {
    if (config.servers.size > 1) {
      errors.push('an ensemble of one voter has no observers: add voters, or set standaloneEnabled=false')
    }
    return undefined
  }
  const initLimitTicks = limitOf('initLimit', keys.initLimitTicks, errors)
  const syncLimitTicks = limitOf('syncLimit', keys.syncLimitTicks, errors)
  if (serverId === undefined) {
    errors.push('myid is missing: write the number of this server, the N of its server.N line, into dataDir/myid')
    return undefined
  }
  const own = config.servers.get(serverId)
  if (own === undefined) {
    errors.push(`myid says ${serverId}, but no server.${serverId} line says where this server is`)
    return undefined
  }
  if (keys.peerType !== undefined && (keys.peerType === 'observer') === own.isVoter) {
    const said = own.isVoter ? 'participant' : 'observer'
    warnings.push(`peerType=${keys.peerType}, but server.${serverId} says ${said}: that is what it is`)
  }
  const ownClient = clientOf(own, client, errors)
  const withClient = ownClient === undefined ? own : { ...own, clientAddress: textOf(ownClient) }
  const servers = new Map(config.servers).set(serverId, withClient)
  // Once through the text, so that what is compared with others' texts is written alike.
  const whole = parseEnsembleConfig(formatEnsembleConfig({ ...config, servers }))
  return { serverId, config: whole ?? config, initLimitTicks, syncLimitTicks, client: ownClient }
}

function limitOf(key: string, value: number | undefined, errors: string[]): number {
  if (value !== undefined && value > 0) return value
  errors.push(`${key} is not set: a member of an ensemble needs it, in ticks; usual are initLimit=10 and syncLimit=5`)
  return 1
}

/** The line's client port and `clientPort` may both be there, and then must agree. */
function clientOf(
  own: EnsembleServer,
  { host, port }: ClientAddress,
  errors: string[],
): { readonly host: string; readonly port: number } | undefined {
  const [first = ''] = own.clientAddress.split(';')
  if (first === '') return port === undefined ? undefined : { host: host ?? '0.0.0.0', port }
  const at = first.lastIndexOf(':')
  const said = { host: first.slice(0, at).replace(/^\[(.*)\]$/, '$1'), port: Number(first.slice(at + 1)) }
  if (port !== undefined && port !== said.port) {
    errors.push(`clientPort=${port}, but server.${own.id} says ${said.port}: remove one of them`)
  }
  return said
}

function textOf({ host, port }: { readonly host: string; readonly port: number }): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}
