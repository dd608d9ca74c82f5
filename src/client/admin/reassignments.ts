import { alterReassignmentsCall, listReassignmentsCall } from '../calls.ts'
import { throwIfRefused } from '../errors.ts'
import { type AdminContext, byTopic } from './context.ts'

/** Where a partition is to be; `replicas` null: it stays after all. */
export interface PartitionMove {
  readonly topic: string
  readonly partition: number
  /** The preferred leader first. */
  readonly replicas: readonly number[] | null
}

/** A partition on the move. */
export interface MovingPartition {
  readonly topic: string
  readonly partition: number
  readonly replicas: readonly number[]
  readonly adding: readonly number[]
  readonly removing: readonly number[]
}

export interface MoveOutcome {
  readonly topic: string
  readonly partition: number
  readonly errorCode: number
  readonly errorMessage: string | null
}

/** Begins, changes or cancels moves. Each partition is judged by itself. */
export function alterReassignments(
  context: AdminContext,
  moves: readonly PartitionMove[],
): Promise<readonly MoveOutcome[]> {
  return context.atController('alter reassignments', async (connection) => {
    const answer = await connection.request(alterReassignmentsCall, {
      timeoutMs: context.timeoutMs,
      topics: byTopic(moves).map(([name, partitions]) => ({
        name,
        partitions: partitions.map(({ partition, replicas }) => ({
          partitionIndex: partition,
          replicas: replicas === null ? null : [...replicas],
        })),
      })),
    })
    throwIfRefused(answer.errorCode, 'alter reassignments', answer.errorMessage)
    return answer.responses.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, errorCode, errorMessage }) => ({
        topic: name,
        partition: partitionIndex,
        errorCode,
        errorMessage,
      })),
    )
  })
}

export function listMovingPartitions(context: AdminContext): Promise<readonly MovingPartition[]> {
  return context.atController('list reassignments', async (connection) => {
    const answer = await connection.request(listReassignmentsCall, { topics: null, timeoutMs: context.timeoutMs })
    throwIfRefused(answer.errorCode, 'list reassignments', answer.errorMessage)
    return answer.topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, replicas, addingReplicas, removingReplicas }) => ({
        topic: name,
        partition: partitionIndex,
        replicas,
        adding: addingReplicas,
        removing: removingReplicas,
      })),
    )
  })
}
