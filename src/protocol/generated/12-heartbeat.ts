// Generated from schema/12-heartbeat.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const heartbeatApi: ApiLayout = {
  key: 12,
  name: 'Heartbeat',
  minVersion: 0,
  maxVersion: 4,
  flexibleVersion: 4,
}

export interface HeartbeatRequest {
  groupId: string
  generationId: number
  memberId: string
  groupInstanceId: string | null // since version 3
  unknownTags?: UnknownTag[]
}

export function readHeartbeatRequest(reader: Reader, version: number): HeartbeatRequest {
  const flexible = version === 4
  const groupId = reader.string(flexible)
  const generationId = reader.int32()
  const memberId = reader.string(flexible)
  const groupInstanceId = version >= 3 ? reader.stringOrNull(flexible) : null
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: HeartbeatRequest = { groupId, generationId, memberId, groupInstanceId }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeHeartbeatRequest(
  writer: Writer,
  message: Draft<HeartbeatRequest>,
  version: number,
): void {
  const flexible = version === 4
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
    writer.refuse('HeartbeatRequest.groupInstanceId', version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface HeartbeatResponse {
  throttleTimeMs: number // since version 1
  errorCode: number
  unknownTags?: UnknownTag[]
}

export function readHeartbeatResponse(reader: Reader, version: number): HeartbeatResponse {
  const flexible = version === 4
  const throttleTimeMs = version >= 1 ? reader.int32() : 0
  const errorCode = reader.int16()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: HeartbeatResponse = { throttleTimeMs, errorCode }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeHeartbeatResponse(
  writer: Writer,
  message: Draft<HeartbeatResponse>,
  version: number,
): void {
  const flexible = version === 4
  const throttleTimeMs = message.throttleTimeMs ?? 0
  if (version >= 1) {
    writer.int32(throttleTimeMs)
  }
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
