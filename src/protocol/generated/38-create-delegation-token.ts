// Generated from schema/38-create-delegation-token.kafka by `npm run generate`. Do not edit.
import { EMPTY_BYTES } from '../wire/byte-slice.ts'
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const createDelegationTokenApi: ApiLayout = {
  key: 38,
  name: 'CreateDelegationToken',
  minVersion: 0,
  maxVersion: 3,
  flexibleVersion: 2,
}

export interface CreateDelegationTokenRequest {
  ownerPrincipalType: string | null // version 3
  ownerPrincipalName: string | null // version 3
  renewers: CreateDelegationTokenRequestCreatableRenewers[]
  maxLifetimeMs: number
  unknownTags?: UnknownTag[]
}

export interface CreateDelegationTokenRequestCreatableRenewers {
  principalType: string
  principalName: string
  unknownTags?: UnknownTag[]
}

export function readCreateDelegationTokenRequest(reader: Reader, version: number): CreateDelegationTokenRequest {
  const flexible = version >= 2
  const ownerPrincipalType = version === 3 ? reader.stringOrNull(true) : ''
  const ownerPrincipalName = version === 3 ? reader.stringOrNull(true) : ''
  const renewers: CreateDelegationTokenRequestCreatableRenewers[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    renewers.push(readCreateDelegationTokenRequestCreatableRenewers(reader, version))
  }
  const maxLifetimeMs = reader.int64()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: CreateDelegationTokenRequest = {
    ownerPrincipalType,
    ownerPrincipalName,
    renewers,
    maxLifetimeMs,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readCreateDelegationTokenRequestCreatableRenewers(reader: Reader, version: number): CreateDelegationTokenRequestCreatableRenewers {
  const flexible = version >= 2
  const principalType = reader.string(flexible)
  const principalName = reader.string(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: CreateDelegationTokenRequestCreatableRenewers = { principalType, principalName }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeCreateDelegationTokenRequest(
  writer: Writer,
  message: Draft<CreateDelegationTokenRequest>,
  version: number,
): void {
  const flexible = version >= 2
  const ownerPrincipalType = message.ownerPrincipalType === undefined ? '' : message.ownerPrincipalType
  if (version === 3) {
    writer.stringOrNull(ownerPrincipalType, true)
  } else if (ownerPrincipalType !== '') {
    writer.refuse('CreateDelegationTokenRequest.ownerPrincipalType', version)
  }
  const ownerPrincipalName = message.ownerPrincipalName === undefined ? '' : message.ownerPrincipalName
  if (version === 3) {
    writer.stringOrNull(ownerPrincipalName, true)
  } else if (ownerPrincipalName !== '') {
    writer.refuse('CreateDelegationTokenRequest.ownerPrincipalName', version)
  }
  const renewers = message.renewers ?? []
  writer.arrayCount(renewers.length, flexible)
  for (const element of renewers) writeCreateDelegationTokenRequestCreatableRenewers(writer, element, version)
  const maxLifetimeMs = message.maxLifetimeMs ?? 0
  writer.int64(maxLifetimeMs)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeCreateDelegationTokenRequestCreatableRenewers(
  writer: Writer,
  message: Draft<CreateDelegationTokenRequestCreatableRenewers>,
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

export interface CreateDelegationTokenResponse {
  errorCode: number
  principalType: string
  principalName: string
  tokenRequesterPrincipalType: string // version 3
  tokenRequesterPrincipalName: string // version 3
  issueTimestampMs: number
  expiryTimestampMs: number
  maxTimestampMs: number
  tokenId: string
  hmac: Uint8Array
  throttleTimeMs: number
  unknownTags?: UnknownTag[]
}

export function readCreateDelegationTokenResponse(reader: Reader, version: number): CreateDelegationTokenResponse {
  const flexible = version >= 2
  const errorCode = reader.int16()
  const principalType = reader.string(flexible)
  const principalName = reader.string(flexible)
  const tokenRequesterPrincipalType = version === 3 ? reader.string(true) : ''
  const tokenRequesterPrincipalName = version === 3 ? reader.string(true) : ''
  const issueTimestampMs = reader.int64()
  const expiryTimestampMs = reader.int64()
  const maxTimestampMs = reader.int64()
  const tokenId = reader.string(flexible)
  const hmac = reader.bytes(flexible)
  const throttleTimeMs = reader.int32()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: CreateDelegationTokenResponse = {
    errorCode,
    principalType,
    principalName,
    tokenRequesterPrincipalType,
    tokenRequesterPrincipalName,
    issueTimestampMs,
    expiryTimestampMs,
    maxTimestampMs,
    tokenId,
    hmac,
    throttleTimeMs,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeCreateDelegationTokenResponse(
  writer: Writer,
  message: Draft<CreateDelegationTokenResponse>,
  version: number,
): void {
  const flexible = version >= 2
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const principalType = message.principalType ?? ''
  writer.string(principalType, flexible)
  const principalName = message.principalName ?? ''
  writer.string(principalName, flexible)
  const tokenRequesterPrincipalType = message.tokenRequesterPrincipalType ?? ''
  if (version === 3) {
    writer.string(tokenRequesterPrincipalType, true)
  } else if (tokenRequesterPrincipalType !== '') {
    writer.refuse('CreateDelegationTokenResponse.tokenRequesterPrincipalType', version)
  }
  const tokenRequesterPrincipalName = message.tokenRequesterPrincipalName ?? ''
  if (version === 3) {
    writer.string(tokenRequesterPrincipalName, true)
  } else if (tokenRequesterPrincipalName !== '') {
    writer.refuse('CreateDelegationTokenResponse.tokenRequesterPrincipalName', version)
  }
  const issueTimestampMs = message.issueTimestampMs ?? 0
  writer.int64(issueTimestampMs)
  const expiryTimestampMs = message.expiryTimestampMs ?? 0
  writer.int64(expiryTimestampMs)
  const maxTimestampMs = message.maxTimestampMs ?? 0
  writer.int64(maxTimestampMs)
  const tokenId = message.tokenId ?? ''
  writer.string(tokenId, flexible)
  const hmac = message.hmac ?? EMPTY_BYTES
  writer.bytes(hmac, flexible)
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
