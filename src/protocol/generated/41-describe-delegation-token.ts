// Generated from schema/41-describe-delegation-token.kafka by `npm run generate`. Do not edit.
import { EMPTY_BYTES } from '../wire/byte-slice.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const describeDelegationTokenApi: ApiLayout = {
  key: 41,
  name: 'DescribeDelegationToken',
  minVersion: 0,
  maxVersion: 3,
  flexibleVersion: 2,
}

export interface DescribeDelegationTokenRequest {
  owners: DescribeDelegationTokenRequestDescribeDelegationTokenOwner[] | null
  unknownTags?: UnknownTag[]
}

export interface DescribeDelegationTokenRequestDescribeDelegationTokenOwner {
  principalType: string
  principalName: string
  unknownTags?: UnknownTag[]
}

export function readDescribeDelegationTokenRequest(reader: Reader, version: number): DescribeDelegationTokenRequest {
  const flexible = version >= 2
  let owners: DescribeDelegationTokenRequestDescribeDelegationTokenOwner[] | null = []
  const ownersCount = reader.arrayCountOrNull(flexible, 3)
  if (ownersCount < 0) {
    owners = null
  } else {
    owners = []
    for (let left = ownersCount; left > 0 && reader.ok; left -= 1) {
      owners.push(readDescribeDelegationTokenRequestDescribeDelegationTokenOwner(reader, version))
    }
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeDelegationTokenRequest = { owners }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeDelegationTokenRequestDescribeDelegationTokenOwner(reader: Reader, version: number): DescribeDelegationTokenRequestDescribeDelegationTokenOwner {
  const flexible = version >= 2
  const principalType = reader.string(flexible)
  const principalName = reader.string(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeDelegationTokenRequestDescribeDelegationTokenOwner = { principalType, principalName }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDescribeDelegationTokenRequest(
  writer: Writer,
  message: Draft<DescribeDelegationTokenRequest>,
  version: number,
): void {
  const flexible = version >= 2
  const owners = message.owners === undefined ? [] : message.owners
  writer.arrayCount(owners === null ? -1 : owners.length, flexible)
  if (owners !== null) {
    for (const element of owners) writeDescribeDelegationTokenRequestDescribeDelegationTokenOwner(writer, element, version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDescribeDelegationTokenRequestDescribeDelegationTokenOwner(
  writer: Writer,
  message: Draft<DescribeDelegationTokenRequestDescribeDelegationTokenOwner>,
  version: number,
): void {
  const flexible = version >= 2
  const principalType = message.principalType ?? ''
  writer.string(principalType, flexible)
  const principalName = message.principalName ?? ''
  writer.string(principalName, flexible)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface DescribeDelegationTokenResponse {
  errorCode: number
  tokens: DescribeDelegationTokenResponseDescribedDelegationToken[]
  throttleTimeMs: number
  unknownTags?: UnknownTag[]
}

export interface DescribeDelegationTokenResponseDescribedDelegationToken {
  principalType: string
  principalName: string
  tokenRequesterPrincipalType: string // version 3
  tokenRequesterPrincipalName: string // version 3
  issueTimestamp: number
  expiryTimestamp: number
  maxTimestamp: number
  tokenId: string
  hmac: Uint8Array
  renewers: DescribeDelegationTokenResponseDescribedDelegationTokenRenewer[]
  unknownTags?: UnknownTag[]
}

export interface DescribeDelegationTokenResponseDescribedDelegationTokenRenewer {
  principalType: string
  principalName: string
  unknownTags?: UnknownTag[]
}

export function readDescribeDelegationTokenResponse(reader: Reader, version: number): DescribeDelegationTokenResponse {
  const flexible = version >= 2
  const errorCode = reader.int16()
  const tokens: DescribeDelegationTokenResponseDescribedDelegationToken[] = []
  for (let left = reader.arrayCount(flexible, 30); left > 0 && reader.ok; left -= 1) {
    tokens.push(readDescribeDelegationTokenResponseDescribedDelegationToken(reader, version))
  }
  const throttleTimeMs = reader.int32()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeDelegationTokenResponse = { errorCode, tokens, throttleTimeMs }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeDelegationTokenResponseDescribedDelegationToken(reader: Reader, version: number): DescribeDelegationTokenResponseDescribedDelegationToken {
  const flexible = version >= 2
  const principalType = reader.string(flexible)
  const principalName = reader.string(flexible)
  const tokenRequesterPrincipalType = version === 3 ? reader.string(true) : ''
  const tokenRequesterPrincipalName = version === 3 ? reader.string(true) : ''
  const issueTimestamp = reader.int64()
  const expiryTimestamp = reader.int64()
  const maxTimestamp = reader.int64()
  const tokenId = reader.string(flexible)
  const hmac = reader.bytes(flexible)
  const renewers: DescribeDelegationTokenResponseDescribedDelegationTokenRenewer[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    renewers.push(readDescribeDelegationTokenResponseDescribedDelegationTokenRenewer(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeDelegationTokenResponseDescribedDelegationToken = {
    principalType,
    principalName,
    tokenRequesterPrincipalType,
    tokenRequesterPrincipalName,
    issueTimestamp,
    expiryTimestamp,
    maxTimestamp,
    tokenId,
    hmac,
    renewers,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeDelegationTokenResponseDescribedDelegationTokenRenewer(reader: Reader, version: number): DescribeDelegationTokenResponseDescribedDelegationTokenRenewer {
  const flexible = version >= 2
  const principalType = reader.string(flexible)
  const principalName = reader.string(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeDelegationTokenResponseDescribedDelegationTokenRenewer = {
    principalType,
    principalName,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDescribeDelegationTokenResponse(
  writer: Writer,
  message: Draft<DescribeDelegationTokenResponse>,
  version: number,
): void {
  const flexible = version >= 2
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const tokens = message.tokens ?? []
  writer.arrayCount(tokens.length, flexible)
  for (const element of tokens) writeDescribeDelegationTokenResponseDescribedDelegationToken(writer, element, version)
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDescribeDelegationTokenResponseDescribedDelegationToken(
  writer: Writer,
  message: Draft<DescribeDelegationTokenResponseDescribedDelegationToken>,
  version: number,
): void {
  const flexible = version >= 2
  const principalType = message.principalType ?? ''
  writer.string(principalType, flexible)
  const principalName = message.principalName ?? ''
  writer.string(principalName, flexible)
  const tokenRequesterPrincipalType = message.tokenRequesterPrincipalType ?? ''
  if (version === 3) {
    writer.string(tokenRequesterPrincipalType, true)
  } else if (tokenRequesterPrincipalType !== '') {
    writer.refuse('DescribeDelegationTokenResponseDescribedDelegationToken.tokenRequesterPrincipalType', version)
  }
  const tokenRequesterPrincipalName = message.tokenRequesterPrincipalName ?? ''
  if (version === 3) {
    writer.string(tokenRequesterPrincipalName, true)
  } else if (tokenRequesterPrincipalName !== '') {
    writer.refuse('DescribeDelegationTokenResponseDescribedDelegationToken.tokenRequesterPrincipalName', version)
  }
  const issueTimestamp = message.issueTimestamp ?? 0
  writer.int64(issueTimestamp)
  const expiryTimestamp = message.expiryTimestamp ?? 0
  writer.int64(expiryTimestamp)
  const maxTimestamp = message.maxTimestamp ?? 0
  writer.int64(maxTimestamp)
  const tokenId = message.tokenId ?? ''
  writer.string(tokenId, flexible)
  const hmac = message.hmac ?? EMPTY_BYTES
  writer.bytes(hmac, flexible)
  const renewers = message.renewers ?? []
  writer.arrayCount(renewers.length, flexible)
  for (const element of renewers) writeDescribeDelegationTokenResponseDescribedDelegationTokenRenewer(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDescribeDelegationTokenResponseDescribedDelegationTokenRenewer(
  writer: Writer,
  message: Draft<DescribeDelegationTokenResponseDescribedDelegationTokenRenewer>,
  version: number,
): void {
  const flexible = version >= 2
  const principalType = message.principalType ?? ''
  writer.string(principalType, flexible)
  const principalName = message.principalName ?? ''
  writer.string(principalName, flexible)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
