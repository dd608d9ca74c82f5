// Generated from schema/67-allocate-producer-ids.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const allocateProducerIdsApi: ApiLayout = {
  key: 67,
  name: 'AllocateProducerIds',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
}

export interface AllocateProducerIdsRequest {
  brokerId: number
  brokerEpoch: number
  unknownTags?: UnknownTag[]
}

export function readAllocateProducerIdsRequest(reader: Reader, _version: number): AllocateProducerIdsRequest {
  const brokerId = reader.int32()
  const brokerEpoch = reader.int64()
  const unknownTags = reader.unknownTags()
  const message: AllocateProducerIdsRequest = { brokerId, brokerEpoch }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeAllocateProducerIdsRequest(
  writer: Writer,
  message: Draft<AllocateProducerIdsRequest>,
  _version: number,
): void {
  const brokerId = message.brokerId ?? 0
  writer.int32(brokerId)
  const brokerEpoch = message.brokerEpoch ?? -1
  writer.int64(brokerEpoch)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface AllocateProducerIdsResponse {
  throttleTimeMs: number
  errorCode: number
  producerIdStart: number
  producerIdLen: number
  unknownTags?: UnknownTag[]
}

export function readAllocateProducerIdsResponse(reader: Reader, _version: number): AllocateProducerIdsResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const producerIdStart = reader.int64()
  const producerIdLen = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: AllocateProducerIdsResponse = { throttleTimeMs, errorCode, producerIdStart, producerIdLen }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeAllocateProducerIdsResponse(
  writer: Writer,
  message: Draft<AllocateProducerIdsResponse>,
  _version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const producerIdStart = message.producerIdStart ?? 0
  writer.int64(producerIdStart)
  const producerIdLen = message.producerIdLen ?? 0
  writer.int32(producerIdLen)
  writer.onlyUnknownTags(message.unknownTags)
}
