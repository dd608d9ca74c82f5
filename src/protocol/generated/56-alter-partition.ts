// Generated from schema/56-alter-partition.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const alterPartitionApi: ApiLayout = {
  key: 56,
  name: 'AlterPartition',
  minVersion: 0,
  maxVersion: 3,
  flexibleVersion: 0,
}

export interface AlterPartitionRequest {
  brokerId: number
  brokerEpoch: number
  topics: AlterPartitionRequestTopicData[]
  unknownTags?: UnknownTag[]
}

export interface AlterPartitionRequestTopicData {
  topicName: string // until version 1
  topicId: string // since version 2
  partitions: AlterPartitionRequestPartitionData[]
  unknownTags?: UnknownTag[]
}

export interface AlterPartitionRequestPartitionData {
  partitionIndex: number
  leaderEpoch: number
  newIsr: number[] // until version 2
  newIsrWithEpochs: AlterPartitionRequestBrokerState[] // version 3
  leaderRecoveryState: number // since version 1
  partitionEpoch: number
  unknownTags?: UnknownTag[]
}

export interface AlterPartitionRequestBrokerState {
  brokerId: number
  brokerEpoch: number
  unknownTags?: UnknownTag[]
}

export function readAlterPartitionRequest(reader: Reader, version: number): AlterPartitionRequest {
  const brokerId = reader.int32()
  const brokerEpoch = reader.int64()
  const topics: AlterPartitionRequestTopicData[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readAlterPartitionRequestTopicData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: AlterPartitionRequest = { brokerId, brokerEpoch, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterPartitionRequestTopicData(reader: Reader, version: number): AlterPartitionRequestTopicData {
  const topicName = version <= 1 ? reader.string(true) : ''
  const topicId = version >= 2 ? reader.uuid() : ZERO_UUID
  const partitions: AlterPartitionRequestPartitionData[] = []
  for (let left = reader.arrayCount(true, 14); left > 0 && reader.ok; left -= 1) {
    partitions.push(readAlterPartitionRequestPartitionData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: AlterPartitionRequestTopicData = { topicName, topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterPartitionRequestPartitionData(reader: Reader, version: number): AlterPartitionRequestPartitionData {
  const partitionIndex = reader.int32()
  const leaderEpoch = reader.int32()
  const newIsr: number[] = []
  if (version <= 2) {
    for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
      newIsr.push(reader.int32())
    }
  }
  const newIsrWithEpochs: AlterPartitionRequestBrokerState[] = []
  if (version === 3) {
    for (let left = reader.arrayCount(true, 13); left > 0 && reader.ok; left -= 1) {
      newIsrWithEpochs.push(readAlterPartitionRequestBrokerState(reader, version))
    }
  }
  const leaderRecoveryState = version >= 1 ? reader.int8() : 0
  const partitionEpoch = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: AlterPartitionRequestPartitionData = {
    partitionIndex,
    leaderEpoch,
    newIsr,
    newIsrWithEpochs,
    leaderRecoveryState,
    partitionEpoch,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterPartitionRequestBrokerState(reader: Reader, _version: number): AlterPartitionRequestBrokerState {
  const brokerId = reader.int32()
  const brokerEpoch = reader.int64()
  const unknownTags = reader.unknownTags()
  const message: AlterPartitionRequestBrokerState = { brokerId, brokerEpoch }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeAlterPartitionRequest(
  writer: Writer,
  message: Draft<AlterPartitionRequest>,
  version: number,
): void {
  const brokerId = message.brokerId ?? 0
  writer.int32(brokerId)
  const brokerEpoch = message.brokerEpoch ?? -1
  writer.int64(brokerEpoch)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeAlterPartitionRequestTopicData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeAlterPartitionRequestTopicData(
  writer: Writer,
  message: Draft<AlterPartitionRequestTopicData>,
  version: number,
): void {
  const topicName = message.topicName ?? ''
  if (version <= 1) {
    writer.string(topicName, true)
  }
  const topicId = message.topicId ?? ZERO_UUID
  if (version >= 2) {
    writer.uuid(topicId)
  }
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeAlterPartitionRequestPartitionData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeAlterPartitionRequestPartitionData(
  writer: Writer,
  message: Draft<AlterPartitionRequestPartitionData>,
  version: number,
): void {
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const leaderEpoch = message.leaderEpoch ?? 0
  writer.int32(leaderEpoch)
  const newIsr = message.newIsr ?? []
  if (version <= 2) {
    writer.arrayCount(newIsr.length, true)
    for (const element of newIsr) writer.int32(element)
  } else if (newIsr.length > 0) {
    writer.refuse('AlterPartitionRequestPartitionData.newIsr', version)
  }
  const newIsrWithEpochs = message.newIsrWithEpochs ?? []
  if (version === 3) {
    writer.arrayCount(newIsrWithEpochs.length, true)
    for (const element of newIsrWithEpochs) writeAlterPartitionRequestBrokerState(writer, element, version)
  } else if (newIsrWithEpochs.length > 0) {
    writer.refuse('AlterPartitionRequestPartitionData.newIsrWithEpochs', version)
  }
  const leaderRecoveryState = message.leaderRecoveryState ?? 0
  if (version >= 1) {
    writer.int8(leaderRecoveryState)
  } else if (leaderRecoveryState !== 0) {
    writer.refuse('AlterPartitionRequestPartitionData.leaderRecoveryState', version)
  }
  const partitionEpoch = message.partitionEpoch ?? 0
  writer.int32(partitionEpoch)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeAlterPartitionRequestBrokerState(
  writer: Writer,
  message: Draft<AlterPartitionRequestBrokerState>,
  _version: number,
): void {
  const brokerId = message.brokerId ?? 0
  writer.int32(brokerId)
  const brokerEpoch = message.brokerEpoch ?? -1
  writer.int64(brokerEpoch)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface AlterPartitionResponse {
  throttleTimeMs: number
  errorCode: number
  topics: AlterPartitionResponseTopicData[]
  unknownTags?: UnknownTag[]
}

export interface AlterPartitionResponseTopicData {
  topicName: string // until version 1
  topicId: string // since version 2
  partitions: AlterPartitionResponsePartitionData[]
  unknownTags?: UnknownTag[]
}

export interface AlterPartitionResponsePartitionData {
  partitionIndex: number
  errorCode: number
  leaderId: number
  leaderEpoch: number
  isr: number[]
  leaderRecoveryState: number // since version 1
  partitionEpoch: number
  unknownTags?: UnknownTag[]
}

export function readAlterPartitionResponse(reader: Reader, version: number): AlterPartitionResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const topics: AlterPartitionResponseTopicData[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readAlterPartitionResponseTopicData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: AlterPartitionResponse = { throttleTimeMs, errorCode, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterPartitionResponseTopicData(reader: Reader, version: number): AlterPartitionResponseTopicData {
  const topicName = version <= 1 ? reader.string(true) : ''
  const topicId = version >= 2 ? reader.uuid() : ZERO_UUID
  const partitions: AlterPartitionResponsePartitionData[] = []
  for (let left = reader.arrayCount(true, 20); left > 0 && reader.ok; left -= 1) {
    partitions.push(readAlterPartitionResponsePartitionData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: AlterPartitionResponseTopicData = { topicName, topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterPartitionResponsePartitionData(reader: Reader, version: number): AlterPartitionResponsePartitionData {
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const leaderId = reader.int32()
  const leaderEpoch = reader.int32()
  const isr: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    isr.push(reader.int32())
  }
  const leaderRecoveryState = version >= 1 ? reader.int8() : 0
  const partitionEpoch = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: AlterPartitionResponsePartitionData = {
    partitionIndex,
    errorCode,
    leaderId,
    leaderEpoch,
    isr,
    leaderRecoveryState,
    partitionEpoch,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeAlterPartitionResponse(
  writer: Writer,
  message: Draft<AlterPartitionResponse>,
  version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeAlterPartitionResponseTopicData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeAlterPartitionResponseTopicData(
  writer: Writer,
  message: Draft<AlterPartitionResponseTopicData>,
  version: number,
): void {
  const topicName = message.topicName ?? ''
  if (version <= 1) {
    writer.string(topicName, true)
  }
  const topicId = message.topicId ?? ZERO_UUID
  if (version >= 2) {
    writer.uuid(topicId)
  }
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeAlterPartitionResponsePartitionData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeAlterPartitionResponsePartitionData(
  writer: Writer,
  message: Draft<AlterPartitionResponsePartitionData>,
  version: number,
): void {
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const leaderId = message.leaderId ?? 0
  writer.int32(leaderId)
  const leaderEpoch = message.leaderEpoch ?? 0
  writer.int32(leaderEpoch)
  const isr = message.isr ?? []
  writer.arrayCount(isr.length, true)
  for (const element of isr) writer.int32(element)
  const leaderRecoveryState = message.leaderRecoveryState ?? 0
  if (version >= 1) {
    writer.int8(leaderRecoveryState)
  }
  const partitionEpoch = message.partitionEpoch ?? 0
  writer.int32(partitionEpoch)
  writer.onlyUnknownTags(message.unknownTags)
}
