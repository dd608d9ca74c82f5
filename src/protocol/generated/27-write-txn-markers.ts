// Generated from schema/27-write-txn-markers.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const writeTxnMarkersApi: ApiLayout = {
  key: 27,
  name: 'WriteTxnMarkers',
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: 1,
}

export interface WriteTxnMarkersRequest {
  markers: WriteTxnMarkersRequestWritableTxnMarker[]
  unknownTags?: UnknownTag[]
}

export interface WriteTxnMarkersRequestWritableTxnMarker {
  producerId: number
  producerEpoch: number
  transactionResult: boolean
  topics: WriteTxnMarkersRequestWritableTxnMarkerTopic[]
  coordinatorEpoch: number
  transactionVersion: number // version 2
  unknownTags?: UnknownTag[]
}

export interface WriteTxnMarkersRequestWritableTxnMarkerTopic {
  name: string
  partitionIndexes: number[]
  unknownTags?: UnknownTag[]
}

export function readWriteTxnMarkersRequest(reader: Reader, version: number): WriteTxnMarkersRequest {
  const flexible = version >= 1
  const markers: WriteTxnMarkersRequestWritableTxnMarker[] = []
  for (let left = reader.arrayCount(flexible, 17); left > 0 && reader.ok; left -= 1) {
    markers.push(readWriteTxnMarkersRequestWritableTxnMarker(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: WriteTxnMarkersRequest = { markers }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readWriteTxnMarkersRequestWritableTxnMarker(reader: Reader, version: number): WriteTxnMarkersRequestWritableTxnMarker {
  const flexible = version >= 1
  const producerId = reader.int64()
  const producerEpoch = reader.int16()
  const transactionResult = reader.bool()
  const topics: WriteTxnMarkersRequestWritableTxnMarkerTopic[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readWriteTxnMarkersRequestWritableTxnMarkerTopic(reader, version))
  }
  const coordinatorEpoch = reader.int32()
  const transactionVersion = version === 2 ? reader.int8() : 0
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: WriteTxnMarkersRequestWritableTxnMarker = {
    producerId,
    producerEpoch,
    transactionResult,
    topics,
    coordinatorEpoch,
    transactionVersion,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readWriteTxnMarkersRequestWritableTxnMarkerTopic(reader: Reader, version: number): WriteTxnMarkersRequestWritableTxnMarkerTopic {
  const flexible = version >= 1
  const name = reader.string(flexible)
  const partitionIndexes: number[] = []
  for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
    partitionIndexes.push(reader.int32())
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: WriteTxnMarkersRequestWritableTxnMarkerTopic = { name, partitionIndexes }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeWriteTxnMarkersRequest(
  writer: Writer,
  message: Draft<WriteTxnMarkersRequest>,
  version: number,
): void {
  const flexible = version >= 1
  const markers = message.markers ?? []
  writer.arrayCount(markers.length, flexible)
  for (const element of markers) writeWriteTxnMarkersRequestWritableTxnMarker(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeWriteTxnMarkersRequestWritableTxnMarker(
  writer: Writer,
  message: Draft<WriteTxnMarkersRequestWritableTxnMarker>,
  version: number,
): void {
  const flexible = version >= 1
  const producerId = message.producerId ?? 0
  writer.int64(producerId)
  const producerEpoch = message.producerEpoch ?? 0
  writer.int16(producerEpoch)
  const transactionResult = message.transactionResult ?? false
  writer.bool(transactionResult)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, flexible)
  for (const element of topics) writeWriteTxnMarkersRequestWritableTxnMarkerTopic(writer, element, version)
  const coordinatorEpoch = message.coordinatorEpoch ?? 0
  writer.int32(coordinatorEpoch)
  const transactionVersion = message.transactionVersion ?? 0
  if (version === 2) {
    writer.int8(transactionVersion)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeWriteTxnMarkersRequestWritableTxnMarkerTopic(
  writer: Writer,
  message: Draft<WriteTxnMarkersRequestWritableTxnMarkerTopic>,
  version: number,
): void {
  const flexible = version >= 1
  const name = message.name ?? ''
  writer.string(name, flexible)
  const partitionIndexes = message.partitionIndexes ?? []
  writer.arrayCount(partitionIndexes.length, flexible)
  for (const element of partitionIndexes) writer.int32(element)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface WriteTxnMarkersResponse {
  markers: WriteTxnMarkersResponseWritableTxnMarkerResult[]
  unknownTags?: UnknownTag[]
}

export interface WriteTxnMarkersResponseWritableTxnMarkerResult {
  producerId: number
  topics: WriteTxnMarkersResponseWritableTxnMarkerTopicResult[]
  unknownTags?: UnknownTag[]
}

export interface WriteTxnMarkersResponseWritableTxnMarkerTopicResult {
  name: string
  partitions: WriteTxnMarkersResponseWritableTxnMarkerPartitionResult[]
  unknownTags?: UnknownTag[]
}

export interface WriteTxnMarkersResponseWritableTxnMarkerPartitionResult {
  partitionIndex: number
  errorCode: number
  unknownTags?: UnknownTag[]
}

export function readWriteTxnMarkersResponse(reader: Reader, version: number): WriteTxnMarkersResponse {
  const flexible = version >= 1
  const markers: WriteTxnMarkersResponseWritableTxnMarkerResult[] = []
  for (let left = reader.arrayCount(flexible, 10); left > 0 && reader.ok; left -= 1) {
    markers.push(readWriteTxnMarkersResponseWritableTxnMarkerResult(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: WriteTxnMarkersResponse = { markers }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readWriteTxnMarkersResponseWritableTxnMarkerResult(reader: Reader, version: number): WriteTxnMarkersResponseWritableTxnMarkerResult {
  const flexible = version >= 1
  const producerId = reader.int64()
  const topics: WriteTxnMarkersResponseWritableTxnMarkerTopicResult[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readWriteTxnMarkersResponseWritableTxnMarkerTopicResult(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: WriteTxnMarkersResponseWritableTxnMarkerResult = { producerId, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readWriteTxnMarkersResponseWritableTxnMarkerTopicResult(reader: Reader, version: number): WriteTxnMarkersResponseWritableTxnMarkerTopicResult {
  const flexible = version >= 1
  const name = reader.string(flexible)
  const partitions: WriteTxnMarkersResponseWritableTxnMarkerPartitionResult[] = []
  for (let left = reader.arrayCount(flexible, 6); left > 0 && reader.ok; left -= 1) {
    partitions.push(readWriteTxnMarkersResponseWritableTxnMarkerPartitionResult(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: WriteTxnMarkersResponseWritableTxnMarkerTopicResult = { name, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readWriteTxnMarkersResponseWritableTxnMarkerPartitionResult(reader: Reader, version: number): WriteTxnMarkersResponseWritableTxnMarkerPartitionResult {
  const flexible = version >= 1
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: WriteTxnMarkersResponseWritableTxnMarkerPartitionResult = { partitionIndex, errorCode }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeWriteTxnMarkersResponse(
  writer: Writer,
  message: Draft<WriteTxnMarkersResponse>,
  version: number,
): void {
  const flexible = version >= 1
  const markers = message.markers ?? []
  writer.arrayCount(markers.length, flexible)
  for (const element of markers) writeWriteTxnMarkersResponseWritableTxnMarkerResult(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeWriteTxnMarkersResponseWritableTxnMarkerResult(
  writer: Writer,
  message: Draft<WriteTxnMarkersResponseWritableTxnMarkerResult>,
  version: number,
): void {
  const flexible = version >= 1
  const producerId = message.producerId ?? 0
  writer.int64(producerId)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, flexible)
  for (const element of topics) writeWriteTxnMarkersResponseWritableTxnMarkerTopicResult(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeWriteTxnMarkersResponseWritableTxnMarkerTopicResult(
  writer: Writer,
  message: Draft<WriteTxnMarkersResponseWritableTxnMarkerTopicResult>,
  version: number,
): void {
  const flexible = version >= 1
  const name = message.name ?? ''
  writer.string(name, flexible)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, flexible)
  for (const element of partitions) writeWriteTxnMarkersResponseWritableTxnMarkerPartitionResult(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeWriteTxnMarkersResponseWritableTxnMarkerPartitionResult(
  writer: Writer,
  message: Draft<WriteTxnMarkersResponseWritableTxnMarkerPartitionResult>,
  version: number,
): void {
  const flexible = version >= 1
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
