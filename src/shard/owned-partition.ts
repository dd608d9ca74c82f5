import type { RingQueue } from '../base/ring-queue.ts'
import { ErrorCode } from '../model/error-code.ts'
import type { PartitionReplica } from '../partition/contract.ts'
import type { PendingAppend } from './appends.ts'
import type { PartitionAssignment, TopicCounters } from './contract.ts'
import { HotTail } from './hot-tail.ts'
import type { Watch } from './waiters.ts'

/** One partition of this shard and what the turn loop knows about it besides the log. Never leaves its thread. */
export class OwnedPartition {
  assignment: PartitionAssignment
  /** undefined when its directory could not be opened: it is there, and answers storage error. */
  readonly replica: PartitionReplica | undefined
  readonly counters: TopicCounters
  readonly hot: HotTail = new HotTail()

  /** After a disk error: every answer is a storage error until the shard opens it anew. */
  isOffline: boolean
  /** Given up, closed or deleted: whoever still holds this object must not touch the replica. */
  isClosed = false
  /** Why it is offline, once it is. */
  failureCode: ErrorCode = ErrorCode.none
  /** Staged something in this turn; and has not written it yet. */
  isTouched = false
  isDirty = false

  /** Bytes that readers of everything, and of committed records only, may read since the partition was opened. */
  arrivedBytes = 0
  committedBytes = 0
  /** Flushed, but not yet below the high watermark or the last stable offset. */
  #unarrivedBytes = 0
  #uncommittedBytes = 0
  #highWatermark = -1
  #lastStableOffset = -1

  /** Reads planned on its files and not released. */
  openReads = 0

  /** Fetches that wait for this partition. */
  watches: Watch | null = null
  /** Appends that wait for followers, and for the disk; made on first use. */
  awaitingFollowers: RingQueue<PendingAppend> | null = null
  awaitingSync: RingQueue<PendingAppend> | null = null
  isSyncing = false
  isSyncDue = false
  /** Records flushed and not synced, and since when. */
  unsyncedMessages = 0
  unsyncedSinceMs = 0

  constructor(assignment: PartitionAssignment, replica: PartitionReplica | undefined, counters: TopicCounters) {
    this.assignment = assignment
    this.replica = replica
    this.counters = counters
    this.isOffline = replica === undefined
    if (replica !== undefined) {
      this.#highWatermark = replica.position.highWatermark
      this.#lastStableOffset = replica.position.lastStableOffset
    }
  }

  /** `sizeBytes` more are in the log; readers see them once the watermarks have passed. */
  noteFlushed(sizeBytes: number): void {
    this.#unarrivedBytes += sizeBytes
    this.#uncommittedBytes += sizeBytes
  }

  /**
   * Looks whether readers see more than before. Where a watermark lags and moves by a part, all flushed bytes are
   * counted: a waiter may be woken too early by that, never too late.
   */
  noteMoves(): boolean {
    if (this.replica === undefined) return false
    const { highWatermark, lastStableOffset } = this.replica.position
    let hasMoved = false
    if (highWatermark !== this.#highWatermark) {
      this.#highWatermark = highWatermark
      this.arrivedBytes += this.#unarrivedBytes
      this.#unarrivedBytes = 0
      hasMoved = true
    }
    if (lastStableOffset !== this.#lastStableOffset) {
      this.#lastStableOffset = lastStableOffset
      this.committedBytes += this.#uncommittedBytes
      this.#uncommittedBytes = 0
      hasMoved = true
    }
    return hasMoved
  }
}
