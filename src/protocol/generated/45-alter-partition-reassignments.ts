// Generated from schema/45-alter-partition-reassignments.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const alterPartitionReassignmentsApi: ApiLayout = {
  key: 45,
  name: 'AlterPartitionReassignments',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 0,
}

export interface AlterPartitionReassignmentsRequest {
  timeoutMs: number
  allowReplicationFactorChange: boolean // version 1
  topics: AlterPartitionReassignmentsRequestReassignableTopic[]
  unknownTags?: UnknownTag[]
}

export interface AlterPartitionReassignmentsRequestReassignableTopic {
  name: string
  partitions: AlterPartitionReassignmentsRequestReassignablePartition[]
  unknownTags?: UnknownTag[]
}

export interface AlterPartitionReassignmentsRequestReassignablePartition {
  partitionIndex: number
  replicas: number[] | null
  unknownTags?: UnknownTag[]
}

export function readAlterPartitionReassignmentsRequest(reader: Reader, version: number): AlterPartitionReassignmentsRequest {
  const timeoutMs = reader.int32()
  const allowReplicationFactorChange = version === 1 ? reader.bool() : true
  const topics: AlterPartitionReassignmentsRequestReassignableTopic[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readAlterPartitionReassignmentsRequestReassignableTopic(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: AlterPartitionReassignmentsRequest = { timeoutMs, allowReplicationFactorChange, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterPartitionReassignmentsRequestReassignableTopic(reader: Reader, version: number): AlterPartitionReassignmentsRequestReassignableTopic {
  const name = reader.string(true)
  const partitions: AlterPartitionReassignmentsRequestReassignablePartition[] = []
  for (let left = reader.arrayCount(true, 6); left > 0 && reader.ok; left -= 1) {
    partitions.push(readAlterPartitionReassignmentsRequestReassignablePartition(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: AlterPartitionReassignmentsRequestReassignableTopic = { name, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterPartitionReassignmentsRequestReassignablePartition(reader: Reader, _version: number): AlterPartitionReassignmentsRequestReassignablePartition {
  const partitionIndex = reader.int32()
  let replicas: number[] | null = null
  const replicasCount = reader.arrayCountOrNull(true, 4)
  if (replicasCount < 0) {
    replicas = null
  } else {
    replicas = []
    for (let left = replicasCount; left > 0 && reader.ok; left -= 1) {
      replicas.push(reader.int32())
    }
  }
  const unknownTags = reader.unknownTags()
  const message: AlterPartitionReassignmentsRequestReassignablePartition = { partitionIndex, replicas }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeAlterPartitionReassignmentsRequest(
  writer: Writer,
  message: Draft<AlterPartitionReassignmentsRequest>,
  version: number,
): void {
  const timeoutMs = message.timeoutMs ?? 60000
  writer.int32(timeoutMs)
  const allowReplicationFactorChange = message.allowReplicationFactorChange ?? true
  if (version === 1) {
    writer.bool(allowReplicationFactorChange)
  } else if (allowReplicationFactorChange !== true) {
    writer.refuse('AlterPartitionReassignmentsRequest.allowReplicationFactorChange', version)
  }
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeAlterPartitionReassignmentsRequestReassignableTopic(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeAlterPartitionReassignmentsRequestReassignableTopic(
  writer: Writer,
  message: Draft<AlterPartitionReassignmentsRequestReassignableTopic>,
  version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeAlterPartitionReassignmentsRequestReassignablePartition(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeAlterPartitionReassignmentsRequestReassignablePartition(
  writer: Writer,
  message: Draft<AlterPartitionReassignmentsRequestReassignablePartition>,
  _version: number,
): void {
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const replicas = message.replicas ?? null
  writer.arrayCount(replicas === null ? -1 : replicas.length, true)
  if (replicas !== null) {
    for (const element of replicas) writer.int32(element)
  }
  writer.onlyUnknownTags(message.unknownTags)
}

export interface AlterPartitionReassignmentsResponse {
  throttleTimeMs: number
  allowReplicationFactorChange: boolean // version 1
  errorCode: number
  errorMessage: string | null
  responses: AlterPartitionReassignmentsResponseReassignableTopicResponse[]
  unknownTags?: UnknownTag[]
}

export interface AlterPartitionReassignmentsResponseReassignableTopicResponse {
  name: string
  partitions: AlterPartitionReassignmentsResponseReassignablePartitionResponse[]
  unknownTags?: UnknownTag[]
}

export interface AlterPartitionReassignmentsResponseReassignablePartitionResponse {
  partitionIndex: number
  errorCode: number
  errorMessage: string | null
  unknownTags?: UnknownTag[]
}

export function readAlterPartitionReassignmentsResponse(reader: Reader, version: number): AlterPartitionReassignmentsResponse {
  const throttleTimeMs = reader.int32()
  const allowReplicationFactorChange = version === 1 ? reader.bool() : true
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const responses: AlterPartitionReassignmentsResponseReassignableTopicResponse[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    responses.push(readAlterPartitionReassignmentsResponseReassignableTopicResponse(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: AlterPartitionReassignmentsResponse = {
    throttleTimeMs,
    allowReplicationFactorChange,
    errorCode,
    errorMessage,
    responses,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterPartitionReassignmentsResponseReassignableTopicResponse(reader: Reader, version: number): AlterPartitionReassignmentsResponseReassignableTopicResponse {
  const name = reader.string(true)
  const partitions: AlterPartitionReassignmentsResponseReassignablePartitionResponse[] = []
  for (let left = reader.arrayCount(true, 8); left > 0 && reader.ok; left -= 1) {
    partitions.push(readAlterPartitionReassignmentsResponseReassignablePartitionResponse(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: AlterPartitionReassignmentsResponseReassignableTopicResponse = { name, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterPartitionReassignmentsResponseReassignablePartitionResponse(reader: Reader, _version: number): AlterPartitionReassignmentsResponseReassignablePartitionResponse {
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const unknownTags = reader.unknownTags()
  const message: AlterPartitionReassignmentsResponseReassignablePartitionResponse = {
    partitionIndex,
    errorCode,
    errorMessage,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeAlterPartitionReassignmentsResponse(
  writer: Writer,
  message: Draft<AlterPartitionReassignmentsResponse>,
  version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const allowReplicationFactorChange = message.allowReplicationFactorChange ?? true
  if (version === 1) {
    writer.bool(allowReplicationFactorChange)
  }
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage === undefined ? '' : message.errorMessage
  writer.stringOrNull(errorMessage, true)
  const responses = message.responses ?? []
  writer.arrayCount(responses.length, true)
  for (const element of responses) writeAlterPartitionReassignmentsResponseReassignableTopicResponse(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeAlterPartitionReassignmentsResponseReassignableTopicResponse(
  writer: Writer,
  message: Draft<AlterPartitionReassignmentsResponseReassignableTopicResponse>,
  version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeAlterPartitionReassignmentsResponseReassignablePartitionResponse(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeAlterPartitionReassignmentsResponseReassignablePartitionResponse(
  writer: Writer,
  message: Draft<AlterPartitionReassignmentsResponseReassignablePartitionResponse>,
  _version: number,
): void {
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage === undefined ? '' : message.errorMessage
  writer.stringOrNull(errorMessage, true)
  writer.onlyUnknownTags(message.unknownTags)
}
