// Generated from schema/35-describe-log-dirs.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const describeLogDirsApi: ApiLayout = {
  key: 35,
  name: 'DescribeLogDirs',
  minVersion: 0,
  maxVersion: 5,
  flexibleVersion: 2,
}

export interface DescribeLogDirsRequest {
  topics: DescribeLogDirsRequestDescribableLogDirTopic[] | null
  unknownTags?: UnknownTag[]
}

export interface DescribeLogDirsRequestDescribableLogDirTopic {
  topic: string
  partitions: number[]
  unknownTags?: UnknownTag[]
}

export function readDescribeLogDirsRequest(reader: Reader, version: number): DescribeLogDirsRequest {
  const flexible = version >= 2
  let topics: DescribeLogDirsRequestDescribableLogDirTopic[] | null = []
  const topicsCount = reader.arrayCountOrNull(flexible, 3)
  if (topicsCount < 0) {
    topics = null
  } else {
    topics = []
    for (let left = topicsCount; left > 0 && reader.ok; left -= 1) {
      topics.push(readDescribeLogDirsRequestDescribableLogDirTopic(reader, version))
    }
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeLogDirsRequest = { topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeLogDirsRequestDescribableLogDirTopic(reader: Reader, version: number): DescribeLogDirsRequestDescribableLogDirTopic {
  const flexible = version >= 2
  const topic = reader.string(flexible)
  const partitions: number[] = []
  for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(reader.int32())
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeLogDirsRequestDescribableLogDirTopic = { topic, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDescribeLogDirsRequest(
  writer: Writer,
  message: Draft<DescribeLogDirsRequest>,
  version: number,
): void {
  const flexible = version >= 2
  const topics = message.topics === undefined ? [] : message.topics
  writer.arrayCount(topics === null ? -1 : topics.length, flexible)
  if (topics !== null) {
    for (const element of topics) writeDescribeLogDirsRequestDescribableLogDirTopic(writer, element, version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDescribeLogDirsRequestDescribableLogDirTopic(
  writer: Writer,
  message: Draft<DescribeLogDirsRequestDescribableLogDirTopic>,
  version: number,
): void {
  const flexible = version >= 2
  const topic = message.topic ?? ''
  writer.string(topic, flexible)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, flexible)
  for (const element of partitions) writer.int32(element)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface DescribeLogDirsResponse {
  throttleTimeMs: number
  errorCode: number // since version 3
  results: DescribeLogDirsResponseDescribeLogDirsResult[]
  unknownTags?: UnknownTag[]
}

export interface DescribeLogDirsResponseDescribeLogDirsResult {
  errorCode: number
  logDir: string
  topics: DescribeLogDirsResponseDescribeLogDirsTopic[]
  totalBytes: number // since version 4
  usableBytes: number // since version 4
  isCordoned: boolean // version 5
  unknownTags?: UnknownTag[]
}

export interface DescribeLogDirsResponseDescribeLogDirsTopic {
  name: string
  partitions: DescribeLogDirsResponseDescribeLogDirsPartition[]
  unknownTags?: UnknownTag[]
}

export interface DescribeLogDirsResponseDescribeLogDirsPartition {
  partitionIndex: number
  partitionSize: number
  offsetLag: number
  isFutureKey: boolean
  unknownTags?: UnknownTag[]
}

export function readDescribeLogDirsResponse(reader: Reader, version: number): DescribeLogDirsResponse {
  const flexible = version >= 2
  const throttleTimeMs = reader.int32()
  const errorCode = version >= 3 ? reader.int16() : 0
  const results: DescribeLogDirsResponseDescribeLogDirsResult[] = []
  for (let left = reader.arrayCount(flexible, 5); left > 0 && reader.ok; left -= 1) {
    results.push(readDescribeLogDirsResponseDescribeLogDirsResult(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeLogDirsResponse = { throttleTimeMs, errorCode, results }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeLogDirsResponseDescribeLogDirsResult(reader: Reader, version: number): DescribeLogDirsResponseDescribeLogDirsResult {
  const flexible = version >= 2
  const errorCode = reader.int16()
  const logDir = reader.string(flexible)
  const topics: DescribeLogDirsResponseDescribeLogDirsTopic[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readDescribeLogDirsResponseDescribeLogDirsTopic(reader, version))
  }
  const totalBytes = version >= 4 ? reader.int64() : -1
  const usableBytes = version >= 4 ? reader.int64() : -1
  const isCordoned = version === 5 ? reader.bool() : false
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeLogDirsResponseDescribeLogDirsResult = {
    errorCode,
    logDir,
    topics,
    totalBytes,
    usableBytes,
    isCordoned,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeLogDirsResponseDescribeLogDirsTopic(reader: Reader, version: number): DescribeLogDirsResponseDescribeLogDirsTopic {
  const flexible = version >= 2
  const name = reader.string(flexible)
  const partitions: DescribeLogDirsResponseDescribeLogDirsPartition[] = []
  for (let left = reader.arrayCount(flexible, 21); left > 0 && reader.ok; left -= 1) {
    partitions.push(readDescribeLogDirsResponseDescribeLogDirsPartition(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeLogDirsResponseDescribeLogDirsTopic = { name, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeLogDirsResponseDescribeLogDirsPartition(reader: Reader, version: number): DescribeLogDirsResponseDescribeLogDirsPartition {
  const flexible = version >= 2
  const partitionIndex = reader.int32()
  const partitionSize = reader.int64()
  const offsetLag = reader.int64()
  const isFutureKey = reader.bool()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeLogDirsResponseDescribeLogDirsPartition = {
    partitionIndex,
    partitionSize,
    offsetLag,
    isFutureKey,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDescribeLogDirsResponse(
  writer: Writer,
  message: Draft<DescribeLogDirsResponse>,
  version: number,
): void {
  const flexible = version >= 2
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  if (version >= 3) {
    writer.int16(errorCode)
  }
  const results = message.results ?? []
  writer.arrayCount(results.length, flexible)
  for (const element of results) writeDescribeLogDirsResponseDescribeLogDirsResult(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDescribeLogDirsResponseDescribeLogDirsResult(
  writer: Writer,
  message: Draft<DescribeLogDirsResponseDescribeLogDirsResult>,
  version: number,
): void {
  const flexible = version >= 2
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const logDir = message.logDir ?? ''
  writer.string(logDir, flexible)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, flexible)
  for (const element of topics) writeDescribeLogDirsResponseDescribeLogDirsTopic(writer, element, version)
  const totalBytes = message.totalBytes ?? -1
  if (version >= 4) {
    writer.int64(totalBytes)
  }
  const usableBytes = message.usableBytes ?? -1
  if (version >= 4) {
    writer.int64(usableBytes)
  }
  const isCordoned = message.isCordoned ?? false
  if (version === 5) {
    writer.bool(isCordoned)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDescribeLogDirsResponseDescribeLogDirsTopic(
  writer: Writer,
  message: Draft<DescribeLogDirsResponseDescribeLogDirsTopic>,
  version: number,
): void {
  const flexible = version >= 2
  const name = message.name ?? ''
  writer.string(name, flexible)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, flexible)
  for (const element of partitions) writeDescribeLogDirsResponseDescribeLogDirsPartition(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDescribeLogDirsResponseDescribeLogDirsPartition(
  writer: Writer,
  message: Draft<DescribeLogDirsResponseDescribeLogDirsPartition>,
  version: number,
): void {
  const flexible = version >= 2
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const partitionSize = message.partitionSize ?? 0
  writer.int64(partitionSize)
  const offsetLag = message.offsetLag ?? 0
  writer.int64(offsetLag)
  const isFutureKey = message.isFutureKey ?? false
  writer.bool(isFutureKey)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
