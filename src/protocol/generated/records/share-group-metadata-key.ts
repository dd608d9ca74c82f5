// Generated from schema/records/share-group-metadata-key.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const shareGroupMetadataKeyLayout: StoredLayout = {
  name: 'ShareGroupMetadataKey',
  apiKey: 11,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'apiKey',
}

export interface ShareGroupMetadataKey {
  groupId: string
}

export function readShareGroupMetadataKey(reader: Reader, _version: number): ShareGroupMetadataKey {
  const groupId = reader.string(false)
  const message: ShareGroupMetadataKey = { groupId }
  return message
}

export function writeShareGroupMetadataKey(
  writer: Writer,
  message: Draft<ShareGroupMetadataKey>,
  _version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, false)
}
