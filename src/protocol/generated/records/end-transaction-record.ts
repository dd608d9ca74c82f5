// Generated from schema/records/end-transaction-record.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const endTransactionRecordLayout: StoredLayout = {
  name: 'EndTransactionRecord',
  apiKey: 24,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'metadata',
}

export interface EndTransactionRecord {
  unknownTags?: UnknownTag[]
}

export function readEndTransactionRecord(reader: Reader, _version: number): EndTransactionRecord {
  const unknownTags = reader.unknownTags()
  const message: EndTransactionRecord = {}
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeEndTransactionRecord(
  writer: Writer,
  message: Draft<EndTransactionRecord>,
  _version: number,
): void {
  writer.onlyUnknownTags(message.unknownTags)
}
