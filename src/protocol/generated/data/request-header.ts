// Generated from schema/data/request-header.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export interface RequestHeader {
  requestApiKey: number
  requestApiVersion: number
  correlationId: number
  clientId: string | null // since version 1
  unknownTags?: UnknownTag[]
}

export function readRequestHeader(reader: Reader, version: number): RequestHeader {
  const flexible = version === 2
  const requestApiKey = reader.int16()
  const requestApiVersion = reader.int16()
  const correlationId = reader.int32()
  const clientId = version >= 1 ? reader.stringOrNull(false) : ''
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: RequestHeader = { requestApiKey, requestApiVersion, correlationId, clientId }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeRequestHeader(
  writer: Writer,
  message: Draft<RequestHeader>,
  version: number,
): void {
  const flexible = version === 2
  const requestApiKey = message.requestApiKey ?? 0
  writer.int16(requestApiKey)
  const requestApiVersion = message.requestApiVersion ?? 0
  writer.int16(requestApiVersion)
  const correlationId = message.correlationId ?? 0
  writer.int32(correlationId)
  const clientId = message.clientId === undefined ? '' : message.clientId
  if (version >= 1) {
    writer.stringOrNull(clientId, false)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
