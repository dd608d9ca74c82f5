// Generated from schema/85-write-share-group-state.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const writeShareGroupStateApi: ApiLayout = {
  key: 85,
  name: 'WriteShareGroupState',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 0,
}

export interface WriteShareGroupStateRequest {
  groupId: string
  topics: WriteShareGroupStateRequestWriteStateData[]
  unknownTags?: UnknownTag[]
}

export interface WriteShareGroupStateRequestWriteStateData {
  topicId: string
  partitions: WriteShareGroupStateRequestPartitionData[]
  unknownTags?: UnknownTag[]
}

export interface WriteShareGroupStateRequestPartitionData {
  partition: number
  stateEpoch: number
  leaderEpoch: number
  startOffset: number
  deliveryCompleteCount: number // version 1
  stateBatches: WriteShareGroupStateRequestStateBatch[]
  unknownTags?: UnknownTag[]
}

export interface WriteShareGroupStateRequestStateBatch {
  firstOffset: number
  lastOffset: number
  deliveryState: number
  deliveryCount: number
  unknownTags?: UnknownTag[]
}

export function readWriteShareGroupStateRequest(reader: Reader, version: number): WriteShareGroupStateRequest {
  const groupId = reader.string(true)
  const topics: WriteShareGroupStateRequestWriteStateData[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    topics.push(readWriteShareGroupStateRequestWriteStateData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: WriteShareGroupStateRequest = { groupId, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readWriteShareGroupStateRequestWriteStateData(reader: Reader, version: number): WriteShareGroupStateRequestWriteStateData {
  const topicId = reader.uuid()
  const partitions: WriteShareGroupStateRequestPartitionData[] = []
  for (let left = reader.arrayCount(true, 22); left > 0 && reader.ok; left -= 1) {
    partitions.push(readWriteShareGroupStateRequestPartitionData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: WriteShareGroupStateRequestWriteStateData = { topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readWriteShareGroupStateRequestPartitionData(reader: Reader, version: number): WriteShareGroupStateRequestPartitionData {
  const partition = reader.int32()
  const stateEpoch = reader.int32()
  const leaderEpoch = reader.int32()
  const startOffset = reader.int64()
  const deliveryCompleteCount = version === 1 ? reader.int32() : -1
  const stateBatches: WriteShareGroupStateRequestStateBatch[] = []
  for (let left = reader.arrayCount(true, 20); left > 0 && reader.ok; left -= 1) {
    stateBatches.push(readWriteShareGroupStateRequestStateBatch(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: WriteShareGroupStateRequestPartitionData = {
    partition,
    stateEpoch,
    leaderEpoch,
    startOffset,
    deliveryCompleteCount,
    stateBatches,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readWriteShareGroupStateRequestStateBatch(reader: Reader, _version: number): WriteShareGroupStateRequestStateBatch {
  const firstOffset = reader.int64()
  const lastOffset = reader.int64()
  const deliveryState = reader.int8()
  const deliveryCount = reader.int16()
  const unknownTags = reader.unknownTags()
  const message: WriteShareGroupStateRequestStateBatch = {
    firstOffset,
    lastOffset,
    deliveryState,
    deliveryCount,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeWriteShareGroupStateRequest(
  writer: Writer,
  message: Draft<WriteShareGroupStateRequest>,
  version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, true)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeWriteShareGroupStateRequestWriteStateData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeWriteShareGroupStateRequestWriteStateData(
  writer: Writer,
  message: Draft<WriteShareGroupStateRequestWriteStateData>,
  version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeWriteShareGroupStateRequestPartitionData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeWriteShareGroupStateRequestPartitionData(
  writer: Writer,
  message: Draft<WriteShareGroupStateRequestPartitionData>,
  version: number,
): void {
  const partition = message.partition ?? 0
  writer.int32(partition)
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
  const stateBatches = message.stateBatches ?? []
  writer.arrayCount(stateBatches.length, true)
  for (const element of stateBatches) writeWriteShareGroupStateRequestStateBatch(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeWriteShareGroupStateRequestStateBatch(
  writer: Writer,
  message: Draft<WriteShareGroupStateRequestStateBatch>,
  _version: number,
): void {
  const firstOffset = message.firstOffset ?? 0
  writer.int64(firstOffset)
  const lastOffset = message.lastOffset ?? 0
  writer.int64(lastOffset)
  const deliveryState = message.deliveryState ?? 0
  writer.int8(deliveryState)
  const deliveryCount = message.deliveryCount ?? 0
  writer.int16(deliveryCount)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface WriteShareGroupStateResponse {
  results: WriteShareGroupStateResponseWriteStateResult[]
  unknownTags?: UnknownTag[]
}

export interface WriteShareGroupStateResponseWriteStateResult {
  topicId: string
  partitions: WriteShareGroupStateResponsePartitionResult[]
  unknownTags?: UnknownTag[]
}

export interface WriteShareGroupStateResponsePartitionResult {
  partition: number
  errorCode: number
  errorMessage: string | null
  unknownTags?: UnknownTag[]
}

export function readWriteShareGroupStateResponse(reader: Reader, version: number): WriteShareGroupStateResponse {
  const results: WriteShareGroupStateResponseWriteStateResult[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    results.push(readWriteShareGroupStateResponseWriteStateResult(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: WriteShareGroupStateResponse = { results }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readWriteShareGroupStateResponseWriteStateResult(reader: Reader, version: number): WriteShareGroupStateResponseWriteStateResult {
  const topicId = reader.uuid()
  const partitions: WriteShareGroupStateResponsePartitionResult[] = []
  for (let left = reader.arrayCount(true, 8); left > 0 && reader.ok; left -= 1) {
    partitions.push(readWriteShareGroupStateResponsePartitionResult(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: WriteShareGroupStateResponseWriteStateResult = { topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readWriteShareGroupStateResponsePartitionResult(reader: Reader, _version: number): WriteShareGroupStateResponsePartitionResult {
  const partition = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const unknownTags = reader.unknownTags()
  const message: WriteShareGroupStateResponsePartitionResult = { partition, errorCode, errorMessage }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeWriteShareGroupStateResponse(
  writer: Writer,
  message: Draft<WriteShareGroupStateResponse>,
  version: number,
): void {
  const results = message.results ?? []
  writer.arrayCount(results.length, true)
  for (const element of results) writeWriteShareGroupStateResponseWriteStateResult(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeWriteShareGroupStateResponseWriteStateResult(
  writer: Writer,
  message: Draft<WriteShareGroupStateResponseWriteStateResult>,
  version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeWriteShareGroupStateResponsePartitionResult(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeWriteShareGroupStateResponsePartitionResult(
  writer: Writer,
  message: Draft<WriteShareGroupStateResponsePartitionResult>,
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
