// Generated from schema/07-controlled-shutdown.kafka by `npm run generate`. Do not edit.
import type { UnknownTag } from '../wire/byte-slice.ts'
import type { Draft } from '../wire/draft.ts'
import type { ApiLayout } from '../wire/layout.ts'
import type { Reader } from '../wire/reader.ts'
import type { Writer } from '../wire/writer.ts'

export const controlledShutdownApi: ApiLayout = {
  key: 7,
  name: 'ControlledShutdown',
  minVersion: 0,
  maxVersion: 3,
  flexibleVersion: 3,
}

export interface ControlledShutdownRequest {
  brokerId: number
  brokerEpoch: number // since version 2
  unknownTags?: UnknownTag[]
}

export function readControlledShutdownRequest(reader: Reader, version: number): ControlledShutdownRequest {
  const flexible = version === 3
  const brokerId = reader.int32()
  const brokerEpoch = version >= 2 ? reader.int64() : -1
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: ControlledShutdownRequest = { brokerId, brokerEpoch }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeControlledShutdownRequest(
  writer: Writer,
  message: Draft<ControlledShutdownRequest>,
  version: number,
): void {
  const flexible = version === 3
  const brokerId = message.brokerId ?? 0
  writer.int32(brokerId)
  const brokerEpoch = message.brokerEpoch ?? -1
  if (version >= 2) {
    writer.int64(brokerEpoch)
  }
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

export interface ControlledShutdownResponse {
  errorCode: number
  remainingPartitions: ControlledShutdownResponseRemainingPartition[]
  unknownTags?: UnknownTag[]
}

export interface ControlledShutdownResponseRemainingPartition {
  topicName: string
  partitionIndex: number
  unknownTags?: UnknownTag[]
}

export function readControlledShutdownResponse(reader: Reader, version: number): ControlledShutdownResponse {
  const flexible = version === 3
  const errorCode = reader.int16()
  const remainingPartitions: ControlledShutdownResponseRemainingPartition[] = []
  for (let left = reader.arrayCount(flexible, 6); left > 0 && reader.ok; left -= 1) {
    remainingPartitions.push(readControlledShutdownResponseRemainingPartition(reader, version))
  }
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: ControlledShutdownResponse = { errorCode, remainingPartitions }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

function readControlledShutdownResponseRemainingPartition(reader: Reader, version: number): ControlledShutdownResponseRemainingPartition {
  const flexible = version === 3
  const topicName = reader.string(flexible)
  const partitionIndex = reader.int32()
  const unknownTags = flexible ? reader.unknownTags() : undefined
  const message: ControlledShutdownResponseRemainingPartition = { topicName, partitionIndex }
  if (unknownTags !== undefined) message.unknownTags = unknownTags
  return message
}

export function writeControlledShutdownResponse(
  writer: Writer,
  message: Draft<ControlledShutdownResponse>,
  version: number,
): void {
  const flexible = version === 3
  const errorCode = message.errorCode ?? 0
  writer.int16(errorCode)
  const remainingPartitions = message.remainingPartitions ?? []
  writer.arrayCount(remainingPartitions.length, flexible)
  for (const element of remainingPartitions) writeControlledShutdownResponseRemainingPartition(writer, element, version)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}

function writeControlledShutdownResponseRemainingPartition(
  writer: Writer,
  message: Draft<ControlledShutdownResponseRemainingPartition>,
  version: number,
): void {
  const flexible = version === 3
  const topicName = message.topicName ?? ''
  writer.string(topicName, flexible)
  const partitionIndex = message.partitionIndex ?? 0
  writer.int32(partitionIndex)
  if (flexible) {
    writer.onlyUnknownTags(message.unknownTags)
  }
}
