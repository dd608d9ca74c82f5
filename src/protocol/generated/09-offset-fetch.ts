// Generated from schema/09-offset-fetch.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const offsetFetchApi: ApiLayout = {
  key: 9,
  name: 'OffsetFetch',
  minVersion: 0,
  maxVersion: 10,
  flexibleVersion: 6,
}

export interface OffsetFetchRequest {
  groupId: string // until version 7
  topics: OffsetFetchRequestOffsetFetchRequestTopic[] | null // until version 7
  groups: OffsetFetchRequestOffsetFetchRequestGroup[] // since version 8
  requireStable: boolean // since version 7
  unknownTags?: UnknownTag[]
}

export interface OffsetFetchRequestOffsetFetchRequestTopic {
  name: string
  partitionIndexes: number[]
  unknownTags?: UnknownTag[]
}

export interface OffsetFetchRequestOffsetFetchRequestGroup {
  groupId: string
  memberId: string | null // since version 9
  memberEpoch: number // since version 9
  topics: OffsetFetchRequestOffsetFetchRequestTopics[] | null
  unknownTags?: UnknownTag[]
}

export interface OffsetFetchRequestOffsetFetchRequestTopics {
  name: string // until version 9
  topicId: string // version 10
  partitionIndexes: number[]
  unknownTags?: UnknownTag[]
}

