// Generated from schema/records/feature-level-record.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const featureLevelRecordLayout: StoredLayout = {
  name: 'FeatureLevelRecord',
  apiKey: 12,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'metadata',
}

export interface FeatureLevelRecord {
  name: string
  featureLevel: number
  unknownTags?: UnknownTag[]
}

export function readFeatureLevelRecord(reader: Reader, _version: number): FeatureLevelRecord {
  const name = reader.string(true)
  const featureLevel = reader.int16()
  const unknownTags = reader.unknownTags()
  const message: FeatureLevelRecord = { name, featureLevel }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeFeatureLevelRecord(
  writer: Writer,
  message: Draft<FeatureLevelRecord>,
  _version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  const featureLevel = message.featureLevel ?? 0
  writer.int16(featureLevel)
  writer.onlyUnknownTags(message.unknownTags)
}
