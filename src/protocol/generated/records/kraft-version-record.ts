// Generated from schema/records/kraft-version-record.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const kRaftVersionRecordLayout: StoredLayout = {
  name: 'KRaftVersionRecord',
  apiKey: -1,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'none',
}

export interface KRaftVersionRecord {
  version: number
  kRaftVersion: number
  unknownTags?: UnknownTag[]
}

export function readKRaftVersionRecord(reader: Reader, _version: number): KRaftVersionRecord {
  const versionValue = reader.int16()
  const kRaftVersion = reader.int16()
  const unknownTags = reader.unknownTags()
  const message: KRaftVersionRecord = { version: versionValue, kRaftVersion }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeKRaftVersionRecord(
  writer: Writer,
  message: Draft<KRaftVersionRecord>,
  _version: number,
): void {
  const versionValue = message.version ?? 0
  writer.int16(versionValue)
  const kRaftVersion = message.kRaftVersion ?? 0
  writer.int16(kRaftVersion)
  writer.onlyUnknownTags(message.unknownTags)
}
