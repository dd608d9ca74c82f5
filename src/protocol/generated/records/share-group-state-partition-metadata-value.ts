// Generated from schema/records/share-group-state-partition-metadata-value.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../../model/uuid.ts'
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const shareGroupStatePartitionMetadataValueLayout: StoredLayout = {
  name: 'ShareGroupStatePartitionMetadataValue',
  apiKey: 15,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'version',
}

export interface ShareGroupStatePartitionMetadataValue {
  initializingTopics: ShareGroupStatePartitionMetadataValueTopicPartitionsInfo[]
  initializedTopics: ShareGroupStatePartitionMetadataValueTopicPartitionsInfo[]
  deletingTopics: ShareGroupStatePartitionMetadataValueTopicInfo[]
  unknownTags?: UnknownTag[]
}

export interface ShareGroupStatePartitionMetadataValueTopicPartitionsInfo {
  topicId: string
  topicName: string
  partitions: number[]
  unknownTags?: UnknownTag[]
}

export interface ShareGroupStatePartitionMetadataValueTopicInfo {
  topicId: string
  topicName: string
  unknownTags?: UnknownTag[]
}

export function readShareGroupStatePartitionMetadataValue(reader: Reader, version: number): ShareGroupStatePartitionMetadataValue {
  const initializingTopics: ShareGroupStatePartitionMetadataValueTopicPartitionsInfo[] = []
  for (let left = reader.arrayCount(true, 19); left > 0 && reader.ok; left -= 1) {
    initializingTopics.push(readShareGroupStatePartitionMetadataValueTopicPartitionsInfo(reader, version))
  }
  const initializedTopics: ShareGroupStatePartitionMetadataValueTopicPartitionsInfo[] = []
  for (let left = reader.arrayCount(true, 19); left > 0 && reader.ok; left -= 1) {
    initializedTopics.push(readShareGroupStatePartitionMetadataValueTopicPartitionsInfo(reader, version))
  }
  const deletingTopics: ShareGroupStatePartitionMetadataValueTopicInfo[] = []
  for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
    deletingTopics.push(readShareGroupStatePartitionMetadataValueTopicInfo(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ShareGroupStatePartitionMetadataValue = {
    initializingTopics,
    initializedTopics,
    deletingTopics,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readShareGroupStatePartitionMetadataValueTopicPartitionsInfo(reader: Reader, _version: number): ShareGroupStatePartitionMetadataValueTopicPartitionsInfo {
  const topicId = reader.uuid()
  const topicName = reader.string(true)
  const partitions: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(reader.int32())
  }
  const unknownTags = reader.unknownTags()
  const message: ShareGroupStatePartitionMetadataValueTopicPartitionsInfo = { topicId, topicName, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readShareGroupStatePartitionMetadataValueTopicInfo(reader: Reader, _version: number): ShareGroupStatePartitionMetadataValueTopicInfo {
  const topicId = reader.uuid()
  const topicName = reader.string(true)
  const unknownTags = reader.unknownTags()
  const message: ShareGroupStatePartitionMetadataValueTopicInfo = { topicId, topicName }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeShareGroupStatePartitionMetadataValue(
  writer: Writer,
  message: Draft<ShareGroupStatePartitionMetadataValue>,
  version: number,
): void {
  const initializingTopics = message.initializingTopics ?? []
  writer.arrayCount(initializingTopics.length, true)
  for (const element of initializingTopics) writeShareGroupStatePartitionMetadataValueTopicPartitionsInfo(writer, element, version)
  const initializedTopics = message.initializedTopics ?? []
  writer.arrayCount(initializedTopics.length, true)
  for (const element of initializedTopics) writeShareGroupStatePartitionMetadataValueTopicPartitionsInfo(writer, element, version)
  const deletingTopics = message.deletingTopics ?? []
  writer.arrayCount(deletingTopics.length, true)
  for (const element of deletingTopics) writeShareGroupStatePartitionMetadataValueTopicInfo(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeShareGroupStatePartitionMetadataValueTopicPartitionsInfo(
  writer: Writer,
  message: Draft<ShareGroupStatePartitionMetadataValueTopicPartitionsInfo>,
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

function writeShareGroupStatePartitionMetadataValueTopicInfo(
  writer: Writer,
  message: Draft<ShareGroupStatePartitionMetadataValueTopicInfo>,
  _version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const topicName = message.topicName ?? ''
  writer.string(topicName, true)
  writer.onlyUnknownTags(message.unknownTags)
}
