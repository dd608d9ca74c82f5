// Generated from schema/records/client-quota-record.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const clientQuotaRecordLayout: StoredLayout = {
  name: 'ClientQuotaRecord',
  apiKey: 14,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'metadata',
}

export interface ClientQuotaRecord {
  entity: ClientQuotaRecordEntityData[]
  key: string
  value: number
  remove: boolean
  unknownTags?: UnknownTag[]
}

export interface ClientQuotaRecordEntityData {
  entityType: string
  entityName: string | null
  unknownTags?: UnknownTag[]
}

export function readClientQuotaRecord(reader: Reader, version: number): ClientQuotaRecord {
  const entity: ClientQuotaRecordEntityData[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    entity.push(readClientQuotaRecordEntityData(reader, version))
  }
  const key = reader.string(true)
  const value = reader.float64()
  const remove = reader.bool()
  const unknownTags = reader.unknownTags()
  const message: ClientQuotaRecord = { entity, key, value, remove }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readClientQuotaRecordEntityData(reader: Reader, _version: number): ClientQuotaRecordEntityData {
  const entityType = reader.string(true)
  const entityName = reader.stringOrNull(true)
  const unknownTags = reader.unknownTags()
  const message: ClientQuotaRecordEntityData = { entityType, entityName }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeClientQuotaRecord(
  writer: Writer,
  message: Draft<ClientQuotaRecord>,
  version: number,
): void {
  const entity = message.entity ?? []
  writer.arrayCount(entity.length, true)
  for (const element of entity) writeClientQuotaRecordEntityData(writer, element, version)
  const key = message.key ?? ''
  writer.string(key, true)
  const value = message.value ?? 0
  writer.float64(value)
  const remove = message.remove ?? false
  writer.bool(remove)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeClientQuotaRecordEntityData(
  writer: Writer,
  message: Draft<ClientQuotaRecordEntityData>,
  _version: number,
): void {
  const entityType = message.entityType ?? ''
  writer.string(entityType, true)
  const entityName = message.entityName === undefined ? '' : message.entityName
  writer.stringOrNull(entityName, true)
  writer.onlyUnknownTags(message.unknownTags)
}
