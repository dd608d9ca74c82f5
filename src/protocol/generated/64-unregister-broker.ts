// Generated from schema/64-unregister-broker.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const unregisterBrokerApi: ApiLayout = {
  key: 64,
  name: 'UnregisterBroker',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
}

export interface UnregisterBrokerRequest {
  brokerId: number
  unknownTags?: UnknownTag[]
}

export function readUnregisterBrokerRequest(reader: Reader, _version: number): UnregisterBrokerRequest {
  const brokerId = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: UnregisterBrokerRequest = { brokerId }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeUnregisterBrokerRequest(
  writer: Writer,
  message: Draft<UnregisterBrokerRequest>,
  _version: number,
): void {
  const brokerId = message.brokerId ?? 0
  writer.int32(brokerId)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface UnregisterBrokerResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  unknownTags?: UnknownTag[]
}

export function readUnregisterBrokerResponse(reader: Reader, _version: number): UnregisterBrokerResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const unknownTags = reader.unknownTags()
  const message: UnregisterBrokerResponse = { throttleTimeMs, errorCode, errorMessage }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeUnregisterBrokerResponse(
  writer: Writer,
  message: Draft<UnregisterBrokerResponse>,
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
