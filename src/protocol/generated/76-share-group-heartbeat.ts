// Generated from schema/76-share-group-heartbeat.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const shareGroupHeartbeatApi: ApiLayout = {
  key: 76,
  name: 'ShareGroupHeartbeat',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 0,
}

export interface ShareGroupHeartbeatRequest {
  groupId: string
  memberId: string
  memberEpoch: number
  rackId: string | null
  subscribedTopicNames: string[] | null
  unknownTags?: UnknownTag[]
}

export function readShareGroupHeartbeatRequest(reader: Reader, _version: number): ShareGroupHeartbeatRequest {
  const groupId = reader.string(true)
  const memberId = reader.string(true)
  const memberEpoch = reader.int32()
  const rackId = reader.stringOrNull(true)
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
  const unknownTags = reader.unknownTags()
  const message: ShareGroupHeartbeatRequest = { groupId, memberId, memberEpoch, rackId, subscribedTopicNames }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeShareGroupHeartbeatRequest(
  writer: Writer,
  message: Draft<ShareGroupHeartbeatRequest>,
  _version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, true)
  const memberId = message.memberId ?? ''
  writer.string(memberId, true)
  const memberEpoch = message.memberEpoch ?? 0
  writer.int32(memberEpoch)
  const rackId = message.rackId ?? null
  writer.stringOrNull(rackId, true)
  const subscribedTopicNames = message.subscribedTopicNames ?? null
  writer.arrayCount(subscribedTopicNames === null ? -1 : subscribedTopicNames.length, true)
  if (subscribedTopicNames !== null) {
    for (const element of subscribedTopicNames) writer.string(element, true)
  }
  writer.onlyUnknownTags(message.unknownTags)
}

export interface ShareGroupHeartbeatResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  memberId: string | null
  memberEpoch: number
  heartbeatIntervalMs: number
  assignment: ShareGroupHeartbeatResponseAssignment | null
  unknownTags?: UnknownTag[]
}

export interface ShareGroupHeartbeatResponseAssignment {
  topicPartitions: ShareGroupHeartbeatResponseTopicPartitions[]
  unknownTags?: UnknownTag[]
}

export interface ShareGroupHeartbeatResponseTopicPartitions {
  topicId: string
  partitions: number[]
  unknownTags?: UnknownTag[]
}

export function readShareGroupHeartbeatResponse(reader: Reader, version: number): ShareGroupHeartbeatResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const memberId = reader.stringOrNull(true)
  const memberEpoch = reader.int32()
  const heartbeatIntervalMs = reader.int32()
  const assignment = reader.present() ? readShareGroupHeartbeatResponseAssignment(reader, version) : null
  const unknownTags = reader.unknownTags()
  const message: ShareGroupHeartbeatResponse = {
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

function readShareGroupHeartbeatResponseAssignment(reader: Reader, version: number): ShareGroupHeartbeatResponseAssignment {
  const topicPartitions: ShareGroupHeartbeatResponseTopicPartitions[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    topicPartitions.push(readShareGroupHeartbeatResponseTopicPartitions(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ShareGroupHeartbeatResponseAssignment = { topicPartitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readShareGroupHeartbeatResponseTopicPartitions(reader: Reader, _version: number): ShareGroupHeartbeatResponseTopicPartitions {
  const topicId = reader.uuid()
  const partitions: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(reader.int32())
  }
  const unknownTags = reader.unknownTags()
  const message: ShareGroupHeartbeatResponseTopicPartitions = { topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeShareGroupHeartbeatResponse(
  writer: Writer,
  message: Draft<ShareGroupHeartbeatResponse>,
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
  if (assignment !== null) writeShareGroupHeartbeatResponseAssignment(writer, assignment, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeShareGroupHeartbeatResponseAssignment(
  writer: Writer,
  message: Draft<ShareGroupHeartbeatResponseAssignment>,
  version: number,
): void {
  const topicPartitions = message.topicPartitions ?? []
  writer.arrayCount(topicPartitions.length, true)
  for (const element of topicPartitions) writeShareGroupHeartbeatResponseTopicPartitions(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeShareGroupHeartbeatResponseTopicPartitions(
  writer: Writer,
  message: Draft<ShareGroupHeartbeatResponseTopicPartitions>,
  _version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writer.int32(element)
  writer.onlyUnknownTags(message.unknownTags)
}
