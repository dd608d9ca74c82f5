// Generated from schema/records/consumer-group-member-metadata-key.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const consumerGroupMemberMetadataKeyLayout: StoredLayout = {
  name: 'ConsumerGroupMemberMetadataKey',
  apiKey: 5,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'apiKey',
}

export interface ConsumerGroupMemberMetadataKey {
  groupId: string
  memberId: string
}

export function readConsumerGroupMemberMetadataKey(reader: Reader, _version: number): ConsumerGroupMemberMetadataKey {
  const groupId = reader.string(false)
  const memberId = reader.string(false)
  const message: ConsumerGroupMemberMetadataKey = { groupId, memberId }
  return message
}

export function writeConsumerGroupMemberMetadataKey(
  writer: Writer,
  message: Draft<ConsumerGroupMemberMetadataKey>,
  _version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, false)
  const memberId = message.memberId ?? ''
  writer.string(memberId, false)
}
