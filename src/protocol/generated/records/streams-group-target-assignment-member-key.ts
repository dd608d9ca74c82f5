// Generated from schema/records/streams-group-target-assignment-member-key.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const streamsGroupTargetAssignmentMemberKeyLayout: StoredLayout = {
  name: 'StreamsGroupTargetAssignmentMemberKey',
  apiKey: 21,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'apiKey',
}

export interface StreamsGroupTargetAssignmentMemberKey {
  groupId: string
  memberId: string
}

export function readStreamsGroupTargetAssignmentMemberKey(reader: Reader, _version: number): StreamsGroupTargetAssignmentMemberKey {
  const groupId = reader.string(false)
  const memberId = reader.string(false)
  const message: StreamsGroupTargetAssignmentMemberKey = { groupId, memberId }
  return message
}

export function writeStreamsGroupTargetAssignmentMemberKey(
  writer: Writer,
  message: Draft<StreamsGroupTargetAssignmentMemberKey>,
  _version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, false)
  const memberId = message.memberId ?? ''
  writer.string(memberId, false)
}
