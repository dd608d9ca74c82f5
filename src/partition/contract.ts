/**
 * One partition as its shard sees it: the log plus the rules of leadership. Lives on one shard, single-threaded, never
 * shared. Nothing here waits: time is passed in, disk writes are synchronous, durability is asked for separately.
 */
import type { ErrorCode } from '../model/error-code.ts'

/** What a replica is to its partition, as the controller decided. */
export type ReplicaRole = LeaderRole | FollowerRole

interface RoleTerm {
  /** Grows with every change of leadership. */
  readonly leaderEpoch: number
  /** Grows with every change of the partition's state (in ZooKeeper: the version of its znode). */
  readonly partitionEpoch: number
  /** Broker ids, the preferred leader first. */
  readonly replicas: readonly number[]
}

export interface LeaderRole extends RoleTerm {
  readonly kind: 'leader'
  readonly inSyncReplicas: readonly number[]
}

export interface FollowerRole extends RoleTerm {
  readonly kind: 'follower'
  /** Broker id, -1 while there is none: then nothing is fetched. */
  readonly leader: number
}

/** A leader asks the controller for another in-sync set. It counts with the union of both until it has the answer. */
export interface InSyncProposal {
  readonly topic: string
  readonly topicId: string
  readonly partition: number
  readonly handle: number
  readonly leaderEpoch: number
  /** What the proposal builds on: the controller refuses it when the state has moved on. */
  readonly partitionEpoch: number
  /** The whole set wanted, the leader among them. */
  readonly inSyncReplicas: readonly number[]
}

/** The controller's answer to a proposal; with `code` none, what is in force now. */
export interface InSyncDecision {
  readonly code: ErrorCode
  readonly leaderEpoch: number
  readonly partitionEpoch: number
  readonly inSyncReplicas: readonly number[]
}

/** Filled by `stage`; one object per partition, refilled in place (hot: per batch). */
export interface StageOutcome {
  baseOffset: number
  lastOffset: number
  /** -1 unless the topic stamps append time. */
  appendTimeMs: number
  logStartOffset: number
  /** The producer had sent this batch before: nothing was staged, baseOffset is the old one. */
  isDuplicate: boolean
  /** Why the records were refused, for the clients new enough to be told; empty when not. */
  errorMessage: string
  /** Which records were at fault, where single ones were; left out or empty when not. */
  recordErrors?: readonly RecordError[]
  /** The log holds other bytes than those at `at` (converted, recompressed): they must not be served from memory. */
  isRewritten?: boolean
}

/** One record that made the broker refuse its batch. */
export interface RecordError {
  /** Its place in the batch, from 0. */
  readonly batchIndex: number
  readonly message: string
}

export const NO_RECORD_ERRORS: readonly RecordError[] = []

/** Where the bytes of a read lie. `file` stays open until `releaseRead(plan)`. */
export interface ReadPlan {
  file: number
  position: number
  /** Whole batches may exceed it: the caller trims with `wholeBatchesSize`, except a first batch larger than asked. */
  sizeBytes: number
  /** Base offset of the first batch that the bytes begin with. */
  firstOffset: number
  /** Size of that batch. `sizeBytes` is at least this; whoever may not exceed the size asked for sends nothing when this is larger. */
  firstBatchSizeBytes: number
  /** Handle for `releaseRead`. */
  segment: number
}

/** Filled by `position`. */
export interface PartitionPosition {
  logStartOffset: number
  logEndOffset: number
  highWatermark: number
  lastStableOffset: number
  leaderEpoch: number
}

export interface AbortedTransaction {
  readonly producerId: number
  readonly firstOffset: number
}

export interface PartitionReplica {
  readonly topic: string
  readonly partition: number
  readonly handle: number

  /** hot: per batch. Judges, checks the producer, assigns offsets, restamps in place, and stages the bytes at `at` for the next flush.
   * `at` must stay untouched until `flush` returns. Several batches in one request are refused unless the bytes come from a replica. */
  stage(at: number, sizeBytes: number, origin: AppendOrigin, wallMs: number): ErrorCode
  readonly outcome: StageOutcome

  /** Writes everything staged with one system call. After an error the partition is offline: every later call answers storage error. */
  flush(): ErrorCode
  readonly hasStaged: boolean

  /** Makes flushed bytes durable off the thread; many callers share one sync. Resolves to a code, never rejects. */
  sync(): Promise<ErrorCode>

  readonly position: PartitionPosition
  /** Everything below it is on the disk, whatever happens to the machine. */
  readonly durableEndOffset: number

