// Generated from schema/records/consumer-group-partition-metadata-key.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const consumerGroupPartitionMetadataKeyLayout: StoredLayout = {
  name: 'ConsumerGroupPartitionMetadataKey',
  apiKey: 4,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'apiKey',
}

export interface ConsumerGroupPartitionMetadataKey {
  groupId: string
}

export function readConsumerGroupPartitionMetadataKey(reader: Reader, _version: number): ConsumerGroupPartitionMetadataKey {
  const groupId = reader.string(false)
  const message: ConsumerGroupPartitionMetadataKey = { groupId }
  return message
}

export function writeConsumerGroupPartitionMetadataKey(
  writer: Writer,
  message: Draft<ConsumerGroupPartitionMetadataKey>,
  _version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, false)
}
