// Generated from schema/83-initialize-share-group-state.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const initializeShareGroupStateApi: ApiLayout = {
  key: 83,
  name: 'InitializeShareGroupState',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
}

export interface InitializeShareGroupStateRequest {
  groupId: string
  topics: InitializeShareGroupStateRequestInitializeStateData[]
  unknownTags?: UnknownTag[]
}

export interface InitializeShareGroupStateRequestInitializeStateData {
  topicId: string
  partitions: InitializeShareGroupStateRequestPartitionData[]
  unknownTags?: UnknownTag[]
}

export interface InitializeShareGroupStateRequestPartitionData {
  partition: number
  stateEpoch: number
  startOffset: number
  unknownTags?: UnknownTag[]
}

export function readInitializeShareGroupStateRequest(reader: Reader, version: number): InitializeShareGroupStateRequest {
  const groupId = reader.string(true)
  const topics: InitializeShareGroupStateRequestInitializeStateData[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    topics.push(readInitializeShareGroupStateRequestInitializeStateData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: InitializeShareGroupStateRequest = { groupId, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readInitializeShareGroupStateRequestInitializeStateData(reader: Reader, version: number): InitializeShareGroupStateRequestInitializeStateData {
  const topicId = reader.uuid()
  const partitions: InitializeShareGroupStateRequestPartitionData[] = []
  for (let left = reader.arrayCount(true, 17); left > 0 && reader.ok; left -= 1) {
    partitions.push(readInitializeShareGroupStateRequestPartitionData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: InitializeShareGroupStateRequestInitializeStateData = { topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readInitializeShareGroupStateRequestPartitionData(reader: Reader, _version: number): InitializeShareGroupStateRequestPartitionData {
  const partition = reader.int32()
  const stateEpoch = reader.int32()
  const startOffset = reader.int64()
  const unknownTags = reader.unknownTags()
  const message: InitializeShareGroupStateRequestPartitionData = { partition, stateEpoch, startOffset }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeInitializeShareGroupStateRequest(
  writer: Writer,
  message: Draft<InitializeShareGroupStateRequest>,
  version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, true)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeInitializeShareGroupStateRequestInitializeStateData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeInitializeShareGroupStateRequestInitializeStateData(
  writer: Writer,
  message: Draft<InitializeShareGroupStateRequestInitializeStateData>,
  version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeInitializeShareGroupStateRequestPartitionData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeInitializeShareGroupStateRequestPartitionData(
  writer: Writer,
  message: Draft<InitializeShareGroupStateRequestPartitionData>,
  _version: number,
): void {
  const partition = message.partition ?? 0
  writer.int32(partition)
  const stateEpoch = message.stateEpoch ?? 0
  writer.int32(stateEpoch)
  const startOffset = message.startOffset ?? 0
  writer.int64(startOffset)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface InitializeShareGroupStateResponse {
  results: InitializeShareGroupStateResponseInitializeStateResult[]
  unknownTags?: UnknownTag[]
}

export interface InitializeShareGroupStateResponseInitializeStateResult {
  topicId: string
  partitions: InitializeShareGroupStateResponsePartitionResult[]
  unknownTags?: UnknownTag[]
}

export interface InitializeShareGroupStateResponsePartitionResult {
  partition: number
  errorCode: number
  errorMessage: string | null
  unknownTags?: UnknownTag[]
}

export function readInitializeShareGroupStateResponse(reader: Reader, version: number): InitializeShareGroupStateResponse {
  const results: InitializeShareGroupStateResponseInitializeStateResult[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    results.push(readInitializeShareGroupStateResponseInitializeStateResult(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: InitializeShareGroupStateResponse = { results }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readInitializeShareGroupStateResponseInitializeStateResult(reader: Reader, version: number): InitializeShareGroupStateResponseInitializeStateResult {
  const topicId = reader.uuid()
  const partitions: InitializeShareGroupStateResponsePartitionResult[] = []
  for (let left = reader.arrayCount(true, 8); left > 0 && reader.ok; left -= 1) {
    partitions.push(readInitializeShareGroupStateResponsePartitionResult(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: InitializeShareGroupStateResponseInitializeStateResult = { topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readInitializeShareGroupStateResponsePartitionResult(reader: Reader, _version: number): InitializeShareGroupStateResponsePartitionResult {
  const partition = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const unknownTags = reader.unknownTags()
  const message: InitializeShareGroupStateResponsePartitionResult = { partition, errorCode, errorMessage }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeInitializeShareGroupStateResponse(
  writer: Writer,
  message: Draft<InitializeShareGroupStateResponse>,
  version: number,
): void {
  const results = message.results ?? []
  writer.arrayCount(results.length, true)
  for (const element of results) writeInitializeShareGroupStateResponseInitializeStateResult(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeInitializeShareGroupStateResponseInitializeStateResult(
  writer: Writer,
  message: Draft<InitializeShareGroupStateResponseInitializeStateResult>,
  version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeInitializeShareGroupStateResponsePartitionResult(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeInitializeShareGroupStateResponsePartitionResult(
  writer: Writer,
  message: Draft<InitializeShareGroupStateResponsePartitionResult>,
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
