// Generated from schema/records/consumer-group-metadata-value.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const consumerGroupMetadataValueLayout: StoredLayout = {
  name: 'ConsumerGroupMetadataValue',
  apiKey: 3,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'version',
}

export interface ConsumerGroupMetadataValue {
  epoch: number
  metadataHash: number
  unknownTags?: UnknownTag[]
}

export function readConsumerGroupMetadataValue(reader: Reader, _version: number): ConsumerGroupMetadataValue {
  const epoch = reader.int32()
  let metadataHash: number = 0
  let unknownTags: UnknownTag[] | undefined
  for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
    const tag = reader.uvarint()
    const endsAt = reader.tagEnd()
    if (tag === 0) {
      metadataHash = reader.int64()
    } else {
      unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
    }
    reader.closeTag(endsAt)
  }
  const message: ConsumerGroupMetadataValue = { epoch, metadataHash }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeConsumerGroupMetadataValue(
  writer: Writer,
  message: Draft<ConsumerGroupMetadataValue>,
  _version: number,
): void {
  const epoch = message.epoch ?? 0
  writer.int32(epoch)
  const metadataHash = message.metadataHash ?? 0
  const hasMetadataHash = metadataHash !== 0
  writer.tagCount((hasMetadataHash ? 1 : 0), message.unknownTags)
  if (hasMetadataHash) {
    const openedAt = writer.openTag(0)
    writer.int64(metadataHash)
    writer.closeTag(openedAt)
  }
  writer.unknownTags(message.unknownTags)
}
