// Generated from schema/37-create-partitions.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const createPartitionsApi: ApiLayout = {
  key: 37,
  name: 'CreatePartitions',
  minVersion: 0,
  maxVersion: 3,
  flexibleVersion: 2,
}

export interface CreatePartitionsRequest {
  topics: CreatePartitionsRequestCreatePartitionsTopic[]
  timeoutMs: number
  validateOnly: boolean
  unknownTags?: UnknownTag[]
}

export interface CreatePartitionsRequestCreatePartitionsTopic {
  name: string
  count: number
  assignments: CreatePartitionsRequestCreatePartitionsAssignment[] | null
  unknownTags?: UnknownTag[]
}

export interface CreatePartitionsRequestCreatePartitionsAssignment {
  brokerIds: number[]
  unknownTags?: UnknownTag[]
}

export function readCreatePartitionsRequest(reader: Reader, version: number): CreatePartitionsRequest {
  const flexible = version >= 2
  const topics: CreatePartitionsRequestCreatePartitionsTopic[] = []
  for (let left = reader.arrayCount(flexible, 7); left > 0 && reader.ok; left -= 1) {
    topics.push(readCreatePartitionsRequestCreatePartitionsTopic(reader, version))
  }
  const timeoutMs = reader.int32()
  const validateOnly = reader.bool()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: CreatePartitionsRequest = { topics, timeoutMs, validateOnly }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readCreatePartitionsRequestCreatePartitionsTopic(reader: Reader, version: number): CreatePartitionsRequestCreatePartitionsTopic {
  const flexible = version >= 2
  const name = reader.string(flexible)
  const count = reader.int32()
  let assignments: CreatePartitionsRequestCreatePartitionsAssignment[] | null = []
  const assignmentsCount = reader.arrayCountOrNull(flexible, 2)
  if (assignmentsCount < 0) {
    assignments = null
  } else {
    assignments = []
    for (let left = assignmentsCount; left > 0 && reader.ok; left -= 1) {
      assignments.push(readCreatePartitionsRequestCreatePartitionsAssignment(reader, version))
    }
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: CreatePartitionsRequestCreatePartitionsTopic = { name, count, assignments }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readCreatePartitionsRequestCreatePartitionsAssignment(reader: Reader, version: number): CreatePartitionsRequestCreatePartitionsAssignment {
  const flexible = version >= 2
  const brokerIds: number[] = []
  for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
    brokerIds.push(reader.int32())
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: CreatePartitionsRequestCreatePartitionsAssignment = { brokerIds }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeCreatePartitionsRequest(
  writer: Writer,
  message: Draft<CreatePartitionsRequest>,
  version: number,
): void {
  const flexible = version >= 2
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, flexible)
  for (const element of topics) writeCreatePartitionsRequestCreatePartitionsTopic(writer, element, version)
  const timeoutMs = message.timeoutMs ?? 0
  writer.int32(timeoutMs)
  const validateOnly = message.validateOnly ?? false
  writer.bool(validateOnly)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeCreatePartitionsRequestCreatePartitionsTopic(
  writer: Writer,
  message: Draft<CreatePartitionsRequestCreatePartitionsTopic>,
  version: number,
): void {
  const flexible = version >= 2
  const name = message.name ?? ''
  writer.string(name, flexible)
  const count = message.count ?? 0
  writer.int32(count)
  const assignments = message.assignments === undefined ? [] : message.assignments
  writer.arrayCount(assignments === null ? -1 : assignments.length, flexible)
  if (assignments !== null) {
    for (const element of assignments) writeCreatePartitionsRequestCreatePartitionsAssignment(writer, element, version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeCreatePartitionsRequestCreatePartitionsAssignment(
  writer: Writer,
  message: Draft<CreatePartitionsRequestCreatePartitionsAssignment>,
  version: number,
): void {
  const flexible = version >= 2
  const brokerIds = message.brokerIds ?? []
  writer.arrayCount(brokerIds.length, flexible)
  for (const element of brokerIds) writer.int32(element)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface CreatePartitionsResponse {
  throttleTimeMs: number
  results: CreatePartitionsResponseCreatePartitionsTopicResult[]
  unknownTags?: UnknownTag[]
}

export interface CreatePartitionsResponseCreatePartitionsTopicResult {
  name: string
  errorCode: number
  errorMessage: string | null
  unknownTags?: UnknownTag[]
}

export function readCreatePartitionsResponse(reader: Reader, version: number): CreatePartitionsResponse {
  const flexible = version >= 2
  const throttleTimeMs = reader.int32()
  const results: CreatePartitionsResponseCreatePartitionsTopicResult[] = []
  for (let left = reader.arrayCount(flexible, 5); left > 0 && reader.ok; left -= 1) {
    results.push(readCreatePartitionsResponseCreatePartitionsTopicResult(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: CreatePartitionsResponse = { throttleTimeMs, results }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readCreatePartitionsResponseCreatePartitionsTopicResult(reader: Reader, version: number): CreatePartitionsResponseCreatePartitionsTopicResult {
  const flexible = version >= 2
  const name = reader.string(flexible)
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: CreatePartitionsResponseCreatePartitionsTopicResult = { name, errorCode, errorMessage }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeCreatePartitionsResponse(
  writer: Writer,
  message: Draft<CreatePartitionsResponse>,
  version: number,
): void {
  const flexible = version >= 2
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const results = message.results ?? []
  writer.arrayCount(results.length, flexible)
  for (const element of results) writeCreatePartitionsResponseCreatePartitionsTopicResult(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeCreatePartitionsResponseCreatePartitionsTopicResult(
  writer: Writer,
  message: Draft<CreatePartitionsResponseCreatePartitionsTopicResult>,
  version: number,
): void {
  const flexible = version >= 2
  const name = message.name ?? ''
  writer.string(name, flexible)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage ?? null
  writer.stringOrNull(errorMessage, flexible)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
