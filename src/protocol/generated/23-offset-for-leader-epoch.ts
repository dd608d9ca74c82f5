// Generated from schema/23-offset-for-leader-epoch.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const offsetForLeaderEpochApi: ApiLayout = {
  key: 23,
  name: 'OffsetForLeaderEpoch',
  minVersion: 0,
  maxVersion: 4,
  flexibleVersion: 4,
}

export interface OffsetForLeaderEpochRequest {
  replicaId: number // since version 3
  topics: OffsetForLeaderEpochRequestOffsetForLeaderTopic[]
  unknownTags?: UnknownTag[]
}

export interface OffsetForLeaderEpochRequestOffsetForLeaderTopic {
  topic: string
  partitions: OffsetForLeaderEpochRequestOffsetForLeaderPartition[]
  unknownTags?: UnknownTag[]
}

export interface OffsetForLeaderEpochRequestOffsetForLeaderPartition {
  partition: number
  currentLeaderEpoch: number // since version 2
  leaderEpoch: number
  unknownTags?: UnknownTag[]
}

export function readOffsetForLeaderEpochRequest(reader: Reader, version: number): OffsetForLeaderEpochRequest {
  const flexible = version === 4
  const replicaId = version >= 3 ? reader.int32() : -2
  const topics: OffsetForLeaderEpochRequestOffsetForLeaderTopic[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readOffsetForLeaderEpochRequestOffsetForLeaderTopic(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: OffsetForLeaderEpochRequest = { replicaId, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readOffsetForLeaderEpochRequestOffsetForLeaderTopic(reader: Reader, version: number): OffsetForLeaderEpochRequestOffsetForLeaderTopic {
  const flexible = version === 4
  const topic = reader.string(flexible)
  const partitions: OffsetForLeaderEpochRequestOffsetForLeaderPartition[] = []
  for (let left = reader.arrayCount(flexible, 8); left > 0 && reader.ok; left -= 1) {
    partitions.push(readOffsetForLeaderEpochRequestOffsetForLeaderPartition(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: OffsetForLeaderEpochRequestOffsetForLeaderTopic = { topic, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readOffsetForLeaderEpochRequestOffsetForLeaderPartition(reader: Reader, version: number): OffsetForLeaderEpochRequestOffsetForLeaderPartition {
  const flexible = version === 4
  const partition = reader.int32()
  const currentLeaderEpoch = version >= 2 ? reader.int32() : -1
  const leaderEpoch = reader.int32()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: OffsetForLeaderEpochRequestOffsetForLeaderPartition = {
    partition,
    currentLeaderEpoch,
    leaderEpoch,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeOffsetForLeaderEpochRequest(
  writer: Writer,
  message: Draft<OffsetForLeaderEpochRequest>,
  version: number,
): void {
  const flexible = version === 4
  const replicaId = message.replicaId ?? -2
  if (version >= 3) {
    writer.int32(replicaId)
  }
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, flexible)
  for (const element of topics) writeOffsetForLeaderEpochRequestOffsetForLeaderTopic(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeOffsetForLeaderEpochRequestOffsetForLeaderTopic(
  writer: Writer,
  message: Draft<OffsetForLeaderEpochRequestOffsetForLeaderTopic>,
  version: number,
): void {
  const flexible = version === 4
  const topic = message.topic ?? ''
  writer.string(topic, flexible)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, flexible)
  for (const element of partitions) writeOffsetForLeaderEpochRequestOffsetForLeaderPartition(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeOffsetForLeaderEpochRequestOffsetForLeaderPartition(
  writer: Writer,
  message: Draft<OffsetForLeaderEpochRequestOffsetForLeaderPartition>,
  version: number,
): void {
  const flexible = version === 4
  const partition = message.partition ?? 0
  writer.int32(partition)
  const currentLeaderEpoch = message.currentLeaderEpoch ?? -1
  if (version >= 2) {
    writer.int32(currentLeaderEpoch)
  }
  const leaderEpoch = message.leaderEpoch ?? 0
  writer.int32(leaderEpoch)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface OffsetForLeaderEpochResponse {
  throttleTimeMs: number // since version 2
  topics: OffsetForLeaderEpochResponseOffsetForLeaderTopicResult[]
  unknownTags?: UnknownTag[]
}

export interface OffsetForLeaderEpochResponseOffsetForLeaderTopicResult {
  topic: string
  partitions: OffsetForLeaderEpochResponseEpochEndOffset[]
  unknownTags?: UnknownTag[]
}

export interface OffsetForLeaderEpochResponseEpochEndOffset {
  errorCode: number
  partition: number
  leaderEpoch: number // since version 1
  endOffset: number
  unknownTags?: UnknownTag[]
}

export function readOffsetForLeaderEpochResponse(reader: Reader, version: number): OffsetForLeaderEpochResponse {
  const flexible = version === 4
  const throttleTimeMs = version >= 2 ? reader.int32() : 0
  const topics: OffsetForLeaderEpochResponseOffsetForLeaderTopicResult[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readOffsetForLeaderEpochResponseOffsetForLeaderTopicResult(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: OffsetForLeaderEpochResponse = { throttleTimeMs, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readOffsetForLeaderEpochResponseOffsetForLeaderTopicResult(reader: Reader, version: number): OffsetForLeaderEpochResponseOffsetForLeaderTopicResult {
  const flexible = version === 4
  const topic = reader.string(flexible)
  const partitions: OffsetForLeaderEpochResponseEpochEndOffset[] = []
  for (let left = reader.arrayCount(flexible, 14); left > 0 && reader.ok; left -= 1) {
    partitions.push(readOffsetForLeaderEpochResponseEpochEndOffset(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: OffsetForLeaderEpochResponseOffsetForLeaderTopicResult = { topic, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readOffsetForLeaderEpochResponseEpochEndOffset(reader: Reader, version: number): OffsetForLeaderEpochResponseEpochEndOffset {
  const flexible = version === 4
  const errorCode = reader.int16()
  const partition = reader.int32()
  const leaderEpoch = version >= 1 ? reader.int32() : -1
  const endOffset = reader.int64()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: OffsetForLeaderEpochResponseEpochEndOffset = { errorCode, partition, leaderEpoch, endOffset }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeOffsetForLeaderEpochResponse(
  writer: Writer,
  message: Draft<OffsetForLeaderEpochResponse>,
  version: number,
): void {
  const flexible = version === 4
  const throttleTimeMs = message.throttleTimeMs ?? 0
  if (version >= 2) {
    writer.int32(throttleTimeMs)
  }
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, flexible)
  for (const element of topics) writeOffsetForLeaderEpochResponseOffsetForLeaderTopicResult(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeOffsetForLeaderEpochResponseOffsetForLeaderTopicResult(
  writer: Writer,
  message: Draft<OffsetForLeaderEpochResponseOffsetForLeaderTopicResult>,
  version: number,
): void {
  const flexible = version === 4
  const topic = message.topic ?? ''
  writer.string(topic, flexible)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, flexible)
  for (const element of partitions) writeOffsetForLeaderEpochResponseEpochEndOffset(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeOffsetForLeaderEpochResponseEpochEndOffset(
  writer: Writer,
  message: Draft<OffsetForLeaderEpochResponseEpochEndOffset>,
  version: number,
): void {
  const flexible = version === 4
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const partition = message.partition ?? 0
  writer.int32(partition)
  const leaderEpoch = message.leaderEpoch ?? -1
  if (version >= 1) {
    writer.int32(leaderEpoch)
  }
  const endOffset = message.endOffset ?? -1
  writer.int64(endOffset)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
