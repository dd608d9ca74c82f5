// Generated from schema/records/share-group-target-assignment-metadata-value.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const shareGroupTargetAssignmentMetadataValueLayout: StoredLayout = {
  name: 'ShareGroupTargetAssignmentMetadataValue',
  apiKey: 12,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'version',
}

export interface ShareGroupTargetAssignmentMetadataValue {
  assignmentEpoch: number
  assignmentTimestamp: number
  unknownTags?: UnknownTag[]
}

export function readShareGroupTargetAssignmentMetadataValue(reader: Reader, _version: number): ShareGroupTargetAssignmentMetadataValue {
  const assignmentEpoch = reader.int32()
  let assignmentTimestamp: number = 0
  let unknownTags: UnknownTag[] | undefined
  for (let left = reader.tagCount(); left > 0 && reader.ok; left -= 1) {
    const tag = reader.uvarint()
    const endsAt = reader.tagEnd()
    if (tag === 0) {
      assignmentTimestamp = reader.int64()
    } else {
      unknownTags = reader.unknownTag(unknownTags, tag, endsAt)
    }
    reader.closeTag(endsAt)
  }
  const message: ShareGroupTargetAssignmentMetadataValue = { assignmentEpoch, assignmentTimestamp }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeShareGroupTargetAssignmentMetadataValue(
  writer: Writer,
  message: Draft<ShareGroupTargetAssignmentMetadataValue>,
  _version: number,
): void {
  const assignmentEpoch = message.assignmentEpoch ?? 0
  writer.int32(assignmentEpoch)
  const assignmentTimestamp = message.assignmentTimestamp ?? 0
  const hasAssignmentTimestamp = assignmentTimestamp !== 0
  writer.tagCount((hasAssignmentTimestamp ? 1 : 0), message.unknownTags)
  if (hasAssignmentTimestamp) {
    const openedAt = writer.openTag(0)
    writer.int64(assignmentTimestamp)
    writer.closeTag(openedAt)
  }
  writer.unknownTags(message.unknownTags)
}
