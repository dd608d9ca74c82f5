// Generated from schema/53-begin-quorum-epoch.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const beginQuorumEpochApi: ApiLayout = {
  key: 53,
  name: 'BeginQuorumEpoch',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 1,
}

export interface BeginQuorumEpochRequest {
  clusterId: string | null
  voterId: number // version 1
  topics: BeginQuorumEpochRequestTopicData[]
  leaderEndpoints: BeginQuorumEpochRequestLeaderEndpoint[] // version 1
  unknownTags?: UnknownTag[]
}

export interface BeginQuorumEpochRequestTopicData {
  topicName: string
  partitions: BeginQuorumEpochRequestPartitionData[]
  unknownTags?: UnknownTag[]
}

export interface BeginQuorumEpochRequestPartitionData {
  partitionIndex: number
  voterDirectoryId: string // version 1
  leaderId: number
  leaderEpoch: number
  unknownTags?: UnknownTag[]
}

export interface BeginQuorumEpochRequestLeaderEndpoint {
  name: string
  host: string
  port: number
  unknownTags?: UnknownTag[]
}

export function readBeginQuorumEpochRequest(reader: Reader, version: number): BeginQuorumEpochRequest {
  const flexible = version === 1
  const clusterId = reader.stringOrNull(flexible)
  const voterId = version === 1 ? reader.int32() : -1
  const topics: BeginQuorumEpochRequestTopicData[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readBeginQuorumEpochRequestTopicData(reader, version))
  }
  const leaderEndpoints: BeginQuorumEpochRequestLeaderEndpoint[] = []
  if (version === 1) {
    for (let left = reader.arrayCount(true, 5); left > 0 && reader.ok; left -= 1) {
      leaderEndpoints.push(readBeginQuorumEpochRequestLeaderEndpoint(reader, version))
    }
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: BeginQuorumEpochRequest = { clusterId, voterId, topics, leaderEndpoints }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readBeginQuorumEpochRequestTopicData(reader: Reader, version: number): BeginQuorumEpochRequestTopicData {
  const flexible = version === 1
  const topicName = reader.string(flexible)
  const partitions: BeginQuorumEpochRequestPartitionData[] = []
  for (let left = reader.arrayCount(flexible, 12); left > 0 && reader.ok; left -= 1) {
    partitions.push(readBeginQuorumEpochRequestPartitionData(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: BeginQuorumEpochRequestTopicData = { topicName, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readBeginQuorumEpochRequestPartitionData(reader: Reader, version: number): BeginQuorumEpochRequestPartitionData {
  const flexible = version === 1
  const partitionIndex = reader.int32()
  const voterDirectoryId = version === 1 ? reader.uuid() : ZERO_UUID
  const leaderId = reader.int32()
  const leaderEpoch = reader.int32()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: BeginQuorumEpochRequestPartitionData = {
    partitionIndex,
    voterDirectoryId,
    leaderId,
    leaderEpoch,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readBeginQuorumEpochRequestLeaderEndpoint(reader: Reader, _version: number): BeginQuorumEpochRequestLeaderEndpoint {
  const name = reader.string(true)
  const host = reader.string(true)
  const port = reader.uint16()
  const unknownTags = reader.unknownTags()
  const message: BeginQuorumEpochRequestLeaderEndpoint = { name, host, port }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeBeginQuorumEpochRequest(
  writer: Writer,
  message: Draft<BeginQuorumEpochRequest>,
  version: number,
): void {
  const flexible = version === 1
  const clusterId = message.clusterId ?? null
  writer.stringOrNull(clusterId, flexible)
  const voterId = message.voterId ?? -1
  if (version === 1) {
    writer.int32(voterId)
  }
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, flexible)
  for (const element of topics) writeBeginQuorumEpochRequestTopicData(writer, element, version)
  const leaderEndpoints = message.leaderEndpoints ?? []
  if (version === 1) {
    writer.arrayCount(leaderEndpoints.length, true)
    for (const element of leaderEndpoints) writeBeginQuorumEpochRequestLeaderEndpoint(writer, element, version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeBeginQuorumEpochRequestTopicData(
  writer: Writer,
  message: Draft<BeginQuorumEpochRequestTopicData>,
  version: number,
): void {
  const flexible = version === 1
  const topicName = message.topicName ?? ''
  writer.string(topicName, flexible)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, flexible)
  for (const element of partitions) writeBeginQuorumEpochRequestPartitionData(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeBeginQuorumEpochRequestPartitionData(
  writer: Writer,
  message: Draft<BeginQuorumEpochRequestPartitionData>,
  version: number,
): void {
  const flexible = version === 1
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const voterDirectoryId = message.voterDirectoryId ?? ZERO_UUID
  if (version === 1) {
    writer.uuid(voterDirectoryId)
  }
  const leaderId = message.leaderId ?? 0
  writer.int32(leaderId)
  const leaderEpoch = message.leaderEpoch ?? 0
  writer.int32(leaderEpoch)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeBeginQuorumEpochRequestLeaderEndpoint(
  writer: Writer,
  message: Draft<BeginQuorumEpochRequestLeaderEndpoint>,
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

export interface BeginQuorumEpochResponse {
  errorCode: number
  topics: BeginQuorumEpochResponseTopicData[]
  nodeEndpoints: BeginQuorumEpochResponseNodeEndpoint[] // version 1
  unknownTags?: UnknownTag[]
}

export interface BeginQuorumEpochResponseTopicData {
  topicName: string
  partitions: BeginQuorumEpochResponsePartitionData[]
  unknownTags?: UnknownTag[]
}

export interface BeginQuorumEpochResponsePartitionData {
  partitionIndex: number
  errorCode: number
  leaderId: number
  leaderEpoch: number
  unknownTags?: UnknownTag[]
}

export interface BeginQuorumEpochResponseNodeEndpoint {
  nodeId: number
  host: string
  port: number
  unknownTags?: UnknownTag[]
}

export function readBeginQuorumEpochResponse(reader: Reader, version: number): BeginQuorumEpochResponse {
  const flexible = version === 1
  const errorCode = reader.int16()
  const topics: BeginQuorumEpochResponseTopicData[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readBeginQuorumEpochResponseTopicData(reader, version))
  }
  let nodeEndpoints: BeginQuorumEpochResponseNodeEndpoint[] = []
  let unknownTags: UnknownTag[] | undefined
  if (flexible) {
    for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
      const tag = reader.uvarint()
      const endsAt = reader.tagEnd()
      if (tag === 0) {
        nodeEndpoints = []
        for (let left = reader.arrayCount(true, 8); left > 0 && reader.ok; left -= 1) {
          nodeEndpoints.push(readBeginQuorumEpochResponseNodeEndpoint(reader, version))
        }
      } else {
        unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
      }
      reader.closeTag(endsAt)
    }
  }
  const message: BeginQuorumEpochResponse = { errorCode, topics, nodeEndpoints }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readBeginQuorumEpochResponseTopicData(reader: Reader, version: number): BeginQuorumEpochResponseTopicData {
  const flexible = version === 1
  const topicName = reader.string(flexible)
  const partitions: BeginQuorumEpochResponsePartitionData[] = []
  for (let left = reader.arrayCount(flexible, 14); left > 0 && reader.ok; left -= 1) {
    partitions.push(readBeginQuorumEpochResponsePartitionData(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: BeginQuorumEpochResponseTopicData = { topicName, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readBeginQuorumEpochResponsePartitionData(reader: Reader, version: number): BeginQuorumEpochResponsePartitionData {
  const flexible = version === 1
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const leaderId = reader.int32()
  const leaderEpoch = reader.int32()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: BeginQuorumEpochResponsePartitionData = { partitionIndex, errorCode, leaderId, leaderEpoch }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readBeginQuorumEpochResponseNodeEndpoint(reader: Reader, _version: number): BeginQuorumEpochResponseNodeEndpoint {
  const nodeId = reader.int32()
  const host = reader.string(true)
  const port = reader.uint16()
  const unknownTags = reader.unknownTags()
  const message: BeginQuorumEpochResponseNodeEndpoint = { nodeId, host, port }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeBeginQuorumEpochResponse(
  writer: Writer,
  message: Draft<BeginQuorumEpochResponse>,
  version: number,
): void {
  const flexible = version === 1
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, flexible)
  for (const element of topics) writeBeginQuorumEpochResponseTopicData(writer, element, version)
  const nodeEndpoints = message.nodeEndpoints ?? []
  if (!(version === 1) && nodeEndpoints.length > 0) writer.refuse('BeginQuorumEpochResponse.nodeEndpoints', version)
  if (flexible) {
    const hasNodeEndpoints = nodeEndpoints.length > 0
    writer.tagCount((hasNodeEndpoints ? 1 : 0), message.unknownTags)
    if (hasNodeEndpoints) {
      const openedAt = writer.openTag(0)
      writer.arrayCount(nodeEndpoints.length, true)
      for (const element of nodeEndpoints) writeBeginQuorumEpochResponseNodeEndpoint(writer, element, version)
      writer.closeTag(openedAt)
    }
    writer.unknownTags(message.unknownTags)
  }
}

function writeBeginQuorumEpochResponseTopicData(
  writer: Writer,
  message: Draft<BeginQuorumEpochResponseTopicData>,
  version: number,
): void {
  const flexible = version === 1
  const topicName = message.topicName ?? ''
  writer.string(topicName, flexible)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, flexible)
  for (const element of partitions) writeBeginQuorumEpochResponsePartitionData(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeBeginQuorumEpochResponsePartitionData(
  writer: Writer,
  message: Draft<BeginQuorumEpochResponsePartitionData>,
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

function writeBeginQuorumEpochResponseNodeEndpoint(
  writer: Writer,
  message: Draft<BeginQuorumEpochResponseNodeEndpoint>,
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
