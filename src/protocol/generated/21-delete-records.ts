// Generated from schema/21-delete-records.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const deleteRecordsApi: ApiLayout = {
  key: 21,
  name: 'DeleteRecords',
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: 2,
}

export interface DeleteRecordsRequest {
  topics: DeleteRecordsRequestDeleteRecordsTopic[]
  timeoutMs: number
  unknownTags?: UnknownTag[]
}

export interface DeleteRecordsRequestDeleteRecordsTopic {
  name: string
  partitions: DeleteRecordsRequestDeleteRecordsPartition[]
  unknownTags?: UnknownTag[]
}

export interface DeleteRecordsRequestDeleteRecordsPartition {
  partitionIndex: number
  offset: number
  unknownTags?: UnknownTag[]
}

export function readDeleteRecordsRequest(reader: Reader, version: number): DeleteRecordsRequest {
  const flexible = version === 2
  const topics: DeleteRecordsRequestDeleteRecordsTopic[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readDeleteRecordsRequestDeleteRecordsTopic(reader, version))
  }
  const timeoutMs = reader.int32()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DeleteRecordsRequest = { topics, timeoutMs }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDeleteRecordsRequestDeleteRecordsTopic(reader: Reader, version: number): DeleteRecordsRequestDeleteRecordsTopic {
  const flexible = version === 2
  const name = reader.string(flexible)
  const partitions: DeleteRecordsRequestDeleteRecordsPartition[] = []
  for (let left = reader.arrayCount(flexible, 12); left > 0 && reader.ok; left -= 1) {
    partitions.push(readDeleteRecordsRequestDeleteRecordsPartition(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DeleteRecordsRequestDeleteRecordsTopic = { name, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDeleteRecordsRequestDeleteRecordsPartition(reader: Reader, version: number): DeleteRecordsRequestDeleteRecordsPartition {
  const flexible = version === 2
  const partitionIndex = reader.int32()
  const offset = reader.int64()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DeleteRecordsRequestDeleteRecordsPartition = { partitionIndex, offset }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDeleteRecordsRequest(
  writer: Writer,
  message: Draft<DeleteRecordsRequest>,
  version: number,
): void {
  const flexible = version === 2
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, flexible)
  for (const element of topics) writeDeleteRecordsRequestDeleteRecordsTopic(writer, element, version)
  const timeoutMs = message.timeoutMs ?? 0
  writer.int32(timeoutMs)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDeleteRecordsRequestDeleteRecordsTopic(
  writer: Writer,
  message: Draft<DeleteRecordsRequestDeleteRecordsTopic>,
  version: number,
): void {
  const flexible = version === 2
  const name = message.name ?? ''
  writer.string(name, flexible)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, flexible)
  for (const element of partitions) writeDeleteRecordsRequestDeleteRecordsPartition(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDeleteRecordsRequestDeleteRecordsPartition(
  writer: Writer,
  message: Draft<DeleteRecordsRequestDeleteRecordsPartition>,
  version: number,
): void {
  const flexible = version === 2
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const offset = message.offset ?? 0
  writer.int64(offset)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface DeleteRecordsResponse {
  throttleTimeMs: number
  topics: DeleteRecordsResponseDeleteRecordsTopicResult[]
  unknownTags?: UnknownTag[]
}

export interface DeleteRecordsResponseDeleteRecordsTopicResult {
  name: string
  partitions: DeleteRecordsResponseDeleteRecordsPartitionResult[]
  unknownTags?: UnknownTag[]
}

export interface DeleteRecordsResponseDeleteRecordsPartitionResult {
  partitionIndex: number
  lowWatermark: number
  errorCode: number
  unknownTags?: UnknownTag[]
}

export function readDeleteRecordsResponse(reader: Reader, version: number): DeleteRecordsResponse {
  const flexible = version === 2
  const throttleTimeMs = reader.int32()
  const topics: DeleteRecordsResponseDeleteRecordsTopicResult[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readDeleteRecordsResponseDeleteRecordsTopicResult(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DeleteRecordsResponse = { throttleTimeMs, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDeleteRecordsResponseDeleteRecordsTopicResult(reader: Reader, version: number): DeleteRecordsResponseDeleteRecordsTopicResult {
  const flexible = version === 2
  const name = reader.string(flexible)
  const partitions: DeleteRecordsResponseDeleteRecordsPartitionResult[] = []
  for (let left = reader.arrayCount(flexible, 14); left > 0 && reader.ok; left -= 1) {
    partitions.push(readDeleteRecordsResponseDeleteRecordsPartitionResult(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DeleteRecordsResponseDeleteRecordsTopicResult = { name, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDeleteRecordsResponseDeleteRecordsPartitionResult(reader: Reader, version: number): DeleteRecordsResponseDeleteRecordsPartitionResult {
  const flexible = version === 2
  const partitionIndex = reader.int32()
  const lowWatermark = reader.int64()
  const errorCode = reader.int16()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DeleteRecordsResponseDeleteRecordsPartitionResult = { partitionIndex, lowWatermark, errorCode }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDeleteRecordsResponse(
  writer: Writer,
  message: Draft<DeleteRecordsResponse>,
  version: number,
): void {
  const flexible = version === 2
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, flexible)
  for (const element of topics) writeDeleteRecordsResponseDeleteRecordsTopicResult(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDeleteRecordsResponseDeleteRecordsTopicResult(
  writer: Writer,
  message: Draft<DeleteRecordsResponseDeleteRecordsTopicResult>,
  version: number,
): void {
  const flexible = version === 2
  const name = message.name ?? ''
  writer.string(name, flexible)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, flexible)
  for (const element of partitions) writeDeleteRecordsResponseDeleteRecordsPartitionResult(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDeleteRecordsResponseDeleteRecordsPartitionResult(
  writer: Writer,
  message: Draft<DeleteRecordsResponseDeleteRecordsPartitionResult>,
  version: number,
): void {
  const flexible = version === 2
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const lowWatermark = message.lowWatermark ?? 0
  writer.int64(lowWatermark)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
