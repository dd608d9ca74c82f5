// Generated from schema/records/control-record-type-schema.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const controlRecordTypeSchemaLayout: StoredLayout = {
  name: 'ControlRecordTypeSchema',
  apiKey: -1,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'version',
}

export interface ControlRecordTypeSchema {
  type: number
}

export function readControlRecordTypeSchema(reader: Reader, _version: number): ControlRecordTypeSchema {
  const type = reader.int16()
  const message: ControlRecordTypeSchema = { type }
  return message
}

export function writeControlRecordTypeSchema(
  writer: Writer,
  message: Draft<ControlRecordTypeSchema>,
  _version: number,
): void {
  const type = message.type ?? 0
  writer.int16(type)
}
