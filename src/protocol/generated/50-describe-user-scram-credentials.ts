// Generated from schema/50-describe-user-scram-credentials.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const describeUserScramCredentialsApi: ApiLayout = {
  key: 50,
  name: 'DescribeUserScramCredentials',
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: 0,
}

export interface DescribeUserScramCredentialsRequest {
  users: DescribeUserScramCredentialsRequestUserName[] | null
  unknownTags?: UnknownTag[]
}

export interface DescribeUserScramCredentialsRequestUserName {
  name: string
  unknownTags?: UnknownTag[]
}

export function readDescribeUserScramCredentialsRequest(reader: Reader, version: number): DescribeUserScramCredentialsRequest {
  let users: DescribeUserScramCredentialsRequestUserName[] | null = []
  const usersCount = reader.arrayCountOrNull(true, 2)
  if (usersCount < 0) {
    users = null
  } else {
    users = []
    for (let left = usersCount; left > 0 && reader.ok; left -= 1) {
      users.push(readDescribeUserScramCredentialsRequestUserName(reader, version))
    }
  }
  const unknownTags = reader.unknownTags()
  const message: DescribeUserScramCredentialsRequest = { users }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeUserScramCredentialsRequestUserName(reader: Reader, _version: number): DescribeUserScramCredentialsRequestUserName {
  const name = reader.string(true)
  const unknownTags = reader.unknownTags()
  const message: DescribeUserScramCredentialsRequestUserName = { name }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDescribeUserScramCredentialsRequest(
  writer: Writer,
  message: Draft<DescribeUserScramCredentialsRequest>,
  version: number,
): void {
  const users = message.users === undefined ? [] : message.users
  writer.arrayCount(users === null ? -1 : users.length, true)
  if (users !== null) {
    for (const element of users) writeDescribeUserScramCredentialsRequestUserName(writer, element, version)
  }
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDescribeUserScramCredentialsRequestUserName(
  writer: Writer,
  message: Draft<DescribeUserScramCredentialsRequestUserName>,
  _version: number,
): void {
  const name = message.name ?? ''
  writer.string(name, true)
  writer.onlyUnknownTags(message.unknownTags)
}

export interface DescribeUserScramCredentialsResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  results: DescribeUserScramCredentialsResponseDescribeUserScramCredentialsResult[]
  unknownTags?: UnknownTag[]
}

export interface DescribeUserScramCredentialsResponseDescribeUserScramCredentialsResult {
  user: string
  errorCode: number
  errorMessage: string | null
  credentialInfos: DescribeUserScramCredentialsResponseCredentialInfo[]
  unknownTags?: UnknownTag[]
}

export interface DescribeUserScramCredentialsResponseCredentialInfo {
  mechanism: number
  iterations: number
  unknownTags?: UnknownTag[]
}

export function readDescribeUserScramCredentialsResponse(reader: Reader, version: number): DescribeUserScramCredentialsResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const results: DescribeUserScramCredentialsResponseDescribeUserScramCredentialsResult[] = []
  for (let left = reader.arrayCount(true, 6); left > 0 && reader.ok; left -= 1) {
    results.push(readDescribeUserScramCredentialsResponseDescribeUserScramCredentialsResult(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: DescribeUserScramCredentialsResponse = { throttleTimeMs, errorCode, errorMessage, results }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeUserScramCredentialsResponseDescribeUserScramCredentialsResult(reader: Reader, version: number): DescribeUserScramCredentialsResponseDescribeUserScramCredentialsResult {
  const user = reader.string(true)
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const credentialInfos: DescribeUserScramCredentialsResponseCredentialInfo[] = []
  for (let left = reader.arrayCount(true, 6); left > 0 && reader.ok; left -= 1) {
    credentialInfos.push(readDescribeUserScramCredentialsResponseCredentialInfo(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: DescribeUserScramCredentialsResponseDescribeUserScramCredentialsResult = {
    user,
    errorCode,
    errorMessage,
    credentialInfos,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeUserScramCredentialsResponseCredentialInfo(reader: Reader, _version: number): DescribeUserScramCredentialsResponseCredentialInfo {
  const mechanism = reader.int8()
  const iterations = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: DescribeUserScramCredentialsResponseCredentialInfo = { mechanism, iterations }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDescribeUserScramCredentialsResponse(
  writer: Writer,
  message: Draft<DescribeUserScramCredentialsResponse>,
  version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage === undefined ? '' : message.errorMessage
  writer.stringOrNull(errorMessage, true)
  const results = message.results ?? []
  writer.arrayCount(results.length, true)
  for (const element of results) writeDescribeUserScramCredentialsResponseDescribeUserScramCredentialsResult(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDescribeUserScramCredentialsResponseDescribeUserScramCredentialsResult(
  writer: Writer,
  message: Draft<DescribeUserScramCredentialsResponseDescribeUserScramCredentialsResult>,
  version: number,
): void {
  const user = message.user ?? ''
  writer.string(user, true)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage === undefined ? '' : message.errorMessage
  writer.stringOrNull(errorMessage, true)
  const credentialInfos = message.credentialInfos ?? []
  writer.arrayCount(credentialInfos.length, true)
  for (const element of credentialInfos) writeDescribeUserScramCredentialsResponseCredentialInfo(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDescribeUserScramCredentialsResponseCredentialInfo(
  writer: Writer,
  message: Draft<DescribeUserScramCredentialsResponseCredentialInfo>,
  _version: number,
): void {
  const mechanism = message.mechanism ?? 0
  writer.int8(mechanism)
  const iterations = message.iterations ?? 0
  writer.int32(iterations)
  writer.onlyUnknownTags(message.unknownTags)
}
