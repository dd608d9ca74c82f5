// Generated from schema/49-alter-client-quotas.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const alterClientQuotasApi: ApiLayout = {
  key: 49,
  name: 'AlterClientQuotas',
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: 1,
}

export interface AlterClientQuotasRequest {
  entries: AlterClientQuotasRequestEntryData[]
  validateOnly: boolean
  unknownTags?: UnknownTag[]
}

export interface AlterClientQuotasRequestEntryData {
  entity: AlterClientQuotasRequestEntityData[]
  ops: AlterClientQuotasRequestOpData[]
  unknownTags?: UnknownTag[]
}

export interface AlterClientQuotasRequestEntityData {
  entityType: string
  entityName: string | null
  unknownTags?: UnknownTag[]
}

export interface AlterClientQuotasRequestOpData {
  key: string
  value: number
  remove: boolean
  unknownTags?: UnknownTag[]
}

export function readAlterClientQuotasRequest(reader: Reader, version: number): AlterClientQuotasRequest {
  const flexible = version === 1
  const entries: AlterClientQuotasRequestEntryData[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    entries.push(readAlterClientQuotasRequestEntryData(reader, version))
  }
  const validateOnly = reader.bool()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: AlterClientQuotasRequest = { entries, validateOnly }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterClientQuotasRequestEntryData(reader: Reader, version: number): AlterClientQuotasRequestEntryData {
  const flexible = version === 1
  const entity: AlterClientQuotasRequestEntityData[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    entity.push(readAlterClientQuotasRequestEntityData(reader, version))
  }
  const ops: AlterClientQuotasRequestOpData[] = []
  for (let left = reader.arrayCount(flexible, 11); left > 0 && reader.ok; left -= 1) {
    ops.push(readAlterClientQuotasRequestOpData(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: AlterClientQuotasRequestEntryData = { entity, ops }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterClientQuotasRequestEntityData(reader: Reader, version: number): AlterClientQuotasRequestEntityData {
  const flexible = version === 1
  const entityType = reader.string(flexible)
  const entityName = reader.stringOrNull(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: AlterClientQuotasRequestEntityData = { entityType, entityName }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterClientQuotasRequestOpData(reader: Reader, version: number): AlterClientQuotasRequestOpData {
  const flexible = version === 1
  const key = reader.string(flexible)
  const value = reader.float64()
  const remove = reader.bool()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: AlterClientQuotasRequestOpData = { key, value, remove }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeAlterClientQuotasRequest(
  writer: Writer,
  message: Draft<AlterClientQuotasRequest>,
  version: number,
): void {
  const flexible = version === 1
  const entries = message.entries ?? []
  writer.arrayCount(entries.length, flexible)
  for (const element of entries) writeAlterClientQuotasRequestEntryData(writer, element, version)
  const validateOnly = message.validateOnly ?? false
  writer.bool(validateOnly)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeAlterClientQuotasRequestEntryData(
  writer: Writer,
  message: Draft<AlterClientQuotasRequestEntryData>,
  version: number,
): void {
  const flexible = version === 1
  const entity = message.entity ?? []
  writer.arrayCount(entity.length, flexible)
  for (const element of entity) writeAlterClientQuotasRequestEntityData(writer, element, version)
  const ops = message.ops ?? []
  writer.arrayCount(ops.length, flexible)
  for (const element of ops) writeAlterClientQuotasRequestOpData(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeAlterClientQuotasRequestEntityData(
  writer: Writer,
  message: Draft<AlterClientQuotasRequestEntityData>,
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

function writeAlterClientQuotasRequestOpData(
  writer: Writer,
  message: Draft<AlterClientQuotasRequestOpData>,
  version: number,
): void {
  const flexible = version === 1
  const key = message.key ?? ''
  writer.string(key, flexible)
  const value = message.value ?? 0
  writer.float64(value)
  const remove = message.remove ?? false
  writer.bool(remove)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface AlterClientQuotasResponse {
  throttleTimeMs: number
  entries: AlterClientQuotasResponseEntryData[]
  unknownTags?: UnknownTag[]
}

export interface AlterClientQuotasResponseEntryData {
  errorCode: number
  errorMessage: string | null
  entity: AlterClientQuotasResponseEntityData[]
  unknownTags?: UnknownTag[]
}

export interface AlterClientQuotasResponseEntityData {
  entityType: string
  entityName: string | null
  unknownTags?: UnknownTag[]
}

export function readAlterClientQuotasResponse(reader: Reader, version: number): AlterClientQuotasResponse {
  const flexible = version === 1
  const throttleTimeMs = reader.int32()
  const entries: AlterClientQuotasResponseEntryData[] = []
  for (let left = reader.arrayCount(flexible, 5); left > 0 && reader.ok; left -= 1) {
    entries.push(readAlterClientQuotasResponseEntryData(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: AlterClientQuotasResponse = { throttleTimeMs, entries }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterClientQuotasResponseEntryData(reader: Reader, version: number): AlterClientQuotasResponseEntryData {
  const flexible = version === 1
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(flexible)
  const entity: AlterClientQuotasResponseEntityData[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    entity.push(readAlterClientQuotasResponseEntityData(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: AlterClientQuotasResponseEntryData = { errorCode, errorMessage, entity }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readAlterClientQuotasResponseEntityData(reader: Reader, version: number): AlterClientQuotasResponseEntityData {
  const flexible = version === 1
  const entityType = reader.string(flexible)
  const entityName = reader.stringOrNull(flexible)
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: AlterClientQuotasResponseEntityData = { entityType, entityName }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeAlterClientQuotasResponse(
  writer: Writer,
  message: Draft<AlterClientQuotasResponse>,
  version: number,
): void {
  const flexible = version === 1
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const entries = message.entries ?? []
  writer.arrayCount(entries.length, flexible)
  for (const element of entries) writeAlterClientQuotasResponseEntryData(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeAlterClientQuotasResponseEntryData(
  writer: Writer,
  message: Draft<AlterClientQuotasResponseEntryData>,
  version: number,
): void {
  const flexible = version === 1
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage === undefined ? '' : message.errorMessage
  writer.stringOrNull(errorMessage, flexible)
  const entity = message.entity ?? []
  writer.arrayCount(entity.length, flexible)
  for (const element of entity) writeAlterClientQuotasResponseEntityData(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeAlterClientQuotasResponseEntityData(
  writer: Writer,
  message: Draft<AlterClientQuotasResponseEntityData>,
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
