// Generated from schema/records/streams-group-member-metadata-value.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const streamsGroupMemberMetadataValueLayout: StoredLayout = {
  name: 'StreamsGroupMemberMetadataValue',
  apiKey: 19,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'version',
}

export interface StreamsGroupMemberMetadataValue {
  instanceId: string | null
  rackId: string | null
  clientId: string
  clientHost: string
  rebalanceTimeoutMs: number
  topologyEpoch: number
  processId: string
  userEndpoint: StreamsGroupMemberMetadataValueEndpoint | null
  clientTags: StreamsGroupMemberMetadataValueKeyValue[]
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupMemberMetadataValueEndpoint {
  host: string
  port: number
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupMemberMetadataValueKeyValue {
  key: string
  value: string
  unknownTags?: UnknownTag[]
}

export function readStreamsGroupMemberMetadataValue(reader: Reader, version: number): StreamsGroupMemberMetadataValue {
  const instanceId = reader.stringOrNull(true)
  const rackId = reader.stringOrNull(true)
  const clientId = reader.string(true)
  const clientHost = reader.string(true)
  const rebalanceTimeoutMs = reader.int32()
  const topologyEpoch = reader.int32()
  const processId = reader.string(true)
  const userEndpoint = reader.present() ? readStreamsGroupMemberMetadataValueEndpoint(reader, version) : null
  const clientTags: StreamsGroupMemberMetadataValueKeyValue[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    clientTags.push(readStreamsGroupMemberMetadataValueKeyValue(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupMemberMetadataValue = {
    instanceId,
    rackId,
    clientId,
    clientHost,
    rebalanceTimeoutMs,
    topologyEpoch,
    processId,
    userEndpoint,
    clientTags,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupMemberMetadataValueEndpoint(reader: Reader, _version: number): StreamsGroupMemberMetadataValueEndpoint {
  const host = reader.string(true)
  const port = reader.uint16()
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupMemberMetadataValueEndpoint = { host, port }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupMemberMetadataValueKeyValue(reader: Reader, _version: number): StreamsGroupMemberMetadataValueKeyValue {
  const key = reader.string(true)
  const value = reader.string(true)
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupMemberMetadataValueKeyValue = { key, value }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeStreamsGroupMemberMetadataValue(
  writer: Writer,
  message: Draft<StreamsGroupMemberMetadataValue>,
  version: number,
): void {
  const instanceId = message.instanceId === undefined ? '' : message.instanceId
  writer.stringOrNull(instanceId, true)
  const rackId = message.rackId === undefined ? '' : message.rackId
  writer.stringOrNull(rackId, true)
  const clientId = message.clientId ?? ''
  writer.string(clientId, true)
  const clientHost = message.clientHost ?? ''
  writer.string(clientHost, true)
  const rebalanceTimeoutMs = message.rebalanceTimeoutMs ?? -1
  writer.int32(rebalanceTimeoutMs)
  const topologyEpoch = message.topologyEpoch ?? 0
  writer.int32(topologyEpoch)
  const processId = message.processId ?? ''
  writer.string(processId, true)
  const userEndpoint = message.userEndpoint ?? null
  writer.present(userEndpoint !== null)
  if (userEndpoint !== null) writeStreamsGroupMemberMetadataValueEndpoint(writer, userEndpoint, version)
  const clientTags = message.clientTags ?? []
  writer.arrayCount(clientTags.length, true)
  for (const element of clientTags) writeStreamsGroupMemberMetadataValueKeyValue(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupMemberMetadataValueEndpoint(
  writer: Writer,
  message: Draft<StreamsGroupMemberMetadataValueEndpoint>,
  _version: number,
): void {
  const host = message.host ?? ''
  writer.string(host, true)
  const port = message.port ?? 0
  writer.uint16(port)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeStreamsGroupMemberMetadataValueKeyValue(
  writer: Writer,
  message: Draft<StreamsGroupMemberMetadataValueKeyValue>,
  _version: number,
): void {
  const key = message.key ?? ''
  writer.string(key, true)
  const value = message.value ?? ''
  writer.string(value, true)
  writer.onlyUnknownTags(message.unknownTags)
}
