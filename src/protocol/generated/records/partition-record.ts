// Generated from schema/records/partition-record.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../../model/uuid.ts'
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const partitionRecordLayout: StoredLayout = {
  name: 'PartitionRecord',
  apiKey: 3,
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: 0,
  prefix: 'metadata',
}

export interface PartitionRecord {
  partitionId: number
  topicId: string
  replicas: number[]
  isr: number[]
  removingReplicas: number[]
  addingReplicas: number[]
  leader: number
  leaderRecoveryState: number
  leaderEpoch: number
  partitionEpoch: number
  directories: string[] // since version 1
  eligibleLeaderReplicas: number[] | null // version 2
  lastKnownElr: number[] | null // version 2
  unknownTags?: UnknownTag[]
}

export function readPartitionRecord(reader: Reader, version: number): PartitionRecord {
  const partitionId = reader.int32()
  const topicId = reader.uuid()
  const replicas: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    replicas.push(reader.int32())
  }
  const isr: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    isr.push(reader.int32())
  }
  const removingReplicas: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    removingReplicas.push(reader.int32())
  }
  const addingReplicas: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    addingReplicas.push(reader.int32())
  }
  const leader = reader.int32()
  const leaderEpoch = reader.int32()
  const partitionEpoch = reader.int32()
  const directories: string[] = []
  if (version >= 1) {
    for (let left = reader.arrayCount(true, 16); left > 0 && reader.ok; left -= 1) {
      directories.push(reader.uuid())
    }
  }
  let leaderRecoveryState: number = 0
  let eligibleLeaderReplicas: number[] | null = null
  let lastKnownElr: number[] | null = null
  let unknownTags: UnknownTag[] | undefined
  for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
    const tag = reader.uvarint()
    const endsAt = reader.tagEnd()
    if (tag === 0) {
      leaderRecoveryState = reader.int8()
    } else if (tag === 1 && version === 2) {
      const eligibleLeaderReplicasCount = reader.arrayCountOrNull(true, 4)
      if (eligibleLeaderReplicasCount < 0) {
        eligibleLeaderReplicas = null
      } else {
        eligibleLeaderReplicas = []
        for (let left = eligibleLeaderReplicasCount; left > 0 && reader.ok; left -= 1) {
          eligibleLeaderReplicas.push(reader.int32())
        }
      }
    } else if (tag === 2 && version === 2) {
      const lastKnownElrCount = reader.arrayCountOrNull(true, 4)
      if (lastKnownElrCount < 0) {
        lastKnownElr = null
      } else {
        lastKnownElr = []
        for (let left = lastKnownElrCount; left > 0 && reader.ok; left -= 1) {
          lastKnownElr.push(reader.int32())
        }
      }
    } else {
      unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
    }
    reader.closeTag(endsAt)
  }
  const message: PartitionRecord = {
    partitionId,
    topicId,
    replicas,
    isr,
    removingReplicas,
    addingReplicas,
    leader,
    leaderRecoveryState,
    leaderEpoch,
    partitionEpoch,
    directories,
    eligibleLeaderReplicas,
    lastKnownElr,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writePartitionRecord(
  writer: Writer,
  message: Draft<PartitionRecord>,
  version: number,
): void {
  const partitionId = message.partitionId ?? -1
  writer.int32(partitionId)
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const replicas = message.replicas ?? []
  writer.arrayCount(replicas.length, true)
  for (const element of replicas) writer.int32(element)
  const isr = message.isr ?? []
  writer.arrayCount(isr.length, true)
  for (const element of isr) writer.int32(element)
  const removingReplicas = message.removingReplicas ?? []
  writer.arrayCount(removingReplicas.length, true)
  for (const element of removingReplicas) writer.int32(element)
  const addingReplicas = message.addingReplicas ?? []
  writer.arrayCount(addingReplicas.length, true)
  for (const element of addingReplicas) writer.int32(element)
  const leader = message.leader ?? -1
  writer.int32(leader)
  const leaderRecoveryState = message.leaderRecoveryState ?? 0
  const leaderEpoch = message.leaderEpoch ?? -1
  writer.int32(leaderEpoch)
  const partitionEpoch = message.partitionEpoch ?? -1
  writer.int32(partitionEpoch)
  const directories = message.directories ?? []
  if (version >= 1) {
    writer.arrayCount(directories.length, true)
    for (const element of directories) writer.uuid(element)
  } else if (directories.length > 0) {
    writer.refuse('PartitionRecord.directories', version)
  }
  const eligibleLeaderReplicas = message.eligibleLeaderReplicas ?? null
  if (!(version === 2) && eligibleLeaderReplicas !== null) writer.refuse('PartitionRecord.eligibleLeaderReplicas', version)
  const lastKnownElr = message.lastKnownElr ?? null
  if (!(version === 2) && lastKnownElr !== null) writer.refuse('PartitionRecord.lastKnownElr', version)
  const hasLeaderRecoveryState = leaderRecoveryState !== 0
  const hasEligibleLeaderReplicas = version === 2 && eligibleLeaderReplicas !== null
  const hasLastKnownElr = version === 2 && lastKnownElr !== null
  writer.tagCount((hasLeaderRecoveryState ? 1 : 0) + (hasEligibleLeaderReplicas ? 1 : 0) + (hasLastKnownElr ? 1 : 0), message.unknownTags)
  if (hasLeaderRecoveryState) {
    const openedAt = writer.openTag(0)
    writer.int8(leaderRecoveryState)
    writer.closeTag(openedAt)
  }
  if (hasEligibleLeaderReplicas) {
    const openedAt = writer.openTag(1)
    writer.arrayCount(eligibleLeaderReplicas === null ? -1 : eligibleLeaderReplicas.length, true)
    if (eligibleLeaderReplicas !== null) {
      for (const element of eligibleLeaderReplicas) writer.int32(element)
    }
    writer.closeTag(openedAt)
  }
  if (hasLastKnownElr) {
    const openedAt = writer.openTag(2)
    writer.arrayCount(lastKnownElr === null ? -1 : lastKnownElr.length, true)
    if (lastKnownElr !== null) {
      for (const element of lastKnownElr) writer.int32(element)
    }
    writer.closeTag(openedAt)
  }
  writer.unknownTags(message.unknownTags)
}
