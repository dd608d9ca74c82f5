// Generated from schema/15-describe-groups.kafka by `npm run generate`. Do not edit.
import { EMPTY_BYTES } from '../wire/byte-slice.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const describeGroupsApi: ApiLayout = {
  key: 15,
  name: 'DescribeGroups',
  minVersion: 0,
  maxVersion: 6,
  flexibleVersion: 5,
}

export interface DescribeGroupsRequest {
  groups: string[]
  includeAuthorizedOperations: boolean // since version 3
  unknownTags?: UnknownTag[]
}

export function readDescribeGroupsRequest(reader: Reader, version: number): DescribeGroupsRequest {
  const flexible = version >= 5
  const groups: string[] = []
  for (let left = reader.arrayCount(flexible, 1); left > 0 && reader.ok; left -= 1) {
    groups.push(reader.string(flexible))
  }
  const includeAuthorizedOperations = version >= 3 ? reader.bool() : false
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeGroupsRequest = { groups, includeAuthorizedOperations }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDescribeGroupsRequest(
  writer: Writer,
  message: Draft<DescribeGroupsRequest>,
  version: number,
): void {
  const flexible = version >= 5
  const groups = message.groups ?? []
  writer.arrayCount(groups.length, flexible)
  for (const element of groups) writer.string(element, flexible)
  const includeAuthorizedOperations = message.includeAuthorizedOperations ?? false
  if (version >= 3) {
    writer.bool(includeAuthorizedOperations)
  } else if (includeAuthorizedOperations !== false) {
    writer.refuse('DescribeGroupsRequest.includeAuthorizedOperations', version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface DescribeGroupsResponse {
  throttleTimeMs: number // since version 1
  groups: DescribeGroupsResponseDescribedGroup[]
  unknownTags?: UnknownTag[]
}

export interface DescribeGroupsResponseDescribedGroup {
  errorCode: number
  errorMessage: string | null // version 6
  groupId: string
  groupState: string
  protocolType: string
  protocolData: string
  members: DescribeGroupsResponseDescribedGroupMember[]
  authorizedOperations: number // since version 3
  unknownTags?: UnknownTag[]
}

export interface DescribeGroupsResponseDescribedGroupMember {
  memberId: string
  groupInstanceId: string | null // since version 4
  clientId: string
  clientHost: string
  memberMetadata: Uint8Array
  memberAssignment: Uint8Array
  unknownTags?: UnknownTag[]
}

export function readDescribeGroupsResponse(reader: Reader, version: number): DescribeGroupsResponse {
  const flexible = version >= 5
  const throttleTimeMs = version >= 1 ? reader.int32() : 0
  const groups: DescribeGroupsResponseDescribedGroup[] = []
  for (let left = reader.arrayCount(flexible, 12); left > 0 && reader.ok; left -= 1) {
    groups.push(readDescribeGroupsResponseDescribedGroup(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeGroupsResponse = { throttleTimeMs, groups }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeGroupsResponseDescribedGroup(reader: Reader, version: number): DescribeGroupsResponseDescribedGroup {
  const flexible = version >= 5
  const errorCode = reader.int16()
  const errorMessage = version === 6 ? reader.stringOrNull(true) : null
  const groupId = reader.string(flexible)
  const groupState = reader.string(flexible)
  const protocolType = reader.string(flexible)
  const protocolData = reader.string(flexible)
  const members: DescribeGroupsResponseDescribedGroupMember[] = []
  for (let left = reader.arrayCount(flexible, 7); left > 0 && reader.ok; left -= 1) {
    members.push(readDescribeGroupsResponseDescribedGroupMember(reader, version))
  }
  const authorizedOperations = version >= 3 ? reader.int32() : -2147483648
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeGroupsResponseDescribedGroup = {
    errorCode,
    errorMessage,
    groupId,
    groupState,
    protocolType,
    protocolData,
    members,
    authorizedOperations,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeGroupsResponseDescribedGroupMember(reader: Reader, version: number): DescribeGroupsResponseDescribedGroupMember {
  const flexible = version >= 5
  const memberId = reader.string(flexible)
  const groupInstanceId = version >= 4 ? reader.stringOrNull(flexible) : null
  const clientId = reader.string(flexible)
  const clientHost = reader.string(flexible)
  const memberMetadata = reader.bytes(flexible)
  const memberAssignment = reader.bytes(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeGroupsResponseDescribedGroupMember = {
    memberId,
    groupInstanceId,
    clientId,
    clientHost,
    memberMetadata,
    memberAssignment,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDescribeGroupsResponse(
  writer: Writer,
  message: Draft<DescribeGroupsResponse>,
  version: number,
): void {
  const flexible = version >= 5
  const throttleTimeMs = message.throttleTimeMs ?? 0
  if (version >= 1) {
    writer.int32(throttleTimeMs)
  }
  const groups = message.groups ?? []
  writer.arrayCount(groups.length, flexible)
  for (const element of groups) writeDescribeGroupsResponseDescribedGroup(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDescribeGroupsResponseDescribedGroup(
  writer: Writer,
  message: Draft<DescribeGroupsResponseDescribedGroup>,
  version: number,
): void {
  const flexible = version >= 5
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage ?? null
  if (version === 6) {
    writer.stringOrNull(errorMessage, true)
  } else if (errorMessage !== null) {
    writer.refuse('DescribeGroupsResponseDescribedGroup.errorMessage', version)
  }
  const groupId = message.groupId ?? ''
  writer.string(groupId, flexible)
  const groupState = message.groupState ?? ''
  writer.string(groupState, flexible)
  const protocolType = message.protocolType ?? ''
  writer.string(protocolType, flexible)
  const protocolData = message.protocolData ?? ''
  writer.string(protocolData, flexible)
  const members = message.members ?? []
  writer.arrayCount(members.length, flexible)
  for (const element of members) writeDescribeGroupsResponseDescribedGroupMember(writer, element, version)
  const authorizedOperations = message.authorizedOperations ?? -2147483648
  if (version >= 3) {
    writer.int32(authorizedOperations)
  } else if (authorizedOperations !== -2147483648) {
    writer.refuse('DescribeGroupsResponseDescribedGroup.authorizedOperations', version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDescribeGroupsResponseDescribedGroupMember(
  writer: Writer,
  message: Draft<DescribeGroupsResponseDescribedGroupMember>,
  version: number,
): void {
  const flexible = version >= 5
  const memberId = message.memberId ?? ''
  writer.string(memberId, flexible)
  const groupInstanceId = message.groupInstanceId ?? null
  if (version >= 4) {
    writer.stringOrNull(groupInstanceId, flexible)
  }
  const clientId = message.clientId ?? ''
  writer.string(clientId, flexible)
  const clientHost = message.clientHost ?? ''
  writer.string(clientHost, flexible)
  const memberMetadata = message.memberMetadata ?? EMPTY_BYTES
  writer.bytes(memberMetadata, flexible)
  const memberAssignment = message.memberAssignment ?? EMPTY_BYTES
  writer.bytes(memberAssignment, flexible)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
