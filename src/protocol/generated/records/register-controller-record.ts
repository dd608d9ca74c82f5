// Generated from schema/records/register-controller-record.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../../model/uuid.ts'
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const registerControllerRecordLayout: StoredLayout = {
  name: 'RegisterControllerRecord',
  apiKey: 27,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'metadata',
}

export interface RegisterControllerRecord {
  controllerId: number
  incarnationId: string
  zkMigrationReady: boolean
  endPoints: RegisterControllerRecordControllerEndpoint[]
  features: RegisterControllerRecordControllerFeature[]
  unknownTags?: UnknownTag[]
}

export interface RegisterControllerRecordControllerEndpoint {
  name: string
  host: string
  port: number
  securityProtocol: number
  unknownTags?: UnknownTag[]
}

export interface RegisterControllerRecordControllerFeature {
  name: string
  minSupportedVersion: number
  maxSupportedVersion: number
  unknownTags?: UnknownTag[]
}

export function readRegisterControllerRecord(reader: Reader, version: number): RegisterControllerRecord {
  const controllerId = reader.int32()
  const incarnationId = reader.uuid()
  const zkMigrationReady = reader.bool()
  const endPoints: RegisterControllerRecordControllerEndpoint[] = []
  for (let left = reader.arrayCount(true, 7); left > 0 && reader.ok; left -= 1) {
    endPoints.push(readRegisterControllerRecordControllerEndpoint(reader, version))
  }
  const features: RegisterControllerRecordControllerFeature[] = []
  for (let left = reader.arrayCount(true, 6); left > 0 && reader.ok; left -= 1) {
    features.push(readRegisterControllerRecordControllerFeature(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: RegisterControllerRecord = {
    controllerId,
    incarnationId,
    zkMigrationReady,
    endPoints,
    features,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readRegisterControllerRecordControllerEndpoint(reader: Reader, _version: number): RegisterControllerRecordControllerEndpoint {
  const name = reader.string(true)
  const host = reader.string(true)
  const port = reader.uint16()
  const securityProtocol = reader.int16()
  const unknownTags = reader.unknownTags()
  const message: RegisterControllerRecordControllerEndpoint = { name, host, port, securityProtocol }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readRegisterControllerRecordControllerFeature(reader: Reader, _version: number): RegisterControllerRecordControllerFeature {
  const name = reader.string(true)
  const minSupportedVersion = reader.int16()
  const maxSupportedVersion = reader.int16()
  const unknownTags = reader.unknownTags()
  const message: RegisterControllerRecordControllerFeature = { name, minSupportedVersion, maxSupportedVersion }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeRegisterControllerRecord(
  writer: Writer,
  message: Draft<RegisterControllerRecord>,
  version: number,
): void {
  const controllerId = message.controllerId ?? 0
  writer.int32(controllerId)
  const incarnationId = message.incarnationId ?? ZERO_UUID
  writer.uuid(incarnationId)
  const zkMigrationReady = message.zkMigrationReady ?? false
  writer.bool(zkMigrationReady)
  const endPoints = message.endPoints ?? []
  writer.arrayCount(endPoints.length, true)
  for (const element of endPoints) writeRegisterControllerRecordControllerEndpoint(writer, element, version)
  const features = message.features ?? []
  writer.arrayCount(features.length, true)
  for (const element of features) writeRegisterControllerRecordControllerFeature(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeRegisterControllerRecordControllerEndpoint(
  writer: Writer,
  message: Draft<RegisterControllerRecordControllerEndpoint>,
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

function writeRegisterControllerRecordControllerFeature(
  writer: Writer,
  message: Draft<RegisterControllerRecordControllerFeature>,
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
