// Generated from schema/04-leader-and-isr.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const leaderAndIsrApi: ApiLayout = {
  key: 4,
  name: 'LeaderAndIsr',
  minVersion: 0,
  maxVersion: 7,
  flexibleVersion: 4,
}

export interface LeaderAndIsrRequest {
  controllerId: number
  isKRaftController: boolean // version 7
  controllerEpoch: number
  brokerEpoch: number // since version 2
  type: number // since version 5
  ungroupedPartitionStates: LeaderAndIsrRequestLeaderAndIsrPartitionState[] // until version 1
  topicStates: LeaderAndIsrRequestLeaderAndIsrTopicState[] // since version 2
  liveLeaders: LeaderAndIsrRequestLeaderAndIsrLiveLeader[]
  unknownTags?: UnknownTag[]
}

export interface LeaderAndIsrRequestLeaderAndIsrPartitionState {
  topicName: string // until version 1
  partitionIndex: number
  controllerEpoch: number
  leader: number
  leaderEpoch: number
  isr: number[]
  partitionEpoch: number
  replicas: number[]
  addingReplicas: number[] // since version 3
  removingReplicas: number[] // since version 3
  isNew: boolean // since version 1
  leaderRecoveryState: number // since version 6
  unknownTags?: UnknownTag[]
}

export interface LeaderAndIsrRequestLeaderAndIsrTopicState {
  topicName: string
  topicId: string // since version 5
  partitionStates: LeaderAndIsrRequestLeaderAndIsrPartitionState[]
  unknownTags?: UnknownTag[]
}

export interface LeaderAndIsrRequestLeaderAndIsrLiveLeader {
  brokerId: number
  hostName: string
  port: number
  unknownTags?: UnknownTag[]
}

