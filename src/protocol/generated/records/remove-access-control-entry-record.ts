// Generated from schema/records/remove-access-control-entry-record.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../../model/uuid.ts'
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const removeAccessControlEntryRecordLayout: StoredLayout = {
  name: 'RemoveAccessControlEntryRecord',
  apiKey: 19,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'metadata',
}

export interface RemoveAccessControlEntryRecord {
  id: string
  unknownTags?: UnknownTag[]
}

export function readRemoveAccessControlEntryRecord(reader: Reader, _version: number): RemoveAccessControlEntryRecord {
  const id = reader.uuid()
  const unknownTags = reader.unknownTags()
  const message: RemoveAccessControlEntryRecord = { id }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeRemoveAccessControlEntryRecord(
  writer: Writer,
  message: Draft<RemoveAccessControlEntryRecord>,
  _version: number,
): void {
  const id = message.id ?? ZERO_UUID
  writer.uuid(id)
  writer.onlyUnknownTags(message.unknownTags)
}
