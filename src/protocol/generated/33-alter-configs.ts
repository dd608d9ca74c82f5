// Generated from schema/33-alter-configs.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const alterConfigsApi: ApiLayout = {
  key: 33,
  name: 'AlterConfigs',
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: 2,
}

export interface AlterConfigsRequest {
  resources: AlterConfigsRequestAlterConfigsResource[]
  validateOnly: boolean
  unknownTags?: UnknownTag[]
}

export interface AlterConfigsRequestAlterConfigsResource {
  resourceType: number
  resourceName: string
  configs: AlterConfigsRequestAlterableConfig[]
  unknownTags?: UnknownTag[]
}

export interface AlterConfigsRequestAlterableConfig {
  name: string
  value: string | null
  unknownTags?: UnknownTag[]
}

export function readAlterConfigsRequest(reader: Reader, version: number): AlterConfigsRequest {
  const flexible = version === 2
  const resources: AlterConfigsRequestAlterConfigsResource[] = []
  for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
    resources.push(readAlterConfigsRequestAlterConfigsResource(reader, version))
  }
  const validateOnly = reader.bool()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: AlterConfigsRequest = { resources, validateOnly }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterConfigsRequestAlterConfigsResource(reader: Reader, version: number): AlterConfigsRequestAlterConfigsResource {
  const flexible = version === 2
  const resourceType = reader.int8()
  const resourceName = reader.string(flexible)
  const configs: AlterConfigsRequestAlterableConfig[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    configs.push(readAlterConfigsRequestAlterableConfig(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: AlterConfigsRequestAlterConfigsResource = { resourceType, resourceName, configs }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterConfigsRequestAlterableConfig(reader: Reader, version: number): AlterConfigsRequestAlterableConfig {
  const flexible = version === 2
  const name = reader.string(flexible)
  const value = reader.stringOrNull(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: AlterConfigsRequestAlterableConfig = { name, value }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeAlterConfigsRequest(
  writer: Writer,
  message: Draft<AlterConfigsRequest>,
  version: number,
): void {
  const flexible = version === 2
  const resources = message.resources ?? []
  writer.arrayCount(resources.length, flexible)
  for (const element of resources) writeAlterConfigsRequestAlterConfigsResource(writer, element, version)
  const validateOnly = message.validateOnly ?? false
  writer.bool(validateOnly)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeAlterConfigsRequestAlterConfigsResource(
  writer: Writer,
  message: Draft<AlterConfigsRequestAlterConfigsResource>,
  version: number,
): void {
  const flexible = version === 2
  const resourceType = message.resourceType ?? 0
  writer.int8(resourceType)
  const resourceName = message.resourceName ?? ''
  writer.string(resourceName, flexible)
  const configs = message.configs ?? []
  writer.arrayCount(configs.length, flexible)
  for (const element of configs) writeAlterConfigsRequestAlterableConfig(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeAlterConfigsRequestAlterableConfig(
  writer: Writer,
  message: Draft<AlterConfigsRequestAlterableConfig>,
  version: number,
): void {
  const flexible = version === 2
  const name = message.name ?? ''
  writer.string(name, flexible)
  const value = message.value === undefined ? '' : message.value
  writer.stringOrNull(value, flexible)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface AlterConfigsResponse {
  throttleTimeMs: number
  responses: AlterConfigsResponseAlterConfigsResourceResponse[]
  unknownTags?: UnknownTag[]
}

export interface AlterConfigsResponseAlterConfigsResourceResponse {
  errorCode: number
  errorMessage: string | null
  resourceType: number
  resourceName: string
  unknownTags?: UnknownTag[]
}

export function readAlterConfigsResponse(reader: Reader, version: number): AlterConfigsResponse {
  const flexible = version === 2
  const throttleTimeMs = reader.int32()
  const responses: AlterConfigsResponseAlterConfigsResourceResponse[] = []
  for (let left = reader.arrayCount(flexible, 6); left > 0 && reader.ok; left -= 1) {
    responses.push(readAlterConfigsResponseAlterConfigsResourceResponse(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: AlterConfigsResponse = { throttleTimeMs, responses }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterConfigsResponseAlterConfigsResourceResponse(reader: Reader, version: number): AlterConfigsResponseAlterConfigsResourceResponse {
  const flexible = version === 2
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(flexible)
  const resourceType = reader.int8()
  const resourceName = reader.string(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: AlterConfigsResponseAlterConfigsResourceResponse = {
    errorCode,
    errorMessage,
    resourceType,
    resourceName,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeAlterConfigsResponse(
  writer: Writer,
  message: Draft<AlterConfigsResponse>,
  version: number,
): void {
  const flexible = version === 2
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const responses = message.responses ?? []
  writer.arrayCount(responses.length, flexible)
  for (const element of responses) writeAlterConfigsResponseAlterConfigsResourceResponse(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeAlterConfigsResponseAlterConfigsResourceResponse(
  writer: Writer,
  message: Draft<AlterConfigsResponseAlterConfigsResourceResponse>,
  version: number,
): void {
  const flexible = version === 2
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage === undefined ? '' : message.errorMessage
  writer.stringOrNull(errorMessage, flexible)
  const resourceType = message.resourceType ?? 0
  writer.int8(resourceType)
  const resourceName = message.resourceName ?? ''
  writer.string(resourceName, flexible)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
