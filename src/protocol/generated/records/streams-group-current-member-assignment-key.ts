// Generated from schema/records/streams-group-current-member-assignment-key.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const streamsGroupCurrentMemberAssignmentKeyLayout: StoredLayout = {
  name: 'StreamsGroupCurrentMemberAssignmentKey',
  apiKey: 22,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'apiKey',
}

export interface StreamsGroupCurrentMemberAssignmentKey {
  groupId: string
  memberId: string
}

export function readStreamsGroupCurrentMemberAssignmentKey(reader: Reader, _version: number): StreamsGroupCurrentMemberAssignmentKey {
  const groupId = reader.string(false)
  const memberId = reader.string(false)
  const message: StreamsGroupCurrentMemberAssignmentKey = { groupId, memberId }
  return message
}

export function writeStreamsGroupCurrentMemberAssignmentKey(
  writer: Writer,
  message: Draft<StreamsGroupCurrentMemberAssignmentKey>,
  _version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, false)
  const memberId = message.memberId ?? ''
  writer.string(memberId, false)
}
