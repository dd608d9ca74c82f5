// Generated from schema/48-describe-client-quotas.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const describeClientQuotasApi: ApiLayout = {
  key: 48,
  name: 'DescribeClientQuotas',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 1,
}

export interface DescribeClientQuotasRequest {
  components: DescribeClientQuotasRequestComponentData[]
  strict: boolean
  unknownTags?: UnknownTag[]
}

export interface DescribeClientQuotasRequestComponentData {
  entityType: string
  matchType: number
  match: string | null
  unknownTags?: UnknownTag[]
}

export function readDescribeClientQuotasRequest(reader: Reader, version: number): DescribeClientQuotasRequest {
  const flexible = version === 1
  const components: DescribeClientQuotasRequestComponentData[] = []
  for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
    components.push(readDescribeClientQuotasRequestComponentData(reader, version))
  }
  const strict = reader.bool()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeClientQuotasRequest = { components, strict }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeClientQuotasRequestComponentData(reader: Reader, version: number): DescribeClientQuotasRequestComponentData {
  const flexible = version === 1
  const entityType = reader.string(flexible)
  const matchType = reader.int8()
  const match = reader.stringOrNull(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeClientQuotasRequestComponentData = { entityType, matchType, match }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDescribeClientQuotasRequest(
  writer: Writer,
  message: Draft<DescribeClientQuotasRequest>,
  version: number,
): void {
  const flexible = version === 1
  const components = message.components ?? []
  writer.arrayCount(components.length, flexible)
  for (const element of components) writeDescribeClientQuotasRequestComponentData(writer, element, version)
  const strict = message.strict ?? false
  writer.bool(strict)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDescribeClientQuotasRequestComponentData(
  writer: Writer,
  message: Draft<DescribeClientQuotasRequestComponentData>,
  version: number,
): void {
  const flexible = version === 1
  const entityType = message.entityType ?? ''
  writer.string(entityType, flexible)
  const matchType = message.matchType ?? 0
  writer.int8(matchType)
  const match = message.match === undefined ? '' : message.match
  writer.stringOrNull(match, flexible)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface DescribeClientQuotasResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  entries: DescribeClientQuotasResponseEntryData[] | null
  unknownTags?: UnknownTag[]
}

export interface DescribeClientQuotasResponseEntryData {
  entity: DescribeClientQuotasResponseEntityData[]
  values: DescribeClientQuotasResponseValueData[]
  unknownTags?: UnknownTag[]
}

export interface DescribeClientQuotasResponseEntityData {
  entityType: string
  entityName: string | null
  unknownTags?: UnknownTag[]
}

export interface DescribeClientQuotasResponseValueData {
  key: string
  value: number
  unknownTags?: UnknownTag[]
}

export function readDescribeClientQuotasResponse(reader: Reader, version: number): DescribeClientQuotasResponse {
  const flexible = version === 1
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(flexible)
  let entries: DescribeClientQuotasResponseEntryData[] | null = []
  const entriesCount = reader.arrayCountOrNull(flexible, 3)
  if (entriesCount < 0) {
    entries = null
  } else {
    entries = []
    for (let left = entriesCount; left > 0 && reader.ok; left -= 1) {
      entries.push(readDescribeClientQuotasResponseEntryData(reader, version))
    }
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeClientQuotasResponse = { throttleTimeMs, errorCode, errorMessage, entries }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeClientQuotasResponseEntryData(reader: Reader, version: number): DescribeClientQuotasResponseEntryData {
  const flexible = version === 1
  const entity: DescribeClientQuotasResponseEntityData[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    entity.push(readDescribeClientQuotasResponseEntityData(reader, version))
  }
  const values: DescribeClientQuotasResponseValueData[] = []
  for (let left = reader.arrayCount(flexible, 10); left > 0 && reader.ok; left -= 1) {
    values.push(readDescribeClientQuotasResponseValueData(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeClientQuotasResponseEntryData = { entity, values }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeClientQuotasResponseEntityData(reader: Reader, version: number): DescribeClientQuotasResponseEntityData {
  const flexible = version === 1
  const entityType = reader.string(flexible)
  const entityName = reader.stringOrNull(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeClientQuotasResponseEntityData = { entityType, entityName }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeClientQuotasResponseValueData(reader: Reader, version: number): DescribeClientQuotasResponseValueData {
  const flexible = version === 1
  const key = reader.string(flexible)
  const value = reader.float64()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DescribeClientQuotasResponseValueData = { key, value }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDescribeClientQuotasResponse(
  writer: Writer,
  message: Draft<DescribeClientQuotasResponse>,
  version: number,
): void {
  const flexible = version === 1
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage === undefined ? '' : message.errorMessage
  writer.stringOrNull(errorMessage, flexible)
  const entries = message.entries === undefined ? [] : message.entries
  writer.arrayCount(entries === null ? -1 : entries.length, flexible)
  if (entries !== null) {
    for (const element of entries) writeDescribeClientQuotasResponseEntryData(writer, element, version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDescribeClientQuotasResponseEntryData(
  writer: Writer,
  message: Draft<DescribeClientQuotasResponseEntryData>,
  version: number,
): void {
  const flexible = version === 1
  const entity = message.entity ?? []
  writer.arrayCount(entity.length, flexible)
  for (const element of entity) writeDescribeClientQuotasResponseEntityData(writer, element, version)
  const values = message.values ?? []
  writer.arrayCount(values.length, flexible)
  for (const element of values) writeDescribeClientQuotasResponseValueData(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDescribeClientQuotasResponseEntityData(
  writer: Writer,
  message: Draft<DescribeClientQuotasResponseEntityData>,
  version: number,
): void {
  const flexible = version === 1
  const entityType = message.entityType ?? ''
  writer.string(entityType, flexible)
  const entityName = message.entityName === undefined ? '' : message.entityName
  writer.stringOrNull(entityName, flexible)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDescribeClientQuotasResponseValueData(
  writer: Writer,
  message: Draft<DescribeClientQuotasResponseValueData>,
  version: number,
): void {
  const flexible = version === 1
  const key = message.key ?? ''
  writer.string(key, flexible)
  const value = message.value ?? 0
  writer.float64(value)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
