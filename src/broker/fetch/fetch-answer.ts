// hot: per fetch
import { ErrorCode } from '../../model/error-code.ts'
import { type FetchResponse, writeFetchResponse } from '../../protocol/generated/01-fetch.ts'
import { type ByteSlice, EMPTY_BYTES } from '../../protocol/wire/byte-slice.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import { beginResponse, endFrame } from '../../protocol/wire/header.ts'
import type { Writer } from '../../protocol/wire/writer.ts'
import { addEndpoint, leaderOf, type NodeEndpoint } from '../leader-hints.ts'
import type { Detached } from '../outlet.ts'
import type { Serving } from '../serving.ts'
import { codeOf, type FetchPartition } from './fetch-partition.ts'
import { isThrottled } from './throttled.ts'
import { BATCHES_SINCE, recordsInOldFormat } from './old-formats.ts'

type TopicAnswer = Draft<FetchResponse['responses'][number]>
type PartitionAnswer = Draft<FetchResponse['responses'][number]['partitions'][number]>

const FETCH_KEY = 1
const LEADER_HINTS_SINCE = 16
/** First version whose clients know the storage error; older ones would not retry. */
const STORAGE_ERROR_SINCE = 6

const NO_RECORDS: ByteSlice = { bytes: EMPTY_BYTES, startsAt: 0, sizeBytes: 0 }

/** What an answer says besides its partitions. */
export interface FetchAnswerHead {
  readonly version: number
  readonly correlationId: number
  readonly listener: string
  readonly sessionId: number
  /** The broker whose follower asked, -1 for clients. */
  readonly replicaId: number
}

/** Writes a whole-request error: no partitions. */
export function writeFetchError(writer: Writer, head: FetchAnswerHead, errorCode: ErrorCode): void {
  const startsAt = beginResponse(writer, FETCH_KEY, head.version, head.correlationId)
  writeFetchResponse(writer, { errorCode, sessionId: head.sessionId }, head.version)
  endFrame(writer, startsAt, writer.detachedSizeBytes)
}

/**
 * Writes everything but the records, which follow through the outlet from where they lie. Leases and files of the slots
 * pass to `detached`.
 *
 * @param told the partitions to name, in order
 */
export function writeFetchAnswer(
  serving: Serving,
  writer: Writer,
  detached: Detached[],
  head: FetchAnswerHead,
  told: readonly FetchPartition[],
): void {
  const detachedBefore = writer.detachedSizeBytes
  const startsAt = beginResponse(writer, FETCH_KEY, head.version, head.correlationId)
  const responses: TopicAnswer[] = []
  const nodeEndpoints: NodeEndpoint[] = []
  let partitions: PartitionAnswer[] = []
  let current: FetchPartition | undefined
  const isOldFormat = head.version < BATCHES_SINCE
  for (const partition of told) {
    if (current === undefined || current.topic !== partition.topic || current.topicId !== partition.topicId) {
      current = partition
      partitions = []
      responses.push({ topic: partition.topic, topicId: partition.topicId, partitions })
    }
    if (isOldFormat) {
      partitions.push(convertedAnswerOf(serving, partition, head, nodeEndpoints))
      continue
    }
    partitions.push(answerOf(serving, partition, head, nodeEndpoints))
    handOver(serving, partition, detached, head.replicaId)
  }
  writer.detachRecords = !isOldFormat
  writeFetchResponse(writer, { sessionId: head.sessionId, responses, nodeEndpoints }, head.version)
  writer.detachRecords = false
  endFrame(writer, startsAt, detachedBefore)
}

