import { assert } from '../../base/assert.ts'
import type { Logger } from '../../io/ports.ts'
import { type EnsembleConfig, formatEnsembleConfig } from '../../zab/config/ensemble-config.ts'
import type { Entry, LinkId } from '../../zab/contract.ts'
import type { Recovered as RecoveredState } from '../../zab/state.ts'
import { epochOf, formatZxid } from '../../zab/zxid.ts'
import { listZxidFiles, removeUnfinished, StorageError } from '../storage/files.ts'
import { type Recovered, recover } from '../storage/recovery.ts'
import type { Txn } from '../tree/txn.ts'
import type { ZNodeTree } from '../tree/znode-tree.ts'
import { NewestEntries, txnOf } from './entries.ts'
import { readEpoch } from './epoch-files.ts'
import { finishInstallation, type HistoryPlaces, SnapshotReceiver, writeFirstSnapshot } from './history-files.ts'
import { LogStretch } from './log-entries.ts'

/** A learner gets the log instead of a snapshot while it is at most so large a part of one (`snapshotSizeFactor`). */
const SNAPSHOT_SIZE_FACTOR = 0.33
/** The log of a small tree may be larger than the tree: it is little to send all the same. */
const LOG_BYTES_MIN = 1 << 20
const LOG_BYTES_MAX = 64 << 20

/** What a member has: its tree, the files under it, and snapshots that are coming in. */
export class MemberHistory {
  readonly #places: HistoryPlaces
  readonly #log: Logger
  readonly #received = new Map<LinkId, SnapshotReceiver>()
  #tree: ZNodeTree | undefined

  constructor(places: HistoryPlaces, log: Logger) {
    this.#places = places
    this.#log = log
  }

  get tree(): ZNodeTree {
    assert(this.#tree !== undefined, 'the history has been recovered')
    return this.#tree
  }

  /**
   * Brings back what an earlier life left.
   *
   * @param windowMax entries to keep at hand
   * @throws StorageError, DiskError
   */
  start(windowMax: number): Omit<RecoveredState, 'config' | 'nextConfig'> & { readonly digestMismatchCount: number } {
    const { disk, snapshotDirectory, logDirectory, clock } = this.#places
    disk.makeDirectory(snapshotDirectory)
    disk.makeDirectory(logDirectory)
    removeUnfinished(disk, snapshotDirectory)
    finishInstallation(this.#places)
    const startedAtMs = clock.monotonicMs()
    const newest = new NewestEntries(windowMax)
    const { tree, ...recovered } = this.#recover((zxid, bytes) => newest.add(zxid, bytes))
    if (!recovered.hasSnapshot && tree.lastZxid === 0) writeFirstSnapshot(this.#places)
    this.#log.info('keeper recovered', {
      zxid: formatZxid(tree.lastZxid),
      nodes: tree.nodeCount,
      sessions: tree.sessions.size,
      replayed: recovered.replayedCount,
      digestMismatches: recovered.digestMismatchCount,
      tookMs: Math.round(clock.monotonicMs() - startedAtMs),
    })
    const currentEpoch = readEpoch(disk, snapshotDirectory, 'currentEpoch', epochOf(tree.lastZxid))
    return {
      acceptedEpoch: readEpoch(disk, snapshotDirectory, 'acceptedEpoch', currentEpoch),
      currentEpoch,
      lastZxid: tree.lastZxid,
      snapshotZxid: recovered.snapshotZxid,
      newestEntries: newest.upTo(tree.lastZxid),
      digestMismatchCount: recovered.digestMismatchCount,
    }
  }

  /** The log was cut or replaced. @throws StorageError, DiskError */
  rebuild(): void {
    this.#recover()
  }

  /** Puts the configuration where clients read it. It is there before any transaction says so. */
  showConfig(config: EnsembleConfig): void {
    const text = new TextEncoder().encode(formatEnsembleConfig(config))
    this.tree.showConfig(text, config.version, this.#places.clock.wallMs())
  }

  /** Applies what nobody waits for. */
  fastForward(entry: Entry): void {
    const { header, body } = this.txnOf(entry)
    this.tree.apply(header, body)
  }

  /** @throws StorageError when it is of a kind that nobody knows */
  txnOf(entry: Entry): Txn {
    const txn = txnOf(entry)
    if (txn === undefined) {
      throw new StorageError(
        `the transaction at ${formatZxid(entry.zxid)} is of a kind that this release does not know`,
      )
    }
    return txn
  }

  /**
   * A stretch of the leader's snapshot.
   *
   * @returns false when the disk has no room for it: no promise is broken, the leader's history is not ours yet
   */
  receive(link: LinkId, bytes: Uint8Array): boolean {
    const { disk, snapshotDirectory } = this.#places
    let receiver = this.#received.get(link)
    try {
      if (receiver === undefined) {
        receiver = new SnapshotReceiver(disk, snapshotDirectory, String(link))
        this.#received.set(link, receiver)
      }
      receiver.take(bytes)
      return true
    } catch (error) {
      this.#log.error('the snapshot of the leader cannot be written', { error })
      this.dropReceived(link)
      return false
    }
  }

  /** The snapshot that came over a link, handed over for good. */
  takeReceived(link: LinkId): SnapshotReceiver | undefined {
    const receiver = this.#received.get(link)
    this.#received.delete(link)
    return receiver
  }

  dropReceived(link: LinkId): void {
    this.takeReceived(link)?.abandon()
  }

  /** A stretch of the log for a learner. @throws DiskError */
  logStretch(fromZxid: number): LogStretch {
    const { disk, clock, snapshotDirectory, logDirectory } = this.#places
    const newest = listZxidFiles(disk, snapshotDirectory, 'snapshot').at(-1)
    const snapshotBytes = newest === undefined ? 0 : disk.fileSizeBytes(newest.path)
    const bytesMax = Math.min(LOG_BYTES_MAX, Math.max(LOG_BYTES_MIN, snapshotBytes * SNAPSHOT_SIZE_FACTOR))
    return new LogStretch(disk, clock, logDirectory, fromZxid, bytesMax)
  }

  #recover(onEntry?: (zxid: number, bytes: Uint8Array) => void): Recovered {
    const { disk, snapshotDirectory, logDirectory } = this.#places
    const recovered = recover(disk, snapshotDirectory, logDirectory, this.#log, onEntry)
    this.#tree = recovered.tree
    return recovered
  }
}
