// Generated from schema/92-delete-share-group-offsets.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const deleteShareGroupOffsetsApi: ApiLayout = {
  key: 92,
  name: 'DeleteShareGroupOffsets',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
}

export interface DeleteShareGroupOffsetsRequest {
  groupId: string
  topics: DeleteShareGroupOffsetsRequestDeleteShareGroupOffsetsRequestTopic[]
  unknownTags?: UnknownTag[]
}

export interface DeleteShareGroupOffsetsRequestDeleteShareGroupOffsetsRequestTopic {
  topicName: string
  unknownTags?: UnknownTag[]
}

export function readDeleteShareGroupOffsetsRequest(reader: Reader, version: number): DeleteShareGroupOffsetsRequest {
  const groupId = reader.string(true)
  const topics: DeleteShareGroupOffsetsRequestDeleteShareGroupOffsetsRequestTopic[] = []
  for (let left = reader.arrayCount(true, 2); left > 0 && reader.ok; left -= 1) {
    topics.push(readDeleteShareGroupOffsetsRequestDeleteShareGroupOffsetsRequestTopic(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: DeleteShareGroupOffsetsRequest = { groupId, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDeleteShareGroupOffsetsRequestDeleteShareGroupOffsetsRequestTopic(reader: Reader, _version: number): DeleteShareGroupOffsetsRequestDeleteShareGroupOffsetsRequestTopic {
  const topicName = reader.string(true)
  const unknownTags = reader.unknownTags()
  const message: DeleteShareGroupOffsetsRequestDeleteShareGroupOffsetsRequestTopic = { topicName }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDeleteShareGroupOffsetsRequest(
  writer: Writer,
  message: Draft<DeleteShareGroupOffsetsRequest>,
  version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, true)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeDeleteShareGroupOffsetsRequestDeleteShareGroupOffsetsRequestTopic(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDeleteShareGroupOffsetsRequestDeleteShareGroupOffsetsRequestTopic(
  writer: Writer,
  message: Draft<DeleteShareGroupOffsetsRequestDeleteShareGroupOffsetsRequestTopic>,
  _version: number,
): void {
  const topicName = message.topicName ?? ''
  writer.string(topicName, true)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface DeleteShareGroupOffsetsResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  responses: DeleteShareGroupOffsetsResponseDeleteShareGroupOffsetsResponseTopic[]
  unknownTags?: UnknownTag[]
}

export interface DeleteShareGroupOffsetsResponseDeleteShareGroupOffsetsResponseTopic {
  topicName: string
  topicId: string
  errorCode: number
  errorMessage: string | null
  unknownTags?: UnknownTag[]
}

export function readDeleteShareGroupOffsetsResponse(reader: Reader, version: number): DeleteShareGroupOffsetsResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const responses: DeleteShareGroupOffsetsResponseDeleteShareGroupOffsetsResponseTopic[] = []
  for (let left = reader.arrayCount(true, 21); left > 0 && reader.ok; left -= 1) {
    responses.push(readDeleteShareGroupOffsetsResponseDeleteShareGroupOffsetsResponseTopic(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: DeleteShareGroupOffsetsResponse = { throttleTimeMs, errorCode, errorMessage, responses }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDeleteShareGroupOffsetsResponseDeleteShareGroupOffsetsResponseTopic(reader: Reader, _version: number): DeleteShareGroupOffsetsResponseDeleteShareGroupOffsetsResponseTopic {
  const topicName = reader.string(true)
  const topicId = reader.uuid()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const unknownTags = reader.unknownTags()
  const message: DeleteShareGroupOffsetsResponseDeleteShareGroupOffsetsResponseTopic = {
    topicName,
    topicId,
    errorCode,
    errorMessage,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDeleteShareGroupOffsetsResponse(
  writer: Writer,
  message: Draft<DeleteShareGroupOffsetsResponse>,
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
  for (const element of responses) writeDeleteShareGroupOffsetsResponseDeleteShareGroupOffsetsResponseTopic(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDeleteShareGroupOffsetsResponseDeleteShareGroupOffsetsResponseTopic(
  writer: Writer,
  message: Draft<DeleteShareGroupOffsetsResponseDeleteShareGroupOffsetsResponseTopic>,
  _version: number,
): void {
  const topicName = message.topicName ?? ''
  writer.string(topicName, true)
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage ?? null
  writer.stringOrNull(errorMessage, true)
  writer.onlyUnknownTags(message.unknownTags)
}
