// Generated from schema/records/offset-commit-key.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const offsetCommitKeyLayout: StoredLayout = {
  name: 'OffsetCommitKey',
  apiKey: 1,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'apiKey',
}

export interface OffsetCommitKey {
  group: string
  topic: string
  partition: number
}

export function readOffsetCommitKey(reader: Reader, _version: number): OffsetCommitKey {
  const group = reader.string(false)
  const topic = reader.string(false)
  const partition = reader.int32()
  const message: OffsetCommitKey = { group, topic, partition }
  return message
}

export function writeOffsetCommitKey(
  writer: Writer,
  message: Draft<OffsetCommitKey>,
  _version: number,
): void {
  const group = message.group ?? ''
  writer.string(group, false)
  const topic = message.topic ?? ''
  writer.string(topic, false)
  const partition = message.partition ?? 0
  writer.int32(partition)
}
