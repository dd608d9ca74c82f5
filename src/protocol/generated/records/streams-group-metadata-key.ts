// Generated from schema/records/streams-group-metadata-key.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const streamsGroupMetadataKeyLayout: StoredLayout = {
  name: 'StreamsGroupMetadataKey',
  apiKey: 17,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'apiKey',
}

export interface StreamsGroupMetadataKey {
  groupId: string
}

export function readStreamsGroupMetadataKey(reader: Reader, _version: number): StreamsGroupMetadataKey {
  const groupId = reader.string(false)
  const message: StreamsGroupMetadataKey = { groupId }
  return message
}

export function writeStreamsGroupMetadataKey(
  writer: Writer,
  message: Draft<StreamsGroupMetadataKey>,
  _version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, false)
}
