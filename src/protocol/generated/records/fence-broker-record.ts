// Generated from schema/records/fence-broker-record.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const fenceBrokerRecordLayout: StoredLayout = {
  name: 'FenceBrokerRecord',
  apiKey: 7,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'metadata',
}

export interface FenceBrokerRecord {
  id: number
  epoch: number
  unknownTags?: UnknownTag[]
}

export function readFenceBrokerRecord(reader: Reader, _version: number): FenceBrokerRecord {
  const id = reader.int32()
  const epoch = reader.int64()
  const unknownTags = reader.unknownTags()
  const message: FenceBrokerRecord = { id, epoch }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeFenceBrokerRecord(
  writer: Writer,
  message: Draft<FenceBrokerRecord>,
  _version: number,
): void {
  const id = message.id ?? 0
  writer.int32(id)
  const epoch = message.epoch ?? 0
  writer.int64(epoch)
  writer.onlyUnknownTags(message.unknownTags)
}
