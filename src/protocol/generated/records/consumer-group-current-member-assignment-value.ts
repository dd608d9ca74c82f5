// Generated from schema/records/consumer-group-current-member-assignment-value.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../../model/uuid.ts'
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const consumerGroupCurrentMemberAssignmentValueLayout: StoredLayout = {
  name: 'ConsumerGroupCurrentMemberAssignmentValue',
  apiKey: 8,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'version',
}

export interface ConsumerGroupCurrentMemberAssignmentValue {
  memberEpoch: number
  previousMemberEpoch: number
  state: number
  assignedPartitions: ConsumerGroupCurrentMemberAssignmentValueTopicPartitions[]
  partitionsPendingRevocation: ConsumerGroupCurrentMemberAssignmentValueTopicPartitions[]
  unknownTags?: UnknownTag[]
}

export interface ConsumerGroupCurrentMemberAssignmentValueTopicPartitions {
  topicId: string
  partitions: number[]
  assignmentEpochs: number[] | null
  unknownTags?: UnknownTag[]
}

export function readConsumerGroupCurrentMemberAssignmentValue(reader: Reader, version: number): ConsumerGroupCurrentMemberAssignmentValue {
  const memberEpoch = reader.int32()
  const previousMemberEpoch = reader.int32()
  const state = reader.int8()
  const assignedPartitions: ConsumerGroupCurrentMemberAssignmentValueTopicPartitions[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    assignedPartitions.push(readConsumerGroupCurrentMemberAssignmentValueTopicPartitions(reader, version))
  }
  const partitionsPendingRevocation: ConsumerGroupCurrentMemberAssignmentValueTopicPartitions[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    partitionsPendingRevocation.push(readConsumerGroupCurrentMemberAssignmentValueTopicPartitions(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ConsumerGroupCurrentMemberAssignmentValue = {
    memberEpoch,
    previousMemberEpoch,
    state,
    assignedPartitions,
    partitionsPendingRevocation,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readConsumerGroupCurrentMemberAssignmentValueTopicPartitions(reader: Reader, _version: number): ConsumerGroupCurrentMemberAssignmentValueTopicPartitions {
  const topicId = reader.uuid()
  const partitions: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(reader.int32())
  }
  let assignmentEpochs: number[] | null = []
  let unknownTags: UnknownTag[] | undefined
  for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
    const tag = reader.uvarint()
    const endsAt = reader.tagEnd()
    if (tag === 0) {
      const assignmentEpochsCount = reader.arrayCountOrNull(true, 4)
      if (assignmentEpochsCount < 0) {
        assignmentEpochs = null
      } else {
        assignmentEpochs = []
        for (let left = assignmentEpochsCount; left > 0 && reader.ok; left -= 1) {
          assignmentEpochs.push(reader.int32())
        }
      }
    } else {
      unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
    }
    reader.closeTag(endsAt)
  }
  const message: ConsumerGroupCurrentMemberAssignmentValueTopicPartitions = {
    topicId,
    partitions,
    assignmentEpochs,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeConsumerGroupCurrentMemberAssignmentValue(
  writer: Writer,
  message: Draft<ConsumerGroupCurrentMemberAssignmentValue>,
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
  for (const element of assignedPartitions) writeConsumerGroupCurrentMemberAssignmentValueTopicPartitions(writer, element, version)
  const partitionsPendingRevocation = message.partitionsPendingRevocation ?? []
  writer.arrayCount(partitionsPendingRevocation.length, true)
  for (const element of partitionsPendingRevocation) writeConsumerGroupCurrentMemberAssignmentValueTopicPartitions(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeConsumerGroupCurrentMemberAssignmentValueTopicPartitions(
  writer: Writer,
  message: Draft<ConsumerGroupCurrentMemberAssignmentValueTopicPartitions>,
  _version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writer.int32(element)
  const assignmentEpochs = message.assignmentEpochs === undefined ? [] : message.assignmentEpochs
  const hasAssignmentEpochs = assignmentEpochs === null || assignmentEpochs.length > 0
  writer.tagCount((hasAssignmentEpochs ? 1 : 0), message.unknownTags)
  if (hasAssignmentEpochs) {
    const openedAt = writer.openTag(0)
    writer.arrayCount(assignmentEpochs === null ? -1 : assignmentEpochs.length, true)
    if (assignmentEpochs !== null) {
      for (const element of assignmentEpochs) writer.int32(element)
    }
    writer.closeTag(openedAt)
  }
  writer.unknownTags(message.unknownTags)
}
