// Generated from schema/91-alter-share-group-offsets.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const alterShareGroupOffsetsApi: ApiLayout = {
  key: 91,
  name: 'AlterShareGroupOffsets',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
}

export interface AlterShareGroupOffsetsRequest {
  groupId: string
  topics: AlterShareGroupOffsetsRequestAlterShareGroupOffsetsRequestTopic[]
  unknownTags?: UnknownTag[]
}

export interface AlterShareGroupOffsetsRequestAlterShareGroupOffsetsRequestTopic {
  topicName: string
  partitions: AlterShareGroupOffsetsRequestAlterShareGroupOffsetsRequestPartition[]
  unknownTags?: UnknownTag[]
}

export interface AlterShareGroupOffsetsRequestAlterShareGroupOffsetsRequestPartition {
  partitionIndex: number
  startOffset: number
  unknownTags?: UnknownTag[]
}

export function readAlterShareGroupOffsetsRequest(reader: Reader, version: number): AlterShareGroupOffsetsRequest {
  const groupId = reader.string(true)
  const topics: AlterShareGroupOffsetsRequestAlterShareGroupOffsetsRequestTopic[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readAlterShareGroupOffsetsRequestAlterShareGroupOffsetsRequestTopic(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: AlterShareGroupOffsetsRequest = { groupId, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterShareGroupOffsetsRequestAlterShareGroupOffsetsRequestTopic(reader: Reader, version: number): AlterShareGroupOffsetsRequestAlterShareGroupOffsetsRequestTopic {
  const topicName = reader.string(true)
  const partitions: AlterShareGroupOffsetsRequestAlterShareGroupOffsetsRequestPartition[] = []
  for (let left = reader.arrayCount(true, 13); left > 0 && reader.ok; left -= 1) {
    partitions.push(readAlterShareGroupOffsetsRequestAlterShareGroupOffsetsRequestPartition(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: AlterShareGroupOffsetsRequestAlterShareGroupOffsetsRequestTopic = { topicName, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterShareGroupOffsetsRequestAlterShareGroupOffsetsRequestPartition(reader: Reader, _version: number): AlterShareGroupOffsetsRequestAlterShareGroupOffsetsRequestPartition {
  const partitionIndex = reader.int32()
  const startOffset = reader.int64()
  const unknownTags = reader.unknownTags()
  const message: AlterShareGroupOffsetsRequestAlterShareGroupOffsetsRequestPartition = {
    partitionIndex,
    startOffset,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeAlterShareGroupOffsetsRequest(
  writer: Writer,
  message: Draft<AlterShareGroupOffsetsRequest>,
  version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, true)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeAlterShareGroupOffsetsRequestAlterShareGroupOffsetsRequestTopic(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeAlterShareGroupOffsetsRequestAlterShareGroupOffsetsRequestTopic(
  writer: Writer,
  message: Draft<AlterShareGroupOffsetsRequestAlterShareGroupOffsetsRequestTopic>,
  version: number,
): void {
  const topicName = message.topicName ?? ''
  writer.string(topicName, true)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeAlterShareGroupOffsetsRequestAlterShareGroupOffsetsRequestPartition(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeAlterShareGroupOffsetsRequestAlterShareGroupOffsetsRequestPartition(
  writer: Writer,
  message: Draft<AlterShareGroupOffsetsRequestAlterShareGroupOffsetsRequestPartition>,
  _version: number,
): void {
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const startOffset = message.startOffset ?? 0
  writer.int64(startOffset)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface AlterShareGroupOffsetsResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  responses: AlterShareGroupOffsetsResponseAlterShareGroupOffsetsResponseTopic[]
  unknownTags?: UnknownTag[]
}

export interface AlterShareGroupOffsetsResponseAlterShareGroupOffsetsResponseTopic {
  topicName: string
  topicId: string
  partitions: AlterShareGroupOffsetsResponseAlterShareGroupOffsetsResponsePartition[]
  unknownTags?: UnknownTag[]
}

export interface AlterShareGroupOffsetsResponseAlterShareGroupOffsetsResponsePartition {
  partitionIndex: number
  errorCode: number
  errorMessage: string | null
  unknownTags?: UnknownTag[]
}

export function readAlterShareGroupOffsetsResponse(reader: Reader, version: number): AlterShareGroupOffsetsResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const responses: AlterShareGroupOffsetsResponseAlterShareGroupOffsetsResponseTopic[] = []
  for (let left = reader.arrayCount(true, 19); left > 0 && reader.ok; left -= 1) {
    responses.push(readAlterShareGroupOffsetsResponseAlterShareGroupOffsetsResponseTopic(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: AlterShareGroupOffsetsResponse = { throttleTimeMs, errorCode, errorMessage, responses }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterShareGroupOffsetsResponseAlterShareGroupOffsetsResponseTopic(reader: Reader, version: number): AlterShareGroupOffsetsResponseAlterShareGroupOffsetsResponseTopic {
  const topicName = reader.string(true)
  const topicId = reader.uuid()
  const partitions: AlterShareGroupOffsetsResponseAlterShareGroupOffsetsResponsePartition[] = []
  for (let left = reader.arrayCount(true, 8); left > 0 && reader.ok; left -= 1) {
    partitions.push(readAlterShareGroupOffsetsResponseAlterShareGroupOffsetsResponsePartition(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: AlterShareGroupOffsetsResponseAlterShareGroupOffsetsResponseTopic = {
    topicName,
    topicId,
    partitions,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterShareGroupOffsetsResponseAlterShareGroupOffsetsResponsePartition(reader: Reader, _version: number): AlterShareGroupOffsetsResponseAlterShareGroupOffsetsResponsePartition {
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const unknownTags = reader.unknownTags()
  const message: AlterShareGroupOffsetsResponseAlterShareGroupOffsetsResponsePartition = {
    partitionIndex,
    errorCode,
    errorMessage,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeAlterShareGroupOffsetsResponse(
  writer: Writer,
  message: Draft<AlterShareGroupOffsetsResponse>,
  version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage ?? null
  writer.stringOrNull(errorMessage, true)
  const responses = message.responses ?? []
  writer.arrayCount(responses.length, true)
  for (const element of responses) writeAlterShareGroupOffsetsResponseAlterShareGroupOffsetsResponseTopic(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeAlterShareGroupOffsetsResponseAlterShareGroupOffsetsResponseTopic(
  writer: Writer,
  message: Draft<AlterShareGroupOffsetsResponseAlterShareGroupOffsetsResponseTopic>,
  version: number,
): void {
  const topicName = message.topicName ?? ''
  writer.string(topicName, true)
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeAlterShareGroupOffsetsResponseAlterShareGroupOffsetsResponsePartition(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeAlterShareGroupOffsetsResponseAlterShareGroupOffsetsResponsePartition(
  writer: Writer,
  message: Draft<AlterShareGroupOffsetsResponseAlterShareGroupOffsetsResponsePartition>,
  _version: number,
): void {
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage ?? null
  writer.stringOrNull(errorMessage, true)
  writer.onlyUnknownTags(message.unknownTags)
}
