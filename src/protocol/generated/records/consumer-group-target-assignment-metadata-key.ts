// Generated from schema/records/consumer-group-target-assignment-metadata-key.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const consumerGroupTargetAssignmentMetadataKeyLayout: StoredLayout = {
  name: 'ConsumerGroupTargetAssignmentMetadataKey',
  apiKey: 6,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'apiKey',
}

export interface ConsumerGroupTargetAssignmentMetadataKey {
  groupId: string
}

export function readConsumerGroupTargetAssignmentMetadataKey(reader: Reader, _version: number): ConsumerGroupTargetAssignmentMetadataKey {
  const groupId = reader.string(false)
  const message: ConsumerGroupTargetAssignmentMetadataKey = { groupId }
  return message
}

export function writeConsumerGroupTargetAssignmentMetadataKey(
  writer: Writer,
  message: Draft<ConsumerGroupTargetAssignmentMetadataKey>,
  _version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, false)
}
