// Generated from schema/39-renew-delegation-token.kafka by `npm run generate`. Do not edit.
import { EMPTY_BYTES } from '../wire/byte-slice.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const renewDelegationTokenApi: ApiLayout = {
  key: 39,
  name: 'RenewDelegationToken',
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: 2,
}

export interface RenewDelegationTokenRequest {
  hmac: Uint8Array
  renewPeriodMs: number
  unknownTags?: UnknownTag[]
}

export function readRenewDelegationTokenRequest(reader: Reader, version: number): RenewDelegationTokenRequest {
  const flexible = version === 2
  const hmac = reader.bytes(flexible)
  const renewPeriodMs = reader.int64()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: RenewDelegationTokenRequest = { hmac, renewPeriodMs }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeRenewDelegationTokenRequest(
  writer: Writer,
  message: Draft<RenewDelegationTokenRequest>,
  version: number,
): void {
  const flexible = version === 2
  const hmac = message.hmac ?? EMPTY_BYTES
  writer.bytes(hmac, flexible)
  const renewPeriodMs = message.renewPeriodMs ?? 0
  writer.int64(renewPeriodMs)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface RenewDelegationTokenResponse {
  errorCode: number
  expiryTimestampMs: number
  throttleTimeMs: number
  unknownTags?: UnknownTag[]
}

export function readRenewDelegationTokenResponse(reader: Reader, version: number): RenewDelegationTokenResponse {
  const flexible = version === 2
  const errorCode = reader.int16()
  const expiryTimestampMs = reader.int64()
  const throttleTimeMs = reader.int32()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: RenewDelegationTokenResponse = { errorCode, expiryTimestampMs, throttleTimeMs }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeRenewDelegationTokenResponse(
  writer: Writer,
  message: Draft<RenewDelegationTokenResponse>,
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