export function readOffsetFetchRequest(reader: Reader, version: number): OffsetFetchRequest {
  const flexible = version >= 6
  const groupId = version <= 7 ? reader.string(flexible) : ''
  let topics: OffsetFetchRequestOffsetFetchRequestTopic[] | null = []
  if (version <= 7) {
    const topicsCount = version >= 2 ? reader.arrayCountOrNull(flexible, 3) : reader.arrayCount(flexible, 3)
    if (topicsCount < 0) {
      topics = null
    } else {
      topics = []
      for (let left = topicsCount; left > 0 && reader.ok; left -= 1) {
        topics.push(readOffsetFetchRequestOffsetFetchRequestTopic(reader, version))
      }
    }
  }
  const groups: OffsetFetchRequestOffsetFetchRequestGroup[] = []
  if (version >= 8) {
    for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
      groups.push(readOffsetFetchRequestOffsetFetchRequestGroup(reader, version))
    }
  }
  const requireStable = version >= 7 ? reader.bool() : false
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: OffsetFetchRequest = { groupId, topics, groups, requireStable }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readOffsetFetchRequestOffsetFetchRequestTopic(reader: Reader, version: number): OffsetFetchRequestOffsetFetchRequestTopic {
  const flexible = version >= 6
  const name = reader.string(flexible)
  const partitionIndexes: number[] = []
  for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
    partitionIndexes.push(reader.int32())
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: OffsetFetchRequestOffsetFetchRequestTopic = { name, partitionIndexes }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readOffsetFetchRequestOffsetFetchRequestGroup(reader: Reader, version: number): OffsetFetchRequestOffsetFetchRequestGroup {
  const groupId = reader.string(true)
  const memberId = version >= 9 ? reader.stringOrNull(true) : null
  const memberEpoch = version >= 9 ? reader.int32() : -1
  let topics: OffsetFetchRequestOffsetFetchRequestTopics[] | null = []
  const topicsCount = reader.arrayCountOrNull(true, 3)
  if (topicsCount < 0) {
    topics = null
  } else {
    topics = []
    for (let left = topicsCount; left > 0 && reader.ok; left -= 1) {
      topics.push(readOffsetFetchRequestOffsetFetchRequestTopics(reader, version))
    }
  }
  const unknownTags = reader.unknownTags()
  const message: OffsetFetchRequestOffsetFetchRequestGroup = { groupId, memberId, memberEpoch, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readOffsetFetchRequestOffsetFetchRequestTopics(reader: Reader, version: number): OffsetFetchRequestOffsetFetchRequestTopics {
  const name = version <= 9 ? reader.string(true) : ''
  const topicId = version === 10 ? reader.uuid() : ZERO_UUID
  const partitionIndexes: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    partitionIndexes.push(reader.int32())
  }
  const unknownTags = reader.unknownTags()
  const message: OffsetFetchRequestOffsetFetchRequestTopics = { name, topicId, partitionIndexes }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeOffsetFetchRequest(
  writer: Writer,
  message: Draft<OffsetFetchRequest>,
  version: number,
): void {
  const flexible = version >= 6
  const groupId = message.groupId ?? ''
  if (version <= 7) {
    writer.string(groupId, flexible)
  } else if (groupId !== '') {
    writer.refuse('OffsetFetchRequest.groupId', version)
  }
  const topics = message.topics === undefined ? [] : message.topics
  if (version <= 7) {
    if (topics === null && !(version >= 2)) writer.refuseNull('OffsetFetchRequest.topics', version)
    writer.arrayCount(topics === null ? -1 : topics.length, flexible)
    if (topics !== null) {
      for (const element of topics) writeOffsetFetchRequestOffsetFetchRequestTopic(writer, element, version)
    }
  } else if (topics === null || topics.length > 0) {
    writer.refuse('OffsetFetchRequest.topics', version)
  }
  const groups = message.groups ?? []
  if (version >= 8) {
    writer.arrayCount(groups.length, true)
    for (const element of groups) writeOffsetFetchRequestOffsetFetchRequestGroup(writer, element, version)
  } else if (groups.length > 0) {
    writer.refuse('OffsetFetchRequest.groups', version)
  }
  const requireStable = message.requireStable ?? false
  if (version >= 7) {
    writer.bool(requireStable)
  } else if (requireStable !== false) {
    writer.refuse('OffsetFetchRequest.requireStable', version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeOffsetFetchRequestOffsetFetchRequestTopic(
  writer: Writer,
  message: Draft<OffsetFetchRequestOffsetFetchRequestTopic>,
  version: number,
): void {
  const flexible = version >= 6
  const name = message.name ?? ''
  writer.string(name, flexible)
  const partitionIndexes = message.partitionIndexes ?? []
  writer.arrayCount(partitionIndexes.length, flexible)
  for (const element of partitionIndexes) writer.int32(element)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeOffsetFetchRequestOffsetFetchRequestGroup(
  writer: Writer,
  message: Draft<OffsetFetchRequestOffsetFetchRequestGroup>,
  version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, true)
  const memberId = message.memberId ?? null
  if (version >= 9) {
    writer.stringOrNull(memberId, true)
  }
  const memberEpoch = message.memberEpoch ?? -1
  if (version >= 9) {
    writer.int32(memberEpoch)
  }
  const topics = message.topics === undefined ? [] : message.topics
  writer.arrayCount(topics === null ? -1 : topics.length, true)
  if (topics !== null) {
    for (const element of topics) writeOffsetFetchRequestOffsetFetchRequestTopics(writer, element, version)
  }
  writer.onlyUnknownTags(message.unknownTags)
}

function writeOffsetFetchRequestOffsetFetchRequestTopics(
  writer: Writer,
  message: Draft<OffsetFetchRequestOffsetFetchRequestTopics>,
  version: number,
): void {
  const name = message.name ?? ''
  if (version <= 9) {
    writer.string(name, true)
  }
  const topicId = message.topicId ?? ZERO_UUID
  if (version === 10) {
    writer.uuid(topicId)
  }
  const partitionIndexes = message.partitionIndexes ?? []
  writer.arrayCount(partitionIndexes.length, true)
  for (const element of partitionIndexes) writer.int32(element)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface OffsetFetchResponse {
  throttleTimeMs: number // since version 3
  topics: OffsetFetchResponseOffsetFetchResponseTopic[] // until version 7
  errorCode: number // versions 2 to 7
  groups: OffsetFetchResponseOffsetFetchResponseGroup[] // since version 8
  unknownTags?: UnknownTag[]
}

export interface OffsetFetchResponseOffsetFetchResponseTopic {
  name: string
  partitions: OffsetFetchResponseOffsetFetchResponsePartition[]
  unknownTags?: UnknownTag[]
}

export interface OffsetFetchResponseOffsetFetchResponsePartition {
  partitionIndex: number
  committedOffset: number
  committedLeaderEpoch: number // since version 5
  metadata: string | null
  errorCode: number
  unknownTags?: UnknownTag[]
}

export interface OffsetFetchResponseOffsetFetchResponseGroup {
  groupId: string
  topics: OffsetFetchResponseOffsetFetchResponseTopics[]
  errorCode: number
  unknownTags?: UnknownTag[]
}

export interface OffsetFetchResponseOffsetFetchResponseTopics {
  name: string // until version 9
  topicId: string // version 10
  partitions: OffsetFetchResponseOffsetFetchResponsePartitions[]
  unknownTags?: UnknownTag[]
}

export interface OffsetFetchResponseOffsetFetchResponsePartitions {
  partitionIndex: number
  committedOffset: number
  committedLeaderEpoch: number
  metadata: string | null
  errorCode: number
  unknownTags?: UnknownTag[]
}

export function readOffsetFetchResponse(reader: Reader, version: number): OffsetFetchResponse {
  const flexible = version >= 6
  const throttleTimeMs = version >= 3 ? reader.int32() : 0
  const topics: OffsetFetchResponseOffsetFetchResponseTopic[] = []
  if (version <= 7) {
    for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
      topics.push(readOffsetFetchResponseOffsetFetchResponseTopic(reader, version))
    }
  }
  const errorCode = version >= 2 && version <= 7 ? reader.int16() : 0
  const groups: OffsetFetchResponseOffsetFetchResponseGroup[] = []
  if (version >= 8) {
    for (let left = reader.arrayCount(true, 5); left > 0 && reader.ok; left -= 1) {
      groups.push(readOffsetFetchResponseOffsetFetchResponseGroup(reader, version))
    }
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: OffsetFetchResponse = { throttleTimeMs, topics, errorCode, groups }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readOffsetFetchResponseOffsetFetchResponseTopic(reader: Reader, version: number): OffsetFetchResponseOffsetFetchResponseTopic {
  const flexible = version >= 6
  const name = reader.string(flexible)
  const partitions: OffsetFetchResponseOffsetFetchResponsePartition[] = []
  for (let left = reader.arrayCount(flexible, 16); left > 0 && reader.ok; left -= 1) {
    partitions.push(readOffsetFetchResponseOffsetFetchResponsePartition(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: OffsetFetchResponseOffsetFetchResponseTopic = { name, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readOffsetFetchResponseOffsetFetchResponsePartition(reader: Reader, version: number): OffsetFetchResponseOffsetFetchResponsePartition {
  const flexible = version >= 6
  const partitionIndex = reader.int32()
  const committedOffset = reader.int64()
  const committedLeaderEpoch = version >= 5 ? reader.int32() : -1
  const metadata = reader.stringOrNull(flexible)
  const errorCode = reader.int16()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: OffsetFetchResponseOffsetFetchResponsePartition = {
    partitionIndex,
    committedOffset,
    committedLeaderEpoch,
    metadata,
    errorCode,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readOffsetFetchResponseOffsetFetchResponseGroup(reader: Reader, version: number): OffsetFetchResponseOffsetFetchResponseGroup {
  const groupId = reader.string(true)
  const topics: OffsetFetchResponseOffsetFetchResponseTopics[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readOffsetFetchResponseOffsetFetchResponseTopics(reader, version))
  }
  const errorCode = reader.int16()
  const unknownTags = reader.unknownTags()
  const message: OffsetFetchResponseOffsetFetchResponseGroup = { groupId, topics, errorCode }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readOffsetFetchResponseOffsetFetchResponseTopics(reader: Reader, version: number): OffsetFetchResponseOffsetFetchResponseTopics {
  const name = version <= 9 ? reader.string(true) : ''
  const topicId = version === 10 ? reader.uuid() : ZERO_UUID
  const partitions: OffsetFetchResponseOffsetFetchResponsePartitions[] = []
  for (let left = reader.arrayCount(true, 20); left > 0 && reader.ok; left -= 1) {
    partitions.push(readOffsetFetchResponseOffsetFetchResponsePartitions(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: OffsetFetchResponseOffsetFetchResponseTopics = { name, topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readOffsetFetchResponseOffsetFetchResponsePartitions(reader: Reader, _version: number): OffsetFetchResponseOffsetFetchResponsePartitions {
  const partitionIndex = reader.int32()
  const committedOffset = reader.int64()
  const committedLeaderEpoch = reader.int32()
  const metadata = reader.stringOrNull(true)
  const errorCode = reader.int16()
  const unknownTags = reader.unknownTags()
  const message: OffsetFetchResponseOffsetFetchResponsePartitions = {
    partitionIndex,
    committedOffset,
    committedLeaderEpoch,
    metadata,
    errorCode,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeOffsetFetchResponse(
  writer: Writer,
  message: Draft<OffsetFetchResponse>,
  version: number,
): void {
  const flexible = version >= 6
  const throttleTimeMs = message.throttleTimeMs ?? 0
  if (version >= 3) {
    writer.int32(throttleTimeMs)
  }
  const topics = message.topics ?? []
  if (version <= 7) {
    writer.arrayCount(topics.length, flexible)
    for (const element of topics) writeOffsetFetchResponseOffsetFetchResponseTopic(writer, element, version)
  } else if (topics.length > 0) {
    writer.refuse('OffsetFetchResponse.topics', version)
  }
  const errorCode = message.errorCode ?? 0
  if (version >= 2 && version <= 7) {
    writer.int16(errorCode)
  }
  const groups = message.groups ?? []
  if (version >= 8) {
    writer.arrayCount(groups.length, true)
    for (const element of groups) writeOffsetFetchResponseOffsetFetchResponseGroup(writer, element, version)
  } else if (groups.length > 0) {
    writer.refuse('OffsetFetchResponse.groups', version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeOffsetFetchResponseOffsetFetchResponseTopic(
  writer: Writer,
  message: Draft<OffsetFetchResponseOffsetFetchResponseTopic>,
  version: number,
): void {
  const flexible = version >= 6
  const name = message.name ?? ''
  writer.string(name, flexible)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, flexible)
  for (const element of partitions) writeOffsetFetchResponseOffsetFetchResponsePartition(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeOffsetFetchResponseOffsetFetchResponsePartition(
  writer: Writer,
  message: Draft<OffsetFetchResponseOffsetFetchResponsePartition>,
  version: number,
): void {
  const flexible = version >= 6
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const committedOffset = message.committedOffset ?? 0
  writer.int64(committedOffset)
  const committedLeaderEpoch = message.committedLeaderEpoch ?? -1
  if (version >= 5) {
    writer.int32(committedLeaderEpoch)
  }
  const metadata = message.metadata === undefined ? '' : message.metadata
  writer.stringOrNull(metadata, flexible)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeOffsetFetchResponseOffsetFetchResponseGroup(
  writer: Writer,
  message: Draft<OffsetFetchResponseOffsetFetchResponseGroup>,
  version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, true)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeOffsetFetchResponseOffsetFetchResponseTopics(writer, element, version)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeOffsetFetchResponseOffsetFetchResponseTopics(
  writer: Writer,
  message: Draft<OffsetFetchResponseOffsetFetchResponseTopics>,
  version: number,
): void {
  const name = message.name ?? ''
  if (version <= 9) {
    writer.string(name, true)
  }
  const topicId = message.topicId ?? ZERO_UUID
  if (version === 10) {
    writer.uuid(topicId)
  }
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeOffsetFetchResponseOffsetFetchResponsePartitions(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeOffsetFetchResponseOffsetFetchResponsePartitions(
  writer: Writer,
  message: Draft<OffsetFetchResponseOffsetFetchResponsePartitions>,
  _version: number,
): void {
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const committedOffset = message.committedOffset ?? 0
  writer.int64(committedOffset)
  const committedLeaderEpoch = message.committedLeaderEpoch ?? -1
  writer.int32(committedLeaderEpoch)
  const metadata = message.metadata === undefined ? '' : message.metadata
  writer.stringOrNull(metadata, true)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  writer.onlyUnknownTags(message.unknownTags)
}
