// Generated from schema/records/streams-group-topology-value.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const streamsGroupTopologyValueLayout: StoredLayout = {
  name: 'StreamsGroupTopologyValue',
  apiKey: 23,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'version',
}

export interface StreamsGroupTopologyValue {
  epoch: number
  subtopologies: StreamsGroupTopologyValueSubtopology[]
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupTopologyValueTopicInfo {
  name: string
  partitions: number
  replicationFactor: number
  topicConfigs: StreamsGroupTopologyValueTopicConfig[]
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupTopologyValueTopicConfig {
  key: string
  value: string
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupTopologyValueSubtopology {
  subtopologyId: string
  sourceTopics: string[]
  sourceTopicRegex: string[]
  stateChangelogTopics: StreamsGroupTopologyValueTopicInfo[]
  repartitionSinkTopics: string[]
  repartitionSourceTopics: StreamsGroupTopologyValueTopicInfo[]
  copartitionGroups: StreamsGroupTopologyValueCopartitionGroup[]
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupTopologyValueCopartitionGroup {
  sourceTopics: number[]
  sourceTopicRegex: number[]
  repartitionSourceTopics: number[]
  unknownTags?: UnknownTag[]
}

export function readStreamsGroupTopologyValue(reader: Reader, version: number): StreamsGroupTopologyValue {
  const epoch = reader.int32()
  const subtopologies: StreamsGroupTopologyValueSubtopology[] = []
  for (let left = reader.arrayCount(true, 8); left > 0 && reader.ok; left -= 1) {
    subtopologies.push(readStreamsGroupTopologyValueSubtopology(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupTopologyValue = { epoch, subtopologies }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupTopologyValueTopicInfo(reader: Reader, version: number): StreamsGroupTopologyValueTopicInfo {
  const name = reader.string(true)
  const partitions = reader.int32()
  const replicationFactor = reader.int16()
  const topicConfigs: StreamsGroupTopologyValueTopicConfig[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    topicConfigs.push(readStreamsGroupTopologyValueTopicConfig(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupTopologyValueTopicInfo = { name, partitions, replicationFactor, topicConfigs }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupTopologyValueTopicConfig(reader: Reader, _version: number): StreamsGroupTopologyValueTopicConfig {
  const key = reader.string(true)
  const value = reader.string(true)
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupTopologyValueTopicConfig = { key, value }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupTopologyValueSubtopology(reader: Reader, version: number): StreamsGroupTopologyValueSubtopology {
  const subtopologyId = reader.string(true)
  const sourceTopics: string[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    sourceTopics.push(reader.string(true))
  }
  const sourceTopicRegex: string[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    sourceTopicRegex.push(reader.string(true))
  }
  const stateChangelogTopics: StreamsGroupTopologyValueTopicInfo[] = []
  for (let left = reader.arrayCount(true, 9); left > 0 && reader.ok; left -= 1) {
    stateChangelogTopics.push(readStreamsGroupTopologyValueTopicInfo(reader, version))
  }
  const repartitionSinkTopics: string[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    repartitionSinkTopics.push(reader.string(true))
  }
  const repartitionSourceTopics: StreamsGroupTopologyValueTopicInfo[] = []
  for (let left = reader.arrayCount(true, 9); left > 0 && reader.ok; left -= 1) {
    repartitionSourceTopics.push(readStreamsGroupTopologyValueTopicInfo(reader, version))
  }
  const copartitionGroups: StreamsGroupTopologyValueCopartitionGroup[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    copartitionGroups.push(readStreamsGroupTopologyValueCopartitionGroup(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupTopologyValueSubtopology = {
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

function readStreamsGroupTopologyValueCopartitionGroup(reader: Reader, _version: number): StreamsGroupTopologyValueCopartitionGroup {
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
  const message: StreamsGroupTopologyValueCopartitionGroup = {
    sourceTopics,
    sourceTopicRegex,
    repartitionSourceTopics,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeStreamsGroupTopologyValue(
  writer: Writer,
  message: Draft<StreamsGroupTopologyValue>,
  version: number,
): void {
  const epoch = message.epoch ?? 0
  writer.int32(epoch)
  const subtopologies = message.subtopologies ?? []
  writer.arrayCount(subtopologies.length, true)
  for (const element of subtopologies) writeStreamsGroupTopologyValueSubtopology(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupTopologyValueTopicInfo(
  writer: Writer,
  message: Draft<StreamsGroupTopologyValueTopicInfo>,
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
  for (const element of topicConfigs) writeStreamsGroupTopologyValueTopicConfig(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupTopologyValueTopicConfig(
  writer: Writer,
  message: Draft<StreamsGroupTopologyValueTopicConfig>,
  _version: number,
): void {
  const key = message.key ?? ''
  writer.string(key, true)
  const value = message.value ?? ''
  writer.string(value, true)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupTopologyValueSubtopology(
  writer: Writer,
  message: Draft<StreamsGroupTopologyValueSubtopology>,
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
  for (const element of stateChangelogTopics) writeStreamsGroupTopologyValueTopicInfo(writer, element, version)
  const repartitionSinkTopics = message.repartitionSinkTopics ?? []
  writer.arrayCount(repartitionSinkTopics.length, true)
  for (const element of repartitionSinkTopics) writer.string(element, true)
  const repartitionSourceTopics = message.repartitionSourceTopics ?? []
  writer.arrayCount(repartitionSourceTopics.length, true)
  for (const element of repartitionSourceTopics) writeStreamsGroupTopologyValueTopicInfo(writer, element, version)
  const copartitionGroups = message.copartitionGroups ?? []
  writer.arrayCount(copartitionGroups.length, true)
  for (const element of copartitionGroups) writeStreamsGroupTopologyValueCopartitionGroup(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupTopologyValueCopartitionGroup(
  writer: Writer,
  message: Draft<StreamsGroupTopologyValueCopartitionGroup>,
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
