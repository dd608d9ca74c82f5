// Generated from schema/records/remove-topic-record.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../../model/uuid.ts'
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const removeTopicRecordLayout: StoredLayout = {
  name: 'RemoveTopicRecord',
  apiKey: 9,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'metadata',
}

export interface RemoveTopicRecord {
  topicId: string
  unknownTags?: UnknownTag[]
}

export function readRemoveTopicRecord(reader: Reader, _version: number): RemoveTopicRecord {
  const topicId = reader.uuid()
  const unknownTags = reader.unknownTags()
  const message: RemoveTopicRecord = { topicId }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeRemoveTopicRecord(
  writer: Writer,
  message: Draft<RemoveTopicRecord>,
  _version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  writer.onlyUnknownTags(message.unknownTags)
}
