// Generated from schema/29-describe-acls.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const describeAclsApi: ApiLayout = {
  key: 29,
  name: 'DescribeAcls',
  minVersion: 0,
  maxVersion: 3,
  flexibleVersion: 2,
}

export interface DescribeAclsRequest {
  resourceTypeFilter: number
  resourceNameFilter: string | null
  patternTypeFilter: number // since version 1
  principalFilter: string | null
  hostFilter: string | null
  operation: number
  permissionType: number
  unknownTags?: UnknownTag[]
}

export function readDescribeAclsRequest(reader: Reader, version: number): DescribeAclsRequest {
  const flexible = version >= 2
  const resourceTypeFilter = reader.int8()
  const resourceNameFilter = reader.stringOrNull(flexible)
  const patternTypeFilter = version >= 1 ? reader.int8() : 3
  const principalFilter = reader.stringOrNull(flexible)
  const hostFilter = reader.stringOrNull(flexible)
  const operation = reader.int8()
  const permissionType = reader.int8()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeAclsRequest = {
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

export function writeDescribeAclsRequest(
  writer: Writer,
  message: Draft<DescribeAclsRequest>,
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
    writer.refuse('DescribeAclsRequest.patternTypeFilter', version)
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

export interface DescribeAclsResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  resources: DescribeAclsResponseDescribeAclsResource[]
  unknownTags?: UnknownTag[]
}

export interface DescribeAclsResponseDescribeAclsResource {
  resourceType: number
  resourceName: string
  patternType: number // since version 1
  acls: DescribeAclsResponseAclDescription[]
  unknownTags?: UnknownTag[]
}

export interface DescribeAclsResponseAclDescription {
  principal: string
  host: string
  operation: number
  permissionType: number
  unknownTags?: UnknownTag[]
}

export function readDescribeAclsResponse(reader: Reader, version: number): DescribeAclsResponse {
  const flexible = version >= 2
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(flexible)
  const resources: DescribeAclsResponseDescribeAclsResource[] = []
  for (let left = reader.arrayCount(flexible, 5); left > 0 && reader.ok; left -= 1) {
    resources.push(readDescribeAclsResponseDescribeAclsResource(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeAclsResponse = { throttleTimeMs, errorCode, errorMessage, resources }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeAclsResponseDescribeAclsResource(reader: Reader, version: number): DescribeAclsResponseDescribeAclsResource {
  const flexible = version >= 2
  const resourceType = reader.int8()
  const resourceName = reader.string(flexible)
  const patternType = version >= 1 ? reader.int8() : 3
  const acls: DescribeAclsResponseAclDescription[] = []
  for (let left = reader.arrayCount(flexible, 5); left > 0 && reader.ok; left -= 1) {
    acls.push(readDescribeAclsResponseAclDescription(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeAclsResponseDescribeAclsResource = { resourceType, resourceName, patternType, acls }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeAclsResponseAclDescription(reader: Reader, version: number): DescribeAclsResponseAclDescription {
  const flexible = version >= 2
  const principal = reader.string(flexible)
  const host = reader.string(flexible)
  const operation = reader.int8()
  const permissionType = reader.int8()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeAclsResponseAclDescription = { principal, host, operation, permissionType }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDescribeAclsResponse(
  writer: Writer,
  message: Draft<DescribeAclsResponse>,
  version: number,
): void {
  const flexible = version >= 2
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage === undefined ? '' : message.errorMessage
  writer.stringOrNull(errorMessage, flexible)
  const resources = message.resources ?? []
  writer.arrayCount(resources.length, flexible)
  for (const element of resources) writeDescribeAclsResponseDescribeAclsResource(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDescribeAclsResponseDescribeAclsResource(
  writer: Writer,
  message: Draft<DescribeAclsResponseDescribeAclsResource>,
  version: number,
): void {
  const flexible = version >= 2
  const resourceType = message.resourceType ?? 0
  writer.int8(resourceType)
  const resourceName = message.resourceName ?? ''
  writer.string(resourceName, flexible)
  const patternType = message.patternType ?? 3
  if (version >= 1) {
    writer.int8(patternType)
  } else if (patternType !== 3) {
    writer.refuse('DescribeAclsResponseDescribeAclsResource.patternType', version)
  }
  const acls = message.acls ?? []
  writer.arrayCount(acls.length, flexible)
  for (const element of acls) writeDescribeAclsResponseAclDescription(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDescribeAclsResponseAclDescription(
  writer: Writer,
  message: Draft<DescribeAclsResponseAclDescription>,
  version: number,
): void {
  const flexible = version >= 2
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
