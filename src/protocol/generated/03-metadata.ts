// Generated from schema/03-metadata.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const metadataApi: ApiLayout = {
  key: 3,
  name: 'Metadata',
  minVersion: 0,
  maxVersion: 13,
  flexibleVersion: 9,
}

export interface MetadataRequest {
  topics: MetadataRequestMetadataRequestTopic[] | null
  allowAutoTopicCreation: boolean // since version 4
  includeClusterAuthorizedOperations: boolean // versions 8 to 10
  includeTopicAuthorizedOperations: boolean // since version 8
  unknownTags?: UnknownTag[]
}

export interface MetadataRequestMetadataRequestTopic {
  topicId: string // since version 10
  name: string | null
  unknownTags?: UnknownTag[]
}

export function readMetadataRequest(reader: Reader, version: number): MetadataRequest {
  const flexible = version >= 9
  let topics: MetadataRequestMetadataRequestTopic[] | null = []
  const topicsCount = version >= 1 ? reader.arrayCountOrNull(flexible, 2) : reader.arrayCount(flexible, 2)
  if (topicsCount < 0) {
    topics = null
  } else {
    topics = []
    for (let left = topicsCount; left > 0 && reader.ok; left -= 1) {
      topics.push(readMetadataRequestMetadataRequestTopic(reader, version))
    }
  }
  const allowAutoTopicCreation = version >= 4 ? reader.bool() : true
  const includeClusterAuthorizedOperations = version >= 8 && version <= 10 ? reader.bool() : false
  const includeTopicAuthorizedOperations = version >= 8 ? reader.bool() : false
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: MetadataRequest = {
    topics,
    allowAutoTopicCreation,
    includeClusterAuthorizedOperations,
    includeTopicAuthorizedOperations,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readMetadataRequestMetadataRequestTopic(reader: Reader, version: number): MetadataRequestMetadataRequestTopic {
  const flexible = version >= 9
  const topicId = version >= 10 ? reader.uuid() : ZERO_UUID
  const name = version >= 10 ? reader.stringOrNull(flexible) : reader.string(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: MetadataRequestMetadataRequestTopic = { topicId, name }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeMetadataRequest(
  writer: Writer,
  message: Draft<MetadataRequest>,
  version: number,
): void {
  const flexible = version >= 9
  const topics = message.topics === undefined ? [] : message.topics
  if (topics === null && !(version >= 1)) writer.refuseNull('MetadataRequest.topics', version)
  writer.arrayCount(topics === null ? -1 : topics.length, flexible)
  if (topics !== null) {
    for (const element of topics) writeMetadataRequestMetadataRequestTopic(writer, element, version)
  }
  const allowAutoTopicCreation = message.allowAutoTopicCreation ?? true
  if (version >= 4) {
    writer.bool(allowAutoTopicCreation)
  } else if (allowAutoTopicCreation !== true) {
    writer.refuse('MetadataRequest.allowAutoTopicCreation', version)
  }
  const includeClusterAuthorizedOperations = message.includeClusterAuthorizedOperations ?? false
  if (version >= 8 && version <= 10) {
    writer.bool(includeClusterAuthorizedOperations)
  } else if (includeClusterAuthorizedOperations !== false) {
    writer.refuse('MetadataRequest.includeClusterAuthorizedOperations', version)
  }
  const includeTopicAuthorizedOperations = message.includeTopicAuthorizedOperations ?? false
  if (version >= 8) {
    writer.bool(includeTopicAuthorizedOperations)
  } else if (includeTopicAuthorizedOperations !== false) {
    writer.refuse('MetadataRequest.includeTopicAuthorizedOperations', version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeMetadataRequestMetadataRequestTopic(
  writer: Writer,
  message: Draft<MetadataRequestMetadataRequestTopic>,
  version: number,
): void {
  const flexible = version >= 9
  const topicId = message.topicId ?? ZERO_UUID
  if (version >= 10) {
    writer.uuid(topicId)
  }
  const name = message.name === undefined ? '' : message.name
  if (name === null && !(version >= 10)) writer.refuseNull('MetadataRequestMetadataRequestTopic.name', version)
  writer.stringOrNull(name, flexible)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface MetadataResponse {
  throttleTimeMs: number // since version 3
  brokers: MetadataResponseMetadataResponseBroker[]
  clusterId: string | null // since version 2
  controllerId: number // since version 1
  topics: MetadataResponseMetadataResponseTopic[]
  clusterAuthorizedOperations: number // versions 8 to 10
  errorCode: number // version 13
  unknownTags?: UnknownTag[]
}

export interface MetadataResponseMetadataResponseBroker {
  nodeId: number
  host: string
  port: number
  rack: string | null // since version 1
  unknownTags?: UnknownTag[]
}

export interface MetadataResponseMetadataResponseTopic {
  errorCode: number
  name: string | null
  topicId: string // since version 10
  isInternal: boolean // since version 1
  partitions: MetadataResponseMetadataResponsePartition[]
  topicAuthorizedOperations: number // since version 8
  unknownTags?: UnknownTag[]
}

export interface MetadataResponseMetadataResponsePartition {
  errorCode: number
  partitionIndex: number
  leaderId: number
  leaderEpoch: number // since version 7
  replicaNodes: number[]
  isrNodes: number[]
  offlineReplicas: number[] // since version 5
  unknownTags?: UnknownTag[]
}

export function readMetadataResponse(reader: Reader, version: number): MetadataResponse {
  const flexible = version >= 9
  const throttleTimeMs = version >= 3 ? reader.int32() : 0
  const brokers: MetadataResponseMetadataResponseBroker[] = []
  for (let left = reader.arrayCount(flexible, 10); left > 0 && reader.ok; left -= 1) {
    brokers.push(readMetadataResponseMetadataResponseBroker(reader, version))
  }
  const clusterId = version >= 2 ? reader.stringOrNull(flexible) : null
  const controllerId = version >= 1 ? reader.int32() : -1
  const topics: MetadataResponseMetadataResponseTopic[] = []
  for (let left = reader.arrayCount(flexible, 8); left > 0 && reader.ok; left -= 1) {
    topics.push(readMetadataResponseMetadataResponseTopic(reader, version))
  }
  const clusterAuthorizedOperations = version >= 8 && version <= 10 ? reader.int32() : -2147483648
  const errorCode = version === 13 ? reader.int16() : 0
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: MetadataResponse = {
    throttleTimeMs,
    brokers,
    clusterId,
    controllerId,
    topics,
    clusterAuthorizedOperations,
    errorCode,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readMetadataResponseMetadataResponseBroker(reader: Reader, version: number): MetadataResponseMetadataResponseBroker {
  const flexible = version >= 9
  const nodeId = reader.int32()
  const host = reader.string(flexible)
  const port = reader.int32()
  const rack = version >= 1 ? reader.stringOrNull(flexible) : null
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: MetadataResponseMetadataResponseBroker = { nodeId, host, port, rack }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readMetadataResponseMetadataResponseTopic(reader: Reader, version: number): MetadataResponseMetadataResponseTopic {
  const flexible = version >= 9
  const errorCode = reader.int16()
  const name = version >= 12 ? reader.stringOrNull(flexible) : reader.string(flexible)
  const topicId = version >= 10 ? reader.uuid() : ZERO_UUID
  const isInternal = version >= 1 ? reader.bool() : false
  const partitions: MetadataResponseMetadataResponsePartition[] = []
  for (let left = reader.arrayCount(flexible, 18); left > 0 && reader.ok; left -= 1) {
    partitions.push(readMetadataResponseMetadataResponsePartition(reader, version))
  }
  const topicAuthorizedOperations = version >= 8 ? reader.int32() : -2147483648
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: MetadataResponseMetadataResponseTopic = {
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

function readMetadataResponseMetadataResponsePartition(reader: Reader, version: number): MetadataResponseMetadataResponsePartition {
  const flexible = version >= 9
  const errorCode = reader.int16()
  const partitionIndex = reader.int32()
  const leaderId = reader.int32()
  const leaderEpoch = version >= 7 ? reader.int32() : -1
  const replicaNodes: number[] = []
  for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
    replicaNodes.push(reader.int32())
  }
  const isrNodes: number[] = []
  for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
    isrNodes.push(reader.int32())
  }
  const offlineReplicas: number[] = []
  if (version >= 5) {
    for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
      offlineReplicas.push(reader.int32())
    }
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: MetadataResponseMetadataResponsePartition = {
    errorCode,
    partitionIndex,
    leaderId,
    leaderEpoch,
    replicaNodes,
    isrNodes,
    offlineReplicas,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeMetadataResponse(
  writer: Writer,
  message: Draft<MetadataResponse>,
  version: number,
): void {
  const flexible = version >= 9
  const throttleTimeMs = message.throttleTimeMs ?? 0
  if (version >= 3) {
    writer.int32(throttleTimeMs)
  }
  const brokers = message.brokers ?? []
  writer.arrayCount(brokers.length, flexible)
  for (const element of brokers) writeMetadataResponseMetadataResponseBroker(writer, element, version)
  const clusterId = message.clusterId ?? null
  if (version >= 2) {
    writer.stringOrNull(clusterId, flexible)
  }
  const controllerId = message.controllerId ?? -1
  if (version >= 1) {
    writer.int32(controllerId)
  }
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, flexible)
  for (const element of topics) writeMetadataResponseMetadataResponseTopic(writer, element, version)
  const clusterAuthorizedOperations = message.clusterAuthorizedOperations ?? -2147483648
  if (version >= 8 && version <= 10) {
    writer.int32(clusterAuthorizedOperations)
  } else if (clusterAuthorizedOperations !== -2147483648) {
    writer.refuse('MetadataResponse.clusterAuthorizedOperations', version)
  }
  const errorCode = message.errorCode ?? 0
  if (version === 13) {
    writer.int16(errorCode)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeMetadataResponseMetadataResponseBroker(
  writer: Writer,
  message: Draft<MetadataResponseMetadataResponseBroker>,
  version: number,
): void {
  const flexible = version >= 9
  const nodeId = message.nodeId ?? 0
  writer.int32(nodeId)
  const host = message.host ?? ''
  writer.string(host, flexible)
  const port = message.port ?? 0
  writer.int32(port)
  const rack = message.rack ?? null
  if (version >= 1) {
    writer.stringOrNull(rack, flexible)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeMetadataResponseMetadataResponseTopic(
  writer: Writer,
  message: Draft<MetadataResponseMetadataResponseTopic>,
  version: number,
): void {
  const flexible = version >= 9
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const name = message.name === undefined ? '' : message.name
  if (name === null && !(version >= 12)) writer.refuseNull('MetadataResponseMetadataResponseTopic.name', version)
  writer.stringOrNull(name, flexible)
  const topicId = message.topicId ?? ZERO_UUID
  if (version >= 10) {
    writer.uuid(topicId)
  }
  const isInternal = message.isInternal ?? false
  if (version >= 1) {
    writer.bool(isInternal)
  }
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, flexible)
  for (const element of partitions) writeMetadataResponseMetadataResponsePartition(writer, element, version)
  const topicAuthorizedOperations = message.topicAuthorizedOperations ?? -2147483648
  if (version >= 8) {
    writer.int32(topicAuthorizedOperations)
  } else if (topicAuthorizedOperations !== -2147483648) {
    writer.refuse('MetadataResponseMetadataResponseTopic.topicAuthorizedOperations', version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeMetadataResponseMetadataResponsePartition(
  writer: Writer,
  message: Draft<MetadataResponseMetadataResponsePartition>,
  version: number,
): void {
  const flexible = version >= 9
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const leaderId = message.leaderId ?? 0
  writer.int32(leaderId)
  const leaderEpoch = message.leaderEpoch ?? -1
  if (version >= 7) {
    writer.int32(leaderEpoch)
  }
  const replicaNodes = message.replicaNodes ?? []
  writer.arrayCount(replicaNodes.length, flexible)
  for (const element of replicaNodes) writer.int32(element)
  const isrNodes = message.isrNodes ?? []
  writer.arrayCount(isrNodes.length, flexible)
  for (const element of isrNodes) writer.int32(element)
  const offlineReplicas = message.offlineReplicas ?? []
  if (version >= 5) {
    writer.arrayCount(offlineReplicas.length, flexible)
    for (const element of offlineReplicas) writer.int32(element)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
