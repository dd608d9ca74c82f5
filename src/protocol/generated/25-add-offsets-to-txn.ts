// Generated from schema/25-add-offsets-to-txn.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const addOffsetsToTxnApi: ApiLayout = {
  key: 25,
  name: 'AddOffsetsToTxn',
  minVersion: 0,
  maxVersion: 4,
  flexibleVersion: 3,
}

export interface AddOffsetsToTxnRequest {
  transactionalId: string
  producerId: number
  producerEpoch: number
  groupId: string
  unknownTags?: UnknownTag[]
}

export function readAddOffsetsToTxnRequest(reader: Reader, version: number): AddOffsetsToTxnRequest {
  const flexible = version >= 3
  const transactionalId = reader.string(flexible)
  const producerId = reader.int64()
  const producerEpoch = reader.int16()
  const groupId = reader.string(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: AddOffsetsToTxnRequest = { transactionalId, producerId, producerEpoch, groupId }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeAddOffsetsToTxnRequest(
  writer: Writer,
  message: Draft<AddOffsetsToTxnRequest>,
  version: number,
): void {
  const flexible = version >= 3
  const transactionalId = message.transactionalId ?? ''
  writer.string(transactionalId, flexible)
  const producerId = message.producerId ?? 0
  writer.int64(producerId)
  const producerEpoch = message.producerEpoch ?? 0
  writer.int16(producerEpoch)
  const groupId = message.groupId ?? ''
  writer.string(groupId, flexible)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface AddOffsetsToTxnResponse {
  throttleTimeMs: number
  errorCode: number
  unknownTags?: UnknownTag[]
}

export function readAddOffsetsToTxnResponse(reader: Reader, version: number): AddOffsetsToTxnResponse {
  const flexible = version >= 3
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: AddOffsetsToTxnResponse = { throttleTimeMs, errorCode }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeAddOffsetsToTxnResponse(
  writer: Writer,
  message: Draft<AddOffsetsToTxnResponse>,
  version: number,
): void {
  const flexible = version >= 3
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
