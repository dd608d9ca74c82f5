// Generated from schema/89-streams-group-describe.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const streamsGroupDescribeApi: ApiLayout = {
  key: 89,
  name: 'StreamsGroupDescribe',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 0,
}

export interface StreamsGroupDescribeRequest {
  groupIds: string[]
  includeAuthorizedOperations: boolean
  includeTopologyDescription: boolean // version 1
  unknownTags?: UnknownTag[]
}

export function readStreamsGroupDescribeRequest(reader: Reader, version: number): StreamsGroupDescribeRequest {
  const groupIds: string[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    groupIds.push(reader.string(true))
  }
  const includeAuthorizedOperations = reader.bool()
  const includeTopologyDescription = version === 1 ? reader.bool() : false
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupDescribeRequest = {
    groupIds,
    includeAuthorizedOperations,
    includeTopologyDescription,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeStreamsGroupDescribeRequest(
  writer: Writer,
  message: Draft<StreamsGroupDescribeRequest>,
  version: number,
): void {
  const groupIds = message.groupIds ?? []
  writer.arrayCount(groupIds.length, true)
  for (const element of groupIds) writer.string(element, true)
  const includeAuthorizedOperations = message.includeAuthorizedOperations ?? false
  writer.bool(includeAuthorizedOperations)
  const includeTopologyDescription = message.includeTopologyDescription ?? false
  if (version === 1) {
    writer.bool(includeTopologyDescription)
  } else if (includeTopologyDescription !== false) {
    writer.refuse('StreamsGroupDescribeRequest.includeTopologyDescription', version)
  }
  writer.onlyUnknownTags(message.unknownTags)
}

export interface StreamsGroupDescribeResponse {
  throttleTimeMs: number
  groups: StreamsGroupDescribeResponseDescribedGroup[]
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupDescribeResponseTopicInfo {
  name: string
  partitions: number
  replicationFactor: number
  topicConfigs: StreamsGroupDescribeResponseKeyValue[]
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupDescribeResponseKeyValue {
  key: string
  value: string
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupDescribeResponseTaskOffset {
  subtopologyId: string
  partition: number
  offset: number
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupDescribeResponseAssignment {
  activeTasks: StreamsGroupDescribeResponseTaskIds[]
  standbyTasks: StreamsGroupDescribeResponseTaskIds[]
  warmupTasks: StreamsGroupDescribeResponseTaskIds[]
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupDescribeResponseTaskIds {
  subtopologyId: string
  partitions: number[]
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupDescribeResponseTopologyDescriptionNode {
  name: string
  nodeType: number
  sourceTopics: string[]
  sinkTopic: string | null
  stores: string[]
  successors: string[]
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupDescribeResponseDescribedGroup {
  errorCode: number
  errorMessage: string | null
  groupId: string
  groupState: string
  groupEpoch: number
  assignmentEpoch: number
  topology: StreamsGroupDescribeResponseTopology | null
  members: StreamsGroupDescribeResponseMember[]
  authorizedOperations: number
  topologyDescription: StreamsGroupDescribeResponseTopologyDescription | null // version 1
  topologyDescriptionStatus: number // version 1
  assignorName: string | null // version 1
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupDescribeResponseTopology {
  epoch: number
  subtopologies: StreamsGroupDescribeResponseSubtopology[] | null
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupDescribeResponseSubtopology {
  subtopologyId: string
  sourceTopics: string[]
  repartitionSinkTopics: string[]
  stateChangelogTopics: StreamsGroupDescribeResponseTopicInfo[]
  repartitionSourceTopics: StreamsGroupDescribeResponseTopicInfo[]
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupDescribeResponseMember {
  memberId: string
  memberEpoch: number
  instanceId: string | null
  rackId: string | null
  clientId: string
  clientHost: string
  topologyEpoch: number
  processId: string
  userEndpoint: StreamsGroupDescribeResponseEndpoint | null
  clientTags: StreamsGroupDescribeResponseKeyValue[]
  taskOffsets: StreamsGroupDescribeResponseTaskOffset[]
  taskEndOffsets: StreamsGroupDescribeResponseTaskOffset[]
  assignment: StreamsGroupDescribeResponseAssignment
  targetAssignment: StreamsGroupDescribeResponseAssignment
  isClassic: boolean
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupDescribeResponseEndpoint {
  host: string
  port: number
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupDescribeResponseTopologyDescription {
  subtopologies: StreamsGroupDescribeResponseTopologyDescriptionSubtopology[]
  globalStores: StreamsGroupDescribeResponseTopologyDescriptionGlobalStore[]
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupDescribeResponseTopologyDescriptionSubtopology {
  subtopologyId: string
  nodes: StreamsGroupDescribeResponseTopologyDescriptionNode[]
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupDescribeResponseTopologyDescriptionGlobalStore {
  source: StreamsGroupDescribeResponseTopologyDescriptionNode
  processor: StreamsGroupDescribeResponseTopologyDescriptionNode
  unknownTags?: UnknownTag[]
}

export function readStreamsGroupDescribeResponse(reader: Reader, version: number): StreamsGroupDescribeResponse {
  const throttleTimeMs = reader.int32()
  const groups: StreamsGroupDescribeResponseDescribedGroup[] = []
  for (let left = reader.arrayCount(true, 20); left > 0 && reader.ok; left -= 1) {
    groups.push(readStreamsGroupDescribeResponseDescribedGroup(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupDescribeResponse = { throttleTimeMs, groups }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupDescribeResponseTopicInfo(reader: Reader, version: number): StreamsGroupDescribeResponseTopicInfo {
  const name = reader.string(true)
  const partitions = reader.int32()
  const replicationFactor = reader.int16()
  const topicConfigs: StreamsGroupDescribeResponseKeyValue[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    topicConfigs.push(readStreamsGroupDescribeResponseKeyValue(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupDescribeResponseTopicInfo = { name, partitions, replicationFactor, topicConfigs }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupDescribeResponseKeyValue(reader: Reader, _version: number): StreamsGroupDescribeResponseKeyValue {
  const key = reader.string(true)
  const value = reader.string(true)
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupDescribeResponseKeyValue = { key, value }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupDescribeResponseTaskOffset(reader: Reader, _version: number): StreamsGroupDescribeResponseTaskOffset {
  const subtopologyId = reader.string(true)
  const partition = reader.int32()
  const offset = reader.int64()
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupDescribeResponseTaskOffset = { subtopologyId, partition, offset }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupDescribeResponseAssignment(reader: Reader, version: number): StreamsGroupDescribeResponseAssignment {
  const activeTasks: StreamsGroupDescribeResponseTaskIds[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    activeTasks.push(readStreamsGroupDescribeResponseTaskIds(reader, version))
  }
  const standbyTasks: StreamsGroupDescribeResponseTaskIds[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    standbyTasks.push(readStreamsGroupDescribeResponseTaskIds(reader, version))
  }
  const warmupTasks: StreamsGroupDescribeResponseTaskIds[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    warmupTasks.push(readStreamsGroupDescribeResponseTaskIds(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupDescribeResponseAssignment = { activeTasks, standbyTasks, warmupTasks }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupDescribeResponseTaskIds(reader: Reader, _version: number): StreamsGroupDescribeResponseTaskIds {
  const subtopologyId = reader.string(true)
  const partitions: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(reader.int32())
  }
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupDescribeResponseTaskIds = { subtopologyId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupDescribeResponseTopologyDescriptionNode(reader: Reader, _version: number): StreamsGroupDescribeResponseTopologyDescriptionNode {
  const name = reader.string(true)
  const nodeType = reader.int8()
  const sourceTopics: string[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    sourceTopics.push(reader.string(true))
  }
  const sinkTopic = reader.stringOrNull(true)
  const stores: string[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    stores.push(reader.string(true))
  }
  const successors: string[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    successors.push(reader.string(true))
  }
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupDescribeResponseTopologyDescriptionNode = {
    name,
    nodeType,
    sourceTopics,
    sinkTopic,
    stores,
    successors,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupDescribeResponseDescribedGroup(reader: Reader, version: number): StreamsGroupDescribeResponseDescribedGroup {
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const groupId = reader.string(true)
  const groupState = reader.string(true)
  const groupEpoch = reader.int32()
  const assignmentEpoch = reader.int32()
  const topology = reader.present() ? readStreamsGroupDescribeResponseTopology(reader, version) : null
  const members: StreamsGroupDescribeResponseMember[] = []
  for (let left = reader.arrayCount(true, 28); left > 0 && reader.ok; left -= 1) {
    members.push(readStreamsGroupDescribeResponseMember(reader, version))
  }
  const authorizedOperations = reader.int32()
  const topologyDescription = version === 1 ? (reader.present() ? readStreamsGroupDescribeResponseTopologyDescription(reader, version) : null) : null
  const topologyDescriptionStatus = version === 1 ? reader.int8() : 0
  const assignorName = version === 1 ? reader.stringOrNull(true) : null
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupDescribeResponseDescribedGroup = {
    errorCode,
    errorMessage,
    groupId,
    groupState,
    groupEpoch,
    assignmentEpoch,
    topology,
    members,
    authorizedOperations,
    topologyDescription,
    topologyDescriptionStatus,
    assignorName,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupDescribeResponseTopology(reader: Reader, version: number): StreamsGroupDescribeResponseTopology {
  const epoch = reader.int32()
  let subtopologies: StreamsGroupDescribeResponseSubtopology[] | null = null
  const subtopologiesCount = reader.arrayCountOrNull(true, 6)
  if (subtopologiesCount < 0) {
    subtopologies = null
  } else {
    subtopologies = []
    for (let left = subtopologiesCount; left > 0 && reader.ok; left -= 1) {
      subtopologies.push(readStreamsGroupDescribeResponseSubtopology(reader, version))
    }
  }
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupDescribeResponseTopology = { epoch, subtopologies }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupDescribeResponseSubtopology(reader: Reader, version: number): StreamsGroupDescribeResponseSubtopology {
  const subtopologyId = reader.string(true)
  const sourceTopics: string[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    sourceTopics.push(reader.string(true))
  }
  const repartitionSinkTopics: string[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    repartitionSinkTopics.push(reader.string(true))
  }
  const stateChangelogTopics: StreamsGroupDescribeResponseTopicInfo[] = []
  for (let left = reader.arrayCount(true, 9); left > 0 && reader.ok; left -= 1) {
    stateChangelogTopics.push(readStreamsGroupDescribeResponseTopicInfo(reader, version))
  }
  const repartitionSourceTopics: StreamsGroupDescribeResponseTopicInfo[] = []
  for (let left = reader.arrayCount(true, 9); left > 0 && reader.ok; left -= 1) {
    repartitionSourceTopics.push(readStreamsGroupDescribeResponseTopicInfo(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupDescribeResponseSubtopology = {
    subtopologyId,
    sourceTopics,
    repartitionSinkTopics,
    stateChangelogTopics,
    repartitionSourceTopics,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupDescribeResponseMember(reader: Reader, version: number): StreamsGroupDescribeResponseMember {
  const memberId = reader.string(true)
  const memberEpoch = reader.int32()
  const instanceId = reader.stringOrNull(true)
  const rackId = reader.stringOrNull(true)
  const clientId = reader.string(true)
  const clientHost = reader.string(true)
  const topologyEpoch = reader.int32()
  const processId = reader.string(true)
  const userEndpoint = reader.present() ? readStreamsGroupDescribeResponseEndpoint(reader, version) : null
  const clientTags: StreamsGroupDescribeResponseKeyValue[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    clientTags.push(readStreamsGroupDescribeResponseKeyValue(reader, version))
  }
  const taskOffsets: StreamsGroupDescribeResponseTaskOffset[] = []
  for (let left = reader.arrayCount(true, 14); left > 0 && reader.ok; left -= 1) {
    taskOffsets.push(readStreamsGroupDescribeResponseTaskOffset(reader, version))
  }
  const taskEndOffsets: StreamsGroupDescribeResponseTaskOffset[] = []
  for (let left = reader.arrayCount(true, 14); left > 0 && reader.ok; left -= 1) {
    taskEndOffsets.push(readStreamsGroupDescribeResponseTaskOffset(reader, version))
  }
  const assignment = readStreamsGroupDescribeResponseAssignment(reader, version)
  const targetAssignment = readStreamsGroupDescribeResponseAssignment(reader, version)
  const isClassic = reader.bool()
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupDescribeResponseMember = {
    memberId,
    memberEpoch,
    instanceId,
    rackId,
    clientId,
    clientHost,
    topologyEpoch,
    processId,
    userEndpoint,
    clientTags,
    taskOffsets,
    taskEndOffsets,
    assignment,
    targetAssignment,
    isClassic,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupDescribeResponseEndpoint(reader: Reader, _version: number): StreamsGroupDescribeResponseEndpoint {
  const host = reader.string(true)
  const port = reader.uint16()
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupDescribeResponseEndpoint = { host, port }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupDescribeResponseTopologyDescription(reader: Reader, version: number): StreamsGroupDescribeResponseTopologyDescription {
  const subtopologies: StreamsGroupDescribeResponseTopologyDescriptionSubtopology[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    subtopologies.push(readStreamsGroupDescribeResponseTopologyDescriptionSubtopology(reader, version))
  }
  const globalStores: StreamsGroupDescribeResponseTopologyDescriptionGlobalStore[] = []
  for (let left = reader.arrayCount(true, 15); left > 0 && reader.ok; left -= 1) {
    globalStores.push(readStreamsGroupDescribeResponseTopologyDescriptionGlobalStore(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupDescribeResponseTopologyDescription = { subtopologies, globalStores }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupDescribeResponseTopologyDescriptionSubtopology(reader: Reader, version: number): StreamsGroupDescribeResponseTopologyDescriptionSubtopology {
  const subtopologyId = reader.string(true)
  const nodes: StreamsGroupDescribeResponseTopologyDescriptionNode[] = []
  for (let left = reader.arrayCount(true, 7); left > 0 && reader.ok; left -= 1) {
    nodes.push(readStreamsGroupDescribeResponseTopologyDescriptionNode(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupDescribeResponseTopologyDescriptionSubtopology = { subtopologyId, nodes }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupDescribeResponseTopologyDescriptionGlobalStore(reader: Reader, version: number): StreamsGroupDescribeResponseTopologyDescriptionGlobalStore {
  const source = readStreamsGroupDescribeResponseTopologyDescriptionNode(reader, version)
  const processor = readStreamsGroupDescribeResponseTopologyDescriptionNode(reader, version)
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupDescribeResponseTopologyDescriptionGlobalStore = { source, processor }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeStreamsGroupDescribeResponse(
  writer: Writer,
  message: Draft<StreamsGroupDescribeResponse>,
  version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const groups = message.groups ?? []
  writer.arrayCount(groups.length, true)
  for (const element of groups) writeStreamsGroupDescribeResponseDescribedGroup(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupDescribeResponseTopicInfo(
  writer: Writer,
  message: Draft<StreamsGroupDescribeResponseTopicInfo>,
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
  for (const element of topicConfigs) writeStreamsGroupDescribeResponseKeyValue(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupDescribeResponseKeyValue(
  writer: Writer,
  message: Draft<StreamsGroupDescribeResponseKeyValue>,
  _version: number,
): void {
  const key = message.key ?? ''
  writer.string(key, true)
  const value = message.value ?? ''
  writer.string(value, true)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupDescribeResponseTaskOffset(
  writer: Writer,
  message: Draft<StreamsGroupDescribeResponseTaskOffset>,
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

function writeStreamsGroupDescribeResponseAssignment(
  writer: Writer,
  message: Draft<StreamsGroupDescribeResponseAssignment>,
  version: number,
): void {
  const activeTasks = message.activeTasks ?? []
  writer.arrayCount(activeTasks.length, true)
  for (const element of activeTasks) writeStreamsGroupDescribeResponseTaskIds(writer, element, version)
  const standbyTasks = message.standbyTasks ?? []
  writer.arrayCount(standbyTasks.length, true)
  for (const element of standbyTasks) writeStreamsGroupDescribeResponseTaskIds(writer, element, version)
  const warmupTasks = message.warmupTasks ?? []
  writer.arrayCount(warmupTasks.length, true)
  for (const element of warmupTasks) writeStreamsGroupDescribeResponseTaskIds(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupDescribeResponseTaskIds(
  writer: Writer,
  message: Draft<StreamsGroupDescribeResponseTaskIds>,
  _version: number,
): void {
  const subtopologyId = message.subtopologyId ?? ''
  writer.string(subtopologyId, true)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writer.int32(element)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupDescribeResponseTopologyDescriptionNode(
  writer: Writer,
  message: Draft<StreamsGroupDescribeResponseTopologyDescriptionNode>,
  _version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  const nodeType = message.nodeType ?? 0
  writer.int8(nodeType)
  const sourceTopics = message.sourceTopics ?? []
  writer.arrayCount(sourceTopics.length, true)
  for (const element of sourceTopics) writer.string(element, true)
  const sinkTopic = message.sinkTopic ?? null
  writer.stringOrNull(sinkTopic, true)
  const stores = message.stores ?? []
  writer.arrayCount(stores.length, true)
  for (const element of stores) writer.string(element, true)
  const successors = message.successors ?? []
  writer.arrayCount(successors.length, true)
  for (const element of successors) writer.string(element, true)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupDescribeResponseDescribedGroup(
  writer: Writer,
  message: Draft<StreamsGroupDescribeResponseDescribedGroup>,
  version: number,
): void {
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage ?? null
  writer.stringOrNull(errorMessage, true)
  const groupId = message.groupId ?? ''
  writer.string(groupId, true)
  const groupState = message.groupState ?? ''
  writer.string(groupState, true)
  const groupEpoch = message.groupEpoch ?? 0
  writer.int32(groupEpoch)
  const assignmentEpoch = message.assignmentEpoch ?? 0
  writer.int32(assignmentEpoch)
  const topology = message.topology ?? null
  writer.present(topology !== null)
  if (topology !== null) writeStreamsGroupDescribeResponseTopology(writer, topology, version)
  const members = message.members ?? []
  writer.arrayCount(members.length, true)
  for (const element of members) writeStreamsGroupDescribeResponseMember(writer, element, version)
  const authorizedOperations = message.authorizedOperations ?? -2147483648
  writer.int32(authorizedOperations)
  const topologyDescription = message.topologyDescription ?? null
  if (version === 1) {
    writer.present(topologyDescription !== null)
    if (topologyDescription !== null) writeStreamsGroupDescribeResponseTopologyDescription(writer, topologyDescription, version)
  } else if (topologyDescription !== null) {
    writer.refuse('StreamsGroupDescribeResponseDescribedGroup.topologyDescription', version)
  }
  const topologyDescriptionStatus = message.topologyDescriptionStatus ?? 0
  if (version === 1) {
    writer.int8(topologyDescriptionStatus)
  } else if (topologyDescriptionStatus !== 0) {
    writer.refuse('StreamsGroupDescribeResponseDescribedGroup.topologyDescriptionStatus', version)
  }
  const assignorName = message.assignorName ?? null
  if (version === 1) {
    writer.stringOrNull(assignorName, true)
  }
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupDescribeResponseTopology(
  writer: Writer,
  message: Draft<StreamsGroupDescribeResponseTopology>,
  version: number,
): void {
  const epoch = message.epoch ?? 0
  writer.int32(epoch)
  const subtopologies = message.subtopologies ?? null
  writer.arrayCount(subtopologies === null ? -1 : subtopologies.length, true)
  if (subtopologies !== null) {
    for (const element of subtopologies) writeStreamsGroupDescribeResponseSubtopology(writer, element, version)
  }
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupDescribeResponseSubtopology(
  writer: Writer,
  message: Draft<StreamsGroupDescribeResponseSubtopology>,
  version: number,
): void {
  const subtopologyId = message.subtopologyId ?? ''
  writer.string(subtopologyId, true)
  const sourceTopics = message.sourceTopics ?? []
  writer.arrayCount(sourceTopics.length, true)
  for (const element of sourceTopics) writer.string(element, true)
  const repartitionSinkTopics = message.repartitionSinkTopics ?? []
  writer.arrayCount(repartitionSinkTopics.length, true)
  for (const element of repartitionSinkTopics) writer.string(element, true)
  const stateChangelogTopics = message.stateChangelogTopics ?? []
  writer.arrayCount(stateChangelogTopics.length, true)
  for (const element of stateChangelogTopics) writeStreamsGroupDescribeResponseTopicInfo(writer, element, version)
  const repartitionSourceTopics = message.repartitionSourceTopics ?? []
  writer.arrayCount(repartitionSourceTopics.length, true)
  for (const element of repartitionSourceTopics) writeStreamsGroupDescribeResponseTopicInfo(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupDescribeResponseMember(
  writer: Writer,
  message: Draft<StreamsGroupDescribeResponseMember>,
  version: number,
): void {
  const memberId = message.memberId ?? ''
  writer.string(memberId, true)
  const memberEpoch = message.memberEpoch ?? 0
  writer.int32(memberEpoch)
  const instanceId = message.instanceId ?? null
  writer.stringOrNull(instanceId, true)
  const rackId = message.rackId ?? null
  writer.stringOrNull(rackId, true)
  const clientId = message.clientId ?? ''
  writer.string(clientId, true)
  const clientHost = message.clientHost ?? ''
  writer.string(clientHost, true)
  const topologyEpoch = message.topologyEpoch ?? 0
  writer.int32(topologyEpoch)
  const processId = message.processId ?? ''
  writer.string(processId, true)
  const userEndpoint = message.userEndpoint ?? null
  writer.present(userEndpoint !== null)
  if (userEndpoint !== null) writeStreamsGroupDescribeResponseEndpoint(writer, userEndpoint, version)
  const clientTags = message.clientTags ?? []
  writer.arrayCount(clientTags.length, true)
  for (const element of clientTags) writeStreamsGroupDescribeResponseKeyValue(writer, element, version)
  const taskOffsets = message.taskOffsets ?? []
  writer.arrayCount(taskOffsets.length, true)
  for (const element of taskOffsets) writeStreamsGroupDescribeResponseTaskOffset(writer, element, version)
  const taskEndOffsets = message.taskEndOffsets ?? []
  writer.arrayCount(taskEndOffsets.length, true)
  for (const element of taskEndOffsets) writeStreamsGroupDescribeResponseTaskOffset(writer, element, version)
  const assignment = message.assignment ?? {}
  writeStreamsGroupDescribeResponseAssignment(writer, assignment, version)
  const targetAssignment = message.targetAssignment ?? {}
  writeStreamsGroupDescribeResponseAssignment(writer, targetAssignment, version)
  const isClassic = message.isClassic ?? false
  writer.bool(isClassic)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupDescribeResponseEndpoint(
  writer: Writer,
  message: Draft<StreamsGroupDescribeResponseEndpoint>,
  _version: number,
): void {
  const host = message.host ?? ''
  writer.string(host, true)
  const port = message.port ?? 0
  writer.uint16(port)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupDescribeResponseTopologyDescription(
  writer: Writer,
  message: Draft<StreamsGroupDescribeResponseTopologyDescription>,
  version: number,
): void {
  const subtopologies = message.subtopologies ?? []
  writer.arrayCount(subtopologies.length, true)
  for (const element of subtopologies) writeStreamsGroupDescribeResponseTopologyDescriptionSubtopology(writer, element, version)
  const globalStores = message.globalStores ?? []
  writer.arrayCount(globalStores.length, true)
  for (const element of globalStores) writeStreamsGroupDescribeResponseTopologyDescriptionGlobalStore(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupDescribeResponseTopologyDescriptionSubtopology(
  writer: Writer,
  message: Draft<StreamsGroupDescribeResponseTopologyDescriptionSubtopology>,
  version: number,
): void {
  const subtopologyId = message.subtopologyId ?? ''
  writer.string(subtopologyId, true)
  const nodes = message.nodes ?? []
  writer.arrayCount(nodes.length, true)
  for (const element of nodes) writeStreamsGroupDescribeResponseTopologyDescriptionNode(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupDescribeResponseTopologyDescriptionGlobalStore(
  writer: Writer,
  message: Draft<StreamsGroupDescribeResponseTopologyDescriptionGlobalStore>,
  version: number,
): void {
  const source = message.source ?? {}
  writeStreamsGroupDescribeResponseTopologyDescriptionNode(writer, source, version)
  const processor = message.processor ?? {}
  writeStreamsGroupDescribeResponseTopologyDescriptionNode(writer, processor, version)
  writer.onlyUnknownTags(message.unknownTags)
}
