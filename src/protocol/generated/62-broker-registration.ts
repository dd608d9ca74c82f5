// Generated from schema/62-broker-registration.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const brokerRegistrationApi: ApiLayout = {
  key: 62,
  name: 'BrokerRegistration',
  minVersion: 0,
  maxVersion: 4,
  flexibleVersion: 0,
}

export interface BrokerRegistrationRequest {
  brokerId: number
  clusterId: string
  incarnationId: string
  listeners: BrokerRegistrationRequestListener[]
  features: BrokerRegistrationRequestFeature[]
  rack: string | null
  isMigratingZkBroker: boolean // since version 1
  logDirs: string[] // since version 2
  previousBrokerEpoch: number // since version 3
  unknownTags?: UnknownTag[]
}

export interface BrokerRegistrationRequestListener {
  name: string
  host: string
  port: number
  securityProtocol: number
  unknownTags?: UnknownTag[]
}

export interface BrokerRegistrationRequestFeature {
  name: string
  minSupportedVersion: number
  maxSupportedVersion: number
  unknownTags?: UnknownTag[]
}

export function readBrokerRegistrationRequest(reader: Reader, version: number): BrokerRegistrationRequest {
  const brokerId = reader.int32()
  const clusterId = reader.string(true)
  const incarnationId = reader.uuid()
  const listeners: BrokerRegistrationRequestListener[] = []
  for (let left = reader.arrayCount(true, 7); left > 0 && reader.ok; left -= 1) {
    listeners.push(readBrokerRegistrationRequestListener(reader, version))
  }
  const features: BrokerRegistrationRequestFeature[] = []
  for (let left = reader.arrayCount(true, 6); left > 0 && reader.ok; left -= 1) {
    features.push(readBrokerRegistrationRequestFeature(reader, version))
  }
  const rack = reader.stringOrNull(true)
  const isMigratingZkBroker = version >= 1 ? reader.bool() : false
  const logDirs: string[] = []
  if (version >= 2) {
    for (let left = reader.arrayCount(true, 16); left > 0 && reader.ok; left -= 1) {
      logDirs.push(reader.uuid())
    }
  }
  const previousBrokerEpoch = version >= 3 ? reader.int64() : -1
  const unknownTags = reader.unknownTags()
  const message: BrokerRegistrationRequest = {
    brokerId,
    clusterId,
    incarnationId,
    listeners,
    features,
    rack,
    isMigratingZkBroker,
    logDirs,
    previousBrokerEpoch,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readBrokerRegistrationRequestListener(reader: Reader, _version: number): BrokerRegistrationRequestListener {
  const name = reader.string(true)
  const host = reader.string(true)
  const port = reader.uint16()
  const securityProtocol = reader.int16()
  const unknownTags = reader.unknownTags()
  const message: BrokerRegistrationRequestListener = { name, host, port, securityProtocol }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readBrokerRegistrationRequestFeature(reader: Reader, _version: number): BrokerRegistrationRequestFeature {
  const name = reader.string(true)
  const minSupportedVersion = reader.int16()
  const maxSupportedVersion = reader.int16()
  const unknownTags = reader.unknownTags()
  const message: BrokerRegistrationRequestFeature = { name, minSupportedVersion, maxSupportedVersion }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeBrokerRegistrationRequest(
  writer: Writer,
  message: Draft<BrokerRegistrationRequest>,
  version: number,
): void {
  const brokerId = message.brokerId ?? 0
  writer.int32(brokerId)
  const clusterId = message.clusterId ?? ''
  writer.string(clusterId, true)
  const incarnationId = message.incarnationId ?? ZERO_UUID
  writer.uuid(incarnationId)
  const listeners = message.listeners ?? []
  writer.arrayCount(listeners.length, true)
  for (const element of listeners) writeBrokerRegistrationRequestListener(writer, element, version)
  const features = message.features ?? []
  writer.arrayCount(features.length, true)
  for (const element of features) writeBrokerRegistrationRequestFeature(writer, element, version)
  const rack = message.rack === undefined ? '' : message.rack
  writer.stringOrNull(rack, true)
  const isMigratingZkBroker = message.isMigratingZkBroker ?? false
  if (version >= 1) {
    writer.bool(isMigratingZkBroker)
  } else if (isMigratingZkBroker !== false) {
    writer.refuse('BrokerRegistrationRequest.isMigratingZkBroker', version)
  }
  const logDirs = message.logDirs ?? []
  if (version >= 2) {
    writer.arrayCount(logDirs.length, true)
    for (const element of logDirs) writer.uuid(element)
  }
  const previousBrokerEpoch = message.previousBrokerEpoch ?? -1
  if (version >= 3) {
    writer.int64(previousBrokerEpoch)
  }
  writer.onlyUnknownTags(message.unknownTags)
}

function writeBrokerRegistrationRequestListener(
  writer: Writer,
  message: Draft<BrokerRegistrationRequestListener>,
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

function writeBrokerRegistrationRequestFeature(
  writer: Writer,
  message: Draft<BrokerRegistrationRequestFeature>,
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

export interface BrokerRegistrationResponse {
  throttleTimeMs: number
  errorCode: number
  brokerEpoch: number
  unknownTags?: UnknownTag[]
}

export function readBrokerRegistrationResponse(reader: Reader, _version: number): BrokerRegistrationResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const brokerEpoch = reader.int64()
  const unknownTags = reader.unknownTags()
  const message: BrokerRegistrationResponse = { throttleTimeMs, errorCode, brokerEpoch }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeBrokerRegistrationResponse(
  writer: Writer,
  message: Draft<BrokerRegistrationResponse>,
  _version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const brokerEpoch = message.brokerEpoch ?? -1
  writer.int64(brokerEpoch)
  writer.onlyUnknownTags(message.unknownTags)
}
