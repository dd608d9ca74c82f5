// Generated from schema/records/share-snapshot-key.kafka by `npm run generate`. Do not edit.
import { ZERO_UUID } from '../../../model/uuid.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const shareSnapshotKeyLayout: StoredLayout = {
  name: 'ShareSnapshotKey',
  apiKey: 0,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'apiKey',
}

export interface ShareSnapshotKey {
  groupId: string
  topicId: string
  partition: number
}

export function readShareSnapshotKey(reader: Reader, _version: number): ShareSnapshotKey {
  const groupId = reader.string(false)
  const topicId = reader.uuid()
  const partition = reader.int32()
  const message: ShareSnapshotKey = { groupId, topicId, partition }
  return message
}

export function writeShareSnapshotKey(
  writer: Writer,
  message: Draft<ShareSnapshotKey>,
  _version: number,
): void {
  const groupId = message.groupId ?? ''
  writer.string(groupId, false)
  const topicId = message.topicId ?? ZERO_UUID
  writer.uuid(topicId)
  const partition = message.partition ?? 0
  writer.int32(partition)
}
