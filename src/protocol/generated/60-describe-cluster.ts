// Generated from schema/60-describe-cluster.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const describeClusterApi: ApiLayout = {
  key: 60,
  name: 'DescribeCluster',
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: 0,
}

export interface DescribeClusterRequest {
  includeClusterAuthorizedOperations: boolean
  endpointType: number // since version 1
  includeFencedBrokers: boolean // version 2
  unknownTags?: UnknownTag[]
}

export function readDescribeClusterRequest(reader: Reader, version: number): DescribeClusterRequest {
  const includeClusterAuthorizedOperations = reader.bool()
  const endpointType = version >= 1 ? reader.int8() : 1
  const includeFencedBrokers = version === 2 ? reader.bool() : false
  const unknownTags = reader.unknownTags()
  const message: DescribeClusterRequest = {
    includeClusterAuthorizedOperations,
    endpointType,
    includeFencedBrokers,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDescribeClusterRequest(
  writer: Writer,
  message: Draft<DescribeClusterRequest>,
  version: number,
): void {
  const includeClusterAuthorizedOperations = message.includeClusterAuthorizedOperations ?? false
  writer.bool(includeClusterAuthorizedOperations)
  const endpointType = message.endpointType ?? 1
  if (version >= 1) {
    writer.int8(endpointType)
  } else if (endpointType !== 1) {
    writer.refuse('DescribeClusterRequest.endpointType', version)
  }
  const includeFencedBrokers = message.includeFencedBrokers ?? false
  if (version === 2) {
    writer.bool(includeFencedBrokers)
  } else if (includeFencedBrokers !== false) {
    writer.refuse('DescribeClusterRequest.includeFencedBrokers', version)
  }
  writer.onlyUnknownTags(message.unknownTags)
}

export interface DescribeClusterResponse {
  throttleTimeMs: number
  errorCode: number
  errorMessage: string | null
  endpointType: number // since version 1
  clusterId: string
  controllerId: number
  brokers: DescribeClusterResponseDescribeClusterBroker[]
  clusterAuthorizedOperations: number
  unknownTags?: UnknownTag[]
}

export interface DescribeClusterResponseDescribeClusterBroker {
  brokerId: number
  host: string
  port: number
  rack: string | null
  isFenced: boolean // version 2
  unknownTags?: UnknownTag[]
}

export function readDescribeClusterResponse(reader: Reader, version: number): DescribeClusterResponse {
  const throttleTimeMs = reader.int32()
  const errorCode = reader.int16()
  const errorMessage = reader.stringOrNull(true)
  const endpointType = version >= 1 ? reader.int8() : 1
  const clusterId = reader.string(true)
  const controllerId = reader.int32()
  const brokers: DescribeClusterResponseDescribeClusterBroker[] = []
  for (let left = reader.arrayCount(true, 11); left > 0 && reader.ok; left -= 1) {
    brokers.push(readDescribeClusterResponseDescribeClusterBroker(reader, version))
  }
  const clusterAuthorizedOperations = reader.int32()
  const unknownTags = reader.unknownTags()
  const message: DescribeClusterResponse = {
    throttleTimeMs,
    errorCode,
    errorMessage,
    endpointType,
    clusterId,
    controllerId,
    brokers,
    clusterAuthorizedOperations,
  }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readDescribeClusterResponseDescribeClusterBroker(reader: Reader, version: number): DescribeClusterResponseDescribeClusterBroker {
  const brokerId = reader.int32()
  const host = reader.string(true)
  const port = reader.int32()
  const rack = reader.stringOrNull(true)
  const isFenced = version === 2 ? reader.bool() : false
  const unknownTags = reader.unknownTags()
  const message: DescribeClusterResponseDescribeClusterBroker = { brokerId, host, port, rack, isFenced }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeDescribeClusterResponse(
  writer: Writer,
  message: Draft<DescribeClusterResponse>,
  version: number,
): void {
  const throttleTimeMs = message.throttleTimeMs ?? 0
  writer.int32(throttleTimeMs)
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const errorMessage = message.errorMessage ?? null
  writer.stringOrNull(errorMessage, true)
  const endpointType = message.endpointType ?? 1
  if (version >= 1) {
    writer.int8(endpointType)
  } else if (endpointType !== 1) {
    writer.refuse('DescribeClusterResponse.endpointType', version)
  }
  const clusterId = message.clusterId ?? ''
  writer.string(clusterId, true)
  const controllerId = message.controllerId ?? -1
  writer.int32(controllerId)
  const brokers = message.brokers ?? []
  writer.arrayCount(brokers.length, true)
  for (const element of brokers) writeDescribeClusterResponseDescribeClusterBroker(writer, element, version)
  const clusterAuthorizedOperations = message.clusterAuthorizedOperations ?? -2147483648
  writer.int32(clusterAuthorizedOperations)
  writer.onlyUnknownTags(message.unknownTags)
}

function writeDescribeClusterResponseDescribeClusterBroker(
  writer: Writer,
  message: Draft<DescribeClusterResponseDescribeClusterBroker>,
  version: number,
): void {
  const brokerId = message.brokerId ?? 0
  writer.int32(brokerId)
  const host = message.host ?? ''
  writer.string(host, true)
  const port = message.port ?? 0
  writer.int32(port)
  const rack = message.rack ?? null
  writer.stringOrNull(rack, true)
  const isFenced = message.isFenced ?? false
  if (version === 2) {
    writer.bool(isFenced)
  } else if (isFenced !== false) {
    writer.refuse('DescribeClusterResponseDescribeClusterBroker.isFenced', version)
  }
  writer.onlyUnknownTags(message.unknownTags)
}
