// Generated from schema/records/share-snapshot-value.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const shareSnapshotValueLayout: StoredLayout = {
  name: 'ShareSnapshotValue',
  apiKey: 0,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'version',
}

export interface ShareSnapshotValue {
  snapshotEpoch: number
  stateEpoch: number
  leaderEpoch: number
  startOffset: number
  deliveryCompleteCount: number
  createTimestamp: number
  writeTimestamp: number
  stateBatches: ShareSnapshotValueStateBatch[]
  unknownTags?: UnknownTag[]
}

export interface ShareSnapshotValueStateBatch {
  firstOffset: number
  lastOffset: number
  deliveryState: number
  deliveryCount: number
  unknownTags?: UnknownTag[]
}

export function readShareSnapshotValue(reader: Reader, version: number): ShareSnapshotValue {
  const snapshotEpoch = reader.int32()
  const stateEpoch = reader.int32()
  const leaderEpoch = reader.int32()
  const startOffset = reader.int64()
  const createTimestamp = reader.int64()
  const writeTimestamp = reader.int64()
  const stateBatches: ShareSnapshotValueStateBatch[] = []
  for (let left = reader.arrayCount(true, 20); left > 0 && reader.ok; left -= 1) {
    stateBatches.push(readShareSnapshotValueStateBatch(reader, version))
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
  const message: ShareSnapshotValue = {
    snapshotEpoch,
    stateEpoch,
    leaderEpoch,
    startOffset,
    deliveryCompleteCount,
    createTimestamp,
    writeTimestamp,
    stateBatches,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readShareSnapshotValueStateBatch(reader: Reader, _version: number): ShareSnapshotValueStateBatch {
  const firstOffset = reader.int64()
  const lastOffset = reader.int64()
  const deliveryState = reader.int8()
  const deliveryCount = reader.int16()
  const unknownTags = reader.unknownTags()
  const message: ShareSnapshotValueStateBatch = { firstOffset, lastOffset, deliveryState, deliveryCount }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeShareSnapshotValue(
  writer: Writer,
  message: Draft<ShareSnapshotValue>,
  version: number,
): void {
  const snapshotEpoch = message.snapshotEpoch ?? 0
  writer.int32(snapshotEpoch)
  const stateEpoch = message.stateEpoch ?? 0
  writer.int32(stateEpoch)
  const leaderEpoch = message.leaderEpoch ?? 0
  writer.int32(leaderEpoch)
  const startOffset = message.startOffset ?? 0
  writer.int64(startOffset)
  const deliveryCompleteCount = message.deliveryCompleteCount ?? -1
  const createTimestamp = message.createTimestamp ?? 0
  writer.int64(createTimestamp)
  const writeTimestamp = message.writeTimestamp ?? 0
  writer.int64(writeTimestamp)
  const stateBatches = message.stateBatches ?? []
  writer.arrayCount(stateBatches.length, true)
  for (const element of stateBatches) writeShareSnapshotValueStateBatch(writer, element, version)
  const hasDeliveryCompleteCount = deliveryCompleteCount !== -1
  writer.tagCount((hasDeliveryCompleteCount ? 1 : 0), message.unknownTags)
  if (hasDeliveryCompleteCount) {
    const openedAt = writer.openTag(0)
    writer.int32(deliveryCompleteCount)
    writer.closeTag(openedAt)
  }
  writer.unknownTags(message.unknownTags)
}

function writeShareSnapshotValueStateBatch(
  writer: Writer,
  message: Draft<ShareSnapshotValueStateBatch>,
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
