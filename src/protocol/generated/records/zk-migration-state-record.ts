// Generated from schema/records/zk-migration-state-record.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const zkMigrationStateRecordLayout: StoredLayout = {
  name: 'ZkMigrationStateRecord',
  apiKey: 21,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'metadata',
}

export interface ZkMigrationStateRecord {
  zkMigrationState: number
  unknownTags?: UnknownTag[]
}

export function readZkMigrationStateRecord(reader: Reader, _version: number): ZkMigrationStateRecord {
  const zkMigrationState = reader.int8()
  const unknownTags = reader.unknownTags()
  const message: ZkMigrationStateRecord = { zkMigrationState }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeZkMigrationStateRecord(
  writer: Writer,
  message: Draft<ZkMigrationStateRecord>,
  _version: number,
): void {
  const zkMigrationState = message.zkMigrationState ?? 0
  writer.int8(zkMigrationState)
  writer.onlyUnknownTags(message.unknownTags)
}
