// Generated from schema/records/group-metadata-value.kafka by `npm run generate`. Do not edit.
import { EMPTY_BYTES } from '../../wire/byte-slice.ts'
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const groupMetadataValueLayout: StoredLayout = {
  name: 'GroupMetadataValue',
  apiKey: 2,
  minVersion: 0,
  maxVersion: 4,
  flexibleVersion: 4,
  prefix: 'version',
}

export interface GroupMetadataValue {
  protocolType: string
  generation: number
  protocol: string | null
  leader: string | null
  currentStateTimestamp: number // since version 2
  members: GroupMetadataValueMemberMetadata[]
  unknownTags?: UnknownTag[]
}

export interface GroupMetadataValueMemberMetadata {
  memberId: string
  groupInstanceId: string | null // since version 3
  clientId: string
  clientHost: string
  rebalanceTimeout: number // since version 1
  sessionTimeout: number
  subscription: Uint8Array
  assignment: Uint8Array
  unknownTags?: UnknownTag[]
}

export function readGroupMetadataValue(reader: Reader, version: number): GroupMetadataValue {
  const flexible = version === 4
  const protocolType = reader.string(flexible)
  const generation = reader.int32()
  const protocol = reader.stringOrNull(flexible)
  const leader = reader.stringOrNull(flexible)
  const currentStateTimestamp = version >= 2 ? reader.int64() : -1
  const members: GroupMetadataValueMemberMetadata[] = []
  for (let left = reader.arrayCount(flexible, 15); left > 0 && reader.ok; left -= 1) {
    members.push(readGroupMetadataValueMemberMetadata(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: GroupMetadataValue = {
    protocolType,
    generation,
    protocol,
    leader,
    currentStateTimestamp,
    members,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readGroupMetadataValueMemberMetadata(reader: Reader, version: number): GroupMetadataValueMemberMetadata {
  const flexible = version === 4
  const memberId = reader.string(flexible)
  const groupInstanceId = version >= 3 ? reader.stringOrNull(flexible) : null
  const clientId = reader.string(flexible)
  const clientHost = reader.string(flexible)
  const rebalanceTimeout = version >= 1 ? reader.int32() : -1
  const sessionTimeout = reader.int32()
  const subscription = reader.bytes(flexible)
  const assignment = reader.bytes(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: GroupMetadataValueMemberMetadata = {
    memberId,
    groupInstanceId,
    clientId,
    clientHost,
    rebalanceTimeout,
    sessionTimeout,
    subscription,
    assignment,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeGroupMetadataValue(
  writer: Writer,
  message: Draft<GroupMetadataValue>,
  version: number,
): void {
  const flexible = version === 4
  const protocolType = message.protocolType ?? ''
  writer.string(protocolType, flexible)
  const generation = message.generation ?? 0
  writer.int32(generation)
  const protocol = message.protocol === undefined ? '' : message.protocol
  writer.stringOrNull(protocol, flexible)
  const leader = message.leader === undefined ? '' : message.leader
  writer.stringOrNull(leader, flexible)
  const currentStateTimestamp = message.currentStateTimestamp ?? -1
  if (version >= 2) {
    writer.int64(currentStateTimestamp)
  }
  const members = message.members ?? []
  writer.arrayCount(members.length, flexible)
  for (const element of members) writeGroupMetadataValueMemberMetadata(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeGroupMetadataValueMemberMetadata(
  writer: Writer,
  message: Draft<GroupMetadataValueMemberMetadata>,
  version: number,
): void {
  const flexible = version === 4
  const memberId = message.memberId ?? ''
  writer.string(memberId, flexible)
  const groupInstanceId = message.groupInstanceId ?? null
  if (version >= 3) {
    writer.stringOrNull(groupInstanceId, flexible)
  }
  const clientId = message.clientId ?? ''
  writer.string(clientId, flexible)
  const clientHost = message.clientHost ?? ''
  writer.string(clientHost, flexible)
  const rebalanceTimeout = message.rebalanceTimeout ?? -1
  if (version >= 1) {
    writer.int32(rebalanceTimeout)
  }
  const sessionTimeout = message.sessionTimeout ?? 0
  writer.int32(sessionTimeout)
  const subscription = message.subscription ?? EMPTY_BYTES
  writer.bytes(subscription, flexible)
  const assignment = message.assignment ?? EMPTY_BYTES
  writer.bytes(assignment, flexible)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
