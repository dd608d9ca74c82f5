// Generated from schema/32-describe-configs.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const describeConfigsApi: ApiLayout = {
  key: 32,
  name: 'DescribeConfigs',
  minVersion: 0,
  maxVersion: 4,
  flexibleVersion: 4,
}

export interface DescribeConfigsRequest {
  resources: DescribeConfigsRequestDescribeConfigsResource[]
  includeSynonyms: boolean // since version 1
  includeDocumentation: boolean // since version 3
  unknownTags?: UnknownTag[]
}

export interface DescribeConfigsRequestDescribeConfigsResource {
  resourceType: number
  resourceName: string
  configurationKeys: string[] | null
  unknownTags?: UnknownTag[]
}

export function readDescribeConfigsRequest(reader: Reader, version: number): DescribeConfigsRequest {
  const flexible = version === 4
  const resources: DescribeConfigsRequestDescribeConfigsResource[] = []
  for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
    resources.push(readDescribeConfigsRequestDescribeConfigsResource(reader, version))
  }
  const includeSynonyms = version >= 1 ? reader.bool() : false
  const includeDocumentation = version >= 3 ? reader.bool() : false
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeConfigsRequest = { resources, includeSynonyms, includeDocumentation }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeConfigsRequestDescribeConfigsResource(reader: Reader, version: number): DescribeConfigsRequestDescribeConfigsResource {
  const flexible = version === 4
  const resourceType = reader.int8()
  const resourceName = reader.string(flexible)
  let configurationKeys: string[] | null = []
  const configurationKeysCount = reader.arrayCountOrNull(flexible, 1)
  if (configurationKeysCount < 0) {
    configurationKeys = null
  } else {
    configurationKeys = []
    for (let left = configurationKeysCount; left > 0 && reader.ok; left -= 1) {
      configurationKeys.push(reader.string(flexible))
    }
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeConfigsRequestDescribeConfigsResource = {
    resourceType,
    resourceName,
    configurationKeys,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDescribeConfigsRequest(
  writer: Writer,
  message: Draft<DescribeConfigsRequest>,
  version: number,
): void {
  const flexible = version === 4
  const resources = message.resources ?? []
  writer.arrayCount(resources.length, flexible)
  for (const element of resources) writeDescribeConfigsRequestDescribeConfigsResource(writer, element, version)
  const includeSynonyms = message.includeSynonyms ?? false
  if (version >= 1) {
    writer.bool(includeSynonyms)
  } else if (includeSynonyms !== false) {
    writer.refuse('DescribeConfigsRequest.includeSynonyms', version)
  }
  const includeDocumentation = message.includeDocumentation ?? false
  if (version >= 3) {
    writer.bool(includeDocumentation)
  } else if (includeDocumentation !== false) {
    writer.refuse('DescribeConfigsRequest.includeDocumentation', version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDescribeConfigsRequestDescribeConfigsResource(
  writer: Writer,
  message: Draft<DescribeConfigsRequestDescribeConfigsResource>,
  version: number,
): void {
  const flexible = version === 4
  const resourceType = message.resourceType ?? 0
  writer.int8(resourceType)
  const resourceName = message.resourceName ?? ''
  writer.string(resourceName, flexible)
  const configurationKeys = message.configurationKeys === undefined ? [] : message.configurationKeys
  writer.arrayCount(configurationKeys === null ? -1 : configurationKeys.length, flexible)
  if (configurationKeys !== null) {
    for (const element of configurationKeys) writer.string(element, flexible)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface DescribeConfigsResponse {
  throttleTimeMs: number
  results: DescribeConfigsResponseDescribeConfigsResult[]
  unknownTags?: UnknownTag[]
}

export interface DescribeConfigsResponseDescribeConfigsResult {
  errorCode: number
  errorMessage: string | null
  resourceType: number
  resourceName: string
  configs: DescribeConfigsResponseDescribeConfigsResourceResult[]
  unknownTags?: UnknownTag[]
}

export interface DescribeConfigsResponseDescribeConfigsResourceResult {
  name: string
  value: string | null
  readOnly: boolean
  isDefault: boolean // version 0
  configSource: number // since version 1
  isSensitive: boolean
  synonyms: DescribeConfigsResponseDescribeConfigsSynonym[] // since version 1
  configType: number // since version 3
  documentation: string | null // since version 3
  unknownTags?: UnknownTag[]
}

export interface DescribeConfigsResponseDescribeConfigsSynonym {
  name: string
  value: string | null
  source: number
  unknownTags?: UnknownTag[]
}

export function readDescribeConfigsResponse(reader: Reader, version: number): DescribeConfigsResponse {
  const flexible = version === 4
  const throttleTimeMs = reader.int32()
  const results: DescribeConfigsResponseDescribeConfigsResult[] = []
  for (let left = reader.arrayCount(flexible, 7); left > 0 && reader.ok; left -= 1) {
    results.push(readDescribeConfigsResponseDescribeConfigsResult(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeConfigsResponse = { throttleTimeMs, results }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeConfigsResponseDescribeConfigsResult(reader: Reader, version: number): DescribeConfigsResponseDescribeConfigsResult {
  const flexible = version === 4
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(flexible)
  const resourceType = reader.int8()
  const resourceName = reader.string(flexible)
  const configs: DescribeConfigsResponseDescribeConfigsResourceResult[] = []
  for (let left = reader.arrayCount(flexible, 7); left > 0 && reader.ok; left -= 1) {
    configs.push(readDescribeConfigsResponseDescribeConfigsResourceResult(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeConfigsResponseDescribeConfigsResult = {
    errorCode,
    errorMessage,
    resourceType,
    resourceName,
    configs,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeConfigsResponseDescribeConfigsResourceResult(reader: Reader, version: number): DescribeConfigsResponseDescribeConfigsResourceResult {
  const flexible = version === 4
  const name = reader.string(flexible)
  const value = reader.stringOrNull(flexible)
  const readOnly = reader.bool()
  const isDefault = version === 0 ? reader.bool() : false
  const configSource = version >= 1 ? reader.int8() : -1
  const isSensitive = reader.bool()
  const synonyms: DescribeConfigsResponseDescribeConfigsSynonym[] = []
  if (version >= 1) {
    for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
      synonyms.push(readDescribeConfigsResponseDescribeConfigsSynonym(reader, version))
    }
  }
  const configType = version >= 3 ? reader.int8() : 0
  const documentation = version >= 3 ? reader.stringOrNull(flexible) : ''
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeConfigsResponseDescribeConfigsResourceResult = {
    name,
    value,
    readOnly,
    isDefault,
    configSource,
    isSensitive,
    synonyms,
    configType,
    documentation,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeConfigsResponseDescribeConfigsSynonym(reader: Reader, version: number): DescribeConfigsResponseDescribeConfigsSynonym {
  const flexible = version === 4
  const name = reader.string(flexible)
  const value = reader.stringOrNull(flexible)
  const source = reader.int8()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeConfigsResponseDescribeConfigsSynonym = { name, value, source }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDescribeConfigsResponse(
  writer: Writer,
  message: Draft<DescribeConfigsResponse>,
  version: number,
): void {
  const flexible = version === 4
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const results = message.results ?? []
  writer.arrayCount(results.length, flexible)
  for (const element of results) writeDescribeConfigsResponseDescribeConfigsResult(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDescribeConfigsResponseDescribeConfigsResult(
  writer: Writer,
  message: Draft<DescribeConfigsResponseDescribeConfigsResult>,
  version: number,
): void {
  const flexible = version === 4
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage === undefined ? '' : message.errorMessage
  writer.stringOrNull(errorMessage, flexible)
  const resourceType = message.resourceType ?? 0
  writer.int8(resourceType)
  const resourceName = message.resourceName ?? ''
  writer.string(resourceName, flexible)
  const configs = message.configs ?? []
  writer.arrayCount(configs.length, flexible)
  for (const element of configs) writeDescribeConfigsResponseDescribeConfigsResourceResult(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDescribeConfigsResponseDescribeConfigsResourceResult(
  writer: Writer,
  message: Draft<DescribeConfigsResponseDescribeConfigsResourceResult>,
  version: number,
): void {
  const flexible = version === 4
  const name = message.name ?? ''
  writer.string(name, flexible)
  const value = message.value === undefined ? '' : message.value
  writer.stringOrNull(value, flexible)
  const readOnly = message.readOnly ?? false
  writer.bool(readOnly)
  const isDefault = message.isDefault ?? false
  if (version === 0) {
    writer.bool(isDefault)
  }
  const configSource = message.configSource ?? -1
  if (version >= 1) {
    writer.int8(configSource)
  }
  const isSensitive = message.isSensitive ?? false
  writer.bool(isSensitive)
  const synonyms = message.synonyms ?? []
  if (version >= 1) {
    writer.arrayCount(synonyms.length, flexible)
    for (const element of synonyms) writeDescribeConfigsResponseDescribeConfigsSynonym(writer, element, version)
  }
  const configType = message.configType ?? 0
  if (version >= 3) {
    writer.int8(configType)
  }
  const documentation = message.documentation === undefined ? '' : message.documentation
  if (version >= 3) {
    writer.stringOrNull(documentation, flexible)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDescribeConfigsResponseDescribeConfigsSynonym(
  writer: Writer,
  message: Draft<DescribeConfigsResponseDescribeConfigsSynonym>,
  version: number,
): void {
  const flexible = version === 4
  const name = message.name ?? ''
  writer.string(name, flexible)
  const value = message.value === undefined ? '' : message.value
  writer.stringOrNull(value, flexible)
  const source = message.source ?? 0
  writer.int8(source)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
