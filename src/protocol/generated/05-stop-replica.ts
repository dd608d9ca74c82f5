// Generated from schema/05-stop-replica.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const stopReplicaApi: ApiLayout = {
  key: 5,
  name: 'StopReplica',
  minVersion: 0,
  maxVersion: 4,
  flexibleVersion: 2,
}

export interface StopReplicaRequest {
  controllerId: number
  isKRaftController: boolean // version 4
  controllerEpoch: number
  brokerEpoch: number // since version 1
  deletePartitions: boolean // until version 2
  ungroupedPartitions: StopReplicaRequestStopReplicaPartitionV0[] // version 0
  topics: StopReplicaRequestStopReplicaTopicV1[] // versions 1 to 2
  topicStates: StopReplicaRequestStopReplicaTopicState[] // since version 3
  unknownTags?: UnknownTag[]
}

export interface StopReplicaRequestStopReplicaPartitionV0 {
  topicName: string
  partitionIndex: number
}

export interface StopReplicaRequestStopReplicaTopicV1 {
  name: string
  partitionIndexes: number[]
  unknownTags?: UnknownTag[]
}

export interface StopReplicaRequestStopReplicaTopicState {
  topicName: string
  partitionStates: StopReplicaRequestStopReplicaPartitionState[]
  unknownTags?: UnknownTag[]
}

export interface StopReplicaRequestStopReplicaPartitionState {
  partitionIndex: number
  leaderEpoch: number
  deletePartition: boolean
  unknownTags?: UnknownTag[]
}

