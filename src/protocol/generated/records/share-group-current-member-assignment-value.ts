// Generated from schema/records/share-group-current-member-assignment-value.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../../model/uuid.ts'
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const shareGroupCurrentMemberAssignmentValueLayout: StoredLayout = {
  name: 'ShareGroupCurrentMemberAssignmentValue',
  apiKey: 14,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'version',
}

export interface ShareGroupCurrentMemberAssignmentValue {
  memberEpoch: number
  previousMemberEpoch: number
  state: number
  assignedPartitions: ShareGroupCurrentMemberAssignmentValueTopicPartitions[]
  unknownTags?: UnknownTag[]
}

export interface ShareGroupCurrentMemberAssignmentValueTopicPartitions {
  topicId: string
  partitions: number[]
  unknownTags?: UnknownTag[]
}

export function readShareGroupCurrentMemberAssignmentValue(reader: Reader, version: number): ShareGroupCurrentMemberAssignmentValue {
  const memberEpoch = reader.int32()
  const previousMemberEpoch = reader.int32()
  const state = reader.int8()
  const assignedPartitions: ShareGroupCurrentMemberAssignmentValueTopicPartitions[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    assignedPartitions.push(readShareGroupCurrentMemberAssignmentValueTopicPartitions(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ShareGroupCurrentMemberAssignmentValue = {
    memberEpoch,
    previousMemberEpoch,
    state,
    assignedPartitions,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readShareGroupCurrentMemberAssignmentValueTopicPartitions(reader: Reader, _version: number): ShareGroupCurrentMemberAssignmentValueTopicPartitions {
  const topicId = reader.uuid()
  const partitions: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(reader.int32())
  }
  const unknownTags = reader.unknownTags()
  const message: ShareGroupCurrentMemberAssignmentValueTopicPartitions = { topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeShareGroupCurrentMemberAssignmentValue(
  writer: Writer,
  message: Draft<ShareGroupCurrentMemberAssignmentValue>,
  version: number,
): void {
  const memberEpoch = message.memberEpoch ?? 0
  writer.int32(memberEpoch)
  const previousMemberEpoch = message.previousMemberEpoch ?? 0
  writer.int32(previousMemberEpoch)
  const state = message.state ?? 0
  writer.int8(state)
  const assignedPartitions = message.assignedPartitions ?? []
  writer.arrayCount(assignedPartitions.length, true)
  for (const element of assignedPartitions) writeShareGroupCurrentMemberAssignmentValueTopicPartitions(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeShareGroupCurrentMemberAssignmentValueTopicPartitions(
  writer: Writer,
  message: Draft<ShareGroupCurrentMemberAssignmentValueTopicPartitions>,
  _version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writer.int32(element)
  writer.onlyUnknownTags(message.unknownTags)
}
