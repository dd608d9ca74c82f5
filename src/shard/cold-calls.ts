import { assertNever } from '../base/assert.ts'
import { ErrorCode } from '../model/error-code.ts'
import {
  EARLIEST_LOCAL_TIMESTAMP,
  EARLIEST_TIMESTAMP,
  LATEST_TIMESTAMP,
  NO_EPOCH,
  NO_OFFSET,
} from '../model/special-offsets.ts'
import type { OffsetAnswer, ProducerSnapshotRow } from '../partition/contract.ts'
import type { LogDirectoryRow } from './contract.ts'
import type { OwnedPartition } from './owned-partition.ts'

/** What one shard may ask another on the cold paths. Crosses threads: plain values only. */
export type ColdCall =
  | {
      readonly kind: 'offsetForTimestamp'
      readonly handle: number
      readonly timestampMs: number
      readonly isCommittedOnly: boolean
      readonly isFromReplica: boolean
    }
  | { readonly kind: 'endOffsetForEpoch'; readonly handle: number; readonly epoch: number }
  | { readonly kind: 'deleteRecords'; readonly handle: number; readonly offset: number; readonly timeoutMs: number }
  | { readonly kind: 'activeProducers'; readonly handle: number }
  | { readonly kind: 'logDirectories' }

export interface EpochEnd {
  readonly code: ErrorCode
  readonly leaderEpoch: number
  readonly endOffset: number
}

export interface DeletedRecords {
  readonly code: ErrorCode
  readonly lowWatermark: number
}

/** Why a partition cannot be asked, or none. */
function whyNot(partition: OwnedPartition | undefined): ErrorCode {
  if (partition === undefined || partition.isClosed || partition.isFollower) return ErrorCode.notLeaderOrFollower
  return partition.isOffline || partition.replica === undefined ? ErrorCode.kafkaStorageError : ErrorCode.none
}

/**
 * ListOffsets. Readers of committed records do not see offsets at or above the last stable one. After an election clients
 * are told nothing that could lie below what they have seen before (KIP-207), until the high watermark is in the new term.
 */
export function offsetForTimestamp(
  partition: OwnedPartition | undefined,
  timestampMs: number,
  isCommittedOnly: boolean,
  isFromReplica: boolean = false,
): OffsetAnswer {
  const replica = partition?.replica
  if (whyNot(partition) !== ErrorCode.none || replica === undefined) {
    return { code: whyNot(partition), offset: NO_OFFSET, timestampMs: -1, leaderEpoch: NO_EPOCH }
  }
  const { highWatermark, lastStableOffset, leaderEpoch, logEndOffset } = replica.position
  const until = isFromReplica ? logEndOffset : isCommittedOnly ? lastStableOffset : highWatermark
  const isBehindTerm = !isFromReplica && highWatermark < (partition?.leadership?.startOffset ?? 0)
  if (isBehindTerm && timestampMs !== EARLIEST_TIMESTAMP && timestampMs !== EARLIEST_LOCAL_TIMESTAMP) {
    const found = timestampMs === LATEST_TIMESTAMP ? undefined : replica.offsetForTimestamp(timestampMs)
    if (found !== undefined && found.offset >= 0 && found.offset < until) return found
    return { code: ErrorCode.offsetNotAvailable, offset: NO_OFFSET, timestampMs: -1, leaderEpoch: NO_EPOCH }
  }
  if (timestampMs === LATEST_TIMESTAMP) return { code: ErrorCode.none, offset: until, timestampMs: -1, leaderEpoch }
  const answer = replica.offsetForTimestamp(timestampMs)
  const isStart = timestampMs === EARLIEST_TIMESTAMP || timestampMs === EARLIEST_LOCAL_TIMESTAMP
  if (isStart || answer.offset < until) return answer
  return { code: ErrorCode.none, offset: NO_OFFSET, timestampMs: -1, leaderEpoch: NO_EPOCH }
}

/** OffsetForLeaderEpoch. */
export function endOffsetForEpoch(partition: OwnedPartition | undefined, epoch: number): EpochEnd {
  const code = whyNot(partition)
  const replica = partition?.replica
  if (code !== ErrorCode.none || replica === undefined) return { code, leaderEpoch: NO_EPOCH, endOffset: NO_OFFSET }
  return { code, ...replica.endOffsetForEpoch(epoch) }
}

/** DeleteRecords: our own part of it. */
export function deleteRecords(partition: OwnedPartition | undefined, offset: number): DeletedRecords {
  const code = whyNot(partition)
  const replica = partition?.replica
  if (code !== ErrorCode.none || replica === undefined) return { code, lowWatermark: NO_OFFSET }
  return replica.deleteRecords(offset)
}

/** DescribeProducers. */
export function activeProducers(partition: OwnedPartition | undefined): readonly ProducerSnapshotRow[] {
  return whyNot(partition) === ErrorCode.none ? (partition?.replica?.activeProducers() ?? []) : []
}

/** DescribeLogDirs: every partition of a shard. */
export function logDirectories(partitions: Iterable<OwnedPartition>): readonly LogDirectoryRow[] {
  const rows: LogDirectoryRow[] = []
  for (const { assignment, replica, relocation } of partitions) {
    const { directory, topic, partition } = assignment
    rows.push({ directory, topic, partition, sizeBytes: replica?.sizeBytes ?? 0, isFuture: false, offsetLag: 0 })
    if (relocation === null || replica === undefined) continue
    const { sizeBytes, position } = relocation.future
    const offsetLag = replica.position.logEndOffset - position.logEndOffset
    rows.push({ directory: relocation.directory, topic, partition, sizeBytes, isFuture: true, offsetLag })
  }
  return rows
}

/** Where questions find their partitions. */
export interface PartitionShelf {
  find(handle: number): OwnedPartition | undefined
  all(): Iterable<OwnedPartition>
}

/** Who carries DeleteRecords out to its end. */
export interface Deletes {
  delete(
    partition: OwnedPartition | undefined,
    offset: number,
    timeoutMs: number,
  ): DeletedRecords | Promise<DeletedRecords>
}

/** Answers one question from this shard's partitions; a promise where the answer waits for other brokers. */
export function answerColdCall(question: ColdCall, shelf: PartitionShelf, deletions: Deletes): unknown {
  switch (question.kind) {
    case 'offsetForTimestamp':
      return offsetForTimestamp(
        shelf.find(question.handle),
        question.timestampMs,
        question.isCommittedOnly,
        question.isFromReplica,
      )
    case 'endOffsetForEpoch':
      return endOffsetForEpoch(shelf.find(question.handle), question.epoch)
    case 'deleteRecords':
      return deletions.delete(shelf.find(question.handle), question.offset, question.timeoutMs)
    case 'activeProducers':
      return activeProducers(shelf.find(question.handle))
    case 'logDirectories':
      return logDirectories(shelf.all())
    default:
      return assertNever(question, 'answerColdCall')
  }
}
