// Generated from schema/30-create-acls.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const createAclsApi: ApiLayout = {
  key: 30,
  name: 'CreateAcls',
  minVersion: 0,
  maxVersion: 3,
  flexibleVersion: 2,
}

export interface CreateAclsRequest {
  creations: CreateAclsRequestAclCreation[]
  unknownTags?: UnknownTag[]
}

export interface CreateAclsRequestAclCreation {
  resourceType: number
  resourceName: string
  resourcePatternType: number // since version 1
  principal: string
  host: string
  operation: number
  permissionType: number
  unknownTags?: UnknownTag[]
}

export function readCreateAclsRequest(reader: Reader, version: number): CreateAclsRequest {
  const flexible = version >= 2
  const creations: CreateAclsRequestAclCreation[] = []
  for (let left = reader.arrayCount(flexible, 8); left > 0 && reader.ok; left -= 1) {
    creations.push(readCreateAclsRequestAclCreation(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: CreateAclsRequest = { creations }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readCreateAclsRequestAclCreation(reader: Reader, version: number): CreateAclsRequestAclCreation {
  const flexible = version >= 2
  const resourceType = reader.int8()
  const resourceName = reader.string(flexible)
  const resourcePatternType = version >= 1 ? reader.int8() : 3
  const principal = reader.string(flexible)
  const host = reader.string(flexible)
  const operation = reader.int8()
  const permissionType = reader.int8()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: CreateAclsRequestAclCreation = {
    resourceType,
    resourceName,
    resourcePatternType,
    principal,
    host,
    operation,
    permissionType,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeCreateAclsRequest(
  writer: Writer,
  message: Draft<CreateAclsRequest>,
  version: number,
): void {
  const flexible = version >= 2
  const creations = message.creations ?? []
  writer.arrayCount(creations.length, flexible)
  for (const element of creations) writeCreateAclsRequestAclCreation(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeCreateAclsRequestAclCreation(
  writer: Writer,
  message: Draft<CreateAclsRequestAclCreation>,
  version: number,
): void {
  const flexible = version >= 2
  const resourceType = message.resourceType ?? 0
  writer.int8(resourceType)
  const resourceName = message.resourceName ?? ''
  writer.string(resourceName, flexible)
  const resourcePatternType = message.resourcePatternType ?? 3
  if (version >= 1) {
    writer.int8(resourcePatternType)
  } else if (resourcePatternType !== 3) {
    writer.refuse('CreateAclsRequestAclCreation.resourcePatternType', version)
  }
  const principal = message.principal ?? ''
  writer.string(principal, flexible)
  const host = message.host ?? ''
  writer.string(host, flexible)
  const operation = message.operation ?? 0
  writer.int8(operation)
  const permissionType = message.permissionType ?? 0
  writer.int8(permissionType)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface CreateAclsResponse {
  throttleTimeMs: number
  results: CreateAclsResponseAclCreationResult[]
  unknownTags?: UnknownTag[]
}

export interface CreateAclsResponseAclCreationResult {
  errorCode: number
  errorMessage: string | null
  unknownTags?: UnknownTag[]
}

export function readCreateAclsResponse(reader: Reader, version: number): CreateAclsResponse {
  const flexible = version >= 2
  const throttleTimeMs = reader.int32()
  const results: CreateAclsResponseAclCreationResult[] = []
  for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
    results.push(readCreateAclsResponseAclCreationResult(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: CreateAclsResponse = { throttleTimeMs, results }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readCreateAclsResponseAclCreationResult(reader: Reader, version: number): CreateAclsResponseAclCreationResult {
  const flexible = version >= 2
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: CreateAclsResponseAclCreationResult = { errorCode, errorMessage }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeCreateAclsResponse(
  writer: Writer,
  message: Draft<CreateAclsResponse>,
  version: number,
): void {
  const flexible = version >= 2
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const results = message.results ?? []
  writer.arrayCount(results.length, flexible)
  for (const element of results) writeCreateAclsResponseAclCreationResult(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeCreateAclsResponseAclCreationResult(
  writer: Writer,
  message: Draft<CreateAclsResponseAclCreationResult>,
  version: number,
): void {
  const flexible = version >= 2
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage === undefined ? '' : message.errorMessage
  writer.stringOrNull(errorMessage, flexible)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
