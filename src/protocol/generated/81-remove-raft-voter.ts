// Generated from schema/81-remove-raft-voter.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const removeRaftVoterApi: ApiLayout = {
  key: 81,
  name: 'RemoveRaftVoter',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
}

export interface RemoveRaftVoterRequest {
  clusterId: string | null
  voterId: number
  voterDirectoryId: string
  unknownTags?: UnknownTag[]
}

export function readRemoveRaftVoterRequest(reader: Reader, _version: number): RemoveRaftVoterRequest {
  const clusterId = reader.stringOrNull(true)
  const voterId = reader.int32()
  const voterDirectoryId = reader.uuid()
  const unknownTags = reader.unknownTags()
  const message: RemoveRaftVoterRequest = { clusterId, voterId, voterDirectoryId }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeRemoveRaftVoterRequest(
  writer: Writer,
  message: Draft<RemoveRaftVoterRequest>,
  _version: number,
): void {
  const clusterId = message.clusterId === undefined ? '' : message.clusterId
  writer.stringOrNull(clusterId, true)
  const voterId = message.voterId ?? 0
  writer.int32(voterId)
  const voterDirectoryId = message.voterDirectoryId ?? ZERO_UUID
  writer.uuid(voterDirectoryId)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface RemoveRaftVoterResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  unknownTags?: UnknownTag[]
}

export function readRemoveRaftVoterResponse(reader: Reader, _version: number): RemoveRaftVoterResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const unknownTags = reader.unknownTags()
  const message: RemoveRaftVoterResponse = { throttleTimeMs, errorCode, errorMessage }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeRemoveRaftVoterResponse(
  writer: Writer,
  message: Draft<RemoveRaftVoterResponse>,
  _version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage === undefined ? '' : message.errorMessage
  writer.stringOrNull(errorMessage, true)
  writer.onlyUnknownTags(message.unknownTags)
}
