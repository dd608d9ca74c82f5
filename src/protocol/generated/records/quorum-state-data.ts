// Generated from schema/records/quorum-state-data.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../../model/uuid.ts'
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const quorumStateDataLayout: StoredLayout = {
  name: 'QuorumStateData',
  apiKey: -1,
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 0,
  prefix: 'none',
}

export interface QuorumStateData {
  clusterId: string // version 0
  leaderId: number
  leaderEpoch: number
  votedId: number
  votedDirectoryId: string // version 1
  appliedOffset: number // version 0
  currentVoters: QuorumStateDataVoter[] | null // version 0
  unknownTags?: UnknownTag[]
}

export interface QuorumStateDataVoter {
  voterId: number
  unknownTags?: UnknownTag[]
}

export function readQuorumStateData(reader: Reader, version: number): QuorumStateData {
  const clusterId = version === 0 ? reader.string(true) : ''
  const leaderId = reader.int32()
  const leaderEpoch = reader.int32()
  const votedId = reader.int32()
  const votedDirectoryId = version === 1 ? reader.uuid() : ZERO_UUID
  const appliedOffset = version === 0 ? reader.int64() : 0
  let currentVoters: QuorumStateDataVoter[] | null = []
  if (version === 0) {
    const currentVotersCount = reader.arrayCountOrNull(true, 5)
    if (currentVotersCount < 0) {
      currentVoters = null
    } else {
      currentVoters = []
      for (let left = currentVotersCount; left > 0 && reader.ok; left -= 1) {
        currentVoters.push(readQuorumStateDataVoter(reader, version))
      }
    }
  }
  const unknownTags = reader.unknownTags()
  const message: QuorumStateData = {
    clusterId,
    leaderId,
    leaderEpoch,
    votedId,
    votedDirectoryId,
    appliedOffset,
    currentVoters,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readQuorumStateDataVoter(reader: Reader, _version: number): QuorumStateDataVoter {
  const voterId = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: QuorumStateDataVoter = { voterId }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeQuorumStateData(
  writer: Writer,
  message: Draft<QuorumStateData>,
  version: number,
): void {
  const clusterId = message.clusterId ?? ''
  if (version === 0) {
    writer.string(clusterId, true)
  } else if (clusterId !== '') {
    writer.refuse('QuorumStateData.clusterId', version)
  }
  const leaderId = message.leaderId ?? -1
  writer.int32(leaderId)
  const leaderEpoch = message.leaderEpoch ?? -1
  writer.int32(leaderEpoch)
  const votedId = message.votedId ?? -1
  writer.int32(votedId)
  const votedDirectoryId = message.votedDirectoryId ?? ZERO_UUID
  if (version === 1) {
    writer.uuid(votedDirectoryId)
  } else if (votedDirectoryId !== ZERO_UUID) {
    writer.refuse('QuorumStateData.votedDirectoryId', version)
  }
  const appliedOffset = message.appliedOffset ?? 0
  if (version === 0) {
    writer.int64(appliedOffset)
  } else if (appliedOffset !== 0) {
    writer.refuse('QuorumStateData.appliedOffset', version)
  }
  const currentVoters = message.currentVoters === undefined ? [] : message.currentVoters
  if (version === 0) {
    writer.arrayCount(currentVoters === null ? -1 : currentVoters.length, true)
    if (currentVoters !== null) {
      for (const element of currentVoters) writeQuorumStateDataVoter(writer, element, version)
    }
  } else if (currentVoters === null || currentVoters.length > 0) {
    writer.refuse('QuorumStateData.currentVoters', version)
  }
  writer.onlyUnknownTags(message.unknownTags)
}

function writeQuorumStateDataVoter(
  writer: Writer,
  message: Draft<QuorumStateDataVoter>,
  _version: number,
): void {
  const voterId = message.voterId ?? 0
  writer.int32(voterId)
  writer.onlyUnknownTags(message.unknownTags)
}
