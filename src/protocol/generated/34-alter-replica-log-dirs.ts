// Generated from schema/34-alter-replica-log-dirs.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const alterReplicaLogDirsApi: ApiLayout = {
  key: 34,
  name: 'AlterReplicaLogDirs',
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: 2,
}

export interface AlterReplicaLogDirsRequest {
  dirs: AlterReplicaLogDirsRequestAlterReplicaLogDir[]
  unknownTags?: UnknownTag[]
}

export interface AlterReplicaLogDirsRequestAlterReplicaLogDir {
  path: string
  topics: AlterReplicaLogDirsRequestAlterReplicaLogDirTopic[]
  unknownTags?: UnknownTag[]
}

export interface AlterReplicaLogDirsRequestAlterReplicaLogDirTopic {
  name: string
  partitions: number[]
  unknownTags?: UnknownTag[]
}

export function readAlterReplicaLogDirsRequest(reader: Reader, version: number): AlterReplicaLogDirsRequest {
  const flexible = version === 2
  const dirs: AlterReplicaLogDirsRequestAlterReplicaLogDir[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    dirs.push(readAlterReplicaLogDirsRequestAlterReplicaLogDir(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: AlterReplicaLogDirsRequest = { dirs }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterReplicaLogDirsRequestAlterReplicaLogDir(reader: Reader, version: number): AlterReplicaLogDirsRequestAlterReplicaLogDir {
  const flexible = version === 2
  const path = reader.string(flexible)
  const topics: AlterReplicaLogDirsRequestAlterReplicaLogDirTopic[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readAlterReplicaLogDirsRequestAlterReplicaLogDirTopic(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: AlterReplicaLogDirsRequestAlterReplicaLogDir = { path, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterReplicaLogDirsRequestAlterReplicaLogDirTopic(reader: Reader, version: number): AlterReplicaLogDirsRequestAlterReplicaLogDirTopic {
  const flexible = version === 2
  const name = reader.string(flexible)
  const partitions: number[] = []
  for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(reader.int32())
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: AlterReplicaLogDirsRequestAlterReplicaLogDirTopic = { name, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeAlterReplicaLogDirsRequest(
  writer: Writer,
  message: Draft<AlterReplicaLogDirsRequest>,
  version: number,
): void {
  const flexible = version === 2
  const dirs = message.dirs ?? []
  writer.arrayCount(dirs.length, flexible)
  for (const element of dirs) writeAlterReplicaLogDirsRequestAlterReplicaLogDir(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeAlterReplicaLogDirsRequestAlterReplicaLogDir(
  writer: Writer,
  message: Draft<AlterReplicaLogDirsRequestAlterReplicaLogDir>,
  version: number,
): void {
  const flexible = version === 2
  const path = message.path ?? ''
  writer.string(path, flexible)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, flexible)
  for (const element of topics) writeAlterReplicaLogDirsRequestAlterReplicaLogDirTopic(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeAlterReplicaLogDirsRequestAlterReplicaLogDirTopic(
  writer: Writer,
  message: Draft<AlterReplicaLogDirsRequestAlterReplicaLogDirTopic>,
  version: number,
): void {
  const flexible = version === 2
  const name = message.name ?? ''
  writer.string(name, flexible)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, flexible)
  for (const element of partitions) writer.int32(element)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface AlterReplicaLogDirsResponse {
  throttleTimeMs: number
  results: AlterReplicaLogDirsResponseAlterReplicaLogDirTopicResult[]
  unknownTags?: UnknownTag[]
}

export interface AlterReplicaLogDirsResponseAlterReplicaLogDirTopicResult {
  topicName: string
  partitions: AlterReplicaLogDirsResponseAlterReplicaLogDirPartitionResult[]
  unknownTags?: UnknownTag[]
}

export interface AlterReplicaLogDirsResponseAlterReplicaLogDirPartitionResult {
  partitionIndex: number
  errorCode: number
  unknownTags?: UnknownTag[]
}

export function readAlterReplicaLogDirsResponse(reader: Reader, version: number): AlterReplicaLogDirsResponse {
  const flexible = version === 2
  const throttleTimeMs = reader.int32()
  const results: AlterReplicaLogDirsResponseAlterReplicaLogDirTopicResult[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    results.push(readAlterReplicaLogDirsResponseAlterReplicaLogDirTopicResult(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: AlterReplicaLogDirsResponse = { throttleTimeMs, results }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterReplicaLogDirsResponseAlterReplicaLogDirTopicResult(reader: Reader, version: number): AlterReplicaLogDirsResponseAlterReplicaLogDirTopicResult {
  const flexible = version === 2
  const topicName = reader.string(flexible)
  const partitions: AlterReplicaLogDirsResponseAlterReplicaLogDirPartitionResult[] = []
  for (let left = reader.arrayCount(flexible, 6); left > 0 && reader.ok; left -= 1) {
    partitions.push(readAlterReplicaLogDirsResponseAlterReplicaLogDirPartitionResult(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: AlterReplicaLogDirsResponseAlterReplicaLogDirTopicResult = { topicName, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterReplicaLogDirsResponseAlterReplicaLogDirPartitionResult(reader: Reader, version: number): AlterReplicaLogDirsResponseAlterReplicaLogDirPartitionResult {
  const flexible = version === 2
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: AlterReplicaLogDirsResponseAlterReplicaLogDirPartitionResult = { partitionIndex, errorCode }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeAlterReplicaLogDirsResponse(
  writer: Writer,
  message: Draft<AlterReplicaLogDirsResponse>,
  version: number,
): void {
  const flexible = version === 2
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const results = message.results ?? []
  writer.arrayCount(results.length, flexible)
  for (const element of results) writeAlterReplicaLogDirsResponseAlterReplicaLogDirTopicResult(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeAlterReplicaLogDirsResponseAlterReplicaLogDirTopicResult(
  writer: Writer,
  message: Draft<AlterReplicaLogDirsResponseAlterReplicaLogDirTopicResult>,
  version: number,
): void {
  const flexible = version === 2
  const topicName = message.topicName ?? ''
  writer.string(topicName, flexible)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, flexible)
  for (const element of partitions) writeAlterReplicaLogDirsResponseAlterReplicaLogDirPartitionResult(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeAlterReplicaLogDirsResponseAlterReplicaLogDirPartitionResult(
  writer: Writer,
  message: Draft<AlterReplicaLogDirsResponseAlterReplicaLogDirPartitionResult>,
  version: number,
): void {
  const flexible = version === 2
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
