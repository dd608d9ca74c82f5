/** Who leads a partition. Pure: a state and the brokers alive give a new state, or none when nothing changes. */
import type { PartitionRecord } from './state.ts'
import type { PartitionStateNode } from './znodes.ts'

export type ElectionOutcome =
  | { readonly kind: 'elected'; readonly state: PartitionStateNode }
  | { readonly kind: 'notNeeded' }
  | { readonly kind: 'notPossible' }

type Alive = ReadonlyMap<number, unknown>

/** A partition's first leader: the first replica alive; every replica alive is in sync with an empty log. */
export function initialState(
  replicas: readonly number[],
  alive: Alive,
  controllerEpoch: number,
): PartitionStateNode | undefined {
  const inSyncReplicas = replicas.filter((replica) => alive.has(replica))
  const leader = inSyncReplicas[0]
  if (leader === undefined) return undefined
  return { controllerEpoch, leader, leaderEpoch: 0, inSyncReplicas, isRecovering: false }
}

/**
 * A leader for a partition whose leader is gone: the first replica, in assignment order, that is alive and in sync. Where
 * none is, and loss of records is allowed, the first alive: it then is the whole in-sync set.
 */
export function electOffline(
  partition: PartitionRecord,
  alive: Alive,
  isUncleanAllowed: boolean,
  controllerEpoch: number,
): ElectionOutcome {
  const { state } = partition
  if (alive.has(state.leader)) return { kind: 'notNeeded' }
  const clean = partition.replicas.find((replica) => alive.has(replica) && state.inSyncReplicas.includes(replica))
  if (clean !== undefined) {
    const inSyncReplicas = state.inSyncReplicas.filter((replica) => alive.has(replica))
    return elected(state, clean, inSyncReplicas, state.isRecovering, controllerEpoch)
  }
  const unclean = isUncleanAllowed ? partition.replicas.find((replica) => alive.has(replica)) : undefined
  if (unclean === undefined) return { kind: 'notPossible' }
  return elected(state, unclean, [unclean], true, controllerEpoch)
}

/** The first replica leads, if it is alive and in sync. */
export function electPreferred(partition: PartitionRecord, alive: Alive, controllerEpoch: number): ElectionOutcome {
  const { state } = partition
  const preferred = partition.replicas[0] ?? -1
  if (state.leader === preferred && alive.has(preferred)) return { kind: 'notNeeded' }
  if (!alive.has(preferred) || !state.inSyncReplicas.includes(preferred)) return { kind: 'notPossible' }
  return elected(state, preferred, state.inSyncReplicas, state.isRecovering, controllerEpoch)
}

/** The same leader in a new epoch: after a crash its log may have lost its tail, so what others know of the old epoch must not be trusted. */
export function electAgain(partition: PartitionRecord, controllerEpoch: number): PartitionStateNode {
  const { state } = partition
  return { ...state, leaderEpoch: state.leaderEpoch + 1, controllerEpoch }
}

/** A dead leader without successor: nobody leads, and the in-sync set stays, so that a later election is clean. */
export function withoutLeader(partition: PartitionRecord, controllerEpoch: number): PartitionStateNode {
  const { state } = partition
  return { ...state, leader: -1, leaderEpoch: state.leaderEpoch + 1, controllerEpoch }
}

function elected(
  state: PartitionStateNode,
  leader: number,
  inSyncReplicas: readonly number[],
  isRecovering: boolean,
  controllerEpoch: number,
): ElectionOutcome {
  return {
    kind: 'elected',
    state: { controllerEpoch, leader, leaderEpoch: state.leaderEpoch + 1, inSyncReplicas, isRecovering },
  }
}
