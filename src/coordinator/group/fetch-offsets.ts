import { ErrorCode } from '../../model/error-code.ts'
import { ZERO_UUID } from '../../model/uuid.ts'
import type { OffsetSlot, OffsetStore } from './offset-store.ts'

/** One group of an OffsetFetch. Field names are those of OffsetFetchRequest. */
export interface FetchOffsetsInput {
  readonly groupId: string
  /** Null: every partition that has an offset. */
  readonly topics:
    | readonly { readonly name: string; readonly topicId: string; readonly partitionIndexes: readonly number[] }[]
    | null
  /** Offsets held by a transaction that has not ended are refused instead of answered with the older value. */
  readonly requireStable: boolean
}

interface FetchedPartition {
  readonly partitionIndex: number
  readonly committedOffset: number
  readonly committedLeaderEpoch: number
  readonly metadata: string
  readonly errorCode: ErrorCode
}

/** Field names are those of OffsetFetchResponse. */
export interface FetchedTopic {
  readonly name: string
  readonly topicId: string
  readonly partitions: readonly FetchedPartition[]
}

/** What is durable now. A partition without an offset answers -1 and no error. */
export function fetchOffsets(store: OffsetStore, input: FetchOffsetsInput): readonly FetchedTopic[] {
  if (input.topics === null) return fetchAll(store, input)
  return input.topics.map((topic) => ({
    name: topic.name,
    topicId: topic.topicId,
    partitions: topic.partitionIndexes.map((partition) => {
      if (input.requireStable && store.isUnstable(input.groupId, topic.name, partition)) return unstable(partition)
      const slot = store.slot(input.groupId, topic.name, partition)
      return isOfTopic(slot, topic.topicId) ? fetched(partition, slot) : fetched(partition, undefined)
    }),
  }))
}

function fetchAll(store: OffsetStore, input: FetchOffsetsInput): readonly FetchedTopic[] {
  const topics: FetchedTopic[] = []
  for (const [name, slots] of store.slotsOf(input.groupId) ?? []) {
    const partitions: FetchedPartition[] = []
    let topicId = ZERO_UUID
    for (const [partition, slot] of slots) {
      if (slot.committed === undefined) continue
      topicId = slot.committed.topicId
      const isUnstable = input.requireStable && store.isUnstable(input.groupId, name, partition)
      partitions.push(isUnstable ? unstable(partition) : fetched(partition, slot))
    }
    if (partitions.length > 0) topics.push({ name, topicId, partitions })
  }
  return topics
}

/** An offset of a deleted topic must not be taken for one of its namesake. */
function isOfTopic(slot: OffsetSlot | undefined, topicId: string): boolean {
  const known = slot?.committed?.topicId ?? ZERO_UUID
  return known === ZERO_UUID || topicId === ZERO_UUID || topicId === '' || known === topicId
}

function fetched(partitionIndex: number, slot: OffsetSlot | undefined): FetchedPartition {
  const committed = slot?.committed
  return {
    partitionIndex,
    committedOffset: committed?.offset ?? -1,
    committedLeaderEpoch: committed?.leaderEpoch ?? -1,
    metadata: committed?.metadata ?? '',
    errorCode: ErrorCode.none,
  }
}

function unstable(partitionIndex: number): FetchedPartition {
  const errorCode = ErrorCode.unstableOffsetCommit
  return { partitionIndex, committedOffset: -1, committedLeaderEpoch: -1, metadata: '', errorCode }
}
