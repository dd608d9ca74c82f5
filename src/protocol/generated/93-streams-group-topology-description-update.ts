// Generated from schema/93-streams-group-topology-description-update.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const streamsGroupTopologyDescriptionUpdateApi: ApiLayout = {
  key: 93,
  name: 'StreamsGroupTopologyDescriptionUpdate',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
}

export interface StreamsGroupTopologyDescriptionUpdateRequest {
  groupId: string
  memberId: string
  topologyEpoch: number
  topologyDescription: StreamsGroupTopologyDescriptionUpdateRequestTopologyDescription
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionNode {
  name: string
  nodeType: number
  sourceTopics: string[]
  sinkTopic: string | null
  stores: string[]
  successors: string[]
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupTopologyDescriptionUpdateRequestTopologyDescription {
  subtopologies: StreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionSubtopology[]
  globalStores: StreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionGlobalStore[]
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionSubtopology {
  subtopologyId: string
  nodes: StreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionNode[]
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionGlobalStore {
  source: StreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionNode
  processor: StreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionNode
  unknownTags?: UnknownTag[]
}

export function readStreamsGroupTopologyDescriptionUpdateRequest(reader: Reader, version: number): StreamsGroupTopologyDescriptionUpdateRequest {
  const groupId = reader.string(true)
  const memberId = reader.string(true)
  const topologyEpoch = reader.int32()
  const topologyDescription = readStreamsGroupTopologyDescriptionUpdateRequestTopologyDescription(reader, version)
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupTopologyDescriptionUpdateRequest = {
    groupId,
    memberId,
    topologyEpoch,
    topologyDescription,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionNode(reader: Reader, _version: number): StreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionNode {
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
  const message: StreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionNode = {
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

function readStreamsGroupTopologyDescriptionUpdateRequestTopologyDescription(reader: Reader, version: number): StreamsGroupTopologyDescriptionUpdateRequestTopologyDescription {
  const subtopologies: StreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionSubtopology[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    subtopologies.push(readStreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionSubtopology(reader, version))
  }
  const globalStores: StreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionGlobalStore[] = []
  for (let left = reader.arrayCount(true, 15); left > 0 && reader.ok; left -= 1) {
    globalStores.push(readStreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionGlobalStore(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupTopologyDescriptionUpdateRequestTopologyDescription = {
    subtopologies,
    globalStores,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionSubtopology(reader: Reader, version: number): StreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionSubtopology {
  const subtopologyId = reader.string(true)
  const nodes: StreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionNode[] = []
  for (let left = reader.arrayCount(true, 7); left > 0 && reader.ok; left -= 1) {
    nodes.push(readStreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionNode(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionSubtopology = {
    subtopologyId,
    nodes,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionGlobalStore(reader: Reader, version: number): StreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionGlobalStore {
  const source = readStreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionNode(reader, version)
  const processor = readStreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionNode(reader, version)
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionGlobalStore = {
    source,
    processor,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeStreamsGroupTopologyDescriptionUpdateRequest(
  writer: Writer,
  message: Draft<StreamsGroupTopologyDescriptionUpdateRequest>,
  version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, true)
  const memberId = message.memberId ?? ''
  writer.string(memberId, true)
  const topologyEpoch = message.topologyEpoch ?? 0
  writer.int32(topologyEpoch)
  const topologyDescription = message.topologyDescription ?? {}
  writeStreamsGroupTopologyDescriptionUpdateRequestTopologyDescription(writer, topologyDescription, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionNode(
  writer: Writer,
  message: Draft<StreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionNode>,
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

function writeStreamsGroupTopologyDescriptionUpdateRequestTopologyDescription(
  writer: Writer,
  message: Draft<StreamsGroupTopologyDescriptionUpdateRequestTopologyDescription>,
  version: number,
): void {
  const subtopologies = message.subtopologies ?? []
  writer.arrayCount(subtopologies.length, true)
  for (const element of subtopologies) writeStreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionSubtopology(writer, element, version)
  const globalStores = message.globalStores ?? []
  writer.arrayCount(globalStores.length, true)
  for (const element of globalStores) writeStreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionGlobalStore(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionSubtopology(
  writer: Writer,
  message: Draft<StreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionSubtopology>,
  version: number,
): void {
  const subtopologyId = message.subtopologyId ?? ''
  writer.string(subtopologyId, true)
  const nodes = message.nodes ?? []
  writer.arrayCount(nodes.length, true)
  for (const element of nodes) writeStreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionNode(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionGlobalStore(
  writer: Writer,
  message: Draft<StreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionGlobalStore>,
  version: number,
): void {
  const source = message.source ?? {}
  writeStreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionNode(writer, source, version)
  const processor = message.processor ?? {}
  writeStreamsGroupTopologyDescriptionUpdateRequestTopologyDescriptionNode(writer, processor, version)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface StreamsGroupTopologyDescriptionUpdateResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  unknownTags?: UnknownTag[]
}

export function readStreamsGroupTopologyDescriptionUpdateResponse(reader: Reader, _version: number): StreamsGroupTopologyDescriptionUpdateResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupTopologyDescriptionUpdateResponse = { throttleTimeMs, errorCode, errorMessage }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeStreamsGroupTopologyDescriptionUpdateResponse(
  writer: Writer,
  message: Draft<StreamsGroupTopologyDescriptionUpdateResponse>,
  _version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage ?? null
  writer.stringOrNull(errorMessage, true)
  writer.onlyUnknownTags(message.unknownTags)
}
