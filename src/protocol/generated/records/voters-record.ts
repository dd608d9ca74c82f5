// Generated from schema/records/voters-record.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../../model/uuid.ts'
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const votersRecordLayout: StoredLayout = {
  name: 'VotersRecord',
  apiKey: -1,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'none',
}

export interface VotersRecord {
  version: number
  voters: VotersRecordVoter[]
  unknownTags?: UnknownTag[]
}

export interface VotersRecordVoter {
  voterId: number
  voterDirectoryId: string
  endpoints: VotersRecordEndpoint[]
  kRaftVersionFeature: VotersRecordKRaftVersionFeature
  unknownTags?: UnknownTag[]
}

export interface VotersRecordEndpoint {
  name: string
  host: string
  port: number
  unknownTags?: UnknownTag[]
}

export interface VotersRecordKRaftVersionFeature {
  minSupportedVersion: number
  maxSupportedVersion: number
  unknownTags?: UnknownTag[]
}

export function readVotersRecord(reader: Reader, version: number): VotersRecord {
  const versionValue = reader.int16()
  const voters: VotersRecordVoter[] = []
  for (let left = reader.arrayCount(true, 27); left > 0 && reader.ok; left -= 1) {
    voters.push(readVotersRecordVoter(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: VotersRecord = { version: versionValue, voters }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readVotersRecordVoter(reader: Reader, version: number): VotersRecordVoter {
  const voterId = reader.int32()
  const voterDirectoryId = reader.uuid()
  const endpoints: VotersRecordEndpoint[] = []
  for (let left = reader.arrayCount(true, 5); left > 0 && reader.ok; left -= 1) {
    endpoints.push(readVotersRecordEndpoint(reader, version))
  }
  const kRaftVersionFeature = readVotersRecordKRaftVersionFeature(reader, version)
  const unknownTags = reader.unknownTags()
  const message: VotersRecordVoter = { voterId, voterDirectoryId, endpoints, kRaftVersionFeature }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readVotersRecordEndpoint(reader: Reader, _version: number): VotersRecordEndpoint {
  const name = reader.string(true)
  const host = reader.string(true)
  const port = reader.uint16()
  const unknownTags = reader.unknownTags()
  const message: VotersRecordEndpoint = { name, host, port }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readVotersRecordKRaftVersionFeature(reader: Reader, _version: number): VotersRecordKRaftVersionFeature {
  const minSupportedVersion = reader.int16()
  const maxSupportedVersion = reader.int16()
  const unknownTags = reader.unknownTags()
  const message: VotersRecordKRaftVersionFeature = { minSupportedVersion, maxSupportedVersion }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeVotersRecord(
  writer: Writer,
  message: Draft<VotersRecord>,
  version: number,
): void {
  const versionValue = message.version ?? 0
  writer.int16(versionValue)
  const voters = message.voters ?? []
  writer.arrayCount(voters.length, true)
  for (const element of voters) writeVotersRecordVoter(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeVotersRecordVoter(
  writer: Writer,
  message: Draft<VotersRecordVoter>,
  version: number,
): void {
  const voterId = message.voterId ?? 0
  writer.int32(voterId)
  const voterDirectoryId = message.voterDirectoryId ?? ZERO_UUID
  writer.uuid(voterDirectoryId)
  const endpoints = message.endpoints ?? []
  writer.arrayCount(endpoints.length, true)
  for (const element of endpoints) writeVotersRecordEndpoint(writer, element, version)
  const kRaftVersionFeature = message.kRaftVersionFeature ?? {}
  writeVotersRecordKRaftVersionFeature(writer, kRaftVersionFeature, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeVotersRecordEndpoint(
  writer: Writer,
  message: Draft<VotersRecordEndpoint>,
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

function writeVotersRecordKRaftVersionFeature(
  writer: Writer,
  message: Draft<VotersRecordKRaftVersionFeature>,
  _version: number,
): void {
  const minSupportedVersion = message.minSupportedVersion ?? 0
  writer.int16(minSupportedVersion)
  const maxSupportedVersion = message.maxSupportedVersion ?? 0
  writer.int16(maxSupportedVersion)
  writer.onlyUnknownTags(message.unknownTags)
}
