// Generated from schema/22-init-producer-id.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const initProducerIdApi: ApiLayout = {
  key: 22,
  name: 'InitProducerId',
  minVersion: 0,
  maxVersion: 6,
  flexibleVersion: 2,
}

export interface InitProducerIdRequest {
  transactionalId: string | null
  transactionTimeoutMs: number
  producerId: number // since version 3
  producerEpoch: number // since version 3
  enable2Pc: boolean // version 6
  keepPreparedTxn: boolean // version 6
  unknownTags?: UnknownTag[]
}

export function readInitProducerIdRequest(reader: Reader, version: number): InitProducerIdRequest {
  const flexible = version >= 2
  const transactionalId = reader.stringOrNull(flexible)
  const transactionTimeoutMs = reader.int32()
  const producerId = version >= 3 ? reader.int64() : -1
  const producerEpoch = version >= 3 ? reader.int16() : -1
  const enable2Pc = version === 6 ? reader.bool() : false
  const keepPreparedTxn = version === 6 ? reader.bool() : false
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: InitProducerIdRequest = {
    transactionalId,
    transactionTimeoutMs,
    producerId,
    producerEpoch,
    enable2Pc,
    keepPreparedTxn,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeInitProducerIdRequest(
  writer: Writer,
  message: Draft<InitProducerIdRequest>,
  version: number,
): void {
  const flexible = version >= 2
  const transactionalId = message.transactionalId === undefined ? '' : message.transactionalId
  writer.stringOrNull(transactionalId, flexible)
  const transactionTimeoutMs = message.transactionTimeoutMs ?? 0
  writer.int32(transactionTimeoutMs)
  const producerId = message.producerId ?? -1
  if (version >= 3) {
    writer.int64(producerId)
  } else if (producerId !== -1) {
    writer.refuse('InitProducerIdRequest.producerId', version)
  }
  const producerEpoch = message.producerEpoch ?? -1
  if (version >= 3) {
    writer.int16(producerEpoch)
  } else if (producerEpoch !== -1) {
    writer.refuse('InitProducerIdRequest.producerEpoch', version)
  }
  const enable2Pc = message.enable2Pc ?? false
  if (version === 6) {
    writer.bool(enable2Pc)
  } else if (enable2Pc !== false) {
    writer.refuse('InitProducerIdRequest.enable2Pc', version)
  }
  const keepPreparedTxn = message.keepPreparedTxn ?? false
  if (version === 6) {
    writer.bool(keepPreparedTxn)
  } else if (keepPreparedTxn !== false) {
    writer.refuse('InitProducerIdRequest.keepPreparedTxn', version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface InitProducerIdResponse {
  throttleTimeMs: number
  errorCode: number
  producerId: number
  producerEpoch: number
  ongoingTxnProducerId: number // version 6
  ongoingTxnProducerEpoch: number // version 6
  unknownTags?: UnknownTag[]
}

export function readInitProducerIdResponse(reader: Reader, version: number): InitProducerIdResponse {
  const flexible = version >= 2
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const producerId = reader.int64()
  const producerEpoch = reader.int16()
  const ongoingTxnProducerId = version === 6 ? reader.int64() : -1
  const ongoingTxnProducerEpoch = version === 6 ? reader.int16() : -1
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: InitProducerIdResponse = {
    throttleTimeMs,
    errorCode,
    producerId,
    producerEpoch,
    ongoingTxnProducerId,
    ongoingTxnProducerEpoch,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeInitProducerIdResponse(
  writer: Writer,
  message: Draft<InitProducerIdResponse>,
  version: number,
): void {
  const flexible = version >= 2
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const producerId = message.producerId ?? -1
  writer.int64(producerId)
  const producerEpoch = message.producerEpoch ?? 0
  writer.int16(producerEpoch)
  const ongoingTxnProducerId = message.ongoingTxnProducerId ?? -1
  if (version === 6) {
    writer.int64(ongoingTxnProducerId)
  } else if (ongoingTxnProducerId !== -1) {
    writer.refuse('InitProducerIdResponse.ongoingTxnProducerId', version)
  }
  const ongoingTxnProducerEpoch = message.ongoingTxnProducerEpoch ?? -1
  if (version === 6) {
    writer.int16(ongoingTxnProducerEpoch)
  } else if (ongoingTxnProducerEpoch !== -1) {
    writer.refuse('InitProducerIdResponse.ongoingTxnProducerEpoch', version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
