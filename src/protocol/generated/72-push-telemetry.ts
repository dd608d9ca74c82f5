// Generated from schema/72-push-telemetry.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import { EMPTY_BYTES } from '../wire/byte-slice.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const pushTelemetryApi: ApiLayout = {
  key: 72,
  name: 'PushTelemetry',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
}

export interface PushTelemetryRequest {
  clientInstanceId: string
  subscriptionId: number
  terminating: boolean
  compressionType: number
  metrics: Uint8Array
  unknownTags?: UnknownTag[]
}

export function readPushTelemetryRequest(reader: Reader, _version: number): PushTelemetryRequest {
  const clientInstanceId = reader.uuid()
  const subscriptionId = reader.int32()
  const terminating = reader.bool()
  const compressionType = reader.int8()
  const metrics = reader.bytes(true)
  const unknownTags = reader.unknownTags()
  const message: PushTelemetryRequest = {
    clientInstanceId,
    subscriptionId,
    terminating,
    compressionType,
    metrics,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writePushTelemetryRequest(
  writer: Writer,
  message: Draft<PushTelemetryRequest>,
  _version: number,
): void {
  const clientInstanceId = message.clientInstanceId ?? ZERO_UUID
  writer.uuid(clientInstanceId)
  const subscriptionId = message.subscriptionId ?? 0
  writer.int32(subscriptionId)
  const terminating = message.terminating ?? false
  writer.bool(terminating)
  const compressionType = message.compressionType ?? 0
  writer.int8(compressionType)
  const metrics = message.metrics ?? EMPTY_BYTES
  writer.bytes(metrics, true)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface PushTelemetryResponse {
  throttleTimeMs: number
  errorCode: number
  unknownTags?: UnknownTag[]
}

export function readPushTelemetryResponse(reader: Reader, _version: number): PushTelemetryResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const unknownTags = reader.unknownTags()
  const message: PushTelemetryResponse = { throttleTimeMs, errorCode }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writePushTelemetryResponse(
  writer: Writer,
  message: Draft<PushTelemetryResponse>,
  _version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  writer.onlyUnknownTags(message.unknownTags)
}
