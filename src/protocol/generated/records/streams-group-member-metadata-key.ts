// Generated from schema/records/streams-group-member-metadata-key.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const streamsGroupMemberMetadataKeyLayout: StoredLayout = {
  name: 'StreamsGroupMemberMetadataKey',
  apiKey: 19,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'apiKey',
}

export interface StreamsGroupMemberMetadataKey {
  groupId: string
  memberId: string
}

export function readStreamsGroupMemberMetadataKey(reader: Reader, _version: number): StreamsGroupMemberMetadataKey {
  const groupId = reader.string(false)
  const memberId = reader.string(false)
  const message: StreamsGroupMemberMetadataKey = { groupId, memberId }
  return message
}

export function writeStreamsGroupMemberMetadataKey(
  writer: Writer,
  message: Draft<StreamsGroupMemberMetadataKey>,
  _version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, false)
  const memberId = message.memberId ?? ''
  writer.string(memberId, false)
}
