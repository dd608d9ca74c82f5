// Generated from schema/records/legacy-offset-commit-value.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const legacyOffsetCommitValueLayout: StoredLayout = {
  name: 'LegacyOffsetCommitValue',
  apiKey: 0,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'version',
}

export interface LegacyOffsetCommitValue {
  offset: number
  metadata: string
  commitTimestamp: number
}

export function readLegacyOffsetCommitValue(reader: Reader, _version: number): LegacyOffsetCommitValue {
  const offset = reader.int64()
  const metadata = reader.string(false)
  const commitTimestamp = reader.int64()
  const message: LegacyOffsetCommitValue = { offset, metadata, commitTimestamp }
  return message
}

export function writeLegacyOffsetCommitValue(
  writer: Writer,
  message: Draft<LegacyOffsetCommitValue>,
  _version: number,
): void {
  const offset = message.offset ?? 0
  writer.int64(offset)
  const metadata = message.metadata ?? ''
  writer.string(metadata, false)
  const commitTimestamp = message.commitTimestamp ?? 0
  writer.int64(commitTimestamp)
}
