// Generated from schema/records/snapshot-header-record.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const snapshotHeaderRecordLayout: StoredLayout = {
  name: 'SnapshotHeaderRecord',
  apiKey: -1,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'none',
}

export interface SnapshotHeaderRecord {
  version: number
  lastContainedLogTimestamp: number
  unknownTags?: UnknownTag[]
}

export function readSnapshotHeaderRecord(reader: Reader, _version: number): SnapshotHeaderRecord {
  const versionValue = reader.int16()
  const lastContainedLogTimestamp = reader.int64()
  const unknownTags = reader.unknownTags()
  const message: SnapshotHeaderRecord = { version: versionValue, lastContainedLogTimestamp }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeSnapshotHeaderRecord(
  writer: Writer,
  message: Draft<SnapshotHeaderRecord>,
  _version: number,
): void {
  const versionValue = message.version ?? 0
  writer.int16(versionValue)
  const lastContainedLogTimestamp = message.lastContainedLogTimestamp ?? 0
  writer.int64(lastContainedLogTimestamp)
  writer.onlyUnknownTags(message.unknownTags)
}
