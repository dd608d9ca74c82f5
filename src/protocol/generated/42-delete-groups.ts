// Generated from schema/42-delete-groups.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const deleteGroupsApi: ApiLayout = {
  key: 42,
  name: 'DeleteGroups',
  minVersion: 0,
  maxVersion: 3,
  flexibleVersion: 2,
}

export interface DeleteGroupsRequest {
  groupsNames: string[]
  unknownTags?: UnknownTag[]
}

export function readDeleteGroupsRequest(reader: Reader, version: number): DeleteGroupsRequest {
  const flexible = version >= 2
  const groupsNames: string[] = []
  for (let left = reader.arrayCount(flexible, 1); left > 0 && reader.ok; left -= 1) {
    groupsNames.push(reader.string(flexible))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DeleteGroupsRequest = { groupsNames }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDeleteGroupsRequest(
  writer: Writer,
  message: Draft<DeleteGroupsRequest>,
  version: number,
): void {
  const flexible = version >= 2
  const groupsNames = message.groupsNames ?? []
  writer.arrayCount(groupsNames.length, flexible)
  for (const element of groupsNames) writer.string(element, flexible)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface DeleteGroupsResponse {
  throttleTimeMs: number
  results: DeleteGroupsResponseDeletableGroupResult[]
  unknownTags?: UnknownTag[]
}

export interface DeleteGroupsResponseDeletableGroupResult {
  groupId: string
  errorCode: number
  errorMessage: string | null // version 3
  unknownTags?: UnknownTag[]
}

export function readDeleteGroupsResponse(reader: Reader, version: number): DeleteGroupsResponse {
  const flexible = version >= 2
  const throttleTimeMs = reader.int32()
  const results: DeleteGroupsResponseDeletableGroupResult[] = []
  for (let left = reader.arrayCount(flexible, 4); left > 0 && reader.ok; left -= 1) {
    results.push(readDeleteGroupsResponseDeletableGroupResult(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DeleteGroupsResponse = { throttleTimeMs, results }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDeleteGroupsResponseDeletableGroupResult(reader: Reader, version: number): DeleteGroupsResponseDeletableGroupResult {
  const flexible = version >= 2
  const groupId = reader.string(flexible)
  const errorCode = reader.int16()
  const errorMessage = version === 3 ? reader.stringOrNull(true) : null
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: DeleteGroupsResponseDeletableGroupResult = { groupId, errorCode, errorMessage }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDeleteGroupsResponse(
  writer: Writer,
  message: Draft<DeleteGroupsResponse>,
  version: number,
): void {
  const flexible = version >= 2
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const results = message.results ?? []
  writer.arrayCount(results.length, flexible)
  for (const element of results) writeDeleteGroupsResponseDeletableGroupResult(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeDeleteGroupsResponseDeletableGroupResult(
  writer: Writer,
  message: Draft<DeleteGroupsResponseDeletableGroupResult>,
  version: number,
): void {
  const flexible = version >= 2
  const groupId = message.groupId ?? ''
  writer.string(groupId, flexible)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage ?? null
  if (version === 3) {
    writer.stringOrNull(errorMessage, true)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
