// Generated from schema/records/group-metadata-key.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const groupMetadataKeyLayout: StoredLayout = {
  name: 'GroupMetadataKey',
  apiKey: 2,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'apiKey',
}

export interface GroupMetadataKey {
  group: string
}

export function readGroupMetadataKey(reader: Reader, _version: number): GroupMetadataKey {
  const group = reader.string(false)
  const message: GroupMetadataKey = { group }
  return message
}

export function writeGroupMetadataKey(
  writer: Writer,
  message: Draft<GroupMetadataKey>,
  _version: number,
): void {
  const group = message.group ?? ''
  writer.string(group, false)
}
