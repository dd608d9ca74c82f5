// Generated from schema/69-consumer-group-describe.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const consumerGroupDescribeApi: ApiLayout = {
  key: 69,
  name: 'ConsumerGroupDescribe',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 0,
}

export interface ConsumerGroupDescribeRequest {
  groupIds: string[]
  includeAuthorizedOperations: boolean
  unknownTags?: UnknownTag[]
}

export function readConsumerGroupDescribeRequest(reader: Reader, _version: number): ConsumerGroupDescribeRequest {
  const groupIds: string[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    groupIds.push(reader.string(true))
  }
  const includeAuthorizedOperations = reader.bool()
  const unknownTags = reader.unknownTags()
  const message: ConsumerGroupDescribeRequest = { groupIds, includeAuthorizedOperations }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeConsumerGroupDescribeRequest(
  writer: Writer,
  message: Draft<ConsumerGroupDescribeRequest>,
  _version: number,
): void {
  const groupIds = message.groupIds ?? []
  writer.arrayCount(groupIds.length, true)
  for (const element of groupIds) writer.string(element, true)
  const includeAuthorizedOperations = message.includeAuthorizedOperations ?? false
  writer.bool(includeAuthorizedOperations)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface ConsumerGroupDescribeResponse {
  throttleTimeMs: number
  groups: ConsumerGroupDescribeResponseDescribedGroup[]
  unknownTags?: UnknownTag[]
}

export interface ConsumerGroupDescribeResponseAssignment {
  topicPartitions: ConsumerGroupDescribeResponseTopicPartitions[]
  unknownTags?: UnknownTag[]
}

export interface ConsumerGroupDescribeResponseTopicPartitions {
  topicId: string
  topicName: string
  partitions: number[]
  unknownTags?: UnknownTag[]
}

export interface ConsumerGroupDescribeResponseDescribedGroup {
  errorCode: number
  errorMessage: string | null
  groupId: string
  groupState: string
  groupEpoch: number
  assignmentEpoch: number
  assignorName: string
  members: ConsumerGroupDescribeResponseMember[]
  authorizedOperations: number
  unknownTags?: UnknownTag[]
}

export interface ConsumerGroupDescribeResponseMember {
  memberId: string
  instanceId: string | null
  rackId: string | null
  memberEpoch: number
  clientId: string
  clientHost: string
  subscribedTopicNames: string[]
  subscribedTopicRegex: string | null
  assignment: ConsumerGroupDescribeResponseAssignment
  targetAssignment: ConsumerGroupDescribeResponseAssignment
  memberType: number // version 1
  unknownTags?: UnknownTag[]
}

export function readConsumerGroupDescribeResponse(reader: Reader, version: number): ConsumerGroupDescribeResponse {
  const throttleTimeMs = reader.int32()
  const groups: ConsumerGroupDescribeResponseDescribedGroup[] = []
  for (let left = reader.arrayCount(true, 20); left > 0 && reader.ok; left -= 1) {
    groups.push(readConsumerGroupDescribeResponseDescribedGroup(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ConsumerGroupDescribeResponse = { throttleTimeMs, groups }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readConsumerGroupDescribeResponseAssignment(reader: Reader, version: number): ConsumerGroupDescribeResponseAssignment {
  const topicPartitions: ConsumerGroupDescribeResponseTopicPartitions[] = []
  for (let left = reader.arrayCount(true, 19); left > 0 && reader.ok; left -= 1) {
    topicPartitions.push(readConsumerGroupDescribeResponseTopicPartitions(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ConsumerGroupDescribeResponseAssignment = { topicPartitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readConsumerGroupDescribeResponseTopicPartitions(reader: Reader, _version: number): ConsumerGroupDescribeResponseTopicPartitions {
  const topicId = reader.uuid()
  const topicName = reader.string(true)
  const partitions: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(reader.int32())
  }
  const unknownTags = reader.unknownTags()
  const message: ConsumerGroupDescribeResponseTopicPartitions = { topicId, topicName, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readConsumerGroupDescribeResponseDescribedGroup(reader: Reader, version: number): ConsumerGroupDescribeResponseDescribedGroup {
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const groupId = reader.string(true)
  const groupState = reader.string(true)
  const groupEpoch = reader.int32()
  const assignmentEpoch = reader.int32()
  const assignorName = reader.string(true)
  const members: ConsumerGroupDescribeResponseMember[] = []
  for (let left = reader.arrayCount(true, 16); left > 0 && reader.ok; left -= 1) {
    members.push(readConsumerGroupDescribeResponseMember(reader, version))
  }
  const authorizedOperations = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: ConsumerGroupDescribeResponseDescribedGroup = {
    errorCode,
    errorMessage,
    groupId,
    groupState,
    groupEpoch,
    assignmentEpoch,
    assignorName,
    members,
    authorizedOperations,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readConsumerGroupDescribeResponseMember(reader: Reader, version: number): ConsumerGroupDescribeResponseMember {
  const memberId = reader.string(true)
  const instanceId = reader.stringOrNull(true)
  const rackId = reader.stringOrNull(true)
  const memberEpoch = reader.int32()
  const clientId = reader.string(true)
  const clientHost = reader.string(true)
  const subscribedTopicNames: string[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    subscribedTopicNames.push(reader.string(true))
  }
  const subscribedTopicRegex = reader.stringOrNull(true)
  const assignment = readConsumerGroupDescribeResponseAssignment(reader, version)
  const targetAssignment = readConsumerGroupDescribeResponseAssignment(reader, version)
  const memberType = version === 1 ? reader.int8() : -1
  const unknownTags = reader.unknownTags()
  const message: ConsumerGroupDescribeResponseMember = {
    memberId,
    instanceId,
    rackId,
    memberEpoch,
    clientId,
    clientHost,
    subscribedTopicNames,
    subscribedTopicRegex,
    assignment,
    targetAssignment,
    memberType,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeConsumerGroupDescribeResponse(
  writer: Writer,
  message: Draft<ConsumerGroupDescribeResponse>,
  version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const groups = message.groups ?? []
  writer.arrayCount(groups.length, true)
  for (const element of groups) writeConsumerGroupDescribeResponseDescribedGroup(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeConsumerGroupDescribeResponseAssignment(
  writer: Writer,
  message: Draft<ConsumerGroupDescribeResponseAssignment>,
  version: number,
): void {
  const topicPartitions = message.topicPartitions ?? []
  writer.arrayCount(topicPartitions.length, true)
  for (const element of topicPartitions) writeConsumerGroupDescribeResponseTopicPartitions(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeConsumerGroupDescribeResponseTopicPartitions(
  writer: Writer,
  message: Draft<ConsumerGroupDescribeResponseTopicPartitions>,
  _version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const topicName = message.topicName ?? ''
  writer.string(topicName, true)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writer.int32(element)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeConsumerGroupDescribeResponseDescribedGroup(
  writer: Writer,
  message: Draft<ConsumerGroupDescribeResponseDescribedGroup>,
  version: number,
): void {
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage ?? null
  writer.stringOrNull(errorMessage, true)
  const groupId = message.groupId ?? ''
  writer.string(groupId, true)
  const groupState = message.groupState ?? ''
  writer.string(groupState, true)
  const groupEpoch = message.groupEpoch ?? 0
  writer.int32(groupEpoch)
  const assignmentEpoch = message.assignmentEpoch ?? 0
  writer.int32(assignmentEpoch)
  const assignorName = message.assignorName ?? ''
  writer.string(assignorName, true)
  const members = message.members ?? []
  writer.arrayCount(members.length, true)
  for (const element of members) writeConsumerGroupDescribeResponseMember(writer, element, version)
  const authorizedOperations = message.authorizedOperations ?? -2147483648
  writer.int32(authorizedOperations)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeConsumerGroupDescribeResponseMember(
  writer: Writer,
  message: Draft<ConsumerGroupDescribeResponseMember>,
  version: number,
): void {
  const memberId = message.memberId ?? ''
  writer.string(memberId, true)
  const instanceId = message.instanceId ?? null
  writer.stringOrNull(instanceId, true)
  const rackId = message.rackId ?? null
  writer.stringOrNull(rackId, true)
  const memberEpoch = message.memberEpoch ?? 0
  writer.int32(memberEpoch)
  const clientId = message.clientId ?? ''
  writer.string(clientId, true)
  const clientHost = message.clientHost ?? ''
  writer.string(clientHost, true)
  const subscribedTopicNames = message.subscribedTopicNames ?? []
  writer.arrayCount(subscribedTopicNames.length, true)
  for (const element of subscribedTopicNames) writer.string(element, true)
  const subscribedTopicRegex = message.subscribedTopicRegex ?? null
  writer.stringOrNull(subscribedTopicRegex, true)
  const assignment = message.assignment ?? {}
  writeConsumerGroupDescribeResponseAssignment(writer, assignment, version)
  const targetAssignment = message.targetAssignment ?? {}
  writeConsumerGroupDescribeResponseAssignment(writer, targetAssignment, version)
  const memberType = message.memberType ?? -1
  if (version === 1) {
    writer.int8(memberType)
  }
  writer.onlyUnknownTags(message.unknownTags)
}
