// hot: per request
import type { TopicView } from '../../cluster/contract.ts'
import { ErrorCode } from '../../model/error-code.ts'
import { OFFSETS_TOPIC, TRANSACTIONS_TOPIC } from '../../model/names.ts'
import { type ProduceRequest, readProduceRequest } from '../../protocol/generated/00-produce.ts'
import type { Region } from '../../shard/contract.ts'
import type { Answering, Started } from '../in-flight.ts'
import type { RequestHead } from '../request-head.ts'
import type { Serving } from '../serving.ts'
import { type BatchCheck, checkBatch } from './batch-check.ts'
import { BATCHES_SINCE, batchOfMessageSet } from './old-formats.ts'
import { ProduceInFlight, ProduceRow } from './produce-request.ts'

type TopicOfRequest = ProduceRequest['topicData'][number]
type PartitionOfRequest = TopicOfRequest['partitionData'][number]

const TOPIC_IDS_SINCE = 13
/** The client id with which Kafka's own admin tools may write to internal topics. */
const ADMIN_CLIENT_ID = '__admin_client'

const check: BatchCheck = { sizeBytes: 0 }

/** Reads a Produce request, refuses what can be refused by looking, and hands the rest to the shards. */
export function startProduce(
  serving: Serving,
  answering: Answering,
  head: RequestHead,
  region: Region | undefined,
  nowMs: number,
): Started {
  const version = head.apiVersion
  const message = readProduceRequest(head.reader, version)
  if (!head.reader.ok) {
    return { closeBecause: `a Produce request of version ${version} cannot be read: ${head.reader.reason}` }
  }
  const request = new ProduceInFlight(
    answering,
    serving.services.view,
    version,
    head.correlationId,
    message.acks,
    nowMs,
  )
  let sizeBytes = 0
  for (const topic of message.topicData) {
    sizeBytes += judgeTopic(serving, request, topic, message.acks, head)
  }
  if (sizeBytes === 0) {
    request.isAnswered = true
    return request
  }
  // Converted batches do not lie in the frame.
  return appendAll(serving, request, message, version < BATCHES_SINCE ? undefined : region, sizeBytes, nowMs)
}

/** @returns bytes of the batches that may be appended */
function judgeTopic(
  serving: Serving,
  request: ProduceInFlight,
  asked: TopicOfRequest,
  acks: number,
  head: RequestHead,
): number {
  const version = head.apiVersion
  const { view } = serving.services
  const topic = version >= TOPIC_IDS_SINCE ? view.topicById(asked.topicId) : view.topic(asked.name)
  const partitionResponses: ProduceRow[] = []
  request.responses.push({ name: topic?.name ?? asked.name, topicId: asked.topicId, partitionResponses })
  let sizeBytes = 0
  for (const partition of asked.partitionData) {
    const row = new ProduceRow(partition.index)
    partitionResponses.push(row)
    request.rows.push(row)
    row.errorCode = judge(serving, row, topic, partition, acks, head)
    if (row.errorCode === ErrorCode.none) sizeBytes += row.sizeBytes
  }
  return sizeBytes
}

function judge(
  serving: Serving,
  row: ProduceRow,
  topic: TopicView | undefined,
  asked: PartitionOfRequest,
  acks: number,
  head: RequestHead,
): ErrorCode {
  const version = head.apiVersion
  if (topic === undefined) {
    return version >= TOPIC_IDS_SINCE ? ErrorCode.unknownTopicId : ErrorCode.unknownTopicOrPartition
  }
  const partition = topic.partitions[asked.index]
  if (partition === undefined) return ErrorCode.unknownTopicOrPartition
  const records = asked.records
  if (records === null) return ErrorCode.invalidRecord
  if (version >= BATCHES_SINCE) {
    const verdict = checkBatch(records.bytes, records.startsAt, records.sizeBytes, version, check)
    if (verdict !== ErrorCode.none) return verdict
  }
  if (acks < -1 || acks > 1) return ErrorCode.invalidRequiredAcks
  if (isInternal(topic.name) && head.clientId !== ADMIN_CLIENT_ID) return ErrorCode.invalidTopicException
  if (partition.leader !== serving.services.brokerId || partition.shard < 0) return ErrorCode.notLeaderOrFollower
  if (version < BATCHES_SINCE) {
    const converted = batchOfMessageSet(serving.services.codec, records)
    if (typeof converted === 'number') return converted
    row.converted = converted
    check.sizeBytes = converted.length
  }
  row.ref = serving.refs.of(topic.name, partition)
  row.recordsAt = records.startsAt
  row.sizeBytes = check.sizeBytes
  return ErrorCode.none
}

function isInternal(topic: string): boolean {
  return topic === OFFSETS_TOPIC || topic === TRANSACTIONS_TOPIC
}

/** Batches that lie in a region of the frame stay there; others are moved to the arena, one behind the other. */
function appendAll(
  serving: Serving,
  request: ProduceInFlight,
  message: ProduceRequest,
  frame: Region | undefined,
  sizeBytes: number,
  nowMs: number,
): Started {
  const { arena, shards } = serving
  const region = frame ?? arena.reserve(sizeBytes)
  if (region === undefined) return 'noRoom'
  const deadlineMs = nowMs + message.timeoutMs
  const source = serving.head.bytes
  let at = region.at
  for (let slot = 0; slot < request.rows.length; slot += 1) {
    const row = request.rows[slot] as ProduceRow
    if (row.ref === undefined) continue
    if (frame === undefined) {
      arena.bytes.set(row.converted ?? source.subarray(row.recordsAt, row.recordsAt + row.sizeBytes), at)
    }
    const startsAt = frame === undefined ? at : row.recordsAt
    at += row.sizeBytes
    arena.retain(region)
    request.pendingCount += 1
    if (row.ref.shard !== shards.index) request.isAllHere = false
    const batch = { at: startsAt, sizeBytes: row.sizeBytes, chunk: region.chunk }
    shards.append(row.ref, batch, message.acks, deadlineMs, request, slot)
  }
  if (frame === undefined) {
    shards.counters.copiedBytes += sizeBytes
    arena.release(region)
  }
  return request
}
