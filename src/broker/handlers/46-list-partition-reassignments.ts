import {
  type ListPartitionReassignmentsRequest,
  type ListPartitionReassignmentsResponse,
  listPartitionReassignmentsApi,
  readListPartitionReassignmentsRequest,
  writeListPartitionReassignmentsResponse,
} from '../../protocol/generated/46-list-partition-reassignments.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import type { ApiHandler } from '../context.ts'

interface Row {
  readonly partitionIndex: number
  readonly replicas: readonly number[]
  readonly addingReplicas: readonly number[]
  readonly removingReplicas: readonly number[]
}

/** ListPartitionReassignments: what is on the move; partitions at rest are left out of the answer, known or not. */
export const listPartitionReassignmentsHandler: ApiHandler<
  ListPartitionReassignmentsRequest,
  ListPartitionReassignmentsResponse
> = {
  apiKey: listPartitionReassignmentsApi.key,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: listPartitionReassignmentsApi.flexibleVersion,
  read: readListPartitionReassignmentsRequest,
  write: writeListPartitionReassignmentsResponse,
  async handle(request, _context, services): Promise<Draft<ListPartitionReassignmentsResponse>> {
    const asked =
      request.topics?.flatMap(({ name, partitionIndexes }) =>
        partitionIndexes.map((partition) => ({ topic: name, partition })),
      ) ?? null
    const { code, message, moving } = await services.control.listReassignments(asked)
    const topics = new Map<string, Row[]>()
    for (const { topic, partition, replicas, adding, removing } of moving) {
      const list = topics.get(topic) ?? []
      list.push({ partitionIndex: partition, replicas, addingReplicas: adding, removingReplicas: removing })
      topics.set(topic, list)
    }
    return {
      errorCode: code,
      errorMessage: message,
      topics: [...topics].map(([name, partitions]) => ({ name, partitions })),
    }
  },
}
