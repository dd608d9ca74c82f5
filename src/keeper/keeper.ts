import type { Clock, Disk, DiskError, Entropy, Hash, Logger, Timers } from '../io/ports.ts'
import { Housekeeping } from './housekeeping.ts'
import type { AdmissionRules } from './server/admission.ts'
import type { AuthRules } from './server/auth-rules.ts'
import type { KeeperChannel, KeeperConnection } from './server/channel.ts'
import { DecidingWrites } from './server/deciding-writes.ts'
import { KeeperServer } from './server/keeper-server.ts'
import type { KeeperServerOptions } from './server/options.ts'
import type { LocalSessionRules } from './server/local-sessions.ts'
import { LocalProposer } from './server/proposer.ts'
import { ServerStats } from './server/server-stats.ts'
import { SessionIds } from './server/session-password.ts'
import { logWriterOptions, serverOptions, settingLines } from './settings.ts'
import { removeUnfinished, StorageError, versionDirectory } from './storage/files.ts'
import { LogWriter } from './storage/log-writer.ts'
import { recover } from './storage/recovery.ts'
import { finishReplacing, replaceData, restorableZxid } from './storage/restore.ts'

/** What a keeper needs; everything with a default may be left out. Names and defaults are ZooKeeper's. */
export interface KeeperOptions {
  readonly disk: Disk
  readonly clock: Clock
  readonly timers: Timers
  readonly entropy: Entropy
  readonly log: Logger
  /** `dataDir`: snapshots, in `version-2` below it. */
  readonly directory: string
  /** `dataLogDir`: the transaction log; default the same. */
  readonly logDirectory?: string
  readonly tickTimeMs?: number
  readonly minSessionTimeoutMs?: number
  readonly maxSessionTimeoutMs?: number
  readonly serverId?: number
  /** `snapCount`: transactions between snapshots; the real number is drawn from its upper half. */
  readonly snapshotEveryCount?: number
  /** `preAllocSize` in bytes. */
  readonly preallocateBytes?: number
  /** `txnLogSizeLimitInKb` in bytes; 0 = none. */
  readonly logFileBytesMax?: number
  readonly forceSync?: boolean
  readonly juteMaxBufferBytes?: number
  /** `globalOutstandingLimit`. */
  readonly outstandingMax?: number
  /** How many clients come in, and how fast. */
  readonly admission?: Partial<AdmissionRules>
  readonly extendedTypesEnabled?: boolean
  readonly enforceQuota?: boolean
  readonly skipAcl?: boolean
  /** Who may prove to be whom, and who must. */
  readonly auth?: Partial<AuthRules>
  /** Needed for SASL and for `digestAlgorithm`s other than SHA1. */
  readonly hash?: Hash
  readonly containerUnusedMs?: number
  /** Of a member of an ensemble; default: every session is everybody's. */
  readonly localSessions?: LocalSessionRules
  /** `4lw.commands.whitelist`. */
  readonly fourLetterWords?: readonly string[]
  /** `autopurge.snapRetainCount`. */
  readonly snapshotsRetained?: number
  /** `autopurge.purgeInterval`; 0 = never. */
  readonly purgeIntervalHours?: number
  /** Lines of the `conf` command besides what the keeper knows itself. */
  readonly configuration?: readonly string[]
  /** Lines of the `envi` command behind the version: `name=value`. */
  readonly environment?: readonly string[]
  /** Files and sockets of the process; undefined where the system does not tell. */
  readonly fileDescriptors?: () => { readonly openCount: number; readonly maxCount: number } | undefined
  /** The disk refused: nothing is served any more and the process should end. */
  readonly onFailed?: (error: DiskError | StorageError) => void
}

/** A snapshot by its zxid and when it was finished, wall clock. */
export interface SnapshotMark {
  readonly zxid: number
  readonly atMs: number
}

/** A standalone keeper. */
export interface Keeper {
  /**
   * Recovers the tree and begins to serve.
   *
   * @throws StorageError when the data directory cannot be trusted, DiskError when it cannot be read
   */
  start(): void
  /** Takes a client's stream, whatever carries it. */
  accept(channel: KeeperChannel): KeeperConnection
  /** Ends connections, makes the log durable and closes it. Waits for a snapshot that is being written. */
  stop(): Promise<void>
  /** Takes a snapshot now, without stopping service. @returns its path, undefined when one is being written already */
  snapshot(): Promise<string | undefined>
  /**
   * Goes on from a snapshot that somebody brought: connections end, the data until now is put aside in a directory
   * beside. Absent where a server is not alone: its ensemble would bring its own data back.
   *
   * @param path a whole file on the disk of the data directory, which is moved
   * @returns the zxid gone on from
   * @throws StorageError when it is no snapshot; nothing has changed then
   */
  restore?(path: string): Promise<number>
  /** The newest whole snapshot; undefined when there is none. */
  readonly lastSnapshot: SnapshotMark | undefined
  /** The pipeline, for metrics and the admin server; undefined before start. */
  readonly server: KeeperServer | undefined
}

/** @returns a keeper that touches nothing until it is started */
export function createKeeper(options: KeeperOptions): Keeper {
  return new StandaloneKeeper(options)
}

