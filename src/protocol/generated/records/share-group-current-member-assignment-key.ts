// Generated from schema/records/share-group-current-member-assignment-key.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const shareGroupCurrentMemberAssignmentKeyLayout: StoredLayout = {
  name: 'ShareGroupCurrentMemberAssignmentKey',
  apiKey: 14,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'apiKey',
}

export interface ShareGroupCurrentMemberAssignmentKey {
  groupId: string
  memberId: string
}

export function readShareGroupCurrentMemberAssignmentKey(reader: Reader, _version: number): ShareGroupCurrentMemberAssignmentKey {
  const groupId = reader.string(false)
  const memberId = reader.string(false)
  const message: ShareGroupCurrentMemberAssignmentKey = { groupId, memberId }
  return message
}

export function writeShareGroupCurrentMemberAssignmentKey(
  writer: Writer,
  message: Draft<ShareGroupCurrentMemberAssignmentKey>,
  _version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, false)
  const memberId = message.memberId ?? ''
  writer.string(memberId, false)
}
