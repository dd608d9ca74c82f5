// Generated from schema/records/topic-record.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../../model/uuid.ts'
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const topicRecordLayout: StoredLayout = {
  name: 'TopicRecord',
  apiKey: 2,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'metadata',
}

export interface TopicRecord {
  name: string
  topicId: string
  unknownTags?: UnknownTag[]
}

export function readTopicRecord(reader: Reader, _version: number): TopicRecord {
  const name = reader.string(true)
  const topicId = reader.uuid()
  const unknownTags = reader.unknownTags()
  const message: TopicRecord = { name, topicId }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeTopicRecord(
  writer: Writer,
  message: Draft<TopicRecord>,
  _version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  writer.onlyUnknownTags(message.unknownTags)
}
