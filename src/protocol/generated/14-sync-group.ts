// Generated from schema/14-sync-group.kafka by `npm run generate`. Do not edit.
import { EMPTY_BYTES } from '../wire/byte-slice.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const syncGroupApi: ApiLayout = {
  key: 14,
  name: 'SyncGroup',
  minVersion: 0,
  maxVersion: 5,
  flexibleVersion: 4,
}

export interface SyncGroupRequest {
  groupId: string
  generationId: number
  memberId: string
  groupInstanceId: string | null // since version 3
  protocolType: string | null // version 5
  protocolName: string | null // version 5
  assignments: SyncGroupRequestSyncGroupRequestAssignment[]
  unknownTags?: UnknownTag[]
}

export interface SyncGroupRequestSyncGroupRequestAssignment {
  memberId: string
  assignment: Uint8Array
  unknownTags?: UnknownTag[]
}

export function readSyncGroupRequest(reader: Reader, version: number): SyncGroupRequest {
  const flexible = version >= 4
  const groupId = reader.string(flexible)
  const generationId = reader.int32()
  const memberId = reader.string(flexible)
  const groupInstanceId = version >= 3 ? reader.stringOrNull(flexible) : null
  const protocolType = version === 5 ? reader.stringOrNull(true) : null
  const protocolName = version === 5 ? reader.stringOrNull(true) : null
  const assignments: SyncGroupRequestSyncGroupRequestAssignment[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    assignments.push(readSyncGroupRequestSyncGroupRequestAssignment(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: SyncGroupRequest = {
    groupId,
    generationId,
    memberId,
    groupInstanceId,
    protocolType,
    protocolName,
    assignments,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readSyncGroupRequestSyncGroupRequestAssignment(reader: Reader, version: number): SyncGroupRequestSyncGroupRequestAssignment {
  const flexible = version >= 4
  const memberId = reader.string(flexible)
  const assignment = reader.bytes(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: SyncGroupRequestSyncGroupRequestAssignment = { memberId, assignment }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeSyncGroupRequest(
  writer: Writer,
  message: Draft<SyncGroupRequest>,
  version: number,
): void {
  const flexible = version >= 4
  const groupId = message.groupId ?? ''
  writer.string(groupId, flexible)
  const generationId = message.generationId ?? 0
  writer.int32(generationId)
  const memberId = message.memberId ?? ''
  writer.string(memberId, flexible)
  const groupInstanceId = message.groupInstanceId ?? null
  if (version >= 3) {
    writer.stringOrNull(groupInstanceId, flexible)
  } else if (groupInstanceId !== null) {
    writer.refuse('SyncGroupRequest.groupInstanceId', version)
  }
  const protocolType = message.protocolType ?? null
  if (version === 5) {
    writer.stringOrNull(protocolType, true)
  }
  const protocolName = message.protocolName ?? null
  if (version === 5) {
    writer.stringOrNull(protocolName, true)
  }
  const assignments = message.assignments ?? []
  writer.arrayCount(assignments.length, flexible)
  for (const element of assignments) writeSyncGroupRequestSyncGroupRequestAssignment(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeSyncGroupRequestSyncGroupRequestAssignment(
  writer: Writer,
  message: Draft<SyncGroupRequestSyncGroupRequestAssignment>,
  version: number,
): void {
  const flexible = version >= 4
  const memberId = message.memberId ?? ''
  writer.string(memberId, flexible)
  const assignment = message.assignment ?? EMPTY_BYTES
  writer.bytes(assignment, flexible)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface SyncGroupResponse {
  throttleTimeMs: number // since version 1
  errorCode: number
  protocolType: string | null // version 5
  protocolName: string | null // version 5
  assignment: Uint8Array
  unknownTags?: UnknownTag[]
}

export function readSyncGroupResponse(reader: Reader, version: number): SyncGroupResponse {
  const flexible = version >= 4
  const throttleTimeMs = version >= 1 ? reader.int32() : 0
  const errorCode = reader.int16()
  const protocolType = version === 5 ? reader.stringOrNull(true) : null
  const protocolName = version === 5 ? reader.stringOrNull(true) : null
  const assignment = reader.bytes(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: SyncGroupResponse = { throttleTimeMs, errorCode, protocolType, protocolName, assignment }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeSyncGroupResponse(
  writer: Writer,
  message: Draft<SyncGroupResponse>,
  version: number,
): void {
  const flexible = version >= 4
  const throttleTimeMs = message.throttleTimeMs ?? 0
  if (version >= 1) {
    writer.int32(throttleTimeMs)
  }
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const protocolType = message.protocolType ?? null
  if (version === 5) {
    writer.stringOrNull(protocolType, true)
  }
  const protocolName = message.protocolName ?? null
  if (version === 5) {
    writer.stringOrNull(protocolName, true)
  }
  const assignment = message.assignment ?? EMPTY_BYTES
  writer.bytes(assignment, flexible)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
