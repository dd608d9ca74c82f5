import { ErrorCode } from '../../model/error-code.ts'
import { ZERO_UUID } from '../../model/uuid.ts'
import type { ClassicGroup } from './classic-group.ts'
import { type Step, startTimer } from './effects.ts'
import type { OffsetStore } from './offset-store.ts'
import type { OffsetRecord } from './records.ts'

/** An OffsetCommit whose topics are known to exist. Field names are those of OffsetCommitRequest. */
export interface CommitInput {
  readonly groupId: string
  readonly generationIdOrMemberEpoch: number
  readonly memberId: string
  readonly groupInstanceId: string | null
  /** -1: the broker's retention. */
  readonly retentionTimeMs: number
  /** Decides the code for a group that does not exist. */
  readonly apiVersion: number
  readonly topics: readonly {
    readonly name: string
    readonly topicId: string
    readonly partitions: readonly {
      readonly partitionIndex: number
      readonly committedOffset: number
      readonly committedLeaderEpoch: number
      /** Version 1 only; -1 = now. */
      readonly commitTimestamp: number
      readonly committedMetadata: string | null
    }[]
  }[]
}

/** Field names are those of OffsetCommitResponse. */
export interface CommitAnswer {
  readonly topics: readonly {
    readonly name: string
    readonly topicId: string
    readonly partitions: readonly { readonly partitionIndex: number; readonly errorCode: ErrorCode }[]
  }[]
}

/** First version that may be told that the group does not exist. */
const GROUP_ID_NOT_FOUND_SINCE_VERSION = 9

/** The same code for every partition of the request. */
export function commitRefused(input: Pick<CommitInput, 'topics'>, errorCode: ErrorCode): CommitAnswer {
  return {
    topics: input.topics.map((topic) => ({
      name: topic.name,
      topicId: topic.topicId,
      partitions: topic.partitions.map(({ partitionIndex }) => ({ partitionIndex, errorCode })),
    })),
  }
}

/** Why this commit must be refused as a whole, by the state of the group. `group` is undefined when there is none. */
export function whyCommitRefused(group: ClassicGroup | undefined, input: CommitInput): ErrorCode {
  const generationId = input.generationIdOrMemberEpoch
  if (group === undefined) {
    // A consumer that is in no group, or an operator's tool: the commit makes a group without members.
    if (generationId < 0) return ErrorCode.none
    return input.apiVersion >= GROUP_ID_NOT_FOUND_SINCE_VERSION
      ? ErrorCode.groupIdNotFound
      : ErrorCode.illegalGeneration
  }
  if (group.state === 'Dead') return ErrorCode.coordinatorNotAvailable
  if (generationId < 0 && group.state === 'Empty') return ErrorCode.none
  if (generationId < 0 && input.memberId === '' && input.groupInstanceId === null) {
    // An outsider must not move the offsets of members at work.
    return group.state === 'Empty' ? ErrorCode.none : ErrorCode.unknownMemberId
  }
  const refusal = group.whyNotMember(input.memberId, input.groupInstanceId)
  if (refusal !== ErrorCode.none) return refusal
  if (generationId !== group.generationId) return ErrorCode.illegalGeneration
  return group.state === 'CompletingRebalance' ? ErrorCode.rebalanceInProgress : ErrorCode.none
}

/** Writes the offsets of a commit that was not refused; they count once they are durable. */
export function commit(step: Step, group: ClassicGroup, store: OffsetStore, input: CommitInput): CommitAnswer {
  if (group.state === 'Stable' || group.state === 'PreparingRebalance') {
    // A member that commits is alive.
    const member = group.members.get(input.memberId)
    if (member !== undefined) startTimer(step, member.session, member.sessionTimeoutMs)
  }
  const expireTimestampMs = input.retentionTimeMs < 0 ? -1 : step.wallMs + input.retentionTimeMs
  const written: OffsetRecord[] = []
  const topics = input.topics.map((topic) => ({
    name: topic.name,
    topicId: topic.topicId,
    partitions: topic.partitions.map((partition) => {
      const metadata = partition.committedMetadata ?? ''
      if (metadata.length > step.config.offsetMetadataSizeMax) {
        return { partitionIndex: partition.partitionIndex, errorCode: ErrorCode.offsetMetadataTooLarge }
      }
      written.push({
        kind: 'offset',
        groupId: group.groupId,
        topic: topic.name,
        topicId: topic.topicId === '' ? ZERO_UUID : topic.topicId,
        partition: partition.partitionIndex,
        offset: partition.committedOffset,
        leaderEpoch: partition.committedLeaderEpoch,
        metadata,
        commitTimestampMs: partition.commitTimestamp === -1 ? step.wallMs : partition.commitTimestamp,
        expireTimestampMs,
      })
      return { partitionIndex: partition.partitionIndex, errorCode: ErrorCode.none }
    }),
  }))
  if (written.length > 0) {
    for (const record of written) {
      store.beginWrite(record)
      step.effects.records.push(record)
    }
    step.effects.tickets.push({ kind: 'offsetsWritten', records: written })
  }
  return { topics }
}
