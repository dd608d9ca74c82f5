import { ErrorCode } from '../model/error-code.ts'
import { NO_EPOCH, NO_OFFSET } from '../model/special-offsets.ts'
import type { PartitionReplica } from '../partition/contract.ts'
import type { RecordCore } from '../wasm/contract.ts'
import type { ReadSlot, ShardCounters } from './contract.ts'
import { type OwnedPartition, visibleBytes } from './owned-partition.ts'
import { levelOf } from './read-level.ts'

// hot: per fetch
//
// The order of checks is Kafka's: owned? disk? leader epoch? may this replica answer? diverging? offset in range? then
// bytes, from memory if the batch that holds the offset is there, else from the file.

/** Memory that reads may hand out. */
export interface HotMemory {
  /** Whether the rows' memory is as it was. */
  isAlive(token: number, at: number): boolean
  /** Whether whoever reads may be given this memory. */
  mayGive(at: number): boolean
  /** One lease for a region that is given away. */
  lease(token: number, at: number): void
}

/** What a leader learns from who reads. */
export interface LeaderLessons {
  /** A follower has read from `slot.fromOffset`: it has everything below. */
  followerRead(partition: OwnedPartition, slot: ReadSlot): void
  /** The best of `slot.nearReplicas` for a client, -1 for none. */
  nearest(partition: OwnedPartition, slot: ReadSlot): number
}

/** Answers one slot from a partition of this shard. */
export function readPartition(
  partition: OwnedPartition | undefined,
  slot: ReadSlot,
  core: RecordCore,
  memory: HotMemory,
  counters: ShardCounters,
  lessons: LeaderLessons,
): void {
  clearAnswer(slot)
  if (partition === undefined || partition.isClosed) {
    slot.code = ErrorCode.notLeaderOrFollower
    return
  }
  const { replica } = partition
  if (replica === undefined || partition.isOffline) {
    slot.code = ErrorCode.kafkaStorageError
    return
  }
  const position = replica.position
  slot.code = codeBeforeReading(slot, position.leaderEpoch, position.logStartOffset, position.logEndOffset)
  // A sole leader has nothing more to ask: neither of these branches is taken for it.
  if (partition.isGuarded && slot.code !== ErrorCode.fencedLeaderEpoch && slot.code !== ErrorCode.unknownLeaderEpoch) {
    slot.code = codeOfRole(partition, slot, slot.code)
  } else if (slot.replicaId >= 0 && slot.code === ErrorCode.none) {
    slot.code = codeForStranger(slot)
  }
  if (slot.code !== ErrorCode.none) return
  slot.highWatermark = position.highWatermark
  slot.lastStableOffset = position.lastStableOffset
  slot.logStartOffset = position.logStartOffset
  slot.arrivedBytes = visibleBytes(partition, levelOf(slot))
  if (slot.isCommittedOnly) slot.aborted = NOTHING_ABORTED
  if (slot.lastFetchedEpoch >= 0 && hasDiverged(replica, slot)) return
  if (slot.nearReplicas.length > 0 && partition.leadership !== null) {
    slot.preferredReadReplica = lessons.nearest(partition, slot)
    if (slot.preferredReadReplica >= 0) return
  }

  let until = slot.isCommittedOnly ? position.lastStableOffset : position.highWatermark
  if (slot.replicaId >= 0) {
    until = position.logEndOffset
    lessons.followerRead(partition, slot)
  }
  if (slot.fromOffset >= until || slot.sizeBytesMax < 0) return
  let endOffset = readFromMemory(partition, slot, until, core, memory)
  if (endOffset === NO_OFFSET) {
    if (!readFromFile(replica, slot, until)) return
    partition.openReads += 1
    endOffset = until
    counters.readsFromFile += 1
  } else {
    counters.readsFromMemory += 1
  }
  if (slot.isCommittedOnly && slot.sizeBytes > 0) {
    slot.aborted = replica.abortedTransactions(slot.fromOffset, endOffset)
  }
}

const NOTHING_ABORTED: ReadSlot['aborted'] = []

/** Sets everything that an answer may leave as it is. */
export function clearAnswer(slot: ReadSlot): void {
  slot.code = ErrorCode.none
  slot.highWatermark = NO_OFFSET
  slot.lastStableOffset = NO_OFFSET
  slot.logStartOffset = NO_OFFSET
  slot.divergingEpoch = NO_EPOCH
  slot.divergingEndOffset = NO_OFFSET
  slot.preferredReadReplica = -1
  slot.arrivedBytes = 0
  slot.aborted = null
  slot.regions.length = 0
  slot.file = -1
  slot.filePosition = 0
  slot.fileSegment = -1
  slot.sizeBytes = 0
}

function codeBeforeReading(
  slot: ReadSlot,
  leaderEpoch: number,
  logStartOffset: number,
  logEndOffset: number,
): ErrorCode {
  if (slot.currentLeaderEpoch !== NO_EPOCH && slot.currentLeaderEpoch !== leaderEpoch) {
    return slot.currentLeaderEpoch < leaderEpoch ? ErrorCode.fencedLeaderEpoch : ErrorCode.unknownLeaderEpoch
  }
  const isInRange = slot.fromOffset >= logStartOffset && slot.fromOffset <= logEndOffset
  // A diverged reader is beyond the end by right: it is told where to go back to instead.
  if (isInRange || (slot.lastFetchedEpoch >= 0 && slot.fromOffset > logEndOffset)) return ErrorCode.none
  return ErrorCode.offsetOutOfRange
}

