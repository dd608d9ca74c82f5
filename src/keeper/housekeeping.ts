import type { TimerHandle } from '../io/ports.ts'
import type { KeeperOptions, SnapshotMark } from './contract.ts'
import type { ServerStats } from './server/server-stats.ts'
import { listZxidFiles } from './storage/files.ts'
import type { LogWriter } from './storage/log-writer.ts'
import { purge } from './storage/purge.ts'
import { SnapshotWriter } from './storage/snapshot-writer.ts'
import type { ZNodeTree } from './tree/znode-tree.ts'

const HOUR_MS = 3_600_000

/** Snapshots in time, and the removal of old ones: the same for a server alone and a member of an ensemble. */
export class Housekeeping {
  readonly #options: KeeperOptions
  readonly #snapshotDirectory: string
  readonly #logDirectory: string
  readonly #stats: ServerStats
  #snapshotting: { readonly writer: SnapshotWriter; readonly done: Promise<string | undefined> } | undefined
  #lastSnapshot: SnapshotMark | undefined
  #untilSnapshot = 0
  #purgeTimer: TimerHandle | undefined

  constructor(options: KeeperOptions, snapshotDirectory: string, logDirectory: string, stats: ServerStats) {
    this.#options = options
    this.#snapshotDirectory = snapshotDirectory
    this.#logDirectory = logDirectory
    this.#stats = stats
    this.#drawSnapshotCount()
  }

  get snapshotEveryCount(): number {
    return Math.max(2, this.#options.snapshotEveryCount ?? 100_000)
  }

  get lastSnapshot(): SnapshotMark | undefined {
    if (this.#lastSnapshot !== undefined) return this.#lastSnapshot
    const newest = listZxidFiles(this.#options.disk, this.#snapshotDirectory, 'snapshot').at(-1)
    return newest === undefined ? undefined : { zxid: newest.zxid, atMs: this.#options.disk.modifiedAtMs(newest.path) }
  }

  /** @returns whether enough has been applied that a snapshot is due */
  applied(count: number): boolean {
    this.#untilSnapshot -= count
    if (this.#untilSnapshot > 0) return false
    this.#drawSnapshotCount()
    return true
  }

  /** @returns the path, undefined when one is being written already or this one was abandoned @throws DiskError */
  async snapshot(tree: ZNodeTree, log: LogWriter): Promise<string | undefined> {
    if (this.#snapshotting !== undefined) return undefined
    const { disk, timers, clock } = this.#options
    const startedAtMs = clock.monotonicMs()
    log.roll()
    const writer = new SnapshotWriter(tree, disk, timers, clock, this.#snapshotDirectory)
    const done = writer.write()
    this.#snapshotting = { writer, done }
    try {
      const path = await done
      if (path === undefined) return undefined
      this.#lastSnapshot = { zxid: zxidOf(path), atMs: clock.wallMs() }
      this.#stats.snapshotTime.record(clock.monotonicMs() - startedAtMs)
      return path
    } finally {
      this.#snapshotting = undefined
    }
  }

  /**
   * The same without waiting; what goes wrong is a log line.
   *
   * @param written told of the snapshot's zxid when it is durable
   */
  snapshotInBackground(tree: ZNodeTree, log: LogWriter, written?: (zxid: number) => void): void {
    this.snapshot(tree, log).then(
      (path) => {
        if (path === undefined) return
        this.#options.log.info('snapshot written', { path })
        written?.(zxidOf(path))
      },
      (error: unknown) => {
        // Without new snapshots the log only grows: no promise is broken, so serving goes on.
        this.#options.log.error('a snapshot could not be written; check space and rights of dataDir', { error })
      },
    )
  }

  /** See {@link SnapshotWriter.abandon}. */
  abandonSnapshot(): void {
    this.#snapshotting?.writer.abandon()
  }

  startPurging(): void {
    const { purgeIntervalHours = 0, snapshotsRetained = 3, timers, disk, log } = this.#options
    if (purgeIntervalHours <= 0) return
    const run = (): void => {
      purge(disk, this.#snapshotDirectory, this.#logDirectory, snapshotsRetained).then(
        (removed) => {
          if (removed.length > 0) log.info('old snapshots and logs removed', { removed })
        },
        (error: unknown) => log.error('old snapshots and logs could not be removed', { error }),
      )
      this.#purgeTimer = timers.start(purgeIntervalHours * HOUR_MS, run)
    }
    this.#purgeTimer = timers.start(0, run)
  }

  /** Waits for a snapshot that is being written. */
  async stop(): Promise<void> {
    if (this.#purgeTimer !== undefined) this.#options.timers.cancel(this.#purgeTimer)
    await this.#snapshotting?.done.catch(() => undefined)
  }

  /** Bytes of snapshots and of logs. */
  sizes(): { readonly dataBytes: number; readonly logBytes: number } {
    return {
      dataBytes: this.#sizeOf(this.#snapshotDirectory, 'snapshot'),
      logBytes: this.#sizeOf(this.#logDirectory, 'log'),
    }
  }

  /** Drawn anew each time, so that the servers of an ensemble do not all snapshot at once. */
  #drawSnapshotCount(): void {
    const half = this.snapshotEveryCount / 2
    this.#untilSnapshot = Math.floor(half + this.#options.entropy.unit() * half)
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
