// Generated from schema/records/share-group-member-metadata-value.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const shareGroupMemberMetadataValueLayout: StoredLayout = {
  name: 'ShareGroupMemberMetadataValue',
  apiKey: 10,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'version',
}

export interface ShareGroupMemberMetadataValue {
  rackId: string | null
  clientId: string
  clientHost: string
  subscribedTopicNames: string[]
  unknownTags?: UnknownTag[]
}

export function readShareGroupMemberMetadataValue(reader: Reader, _version: number): ShareGroupMemberMetadataValue {
  const rackId = reader.stringOrNull(true)
  const clientId = reader.string(true)
  const clientHost = reader.string(true)
  const subscribedTopicNames: string[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    subscribedTopicNames.push(reader.string(true))
  }
  const unknownTags = reader.unknownTags()
  const message: ShareGroupMemberMetadataValue = { rackId, clientId, clientHost, subscribedTopicNames }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeShareGroupMemberMetadataValue(
  writer: Writer,
  message: Draft<ShareGroupMemberMetadataValue>,
  _version: number,
): void {
  const rackId = message.rackId === undefined ? '' : message.rackId
  writer.stringOrNull(rackId, true)
  const clientId = message.clientId ?? ''
  writer.string(clientId, true)
  const clientHost = message.clientHost ?? ''
  writer.string(clientHost, true)
  const subscribedTopicNames = message.subscribedTopicNames ?? []
  writer.arrayCount(subscribedTopicNames.length, true)
  for (const element of subscribedTopicNames) writer.string(element, true)
  writer.onlyUnknownTags(message.unknownTags)
}
