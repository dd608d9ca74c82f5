// Generated from schema/records/unregister-broker-record.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const unregisterBrokerRecordLayout: StoredLayout = {
  name: 'UnregisterBrokerRecord',
  apiKey: 1,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'metadata',
}

export interface UnregisterBrokerRecord {
  brokerId: number
  brokerEpoch: number
  unknownTags?: UnknownTag[]
}

export function readUnregisterBrokerRecord(reader: Reader, _version: number): UnregisterBrokerRecord {
  const brokerId = reader.int32()
  const brokerEpoch = reader.int64()
  const unknownTags = reader.unknownTags()
  const message: UnregisterBrokerRecord = { brokerId, brokerEpoch }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeUnregisterBrokerRecord(
  writer: Writer,
  message: Draft<UnregisterBrokerRecord>,
  _version: number,
): void {
  const brokerId = message.brokerId ?? 0
  writer.int32(brokerId)
  const brokerEpoch = message.brokerEpoch ?? 0
  writer.int64(brokerEpoch)
  writer.onlyUnknownTags(message.unknownTags)
}