export function readStopReplicaRequest(reader: Reader, version: number): StopReplicaRequest {
  const flexible = version >= 2
  const controllerId = reader.int32()
  const isKRaftController = version === 4 ? reader.bool() : false
  const controllerEpoch = reader.int32()
  const brokerEpoch = version >= 1 ? reader.int64() : -1
  const deletePartitions = version <= 2 ? reader.bool() : false
  const ungroupedPartitions: StopReplicaRequestStopReplicaPartitionV0[] = []
  if (version === 0) {
    for (let left = reader.arrayCount(false, 6); left > 0 && reader.ok; left -= 1) {
      ungroupedPartitions.push(readStopReplicaRequestStopReplicaPartitionV0(reader, version))
    }
  }
  const topics: StopReplicaRequestStopReplicaTopicV1[] = []
  if (version >= 1 && version <= 2) {
    for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
      topics.push(readStopReplicaRequestStopReplicaTopicV1(reader, version))
    }
  }
  const topicStates: StopReplicaRequestStopReplicaTopicState[] = []
  if (version >= 3) {
    for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
      topicStates.push(readStopReplicaRequestStopReplicaTopicState(reader, version))
    }
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: StopReplicaRequest = {
    controllerId,
    isKRaftController,
    controllerEpoch,
    brokerEpoch,
    deletePartitions,
    ungroupedPartitions,
    topics,
    topicStates,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStopReplicaRequestStopReplicaPartitionV0(reader: Reader, _version: number): StopReplicaRequestStopReplicaPartitionV0 {
  const topicName = reader.string(false)
  const partitionIndex = reader.int32()
  const message: StopReplicaRequestStopReplicaPartitionV0 = { topicName, partitionIndex }
  return message
}

function readStopReplicaRequestStopReplicaTopicV1(reader: Reader, version: number): StopReplicaRequestStopReplicaTopicV1 {
  const flexible = version === 2
  const name = reader.string(flexible)
  const partitionIndexes: number[] = []
  for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
    partitionIndexes.push(reader.int32())
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: StopReplicaRequestStopReplicaTopicV1 = { name, partitionIndexes }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStopReplicaRequestStopReplicaTopicState(reader: Reader, version: number): StopReplicaRequestStopReplicaTopicState {
  const topicName = reader.string(true)
  const partitionStates: StopReplicaRequestStopReplicaPartitionState[] = []
  for (let left = reader.arrayCount(true, 10); left > 0 && reader.ok; left -= 1) {
    partitionStates.push(readStopReplicaRequestStopReplicaPartitionState(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: StopReplicaRequestStopReplicaTopicState = { topicName, partitionStates }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStopReplicaRequestStopReplicaPartitionState(reader: Reader, _version: number): StopReplicaRequestStopReplicaPartitionState {
  const partitionIndex = reader.int32()
  const leaderEpoch = reader.int32()
  const deletePartition = reader.bool()
  const unknownTags = reader.unknownTags()
  const message: StopReplicaRequestStopReplicaPartitionState = { partitionIndex, leaderEpoch, deletePartition }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeStopReplicaRequest(
  writer: Writer,
  message: Draft<StopReplicaRequest>,
  version: number,
): void {
  const flexible = version >= 2
  const controllerId = message.controllerId ?? 0
  writer.int32(controllerId)
  const isKRaftController = message.isKRaftController ?? false
  if (version === 4) {
    writer.bool(isKRaftController)
  } else if (isKRaftController !== false) {
    writer.refuse('StopReplicaRequest.isKRaftController', version)
  }
  const controllerEpoch = message.controllerEpoch ?? 0
  writer.int32(controllerEpoch)
  const brokerEpoch = message.brokerEpoch ?? -1
  if (version >= 1) {
    writer.int64(brokerEpoch)
  }
  const deletePartitions = message.deletePartitions ?? false
  if (version <= 2) {
    writer.bool(deletePartitions)
  } else if (deletePartitions !== false) {
    writer.refuse('StopReplicaRequest.deletePartitions', version)
  }
  const ungroupedPartitions = message.ungroupedPartitions ?? []
  if (version === 0) {
    writer.arrayCount(ungroupedPartitions.length, false)
    for (const element of ungroupedPartitions) writeStopReplicaRequestStopReplicaPartitionV0(writer, element, version)
  } else if (ungroupedPartitions.length > 0) {
    writer.refuse('StopReplicaRequest.ungroupedPartitions', version)
  }
  const topics = message.topics ?? []
  if (version >= 1 && version <= 2) {
    writer.arrayCount(topics.length, flexible)
    for (const element of topics) writeStopReplicaRequestStopReplicaTopicV1(writer, element, version)
  } else if (topics.length > 0) {
    writer.refuse('StopReplicaRequest.topics', version)
  }
  const topicStates = message.topicStates ?? []
  if (version >= 3) {
    writer.arrayCount(topicStates.length, true)
    for (const element of topicStates) writeStopReplicaRequestStopReplicaTopicState(writer, element, version)
  } else if (topicStates.length > 0) {
    writer.refuse('StopReplicaRequest.topicStates', version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeStopReplicaRequestStopReplicaPartitionV0(
  writer: Writer,
  message: Draft<StopReplicaRequestStopReplicaPartitionV0>,
  _version: number,
): void {
  const topicName = message.topicName ?? ''
  writer.string(topicName, false)
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
}

function writeStopReplicaRequestStopReplicaTopicV1(
  writer: Writer,
  message: Draft<StopReplicaRequestStopReplicaTopicV1>,
  version: number,
): void {
  const flexible = version === 2
  const name = message.name ?? ''
  writer.string(name, flexible)
  const partitionIndexes = message.partitionIndexes ?? []
  writer.arrayCount(partitionIndexes.length, flexible)
  for (const element of partitionIndexes) writer.int32(element)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeStopReplicaRequestStopReplicaTopicState(
  writer: Writer,
  message: Draft<StopReplicaRequestStopReplicaTopicState>,
  version: number,
): void {
  const topicName = message.topicName ?? ''
  writer.string(topicName, true)
  const partitionStates = message.partitionStates ?? []
  writer.arrayCount(partitionStates.length, true)
  for (const element of partitionStates) writeStopReplicaRequestStopReplicaPartitionState(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStopReplicaRequestStopReplicaPartitionState(
  writer: Writer,
  message: Draft<StopReplicaRequestStopReplicaPartitionState>,
  _version: number,
): void {
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const leaderEpoch = message.leaderEpoch ?? -1
  writer.int32(leaderEpoch)
  const deletePartition = message.deletePartition ?? false
  writer.bool(deletePartition)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface StopReplicaResponse {
  errorCode: number
  partitionErrors: StopReplicaResponseStopReplicaPartitionError[]
  unknownTags?: UnknownTag[]
}

export interface StopReplicaResponseStopReplicaPartitionError {
  topicName: string
  partitionIndex: number
  errorCode: number
  unknownTags?: UnknownTag[]
}

export function readStopReplicaResponse(reader: Reader, version: number): StopReplicaResponse {
  const flexible = version >= 2
  const errorCode = reader.int16()
  const partitionErrors: StopReplicaResponseStopReplicaPartitionError[] = []
  for (let left = reader.arrayCount(flexible, 8); left > 0 && reader.ok; left -= 1) {
    partitionErrors.push(readStopReplicaResponseStopReplicaPartitionError(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: StopReplicaResponse = { errorCode, partitionErrors }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStopReplicaResponseStopReplicaPartitionError(reader: Reader, version: number): StopReplicaResponseStopReplicaPartitionError {
  const flexible = version >= 2
  const topicName = reader.string(flexible)
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: StopReplicaResponseStopReplicaPartitionError = { topicName, partitionIndex, errorCode }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeStopReplicaResponse(
  writer: Writer,
  message: Draft<StopReplicaResponse>,
  version: number,
): void {
  const flexible = version >= 2
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const partitionErrors = message.partitionErrors ?? []
  writer.arrayCount(partitionErrors.length, flexible)
  for (const element of partitionErrors) writeStopReplicaResponseStopReplicaPartitionError(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeStopReplicaResponseStopReplicaPartitionError(
  writer: Writer,
  message: Draft<StopReplicaResponseStopReplicaPartitionError>,
  version: number,
): void {
  const flexible = version >= 2
  const topicName = message.topicName ?? ''
  writer.string(topicName, flexible)
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
