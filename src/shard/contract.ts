/**
 * What the serving half of a worker (`broker`) may ask of the owning half (`shard`), its own or another worker's. The
 * same calls work for both: for a partition of this thread they are plain calls within the turn, for another shard's
 * they travel in a list, one message per turn and target, and the bytes stay where they are in the shared memory.
 */
import type { ErrorCode } from '../model/error-code.ts'
import type { AbortedTransaction, OffsetAnswer, PartitionConfig, ProducerSnapshotRow } from '../partition/contract.ts'

/** A span of the arena. Reference-counted: whoever was given it calls `release` once. */
export interface Region {
  readonly at: number
  readonly sizeBytes: number
  /** Arena chunk and its generation: what `release` and `retain` need. */
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
  readonly usedBytes: number
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
  // answered
  code: ErrorCode
  highWatermark: number
  lastStableOffset: number
  logStartOffset: number
  divergingEpoch: number
  divergingEndOffset: number
  aborted: readonly AbortedTransaction[] | null
  /** Bytes to send: either spans of the arena (leased, release each) … */
  regions: Region[]
  /** … or one span of a file (call `releaseFile` when sent), -1 for none. */
  file: number
  filePosition: number
  fileSegment: number
  /** Total bytes of records, from regions or from the file. */
  sizeBytes: number
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
  readonly topic: string
  readonly partition: number
  readonly sizeBytes: number
}

export interface InternalRecord {
  readonly key: Uint8Array | null
  readonly value: Uint8Array | null
  readonly timestampMs: number
}

export interface Shards {
  readonly index: number
  readonly arena: Arena

  /**
   * hot: per batch. Takes over the caller's lease on `region` if it accepts (always, or it answers through the sink).
   * The answer comes at the end of the turn for acks 0 and 1 on this shard, later otherwise; acks -1 waits for the
   * high watermark until `deadlineMs` (monotonic).
   */
  append(ref: PartitionRef, region: Region, acks: number, deadlineMs: number, sink: AppendSink, slot: number): void

  /** hot: per fetch. Fills every slot whose partition this shard owns, at once. `false` when some belong elsewhere: use `readElsewhere`. */
  read(refs: readonly PartitionRef[], slots: readonly ReadSlot[], count: number): boolean
  readElsewhere(refs: readonly PartitionRef[], slots: readonly ReadSlot[], count: number, done: () => void): void
  /** Calls the waiter once when `sizeBytesMin` more bytes than read have arrived over the slots, or at the deadline (monotonic). */
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
  offsetForTimestamp(ref: PartitionRef, timestampMs: number, isCommittedOnly: boolean): Promise<OffsetAnswer>
  endOffsetForEpoch(
    ref: PartitionRef,
    epoch: number,
  ): Promise<{ readonly code: ErrorCode; readonly leaderEpoch: number; readonly endOffset: number }>
  deleteRecords(ref: PartitionRef, offset: number): Promise<{ readonly code: ErrorCode; readonly lowWatermark: number }>
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
  readonly directory: string
  readonly config: PartitionConfig
}
