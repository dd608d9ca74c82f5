// Generated from schema/records/share-group-target-assignment-metadata-key.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const shareGroupTargetAssignmentMetadataKeyLayout: StoredLayout = {
  name: 'ShareGroupTargetAssignmentMetadataKey',
  apiKey: 12,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'apiKey',
}

export interface ShareGroupTargetAssignmentMetadataKey {
  groupId: string
}

export function readShareGroupTargetAssignmentMetadataKey(reader: Reader, _version: number): ShareGroupTargetAssignmentMetadataKey {
  const groupId = reader.string(false)
  const message: ShareGroupTargetAssignmentMetadataKey = { groupId }
  return message
}

export function writeShareGroupTargetAssignmentMetadataKey(
  writer: Writer,
  message: Draft<ShareGroupTargetAssignmentMetadataKey>,
  _version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, false)
}
