// Generated from schema/94-unregister-controller.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const unregisterControllerApi: ApiLayout = {
  key: 94,
  name: 'UnregisterController',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
}

export interface UnregisterControllerRequest {
  controllerId: number
  unknownTags?: UnknownTag[]
}

export function readUnregisterControllerRequest(reader: Reader, _version: number): UnregisterControllerRequest {
  const controllerId = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: UnregisterControllerRequest = { controllerId }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeUnregisterControllerRequest(
  writer: Writer,
  message: Draft<UnregisterControllerRequest>,
  _version: number,
): void {
  const controllerId = message.controllerId ?? 0
  writer.int32(controllerId)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface UnregisterControllerResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  unknownTags?: UnknownTag[]
}

export function readUnregisterControllerResponse(reader: Reader, _version: number): UnregisterControllerResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const unknownTags = reader.unknownTags()
  const message: UnregisterControllerResponse = { throttleTimeMs, errorCode, errorMessage }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeUnregisterControllerResponse(
  writer: Writer,
  message: Draft<UnregisterControllerResponse>,
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
