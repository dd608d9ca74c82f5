// Generated from schema/records/snapshot-footer-record.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const snapshotFooterRecordLayout: StoredLayout = {
  name: 'SnapshotFooterRecord',
  apiKey: -1,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'none',
}

export interface SnapshotFooterRecord {
  version: number
  unknownTags?: UnknownTag[]
}

export function readSnapshotFooterRecord(reader: Reader, _version: number): SnapshotFooterRecord {
  const versionValue = reader.int16()
  const unknownTags = reader.unknownTags()
  const message: SnapshotFooterRecord = { version: versionValue }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeSnapshotFooterRecord(
  writer: Writer,
  message: Draft<SnapshotFooterRecord>,
  _version: number,
): void {
  const versionValue = message.version ?? 0
  writer.int16(versionValue)
  writer.onlyUnknownTags(message.unknownTags)
}
