// Generated from schema/records/partition-change-record.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../../model/uuid.ts'
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const partitionChangeRecordLayout: StoredLayout = {
  name: 'PartitionChangeRecord',
  apiKey: 5,
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: 0,
  prefix: 'metadata',
}

export interface PartitionChangeRecord {
  partitionId: number
  topicId: string
  isr: number[] | null
  leader: number
  replicas: number[] | null
  removingReplicas: number[] | null
  addingReplicas: number[] | null
  leaderRecoveryState: number
  directories: string[] | null // since version 1
  eligibleLeaderReplicas: number[] | null // version 2
  lastKnownElr: number[] | null // version 2
  unknownTags?: UnknownTag[]
}

export function readPartitionChangeRecord(reader: Reader, version: number): PartitionChangeRecord {
  const partitionId = reader.int32()
  const topicId = reader.uuid()
  let isr: number[] | null = null
  let leader: number = -2
  let replicas: number[] | null = null
  let removingReplicas: number[] | null = null
  let addingReplicas: number[] | null = null
  let leaderRecoveryState: number = -1
  let eligibleLeaderReplicas: number[] | null = null
  let lastKnownElr: number[] | null = null
  let directories: string[] | null = null
  let unknownTags: UnknownTag[] | undefined
  for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
    const tag = reader.uvarint()
    const endsAt = reader.tagEnd()
    if (tag === 0) {
      const isrCount = reader.arrayCountOrNull(true, 4)
      if (isrCount < 0) {
        isr = null
      } else {
        isr = []
        for (let left = isrCount; left > 0 && reader.ok; left -= 1) {
          isr.push(reader.int32())
        }
      }
    } else if (tag === 1) {
      leader = reader.int32()
    } else if (tag === 2) {
      const replicasCount = reader.arrayCountOrNull(true, 4)
      if (replicasCount < 0) {
        replicas = null
      } else {
        replicas = []
        for (let left = replicasCount; left > 0 && reader.ok; left -= 1) {
          replicas.push(reader.int32())
        }
      }
    } else if (tag === 3) {
      const removingReplicasCount = reader.arrayCountOrNull(true, 4)
      if (removingReplicasCount < 0) {
        removingReplicas = null
      } else {
        removingReplicas = []
        for (let left = removingReplicasCount; left > 0 && reader.ok; left -= 1) {
          removingReplicas.push(reader.int32())
        }
      }
    } else if (tag === 4) {
      const addingReplicasCount = reader.arrayCountOrNull(true, 4)
      if (addingReplicasCount < 0) {
        addingReplicas = null
      } else {
        addingReplicas = []
        for (let left = addingReplicasCount; left > 0 && reader.ok; left -= 1) {
          addingReplicas.push(reader.int32())
        }
      }
    } else if (tag === 5) {
      leaderRecoveryState = reader.int8()
    } else if (tag === 6 && version === 2) {
      const eligibleLeaderReplicasCount = reader.arrayCountOrNull(true, 4)
      if (eligibleLeaderReplicasCount < 0) {
        eligibleLeaderReplicas = null
      } else {
        eligibleLeaderReplicas = []
        for (let left = eligibleLeaderReplicasCount; left > 0 && reader.ok; left -= 1) {
          eligibleLeaderReplicas.push(reader.int32())
        }
      }
    } else if (tag === 7 && version === 2) {
      const lastKnownElrCount = reader.arrayCountOrNull(true, 4)
      if (lastKnownElrCount < 0) {
        lastKnownElr = null
      } else {
        lastKnownElr = []
        for (let left = lastKnownElrCount; left > 0 && reader.ok; left -= 1) {
          lastKnownElr.push(reader.int32())
        }
      }
    } else if (tag === 8 && version >= 1) {
      const directoriesCount = reader.arrayCountOrNull(true, 16)
      if (directoriesCount < 0) {
        directories = null
      } else {
        directories = []
        for (let left = directoriesCount; left > 0 && reader.ok; left -= 1) {
          directories.push(reader.uuid())
        }
      }
    } else {
      unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
    }
    reader.closeTag(endsAt)
  }
  const message: PartitionChangeRecord = {
    partitionId,
    topicId,
    isr,
    leader,
    replicas,
    removingReplicas,
    addingReplicas,
    leaderRecoveryState,
    directories,
    eligibleLeaderReplicas,
    lastKnownElr,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writePartitionChangeRecord(
  writer: Writer,
  message: Draft<PartitionChangeRecord>,
  version: number,
): void {
  const partitionId = message.partitionId ?? -1
  writer.int32(partitionId)
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const isr = message.isr ?? null
  const leader = message.leader ?? -2
  const replicas = message.replicas ?? null
  const removingReplicas = message.removingReplicas ?? null
  const addingReplicas = message.addingReplicas ?? null
  const leaderRecoveryState = message.leaderRecoveryState ?? -1
  const directories = message.directories ?? null
  if (!(version >= 1) && directories !== null) writer.refuse('PartitionChangeRecord.directories', version)
  const eligibleLeaderReplicas = message.eligibleLeaderReplicas ?? null
  if (!(version === 2) && eligibleLeaderReplicas !== null) writer.refuse('PartitionChangeRecord.eligibleLeaderReplicas', version)
  const lastKnownElr = message.lastKnownElr ?? null
  if (!(version === 2) && lastKnownElr !== null) writer.refuse('PartitionChangeRecord.lastKnownElr', version)
  const hasIsr = isr !== null
  const hasLeader = leader !== -2
  const hasReplicas = replicas !== null
  const hasRemovingReplicas = removingReplicas !== null
  const hasAddingReplicas = addingReplicas !== null
  const hasLeaderRecoveryState = leaderRecoveryState !== -1
  const hasEligibleLeaderReplicas = version === 2 && eligibleLeaderReplicas !== null
  const hasLastKnownElr = version === 2 && lastKnownElr !== null
  const hasDirectories = version >= 1 && directories !== null
  writer.tagCount((hasIsr ? 1 : 0) + (hasLeader ? 1 : 0) + (hasReplicas ? 1 : 0) + (hasRemovingReplicas ? 1 : 0) + (hasAddingReplicas ? 1 : 0) + (hasLeaderRecoveryState ? 1 : 0) + (hasEligibleLeaderReplicas ? 1 : 0) + (hasLastKnownElr ? 1 : 0) + (hasDirectories ? 1 : 0), message.unknownTags)
  let keptCount = 0
  keptCount = writer.unknownTagsBelow(message.unknownTags, keptCount, 0)
  if (hasIsr) {
    const openedAt = writer.openTag(0)
    writer.arrayCount(isr === null ? -1 : isr.length, true)
    if (isr !== null) {
      for (const element of isr) writer.int32(element)
    }
    writer.closeTag(openedAt)
  }
  keptCount = writer.unknownTagsBelow(message.unknownTags, keptCount, 1)
  if (hasLeader) {
    const openedAt = writer.openTag(1)
    writer.int32(leader)
    writer.closeTag(openedAt)
  }
  keptCount = writer.unknownTagsBelow(message.unknownTags, keptCount, 2)
  if (hasReplicas) {
    const openedAt = writer.openTag(2)
    writer.arrayCount(replicas === null ? -1 : replicas.length, true)
    if (replicas !== null) {
      for (const element of replicas) writer.int32(element)
    }
    writer.closeTag(openedAt)
  }
  keptCount = writer.unknownTagsBelow(message.unknownTags, keptCount, 3)
  if (hasRemovingReplicas) {
    const openedAt = writer.openTag(3)
    writer.arrayCount(removingReplicas === null ? -1 : removingReplicas.length, true)
    if (removingReplicas !== null) {
      for (const element of removingReplicas) writer.int32(element)
    }
    writer.closeTag(openedAt)
  }
  keptCount = writer.unknownTagsBelow(message.unknownTags, keptCount, 4)
  if (hasAddingReplicas) {
    const openedAt = writer.openTag(4)
    writer.arrayCount(addingReplicas === null ? -1 : addingReplicas.length, true)
    if (addingReplicas !== null) {
      for (const element of addingReplicas) writer.int32(element)
    }
    writer.closeTag(openedAt)
  }
  keptCount = writer.unknownTagsBelow(message.unknownTags, keptCount, 5)
  if (hasLeaderRecoveryState) {
    const openedAt = writer.openTag(5)
    writer.int8(leaderRecoveryState)
    writer.closeTag(openedAt)
  }
  keptCount = writer.unknownTagsBelow(message.unknownTags, keptCount, 6)
  if (hasEligibleLeaderReplicas) {
    const openedAt = writer.openTag(6)
    writer.arrayCount(eligibleLeaderReplicas === null ? -1 : eligibleLeaderReplicas.length, true)
    if (eligibleLeaderReplicas !== null) {
      for (const element of eligibleLeaderReplicas) writer.int32(element)
    }
    writer.closeTag(openedAt)
  }
  keptCount = writer.unknownTagsBelow(message.unknownTags, keptCount, 7)
  if (hasLastKnownElr) {
    const openedAt = writer.openTag(7)
    writer.arrayCount(lastKnownElr === null ? -1 : lastKnownElr.length, true)
    if (lastKnownElr !== null) {
      for (const element of lastKnownElr) writer.int32(element)
    }
    writer.closeTag(openedAt)
  }
  keptCount = writer.unknownTagsBelow(message.unknownTags, keptCount, 8)
  if (hasDirectories) {
    const openedAt = writer.openTag(8)
    writer.arrayCount(directories === null ? -1 : directories.length, true)
    if (directories !== null) {
      for (const element of directories) writer.uuid(element)
    }
    writer.closeTag(openedAt)
  }
  writer.unknownTagsBelow(message.unknownTags, keptCount, Number.POSITIVE_INFINITY)
}
