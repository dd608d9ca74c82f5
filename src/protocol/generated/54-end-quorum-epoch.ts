// Generated from schema/54-end-quorum-epoch.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const endQuorumEpochApi: ApiLayout = {
  key: 54,
  name: 'EndQuorumEpoch',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 1,
}

export interface EndQuorumEpochRequest {
  clusterId: string | null
  topics: EndQuorumEpochRequestTopicData[]
  leaderEndpoints: EndQuorumEpochRequestLeaderEndpoint[] // version 1
  unknownTags?: UnknownTag[]
}

export interface EndQuorumEpochRequestTopicData {
  topicName: string
  partitions: EndQuorumEpochRequestPartitionData[]
  unknownTags?: UnknownTag[]
}

export interface EndQuorumEpochRequestPartitionData {
  partitionIndex: number
  leaderId: number
  leaderEpoch: number
  preferredSuccessors: number[] // version 0
  preferredCandidates: EndQuorumEpochRequestReplicaInfo[] // version 1
  unknownTags?: UnknownTag[]
}

export interface EndQuorumEpochRequestReplicaInfo {
  candidateId: number
  candidateDirectoryId: string
  unknownTags?: UnknownTag[]
}

export interface EndQuorumEpochRequestLeaderEndpoint {
  name: string
  host: string
  port: number
  unknownTags?: UnknownTag[]
}

