import { readdirSync, readFileSync } from 'node:fs'
import { arch, hostname, release, type, userInfo } from 'node:os'
import { join, resolve } from 'node:path'
import { NodeClock } from '../io/node/clock.ts'
import { NodeDisk } from '../io/node/disk.ts'
import { NodeEntropy } from '../io/node/entropy.ts'
import { nodeHash } from '../io/node/hash.ts'
import { NodeTimers } from '../io/node/timers.ts'
import type { Logger } from '../io/ports.ts'
import { type Membership, membershipOf } from '../keeper/config/ensemble-keys.ts'
import { type HttpAddress, parseZooCfg, type ZooCfg } from '../keeper/config/zoo-cfg.ts'
import type { Keeper, KeeperOptions } from '../keeper/contract.ts'
import { createKeeper } from '../keeper/keeper.ts'
import { readDynamicConfig } from '../keeper/quorum/config-files.ts'
import type { HttpServer } from './http/contract.ts'
import type { AuthRules } from '../keeper/server/auth-rules.ts'
import type { EnsembleConfig } from '../zab/config/ensemble-config.ts'
import { chooseDoors, type OpenDoors, shownAddress } from './keeper-listeners.ts'
import { readAuthRules } from './keeper-login.ts'
import { systemProperties } from './system-properties.ts'

export interface KeeperNodeConfig {
  readonly file: ZooCfg
  readonly directory: string
  readonly auth: AuthRules
  /** `myid` of the data directory; undefined when there is none. */
  readonly serverId: number | undefined
  /** Undefined for a server on its own. */
  readonly membership: Membership | undefined
  /** The file itself; undefined when the configuration is none. */
  readonly path: string | undefined
}

export interface KeeperNodeConfigOutcome {
  readonly config: KeeperNodeConfig | undefined
  readonly errors: readonly string[]
  readonly warnings: readonly string[]
}

/** A keeper that serves clients. */
export interface RunningKeeper {
  readonly keeper: Keeper
  /** What listens where. */
  readonly addresses: readonly { readonly what: string; readonly address: string }[]
  readonly directory: string
  /** Ends sessions' connections, makes the log durable, closes everything. */
  stop(): Promise<void>
}

/**
 * Judges a `zoo.cfg` and the data directory it names.
 *
 * @param text the file
 * @param path where it was read: configurations that change are written beside it; undefined when there is no file
 * @param javaFlags words for Java from the environment, of which system properties count as keys
 */
export function readKeeperConfig(
  text: string,
  path: string | undefined,
  ...javaFlags: readonly (string | undefined)[]
): KeeperNodeConfigOutcome {
  const file = parseZooCfg(text, systemProperties(...javaFlags))
  const errors = [...file.errors]
  const warnings = [...file.warnings]
  if (file.directory === undefined) errors.push('dataDir is missing: name the directory that holds the data')
  const serverId = file.directory === undefined ? undefined : readServerId(file.directory, errors)
  const membership = membershipOf(
    file.ensemble,
    serverId,
    { host: file.clientPortAddress, port: file.clientPort },
    errors,
    warnings,
    dynamicConfigOf(file, errors),
  )
  const clientPort = file.clientPort ?? membership?.client?.port
  if (clientPort === undefined && file.tls.secureClientPort === undefined && errors.length === 0) {
    errors.push('clientPort is missing: name the port that clients connect to, usually 2181')
  }
  const auth = readAuthRules(file, errors)
  const config =
    errors.length > 0 || file.directory === undefined
      ? undefined
      : {
          file: withClient(file, membership),
          directory: file.directory,
          serverId,
          auth,
          membership,
          path: path === undefined ? undefined : resolve(path),
        }
  return { config, errors, warnings }
}

function dynamicConfigOf({ ensemble }: ZooCfg, errors: string[]): EnsembleConfig | undefined {
  const { dynamicConfigFile } = ensemble
  if (dynamicConfigFile === undefined) return undefined
  const disk = new NodeDisk()
  const config = disk.exists(dynamicConfigFile) ? readDynamicConfig(disk, dynamicConfigFile) : undefined
  if (config === undefined) {
    errors.push(`dynamicConfigFile=${dynamicConfigFile}: it must hold the server.N lines of the ensemble`)
  }
  return config
}

/** The client port may stand in the member's own `server.N` line alone. */
function withClient(file: ZooCfg, membership: Membership | undefined): ZooCfg {
  const client = membership?.client
  if (client === undefined) return file
  const host = file.clientPortAddress ?? (client.host === '0.0.0.0' ? undefined : client.host)
  return { ...file, clientPort: client.port, clientPortAddress: host }
}

/** `myid`: ZooKeeper allows 1 to 255, but reads any number. */
function readServerId(directory: string, errors: string[]): number | undefined {
  const disk = new NodeDisk()
  const path = join(directory, 'myid')
  if (!disk.exists(path)) return undefined
  const text = new TextDecoder().decode(disk.readFile(path)).trim()
  if (/^\d+$/.test(text) && Number(text) <= 255) return Number(text)
  errors.push(`${path} holds '${text}': it must hold this server's number, 0 to 255`)
  return undefined
}

/**
 * Starts a ZooKeeper server of this process's own: data directory → client port → HTTP.
 *
 * @param onFailed the disk refused: nothing is served any more, the process should end
 * @throws Error with cause and fix when it cannot start
 */
