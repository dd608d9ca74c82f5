// Generated from schema/06-update-metadata.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const updateMetadataApi: ApiLayout = {
  key: 6,
  name: 'UpdateMetadata',
  minVersion: 0,
  maxVersion: 8,
  flexibleVersion: 6,
}

export interface UpdateMetadataRequest {
  controllerId: number
  isKRaftController: boolean // version 8
  type: number // version 8
  controllerEpoch: number
  brokerEpoch: number // since version 5
  ungroupedPartitionStates: UpdateMetadataRequestUpdateMetadataPartitionState[] // until version 4
  topicStates: UpdateMetadataRequestUpdateMetadataTopicState[] // since version 5
  liveBrokers: UpdateMetadataRequestUpdateMetadataBroker[]
  unknownTags?: UnknownTag[]
}

export interface UpdateMetadataRequestUpdateMetadataPartitionState {
  topicName: string // until version 4
  partitionIndex: number
  controllerEpoch: number
  leader: number
  leaderEpoch: number
  isr: number[]
  zkVersion: number
  replicas: number[]
  offlineReplicas: number[] // since version 4
  unknownTags?: UnknownTag[]
}

export interface UpdateMetadataRequestUpdateMetadataTopicState {
  topicName: string
  topicId: string // since version 7
  partitionStates: UpdateMetadataRequestUpdateMetadataPartitionState[]
  unknownTags?: UnknownTag[]
}

export interface UpdateMetadataRequestUpdateMetadataBroker {
  id: number
  v0Host: string // version 0
  v0Port: number // version 0
  endpoints: UpdateMetadataRequestUpdateMetadataEndpoint[] // since version 1
  rack: string | null // since version 2
  unknownTags?: UnknownTag[]
}

export interface UpdateMetadataRequestUpdateMetadataEndpoint {
  port: number
  host: string
  listener: string // since version 3
  securityProtocol: number
  unknownTags?: UnknownTag[]
}

