import {
  consumerProtocolAssignmentLayout,
  readConsumerProtocolAssignment,
  writeConsumerProtocolAssignment,
} from '../../protocol/generated/data/consumer-protocol-assignment.ts'
import {
  consumerProtocolSubscriptionLayout,
  readConsumerProtocolSubscription,
  writeConsumerProtocolSubscription,
} from '../../protocol/generated/data/consumer-protocol-subscription.ts'
import type { StoredLayout } from '../../protocol/wire/layout.ts'
import { Reader } from '../../protocol/wire/reader.ts'
import { Writer } from '../../protocol/wire/writer.ts'

// What consumers of a classic group tell each other through JoinGroup and SyncGroup; the broker does not look inside.

export interface TopicPartition {
  readonly topic: string
  readonly partition: number
}

export interface Subscription {
  readonly topics: readonly string[]
  readonly owned: readonly TopicPartition[]
  /** Generation in which `owned` was assigned; -1 when the member does not say. */
  readonly generationId: number
}

/** Subscriptions are written in the first version that says in which generation the partitions were owned. */
const SUBSCRIPTION_VERSION = 2
const ASSIGNMENT_VERSION = 1

export function writeSubscription(subscription: Subscription): Uint8Array {
  const writer = new Writer()
  writer.int16(SUBSCRIPTION_VERSION)
  const { topics, owned, generationId } = subscription
  writeConsumerProtocolSubscription(
    writer,
    { topics, ownedPartitions: listed(owned), generationId },
    SUBSCRIPTION_VERSION,
  )
  return writer.finishCopy()
}

/** @returns an empty subscription for bytes that are none: such a member gets nothing, the others are served */
export function readSubscription(bytes: Uint8Array): Subscription {
  const reader = new Reader(bytes)
  const version = knownVersion(reader, consumerProtocolSubscriptionLayout)
  const { topics, ownedPartitions, generationId } = readConsumerProtocolSubscription(reader, version)
  if (!reader.ok) return { topics: [], owned: [], generationId: -1 }
  return { topics, owned: flat(ownedPartitions), generationId }
}

export function writeAssignment(partitions: readonly TopicPartition[]): Uint8Array {
  const writer = new Writer()
  writer.int16(ASSIGNMENT_VERSION)
  writeConsumerProtocolAssignment(writer, { assignedPartitions: listed(partitions) }, ASSIGNMENT_VERSION)
  return writer.finishCopy()
}

/** @returns nothing for empty or unreadable bytes */
export function readAssignment(bytes: Uint8Array): readonly TopicPartition[] {
  if (bytes.length === 0) return []
  const reader = new Reader(bytes)
  const version = knownVersion(reader, consumerProtocolAssignmentLayout)
  const { assignedPartitions } = readConsumerProtocolAssignment(reader, version)
  return reader.ok ? flat(assignedPartitions) : []
}

/** Newer versions only add fields at the end, so they are read as the newest known. */
function knownVersion(reader: Reader, layout: StoredLayout): number {
  return Math.min(Math.max(reader.int16(), layout.minVersion), layout.maxVersion)
}

function flat(
  topics: readonly { readonly topic: string; readonly partitions: readonly number[] }[],
): readonly TopicPartition[] {
  return topics.flatMap(({ topic, partitions }) => partitions.map((partition) => ({ topic, partition })))
}

function listed(partitions: readonly TopicPartition[]): { topic: string; partitions: number[] }[] {
  const byName = new Map<string, number[]>()
  for (const { topic, partition } of partitions) {
    const list = byName.get(topic)
    if (list === undefined) byName.set(topic, [partition])
    else list.push(partition)
  }
  return [...byName].map(([topic, numbers]) => ({ topic, partitions: numbers }))
}
