// Generated from schema/31-delete-acls.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const deleteAclsApi: ApiLayout = {
  key: 31,
  name: 'DeleteAcls',
  minVersion: 0,
  maxVersion: 3,
  flexibleVersion: 2,
}

export interface DeleteAclsRequest {
  filters: DeleteAclsRequestDeleteAclsFilter[]
  unknownTags?: UnknownTag[]
}

export interface DeleteAclsRequestDeleteAclsFilter {
  resourceTypeFilter: number
  resourceNameFilter: string | null
  patternTypeFilter: number // since version 1
  principalFilter: string | null
  hostFilter: string | null
  operation: number
  permissionType: number
  unknownTags?: UnknownTag[]
}

export function readDeleteAclsRequest(reader: Reader, version: number): DeleteAclsRequest {
  const flexible = version >= 2
  const filters: DeleteAclsRequestDeleteAclsFilter[] = []
  for (let left = reader.arrayCount(flexible, 8); left > 0 && reader.ok; left -= 1) {
    filters.push(readDeleteAclsRequestDeleteAclsFilter(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DeleteAclsRequest = { filters }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDeleteAclsRequestDeleteAclsFilter(reader: Reader, version: number): DeleteAclsRequestDeleteAclsFilter {
  const flexible = version >= 2
  const resourceTypeFilter = reader.int8()
  const resourceNameFilter = reader.stringOrNull(flexible)
  const patternTypeFilter = version >= 1 ? reader.int8() : 3
  const principalFilter = reader.stringOrNull(flexible)
  const hostFilter = reader.stringOrNull(flexible)
  const operation = reader.int8()
  const permissionType = reader.int8()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DeleteAclsRequestDeleteAclsFilter = {
    resourceTypeFilter,
    resourceNameFilter,
    patternTypeFilter,
    principalFilter,
    hostFilter,
    operation,
    permissionType,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDeleteAclsRequest(
  writer: Writer,
  message: Draft<DeleteAclsRequest>,
  version: number,
): void {
  const flexible = version >= 2
  const filters = message.filters ?? []
  writer.arrayCount(filters.length, flexible)
  for (const element of filters) writeDeleteAclsRequestDeleteAclsFilter(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDeleteAclsRequestDeleteAclsFilter(
  writer: Writer,
  message: Draft<DeleteAclsRequestDeleteAclsFilter>,
  version: number,
): void {
  const flexible = version >= 2
  const resourceTypeFilter = message.resourceTypeFilter ?? 0
  writer.int8(resourceTypeFilter)
  const resourceNameFilter = message.resourceNameFilter === undefined ? '' : message.resourceNameFilter
  writer.stringOrNull(resourceNameFilter, flexible)
  const patternTypeFilter = message.patternTypeFilter ?? 3
  if (version >= 1) {
    writer.int8(patternTypeFilter)
  } else if (patternTypeFilter !== 3) {
    writer.refuse('DeleteAclsRequestDeleteAclsFilter.patternTypeFilter', version)
  }
  const principalFilter = message.principalFilter === undefined ? '' : message.principalFilter
  writer.stringOrNull(principalFilter, flexible)
  const hostFilter = message.hostFilter === undefined ? '' : message.hostFilter
  writer.stringOrNull(hostFilter, flexible)
  const operation = message.operation ?? 0
  writer.int8(operation)
  const permissionType = message.permissionType ?? 0
  writer.int8(permissionType)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface DeleteAclsResponse {
  throttleTimeMs: number
  filterResults: DeleteAclsResponseDeleteAclsFilterResult[]
  unknownTags?: UnknownTag[]
}

export interface DeleteAclsResponseDeleteAclsFilterResult {
  errorCode: number
  errorMessage: string | null
  matchingAcls: DeleteAclsResponseDeleteAclsMatchingAcl[]
  unknownTags?: UnknownTag[]
}

export interface DeleteAclsResponseDeleteAclsMatchingAcl {
  errorCode: number
  errorMessage: string | null
  resourceType: number
  resourceName: string
  patternType: number // since version 1
  principal: string
  host: string
  operation: number
  permissionType: number
  unknownTags?: UnknownTag[]
}

export function readDeleteAclsResponse(reader: Reader, version: number): DeleteAclsResponse {
  const flexible = version >= 2
  const throttleTimeMs = reader.int32()
  const filterResults: DeleteAclsResponseDeleteAclsFilterResult[] = []
  for (let left = reader.arrayCount(flexible, 5); left > 0 && reader.ok; left -= 1) {
    filterResults.push(readDeleteAclsResponseDeleteAclsFilterResult(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DeleteAclsResponse = { throttleTimeMs, filterResults }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDeleteAclsResponseDeleteAclsFilterResult(reader: Reader, version: number): DeleteAclsResponseDeleteAclsFilterResult {
  const flexible = version >= 2
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(flexible)
  const matchingAcls: DeleteAclsResponseDeleteAclsMatchingAcl[] = []
  for (let left = reader.arrayCount(flexible, 11); left > 0 && reader.ok; left -= 1) {
    matchingAcls.push(readDeleteAclsResponseDeleteAclsMatchingAcl(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DeleteAclsResponseDeleteAclsFilterResult = { errorCode, errorMessage, matchingAcls }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDeleteAclsResponseDeleteAclsMatchingAcl(reader: Reader, version: number): DeleteAclsResponseDeleteAclsMatchingAcl {
  const flexible = version >= 2
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(flexible)
  const resourceType = reader.int8()
  const resourceName = reader.string(flexible)
  const patternType = version >= 1 ? reader.int8() : 3
  const principal = reader.string(flexible)
  const host = reader.string(flexible)
  const operation = reader.int8()
  const permissionType = reader.int8()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DeleteAclsResponseDeleteAclsMatchingAcl = {
    errorCode,
    errorMessage,
    resourceType,
    resourceName,
    patternType,
    principal,
    host,
    operation,
    permissionType,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDeleteAclsResponse(
  writer: Writer,
  message: Draft<DeleteAclsResponse>,
  version: number,
): void {
  const flexible = version >= 2
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const filterResults = message.filterResults ?? []
  writer.arrayCount(filterResults.length, flexible)
  for (const element of filterResults) writeDeleteAclsResponseDeleteAclsFilterResult(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDeleteAclsResponseDeleteAclsFilterResult(
  writer: Writer,
  message: Draft<DeleteAclsResponseDeleteAclsFilterResult>,
  version: number,
): void {
  const flexible = version >= 2
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage === undefined ? '' : message.errorMessage
  writer.stringOrNull(errorMessage, flexible)
  const matchingAcls = message.matchingAcls ?? []
  writer.arrayCount(matchingAcls.length, flexible)
  for (const element of matchingAcls) writeDeleteAclsResponseDeleteAclsMatchingAcl(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDeleteAclsResponseDeleteAclsMatchingAcl(
  writer: Writer,
  message: Draft<DeleteAclsResponseDeleteAclsMatchingAcl>,
  version: number,
): void {
  const flexible = version >= 2
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage === undefined ? '' : message.errorMessage
  writer.stringOrNull(errorMessage, flexible)
  const resourceType = message.resourceType ?? 0
  writer.int8(resourceType)
  const resourceName = message.resourceName ?? ''
  writer.string(resourceName, flexible)
  const patternType = message.patternType ?? 3
  if (version >= 1) {
    writer.int8(patternType)
  } else if (patternType !== 3) {
    writer.refuse('DeleteAclsResponseDeleteAclsMatchingAcl.patternType', version)
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
