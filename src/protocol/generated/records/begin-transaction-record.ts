// Generated from schema/records/begin-transaction-record.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const beginTransactionRecordLayout: StoredLayout = {
  name: 'BeginTransactionRecord',
  apiKey: 23,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'metadata',
}

export interface BeginTransactionRecord {
  name: string | null
  unknownTags?: UnknownTag[]
}

export function readBeginTransactionRecord(reader: Reader, _version: number): BeginTransactionRecord {
  let name: string | null = null
  let unknownTags: UnknownTag[] | undefined
  for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
    const tag = reader.uvarint()
    const endsAt = reader.tagEnd()
    if (tag === 0) {
      name = reader.stringOrNull(true)
    } else {
      unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
    }
    reader.closeTag(endsAt)
  }
  const message: BeginTransactionRecord = { name }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeBeginTransactionRecord(
  writer: Writer,
  message: Draft<BeginTransactionRecord>,
  _version: number,
): void {
  const name = message.name ?? null
  const hasName = name !== null
  writer.tagCount((hasName ? 1 : 0), message.unknownTags)
  if (hasName) {
    const openedAt = writer.openTag(0)
    writer.stringOrNull(name, true)
    writer.closeTag(openedAt)
  }
  writer.unknownTags(message.unknownTags)
}
