// Generated from schema/records/clear-elr-record.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const clearElrRecordLayout: StoredLayout = {
  name: 'ClearElrRecord',
  apiKey: 28,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'metadata',
}

export interface ClearElrRecord {
  topicName: string
  unknownTags?: UnknownTag[]
}

export function readClearElrRecord(reader: Reader, _version: number): ClearElrRecord {
  const topicName = reader.string(true)
  const unknownTags = reader.unknownTags()
  const message: ClearElrRecord = { topicName }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeClearElrRecord(
  writer: Writer,
  message: Draft<ClearElrRecord>,
  _version: number,
): void {
  const topicName = message.topicName ?? ''
  writer.string(topicName, true)
  writer.onlyUnknownTags(message.unknownTags)
}
