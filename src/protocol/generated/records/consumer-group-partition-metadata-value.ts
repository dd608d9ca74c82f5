// Generated from schema/records/consumer-group-partition-metadata-value.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../../model/uuid.ts'
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const consumerGroupPartitionMetadataValueLayout: StoredLayout = {
  name: 'ConsumerGroupPartitionMetadataValue',
  apiKey: 4,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'version',
}

export interface ConsumerGroupPartitionMetadataValue {
  topics: ConsumerGroupPartitionMetadataValueTopicMetadata[]
  unknownTags?: UnknownTag[]
}

export interface ConsumerGroupPartitionMetadataValueTopicMetadata {
  topicId: string
  topicName: string
  numPartitions: number
  partitionMetadata: ConsumerGroupPartitionMetadataValuePartitionMetadata[]
  unknownTags?: UnknownTag[]
}

export interface ConsumerGroupPartitionMetadataValuePartitionMetadata {
  partition: number
  racks: string[]
  unknownTags?: UnknownTag[]
}

export function readConsumerGroupPartitionMetadataValue(reader: Reader, version: number): ConsumerGroupPartitionMetadataValue {
  const topics: ConsumerGroupPartitionMetadataValueTopicMetadata[] = []
  for (let left = reader.arrayCount(true, 23); left > 0 && reader.ok; left -= 1) {
    topics.push(readConsumerGroupPartitionMetadataValueTopicMetadata(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ConsumerGroupPartitionMetadataValue = { topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readConsumerGroupPartitionMetadataValueTopicMetadata(reader: Reader, version: number): ConsumerGroupPartitionMetadataValueTopicMetadata {
  const topicId = reader.uuid()
  const topicName = reader.string(true)
  const numPartitions = reader.int32()
  const partitionMetadata: ConsumerGroupPartitionMetadataValuePartitionMetadata[] = []
  for (let left = reader.arrayCount(true, 6); left > 0 && reader.ok; left -= 1) {
    partitionMetadata.push(readConsumerGroupPartitionMetadataValuePartitionMetadata(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ConsumerGroupPartitionMetadataValueTopicMetadata = {
    topicId,
    topicName,
    numPartitions,
    partitionMetadata,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readConsumerGroupPartitionMetadataValuePartitionMetadata(reader: Reader, _version: number): ConsumerGroupPartitionMetadataValuePartitionMetadata {
  const partition = reader.int32()
  const racks: string[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    racks.push(reader.string(true))
  }
  const unknownTags = reader.unknownTags()
  const message: ConsumerGroupPartitionMetadataValuePartitionMetadata = { partition, racks }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeConsumerGroupPartitionMetadataValue(
  writer: Writer,
  message: Draft<ConsumerGroupPartitionMetadataValue>,
  version: number,
): void {
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeConsumerGroupPartitionMetadataValueTopicMetadata(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeConsumerGroupPartitionMetadataValueTopicMetadata(
  writer: Writer,
  message: Draft<ConsumerGroupPartitionMetadataValueTopicMetadata>,
  version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const topicName = message.topicName ?? ''
  writer.string(topicName, true)
  const numPartitions = message.numPartitions ?? 0
  writer.int32(numPartitions)
  const partitionMetadata = message.partitionMetadata ?? []
  writer.arrayCount(partitionMetadata.length, true)
  for (const element of partitionMetadata) writeConsumerGroupPartitionMetadataValuePartitionMetadata(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeConsumerGroupPartitionMetadataValuePartitionMetadata(
  writer: Writer,
  message: Draft<ConsumerGroupPartitionMetadataValuePartitionMetadata>,
  _version: number,
): void {
  const partition = message.partition ?? 0
  writer.int32(partition)
  const racks = message.racks ?? []
  writer.arrayCount(racks.length, true)
  for (const element of racks) writer.string(element, true)
  writer.onlyUnknownTags(message.unknownTags)
}
