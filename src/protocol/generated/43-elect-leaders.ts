// Generated from schema/43-elect-leaders.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const electLeadersApi: ApiLayout = {
  key: 43,
  name: 'ElectLeaders',
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: 2,
}

export interface ElectLeadersRequest {
  electionType: number // since version 1
  topicPartitions: ElectLeadersRequestTopicPartitions[] | null
  timeoutMs: number
  unknownTags?: UnknownTag[]
}

export interface ElectLeadersRequestTopicPartitions {
  topic: string
  partitions: number[]
  unknownTags?: UnknownTag[]
}

export function readElectLeadersRequest(reader: Reader, version: number): ElectLeadersRequest {
  const flexible = version === 2
  const electionType = version >= 1 ? reader.int8() : 0
  let topicPartitions: ElectLeadersRequestTopicPartitions[] | null = []
  const topicPartitionsCount = reader.arrayCountOrNull(flexible, 3)
  if (topicPartitionsCount < 0) {
    topicPartitions = null
  } else {
    topicPartitions = []
    for (let left = topicPartitionsCount; left > 0 && reader.ok; left -= 1) {
      topicPartitions.push(readElectLeadersRequestTopicPartitions(reader, version))
    }
  }
  const timeoutMs = reader.int32()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: ElectLeadersRequest = { electionType, topicPartitions, timeoutMs }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readElectLeadersRequestTopicPartitions(reader: Reader, version: number): ElectLeadersRequestTopicPartitions {
  const flexible = version === 2
  const topic = reader.string(flexible)
  const partitions: number[] = []
  for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(reader.int32())
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: ElectLeadersRequestTopicPartitions = { topic, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeElectLeadersRequest(
  writer: Writer,
  message: Draft<ElectLeadersRequest>,
  version: number,
): void {
  const flexible = version === 2
  const electionType = message.electionType ?? 0
  if (version >= 1) {
    writer.int8(electionType)
  } else if (electionType !== 0) {
    writer.refuse('ElectLeadersRequest.electionType', version)
  }
  const topicPartitions = message.topicPartitions === undefined ? [] : message.topicPartitions
  writer.arrayCount(topicPartitions === null ? -1 : topicPartitions.length, flexible)
  if (topicPartitions !== null) {
    for (const element of topicPartitions) writeElectLeadersRequestTopicPartitions(writer, element, version)
  }
  const timeoutMs = message.timeoutMs ?? 60000
  writer.int32(timeoutMs)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeElectLeadersRequestTopicPartitions(
  writer: Writer,
  message: Draft<ElectLeadersRequestTopicPartitions>,
  version: number,
): void {
  const flexible = version === 2
  const topic = message.topic ?? ''
  writer.string(topic, flexible)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, flexible)
  for (const element of partitions) writer.int32(element)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface ElectLeadersResponse {
  throttleTimeMs: number
  errorCode: number // since version 1
  replicaElectionResults: ElectLeadersResponseReplicaElectionResult[]
  unknownTags?: UnknownTag[]
}

export interface ElectLeadersResponseReplicaElectionResult {
  topic: string
  partitionResult: ElectLeadersResponsePartitionResult[]
  unknownTags?: UnknownTag[]
}

export interface ElectLeadersResponsePartitionResult {
  partitionId: number
  errorCode: number
  errorMessage: string | null
  unknownTags?: UnknownTag[]
}

export function readElectLeadersResponse(reader: Reader, version: number): ElectLeadersResponse {
  const flexible = version === 2
  const throttleTimeMs = reader.int32()
  const errorCode = version >= 1 ? reader.int16() : 0
  const replicaElectionResults: ElectLeadersResponseReplicaElectionResult[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    replicaElectionResults.push(readElectLeadersResponseReplicaElectionResult(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: ElectLeadersResponse = { throttleTimeMs, errorCode, replicaElectionResults }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readElectLeadersResponseReplicaElectionResult(reader: Reader, version: number): ElectLeadersResponseReplicaElectionResult {
  const flexible = version === 2
  const topic = reader.string(flexible)
  const partitionResult: ElectLeadersResponsePartitionResult[] = []
  for (let left = reader.arrayCount(flexible, 8); left > 0 && reader.ok; left -= 1) {
    partitionResult.push(readElectLeadersResponsePartitionResult(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: ElectLeadersResponseReplicaElectionResult = { topic, partitionResult }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readElectLeadersResponsePartitionResult(reader: Reader, version: number): ElectLeadersResponsePartitionResult {
  const flexible = version === 2
  const partitionId = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: ElectLeadersResponsePartitionResult = { partitionId, errorCode, errorMessage }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeElectLeadersResponse(
  writer: Writer,
  message: Draft<ElectLeadersResponse>,
  version: number,
): void {
  const flexible = version === 2
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  if (version >= 1) {
    writer.int16(errorCode)
  } else if (errorCode !== 0) {
    writer.refuse('ElectLeadersResponse.errorCode', version)
  }
  const replicaElectionResults = message.replicaElectionResults ?? []
  writer.arrayCount(replicaElectionResults.length, flexible)
  for (const element of replicaElectionResults) writeElectLeadersResponseReplicaElectionResult(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeElectLeadersResponseReplicaElectionResult(
  writer: Writer,
  message: Draft<ElectLeadersResponseReplicaElectionResult>,
  version: number,
): void {
  const flexible = version === 2
  const topic = message.topic ?? ''
  writer.string(topic, flexible)
  const partitionResult = message.partitionResult ?? []
  writer.arrayCount(partitionResult.length, flexible)
  for (const element of partitionResult) writeElectLeadersResponsePartitionResult(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeElectLeadersResponsePartitionResult(
  writer: Writer,
  message: Draft<ElectLeadersResponsePartitionResult>,
  version: number,
): void {
  const flexible = version === 2
  const partitionId = message.partitionId ?? 0
  writer.int32(partitionId)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage === undefined ? '' : message.errorMessage
  writer.stringOrNull(errorMessage, flexible)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
