// Generated from schema/records/consumer-group-current-member-assignment-key.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const consumerGroupCurrentMemberAssignmentKeyLayout: StoredLayout = {
  name: 'ConsumerGroupCurrentMemberAssignmentKey',
  apiKey: 8,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'apiKey',
}

export interface ConsumerGroupCurrentMemberAssignmentKey {
  groupId: string
  memberId: string
}

export function readConsumerGroupCurrentMemberAssignmentKey(reader: Reader, _version: number): ConsumerGroupCurrentMemberAssignmentKey {
  const groupId = reader.string(false)
  const memberId = reader.string(false)
  const message: ConsumerGroupCurrentMemberAssignmentKey = { groupId, memberId }
  return message
}

export function writeConsumerGroupCurrentMemberAssignmentKey(
  writer: Writer,
  message: Draft<ConsumerGroupCurrentMemberAssignmentKey>,
  _version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, false)
  const memberId = message.memberId ?? ''
  writer.string(memberId, false)
}
