/**
 * Moving partitions to other brokers. Pure. While a partition moves, its replicas are the wanted ones followed by those
 * that are to go; when all wanted ones are in sync, the others are dropped.
 *
 * A movement may be replaced or cancelled when it has come half-way. What it had added is dropped at once, unless it is in
 * sync: then it may be the leader, or the only replica that has what was acknowledged, and goes with the others, once all
 * wanted ones are in sync. Until then it stands in both lists, so that who cancels again still comes back to the origin.
 */
import { ErrorCode } from '../model/error-code.ts'
import type { ControlResult, ReassignmentSpec } from './contract.ts'
import { type Alive, inNewEpoch } from './elections.ts'
import type { ClusterState, PartitionRecord, TopicRecord } from './state.ts'
import type { PartitionStateNode } from './znodes.ts'

/** The replica lists of a partition on the move. */
export interface Movement {
  readonly replicas: readonly number[]
  readonly adding: readonly number[]
  readonly removing: readonly number[]
}

const NONE: readonly number[] = []

export function movementOf(topic: TopicRecord, record: PartitionRecord): Movement {
  return {
    replicas: record.replicas,
    adding: topic.adding.get(record.partition) ?? NONE,
    removing: topic.removing.get(record.partition) ?? NONE,
  }
}

export function isMoving({ adding, removing }: Movement): boolean {
  return adding.length > 0 || removing.length > 0
}

/** The replicas that a movement ends with. */
export function targetOf({ replicas, removing }: Movement): readonly number[] {
  return replicas.filter((replica) => !removing.includes(replica))
}

/** The replicas that a movement began with. */
function originOf({ replicas, adding }: Movement): readonly number[] {
  return replicas.filter((replica) => !adding.includes(replica))
}

/**
 * A movement towards `target`, from wherever the partition is now.
 *
 * @param inSync the partition's in-sync set
 */
export function moveTo(movement: Movement, target: readonly number[], inSync: readonly number[]): Movement {
  const origin = originOf(movement)
  const kept = movement.adding.filter((replica) => inSync.includes(replica))
  const replicas = [...new Set([...target, ...origin, ...kept])]
  return {
    replicas,
    adding: replicas.filter((replica) => !origin.includes(replica)),
    removing: replicas.filter((replica) => !target.includes(replica)),
  }
}

export type ReassignDecision =
  | { readonly kind: 'refused'; readonly result: ControlResult }
  | {
      readonly kind: 'move'
      readonly topic: TopicRecord
      readonly record: PartitionRecord
      readonly movement: Movement
      /** Replicas of an earlier movement that nobody wants any more. */
      readonly dropped: readonly number[]
    }

function refuse(code: ErrorCode, message: string): ReassignDecision {
  return { kind: 'refused', result: { code, message } }
}

export function decideReassign(state: ClusterState, spec: ReassignmentSpec): ReassignDecision {
  const topic = state.topic(spec.topic)
  const record = topic?.partitions[spec.partition]
  if (topic === undefined || record === undefined) {
    return refuse(ErrorCode.unknownTopicOrPartition, 'The partition does not exist.')
  }
  const now = movementOf(topic, record)
  if (spec.replicas === null) {
    if (!isMoving(now)) return refuse(ErrorCode.noReassignmentInProgress, 'No partition reassignment is in progress.')
    return move(topic, record, originOf(now))
  }
  const problem = whyBadTarget(state, now, spec.replicas)
  if (problem !== undefined) return refuse(ErrorCode.invalidReplicaAssignment, problem)
  return move(topic, record, spec.replicas)
}

function move(topic: TopicRecord, record: PartitionRecord, target: readonly number[]): ReassignDecision {
  const now = movementOf(topic, record)
  const movement = moveTo(now, target, record.state.inSyncReplicas)
  const dropped = now.adding.filter((replica) => !movement.replicas.includes(replica))
  return { kind: 'move', topic, record, movement, dropped }
}

function whyBadTarget(state: ClusterState, now: Movement, target: readonly number[]): string | undefined {
  if (target.length === 0) return 'Empty replica list specified in partition reassignment.'
  if (target.some((replica) => replica < 0)) return 'Invalid broker id in replica list.'
  if (new Set(target).size !== target.length) return 'Duplicate replica ids in partition reassignment replica list.'
  const origin = originOf(now)
  const dead = target.filter((replica) => !origin.includes(replica) && !state.brokers.has(replica))
  return dead.length === 0
    ? undefined
    : `Replica assignment has brokers that are not alive. Replica list: ${target.join(', ')}, not alive: ${dead.join(', ')}`
}

/**
 * The state with which a movement ends, or undefined while replicas are missing: every wanted one must be in sync, and one
 * of them alive to lead.
 */
export function decideArrival(
  movement: Movement,
  state: PartitionStateNode,
  alive: Alive,
  controllerEpoch: number,
): PartitionStateNode | undefined {
  const target = targetOf(movement)
  if (!target.every((replica) => state.inSyncReplicas.includes(replica))) return undefined
  const isLeaderStaying = target.includes(state.leader) && alive.serves(state.leader)
  const leader = isLeaderStaying ? state.leader : target.find((replica) => alive.has(replica))
  if (leader === undefined) return undefined
  const inSyncReplicas = state.inSyncReplicas.filter((replica) => target.includes(replica))
  return { ...inNewEpoch(state, controllerEpoch), leader, inSyncReplicas }
}
