// Generated from schema/79-share-acknowledge.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const shareAcknowledgeApi: ApiLayout = {
  key: 79,
  name: 'ShareAcknowledge',
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: 0,
}

export interface ShareAcknowledgeRequest {
  groupId: string | null
  memberId: string | null
  shareSessionEpoch: number
  isRenewAck: boolean // version 2
  topics: ShareAcknowledgeRequestAcknowledgeTopic[]
  unknownTags?: UnknownTag[]
}

export interface ShareAcknowledgeRequestAcknowledgeTopic {
  topicId: string
  partitions: ShareAcknowledgeRequestAcknowledgePartition[]
  unknownTags?: UnknownTag[]
}

export interface ShareAcknowledgeRequestAcknowledgePartition {
  partitionIndex: number
  acknowledgementBatches: ShareAcknowledgeRequestAcknowledgementBatch[]
  unknownTags?: UnknownTag[]
}

export interface ShareAcknowledgeRequestAcknowledgementBatch {
  firstOffset: number
  lastOffset: number
  acknowledgeTypes: number[]
  unknownTags?: UnknownTag[]
}

export function readShareAcknowledgeRequest(reader: Reader, version: number): ShareAcknowledgeRequest {
  const groupId = reader.stringOrNull(true)
  const memberId = reader.stringOrNull(true)
  const shareSessionEpoch = reader.int32()
  const isRenewAck = version === 2 ? reader.bool() : false
  const topics: ShareAcknowledgeRequestAcknowledgeTopic[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    topics.push(readShareAcknowledgeRequestAcknowledgeTopic(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ShareAcknowledgeRequest = { groupId, memberId, shareSessionEpoch, isRenewAck, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readShareAcknowledgeRequestAcknowledgeTopic(reader: Reader, version: number): ShareAcknowledgeRequestAcknowledgeTopic {
  const topicId = reader.uuid()
  const partitions: ShareAcknowledgeRequestAcknowledgePartition[] = []
  for (let left = reader.arrayCount(true, 6); left > 0 && reader.ok; left -= 1) {
    partitions.push(readShareAcknowledgeRequestAcknowledgePartition(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ShareAcknowledgeRequestAcknowledgeTopic = { topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readShareAcknowledgeRequestAcknowledgePartition(reader: Reader, version: number): ShareAcknowledgeRequestAcknowledgePartition {
  const partitionIndex = reader.int32()
  const acknowledgementBatches: ShareAcknowledgeRequestAcknowledgementBatch[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    acknowledgementBatches.push(readShareAcknowledgeRequestAcknowledgementBatch(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ShareAcknowledgeRequestAcknowledgePartition = { partitionIndex, acknowledgementBatches }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readShareAcknowledgeRequestAcknowledgementBatch(reader: Reader, _version: number): ShareAcknowledgeRequestAcknowledgementBatch {
  const firstOffset = reader.int64()
  const lastOffset = reader.int64()
  const acknowledgeTypes: number[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    acknowledgeTypes.push(reader.int8())
  }
  const unknownTags = reader.unknownTags()
  const message: ShareAcknowledgeRequestAcknowledgementBatch = { firstOffset, lastOffset, acknowledgeTypes }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeShareAcknowledgeRequest(
  writer: Writer,
  message: Draft<ShareAcknowledgeRequest>,
  version: number,
): void {
  const groupId = message.groupId ?? null
  writer.stringOrNull(groupId, true)
  const memberId = message.memberId === undefined ? '' : message.memberId
  writer.stringOrNull(memberId, true)
  const shareSessionEpoch = message.shareSessionEpoch ?? 0
  writer.int32(shareSessionEpoch)
  const isRenewAck = message.isRenewAck ?? false
  if (version === 2) {
    writer.bool(isRenewAck)
  } else if (isRenewAck !== false) {
    writer.refuse('ShareAcknowledgeRequest.isRenewAck', version)
  }
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeShareAcknowledgeRequestAcknowledgeTopic(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeShareAcknowledgeRequestAcknowledgeTopic(
  writer: Writer,
  message: Draft<ShareAcknowledgeRequestAcknowledgeTopic>,
  version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeShareAcknowledgeRequestAcknowledgePartition(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeShareAcknowledgeRequestAcknowledgePartition(
  writer: Writer,
  message: Draft<ShareAcknowledgeRequestAcknowledgePartition>,
  version: number,
): void {
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const acknowledgementBatches = message.acknowledgementBatches ?? []
  writer.arrayCount(acknowledgementBatches.length, true)
  for (const element of acknowledgementBatches) writeShareAcknowledgeRequestAcknowledgementBatch(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeShareAcknowledgeRequestAcknowledgementBatch(
  writer: Writer,
  message: Draft<ShareAcknowledgeRequestAcknowledgementBatch>,
  _version: number,
): void {
  const firstOffset = message.firstOffset ?? 0
  writer.int64(firstOffset)
  const lastOffset = message.lastOffset ?? 0
  writer.int64(lastOffset)
  const acknowledgeTypes = message.acknowledgeTypes ?? []
  writer.arrayCount(acknowledgeTypes.length, true)
  for (const element of acknowledgeTypes) writer.int8(element)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface ShareAcknowledgeResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  acquisitionLockTimeoutMs: number // version 2
  responses: ShareAcknowledgeResponseShareAcknowledgeTopicResponse[]
  nodeEndpoints: ShareAcknowledgeResponseNodeEndpoint[]
  unknownTags?: UnknownTag[]
}

export interface ShareAcknowledgeResponseShareAcknowledgeTopicResponse {
  topicId: string
  partitions: ShareAcknowledgeResponsePartitionData[]
  unknownTags?: UnknownTag[]
}

export interface ShareAcknowledgeResponsePartitionData {
  partitionIndex: number
  errorCode: number
  errorMessage: string | null
  currentLeader: ShareAcknowledgeResponseLeaderIdAndEpoch
  unknownTags?: UnknownTag[]
}

export interface ShareAcknowledgeResponseLeaderIdAndEpoch {
  leaderId: number
  leaderEpoch: number
  unknownTags?: UnknownTag[]
}

export interface ShareAcknowledgeResponseNodeEndpoint {
  nodeId: number
  host: string
  port: number
  rack: string | null
  unknownTags?: UnknownTag[]
}

export function readShareAcknowledgeResponse(reader: Reader, version: number): ShareAcknowledgeResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const acquisitionLockTimeoutMs = version === 2 ? reader.int32() : 0
  const responses: ShareAcknowledgeResponseShareAcknowledgeTopicResponse[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    responses.push(readShareAcknowledgeResponseShareAcknowledgeTopicResponse(reader, version))
  }
  const nodeEndpoints: ShareAcknowledgeResponseNodeEndpoint[] = []
  for (let left = reader.arrayCount(true, 11); left > 0 && reader.ok; left -= 1) {
    nodeEndpoints.push(readShareAcknowledgeResponseNodeEndpoint(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ShareAcknowledgeResponse = {
    throttleTimeMs,
    errorCode,
    errorMessage,
    acquisitionLockTimeoutMs,
    responses,
    nodeEndpoints,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readShareAcknowledgeResponseShareAcknowledgeTopicResponse(reader: Reader, version: number): ShareAcknowledgeResponseShareAcknowledgeTopicResponse {
  const topicId = reader.uuid()
  const partitions: ShareAcknowledgeResponsePartitionData[] = []
  for (let left = reader.arrayCount(true, 17); left > 0 && reader.ok; left -= 1) {
    partitions.push(readShareAcknowledgeResponsePartitionData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ShareAcknowledgeResponseShareAcknowledgeTopicResponse = { topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readShareAcknowledgeResponsePartitionData(reader: Reader, version: number): ShareAcknowledgeResponsePartitionData {
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const currentLeader = readShareAcknowledgeResponseLeaderIdAndEpoch(reader, version)
  const unknownTags = reader.unknownTags()
  const message: ShareAcknowledgeResponsePartitionData = {
    partitionIndex,
    errorCode,
    errorMessage,
    currentLeader,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readShareAcknowledgeResponseLeaderIdAndEpoch(reader: Reader, _version: number): ShareAcknowledgeResponseLeaderIdAndEpoch {
  const leaderId = reader.int32()
  const leaderEpoch = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: ShareAcknowledgeResponseLeaderIdAndEpoch = { leaderId, leaderEpoch }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readShareAcknowledgeResponseNodeEndpoint(reader: Reader, _version: number): ShareAcknowledgeResponseNodeEndpoint {
  const nodeId = reader.int32()
  const host = reader.string(true)
  const port = reader.int32()
  const rack = reader.stringOrNull(true)
  const unknownTags = reader.unknownTags()
  const message: ShareAcknowledgeResponseNodeEndpoint = { nodeId, host, port, rack }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeShareAcknowledgeResponse(
  writer: Writer,
  message: Draft<ShareAcknowledgeResponse>,
  version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage ?? null
  writer.stringOrNull(errorMessage, true)
  const acquisitionLockTimeoutMs = message.acquisitionLockTimeoutMs ?? 0
  if (version === 2) {
    writer.int32(acquisitionLockTimeoutMs)
  }
  const responses = message.responses ?? []
  writer.arrayCount(responses.length, true)
  for (const element of responses) writeShareAcknowledgeResponseShareAcknowledgeTopicResponse(writer, element, version)
  const nodeEndpoints = message.nodeEndpoints ?? []
  writer.arrayCount(nodeEndpoints.length, true)
  for (const element of nodeEndpoints) writeShareAcknowledgeResponseNodeEndpoint(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeShareAcknowledgeResponseShareAcknowledgeTopicResponse(
  writer: Writer,
  message: Draft<ShareAcknowledgeResponseShareAcknowledgeTopicResponse>,
  version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeShareAcknowledgeResponsePartitionData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeShareAcknowledgeResponsePartitionData(
  writer: Writer,
  message: Draft<ShareAcknowledgeResponsePartitionData>,
  version: number,
): void {
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage ?? null
  writer.stringOrNull(errorMessage, true)
  const currentLeader = message.currentLeader ?? {}
  writeShareAcknowledgeResponseLeaderIdAndEpoch(writer, currentLeader, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeShareAcknowledgeResponseLeaderIdAndEpoch(
  writer: Writer,
  message: Draft<ShareAcknowledgeResponseLeaderIdAndEpoch>,
  _version: number,
): void {
  const leaderId = message.leaderId ?? 0
  writer.int32(leaderId)
  const leaderEpoch = message.leaderEpoch ?? 0
  writer.int32(leaderEpoch)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeShareAcknowledgeResponseNodeEndpoint(
  writer: Writer,
  message: Draft<ShareAcknowledgeResponseNodeEndpoint>,
  _version: number,
): void {
  const nodeId = message.nodeId ?? 0
  writer.int32(nodeId)
  const host = message.host ?? ''
  writer.string(host, true)
  const port = message.port ?? 0
  writer.int32(port)
  const rack = message.rack ?? null
  writer.stringOrNull(rack, true)
  writer.onlyUnknownTags(message.unknownTags)
}
