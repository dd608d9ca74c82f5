// Generated from schema/88-streams-group-heartbeat.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const streamsGroupHeartbeatApi: ApiLayout = {
  key: 88,
  name: 'StreamsGroupHeartbeat',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 0,
}

export interface StreamsGroupHeartbeatRequest {
  groupId: string
  memberId: string
  memberEpoch: number
  endpointInformationEpoch: number
  instanceId: string | null
  rackId: string | null
  rebalanceTimeoutMs: number
  topology: StreamsGroupHeartbeatRequestTopology | null
  activeTasks: StreamsGroupHeartbeatRequestTaskIds[] | null
  standbyTasks: StreamsGroupHeartbeatRequestTaskIds[] | null
  warmupTasks: StreamsGroupHeartbeatRequestTaskIds[] | null
  processId: string | null
  userEndpoint: StreamsGroupHeartbeatRequestEndpoint | null
  clientTags: StreamsGroupHeartbeatRequestKeyValue[] | null
  taskOffsets: StreamsGroupHeartbeatRequestTaskOffset[] | null
  taskEndOffsets: StreamsGroupHeartbeatRequestTaskOffset[] | null
  shutdownApplication: boolean
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupHeartbeatRequestTopicInfo {
  name: string
  partitions: number
  replicationFactor: number
  topicConfigs: StreamsGroupHeartbeatRequestKeyValue[]
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupHeartbeatRequestKeyValue {
  key: string
  value: string
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupHeartbeatRequestTaskIds {
  subtopologyId: string
  partitions: number[]
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupHeartbeatRequestTaskOffset {
  subtopologyId: string
  partition: number
  offset: number
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupHeartbeatRequestTopology {
  epoch: number
  subtopologies: StreamsGroupHeartbeatRequestSubtopology[]
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupHeartbeatRequestSubtopology {
  subtopologyId: string
  sourceTopics: string[]
  sourceTopicRegex: string[]
  stateChangelogTopics: StreamsGroupHeartbeatRequestTopicInfo[]
  repartitionSinkTopics: string[]
  repartitionSourceTopics: StreamsGroupHeartbeatRequestTopicInfo[]
  copartitionGroups: StreamsGroupHeartbeatRequestCopartitionGroup[]
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupHeartbeatRequestCopartitionGroup {
  sourceTopics: number[]
  sourceTopicRegex: number[]
  repartitionSourceTopics: number[]
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupHeartbeatRequestEndpoint {
  host: string
  port: number
  unknownTags?: UnknownTag[]
}

export function readStreamsGroupHeartbeatRequest(reader: Reader, version: number): StreamsGroupHeartbeatRequest {
  const groupId = reader.string(true)
  const memberId = reader.string(true)
  const memberEpoch = reader.int32()
  const endpointInformationEpoch = reader.int32()
  const instanceId = reader.stringOrNull(true)
  const rackId = reader.stringOrNull(true)
  const rebalanceTimeoutMs = reader.int32()
  const topology = reader.present() ? readStreamsGroupHeartbeatRequestTopology(reader, version) : null
  let activeTasks: StreamsGroupHeartbeatRequestTaskIds[] | null = null
  const activeTasksCount = reader.arrayCountOrNull(true, 3)
  if (activeTasksCount < 0) {
    activeTasks = null
  } else {
    activeTasks = []
    for (let left = activeTasksCount; left > 0 && reader.ok; left -= 1) {
      activeTasks.push(readStreamsGroupHeartbeatRequestTaskIds(reader, version))
    }
  }
  let standbyTasks: StreamsGroupHeartbeatRequestTaskIds[] | null = null
  const standbyTasksCount = reader.arrayCountOrNull(true, 3)
  if (standbyTasksCount < 0) {
    standbyTasks = null
  } else {
    standbyTasks = []
    for (let left = standbyTasksCount; left > 0 && reader.ok; left -= 1) {
      standbyTasks.push(readStreamsGroupHeartbeatRequestTaskIds(reader, version))
    }
  }
  let warmupTasks: StreamsGroupHeartbeatRequestTaskIds[] | null = null
  const warmupTasksCount = reader.arrayCountOrNull(true, 3)
  if (warmupTasksCount < 0) {
    warmupTasks = null
  } else {
    warmupTasks = []
    for (let left = warmupTasksCount; left > 0 && reader.ok; left -= 1) {
      warmupTasks.push(readStreamsGroupHeartbeatRequestTaskIds(reader, version))
    }
  }
  const processId = reader.stringOrNull(true)
  const userEndpoint = reader.present() ? readStreamsGroupHeartbeatRequestEndpoint(reader, version) : null
  let clientTags: StreamsGroupHeartbeatRequestKeyValue[] | null = null
  const clientTagsCount = reader.arrayCountOrNull(true, 3)
  if (clientTagsCount < 0) {
    clientTags = null
  } else {
    clientTags = []
    for (let left = clientTagsCount; left > 0 && reader.ok; left -= 1) {
      clientTags.push(readStreamsGroupHeartbeatRequestKeyValue(reader, version))
    }
  }
  let taskOffsets: StreamsGroupHeartbeatRequestTaskOffset[] | null = null
  const taskOffsetsCount = reader.arrayCountOrNull(true, 14)
  if (taskOffsetsCount < 0) {
    taskOffsets = null
  } else {
    taskOffsets = []
    for (let left = taskOffsetsCount; left > 0 && reader.ok; left -= 1) {
      taskOffsets.push(readStreamsGroupHeartbeatRequestTaskOffset(reader, version))
    }
  }
  let taskEndOffsets: StreamsGroupHeartbeatRequestTaskOffset[] | null = null
  const taskEndOffsetsCount = reader.arrayCountOrNull(true, 14)
  if (taskEndOffsetsCount < 0) {
    taskEndOffsets = null
  } else {
    taskEndOffsets = []
    for (let left = taskEndOffsetsCount; left > 0 && reader.ok; left -= 1) {
      taskEndOffsets.push(readStreamsGroupHeartbeatRequestTaskOffset(reader, version))
    }
  }
  const shutdownApplication = reader.bool()
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupHeartbeatRequest = {
    groupId,
    memberId,
    memberEpoch,
    endpointInformationEpoch,
    instanceId,
    rackId,
    rebalanceTimeoutMs,
    topology,
    activeTasks,
    standbyTasks,
    warmupTasks,
    processId,
    userEndpoint,
    clientTags,
    taskOffsets,
    taskEndOffsets,
    shutdownApplication,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupHeartbeatRequestTopicInfo(reader: Reader, version: number): StreamsGroupHeartbeatRequestTopicInfo {
  const name = reader.string(true)
  const partitions = reader.int32()
  const replicationFactor = reader.int16()
  const topicConfigs: StreamsGroupHeartbeatRequestKeyValue[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    topicConfigs.push(readStreamsGroupHeartbeatRequestKeyValue(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupHeartbeatRequestTopicInfo = { name, partitions, replicationFactor, topicConfigs }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupHeartbeatRequestKeyValue(reader: Reader, _version: number): StreamsGroupHeartbeatRequestKeyValue {
  const key = reader.string(true)
  const value = reader.string(true)
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupHeartbeatRequestKeyValue = { key, value }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupHeartbeatRequestTaskIds(reader: Reader, _version: number): StreamsGroupHeartbeatRequestTaskIds {
  const subtopologyId = reader.string(true)
  const partitions: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(reader.int32())
  }
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupHeartbeatRequestTaskIds = { subtopologyId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupHeartbeatRequestTaskOffset(reader: Reader, _version: number): StreamsGroupHeartbeatRequestTaskOffset {
  const subtopologyId = reader.string(true)
  const partition = reader.int32()
  const offset = reader.int64()
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupHeartbeatRequestTaskOffset = { subtopologyId, partition, offset }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupHeartbeatRequestTopology(reader: Reader, version: number): StreamsGroupHeartbeatRequestTopology {
  const epoch = reader.int32()
  const subtopologies: StreamsGroupHeartbeatRequestSubtopology[] = []
  for (let left = reader.arrayCount(true, 8); left > 0 && reader.ok; left -= 1) {
    subtopologies.push(readStreamsGroupHeartbeatRequestSubtopology(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupHeartbeatRequestTopology = { epoch, subtopologies }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupHeartbeatRequestSubtopology(reader: Reader, version: number): StreamsGroupHeartbeatRequestSubtopology {
  const subtopologyId = reader.string(true)
  const sourceTopics: string[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    sourceTopics.push(reader.string(true))
  }
  const sourceTopicRegex: string[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    sourceTopicRegex.push(reader.string(true))
  }
  const stateChangelogTopics: StreamsGroupHeartbeatRequestTopicInfo[] = []
  for (let left = reader.arrayCount(true, 9); left > 0 && reader.ok; left -= 1) {
    stateChangelogTopics.push(readStreamsGroupHeartbeatRequestTopicInfo(reader, version))
  }
  const repartitionSinkTopics: string[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    repartitionSinkTopics.push(reader.string(true))
  }
  const repartitionSourceTopics: StreamsGroupHeartbeatRequestTopicInfo[] = []
  for (let left = reader.arrayCount(true, 9); left > 0 && reader.ok; left -= 1) {
    repartitionSourceTopics.push(readStreamsGroupHeartbeatRequestTopicInfo(reader, version))
  }
  const copartitionGroups: StreamsGroupHeartbeatRequestCopartitionGroup[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    copartitionGroups.push(readStreamsGroupHeartbeatRequestCopartitionGroup(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupHeartbeatRequestSubtopology = {
    subtopologyId,
    sourceTopics,
    sourceTopicRegex,
    stateChangelogTopics,
    repartitionSinkTopics,
    repartitionSourceTopics,
    copartitionGroups,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupHeartbeatRequestCopartitionGroup(reader: Reader, _version: number): StreamsGroupHeartbeatRequestCopartitionGroup {
  const sourceTopics: number[] = []
  for (let left = reader.arrayCount(true, 2); left > 0 && reader.ok; left -= 1) {
    sourceTopics.push(reader.int16())
  }
  const sourceTopicRegex: number[] = []
  for (let left = reader.arrayCount(true, 2); left > 0 && reader.ok; left -= 1) {
    sourceTopicRegex.push(reader.int16())
  }
  const repartitionSourceTopics: number[] = []
  for (let left = reader.arrayCount(true, 2); left > 0 && reader.ok; left -= 1) {
    repartitionSourceTopics.push(reader.int16())
  }
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupHeartbeatRequestCopartitionGroup = {
    sourceTopics,
    sourceTopicRegex,
    repartitionSourceTopics,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupHeartbeatRequestEndpoint(reader: Reader, _version: number): StreamsGroupHeartbeatRequestEndpoint {
  const host = reader.string(true)
  const port = reader.uint16()
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupHeartbeatRequestEndpoint = { host, port }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeStreamsGroupHeartbeatRequest(
  writer: Writer,
  message: Draft<StreamsGroupHeartbeatRequest>,
  version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, true)
  const memberId = message.memberId ?? ''
  writer.string(memberId, true)
  const memberEpoch = message.memberEpoch ?? 0
  writer.int32(memberEpoch)
  const endpointInformationEpoch = message.endpointInformationEpoch ?? 0
  writer.int32(endpointInformationEpoch)
  const instanceId = message.instanceId ?? null
  writer.stringOrNull(instanceId, true)
  const rackId = message.rackId ?? null
  writer.stringOrNull(rackId, true)
  const rebalanceTimeoutMs = message.rebalanceTimeoutMs ?? -1
  writer.int32(rebalanceTimeoutMs)
  const topology = message.topology ?? null
  writer.present(topology !== null)
  if (topology !== null) writeStreamsGroupHeartbeatRequestTopology(writer, topology, version)
  const activeTasks = message.activeTasks ?? null
  writer.arrayCount(activeTasks === null ? -1 : activeTasks.length, true)
  if (activeTasks !== null) {
    for (const element of activeTasks) writeStreamsGroupHeartbeatRequestTaskIds(writer, element, version)
  }
  const standbyTasks = message.standbyTasks ?? null
  writer.arrayCount(standbyTasks === null ? -1 : standbyTasks.length, true)
  if (standbyTasks !== null) {
    for (const element of standbyTasks) writeStreamsGroupHeartbeatRequestTaskIds(writer, element, version)
  }
  const warmupTasks = message.warmupTasks ?? null
  writer.arrayCount(warmupTasks === null ? -1 : warmupTasks.length, true)
  if (warmupTasks !== null) {
    for (const element of warmupTasks) writeStreamsGroupHeartbeatRequestTaskIds(writer, element, version)
  }
  const processId = message.processId ?? null
  writer.stringOrNull(processId, true)
  const userEndpoint = message.userEndpoint ?? null
  writer.present(userEndpoint !== null)
  if (userEndpoint !== null) writeStreamsGroupHeartbeatRequestEndpoint(writer, userEndpoint, version)
  const clientTags = message.clientTags ?? null
  writer.arrayCount(clientTags === null ? -1 : clientTags.length, true)
  if (clientTags !== null) {
    for (const element of clientTags) writeStreamsGroupHeartbeatRequestKeyValue(writer, element, version)
  }
  const taskOffsets = message.taskOffsets ?? null
  writer.arrayCount(taskOffsets === null ? -1 : taskOffsets.length, true)
  if (taskOffsets !== null) {
    for (const element of taskOffsets) writeStreamsGroupHeartbeatRequestTaskOffset(writer, element, version)
  }
  const taskEndOffsets = message.taskEndOffsets ?? null
  writer.arrayCount(taskEndOffsets === null ? -1 : taskEndOffsets.length, true)
  if (taskEndOffsets !== null) {
    for (const element of taskEndOffsets) writeStreamsGroupHeartbeatRequestTaskOffset(writer, element, version)
  }
  const shutdownApplication = message.shutdownApplication ?? false
  writer.bool(shutdownApplication)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupHeartbeatRequestTopicInfo(
  writer: Writer,
  message: Draft<StreamsGroupHeartbeatRequestTopicInfo>,
  version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  const partitions = message.partitions ?? 0
  writer.int32(partitions)
  const replicationFactor = message.replicationFactor ?? 0
  writer.int16(replicationFactor)
  const topicConfigs = message.topicConfigs ?? []
  writer.arrayCount(topicConfigs.length, true)
  for (const element of topicConfigs) writeStreamsGroupHeartbeatRequestKeyValue(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupHeartbeatRequestKeyValue(
  writer: Writer,
  message: Draft<StreamsGroupHeartbeatRequestKeyValue>,
  _version: number,
): void {
  const key = message.key ?? ''
  writer.string(key, true)
  const value = message.value ?? ''
  writer.string(value, true)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupHeartbeatRequestTaskIds(
  writer: Writer,
  message: Draft<StreamsGroupHeartbeatRequestTaskIds>,
  _version: number,
): void {
  const subtopologyId = message.subtopologyId ?? ''
  writer.string(subtopologyId, true)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writer.int32(element)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupHeartbeatRequestTaskOffset(
  writer: Writer,
  message: Draft<StreamsGroupHeartbeatRequestTaskOffset>,
  _version: number,
): void {
  const subtopologyId = message.subtopologyId ?? ''
  writer.string(subtopologyId, true)
  const partition = message.partition ?? 0
  writer.int32(partition)
  const offset = message.offset ?? 0
  writer.int64(offset)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupHeartbeatRequestTopology(
  writer: Writer,
  message: Draft<StreamsGroupHeartbeatRequestTopology>,
  version: number,
): void {
  const epoch = message.epoch ?? 0
  writer.int32(epoch)
  const subtopologies = message.subtopologies ?? []
  writer.arrayCount(subtopologies.length, true)
  for (const element of subtopologies) writeStreamsGroupHeartbeatRequestSubtopology(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupHeartbeatRequestSubtopology(
  writer: Writer,
  message: Draft<StreamsGroupHeartbeatRequestSubtopology>,
  version: number,
): void {
  const subtopologyId = message.subtopologyId ?? ''
  writer.string(subtopologyId, true)
  const sourceTopics = message.sourceTopics ?? []
  writer.arrayCount(sourceTopics.length, true)
  for (const element of sourceTopics) writer.string(element, true)
  const sourceTopicRegex = message.sourceTopicRegex ?? []
  writer.arrayCount(sourceTopicRegex.length, true)
  for (const element of sourceTopicRegex) writer.string(element, true)
  const stateChangelogTopics = message.stateChangelogTopics ?? []
  writer.arrayCount(stateChangelogTopics.length, true)
  for (const element of stateChangelogTopics) writeStreamsGroupHeartbeatRequestTopicInfo(writer, element, version)
  const repartitionSinkTopics = message.repartitionSinkTopics ?? []
  writer.arrayCount(repartitionSinkTopics.length, true)
  for (const element of repartitionSinkTopics) writer.string(element, true)
  const repartitionSourceTopics = message.repartitionSourceTopics ?? []
  writer.arrayCount(repartitionSourceTopics.length, true)
  for (const element of repartitionSourceTopics) writeStreamsGroupHeartbeatRequestTopicInfo(writer, element, version)
  const copartitionGroups = message.copartitionGroups ?? []
  writer.arrayCount(copartitionGroups.length, true)
  for (const element of copartitionGroups) writeStreamsGroupHeartbeatRequestCopartitionGroup(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupHeartbeatRequestCopartitionGroup(
  writer: Writer,
  message: Draft<StreamsGroupHeartbeatRequestCopartitionGroup>,
  _version: number,
): void {
  const sourceTopics = message.sourceTopics ?? []
  writer.arrayCount(sourceTopics.length, true)
  for (const element of sourceTopics) writer.int16(element)
  const sourceTopicRegex = message.sourceTopicRegex ?? []
  writer.arrayCount(sourceTopicRegex.length, true)
  for (const element of sourceTopicRegex) writer.int16(element)
  const repartitionSourceTopics = message.repartitionSourceTopics ?? []
  writer.arrayCount(repartitionSourceTopics.length, true)
  for (const element of repartitionSourceTopics) writer.int16(element)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupHeartbeatRequestEndpoint(
  writer: Writer,
  message: Draft<StreamsGroupHeartbeatRequestEndpoint>,
  _version: number,
): void {
  const host = message.host ?? ''
  writer.string(host, true)
  const port = message.port ?? 0
  writer.uint16(port)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface StreamsGroupHeartbeatResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  memberId: string
  memberEpoch: number
  heartbeatIntervalMs: number
  acceptableRecoveryLagLegacy: number // version 0
  taskOffsetIntervalMs: number
  acceptableRecoveryLag: number // version 1
  status: StreamsGroupHeartbeatResponseStatus[] | null
  activeTasks: StreamsGroupHeartbeatResponseTaskIds[] | null
  standbyTasks: StreamsGroupHeartbeatResponseTaskIds[] | null
  warmupTasks: StreamsGroupHeartbeatResponseTaskIds[] | null
  topologyDescriptionRequired: boolean // version 1
  endpointInformationEpoch: number
  partitionsByUserEndpoint: StreamsGroupHeartbeatResponseEndpointToPartitions[] | null
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupHeartbeatResponseTaskIds {
  subtopologyId: string
  partitions: number[]
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupHeartbeatResponseTopicPartition {
  topic: string
  partitions: number[]
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupHeartbeatResponseStatus {
  statusCode: number
  statusDetail: string
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupHeartbeatResponseEndpointToPartitions {
  userEndpoint: StreamsGroupHeartbeatResponseEndpoint
  activePartitions: StreamsGroupHeartbeatResponseTopicPartition[]
  standbyPartitions: StreamsGroupHeartbeatResponseTopicPartition[]
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupHeartbeatResponseEndpoint {
  host: string
  port: number
  unknownTags?: UnknownTag[]
}

export function readStreamsGroupHeartbeatResponse(reader: Reader, version: number): StreamsGroupHeartbeatResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const memberId = reader.string(true)
  const memberEpoch = reader.int32()
  const heartbeatIntervalMs = reader.int32()
  const acceptableRecoveryLagLegacy = version === 0 ? reader.int32() : 0
  const taskOffsetIntervalMs = reader.int32()
  const acceptableRecoveryLag = version === 1 ? reader.int64() : -1
  let status: StreamsGroupHeartbeatResponseStatus[] | null = []
  const statusCount = reader.arrayCountOrNull(true, 3)
  if (statusCount < 0) {
    status = null
  } else {
    status = []
    for (let left = statusCount; left > 0 && reader.ok; left -= 1) {
      status.push(readStreamsGroupHeartbeatResponseStatus(reader, version))
    }
  }
  let activeTasks: StreamsGroupHeartbeatResponseTaskIds[] | null = null
  const activeTasksCount = reader.arrayCountOrNull(true, 3)
  if (activeTasksCount < 0) {
    activeTasks = null
  } else {
    activeTasks = []
    for (let left = activeTasksCount; left > 0 && reader.ok; left -= 1) {
      activeTasks.push(readStreamsGroupHeartbeatResponseTaskIds(reader, version))
    }
  }
  let standbyTasks: StreamsGroupHeartbeatResponseTaskIds[] | null = null
  const standbyTasksCount = reader.arrayCountOrNull(true, 3)
  if (standbyTasksCount < 0) {
    standbyTasks = null
  } else {
    standbyTasks = []
    for (let left = standbyTasksCount; left > 0 && reader.ok; left -= 1) {
      standbyTasks.push(readStreamsGroupHeartbeatResponseTaskIds(reader, version))
    }
  }
  let warmupTasks: StreamsGroupHeartbeatResponseTaskIds[] | null = null
  const warmupTasksCount = reader.arrayCountOrNull(true, 3)
  if (warmupTasksCount < 0) {
    warmupTasks = null
  } else {
    warmupTasks = []
    for (let left = warmupTasksCount; left > 0 && reader.ok; left -= 1) {
      warmupTasks.push(readStreamsGroupHeartbeatResponseTaskIds(reader, version))
    }
  }
  const topologyDescriptionRequired = version === 1 ? reader.bool() : false
  const endpointInformationEpoch = reader.int32()
  let partitionsByUserEndpoint: StreamsGroupHeartbeatResponseEndpointToPartitions[] | null = null
  const partitionsByUserEndpointCount = reader.arrayCountOrNull(true, 7)
  if (partitionsByUserEndpointCount < 0) {
    partitionsByUserEndpoint = null
  } else {
    partitionsByUserEndpoint = []
    for (let left = partitionsByUserEndpointCount; left > 0 && reader.ok; left -= 1) {
      partitionsByUserEndpoint.push(readStreamsGroupHeartbeatResponseEndpointToPartitions(reader, version))
    }
  }
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupHeartbeatResponse = {
    throttleTimeMs,
    errorCode,
    errorMessage,
    memberId,
    memberEpoch,
    heartbeatIntervalMs,
    acceptableRecoveryLagLegacy,
    taskOffsetIntervalMs,
    acceptableRecoveryLag,
    status,
    activeTasks,
    standbyTasks,
    warmupTasks,
    topologyDescriptionRequired,
    endpointInformationEpoch,
    partitionsByUserEndpoint,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupHeartbeatResponseTaskIds(reader: Reader, _version: number): StreamsGroupHeartbeatResponseTaskIds {
  const subtopologyId = reader.string(true)
  const partitions: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(reader.int32())
  }
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupHeartbeatResponseTaskIds = { subtopologyId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupHeartbeatResponseTopicPartition(reader: Reader, _version: number): StreamsGroupHeartbeatResponseTopicPartition {
  const topic = reader.string(true)
  const partitions: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(reader.int32())
  }
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupHeartbeatResponseTopicPartition = { topic, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupHeartbeatResponseStatus(reader: Reader, _version: number): StreamsGroupHeartbeatResponseStatus {
  const statusCode = reader.int8()
  const statusDetail = reader.string(true)
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupHeartbeatResponseStatus = { statusCode, statusDetail }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupHeartbeatResponseEndpointToPartitions(reader: Reader, version: number): StreamsGroupHeartbeatResponseEndpointToPartitions {
  const userEndpoint = readStreamsGroupHeartbeatResponseEndpoint(reader, version)
  const activePartitions: StreamsGroupHeartbeatResponseTopicPartition[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    activePartitions.push(readStreamsGroupHeartbeatResponseTopicPartition(reader, version))
  }
  const standbyPartitions: StreamsGroupHeartbeatResponseTopicPartition[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    standbyPartitions.push(readStreamsGroupHeartbeatResponseTopicPartition(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupHeartbeatResponseEndpointToPartitions = {
    userEndpoint,
    activePartitions,
    standbyPartitions,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupHeartbeatResponseEndpoint(reader: Reader, _version: number): StreamsGroupHeartbeatResponseEndpoint {
  const host = reader.string(true)
  const port = reader.uint16()
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupHeartbeatResponseEndpoint = { host, port }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeStreamsGroupHeartbeatResponse(
  writer: Writer,
  message: Draft<StreamsGroupHeartbeatResponse>,
  version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage ?? null
  writer.stringOrNull(errorMessage, true)
  const memberId = message.memberId ?? ''
  writer.string(memberId, true)
  const memberEpoch = message.memberEpoch ?? 0
  writer.int32(memberEpoch)
  const heartbeatIntervalMs = message.heartbeatIntervalMs ?? 0
  writer.int32(heartbeatIntervalMs)
  const acceptableRecoveryLagLegacy = message.acceptableRecoveryLagLegacy ?? 0
  if (version === 0) {
    writer.int32(acceptableRecoveryLagLegacy)
  } else if (acceptableRecoveryLagLegacy !== 0) {
    writer.refuse('StreamsGroupHeartbeatResponse.acceptableRecoveryLagLegacy', version)
  }
  const taskOffsetIntervalMs = message.taskOffsetIntervalMs ?? 0
  writer.int32(taskOffsetIntervalMs)
  const acceptableRecoveryLag = message.acceptableRecoveryLag ?? -1
  if (version === 1) {
    writer.int64(acceptableRecoveryLag)
  }
  const status = message.status === undefined ? [] : message.status
  writer.arrayCount(status === null ? -1 : status.length, true)
  if (status !== null) {
    for (const element of status) writeStreamsGroupHeartbeatResponseStatus(writer, element, version)
  }
  const activeTasks = message.activeTasks ?? null
  writer.arrayCount(activeTasks === null ? -1 : activeTasks.length, true)
  if (activeTasks !== null) {
    for (const element of activeTasks) writeStreamsGroupHeartbeatResponseTaskIds(writer, element, version)
  }
  const standbyTasks = message.standbyTasks ?? null
  writer.arrayCount(standbyTasks === null ? -1 : standbyTasks.length, true)
  if (standbyTasks !== null) {
    for (const element of standbyTasks) writeStreamsGroupHeartbeatResponseTaskIds(writer, element, version)
  }
  const warmupTasks = message.warmupTasks ?? null
  writer.arrayCount(warmupTasks === null ? -1 : warmupTasks.length, true)
  if (warmupTasks !== null) {
    for (const element of warmupTasks) writeStreamsGroupHeartbeatResponseTaskIds(writer, element, version)
  }
  const topologyDescriptionRequired = message.topologyDescriptionRequired ?? false
  if (version === 1) {
    writer.bool(topologyDescriptionRequired)
  } else if (topologyDescriptionRequired !== false) {
    writer.refuse('StreamsGroupHeartbeatResponse.topologyDescriptionRequired', version)
  }
  const endpointInformationEpoch = message.endpointInformationEpoch ?? 0
  writer.int32(endpointInformationEpoch)
  const partitionsByUserEndpoint = message.partitionsByUserEndpoint ?? null
  writer.arrayCount(partitionsByUserEndpoint === null ? -1 : partitionsByUserEndpoint.length, true)
  if (partitionsByUserEndpoint !== null) {
    for (const element of partitionsByUserEndpoint) writeStreamsGroupHeartbeatResponseEndpointToPartitions(writer, element, version)
  }
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupHeartbeatResponseTaskIds(
  writer: Writer,
  message: Draft<StreamsGroupHeartbeatResponseTaskIds>,
  _version: number,
): void {
  const subtopologyId = message.subtopologyId ?? ''
  writer.string(subtopologyId, true)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writer.int32(element)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupHeartbeatResponseTopicPartition(
  writer: Writer,
  message: Draft<StreamsGroupHeartbeatResponseTopicPartition>,
  _version: number,
): void {
  const topic = message.topic ?? ''
  writer.string(topic, true)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writer.int32(element)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupHeartbeatResponseStatus(
  writer: Writer,
  message: Draft<StreamsGroupHeartbeatResponseStatus>,
  _version: number,
): void {
  const statusCode = message.statusCode ?? 0
  writer.int8(statusCode)
  const statusDetail = message.statusDetail ?? ''
  writer.string(statusDetail, true)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupHeartbeatResponseEndpointToPartitions(
  writer: Writer,
  message: Draft<StreamsGroupHeartbeatResponseEndpointToPartitions>,
  version: number,
): void {
  const userEndpoint = message.userEndpoint ?? {}
  writeStreamsGroupHeartbeatResponseEndpoint(writer, userEndpoint, version)
  const activePartitions = message.activePartitions ?? []
  writer.arrayCount(activePartitions.length, true)
  for (const element of activePartitions) writeStreamsGroupHeartbeatResponseTopicPartition(writer, element, version)
  const standbyPartitions = message.standbyPartitions ?? []
  writer.arrayCount(standbyPartitions.length, true)
  for (const element of standbyPartitions) writeStreamsGroupHeartbeatResponseTopicPartition(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupHeartbeatResponseEndpoint(
  writer: Writer,
  message: Draft<StreamsGroupHeartbeatResponseEndpoint>,
  _version: number,
): void {
  const host = message.host ?? ''
  writer.string(host, true)
  const port = message.port ?? 0
  writer.uint16(port)
  writer.onlyUnknownTags(message.unknownTags)
}