export async function startKeeperNode(
  config: KeeperNodeConfig,
  log: Logger,
  onFailed: (error: unknown) => void,
): Promise<RunningKeeper> {
  const { file, directory } = config
  if (file.withoutEffect.length > 0) {
    log.info('keys of the file that have no effect on a server on its own', { keys: file.withoutEffect })
  }
  const disk = new NodeDisk()
  disk.makeDirectory(directory)
  const holder = await disk.lockDirectory(directory)
  if (holder !== undefined) throw new Error(holder)
  const doors = await chooseDoors(file)
  const options: KeeperOptions = {
    ...file.settings,
    disk,
    clock: new NodeClock(),
    timers: new NodeTimers(),
    entropy: new NodeEntropy(),
    hash: nodeHash,
    auth: config.auth,
    log,
    directory,
    ...(config.serverId === undefined ? {} : { serverId: config.serverId }),
    configuration: [`clientPort=${doors.port}`, `secureClientPort=${doors.securePort}`],
    environment: environment(),
    fileDescriptors,
    onFailed,
  }
  const keeper =
    config.membership === undefined
      ? createKeeper(options)
      : // Consensus is loaded by those who need it: three megabytes that a server on its own does not.
        await (await import('./keeper-quorum.ts')).openMember(options, config.membership, file, config.path, log)
  keeper.start()
  const clients = await doors.open(keeper, log)
  const servers = await openHttpServers(file, keeper, directory, log)
  return {
    keeper,
    directory,
    addresses: [
      ...clients.addresses,
      ...servers.map(({ what, server }) => ({
        what,
        address: httpAddress(what, file, server.port),
      })),
    ],
    stop: () =>
      stop(
        clients,
        keeper,
        servers.map(({ server }) => server),
        disk,
        directory,
      ),
  }
}

async function stop(
  clients: OpenDoors,
  keeper: Keeper,
  servers: readonly HttpServer[],
  disk: NodeDisk,
  directory: string,
): Promise<void> {
  await clients.close()
  await Promise.all(servers.map((server) => server.close()))
  await keeper.stop()
  disk.unlockDirectory(directory)
}

interface OpenHttp {
  readonly what: 'Admin' | 'Metrics'
  readonly server: HttpServer
}

/** A port that is taken keeps nobody from ZooKeeper: it is logged, as ZooKeeper does. */
async function openHttpServers(
  file: ZooCfg,
  keeper: Keeper,
  directory: string,
  log: Logger,
): Promise<readonly OpenHttp[]> {
  if (!file.admin.isEnabled && file.metrics === undefined) return []
  // Loaded only when wanted, and behind the client port: the time to the first answer does not wait for it.
  const [{ serveAdmin }, { serveWithNode }, { adminHandler, metricsHandler }] = await Promise.all([
    import('./http/admin-server.ts'),
    import('./http/node-backend.ts'),
    import('./keeper-admin.ts'),
  ])
  const open: OpenHttp[] = []
  const serve = async (
    what: OpenHttp['what'],
    { host, port }: HttpAddress,
    start: (host: string) => Promise<HttpServer>,
  ): Promise<void> => {
    try {
      open.push({ what, server: await start(host === '' ? '0.0.0.0' : host) })
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error)
      const key = what === 'Admin' ? 'admin.serverPort, or admin.enableServer=false' : 'metricsProvider.httpPort'
      log.warn(`${what} cannot listen on ${host}:${port}: ${cause}. ZooKeeper's clients are served; set ${key}`)
    }
  }
  const { admin, metrics } = file
  if (admin.isEnabled) {
    const clock = new NodeClock()
    const handler = adminHandler({ keeper, settings: admin, directory, nowMs: () => clock.monotonicMs() })
    const { isForwardedForBelieved } = file.auth
    await serve('Admin', admin, (host) =>
      serveAdmin({ host, port: admin.port, tls: file.tls.admin, isForwardedForBelieved }, handler),
    )
  }
  if (metrics !== undefined) {
    await serve('Metrics', metrics, (host) => serveWithNode(host, metrics.port, metricsHandler(keeper)))
  }
  return open
}

function httpAddress(what: OpenHttp['what'], file: ZooCfg, port: number): string {
  if (what === 'Metrics') return `http://${shownAddress(file.metrics?.host ?? '', port)}/metrics`
  const { tls, admin } = file
  const scheme = tls.admin === undefined || tls.admin.isPlainAllowed ? 'http' : 'https'
  return `${scheme}://${shownAddress(admin.host, port)}${admin.commandPath}`
}

/** Linux tells; others do not. */
function fileDescriptors(): { readonly openCount: number; readonly maxCount: number } | undefined {
  try {
    const limits = readFileSync('/proc/self/limits', 'utf8')
    const [, soft = ''] = /^Max open files\s+(\d+)/m.exec(limits) ?? []
    return { openCount: readdirSync('/proc/self/fd').length, maxCount: Number(soft) }
  } catch {
    return undefined
  }
}

/** What `envi` shows of the host. There is no Java to speak of. */
function environment(): readonly string[] {
  const user = userInfo()
  return [
    `host.name=${hostname()}`,
    `node.version=${process.version}`,
    `os.name=${type()}`,
    `os.arch=${arch()}`,
    `os.version=${release()}`,
    `user.name=${user.username}`,
    `user.home=${user.homedir}`,
    `user.dir=${process.cwd()}`,
  ]
}
