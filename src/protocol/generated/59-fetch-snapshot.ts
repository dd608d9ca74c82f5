// Generated from schema/59-fetch-snapshot.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../model/uuid.ts'
import type { ByteSlice, UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const fetchSnapshotApi: ApiLayout = {
  key: 59,
  name: 'FetchSnapshot',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 0,
}

export interface FetchSnapshotRequest {
  clusterId: string | null
  replicaId: number
  maxBytes: number
  topics: FetchSnapshotRequestTopicSnapshot[]
  unknownTags?: UnknownTag[]
}

export interface FetchSnapshotRequestTopicSnapshot {
  name: string
  partitions: FetchSnapshotRequestPartitionSnapshot[]
  unknownTags?: UnknownTag[]
}

export interface FetchSnapshotRequestPartitionSnapshot {
  partition: number
  currentLeaderEpoch: number
  snapshotId: FetchSnapshotRequestSnapshotId
  position: number
  replicaDirectoryId: string // version 1
  unknownTags?: UnknownTag[]
}

export interface FetchSnapshotRequestSnapshotId {
  endOffset: number
  epoch: number
  unknownTags?: UnknownTag[]
}

export function readFetchSnapshotRequest(reader: Reader, version: number): FetchSnapshotRequest {
  const replicaId = reader.int32()
  const maxBytes = reader.int32()
  const topics: FetchSnapshotRequestTopicSnapshot[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readFetchSnapshotRequestTopicSnapshot(reader, version))
  }
  let clusterId: string | null = null
  let unknownTags: UnknownTag[] | undefined
  for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
    const tag = reader.uvarint()
    const endsAt = reader.tagEnd()
    if (tag === 0) {
      clusterId = reader.stringOrNull(true)
    } else {
      unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
    }
    reader.closeTag(endsAt)
  }
  const message: FetchSnapshotRequest = { clusterId, replicaId, maxBytes, topics }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readFetchSnapshotRequestTopicSnapshot(reader: Reader, version: number): FetchSnapshotRequestTopicSnapshot {
  const name = reader.string(true)
  const partitions: FetchSnapshotRequestPartitionSnapshot[] = []
  for (let left = reader.arrayCount(true, 30); left > 0 && reader.ok; left -= 1) {
    partitions.push(readFetchSnapshotRequestPartitionSnapshot(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: FetchSnapshotRequestTopicSnapshot = { name, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readFetchSnapshotRequestPartitionSnapshot(reader: Reader, version: number): FetchSnapshotRequestPartitionSnapshot {
  const partition = reader.int32()
  const currentLeaderEpoch = reader.int32()
  const snapshotId = readFetchSnapshotRequestSnapshotId(reader, version)
  const position = reader.int64()
  let replicaDirectoryId: string = ZERO_UUID
  let unknownTags: UnknownTag[] | undefined
  for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
    const tag = reader.uvarint()
    const endsAt = reader.tagEnd()
    if (tag === 0 && version === 1) {
      replicaDirectoryId = reader.uuid()
    } else {
      unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
    }
    reader.closeTag(endsAt)
  }
  const message: FetchSnapshotRequestPartitionSnapshot = {
    partition,
    currentLeaderEpoch,
    snapshotId,
    position,
    replicaDirectoryId,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readFetchSnapshotRequestSnapshotId(reader: Reader, _version: number): FetchSnapshotRequestSnapshotId {
  const endOffset = reader.int64()
  const epoch = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: FetchSnapshotRequestSnapshotId = { endOffset, epoch }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeFetchSnapshotRequest(
  writer: Writer,
  message: Draft<FetchSnapshotRequest>,
  version: number,
): void {
  const clusterId = message.clusterId ?? null
  const replicaId = message.replicaId ?? -1
  writer.int32(replicaId)
  const maxBytes = message.maxBytes ?? 2147483647
  writer.int32(maxBytes)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeFetchSnapshotRequestTopicSnapshot(writer, element, version)
  const hasClusterId = clusterId !== null
  writer.tagCount((hasClusterId ? 1 : 0), message.unknownTags)
  if (hasClusterId) {
    const openedAt = writer.openTag(0)
    writer.stringOrNull(clusterId, true)
    writer.closeTag(openedAt)
  }
  writer.unknownTags(message.unknownTags)
}

function writeFetchSnapshotRequestTopicSnapshot(
  writer: Writer,
  message: Draft<FetchSnapshotRequestTopicSnapshot>,
  version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeFetchSnapshotRequestPartitionSnapshot(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeFetchSnapshotRequestPartitionSnapshot(
  writer: Writer,
  message: Draft<FetchSnapshotRequestPartitionSnapshot>,
  version: number,
): void {
  const partition = message.partition ?? 0
  writer.int32(partition)
  const currentLeaderEpoch = message.currentLeaderEpoch ?? 0
  writer.int32(currentLeaderEpoch)
  const snapshotId = message.snapshotId ?? {}
  writeFetchSnapshotRequestSnapshotId(writer, snapshotId, version)
  const position = message.position ?? 0
  writer.int64(position)
  const replicaDirectoryId = message.replicaDirectoryId ?? ZERO_UUID
  const hasReplicaDirectoryId = version === 1 && replicaDirectoryId !== ZERO_UUID
  writer.tagCount((hasReplicaDirectoryId ? 1 : 0), message.unknownTags)
  if (hasReplicaDirectoryId) {
    const openedAt = writer.openTag(0)
    writer.uuid(replicaDirectoryId)
    writer.closeTag(openedAt)
  }
  writer.unknownTags(message.unknownTags)
}

function writeFetchSnapshotRequestSnapshotId(
  writer: Writer,
  message: Draft<FetchSnapshotRequestSnapshotId>,
  _version: number,
): void {
  const endOffset = message.endOffset ?? 0
  writer.int64(endOffset)
  const epoch = message.epoch ?? 0
  writer.int32(epoch)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface FetchSnapshotResponse {
  throttleTimeMs: number
  errorCode: number
  topics: FetchSnapshotResponseTopicSnapshot[]
  nodeEndpoints: FetchSnapshotResponseNodeEndpoint[] // version 1
  unknownTags?: UnknownTag[]
}

export interface FetchSnapshotResponseTopicSnapshot {
  name: string
  partitions: FetchSnapshotResponsePartitionSnapshot[]
  unknownTags?: UnknownTag[]
}

export interface FetchSnapshotResponsePartitionSnapshot {
  index: number
  errorCode: number
  snapshotId: FetchSnapshotResponseSnapshotId
  currentLeader: FetchSnapshotResponseLeaderIdAndEpoch
  size: number
  position: number
  unalignedRecords: ByteSlice | null
  unknownTags?: UnknownTag[]
}

export interface FetchSnapshotResponseSnapshotId {
  endOffset: number
  epoch: number
  unknownTags?: UnknownTag[]
}

export interface FetchSnapshotResponseLeaderIdAndEpoch {
  leaderId: number
  leaderEpoch: number
  unknownTags?: UnknownTag[]
}

export interface FetchSnapshotResponseNodeEndpoint {
  nodeId: number
  host: string
  port: number
  unknownTags?: UnknownTag[]
}

export function readFetchSnapshotResponse(reader: Reader, version: number): FetchSnapshotResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const topics: FetchSnapshotResponseTopicSnapshot[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    topics.push(readFetchSnapshotResponseTopicSnapshot(reader, version))
  }
  let nodeEndpoints: FetchSnapshotResponseNodeEndpoint[] = []
  let unknownTags: UnknownTag[] | undefined
  for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
    const tag = reader.uvarint()
    const endsAt = reader.tagEnd()
    if (tag === 0 && version === 1) {
      nodeEndpoints = []
      for (let left = reader.arrayCount(true, 8); left > 0 && reader.ok; left -= 1) {
        nodeEndpoints.push(readFetchSnapshotResponseNodeEndpoint(reader, version))
      }
    } else {
      unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
    }
    reader.closeTag(endsAt)
  }
  const message: FetchSnapshotResponse = { throttleTimeMs, errorCode, topics, nodeEndpoints }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readFetchSnapshotResponseTopicSnapshot(reader: Reader, version: number): FetchSnapshotResponseTopicSnapshot {
  const name = reader.string(true)
  const partitions: FetchSnapshotResponsePartitionSnapshot[] = []
  for (let left = reader.arrayCount(true, 37); left > 0 && reader.ok; left -= 1) {
    partitions.push(readFetchSnapshotResponsePartitionSnapshot(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: FetchSnapshotResponseTopicSnapshot = { name, partitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readFetchSnapshotResponsePartitionSnapshot(reader: Reader, version: number): FetchSnapshotResponsePartitionSnapshot {
  const index = reader.int32()
  const errorCode = reader.int16()
  const snapshotId = readFetchSnapshotResponseSnapshotId(reader, version)
  const size = reader.int64()
  const position = reader.int64()
  const unalignedRecords = reader.records(true)
  let currentLeader: FetchSnapshotResponseLeaderIdAndEpoch = defaultFetchSnapshotResponseLeaderIdAndEpoch()
  let unknownTags: UnknownTag[] | undefined
  for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
    const tag = reader.uvarint()
    const endsAt = reader.tagEnd()
    if (tag === 0) {
      currentLeader = readFetchSnapshotResponseLeaderIdAndEpoch(reader, version)
    } else {
      unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
    }
    reader.closeTag(endsAt)
  }
  const message: FetchSnapshotResponsePartitionSnapshot = {
    index,
    errorCode,
    snapshotId,
    currentLeader,
    size,
    position,
    unalignedRecords,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readFetchSnapshotResponseSnapshotId(reader: Reader, _version: number): FetchSnapshotResponseSnapshotId {
  const endOffset = reader.int64()
  const epoch = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: FetchSnapshotResponseSnapshotId = { endOffset, epoch }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readFetchSnapshotResponseLeaderIdAndEpoch(reader: Reader, _version: number): FetchSnapshotResponseLeaderIdAndEpoch {
  const leaderId = reader.int32()
  const leaderEpoch = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: FetchSnapshotResponseLeaderIdAndEpoch = { leaderId, leaderEpoch }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readFetchSnapshotResponseNodeEndpoint(reader: Reader, _version: number): FetchSnapshotResponseNodeEndpoint {
  const nodeId = reader.int32()
  const host = reader.string(true)
  const port = reader.uint16()
  const unknownTags = reader.unknownTags()
  const message: FetchSnapshotResponseNodeEndpoint = { nodeId, host, port }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeFetchSnapshotResponse(
  writer: Writer,
  message: Draft<FetchSnapshotResponse>,
  version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const topics = message.topics ?? []
  writer.arrayCount(topics.length, true)
  for (const element of topics) writeFetchSnapshotResponseTopicSnapshot(writer, element, version)
  const nodeEndpoints = message.nodeEndpoints ?? []
  if (!(version === 1) && nodeEndpoints.length > 0) writer.refuse('FetchSnapshotResponse.nodeEndpoints', version)
  const hasNodeEndpoints = version === 1 && nodeEndpoints.length > 0
  writer.tagCount((hasNodeEndpoints ? 1 : 0), message.unknownTags)
  if (hasNodeEndpoints) {
    const openedAt = writer.openTag(0)
    writer.arrayCount(nodeEndpoints.length, true)
    for (const element of nodeEndpoints) writeFetchSnapshotResponseNodeEndpoint(writer, element, version)
    writer.closeTag(openedAt)
  }
  writer.unknownTags(message.unknownTags)
}

function writeFetchSnapshotResponseTopicSnapshot(
  writer: Writer,
  message: Draft<FetchSnapshotResponseTopicSnapshot>,
  version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, true)
  for (const element of partitions) writeFetchSnapshotResponsePartitionSnapshot(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeFetchSnapshotResponsePartitionSnapshot(
  writer: Writer,
  message: Draft<FetchSnapshotResponsePartitionSnapshot>,
  version: number,
): void {
  const index = message.index ?? 0
  writer.int32(index)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const snapshotId = message.snapshotId ?? {}
  writeFetchSnapshotResponseSnapshotId(writer, snapshotId, version)
  const currentLeader = message.currentLeader ?? {}
  const size = message.size ?? 0
  writer.int64(size)
  const position = message.position ?? 0
  writer.int64(position)
  const unalignedRecords = message.unalignedRecords ?? null
  if (unalignedRecords === null) writer.refuseNull('FetchSnapshotResponsePartitionSnapshot.unalignedRecords', version)
  writer.recordsOrNull(unalignedRecords, true)
  const hasCurrentLeader = !isDefaultFetchSnapshotResponseLeaderIdAndEpoch(currentLeader)
  writer.tagCount((hasCurrentLeader ? 1 : 0), message.unknownTags)
  if (hasCurrentLeader) {
    const openedAt = writer.openTag(0)
    writeFetchSnapshotResponseLeaderIdAndEpoch(writer, currentLeader, version)
    writer.closeTag(openedAt)
  }
  writer.unknownTags(message.unknownTags)
}

function writeFetchSnapshotResponseSnapshotId(
  writer: Writer,
  message: Draft<FetchSnapshotResponseSnapshotId>,
  _version: number,
): void {
  const endOffset = message.endOffset ?? 0
  writer.int64(endOffset)
  const epoch = message.epoch ?? 0
  writer.int32(epoch)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeFetchSnapshotResponseLeaderIdAndEpoch(
  writer: Writer,
  message: Draft<FetchSnapshotResponseLeaderIdAndEpoch>,
  _version: number,
): void {
  const leaderId = message.leaderId ?? 0
  writer.int32(leaderId)
  const leaderEpoch = message.leaderEpoch ?? 0
  writer.int32(leaderEpoch)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeFetchSnapshotResponseNodeEndpoint(
  writer: Writer,
  message: Draft<FetchSnapshotResponseNodeEndpoint>,
  _version: number,
): void {
  const nodeId = message.nodeId ?? 0
  writer.int32(nodeId)
  const host = message.host ?? ''
  writer.string(host, true)
  const port = message.port ?? 0
  writer.uint16(port)
  writer.onlyUnknownTags(message.unknownTags)
}

function isDefaultFetchSnapshotResponseLeaderIdAndEpoch(message: Draft<FetchSnapshotResponseLeaderIdAndEpoch>): boolean {
  return (
    (message.leaderId ?? 0) === 0
    && (message.leaderEpoch ?? 0) === 0
    && message.unknownTags === undefined
  )
}

function defaultFetchSnapshotResponseLeaderIdAndEpoch(): FetchSnapshotResponseLeaderIdAndEpoch {
  return { leaderId: 0, leaderEpoch: 0 }
}
