/**
 * What the serving half of a worker (`broker`) may ask of the owning half (`shard`), its own or another worker's. The
 * same calls work for both: for a partition of this thread they are plain calls within the turn, for another shard's
 * they travel in a list, one message per turn and target, and the bytes stay where they are in the shared memory.
 */
import { ErrorCode } from '../model/error-code.ts'
import type {
  AbortedTransaction,
  OffsetAnswer,
  PartitionConfig,
  ProducerSnapshotRow,
  RecordError,
  ReplicaRole,
} from '../partition/contract.ts'

/** A span of the arena. Reference-counted: whoever was given it calls `release` once. */
export interface Region {
  readonly at: number
  readonly sizeBytes: number
  /**
   * Arena chunk and its generation: what `release` and `retain` need. A part of a region is `{ at, sizeBytes, chunk }`
   * with the chunk of the whole and a lease of its own (`retain` first).
   */
  readonly chunk: number
}

/** Memory for bytes that must outlive the turn in which they were read. */
export interface Arena {
  readonly bytes: Uint8Array
  readonly landingAt: number
  readonly landingSizeBytes: number
  /** @returns undefined when nothing can be freed now: the caller stops reading its socket and asks again after `onRoom` */
  reserve(sizeBytes: number): Region | undefined
  retain(region: Region): void
  release(region: Region): void
  /** Runs `again` once, in a later turn, when memory has become free. */
  onRoom(again: () => void): void
  /** Whether somebody waits for memory right now. */
  readonly hasWaiters: boolean
  readonly usedBytes: number
  /** The largest region that can ever be had: refuse larger frames, they would wait for ever. */
  readonly sizeBytesMax: number
}

/** Receives what became of one staged append. `slot` is the caller's own number. Called at most once per slot, never inside `append`. */
export interface AppendSink {
  onAppended(slot: number, result: AppendResult): void
}

/** Reused by the caller of the sink: copy what must last. */
export interface AppendResult {
  code: ErrorCode
  baseOffset: number
  appendTimeMs: number
  logStartOffset: number
  errorMessage: string
  /** Which records were at fault, where single ones were. */
  recordErrors?: readonly RecordError[]
}

/** One partition's part of a fetch. Filled in place by `read`. */
export interface ReadSlot {
  // asked
  handle: number
  fromOffset: number
  sizeBytesMax: number
  isCommittedOnly: boolean
  /** -1 when the client did not say. */
  currentLeaderEpoch: number
  lastFetchedEpoch: number
  /** Return the first batch even if it is larger than sizeBytesMax (the first non-empty partition of a fetch). */
  mayExceed: boolean
  /** The broker whose follower asks: it reads up to the log end, and its offset says how far it is. -1 for clients. */
  replicaId: number
  /** That follower's log start; -1 when unknown. */
  replicaLogStart: number
  /** A follower here must not answer: the reader is one itself, or a client too old to know that followers may. */
  isLeaderOnly: boolean
  /** Brokers near the reader: the leader sends it to the best of them, if one is in sync. */
  nearReplicas: readonly number[]
  // answered
  code: ErrorCode
  /** -1, like the two after it, when `code` is not none. */
  highWatermark: number
  lastStableOffset: number
  logStartOffset: number
  /** -1 unless the log and the reader's `lastFetchedEpoch` part ways: then there are no bytes. */
  divergingEpoch: number
  divergingEndOffset: number
  /** Where the reader should rather read, -1 for here: then there are no bytes. */
  preferredReadReplica: number
  /** Bytes that had become readable in this partition by then: `park` counts from here. */
  arrivedBytes: number
  /** Only with `isCommittedOnly`, else null. */
  aborted: readonly AbortedTransaction[] | null
  /** Bytes to send: either spans of the arena (leased, release each), whole batches; empty it before the next `read` … */
  regions: Region[]
  /**
   * … or one span of a file (call `releaseFile` when sent), -1 for none. It begins with a whole batch and may end inside
   * one: trim with `wholeBatchesSize`.
   */
  file: number
  filePosition: number
  fileSegment: number
  /** Total bytes of records, from regions or from the file. */
  sizeBytes: number
}

export const NOBODY_NEAR: readonly number[] = []

/** A slot that asks for nothing yet. */
export function newReadSlot(): ReadSlot {
  return {
    handle: -1,
    fromOffset: 0,
    sizeBytesMax: 0,
    isCommittedOnly: false,
    currentLeaderEpoch: -1,
    lastFetchedEpoch: -1,
    mayExceed: false,
    replicaId: -1,
    replicaLogStart: -1,
    isLeaderOnly: true,
    nearReplicas: NOBODY_NEAR,
    code: ErrorCode.none,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    divergingEpoch: -1,
    divergingEndOffset: -1,
    preferredReadReplica: -1,
    arrivedBytes: 0,
    aborted: null,
    regions: [],
    file: -1,
    filePosition: 0,
    fileSegment: -1,
    sizeBytes: 0,
  }
}

