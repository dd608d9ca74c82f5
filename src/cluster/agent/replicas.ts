/**
 * What a broker makes of LeaderAndIsr and StopReplica. Pure: the replicas it has and a command give what to open, change,
 * close and remove, and a code for every partition.
 */
import { ErrorCode } from '../../model/error-code.ts'
import type { ReplicaRole } from '../../partition/contract.ts'
import {
  type LeadershipCommand,
  type LeadershipPartition,
  type PartitionAnswer,
  type StopCommand,
  partitionKey,
} from '../contract-commands.ts'
import type { LocalPlace } from '../placement.ts'

/** A replica that this broker keeps, or kept before it was told to stop. */
export interface LocalReplica {
  readonly topic: string
  /** '' = none. */
  readonly topicId: string
  readonly partition: number
  readonly place: LocalPlace
  readonly role: ReplicaRole
  /** A shard has it open. */
  readonly isOpen: boolean
  /** Its disk failed: until the next start it serves nothing. */
  readonly isFailed: boolean
}

export type LocalReplicas = ReadonlyMap<string, LocalReplica>

/** Gives a replica that comes here a place. */
export type Placing = (topic: string, partition: number) => LocalPlace

export interface LeadershipDecision {
  readonly answers: readonly PartitionAnswer[]
  /** Replicas with new roles; all of them open once done. */
  readonly assigned: readonly LocalReplica[]
  /** Those of them that come here for the first time, and hold nothing yet. */
  readonly created: ReadonlySet<LocalReplica>
}

/**
 * LeaderAndIsr. Codes and their order are Kafka's.
 *
 * @param isLeaving this broker is about to stop
 */
export function decideLeadership(
  replicas: LocalReplicas,
  command: LeadershipCommand,
  brokerId: number,
  place: Placing,
  isLeaving: boolean,
): LeadershipDecision {
  const answers: PartitionAnswer[] = []
  const assigned: LocalReplica[] = []
  const created = new Set<LocalReplica>()
  for (const { topic, topicId, partitions } of command.topics) {
    for (const state of partitions) {
      const { partition } = state
      const local = replicas.get(partitionKey(topic, partition))
      const code = whyNotLeadership(local, topicId, state, brokerId)
      answers.push({ topic, partition, code: code ?? ErrorCode.none })
      if (code !== undefined) continue
      // An older state of the same partition that came late: accepted, and without effect.
      if (local !== undefined && state.partitionEpoch < local.role.partitionEpoch) continue
      const replica: LocalReplica = {
        topic,
        topicId: topicId === '' ? (local?.topicId ?? '') : topicId,
        partition,
        place: local?.place ?? place(topic, partition),
        role: roleOf(state, brokerId, isLeaving),
        isOpen: true,
        isFailed: false,
      }
      assigned.push(replica)
      if (local === undefined && state.isNew) created.add(replica)
    }
  }
  return { answers, assigned, created }
}

function whyNotLeadership(
  local: LocalReplica | undefined,
  topicId: string,
  state: LeadershipPartition,
  brokerId: number,
): ErrorCode | undefined {
  if (local?.isFailed === true) return ErrorCode.kafkaStorageError
  if (local !== undefined && local.topicId !== '' && topicId !== '' && local.topicId !== topicId) {
    return ErrorCode.inconsistentTopicId
  }
  if (state.leaderEpoch <= (local?.role.leaderEpoch ?? -1)) return ErrorCode.staleControllerEpoch
  return state.replicas.includes(brokerId) ? undefined : ErrorCode.unknownTopicOrPartition
}

/**
 * Who is about to stop fetches no more where it does not count any more. Its leader would take it for one that has caught up, ask for
 * it to be let in, and wait for it until the controller refuses that; and the controller is busy with the stop, or is the one that stops.
 */
function roleOf(state: LeadershipPartition, brokerId: number, isLeaving: boolean): ReplicaRole {
  const { leader, leaderEpoch, partitionEpoch, replicas, inSyncReplicas } = state
  if (leader === brokerId) return { kind: 'leader', leaderEpoch, partitionEpoch, replicas, inSyncReplicas }
  const isNeeded = !isLeaving || inSyncReplicas.includes(brokerId)
  return { kind: 'follower', leader: isNeeded ? leader : NOBODY, leaderEpoch, partitionEpoch, replicas }
}

const NOBODY = -1

export interface StopDecision {
  readonly answers: readonly PartitionAnswer[]
  readonly closed: readonly LocalReplica[]
  /** Their files go. One that is not open must be opened first: only an open replica can be removed. */
  readonly removed: readonly LocalReplica[]
}

/** @param hasFiles whether a directory of a replica lies here that nobody has opened since the start */
export function decideStop(
  replicas: LocalReplicas,
  command: StopCommand,
  place: Placing,
  hasFiles: (topic: string, partition: number) => boolean,
): StopDecision {
  const answers: PartitionAnswer[] = []
  const closed: LocalReplica[] = []
  const removed: LocalReplica[] = []
  for (const { topic, partitions } of command.topics) {
    for (const { partition, leaderEpoch, isDeleted } of partitions) {
      const local = replicas.get(partitionKey(topic, partition))
      const code = whyNotStopped(local, leaderEpoch)
      answers.push({ topic, partition, code })
      if (code !== ErrorCode.none) continue
      if (!isDeleted) {
        if (local?.isOpen === true) closed.push(local)
      } else if (local !== undefined) removed.push(local)
      else if (hasFiles(topic, partition)) removed.push(strayReplica(topic, partition, place(topic, partition)))
    }
  }
  return { answers, closed, removed }
}

function whyNotStopped(local: LocalReplica | undefined, leaderEpoch: number): ErrorCode {
  if (local === undefined) return ErrorCode.none
  if (local.isFailed) return ErrorCode.kafkaStorageError
  return leaderEpoch >= 0 && leaderEpoch < local.role.leaderEpoch ? ErrorCode.fencedLeaderEpoch : ErrorCode.none
}

function strayReplica(topic: string, partition: number, place: LocalPlace): LocalReplica {
  const role = { kind: 'follower', leader: -1, leaderEpoch: -1, partitionEpoch: -1, replicas: [] } as const
  return { topic, topicId: '', partition, place, role, isOpen: false, isFailed: false }
}
