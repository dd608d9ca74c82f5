// Generated from schema/80-add-raft-voter.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const addRaftVoterApi: ApiLayout = {
  key: 80,
  name: 'AddRaftVoter',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 0,
}

export interface AddRaftVoterRequest {
  clusterId: string | null
  timeoutMs: number
  voterId: number
  voterDirectoryId: string
  listeners: AddRaftVoterRequestListener[]
  ackWhenCommitted: boolean // version 1
  unknownTags?: UnknownTag[]
}

export interface AddRaftVoterRequestListener {
  name: string
  host: string
  port: number
  unknownTags?: UnknownTag[]
}

export function readAddRaftVoterRequest(reader: Reader, version: number): AddRaftVoterRequest {
  const clusterId = reader.stringOrNull(true)
  const timeoutMs = reader.int32()
  const voterId = reader.int32()
  const voterDirectoryId = reader.uuid()
  const listeners: AddRaftVoterRequestListener[] = []
  for (let left = reader.arrayCount(true, 5); left > 0 && reader.ok; left -= 1) {
    listeners.push(readAddRaftVoterRequestListener(reader, version))
  }
  const ackWhenCommitted = version === 1 ? reader.bool() : true
  const unknownTags = reader.unknownTags()
  const message: AddRaftVoterRequest = {
    clusterId,
    timeoutMs,
    voterId,
    voterDirectoryId,
    listeners,
    ackWhenCommitted,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAddRaftVoterRequestListener(reader: Reader, _version: number): AddRaftVoterRequestListener {
  const name = reader.string(true)
  const host = reader.string(true)
  const port = reader.uint16()
  const unknownTags = reader.unknownTags()
  const message: AddRaftVoterRequestListener = { name, host, port }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeAddRaftVoterRequest(
  writer: Writer,
  message: Draft<AddRaftVoterRequest>,
  version: number,
): void {
  const clusterId = message.clusterId === undefined ? '' : message.clusterId
  writer.stringOrNull(clusterId, true)
  const timeoutMs = message.timeoutMs ?? 0
  writer.int32(timeoutMs)
  const voterId = message.voterId ?? 0
  writer.int32(voterId)
  const voterDirectoryId = message.voterDirectoryId ?? ZERO_UUID
  writer.uuid(voterDirectoryId)
  const listeners = message.listeners ?? []
  writer.arrayCount(listeners.length, true)
  for (const element of listeners) writeAddRaftVoterRequestListener(writer, element, version)
  const ackWhenCommitted = message.ackWhenCommitted ?? true
  if (version === 1) {
    writer.bool(ackWhenCommitted)
  } else if (ackWhenCommitted !== true) {
    writer.refuse('AddRaftVoterRequest.ackWhenCommitted', version)
  }
  writer.onlyUnknownTags(message.unknownTags)
}

function writeAddRaftVoterRequestListener(
  writer: Writer,
  message: Draft<AddRaftVoterRequestListener>,
  _version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  const host = message.host ?? ''
  writer.string(host, true)
  const port = message.port ?? 0
  writer.uint16(port)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface AddRaftVoterResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  unknownTags?: UnknownTag[]
}

export function readAddRaftVoterResponse(reader: Reader, _version: number): AddRaftVoterResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const unknownTags = reader.unknownTags()
  const message: AddRaftVoterResponse = { throttleTimeMs, errorCode, errorMessage }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeAddRaftVoterResponse(
  writer: Writer,
  message: Draft<AddRaftVoterResponse>,
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
