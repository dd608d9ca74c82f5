// Generated from schema/records/consumer-group-target-assignment-member-key.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const consumerGroupTargetAssignmentMemberKeyLayout: StoredLayout = {
  name: 'ConsumerGroupTargetAssignmentMemberKey',
  apiKey: 7,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'apiKey',
}

export interface ConsumerGroupTargetAssignmentMemberKey {
  groupId: string
  memberId: string
}

export function readConsumerGroupTargetAssignmentMemberKey(reader: Reader, _version: number): ConsumerGroupTargetAssignmentMemberKey {
  const groupId = reader.string(false)
  const memberId = reader.string(false)
  const message: ConsumerGroupTargetAssignmentMemberKey = { groupId, memberId }
  return message
}

export function writeConsumerGroupTargetAssignmentMemberKey(
  writer: Writer,
  message: Draft<ConsumerGroupTargetAssignmentMemberKey>,
  _version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, false)
  const memberId = message.memberId ?? ''
  writer.string(memberId, false)
}
