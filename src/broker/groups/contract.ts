/**
 * The group coordinators as handlers see them: each call finds the shard that owns the group's partition of
 * `__consumer_offsets` and is answered there, in this thread or another. Requests and answers are the generated
 * messages; the service sets every error code.
 */
import type { RequestContext } from '../request-context.ts'

/** Methods take and return the message types of the API whose name they carry. */
export type GroupMethod =
  | 'joinGroup'
  | 'syncGroup'
  | 'heartbeat'
  | 'leaveGroup'
  | 'commitOffsets'
  | 'fetchOffsets'
  | 'describeGroup'
  | 'listGroups'
  | 'deleteGroup'
  | 'deleteOffsets'

export interface GroupService {
  /** Routes to the coordinator of `groupId`. `request` and the answer must be structured-clone-able. */
  call<Request, Response>(
    method: GroupMethod,
    groupId: string,
    request: Request,
    context: RequestContext,
  ): Promise<Response>
  /** Asks every coordinator of this node (ListGroups). */
  callAll<Request, Response>(
    method: GroupMethod,
    request: Request,
    context: RequestContext,
  ): Promise<readonly Response[]>
  /** The partition of `__consumer_offsets` that keeps a group. */
  partitionOf(groupId: string): number
}
