// Generated from schema/records/share-group-state-partition-metadata-key.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const shareGroupStatePartitionMetadataKeyLayout: StoredLayout = {
  name: 'ShareGroupStatePartitionMetadataKey',
  apiKey: 15,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'apiKey',
}

export interface ShareGroupStatePartitionMetadataKey {
  groupId: string
}

export function readShareGroupStatePartitionMetadataKey(reader: Reader, _version: number): ShareGroupStatePartitionMetadataKey {
  const groupId = reader.string(false)
  const message: ShareGroupStatePartitionMetadataKey = { groupId }
  return message
}

export function writeShareGroupStatePartitionMetadataKey(
  writer: Writer,
  message: Draft<ShareGroupStatePartitionMetadataKey>,
  _version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, false)
}
