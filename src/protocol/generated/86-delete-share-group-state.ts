// Generated from schema/86-delete-share-group-state.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const deleteShareGroupStateApi: ApiLayout = {
  key: 86,
  name: 'DeleteShareGroupState',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
}

export interface DeleteShareGroupStateRequest {
  groupId: string
  topics: DeleteShareGroupStateRequestDeleteStateData[]
  unknownTags?: UnknownTag[]
}

export interface DeleteShareGroupStateRequestDeleteStateData {
  topicId: string
  partitions: DeleteShareGroupStateRequestPartitionData[]
  unknownTags?: UnknownTag[]
}

export interface DeleteShareGroupStateRequestPartitionData {
  partition: number
  unknownTags?: UnknownTag[]
}

export function readDeleteShareGroupStateRequest(reader: Reader, version: number): DeleteShareGroupStateRequest {
  const groupId = reader.string(true)
  const topics: DeleteShareGroupStateRequestDeleteStateData[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    topics.push(readDeleteShareGroupStateRequestDeleteStateData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: DeleteShareGroupStateRequest = { groupId, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDeleteShareGroupStateRequestDeleteStateData(reader: Reader, version: number): DeleteShareGroupStateRequestDeleteStateData {
  const topicId = reader.uuid()
  const partitions: DeleteShareGroupStateRequestPartitionData[] = []
  for (let left = reader.arrayCount(true, 5); left > 0 && reader.ok; left -= 1) {
    partitions.push(readDeleteShareGroupStateRequestPartitionData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: DeleteShareGroupStateRequestDeleteStateData = { topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDeleteShareGroupStateRequestPartitionData(reader: Reader, _version: number): DeleteShareGroupStateRequestPartitionData {
  const partition = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: DeleteShareGroupStateRequestPartitionData = { partition }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDeleteShareGroupStateRequest(
  writer: Writer,
  message: Draft<DeleteShareGroupStateRequest>,
  version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, true)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeDeleteShareGroupStateRequestDeleteStateData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDeleteShareGroupStateRequestDeleteStateData(
  writer: Writer,
  message: Draft<DeleteShareGroupStateRequestDeleteStateData>,
  version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeDeleteShareGroupStateRequestPartitionData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDeleteShareGroupStateRequestPartitionData(
  writer: Writer,
  message: Draft<DeleteShareGroupStateRequestPartitionData>,
  _version: number,
): void {
  const partition = message.partition ?? 0
  writer.int32(partition)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface DeleteShareGroupStateResponse {
  results: DeleteShareGroupStateResponseDeleteStateResult[]
  unknownTags?: UnknownTag[]
}

export interface DeleteShareGroupStateResponseDeleteStateResult {
  topicId: string
  partitions: DeleteShareGroupStateResponsePartitionResult[]
  unknownTags?: UnknownTag[]
}

export interface DeleteShareGroupStateResponsePartitionResult {
  partition: number
  errorCode: number
  errorMessage: string | null
  unknownTags?: UnknownTag[]
}

export function readDeleteShareGroupStateResponse(reader: Reader, version: number): DeleteShareGroupStateResponse {
  const results: DeleteShareGroupStateResponseDeleteStateResult[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    results.push(readDeleteShareGroupStateResponseDeleteStateResult(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: DeleteShareGroupStateResponse = { results }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDeleteShareGroupStateResponseDeleteStateResult(reader: Reader, version: number): DeleteShareGroupStateResponseDeleteStateResult {
  const topicId = reader.uuid()
  const partitions: DeleteShareGroupStateResponsePartitionResult[] = []
  for (let left = reader.arrayCount(true, 8); left > 0 && reader.ok; left -= 1) {
    partitions.push(readDeleteShareGroupStateResponsePartitionResult(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: DeleteShareGroupStateResponseDeleteStateResult = { topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDeleteShareGroupStateResponsePartitionResult(reader: Reader, _version: number): DeleteShareGroupStateResponsePartitionResult {
  const partition = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const unknownTags = reader.unknownTags()
  const message: DeleteShareGroupStateResponsePartitionResult = { partition, errorCode, errorMessage }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDeleteShareGroupStateResponse(
  writer: Writer,
  message: Draft<DeleteShareGroupStateResponse>,
  version: number,
): void {
  const results = message.results ?? []
  writer.arrayCount(results.length, true)
  for (const element of results) writeDeleteShareGroupStateResponseDeleteStateResult(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDeleteShareGroupStateResponseDeleteStateResult(
  writer: Writer,
  message: Draft<DeleteShareGroupStateResponseDeleteStateResult>,
  version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeDeleteShareGroupStateResponsePartitionResult(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDeleteShareGroupStateResponsePartitionResult(
  writer: Writer,
  message: Draft<DeleteShareGroupStateResponsePartitionResult>,
  _version: number,
): void {
  const partition = message.partition ?? 0
  writer.int32(partition)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage ?? null
  writer.stringOrNull(errorMessage, true)
  writer.onlyUnknownTags(message.unknownTags)
}