/** What the role of a replicated partition says to a reader whose epoch is right. */
function codeOfRole(partition: OwnedPartition, slot: ReadSlot, code: ErrorCode): ErrorCode {
  if (partition.isFollower && slot.isLeaderOnly) return ErrorCode.notLeaderOrFollower
  if (slot.replicaId >= 0 && partition.leadership?.follower(slot.replicaId) === undefined) return codeForStranger(slot)
  return code
}

/** A follower that this leader knows nothing of: one of the two has old news. */
function codeForStranger(slot: ReadSlot): ErrorCode {
  return slot.currentLeaderEpoch >= 0 ? ErrorCode.unknownLeaderEpoch : ErrorCode.notLeaderOrFollower
}

/** KIP-595: whether the log ends before the reader's offset in the epoch that it read last. */
function hasDiverged(replica: PartitionReplica, slot: ReadSlot): boolean {
  const end = replica.endOffsetForEpoch(slot.lastFetchedEpoch)
  if (end.endOffset < 0 || end.leaderEpoch < 0) {
    clearAnswer(slot)
    slot.code = ErrorCode.offsetOutOfRange
    return true
  }
  if (end.leaderEpoch >= slot.lastFetchedEpoch && end.endOffset >= slot.fromOffset) return false
  slot.divergingEpoch = end.leaderEpoch
  slot.divergingEndOffset = end.endOffset
  return true
}

function readFromFile(replica: PartitionReplica, slot: ReadSlot, until: number): boolean {
  const code = replica.planRead(slot.fromOffset, until, slot.sizeBytesMax)
  if (code !== ErrorCode.none) {
    clearAnswer(slot)
    slot.code = code
    return false
  }
  const plan = replica.plan
  if (plan.sizeBytes === 0) return false
  if (plan.firstBatchSizeBytes > slot.sizeBytesMax && !slot.mayExceed) {
    replica.releaseRead(plan.segment)
    return false
  }
  slot.file = plan.file
  slot.filePosition = plan.position
  slot.fileSegment = plan.segment
  slot.sizeBytes = plan.sizeBytes
  return true
}

/**
 * Leases the spans that answer `slot`, whole batches only.
 *
 * @returns the offset after the last record given, or -1 when the first batch is not in memory
 */
function readFromMemory(
  partition: OwnedPartition,
  slot: ReadSlot,
  until: number,
  core: RecordCore,
  memory: HotMemory,
): number {
  const hot = partition.hot
  let row = hot.find(slot.fromOffset)
  if (row < 0) return NO_OFFSET
  if (!memory.isAlive(hot.token(row), hot.address(row))) {
    hot.dropThrough(row)
    return NO_OFFSET
  }
  if (!memory.mayGive(hot.address(row))) return NO_OFFSET
  let room = slot.sizeBytesMax
  let endOffset = slot.fromOffset
  let skip: number
  const startsAt = hot.addressOf(row, slot.fromOffset)
  if (startsAt >= 0) skip = startsAt - hot.address(row)
  else skip = core.findOffset(hot.address(row), hot.sizeBytes(row), slot.fromOffset)
  if (skip < 0) return NO_OFFSET
  for (; row < hot.rowCount && hot.baseOffset(row) < until; row += 1) {
    const token = hot.token(row)
    const at = hot.address(row) + skip
    if (!memory.isAlive(token, at) || !memory.mayGive(at)) break
    let sizeBytes = hot.sizeBytes(row) - skip
    skip = 0
    let isCut = false
    if (hot.nextOffset(row) > until) {
      const cut = core.findOffset(at, sizeBytes, until)
      if (cut >= 0) sizeBytes = cut
      isCut = true
    }
    if (sizeBytes > room) {
      const whole = core.wholeBatchesSize(at, Math.max(room, 0))
      // The first batch of a fetch goes out whatever its size, or a reader with small buffers would never get on.
      sizeBytes = whole === 0 && slot.sizeBytes === 0 && slot.mayExceed ? firstBatchSize(core, at, sizeBytes) : whole
      isCut = true
    }
    if (sizeBytes > 0) {
      give(slot, at, sizeBytes, token, memory)
      room -= sizeBytes
      endOffset = isCut ? Math.min(hot.nextOffset(row), until) : hot.nextOffset(row)
    }
    if (isCut) break
  }
  return endOffset
}

function firstBatchSize(core: RecordCore, at: number, sizeBytes: number): number {
  core.readHeader(at, sizeBytes)
  return Math.min(core.summary.sizeBytes, sizeBytes)
}

/** Adds a span to the answer; neighbours in memory become one region, so that they leave as one buffer. */
function give(slot: ReadSlot, at: number, sizeBytes: number, token: number, memory: HotMemory): void {
  const count = slot.regions.length
  const last = count > 0 ? slot.regions[count - 1] : undefined
  slot.sizeBytes += sizeBytes
  if (last !== undefined && last.chunk === token && last.at + last.sizeBytes === at) {
    slot.regions[count - 1] = { at: last.at, sizeBytes: last.sizeBytes + sizeBytes, chunk: token }
    return
  }
  memory.lease(token, at)
  slot.regions.push({ at, sizeBytes, chunk: token })
}
