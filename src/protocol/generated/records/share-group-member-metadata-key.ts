// Generated from schema/records/share-group-member-metadata-key.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const shareGroupMemberMetadataKeyLayout: StoredLayout = {
  name: 'ShareGroupMemberMetadataKey',
  apiKey: 10,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'apiKey',
}

export interface ShareGroupMemberMetadataKey {
  groupId: string
  memberId: string
}

export function readShareGroupMemberMetadataKey(reader: Reader, _version: number): ShareGroupMemberMetadataKey {
  const groupId = reader.string(false)
  const memberId = reader.string(false)
  const message: ShareGroupMemberMetadataKey = { groupId, memberId }
  return message
}

export function writeShareGroupMemberMetadataKey(
  writer: Writer,
  message: Draft<ShareGroupMemberMetadataKey>,
  _version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, false)
  const memberId = message.memberId ?? ''
  writer.string(memberId, false)
}
