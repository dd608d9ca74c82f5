// Generated from schema/17-sasl-handshake.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const saslHandshakeApi: ApiLayout = {
  key: 17,
  name: 'SaslHandshake',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: Number.POSITIVE_INFINITY,
}

export interface SaslHandshakeRequest {
  mechanism: string
}

export function readSaslHandshakeRequest(reader: Reader, _version: number): SaslHandshakeRequest {
  const mechanism = reader.string(false)
  const message: SaslHandshakeRequest = { mechanism }
  return message
}

export function writeSaslHandshakeRequest(
  writer: Writer,
  message: Draft<SaslHandshakeRequest>,
  _version: number,
): void {
  const mechanism = message.mechanism ?? ''
  writer.string(mechanism, false)
}

export interface SaslHandshakeResponse {
  errorCode: number
  mechanisms: string[]
}

export function readSaslHandshakeResponse(reader: Reader, _version: number): SaslHandshakeResponse {
  const errorCode = reader.int16()
  const mechanisms: string[] = []
  for (let left = reader.arrayCount(false, 2); left > 0 && reader.ok; left -= 1) {
    mechanisms.push(reader.string(false))
  }
  const message: SaslHandshakeResponse = { errorCode, mechanisms }
  return message
}

export function writeSaslHandshakeResponse(
  writer: Writer,
  message: Draft<SaslHandshakeResponse>,
  _version: number,
): void {
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const mechanisms = message.mechanisms ?? []
  writer.arrayCount(mechanisms.length, false)
  for (const element of mechanisms) writer.string(element, false)
}
