// Generated from schema/61-describe-producers.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const describeProducersApi: ApiLayout = {
  key: 61,
  name: 'DescribeProducers',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
}

export interface DescribeProducersRequest {
  topics: DescribeProducersRequestTopicRequest[]
  unknownTags?: UnknownTag[]
}

export interface DescribeProducersRequestTopicRequest {
  name: string
  partitionIndexes: number[]
  unknownTags?: UnknownTag[]
}

export function readDescribeProducersRequest(reader: Reader, version: number): DescribeProducersRequest {
  const topics: DescribeProducersRequestTopicRequest[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readDescribeProducersRequestTopicRequest(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: DescribeProducersRequest = { topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeProducersRequestTopicRequest(reader: Reader, _version: number): DescribeProducersRequestTopicRequest {
  const name = reader.string(true)
  const partitionIndexes: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    partitionIndexes.push(reader.int32())
  }
  const unknownTags = reader.unknownTags()
  const message: DescribeProducersRequestTopicRequest = { name, partitionIndexes }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDescribeProducersRequest(
  writer: Writer,
  message: Draft<DescribeProducersRequest>,
  version: number,
): void {
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeDescribeProducersRequestTopicRequest(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDescribeProducersRequestTopicRequest(
  writer: Writer,
  message: Draft<DescribeProducersRequestTopicRequest>,
  _version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  const partitionIndexes = message.partitionIndexes ?? []
  writer.arrayCount(partitionIndexes.length, true)
  for (const element of partitionIndexes) writer.int32(element)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface DescribeProducersResponse {
  throttleTimeMs: number
  topics: DescribeProducersResponseTopicResponse[]
  unknownTags?: UnknownTag[]
}

export interface DescribeProducersResponseTopicResponse {
  name: string
  partitions: DescribeProducersResponsePartitionResponse[]
  unknownTags?: UnknownTag[]
}

export interface DescribeProducersResponsePartitionResponse {
  partitionIndex: number
  errorCode: number
  errorMessage: string | null
  activeProducers: DescribeProducersResponseProducerState[]
  unknownTags?: UnknownTag[]
}

export interface DescribeProducersResponseProducerState {
  producerId: number
  producerEpoch: number
  lastSequence: number
  lastTimestamp: number
  coordinatorEpoch: number
  currentTxnStartOffset: number
  unknownTags?: UnknownTag[]
}

export function readDescribeProducersResponse(reader: Reader, version: number): DescribeProducersResponse {
  const throttleTimeMs = reader.int32()
  const topics: DescribeProducersResponseTopicResponse[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readDescribeProducersResponseTopicResponse(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: DescribeProducersResponse = { throttleTimeMs, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeProducersResponseTopicResponse(reader: Reader, version: number): DescribeProducersResponseTopicResponse {
  const name = reader.string(true)
  const partitions: DescribeProducersResponsePartitionResponse[] = []
  for (let left = reader.arrayCount(true, 9); left > 0 && reader.ok; left -= 1) {
    partitions.push(readDescribeProducersResponsePartitionResponse(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: DescribeProducersResponseTopicResponse = { name, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeProducersResponsePartitionResponse(reader: Reader, version: number): DescribeProducersResponsePartitionResponse {
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const activeProducers: DescribeProducersResponseProducerState[] = []
  for (let left = reader.arrayCount(true, 37); left > 0 && reader.ok; left -= 1) {
    activeProducers.push(readDescribeProducersResponseProducerState(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: DescribeProducersResponsePartitionResponse = {
    partitionIndex,
    errorCode,
    errorMessage,
    activeProducers,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeProducersResponseProducerState(reader: Reader, _version: number): DescribeProducersResponseProducerState {
  const producerId = reader.int64()
  const producerEpoch = reader.int32()
  const lastSequence = reader.int32()
  const lastTimestamp = reader.int64()
  const coordinatorEpoch = reader.int32()
  const currentTxnStartOffset = reader.int64()
  const unknownTags = reader.unknownTags()
  const message: DescribeProducersResponseProducerState = {
    producerId,
    producerEpoch,
    lastSequence,
    lastTimestamp,
    coordinatorEpoch,
    currentTxnStartOffset,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDescribeProducersResponse(
  writer: Writer,
  message: Draft<DescribeProducersResponse>,
  version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeDescribeProducersResponseTopicResponse(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDescribeProducersResponseTopicResponse(
  writer: Writer,
  message: Draft<DescribeProducersResponseTopicResponse>,
  version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeDescribeProducersResponsePartitionResponse(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDescribeProducersResponsePartitionResponse(
  writer: Writer,
  message: Draft<DescribeProducersResponsePartitionResponse>,
  version: number,
): void {
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage ?? null
  writer.stringOrNull(errorMessage, true)
  const activeProducers = message.activeProducers ?? []
  writer.arrayCount(activeProducers.length, true)
  for (const element of activeProducers) writeDescribeProducersResponseProducerState(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDescribeProducersResponseProducerState(
  writer: Writer,
  message: Draft<DescribeProducersResponseProducerState>,
  _version: number,
): void {
  const producerId = message.producerId ?? 0
  writer.int64(producerId)
  const producerEpoch = message.producerEpoch ?? 0
  writer.int32(producerEpoch)
  const lastSequence = message.lastSequence ?? -1
  writer.int32(lastSequence)
  const lastTimestamp = message.lastTimestamp ?? -1
  writer.int64(lastTimestamp)
  const coordinatorEpoch = message.coordinatorEpoch ?? 0
  writer.int32(coordinatorEpoch)
  const currentTxnStartOffset = message.currentTxnStartOffset ?? -1
  writer.int64(currentTxnStartOffset)
  writer.onlyUnknownTags(message.unknownTags)
}
