import { juteMaxBufferBytes } from '../jute/reader.ts'
import type { Clock, Disk, DiskError, Entropy, Hash, Logger, TimerHandle, Timers } from '../io/ports.ts'
import { Authenticator } from './server/auth-connection.ts'
import { type AuthRules, defaultAuthRules } from './server/auth-rules.ts'
import type { KeeperChannel, KeeperConnection } from './server/channel.ts'
import { DecidingWrites } from './server/deciding-writes.ts'
import { KeeperServer } from './server/keeper-server.ts'
import { LocalProposer } from './server/proposer.ts'
import { SessionIds } from './server/session-password.ts'
import { listZxidFiles, removeUnfinished, StorageError, versionDirectory } from './storage/files.ts'
import { LogWriter } from './storage/log-writer.ts'
import { purge } from './storage/purge.ts'
import { recover } from './storage/recovery.ts'
import { SnapshotWriter } from './storage/snapshot-writer.ts'

const HOUR_MS = 3_600_000

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
  /** `maxClientCnxns`. */
  readonly maxClientConnections?: number
  readonly extendedTypesEnabled?: boolean
  readonly enforceQuota?: boolean
  readonly skipAcl?: boolean
  /** Who may prove to be whom, and who must. */
  readonly auth?: Partial<AuthRules>
  /** Needed for SASL and for `digestAlgorithm`s other than SHA1. */
  readonly hash?: Hash
  readonly containerUnusedMs?: number
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
  readonly #snapshotDirectory: string
  readonly #logDirectory: string
  #logWriter: LogWriter | undefined
  #proposer: LocalProposer | undefined
  #snapshotting: Promise<string | undefined> | undefined
  #lastSnapshot: SnapshotMark | undefined
  #untilSnapshot = 0
  #purgeTimer: TimerHandle | undefined

  constructor(options: KeeperOptions) {
    this.#options = options
    this.#snapshotDirectory = `${options.directory}/${versionDirectory}`
    this.#logDirectory = `${options.logDirectory ?? options.directory}/${versionDirectory}`
  }

  start(): void {
    const { disk, log, clock, timers } = this.#options
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
    const server = new KeeperServer(tree, this.#serverOptions(), {
      clock,
      timers,
      log,
      sessionIds: new SessionIds(this.#serverOptions().serverId, clock.wallMs()),
      mode: 'standalone',
      onApplied: (count) => this.#applied(count),
      onFailed: (error) => this.#options.onFailed?.(error),
      configuration: () => this.#configuration(),
      environment: this.#options.environment ?? [],
      directorySizes: () => ({
        dataBytes: this.#sizeOf(this.#snapshotDirectory, 'snapshot'),
        logBytes: this.#sizeOf(this.#logDirectory, 'log'),
      }),
    })
    server.stats.digestMismatchCount = recovered.digestMismatchCount
    this.server = server
    this.#logWriter = new LogWriter({
      disk,
      directory: this.#logDirectory,
      preallocateBytes: this.#options.preallocateBytes ?? 64 << 20,
      fileBytesMax: this.#options.logFileBytesMax ?? 0,
      forceSync: this.#options.forceSync ?? true,
      clock,
      onSynced: (durationMs) => server.stats.syncTime.record(durationMs),
    })
    this.#proposer = new LocalProposer(this.#logWriter, server)
    this.#drawSnapshotCount()
    server.start(new DecidingWrites(server, this.#proposer, tree.lastZxid + 1))
    // ZooKeeper refuses a log without any snapshot under it; off the critical path of the start.
    const isWorthIt = !recovered.hasSnapshot || recovered.replayedCount >= this.#snapshotEveryCount
    if (isWorthIt) this.#snapshotInBackground()
    this.#startPurging()
  }

  accept(channel: KeeperChannel): KeeperConnection {
    const { server } = this
    if (server === undefined) throw new StorageError('a keeper takes connections only after its start')
    return server.accept(channel)
  }

  async stop(): Promise<void> {
    if (this.#purgeTimer !== undefined) this.#options.timers.cancel(this.#purgeTimer)
    this.#proposer?.stop()
    this.server?.stop()
    await this.#snapshotting?.catch(() => undefined)
    await this.#logWriter?.stop()
  }

  async snapshot(): Promise<string | undefined> {
    const { server } = this
    if (server === undefined || this.#snapshotting !== undefined) return undefined
    const { disk, timers, clock } = this.#options
    const startedAtMs = clock.monotonicMs()
    this.#logWriter?.roll()
    const writing = new SnapshotWriter(server.tree, disk, timers, clock, this.#snapshotDirectory).write()
    this.#snapshotting = writing
    try {
      const path = await writing
      if (path === undefined) return undefined
      this.#lastSnapshot = { zxid: zxidOf(path), atMs: clock.wallMs() }
      server.stats.snapshotTime.record(clock.monotonicMs() - startedAtMs)
      return path
    } finally {
      this.#snapshotting = undefined
    }
  }

  get lastSnapshot(): SnapshotMark | undefined {
    if (this.#lastSnapshot !== undefined) return this.#lastSnapshot
    const newest = listZxidFiles(this.#options.disk, this.#snapshotDirectory, 'snapshot').at(-1)
    return newest === undefined ? undefined : { zxid: newest.zxid, atMs: this.#options.disk.modifiedAtMs(newest.path) }
  }

  get #snapshotEveryCount(): number {
    return Math.max(2, this.#options.snapshotEveryCount ?? 100_000)
  }

  /** Drawn anew each time, so that the servers of an ensemble do not all snapshot at once. */
  #drawSnapshotCount(): void {
    const half = this.#snapshotEveryCount / 2
    this.#untilSnapshot = Math.floor(half + this.#options.entropy.unit() * half)
  }

  #applied(count: number): void {
    this.#untilSnapshot -= count
    if (this.#untilSnapshot > 0) return
    this.#drawSnapshotCount()
    this.#snapshotInBackground()
  }

  #snapshotInBackground(): void {
    this.snapshot().then(
      (path) => {
        if (path !== undefined) this.#options.log.info('snapshot written', { path })
      },
      (error: unknown) => {
        // Without new snapshots the log only grows: no promise is broken, so serving goes on.
        this.#options.log.error('a snapshot could not be written; check space and rights of dataDir', { error })
      },
    )
  }

  #startPurging(): void {
    const { purgeIntervalHours = 0, snapshotsRetained = 3, timers, disk, log } = this.#options
    if (purgeIntervalHours <= 0) return
    const run = (): void => {
      const removed = purge(disk, this.#snapshotDirectory, this.#logDirectory, snapshotsRetained)
      if (removed.length > 0) log.info('old snapshots and logs removed', { removed })
      this.#purgeTimer = timers.start(purgeIntervalHours * HOUR_MS, run)
    }
    this.#purgeTimer = timers.start(0, run)
  }

  #serverOptions(): KeeperServer['options'] {
    const options = this.#options
    const tickTimeMs = options.tickTimeMs ?? 3000
    return {
      tickTimeMs,
      minSessionTimeoutMs: options.minSessionTimeoutMs ?? 2 * tickTimeMs,
      maxSessionTimeoutMs: options.maxSessionTimeoutMs ?? 20 * tickTimeMs,
      // ZooKeeper numbers a standalone server's sessions as server 1's.
      serverId: options.serverId ?? 1,
      juteMaxBufferBytes: options.juteMaxBufferBytes ?? juteMaxBufferBytes,
      outstandingMax: options.outstandingMax ?? 1000,
      maxClientConnections: options.maxClientConnections ?? 60,
      extendedTypesEnabled: options.extendedTypesEnabled ?? false,
      enforceQuota: options.enforceQuota ?? false,
      skipAcl: options.skipAcl ?? false,
      auth: new Authenticator({ ...defaultAuthRules, ...options.auth }, options.entropy, options.hash),
      containerUnusedMs: options.containerUnusedMs ?? 0,
      fourLetterWords: new Set(options.fourLetterWords ?? ['srvr']),
    }
  }

  #configuration(): readonly string[] {
    const options = this.#serverOptions()
    return [
      ...(this.#options.configuration ?? []),
      `dataDir=${this.#snapshotDirectory}`,
      `dataDirSize=${this.#sizeOf(this.#snapshotDirectory, 'snapshot')}`,
      `dataLogDir=${this.#logDirectory}`,
      `dataLogSize=${this.#sizeOf(this.#logDirectory, 'log')}`,
      `tickTime=${options.tickTimeMs}`,
      `maxClientCnxns=${options.maxClientConnections}`,
      `minSessionTimeout=${options.minSessionTimeoutMs}`,
      `maxSessionTimeout=${options.maxSessionTimeoutMs}`,
      `serverId=${this.#options.serverId ?? 0}`,
    ]
  }

  #sizeOf(directory: string, prefix: 'log' | 'snapshot'): number {
    let sizeBytes = 0
    for (const file of listZxidFiles(this.#options.disk, directory, prefix)) {
      sizeBytes += Math.max(0, this.#options.disk.fileSizeBytes(file.path))
    }
    return sizeBytes
  }
}

function zxidOf(path: string): number {
  return Number.parseInt(path.slice(path.lastIndexOf('.') + 1), 16)
}
