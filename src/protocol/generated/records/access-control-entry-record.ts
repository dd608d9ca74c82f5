// Generated from schema/records/access-control-entry-record.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../../model/uuid.ts'
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const accessControlEntryRecordLayout: StoredLayout = {
  name: 'AccessControlEntryRecord',
  apiKey: 18,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'metadata',
}

export interface AccessControlEntryRecord {
  id: string
  resourceType: number
  resourceName: string
  patternType: number
  principal: string
  host: string
  operation: number
  permissionType: number
  unknownTags?: UnknownTag[]
}

export function readAccessControlEntryRecord(reader: Reader, _version: number): AccessControlEntryRecord {
  const id = reader.uuid()
  const resourceType = reader.int8()
  const resourceName = reader.string(true)
  const patternType = reader.int8()
  const principal = reader.string(true)
  const host = reader.string(true)
  const operation = reader.int8()
  const permissionType = reader.int8()
  const unknownTags = reader.unknownTags()
  const message: AccessControlEntryRecord = {
    id,
    resourceType,
    resourceName,
    patternType,
    principal,
    host,
    operation,
    permissionType,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeAccessControlEntryRecord(
  writer: Writer,
  message: Draft<AccessControlEntryRecord>,
  _version: number,
): void {
  const id = message.id ?? ZERO_UUID
  writer.uuid(id)
  const resourceType = message.resourceType ?? 0
  writer.int8(resourceType)
  const resourceName = message.resourceName ?? ''
  writer.string(resourceName, true)
  const patternType = message.patternType ?? 0
  writer.int8(patternType)
  const principal = message.principal ?? ''
  writer.string(principal, true)
  const host = message.host ?? ''
  writer.string(host, true)
  const operation = message.operation ?? 0
  writer.int8(operation)
  const permissionType = message.permissionType ?? 0
  writer.int8(permissionType)
  writer.onlyUnknownTags(message.unknownTags)
}
