// Generated from schema/78-share-fetch.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { ByteSlice, UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const shareFetchApi: ApiLayout = {
  key: 78,
  name: 'ShareFetch',
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: 0,
}

export interface ShareFetchRequest {
  groupId: string | null
  memberId: string | null
  shareSessionEpoch: number
  maxWaitMs: number
  minBytes: number
  maxBytes: number
  maxRecords: number // since version 1
  batchSize: number // since version 1
  shareAcquireMode: number // version 2
  isRenewAck: boolean // version 2
  topics: ShareFetchRequestFetchTopic[]
  forgottenTopicsData: ShareFetchRequestForgottenTopic[]
  unknownTags?: UnknownTag[]
}

export interface ShareFetchRequestFetchTopic {
  topicId: string
  partitions: ShareFetchRequestFetchPartition[]
  unknownTags?: UnknownTag[]
}

export interface ShareFetchRequestFetchPartition {
  partitionIndex: number
  partitionMaxBytes: number // version 0
  acknowledgementBatches: ShareFetchRequestAcknowledgementBatch[]
  unknownTags?: UnknownTag[]
}

export interface ShareFetchRequestAcknowledgementBatch {
  firstOffset: number
  lastOffset: number
  acknowledgeTypes: number[]
  unknownTags?: UnknownTag[]
}

export interface ShareFetchRequestForgottenTopic {
  topicId: string
  partitions: number[]
  unknownTags?: UnknownTag[]
}

