// Generated from schema/44-incremental-alter-configs.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const incrementalAlterConfigsApi: ApiLayout = {
  key: 44,
  name: 'IncrementalAlterConfigs',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 1,
}

export interface IncrementalAlterConfigsRequest {
  resources: IncrementalAlterConfigsRequestAlterConfigsResource[]
  validateOnly: boolean
  unknownTags?: UnknownTag[]
}

export interface IncrementalAlterConfigsRequestAlterConfigsResource {
  resourceType: number
  resourceName: string
  configs: IncrementalAlterConfigsRequestAlterableConfig[]
  unknownTags?: UnknownTag[]
}

export interface IncrementalAlterConfigsRequestAlterableConfig {
  name: string
  configOperation: number
  value: string | null
  unknownTags?: UnknownTag[]
}

export function readIncrementalAlterConfigsRequest(reader: Reader, version: number): IncrementalAlterConfigsRequest {
  const flexible = version === 1
  const resources: IncrementalAlterConfigsRequestAlterConfigsResource[] = []
  for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
    resources.push(readIncrementalAlterConfigsRequestAlterConfigsResource(reader, version))
  }
  const validateOnly = reader.bool()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: IncrementalAlterConfigsRequest = { resources, validateOnly }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readIncrementalAlterConfigsRequestAlterConfigsResource(reader: Reader, version: number): IncrementalAlterConfigsRequestAlterConfigsResource {
  const flexible = version === 1
  const resourceType = reader.int8()
  const resourceName = reader.string(flexible)
  const configs: IncrementalAlterConfigsRequestAlterableConfig[] = []
  for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
    configs.push(readIncrementalAlterConfigsRequestAlterableConfig(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: IncrementalAlterConfigsRequestAlterConfigsResource = { resourceType, resourceName, configs }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readIncrementalAlterConfigsRequestAlterableConfig(reader: Reader, version: number): IncrementalAlterConfigsRequestAlterableConfig {
  const flexible = version === 1
  const name = reader.string(flexible)
  const configOperation = reader.int8()
  const value = reader.stringOrNull(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: IncrementalAlterConfigsRequestAlterableConfig = { name, configOperation, value }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeIncrementalAlterConfigsRequest(
  writer: Writer,
  message: Draft<IncrementalAlterConfigsRequest>,
  version: number,
): void {
  const flexible = version === 1
  const resources = message.resources ?? []
  writer.arrayCount(resources.length, flexible)
  for (const element of resources) writeIncrementalAlterConfigsRequestAlterConfigsResource(writer, element, version)
  const validateOnly = message.validateOnly ?? false
  writer.bool(validateOnly)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeIncrementalAlterConfigsRequestAlterConfigsResource(
  writer: Writer,
  message: Draft<IncrementalAlterConfigsRequestAlterConfigsResource>,
  version: number,
): void {
  const flexible = version === 1
  const resourceType = message.resourceType ?? 0
  writer.int8(resourceType)
  const resourceName = message.resourceName ?? ''
  writer.string(resourceName, flexible)
  const configs = message.configs ?? []
  writer.arrayCount(configs.length, flexible)
  for (const element of configs) writeIncrementalAlterConfigsRequestAlterableConfig(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeIncrementalAlterConfigsRequestAlterableConfig(
  writer: Writer,
  message: Draft<IncrementalAlterConfigsRequestAlterableConfig>,
  version: number,
): void {
  const flexible = version === 1
  const name = message.name ?? ''
  writer.string(name, flexible)
  const configOperation = message.configOperation ?? 0
  writer.int8(configOperation)
  const value = message.value === undefined ? '' : message.value
  writer.stringOrNull(value, flexible)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface IncrementalAlterConfigsResponse {
  throttleTimeMs: number
  responses: IncrementalAlterConfigsResponseAlterConfigsResourceResponse[]
  unknownTags?: UnknownTag[]
}

export interface IncrementalAlterConfigsResponseAlterConfigsResourceResponse {
  errorCode: number
  errorMessage: string | null
  resourceType: number
  resourceName: string
  unknownTags?: UnknownTag[]
}

export function readIncrementalAlterConfigsResponse(reader: Reader, version: number): IncrementalAlterConfigsResponse {
  const flexible = version === 1
  const throttleTimeMs = reader.int32()
  const responses: IncrementalAlterConfigsResponseAlterConfigsResourceResponse[] = []
  for (let left = reader.arrayCount(flexible, 6); left > 0 && reader.ok; left -= 1) {
    responses.push(readIncrementalAlterConfigsResponseAlterConfigsResourceResponse(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: IncrementalAlterConfigsResponse = { throttleTimeMs, responses }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readIncrementalAlterConfigsResponseAlterConfigsResourceResponse(reader: Reader, version: number): IncrementalAlterConfigsResponseAlterConfigsResourceResponse {
  const flexible = version === 1
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(flexible)
  const resourceType = reader.int8()
  const resourceName = reader.string(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: IncrementalAlterConfigsResponseAlterConfigsResourceResponse = {
    errorCode,
    errorMessage,
    resourceType,
    resourceName,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeIncrementalAlterConfigsResponse(
  writer: Writer,
  message: Draft<IncrementalAlterConfigsResponse>,
  version: number,
): void {
  const flexible = version === 1
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const responses = message.responses ?? []
  writer.arrayCount(responses.length, flexible)
  for (const element of responses) writeIncrementalAlterConfigsResponseAlterConfigsResourceResponse(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeIncrementalAlterConfigsResponseAlterConfigsResourceResponse(
  writer: Writer,
  message: Draft<IncrementalAlterConfigsResponseAlterConfigsResourceResponse>,
  version: number,
): void {
  const flexible = version === 1
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
