// Generated from schema/84-read-share-group-state.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const readShareGroupStateApi: ApiLayout = {
  key: 84,
  name: 'ReadShareGroupState',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
}

export interface ReadShareGroupStateRequest {
  groupId: string
  topics: ReadShareGroupStateRequestReadStateData[]
  unknownTags?: UnknownTag[]
}

export interface ReadShareGroupStateRequestReadStateData {
  topicId: string
  partitions: ReadShareGroupStateRequestPartitionData[]
  unknownTags?: UnknownTag[]
}

export interface ReadShareGroupStateRequestPartitionData {
  partition: number
  leaderEpoch: number
  unknownTags?: UnknownTag[]
}

export function readReadShareGroupStateRequest(reader: Reader, version: number): ReadShareGroupStateRequest {
  const groupId = reader.string(true)
  const topics: ReadShareGroupStateRequestReadStateData[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    topics.push(readReadShareGroupStateRequestReadStateData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ReadShareGroupStateRequest = { groupId, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readReadShareGroupStateRequestReadStateData(reader: Reader, version: number): ReadShareGroupStateRequestReadStateData {
  const topicId = reader.uuid()
  const partitions: ReadShareGroupStateRequestPartitionData[] = []
  for (let left = reader.arrayCount(true, 9); left > 0 && reader.ok; left -= 1) {
    partitions.push(readReadShareGroupStateRequestPartitionData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ReadShareGroupStateRequestReadStateData = { topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readReadShareGroupStateRequestPartitionData(reader: Reader, _version: number): ReadShareGroupStateRequestPartitionData {
  const partition = reader.int32()
  const leaderEpoch = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: ReadShareGroupStateRequestPartitionData = { partition, leaderEpoch }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeReadShareGroupStateRequest(
  writer: Writer,
  message: Draft<ReadShareGroupStateRequest>,
  version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, true)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeReadShareGroupStateRequestReadStateData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeReadShareGroupStateRequestReadStateData(
  writer: Writer,
  message: Draft<ReadShareGroupStateRequestReadStateData>,
  version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeReadShareGroupStateRequestPartitionData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeReadShareGroupStateRequestPartitionData(
  writer: Writer,
  message: Draft<ReadShareGroupStateRequestPartitionData>,
  _version: number,
): void {
  const partition = message.partition ?? 0
  writer.int32(partition)
  const leaderEpoch = message.leaderEpoch ?? 0
  writer.int32(leaderEpoch)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface ReadShareGroupStateResponse {
  results: ReadShareGroupStateResponseReadStateResult[]
  unknownTags?: UnknownTag[]
}

export interface ReadShareGroupStateResponseReadStateResult {
  topicId: string
  partitions: ReadShareGroupStateResponsePartitionResult[]
  unknownTags?: UnknownTag[]
}

export interface ReadShareGroupStateResponsePartitionResult {
  partition: number
  errorCode: number
  errorMessage: string | null
  stateEpoch: number
  startOffset: number
  stateBatches: ReadShareGroupStateResponseStateBatch[]
  unknownTags?: UnknownTag[]
}

export interface ReadShareGroupStateResponseStateBatch {
  firstOffset: number
  lastOffset: number
  deliveryState: number
  deliveryCount: number
  unknownTags?: UnknownTag[]
}

export function readReadShareGroupStateResponse(reader: Reader, version: number): ReadShareGroupStateResponse {
  const results: ReadShareGroupStateResponseReadStateResult[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    results.push(readReadShareGroupStateResponseReadStateResult(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ReadShareGroupStateResponse = { results }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readReadShareGroupStateResponseReadStateResult(reader: Reader, version: number): ReadShareGroupStateResponseReadStateResult {
  const topicId = reader.uuid()
  const partitions: ReadShareGroupStateResponsePartitionResult[] = []
  for (let left = reader.arrayCount(true, 21); left > 0 && reader.ok; left -= 1) {
    partitions.push(readReadShareGroupStateResponsePartitionResult(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ReadShareGroupStateResponseReadStateResult = { topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readReadShareGroupStateResponsePartitionResult(reader: Reader, version: number): ReadShareGroupStateResponsePartitionResult {
  const partition = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const stateEpoch = reader.int32()
  const startOffset = reader.int64()
  const stateBatches: ReadShareGroupStateResponseStateBatch[] = []
  for (let left = reader.arrayCount(true, 20); left > 0 && reader.ok; left -= 1) {
    stateBatches.push(readReadShareGroupStateResponseStateBatch(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ReadShareGroupStateResponsePartitionResult = {
    partition,
    errorCode,
    errorMessage,
    stateEpoch,
    startOffset,
    stateBatches,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readReadShareGroupStateResponseStateBatch(reader: Reader, _version: number): ReadShareGroupStateResponseStateBatch {
  const firstOffset = reader.int64()
  const lastOffset = reader.int64()
  const deliveryState = reader.int8()
  const deliveryCount = reader.int16()
  const unknownTags = reader.unknownTags()
  const message: ReadShareGroupStateResponseStateBatch = {
    firstOffset,
    lastOffset,
    deliveryState,
    deliveryCount,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeReadShareGroupStateResponse(
  writer: Writer,
  message: Draft<ReadShareGroupStateResponse>,
  version: number,
): void {
  const results = message.results ?? []
  writer.arrayCount(results.length, true)
  for (const element of results) writeReadShareGroupStateResponseReadStateResult(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeReadShareGroupStateResponseReadStateResult(
  writer: Writer,
  message: Draft<ReadShareGroupStateResponseReadStateResult>,
  version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeReadShareGroupStateResponsePartitionResult(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeReadShareGroupStateResponsePartitionResult(
  writer: Writer,
  message: Draft<ReadShareGroupStateResponsePartitionResult>,
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
  const startOffset = message.startOffset ?? 0
  writer.int64(startOffset)
  const stateBatches = message.stateBatches ?? []
  writer.arrayCount(stateBatches.length, true)
  for (const element of stateBatches) writeReadShareGroupStateResponseStateBatch(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeReadShareGroupStateResponseStateBatch(
  writer: Writer,
  message: Draft<ReadShareGroupStateResponseStateBatch>,
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
