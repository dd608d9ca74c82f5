// Generated from schema/records/share-group-partition-metadata-value.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../../model/uuid.ts'
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const shareGroupPartitionMetadataValueLayout: StoredLayout = {
  name: 'ShareGroupPartitionMetadataValue',
  apiKey: -1,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'version',
}

export interface ShareGroupPartitionMetadataValue {
  initializedTopics: ShareGroupPartitionMetadataValueTopicPartitionsInfo[]
  deletingTopics: ShareGroupPartitionMetadataValueTopicInfo[]
  unknownTags?: UnknownTag[]
}

export interface ShareGroupPartitionMetadataValueTopicPartitionsInfo {
  topicId: string
  topicName: string
  partitions: number[]
  unknownTags?: UnknownTag[]
}

export interface ShareGroupPartitionMetadataValueTopicInfo {
  topicId: string
  topicName: string
  unknownTags?: UnknownTag[]
}

export function readShareGroupPartitionMetadataValue(reader: Reader, version: number): ShareGroupPartitionMetadataValue {
  const initializedTopics: ShareGroupPartitionMetadataValueTopicPartitionsInfo[] = []
  for (let left = reader.arrayCount(true, 19); left > 0 && reader.ok; left -= 1) {
    initializedTopics.push(readShareGroupPartitionMetadataValueTopicPartitionsInfo(reader, version))
  }
  const deletingTopics: ShareGroupPartitionMetadataValueTopicInfo[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    deletingTopics.push(readShareGroupPartitionMetadataValueTopicInfo(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ShareGroupPartitionMetadataValue = { initializedTopics, deletingTopics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readShareGroupPartitionMetadataValueTopicPartitionsInfo(reader: Reader, _version: number): ShareGroupPartitionMetadataValueTopicPartitionsInfo {
  const topicId = reader.uuid()
  const topicName = reader.string(true)
  const partitions: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(reader.int32())
  }
  const unknownTags = reader.unknownTags()
  const message: ShareGroupPartitionMetadataValueTopicPartitionsInfo = { topicId, topicName, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readShareGroupPartitionMetadataValueTopicInfo(reader: Reader, _version: number): ShareGroupPartitionMetadataValueTopicInfo {
  const topicId = reader.uuid()
  const topicName = reader.string(true)
  const unknownTags = reader.unknownTags()
  const message: ShareGroupPartitionMetadataValueTopicInfo = { topicId, topicName }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeShareGroupPartitionMetadataValue(
  writer: Writer,
  message: Draft<ShareGroupPartitionMetadataValue>,
  version: number,
): void {
  const initializedTopics = message.initializedTopics ?? []
  writer.arrayCount(initializedTopics.length, true)
  for (const element of initializedTopics) writeShareGroupPartitionMetadataValueTopicPartitionsInfo(writer, element, version)
  const deletingTopics = message.deletingTopics ?? []
  writer.arrayCount(deletingTopics.length, true)
  for (const element of deletingTopics) writeShareGroupPartitionMetadataValueTopicInfo(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeShareGroupPartitionMetadataValueTopicPartitionsInfo(
  writer: Writer,
  message: Draft<ShareGroupPartitionMetadataValueTopicPartitionsInfo>,
  _version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const topicName = message.topicName ?? ''
  writer.string(topicName, true)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writer.int32(element)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeShareGroupPartitionMetadataValueTopicInfo(
  writer: Writer,
  message: Draft<ShareGroupPartitionMetadataValueTopicInfo>,
  _version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const topicName = message.topicName ?? ''
  writer.string(topicName, true)
  writer.onlyUnknownTags(message.unknownTags)
}
