// Generated from schema/08-offset-commit.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const offsetCommitApi: ApiLayout = {
  key: 8,
  name: 'OffsetCommit',
  minVersion: 0,
  maxVersion: 10,
  flexibleVersion: 8,
}

export interface OffsetCommitRequest {
  groupId: string
  generationIdOrMemberEpoch: number // since version 1
  memberId: string // since version 1
  groupInstanceId: string | null // since version 7
  retentionTimeMs: number // versions 2 to 4
  topics: OffsetCommitRequestOffsetCommitRequestTopic[]
  unknownTags?: UnknownTag[]
}

export interface OffsetCommitRequestOffsetCommitRequestTopic {
  name: string // until version 9
  topicId: string // version 10
  partitions: OffsetCommitRequestOffsetCommitRequestPartition[]
  unknownTags?: UnknownTag[]
}

export interface OffsetCommitRequestOffsetCommitRequestPartition {
  partitionIndex: number
  committedOffset: number
  committedLeaderEpoch: number // since version 6
  commitTimestamp: number // version 1
  committedMetadata: string | null
  unknownTags?: UnknownTag[]
}

export function readOffsetCommitRequest(reader: Reader, version: number): OffsetCommitRequest {
  const flexible = version >= 8
  const groupId = reader.string(flexible)
  const generationIdOrMemberEpoch = version >= 1 ? reader.int32() : -1
  const memberId = version >= 1 ? reader.string(flexible) : ''
  const groupInstanceId = version >= 7 ? reader.stringOrNull(flexible) : null
  const retentionTimeMs = version >= 2 && version <= 4 ? reader.int64() : -1
  const topics: OffsetCommitRequestOffsetCommitRequestTopic[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readOffsetCommitRequestOffsetCommitRequestTopic(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: OffsetCommitRequest = {
    groupId,
    generationIdOrMemberEpoch,
    memberId,
    groupInstanceId,
    retentionTimeMs,
    topics,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readOffsetCommitRequestOffsetCommitRequestTopic(reader: Reader, version: number): OffsetCommitRequestOffsetCommitRequestTopic {
  const flexible = version >= 8
  const name = version <= 9 ? reader.string(flexible) : ''
  const topicId = version === 10 ? reader.uuid() : ZERO_UUID
  const partitions: OffsetCommitRequestOffsetCommitRequestPartition[] = []
  for (let left = reader.arrayCount(flexible, 14); left > 0 && reader.ok; left -= 1) {
    partitions.push(readOffsetCommitRequestOffsetCommitRequestPartition(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: OffsetCommitRequestOffsetCommitRequestTopic = { name, topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readOffsetCommitRequestOffsetCommitRequestPartition(reader: Reader, version: number): OffsetCommitRequestOffsetCommitRequestPartition {
  const flexible = version >= 8
  const partitionIndex = reader.int32()
  const committedOffset = reader.int64()
  const committedLeaderEpoch = version >= 6 ? reader.int32() : -1
  const commitTimestamp = version === 1 ? reader.int64() : -1
  const committedMetadata = reader.stringOrNull(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: OffsetCommitRequestOffsetCommitRequestPartition = {
    partitionIndex,
    committedOffset,
    committedLeaderEpoch,
    commitTimestamp,
    committedMetadata,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeOffsetCommitRequest(
  writer: Writer,
  message: Draft<OffsetCommitRequest>,
  version: number,
): void {
  const flexible = version >= 8
  const groupId = message.groupId ?? ''
  writer.string(groupId, flexible)
  const generationIdOrMemberEpoch = message.generationIdOrMemberEpoch ?? -1
  if (version >= 1) {
    writer.int32(generationIdOrMemberEpoch)
  }
  const memberId = message.memberId ?? ''
  if (version >= 1) {
    writer.string(memberId, flexible)
  }
  const groupInstanceId = message.groupInstanceId ?? null
  if (version >= 7) {
    writer.stringOrNull(groupInstanceId, flexible)
  } else if (groupInstanceId !== null) {
    writer.refuse('OffsetCommitRequest.groupInstanceId', version)
  }
  const retentionTimeMs = message.retentionTimeMs ?? -1
  if (version >= 2 && version <= 4) {
    writer.int64(retentionTimeMs)
  }
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, flexible)
  for (const element of topics) writeOffsetCommitRequestOffsetCommitRequestTopic(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeOffsetCommitRequestOffsetCommitRequestTopic(
  writer: Writer,
  message: Draft<OffsetCommitRequestOffsetCommitRequestTopic>,
  version: number,
): void {
  const flexible = version >= 8
  const name = message.name ?? ''
  if (version <= 9) {
    writer.string(name, flexible)
  }
  const topicId = message.topicId ?? ZERO_UUID
  if (version === 10) {
    writer.uuid(topicId)
  }
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, flexible)
  for (const element of partitions) writeOffsetCommitRequestOffsetCommitRequestPartition(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeOffsetCommitRequestOffsetCommitRequestPartition(
  writer: Writer,
  message: Draft<OffsetCommitRequestOffsetCommitRequestPartition>,
  version: number,
): void {
  const flexible = version >= 8
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const committedOffset = message.committedOffset ?? 0
  writer.int64(committedOffset)
  const committedLeaderEpoch = message.committedLeaderEpoch ?? -1
  if (version >= 6) {
    writer.int32(committedLeaderEpoch)
  }
  const commitTimestamp = message.commitTimestamp ?? -1
  if (version === 1) {
    writer.int64(commitTimestamp)
  } else if (commitTimestamp !== -1) {
    writer.refuse('OffsetCommitRequestOffsetCommitRequestPartition.commitTimestamp', version)
  }
  const committedMetadata = message.committedMetadata === undefined ? '' : message.committedMetadata
  writer.stringOrNull(committedMetadata, flexible)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface OffsetCommitResponse {
  throttleTimeMs: number // since version 3
  topics: OffsetCommitResponseOffsetCommitResponseTopic[]
  unknownTags?: UnknownTag[]
}

export interface OffsetCommitResponseOffsetCommitResponseTopic {
  name: string // until version 9
  topicId: string // version 10
  partitions: OffsetCommitResponseOffsetCommitResponsePartition[]
  unknownTags?: UnknownTag[]
}

export interface OffsetCommitResponseOffsetCommitResponsePartition {
  partitionIndex: number
  errorCode: number
  unknownTags?: UnknownTag[]
}

export function readOffsetCommitResponse(reader: Reader, version: number): OffsetCommitResponse {
  const flexible = version >= 8
  const throttleTimeMs = version >= 3 ? reader.int32() : 0
  const topics: OffsetCommitResponseOffsetCommitResponseTopic[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readOffsetCommitResponseOffsetCommitResponseTopic(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: OffsetCommitResponse = { throttleTimeMs, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readOffsetCommitResponseOffsetCommitResponseTopic(reader: Reader, version: number): OffsetCommitResponseOffsetCommitResponseTopic {
  const flexible = version >= 8
  const name = version <= 9 ? reader.string(flexible) : ''
  const topicId = version === 10 ? reader.uuid() : ZERO_UUID
  const partitions: OffsetCommitResponseOffsetCommitResponsePartition[] = []
  for (let left = reader.arrayCount(flexible, 6); left > 0 && reader.ok; left -= 1) {
    partitions.push(readOffsetCommitResponseOffsetCommitResponsePartition(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: OffsetCommitResponseOffsetCommitResponseTopic = { name, topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readOffsetCommitResponseOffsetCommitResponsePartition(reader: Reader, version: number): OffsetCommitResponseOffsetCommitResponsePartition {
  const flexible = version >= 8
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: OffsetCommitResponseOffsetCommitResponsePartition = { partitionIndex, errorCode }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeOffsetCommitResponse(
  writer: Writer,
  message: Draft<OffsetCommitResponse>,
  version: number,
): void {
  const flexible = version >= 8
  const throttleTimeMs = message.throttleTimeMs ?? 0
  if (version >= 3) {
    writer.int32(throttleTimeMs)
  }
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, flexible)
  for (const element of topics) writeOffsetCommitResponseOffsetCommitResponseTopic(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeOffsetCommitResponseOffsetCommitResponseTopic(
  writer: Writer,
  message: Draft<OffsetCommitResponseOffsetCommitResponseTopic>,
  version: number,
): void {
  const flexible = version >= 8
  const name = message.name ?? ''
  if (version <= 9) {
    writer.string(name, flexible)
  }
  const topicId = message.topicId ?? ZERO_UUID
  if (version === 10) {
    writer.uuid(topicId)
  }
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, flexible)
  for (const element of partitions) writeOffsetCommitResponseOffsetCommitResponsePartition(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeOffsetCommitResponseOffsetCommitResponsePartition(
  writer: Writer,
  message: Draft<OffsetCommitResponseOffsetCommitResponsePartition>,
  version: number,
): void {
  const flexible = version >= 8
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
