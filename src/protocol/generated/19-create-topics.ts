// Generated from schema/19-create-topics.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const createTopicsApi: ApiLayout = {
  key: 19,
  name: 'CreateTopics',
  minVersion: 0,
  maxVersion: 7,
  flexibleVersion: 5,
}

export interface CreateTopicsRequest {
  topics: CreateTopicsRequestCreatableTopic[]
  timeoutMs: number
  validateOnly: boolean // since version 1
  unknownTags?: UnknownTag[]
}

export interface CreateTopicsRequestCreatableTopic {
  name: string
  numPartitions: number
  replicationFactor: number
  assignments: CreateTopicsRequestCreatableReplicaAssignment[]
  configs: CreateTopicsRequestCreatableTopicConfig[]
  unknownTags?: UnknownTag[]
}

export interface CreateTopicsRequestCreatableReplicaAssignment {
  partitionIndex: number
  brokerIds: number[]
  unknownTags?: UnknownTag[]
}

export interface CreateTopicsRequestCreatableTopicConfig {
  name: string
  value: string | null
  unknownTags?: UnknownTag[]
}

export function readCreateTopicsRequest(reader: Reader, version: number): CreateTopicsRequest {
  const flexible = version >= 5
  const topics: CreateTopicsRequestCreatableTopic[] = []
  for (let left = reader.arrayCount(flexible, 10); left > 0 && reader.ok; left -= 1) {
    topics.push(readCreateTopicsRequestCreatableTopic(reader, version))
  }
  const timeoutMs = reader.int32()
  const validateOnly = version >= 1 ? reader.bool() : false
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: CreateTopicsRequest = { topics, timeoutMs, validateOnly }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readCreateTopicsRequestCreatableTopic(reader: Reader, version: number): CreateTopicsRequestCreatableTopic {
  const flexible = version >= 5
  const name = reader.string(flexible)
  const numPartitions = reader.int32()
  const replicationFactor = reader.int16()
  const assignments: CreateTopicsRequestCreatableReplicaAssignment[] = []
  for (let left = reader.arrayCount(flexible, 6); left > 0 && reader.ok; left -= 1) {
    assignments.push(readCreateTopicsRequestCreatableReplicaAssignment(reader, version))
  }
  const configs: CreateTopicsRequestCreatableTopicConfig[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    configs.push(readCreateTopicsRequestCreatableTopicConfig(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: CreateTopicsRequestCreatableTopic = {
    name,
    numPartitions,
    replicationFactor,
    assignments,
    configs,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readCreateTopicsRequestCreatableReplicaAssignment(reader: Reader, version: number): CreateTopicsRequestCreatableReplicaAssignment {
  const flexible = version >= 5
  const partitionIndex = reader.int32()
  const brokerIds: number[] = []
  for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
    brokerIds.push(reader.int32())
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: CreateTopicsRequestCreatableReplicaAssignment = { partitionIndex, brokerIds }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readCreateTopicsRequestCreatableTopicConfig(reader: Reader, version: number): CreateTopicsRequestCreatableTopicConfig {
  const flexible = version >= 5
  const name = reader.string(flexible)
  const value = reader.stringOrNull(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: CreateTopicsRequestCreatableTopicConfig = { name, value }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeCreateTopicsRequest(
  writer: Writer,
  message: Draft<CreateTopicsRequest>,
  version: number,
): void {
  const flexible = version >= 5
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, flexible)
  for (const element of topics) writeCreateTopicsRequestCreatableTopic(writer, element, version)
  const timeoutMs = message.timeoutMs ?? 60000
  writer.int32(timeoutMs)
  const validateOnly = message.validateOnly ?? false
  if (version >= 1) {
    writer.bool(validateOnly)
  } else if (validateOnly !== false) {
    writer.refuse('CreateTopicsRequest.validateOnly', version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeCreateTopicsRequestCreatableTopic(
  writer: Writer,
  message: Draft<CreateTopicsRequestCreatableTopic>,
  version: number,
): void {
  const flexible = version >= 5
  const name = message.name ?? ''
  writer.string(name, flexible)
  const numPartitions = message.numPartitions ?? 0
  writer.int32(numPartitions)
  const replicationFactor = message.replicationFactor ?? 0
  writer.int16(replicationFactor)
  const assignments = message.assignments ?? []
  writer.arrayCount(assignments.length, flexible)
  for (const element of assignments) writeCreateTopicsRequestCreatableReplicaAssignment(writer, element, version)
  const configs = message.configs ?? []
  writer.arrayCount(configs.length, flexible)
  for (const element of configs) writeCreateTopicsRequestCreatableTopicConfig(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeCreateTopicsRequestCreatableReplicaAssignment(
  writer: Writer,
  message: Draft<CreateTopicsRequestCreatableReplicaAssignment>,
  version: number,
): void {
  const flexible = version >= 5
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const brokerIds = message.brokerIds ?? []
  writer.arrayCount(brokerIds.length, flexible)
  for (const element of brokerIds) writer.int32(element)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeCreateTopicsRequestCreatableTopicConfig(
  writer: Writer,
  message: Draft<CreateTopicsRequestCreatableTopicConfig>,
  version: number,
): void {
  const flexible = version >= 5
  const name = message.name ?? ''
  writer.string(name, flexible)
  const value = message.value === undefined ? '' : message.value
  writer.stringOrNull(value, flexible)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface CreateTopicsResponse {
  throttleTimeMs: number // since version 2
  topics: CreateTopicsResponseCreatableTopicResult[]
  unknownTags?: UnknownTag[]
}

export interface CreateTopicsResponseCreatableTopicResult {
  name: string
  topicId: string // version 7
  errorCode: number
  errorMessage: string | null // since version 1
  topicConfigErrorCode: number // since version 5
  numPartitions: number // since version 5
  replicationFactor: number // since version 5
  configs: CreateTopicsResponseCreatableTopicConfigs[] | null // since version 5
  unknownTags?: UnknownTag[]
}

export interface CreateTopicsResponseCreatableTopicConfigs {
  name: string
  value: string | null
  readOnly: boolean
  configSource: number
  isSensitive: boolean
  unknownTags?: UnknownTag[]
}

export function readCreateTopicsResponse(reader: Reader, version: number): CreateTopicsResponse {
  const flexible = version >= 5
  const throttleTimeMs = version >= 2 ? reader.int32() : 0
  const topics: CreateTopicsResponseCreatableTopicResult[] = []
  for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
    topics.push(readCreateTopicsResponseCreatableTopicResult(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: CreateTopicsResponse = { throttleTimeMs, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readCreateTopicsResponseCreatableTopicResult(reader: Reader, version: number): CreateTopicsResponseCreatableTopicResult {
  const flexible = version >= 5
  const name = reader.string(flexible)
  const topicId = version === 7 ? reader.uuid() : ZERO_UUID
  const errorCode = reader.int16()
  const errorMessage = version >= 1 ? reader.stringOrNull(flexible) : ''
  const numPartitions = version >= 5 ? reader.int32() : -1
  const replicationFactor = version >= 5 ? reader.int16() : -1
  let configs: CreateTopicsResponseCreatableTopicConfigs[] | null = []
  if (version >= 5) {
    const configsCount = reader.arrayCountOrNull(true, 6)
    if (configsCount < 0) {
      configs = null
    } else {
      configs = []
      for (let left = configsCount; left > 0 && reader.ok; left -= 1) {
        configs.push(readCreateTopicsResponseCreatableTopicConfigs(reader, version))
      }
    }
  }
  let topicConfigErrorCode: number = 0
  let unknownTags: UnknownTag[] | undefined
  if (flexible) {
    for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
      const tag = reader.uvarint()
      const endsAt = reader.tagEnd()
      if (tag === 0) {
        topicConfigErrorCode = reader.int16()
      } else {
        unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
      }
      reader.closeTag(endsAt)
    }
  }
  const message: CreateTopicsResponseCreatableTopicResult = {
    name,
    topicId,
    errorCode,
    errorMessage,
    topicConfigErrorCode,
    numPartitions,
    replicationFactor,
    configs,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readCreateTopicsResponseCreatableTopicConfigs(reader: Reader, _version: number): CreateTopicsResponseCreatableTopicConfigs {
  const name = reader.string(true)
  const value = reader.stringOrNull(true)
  const readOnly = reader.bool()
  const configSource = reader.int8()
  const isSensitive = reader.bool()
  const unknownTags = reader.unknownTags()
  const message: CreateTopicsResponseCreatableTopicConfigs = {
    name,
    value,
    readOnly,
    configSource,
    isSensitive,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeCreateTopicsResponse(
  writer: Writer,
  message: Draft<CreateTopicsResponse>,
  version: number,
): void {
  const flexible = version >= 5
  const throttleTimeMs = message.throttleTimeMs ?? 0
  if (version >= 2) {
    writer.int32(throttleTimeMs)
  }
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, flexible)
  for (const element of topics) writeCreateTopicsResponseCreatableTopicResult(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeCreateTopicsResponseCreatableTopicResult(
  writer: Writer,
  message: Draft<CreateTopicsResponseCreatableTopicResult>,
  version: number,
): void {
  const flexible = version >= 5
  const name = message.name ?? ''
  writer.string(name, flexible)
  const topicId = message.topicId ?? ZERO_UUID
  if (version === 7) {
    writer.uuid(topicId)
  }
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage === undefined ? '' : message.errorMessage
  if (version >= 1) {
    writer.stringOrNull(errorMessage, flexible)
  }
  const topicConfigErrorCode = message.topicConfigErrorCode ?? 0
  const numPartitions = message.numPartitions ?? -1
  if (version >= 5) {
    writer.int32(numPartitions)
  }
  const replicationFactor = message.replicationFactor ?? -1
  if (version >= 5) {
    writer.int16(replicationFactor)
  }
  const configs = message.configs === undefined ? [] : message.configs
  if (version >= 5) {
    writer.arrayCount(configs === null ? -1 : configs.length, true)
    if (configs !== null) {
      for (const element of configs) writeCreateTopicsResponseCreatableTopicConfigs(writer, element, version)
    }
  }
  if (flexible) {
    const hasTopicConfigErrorCode = topicConfigErrorCode !== 0
    writer.tagCount((hasTopicConfigErrorCode ? 1 : 0), message.unknownTags)
    if (hasTopicConfigErrorCode) {
      const openedAt = writer.openTag(0)
      writer.int16(topicConfigErrorCode)
      writer.closeTag(openedAt)
    }
    writer.unknownTags(message.unknownTags)
  }
}

function writeCreateTopicsResponseCreatableTopicConfigs(
  writer: Writer,
  message: Draft<CreateTopicsResponseCreatableTopicConfigs>,
  _version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  const value = message.value === undefined ? '' : message.value
  writer.stringOrNull(value, true)
  const readOnly = message.readOnly ?? false
  writer.bool(readOnly)
  const configSource = message.configSource ?? -1
  writer.int8(configSource)
  const isSensitive = message.isSensitive ?? false
  writer.bool(isSensitive)
  writer.onlyUnknownTags(message.unknownTags)
}
