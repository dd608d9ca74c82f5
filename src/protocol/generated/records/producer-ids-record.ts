// Generated from schema/records/producer-ids-record.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const producerIdsRecordLayout: StoredLayout = {
  name: 'ProducerIdsRecord',
  apiKey: 15,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'metadata',
}

export interface ProducerIdsRecord {
  brokerId: number
  brokerEpoch: number
  nextProducerId: number
  unknownTags?: UnknownTag[]
}

export function readProducerIdsRecord(reader: Reader, _version: number): ProducerIdsRecord {
  const brokerId = reader.int32()
  const brokerEpoch = reader.int64()
  const nextProducerId = reader.int64()
  const unknownTags = reader.unknownTags()
  const message: ProducerIdsRecord = { brokerId, brokerEpoch, nextProducerId }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeProducerIdsRecord(
  writer: Writer,
  message: Draft<ProducerIdsRecord>,
  _version: number,
): void {
  const brokerId = message.brokerId ?? 0
  writer.int32(brokerId)
  const brokerEpoch = message.brokerEpoch ?? -1
  writer.int64(brokerEpoch)
  const nextProducerId = message.nextProducerId ?? 0
  writer.int64(nextProducerId)
  writer.onlyUnknownTags(message.unknownTags)
}
