// Generated from schema/68-consumer-group-heartbeat.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const consumerGroupHeartbeatApi: ApiLayout = {
  key: 68,
  name: 'ConsumerGroupHeartbeat',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 0,
}

export interface ConsumerGroupHeartbeatRequest {
  groupId: string
  memberId: string
  memberEpoch: number
  instanceId: string | null
  rackId: string | null
  rebalanceTimeoutMs: number
  subscribedTopicNames: string[] | null
  subscribedTopicRegex: string | null // version 1
  serverAssignor: string | null
  topicPartitions: ConsumerGroupHeartbeatRequestTopicPartitions[] | null
  unknownTags?: UnknownTag[]
}

export interface ConsumerGroupHeartbeatRequestTopicPartitions {
  topicId: string
  partitions: number[]
  unknownTags?: UnknownTag[]
}

export function readConsumerGroupHeartbeatRequest(reader: Reader, version: number): ConsumerGroupHeartbeatRequest {
  const groupId = reader.string(true)
  const memberId = reader.string(true)
  const memberEpoch = reader.int32()
  const instanceId = reader.stringOrNull(true)
  const rackId = reader.stringOrNull(true)
  const rebalanceTimeoutMs = reader.int32()
  let subscribedTopicNames: string[] | null = null
  const subscribedTopicNamesCount = reader.arrayCountOrNull(true, 1)
  if (subscribedTopicNamesCount < 0) {
    subscribedTopicNames = null
  } else {
    subscribedTopicNames = []
    for (let left = subscribedTopicNamesCount; left > 0 && reader.ok; left -= 1) {
      subscribedTopicNames.push(reader.string(true))
    }
  }
  const subscribedTopicRegex = version === 1 ? reader.stringOrNull(true) : null
  const serverAssignor = reader.stringOrNull(true)
  let topicPartitions: ConsumerGroupHeartbeatRequestTopicPartitions[] | null = null
  const topicPartitionsCount = reader.arrayCountOrNull(true, 18)
  if (topicPartitionsCount < 0) {
    topicPartitions = null
  } else {
    topicPartitions = []
    for (let left = topicPartitionsCount; left > 0 && reader.ok; left -= 1) {
      topicPartitions.push(readConsumerGroupHeartbeatRequestTopicPartitions(reader, version))
    }
  }
  const unknownTags = reader.unknownTags()
  const message: ConsumerGroupHeartbeatRequest = {
    groupId,
    memberId,
    memberEpoch,
    instanceId,
    rackId,
    rebalanceTimeoutMs,
    subscribedTopicNames,
    subscribedTopicRegex,
    serverAssignor,
    topicPartitions,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readConsumerGroupHeartbeatRequestTopicPartitions(reader: Reader, _version: number): ConsumerGroupHeartbeatRequestTopicPartitions {
  const topicId = reader.uuid()
  const partitions: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(reader.int32())
  }
  const unknownTags = reader.unknownTags()
  const message: ConsumerGroupHeartbeatRequestTopicPartitions = { topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeConsumerGroupHeartbeatRequest(
  writer: Writer,
  message: Draft<ConsumerGroupHeartbeatRequest>,
  version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, true)
  const memberId = message.memberId ?? ''
  writer.string(memberId, true)
  const memberEpoch = message.memberEpoch ?? 0
  writer.int32(memberEpoch)
  const instanceId = message.instanceId ?? null
  writer.stringOrNull(instanceId, true)
  const rackId = message.rackId ?? null
  writer.stringOrNull(rackId, true)
  const rebalanceTimeoutMs = message.rebalanceTimeoutMs ?? -1
  writer.int32(rebalanceTimeoutMs)
  const subscribedTopicNames = message.subscribedTopicNames ?? null
  writer.arrayCount(subscribedTopicNames === null ? -1 : subscribedTopicNames.length, true)
  if (subscribedTopicNames !== null) {
    for (const element of subscribedTopicNames) writer.string(element, true)
  }
  const subscribedTopicRegex = message.subscribedTopicRegex ?? null
  if (version === 1) {
    writer.stringOrNull(subscribedTopicRegex, true)
  } else if (subscribedTopicRegex !== null) {
    writer.refuse('ConsumerGroupHeartbeatRequest.subscribedTopicRegex', version)
  }
  const serverAssignor = message.serverAssignor ?? null
  writer.stringOrNull(serverAssignor, true)
  const topicPartitions = message.topicPartitions ?? null
  writer.arrayCount(topicPartitions === null ? -1 : topicPartitions.length, true)
  if (topicPartitions !== null) {
    for (const element of topicPartitions) writeConsumerGroupHeartbeatRequestTopicPartitions(writer, element, version)
  }
  writer.onlyUnknownTags(message.unknownTags)
}

function writeConsumerGroupHeartbeatRequestTopicPartitions(
  writer: Writer,
  message: Draft<ConsumerGroupHeartbeatRequestTopicPartitions>,
  _version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writer.int32(element)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface ConsumerGroupHeartbeatResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  memberId: string | null
  memberEpoch: number
  heartbeatIntervalMs: number
  assignment: ConsumerGroupHeartbeatResponseAssignment | null
  unknownTags?: UnknownTag[]
}

export interface ConsumerGroupHeartbeatResponseAssignment {
  topicPartitions: ConsumerGroupHeartbeatResponseTopicPartitions[]
  unknownTags?: UnknownTag[]
}

export interface ConsumerGroupHeartbeatResponseTopicPartitions {
  topicId: string
  partitions: number[]
  unknownTags?: UnknownTag[]
}

export function readConsumerGroupHeartbeatResponse(reader: Reader, version: number): ConsumerGroupHeartbeatResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const memberId = reader.stringOrNull(true)
  const memberEpoch = reader.int32()
  const heartbeatIntervalMs = reader.int32()
  const assignment = reader.present() ? readConsumerGroupHeartbeatResponseAssignment(reader, version) : null
  const unknownTags = reader.unknownTags()
  const message: ConsumerGroupHeartbeatResponse = {
    throttleTimeMs,
    errorCode,
    errorMessage,
    memberId,
    memberEpoch,
    heartbeatIntervalMs,
    assignment,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readConsumerGroupHeartbeatResponseAssignment(reader: Reader, version: number): ConsumerGroupHeartbeatResponseAssignment {
  const topicPartitions: ConsumerGroupHeartbeatResponseTopicPartitions[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    topicPartitions.push(readConsumerGroupHeartbeatResponseTopicPartitions(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ConsumerGroupHeartbeatResponseAssignment = { topicPartitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readConsumerGroupHeartbeatResponseTopicPartitions(reader: Reader, _version: number): ConsumerGroupHeartbeatResponseTopicPartitions {
  const topicId = reader.uuid()
  const partitions: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(reader.int32())
  }
  const unknownTags = reader.unknownTags()
  const message: ConsumerGroupHeartbeatResponseTopicPartitions = { topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeConsumerGroupHeartbeatResponse(
  writer: Writer,
  message: Draft<ConsumerGroupHeartbeatResponse>,
  version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage ?? null
  writer.stringOrNull(errorMessage, true)
  const memberId = message.memberId ?? null
  writer.stringOrNull(memberId, true)
  const memberEpoch = message.memberEpoch ?? 0
  writer.int32(memberEpoch)
  const heartbeatIntervalMs = message.heartbeatIntervalMs ?? 0
  writer.int32(heartbeatIntervalMs)
  const assignment = message.assignment ?? null
  writer.present(assignment !== null)
  if (assignment !== null) writeConsumerGroupHeartbeatResponseAssignment(writer, assignment, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeConsumerGroupHeartbeatResponseAssignment(
  writer: Writer,
  message: Draft<ConsumerGroupHeartbeatResponseAssignment>,
  version: number,
): void {
  const topicPartitions = message.topicPartitions ?? []
  writer.arrayCount(topicPartitions.length, true)
  for (const element of topicPartitions) writeConsumerGroupHeartbeatResponseTopicPartitions(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeConsumerGroupHeartbeatResponseTopicPartitions(
  writer: Writer,
  message: Draft<ConsumerGroupHeartbeatResponseTopicPartitions>,
  _version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writer.int32(element)
  writer.onlyUnknownTags(message.unknownTags)
}
