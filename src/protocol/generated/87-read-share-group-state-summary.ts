// Generated from schema/87-read-share-group-state-summary.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const readShareGroupStateSummaryApi: ApiLayout = {
  key: 87,
  name: 'ReadShareGroupStateSummary',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 0,
}

export interface ReadShareGroupStateSummaryRequest {
  groupId: string
  topics: ReadShareGroupStateSummaryRequestReadStateSummaryData[]
  unknownTags?: UnknownTag[]
}

export interface ReadShareGroupStateSummaryRequestReadStateSummaryData {
  topicId: string
  partitions: ReadShareGroupStateSummaryRequestPartitionData[]
  unknownTags?: UnknownTag[]
}

export interface ReadShareGroupStateSummaryRequestPartitionData {
  partition: number
  leaderEpoch: number
  unknownTags?: UnknownTag[]
}

export function readReadShareGroupStateSummaryRequest(reader: Reader, version: number): ReadShareGroupStateSummaryRequest {
  const groupId = reader.string(true)
  const topics: ReadShareGroupStateSummaryRequestReadStateSummaryData[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    topics.push(readReadShareGroupStateSummaryRequestReadStateSummaryData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ReadShareGroupStateSummaryRequest = { groupId, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readReadShareGroupStateSummaryRequestReadStateSummaryData(reader: Reader, version: number): ReadShareGroupStateSummaryRequestReadStateSummaryData {
  const topicId = reader.uuid()
  const partitions: ReadShareGroupStateSummaryRequestPartitionData[] = []
  for (let left = reader.arrayCount(true, 9); left > 0 && reader.ok; left -= 1) {
    partitions.push(readReadShareGroupStateSummaryRequestPartitionData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ReadShareGroupStateSummaryRequestReadStateSummaryData = { topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readReadShareGroupStateSummaryRequestPartitionData(reader: Reader, _version: number): ReadShareGroupStateSummaryRequestPartitionData {
  const partition = reader.int32()
  const leaderEpoch = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: ReadShareGroupStateSummaryRequestPartitionData = { partition, leaderEpoch }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeReadShareGroupStateSummaryRequest(
  writer: Writer,
  message: Draft<ReadShareGroupStateSummaryRequest>,
  version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, true)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeReadShareGroupStateSummaryRequestReadStateSummaryData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeReadShareGroupStateSummaryRequestReadStateSummaryData(
  writer: Writer,
  message: Draft<ReadShareGroupStateSummaryRequestReadStateSummaryData>,
  version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeReadShareGroupStateSummaryRequestPartitionData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeReadShareGroupStateSummaryRequestPartitionData(
  writer: Writer,
  message: Draft<ReadShareGroupStateSummaryRequestPartitionData>,
  _version: number,
): void {
  const partition = message.partition ?? 0
  writer.int32(partition)
  const leaderEpoch = message.leaderEpoch ?? 0
  writer.int32(leaderEpoch)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface ReadShareGroupStateSummaryResponse {
  results: ReadShareGroupStateSummaryResponseReadStateSummaryResult[]
  unknownTags?: UnknownTag[]
}

export interface ReadShareGroupStateSummaryResponseReadStateSummaryResult {
  topicId: string
  partitions: ReadShareGroupStateSummaryResponsePartitionResult[]
  unknownTags?: UnknownTag[]
}

export interface ReadShareGroupStateSummaryResponsePartitionResult {
  partition: number
  errorCode: number
  errorMessage: string | null
  stateEpoch: number
  leaderEpoch: number
  startOffset: number
  deliveryCompleteCount: number // version 1
  unknownTags?: UnknownTag[]
}

export function readReadShareGroupStateSummaryResponse(reader: Reader, version: number): ReadShareGroupStateSummaryResponse {
  const results: ReadShareGroupStateSummaryResponseReadStateSummaryResult[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    results.push(readReadShareGroupStateSummaryResponseReadStateSummaryResult(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ReadShareGroupStateSummaryResponse = { results }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readReadShareGroupStateSummaryResponseReadStateSummaryResult(reader: Reader, version: number): ReadShareGroupStateSummaryResponseReadStateSummaryResult {
  const topicId = reader.uuid()
  const partitions: ReadShareGroupStateSummaryResponsePartitionResult[] = []
  for (let left = reader.arrayCount(true, 24); left > 0 && reader.ok; left -= 1) {
    partitions.push(readReadShareGroupStateSummaryResponsePartitionResult(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ReadShareGroupStateSummaryResponseReadStateSummaryResult = { topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readReadShareGroupStateSummaryResponsePartitionResult(reader: Reader, version: number): ReadShareGroupStateSummaryResponsePartitionResult {
  const partition = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const stateEpoch = reader.int32()
  const leaderEpoch = reader.int32()
  const startOffset = reader.int64()
  const deliveryCompleteCount = version === 1 ? reader.int32() : -1
  const unknownTags = reader.unknownTags()
  const message: ReadShareGroupStateSummaryResponsePartitionResult = {
    partition,
    errorCode,
    errorMessage,
    stateEpoch,
    leaderEpoch,
    startOffset,
    deliveryCompleteCount,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeReadShareGroupStateSummaryResponse(
  writer: Writer,
  message: Draft<ReadShareGroupStateSummaryResponse>,
  version: number,
): void {
  const results = message.results ?? []
  writer.arrayCount(results.length, true)
  for (const element of results) writeReadShareGroupStateSummaryResponseReadStateSummaryResult(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeReadShareGroupStateSummaryResponseReadStateSummaryResult(
  writer: Writer,
  message: Draft<ReadShareGroupStateSummaryResponseReadStateSummaryResult>,
  version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeReadShareGroupStateSummaryResponsePartitionResult(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeReadShareGroupStateSummaryResponsePartitionResult(
  writer: Writer,
  message: Draft<ReadShareGroupStateSummaryResponsePartitionResult>,
  version: number,
): void {
  const partition = message.partition ?? 0
  writer.int32(partition)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage ?? null
  writer.stringOrNull(errorMessage, true)
  const stateEpoch = message.stateEpoch ?? 0
  writer.int32(stateEpoch)
  const leaderEpoch = message.leaderEpoch ?? 0
  writer.int32(leaderEpoch)
  const startOffset = message.startOffset ?? 0
  writer.int64(startOffset)
  const deliveryCompleteCount = message.deliveryCompleteCount ?? -1
  if (version === 1) {
    writer.int32(deliveryCompleteCount)
  }
  writer.onlyUnknownTags(message.unknownTags)
}
