// Generated from schema/71-get-telemetry-subscriptions.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const getTelemetrySubscriptionsApi: ApiLayout = {
  key: 71,
  name: 'GetTelemetrySubscriptions',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
}

export interface GetTelemetrySubscriptionsRequest {
  clientInstanceId: string
  unknownTags?: UnknownTag[]
}

export function readGetTelemetrySubscriptionsRequest(reader: Reader, _version: number): GetTelemetrySubscriptionsRequest {
  const clientInstanceId = reader.uuid()
  const unknownTags = reader.unknownTags()
  const message: GetTelemetrySubscriptionsRequest = { clientInstanceId }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeGetTelemetrySubscriptionsRequest(
  writer: Writer,
  message: Draft<GetTelemetrySubscriptionsRequest>,
  _version: number,
): void {
  const clientInstanceId = message.clientInstanceId ?? ZERO_UUID
  writer.uuid(clientInstanceId)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface GetTelemetrySubscriptionsResponse {
  throttleTimeMs: number
  errorCode: number
  clientInstanceId: string
  subscriptionId: number
  acceptedCompressionTypes: number[]
  pushIntervalMs: number
  telemetryMaxBytes: number
  deltaTemporality: boolean
  requestedMetrics: string[]
  unknownTags?: UnknownTag[]
}

export function readGetTelemetrySubscriptionsResponse(reader: Reader, _version: number): GetTelemetrySubscriptionsResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const clientInstanceId = reader.uuid()
  const subscriptionId = reader.int32()
  const acceptedCompressionTypes: number[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    acceptedCompressionTypes.push(reader.int8())
  }
  const pushIntervalMs = reader.int32()
  const telemetryMaxBytes = reader.int32()
  const deltaTemporality = reader.bool()
  const requestedMetrics: string[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    requestedMetrics.push(reader.string(true))
  }
  const unknownTags = reader.unknownTags()
  const message: GetTelemetrySubscriptionsResponse = {
    throttleTimeMs,
    errorCode,
    clientInstanceId,
    subscriptionId,
    acceptedCompressionTypes,
    pushIntervalMs,
    telemetryMaxBytes,
    deltaTemporality,
    requestedMetrics,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeGetTelemetrySubscriptionsResponse(
  writer: Writer,
  message: Draft<GetTelemetrySubscriptionsResponse>,
  _version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const clientInstanceId = message.clientInstanceId ?? ZERO_UUID
  writer.uuid(clientInstanceId)
  const subscriptionId = message.subscriptionId ?? 0
  writer.int32(subscriptionId)
  const acceptedCompressionTypes = message.acceptedCompressionTypes ?? []
  writer.arrayCount(acceptedCompressionTypes.length, true)
  for (const element of acceptedCompressionTypes) writer.int8(element)
  const pushIntervalMs = message.pushIntervalMs ?? 0
  writer.int32(pushIntervalMs)
  const telemetryMaxBytes = message.telemetryMaxBytes ?? 0
  writer.int32(telemetryMaxBytes)
  const deltaTemporality = message.deltaTemporality ?? false
  writer.bool(deltaTemporality)
  const requestedMetrics = message.requestedMetrics ?? []
  writer.arrayCount(requestedMetrics.length, true)
  for (const element of requestedMetrics) writer.string(element, true)
  writer.onlyUnknownTags(message.unknownTags)
}