/** What happened in one topic on one shard. Only grows. */
export interface TopicCounters {
  messagesIn: number
  bytesIn: number
  /** Counted by the broker: only it knows what left. */
  bytesOut: number
  failedProduces: number
  failedFetches: number
}

/** What happened on one shard. Plain numbers that only grow, except the three gauges at the end. */
export interface ShardCounters {
  messagesIn: number
  bytesIn: number
  /** Counted by the broker. */
  bytesOut: number
  appends: number
  /** Appends that were refused or failed. */
  failedAppends: number
  /** File flushes: one per dirty partition and turn. */
  flushes: number
  syncs: number
  turns: number
  /** Partition reads answered from memory, and from the file. */
  readsFromMemory: number
  readsFromFile: number
  /** Bytes of records copied in user space; the broker adds what it moves out of the landing buffer. */
  copiedBytes: number
  /** Commands sent to other shards, and the messages that carried them (answers included). */
  hops: number
  hopMessages: number
  /** Reservations refused. */
  arenaRefusals: number
  waitersExpired: number
  /** Bytes that were fetched from leaders and written. */
  replicatedBytesIn: number
  /** Bytes that followers were sent. Counted by the broker. */
  replicatedBytesOut: number
  /** Changes of in-sync sets led here, and proposals that the controller did not accept. */
  inSyncShrinks: number
  inSyncExpands: number
  failedInSyncUpdates: number
  // gauges
  partitions: number
  waiters: number
  hotBytes: number
  topic(name: string): TopicCounters
}

export interface FetchWaiter {
  /** Enough may have arrived, a watched partition changed, or the deadline passed: read again and answer. Called at most once. */
  onFetchReady(): void
}

/** Everything below is for cold paths: plain promises, structured-clone-able values. */
export interface PartitionRef {
  readonly topic: string
  readonly partition: number
  readonly handle: number
  /** Index of the shard that owns it. */
  readonly shard: number
}

export interface LogDirectoryRow {
  /** The log directory, as in the assignment. */
  readonly directory: string
  readonly topic: string
  readonly partition: number
  readonly sizeBytes: number
  /** A replica that is being copied here from another directory … */
  readonly isFuture: boolean
  /** … and how many offsets it is behind; 0 for others. */
  readonly offsetLag: number
}

export interface InternalRecord {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly timestampMs: number
  /** Replay only: the producer of a transactional batch; absent or -1 outside transactions. */
  readonly producerId?: number
  /** Replay only: this is no record but the marker that ends the producer's transaction; key and value are null. */
  readonly transactionEnd?: 'commit' | 'abort'
}

/** A partition of this shard that another broker leads. */
export interface FollowedPartition {
  readonly handle: number
  readonly topic: string
  readonly topicId: string
  readonly partition: number
  /** Broker id. */
  readonly leader: number
  readonly leaderEpoch: number
}

/** Who fetches for the partitions that this shard follows. Told during a command of the control plane: starts nothing there and then. */
export interface PartitionFetching {
  /** From now on this partition in this term; replaces an older term. */
  follow(partition: FollowedPartition): void
  unfollow(handle: number): void
}

/** Where a follower's log is. Refilled: copy what must last. */
export interface FollowerPosition {
  logStartOffset: number
  logEndOffset: number
  highWatermark: number
  /** Newest leader epoch in the log, -1 when it knows none. */
  latestEpoch: number
}

/**
 * What a fetcher does to the followers of its own shard. Every call names the leader epoch in which it was fetched:
 * NOT_LEADER_OR_FOLLOWER when the partition is in another term by now, is led here, or is gone.
 */
export interface Followers {
  /** Registered once; told at once of everything that is followed already. */
  fetchedBy(fetching: PartitionFetching): void
  position(handle: number, leaderEpoch: number): FollowerPosition | undefined
  /**
   * hot: per batch. Writes the whole batches at the begin of `region`, at once, and takes note of what the leader said.
   * Takes over the lease in any case. CORRUPT_MESSAGE and the like when they are not sound.
   */
  append(
    handle: number,
    leaderEpoch: number,
    region: Region,
    leaderHighWatermark: number,
    leaderLogStart: number,
  ): ErrorCode
  /** The leader said how far it is; there were no records. */
  hear(handle: number, leaderEpoch: number, leaderHighWatermark: number, leaderLogStart: number): ErrorCode
  /** The leader said where the histories part (KIP-595): goes back to what both have. */
  diverged(
    handle: number,
    leaderEpoch: number,
    divergence: { readonly leaderEpoch: number; readonly endOffset: number },
  ): ErrorCode
  truncate(handle: number, leaderEpoch: number, offset: number): ErrorCode
  /** Throws the log away and goes on at `offset`. */
  restart(handle: number, leaderEpoch: number, offset: number): ErrorCode
  /** Makes everything appended so far durable. */
  sync(handle: number): Promise<ErrorCode>
}

