// Generated from schema/36-sasl-authenticate.kafka by `npm run generate`. Do not edit.
import { EMPTY_BYTES } from '../wire/byte-slice.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const saslAuthenticateApi: ApiLayout = {
  key: 36,
  name: 'SaslAuthenticate',
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: 2,
}

export interface SaslAuthenticateRequest {
  authBytes: Uint8Array
  unknownTags?: UnknownTag[]
}

export function readSaslAuthenticateRequest(reader: Reader, version: number): SaslAuthenticateRequest {
  const flexible = version === 2
  const authBytes = reader.bytes(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: SaslAuthenticateRequest = { authBytes }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeSaslAuthenticateRequest(
  writer: Writer,
  message: Draft<SaslAuthenticateRequest>,
  version: number,
): void {
  const flexible = version === 2
  const authBytes = message.authBytes ?? EMPTY_BYTES
  writer.bytes(authBytes, flexible)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface SaslAuthenticateResponse {
  errorCode: number
  errorMessage: string | null
  authBytes: Uint8Array
  sessionLifetimeMs: number // since version 1
  unknownTags?: UnknownTag[]
}

export function readSaslAuthenticateResponse(reader: Reader, version: number): SaslAuthenticateResponse {
  const flexible = version === 2
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(flexible)
  const authBytes = reader.bytes(flexible)
  const sessionLifetimeMs = version >= 1 ? reader.int64() : 0
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: SaslAuthenticateResponse = { errorCode, errorMessage, authBytes, sessionLifetimeMs }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeSaslAuthenticateResponse(
  writer: Writer,
  message: Draft<SaslAuthenticateResponse>,
  version: number,
): void {
  const flexible = version === 2
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage === undefined ? '' : message.errorMessage
  writer.stringOrNull(errorMessage, flexible)
  const authBytes = message.authBytes ?? EMPTY_BYTES
  writer.bytes(authBytes, flexible)
  const sessionLifetimeMs = message.sessionLifetimeMs ?? 0
  if (version >= 1) {
    writer.int64(sessionLifetimeMs)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