export function readUpdateMetadataRequest(reader: Reader, version: number): UpdateMetadataRequest {
  const flexible = version >= 6
  const controllerId = reader.int32()
  const isKRaftController = version === 8 ? reader.bool() : false
  const controllerEpoch = reader.int32()
  const brokerEpoch = version >= 5 ? reader.int64() : -1
  const ungroupedPartitionStates: UpdateMetadataRequestUpdateMetadataPartitionState[] = []
  if (version <= 4) {
    for (let left = reader.arrayCount(false, 30); left > 0 && reader.ok; left -= 1) {
      ungroupedPartitionStates.push(readUpdateMetadataRequestUpdateMetadataPartitionState(reader, version))
    }
  }
  const topicStates: UpdateMetadataRequestUpdateMetadataTopicState[] = []
  if (version >= 5) {
    for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
      topicStates.push(readUpdateMetadataRequestUpdateMetadataTopicState(reader, version))
    }
  }
  const liveBrokers: UpdateMetadataRequestUpdateMetadataBroker[] = []
  for (let left = reader.arrayCount(flexible, 7); left > 0 && reader.ok; left -= 1) {
    liveBrokers.push(readUpdateMetadataRequestUpdateMetadataBroker(reader, version))
  }
  let type: number = 0
  let unknownTags: UnknownTag[] | undefined
  if (flexible) {
    for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
      const tag = reader.uvarint()
      const endsAt = reader.tagEnd()
      if (tag === 0 && version === 8) {
        type = reader.int8()
      } else {
        unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
      }
      reader.closeTag(endsAt)
    }
  }
  const message: UpdateMetadataRequest = {
    controllerId,
    isKRaftController,
    type,
    controllerEpoch,
    brokerEpoch,
    ungroupedPartitionStates,
    topicStates,
    liveBrokers,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readUpdateMetadataRequestUpdateMetadataPartitionState(reader: Reader, version: number): UpdateMetadataRequestUpdateMetadataPartitionState {
  const flexible = version >= 6
  const topicName = version <= 4 ? reader.string(false) : ''
  const partitionIndex = reader.int32()
  const controllerEpoch = reader.int32()
  const leader = reader.int32()
  const leaderEpoch = reader.int32()
  const isr: number[] = []
  for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
    isr.push(reader.int32())
  }
  const zkVersion = reader.int32()
  const replicas: number[] = []
  for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
    replicas.push(reader.int32())
  }
  const offlineReplicas: number[] = []
  if (version >= 4) {
    for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
      offlineReplicas.push(reader.int32())
    }
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: UpdateMetadataRequestUpdateMetadataPartitionState = {
    topicName,
    partitionIndex,
    controllerEpoch,
    leader,
    leaderEpoch,
    isr,
    zkVersion,
    replicas,
    offlineReplicas,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readUpdateMetadataRequestUpdateMetadataTopicState(reader: Reader, version: number): UpdateMetadataRequestUpdateMetadataTopicState {
  const flexible = version >= 6
  const topicName = reader.string(flexible)
  const topicId = version >= 7 ? reader.uuid() : ZERO_UUID
  const partitionStates: UpdateMetadataRequestUpdateMetadataPartitionState[] = []
  for (let left = reader.arrayCount(flexible, 24); left > 0 && reader.ok; left -= 1) {
    partitionStates.push(readUpdateMetadataRequestUpdateMetadataPartitionState(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: UpdateMetadataRequestUpdateMetadataTopicState = { topicName, topicId, partitionStates }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readUpdateMetadataRequestUpdateMetadataBroker(reader: Reader, version: number): UpdateMetadataRequestUpdateMetadataBroker {
  const flexible = version >= 6
  const id = reader.int32()
  const v0Host = version === 0 ? reader.string(false) : ''
  const v0Port = version === 0 ? reader.int32() : 0
  const endpoints: UpdateMetadataRequestUpdateMetadataEndpoint[] = []
  if (version >= 1) {
    for (let left = reader.arrayCount(flexible, 8); left > 0 && reader.ok; left -= 1) {
      endpoints.push(readUpdateMetadataRequestUpdateMetadataEndpoint(reader, version))
    }
  }
  const rack = version >= 2 ? reader.stringOrNull(flexible) : ''
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: UpdateMetadataRequestUpdateMetadataBroker = { id, v0Host, v0Port, endpoints, rack }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readUpdateMetadataRequestUpdateMetadataEndpoint(reader: Reader, version: number): UpdateMetadataRequestUpdateMetadataEndpoint {
  const flexible = version >= 6
  const port = reader.int32()
  const host = reader.string(flexible)
  const listener = version >= 3 ? reader.string(flexible) : ''
  const securityProtocol = reader.int16()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: UpdateMetadataRequestUpdateMetadataEndpoint = { port, host, listener, securityProtocol }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeUpdateMetadataRequest(
  writer: Writer,
  message: Draft<UpdateMetadataRequest>,
  version: number,
): void {
  const flexible = version >= 6
  const controllerId = message.controllerId ?? 0
  writer.int32(controllerId)
  const isKRaftController = message.isKRaftController ?? false
  if (version === 8) {
    writer.bool(isKRaftController)
  } else if (isKRaftController !== false) {
    writer.refuse('UpdateMetadataRequest.isKRaftController', version)
  }
  const type = message.type ?? 0
  if (!(version === 8) && type !== 0) writer.refuse('UpdateMetadataRequest.type', version)
  const controllerEpoch = message.controllerEpoch ?? 0
  writer.int32(controllerEpoch)
  const brokerEpoch = message.brokerEpoch ?? -1
  if (version >= 5) {
    writer.int64(brokerEpoch)
  }
  const ungroupedPartitionStates = message.ungroupedPartitionStates ?? []
  if (version <= 4) {
    writer.arrayCount(ungroupedPartitionStates.length, false)
    for (const element of ungroupedPartitionStates) writeUpdateMetadataRequestUpdateMetadataPartitionState(writer, element, version)
  } else if (ungroupedPartitionStates.length > 0) {
    writer.refuse('UpdateMetadataRequest.ungroupedPartitionStates', version)
  }
  const topicStates = message.topicStates ?? []
  if (version >= 5) {
    writer.arrayCount(topicStates.length, flexible)
    for (const element of topicStates) writeUpdateMetadataRequestUpdateMetadataTopicState(writer, element, version)
  } else if (topicStates.length > 0) {
    writer.refuse('UpdateMetadataRequest.topicStates', version)
  }
  const liveBrokers = message.liveBrokers ?? []
  writer.arrayCount(liveBrokers.length, flexible)
  for (const element of liveBrokers) writeUpdateMetadataRequestUpdateMetadataBroker(writer, element, version)
  if (flexible) {
    const hasType = version === 8 && type !== 0
    writer.tagCount((hasType ? 1 : 0), message.unknownTags)
    if (hasType) {
      const openedAt = writer.openTag(0)
      writer.int8(type)
      writer.closeTag(openedAt)
    }
    writer.unknownTags(message.unknownTags)
  }
}

function writeUpdateMetadataRequestUpdateMetadataPartitionState(
  writer: Writer,
  message: Draft<UpdateMetadataRequestUpdateMetadataPartitionState>,
  version: number,
): void {
  const flexible = version >= 6
  const topicName = message.topicName ?? ''
  if (version <= 4) {
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
  const zkVersion = message.zkVersion ?? 0
  writer.int32(zkVersion)
  const replicas = message.replicas ?? []
  writer.arrayCount(replicas.length, flexible)
  for (const element of replicas) writer.int32(element)
  const offlineReplicas = message.offlineReplicas ?? []
  if (version >= 4) {
    writer.arrayCount(offlineReplicas.length, flexible)
    for (const element of offlineReplicas) writer.int32(element)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeUpdateMetadataRequestUpdateMetadataTopicState(
  writer: Writer,
  message: Draft<UpdateMetadataRequestUpdateMetadataTopicState>,
  version: number,
): void {
  const flexible = version >= 6
  const topicName = message.topicName ?? ''
  writer.string(topicName, flexible)
  const topicId = message.topicId ?? ZERO_UUID
  if (version >= 7) {
    writer.uuid(topicId)
  }
  const partitionStates = message.partitionStates ?? []
  writer.arrayCount(partitionStates.length, flexible)
  for (const element of partitionStates) writeUpdateMetadataRequestUpdateMetadataPartitionState(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeUpdateMetadataRequestUpdateMetadataBroker(
  writer: Writer,
  message: Draft<UpdateMetadataRequestUpdateMetadataBroker>,
  version: number,
): void {
  const flexible = version >= 6
  const id = message.id ?? 0
  writer.int32(id)
  const v0Host = message.v0Host ?? ''
  if (version === 0) {
    writer.string(v0Host, false)
  }
  const v0Port = message.v0Port ?? 0
  if (version === 0) {
    writer.int32(v0Port)
  }
  const endpoints = message.endpoints ?? []
  if (version >= 1) {
    writer.arrayCount(endpoints.length, flexible)
    for (const element of endpoints) writeUpdateMetadataRequestUpdateMetadataEndpoint(writer, element, version)
  }
  const rack = message.rack === undefined ? '' : message.rack
  if (version >= 2) {
    writer.stringOrNull(rack, flexible)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeUpdateMetadataRequestUpdateMetadataEndpoint(
  writer: Writer,
  message: Draft<UpdateMetadataRequestUpdateMetadataEndpoint>,
  version: number,
): void {
  const flexible = version >= 6
  const port = message.port ?? 0
  writer.int32(port)
  const host = message.host ?? ''
  writer.string(host, flexible)
  const listener = message.listener ?? ''
  if (version >= 3) {
    writer.string(listener, flexible)
  }
  const securityProtocol = message.securityProtocol ?? 0
  writer.int16(securityProtocol)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface UpdateMetadataResponse {
  errorCode: number
  unknownTags?: UnknownTag[]
}

export function readUpdateMetadataResponse(reader: Reader, version: number): UpdateMetadataResponse {
  const flexible = version >= 6
  const errorCode = reader.int16()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: UpdateMetadataResponse = { errorCode }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeUpdateMetadataResponse(
  writer: Writer,
  message: Draft<UpdateMetadataResponse>,
  version: number,
): void {
  const flexible = version >= 6
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
