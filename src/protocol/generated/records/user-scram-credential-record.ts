// Generated from schema/records/user-scram-credential-record.kafka by `npm run generate`. Do not edit.
import { EMPTY_BYTES } from '../../wire/byte-slice.ts'
import type { UnknownTag } from '../../wire/byte-slice.ts'
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const userScramCredentialRecordLayout: StoredLayout = {
  name: 'UserScramCredentialRecord',
  apiKey: 11,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
  prefix: 'metadata',
}

export interface UserScramCredentialRecord {
  name: string
  mechanism: number
  salt: Uint8Array
  storedKey: Uint8Array
  serverKey: Uint8Array
  iterations: number
  unknownTags?: UnknownTag[]
}

export function readUserScramCredentialRecord(reader: Reader, _version: number): UserScramCredentialRecord {
  const name = reader.string(true)
  const mechanism = reader.int8()
  const salt = reader.bytes(true)
  const storedKey = reader.bytes(true)
  const serverKey = reader.bytes(true)
  const iterations = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: UserScramCredentialRecord = { name, mechanism, salt, storedKey, serverKey, iterations }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeUserScramCredentialRecord(
  writer: Writer,
  message: Draft<UserScramCredentialRecord>,
  _version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  const mechanism = message.mechanism ?? 0
  writer.int8(mechanism)
  const salt = message.salt ?? EMPTY_BYTES
  writer.bytes(salt, true)
  const storedKey = message.storedKey ?? EMPTY_BYTES
  writer.bytes(storedKey, true)
  const serverKey = message.serverKey ?? EMPTY_BYTES
  writer.bytes(serverKey, true)
  const iterations = message.iterations ?? 0
  writer.int32(iterations)
  writer.onlyUnknownTags(message.unknownTags)
}
