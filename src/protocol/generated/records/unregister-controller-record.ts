// Generated from schema/records/unregister-controller-record.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const unregisterControllerRecordLayout: StoredLayout = {
  name: 'UnregisterControllerRecord',
  apiKey: 29,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'metadata',
}

export interface UnregisterControllerRecord {
  controllerId: number
  unknownTags?: UnknownTag[]
}

export function readUnregisterControllerRecord(reader: Reader, _version: number): UnregisterControllerRecord {
  const controllerId = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: UnregisterControllerRecord = { controllerId }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeUnregisterControllerRecord(
  writer: Writer,
  message: Draft<UnregisterControllerRecord>,
  _version: number,
): void {
  const controllerId = message.controllerId ?? 0
  writer.int32(controllerId)
  writer.onlyUnknownTags(message.unknownTags)
}
