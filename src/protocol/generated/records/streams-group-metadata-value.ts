// Generated from schema/records/streams-group-metadata-value.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const streamsGroupMetadataValueLayout: StoredLayout = {
  name: 'StreamsGroupMetadataValue',
  apiKey: 17,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'version',
}

export interface StreamsGroupMetadataValue {
  epoch: number
  metadataHash: number
  validatedTopologyEpoch: number
  lastAssignmentConfigs: StreamsGroupMetadataValueLastAssignmentConfig[] | null
  storedDescriptionTopologyEpoch: number
  failedDescriptionTopologyEpoch: number
  unknownTags?: UnknownTag[]
}

export interface StreamsGroupMetadataValueLastAssignmentConfig {
  key: string
  value: string
  unknownTags?: UnknownTag[]
}

export function readStreamsGroupMetadataValue(reader: Reader, version: number): StreamsGroupMetadataValue {
  const epoch = reader.int32()
  const metadataHash = reader.int64()
  let validatedTopologyEpoch: number = -1
  let lastAssignmentConfigs: StreamsGroupMetadataValueLastAssignmentConfig[] | null = []
  let storedDescriptionTopologyEpoch: number = -1
  let failedDescriptionTopologyEpoch: number = -1
  let unknownTags: UnknownTag[] | undefined
  for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
    const tag = reader.uvarint()
    const endsAt = reader.tagEnd()
    if (tag === 0) {
      validatedTopologyEpoch = reader.int32()
    } else if (tag === 1) {
      const lastAssignmentConfigsCount = reader.arrayCountOrNull(true, 3)
      if (lastAssignmentConfigsCount < 0) {
        lastAssignmentConfigs = null
      } else {
        lastAssignmentConfigs = []
        for (let left = lastAssignmentConfigsCount; left > 0 && reader.ok; left -= 1) {
          lastAssignmentConfigs.push(readStreamsGroupMetadataValueLastAssignmentConfig(reader, version))
        }
      }
    } else if (tag === 2) {
      storedDescriptionTopologyEpoch = reader.int32()
    } else if (tag === 3) {
      failedDescriptionTopologyEpoch = reader.int32()
    } else {
      unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
    }
    reader.closeTag(endsAt)
  }
  const message: StreamsGroupMetadataValue = {
    epoch,
    metadataHash,
    validatedTopologyEpoch,
    lastAssignmentConfigs,
    storedDescriptionTopologyEpoch,
    failedDescriptionTopologyEpoch,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readStreamsGroupMetadataValueLastAssignmentConfig(reader: Reader, _version: number): StreamsGroupMetadataValueLastAssignmentConfig {
  const key = reader.string(true)
  const value = reader.string(true)
  const unknownTags = reader.unknownTags()
  const message: StreamsGroupMetadataValueLastAssignmentConfig = { key, value }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeStreamsGroupMetadataValue(
  writer: Writer,
  message: Draft<StreamsGroupMetadataValue>,
  version: number,
): void {
  const epoch = message.epoch ?? 0
  writer.int32(epoch)
  const metadataHash = message.metadataHash ?? 0
  writer.int64(metadataHash)
  const validatedTopologyEpoch = message.validatedTopologyEpoch ?? -1
  const lastAssignmentConfigs = message.lastAssignmentConfigs === undefined ? [] : message.lastAssignmentConfigs
  const storedDescriptionTopologyEpoch = message.storedDescriptionTopologyEpoch ?? -1
  const failedDescriptionTopologyEpoch = message.failedDescriptionTopologyEpoch ?? -1
  const hasValidatedTopologyEpoch = validatedTopologyEpoch !== -1
  const hasLastAssignmentConfigs = lastAssignmentConfigs === null || lastAssignmentConfigs.length > 0
  const hasStoredDescriptionTopologyEpoch = storedDescriptionTopologyEpoch !== -1
  const hasFailedDescriptionTopologyEpoch = failedDescriptionTopologyEpoch !== -1
  writer.tagCount((hasValidatedTopologyEpoch ? 1 : 0) + (hasLastAssignmentConfigs ? 1 : 0) + (hasStoredDescriptionTopologyEpoch ? 1 : 0) + (hasFailedDescriptionTopologyEpoch ? 1 : 0), message.unknownTags)
  if (hasValidatedTopologyEpoch) {
    const openedAt = writer.openTag(0)
    writer.int32(validatedTopologyEpoch)
    writer.closeTag(openedAt)
  }
  if (hasLastAssignmentConfigs) {
    const openedAt = writer.openTag(1)
    writer.arrayCount(lastAssignmentConfigs === null ? -1 : lastAssignmentConfigs.length, true)
    if (lastAssignmentConfigs !== null) {
      for (const element of lastAssignmentConfigs) writeStreamsGroupMetadataValueLastAssignmentConfig(writer, element, version)
    }
    writer.closeTag(openedAt)
  }
  if (hasStoredDescriptionTopologyEpoch) {
    const openedAt = writer.openTag(2)
    writer.int32(storedDescriptionTopologyEpoch)
    writer.closeTag(openedAt)
  }
  if (hasFailedDescriptionTopologyEpoch) {
    const openedAt = writer.openTag(3)
    writer.int32(failedDescriptionTopologyEpoch)
    writer.closeTag(openedAt)
  }
  writer.unknownTags(message.unknownTags)
}

function writeStreamsGroupMetadataValueLastAssignmentConfig(
  writer: Writer,
  message: Draft<StreamsGroupMetadataValueLastAssignmentConfig>,
  _version: number,
): void {
  const key = message.key ?? ''
  writer.string(key, true)
  const value = message.value ?? ''
  writer.string(value, true)
  writer.onlyUnknownTags(message.unknownTags)
}
