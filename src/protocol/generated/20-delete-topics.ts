// Generated from schema/20-delete-topics.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const deleteTopicsApi: ApiLayout = {
  key: 20,
  name: 'DeleteTopics',
  minVersion: 0,
  maxVersion: 6,
  flexibleVersion: 4,
}

export interface DeleteTopicsRequest {
  topics: DeleteTopicsRequestDeleteTopicState[] // version 6
  topicNames: string[] // until version 5
  timeoutMs: number
  unknownTags?: UnknownTag[]
}

export interface DeleteTopicsRequestDeleteTopicState {
  name: string | null
  topicId: string
  unknownTags?: UnknownTag[]
}

export function readDeleteTopicsRequest(reader: Reader, version: number): DeleteTopicsRequest {
  const flexible = version >= 4
  const topics: DeleteTopicsRequestDeleteTopicState[] = []
  if (version === 6) {
    for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
      topics.push(readDeleteTopicsRequestDeleteTopicState(reader, version))
    }
  }
  const topicNames: string[] = []
  if (version <= 5) {
    for (let left = reader.arrayCount(flexible, 1); left > 0 && reader.ok; left -= 1) {
      topicNames.push(reader.string(flexible))
    }
  }
  const timeoutMs = reader.int32()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DeleteTopicsRequest = { topics, topicNames, timeoutMs }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDeleteTopicsRequestDeleteTopicState(reader: Reader, _version: number): DeleteTopicsRequestDeleteTopicState {
  const name = reader.stringOrNull(true)
  const topicId = reader.uuid()
  const unknownTags = reader.unknownTags()
  const message: DeleteTopicsRequestDeleteTopicState = { name, topicId }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDeleteTopicsRequest(
  writer: Writer,
  message: Draft<DeleteTopicsRequest>,
  version: number,
): void {
  const flexible = version >= 4
  const topics = message.topics ?? []
  if (version === 6) {
    writer.arrayCount(topics.length, true)
    for (const element of topics) writeDeleteTopicsRequestDeleteTopicState(writer, element, version)
  } else if (topics.length > 0) {
    writer.refuse('DeleteTopicsRequest.topics', version)
  }
  const topicNames = message.topicNames ?? []
  if (version <= 5) {
    writer.arrayCount(topicNames.length, flexible)
    for (const element of topicNames) writer.string(element, flexible)
  }
  const timeoutMs = message.timeoutMs ?? 0
  writer.int32(timeoutMs)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDeleteTopicsRequestDeleteTopicState(
  writer: Writer,
  message: Draft<DeleteTopicsRequestDeleteTopicState>,
  _version: number,
): void {
  const name = message.name ?? null
  writer.stringOrNull(name, true)
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface DeleteTopicsResponse {
  throttleTimeMs: number // since version 1
  responses: DeleteTopicsResponseDeletableTopicResult[]
  unknownTags?: UnknownTag[]
}

export interface DeleteTopicsResponseDeletableTopicResult {
  name: string | null
  topicId: string // version 6
  errorCode: number
  errorMessage: string | null // since version 5
  unknownTags?: UnknownTag[]
}

export function readDeleteTopicsResponse(reader: Reader, version: number): DeleteTopicsResponse {
  const flexible = version >= 4
  const throttleTimeMs = version >= 1 ? reader.int32() : 0
  const responses: DeleteTopicsResponseDeletableTopicResult[] = []
  for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
    responses.push(readDeleteTopicsResponseDeletableTopicResult(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DeleteTopicsResponse = { throttleTimeMs, responses }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDeleteTopicsResponseDeletableTopicResult(reader: Reader, version: number): DeleteTopicsResponseDeletableTopicResult {
  const flexible = version >= 4
  const name = version === 6 ? reader.stringOrNull(flexible) : reader.string(flexible)
  const topicId = version === 6 ? reader.uuid() : ZERO_UUID
  const errorCode = reader.int16()
  const errorMessage = version >= 5 ? reader.stringOrNull(true) : null
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DeleteTopicsResponseDeletableTopicResult = { name, topicId, errorCode, errorMessage }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDeleteTopicsResponse(
  writer: Writer,
  message: Draft<DeleteTopicsResponse>,
  version: number,
): void {
  const flexible = version >= 4
  const throttleTimeMs = message.throttleTimeMs ?? 0
  if (version >= 1) {
    writer.int32(throttleTimeMs)
  }
  const responses = message.responses ?? []
  writer.arrayCount(responses.length, flexible)
  for (const element of responses) writeDeleteTopicsResponseDeletableTopicResult(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDeleteTopicsResponseDeletableTopicResult(
  writer: Writer,
  message: Draft<DeleteTopicsResponseDeletableTopicResult>,
  version: number,
): void {
  const flexible = version >= 4
  const name = message.name === undefined ? '' : message.name
  if (name === null && !(version === 6)) writer.refuseNull('DeleteTopicsResponseDeletableTopicResult.name', version)
  writer.stringOrNull(name, flexible)
  const topicId = message.topicId ?? ZERO_UUID
  if (version === 6) {
    writer.uuid(topicId)
  }
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage ?? null
  if (version >= 5) {
    writer.stringOrNull(errorMessage, true)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
