// Generated from schema/74-list-config-resources.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const listConfigResourcesApi: ApiLayout = {
  key: 74,
  name: 'ListConfigResources',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 0,
}

export interface ListConfigResourcesRequest {
  resourceTypes: number[] // version 1
  unknownTags?: UnknownTag[]
}

export function readListConfigResourcesRequest(reader: Reader, version: number): ListConfigResourcesRequest {
  const resourceTypes: number[] = []
  if (version === 1) {
    for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
      resourceTypes.push(reader.int8())
    }
  }
  const unknownTags = reader.unknownTags()
  const message: ListConfigResourcesRequest = { resourceTypes }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeListConfigResourcesRequest(
  writer: Writer,
  message: Draft<ListConfigResourcesRequest>,
  version: number,
): void {
  const resourceTypes = message.resourceTypes ?? []
  if (version === 1) {
    writer.arrayCount(resourceTypes.length, true)
    for (const element of resourceTypes) writer.int8(element)
  } else if (resourceTypes.length > 0) {
    writer.refuse('ListConfigResourcesRequest.resourceTypes', version)
  }
  writer.onlyUnknownTags(message.unknownTags)
}

export interface ListConfigResourcesResponse {
  throttleTimeMs: number
  errorCode: number
  configResources: ListConfigResourcesResponseConfigResource[]
  unknownTags?: UnknownTag[]
}

export interface ListConfigResourcesResponseConfigResource {
  resourceName: string
  resourceType: number // version 1
  unknownTags?: UnknownTag[]
}

export function readListConfigResourcesResponse(reader: Reader, version: number): ListConfigResourcesResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const configResources: ListConfigResourcesResponseConfigResource[] = []
  for (let left = reader.arrayCount(true, 2); left > 0 && reader.ok; left -= 1) {
    configResources.push(readListConfigResourcesResponseConfigResource(reader, version))
  }
  const unknownTags = reader.unknownTags()
  const message: ListConfigResourcesResponse = { throttleTimeMs, errorCode, configResources }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readListConfigResourcesResponseConfigResource(reader: Reader, version: number): ListConfigResourcesResponseConfigResource {
  const resourceName = reader.string(true)
  const resourceType = version === 1 ? reader.int8() : 16
  const unknownTags = reader.unknownTags()
  const message: ListConfigResourcesResponseConfigResource = { resourceName, resourceType }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeListConfigResourcesResponse(
  writer: Writer,
  message: Draft<ListConfigResourcesResponse>,
  version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const configResources = message.configResources ?? []
  writer.arrayCount(configResources.length, true)
  for (const element of configResources) writeListConfigResourcesResponseConfigResource(writer, element, version)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeListConfigResourcesResponseConfigResource(
  writer: Writer,
  message: Draft<ListConfigResourcesResponseConfigResource>,
  version: number,
): void {
  const resourceName = message.resourceName ?? ''
  writer.string(resourceName, true)
  const resourceType = message.resourceType ?? 16
  if (version === 1) {
    writer.int8(resourceType)
  }
  writer.onlyUnknownTags(message.unknownTags)
}
