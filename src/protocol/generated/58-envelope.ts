// Generated from schema/58-envelope.kafka by `npm run generate`. Do not edit.
import { EMPTY_BYTES } from '../wire/byte-slice.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const envelopeApi: ApiLayout = {
  key: 58,
  name: 'Envelope',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
}

export interface EnvelopeRequest {
  requestData: Uint8Array
  requestPrincipal: Uint8Array | null
  clientHostAddress: Uint8Array
  unknownTags?: UnknownTag[]
}

export function readEnvelopeRequest(reader: Reader, _version: number): EnvelopeRequest {
  const requestData = reader.bytes(true)
  const requestPrincipal = reader.bytesOrNull(true)
  const clientHostAddress = reader.bytes(true)
  const unknownTags = reader.unknownTags()
  const message: EnvelopeRequest = { requestData, requestPrincipal, clientHostAddress }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeEnvelopeRequest(
  writer: Writer,
  message: Draft<EnvelopeRequest>,
  _version: number,
): void {
  const requestData = message.requestData ?? EMPTY_BYTES
  writer.bytes(requestData, true)
  const requestPrincipal = message.requestPrincipal === undefined ? EMPTY_BYTES : message.requestPrincipal
  writer.bytesOrNull(requestPrincipal, true)
  const clientHostAddress = message.clientHostAddress ?? EMPTY_BYTES
  writer.bytes(clientHostAddress, true)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface EnvelopeResponse {
  responseData: Uint8Array | null
  errorCode: number
  unknownTags?: UnknownTag[]
}

export function readEnvelopeResponse(reader: Reader, _version: number): EnvelopeResponse {
  const responseData = reader.bytesOrNull(true)
  const errorCode = reader.int16()
  const unknownTags = reader.unknownTags()
  const message: EnvelopeResponse = { responseData, errorCode }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeEnvelopeResponse(
  writer: Writer,
  message: Draft<EnvelopeResponse>,
  _version: number,
): void {
  const responseData = message.responseData ?? null
  writer.bytesOrNull(responseData, true)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  writer.onlyUnknownTags(message.unknownTags)
}
