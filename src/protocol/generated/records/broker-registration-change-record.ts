// Generated from schema/records/broker-registration-change-record.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const brokerRegistrationChangeRecordLayout: StoredLayout = {
  name: 'BrokerRegistrationChangeRecord',
  apiKey: 17,
  minVersion: 0,
  maxVersion: 3,
  flexibleVersion: 0,
  prefix: 'metadata',
}

export interface BrokerRegistrationChangeRecord {
  brokerId: number
  brokerEpoch: number
  fenced: number
  inControlledShutdown: number // since version 1
  logDirs: string[] // since version 2
  cordonedLogDirs: string[] | null // version 3
  unknownTags?: UnknownTag[]
}

export function readBrokerRegistrationChangeRecord(reader: Reader, version: number): BrokerRegistrationChangeRecord {
  const brokerId = reader.int32()
  const brokerEpoch = reader.int64()
  let fenced: number = 0
  let inControlledShutdown: number = 0
  let logDirs: string[] = []
  let cordonedLogDirs: string[] | null = null
  let unknownTags: UnknownTag[] | undefined
  for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
    const tag = reader.uvarint()
    const endsAt = reader.tagEnd()
    if (tag === 0) {
      fenced = reader.int8()
    } else if (tag === 1 && version >= 1) {
      inControlledShutdown = reader.int8()
    } else if (tag === 2 && version >= 2) {
      logDirs = []
      for (let left = reader.arrayCount(true, 16); left > 0 && reader.ok; left -= 1) {
        logDirs.push(reader.uuid())
      }
    } else if (tag === 3 && version === 3) {
      const cordonedLogDirsCount = reader.arrayCountOrNull(true, 16)
      if (cordonedLogDirsCount < 0) {
        cordonedLogDirs = null
      } else {
        cordonedLogDirs = []
        for (let left = cordonedLogDirsCount; left > 0 && reader.ok; left -= 1) {
          cordonedLogDirs.push(reader.uuid())
        }
      }
    } else {
      unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
    }
    reader.closeTag(endsAt)
  }
  const message: BrokerRegistrationChangeRecord = {
    brokerId,
    brokerEpoch,
    fenced,
    inControlledShutdown,
    logDirs,
    cordonedLogDirs,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeBrokerRegistrationChangeRecord(
  writer: Writer,
  message: Draft<BrokerRegistrationChangeRecord>,
  version: number,
): void {
  const brokerId = message.brokerId ?? 0
  writer.int32(brokerId)
  const brokerEpoch = message.brokerEpoch ?? 0
  writer.int64(brokerEpoch)
  const fenced = message.fenced ?? 0
  const inControlledShutdown = message.inControlledShutdown ?? 0
  if (!(version >= 1) && inControlledShutdown !== 0) writer.refuse('BrokerRegistrationChangeRecord.inControlledShutdown', version)
  const logDirs = message.logDirs ?? []
  if (!(version >= 2) && logDirs.length > 0) writer.refuse('BrokerRegistrationChangeRecord.logDirs', version)
  const cordonedLogDirs = message.cordonedLogDirs ?? null
  if (!(version === 3) && cordonedLogDirs !== null) writer.refuse('BrokerRegistrationChangeRecord.cordonedLogDirs', version)
  const hasFenced = fenced !== 0
  const hasInControlledShutdown = version >= 1 && inControlledShutdown !== 0
  const hasLogDirs = version >= 2 && logDirs.length > 0
  const hasCordonedLogDirs = version === 3 && cordonedLogDirs !== null
  writer.tagCount((hasFenced ? 1 : 0) + (hasInControlledShutdown ? 1 : 0) + (hasLogDirs ? 1 : 0) + (hasCordonedLogDirs ? 1 : 0), message.unknownTags)
  if (hasFenced) {
    const openedAt = writer.openTag(0)
    writer.int8(fenced)
    writer.closeTag(openedAt)
  }
  if (hasInControlledShutdown) {
    const openedAt = writer.openTag(1)
    writer.int8(inControlledShutdown)
    writer.closeTag(openedAt)
  }
  if (hasLogDirs) {
    const openedAt = writer.openTag(2)
    writer.arrayCount(logDirs.length, true)
    for (const element of logDirs) writer.uuid(element)
    writer.closeTag(openedAt)
  }
  if (hasCordonedLogDirs) {
    const openedAt = writer.openTag(3)
    writer.arrayCount(cordonedLogDirs === null ? -1 : cordonedLogDirs.length, true)
    if (cordonedLogDirs !== null) {
      for (const element of cordonedLogDirs) writer.uuid(element)
    }
    writer.closeTag(openedAt)
  }
  writer.unknownTags(message.unknownTags)
}
