// Generated from schema/data/consumer-protocol-subscription.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const consumerProtocolSubscriptionLayout: StoredLayout = {
  name: 'ConsumerProtocolSubscription',
  apiKey: -1,
  minVersion: 0,
  maxVersion: 3,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'version',
}

export interface ConsumerProtocolSubscription {
  topics: string[]
  userData: Uint8Array | null
  ownedPartitions: ConsumerProtocolSubscriptionTopicPartition[] // since version 1
  generationId: number // since version 2
  rackId: string | null // version 3
}

export interface ConsumerProtocolSubscriptionTopicPartition {
  topic: string
  partitions: number[]
}

export function readConsumerProtocolSubscription(reader: Reader, version: number): ConsumerProtocolSubscription {
  const topics: string[] = []
  for (let left = reader.arrayCount(false, 2); left > 0 && reader.ok; left -= 1) {
    topics.push(reader.string(false))
  }
  const userData = reader.bytesOrNull(false)
  const ownedPartitions: ConsumerProtocolSubscriptionTopicPartition[] = []
  if (version >= 1) {
    for (let left = reader.arrayCount(false, 6); left > 0 && reader.ok; left -= 1) {
      ownedPartitions.push(readConsumerProtocolSubscriptionTopicPartition(reader, version))
    }
  }
  const generationId = version >= 2 ? reader.int32() : -1
  const rackId = version === 3 ? reader.stringOrNull(false) : null
  const message: ConsumerProtocolSubscription = { topics, userData, ownedPartitions, generationId, rackId }
  return message
}

function readConsumerProtocolSubscriptionTopicPartition(reader: Reader, _version: number): ConsumerProtocolSubscriptionTopicPartition {
  const topic = reader.string(false)
  const partitions: number[] = []
  for (let left = reader.arrayCount(false, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(reader.int32())
  }
  const message: ConsumerProtocolSubscriptionTopicPartition = { topic, partitions }
  return message
}

export function writeConsumerProtocolSubscription(
  writer: Writer,
  message: Draft<ConsumerProtocolSubscription>,
  version: number,
): void {
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, false)
  for (const element of topics) writer.string(element, false)
  const userData = message.userData ?? null
  writer.bytesOrNull(userData, false)
  const ownedPartitions = message.ownedPartitions ?? []
  if (version >= 1) {
    writer.arrayCount(ownedPartitions.length, false)
    for (const element of ownedPartitions) writeConsumerProtocolSubscriptionTopicPartition(writer, element, version)
  }
  const generationId = message.generationId ?? -1
  if (version >= 2) {
    writer.int32(generationId)
  }
  const rackId = message.rackId ?? null
  if (version === 3) {
    writer.stringOrNull(rackId, false)
  }
}

function writeConsumerProtocolSubscriptionTopicPartition(
  writer: Writer,
  message: Draft<ConsumerProtocolSubscriptionTopicPartition>,
  _version: number,
): void {
  const topic = message.topic ?? ''
  writer.string(topic, false)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, false)
  for (const element of partitions) writer.int32(element)
}
