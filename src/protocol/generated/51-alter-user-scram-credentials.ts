// Generated from schema/51-alter-user-scram-credentials.kafka by `npm run generate`. Do not edit.
import { EMPTY_BYTES } from '../wire/byte-slice.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const alterUserScramCredentialsApi: ApiLayout = {
  key: 51,
  name: 'AlterUserScramCredentials',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
}

export interface AlterUserScramCredentialsRequest {
  deletions: AlterUserScramCredentialsRequestScramCredentialDeletion[]
  upsertions: AlterUserScramCredentialsRequestScramCredentialUpsertion[]
  unknownTags?: UnknownTag[]
}

export interface AlterUserScramCredentialsRequestScramCredentialDeletion {
  name: string
  mechanism: number
  unknownTags?: UnknownTag[]
}

export interface AlterUserScramCredentialsRequestScramCredentialUpsertion {
  name: string
  mechanism: number
  iterations: number
  salt: Uint8Array
  saltedPassword: Uint8Array
  unknownTags?: UnknownTag[]
}

export function readAlterUserScramCredentialsRequest(reader: Reader, version: number): AlterUserScramCredentialsRequest {
  const deletions: AlterUserScramCredentialsRequestScramCredentialDeletion[] = []
  for (let left = reader.arrayCount(true, 3); left > 0 && reader.ok; left -= 1) {
    deletions.push(readAlterUserScramCredentialsRequestScramCredentialDeletion(reader, version))
  }
  const upsertions: AlterUserScramCredentialsRequestScramCredentialUpsertion[] = []
  for (let left = reader.arrayCount(true, 9); left > 0 && reader.ok; left -= 1) {
    upsertions.push(readAlterUserScramCredentialsRequestScramCredentialUpsertion(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: AlterUserScramCredentialsRequest = { deletions, upsertions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterUserScramCredentialsRequestScramCredentialDeletion(reader: Reader, _version: number): AlterUserScramCredentialsRequestScramCredentialDeletion {
  const name = reader.string(true)
  const mechanism = reader.int8()
  const unknownTags = reader.unknownTags()
  const message: AlterUserScramCredentialsRequestScramCredentialDeletion = { name, mechanism }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterUserScramCredentialsRequestScramCredentialUpsertion(reader: Reader, _version: number): AlterUserScramCredentialsRequestScramCredentialUpsertion {
  const name = reader.string(true)
  const mechanism = reader.int8()
  const iterations = reader.int32()
  const salt = reader.bytes(true)
  const saltedPassword = reader.bytes(true)
  const unknownTags = reader.unknownTags()
  const message: AlterUserScramCredentialsRequestScramCredentialUpsertion = {
    name,
    mechanism,
    iterations,
    salt,
    saltedPassword,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeAlterUserScramCredentialsRequest(
  writer: Writer,
  message: Draft<AlterUserScramCredentialsRequest>,
  version: number,
): void {
  const deletions = message.deletions ?? []
  writer.arrayCount(deletions.length, true)
  for (const element of deletions) writeAlterUserScramCredentialsRequestScramCredentialDeletion(writer, element, version)
  const upsertions = message.upsertions ?? []
  writer.arrayCount(upsertions.length, true)
  for (const element of upsertions) writeAlterUserScramCredentialsRequestScramCredentialUpsertion(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeAlterUserScramCredentialsRequestScramCredentialDeletion(
  writer: Writer,
  message: Draft<AlterUserScramCredentialsRequestScramCredentialDeletion>,
  _version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  const mechanism = message.mechanism ?? 0
  writer.int8(mechanism)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeAlterUserScramCredentialsRequestScramCredentialUpsertion(
  writer: Writer,
  message: Draft<AlterUserScramCredentialsRequestScramCredentialUpsertion>,
  _version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  const mechanism = message.mechanism ?? 0
  writer.int8(mechanism)
  const iterations = message.iterations ?? 0
  writer.int32(iterations)
  const salt = message.salt ?? EMPTY_BYTES
  writer.bytes(salt, true)
  const saltedPassword = message.saltedPassword ?? EMPTY_BYTES
  writer.bytes(saltedPassword, true)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface AlterUserScramCredentialsResponse {
  throttleTimeMs: number
  results: AlterUserScramCredentialsResponseAlterUserScramCredentialsResult[]
  unknownTags?: UnknownTag[]
}

export interface AlterUserScramCredentialsResponseAlterUserScramCredentialsResult {
  user: string
  errorCode: number
  errorMessage: string | null
  unknownTags?: UnknownTag[]
}

export function readAlterUserScramCredentialsResponse(reader: Reader, version: number): AlterUserScramCredentialsResponse {
  const throttleTimeMs = reader.int32()
  const results: AlterUserScramCredentialsResponseAlterUserScramCredentialsResult[] = []
  for (let left = reader.arrayCount(true, 5); left > 0 && reader.ok; left -= 1) {
    results.push(readAlterUserScramCredentialsResponseAlterUserScramCredentialsResult(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: AlterUserScramCredentialsResponse = { throttleTimeMs, results }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterUserScramCredentialsResponseAlterUserScramCredentialsResult(reader: Reader, _version: number): AlterUserScramCredentialsResponseAlterUserScramCredentialsResult {
  const user = reader.string(true)
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const unknownTags = reader.unknownTags()
  const message: AlterUserScramCredentialsResponseAlterUserScramCredentialsResult = {
    user,
    errorCode,
    errorMessage,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeAlterUserScramCredentialsResponse(
  writer: Writer,
  message: Draft<AlterUserScramCredentialsResponse>,
  version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const results = message.results ?? []
  writer.arrayCount(results.length, true)
  for (const element of results) writeAlterUserScramCredentialsResponseAlterUserScramCredentialsResult(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeAlterUserScramCredentialsResponseAlterUserScramCredentialsResult(
  writer: Writer,
  message: Draft<AlterUserScramCredentialsResponseAlterUserScramCredentialsResult>,
  _version: number,
): void {
  const user = message.user ?? ''
  writer.string(user, true)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage === undefined ? '' : message.errorMessage
  writer.stringOrNull(errorMessage, true)
  writer.onlyUnknownTags(message.unknownTags)
}
