// Generated from schema/records/remove-delegation-token-record.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const removeDelegationTokenRecordLayout: StoredLayout = {
  name: 'RemoveDelegationTokenRecord',
  apiKey: 26,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'metadata',
}

export interface RemoveDelegationTokenRecord {
  tokenId: string
  unknownTags?: UnknownTag[]
}

export function readRemoveDelegationTokenRecord(reader: Reader, _version: number): RemoveDelegationTokenRecord {
  const tokenId = reader.string(true)
  const unknownTags = reader.unknownTags()
  const message: RemoveDelegationTokenRecord = { tokenId }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeRemoveDelegationTokenRecord(
  writer: Writer,
  message: Draft<RemoveDelegationTokenRecord>,
  _version: number,
): void {
  const tokenId = message.tokenId ?? ''
  writer.string(tokenId, true)
  writer.onlyUnknownTags(message.unknownTags)
}
