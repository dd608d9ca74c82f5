// Generated from schema/47-offset-delete.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const offsetDeleteApi: ApiLayout = {
  key: 47,
  name: 'OffsetDelete',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
}

export interface OffsetDeleteRequest {
  groupId: string
  topics: OffsetDeleteRequestOffsetDeleteRequestTopic[]
}

export interface OffsetDeleteRequestOffsetDeleteRequestTopic {
  name: string
  partitions: OffsetDeleteRequestOffsetDeleteRequestPartition[]
}

export interface OffsetDeleteRequestOffsetDeleteRequestPartition {
  partitionIndex: number
}

export function readOffsetDeleteRequest(reader: Reader, version: number): OffsetDeleteRequest {
  const groupId = reader.string(false)
  const topics: OffsetDeleteRequestOffsetDeleteRequestTopic[] = []
  for (let left = reader.arrayCount(false, 6); left > 0 && reader.ok; left -= 1) {
    topics.push(readOffsetDeleteRequestOffsetDeleteRequestTopic(reader, version))
  }
  const message: OffsetDeleteRequest = { groupId, topics }
  return message
}

function readOffsetDeleteRequestOffsetDeleteRequestTopic(reader: Reader, version: number): OffsetDeleteRequestOffsetDeleteRequestTopic {
  const name = reader.string(false)
  const partitions: OffsetDeleteRequestOffsetDeleteRequestPartition[] = []
  for (let left = reader.arrayCount(false, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(readOffsetDeleteRequestOffsetDeleteRequestPartition(reader, version))
  }
  const message: OffsetDeleteRequestOffsetDeleteRequestTopic = { name, partitions }
  return message
}

function readOffsetDeleteRequestOffsetDeleteRequestPartition(reader: Reader, _version: number): OffsetDeleteRequestOffsetDeleteRequestPartition {
  const partitionIndex = reader.int32()
  const message: OffsetDeleteRequestOffsetDeleteRequestPartition = { partitionIndex }
  return message
}

export function writeOffsetDeleteRequest(
  writer: Writer,
  message: Draft<OffsetDeleteRequest>,
  version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, false)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, false)
  for (const element of topics) writeOffsetDeleteRequestOffsetDeleteRequestTopic(writer, element, version)
}

function writeOffsetDeleteRequestOffsetDeleteRequestTopic(
  writer: Writer,
  message: Draft<OffsetDeleteRequestOffsetDeleteRequestTopic>,
  version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, false)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, false)
  for (const element of partitions) writeOffsetDeleteRequestOffsetDeleteRequestPartition(writer, element, version)
}

function writeOffsetDeleteRequestOffsetDeleteRequestPartition(
  writer: Writer,
  message: Draft<OffsetDeleteRequestOffsetDeleteRequestPartition>,
  _version: number,
): void {
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
}

export interface OffsetDeleteResponse {
  errorCode: number
  throttleTimeMs: number
  topics: OffsetDeleteResponseOffsetDeleteResponseTopic[]
}

export interface OffsetDeleteResponseOffsetDeleteResponseTopic {
  name: string
  partitions: OffsetDeleteResponseOffsetDeleteResponsePartition[]
}

export interface OffsetDeleteResponseOffsetDeleteResponsePartition {
  partitionIndex: number
  errorCode: number
}

export function readOffsetDeleteResponse(reader: Reader, version: number): OffsetDeleteResponse {
  const errorCode = reader.int16()
  const throttleTimeMs = reader.int32()
  const topics: OffsetDeleteResponseOffsetDeleteResponseTopic[] = []
  for (let left = reader.arrayCount(false, 6); left > 0 && reader.ok; left -= 1) {
    topics.push(readOffsetDeleteResponseOffsetDeleteResponseTopic(reader, version))
  }
  const message: OffsetDeleteResponse = { errorCode, throttleTimeMs, topics }
  return message
}

function readOffsetDeleteResponseOffsetDeleteResponseTopic(reader: Reader, version: number): OffsetDeleteResponseOffsetDeleteResponseTopic {
  const name = reader.string(false)
  const partitions: OffsetDeleteResponseOffsetDeleteResponsePartition[] = []
  for (let left = reader.arrayCount(false, 6); left > 0 && reader.ok; left -= 1) {
    partitions.push(readOffsetDeleteResponseOffsetDeleteResponsePartition(reader, version))
  }
  const message: OffsetDeleteResponseOffsetDeleteResponseTopic = { name, partitions }
  return message
}

function readOffsetDeleteResponseOffsetDeleteResponsePartition(reader: Reader, _version: number): OffsetDeleteResponseOffsetDeleteResponsePartition {
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const message: OffsetDeleteResponseOffsetDeleteResponsePartition = { partitionIndex, errorCode }
  return message
}

export function writeOffsetDeleteResponse(
  writer: Writer,
  message: Draft<OffsetDeleteResponse>,
  version: number,
): void {
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, false)
  for (const element of topics) writeOffsetDeleteResponseOffsetDeleteResponseTopic(writer, element, version)
}

function writeOffsetDeleteResponseOffsetDeleteResponseTopic(
  writer: Writer,
  message: Draft<OffsetDeleteResponseOffsetDeleteResponseTopic>,
  version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, false)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, false)
  for (const element of partitions) writeOffsetDeleteResponseOffsetDeleteResponsePartition(writer, element, version)
}

function writeOffsetDeleteResponseOffsetDeleteResponsePartition(
  writer: Writer,
  message: Draft<OffsetDeleteResponseOffsetDeleteResponsePartition>,
  _version: number,
): void {
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
}
