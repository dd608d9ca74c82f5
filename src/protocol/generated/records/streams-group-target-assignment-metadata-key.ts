// Generated from schema/records/streams-group-target-assignment-metadata-key.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const streamsGroupTargetAssignmentMetadataKeyLayout: StoredLayout = {
  name: 'StreamsGroupTargetAssignmentMetadataKey',
  apiKey: 20,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'apiKey',
}

export interface StreamsGroupTargetAssignmentMetadataKey {
  groupId: string
}

export function readStreamsGroupTargetAssignmentMetadataKey(reader: Reader, _version: number): StreamsGroupTargetAssignmentMetadataKey {
  const groupId = reader.string(false)
  const message: StreamsGroupTargetAssignmentMetadataKey = { groupId }
  return message
}

export function writeStreamsGroupTargetAssignmentMetadataKey(
  writer: Writer,
  message: Draft<StreamsGroupTargetAssignmentMetadataKey>,
  _version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, false)
}
