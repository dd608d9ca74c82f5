// Generated from schema/26-end-txn.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const endTxnApi: ApiLayout = {
  key: 26,
  name: 'EndTxn',
  minVersion: 0,
  maxVersion: 5,
  flexibleVersion: 3,
}

export interface EndTxnRequest {
  transactionalId: string
  producerId: number
  producerEpoch: number
  committed: boolean
  unknownTags?: UnknownTag[]
}

export function readEndTxnRequest(reader: Reader, version: number): EndTxnRequest {
  const flexible = version >= 3
  const transactionalId = reader.string(flexible)
  const producerId = reader.int64()
  const producerEpoch = reader.int16()
  const committed = reader.bool()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: EndTxnRequest = { transactionalId, producerId, producerEpoch, committed }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeEndTxnRequest(
  writer: Writer,
  message: Draft<EndTxnRequest>,
  version: number,
): void {
  const flexible = version >= 3
  const transactionalId = message.transactionalId ?? ''
  writer.string(transactionalId, flexible)
  const producerId = message.producerId ?? 0
  writer.int64(producerId)
  const producerEpoch = message.producerEpoch ?? 0
  writer.int16(producerEpoch)
  const committed = message.committed ?? false
  writer.bool(committed)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface EndTxnResponse {
  throttleTimeMs: number
  errorCode: number
  producerId: number // version 5
  producerEpoch: number // version 5
  unknownTags?: UnknownTag[]
}

export function readEndTxnResponse(reader: Reader, version: number): EndTxnResponse {
  const flexible = version >= 3
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const producerId = version === 5 ? reader.int64() : -1
  const producerEpoch = version === 5 ? reader.int16() : -1
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: EndTxnResponse = { throttleTimeMs, errorCode, producerId, producerEpoch }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeEndTxnResponse(
  writer: Writer,
  message: Draft<EndTxnResponse>,
  version: number,
): void {
  const flexible = version >= 3
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const producerId = message.producerId ?? -1
  if (version === 5) {
    writer.int64(producerId)
  }
  const producerEpoch = message.producerEpoch ?? -1
  if (version === 5) {
    writer.int16(producerEpoch)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
