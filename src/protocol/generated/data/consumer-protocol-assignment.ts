// Generated from schema/data/consumer-protocol-assignment.kafka by `npm run generate`. Do not edit.
import type { Draft } from '../../wire/draft.ts'
import type { StoredLayout } from '../../wire/layout.ts'
import type { Reader } from '../../wire/reader.ts'
import type { Writer } from '../../wire/writer.ts'

export const consumerProtocolAssignmentLayout: StoredLayout = {
  name: 'ConsumerProtocolAssignment',
  apiKey: -1,
  minVersion: 0,
  maxVersion: 3,
  flexibleVersion: Number.POSITIVE_INFINITY,
  prefix: 'version',
}

export interface ConsumerProtocolAssignment {
  assignedPartitions: ConsumerProtocolAssignmentTopicPartition[]
  userData: Uint8Array | null
}

export interface ConsumerProtocolAssignmentTopicPartition {
  topic: string
  partitions: number[]
}

export function readConsumerProtocolAssignment(reader: Reader, version: number): ConsumerProtocolAssignment {
  const assignedPartitions: ConsumerProtocolAssignmentTopicPartition[] = []
  for (let left = reader.arrayCount(false, 6); left > 0 && reader.ok; left -= 1) {
    assignedPartitions.push(readConsumerProtocolAssignmentTopicPartition(reader, version))
  }
  const userData = reader.bytesOrNull(false)
  const message: ConsumerProtocolAssignment = { assignedPartitions, userData }
  return message
}

function readConsumerProtocolAssignmentTopicPartition(reader: Reader, _version: number): ConsumerProtocolAssignmentTopicPartition {
  const topic = reader.string(false)
  const partitions: number[] = []
  for (let left = reader.arrayCount(false, 4); left > 0 && reader.ok; left -= 1) {
    partitions.push(reader.int32())
  }
  const message: ConsumerProtocolAssignmentTopicPartition = { topic, partitions }
  return message
}

export function writeConsumerProtocolAssignment(
  writer: Writer,
  message: Draft<ConsumerProtocolAssignment>,
  version: number,
): void {
  const assignedPartitions = message.assignedPartitions ?? []
  writer.arrayCount(assignedPartitions.length, false)
  for (const element of assignedPartitions) writeConsumerProtocolAssignmentTopicPartition(writer, element, version)
  const userData = message.userData ?? null
  writer.bytesOrNull(userData, false)
}

function writeConsumerProtocolAssignmentTopicPartition(
  writer: Writer,
  message: Draft<ConsumerProtocolAssignmentTopicPartition>,
  _version: number,
): void {
  const topic = message.topic ?? ''
  writer.string(topic, false)
  const partitions = message.partitions ?? []
  writer.arrayCount(partitions.length, false)
  for (const element of partitions) writer.int32(element)
}
