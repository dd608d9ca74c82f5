// Generated from schema/52-vote.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const voteApi: ApiLayout = {
  key: 52,
  name: 'Vote',
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: 0,
}

export interface VoteRequest {
  clusterId: string | null
  voterId: number // since version 1
  topics: VoteRequestTopicData[]
  unknownTags?: UnknownTag[]
}

export interface VoteRequestTopicData {
  topicName: string
  partitions: VoteRequestPartitionData[]
  unknownTags?: UnknownTag[]
}

export interface VoteRequestPartitionData {
  partitionIndex: number
  replicaEpoch: number
  replicaId: number
  replicaDirectoryId: string // since version 1
  voterDirectoryId: string // since version 1
  lastOffsetEpoch: number
  lastOffset: number
  preVote: boolean // version 2
  unknownTags?: UnknownTag[]
}

export function readVoteRequest(reader: Reader, version: number): VoteRequest {
  const clusterId = reader.stringOrNull(true)
  const voterId = version >= 1 ? reader.int32() : -1
  const topics: VoteRequestTopicData[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readVoteRequestTopicData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: VoteRequest = { clusterId, voterId, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readVoteRequestTopicData(reader: Reader, version: number): VoteRequestTopicData {
  const topicName = reader.string(true)
  const partitions: VoteRequestPartitionData[] = []
  for (let left = reader.arrayCount(true, 25); left > 0 && reader.ok; left -= 1) {
    partitions.push(readVoteRequestPartitionData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: VoteRequestTopicData = { topicName, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readVoteRequestPartitionData(reader: Reader, version: number): VoteRequestPartitionData {
  const partitionIndex = reader.int32()
  const replicaEpoch = reader.int32()
  const replicaId = reader.int32()
  const replicaDirectoryId = version >= 1 ? reader.uuid() : ZERO_UUID
  const voterDirectoryId = version >= 1 ? reader.uuid() : ZERO_UUID
  const lastOffsetEpoch = reader.int32()
  const lastOffset = reader.int64()
  const preVote = version === 2 ? reader.bool() : false
  const unknownTags = reader.unknownTags()
  const message: VoteRequestPartitionData = {
    partitionIndex,
    replicaEpoch,
    replicaId,
    replicaDirectoryId,
    voterDirectoryId,
    lastOffsetEpoch,
    lastOffset,
    preVote,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeVoteRequest(
  writer: Writer,
  message: Draft<VoteRequest>,
  version: number,
): void {
  const clusterId = message.clusterId ?? null
  writer.stringOrNull(clusterId, true)
  const voterId = message.voterId ?? -1
  if (version >= 1) {
    writer.int32(voterId)
  }
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeVoteRequestTopicData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeVoteRequestTopicData(
  writer: Writer,
  message: Draft<VoteRequestTopicData>,
  version: number,
): void {
  const topicName = message.topicName ?? ''
  writer.string(topicName, true)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeVoteRequestPartitionData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeVoteRequestPartitionData(
  writer: Writer,
  message: Draft<VoteRequestPartitionData>,
  version: number,
): void {
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const replicaEpoch = message.replicaEpoch ?? 0
  writer.int32(replicaEpoch)
  const replicaId = message.replicaId ?? 0
  writer.int32(replicaId)
  const replicaDirectoryId = message.replicaDirectoryId ?? ZERO_UUID
  if (version >= 1) {
    writer.uuid(replicaDirectoryId)
  }
  const voterDirectoryId = message.voterDirectoryId ?? ZERO_UUID
  if (version >= 1) {
    writer.uuid(voterDirectoryId)
  }
  const lastOffsetEpoch = message.lastOffsetEpoch ?? 0
  writer.int32(lastOffsetEpoch)
  const lastOffset = message.lastOffset ?? 0
  writer.int64(lastOffset)
  const preVote = message.preVote ?? false
  if (version === 2) {
    writer.bool(preVote)
  } else if (preVote !== false) {
    writer.refuse('VoteRequestPartitionData.preVote', version)
  }
  writer.onlyUnknownTags(message.unknownTags)
}

export interface VoteResponse {
  errorCode: number
  topics: VoteResponseTopicData[]
  nodeEndpoints: VoteResponseNodeEndpoint[] // since version 1
  unknownTags?: UnknownTag[]
}

export interface VoteResponseTopicData {
  topicName: string
  partitions: VoteResponsePartitionData[]
  unknownTags?: UnknownTag[]
}

export interface VoteResponsePartitionData {
  partitionIndex: number
  errorCode: number
  leaderId: number
  leaderEpoch: number
  voteGranted: boolean
  unknownTags?: UnknownTag[]
}

export interface VoteResponseNodeEndpoint {
  nodeId: number
  host: string
  port: number
  unknownTags?: UnknownTag[]
}

export function readVoteResponse(reader: Reader, version: number): VoteResponse {
  const errorCode = reader.int16()
  const topics: VoteResponseTopicData[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readVoteResponseTopicData(reader, version))
  }
  let nodeEndpoints: VoteResponseNodeEndpoint[] = []
  let unknownTags: UnknownTag[] | undefined
  for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
    const tag = reader.uvarint()
    const endsAt = reader.tagEnd()
    if (tag === 0 && version >= 1) {
      nodeEndpoints = []
      for (let left = reader.arrayCount(true, 8); left > 0 && reader.ok; left -= 1) {
        nodeEndpoints.push(readVoteResponseNodeEndpoint(reader, version))
      }
    } else {
      unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
    }
    reader.closeTag(endsAt)
  }
  const message: VoteResponse = { errorCode, topics, nodeEndpoints }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readVoteResponseTopicData(reader: Reader, version: number): VoteResponseTopicData {
  const topicName = reader.string(true)
  const partitions: VoteResponsePartitionData[] = []
  for (let left = reader.arrayCount(true, 16); left > 0 && reader.ok; left -= 1) {
    partitions.push(readVoteResponsePartitionData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: VoteResponseTopicData = { topicName, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readVoteResponsePartitionData(reader: Reader, _version: number): VoteResponsePartitionData {
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const leaderId = reader.int32()
  const leaderEpoch = reader.int32()
  const voteGranted = reader.bool()
  const unknownTags = reader.unknownTags()
  const message: VoteResponsePartitionData = { partitionIndex, errorCode, leaderId, leaderEpoch, voteGranted }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readVoteResponseNodeEndpoint(reader: Reader, _version: number): VoteResponseNodeEndpoint {
  const nodeId = reader.int32()
  const host = reader.string(true)
  const port = reader.uint16()
  const unknownTags = reader.unknownTags()
  const message: VoteResponseNodeEndpoint = { nodeId, host, port }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeVoteResponse(
  writer: Writer,
  message: Draft<VoteResponse>,
  version: number,
): void {
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeVoteResponseTopicData(writer, element, version)
  const nodeEndpoints = message.nodeEndpoints ?? []
  if (!(version >= 1) && nodeEndpoints.length > 0) writer.refuse('VoteResponse.nodeEndpoints', version)
  const hasNodeEndpoints = version >= 1 && nodeEndpoints.length > 0
  writer.tagCount((hasNodeEndpoints ? 1 : 0), message.unknownTags)
  if (hasNodeEndpoints) {
    const openedAt = writer.openTag(0)
    writer.arrayCount(nodeEndpoints.length, true)
    for (const element of nodeEndpoints) writeVoteResponseNodeEndpoint(writer, element, version)
    writer.closeTag(openedAt)
  }
  writer.unknownTags(message.unknownTags)
}

function writeVoteResponseTopicData(
  writer: Writer,
  message: Draft<VoteResponseTopicData>,
  version: number,
): void {
  const topicName = message.topicName ?? ''
  writer.string(topicName, true)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeVoteResponsePartitionData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeVoteResponsePartitionData(
  writer: Writer,
  message: Draft<VoteResponsePartitionData>,
  _version: number,
): void {
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const leaderId = message.leaderId ?? 0
  writer.int32(leaderId)
  const leaderEpoch = message.leaderEpoch ?? 0
  writer.int32(leaderEpoch)
  const voteGranted = message.voteGranted ?? false
  writer.bool(voteGranted)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeVoteResponseNodeEndpoint(
  writer: Writer,
  message: Draft<VoteResponseNodeEndpoint>,
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
