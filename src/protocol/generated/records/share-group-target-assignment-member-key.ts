// Generated from schema/records/share-group-target-assignment-member-key.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const shareGroupTargetAssignmentMemberKeyLayout: StoredLayout = {
  name: 'ShareGroupTargetAssignmentMemberKey',
  apiKey: 13,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'apiKey',
}

export interface ShareGroupTargetAssignmentMemberKey {
  groupId: string
  memberId: string
}

export function readShareGroupTargetAssignmentMemberKey(reader: Reader, _version: number): ShareGroupTargetAssignmentMemberKey {
  const groupId = reader.string(false)
  const memberId = reader.string(false)
  const message: ShareGroupTargetAssignmentMemberKey = { groupId, memberId }
  return message
}

export function writeShareGroupTargetAssignmentMemberKey(
  writer: Writer,
  message: Draft<ShareGroupTargetAssignmentMemberKey>,
  _version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, false)
  const memberId = message.memberId ?? ''
  writer.string(memberId, false)
}