function answerOf(
  serving: Serving,
  partition: FetchPartition,
  head: FetchAnswerHead,
  nodeEndpoints: NodeEndpoint[],
): PartitionAnswer {
  const { slot } = partition
  const code = codeOf(partition)
  if (code !== ErrorCode.none) return failureOf(serving, partition, code, head, nodeEndpoints)
  const answer = {
    partitionIndex: partition.partition,
    errorCode: code,
    highWatermark: slot.highWatermark,
    lastStableOffset: slot.lastStableOffset,
    logStartOffset: slot.logStartOffset,
    abortedTransactions: slot.aborted,
    records: slot.sizeBytes === 0 ? NO_RECORDS : { bytes: EMPTY_BYTES, startsAt: 0, sizeBytes: slot.sizeBytes },
  }
  if (slot.preferredReadReplica >= 0) return { ...answer, preferredReadReplica: slot.preferredReadReplica }
  if (slot.divergingEpoch < 0) return answer
  return { ...answer, divergingEpoch: { epoch: slot.divergingEpoch, endOffset: slot.divergingEndOffset } }
}

/** For consumers from before Kafka 0.11: the records are written into the answer, in their format. */
function convertedAnswerOf(
  serving: Serving,
  partition: FetchPartition,
  head: FetchAnswerHead,
  nodeEndpoints: NodeEndpoint[],
): PartitionAnswer {
  if (codeOf(partition) !== ErrorCode.none || partition.slot.sizeBytes === 0) {
    return answerOf(serving, partition, head, nodeEndpoints)
  }
  const records = recordsInOldFormat(serving, partition, head.version)
  if (records === undefined) return failureOf(serving, partition, codeOf(partition), head, nodeEndpoints)
  const { counters } = serving.shards
  counters.bytesOut += records.sizeBytes
  counters.topic(partition.topic).bytesOut += records.sizeBytes
  return { ...answerOf(serving, partition, head, nodeEndpoints), records }
}

function failureOf(
  serving: Serving,
  partition: FetchPartition,
  code: ErrorCode,
  head: FetchAnswerHead,
  nodeEndpoints: NodeEndpoint[],
): PartitionAnswer {
  const isUnknownToClient = code === ErrorCode.kafkaStorageError && head.version < STORAGE_ERROR_SINCE
  const failure = {
    partitionIndex: partition.partition,
    errorCode: isUnknownToClient ? ErrorCode.notLeaderOrFollower : code,
    highWatermark: -1,
    lastStableOffset: -1,
    logStartOffset: -1,
    abortedTransactions: null,
    records: NO_RECORDS,
  }
  const isMoved = code === ErrorCode.notLeaderOrFollower || code === ErrorCode.fencedLeaderEpoch
  if (!isMoved || head.version < LEADER_HINTS_SINCE) return failure
  const { view } = serving.services
  const known = view.partition(partition.topic, partition.partition)
  if (known === undefined) return failure
  addEndpoint(nodeEndpoints, view, known.leader, head.listener)
  return { ...failure, currentLeader: leaderOf(known) }
}

/** Every records field becomes a split of the writer, an empty one too, so each partition gives exactly one element. */
function handOver(serving: Serving, partition: FetchPartition, detached: Detached[], replicaId: number): void {
  const { slot, ref } = partition
  if (ref === undefined || slot.sizeBytes === 0) {
    detached.push(NOTHING_DETACHED)
    return
  }
  const { counters } = serving.shards
  if (replicaId >= 0) {
    counters.replicatedBytesOut += slot.sizeBytes
    if (serving.throttle.isActive && isThrottled(serving, partition, replicaId)) serving.throttle.take(slot.sizeBytes)
  } else {
    counters.bytesOut += slot.sizeBytes
    counters.topic(ref.topic).bytesOut += slot.sizeBytes
  }
  if (slot.file < 0) {
    detached.push({ regions: slot.regions, range: undefined })
    slot.regions = []
    return
  }
  const { file, fileSegment: segment, filePosition: position, sizeBytes } = slot
  detached.push({ regions: [], range: { ref, file, segment, position, sizeBytes } })
  slot.file = -1
}

const NOTHING_DETACHED: Detached = { regions: [], range: undefined }
