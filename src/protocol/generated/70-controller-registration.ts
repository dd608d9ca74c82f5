// Generated from schema/70-controller-registration.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const controllerRegistrationApi: ApiLayout = {
  key: 70,
  name: 'ControllerRegistration',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
}

export interface ControllerRegistrationRequest {
  controllerId: number
  incarnationId: string
  zkMigrationReady: boolean
  listeners: ControllerRegistrationRequestListener[]
  features: ControllerRegistrationRequestFeature[]
  unknownTags?: UnknownTag[]
}

export interface ControllerRegistrationRequestListener {
  name: string
  host: string
  port: number
  securityProtocol: number
  unknownTags?: UnknownTag[]
}

export interface ControllerRegistrationRequestFeature {
  name: string
  minSupportedVersion: number
  maxSupportedVersion: number
  unknownTags?: UnknownTag[]
}

export function readControllerRegistrationRequest(reader: Reader, version: number): ControllerRegistrationRequest {
  const controllerId = reader.int32()
  const incarnationId = reader.uuid()
  const zkMigrationReady = reader.bool()
  const listeners: ControllerRegistrationRequestListener[] = []
  for (let left = reader.arrayCount(true, 7); left > 0 && reader.ok; left -= 1) {
    listeners.push(readControllerRegistrationRequestListener(reader, version))
  }
  const features: ControllerRegistrationRequestFeature[] = []
  for (let left = reader.arrayCount(true, 6); left > 0 && reader.ok; left -= 1) {
    features.push(readControllerRegistrationRequestFeature(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ControllerRegistrationRequest = {
    controllerId,
    incarnationId,
    zkMigrationReady,
    listeners,
    features,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readControllerRegistrationRequestListener(reader: Reader, _version: number): ControllerRegistrationRequestListener {
  const name = reader.string(true)
  const host = reader.string(true)
  const port = reader.uint16()
  const securityProtocol = reader.int16()
  const unknownTags = reader.unknownTags()
  const message: ControllerRegistrationRequestListener = { name, host, port, securityProtocol }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readControllerRegistrationRequestFeature(reader: Reader, _version: number): ControllerRegistrationRequestFeature {
  const name = reader.string(true)
  const minSupportedVersion = reader.int16()
  const maxSupportedVersion = reader.int16()
  const unknownTags = reader.unknownTags()
  const message: ControllerRegistrationRequestFeature = { name, minSupportedVersion, maxSupportedVersion }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeControllerRegistrationRequest(
  writer: Writer,
  message: Draft<ControllerRegistrationRequest>,
  version: number,
): void {
  const controllerId = message.controllerId ?? 0
  writer.int32(controllerId)
  const incarnationId = message.incarnationId ?? ZERO_UUID
  writer.uuid(incarnationId)
  const zkMigrationReady = message.zkMigrationReady ?? false
  writer.bool(zkMigrationReady)
  const listeners = message.listeners ?? []
  writer.arrayCount(listeners.length, true)
  for (const element of listeners) writeControllerRegistrationRequestListener(writer, element, version)
  const features = message.features ?? []
  writer.arrayCount(features.length, true)
  for (const element of features) writeControllerRegistrationRequestFeature(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeControllerRegistrationRequestListener(
  writer: Writer,
  message: Draft<ControllerRegistrationRequestListener>,
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

function writeControllerRegistrationRequestFeature(
  writer: Writer,
  message: Draft<ControllerRegistrationRequestFeature>,
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

export interface ControllerRegistrationResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  unknownTags?: UnknownTag[]
}

export function readControllerRegistrationResponse(reader: Reader, _version: number): ControllerRegistrationResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const unknownTags = reader.unknownTags()
  const message: ControllerRegistrationResponse = { throttleTimeMs, errorCode, errorMessage }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeControllerRegistrationResponse(
  writer: Writer,
  message: Draft<ControllerRegistrationResponse>,
  _version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage === undefined ? '' : message.errorMessage
  writer.stringOrNull(errorMessage, true)
  writer.onlyUnknownTags(message.unknownTags)
}