export interface Shards {
  readonly index: number
  readonly followers: Followers
  readonly arena: Arena
  readonly counters: ShardCounters

  /**
   * Runs `hook` at the end of every turn, after appends were flushed and answered and waiters woken: the moment to write
   * each connection's answers once. Registered once, by the worker's broker.
   */
  onTurnEnd(hook: () => void): void
  /** Asks for a turn end even if nothing is appended, so that answers to other requests leave in the same write. */
  scheduleTurn(): void

  /**
   * hot: per batch. Takes over the caller's lease on `region` if it accepts (always, or it answers through the sink).
   * `region` holds one batch (or an old format's message set), not the whole request.
   * The answer comes at the end of the turn for acks 0 and 1 on this shard, later otherwise; acks -1 waits for the
   * high watermark until `deadlineMs` (monotonic).
   */
  append(ref: PartitionRef, region: Region, acks: number, deadlineMs: number, sink: AppendSink, slot: number): void

  /** hot: per fetch. Fills every slot whose partition this shard owns, at once. `false` when some belong elsewhere: use `readElsewhere`. */
  read(refs: readonly PartitionRef[], slots: readonly ReadSlot[], count: number): boolean
  /** Fills the slots whose partitions belong to other shards, leaves the others as `read` filled them, then calls `done` in a later turn. */
  readElsewhere(refs: readonly PartitionRef[], slots: readonly ReadSlot[], count: number, done: () => void): void
  /**
   * `slots` as the last `read` left them. Calls the waiter once, never inside this call, when `sizeBytesMin` more bytes than were readable
   * then have arrived over the slots, when one of the partitions fails or moves, or at the deadline (monotonic).
   */
  park(
    refs: readonly PartitionRef[],
    slots: readonly ReadSlot[],
    count: number,
    sizeBytesMin: number,
    deadlineMs: number,
    waiter: FetchWaiter,
  ): void
  unpark(waiter: FetchWaiter): void
  releaseFile(ref: PartitionRef, fileSegment: number): void

  /** Number of partition handles with data known hot in memory and other counters, for metrics. */
  /** @param isFromReplica a broker asks: it sees everything up to the log end */
  offsetForTimestamp(
    ref: PartitionRef,
    timestampMs: number,
    isCommittedOnly: boolean,
    isFromReplica?: boolean,
  ): Promise<OffsetAnswer>
  endOffsetForEpoch(
    ref: PartitionRef,
    epoch: number,
  ): Promise<{ readonly code: ErrorCode; readonly leaderEpoch: number; readonly endOffset: number }>
  /** Answered when every live replica has moved its log start to `offset` (-1 = the high watermark), or as timed out. */
  deleteRecords(
    ref: PartitionRef,
    offset: number,
    timeoutMs: number,
  ): Promise<{ readonly code: ErrorCode; readonly lowWatermark: number }>
  logDirectories(shard: number): Promise<readonly LogDirectoryRow[]>
  activeProducers(ref: PartitionRef): Promise<readonly ProducerSnapshotRow[]>

  /** Coordinators: appends to a partition of this shard and resolves when it is as durable as acks=all promises. */
  appendInternal(
    ref: PartitionRef,
    records: readonly InternalRecord[],
  ): Promise<{ readonly code: ErrorCode; readonly baseOffset: number }>
  /** Coordinators: every record of a partition of this shard from its log start, oldest first. */
  replayInternal(ref: PartitionRef, visit: (record: InternalRecord, offset: number) => void): Promise<ErrorCode>
}

/** Commands from the control plane to the shard that owns a partition. */
export interface PartitionAssignment extends PartitionRef {
  readonly topicId: string
  readonly leaderEpoch: number
  /** Its `leaderEpoch` is the one beside it. */
  readonly role: ReplicaRole
  readonly directory: string
  /** The log directory to which it is being moved; absent or '' = none. */
  readonly movingTo?: string
  /** It is new, and nothing of it lies on the disk: with many of its kind it may be opened later. */
  readonly hasNoFiles?: boolean
  readonly config: PartitionConfig
}
