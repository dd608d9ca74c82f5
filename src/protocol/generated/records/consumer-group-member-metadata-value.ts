// Generated from schema/records/consumer-group-member-metadata-value.kafka by `npm run generate`. Do not edit.
import { EMPTY_BYTES } from '../../wire/byte-slice.ts'
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const consumerGroupMemberMetadataValueLayout: StoredLayout = {
  name: 'ConsumerGroupMemberMetadataValue',
  apiKey: 5,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'version',
}

export interface ConsumerGroupMemberMetadataValue {
  instanceId: string | null
  rackId: string | null
  clientId: string
  clientHost: string
  subscribedTopicNames: string[]
  subscribedTopicRegex: string | null
  rebalanceTimeoutMs: number
  serverAssignor: string | null
  classicMemberMetadata: ConsumerGroupMemberMetadataValueClassicMemberMetadata | null
  unknownTags?: UnknownTag[]
}

export interface ConsumerGroupMemberMetadataValueClassicMemberMetadata {
  sessionTimeoutMs: number
  supportedProtocols: ConsumerGroupMemberMetadataValueClassicProtocol[]
  unknownTags?: UnknownTag[]
}

export interface ConsumerGroupMemberMetadataValueClassicProtocol {
  name: string
  metadata: Uint8Array
  unknownTags?: UnknownTag[]
}

export function readConsumerGroupMemberMetadataValue(reader: Reader, version: number): ConsumerGroupMemberMetadataValue {
  const instanceId = reader.stringOrNull(true)
  const rackId = reader.stringOrNull(true)
  const clientId = reader.string(true)
  const clientHost = reader.string(true)
  const subscribedTopicNames: string[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    subscribedTopicNames.push(reader.string(true))
  }
  const subscribedTopicRegex = reader.stringOrNull(true)
  const rebalanceTimeoutMs = reader.int32()
  const serverAssignor = reader.stringOrNull(true)
  let classicMemberMetadata: ConsumerGroupMemberMetadataValueClassicMemberMetadata | null = defaultConsumerGroupMemberMetadataValueClassicMemberMetadata()
  let unknownTags: UnknownTag[] | undefined
  for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
    const tag = reader.uvarint()
    const endsAt = reader.tagEnd()
    if (tag === 0) {
      classicMemberMetadata = reader.presentInTag() ? readConsumerGroupMemberMetadataValueClassicMemberMetadata(reader, version) : null
    } else {
      unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
    }
    reader.closeTag(endsAt)
  }
  const message: ConsumerGroupMemberMetadataValue = {
    instanceId,
    rackId,
    clientId,
    clientHost,
    subscribedTopicNames,
    subscribedTopicRegex,
    rebalanceTimeoutMs,
    serverAssignor,
    classicMemberMetadata,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readConsumerGroupMemberMetadataValueClassicMemberMetadata(reader: Reader, version: number): ConsumerGroupMemberMetadataValueClassicMemberMetadata {
  const sessionTimeoutMs = reader.int32()
  const supportedProtocols: ConsumerGroupMemberMetadataValueClassicProtocol[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    supportedProtocols.push(readConsumerGroupMemberMetadataValueClassicProtocol(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ConsumerGroupMemberMetadataValueClassicMemberMetadata = {
    sessionTimeoutMs,
    supportedProtocols,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readConsumerGroupMemberMetadataValueClassicProtocol(reader: Reader, _version: number): ConsumerGroupMemberMetadataValueClassicProtocol {
  const name = reader.string(true)
  const metadata = reader.bytes(true)
  const unknownTags = reader.unknownTags()
  const message: ConsumerGroupMemberMetadataValueClassicProtocol = { name, metadata }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeConsumerGroupMemberMetadataValue(
  writer: Writer,
  message: Draft<ConsumerGroupMemberMetadataValue>,
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
  const subscribedTopicNames = message.subscribedTopicNames ?? []
  writer.arrayCount(subscribedTopicNames.length, true)
  for (const element of subscribedTopicNames) writer.string(element, true)
  const subscribedTopicRegex = message.subscribedTopicRegex === undefined ? '' : message.subscribedTopicRegex
  writer.stringOrNull(subscribedTopicRegex, true)
  const rebalanceTimeoutMs = message.rebalanceTimeoutMs ?? -1
  writer.int32(rebalanceTimeoutMs)
  const serverAssignor = message.serverAssignor === undefined ? '' : message.serverAssignor
  writer.stringOrNull(serverAssignor, true)
  const classicMemberMetadata = message.classicMemberMetadata === undefined ? {} : message.classicMemberMetadata
  const hasClassicMemberMetadata = classicMemberMetadata === null || !isDefaultConsumerGroupMemberMetadataValueClassicMemberMetadata(classicMemberMetadata)
  writer.tagCount((hasClassicMemberMetadata ? 1 : 0), message.unknownTags)
  if (hasClassicMemberMetadata) {
    const openedAt = writer.openTag(0)
    writer.presentInTag(classicMemberMetadata !== null)
    if (classicMemberMetadata !== null) writeConsumerGroupMemberMetadataValueClassicMemberMetadata(writer, classicMemberMetadata, version)
    writer.closeTag(openedAt)
  }
  writer.unknownTags(message.unknownTags)
}

function writeConsumerGroupMemberMetadataValueClassicMemberMetadata(
  writer: Writer,
  message: Draft<ConsumerGroupMemberMetadataValueClassicMemberMetadata>,
  version: number,
): void {
  const sessionTimeoutMs = message.sessionTimeoutMs ?? 0
  writer.int32(sessionTimeoutMs)
  const supportedProtocols = message.supportedProtocols ?? []
  writer.arrayCount(supportedProtocols.length, true)
  for (const element of supportedProtocols) writeConsumerGroupMemberMetadataValueClassicProtocol(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeConsumerGroupMemberMetadataValueClassicProtocol(
  writer: Writer,
  message: Draft<ConsumerGroupMemberMetadataValueClassicProtocol>,
  _version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  const metadata = message.metadata ?? EMPTY_BYTES
  writer.bytes(metadata, true)
  writer.onlyUnknownTags(message.unknownTags)
}

function isDefaultConsumerGroupMemberMetadataValueClassicMemberMetadata(message: Draft<ConsumerGroupMemberMetadataValueClassicMemberMetadata>): boolean {
  return (
    (message.sessionTimeoutMs ?? 0) === 0
    && (message.supportedProtocols ?? []).length === 0
    && message.unknownTags === undefined
  )
}

function defaultConsumerGroupMemberMetadataValueClassicMemberMetadata(): ConsumerGroupMemberMetadataValueClassicMemberMetadata {
  return { sessionTimeoutMs: 0, supportedProtocols: [] }
}
