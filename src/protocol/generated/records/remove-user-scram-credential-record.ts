// Generated from schema/records/remove-user-scram-credential-record.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const removeUserScramCredentialRecordLayout: StoredLayout = {
  name: 'RemoveUserScramCredentialRecord',
  apiKey: 22,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'metadata',
}

export interface RemoveUserScramCredentialRecord {
  name: string
  mechanism: number
  unknownTags?: UnknownTag[]
}

export function readRemoveUserScramCredentialRecord(reader: Reader, _version: number): RemoveUserScramCredentialRecord {
  const name = reader.string(true)
  const mechanism = reader.int8()
  const unknownTags = reader.unknownTags()
  const message: RemoveUserScramCredentialRecord = { name, mechanism }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeRemoveUserScramCredentialRecord(
  writer: Writer,
  message: Draft<RemoveUserScramCredentialRecord>,
  _version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  const mechanism = message.mechanism ?? 0
  writer.int8(mechanism)
  writer.onlyUnknownTags(message.unknownTags)
}
