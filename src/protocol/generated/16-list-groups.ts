// Generated from schema/16-list-groups.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const listGroupsApi: ApiLayout = {
  key: 16,
  name: 'ListGroups',
  minVersion: 0,
  maxVersion: 5,
  flexibleVersion: 3,
}

export interface ListGroupsRequest {
  statesFilter: string[] // since version 4
  typesFilter: string[] // version 5
  unknownTags?: UnknownTag[]
}

export function readListGroupsRequest(reader: Reader, version: number): ListGroupsRequest {
  const flexible = version >= 3
  const statesFilter: string[] = []
  if (version >= 4) {
    for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
      statesFilter.push(reader.string(true))
    }
  }
  const typesFilter: string[] = []
  if (version === 5) {
    for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
      typesFilter.push(reader.string(true))
    }
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: ListGroupsRequest = { statesFilter, typesFilter }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeListGroupsRequest(
  writer: Writer,
  message: Draft<ListGroupsRequest>,
  version: number,
): void {
  const flexible = version >= 3
  const statesFilter = message.statesFilter ?? []
  if (version >= 4) {
    writer.arrayCount(statesFilter.length, true)
    for (const element of statesFilter) writer.string(element, true)
  } else if (statesFilter.length > 0) {
    writer.refuse('ListGroupsRequest.statesFilter', version)
  }
  const typesFilter = message.typesFilter ?? []
  if (version === 5) {
    writer.arrayCount(typesFilter.length, true)
    for (const element of typesFilter) writer.string(element, true)
  } else if (typesFilter.length > 0) {
    writer.refuse('ListGroupsRequest.typesFilter', version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface ListGroupsResponse {
  throttleTimeMs: number // since version 1
  errorCode: number
  groups: ListGroupsResponseListedGroup[]
  unknownTags?: UnknownTag[]
}

export interface ListGroupsResponseListedGroup {
  groupId: string
  protocolType: string
  groupState: string // since version 4
  groupType: string // version 5
  unknownTags?: UnknownTag[]
}

export function readListGroupsResponse(reader: Reader, version: number): ListGroupsResponse {
  const flexible = version >= 3
  const throttleTimeMs = version >= 1 ? reader.int32() : 0
  const errorCode = reader.int16()
  const groups: ListGroupsResponseListedGroup[] = []
  for (let left = reader.arrayCount(flexible, 3); left > 0 && reader.ok; left -= 1) {
    groups.push(readListGroupsResponseListedGroup(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: ListGroupsResponse = { throttleTimeMs, errorCode, groups }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readListGroupsResponseListedGroup(reader: Reader, version: number): ListGroupsResponseListedGroup {
  const flexible = version >= 3
  const groupId = reader.string(flexible)
  const protocolType = reader.string(flexible)
  const groupState = version >= 4 ? reader.string(true) : ''
  const groupType = version === 5 ? reader.string(true) : ''
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: ListGroupsResponseListedGroup = { groupId, protocolType, groupState, groupType }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeListGroupsResponse(
  writer: Writer,
  message: Draft<ListGroupsResponse>,
  version: number,
): void {
  const flexible = version >= 3
  const throttleTimeMs = message.throttleTimeMs ?? 0
  if (version >= 1) {
    writer.int32(throttleTimeMs)
  }
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const groups = message.groups ?? []
  writer.arrayCount(groups.length, flexible)
  for (const element of groups) writeListGroupsResponseListedGroup(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeListGroupsResponseListedGroup(
  writer: Writer,
  message: Draft<ListGroupsResponseListedGroup>,
  version: number,
): void {
  const flexible = version >= 3
  const groupId = message.groupId ?? ''
  writer.string(groupId, flexible)
  const protocolType = message.protocolType ?? ''
  writer.string(protocolType, flexible)
  const groupState = message.groupState ?? ''
  if (version >= 4) {
    writer.string(groupState, true)
  }
  const groupType = message.groupType ?? ''
  if (version === 5) {
    writer.string(groupType, true)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
