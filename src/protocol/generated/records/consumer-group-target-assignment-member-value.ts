// Generated from schema/records/consumer-group-target-assignment-member-value.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../../model/uuid.ts'
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const consumerGroupTargetAssignmentMemberValueLayout: StoredLayout = {
  name: 'ConsumerGroupTargetAssignmentMemberValue',
  apiKey: 7,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'version',
}

export interface ConsumerGroupTargetAssignmentMemberValue {
  topicPartitions: ConsumerGroupTargetAssignmentMemberValueTopicPartition[]
  unknownTags?: UnknownTag[]
}

export interface ConsumerGroupTargetAssignmentMemberValueTopicPartition {
  topicId: string
  partitions: number[]
  unknownTags?: UnknownTag[]
}

export function readConsumerGroupTargetAssignmentMemberValue(reader: Reader, version: number): ConsumerGroupTargetAssignmentMemberValue {
  const topicPartitions: ConsumerGroupTargetAssignmentMemberValueTopicPartition[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    topicPartitions.push(readConsumerGroupTargetAssignmentMemberValueTopicPartition(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ConsumerGroupTargetAssignmentMemberValue = { topicPartitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readConsumerGroupTargetAssignmentMemberValueTopicPartition(reader: Reader, _version: number): ConsumerGroupTargetAssignmentMemberValueTopicPartition {
  const topicId = reader.uuid()
  const partitions: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(reader.int32())
  }
  const unknownTags = reader.unknownTags()
  const message: ConsumerGroupTargetAssignmentMemberValueTopicPartition = { topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeConsumerGroupTargetAssignmentMemberValue(
  writer: Writer,
  message: Draft<ConsumerGroupTargetAssignmentMemberValue>,
  version: number,
): void {
  const topicPartitions = message.topicPartitions ?? []
  writer.arrayCount(topicPartitions.length, true)
  for (const element of topicPartitions) writeConsumerGroupTargetAssignmentMemberValueTopicPartition(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeConsumerGroupTargetAssignmentMemberValueTopicPartition(
  writer: Writer,
  message: Draft<ConsumerGroupTargetAssignmentMemberValueTopicPartition>,
  _version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writer.int32(element)
  writer.onlyUnknownTags(message.unknownTags)
}
