import type { RingQueue } from '../base/ring-queue.ts'
import type { WheelEntry } from '../base/timer-wheel.ts'
import { ErrorCode } from '../model/error-code.ts'
import { NO_RECORD_ERRORS, type PartitionReplica, type RecordError } from '../partition/contract.ts'
import type { Leadership } from '../partition/leadership.ts'
import { NO_OFFSET } from '../model/special-offsets.ts'
import type { AppendSink, FetchWaiter, PartitionAssignment, Region, TopicCounters } from './contract.ts'
import type { Deadline } from './deadlines.ts'
import { HotTail } from './hot-tail.ts'
import { ReadLevel } from './read-level.ts'

// hot: per batch. The state that the parts of a shard share, and that points at each other: a partition, an append that
// waits for it, a fetch that waits for it.

/** One partition of this shard and what the turn loop knows about it besides the log. Never leaves its thread. */
export class OwnedPartition {
  assignment: PartitionAssignment
  /** undefined when its directory could not be opened: it is there, and answers storage error. Another one after a move. */
  replica: PartitionReplica | undefined
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

  /** A leader's account of its followers; null for a sole replica, whose appends need none of it, and for a follower. */
  leadership: Leadership | null = null
  /** Another broker leads: nothing is appended but what was fetched from there. */
  isFollower = false
  /** Appends must be looked at before they are staged: it is a follower, or has followers. */
  isGuarded = false
  /** Grows whenever it stops leading: what was staged before is not ours to acknowledge. */
  lostTerms = 0

  /** Bytes that were flushed since the partition was opened: what followers may read … */
  appendedBytes = 0
  /** … what readers of everything may read, and what readers of committed records only. */
  arrivedBytes = 0
  committedBytes = 0
  /** Flushed, but not yet below the high watermark or the last stable offset. */
  #unarrivedBytes = 0
  #uncommittedBytes = 0
  #highWatermark = -1
  #lastStableOffset = -1
  #noticedBytes = 0

  /** Reads planned on its files and not released. */
  openReads = 0

  /** Fetches that wait for this partition. */
  watches: Watch | null = null
  /** Appends that wait for followers, and for the disk; made on first use. */
  awaitingFollowers: RingQueue<PendingAppend> | null = null
  awaitingSync: RingQueue<PendingAppend> | null = null
  /** DeleteRecords that wait for followers; null while there are none. */
  deletions: Set<PendingDeletion> | null = null
  /** On its way to another log directory. */
  relocation: Relocation | null = null
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
    this.appendedBytes += sizeBytes
    this.#unarrivedBytes += sizeBytes
    this.#uncommittedBytes += sizeBytes
  }

  /**
   * Looks whether readers see more than before. Where a watermark lags and moves by a part, the flushed bytes that it
   * passed are estimated by offsets: a waiter for many bytes may be woken a little early or late by that; when the watermark
   * has caught up the count is right, and every move counts for a byte at least.
   */
  noteMoves(): boolean {
    if (this.replica === undefined) return false
    const { highWatermark, lastStableOffset, logEndOffset } = this.replica.position
    let hasMoved = this.appendedBytes !== this.#noticedBytes
    this.#noticedBytes = this.appendedBytes
    if (highWatermark !== this.#highWatermark) {
      const passed = shareOf(this.#unarrivedBytes, highWatermark, this.#highWatermark, logEndOffset)
      this.#highWatermark = highWatermark
      this.arrivedBytes += passed
      this.#unarrivedBytes = Math.max(0, this.#unarrivedBytes - passed)
      hasMoved = true
    }
    if (lastStableOffset !== this.#lastStableOffset) {
      const passed = shareOf(this.#uncommittedBytes, lastStableOffset, this.#lastStableOffset, logEndOffset)
      this.#lastStableOffset = lastStableOffset
      this.committedBytes += passed
      this.#uncommittedBytes = Math.max(0, this.#uncommittedBytes - passed)
      hasMoved = true
    }
    return hasMoved
  }

  /** Everything that watermarks had been compared with is void: the log was cut, or belongs to another term. */
  forgetMoves(): void {
    if (this.replica === undefined) return
    this.#highWatermark = this.replica.position.highWatermark
    this.#lastStableOffset = this.replica.position.lastStableOffset
  }
}

/** Bytes that readers of a level may have seen appear since the partition was opened. */
export function visibleBytes(partition: OwnedPartition, level: ReadLevel): number {
  if (level === ReadLevel.replicated) return partition.arrivedBytes
  return level === ReadLevel.committed ? partition.committedBytes : partition.appendedBytes
}

function shareOf(bytes: number, offset: number, before: number, logEndOffset: number): number {
  if (offset >= logEndOffset || before < 0) return bytes
  return Math.max(1, Math.floor((bytes * (offset - before)) / (logEndOffset - before)))
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
  /** The partition's `lostTerms` when it was staged. */
  lostTerms = 0
  code: ErrorCode = ErrorCode.none
  baseOffset: number = NO_OFFSET
  lastOffset: number = NO_OFFSET
  appendTimeMs = -1
  logStartOffset: number = NO_OFFSET
  errorMessage = ''
  recordErrors: readonly RecordError[] = NO_RECORD_ERRORS
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

/** One DeleteRecords of one partition, from the move of our log start until everybody has followed. */
export class PendingDeletion implements Deadline {
  readonly partition: OwnedPartition
  /** Everything below must be gone everywhere. */
  readonly offset: number
  readonly resolve: (deleted: { readonly code: ErrorCode; readonly lowWatermark: number }) => void
  wheelTick: number = -1
  wheelNext: WheelEntry | null = null
  wheelPrevious: WheelEntry | null = null
  readonly #owner: Expires<PendingDeletion>

  constructor(
    owner: Expires<PendingDeletion>,
    partition: OwnedPartition,
    offset: number,
    resolve: PendingDeletion['resolve'],
  ) {
    this.#owner = owner
    this.partition = partition
    this.offset = offset
    this.resolve = resolve
  }

  onDeadline(): void {
    this.#owner.expire(this)
  }
}

/** A replica on its way to another log directory: its present log is copied into a future one. */
export class Relocation {
  readonly partition: OwnedPartition
  /** The log directory it goes to. */
  readonly directory: string
  readonly future: PartitionReplica
  /** A batch that did not fit one step: the next one takes as much. */
  stepSizeBytes: number = 0
  /** Bytes copied since the future log was last made durable. */
  unsyncedBytes: number = 0
  /** Grows when the future log was cut: what was read for it before is void. */
  cuts: number = 0
  /** The last step found less than it could have taken: the end is near. */
  isNearEnd: boolean = false
  isOver: boolean = false

  constructor(partition: OwnedPartition, directory: string, future: PartitionReplica) {
    this.partition = partition
    this.directory = directory
    this.future = future
  }
}

/** That one parked fetch waits for one partition. */
export interface Watch {
  parked: Parked
  partition: OwnedPartition
  level: ReadLevel
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
