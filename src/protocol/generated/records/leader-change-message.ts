// Generated from schema/records/leader-change-message.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../../model/uuid.ts'
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const leaderChangeMessageLayout: StoredLayout = {
  name: 'LeaderChangeMessage',
  apiKey: -1,
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 0,
  prefix: 'none',
}

export interface LeaderChangeMessage {
  version: number
  leaderId: number
  voters: LeaderChangeMessageVoter[]
  grantingVoters: LeaderChangeMessageVoter[]
  unknownTags?: UnknownTag[]
}

export interface LeaderChangeMessageVoter {
  voterId: number
  voterDirectoryId: string // version 1
  unknownTags?: UnknownTag[]
}

export function readLeaderChangeMessage(reader: Reader, version: number): LeaderChangeMessage {
  const versionValue = reader.int16()
  const leaderId = reader.int32()
  const voters: LeaderChangeMessageVoter[] = []
  for (let left = reader.arrayCount(true, 5); left > 0 && reader.ok; left -= 1) {
    voters.push(readLeaderChangeMessageVoter(reader, version))
  }
  const grantingVoters: LeaderChangeMessageVoter[] = []
  for (let left = reader.arrayCount(true, 5); left > 0 && reader.ok; left -= 1) {
    grantingVoters.push(readLeaderChangeMessageVoter(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: LeaderChangeMessage = { version: versionValue, leaderId, voters, grantingVoters }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readLeaderChangeMessageVoter(reader: Reader, version: number): LeaderChangeMessageVoter {
  const voterId = reader.int32()
  const voterDirectoryId = version === 1 ? reader.uuid() : ZERO_UUID
  const unknownTags = reader.unknownTags()
  const message: LeaderChangeMessageVoter = { voterId, voterDirectoryId }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeLeaderChangeMessage(
  writer: Writer,
  message: Draft<LeaderChangeMessage>,
  version: number,
): void {
  const versionValue = message.version ?? 0
  writer.int16(versionValue)
  const leaderId = message.leaderId ?? 0
  writer.int32(leaderId)
  const voters = message.voters ?? []
  writer.arrayCount(voters.length, true)
  for (const element of voters) writeLeaderChangeMessageVoter(writer, element, version)
  const grantingVoters = message.grantingVoters ?? []
  writer.arrayCount(grantingVoters.length, true)
  for (const element of grantingVoters) writeLeaderChangeMessageVoter(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeLeaderChangeMessageVoter(
  writer: Writer,
  message: Draft<LeaderChangeMessageVoter>,
  version: number,
): void {
  const voterId = message.voterId ?? 0
  writer.int32(voterId)
  const voterDirectoryId = message.voterDirectoryId ?? ZERO_UUID
  if (version === 1) {
    writer.uuid(voterDirectoryId)
  } else if (voterDirectoryId !== ZERO_UUID) {
    writer.refuse('LeaderChangeMessageVoter.voterDirectoryId', version)
  }
  writer.onlyUnknownTags(message.unknownTags)
}
