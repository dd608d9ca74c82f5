import type { GroupCalls, GroupMethod } from './contract.ts'

/** The part of a request's context that a coordinator looks at. */
export interface GroupCaller {
  readonly apiVersion: number
  readonly clientId: string
  readonly clientHost: string
}

/** A call on its way to the shard that owns the group. Structured-clone-able. */
export interface GroupMessage<Method extends GroupMethod = GroupMethod> {
  readonly method: Method
  /** -1 asks every partition of the shard. */
  readonly partition: number
  readonly groupId: string
  readonly request: GroupCalls[Method]['request']
  readonly caller: GroupCaller
}

/**
 * Carries calls between the shards of a node. `main` wires it over the workers' message ports: what `send` is given
 * arrives at the other shard's `onForwarded`, whose answer it resolves with.
 *
 * A JoinGroup or SyncGroup may be answered minutes later: no time limit of its own, and messages of one sender keep
 * their order.
 */
export interface GroupTransport {
  send(shard: number, message: GroupMessage): Promise<unknown>
}
