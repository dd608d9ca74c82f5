// Generated from schema/73-assign-replicas-to-dirs.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const assignReplicasToDirsApi: ApiLayout = {
  key: 73,
  name: 'AssignReplicasToDirs',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
}

export interface AssignReplicasToDirsRequest {
  brokerId: number
  brokerEpoch: number
  directories: AssignReplicasToDirsRequestDirectoryData[]
  unknownTags?: UnknownTag[]
}

export interface AssignReplicasToDirsRequestDirectoryData {
  id: string
  topics: AssignReplicasToDirsRequestTopicData[]
  unknownTags?: UnknownTag[]
}

export interface AssignReplicasToDirsRequestTopicData {
  topicId: string
  partitions: AssignReplicasToDirsRequestPartitionData[]
  unknownTags?: UnknownTag[]
}

export interface AssignReplicasToDirsRequestPartitionData {
  partitionIndex: number
  unknownTags?: UnknownTag[]
}

export function readAssignReplicasToDirsRequest(reader: Reader, version: number): AssignReplicasToDirsRequest {
  const brokerId = reader.int32()
  const brokerEpoch = reader.int64()
  const directories: AssignReplicasToDirsRequestDirectoryData[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    directories.push(readAssignReplicasToDirsRequestDirectoryData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: AssignReplicasToDirsRequest = { brokerId, brokerEpoch, directories }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAssignReplicasToDirsRequestDirectoryData(reader: Reader, version: number): AssignReplicasToDirsRequestDirectoryData {
  const id = reader.uuid()
  const topics: AssignReplicasToDirsRequestTopicData[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    topics.push(readAssignReplicasToDirsRequestTopicData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: AssignReplicasToDirsRequestDirectoryData = { id, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAssignReplicasToDirsRequestTopicData(reader: Reader, version: number): AssignReplicasToDirsRequestTopicData {
  const topicId = reader.uuid()
  const partitions: AssignReplicasToDirsRequestPartitionData[] = []
  for (let left = reader.arrayCount(true, 5); left > 0 && reader.ok; left -= 1) {
    partitions.push(readAssignReplicasToDirsRequestPartitionData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: AssignReplicasToDirsRequestTopicData = { topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAssignReplicasToDirsRequestPartitionData(reader: Reader, _version: number): AssignReplicasToDirsRequestPartitionData {
  const partitionIndex = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: AssignReplicasToDirsRequestPartitionData = { partitionIndex }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeAssignReplicasToDirsRequest(
  writer: Writer,
  message: Draft<AssignReplicasToDirsRequest>,
  version: number,
): void {
  const brokerId = message.brokerId ?? 0
  writer.int32(brokerId)
  const brokerEpoch = message.brokerEpoch ?? -1
  writer.int64(brokerEpoch)
  const directories = message.directories ?? []
  writer.arrayCount(directories.length, true)
  for (const element of directories) writeAssignReplicasToDirsRequestDirectoryData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeAssignReplicasToDirsRequestDirectoryData(
  writer: Writer,
  message: Draft<AssignReplicasToDirsRequestDirectoryData>,
  version: number,
): void {
  const id = message.id ?? ZERO_UUID
  writer.uuid(id)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeAssignReplicasToDirsRequestTopicData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeAssignReplicasToDirsRequestTopicData(
  writer: Writer,
  message: Draft<AssignReplicasToDirsRequestTopicData>,
  version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeAssignReplicasToDirsRequestPartitionData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeAssignReplicasToDirsRequestPartitionData(
  writer: Writer,
  message: Draft<AssignReplicasToDirsRequestPartitionData>,
  _version: number,
): void {
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface AssignReplicasToDirsResponse {
  throttleTimeMs: number
  errorCode: number
  directories: AssignReplicasToDirsResponseDirectoryData[]
  unknownTags?: UnknownTag[]
}

export interface AssignReplicasToDirsResponseDirectoryData {
  id: string
  topics: AssignReplicasToDirsResponseTopicData[]
  unknownTags?: UnknownTag[]
}

export interface AssignReplicasToDirsResponseTopicData {
  topicId: string
  partitions: AssignReplicasToDirsResponsePartitionData[]
  unknownTags?: UnknownTag[]
}

export interface AssignReplicasToDirsResponsePartitionData {
  partitionIndex: number
  errorCode: number
  unknownTags?: UnknownTag[]
}

export function readAssignReplicasToDirsResponse(reader: Reader, version: number): AssignReplicasToDirsResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const directories: AssignReplicasToDirsResponseDirectoryData[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    directories.push(readAssignReplicasToDirsResponseDirectoryData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: AssignReplicasToDirsResponse = { throttleTimeMs, errorCode, directories }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAssignReplicasToDirsResponseDirectoryData(reader: Reader, version: number): AssignReplicasToDirsResponseDirectoryData {
  const id = reader.uuid()
  const topics: AssignReplicasToDirsResponseTopicData[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    topics.push(readAssignReplicasToDirsResponseTopicData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: AssignReplicasToDirsResponseDirectoryData = { id, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAssignReplicasToDirsResponseTopicData(reader: Reader, version: number): AssignReplicasToDirsResponseTopicData {
  const topicId = reader.uuid()
  const partitions: AssignReplicasToDirsResponsePartitionData[] = []
  for (let left = reader.arrayCount(true, 7); left > 0 && reader.ok; left -= 1) {
    partitions.push(readAssignReplicasToDirsResponsePartitionData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: AssignReplicasToDirsResponseTopicData = { topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAssignReplicasToDirsResponsePartitionData(reader: Reader, _version: number): AssignReplicasToDirsResponsePartitionData {
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const unknownTags = reader.unknownTags()
  const message: AssignReplicasToDirsResponsePartitionData = { partitionIndex, errorCode }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeAssignReplicasToDirsResponse(
  writer: Writer,
  message: Draft<AssignReplicasToDirsResponse>,
  version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const directories = message.directories ?? []
  writer.arrayCount(directories.length, true)
  for (const element of directories) writeAssignReplicasToDirsResponseDirectoryData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeAssignReplicasToDirsResponseDirectoryData(
  writer: Writer,
  message: Draft<AssignReplicasToDirsResponseDirectoryData>,
  version: number,
): void {
  const id = message.id ?? ZERO_UUID
  writer.uuid(id)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeAssignReplicasToDirsResponseTopicData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeAssignReplicasToDirsResponseTopicData(
  writer: Writer,
  message: Draft<AssignReplicasToDirsResponseTopicData>,
  version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeAssignReplicasToDirsResponsePartitionData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeAssignReplicasToDirsResponsePartitionData(
  writer: Writer,
  message: Draft<AssignReplicasToDirsResponsePartitionData>,
  _version: number,
): void {
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  writer.onlyUnknownTags(message.unknownTags)
}
