// Generated from schema/40-expire-delegation-token.kafka by `npm run generate`. Do not edit.
import { EMPTY_BYTES } from '../wire/byte-slice.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const expireDelegationTokenApi: ApiLayout = {
  key: 40,
  name: 'ExpireDelegationToken',
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: 2,
}

export interface ExpireDelegationTokenRequest {
  hmac: Uint8Array
  expiryTimePeriodMs: number
  unknownTags?: UnknownTag[]
}

export function readExpireDelegationTokenRequest(reader: Reader, version: number): ExpireDelegationTokenRequest {
  const flexible = version === 2
  const hmac = reader.bytes(flexible)
  const expiryTimePeriodMs = reader.int64()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: ExpireDelegationTokenRequest = { hmac, expiryTimePeriodMs }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeExpireDelegationTokenRequest(
  writer: Writer,
  message: Draft<ExpireDelegationTokenRequest>,
  version: number,
): void {
  const flexible = version === 2
  const hmac = message.hmac ?? EMPTY_BYTES
  writer.bytes(hmac, flexible)
  const expiryTimePeriodMs = message.expiryTimePeriodMs ?? 0
  writer.int64(expiryTimePeriodMs)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface ExpireDelegationTokenResponse {
  errorCode: number
  expiryTimestampMs: number
  throttleTimeMs: number
  unknownTags?: UnknownTag[]
}

export function readExpireDelegationTokenResponse(reader: Reader, version: number): ExpireDelegationTokenResponse {
  const flexible = version === 2
  const errorCode = reader.int16()
  const expiryTimestampMs = reader.int64()
  const throttleTimeMs = reader.int32()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: ExpireDelegationTokenResponse = { errorCode, expiryTimestampMs, throttleTimeMs }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeExpireDelegationTokenResponse(
  writer: Writer,
  message: Draft<ExpireDelegationTokenResponse>,
  version: number,
): void {
  const flexible = version === 2
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const expiryTimestampMs = message.expiryTimestampMs ?? 0
  writer.int64(expiryTimestampMs)
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