  /** hot: per fetch. Plans a read of at most about `sizeBytesMax` bytes from `fromOffset`, not beyond `untilOffset`.
   * offsetOutOfRange below the log start or above the log end. With nothing to read `plan.sizeBytes` is 0. */
  planRead(fromOffset: number, untilOffset: number, sizeBytesMax: number): ErrorCode
  readonly plan: ReadPlan
  /** The file of a finished read may be closed again. */
  releaseRead(segment: number): void

  /** Aborted transactions that overlap [fromOffset, untilOffset): for read_committed answers. */
  abortedTransactions(fromOffset: number, untilOffset: number): readonly AbortedTransaction[]

  /** Offset of the first record at or after `timestampMs`, or a special timestamp's answer. */
  offsetForTimestamp(timestampMs: number): OffsetAnswer
  /** KIP-101: the end offset of the largest epoch at or below `epoch`. */
  endOffsetForEpoch(epoch: number): { readonly leaderEpoch: number; readonly endOffset: number }
  /** Moves the log start. `offset` -1 means the high watermark. @returns the new low watermark */
  deleteRecords(offset: number): { readonly code: ErrorCode; readonly lowWatermark: number }
  readonly sizeBytes: number
  /** What DescribeProducers shows. */
  activeProducers(): readonly ProducerSnapshotRow[]

  /** New topic configuration; applies from the next call. */
  configure(config: PartitionConfig): void
  /** Begins a term. The epoch begins at the log end, even if nothing is written in it. */
  becomeLeader(leaderEpoch: number): void
  /** Begins a term of somebody else: from now on only `replica` appends come, and the high watermark from the leader. */
  becomeFollower(leaderEpoch: number): void
  /** Whether replication moves the high watermark; else every flush does. */
  setReplicated(isReplicated: boolean): void
  /** The high watermark is at least `offset` now. Never beyond the log end, never back. */
  advanceHighWatermark(offset: number): void
  /** Newest leader epoch in the log, -1 when it knows none. */
  readonly latestEpoch: number
  /** A follower: the leader has nothing below `offset` any more. */
  followLogStart(offset: number): ErrorCode
  /** A follower: cuts everything from `offset` on. The log end is `offset` afterwards or, inside a batch, that batch's begin. */
  truncate(offset: number): ErrorCode
  /** A follower: throws everything away and goes on at `offset`. */
  restart(offset: number): ErrorCode
  /**
   * Rolls by time, deletes by retention, checkpoints. Called about every second with little to do.
   *
   * @returns storage error when the disk refused, now or behind the back of everybody else since the last call
   */
  maintain(wallMs: number): ErrorCode
  /** Flushes, snapshots producers, closes files. */
  close(): void
  /** Marks for deletion and forgets. */
  remove(): void
}

export interface OffsetAnswer {
  readonly code: ErrorCode
  readonly offset: number
  readonly timestampMs: number
  readonly leaderEpoch: number
}

export interface ProducerSnapshotRow {
  readonly producerId: number
  readonly producerEpoch: number
  readonly lastSequence: number
  readonly lastTimestampMs: number
  readonly coordinatorEpoch: number
  readonly currentTransactionStartOffset: number
}

/** Who brings the bytes: decides which checks apply. */
export type AppendOrigin = 'client' | 'coordinator' | 'replica'

/** The topic settings that a partition obeys, already resolved (topic over broker over default). */
export interface PartitionConfig {
  readonly maxMessageBytes: number
  readonly isCompacted: boolean
  readonly isDeleted: boolean
  /** 0 create time, 1 log append time. */
  readonly timestampType: number
  readonly timestampBeforeMaxMs: number
  readonly timestampAfterMaxMs: number
  /** -1 = as the producer sent it ('producer'), else the codec to convert to ('uncompressed' = 0). */
  readonly compressionCodec: number
  readonly compressionLevel: number
  readonly segmentBytes: number
  readonly segmentMs: number
  readonly segmentJitterMs: number
  readonly segmentIndexBytes: number
  readonly indexIntervalBytes: number
  readonly retentionMs: number
  readonly retentionBytes: number
  readonly fileDeleteDelayMs: number
  readonly minInSyncReplicas: number
  /** Sync before acknowledging after this many messages; Infinity = never. */
  readonly flushMessages: number
  readonly flushMs: number
  readonly preallocate: boolean
  readonly producerIdExpirationMs: number
  readonly deleteRetentionMs: number
  readonly minCompactionLagMs: number
  readonly maxCompactionLagMs: number
  readonly minCleanableDirtyRatio: number
}
