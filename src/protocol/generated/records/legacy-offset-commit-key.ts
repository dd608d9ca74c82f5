// Generated from schema/records/legacy-offset-commit-key.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const legacyOffsetCommitKeyLayout: StoredLayout = {
  name: 'LegacyOffsetCommitKey',
  apiKey: 0,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'apiKey',
}

export interface LegacyOffsetCommitKey {
  group: string
  topic: string
  partition: number
}

export function readLegacyOffsetCommitKey(reader: Reader, _version: number): LegacyOffsetCommitKey {
  const group = reader.string(false)
  const topic = reader.string(false)
  const partition = reader.int32()
  const message: LegacyOffsetCommitKey = { group, topic, partition }
  return message
}

export function writeLegacyOffsetCommitKey(
  writer: Writer,
  message: Draft<LegacyOffsetCommitKey>,
  _version: number,
): void {
  const group = message.group ?? ''
  writer.string(group, false)
  const topic = message.topic ?? ''
  writer.string(topic, false)
  const partition = message.partition ?? 0
  writer.int32(partition)
}
