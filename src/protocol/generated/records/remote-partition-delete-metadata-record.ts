// Generated from schema/records/remote-partition-delete-metadata-record.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../../model/uuid.ts'
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const remotePartitionDeleteMetadataRecordLayout: StoredLayout = {
  name: 'RemotePartitionDeleteMetadataRecord',
  apiKey: 2,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'remoteLog',
}

export interface RemotePartitionDeleteMetadataRecord {
  topicIdPartition: RemotePartitionDeleteMetadataRecordTopicIdPartitionEntry
  brokerId: number
  eventTimestampMs: number
  remotePartitionDeleteState: number
  unknownTags?: UnknownTag[]
}

export interface RemotePartitionDeleteMetadataRecordTopicIdPartitionEntry {
  name: string
  id: string
  partition: number
  unknownTags?: UnknownTag[]
}

export function readRemotePartitionDeleteMetadataRecord(reader: Reader, version: number): RemotePartitionDeleteMetadataRecord {
  const topicIdPartition = readRemotePartitionDeleteMetadataRecordTopicIdPartitionEntry(reader, version)
  const brokerId = reader.int32()
  const eventTimestampMs = reader.int64()
  const remotePartitionDeleteState = reader.int8()
  const unknownTags = reader.unknownTags()
  const message: RemotePartitionDeleteMetadataRecord = {
    topicIdPartition,
    brokerId,
    eventTimestampMs,
    remotePartitionDeleteState,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readRemotePartitionDeleteMetadataRecordTopicIdPartitionEntry(reader: Reader, _version: number): RemotePartitionDeleteMetadataRecordTopicIdPartitionEntry {
  const name = reader.string(true)
  const id = reader.uuid()
  const partition = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: RemotePartitionDeleteMetadataRecordTopicIdPartitionEntry = { name, id, partition }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeRemotePartitionDeleteMetadataRecord(
  writer: Writer,
  message: Draft<RemotePartitionDeleteMetadataRecord>,
  version: number,
): void {
  const topicIdPartition = message.topicIdPartition ?? {}
  writeRemotePartitionDeleteMetadataRecordTopicIdPartitionEntry(writer, topicIdPartition, version)
  const brokerId = message.brokerId ?? 0
  writer.int32(brokerId)
  const eventTimestampMs = message.eventTimestampMs ?? 0
  writer.int64(eventTimestampMs)
  const remotePartitionDeleteState = message.remotePartitionDeleteState ?? 0
  writer.int8(remotePartitionDeleteState)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeRemotePartitionDeleteMetadataRecordTopicIdPartitionEntry(
  writer: Writer,
  message: Draft<RemotePartitionDeleteMetadataRecordTopicIdPartitionEntry>,
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
