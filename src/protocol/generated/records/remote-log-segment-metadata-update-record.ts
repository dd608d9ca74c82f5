// Generated from schema/records/remote-log-segment-metadata-update-record.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../../model/uuid.ts'
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const remoteLogSegmentMetadataUpdateRecordLayout: StoredLayout = {
  name: 'RemoteLogSegmentMetadataUpdateRecord',
  apiKey: 1,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'remoteLog',
}

export interface RemoteLogSegmentMetadataUpdateRecord {
  remoteLogSegmentId: RemoteLogSegmentMetadataUpdateRecordRemoteLogSegmentIdEntry
  brokerId: number
  eventTimestampMs: number
  customMetadata: Uint8Array | null
  remoteLogSegmentState: number
  unknownTags?: UnknownTag[]
}

export interface RemoteLogSegmentMetadataUpdateRecordRemoteLogSegmentIdEntry {
  topicIdPartition: RemoteLogSegmentMetadataUpdateRecordTopicIdPartitionEntry
  id: string
  unknownTags?: UnknownTag[]
}

export interface RemoteLogSegmentMetadataUpdateRecordTopicIdPartitionEntry {
  name: string
  id: string
  partition: number
  unknownTags?: UnknownTag[]
}

export function readRemoteLogSegmentMetadataUpdateRecord(reader: Reader, version: number): RemoteLogSegmentMetadataUpdateRecord {
  const remoteLogSegmentId = readRemoteLogSegmentMetadataUpdateRecordRemoteLogSegmentIdEntry(reader, version)
  const brokerId = reader.int32()
  const eventTimestampMs = reader.int64()
  const customMetadata = reader.bytesOrNull(true)
  const remoteLogSegmentState = reader.int8()
  const unknownTags = reader.unknownTags()
  const message: RemoteLogSegmentMetadataUpdateRecord = {
    remoteLogSegmentId,
    brokerId,
    eventTimestampMs,
    customMetadata,
    remoteLogSegmentState,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readRemoteLogSegmentMetadataUpdateRecordRemoteLogSegmentIdEntry(reader: Reader, version: number): RemoteLogSegmentMetadataUpdateRecordRemoteLogSegmentIdEntry {
  const topicIdPartition = readRemoteLogSegmentMetadataUpdateRecordTopicIdPartitionEntry(reader, version)
  const id = reader.uuid()
  const unknownTags = reader.unknownTags()
  const message: RemoteLogSegmentMetadataUpdateRecordRemoteLogSegmentIdEntry = { topicIdPartition, id }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readRemoteLogSegmentMetadataUpdateRecordTopicIdPartitionEntry(reader: Reader, _version: number): RemoteLogSegmentMetadataUpdateRecordTopicIdPartitionEntry {
  const name = reader.string(true)
  const id = reader.uuid()
  const partition = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: RemoteLogSegmentMetadataUpdateRecordTopicIdPartitionEntry = { name, id, partition }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeRemoteLogSegmentMetadataUpdateRecord(
  writer: Writer,
  message: Draft<RemoteLogSegmentMetadataUpdateRecord>,
  version: number,
): void {
  const remoteLogSegmentId = message.remoteLogSegmentId ?? {}
  writeRemoteLogSegmentMetadataUpdateRecordRemoteLogSegmentIdEntry(writer, remoteLogSegmentId, version)
  const brokerId = message.brokerId ?? 0
  writer.int32(brokerId)
  const eventTimestampMs = message.eventTimestampMs ?? 0
  writer.int64(eventTimestampMs)
  const customMetadata = message.customMetadata ?? null
  writer.bytesOrNull(customMetadata, true)
  const remoteLogSegmentState = message.remoteLogSegmentState ?? 0
  writer.int8(remoteLogSegmentState)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeRemoteLogSegmentMetadataUpdateRecordRemoteLogSegmentIdEntry(
  writer: Writer,
  message: Draft<RemoteLogSegmentMetadataUpdateRecordRemoteLogSegmentIdEntry>,
  version: number,
): void {
  const topicIdPartition = message.topicIdPartition ?? {}
  writeRemoteLogSegmentMetadataUpdateRecordTopicIdPartitionEntry(writer, topicIdPartition, version)
  const id = message.id ?? ZERO_UUID
  writer.uuid(id)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeRemoteLogSegmentMetadataUpdateRecordTopicIdPartitionEntry(
  writer: Writer,
  message: Draft<RemoteLogSegmentMetadataUpdateRecordTopicIdPartitionEntry>,
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
