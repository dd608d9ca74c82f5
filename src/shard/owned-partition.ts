import type { RingQueue } from '../base/ring-queue.ts'
import type { WheelEntry } from '../base/timer-wheel.ts'
import { ErrorCode } from '../model/error-code.ts'
import type { PartitionReplica } from '../partition/contract.ts'
import { NO_OFFSET } from '../model/special-offsets.ts'
import type { AppendSink, FetchWaiter, PartitionAssignment, Region, TopicCounters } from './contract.ts'
import type { Deadline } from './deadlines.ts'
import { HotTail } from './hot-tail.ts'

// hot: per batch. The state that the parts of a shard share, and that points at each other: a partition, an append that
// waits for it, a fetch that waits for it.

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

/** Is told when the time of something of its is over. */
interface Expires<T> {
  expire(late: T): void
}

/** One append between `append` and its answer. Reused. */
export class PendingAppend implements Deadline {
  partition: OwnedPartition | null = null
  sink: AppendSink | null = null
  slot = 0
  acks = 0
  deadlineMs = 0
  region: Region | null = null
  isDuplicate = false
  isRewritten = false
  code: ErrorCode = ErrorCode.none
  baseOffset: number = NO_OFFSET
  lastOffset: number = NO_OFFSET
  appendTimeMs = -1
  logStartOffset: number = NO_OFFSET
  errorMessage = ''
  wheelTick = -1
  wheelNext: WheelEntry | null = null
  wheelPrevious: WheelEntry | null = null
  readonly #owner: Expires<PendingAppend>

  constructor(owner: Expires<PendingAppend>) {
    this.#owner = owner
  }

  onDeadline(): void {
    this.#owner.expire(this)
  }
}

/** That one parked fetch waits for one partition. */
export interface Watch {
  parked: Parked
  partition: OwnedPartition
  isCommittedOnly: boolean
  /** What had arrived when it was last looked at. */
  seenBytes: number
  previous: Watch | null
  next: Watch | null
  /** Next watch of the same fetch. */
  sibling: Watch | null
}

/** Hears of bytes while it goes on waiting: the local stand-in of a fetch of another shard. */
export interface ProgressListener {
  onProgress(sizeBytes: number): void
}

export const NO_SHARDS: readonly number[] = []

/** A fetch that waits. */
export class Parked implements Deadline {
  readonly waiter: FetchWaiter
  missingBytes: number
  watches: Watch | null = null
  /** Other shards where it waits too, and the number by which they know it. */
  remotes: readonly number[] = NO_SHARDS
  remotePark = 0
  /** Of a fetch that came from another shard: reports every so many bytes instead of being woken. */
  onProgress: ProgressListener | null = null
  progressStepBytes = 0
  isReady = false
  wheelTick = -1
  wheelNext: WheelEntry | null = null
  wheelPrevious: WheelEntry | null = null
  readonly #owner: Expires<Parked>

  constructor(owner: Expires<Parked>, waiter: FetchWaiter, missingBytes: number) {
    this.#owner = owner
    this.waiter = waiter
    this.missingBytes = missingBytes
  }

  onDeadline(): void {
    this.#owner.expire(this)
  }
}