export function readEndQuorumEpochRequest(reader: Reader, version: number): EndQuorumEpochRequest {
  const flexible = version === 1
  const clusterId = reader.stringOrNull(flexible)
  const topics: EndQuorumEpochRequestTopicData[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readEndQuorumEpochRequestTopicData(reader, version))
  }
  const leaderEndpoints: EndQuorumEpochRequestLeaderEndpoint[] = []
  if (version === 1) {
    for (let left = reader.arrayCount(true, 5); left > 0 && reader.ok; left -= 1) {
      leaderEndpoints.push(readEndQuorumEpochRequestLeaderEndpoint(reader, version))
    }
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: EndQuorumEpochRequest = { clusterId, topics, leaderEndpoints }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readEndQuorumEpochRequestTopicData(reader: Reader, version: number): EndQuorumEpochRequestTopicData {
  const flexible = version === 1
  const topicName = reader.string(flexible)
  const partitions: EndQuorumEpochRequestPartitionData[] = []
  for (let left = reader.arrayCount(flexible, 14); left > 0 && reader.ok; left -= 1) {
    partitions.push(readEndQuorumEpochRequestPartitionData(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: EndQuorumEpochRequestTopicData = { topicName, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readEndQuorumEpochRequestPartitionData(reader: Reader, version: number): EndQuorumEpochRequestPartitionData {
  const flexible = version === 1
  const partitionIndex = reader.int32()
  const leaderId = reader.int32()
  const leaderEpoch = reader.int32()
  const preferredSuccessors: number[] = []
  if (version === 0) {
    for (let left = reader.arrayCount(false, 4); left > 0 && reader.ok; left -= 1) {
      preferredSuccessors.push(reader.int32())
    }
  }
  const preferredCandidates: EndQuorumEpochRequestReplicaInfo[] = []
  if (version === 1) {
    for (let left = reader.arrayCount(true, 21); left > 0 && reader.ok; left -= 1) {
      preferredCandidates.push(readEndQuorumEpochRequestReplicaInfo(reader, version))
    }
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: EndQuorumEpochRequestPartitionData = {
    partitionIndex,
    leaderId,
    leaderEpoch,
    preferredSuccessors,
    preferredCandidates,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readEndQuorumEpochRequestReplicaInfo(reader: Reader, _version: number): EndQuorumEpochRequestReplicaInfo {
  const candidateId = reader.int32()
  const candidateDirectoryId = reader.uuid()
  const unknownTags = reader.unknownTags()
  const message: EndQuorumEpochRequestReplicaInfo = { candidateId, candidateDirectoryId }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readEndQuorumEpochRequestLeaderEndpoint(reader: Reader, _version: number): EndQuorumEpochRequestLeaderEndpoint {
  const name = reader.string(true)
  const host = reader.string(true)
  const port = reader.uint16()
  const unknownTags = reader.unknownTags()
  const message: EndQuorumEpochRequestLeaderEndpoint = { name, host, port }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeEndQuorumEpochRequest(
  writer: Writer,
  message: Draft<EndQuorumEpochRequest>,
  version: number,
): void {
  const flexible = version === 1
  const clusterId = message.clusterId ?? null
  writer.stringOrNull(clusterId, flexible)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, flexible)
  for (const element of topics) writeEndQuorumEpochRequestTopicData(writer, element, version)
  const leaderEndpoints = message.leaderEndpoints ?? []
  if (version === 1) {
    writer.arrayCount(leaderEndpoints.length, true)
    for (const element of leaderEndpoints) writeEndQuorumEpochRequestLeaderEndpoint(writer, element, version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeEndQuorumEpochRequestTopicData(
  writer: Writer,
  message: Draft<EndQuorumEpochRequestTopicData>,
  version: number,
): void {
  const flexible = version === 1
  const topicName = message.topicName ?? ''
  writer.string(topicName, flexible)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, flexible)
  for (const element of partitions) writeEndQuorumEpochRequestPartitionData(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeEndQuorumEpochRequestPartitionData(
  writer: Writer,
  message: Draft<EndQuorumEpochRequestPartitionData>,
  version: number,
): void {
  const flexible = version === 1
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const leaderId = message.leaderId ?? 0
  writer.int32(leaderId)
  const leaderEpoch = message.leaderEpoch ?? 0
  writer.int32(leaderEpoch)
  const preferredSuccessors = message.preferredSuccessors ?? []
  if (version === 0) {
    writer.arrayCount(preferredSuccessors.length, false)
    for (const element of preferredSuccessors) writer.int32(element)
  }
  const preferredCandidates = message.preferredCandidates ?? []
  if (version === 1) {
    writer.arrayCount(preferredCandidates.length, true)
    for (const element of preferredCandidates) writeEndQuorumEpochRequestReplicaInfo(writer, element, version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeEndQuorumEpochRequestReplicaInfo(
  writer: Writer,
  message: Draft<EndQuorumEpochRequestReplicaInfo>,
  _version: number,
): void {
  const candidateId = message.candidateId ?? 0
  writer.int32(candidateId)
  const candidateDirectoryId = message.candidateDirectoryId ?? ZERO_UUID
  writer.uuid(candidateDirectoryId)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeEndQuorumEpochRequestLeaderEndpoint(
  writer: Writer,
  message: Draft<EndQuorumEpochRequestLeaderEndpoint>,
  _version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  const host = message.host ?? ''
  writer.string(host, true)
  const port = message.port ?? 0
  writer.uint16(port)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface EndQuorumEpochResponse {
  errorCode: number
  topics: EndQuorumEpochResponseTopicData[]
  nodeEndpoints: EndQuorumEpochResponseNodeEndpoint[] // version 1
  unknownTags?: UnknownTag[]
}

export interface EndQuorumEpochResponseTopicData {
  topicName: string
  partitions: EndQuorumEpochResponsePartitionData[]
  unknownTags?: UnknownTag[]
}

export interface EndQuorumEpochResponsePartitionData {
  partitionIndex: number
  errorCode: number
  leaderId: number
  leaderEpoch: number
  unknownTags?: UnknownTag[]
}

export interface EndQuorumEpochResponseNodeEndpoint {
  nodeId: number
  host: string
  port: number
  unknownTags?: UnknownTag[]
}

export function readEndQuorumEpochResponse(reader: Reader, version: number): EndQuorumEpochResponse {
  const flexible = version === 1
  const errorCode = reader.int16()
  const topics: EndQuorumEpochResponseTopicData[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readEndQuorumEpochResponseTopicData(reader, version))
  }
  let nodeEndpoints: EndQuorumEpochResponseNodeEndpoint[] = []
  let unknownTags: UnknownTag[] | undefined
  if (flexible) {
    for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
      const tag = reader.uvarint()
      const endsAt = reader.tagEnd()
      if (tag === 0) {
        nodeEndpoints = []
        for (let left = reader.arrayCount(true, 8); left > 0 && reader.ok; left -= 1) {
          nodeEndpoints.push(readEndQuorumEpochResponseNodeEndpoint(reader, version))
        }
      } else {
        unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
      }
      reader.closeTag(endsAt)
    }
  }
  const message: EndQuorumEpochResponse = { errorCode, topics, nodeEndpoints }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readEndQuorumEpochResponseTopicData(reader: Reader, version: number): EndQuorumEpochResponseTopicData {
  const flexible = version === 1
  const topicName = reader.string(flexible)
  const partitions: EndQuorumEpochResponsePartitionData[] = []
  for (let left = reader.arrayCount(flexible, 14); left > 0 && reader.ok; left -= 1) {
    partitions.push(readEndQuorumEpochResponsePartitionData(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: EndQuorumEpochResponseTopicData = { topicName, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readEndQuorumEpochResponsePartitionData(reader: Reader, version: number): EndQuorumEpochResponsePartitionData {
  const flexible = version === 1
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const leaderId = reader.int32()
  const leaderEpoch = reader.int32()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: EndQuorumEpochResponsePartitionData = { partitionIndex, errorCode, leaderId, leaderEpoch }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readEndQuorumEpochResponseNodeEndpoint(reader: Reader, _version: number): EndQuorumEpochResponseNodeEndpoint {
  const nodeId = reader.int32()
  const host = reader.string(true)
  const port = reader.uint16()
  const unknownTags = reader.unknownTags()
  const message: EndQuorumEpochResponseNodeEndpoint = { nodeId, host, port }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeEndQuorumEpochResponse(
  writer: Writer,
  message: Draft<EndQuorumEpochResponse>,
  version: number,
): void {
  const flexible = version === 1
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, flexible)
  for (const element of topics) writeEndQuorumEpochResponseTopicData(writer, element, version)
  const nodeEndpoints = message.nodeEndpoints ?? []
  if (!(version === 1) && nodeEndpoints.length > 0) writer.refuse('EndQuorumEpochResponse.nodeEndpoints', version)
  if (flexible) {
    const hasNodeEndpoints = nodeEndpoints.length > 0
    writer.tagCount((hasNodeEndpoints ? 1 : 0), message.unknownTags)
    if (hasNodeEndpoints) {
      const openedAt = writer.openTag(0)
      writer.arrayCount(nodeEndpoints.length, true)
      for (const element of nodeEndpoints) writeEndQuorumEpochResponseNodeEndpoint(writer, element, version)
      writer.closeTag(openedAt)
    }
    writer.unknownTags(message.unknownTags)
  }
}

function writeEndQuorumEpochResponseTopicData(
  writer: Writer,
  message: Draft<EndQuorumEpochResponseTopicData>,
  version: number,
): void {
  const flexible = version === 1
  const topicName = message.topicName ?? ''
  writer.string(topicName, flexible)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, flexible)
  for (const element of partitions) writeEndQuorumEpochResponsePartitionData(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeEndQuorumEpochResponsePartitionData(
  writer: Writer,
  message: Draft<EndQuorumEpochResponsePartitionData>,
  version: number,
): void {
  const flexible = version === 1
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const leaderId = message.leaderId ?? 0
  writer.int32(leaderId)
  const leaderEpoch = message.leaderEpoch ?? 0
  writer.int32(leaderEpoch)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeEndQuorumEpochResponseNodeEndpoint(
  writer: Writer,
  message: Draft<EndQuorumEpochResponseNodeEndpoint>,
  _version: number,
): void {
  const nodeId = message.nodeId ?? 0
  writer.int32(nodeId)
  const host = message.host ?? ''
  writer.string(host, true)
  const port = message.port ?? 0
  writer.uint16(port)
  writer.onlyUnknownTags(message.unknownTags)
}
