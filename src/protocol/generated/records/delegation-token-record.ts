// Generated from schema/records/delegation-token-record.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const delegationTokenRecordLayout: StoredLayout = {
  name: 'DelegationTokenRecord',
  apiKey: 10,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'metadata',
}

export interface DelegationTokenRecord {
  owner: string
  requester: string
  renewers: string[]
  issueTimestamp: number
  maxTimestamp: number
  expirationTimestamp: number
  tokenId: string
  unknownTags?: UnknownTag[]
}

export function readDelegationTokenRecord(reader: Reader, _version: number): DelegationTokenRecord {
  const owner = reader.string(true)
  const requester = reader.string(true)
  const renewers: string[] = []
  for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
    renewers.push(reader.string(true))
  }
  const issueTimestamp = reader.int64()
  const maxTimestamp = reader.int64()
  const expirationTimestamp = reader.int64()
  const tokenId = reader.string(true)
  const unknownTags = reader.unknownTags()
  const message: DelegationTokenRecord = {
    owner,
    requester,
    renewers,
    issueTimestamp,
    maxTimestamp,
    expirationTimestamp,
    tokenId,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDelegationTokenRecord(
  writer: Writer,
  message: Draft<DelegationTokenRecord>,
  _version: number,
): void {
  const owner = message.owner ?? ''
  writer.string(owner, true)
  const requester = message.requester ?? ''
  writer.string(requester, true)
  const renewers = message.renewers ?? []
  writer.arrayCount(renewers.length, true)
  for (const element of renewers) writer.string(element, true)
  const issueTimestamp = message.issueTimestamp ?? 0
  writer.int64(issueTimestamp)
  const maxTimestamp = message.maxTimestamp ?? 0
  writer.int64(maxTimestamp)
  const expirationTimestamp = message.expirationTimestamp ?? 0
  writer.int64(expirationTimestamp)
  const tokenId = message.tokenId ?? ''
  writer.string(tokenId, true)
  writer.onlyUnknownTags(message.unknownTags)
}
