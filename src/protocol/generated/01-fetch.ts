// Generated from schema/01-fetch.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import { INT64_MAX } from '../wire/byte-slice.ts'
import type { ByteSlice, UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const fetchApi: ApiLayout = {
  key: 1,
  name: 'Fetch',
  minVersion: 0,
  maxVersion: 18,
  flexibleVersion: 12,
}

export interface FetchRequest {
  clusterId: string | null // since version 12
  replicaId: number // until version 14
  replicaState: FetchRequestReplicaState // since version 15
  maxWaitMs: number
  minBytes: number
  maxBytes: number // since version 3
  isolationLevel: number // since version 4
  sessionId: number // since version 7
  sessionEpoch: number // since version 7
  topics: FetchRequestFetchTopic[]
  forgottenTopicsData: FetchRequestForgottenTopic[] // since version 7
  rackId: string // since version 11
  unknownTags?: UnknownTag[]
}

export interface FetchRequestReplicaState {
  replicaId: number
  replicaEpoch: number
  unknownTags?: UnknownTag[]
}

export interface FetchRequestFetchTopic {
  topic: string // until version 12
  topicId: string // since version 13
  partitions: FetchRequestFetchPartition[]
  unknownTags?: UnknownTag[]
}

export interface FetchRequestFetchPartition {
  partition: number
  currentLeaderEpoch: number // since version 9
  fetchOffset: number
  lastFetchedEpoch: number // since version 12
  logStartOffset: number // since version 5
  partitionMaxBytes: number
  replicaDirectoryId: string // since version 17
  highWatermark: number // version 18
  unknownTags?: UnknownTag[]
}

export interface FetchRequestForgottenTopic {
  topic: string // until version 12
  topicId: string // since version 13
  partitions: number[]
  unknownTags?: UnknownTag[]
}

export function readFetchRequest(reader: Reader, version: number): FetchRequest {
  const flexible = version >= 12
  const replicaId = version <= 14 ? reader.int32() : -1
  const maxWaitMs = reader.int32()
  const minBytes = reader.int32()
  const maxBytes = version >= 3 ? reader.int32() : 2147483647
  const isolationLevel = version >= 4 ? reader.int8() : 0
  const sessionId = version >= 7 ? reader.int32() : 0
  const sessionEpoch = version >= 7 ? reader.int32() : -1
  const topics: FetchRequestFetchTopic[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readFetchRequestFetchTopic(reader, version))
  }
  const forgottenTopicsData: FetchRequestForgottenTopic[] = []
  if (version >= 7) {
    for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
      forgottenTopicsData.push(readFetchRequestForgottenTopic(reader, version))
    }
  }
  const rackId = version >= 11 ? reader.string(flexible) : ''
  let clusterId: string | null = null
  let replicaState: FetchRequestReplicaState = defaultFetchRequestReplicaState()
  let unknownTags: UnknownTag[] | undefined
  if (flexible) {
    for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
      const tag = reader.uvarint()
      const endsAt = reader.tagEnd()
      if (tag === 0) {
        clusterId = reader.stringOrNull(true)
      } else if (tag === 1 && version >= 15) {
        replicaState = readFetchRequestReplicaState(reader, version)
      } else {
        unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
      }
      reader.closeTag(endsAt)
    }
  }
  const message: FetchRequest = {
    clusterId,
    replicaId,
    replicaState,
    maxWaitMs,
    minBytes,
    maxBytes,
    isolationLevel,
    sessionId,
    sessionEpoch,
    topics,
    forgottenTopicsData,
    rackId,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readFetchRequestReplicaState(reader: Reader, _version: number): FetchRequestReplicaState {
  const replicaId = reader.int32()
  const replicaEpoch = reader.int64()
  const unknownTags = reader.unknownTags()
  const message: FetchRequestReplicaState = { replicaId, replicaEpoch }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readFetchRequestFetchTopic(reader: Reader, version: number): FetchRequestFetchTopic {
  const flexible = version >= 12
  const topic = version <= 12 ? reader.string(flexible) : ''
  const topicId = version >= 13 ? reader.uuid() : ZERO_UUID
  const partitions: FetchRequestFetchPartition[] = []
  for (let left = reader.arrayCount(flexible, 16); left > 0 && reader.ok; left -= 1) {
    partitions.push(readFetchRequestFetchPartition(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: FetchRequestFetchTopic = { topic, topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readFetchRequestFetchPartition(reader: Reader, version: number): FetchRequestFetchPartition {
  const flexible = version >= 12
  const partition = reader.int32()
  const currentLeaderEpoch = version >= 9 ? reader.int32() : -1
  const fetchOffset = reader.int64()
  const lastFetchedEpoch = version >= 12 ? reader.int32() : -1
  const logStartOffset = version >= 5 ? reader.int64() : -1
  const partitionMaxBytes = reader.int32()
  let replicaDirectoryId: string = ZERO_UUID
  let highWatermark: number = INT64_MAX
  let unknownTags: UnknownTag[] | undefined
  if (flexible) {
    for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
      const tag = reader.uvarint()
      const endsAt = reader.tagEnd()
      if (tag === 0 && version >= 17) {
        replicaDirectoryId = reader.uuid()
      } else if (tag === 1 && version === 18) {
        highWatermark = reader.int64()
      } else {
        unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
      }
      reader.closeTag(endsAt)
    }
  }
  const message: FetchRequestFetchPartition = {
    partition,
    currentLeaderEpoch,
    fetchOffset,
    lastFetchedEpoch,
    logStartOffset,
    partitionMaxBytes,
    replicaDirectoryId,
    highWatermark,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readFetchRequestForgottenTopic(reader: Reader, version: number): FetchRequestForgottenTopic {
  const flexible = version >= 12
  const topic = version <= 12 ? reader.string(flexible) : ''
  const topicId = version >= 13 ? reader.uuid() : ZERO_UUID
  const partitions: number[] = []
  for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(reader.int32())
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: FetchRequestForgottenTopic = { topic, topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeFetchRequest(
  writer: Writer,
  message: Draft<FetchRequest>,
  version: number,
): void {
  const flexible = version >= 12
  const clusterId = message.clusterId ?? null
  const replicaId = message.replicaId ?? -1
  if (version <= 14) {
    writer.int32(replicaId)
  } else if (replicaId !== -1) {
    writer.refuse('FetchRequest.replicaId', version)
  }
  const replicaState = message.replicaState ?? {}
  if (!(version >= 15) && !isDefaultFetchRequestReplicaState(replicaState)) writer.refuse('FetchRequest.replicaState', version)
  const maxWaitMs = message.maxWaitMs ?? 0
  writer.int32(maxWaitMs)
  const minBytes = message.minBytes ?? 0
  writer.int32(minBytes)
  const maxBytes = message.maxBytes ?? 2147483647
  if (version >= 3) {
    writer.int32(maxBytes)
  }
  const isolationLevel = message.isolationLevel ?? 0
  if (version >= 4) {
    writer.int8(isolationLevel)
  }
  const sessionId = message.sessionId ?? 0
  if (version >= 7) {
    writer.int32(sessionId)
  }
  const sessionEpoch = message.sessionEpoch ?? -1
  if (version >= 7) {
    writer.int32(sessionEpoch)
  }
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, flexible)
  for (const element of topics) writeFetchRequestFetchTopic(writer, element, version)
  const forgottenTopicsData = message.forgottenTopicsData ?? []
  if (version >= 7) {
    writer.arrayCount(forgottenTopicsData.length, flexible)
    for (const element of forgottenTopicsData) writeFetchRequestForgottenTopic(writer, element, version)
  } else if (forgottenTopicsData.length > 0) {
    writer.refuse('FetchRequest.forgottenTopicsData', version)
  }
  const rackId = message.rackId ?? ''
  if (version >= 11) {
    writer.string(rackId, flexible)
  }
  if (flexible) {
    const hasClusterId = clusterId !== null
    const hasReplicaState = version >= 15 && !isDefaultFetchRequestReplicaState(replicaState)
    writer.tagCount((hasClusterId ? 1 : 0) + (hasReplicaState ? 1 : 0), message.unknownTags)
    if (hasClusterId) {
      const openedAt = writer.openTag(0)
      writer.stringOrNull(clusterId, true)
      writer.closeTag(openedAt)
    }
    if (hasReplicaState) {
      const openedAt = writer.openTag(1)
      writeFetchRequestReplicaState(writer, replicaState, version)
      writer.closeTag(openedAt)
    }
    writer.unknownTags(message.unknownTags)
  }
}

function writeFetchRequestReplicaState(
  writer: Writer,
  message: Draft<FetchRequestReplicaState>,
  _version: number,
): void {
  const replicaId = message.replicaId ?? -1
  writer.int32(replicaId)
  const replicaEpoch = message.replicaEpoch ?? -1
  writer.int64(replicaEpoch)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeFetchRequestFetchTopic(
  writer: Writer,
  message: Draft<FetchRequestFetchTopic>,
  version: number,
): void {
  const flexible = version >= 12
  const topic = message.topic ?? ''
  if (version <= 12) {
    writer.string(topic, flexible)
  }
  const topicId = message.topicId ?? ZERO_UUID
  if (version >= 13) {
    writer.uuid(topicId)
  }
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, flexible)
  for (const element of partitions) writeFetchRequestFetchPartition(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeFetchRequestFetchPartition(
  writer: Writer,
  message: Draft<FetchRequestFetchPartition>,
  version: number,
): void {
  const flexible = version >= 12
  const partition = message.partition ?? 0
  writer.int32(partition)
  const currentLeaderEpoch = message.currentLeaderEpoch ?? -1
  if (version >= 9) {
    writer.int32(currentLeaderEpoch)
  }
  const fetchOffset = message.fetchOffset ?? 0
  writer.int64(fetchOffset)
  const lastFetchedEpoch = message.lastFetchedEpoch ?? -1
  if (version >= 12) {
    writer.int32(lastFetchedEpoch)
  } else if (lastFetchedEpoch !== -1) {
    writer.refuse('FetchRequestFetchPartition.lastFetchedEpoch', version)
  }
  const logStartOffset = message.logStartOffset ?? -1
  if (version >= 5) {
    writer.int64(logStartOffset)
  }
  const partitionMaxBytes = message.partitionMaxBytes ?? 0
  writer.int32(partitionMaxBytes)
  const replicaDirectoryId = message.replicaDirectoryId ?? ZERO_UUID
  const highWatermark = message.highWatermark ?? INT64_MAX
  if (flexible) {
    const hasReplicaDirectoryId = version >= 17 && replicaDirectoryId !== ZERO_UUID
    const hasHighWatermark = version === 18 && highWatermark !== INT64_MAX
    writer.tagCount((hasReplicaDirectoryId ? 1 : 0) + (hasHighWatermark ? 1 : 0), message.unknownTags)
    if (hasReplicaDirectoryId) {
      const openedAt = writer.openTag(0)
      writer.uuid(replicaDirectoryId)
      writer.closeTag(openedAt)
    }
    if (hasHighWatermark) {
      const openedAt = writer.openTag(1)
      writer.int64(highWatermark)
      writer.closeTag(openedAt)
    }
    writer.unknownTags(message.unknownTags)
  }
}

function writeFetchRequestForgottenTopic(
  writer: Writer,
  message: Draft<FetchRequestForgottenTopic>,
  version: number,
): void {
  const flexible = version >= 12
  const topic = message.topic ?? ''
  if (version <= 12) {
    writer.string(topic, flexible)
  }
  const topicId = message.topicId ?? ZERO_UUID
  if (version >= 13) {
    writer.uuid(topicId)
  }
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, flexible)
  for (const element of partitions) writer.int32(element)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function isDefaultFetchRequestReplicaState(message: Draft<FetchRequestReplicaState>): boolean {
  return (
    (message.replicaId ?? -1) === -1
    && (message.replicaEpoch ?? -1) === -1
    && message.unknownTags === undefined
  )
}

function defaultFetchRequestReplicaState(): FetchRequestReplicaState {
  return { replicaId: -1, replicaEpoch: -1 }
}

export interface FetchResponse {
  throttleTimeMs: number // since version 1
  errorCode: number // since version 7
  sessionId: number // since version 7
  responses: FetchResponseFetchableTopicResponse[]
  nodeEndpoints: FetchResponseNodeEndpoint[] // since version 16
  unknownTags?: UnknownTag[]
}

export interface FetchResponseFetchableTopicResponse {
  topic: string // until version 12
  topicId: string // since version 13
  partitions: FetchResponsePartitionData[]
  unknownTags?: UnknownTag[]
}

export interface FetchResponsePartitionData {
  partitionIndex: number
  errorCode: number
  highWatermark: number
  lastStableOffset: number // since version 4
  logStartOffset: number // since version 5
  divergingEpoch: FetchResponseEpochEndOffset // since version 12
  currentLeader: FetchResponseLeaderIdAndEpoch // since version 12
  snapshotId: FetchResponseSnapshotId // since version 12
  abortedTransactions: FetchResponseAbortedTransaction[] | null // since version 4
  preferredReadReplica: number // since version 11
  records: ByteSlice | null
  unknownTags?: UnknownTag[]
}

export interface FetchResponseEpochEndOffset {
  epoch: number
  endOffset: number
  unknownTags?: UnknownTag[]
}

export interface FetchResponseLeaderIdAndEpoch {
  leaderId: number
  leaderEpoch: number
  unknownTags?: UnknownTag[]
}

export interface FetchResponseSnapshotId {
  endOffset: number
  epoch: number
  unknownTags?: UnknownTag[]
}

export interface FetchResponseAbortedTransaction {
  producerId: number
  firstOffset: number
  unknownTags?: UnknownTag[]
}

export interface FetchResponseNodeEndpoint {
  nodeId: number
  host: string
  port: number
  rack: string | null
  unknownTags?: UnknownTag[]
}

export function readFetchResponse(reader: Reader, version: number): FetchResponse {
  const flexible = version >= 12
  const throttleTimeMs = version >= 1 ? reader.int32() : 0
  const errorCode = version >= 7 ? reader.int16() : 0
  const sessionId = version >= 7 ? reader.int32() : 0
  const responses: FetchResponseFetchableTopicResponse[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    responses.push(readFetchResponseFetchableTopicResponse(reader, version))
  }
  let nodeEndpoints: FetchResponseNodeEndpoint[] = []
  let unknownTags: UnknownTag[] | undefined
  if (flexible) {
    for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
      const tag = reader.uvarint()
      const endsAt = reader.tagEnd()
      if (tag === 0 && version >= 16) {
        nodeEndpoints = []
        for (let left = reader.arrayCount(true, 11); left > 0 && reader.ok; left -= 1) {
          nodeEndpoints.push(readFetchResponseNodeEndpoint(reader, version))
        }
      } else {
        unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
      }
      reader.closeTag(endsAt)
    }
  }
  const message: FetchResponse = { throttleTimeMs, errorCode, sessionId, responses, nodeEndpoints }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readFetchResponseFetchableTopicResponse(reader: Reader, version: number): FetchResponseFetchableTopicResponse {
  const flexible = version >= 12
  const topic = version <= 12 ? reader.string(flexible) : ''
  const topicId = version >= 13 ? reader.uuid() : ZERO_UUID
  const partitions: FetchResponsePartitionData[] = []
  for (let left = reader.arrayCount(flexible, 18); left > 0 && reader.ok; left -= 1) {
    partitions.push(readFetchResponsePartitionData(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: FetchResponseFetchableTopicResponse = { topic, topicId, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readFetchResponsePartitionData(reader: Reader, version: number): FetchResponsePartitionData {
  const flexible = version >= 12
  const partitionIndex = reader.int32()
  const errorCode = reader.int16()
  const highWatermark = reader.int64()
  const lastStableOffset = version >= 4 ? reader.int64() : -1
  const logStartOffset = version >= 5 ? reader.int64() : -1
  let abortedTransactions: FetchResponseAbortedTransaction[] | null = []
  if (version >= 4) {
    const abortedTransactionsCount = reader.arrayCountOrNull(flexible, 16)
    if (abortedTransactionsCount < 0) {
      abortedTransactions = null
    } else {
      abortedTransactions = []
      for (let left = abortedTransactionsCount; left > 0 && reader.ok; left -= 1) {
        abortedTransactions.push(readFetchResponseAbortedTransaction(reader, version))
      }
    }
  }
  const preferredReadReplica = version >= 11 ? reader.int32() : -1
  const records = reader.recordsOrNull(flexible)
  let divergingEpoch: FetchResponseEpochEndOffset = defaultFetchResponseEpochEndOffset()
  let currentLeader: FetchResponseLeaderIdAndEpoch = defaultFetchResponseLeaderIdAndEpoch()
  let snapshotId: FetchResponseSnapshotId = defaultFetchResponseSnapshotId()
  let unknownTags: UnknownTag[] | undefined
  if (flexible) {
    for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
      const tag = reader.uvarint()
      const endsAt = reader.tagEnd()
      if (tag === 0) {
        divergingEpoch = readFetchResponseEpochEndOffset(reader, version)
      } else if (tag === 1) {
        currentLeader = readFetchResponseLeaderIdAndEpoch(reader, version)
      } else if (tag === 2) {
        snapshotId = readFetchResponseSnapshotId(reader, version)
      } else {
        unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
      }
      reader.closeTag(endsAt)
    }
  }
  const message: FetchResponsePartitionData = {
    partitionIndex,
    errorCode,
    highWatermark,
    lastStableOffset,
    logStartOffset,
    divergingEpoch,
    currentLeader,
    snapshotId,
    abortedTransactions,
    preferredReadReplica,
    records,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readFetchResponseEpochEndOffset(reader: Reader, _version: number): FetchResponseEpochEndOffset {
  const epoch = reader.int32()
  const endOffset = reader.int64()
  const unknownTags = reader.unknownTags()
  const message: FetchResponseEpochEndOffset = { epoch, endOffset }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readFetchResponseLeaderIdAndEpoch(reader: Reader, _version: number): FetchResponseLeaderIdAndEpoch {
  const leaderId = reader.int32()
  const leaderEpoch = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: FetchResponseLeaderIdAndEpoch = { leaderId, leaderEpoch }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readFetchResponseSnapshotId(reader: Reader, _version: number): FetchResponseSnapshotId {
  const endOffset = reader.int64()
  const epoch = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: FetchResponseSnapshotId = { endOffset, epoch }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readFetchResponseAbortedTransaction(reader: Reader, version: number): FetchResponseAbortedTransaction {
  const flexible = version >= 12
  const producerId = reader.int64()
  const firstOffset = reader.int64()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: FetchResponseAbortedTransaction = { producerId, firstOffset }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readFetchResponseNodeEndpoint(reader: Reader, _version: number): FetchResponseNodeEndpoint {
  const nodeId = reader.int32()
  const host = reader.string(true)
  const port = reader.int32()
  const rack = reader.stringOrNull(true)
  const unknownTags = reader.unknownTags()
  const message: FetchResponseNodeEndpoint = { nodeId, host, port, rack }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeFetchResponse(
  writer: Writer,
  message: Draft<FetchResponse>,
  version: number,
): void {
  const flexible = version >= 12
  const throttleTimeMs = message.throttleTimeMs ?? 0
  if (version >= 1) {
    writer.int32(throttleTimeMs)
  }
  const errorCode = message.errorCode ?? 0
  if (version >= 7) {
    writer.int16(errorCode)
  }
  const sessionId = message.sessionId ?? 0
  if (version >= 7) {
    writer.int32(sessionId)
  } else if (sessionId !== 0) {
    writer.refuse('FetchResponse.sessionId', version)
  }
  const responses = message.responses ?? []
  writer.arrayCount(responses.length, flexible)
  for (const element of responses) writeFetchResponseFetchableTopicResponse(writer, element, version)
  const nodeEndpoints = message.nodeEndpoints ?? []
  if (!(version >= 16) && nodeEndpoints.length > 0) writer.refuse('FetchResponse.nodeEndpoints', version)
  if (flexible) {
    const hasNodeEndpoints = version >= 16 && nodeEndpoints.length > 0
    writer.tagCount((hasNodeEndpoints ? 1 : 0), message.unknownTags)
    if (hasNodeEndpoints) {
      const openedAt = writer.openTag(0)
      writer.arrayCount(nodeEndpoints.length, true)
      for (const element of nodeEndpoints) writeFetchResponseNodeEndpoint(writer, element, version)
      writer.closeTag(openedAt)
    }
    writer.unknownTags(message.unknownTags)
  }
}

function writeFetchResponseFetchableTopicResponse(
  writer: Writer,
  message: Draft<FetchResponseFetchableTopicResponse>,
  version: number,
): void {
  const flexible = version >= 12
  const topic = message.topic ?? ''
  if (version <= 12) {
    writer.string(topic, flexible)
  }
  const topicId = message.topicId ?? ZERO_UUID
  if (version >= 13) {
    writer.uuid(topicId)
  }
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, flexible)
  for (const element of partitions) writeFetchResponsePartitionData(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeFetchResponsePartitionData(
  writer: Writer,
  message: Draft<FetchResponsePartitionData>,
  version: number,
): void {
  const flexible = version >= 12
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const highWatermark = message.highWatermark ?? 0
  writer.int64(highWatermark)
  const lastStableOffset = message.lastStableOffset ?? -1
  if (version >= 4) {
    writer.int64(lastStableOffset)
  }
  const logStartOffset = message.logStartOffset ?? -1
  if (version >= 5) {
    writer.int64(logStartOffset)
  }
  const divergingEpoch = message.divergingEpoch ?? {}
  if (!(version >= 12) && !isDefaultFetchResponseEpochEndOffset(divergingEpoch)) writer.refuse('FetchResponsePartitionData.divergingEpoch', version)
  const currentLeader = message.currentLeader ?? {}
  if (!(version >= 12) && !isDefaultFetchResponseLeaderIdAndEpoch(currentLeader)) writer.refuse('FetchResponsePartitionData.currentLeader', version)
  const snapshotId = message.snapshotId ?? {}
  if (!(version >= 12) && !isDefaultFetchResponseSnapshotId(snapshotId)) writer.refuse('FetchResponsePartitionData.snapshotId', version)
  const abortedTransactions = message.abortedTransactions === undefined ? [] : message.abortedTransactions
  if (version >= 4) {
    writer.arrayCount(abortedTransactions === null ? -1 : abortedTransactions.length, flexible)
    if (abortedTransactions !== null) {
      for (const element of abortedTransactions) writeFetchResponseAbortedTransaction(writer, element, version)
    }
  }
  const preferredReadReplica = message.preferredReadReplica ?? -1
  if (version >= 11) {
    writer.int32(preferredReadReplica)
  } else if (preferredReadReplica !== -1) {
    writer.refuse('FetchResponsePartitionData.preferredReadReplica', version)
  }
  const records = message.records ?? null
  writer.recordsOrNull(records, flexible)
  if (flexible) {
    const hasDivergingEpoch = !isDefaultFetchResponseEpochEndOffset(divergingEpoch)
    const hasCurrentLeader = !isDefaultFetchResponseLeaderIdAndEpoch(currentLeader)
    const hasSnapshotId = !isDefaultFetchResponseSnapshotId(snapshotId)
    writer.tagCount((hasDivergingEpoch ? 1 : 0) + (hasCurrentLeader ? 1 : 0) + (hasSnapshotId ? 1 : 0), message.unknownTags)
    if (hasDivergingEpoch) {
      const openedAt = writer.openTag(0)
      writeFetchResponseEpochEndOffset(writer, divergingEpoch, version)
      writer.closeTag(openedAt)
    }
    if (hasCurrentLeader) {
      const openedAt = writer.openTag(1)
      writeFetchResponseLeaderIdAndEpoch(writer, currentLeader, version)
      writer.closeTag(openedAt)
    }
    if (hasSnapshotId) {
      const openedAt = writer.openTag(2)
      writeFetchResponseSnapshotId(writer, snapshotId, version)
      writer.closeTag(openedAt)
    }
    writer.unknownTags(message.unknownTags)
  }
}

function writeFetchResponseEpochEndOffset(
  writer: Writer,
  message: Draft<FetchResponseEpochEndOffset>,
  _version: number,
): void {
  const epoch = message.epoch ?? -1
  writer.int32(epoch)
  const endOffset = message.endOffset ?? -1
  writer.int64(endOffset)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeFetchResponseLeaderIdAndEpoch(
  writer: Writer,
  message: Draft<FetchResponseLeaderIdAndEpoch>,
  _version: number,
): void {
  const leaderId = message.leaderId ?? -1
  writer.int32(leaderId)
  const leaderEpoch = message.leaderEpoch ?? -1
  writer.int32(leaderEpoch)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeFetchResponseSnapshotId(
  writer: Writer,
  message: Draft<FetchResponseSnapshotId>,
  _version: number,
): void {
  const endOffset = message.endOffset ?? -1
  writer.int64(endOffset)
  const epoch = message.epoch ?? -1
  writer.int32(epoch)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeFetchResponseAbortedTransaction(
  writer: Writer,
  message: Draft<FetchResponseAbortedTransaction>,
  version: number,
): void {
  const flexible = version >= 12
  const producerId = message.producerId ?? 0
  writer.int64(producerId)
  const firstOffset = message.firstOffset ?? 0
  writer.int64(firstOffset)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeFetchResponseNodeEndpoint(
  writer: Writer,
  message: Draft<FetchResponseNodeEndpoint>,
  _version: number,
): void {
  const nodeId = message.nodeId ?? 0
  writer.int32(nodeId)
  const host = message.host ?? ''
  writer.string(host, true)
  const port = message.port ?? 0
  writer.int32(port)
  const rack = message.rack ?? null
  writer.stringOrNull(rack, true)
  writer.onlyUnknownTags(message.unknownTags)
}

function isDefaultFetchResponseEpochEndOffset(message: Draft<FetchResponseEpochEndOffset>): boolean {
  return (
    (message.epoch ?? -1) === -1
    && (message.endOffset ?? -1) === -1
    && message.unknownTags === undefined
  )
}

function isDefaultFetchResponseLeaderIdAndEpoch(message: Draft<FetchResponseLeaderIdAndEpoch>): boolean {
  return (
    (message.leaderId ?? -1) === -1
    && (message.leaderEpoch ?? -1) === -1
    && message.unknownTags === undefined
  )
}

function isDefaultFetchResponseSnapshotId(message: Draft<FetchResponseSnapshotId>): boolean {
  return (
    (message.endOffset ?? -1) === -1
    && (message.epoch ?? -1) === -1
    && message.unknownTags === undefined
  )
}

function defaultFetchResponseEpochEndOffset(): FetchResponseEpochEndOffset {
  return { epoch: -1, endOffset: -1 }
}

function defaultFetchResponseLeaderIdAndEpoch(): FetchResponseLeaderIdAndEpoch {
  return { leaderId: -1, leaderEpoch: -1 }
}

function defaultFetchResponseSnapshotId(): FetchResponseSnapshotId {
  return { endOffset: -1, epoch: -1 }
}
