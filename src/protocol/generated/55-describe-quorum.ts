// Generated from schema/55-describe-quorum.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const describeQuorumApi: ApiLayout = {
  key: 55,
  name: 'DescribeQuorum',
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: 0,
}

export interface DescribeQuorumRequest {
  topics: DescribeQuorumRequestTopicData[]
  unknownTags?: UnknownTag[]
}

export interface DescribeQuorumRequestTopicData {
  topicName: string
  partitions: DescribeQuorumRequestPartitionData[]
  unknownTags?: UnknownTag[]
}

export interface DescribeQuorumRequestPartitionData {
  partitionIndex: number
  unknownTags?: UnknownTag[]
}

export function readDescribeQuorumRequest(reader: Reader, version: number): DescribeQuorumRequest {
  const topics: DescribeQuorumRequestTopicData[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readDescribeQuorumRequestTopicData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: DescribeQuorumRequest = { topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeQuorumRequestTopicData(reader: Reader, version: number): DescribeQuorumRequestTopicData {
  const topicName = reader.string(true)
  const partitions: DescribeQuorumRequestPartitionData[] = []
  for (let left = reader.arrayCount(true, 5); left > 0 && reader.ok; left -= 1) {
    partitions.push(readDescribeQuorumRequestPartitionData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: DescribeQuorumRequestTopicData = { topicName, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeQuorumRequestPartitionData(reader: Reader, _version: number): DescribeQuorumRequestPartitionData {
  const partitionIndex = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: DescribeQuorumRequestPartitionData = { partitionIndex }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDescribeQuorumRequest(
  writer: Writer,
  message: Draft<DescribeQuorumRequest>,
  version: number,
): void {
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeDescribeQuorumRequestTopicData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDescribeQuorumRequestTopicData(
  writer: Writer,
  message: Draft<DescribeQuorumRequestTopicData>,
  version: number,
): void {
  const topicName = message.topicName ?? ''
  writer.string(topicName, true)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeDescribeQuorumRequestPartitionData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDescribeQuorumRequestPartitionData(
  writer: Writer,
  message: Draft<DescribeQuorumRequestPartitionData>,
  _version: number,
): void {
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface DescribeQuorumResponse {
  errorCode: number
  errorMessage: string | null // version 2
  topics: DescribeQuorumResponseTopicData[]
  nodes: DescribeQuorumResponseNode[] // version 2
  unknownTags?: UnknownTag[]
}

export interface DescribeQuorumResponseReplicaState {
  replicaId: number
  replicaDirectoryId: string // version 2
  logEndOffset: number
  lastFetchTimestamp: number // since version 1
  lastCaughtUpTimestamp: number // since version 1
  unknownTags?: UnknownTag[]
}

export interface DescribeQuorumResponseTopicData {
  topicName: string
  partitions: DescribeQuorumResponsePartitionData[]
  unknownTags?: UnknownTag[]
}

export interface DescribeQuorumResponsePartitionData {
  partitionIndex: number
  errorCode: number
  errorMessage: string | null // version 2
  leaderId: number
  leaderEpoch: number
  highWatermark: number
  currentVoters: DescribeQuorumResponseReplicaState[]
  observers: DescribeQuorumResponseReplicaState[]
  unknownTags?: UnknownTag[]
}

export interface DescribeQuorumResponseNode {
  nodeId: number
  listeners: DescribeQuorumResponseListener[]
  unknownTags?: UnknownTag[]
}

export interface DescribeQuorumResponseListener {
  name: string
  host: string
  port: number
  unknownTags?: UnknownTag[]
}

export function readDescribeQuorumResponse(reader: Reader, version: number): DescribeQuorumResponse {
  const errorCode = reader.int16()
  const errorMessage = version === 2 ? reader.stringOrNull(true) : ''
  const topics: DescribeQuorumResponseTopicData[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readDescribeQuorumResponseTopicData(reader, version))
  }
  const nodes: DescribeQuorumResponseNode[] = []
  if (version === 2) {
    for (let left = reader.arrayCount(true, 6); left > 0 && reader.ok; left -= 1) {
      nodes.push(readDescribeQuorumResponseNode(reader, version))
    }
  }
  const unknownTags = reader.unknownTags()
  const message: DescribeQuorumResponse = { errorCode, errorMessage, topics, nodes }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeQuorumResponseReplicaState(reader: Reader, version: number): DescribeQuorumResponseReplicaState {
  const replicaId = reader.int32()
  const replicaDirectoryId = version === 2 ? reader.uuid() : ZERO_UUID
  const logEndOffset = reader.int64()
  const lastFetchTimestamp = version >= 1 ? reader.int64() : -1
  const lastCaughtUpTimestamp = version >= 1 ? reader.int64() : -1
  const unknownTags = reader.unknownTags()
  const message: DescribeQuorumResponseReplicaState = {
    replicaId,
    replicaDirectoryId,
    logEndOffset,
    lastFetchTimestamp,
    lastCaughtUpTimestamp,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeQuorumResponseTopicData(reader: Reader, version: number): DescribeQuorumResponseTopicData {
  const topicName = reader.string(true)
  const partitions: DescribeQuorumResponsePartitionData[] = []
  for (let left = reader.arrayCount(true, 25); left > 0 && reader.ok; left -= 1) {
    partitions.push(readDescribeQuorumResponsePartitionData(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: DescribeQuorumResponseTopicData = { topicName, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeQuorumResponsePartitionData(reader: Reader, version: number): DescribeQuorumResponsePartitionData {
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = version === 2 ? reader.stringOrNull(true) : ''
  const leaderId = reader.int32()
  const leaderEpoch = reader.int32()
  const highWatermark = reader.int64()
  const currentVoters: DescribeQuorumResponseReplicaState[] = []
  for (let left = reader.arrayCount(true, 13); left > 0 && reader.ok; left -= 1) {
    currentVoters.push(readDescribeQuorumResponseReplicaState(reader, version))
  }
  const observers: DescribeQuorumResponseReplicaState[] = []
  for (let left = reader.arrayCount(true, 13); left > 0 && reader.ok; left -= 1) {
    observers.push(readDescribeQuorumResponseReplicaState(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: DescribeQuorumResponsePartitionData = {
    partitionIndex,
    errorCode,
    errorMessage,
    leaderId,
    leaderEpoch,
    highWatermark,
    currentVoters,
    observers,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeQuorumResponseNode(reader: Reader, version: number): DescribeQuorumResponseNode {
  const nodeId = reader.int32()
  const listeners: DescribeQuorumResponseListener[] = []
  for (let left = reader.arrayCount(true, 5); left > 0 && reader.ok; left -= 1) {
    listeners.push(readDescribeQuorumResponseListener(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: DescribeQuorumResponseNode = { nodeId, listeners }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeQuorumResponseListener(reader: Reader, _version: number): DescribeQuorumResponseListener {
  const name = reader.string(true)
  const host = reader.string(true)
  const port = reader.uint16()
  const unknownTags = reader.unknownTags()
  const message: DescribeQuorumResponseListener = { name, host, port }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDescribeQuorumResponse(
  writer: Writer,
  message: Draft<DescribeQuorumResponse>,
  version: number,
): void {
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage === undefined ? '' : message.errorMessage
  if (version === 2) {
    writer.stringOrNull(errorMessage, true)
  }
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeDescribeQuorumResponseTopicData(writer, element, version)
  const nodes = message.nodes ?? []
  if (version === 2) {
    writer.arrayCount(nodes.length, true)
    for (const element of nodes) writeDescribeQuorumResponseNode(writer, element, version)
  } else if (nodes.length > 0) {
    writer.refuse('DescribeQuorumResponse.nodes', version)
  }
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDescribeQuorumResponseReplicaState(
  writer: Writer,
  message: Draft<DescribeQuorumResponseReplicaState>,
  version: number,
): void {
  const replicaId = message.replicaId ?? 0
  writer.int32(replicaId)
  const replicaDirectoryId = message.replicaDirectoryId ?? ZERO_UUID
  if (version === 2) {
    writer.uuid(replicaDirectoryId)
  } else if (replicaDirectoryId !== ZERO_UUID) {
    writer.refuse('DescribeQuorumResponseReplicaState.replicaDirectoryId', version)
  }
  const logEndOffset = message.logEndOffset ?? 0
  writer.int64(logEndOffset)
  const lastFetchTimestamp = message.lastFetchTimestamp ?? -1
  if (version >= 1) {
    writer.int64(lastFetchTimestamp)
  }
  const lastCaughtUpTimestamp = message.lastCaughtUpTimestamp ?? -1
  if (version >= 1) {
    writer.int64(lastCaughtUpTimestamp)
  }
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDescribeQuorumResponseTopicData(
  writer: Writer,
  message: Draft<DescribeQuorumResponseTopicData>,
  version: number,
): void {
  const topicName = message.topicName ?? ''
  writer.string(topicName, true)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeDescribeQuorumResponsePartitionData(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDescribeQuorumResponsePartitionData(
  writer: Writer,
  message: Draft<DescribeQuorumResponsePartitionData>,
  version: number,
): void {
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage === undefined ? '' : message.errorMessage
  if (version === 2) {
    writer.stringOrNull(errorMessage, true)
  }
  const leaderId = message.leaderId ?? 0
  writer.int32(leaderId)
  const leaderEpoch = message.leaderEpoch ?? 0
  writer.int32(leaderEpoch)
  const highWatermark = message.highWatermark ?? 0
  writer.int64(highWatermark)
  const currentVoters = message.currentVoters ?? []
  writer.arrayCount(currentVoters.length, true)
  for (const element of currentVoters) writeDescribeQuorumResponseReplicaState(writer, element, version)
  const observers = message.observers ?? []
  writer.arrayCount(observers.length, true)
  for (const element of observers) writeDescribeQuorumResponseReplicaState(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDescribeQuorumResponseNode(
  writer: Writer,
  message: Draft<DescribeQuorumResponseNode>,
  version: number,
): void {
  const nodeId = message.nodeId ?? 0
  writer.int32(nodeId)
  const listeners = message.listeners ?? []
  writer.arrayCount(listeners.length, true)
  for (const element of listeners) writeDescribeQuorumResponseListener(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDescribeQuorumResponseListener(
  writer: Writer,
  message: Draft<DescribeQuorumResponseListener>,
  _version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  const host = message.host ?? ''
  writer.string(host, true)
  const port = message.port ?? 0
  writer.uint16(port)
  writer.onlyUnknownTags(message.unknownTags)
}
