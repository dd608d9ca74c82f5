// Generated from schema/90-describe-share-group-offsets.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const describeShareGroupOffsetsApi: ApiLayout = {
  key: 90,
  name: 'DescribeShareGroupOffsets',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 0,
}

export interface DescribeShareGroupOffsetsRequest {
  groups: DescribeShareGroupOffsetsRequestDescribeShareGroupOffsetsRequestGroup[]
  unknownTags?: UnknownTag[]
}

export interface DescribeShareGroupOffsetsRequestDescribeShareGroupOffsetsRequestGroup {
  groupId: string
  topics: DescribeShareGroupOffsetsRequestDescribeShareGroupOffsetsRequestTopic[] | null
  unknownTags?: UnknownTag[]
}

export interface DescribeShareGroupOffsetsRequestDescribeShareGroupOffsetsRequestTopic {
  topicName: string
  partitions: number[]
  unknownTags?: UnknownTag[]
}

export function readDescribeShareGroupOffsetsRequest(reader: Reader, version: number): DescribeShareGroupOffsetsRequest {
  const groups: DescribeShareGroupOffsetsRequestDescribeShareGroupOffsetsRequestGroup[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    groups.push(readDescribeShareGroupOffsetsRequestDescribeShareGroupOffsetsRequestGroup(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: DescribeShareGroupOffsetsRequest = { groups }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeShareGroupOffsetsRequestDescribeShareGroupOffsetsRequestGroup(reader: Reader, version: number): DescribeShareGroupOffsetsRequestDescribeShareGroupOffsetsRequestGroup {
  const groupId = reader.string(true)
  let topics: DescribeShareGroupOffsetsRequestDescribeShareGroupOffsetsRequestTopic[] | null = []
  const topicsCount = reader.arrayCountOrNull(true, 3)
  if (topicsCount < 0) {
    topics = null
  } else {
    topics = []
    for (let left = topicsCount; left > 0 && reader.ok; left -= 1) {
      topics.push(readDescribeShareGroupOffsetsRequestDescribeShareGroupOffsetsRequestTopic(reader, version))
    }
  }
  const unknownTags = reader.unknownTags()
  const message: DescribeShareGroupOffsetsRequestDescribeShareGroupOffsetsRequestGroup = { groupId, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeShareGroupOffsetsRequestDescribeShareGroupOffsetsRequestTopic(reader: Reader, _version: number): DescribeShareGroupOffsetsRequestDescribeShareGroupOffsetsRequestTopic {
  const topicName = reader.string(true)
  const partitions: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(reader.int32())
  }
  const unknownTags = reader.unknownTags()
  const message: DescribeShareGroupOffsetsRequestDescribeShareGroupOffsetsRequestTopic = {
    topicName,
    partitions,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDescribeShareGroupOffsetsRequest(
  writer: Writer,
  message: Draft<DescribeShareGroupOffsetsRequest>,
  version: number,
): void {
  const groups = message.groups ?? []
  writer.arrayCount(groups.length, true)
  for (const element of groups) writeDescribeShareGroupOffsetsRequestDescribeShareGroupOffsetsRequestGroup(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDescribeShareGroupOffsetsRequestDescribeShareGroupOffsetsRequestGroup(
  writer: Writer,
  message: Draft<DescribeShareGroupOffsetsRequestDescribeShareGroupOffsetsRequestGroup>,
  version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, true)
  const topics = message.topics === undefined ? [] : message.topics
  writer.arrayCount(topics === null ? -1 : topics.length, true)
  if (topics !== null) {
    for (const element of topics) writeDescribeShareGroupOffsetsRequestDescribeShareGroupOffsetsRequestTopic(writer, element, version)
  }
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDescribeShareGroupOffsetsRequestDescribeShareGroupOffsetsRequestTopic(
  writer: Writer,
  message: Draft<DescribeShareGroupOffsetsRequestDescribeShareGroupOffsetsRequestTopic>,
  _version: number,
): void {
  const topicName = message.topicName ?? ''
  writer.string(topicName, true)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writer.int32(element)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface DescribeShareGroupOffsetsResponse {
  throttleTimeMs: number
  groups: DescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponseGroup[]
  unknownTags?: UnknownTag[]
}

export interface DescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponseGroup {
  groupId: string
  topics: DescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponseTopic[]
  errorCode: number
  errorMessage: string | null
  unknownTags?: UnknownTag[]
}

export interface DescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponseTopic {
  topicName: string
  topicId: string
  partitions: DescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponsePartition[]
  unknownTags?: UnknownTag[]
}

export interface DescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponsePartition {
  partitionIndex: number
  startOffset: number
  leaderEpoch: number
  lag: number // version 1
  errorCode: number
  errorMessage: string | null
  unknownTags?: UnknownTag[]
}

export function readDescribeShareGroupOffsetsResponse(reader: Reader, version: number): DescribeShareGroupOffsetsResponse {
  const throttleTimeMs = reader.int32()
  const groups: DescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponseGroup[] = []
  for (let left = reader.arrayCount(true, 6); left > 0 && reader.ok; left -= 1) {
    groups.push(readDescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponseGroup(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: DescribeShareGroupOffsetsResponse = { throttleTimeMs, groups }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponseGroup(reader: Reader, version: number): DescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponseGroup {
  const groupId = reader.string(true)
  const topics: DescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponseTopic[] = []
  for (let left = reader.arrayCount(true, 19); left > 0 && reader.ok; left -= 1) {
    topics.push(readDescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponseTopic(reader, version))
  }
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const unknownTags = reader.unknownTags()
  const message: DescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponseGroup = {
    groupId,
    topics,
    errorCode,
    errorMessage,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponseTopic(reader: Reader, version: number): DescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponseTopic {
  const topicName = reader.string(true)
  const topicId = reader.uuid()
  const partitions: DescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponsePartition[] = []
  for (let left = reader.arrayCount(true, 20); left > 0 && reader.ok; left -= 1) {
    partitions.push(readDescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponsePartition(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: DescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponseTopic = {
    topicName,
    topicId,
    partitions,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponsePartition(reader: Reader, version: number): DescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponsePartition {
  const partitionIndex = reader.int32()
  const startOffset = reader.int64()
  const leaderEpoch = reader.int32()
  const lag = version === 1 ? reader.int64() : -1
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const unknownTags = reader.unknownTags()
  const message: DescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponsePartition = {
    partitionIndex,
    startOffset,
    leaderEpoch,
    lag,
    errorCode,
    errorMessage,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDescribeShareGroupOffsetsResponse(
  writer: Writer,
  message: Draft<DescribeShareGroupOffsetsResponse>,
  version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const groups = message.groups ?? []
  writer.arrayCount(groups.length, true)
  for (const element of groups) writeDescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponseGroup(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponseGroup(
  writer: Writer,
  message: Draft<DescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponseGroup>,
  version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, true)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeDescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponseTopic(writer, element, version)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage ?? null
  writer.stringOrNull(errorMessage, true)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponseTopic(
  writer: Writer,
  message: Draft<DescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponseTopic>,
  version: number,
): void {
  const topicName = message.topicName ?? ''
  writer.string(topicName, true)
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeDescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponsePartition(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponsePartition(
  writer: Writer,
  message: Draft<DescribeShareGroupOffsetsResponseDescribeShareGroupOffsetsResponsePartition>,
  version: number,
): void {
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const startOffset = message.startOffset ?? 0
  writer.int64(startOffset)
  const leaderEpoch = message.leaderEpoch ?? 0
  writer.int32(leaderEpoch)
  const lag = message.lag ?? -1
  if (version === 1) {
    writer.int64(lag)
  }
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage ?? null
  writer.stringOrNull(errorMessage, true)
  writer.onlyUnknownTags(message.unknownTags)
}
