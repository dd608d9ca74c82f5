// Generated from schema/records/consumer-group-metadata-key.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const consumerGroupMetadataKeyLayout: StoredLayout = {
  name: 'ConsumerGroupMetadataKey',
  apiKey: 3,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'apiKey',
}

export interface ConsumerGroupMetadataKey {
  groupId: string
}

export function readConsumerGroupMetadataKey(reader: Reader, _version: number): ConsumerGroupMetadataKey {
  const groupId = reader.string(false)
  const message: ConsumerGroupMetadataKey = { groupId }
  return message
}

export function writeConsumerGroupMetadataKey(
  writer: Writer,
  message: Draft<ConsumerGroupMetadataKey>,
  _version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, false)
}
