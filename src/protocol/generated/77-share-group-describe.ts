// Generated from schema/77-share-group-describe.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const shareGroupDescribeApi: ApiLayout = {
  key: 77,
  name: 'ShareGroupDescribe',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 0,
}

export interface ShareGroupDescribeRequest {
  groupIds: string[]
  includeAuthorizedOperations: boolean
  unknownTags?: UnknownTag[]
}

export function readShareGroupDescribeRequest(reader: Reader, _version: number): ShareGroupDescribeRequest {
  const groupIds: string[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    groupIds.push(reader.string(true))
  }
  const includeAuthorizedOperations = reader.bool()
  const unknownTags = reader.unknownTags()
  const message: ShareGroupDescribeRequest = { groupIds, includeAuthorizedOperations }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeShareGroupDescribeRequest(
  writer: Writer,
  message: Draft<ShareGroupDescribeRequest>,
  _version: number,
): void {
  const groupIds = message.groupIds ?? []
  writer.arrayCount(groupIds.length, true)
  for (const element of groupIds) writer.string(element, true)
  const includeAuthorizedOperations = message.includeAuthorizedOperations ?? false
  writer.bool(includeAuthorizedOperations)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface ShareGroupDescribeResponse {
  throttleTimeMs: number
  groups: ShareGroupDescribeResponseDescribedGroup[]
  unknownTags?: UnknownTag[]
}

export interface ShareGroupDescribeResponseDescribedGroup {
  errorCode: number
  errorMessage: string | null
  groupId: string
  groupState: string
  groupEpoch: number
  assignmentEpoch: number
  assignorName: string
  members: ShareGroupDescribeResponseMember[]
  authorizedOperations: number
  unknownTags?: UnknownTag[]
}

export interface ShareGroupDescribeResponseMember {
  memberId: string
  rackId: string | null
  memberEpoch: number
  clientId: string
  clientHost: string
  subscribedTopicNames: string[]
  assignment: ShareGroupDescribeResponseAssignment
  unknownTags?: UnknownTag[]
}

export interface ShareGroupDescribeResponseAssignment {
  topicPartitions: ShareGroupDescribeResponseTopicPartitions[]
  unknownTags?: UnknownTag[]
}

export interface ShareGroupDescribeResponseTopicPartitions {
  topicId: string
  topicName: string
  partitions: number[]
  unknownTags?: UnknownTag[]
}

export function readShareGroupDescribeResponse(reader: Reader, version: number): ShareGroupDescribeResponse {
  const throttleTimeMs = reader.int32()
  const groups: ShareGroupDescribeResponseDescribedGroup[] = []
  for (let left = reader.arrayCount(true, 20); left > 0 && reader.ok; left -= 1) {
    groups.push(readShareGroupDescribeResponseDescribedGroup(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ShareGroupDescribeResponse = { throttleTimeMs, groups }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readShareGroupDescribeResponseDescribedGroup(reader: Reader, version: number): ShareGroupDescribeResponseDescribedGroup {
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const groupId = reader.string(true)
  const groupState = reader.string(true)
  const groupEpoch = reader.int32()
  const assignmentEpoch = reader.int32()
  const assignorName = reader.string(true)
  const members: ShareGroupDescribeResponseMember[] = []
  for (let left = reader.arrayCount(true, 12); left > 0 && reader.ok; left -= 1) {
    members.push(readShareGroupDescribeResponseMember(reader, version))
  }
  const authorizedOperations = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: ShareGroupDescribeResponseDescribedGroup = {
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

function readShareGroupDescribeResponseMember(reader: Reader, version: number): ShareGroupDescribeResponseMember {
  const memberId = reader.string(true)
  const rackId = reader.stringOrNull(true)
  const memberEpoch = reader.int32()
  const clientId = reader.string(true)
  const clientHost = reader.string(true)
  const subscribedTopicNames: string[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    subscribedTopicNames.push(reader.string(true))
  }
  const assignment = readShareGroupDescribeResponseAssignment(reader, version)
  const unknownTags = reader.unknownTags()
  const message: ShareGroupDescribeResponseMember = {
    memberId,
    rackId,
    memberEpoch,
    clientId,
    clientHost,
    subscribedTopicNames,
    assignment,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readShareGroupDescribeResponseAssignment(reader: Reader, version: number): ShareGroupDescribeResponseAssignment {
  const topicPartitions: ShareGroupDescribeResponseTopicPartitions[] = []
  for (let left = reader.arrayCount(true, 19); left > 0 && reader.ok; left -= 1) {
    topicPartitions.push(readShareGroupDescribeResponseTopicPartitions(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ShareGroupDescribeResponseAssignment = { topicPartitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readShareGroupDescribeResponseTopicPartitions(reader: Reader, _version: number): ShareGroupDescribeResponseTopicPartitions {
  const topicId = reader.uuid()
  const topicName = reader.string(true)
  const partitions: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(reader.int32())
  }
  const unknownTags = reader.unknownTags()
  const message: ShareGroupDescribeResponseTopicPartitions = { topicId, topicName, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeShareGroupDescribeResponse(
  writer: Writer,
  message: Draft<ShareGroupDescribeResponse>,
  version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const groups = message.groups ?? []
  writer.arrayCount(groups.length, true)
  for (const element of groups) writeShareGroupDescribeResponseDescribedGroup(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeShareGroupDescribeResponseDescribedGroup(
  writer: Writer,
  message: Draft<ShareGroupDescribeResponseDescribedGroup>,
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
  for (const element of members) writeShareGroupDescribeResponseMember(writer, element, version)
  const authorizedOperations = message.authorizedOperations ?? -2147483648
  writer.int32(authorizedOperations)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeShareGroupDescribeResponseMember(
  writer: Writer,
  message: Draft<ShareGroupDescribeResponseMember>,
  version: number,
): void {
  const memberId = message.memberId ?? ''
  writer.string(memberId, true)
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
  const assignment = message.assignment ?? {}
  writeShareGroupDescribeResponseAssignment(writer, assignment, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeShareGroupDescribeResponseAssignment(
  writer: Writer,
  message: Draft<ShareGroupDescribeResponseAssignment>,
  version: number,
): void {
  const topicPartitions = message.topicPartitions ?? []
  writer.arrayCount(topicPartitions.length, true)
  for (const element of topicPartitions) writeShareGroupDescribeResponseTopicPartitions(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeShareGroupDescribeResponseTopicPartitions(
  writer: Writer,
  message: Draft<ShareGroupDescribeResponseTopicPartitions>,
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
