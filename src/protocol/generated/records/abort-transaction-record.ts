// Generated from schema/records/abort-transaction-record.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const abortTransactionRecordLayout: StoredLayout = {
  name: 'AbortTransactionRecord',
  apiKey: 25,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'metadata',
}

export interface AbortTransactionRecord {
  reason: string | null
  unknownTags?: UnknownTag[]
}

export function readAbortTransactionRecord(reader: Reader, _version: number): AbortTransactionRecord {
  let reason: string | null = null
  let unknownTags: UnknownTag[] | undefined
  for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
    const tag = reader.uvarint()
    const endsAt = reader.tagEnd()
    if (tag === 0) {
      reason = reader.stringOrNull(true)
    } else {
      unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
    }
    reader.closeTag(endsAt)
  }
  const message: AbortTransactionRecord = { reason }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeAbortTransactionRecord(
  writer: Writer,
  message: Draft<AbortTransactionRecord>,
  _version: number,
): void {
  const reason = message.reason ?? null
  const hasReason = reason !== null
  writer.tagCount((hasReason ? 1 : 0), message.unknownTags)
  if (hasReason) {
    const openedAt = writer.openTag(0)
    writer.stringOrNull(reason, true)
    writer.closeTag(openedAt)
  }
  writer.unknownTags(message.unknownTags)
}
