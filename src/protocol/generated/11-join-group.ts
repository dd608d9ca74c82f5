// Generated from schema/11-join-group.kafka by `npm run generate`. Do not edit.
import { EMPTY_BYTES } from '../wire/byte-slice.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const joinGroupApi: ApiLayout = {
  key: 11,
  name: 'JoinGroup',
  minVersion: 0,
  maxVersion: 9,
  flexibleVersion: 6,
}

export interface JoinGroupRequest {
  groupId: string
  sessionTimeoutMs: number
  rebalanceTimeoutMs: number // since version 1
  memberId: string
  groupInstanceId: string | null // since version 5
  protocolType: string
  protocols: JoinGroupRequestJoinGroupRequestProtocol[]
  reason: string | null // since version 8
  unknownTags?: UnknownTag[]
}

export interface JoinGroupRequestJoinGroupRequestProtocol {
  name: string
  metadata: Uint8Array
  unknownTags?: UnknownTag[]
}

export function readJoinGroupRequest(reader: Reader, version: number): JoinGroupRequest {
  const flexible = version >= 6
  const groupId = reader.string(flexible)
  const sessionTimeoutMs = reader.int32()
  const rebalanceTimeoutMs = version >= 1 ? reader.int32() : -1
  const memberId = reader.string(flexible)
  const groupInstanceId = version >= 5 ? reader.stringOrNull(flexible) : null
  const protocolType = reader.string(flexible)
  const protocols: JoinGroupRequestJoinGroupRequestProtocol[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    protocols.push(readJoinGroupRequestJoinGroupRequestProtocol(reader, version))
  }
  const reason = version >= 8 ? reader.stringOrNull(true) : null
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: JoinGroupRequest = {
    groupId,
    sessionTimeoutMs,
    rebalanceTimeoutMs,
    memberId,
    groupInstanceId,
    protocolType,
    protocols,
    reason,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readJoinGroupRequestJoinGroupRequestProtocol(reader: Reader, version: number): JoinGroupRequestJoinGroupRequestProtocol {
  const flexible = version >= 6
  const name = reader.string(flexible)
  const metadata = reader.bytes(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: JoinGroupRequestJoinGroupRequestProtocol = { name, metadata }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeJoinGroupRequest(
  writer: Writer,
  message: Draft<JoinGroupRequest>,
  version: number,
): void {
  const flexible = version >= 6
  const groupId = message.groupId ?? ''
  writer.string(groupId, flexible)
  const sessionTimeoutMs = message.sessionTimeoutMs ?? 0
  writer.int32(sessionTimeoutMs)
  const rebalanceTimeoutMs = message.rebalanceTimeoutMs ?? -1
  if (version >= 1) {
    writer.int32(rebalanceTimeoutMs)
  }
  const memberId = message.memberId ?? ''
  writer.string(memberId, flexible)
  const groupInstanceId = message.groupInstanceId ?? null
  if (version >= 5) {
    writer.stringOrNull(groupInstanceId, flexible)
  } else if (groupInstanceId !== null) {
    writer.refuse('JoinGroupRequest.groupInstanceId', version)
  }
  const protocolType = message.protocolType ?? ''
  writer.string(protocolType, flexible)
  const protocols = message.protocols ?? []
  writer.arrayCount(protocols.length, flexible)
  for (const element of protocols) writeJoinGroupRequestJoinGroupRequestProtocol(writer, element, version)
  const reason = message.reason ?? null
  if (version >= 8) {
    writer.stringOrNull(reason, true)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeJoinGroupRequestJoinGroupRequestProtocol(
  writer: Writer,
  message: Draft<JoinGroupRequestJoinGroupRequestProtocol>,
  version: number,
): void {
  const flexible = version >= 6
  const name = message.name ?? ''
  writer.string(name, flexible)
  const metadata = message.metadata ?? EMPTY_BYTES
  writer.bytes(metadata, flexible)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface JoinGroupResponse {
  throttleTimeMs: number // since version 2
  errorCode: number
  generationId: number
  protocolType: string | null // since version 7
  protocolName: string | null
  leader: string
  skipAssignment: boolean // version 9
  memberId: string
  members: JoinGroupResponseJoinGroupResponseMember[]
  unknownTags?: UnknownTag[]
}

export interface JoinGroupResponseJoinGroupResponseMember {
  memberId: string
  groupInstanceId: string | null // since version 5
  metadata: Uint8Array
  unknownTags?: UnknownTag[]
}

export function readJoinGroupResponse(reader: Reader, version: number): JoinGroupResponse {
  const flexible = version >= 6
  const throttleTimeMs = version >= 2 ? reader.int32() : 0
  const errorCode = reader.int16()
  const generationId = reader.int32()
  const protocolType = version >= 7 ? reader.stringOrNull(true) : null
  const protocolName = version >= 7 ? reader.stringOrNull(flexible) : reader.string(flexible)
  const leader = reader.string(flexible)
  const skipAssignment = version === 9 ? reader.bool() : false
  const memberId = reader.string(flexible)
  const members: JoinGroupResponseJoinGroupResponseMember[] = []
  for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
    members.push(readJoinGroupResponseJoinGroupResponseMember(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: JoinGroupResponse = {
    throttleTimeMs,
    errorCode,
    generationId,
    protocolType,
    protocolName,
    leader,
    skipAssignment,
    memberId,
    members,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readJoinGroupResponseJoinGroupResponseMember(reader: Reader, version: number): JoinGroupResponseJoinGroupResponseMember {
  const flexible = version >= 6
  const memberId = reader.string(flexible)
  const groupInstanceId = version >= 5 ? reader.stringOrNull(flexible) : null
  const metadata = reader.bytes(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: JoinGroupResponseJoinGroupResponseMember = { memberId, groupInstanceId, metadata }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeJoinGroupResponse(
  writer: Writer,
  message: Draft<JoinGroupResponse>,
  version: number,
): void {
  const flexible = version >= 6
  const throttleTimeMs = message.throttleTimeMs ?? 0
  if (version >= 2) {
    writer.int32(throttleTimeMs)
  }
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const generationId = message.generationId ?? -1
  writer.int32(generationId)
  const protocolType = message.protocolType ?? null
  if (version >= 7) {
    writer.stringOrNull(protocolType, true)
  }
  const protocolName = message.protocolName === undefined ? '' : message.protocolName
  if (protocolName === null && !(version >= 7)) writer.refuseNull('JoinGroupResponse.protocolName', version)
  writer.stringOrNull(protocolName, flexible)
  const leader = message.leader ?? ''
  writer.string(leader, flexible)
  const skipAssignment = message.skipAssignment ?? false
  if (version === 9) {
    writer.bool(skipAssignment)
  } else if (skipAssignment !== false) {
    writer.refuse('JoinGroupResponse.skipAssignment', version)
  }
  const memberId = message.memberId ?? ''
  writer.string(memberId, flexible)
  const members = message.members ?? []
  writer.arrayCount(members.length, flexible)
  for (const element of members) writeJoinGroupResponseJoinGroupResponseMember(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeJoinGroupResponseJoinGroupResponseMember(
  writer: Writer,
  message: Draft<JoinGroupResponseJoinGroupResponseMember>,
  version: number,
): void {
  const flexible = version >= 6
  const memberId = message.memberId ?? ''
  writer.string(memberId, flexible)
  const groupInstanceId = message.groupInstanceId ?? null
  if (version >= 5) {
    writer.stringOrNull(groupInstanceId, flexible)
  }
  const metadata = message.metadata ?? EMPTY_BYTES
  writer.bytes(metadata, flexible)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