class StandaloneKeeper implements Keeper {
  server: KeeperServer | undefined
  readonly #options: KeeperOptions
  readonly #settings: KeeperServerOptions
  readonly #snapshotDirectory: string
  readonly #logDirectory: string
  readonly #stats = new ServerStats()
  readonly #housekeeping: Housekeeping
  #logWriter: LogWriter | undefined
  #proposer: LocalProposer | undefined

  constructor(options: KeeperOptions) {
    this.#options = options
    this.#settings = serverOptions(options)
    this.#snapshotDirectory = `${options.directory}/${versionDirectory}`
    this.#logDirectory = `${options.logDirectory ?? options.directory}/${versionDirectory}`
    this.#housekeeping = new Housekeeping(options, this.#snapshotDirectory, this.#logDirectory, this.#stats)
  }

  start(): void {
    const { disk, log, clock, timers } = this.#options
    const { directory, logDirectory = directory } = this.#options
    finishReplacing(disk, { directory, logDirectory, atMs: clock.wallMs() })
    disk.makeDirectory(this.#snapshotDirectory)
    disk.makeDirectory(this.#logDirectory)
    removeUnfinished(disk, this.#snapshotDirectory)
    const startedAtMs = clock.monotonicMs()
    const recovered = recover(disk, this.#snapshotDirectory, this.#logDirectory, log)
    const { tree } = recovered
    log.info('keeper recovered', {
      zxid: tree.lastZxid.toString(16),
      nodes: tree.nodeCount,
      sessions: tree.sessions.size,
      replayed: recovered.replayedCount,
      digestMismatches: recovered.digestMismatchCount,
      tookMs: Math.round(clock.monotonicMs() - startedAtMs),
    })
    const server = new KeeperServer(tree, this.#settings, {
      clock,
      timers,
      log,
      sessionIds: new SessionIds(this.#settings.serverId, clock.wallMs()),
      mode: 'standalone',
      stats: this.#stats,
      onApplied: (count) => this.#applied(count),
      onFailed: (error) => this.#options.onFailed?.(error),
      configuration: () => this.#configuration(),
      environment: this.#options.environment ?? [],
      directorySizes: () => this.#housekeeping.sizes(),
      fileDescriptors: this.#options.fileDescriptors,
    })
    server.stats.digestMismatchCount = recovered.digestMismatchCount
    server.stats.startTime.record(clock.monotonicMs() - startedAtMs)
    server.stats.startTxnCount.record(recovered.replayedCount)
    this.server = server
    this.#logWriter = new LogWriter(logWriterOptions(this.#options, this.#logDirectory, this.#stats))
    this.#proposer = new LocalProposer(this.#logWriter, server)
    server.start(new DecidingWrites(server, this.#proposer, tree.lastZxid + 1))
    // ZooKeeper refuses a log without any snapshot under it; off the critical path of the start.
    const isWorthIt = !recovered.hasSnapshot || recovered.replayedCount >= this.#housekeeping.snapshotEveryCount
    if (isWorthIt) this.#snapshotInBackground()
    this.#housekeeping.startPurging()
  }

  accept(channel: KeeperChannel): KeeperConnection {
    const { server } = this
    if (server === undefined) throw new StorageError('a keeper takes connections only after its start')
    return server.accept(channel)
  }

  async stop(): Promise<void> {
    this.#proposer?.stop()
    this.server?.stop()
    await this.#housekeeping.stop()
    await this.#logWriter?.stop()
  }

  async restore(path: string): Promise<number> {
    const { disk, directory, logDirectory = directory, clock, log } = this.#options
    const zxid = restorableZxid(disk, path)
    log.warn('going on from a snapshot that was brought; what was here is kept beside', { zxid: zxid.toString(16) })
    await this.stop()
    try {
      replaceData(disk, { directory, logDirectory, path, zxid, atMs: clock.wallMs() })
    } finally {
      // Whatever the disk refused, there is the old data or the new.
      this.start()
    }
    return zxid
  }

  async snapshot(): Promise<string | undefined> {
    if (this.server === undefined || this.#logWriter === undefined) return undefined
    return await this.#housekeeping.snapshot(this.server.tree, this.#logWriter)
  }

  get lastSnapshot(): SnapshotMark | undefined {
    return this.#housekeeping.lastSnapshot
  }

  #applied(count: number): void {
    if (this.#housekeeping.applied(count)) this.#snapshotInBackground()
  }

  #snapshotInBackground(): void {
    if (this.server === undefined || this.#logWriter === undefined) return
    this.#housekeeping.snapshotInBackground(this.server.tree, this.#logWriter)
  }

  #configuration(): readonly string[] {
    const { dataBytes, logBytes } = this.#housekeeping.sizes()
    return [
      ...(this.#options.configuration ?? []),
      `dataDir=${this.#snapshotDirectory}`,
      `dataDirSize=${dataBytes}`,
      `dataLogDir=${this.#logDirectory}`,
      `dataLogSize=${logBytes}`,
      ...settingLines(this.#settings),
      `serverId=${this.#options.serverId ?? 0}`,
    ]
  }
}
