import { ErrorCode } from '../../model/error-code.ts'
import {
  type AlterPartitionReassignmentsRequest,
  type AlterPartitionReassignmentsResponse,
  alterPartitionReassignmentsApi,
  readAlterPartitionReassignmentsRequest,
  writeAlterPartitionReassignmentsResponse,
} from '../../protocol/generated/45-alter-partition-reassignments.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import type { ApiHandler, BrokerServices } from '../context.ts'

interface Row {
  readonly partitionIndex: number
  readonly errorCode: ErrorCode
  readonly errorMessage: string | null
}

/** AlterPartitionReassignments: partitions begin to move, change their goal, or stay after all. */
export const alterPartitionReassignmentsHandler: ApiHandler<
  AlterPartitionReassignmentsRequest,
  AlterPartitionReassignmentsResponse
> = {
  apiKey: alterPartitionReassignmentsApi.key,
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: alterPartitionReassignmentsApi.flexibleVersion,
  read: readAlterPartitionReassignmentsRequest,
  write: writeAlterPartitionReassignmentsResponse,
  async handle(request, _context, services): Promise<Draft<AlterPartitionReassignmentsResponse>> {
    const { allowReplicationFactorChange } = request
    const specs = request.topics.flatMap(({ name, partitions }) =>
      partitions.map(({ partitionIndex, replicas }) => ({ topic: name, partition: partitionIndex, replicas })),
    )
    const isAllowed = (spec: (typeof specs)[number]): boolean =>
      allowReplicationFactorChange || keepsFactor(spec, services)
    const results = await services.control.alterReassignments(specs.filter(isAllowed))
    const rows = new Map<string, Row[]>(request.topics.map(({ name }) => [name, []]))
    for (const { topic, partition, code, message } of results)
      rows.get(topic)?.push({ partitionIndex: partition, errorCode: code, errorMessage: message })
    for (const spec of specs) if (!isAllowed(spec)) rows.get(spec.topic)?.push(factorChanged(spec.partition))
    const isWrongNode = results.length > 0 && results.every(({ code }) => code === ErrorCode.notController)
    const answer = { allowReplicationFactorChange, responses: responsesOf(rows) }
    return isWrongNode
      ? { ...answer, errorCode: ErrorCode.notController, errorMessage: results[0]?.message ?? null, responses: [] }
      : { ...answer, errorCode: ErrorCode.none, errorMessage: null }
  },
}

function responsesOf(
  rows: ReadonlyMap<string, readonly Row[]>,
): Draft<AlterPartitionReassignmentsResponse>['responses'] {
  return [...rows].map(([name, partitions]) => ({ name, partitions }))
}

function keepsFactor(
  spec: { readonly topic: string; readonly partition: number; readonly replicas: readonly number[] | null },
  services: BrokerServices,
): boolean {
  const known = services.view.partition(spec.topic, spec.partition)
  return known === undefined || spec.replicas === null || spec.replicas.length === known.replicas.length
}

function factorChanged(partitionIndex: number): Row {
  return {
    partitionIndex,
    errorCode: ErrorCode.invalidReplicationFactor,
    errorMessage: 'The replication factor is changed, which the request does not allow.',
  }
}
