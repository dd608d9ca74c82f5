// Generated from schema/records/share-update-value.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const shareUpdateValueLayout: StoredLayout = {
  name: 'ShareUpdateValue',
  apiKey: 1,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'version',
}

export interface ShareUpdateValue {
  snapshotEpoch: number
  leaderEpoch: number
  startOffset: number
  deliveryCompleteCount: number
  stateBatches: ShareUpdateValueStateBatch[]
  unknownTags?: UnknownTag[]
}

export interface ShareUpdateValueStateBatch {
  firstOffset: number
  lastOffset: number
  deliveryState: number
  deliveryCount: number
  unknownTags?: UnknownTag[]
}

export function readShareUpdateValue(reader: Reader, version: number): ShareUpdateValue {
  const snapshotEpoch = reader.int32()
  const leaderEpoch = reader.int32()
  const startOffset = reader.int64()
  const stateBatches: ShareUpdateValueStateBatch[] = []
  for (let left = reader.arrayCount(true, 20); left > 0 && reader.ok; left -= 1) {
    stateBatches.push(readShareUpdateValueStateBatch(reader, version))
  }
  let deliveryCompleteCount: number = -1
  let unknownTags: UnknownTag[] | undefined
  for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
    const tag = reader.uvarint()
    const endsAt = reader.tagEnd()
    if (tag === 0) {
      deliveryCompleteCount = reader.int32()
    } else {
      unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
    }
    reader.closeTag(endsAt)
  }
  const message: ShareUpdateValue = {
    snapshotEpoch,
    leaderEpoch,
    startOffset,
    deliveryCompleteCount,
    stateBatches,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readShareUpdateValueStateBatch(reader: Reader, _version: number): ShareUpdateValueStateBatch {
  const firstOffset = reader.int64()
  const lastOffset = reader.int64()
  const deliveryState = reader.int8()
  const deliveryCount = reader.int16()
  const unknownTags = reader.unknownTags()
  const message: ShareUpdateValueStateBatch = { firstOffset, lastOffset, deliveryState, deliveryCount }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeShareUpdateValue(
  writer: Writer,
  message: Draft<ShareUpdateValue>,
  version: number,
): void {
  const snapshotEpoch = message.snapshotEpoch ?? 0
  writer.int32(snapshotEpoch)
  const leaderEpoch = message.leaderEpoch ?? 0
  writer.int32(leaderEpoch)
  const startOffset = message.startOffset ?? 0
  writer.int64(startOffset)
  const deliveryCompleteCount = message.deliveryCompleteCount ?? -1
  const stateBatches = message.stateBatches ?? []
  writer.arrayCount(stateBatches.length, true)
  for (const element of stateBatches) writeShareUpdateValueStateBatch(writer, element, version)
  const hasDeliveryCompleteCount = deliveryCompleteCount !== -1
  writer.tagCount((hasDeliveryCompleteCount ? 1 : 0), message.unknownTags)
  if (hasDeliveryCompleteCount) {
    const openedAt = writer.openTag(0)
    writer.int32(deliveryCompleteCount)
    writer.closeTag(openedAt)
  }
  writer.unknownTags(message.unknownTags)
}

function writeShareUpdateValueStateBatch(
  writer: Writer,
  message: Draft<ShareUpdateValueStateBatch>,
  _version: number,
): void {
  const firstOffset = message.firstOffset ?? 0
  writer.int64(firstOffset)
  const lastOffset = message.lastOffset ?? 0
  writer.int64(lastOffset)
  const deliveryState = message.deliveryState ?? 0
  writer.int8(deliveryState)
  const deliveryCount = message.deliveryCount ?? 0
  writer.int16(deliveryCount)
  writer.onlyUnknownTags(message.unknownTags)
}
