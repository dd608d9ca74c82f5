import type { Keeper, KeeperOptions, SnapshotMark } from './contract.ts'
import { Housekeeping } from './housekeeping.ts'
import type { KeeperChannel, KeeperConnection } from './server/channel.ts'
import { DecidingWrites } from './server/deciding-writes.ts'
import { KeeperServer } from './server/keeper-server.ts'
import type { KeeperServerOptions } from './server/options.ts'
import { LocalProposer } from './server/proposer.ts'
import { ServerStats } from './server/server-stats.ts'
import { SessionIds } from './server/session-password.ts'
import { logWriterOptions, serverOptions, settingLines } from './settings.ts'
import { removeUnfinished, StorageError, versionDirectory } from './storage/files.ts'
import { LogWriter } from './storage/log-writer.ts'
import { recover } from './storage/recovery.ts'
import { finishReplacing, loadRestorable, replaceData } from './storage/restore.ts'
import type { LoadedSnapshot } from './storage/snapshot-reader.ts'

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
  #isStopped = false
  #isRestoring = false

  constructor(options: KeeperOptions) {
    this.#options = options
    this.#settings = serverOptions(options)
    this.#snapshotDirectory = `${options.directory}/${versionDirectory}`
    this.#logDirectory = `${options.logDirectory ?? options.directory}/${versionDirectory}`
    this.#housekeeping = new Housekeeping(options, this.#snapshotDirectory, this.#logDirectory, this.#stats)
  }

  start(): void {
    this.#isStopped = false
    this.#start()
  }

  /** @param loaded what the directory's newest snapshot holds, when that is known already */
  #start(loaded?: LoadedSnapshot): void {
    const { disk, log, clock, timers } = this.#options
    const { directory, logDirectory = directory } = this.#options
    finishReplacing(disk, { directory, logDirectory, atMs: clock.wallMs() })
    disk.makeDirectory(this.#snapshotDirectory)
    disk.makeDirectory(this.#logDirectory)
    removeUnfinished(disk, this.#snapshotDirectory)
    const startedAtMs = clock.monotonicMs()
    const recovered = recover(disk, this.#snapshotDirectory, this.#logDirectory, log, undefined, loaded)
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
    this.#isStopped = true
    await this.#end()
  }

  async #end(): Promise<void> {
    this.#proposer?.stop()
    this.server?.stop()
    await this.#housekeeping.stop()
    await this.#logWriter?.stop()
  }

  /** Clients are served until the new tree stands beside the old one: both are in memory for that long. */
  async restore(path: string): Promise<number> {
    const { disk, directory, logDirectory = directory, clock, log } = this.#options
    if (this.#isRestoring) throw new StorageError('another snapshot is being restored')
    this.#isRestoring = true
    try {
      const loaded = await loadRestorable(this.#options, path, () => !this.#isStopped)
      const { zxid } = loaded
      log.warn('going on from a snapshot that was brought; what was here is kept beside', { zxid: zxid.toString(16) })
      await this.#end()
      let isReplaced = false
      try {
        replaceData(disk, { directory, logDirectory, path, zxid, atMs: clock.wallMs() })
        isReplaced = true
      } finally {
        // Whatever the disk refused, there is the old data or the new.
        if (!this.#isStopped) this.#start(isReplaced ? loaded : undefined)
      }
      return zxid
    } finally {
      this.#isRestoring = false
    }
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
