// Generated from schema/02-list-offsets.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const listOffsetsApi: ApiLayout = {
  key: 2,
  name: 'ListOffsets',
  minVersion: 0,
  maxVersion: 11,
  flexibleVersion: 6,
}

export interface ListOffsetsRequest {
  replicaId: number
  isolationLevel: number // since version 2
  topics: ListOffsetsRequestListOffsetsTopic[]
  timeoutMs: number // since version 10
  unknownTags?: UnknownTag[]
}

export interface ListOffsetsRequestListOffsetsTopic {
  name: string
  partitions: ListOffsetsRequestListOffsetsPartition[]
  unknownTags?: UnknownTag[]
}

export interface ListOffsetsRequestListOffsetsPartition {
  partitionIndex: number
  currentLeaderEpoch: number // since version 4
  timestamp: number
  maxNumOffsets: number // version 0
  unknownTags?: UnknownTag[]
}

export function readListOffsetsRequest(reader: Reader, version: number): ListOffsetsRequest {
  const flexible = version >= 6
  const replicaId = reader.int32()
  const isolationLevel = version >= 2 ? reader.int8() : 0
  const topics: ListOffsetsRequestListOffsetsTopic[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readListOffsetsRequestListOffsetsTopic(reader, version))
  }
  const timeoutMs = version >= 10 ? reader.int32() : 0
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: ListOffsetsRequest = { replicaId, isolationLevel, topics, timeoutMs }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readListOffsetsRequestListOffsetsTopic(reader: Reader, version: number): ListOffsetsRequestListOffsetsTopic {
  const flexible = version >= 6
  const name = reader.string(flexible)
  const partitions: ListOffsetsRequestListOffsetsPartition[] = []
  for (let left = reader.arrayCount(flexible, 12); left > 0 && reader.ok; left -= 1) {
    partitions.push(readListOffsetsRequestListOffsetsPartition(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: ListOffsetsRequestListOffsetsTopic = { name, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readListOffsetsRequestListOffsetsPartition(reader: Reader, version: number): ListOffsetsRequestListOffsetsPartition {
  const flexible = version >= 6
  const partitionIndex = reader.int32()
  const currentLeaderEpoch = version >= 4 ? reader.int32() : -1
  const timestamp = reader.int64()
  const maxNumOffsets = version === 0 ? reader.int32() : 1
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: ListOffsetsRequestListOffsetsPartition = {
    partitionIndex,
    currentLeaderEpoch,
    timestamp,
    maxNumOffsets,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeListOffsetsRequest(
  writer: Writer,
  message: Draft<ListOffsetsRequest>,
  version: number,
): void {
  const flexible = version >= 6
  const replicaId = message.replicaId ?? 0
  writer.int32(replicaId)
  const isolationLevel = message.isolationLevel ?? 0
  if (version >= 2) {
    writer.int8(isolationLevel)
  } else if (isolationLevel !== 0) {
    writer.refuse('ListOffsetsRequest.isolationLevel', version)
  }
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, flexible)
  for (const element of topics) writeListOffsetsRequestListOffsetsTopic(writer, element, version)
  const timeoutMs = message.timeoutMs ?? 0
  if (version >= 10) {
    writer.int32(timeoutMs)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeListOffsetsRequestListOffsetsTopic(
  writer: Writer,
  message: Draft<ListOffsetsRequestListOffsetsTopic>,
  version: number,
): void {
  const flexible = version >= 6
  const name = message.name ?? ''
  writer.string(name, flexible)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, flexible)
  for (const element of partitions) writeListOffsetsRequestListOffsetsPartition(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeListOffsetsRequestListOffsetsPartition(
  writer: Writer,
  message: Draft<ListOffsetsRequestListOffsetsPartition>,
  version: number,
): void {
  const flexible = version >= 6
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const currentLeaderEpoch = message.currentLeaderEpoch ?? -1
  if (version >= 4) {
    writer.int32(currentLeaderEpoch)
  }
  const timestamp = message.timestamp ?? 0
  writer.int64(timestamp)
  const maxNumOffsets = message.maxNumOffsets ?? 1
  if (version === 0) {
    writer.int32(maxNumOffsets)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface ListOffsetsResponse {
  throttleTimeMs: number // since version 2
  topics: ListOffsetsResponseListOffsetsTopicResponse[]
  unknownTags?: UnknownTag[]
}

export interface ListOffsetsResponseListOffsetsTopicResponse {
  name: string
  partitions: ListOffsetsResponseListOffsetsPartitionResponse[]
  unknownTags?: UnknownTag[]
}

export interface ListOffsetsResponseListOffsetsPartitionResponse {
  partitionIndex: number
  errorCode: number
  oldStyleOffsets: number[] // version 0
  timestamp: number // since version 1
  offset: number // since version 1
  leaderEpoch: number // since version 4
  unknownTags?: UnknownTag[]
}

export function readListOffsetsResponse(reader: Reader, version: number): ListOffsetsResponse {
  const flexible = version >= 6
  const throttleTimeMs = version >= 2 ? reader.int32() : 0
  const topics: ListOffsetsResponseListOffsetsTopicResponse[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readListOffsetsResponseListOffsetsTopicResponse(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: ListOffsetsResponse = { throttleTimeMs, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readListOffsetsResponseListOffsetsTopicResponse(reader: Reader, version: number): ListOffsetsResponseListOffsetsTopicResponse {
  const flexible = version >= 6
  const name = reader.string(flexible)
  const partitions: ListOffsetsResponseListOffsetsPartitionResponse[] = []
  for (let left = reader.arrayCount(flexible, 10); left > 0 && reader.ok; left -= 1) {
    partitions.push(readListOffsetsResponseListOffsetsPartitionResponse(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: ListOffsetsResponseListOffsetsTopicResponse = { name, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readListOffsetsResponseListOffsetsPartitionResponse(reader: Reader, version: number): ListOffsetsResponseListOffsetsPartitionResponse {
  const flexible = version >= 6
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const oldStyleOffsets: number[] = []
  if (version === 0) {
    for (let left = reader.arrayCount(false, 8); left > 0 && reader.ok; left -= 1) {
      oldStyleOffsets.push(reader.int64())
    }
  }
  const timestamp = version >= 1 ? reader.int64() : -1
  const offset = version >= 1 ? reader.int64() : -1
  const leaderEpoch = version >= 4 ? reader.int32() : -1
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: ListOffsetsResponseListOffsetsPartitionResponse = {
    partitionIndex,
    errorCode,
    oldStyleOffsets,
    timestamp,
    offset,
    leaderEpoch,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeListOffsetsResponse(
  writer: Writer,
  message: Draft<ListOffsetsResponse>,
  version: number,
): void {
  const flexible = version >= 6
  const throttleTimeMs = message.throttleTimeMs ?? 0
  if (version >= 2) {
    writer.int32(throttleTimeMs)
  }
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, flexible)
  for (const element of topics) writeListOffsetsResponseListOffsetsTopicResponse(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeListOffsetsResponseListOffsetsTopicResponse(
  writer: Writer,
  message: Draft<ListOffsetsResponseListOffsetsTopicResponse>,
  version: number,
): void {
  const flexible = version >= 6
  const name = message.name ?? ''
  writer.string(name, flexible)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, flexible)
  for (const element of partitions) writeListOffsetsResponseListOffsetsPartitionResponse(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeListOffsetsResponseListOffsetsPartitionResponse(
  writer: Writer,
  message: Draft<ListOffsetsResponseListOffsetsPartitionResponse>,
  version: number,
): void {
  const flexible = version >= 6
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const oldStyleOffsets = message.oldStyleOffsets ?? []
  if (version === 0) {
    writer.arrayCount(oldStyleOffsets.length, false)
    for (const element of oldStyleOffsets) writer.int64(element)
  }
  const timestamp = message.timestamp ?? -1
  if (version >= 1) {
    writer.int64(timestamp)
  } else if (timestamp !== -1) {
    writer.refuse('ListOffsetsResponseListOffsetsPartitionResponse.timestamp', version)
  }
  const offset = message.offset ?? -1
  if (version >= 1) {
    writer.int64(offset)
  } else if (offset !== -1) {
    writer.refuse('ListOffsetsResponseListOffsetsPartitionResponse.offset', version)
  }
  const leaderEpoch = message.leaderEpoch ?? -1
  if (version >= 4) {
    writer.int32(leaderEpoch)
  } else if (leaderEpoch !== -1) {
    writer.refuse('ListOffsetsResponseListOffsetsPartitionResponse.leaderEpoch', version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
