// Generated from schema/records/no-op-record.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const noOpRecordLayout: StoredLayout = {
  name: 'NoOpRecord',
  apiKey: 20,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'metadata',
}

export interface NoOpRecord {
  unknownTags?: UnknownTag[]
}

export function readNoOpRecord(reader: Reader, _version: number): NoOpRecord {
  const unknownTags = reader.unknownTags()
  const message: NoOpRecord = {}
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeNoOpRecord(
  writer: Writer,
  message: Draft<NoOpRecord>,
  _version: number,
): void {
  writer.onlyUnknownTags(message.unknownTags)
}
