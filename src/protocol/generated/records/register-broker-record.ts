// Generated from schema/records/register-broker-record.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../../model/uuid.ts'
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const registerBrokerRecordLayout: StoredLayout = {
  name: 'RegisterBrokerRecord',
  apiKey: 0,
  minVersion: 0,
  maxVersion: 4,
  flexibleVersion: 0,
  prefix: 'metadata',
}

export interface RegisterBrokerRecord {
  brokerId: number
  isMigratingZkBroker: boolean // since version 2
  incarnationId: string
  brokerEpoch: number
  endPoints: RegisterBrokerRecordBrokerEndpoint[]
  features: RegisterBrokerRecordBrokerFeature[]
  rack: string | null
  fenced: boolean
  inControlledShutdown: boolean // since version 1
  logDirs: string[] // since version 3
  cordonedLogDirs: string[] | null // version 4
  unknownTags?: UnknownTag[]
}

export interface RegisterBrokerRecordBrokerEndpoint {
  name: string
  host: string
  port: number
  securityProtocol: number
  unknownTags?: UnknownTag[]
}

export interface RegisterBrokerRecordBrokerFeature {
  name: string
  minSupportedVersion: number
  maxSupportedVersion: number
  unknownTags?: UnknownTag[]
}

export function readRegisterBrokerRecord(reader: Reader, version: number): RegisterBrokerRecord {
  const brokerId = reader.int32()
  const isMigratingZkBroker = version >= 2 ? reader.bool() : false
  const incarnationId = reader.uuid()
  const brokerEpoch = reader.int64()
  const endPoints: RegisterBrokerRecordBrokerEndpoint[] = []
  for (let left = reader.arrayCount(true, 7); left > 0 && reader.ok; left -= 1) {
    endPoints.push(readRegisterBrokerRecordBrokerEndpoint(reader, version))
  }
  const features: RegisterBrokerRecordBrokerFeature[] = []
  for (let left = reader.arrayCount(true, 6); left > 0 && reader.ok; left -= 1) {
    features.push(readRegisterBrokerRecordBrokerFeature(reader, version))
  }
  const rack = reader.stringOrNull(true)
  const fenced = reader.bool()
  const inControlledShutdown = version >= 1 ? reader.bool() : false
  let logDirs: string[] = []
  let cordonedLogDirs: string[] | null = null
  let unknownTags: UnknownTag[] | undefined
  for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
    const tag = reader.uvarint()
    const endsAt = reader.tagEnd()
    if (tag === 0 && version >= 3) {
      logDirs = []
      for (let left = reader.arrayCount(true, 16); left > 0 && reader.ok; left -= 1) {
        logDirs.push(reader.uuid())
      }
    } else if (tag === 1 && version === 4) {
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
  const message: RegisterBrokerRecord = {
    brokerId,
    isMigratingZkBroker,
    incarnationId,
    brokerEpoch,
    endPoints,
    features,
    rack,
    fenced,
    inControlledShutdown,
    logDirs,
    cordonedLogDirs,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readRegisterBrokerRecordBrokerEndpoint(reader: Reader, _version: number): RegisterBrokerRecordBrokerEndpoint {
  const name = reader.string(true)
  const host = reader.string(true)
  const port = reader.uint16()
  const securityProtocol = reader.int16()
  const unknownTags = reader.unknownTags()
  const message: RegisterBrokerRecordBrokerEndpoint = { name, host, port, securityProtocol }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readRegisterBrokerRecordBrokerFeature(reader: Reader, _version: number): RegisterBrokerRecordBrokerFeature {
  const name = reader.string(true)
  const minSupportedVersion = reader.int16()
  const maxSupportedVersion = reader.int16()
  const unknownTags = reader.unknownTags()
  const message: RegisterBrokerRecordBrokerFeature = { name, minSupportedVersion, maxSupportedVersion }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeRegisterBrokerRecord(
  writer: Writer,
  message: Draft<RegisterBrokerRecord>,
  version: number,
): void {
  const brokerId = message.brokerId ?? 0
  writer.int32(brokerId)
  const isMigratingZkBroker = message.isMigratingZkBroker ?? false
  if (version >= 2) {
    writer.bool(isMigratingZkBroker)
  } else if (isMigratingZkBroker !== false) {
    writer.refuse('RegisterBrokerRecord.isMigratingZkBroker', version)
  }
  const incarnationId = message.incarnationId ?? ZERO_UUID
  writer.uuid(incarnationId)
  const brokerEpoch = message.brokerEpoch ?? 0
  writer.int64(brokerEpoch)
  const endPoints = message.endPoints ?? []
  writer.arrayCount(endPoints.length, true)
  for (const element of endPoints) writeRegisterBrokerRecordBrokerEndpoint(writer, element, version)
  const features = message.features ?? []
  writer.arrayCount(features.length, true)
  for (const element of features) writeRegisterBrokerRecordBrokerFeature(writer, element, version)
  const rack = message.rack === undefined ? '' : message.rack
  writer.stringOrNull(rack, true)
  const fenced = message.fenced ?? true
  writer.bool(fenced)
  const inControlledShutdown = message.inControlledShutdown ?? false
  if (version >= 1) {
    writer.bool(inControlledShutdown)
  } else if (inControlledShutdown !== false) {
    writer.refuse('RegisterBrokerRecord.inControlledShutdown', version)
  }
  const logDirs = message.logDirs ?? []
  if (!(version >= 3) && logDirs.length > 0) writer.refuse('RegisterBrokerRecord.logDirs', version)
  const cordonedLogDirs = message.cordonedLogDirs ?? null
  if (!(version === 4) && cordonedLogDirs !== null) writer.refuse('RegisterBrokerRecord.cordonedLogDirs', version)
  const hasLogDirs = version >= 3 && logDirs.length > 0
  const hasCordonedLogDirs = version === 4 && cordonedLogDirs !== null
  writer.tagCount((hasLogDirs ? 1 : 0) + (hasCordonedLogDirs ? 1 : 0), message.unknownTags)
  if (hasLogDirs) {
    const openedAt = writer.openTag(0)
    writer.arrayCount(logDirs.length, true)
    for (const element of logDirs) writer.uuid(element)
    writer.closeTag(openedAt)
  }
  if (hasCordonedLogDirs) {
    const openedAt = writer.openTag(1)
    writer.arrayCount(cordonedLogDirs === null ? -1 : cordonedLogDirs.length, true)
    if (cordonedLogDirs !== null) {
      for (const element of cordonedLogDirs) writer.uuid(element)
    }
    writer.closeTag(openedAt)
  }
  writer.unknownTags(message.unknownTags)
}

function writeRegisterBrokerRecordBrokerEndpoint(
  writer: Writer,
  message: Draft<RegisterBrokerRecordBrokerEndpoint>,
  _version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  const host = message.host ?? ''
  writer.string(host, true)
  const port = message.port ?? 0
  writer.uint16(port)
  const securityProtocol = message.securityProtocol ?? 0
  writer.int16(securityProtocol)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeRegisterBrokerRecordBrokerFeature(
  writer: Writer,
  message: Draft<RegisterBrokerRecordBrokerFeature>,
  _version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  const minSupportedVersion = message.minSupportedVersion ?? 0
  writer.int16(minSupportedVersion)
  const maxSupportedVersion = message.maxSupportedVersion ?? 0
  writer.int16(maxSupportedVersion)
  writer.onlyUnknownTags(message.unknownTags)
}
