// Generated from schema/46-list-partition-reassignments.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const listPartitionReassignmentsApi: ApiLayout = {
  key: 46,
  name: 'ListPartitionReassignments',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
}

export interface ListPartitionReassignmentsRequest {
  timeoutMs: number
  topics: ListPartitionReassignmentsRequestListPartitionReassignmentsTopics[] | null
  unknownTags?: UnknownTag[]
}

export interface ListPartitionReassignmentsRequestListPartitionReassignmentsTopics {
  name: string
  partitionIndexes: number[]
  unknownTags?: UnknownTag[]
}

export function readListPartitionReassignmentsRequest(reader: Reader, version: number): ListPartitionReassignmentsRequest {
  const timeoutMs = reader.int32()
  let topics: ListPartitionReassignmentsRequestListPartitionReassignmentsTopics[] | null = null
  const topicsCount = reader.arrayCountOrNull(true, 3)
  if (topicsCount < 0) {
    topics = null
  } else {
    topics = []
    for (let left = topicsCount; left > 0 && reader.ok; left -= 1) {
      topics.push(readListPartitionReassignmentsRequestListPartitionReassignmentsTopics(reader, version))
    }
  }
  const unknownTags = reader.unknownTags()
  const message: ListPartitionReassignmentsRequest = { timeoutMs, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readListPartitionReassignmentsRequestListPartitionReassignmentsTopics(reader: Reader, _version: number): ListPartitionReassignmentsRequestListPartitionReassignmentsTopics {
  const name = reader.string(true)
  const partitionIndexes: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    partitionIndexes.push(reader.int32())
  }
  const unknownTags = reader.unknownTags()
  const message: ListPartitionReassignmentsRequestListPartitionReassignmentsTopics = { name, partitionIndexes }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeListPartitionReassignmentsRequest(
  writer: Writer,
  message: Draft<ListPartitionReassignmentsRequest>,
  version: number,
): void {
  const timeoutMs = message.timeoutMs ?? 60000
  writer.int32(timeoutMs)
  const topics = message.topics ?? null
  writer.arrayCount(topics === null ? -1 : topics.length, true)
  if (topics !== null) {
    for (const element of topics) writeListPartitionReassignmentsRequestListPartitionReassignmentsTopics(writer, element, version)
  }
  writer.onlyUnknownTags(message.unknownTags)
}

function writeListPartitionReassignmentsRequestListPartitionReassignmentsTopics(
  writer: Writer,
  message: Draft<ListPartitionReassignmentsRequestListPartitionReassignmentsTopics>,
  _version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  const partitionIndexes = message.partitionIndexes ?? []
  writer.arrayCount(partitionIndexes.length, true)
  for (const element of partitionIndexes) writer.int32(element)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface ListPartitionReassignmentsResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  topics: ListPartitionReassignmentsResponseOngoingTopicReassignment[]
  unknownTags?: UnknownTag[]
}

export interface ListPartitionReassignmentsResponseOngoingTopicReassignment {
  name: string
  partitions: ListPartitionReassignmentsResponseOngoingPartitionReassignment[]
  unknownTags?: UnknownTag[]
}

export interface ListPartitionReassignmentsResponseOngoingPartitionReassignment {
  partitionIndex: number
  replicas: number[]
  addingReplicas: number[]
  removingReplicas: number[]
  unknownTags?: UnknownTag[]
}

export function readListPartitionReassignmentsResponse(reader: Reader, version: number): ListPartitionReassignmentsResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const topics: ListPartitionReassignmentsResponseOngoingTopicReassignment[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readListPartitionReassignmentsResponseOngoingTopicReassignment(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ListPartitionReassignmentsResponse = { throttleTimeMs, errorCode, errorMessage, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readListPartitionReassignmentsResponseOngoingTopicReassignment(reader: Reader, version: number): ListPartitionReassignmentsResponseOngoingTopicReassignment {
  const name = reader.string(true)
  const partitions: ListPartitionReassignmentsResponseOngoingPartitionReassignment[] = []
  for (let left = reader.arrayCount(true, 8); left > 0 && reader.ok; left -= 1) {
    partitions.push(readListPartitionReassignmentsResponseOngoingPartitionReassignment(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ListPartitionReassignmentsResponseOngoingTopicReassignment = { name, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readListPartitionReassignmentsResponseOngoingPartitionReassignment(reader: Reader, _version: number): ListPartitionReassignmentsResponseOngoingPartitionReassignment {
  const partitionIndex = reader.int32()
  const replicas: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    replicas.push(reader.int32())
  }
  const addingReplicas: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    addingReplicas.push(reader.int32())
  }
  const removingReplicas: number[] = []
  for (let left = reader.arrayCount(true, 4); left > 0 && reader.ok; left -= 1) {
    removingReplicas.push(reader.int32())
  }
  const unknownTags = reader.unknownTags()
  const message: ListPartitionReassignmentsResponseOngoingPartitionReassignment = {
    partitionIndex,
    replicas,
    addingReplicas,
    removingReplicas,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeListPartitionReassignmentsResponse(
  writer: Writer,
  message: Draft<ListPartitionReassignmentsResponse>,
  version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage === undefined ? '' : message.errorMessage
  writer.stringOrNull(errorMessage, true)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeListPartitionReassignmentsResponseOngoingTopicReassignment(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeListPartitionReassignmentsResponseOngoingTopicReassignment(
  writer: Writer,
  message: Draft<ListPartitionReassignmentsResponseOngoingTopicReassignment>,
  version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeListPartitionReassignmentsResponseOngoingPartitionReassignment(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeListPartitionReassignmentsResponseOngoingPartitionReassignment(
  writer: Writer,
  message: Draft<ListPartitionReassignmentsResponseOngoingPartitionReassignment>,
  _version: number,
): void {
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const replicas = message.replicas ?? []
  writer.arrayCount(replicas.length, true)
  for (const element of replicas) writer.int32(element)
  const addingReplicas = message.addingReplicas ?? []
  writer.arrayCount(addingReplicas.length, true)
  for (const element of addingReplicas) writer.int32(element)
  const removingReplicas = message.removingReplicas ?? []
  writer.arrayCount(removingReplicas.length, true)
  for (const element of removingReplicas) writer.int32(element)
  writer.onlyUnknownTags(message.unknownTags)
}
