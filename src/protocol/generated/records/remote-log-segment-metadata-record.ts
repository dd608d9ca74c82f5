// Generated from schema/records/remote-log-segment-metadata-record.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../../model/uuid.ts'
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const remoteLogSegmentMetadataRecordLayout: StoredLayout = {
  name: 'RemoteLogSegmentMetadataRecord',
  apiKey: 0,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'remoteLog',
}

export interface RemoteLogSegmentMetadataRecord {
  remoteLogSegmentId: RemoteLogSegmentMetadataRecordRemoteLogSegmentIdEntry
  startOffset: number
  endOffset: number
  brokerId: number
  maxTimestampMs: number
  eventTimestampMs: number
  segmentLeaderEpochs: RemoteLogSegmentMetadataRecordSegmentLeaderEpochEntry[]
  segmentSizeInBytes: number
  customMetadata: Uint8Array | null
  remoteLogSegmentState: number
  txnIndexEmpty: boolean
  unknownTags?: UnknownTag[]
}

export interface RemoteLogSegmentMetadataRecordRemoteLogSegmentIdEntry {
  topicIdPartition: RemoteLogSegmentMetadataRecordTopicIdPartitionEntry
  id: string
  unknownTags?: UnknownTag[]
}

export interface RemoteLogSegmentMetadataRecordTopicIdPartitionEntry {
  name: string
  id: string
  partition: number
  unknownTags?: UnknownTag[]
}

export interface RemoteLogSegmentMetadataRecordSegmentLeaderEpochEntry {
  leaderEpoch: number
  offset: number
  unknownTags?: UnknownTag[]
}

