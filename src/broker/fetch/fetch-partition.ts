import { ErrorCode } from '../../model/error-code.ts'
import { newReadSlot, type PartitionRef, type ReadSlot } from '../../shard/contract.ts'

/** One partition of a fetch: lives as long as its session, or for one request where there is none. */
export interface FetchPartition {
  /** Name, until version 12; the name known for the id, or empty, from 13 on. */
  topic: string
  readonly topicId: string
  readonly partition: number
  fetchOffset: number
  sizeBytesMax: number
  currentLeaderEpoch: number
  lastFetchedEpoch: number
  /** A follower's log start. */
  logStartOffset: number
  /** Asked of the shard and answered by it. */
  readonly slot: ReadSlot
  /** Undefined where this broker cannot read it: `errorCode` says why. */
  ref: PartitionRef | undefined
  errorCode: ErrorCode
  /** What the client was told last: an incremental answer names the partition when it changed. -1 = never told. */
  toldHighWatermark: number
  toldLogStartOffset: number
}

/** What one partition of a request says. */
export interface AskedPartition {
  readonly topic: string
  readonly topicId: string
  readonly partition: number
  readonly fetchOffset: number
  readonly partitionMaxBytes: number
  readonly currentLeaderEpoch: number
  readonly lastFetchedEpoch: number
  readonly logStartOffset: number
}

export function newFetchPartition(asked: AskedPartition): FetchPartition {
  const partition: FetchPartition = {
    topic: asked.topic,
    topicId: asked.topicId,
    partition: asked.partition,
    fetchOffset: 0,
    sizeBytesMax: 0,
    currentLeaderEpoch: -1,
    lastFetchedEpoch: -1,
    logStartOffset: -1,
    slot: newReadSlot(),
    ref: undefined,
    errorCode: ErrorCode.none,
    toldHighWatermark: -1,
    toldLogStartOffset: -1,
  }
  update(partition, asked)
  return partition
}

/** What a session's partition is asked from now on. */
export function update(partition: FetchPartition, asked: AskedPartition): void {
  // An answer of the term before, on its way while a follower entered this one, was not heard by it.
  if (asked.currentLeaderEpoch !== partition.currentLeaderEpoch) {
    partition.toldHighWatermark = -1
    partition.toldLogStartOffset = -1
  }
  partition.fetchOffset = asked.fetchOffset
  partition.sizeBytesMax = asked.partitionMaxBytes
  partition.currentLeaderEpoch = asked.currentLeaderEpoch
  partition.lastFetchedEpoch = asked.lastFetchedEpoch
  partition.logStartOffset = asked.logStartOffset
}

/** The code that this partition's part of the answer carries. */
export function codeOf(partition: FetchPartition): ErrorCode {
  return partition.ref === undefined ? partition.errorCode : partition.slot.code
}

/**
 * Whether an incremental answer must name the partition, and remembers what it says then.
 *
 * An error forgets what was told, so that the partition is named again when the error goes away.
 */
export function mustTell(partition: FetchPartition): boolean {
  const { slot } = partition
  const code = codeOf(partition)
  const isChanged =
    code !== ErrorCode.none ||
    slot.sizeBytes > 0 ||
    slot.divergingEpoch >= 0 ||
    slot.preferredReadReplica >= 0 ||
    slot.highWatermark !== partition.toldHighWatermark ||
    slot.logStartOffset !== partition.toldLogStartOffset
  // A follower whose history has parted goes back and takes nothing else from the answer.
  const isHeard = code === ErrorCode.none && slot.divergingEpoch < 0
  partition.toldHighWatermark = isHeard ? slot.highWatermark : -1
  if (code === ErrorCode.none) partition.toldLogStartOffset = slot.logStartOffset
  return isChanged
}