export function readLeaderAndIsrRequest(reader: Reader, version: number): LeaderAndIsrRequest {
  const flexible = version >= 4
  const controllerId = reader.int32()
  const isKRaftController = version === 7 ? reader.bool() : false
  const controllerEpoch = reader.int32()
  const brokerEpoch = version >= 2 ? reader.int64() : -1
  const type = version >= 5 ? reader.int8() : 0
  const ungroupedPartitionStates: LeaderAndIsrRequestLeaderAndIsrPartitionState[] = []
  if (version <= 1) {
    for (let left = reader.arrayCount(false, 30); left > 0 && reader.ok; left -= 1) {
      ungroupedPartitionStates.push(readLeaderAndIsrRequestLeaderAndIsrPartitionState(reader, version))
    }
  }
  const topicStates: LeaderAndIsrRequestLeaderAndIsrTopicState[] = []
  if (version >= 2) {
    for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
      topicStates.push(readLeaderAndIsrRequestLeaderAndIsrTopicState(reader, version))
    }
  }
  const liveLeaders: LeaderAndIsrRequestLeaderAndIsrLiveLeader[] = []
  for (let left = reader.arrayCount(flexible, 10); left > 0 && reader.ok; left -= 1) {
    liveLeaders.push(readLeaderAndIsrRequestLeaderAndIsrLiveLeader(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: LeaderAndIsrRequest = {
    controllerId,
    isKRaftController,
    controllerEpoch,
    brokerEpoch,
    type,
    ungroupedPartitionStates,
    topicStates,
    liveLeaders,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readLeaderAndIsrRequestLeaderAndIsrPartitionState(reader: Reader, version: number): LeaderAndIsrRequestLeaderAndIsrPartitionState {
  const flexible = version >= 4
  const topicName = version <= 1 ? reader.string(false) : ''
  const partitionIndex = reader.int32()
  const controllerEpoch = reader.int32()
  const leader = reader.int32()
  const leaderEpoch = reader.int32()
  const isr: number[] = []
  for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
    isr.push(reader.int32())
  }
  const partitionEpoch = reader.int32()
  const replicas: number[] = []
  for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
    replicas.push(reader.int32())
  }
  const addingReplicas: number[] = []
  if (version >= 3) {
    for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
      addingReplicas.push(reader.int32())
    }
  }
  const removingReplicas: number[] = []
  if (version >= 3) {
    for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
      removingReplicas.push(reader.int32())
    }
  }
  const isNew = version >= 1 ? reader.bool() : false
  const leaderRecoveryState = version >= 6 ? reader.int8() : 0
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: LeaderAndIsrRequestLeaderAndIsrPartitionState = {
    topicName,
    partitionIndex,
    controllerEpoch,
    leader,
    leaderEpoch,
    isr,
    partitionEpoch,
    replicas,
    addingReplicas,
    removingReplicas,
    isNew,
    leaderRecoveryState,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readLeaderAndIsrRequestLeaderAndIsrTopicState(reader: Reader, version: number): LeaderAndIsrRequestLeaderAndIsrTopicState {
  const flexible = version >= 4
  const topicName = reader.string(flexible)
  const topicId = version >= 5 ? reader.uuid() : ZERO_UUID
  const partitionStates: LeaderAndIsrRequestLeaderAndIsrPartitionState[] = []
  for (let left = reader.arrayCount(flexible, 26); left > 0 && reader.ok; left -= 1) {
    partitionStates.push(readLeaderAndIsrRequestLeaderAndIsrPartitionState(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: LeaderAndIsrRequestLeaderAndIsrTopicState = { topicName, topicId, partitionStates }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readLeaderAndIsrRequestLeaderAndIsrLiveLeader(reader: Reader, version: number): LeaderAndIsrRequestLeaderAndIsrLiveLeader {
  const flexible = version >= 4
  const brokerId = reader.int32()
  const hostName = reader.string(flexible)
  const port = reader.int32()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: LeaderAndIsrRequestLeaderAndIsrLiveLeader = { brokerId, hostName, port }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeLeaderAndIsrRequest(
  writer: Writer,
  message: Draft<LeaderAndIsrRequest>,
  version: number,
): void {
  const flexible = version >= 4
  const controllerId = message.controllerId ?? 0
  writer.int32(controllerId)
  const isKRaftController = message.isKRaftController ?? false
  if (version === 7) {
    writer.bool(isKRaftController)
  } else if (isKRaftController !== false) {
    writer.refuse('LeaderAndIsrRequest.isKRaftController', version)
  }
  const controllerEpoch = message.controllerEpoch ?? 0
  writer.int32(controllerEpoch)
  const brokerEpoch = message.brokerEpoch ?? -1
  if (version >= 2) {
    writer.int64(brokerEpoch)
  }
  const type = message.type ?? 0
  if (version >= 5) {
    writer.int8(type)
  } else if (type !== 0) {
    writer.refuse('LeaderAndIsrRequest.type', version)
  }
  const ungroupedPartitionStates = message.ungroupedPartitionStates ?? []
  if (version <= 1) {
    writer.arrayCount(ungroupedPartitionStates.length, false)
    for (const element of ungroupedPartitionStates) writeLeaderAndIsrRequestLeaderAndIsrPartitionState(writer, element, version)
  } else if (ungroupedPartitionStates.length > 0) {
    writer.refuse('LeaderAndIsrRequest.ungroupedPartitionStates', version)
  }
  const topicStates = message.topicStates ?? []
  if (version >= 2) {
    writer.arrayCount(topicStates.length, flexible)
    for (const element of topicStates) writeLeaderAndIsrRequestLeaderAndIsrTopicState(writer, element, version)
  } else if (topicStates.length > 0) {
    writer.refuse('LeaderAndIsrRequest.topicStates', version)
  }
  const liveLeaders = message.liveLeaders ?? []
  writer.arrayCount(liveLeaders.length, flexible)
  for (const element of liveLeaders) writeLeaderAndIsrRequestLeaderAndIsrLiveLeader(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeLeaderAndIsrRequestLeaderAndIsrPartitionState(
  writer: Writer,
  message: Draft<LeaderAndIsrRequestLeaderAndIsrPartitionState>,
  version: number,
): void {
  const flexible = version >= 4
  const topicName = message.topicName ?? ''
  if (version <= 1) {
    writer.string(topicName, false)
  }
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const controllerEpoch = message.controllerEpoch ?? 0
  writer.int32(controllerEpoch)
  const leader = message.leader ?? 0
  writer.int32(leader)
  const leaderEpoch = message.leaderEpoch ?? 0
  writer.int32(leaderEpoch)
  const isr = message.isr ?? []
  writer.arrayCount(isr.length, flexible)
  for (const element of isr) writer.int32(element)
  const partitionEpoch = message.partitionEpoch ?? 0
  writer.int32(partitionEpoch)
  const replicas = message.replicas ?? []
  writer.arrayCount(replicas.length, flexible)
  for (const element of replicas) writer.int32(element)
  const addingReplicas = message.addingReplicas ?? []
  if (version >= 3) {
    writer.arrayCount(addingReplicas.length, flexible)
    for (const element of addingReplicas) writer.int32(element)
  }
  const removingReplicas = message.removingReplicas ?? []
  if (version >= 3) {
    writer.arrayCount(removingReplicas.length, flexible)
    for (const element of removingReplicas) writer.int32(element)
  }
  const isNew = message.isNew ?? false
  if (version >= 1) {
    writer.bool(isNew)
  }
  const leaderRecoveryState = message.leaderRecoveryState ?? 0
  if (version >= 6) {
    writer.int8(leaderRecoveryState)
  } else if (leaderRecoveryState !== 0) {
    writer.refuse('LeaderAndIsrRequestLeaderAndIsrPartitionState.leaderRecoveryState', version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeLeaderAndIsrRequestLeaderAndIsrTopicState(
  writer: Writer,
  message: Draft<LeaderAndIsrRequestLeaderAndIsrTopicState>,
  version: number,
): void {
  const flexible = version >= 4
  const topicName = message.topicName ?? ''
  writer.string(topicName, flexible)
  const topicId = message.topicId ?? ZERO_UUID
  if (version >= 5) {
    writer.uuid(topicId)
  }
  const partitionStates = message.partitionStates ?? []
  writer.arrayCount(partitionStates.length, flexible)
  for (const element of partitionStates) writeLeaderAndIsrRequestLeaderAndIsrPartitionState(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeLeaderAndIsrRequestLeaderAndIsrLiveLeader(
  writer: Writer,
  message: Draft<LeaderAndIsrRequestLeaderAndIsrLiveLeader>,
  version: number,
): void {
  const flexible = version >= 4
  const brokerId = message.brokerId ?? 0
  writer.int32(brokerId)
  const hostName = message.hostName ?? ''
  writer.string(hostName, flexible)
  const port = message.port ?? 0
  writer.int32(port)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface LeaderAndIsrResponse {
  errorCode: number
  partitionErrors: LeaderAndIsrResponseLeaderAndIsrPartitionError[] // until version 4
  topics: LeaderAndIsrResponseLeaderAndIsrTopicError[] // since version 5
  unknownTags?: UnknownTag[]
}

export interface LeaderAndIsrResponseLeaderAndIsrPartitionError {
  topicName: string // until version 4
  partitionIndex: number
  errorCode: number
  unknownTags?: UnknownTag[]
}

export interface LeaderAndIsrResponseLeaderAndIsrTopicError {
  topicId: string
  partitionErrors: LeaderAndIsrResponseLeaderAndIsrPartitionError[]
  unknownTags?: UnknownTag[]
}

export function readLeaderAndIsrResponse(reader: Reader, version: number): LeaderAndIsrResponse {
  const flexible = version >= 4
  const errorCode = reader.int16()
  const partitionErrors: LeaderAndIsrResponseLeaderAndIsrPartitionError[] = []
  if (version <= 4) {
    for (let left = reader.arrayCount(flexible, 8); left > 0 && reader.ok; left -= 1) {
      partitionErrors.push(readLeaderAndIsrResponseLeaderAndIsrPartitionError(reader, version))
    }
  }
  const topics: LeaderAndIsrResponseLeaderAndIsrTopicError[] = []
  if (version >= 5) {
    for (let left = reader.arrayCount(true, 18); left > 0 && reader.ok; left -= 1) {
      topics.push(readLeaderAndIsrResponseLeaderAndIsrTopicError(reader, version))
    }
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: LeaderAndIsrResponse = { errorCode, partitionErrors, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readLeaderAndIsrResponseLeaderAndIsrPartitionError(reader: Reader, version: number): LeaderAndIsrResponseLeaderAndIsrPartitionError {
  const flexible = version >= 4
  const topicName = version <= 4 ? reader.string(flexible) : ''
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: LeaderAndIsrResponseLeaderAndIsrPartitionError = { topicName, partitionIndex, errorCode }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readLeaderAndIsrResponseLeaderAndIsrTopicError(reader: Reader, version: number): LeaderAndIsrResponseLeaderAndIsrTopicError {
  const topicId = reader.uuid()
  const partitionErrors: LeaderAndIsrResponseLeaderAndIsrPartitionError[] = []
  for (let left = reader.arrayCount(true, 7); left > 0 && reader.ok; left -= 1) {
    partitionErrors.push(readLeaderAndIsrResponseLeaderAndIsrPartitionError(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: LeaderAndIsrResponseLeaderAndIsrTopicError = { topicId, partitionErrors }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeLeaderAndIsrResponse(
  writer: Writer,
  message: Draft<LeaderAndIsrResponse>,
  version: number,
): void {
  const flexible = version >= 4
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const partitionErrors = message.partitionErrors ?? []
  if (version <= 4) {
    writer.arrayCount(partitionErrors.length, flexible)
    for (const element of partitionErrors) writeLeaderAndIsrResponseLeaderAndIsrPartitionError(writer, element, version)
  } else if (partitionErrors.length > 0) {
    writer.refuse('LeaderAndIsrResponse.partitionErrors', version)
  }
  const topics = message.topics ?? []
  if (version >= 5) {
    writer.arrayCount(topics.length, true)
    for (const element of topics) writeLeaderAndIsrResponseLeaderAndIsrTopicError(writer, element, version)
  } else if (topics.length > 0) {
    writer.refuse('LeaderAndIsrResponse.topics', version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeLeaderAndIsrResponseLeaderAndIsrPartitionError(
  writer: Writer,
  message: Draft<LeaderAndIsrResponseLeaderAndIsrPartitionError>,
  version: number,
): void {
  const flexible = version >= 4
  const topicName = message.topicName ?? ''
  if (version <= 4) {
    writer.string(topicName, flexible)
  }
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeLeaderAndIsrResponseLeaderAndIsrTopicError(
  writer: Writer,
  message: Draft<LeaderAndIsrResponseLeaderAndIsrTopicError>,
  version: number,
): void {
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partitionErrors = message.partitionErrors ?? []
  writer.arrayCount(partitionErrors.length, true)
  for (const element of partitionErrors) writeLeaderAndIsrResponseLeaderAndIsrPartitionError(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}