export function readRemoteLogSegmentMetadataRecord(reader: Reader, version: number): RemoteLogSegmentMetadataRecord {
  const remoteLogSegmentId = readRemoteLogSegmentMetadataRecordRemoteLogSegmentIdEntry(reader, version)
  const startOffset = reader.int64()
  const endOffset = reader.int64()
  const brokerId = reader.int32()
  const maxTimestampMs = reader.int64()
  const eventTimestampMs = reader.int64()
  const segmentLeaderEpochs: RemoteLogSegmentMetadataRecordSegmentLeaderEpochEntry[] = []
  for (let left = reader.arrayCount(true, 13); left > 0 && reader.ok; left -= 1) {
    segmentLeaderEpochs.push(readRemoteLogSegmentMetadataRecordSegmentLeaderEpochEntry(reader, version))
  }
  const segmentSizeInBytes = reader.int32()
  const customMetadata = reader.bytesOrNull(true)
  const remoteLogSegmentState = reader.int8()
  let txnIndexEmpty: boolean = false
  let unknownTags: UnknownTag[] | undefined
  for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
    const tag = reader.uvarint()
    const endsAt = reader.tagEnd()
    if (tag === 0) {
      txnIndexEmpty = reader.bool()
    } else {
      unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
    }
    reader.closeTag(endsAt)
  }
  const message: RemoteLogSegmentMetadataRecord = {
    remoteLogSegmentId,
    startOffset,
    endOffset,
    brokerId,
    maxTimestampMs,
    eventTimestampMs,
    segmentLeaderEpochs,
    segmentSizeInBytes,
    customMetadata,
    remoteLogSegmentState,
    txnIndexEmpty,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readRemoteLogSegmentMetadataRecordRemoteLogSegmentIdEntry(reader: Reader, version: number): RemoteLogSegmentMetadataRecordRemoteLogSegmentIdEntry {
  const topicIdPartition = readRemoteLogSegmentMetadataRecordTopicIdPartitionEntry(reader, version)
  const id = reader.uuid()
  const unknownTags = reader.unknownTags()
  const message: RemoteLogSegmentMetadataRecordRemoteLogSegmentIdEntry = { topicIdPartition, id }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readRemoteLogSegmentMetadataRecordTopicIdPartitionEntry(reader: Reader, _version: number): RemoteLogSegmentMetadataRecordTopicIdPartitionEntry {
  const name = reader.string(true)
  const id = reader.uuid()
  const partition = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: RemoteLogSegmentMetadataRecordTopicIdPartitionEntry = { name, id, partition }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readRemoteLogSegmentMetadataRecordSegmentLeaderEpochEntry(reader: Reader, _version: number): RemoteLogSegmentMetadataRecordSegmentLeaderEpochEntry {
  const leaderEpoch = reader.int32()
  const offset = reader.int64()
  const unknownTags = reader.unknownTags()
  const message: RemoteLogSegmentMetadataRecordSegmentLeaderEpochEntry = { leaderEpoch, offset }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeRemoteLogSegmentMetadataRecord(
  writer: Writer,
  message: Draft<RemoteLogSegmentMetadataRecord>,
  version: number,
): void {
  const remoteLogSegmentId = message.remoteLogSegmentId ?? {}
  writeRemoteLogSegmentMetadataRecordRemoteLogSegmentIdEntry(writer, remoteLogSegmentId, version)
  const startOffset = message.startOffset ?? 0
  writer.int64(startOffset)
  const endOffset = message.endOffset ?? 0
  writer.int64(endOffset)
  const brokerId = message.brokerId ?? 0
  writer.int32(brokerId)
  const maxTimestampMs = message.maxTimestampMs ?? 0
  writer.int64(maxTimestampMs)
  const eventTimestampMs = message.eventTimestampMs ?? 0
  writer.int64(eventTimestampMs)
  const segmentLeaderEpochs = message.segmentLeaderEpochs ?? []
  writer.arrayCount(segmentLeaderEpochs.length, true)
  for (const element of segmentLeaderEpochs) writeRemoteLogSegmentMetadataRecordSegmentLeaderEpochEntry(writer, element, version)
  const segmentSizeInBytes = message.segmentSizeInBytes ?? 0
  writer.int32(segmentSizeInBytes)
  const customMetadata = message.customMetadata ?? null
  writer.bytesOrNull(customMetadata, true)
  const remoteLogSegmentState = message.remoteLogSegmentState ?? 0
  writer.int8(remoteLogSegmentState)
  const txnIndexEmpty = message.txnIndexEmpty ?? false
  const hasTxnIndexEmpty = txnIndexEmpty !== false
  writer.tagCount((hasTxnIndexEmpty ? 1 : 0), message.unknownTags)
  if (hasTxnIndexEmpty) {
    const openedAt = writer.openTag(0)
    writer.bool(txnIndexEmpty)
    writer.closeTag(openedAt)
  }
  writer.unknownTags(message.unknownTags)
}

function writeRemoteLogSegmentMetadataRecordRemoteLogSegmentIdEntry(
  writer: Writer,
  message: Draft<RemoteLogSegmentMetadataRecordRemoteLogSegmentIdEntry>,
  version: number,
): void {
  const topicIdPartition = message.topicIdPartition ?? {}
  writeRemoteLogSegmentMetadataRecordTopicIdPartitionEntry(writer, topicIdPartition, version)
  const id = message.id ?? ZERO_UUID
  writer.uuid(id)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeRemoteLogSegmentMetadataRecordTopicIdPartitionEntry(
  writer: Writer,
  message: Draft<RemoteLogSegmentMetadataRecordTopicIdPartitionEntry>,
  _version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  const id = message.id ?? ZERO_UUID
  writer.uuid(id)
  const partition = message.partition ?? 0
  writer.int32(partition)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeRemoteLogSegmentMetadataRecordSegmentLeaderEpochEntry(
  writer: Writer,
  message: Draft<RemoteLogSegmentMetadataRecordSegmentLeaderEpochEntry>,
  _version: number,
): void {
  const leaderEpoch = message.leaderEpoch ?? 0
  writer.int32(leaderEpoch)
  const offset = message.offset ?? 0
  writer.int64(offset)
  writer.onlyUnknownTags(message.unknownTags)
}
