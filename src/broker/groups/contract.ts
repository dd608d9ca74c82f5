/**
 * The group coordinators as handlers see them: each call finds the shard that owns the group's partition of
 * `__consumer_offsets` and is answered there, in this thread or another. Requests and answers are the generated
 * messages or parts of them; the service sets every error code.
 */
import type { CreateTopicSpec } from '../../cluster/contract.ts'
import type { OffsetCommitRequest, OffsetCommitResponse } from '../../protocol/generated/08-offset-commit.ts'
import type { OffsetFetchResponse } from '../../protocol/generated/09-offset-fetch.ts'
import type { JoinGroupRequest, JoinGroupResponse } from '../../protocol/generated/11-join-group.ts'
import type { HeartbeatRequest, HeartbeatResponse } from '../../protocol/generated/12-heartbeat.ts'
import type { LeaveGroupRequest, LeaveGroupResponse } from '../../protocol/generated/13-leave-group.ts'
import type { SyncGroupRequest, SyncGroupResponse } from '../../protocol/generated/14-sync-group.ts'
import type { DescribeGroupsResponse } from '../../protocol/generated/15-describe-groups.ts'
import type { ListGroupsRequest, ListGroupsResponse } from '../../protocol/generated/16-list-groups.ts'
import type { OffsetDeleteRequest, OffsetDeleteResponse } from '../../protocol/generated/47-offset-delete.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import type { RequestContext } from '../request-context.ts'

/** One group of an OffsetFetch, topic ids resolved to names by the handler. */
export interface GroupOffsetsQuery {
  readonly groupId: string
  /** Null: all. */
  readonly topics:
    | readonly { readonly name: string; readonly topicId: string; readonly partitionIndexes: readonly number[] }[]
    | null
  readonly requireStable: boolean
}

/** What each method takes and returns. Structured-clone-able: it may be asked of another thread. */
export interface GroupCalls {
  readonly joinGroup: { readonly request: JoinGroupRequest; readonly answer: Draft<JoinGroupResponse> }
  readonly syncGroup: { readonly request: SyncGroupRequest; readonly answer: Draft<SyncGroupResponse> }
  readonly heartbeat: { readonly request: HeartbeatRequest; readonly answer: Draft<HeartbeatResponse> }
  /** `members` is filled for every version. */
  readonly leaveGroup: { readonly request: LeaveGroupRequest; readonly answer: Draft<LeaveGroupResponse> }
  /** Topics are known to exist and carry their names. */
  readonly commitOffsets: { readonly request: OffsetCommitRequest; readonly answer: Draft<OffsetCommitResponse> }
  readonly fetchOffsets: {
    readonly request: GroupOffsetsQuery
    readonly answer: Draft<OffsetFetchResponse['groups'][number]>
  }
  readonly describeGroup: {
    readonly request: { readonly groupId: string }
    readonly answer: Draft<DescribeGroupsResponse['groups'][number]>
  }
  readonly listGroups: { readonly request: ListGroupsRequest; readonly answer: Draft<ListGroupsResponse> }
  readonly deleteGroup: {
    readonly request: { readonly groupId: string }
    readonly answer: { readonly errorCode: number }
  }
  readonly deleteOffsets: { readonly request: OffsetDeleteRequest; readonly answer: Draft<OffsetDeleteResponse> }
}

export type GroupMethod = keyof GroupCalls

export interface GroupService {
  /** Routes to the coordinator of `groupId`. */
  call<Method extends GroupMethod>(
    method: Method,
    groupId: string,
    request: GroupCalls[Method]['request'],
    context: RequestContext,
  ): Promise<GroupCalls[Method]['answer']>
  /** Asks every coordinator of this node (ListGroups). */
  callAll<Method extends GroupMethod>(
    method: Method,
    request: GroupCalls[Method]['request'],
    context: RequestContext,
  ): Promise<readonly GroupCalls[Method]['answer'][]>
  /** The partition of `__consumer_offsets` that keeps a group. */
  partitionOf(groupId: string): number
  /** How `__consumer_offsets` is to be made on first use. */
  offsetsTopic(liveBrokerCount: number): CreateTopicSpec
}
