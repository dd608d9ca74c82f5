// Generated from schema/records/share-group-partition-metadata-key.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const shareGroupPartitionMetadataKeyLayout: StoredLayout = {
  name: 'ShareGroupPartitionMetadataKey',
  apiKey: 9,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'apiKey',
}

export interface ShareGroupPartitionMetadataKey {
  groupId: string
}

export function readShareGroupPartitionMetadataKey(reader: Reader, _version: number): ShareGroupPartitionMetadataKey {
  const groupId = reader.string(false)
  const message: ShareGroupPartitionMetadataKey = { groupId }
  return message
}

export function writeShareGroupPartitionMetadataKey(
  writer: Writer,
  message: Draft<ShareGroupPartitionMetadataKey>,
  _version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, false)
}
