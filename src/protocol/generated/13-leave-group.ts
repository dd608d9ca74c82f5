// Generated from schema/13-leave-group.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const leaveGroupApi: ApiLayout = {
  key: 13,
  name: 'LeaveGroup',
  minVersion: 0,
  maxVersion: 5,
  flexibleVersion: 4,
}

export interface LeaveGroupRequest {
  groupId: string
  memberId: string // until version 2
  members: LeaveGroupRequestMemberIdentity[] // since version 3
  unknownTags?: UnknownTag[]
}

export interface LeaveGroupRequestMemberIdentity {
  memberId: string
  groupInstanceId: string | null
  reason: string | null // version 5
  unknownTags?: UnknownTag[]
}

export function readLeaveGroupRequest(reader: Reader, version: number): LeaveGroupRequest {
  const flexible = version >= 4
  const groupId = reader.string(flexible)
  const memberId = version <= 2 ? reader.string(false) : ''
  const members: LeaveGroupRequestMemberIdentity[] = []
  if (version >= 3) {
    for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
      members.push(readLeaveGroupRequestMemberIdentity(reader, version))
    }
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: LeaveGroupRequest = { groupId, memberId, members }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readLeaveGroupRequestMemberIdentity(reader: Reader, version: number): LeaveGroupRequestMemberIdentity {
  const flexible = version >= 4
  const memberId = reader.string(flexible)
  const groupInstanceId = reader.stringOrNull(flexible)
  const reason = version === 5 ? reader.stringOrNull(true) : null
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: LeaveGroupRequestMemberIdentity = { memberId, groupInstanceId, reason }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeLeaveGroupRequest(
  writer: Writer,
  message: Draft<LeaveGroupRequest>,
  version: number,
): void {
  const flexible = version >= 4
  const groupId = message.groupId ?? ''
  writer.string(groupId, flexible)
  const memberId = message.memberId ?? ''
  if (version <= 2) {
    writer.string(memberId, false)
  } else if (memberId !== '') {
    writer.refuse('LeaveGroupRequest.memberId', version)
  }
  const members = message.members ?? []
  if (version >= 3) {
    writer.arrayCount(members.length, flexible)
    for (const element of members) writeLeaveGroupRequestMemberIdentity(writer, element, version)
  } else if (members.length > 0) {
    writer.refuse('LeaveGroupRequest.members', version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeLeaveGroupRequestMemberIdentity(
  writer: Writer,
  message: Draft<LeaveGroupRequestMemberIdentity>,
  version: number,
): void {
  const flexible = version >= 4
  const memberId = message.memberId ?? ''
  writer.string(memberId, flexible)
  const groupInstanceId = message.groupInstanceId ?? null
  writer.stringOrNull(groupInstanceId, flexible)
  const reason = message.reason ?? null
  if (version === 5) {
    writer.stringOrNull(reason, true)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface LeaveGroupResponse {
  throttleTimeMs: number // since version 1
  errorCode: number
  members: LeaveGroupResponseMemberResponse[] // since version 3
  unknownTags?: UnknownTag[]
}

export interface LeaveGroupResponseMemberResponse {
  memberId: string
  groupInstanceId: string | null
  errorCode: number
  unknownTags?: UnknownTag[]
}

export function readLeaveGroupResponse(reader: Reader, version: number): LeaveGroupResponse {
  const flexible = version >= 4
  const throttleTimeMs = version >= 1 ? reader.int32() : 0
  const errorCode = reader.int16()
  const members: LeaveGroupResponseMemberResponse[] = []
  if (version >= 3) {
    for (let left = reader.arrayCount(flexible, 5); left > 0 && reader.ok; left -= 1) {
      members.push(readLeaveGroupResponseMemberResponse(reader, version))
    }
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: LeaveGroupResponse = { throttleTimeMs, errorCode, members }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readLeaveGroupResponseMemberResponse(reader: Reader, version: number): LeaveGroupResponseMemberResponse {
  const flexible = version >= 4
  const memberId = reader.string(flexible)
  const groupInstanceId = reader.stringOrNull(flexible)
  const errorCode = reader.int16()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: LeaveGroupResponseMemberResponse = { memberId, groupInstanceId, errorCode }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeLeaveGroupResponse(
  writer: Writer,
  message: Draft<LeaveGroupResponse>,
  version: number,
): void {
  const flexible = version >= 4
  const throttleTimeMs = message.throttleTimeMs ?? 0
  if (version >= 1) {
    writer.int32(throttleTimeMs)
  }
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const members = message.members ?? []
  if (version >= 3) {
    writer.arrayCount(members.length, flexible)
    for (const element of members) writeLeaveGroupResponseMemberResponse(writer, element, version)
  } else if (members.length > 0) {
    writer.refuse('LeaveGroupResponse.members', version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeLeaveGroupResponseMemberResponse(
  writer: Writer,
  message: Draft<LeaveGroupResponseMemberResponse>,
  version: number,
): void {
  const flexible = version >= 4
  const memberId = message.memberId ?? ''
  writer.string(memberId, flexible)
  const groupInstanceId = message.groupInstanceId === undefined ? '' : message.groupInstanceId
  writer.stringOrNull(groupInstanceId, flexible)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
