// Generated from schema/records/share-group-metadata-value.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const shareGroupMetadataValueLayout: StoredLayout = {
  name: 'ShareGroupMetadataValue',
  apiKey: 11,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'version',
}

export interface ShareGroupMetadataValue {
  epoch: number
  metadataHash: number
  unknownTags?: UnknownTag[]
}

export function readShareGroupMetadataValue(reader: Reader, _version: number): ShareGroupMetadataValue {
  const epoch = reader.int32()
  const metadataHash = reader.int64()
  const unknownTags = reader.unknownTags()
  const message: ShareGroupMetadataValue = { epoch, metadataHash }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeShareGroupMetadataValue(
  writer: Writer,
  message: Draft<ShareGroupMetadataValue>,
  _version: number,
): void {
  const epoch = message.epoch ?? 0
  writer.int32(epoch)
  const metadataHash = message.metadataHash ?? 0
  writer.int64(metadataHash)
  writer.onlyUnknownTags(message.unknownTags)
}
