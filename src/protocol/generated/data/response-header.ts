// Generated from schema/data/response-header.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export interface ResponseHeader {
  correlationId: number
  unknownTags?: UnknownTag[]
}

export function readResponseHeader(reader: Reader, version: number): ResponseHeader {
  const flexible = version === 1
  const correlationId = reader.int32()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: ResponseHeader = { correlationId }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeResponseHeader(
  writer: Writer,
  message: Draft<ResponseHeader>,
  version: number,
): void {
  const flexible = version === 1
  const correlationId = message.correlationId ?? 0
  writer.int32(correlationId)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
