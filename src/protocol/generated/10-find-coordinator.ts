// Generated from schema/10-find-coordinator.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const findCoordinatorApi: ApiLayout = {
  key: 10,
  name: 'FindCoordinator',
  minVersion: 0,
  maxVersion: 6,
  flexibleVersion: 3,
}

export interface FindCoordinatorRequest {
  key: string // until version 3
  keyType: number // since version 1
  coordinatorKeys: string[] // since version 4
  unknownTags?: UnknownTag[]
}

export function readFindCoordinatorRequest(reader: Reader, version: number): FindCoordinatorRequest {
  const flexible = version >= 3
  const key = version <= 3 ? reader.string(flexible) : ''
  const keyType = version >= 1 ? reader.int8() : 0
  const coordinatorKeys: string[] = []
  if (version >= 4) {
    for (let left = reader.arrayCount(true, 1); left > 0 && reader.ok; left -= 1) {
      coordinatorKeys.push(reader.string(true))
    }
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: FindCoordinatorRequest = { key, keyType, coordinatorKeys }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeFindCoordinatorRequest(
  writer: Writer,
  message: Draft<FindCoordinatorRequest>,
  version: number,
): void {
  const flexible = version >= 3
  const key = message.key ?? ''
  if (version <= 3) {
    writer.string(key, flexible)
  } else if (key !== '') {
    writer.refuse('FindCoordinatorRequest.key', version)
  }
  const keyType = message.keyType ?? 0
  if (version >= 1) {
    writer.int8(keyType)
  } else if (keyType !== 0) {
    writer.refuse('FindCoordinatorRequest.keyType', version)
  }
  const coordinatorKeys = message.coordinatorKeys ?? []
  if (version >= 4) {
    writer.arrayCount(coordinatorKeys.length, true)
    for (const element of coordinatorKeys) writer.string(element, true)
  } else if (coordinatorKeys.length > 0) {
    writer.refuse('FindCoordinatorRequest.coordinatorKeys', version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface FindCoordinatorResponse {
  throttleTimeMs: number // since version 1
  errorCode: number // until version 3
  errorMessage: string | null // versions 1 to 3
  nodeId: number // until version 3
  host: string // until version 3
  port: number // until version 3
  coordinators: FindCoordinatorResponseCoordinator[] // since version 4
  unknownTags?: UnknownTag[]
}

export interface FindCoordinatorResponseCoordinator {
  key: string
  nodeId: number
  host: string
  port: number
  errorCode: number
  errorMessage: string | null
  unknownTags?: UnknownTag[]
}

export function readFindCoordinatorResponse(reader: Reader, version: number): FindCoordinatorResponse {
  const flexible = version >= 3
  const throttleTimeMs = version >= 1 ? reader.int32() : 0
  const errorCode = version <= 3 ? reader.int16() : 0
  const errorMessage = version >= 1 && version <= 3 ? reader.stringOrNull(flexible) : ''
  const nodeId = version <= 3 ? reader.int32() : 0
  const host = version <= 3 ? reader.string(flexible) : ''
  const port = version <= 3 ? reader.int32() : 0
  const coordinators: FindCoordinatorResponseCoordinator[] = []
  if (version >= 4) {
    for (let left = reader.arrayCount(true, 14); left > 0 && reader.ok; left -= 1) {
      coordinators.push(readFindCoordinatorResponseCoordinator(reader, version))
    }
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: FindCoordinatorResponse = {
    throttleTimeMs,
    errorCode,
    errorMessage,
    nodeId,
    host,
    port,
    coordinators,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readFindCoordinatorResponseCoordinator(reader: Reader, _version: number): FindCoordinatorResponseCoordinator {
  const key = reader.string(true)
  const nodeId = reader.int32()
  const host = reader.string(true)
  const port = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const unknownTags = reader.unknownTags()
  const message: FindCoordinatorResponseCoordinator = { key, nodeId, host, port, errorCode, errorMessage }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeFindCoordinatorResponse(
  writer: Writer,
  message: Draft<FindCoordinatorResponse>,
  version: number,
): void {
  const flexible = version >= 3
  const throttleTimeMs = message.throttleTimeMs ?? 0
  if (version >= 1) {
    writer.int32(throttleTimeMs)
  }
  const errorCode = message.errorCode ?? 0
  if (version <= 3) {
    writer.int16(errorCode)
  } else if (errorCode !== 0) {
    writer.refuse('FindCoordinatorResponse.errorCode', version)
  }
  const errorMessage = message.errorMessage === undefined ? '' : message.errorMessage
  if (version >= 1 && version <= 3) {
    writer.stringOrNull(errorMessage, flexible)
  }
  const nodeId = message.nodeId ?? 0
  if (version <= 3) {
    writer.int32(nodeId)
  } else if (nodeId !== 0) {
    writer.refuse('FindCoordinatorResponse.nodeId', version)
  }
  const host = message.host ?? ''
  if (version <= 3) {
    writer.string(host, flexible)
  } else if (host !== '') {
    writer.refuse('FindCoordinatorResponse.host', version)
  }
  const port = message.port ?? 0
  if (version <= 3) {
    writer.int32(port)
  } else if (port !== 0) {
    writer.refuse('FindCoordinatorResponse.port', version)
  }
  const coordinators = message.coordinators ?? []
  if (version >= 4) {
    writer.arrayCount(coordinators.length, true)
    for (const element of coordinators) writeFindCoordinatorResponseCoordinator(writer, element, version)
  } else if (coordinators.length > 0) {
    writer.refuse('FindCoordinatorResponse.coordinators', version)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeFindCoordinatorResponseCoordinator(
  writer: Writer,
  message: Draft<FindCoordinatorResponseCoordinator>,
  _version: number,
): void {
  const key = message.key ?? ''
  writer.string(key, true)
  const nodeId = message.nodeId ?? 0
  writer.int32(nodeId)
  const host = message.host ?? ''
  writer.string(host, true)
  const port = message.port ?? 0
  writer.int32(port)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage === undefined ? '' : message.errorMessage
  writer.stringOrNull(errorMessage, true)
  writer.onlyUnknownTags(message.unknownTags)
}
