// Generated from schema/65-describe-transactions.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const describeTransactionsApi: ApiLayout = {
  key: 65,
  name: 'DescribeTransactions',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
}

export interface DescribeTransactionsRequest {
  transactionalIds: string[]
  unknownTags?: UnknownTag[]
}

export function readDescribeTransactionsRequest(reader: Reader, _version: number): DescribeTransactionsRequest {
  const transactionalIds: string[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    transactionalIds.push(reader.string(true))
  }
  const unknownTags = reader.unknownTags()
  const message: DescribeTransactionsRequest = { transactionalIds }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDescribeTransactionsRequest(
  writer: Writer,
  message: Draft<DescribeTransactionsRequest>,
  _version: number,
): void {
  const transactionalIds = message.transactionalIds ?? []
  writer.arrayCount(transactionalIds.length, true)
  for (const element of transactionalIds) writer.string(element, true)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface DescribeTransactionsResponse {
  throttleTimeMs: number
  transactionStates: DescribeTransactionsResponseTransactionState[]
  unknownTags?: UnknownTag[]
}

export interface DescribeTransactionsResponseTransactionState {
  errorCode: number
  transactionalId: string
  transactionState: string
  transactionTimeoutMs: number
  transactionStartTimeMs: number
  producerId: number
  producerEpoch: number
  topics: DescribeTransactionsResponseTopicData[]
  unknownTags?: UnknownTag[]
}

export interface DescribeTransactionsResponseTopicData {
  topic: string
  partitions: number[]
  unknownTags?: UnknownTag[]
}

export function readDescribeTransactionsResponse(reader: Reader, version: number): DescribeTransactionsResponse {
  const throttleTimeMs = reader.int32()
  const transactionStates: DescribeTransactionsResponseTransactionState[] = []
  for (let left = reader.arrayCount(true, 28); left > 0 && reader.ok; left -= 1) {
    transactionStates.push(readDescribeTransactionsResponseTransactionState(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: DescribeTransactionsResponse = { throttleTimeMs, transactionStates }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeTransactionsResponseTransactionState(reader: Reader, version: number): DescribeTransactionsResponseTransactionState {
  const errorCode = reader.int16()
  const transactionalId = reader.string(true)
  const transactionState = reader.string(true)
  const transactionTimeoutMs = reader.int32()
  const transactionStartTimeMs = reader.int64()
  const producerId = reader.int64()
  const producerEpoch = reader.int16()
  const topics: DescribeTransactionsResponseTopicData[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readDescribeTransactionsResponseTopicData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: DescribeTransactionsResponseTransactionState = {
    errorCode,
    transactionalId,
    transactionState,
    transactionTimeoutMs,
    transactionStartTimeMs,
    producerId,
    producerEpoch,
    topics,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeTransactionsResponseTopicData(reader: Reader, _version: number): DescribeTransactionsResponseTopicData {
  const topic = reader.string(true)
  const partitions: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(reader.int32())
  }
  const unknownTags = reader.unknownTags()
  const message: DescribeTransactionsResponseTopicData = { topic, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDescribeTransactionsResponse(
  writer: Writer,
  message: Draft<DescribeTransactionsResponse>,
  version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const transactionStates = message.transactionStates ?? []
  writer.arrayCount(transactionStates.length, true)
  for (const element of transactionStates) writeDescribeTransactionsResponseTransactionState(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDescribeTransactionsResponseTransactionState(
  writer: Writer,
  message: Draft<DescribeTransactionsResponseTransactionState>,
  version: number,
): void {
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const transactionalId = message.transactionalId ?? ''
  writer.string(transactionalId, true)
  const transactionState = message.transactionState ?? ''
  writer.string(transactionState, true)
  const transactionTimeoutMs = message.transactionTimeoutMs ?? 0
  writer.int32(transactionTimeoutMs)
  const transactionStartTimeMs = message.transactionStartTimeMs ?? 0
  writer.int64(transactionStartTimeMs)
  const producerId = message.producerId ?? 0
  writer.int64(producerId)
  const producerEpoch = message.producerEpoch ?? 0
  writer.int16(producerEpoch)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeDescribeTransactionsResponseTopicData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDescribeTransactionsResponseTopicData(
  writer: Writer,
  message: Draft<DescribeTransactionsResponseTopicData>,
  _version: number,
): void {
  const topic = message.topic ?? ''
  writer.string(topic, true)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writer.int32(element)
  writer.onlyUnknownTags(message.unknownTags)
}
