import { ErrorCode } from '../../model/error-code.ts'
import type { ClassicGroup } from './classic-group.ts'
import type { Step } from './effects.ts'
import type { OffsetStore } from './offset-store.ts'
import type { OffsetRecord } from './records.ts'

interface Place {
  readonly topic: string
  readonly partition: number
}

/** Buries the offsets at `places`; they are gone once the tombstones are durable. */
function bury(step: Step, groupId: string, places: readonly Place[]): void {
  if (places.length === 0) return
  for (const { topic, partition } of places) {
    step.effects.records.push({ kind: 'offsetTombstone', groupId, topic, partition })
  }
  step.effects.tickets.push({ kind: 'offsetsForgotten', groupId, places })
}

/**
 * The moment from which an offset's retention runs, undefined while it may not expire. With members it is the last
 * commit, and only topics nobody reads expire; without, the moment the last member went; without members ever, the
 * last commit.
 */
function retentionStart(group: ClassicGroup, offset: OffsetRecord): number | undefined {
  if (group.protocolType === null) return offset.commitTimestampMs
  if (group.state === 'Empty') return group.stateTimestampMs < 0 ? offset.commitTimestampMs : group.stateTimestampMs
  if (group.state === 'Stable' && group.usesConsumerProtocol && group.subscribedTopics !== undefined) {
    return offset.commitTimestampMs
  }
  return undefined
}

function isExpired(step: Step, group: ClassicGroup, offset: OffsetRecord): boolean {
  const startMs = retentionStart(group, offset)
  if (startMs === undefined) return false
  if (offset.expireTimestampMs >= 0) return step.wallMs >= offset.expireTimestampMs
  return step.wallMs - startMs >= step.config.offsetsRetentionMs
}

/**
 * Buries what has expired, and the group with its last offset. A group without members and offsets goes at once,
 * unless somebody has just been handed a member id for it.
 */
export function expire(step: Step, group: ClassicGroup, store: OffsetStore): void {
  if (group.state === 'Dead') return
  const places: Place[] = []
  let keptCount = 0
  for (const [topic, slots] of store.slotsOf(group.groupId) ?? []) {
    for (const [partition, slot] of slots) {
      const isDue =
        slot.committed !== undefined &&
        slot.unfinishedWrites === 0 &&
        !group.isSubscribedTo(topic) &&
        isExpired(step, group, slot.committed) &&
        !store.isUnstable(group.groupId, topic, partition)
      if (isDue) places.push({ topic, partition })
      else keptCount += 1
    }
  }
  const isLeft = group.state === 'Empty' && group.pendingMembers.size === 0 && keptCount === 0
  if (isLeft && store.unstablePlacesOf(group.groupId).length === 0) {
    deleteGroup(step, group, store)
    return
  }
  bury(step, group.groupId, places)
}

/** Why the group cannot be deleted, or `none`. */
export function whyNotDeletable(group: ClassicGroup | undefined): ErrorCode {
  if (group === undefined || group.state === 'Dead') return ErrorCode.groupIdNotFound
  return group.state === 'Empty' ? ErrorCode.none : ErrorCode.nonEmptyGroup
}

/**
 * Buries a group and all it committed. Until the tombstones are durable the group is dead: who asks for it is told to
 * come back, so that nothing new can slip between the decision and the log.
 */
export function deleteGroup(step: Step, group: ClassicGroup, store: OffsetStore): void {
  const groupId = group.groupId
  const places: Place[] = []
  for (const [topic, slots] of store.slotsOf(groupId) ?? []) {
    for (const partition of slots.keys()) places.push({ topic, partition })
  }
  for (const place of store.unstablePlacesOf(groupId)) {
    if (!places.some((known) => known.topic === place.topic && known.partition === place.partition)) places.push(place)
  }
  bury(step, groupId, places)
  step.effects.records.push({ kind: 'groupTombstone', groupId })
  step.effects.tickets.push({ kind: 'groupForgotten', group, stateTimestampMs: group.stateTimestampMs })
  for (const timer of group.pendingMembers.values()) {
    timer.dueMs = Number.POSITIVE_INFINITY
    step.effects.timers.push(timer)
  }
  group.pendingMembers.clear()
  group.transitionTo('Dead', step.wallMs)
}

/** An OffsetDelete. Field names are those of OffsetDeleteRequest. */
export interface DeleteOffsetsInput {
  readonly groupId: string
  readonly topics: readonly {
    readonly name: string
    readonly partitions: readonly { readonly partitionIndex: number }[]
  }[]
}

/** Field names are those of OffsetDeleteResponse. */
export interface DeleteOffsetsAnswer {
  readonly errorCode: ErrorCode
  readonly topics: readonly {
    readonly name: string
    readonly partitions: readonly { readonly partitionIndex: number; readonly errorCode: ErrorCode }[]
  }[]
}

/** Deletes offsets of topics that no member reads. */
export function deleteOffsets(
  step: Step,
  group: ClassicGroup | undefined,
  store: OffsetStore,
  input: DeleteOffsetsInput,
): DeleteOffsetsAnswer {
  if (group === undefined || group.state === 'Dead') return { errorCode: ErrorCode.groupIdNotFound, topics: [] }
  if (group.state !== 'Empty' && !group.usesConsumerProtocol) {
    return { errorCode: ErrorCode.nonEmptyGroup, topics: [] }
  }
  const places: Place[] = []
  const topics = input.topics.map((topic) => {
    const isRead = group.isSubscribedTo(topic.name)
    const errorCode = isRead ? ErrorCode.groupSubscribedToTopic : ErrorCode.none
    for (const { partitionIndex: partition } of isRead ? [] : topic.partitions) {
      const isKnown =
        store.slot(group.groupId, topic.name, partition) !== undefined ||
        store.isUnstable(group.groupId, topic.name, partition)
      if (isKnown) places.push({ topic: topic.name, partition })
    }
    return {
      name: topic.name,
      partitions: topic.partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
    }
  })
  bury(step, group.groupId, places)
  return { errorCode: ErrorCode.none, topics }
}

/** Buries every group's offsets of a topic that no longer exists. */
export function forgetTopic(step: Step, store: OffsetStore, topic: string): void {
  for (const groupId of [...store.groupIds()]) {
    const slots = store.slotsOf(groupId)?.get(topic)
    if (slots === undefined) continue
    bury(
      step,
      groupId,
      [...slots.keys()].map((partition) => ({ topic, partition })),
    )
  }
}
