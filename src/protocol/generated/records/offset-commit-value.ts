// Generated from schema/records/offset-commit-value.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../../model/uuid.ts'
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const offsetCommitValueLayout: StoredLayout = {
  name: 'OffsetCommitValue',
  apiKey: 1,
  minVersion: 0,
  maxVersion: 4,
  flexibleVersion: 4,
  prefix: 'version',
}

export interface OffsetCommitValue {
  offset: number
  leaderEpoch: number // since version 3
  metadata: string
  commitTimestamp: number
  expireTimestamp: number // version 1
  topicId: string // version 4
  unknownTags?: UnknownTag[]
}

export function readOffsetCommitValue(reader: Reader, version: number): OffsetCommitValue {
  const flexible = version === 4
  const offset = reader.int64()
  const leaderEpoch = version >= 3 ? reader.int32() : -1
  const metadata = reader.string(flexible)
  const commitTimestamp = reader.int64()
  const expireTimestamp = version === 1 ? reader.int64() : -1
  let topicId: string = ZERO_UUID
  let unknownTags: UnknownTag[] | undefined
  if (flexible) {
    for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
      const tag = reader.uvarint()
      const endsAt = reader.tagEnd()
      if (tag === 0) {
        topicId = reader.uuid()
      } else {
        unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
      }
      reader.closeTag(endsAt)
    }
  }
  const message: OffsetCommitValue = {
    offset,
    leaderEpoch,
    metadata,
    commitTimestamp,
    expireTimestamp,
    topicId,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeOffsetCommitValue(
  writer: Writer,
  message: Draft<OffsetCommitValue>,
  version: number,
): void {
  const flexible = version === 4
  const offset = message.offset ?? 0
  writer.int64(offset)
  const leaderEpoch = message.leaderEpoch ?? -1
  if (version >= 3) {
    writer.int32(leaderEpoch)
  }
  const metadata = message.metadata ?? ''
  writer.string(metadata, flexible)
  const commitTimestamp = message.commitTimestamp ?? 0
  writer.int64(commitTimestamp)
  const expireTimestamp = message.expireTimestamp ?? -1
  if (version === 1) {
    writer.int64(expireTimestamp)
  }
  const topicId = message.topicId ?? ZERO_UUID
  if (flexible) {
    const hasTopicId = topicId !== ZERO_UUID
    writer.tagCount((hasTopicId ? 1 : 0), message.unknownTags)
    if (hasTopicId) {
      const openedAt = writer.openTag(0)
      writer.uuid(topicId)
      writer.closeTag(openedAt)
    }
    writer.unknownTags(message.unknownTags)
  }
}
