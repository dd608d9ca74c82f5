// Generated from schema/records/config-record.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const configRecordLayout: StoredLayout = {
  name: 'ConfigRecord',
  apiKey: 4,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'metadata',
}

export interface ConfigRecord {
  resourceType: number
  resourceName: string
  name: string
  value: string | null
  unknownTags?: UnknownTag[]
}

export function readConfigRecord(reader: Reader, _version: number): ConfigRecord {
  const resourceType = reader.int8()
  const resourceName = reader.string(true)
  const name = reader.string(true)
  const value = reader.stringOrNull(true)
  const unknownTags = reader.unknownTags()
  const message: ConfigRecord = { resourceType, resourceName, name, value }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeConfigRecord(
  writer: Writer,
  message: Draft<ConfigRecord>,
  _version: number,
): void {
  const resourceType = message.resourceType ?? 0
  writer.int8(resourceType)
  const resourceName = message.resourceName ?? ''
  writer.string(resourceName, true)
  const name = message.name ?? ''
  writer.string(name, true)
  const value = message.value === undefined ? '' : message.value
  writer.stringOrNull(value, true)
  writer.onlyUnknownTags(message.unknownTags)
}
