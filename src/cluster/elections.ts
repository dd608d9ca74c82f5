/** Who leads a partition. Pure: a state and the brokers alive give a new state, or none when nothing changes. */
import type { PartitionStateNode } from './znodes.ts'

/** What an election looks at. */
export interface Electorate {
  readonly replicas: readonly number[]
  readonly state: PartitionStateNode
}

export type ElectionOutcome =
  | { readonly kind: 'elected'; readonly state: PartitionStateNode }
  | { readonly kind: 'notNeeded' }
  | { readonly kind: 'notPossible' }

export interface Alive {
  /** May be elected and be in sync. */
  has(broker: number): boolean
  /** May go on leading what it leads: also a broker that is about to leave. */
  serves(broker: number): boolean
}

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
  partition: Electorate,
  alive: Alive,
  isUncleanAllowed: boolean,
  controllerEpoch: number,
): ElectionOutcome {
  const { state } = partition
  if (alive.serves(state.leader)) return { kind: 'notNeeded' }
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
export function electPreferred(partition: Electorate, alive: Alive, controllerEpoch: number): ElectionOutcome {
  const { state } = partition
  const preferred = partition.replicas[0] ?? -1
  if (state.leader === preferred && alive.has(preferred)) return { kind: 'notNeeded' }
  if (!alive.has(preferred) || !state.inSyncReplicas.includes(preferred)) return { kind: 'notPossible' }
  return elected(state, preferred, state.inSyncReplicas, state.isRecovering, controllerEpoch)
}

/**
 * A leader that is about to leave hands over to the first replica, in assignment order, that is in sync and stays; the
 * in-sync set loses those that leave. Where nobody can take over, nothing changes.
 */
export function handOver(
  partition: Electorate,
  leaving: number,
  alive: Alive,
  controllerEpoch: number,
): PartitionStateNode | undefined {
  const { state } = partition
  const inSyncReplicas = state.inSyncReplicas.filter((replica) => alive.has(replica))
  if (state.leader !== leaving) {
    if (!state.inSyncReplicas.includes(leaving) || inSyncReplicas.length === 0) return undefined
    return { ...state, inSyncReplicas, leaderEpoch: state.leaderEpoch + 1, controllerEpoch }
  }
  const leader = partition.replicas.find((replica) => inSyncReplicas.includes(replica))
  if (leader === undefined) return undefined
  return { ...state, leader, inSyncReplicas, leaderEpoch: state.leaderEpoch + 1, controllerEpoch }
}

/**
 * What becomes of a partition when some of its replicas are not alive: another leader, none, or only a smaller in-sync
 * set. One that has lost its leader without successor keeps its in-sync set, so that a later election is clean.
 *
 * @returns undefined when nothing changes
 */
export function afterLoss(
  partition: Electorate,
  alive: Alive,
  isUncleanAllowed: boolean,
  controllerEpoch: number,
): PartitionStateNode | undefined {
  const { state } = partition
  const outcome = electOffline(partition, alive, isUncleanAllowed, controllerEpoch)
  if (outcome.kind === 'elected') return outcome.state
  if (outcome.kind === 'notPossible') {
    return state.leader === -1
      ? undefined
      : { ...state, leader: -1, leaderEpoch: state.leaderEpoch + 1, controllerEpoch }
  }
  const inSyncReplicas = state.inSyncReplicas.filter((replica) => replica === state.leader || alive.has(replica))
  if (inSyncReplicas.length === state.inSyncReplicas.length) return undefined
  return { ...state, inSyncReplicas, leaderEpoch: state.leaderEpoch + 1, controllerEpoch }
}

/**
 * Brokers whose last life ended without a clean stop may have lost the tails of their logs: they give way to others in sync. Where
 * there is no other, none of them is better than the rest, and the leader leads on in a new epoch, so that what others know of the
 * old one is not trusted.
 *
 * @returns undefined when nothing changes
 */
export function afterUncleanStop(
  partition: Electorate,
  suspects: ReadonlySet<number>,
  alive: Alive,
  isUncleanAllowed: boolean,
  controllerEpoch: number,
): PartitionStateNode | undefined {
  const { state } = partition
  const others: Alive = {
    has: (broker) => !suspects.has(broker) && alive.has(broker),
    serves: (broker) => !suspects.has(broker) && alive.serves(broker),
  }
  const isCoveredByOthers = state.inSyncReplicas.some((replica) => others.has(replica))
  if (isCoveredByOthers) return afterLoss(partition, others, false, controllerEpoch)
  if (!suspects.has(state.leader) || !alive.serves(state.leader))
    return afterLoss(partition, alive, isUncleanAllowed, controllerEpoch)
  return { ...state, leaderEpoch: state.leaderEpoch + 1, controllerEpoch }
}

/** The same leader in a new epoch: whoever is told obeys, because every change needs one. */
export function inNewEpoch(state: PartitionStateNode, controllerEpoch: number): PartitionStateNode {
  return { ...state, leaderEpoch: state.leaderEpoch + 1, controllerEpoch }
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
