// Generated from schema/82-update-raft-voter.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const updateRaftVoterApi: ApiLayout = {
  key: 82,
  name: 'UpdateRaftVoter',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
}

export interface UpdateRaftVoterRequest {
  clusterId: string | null
  currentLeaderEpoch: number
  voterId: number
  voterDirectoryId: string
  listeners: UpdateRaftVoterRequestListener[]
  kRaftVersionFeature: UpdateRaftVoterRequestKRaftVersionFeature
  unknownTags?: UnknownTag[]
}

export interface UpdateRaftVoterRequestListener {
  name: string
  host: string
  port: number
  unknownTags?: UnknownTag[]
}

export interface UpdateRaftVoterRequestKRaftVersionFeature {
  minSupportedVersion: number
  maxSupportedVersion: number
  unknownTags?: UnknownTag[]
}

export function readUpdateRaftVoterRequest(reader: Reader, version: number): UpdateRaftVoterRequest {
  const clusterId = reader.stringOrNull(true)
  const currentLeaderEpoch = reader.int32()
  const voterId = reader.int32()
  const voterDirectoryId = reader.uuid()
  const listeners: UpdateRaftVoterRequestListener[] = []
  for (let left = reader.arrayCount(true, 5); left > 0 && reader.ok; left -= 1) {
    listeners.push(readUpdateRaftVoterRequestListener(reader, version))
  }
  const kRaftVersionFeature = readUpdateRaftVoterRequestKRaftVersionFeature(reader, version)
  const unknownTags = reader.unknownTags()
  const message: UpdateRaftVoterRequest = {
    clusterId,
    currentLeaderEpoch,
    voterId,
    voterDirectoryId,
    listeners,
    kRaftVersionFeature,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readUpdateRaftVoterRequestListener(reader: Reader, _version: number): UpdateRaftVoterRequestListener {
  const name = reader.string(true)
  const host = reader.string(true)
  const port = reader.uint16()
  const unknownTags = reader.unknownTags()
  const message: UpdateRaftVoterRequestListener = { name, host, port }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readUpdateRaftVoterRequestKRaftVersionFeature(reader: Reader, _version: number): UpdateRaftVoterRequestKRaftVersionFeature {
  const minSupportedVersion = reader.int16()
  const maxSupportedVersion = reader.int16()
  const unknownTags = reader.unknownTags()
  const message: UpdateRaftVoterRequestKRaftVersionFeature = { minSupportedVersion, maxSupportedVersion }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeUpdateRaftVoterRequest(
  writer: Writer,
  message: Draft<UpdateRaftVoterRequest>,
  version: number,
): void {
  const clusterId = message.clusterId === undefined ? '' : message.clusterId
  writer.stringOrNull(clusterId, true)
  const currentLeaderEpoch = message.currentLeaderEpoch ?? 0
  writer.int32(currentLeaderEpoch)
  const voterId = message.voterId ?? 0
  writer.int32(voterId)
  const voterDirectoryId = message.voterDirectoryId ?? ZERO_UUID
  writer.uuid(voterDirectoryId)
  const listeners = message.listeners ?? []
  writer.arrayCount(listeners.length, true)
  for (const element of listeners) writeUpdateRaftVoterRequestListener(writer, element, version)
  const kRaftVersionFeature = message.kRaftVersionFeature ?? {}
  writeUpdateRaftVoterRequestKRaftVersionFeature(writer, kRaftVersionFeature, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeUpdateRaftVoterRequestListener(
  writer: Writer,
  message: Draft<UpdateRaftVoterRequestListener>,
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

function writeUpdateRaftVoterRequestKRaftVersionFeature(
  writer: Writer,
  message: Draft<UpdateRaftVoterRequestKRaftVersionFeature>,
  _version: number,
): void {
  const minSupportedVersion = message.minSupportedVersion ?? 0
  writer.int16(minSupportedVersion)
  const maxSupportedVersion = message.maxSupportedVersion ?? 0
  writer.int16(maxSupportedVersion)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface UpdateRaftVoterResponse {
  throttleTimeMs: number
  errorCode: number
  currentLeader: UpdateRaftVoterResponseCurrentLeader
  unknownTags?: UnknownTag[]
}

export interface UpdateRaftVoterResponseCurrentLeader {
  leaderId: number
  leaderEpoch: number
  host: string
  port: number
  unknownTags?: UnknownTag[]
}

export function readUpdateRaftVoterResponse(reader: Reader, version: number): UpdateRaftVoterResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  let currentLeader: UpdateRaftVoterResponseCurrentLeader = defaultUpdateRaftVoterResponseCurrentLeader()
  let unknownTags: UnknownTag[] | undefined
  for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
    const tag = reader.uvarint()
    const endsAt = reader.tagEnd()
    if (tag === 0) {
      currentLeader = readUpdateRaftVoterResponseCurrentLeader(reader, version)
    } else {
      unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
    }
    reader.closeTag(endsAt)
  }
  const message: UpdateRaftVoterResponse = { throttleTimeMs, errorCode, currentLeader }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readUpdateRaftVoterResponseCurrentLeader(reader: Reader, _version: number): UpdateRaftVoterResponseCurrentLeader {
  const leaderId = reader.int32()
  const leaderEpoch = reader.int32()
  const host = reader.string(true)
  const port = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: UpdateRaftVoterResponseCurrentLeader = { leaderId, leaderEpoch, host, port }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeUpdateRaftVoterResponse(
  writer: Writer,
  message: Draft<UpdateRaftVoterResponse>,
  version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const currentLeader = message.currentLeader ?? {}
  const hasCurrentLeader = !isDefaultUpdateRaftVoterResponseCurrentLeader(currentLeader)
  writer.tagCount((hasCurrentLeader ? 1 : 0), message.unknownTags)
  if (hasCurrentLeader) {
    const openedAt = writer.openTag(0)
    writeUpdateRaftVoterResponseCurrentLeader(writer, currentLeader, version)
    writer.closeTag(openedAt)
  }
  writer.unknownTags(message.unknownTags)
}

function writeUpdateRaftVoterResponseCurrentLeader(
  writer: Writer,
  message: Draft<UpdateRaftVoterResponseCurrentLeader>,
  _version: number,
): void {
  const leaderId = message.leaderId ?? -1
  writer.int32(leaderId)
  const leaderEpoch = message.leaderEpoch ?? -1
  writer.int32(leaderEpoch)
  const host = message.host ?? ''
  writer.string(host, true)
  const port = message.port ?? 0
  writer.int32(port)
  writer.onlyUnknownTags(message.unknownTags)
}

function isDefaultUpdateRaftVoterResponseCurrentLeader(message: Draft<UpdateRaftVoterResponseCurrentLeader>): boolean {
  return (
    (message.leaderId ?? -1) === -1
    && (message.leaderEpoch ?? -1) === -1
    && (message.host ?? '') === ''
    && (message.port ?? 0) === 0
    && message.unknownTags === undefined
  )
}

function defaultUpdateRaftVoterResponseCurrentLeader(): UpdateRaftVoterResponseCurrentLeader {
  return { leaderId: -1, leaderEpoch: -1, host: '', port: 0 }
}
