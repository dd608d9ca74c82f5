// Generated from schema/75-describe-topic-partitions.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const describeTopicPartitionsApi: ApiLayout = {
  key: 75,
  name: 'DescribeTopicPartitions',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
}

export interface DescribeTopicPartitionsRequest {
  topics: DescribeTopicPartitionsRequestTopicRequest[]
  responsePartitionLimit: number
  cursor: DescribeTopicPartitionsRequestCursor | null
  unknownTags?: UnknownTag[]
}

export interface DescribeTopicPartitionsRequestTopicRequest {
  name: string
  unknownTags?: UnknownTag[]
}

export interface DescribeTopicPartitionsRequestCursor {
  topicName: string
  partitionIndex: number
  unknownTags?: UnknownTag[]
}

export function readDescribeTopicPartitionsRequest(reader: Reader, version: number): DescribeTopicPartitionsRequest {
  const topics: DescribeTopicPartitionsRequestTopicRequest[] = []
  for (let left = reader.arrayCount(true, 2); left > 0 && reader.ok; left -= 1) {
    topics.push(readDescribeTopicPartitionsRequestTopicRequest(reader, version))
  }
  const responsePartitionLimit = reader.int32()
  const cursor = reader.present() ? readDescribeTopicPartitionsRequestCursor(reader, version) : null
  const unknownTags = reader.unknownTags()
  const message: DescribeTopicPartitionsRequest = { topics, responsePartitionLimit, cursor }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeTopicPartitionsRequestTopicRequest(reader: Reader, _version: number): DescribeTopicPartitionsRequestTopicRequest {
  const name = reader.string(true)
  const unknownTags = reader.unknownTags()
  const message: DescribeTopicPartitionsRequestTopicRequest = { name }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeTopicPartitionsRequestCursor(reader: Reader, _version: number): DescribeTopicPartitionsRequestCursor {
  const topicName = reader.string(true)
  const partitionIndex = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: DescribeTopicPartitionsRequestCursor = { topicName, partitionIndex }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDescribeTopicPartitionsRequest(
  writer: Writer,
  message: Draft<DescribeTopicPartitionsRequest>,
  version: number,
): void {
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeDescribeTopicPartitionsRequestTopicRequest(writer, element, version)
  const responsePartitionLimit = message.responsePartitionLimit ?? 2000
  writer.int32(responsePartitionLimit)
  const cursor = message.cursor ?? null
  writer.present(cursor !== null)
  if (cursor !== null) writeDescribeTopicPartitionsRequestCursor(writer, cursor, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDescribeTopicPartitionsRequestTopicRequest(
  writer: Writer,
  message: Draft<DescribeTopicPartitionsRequestTopicRequest>,
  _version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDescribeTopicPartitionsRequestCursor(
  writer: Writer,
  message: Draft<DescribeTopicPartitionsRequestCursor>,
  _version: number,
): void {
  const topicName = message.topicName ?? ''
  writer.string(topicName, true)
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface DescribeTopicPartitionsResponse {
  throttleTimeMs: number
  topics: DescribeTopicPartitionsResponseDescribeTopicPartitionsResponseTopic[]
  nextCursor: DescribeTopicPartitionsResponseCursor | null
  unknownTags?: UnknownTag[]
}

export interface DescribeTopicPartitionsResponseDescribeTopicPartitionsResponseTopic {
  errorCode: number
  name: string | null
  topicId: string
  isInternal: boolean
  partitions: DescribeTopicPartitionsResponseDescribeTopicPartitionsResponsePartition[]
  topicAuthorizedOperations: number
  unknownTags?: UnknownTag[]
}

export interface DescribeTopicPartitionsResponseDescribeTopicPartitionsResponsePartition {
  errorCode: number
  partitionIndex: number
  leaderId: number
  leaderEpoch: number
  replicaNodes: number[]
  isrNodes: number[]
  eligibleLeaderReplicas: number[] | null
  lastKnownElr: number[] | null
  offlineReplicas: number[]
  unknownTags?: UnknownTag[]
}

export interface DescribeTopicPartitionsResponseCursor {
  topicName: string
  partitionIndex: number
  unknownTags?: UnknownTag[]
}

export function readDescribeTopicPartitionsResponse(reader: Reader, version: number): DescribeTopicPartitionsResponse {
  const throttleTimeMs = reader.int32()
  const topics: DescribeTopicPartitionsResponseDescribeTopicPartitionsResponseTopic[] = []
  for (let left = reader.arrayCount(true, 26); left > 0 && reader.ok; left -= 1) {
    topics.push(readDescribeTopicPartitionsResponseDescribeTopicPartitionsResponseTopic(reader, version))
  }
  const nextCursor = reader.present() ? readDescribeTopicPartitionsResponseCursor(reader, version) : null
  const unknownTags = reader.unknownTags()
  const message: DescribeTopicPartitionsResponse = { throttleTimeMs, topics, nextCursor }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeTopicPartitionsResponseDescribeTopicPartitionsResponseTopic(reader: Reader, version: number): DescribeTopicPartitionsResponseDescribeTopicPartitionsResponseTopic {
  const errorCode = reader.int16()
  const name = reader.stringOrNull(true)
  const topicId = reader.uuid()
  const isInternal = reader.bool()
  const partitions: DescribeTopicPartitionsResponseDescribeTopicPartitionsResponsePartition[] = []
  for (let left = reader.arrayCount(true, 20); left > 0 && reader.ok; left -= 1) {
    partitions.push(readDescribeTopicPartitionsResponseDescribeTopicPartitionsResponsePartition(reader, version))
  }
  const topicAuthorizedOperations = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: DescribeTopicPartitionsResponseDescribeTopicPartitionsResponseTopic = {
    errorCode,
    name,
    topicId,
    isInternal,
    partitions,
    topicAuthorizedOperations,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeTopicPartitionsResponseDescribeTopicPartitionsResponsePartition(reader: Reader, _version: number): DescribeTopicPartitionsResponseDescribeTopicPartitionsResponsePartition {
  const errorCode = reader.int16()
  const partitionIndex = reader.int32()
  const leaderId = reader.int32()
  const leaderEpoch = reader.int32()
  const replicaNodes: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    replicaNodes.push(reader.int32())
  }
  const isrNodes: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    isrNodes.push(reader.int32())
  }
  let eligibleLeaderReplicas: number[] | null = null
  const eligibleLeaderReplicasCount = reader.arrayCountOrNull(true, 4)
  if (eligibleLeaderReplicasCount < 0) {
    eligibleLeaderReplicas = null
  } else {
    eligibleLeaderReplicas = []
    for (let left = eligibleLeaderReplicasCount; left > 0 && reader.ok; left -= 1) {
      eligibleLeaderReplicas.push(reader.int32())
    }
  }
  let lastKnownElr: number[] | null = null
  const lastKnownElrCount = reader.arrayCountOrNull(true, 4)
  if (lastKnownElrCount < 0) {
    lastKnownElr = null
  } else {
    lastKnownElr = []
    for (let left = lastKnownElrCount; left > 0 && reader.ok; left -= 1) {
      lastKnownElr.push(reader.int32())
    }
  }
  const offlineReplicas: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    offlineReplicas.push(reader.int32())
  }
  const unknownTags = reader.unknownTags()
  const message: DescribeTopicPartitionsResponseDescribeTopicPartitionsResponsePartition = {
    errorCode,
    partitionIndex,
    leaderId,
    leaderEpoch,
    replicaNodes,
    isrNodes,
    eligibleLeaderReplicas,
    lastKnownElr,
    offlineReplicas,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeTopicPartitionsResponseCursor(reader: Reader, _version: number): DescribeTopicPartitionsResponseCursor {
  const topicName = reader.string(true)
  const partitionIndex = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: DescribeTopicPartitionsResponseCursor = { topicName, partitionIndex }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDescribeTopicPartitionsResponse(
  writer: Writer,
  message: Draft<DescribeTopicPartitionsResponse>,
  version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeDescribeTopicPartitionsResponseDescribeTopicPartitionsResponseTopic(writer, element, version)
  const nextCursor = message.nextCursor ?? null
  writer.present(nextCursor !== null)
  if (nextCursor !== null) writeDescribeTopicPartitionsResponseCursor(writer, nextCursor, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDescribeTopicPartitionsResponseDescribeTopicPartitionsResponseTopic(
  writer: Writer,
  message: Draft<DescribeTopicPartitionsResponseDescribeTopicPartitionsResponseTopic>,
  version: number,
): void {
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const name = message.name === undefined ? '' : message.name
  writer.stringOrNull(name, true)
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const isInternal = message.isInternal ?? false
  writer.bool(isInternal)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeDescribeTopicPartitionsResponseDescribeTopicPartitionsResponsePartition(writer, element, version)
  const topicAuthorizedOperations = message.topicAuthorizedOperations ?? -2147483648
  writer.int32(topicAuthorizedOperations)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDescribeTopicPartitionsResponseDescribeTopicPartitionsResponsePartition(
  writer: Writer,
  message: Draft<DescribeTopicPartitionsResponseDescribeTopicPartitionsResponsePartition>,
  _version: number,
): void {
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const leaderId = message.leaderId ?? 0
  writer.int32(leaderId)
  const leaderEpoch = message.leaderEpoch ?? -1
  writer.int32(leaderEpoch)
  const replicaNodes = message.replicaNodes ?? []
  writer.arrayCount(replicaNodes.length, true)
  for (const element of replicaNodes) writer.int32(element)
  const isrNodes = message.isrNodes ?? []
  writer.arrayCount(isrNodes.length, true)
  for (const element of isrNodes) writer.int32(element)
  const eligibleLeaderReplicas = message.eligibleLeaderReplicas ?? null
  writer.arrayCount(eligibleLeaderReplicas === null ? -1 : eligibleLeaderReplicas.length, true)
  if (eligibleLeaderReplicas !== null) {
    for (const element of eligibleLeaderReplicas) writer.int32(element)
  }
  const lastKnownElr = message.lastKnownElr ?? null
  writer.arrayCount(lastKnownElr === null ? -1 : lastKnownElr.length, true)
  if (lastKnownElr !== null) {
    for (const element of lastKnownElr) writer.int32(element)
  }
  const offlineReplicas = message.offlineReplicas ?? []
  writer.arrayCount(offlineReplicas.length, true)
  for (const element of offlineReplicas) writer.int32(element)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDescribeTopicPartitionsResponseCursor(
  writer: Writer,
  message: Draft<DescribeTopicPartitionsResponseCursor>,
  _version: number,
): void {
  const topicName = message.topicName ?? ''
  writer.string(topicName, true)
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  writer.onlyUnknownTags(message.unknownTags)
}
