// Generated from schema/28-txn-offset-commit.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const txnOffsetCommitApi: ApiLayout = {
  key: 28,
  name: 'TxnOffsetCommit',
  minVersion: 0,
  maxVersion: 6,
  flexibleVersion: 3,
}

export interface TxnOffsetCommitRequest {
  transactionalId: string
  groupId: string
  producerId: number
  producerEpoch: number
  generationIdOrMemberEpoch: number // since version 3
  memberId: string // since version 3
  groupInstanceId: string | null // since version 3
  topics: TxnOffsetCommitRequestTxnOffsetCommitRequestTopic[]
  unknownTags?: UnknownTag[]
}

export interface TxnOffsetCommitRequestTxnOffsetCommitRequestTopic {
  name: string // until version 5
  topicId: string // version 6
  partitions: TxnOffsetCommitRequestTxnOffsetCommitRequestPartition[]
  unknownTags?: UnknownTag[]
}

export interface TxnOffsetCommitRequestTxnOffsetCommitRequestPartition {
  partitionIndex: number
  committedOffset: number
  committedLeaderEpoch: number // since version 2
  committedMetadata: string | null
  unknownTags?: UnknownTag[]
}

export function readTxnOffsetCommitRequest(reader: Reader, version: number): TxnOffsetCommitRequest {
  const flexible = version >= 3
  const transactionalId = reader.string(flexible)
  const groupId = reader.string(flexible)
  const producerId = reader.int64()
  const producerEpoch = reader.int16()
  const generationIdOrMemberEpoch = version >= 3 ? reader.int32() : -1
  const memberId = version >= 3 ? reader.string(true) : ''
  const groupInstanceId = version >= 3 ? reader.stringOrNull(true) : null
  const topics: TxnOffsetCommitRequestTxnOffsetCommitRequestTopic[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readTxnOffsetCommitRequestTxnOffsetCommitRequestTopic(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: TxnOffsetCommitRequest = {
    transactionalId,
    groupId,
    producerId,
    producerEpoch,
    generationIdOrMemberEpoch,
    memberId,
    groupInstanceId,
    topics,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readTxnOffsetCommitRequestTxnOffsetCommitRequestTopic(reader: Reader, version: number): TxnOffsetCommitRequestTxnOffsetCommitRequestTopic {
  const flexible = version >= 3
  const name = version <= 5 ? reader.string(flexible) : ''
  const topicId = version === 6 ? reader.uuid() : ZERO_UUID
  const partitions: TxnOffsetCommitRequestTxnOffsetCommitRequestPartition[] = []
  for (let left = reader.arrayCount(flexible, 14); left > 0 && reader.ok; left -= 1) {
    partitions.push(readTxnOffsetCommitRequestTxnOffsetCommitRequestPartition(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: TxnOffsetCommitRequestTxnOffsetCommitRequestTopic = { name, topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readTxnOffsetCommitRequestTxnOffsetCommitRequestPartition(reader: Reader, version: number): TxnOffsetCommitRequestTxnOffsetCommitRequestPartition {
  const flexible = version >= 3
  const partitionIndex = reader.int32()
  const committedOffset = reader.int64()
  const committedLeaderEpoch = version >= 2 ? reader.int32() : -1
  const committedMetadata = reader.stringOrNull(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: TxnOffsetCommitRequestTxnOffsetCommitRequestPartition = {
    partitionIndex,
    committedOffset,
    committedLeaderEpoch,
    committedMetadata,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeTxnOffsetCommitRequest(
  writer: Writer,
  message: Draft<TxnOffsetCommitRequest>,
  version: number,
): void {
  const flexible = version >= 3
  const transactionalId = message.transactionalId ?? ''
  writer.string(transactionalId, flexible)
  const groupId = message.groupId ?? ''
  writer.string(groupId, flexible)
  const producerId = message.producerId ?? 0
  writer.int64(producerId)
  const producerEpoch = message.producerEpoch ?? 0
  writer.int16(producerEpoch)
  const generationIdOrMemberEpoch = message.generationIdOrMemberEpoch ?? -1
  if (version >= 3) {
    writer.int32(generationIdOrMemberEpoch)
  } else if (generationIdOrMemberEpoch !== -1) {
    writer.refuse('TxnOffsetCommitRequest.generationIdOrMemberEpoch', version)
  }
  const memberId = message.memberId ?? ''
  if (version >= 3) {
    writer.string(memberId, true)
  } else if (memberId !== '') {
    writer.refuse('TxnOffsetCommitRequest.memberId', version)
  }
  const groupInstanceId = message.groupInstanceId ?? null
  if (version >= 3) {
    writer.stringOrNull(groupInstanceId, true)
  } else if (groupInstanceId !== null) {
    writer.refuse('TxnOffsetCommitRequest.groupInstanceId', version)
  }
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, flexible)
  for (const element of topics) writeTxnOffsetCommitRequestTxnOffsetCommitRequestTopic(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeTxnOffsetCommitRequestTxnOffsetCommitRequestTopic(
  writer: Writer,
  message: Draft<TxnOffsetCommitRequestTxnOffsetCommitRequestTopic>,
  version: number,
): void {
  const flexible = version >= 3
  const name = message.name ?? ''
  if (version <= 5) {
    writer.string(name, flexible)
  }
  const topicId = message.topicId ?? ZERO_UUID
  if (version === 6) {
    writer.uuid(topicId)
  }
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, flexible)
  for (const element of partitions) writeTxnOffsetCommitRequestTxnOffsetCommitRequestPartition(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeTxnOffsetCommitRequestTxnOffsetCommitRequestPartition(
  writer: Writer,
  message: Draft<TxnOffsetCommitRequestTxnOffsetCommitRequestPartition>,
  version: number,
): void {
  const flexible = version >= 3
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const committedOffset = message.committedOffset ?? 0
  writer.int64(committedOffset)
  const committedLeaderEpoch = message.committedLeaderEpoch ?? -1
  if (version >= 2) {
    writer.int32(committedLeaderEpoch)
  }
  const committedMetadata = message.committedMetadata === undefined ? '' : message.committedMetadata
  writer.stringOrNull(committedMetadata, flexible)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface TxnOffsetCommitResponse {
  throttleTimeMs: number
  topics: TxnOffsetCommitResponseTxnOffsetCommitResponseTopic[]
  unknownTags?: UnknownTag[]
}

export interface TxnOffsetCommitResponseTxnOffsetCommitResponseTopic {
  name: string // until version 5
  topicId: string // version 6
  partitions: TxnOffsetCommitResponseTxnOffsetCommitResponsePartition[]
  unknownTags?: UnknownTag[]
}

export interface TxnOffsetCommitResponseTxnOffsetCommitResponsePartition {
  partitionIndex: number
  errorCode: number
  unknownTags?: UnknownTag[]
}

export function readTxnOffsetCommitResponse(reader: Reader, version: number): TxnOffsetCommitResponse {
  const flexible = version >= 3
  const throttleTimeMs = reader.int32()
  const topics: TxnOffsetCommitResponseTxnOffsetCommitResponseTopic[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readTxnOffsetCommitResponseTxnOffsetCommitResponseTopic(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: TxnOffsetCommitResponse = { throttleTimeMs, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readTxnOffsetCommitResponseTxnOffsetCommitResponseTopic(reader: Reader, version: number): TxnOffsetCommitResponseTxnOffsetCommitResponseTopic {
  const flexible = version >= 3
  const name = version <= 5 ? reader.string(flexible) : ''
  const topicId = version === 6 ? reader.uuid() : ZERO_UUID
  const partitions: TxnOffsetCommitResponseTxnOffsetCommitResponsePartition[] = []
  for (let left = reader.arrayCount(flexible, 6); left > 0 && reader.ok; left -= 1) {
    partitions.push(readTxnOffsetCommitResponseTxnOffsetCommitResponsePartition(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: TxnOffsetCommitResponseTxnOffsetCommitResponseTopic = { name, topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readTxnOffsetCommitResponseTxnOffsetCommitResponsePartition(reader: Reader, version: number): TxnOffsetCommitResponseTxnOffsetCommitResponsePartition {
  const flexible = version >= 3
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: TxnOffsetCommitResponseTxnOffsetCommitResponsePartition = { partitionIndex, errorCode }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeTxnOffsetCommitResponse(
  writer: Writer,
  message: Draft<TxnOffsetCommitResponse>,
  version: number,
): void {
  const flexible = version >= 3
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, flexible)
  for (const element of topics) writeTxnOffsetCommitResponseTxnOffsetCommitResponseTopic(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeTxnOffsetCommitResponseTxnOffsetCommitResponseTopic(
  writer: Writer,
  message: Draft<TxnOffsetCommitResponseTxnOffsetCommitResponseTopic>,
  version: number,
): void {
  const flexible = version >= 3
  const name = message.name ?? ''
  if (version <= 5) {
    writer.string(name, flexible)
  }
  const topicId = message.topicId ?? ZERO_UUID
  if (version === 6) {
    writer.uuid(topicId)
  }
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, flexible)
  for (const element of partitions) writeTxnOffsetCommitResponseTxnOffsetCommitResponsePartition(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeTxnOffsetCommitResponseTxnOffsetCommitResponsePartition(
  writer: Writer,
  message: Draft<TxnOffsetCommitResponseTxnOffsetCommitResponsePartition>,
  version: number,
): void {
  const flexible = version >= 3
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