export function readShareFetchRequest(reader: Reader, version: number): ShareFetchRequest {
  const groupId = reader.stringOrNull(true)
  const memberId = reader.stringOrNull(true)
  const shareSessionEpoch = reader.int32()
  const maxWaitMs = reader.int32()
  const minBytes = reader.int32()
  const maxBytes = reader.int32()
  const maxRecords = version >= 1 ? reader.int32() : 0
  const batchSize = version >= 1 ? reader.int32() : 0
  const shareAcquireMode = version === 2 ? reader.int8() : 0
  const isRenewAck = version === 2 ? reader.bool() : false
  const topics: ShareFetchRequestFetchTopic[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    topics.push(readShareFetchRequestFetchTopic(reader, version))
  }
  const forgottenTopicsData: ShareFetchRequestForgottenTopic[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    forgottenTopicsData.push(readShareFetchRequestForgottenTopic(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ShareFetchRequest = {
    groupId,
    memberId,
    shareSessionEpoch,
    maxWaitMs,
    minBytes,
    maxBytes,
    maxRecords,
    batchSize,
    shareAcquireMode,
    isRenewAck,
    topics,
    forgottenTopicsData,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readShareFetchRequestFetchTopic(reader: Reader, version: number): ShareFetchRequestFetchTopic {
  const topicId = reader.uuid()
  const partitions: ShareFetchRequestFetchPartition[] = []
  for (let left = reader.arrayCount(true, 6); left > 0 && reader.ok; left -= 1) {
    partitions.push(readShareFetchRequestFetchPartition(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ShareFetchRequestFetchTopic = { topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readShareFetchRequestFetchPartition(reader: Reader, version: number): ShareFetchRequestFetchPartition {
  const partitionIndex = reader.int32()
  const partitionMaxBytes = version === 0 ? reader.int32() : 0
  const acknowledgementBatches: ShareFetchRequestAcknowledgementBatch[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    acknowledgementBatches.push(readShareFetchRequestAcknowledgementBatch(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ShareFetchRequestFetchPartition = { partitionIndex, partitionMaxBytes, acknowledgementBatches }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readShareFetchRequestAcknowledgementBatch(reader: Reader, _version: number): ShareFetchRequestAcknowledgementBatch {
  const firstOffset = reader.int64()
  const lastOffset = reader.int64()
  const acknowledgeTypes: number[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    acknowledgeTypes.push(reader.int8())
  }
  const unknownTags = reader.unknownTags()
  const message: ShareFetchRequestAcknowledgementBatch = { firstOffset, lastOffset, acknowledgeTypes }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readShareFetchRequestForgottenTopic(reader: Reader, _version: number): ShareFetchRequestForgottenTopic {
  const topicId = reader.uuid()
  const partitions: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(reader.int32())
  }
  const unknownTags = reader.unknownTags()
  const message: ShareFetchRequestForgottenTopic = { topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeShareFetchRequest(
  writer: Writer,
  message: Draft<ShareFetchRequest>,
  version: number,
): void {
  const groupId = message.groupId ?? null
  writer.stringOrNull(groupId, true)
  const memberId = message.memberId === undefined ? '' : message.memberId
  writer.stringOrNull(memberId, true)
  const shareSessionEpoch = message.shareSessionEpoch ?? 0
  writer.int32(shareSessionEpoch)
  const maxWaitMs = message.maxWaitMs ?? 0
  writer.int32(maxWaitMs)
  const minBytes = message.minBytes ?? 0
  writer.int32(minBytes)
  const maxBytes = message.maxBytes ?? 2147483647
  writer.int32(maxBytes)
  const maxRecords = message.maxRecords ?? 0
  if (version >= 1) {
    writer.int32(maxRecords)
  }
  const batchSize = message.batchSize ?? 0
  if (version >= 1) {
    writer.int32(batchSize)
  }
  const shareAcquireMode = message.shareAcquireMode ?? 0
  if (version === 2) {
    writer.int8(shareAcquireMode)
  }
  const isRenewAck = message.isRenewAck ?? false
  if (version === 2) {
    writer.bool(isRenewAck)
  } else if (isRenewAck !== false) {
    writer.refuse('ShareFetchRequest.isRenewAck', version)
  }
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeShareFetchRequestFetchTopic(writer, element, version)
  const forgottenTopicsData = message.forgottenTopicsData ?? []
  writer.arrayCount(forgottenTopicsData.length, true)
  for (const element of forgottenTopicsData) writeShareFetchRequestForgottenTopic(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeShareFetchRequestFetchTopic(
  writer: Writer,
  message: Draft<ShareFetchRequestFetchTopic>,
  version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeShareFetchRequestFetchPartition(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeShareFetchRequestFetchPartition(
  writer: Writer,
  message: Draft<ShareFetchRequestFetchPartition>,
  version: number,
): void {
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const partitionMaxBytes = message.partitionMaxBytes ?? 0
  if (version === 0) {
    writer.int32(partitionMaxBytes)
  } else if (partitionMaxBytes !== 0) {
    writer.refuse('ShareFetchRequestFetchPartition.partitionMaxBytes', version)
  }
  const acknowledgementBatches = message.acknowledgementBatches ?? []
  writer.arrayCount(acknowledgementBatches.length, true)
  for (const element of acknowledgementBatches) writeShareFetchRequestAcknowledgementBatch(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeShareFetchRequestAcknowledgementBatch(
  writer: Writer,
  message: Draft<ShareFetchRequestAcknowledgementBatch>,
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

function writeShareFetchRequestForgottenTopic(
  writer: Writer,
  message: Draft<ShareFetchRequestForgottenTopic>,
  _version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writer.int32(element)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface ShareFetchResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  acquisitionLockTimeoutMs: number // since version 1
  responses: ShareFetchResponseShareFetchableTopicResponse[]
  nodeEndpoints: ShareFetchResponseNodeEndpoint[]
  unknownTags?: UnknownTag[]
}

export interface ShareFetchResponseShareFetchableTopicResponse {
  topicId: string
  partitions: ShareFetchResponsePartitionData[]
  unknownTags?: UnknownTag[]
}

export interface ShareFetchResponsePartitionData {
  partitionIndex: number
  errorCode: number
  errorMessage: string | null
  acknowledgeErrorCode: number
  acknowledgeErrorMessage: string | null
  currentLeader: ShareFetchResponseLeaderIdAndEpoch
  records: ByteSlice | null
  acquiredRecords: ShareFetchResponseAcquiredRecords[]
  unknownTags?: UnknownTag[]
}

export interface ShareFetchResponseLeaderIdAndEpoch {
  leaderId: number
  leaderEpoch: number
  unknownTags?: UnknownTag[]
}

export interface ShareFetchResponseAcquiredRecords {
  firstOffset: number
  lastOffset: number
  deliveryCount: number
  unknownTags?: UnknownTag[]
}

export interface ShareFetchResponseNodeEndpoint {
  nodeId: number
  host: string
  port: number
  rack: string | null
  unknownTags?: UnknownTag[]
}

export function readShareFetchResponse(reader: Reader, version: number): ShareFetchResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const acquisitionLockTimeoutMs = version >= 1 ? reader.int32() : 0
  const responses: ShareFetchResponseShareFetchableTopicResponse[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    responses.push(readShareFetchResponseShareFetchableTopicResponse(reader, version))
  }
  const nodeEndpoints: ShareFetchResponseNodeEndpoint[] = []
  for (let left = reader.arrayCount(true, 11); left > 0 && reader.ok; left -= 1) {
    nodeEndpoints.push(readShareFetchResponseNodeEndpoint(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ShareFetchResponse = {
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

function readShareFetchResponseShareFetchableTopicResponse(reader: Reader, version: number): ShareFetchResponseShareFetchableTopicResponse {
  const topicId = reader.uuid()
  const partitions: ShareFetchResponsePartitionData[] = []
  for (let left = reader.arrayCount(true, 22); left > 0 && reader.ok; left -= 1) {
    partitions.push(readShareFetchResponsePartitionData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ShareFetchResponseShareFetchableTopicResponse = { topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readShareFetchResponsePartitionData(reader: Reader, version: number): ShareFetchResponsePartitionData {
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const acknowledgeErrorCode = reader.int16()
  const acknowledgeErrorMessage = reader.stringOrNull(true)
  const currentLeader = readShareFetchResponseLeaderIdAndEpoch(reader, version)
  const records = version === 0 ? reader.recordsOrNull(true) : reader.records(true)
  const acquiredRecords: ShareFetchResponseAcquiredRecords[] = []
  for (let left = reader.arrayCount(true, 19); left > 0 && reader.ok; left -= 1) {
    acquiredRecords.push(readShareFetchResponseAcquiredRecords(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ShareFetchResponsePartitionData = {
    partitionIndex,
    errorCode,
    errorMessage,
    acknowledgeErrorCode,
    acknowledgeErrorMessage,
    currentLeader,
    records,
    acquiredRecords,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readShareFetchResponseLeaderIdAndEpoch(reader: Reader, _version: number): ShareFetchResponseLeaderIdAndEpoch {
  const leaderId = reader.int32()
  const leaderEpoch = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: ShareFetchResponseLeaderIdAndEpoch = { leaderId, leaderEpoch }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readShareFetchResponseAcquiredRecords(reader: Reader, _version: number): ShareFetchResponseAcquiredRecords {
  const firstOffset = reader.int64()
  const lastOffset = reader.int64()
  const deliveryCount = reader.int16()
  const unknownTags = reader.unknownTags()
  const message: ShareFetchResponseAcquiredRecords = { firstOffset, lastOffset, deliveryCount }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readShareFetchResponseNodeEndpoint(reader: Reader, _version: number): ShareFetchResponseNodeEndpoint {
  const nodeId = reader.int32()
  const host = reader.string(true)
  const port = reader.int32()
  const rack = reader.stringOrNull(true)
  const unknownTags = reader.unknownTags()
  const message: ShareFetchResponseNodeEndpoint = { nodeId, host, port, rack }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeShareFetchResponse(
  writer: Writer,
  message: Draft<ShareFetchResponse>,
  version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage ?? null
  writer.stringOrNull(errorMessage, true)
  const acquisitionLockTimeoutMs = message.acquisitionLockTimeoutMs ?? 0
  if (version >= 1) {
    writer.int32(acquisitionLockTimeoutMs)
  }
  const responses = message.responses ?? []
  writer.arrayCount(responses.length, true)
  for (const element of responses) writeShareFetchResponseShareFetchableTopicResponse(writer, element, version)
  const nodeEndpoints = message.nodeEndpoints ?? []
  writer.arrayCount(nodeEndpoints.length, true)
  for (const element of nodeEndpoints) writeShareFetchResponseNodeEndpoint(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeShareFetchResponseShareFetchableTopicResponse(
  writer: Writer,
  message: Draft<ShareFetchResponseShareFetchableTopicResponse>,
  version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeShareFetchResponsePartitionData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeShareFetchResponsePartitionData(
  writer: Writer,
  message: Draft<ShareFetchResponsePartitionData>,
  version: number,
): void {
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage ?? null
  writer.stringOrNull(errorMessage, true)
  const acknowledgeErrorCode = message.acknowledgeErrorCode ?? 0
  writer.int16(acknowledgeErrorCode)
  const acknowledgeErrorMessage = message.acknowledgeErrorMessage ?? null
  writer.stringOrNull(acknowledgeErrorMessage, true)
  const currentLeader = message.currentLeader ?? {}
  writeShareFetchResponseLeaderIdAndEpoch(writer, currentLeader, version)
  const records = message.records ?? null
  if (records === null && !(version === 0)) writer.refuseNull('ShareFetchResponsePartitionData.records', version)
  writer.recordsOrNull(records, true)
  const acquiredRecords = message.acquiredRecords ?? []
  writer.arrayCount(acquiredRecords.length, true)
  for (const element of acquiredRecords) writeShareFetchResponseAcquiredRecords(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeShareFetchResponseLeaderIdAndEpoch(
  writer: Writer,
  message: Draft<ShareFetchResponseLeaderIdAndEpoch>,
  _version: number,
): void {
  const leaderId = message.leaderId ?? 0
  writer.int32(leaderId)
  const leaderEpoch = message.leaderEpoch ?? 0
  writer.int32(leaderEpoch)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeShareFetchResponseAcquiredRecords(
  writer: Writer,
  message: Draft<ShareFetchResponseAcquiredRecords>,
  _version: number,
): void {
  const firstOffset = message.firstOffset ?? 0
  writer.int64(firstOffset)
  const lastOffset = message.lastOffset ?? 0
  writer.int64(lastOffset)
  const deliveryCount = message.deliveryCount ?? 0
  writer.int16(deliveryCount)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeShareFetchResponseNodeEndpoint(
  writer: Writer,
  message: Draft<ShareFetchResponseNodeEndpoint>,
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
