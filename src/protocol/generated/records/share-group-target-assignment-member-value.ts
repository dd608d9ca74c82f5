// Generated from schema/records/share-group-target-assignment-member-value.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../../model/uuid.ts'
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const shareGroupTargetAssignmentMemberValueLayout: StoredLayout = {
  name: 'ShareGroupTargetAssignmentMemberValue',
  apiKey: 13,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'version',
}

export interface ShareGroupTargetAssignmentMemberValue {
  topicPartitions: ShareGroupTargetAssignmentMemberValueTopicPartition[]
  unknownTags?: UnknownTag[]
}

export interface ShareGroupTargetAssignmentMemberValueTopicPartition {
  topicId: string
  partitions: number[]
  unknownTags?: UnknownTag[]
}

export function readShareGroupTargetAssignmentMemberValue(reader: Reader, version: number): ShareGroupTargetAssignmentMemberValue {
  const topicPartitions: ShareGroupTargetAssignmentMemberValueTopicPartition[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    topicPartitions.push(readShareGroupTargetAssignmentMemberValueTopicPartition(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ShareGroupTargetAssignmentMemberValue = { topicPartitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readShareGroupTargetAssignmentMemberValueTopicPartition(reader: Reader, _version: number): ShareGroupTargetAssignmentMemberValueTopicPartition {
  const topicId = reader.uuid()
  const partitions: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(reader.int32())
  }
  const unknownTags = reader.unknownTags()
  const message: ShareGroupTargetAssignmentMemberValueTopicPartition = { topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeShareGroupTargetAssignmentMemberValue(
  writer: Writer,
  message: Draft<ShareGroupTargetAssignmentMemberValue>,
  version: number,
): void {
  const topicPartitions = message.topicPartitions ?? []
  writer.arrayCount(topicPartitions.length, true)
  for (const element of topicPartitions) writeShareGroupTargetAssignmentMemberValueTopicPartition(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeShareGroupTargetAssignmentMemberValueTopicPartition(
  writer: Writer,
  message: Draft<ShareGroupTargetAssignmentMemberValueTopicPartition>,
  _version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writer.int32(element)
  writer.onlyUnknownTags(message.unknownTags)
}
