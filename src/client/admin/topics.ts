import { ErrorCode } from '../../model/error-code.ts'
import {
  createPartitionsCall,
  createTopicsCall,
  deleteRecordsCall,
  deleteTopicsCall,
  listReassignmentsCall,
} from '../calls.ts'
import type { TopicMetadata } from '../cluster.ts'
import { BrokerError, throwIfRefused } from '../errors.ts'
import { type AdminContext, byTopic } from './context.ts'

export interface NewTopic {
  readonly name: string
  /** -1 or left out: the cluster's default. */
  readonly partitionCount?: number | undefined
  /** -1 or left out: the cluster's default. */
  readonly replicationFactor?: number | undefined
  /** Brokers of each partition, instead of the two counts. */
  readonly assignment?: readonly (readonly number[])[] | undefined
  readonly configs?: Readonly<Record<string, string>> | undefined
}

export interface DeletedRecords {
  readonly topic: string
  readonly partition: number
  readonly lowWatermark: number
}

/** Every topic, internal ones too. */
export function listTopics(context: AdminContext): Promise<readonly TopicMetadata[]> {
  return context.trying('list topics', () => context.cluster.allTopics())
}

/** @returns in the order asked; a topic that is not there has its error code set */
export function describeTopics(context: AdminContext, names: readonly string[]): Promise<readonly TopicMetadata[]> {
  return context.trying('describe topics', () => context.cluster.describeTopics(names))
}

/** @throws BrokerError such as TOPIC_ALREADY_EXISTS */
export function createTopic(context: AdminContext, topic: NewTopic, validateOnly: boolean = false): Promise<void> {
  return context.atController(`create topic '${topic.name}'`, async (connection) => {
    const assignments = (topic.assignment ?? []).map((brokerIds, partitionIndex) => ({ partitionIndex, brokerIds }))
    const hasAssignment = assignments.length > 0
    const answer = await connection.request(createTopicsCall, {
      topics: [
        {
          name: topic.name,
          numPartitions: hasAssignment ? -1 : (topic.partitionCount ?? -1),
          replicationFactor: hasAssignment ? -1 : (topic.replicationFactor ?? -1),
          assignments,
          configs: Object.entries(topic.configs ?? {}).map(([name, value]) => ({ name, value })),
        },
      ],
      timeoutMs: context.timeoutMs,
      validateOnly,
    })
    for (const result of answer.topics)
      throwIfRefused(result.errorCode, `create topic '${result.name}'`, result.errorMessage)
  })
}

/** @throws BrokerError such as UNKNOWN_TOPIC_OR_PARTITION */
export function deleteTopic(context: AdminContext, name: string): Promise<void> {
  return context.atController(`delete topic '${name}'`, async (connection) => {
    const answer = await connection.request(deleteTopicsCall, { topics: [{ name }], timeoutMs: context.timeoutMs })
    for (const result of answer.responses)
      throwIfRefused(result.errorCode, `delete topic '${name}'`, result.errorMessage)
    context.cluster.forgetTopic(name)
  })
}

/**
 * Adds partitions.
 *
 * @param partitionCount how many there shall be in the end
 * @param assignment brokers of each new partition
 * @throws BrokerError such as INVALID_PARTITIONS
 */
export function createPartitions(
  context: AdminContext,
  name: string,
  partitionCount: number,
  assignment?: readonly (readonly number[])[],
): Promise<void> {
  return context.atController(`add partitions to topic '${name}'`, async (connection) => {
    const assignments = assignment?.map((brokerIds) => ({ brokerIds })) ?? null
    const answer = await connection.request(createPartitionsCall, {
      topics: [{ name, count: partitionCount, assignments }],
      timeoutMs: context.timeoutMs,
    })
    for (const result of answer.results) {
      throwIfRefused(result.errorCode, `add partitions to topic '${name}'`, result.errorMessage)
    }
  })
}

/**
 * Moves the start of partitions up.
 *
 * @param before first offset to keep; -1 for the high watermark
 */
export async function deleteRecords(
  context: AdminContext,
  before: readonly { readonly topic: string; readonly partition: number; readonly offset: number }[],
): Promise<readonly DeletedRecords[]> {
  return context.trying('delete records', async () => {
    const deleted: DeletedRecords[] = []
    for (const [nodeId, partitions] of await context.byLeader(before)) {
      const connection = await context.cluster.connection(nodeId)
      const topics = byTopic(partitions).map(([name, list]) => ({
        name,
        partitions: list.map(({ partition, offset }) => ({ partitionIndex: partition, offset })),
      }))
      const answer = await connection.request(deleteRecordsCall, { topics, timeoutMs: context.timeoutMs })
      for (const topic of answer.topics) {
        for (const result of topic.partitions) {
          throwIfRefused(result.errorCode, `delete records of ${topic.name}-${result.partitionIndex}`)
          deleted.push({ topic: topic.name, partition: result.partitionIndex, lowWatermark: result.lowWatermark })
        }
      }
    }
    return deleted
  })
}

/** Partitions that are being moved, as `topic-partition`, with the replicas that come. */
export function listReassignments(context: AdminContext): Promise<ReadonlyMap<string, readonly number[]>> {
  return context.atController('list reassignments', async (connection) => {
    const moving = new Map<string, readonly number[]>()
    const answer = await connection.request(listReassignmentsCall, { topics: null, timeoutMs: context.timeoutMs })
    throwIfRefused(answer.errorCode, 'list reassignments', answer.errorMessage)
    for (const topic of answer.topics) {
      for (const partition of topic.partitions)
        moving.set(`${topic.name}-${partition.partitionIndex}`, partition.addingReplicas)
    }
    return moving
  })
}

/** Whether an error says that there is no such topic. */
export function isUnknownTopic(error: unknown): boolean {
  return error instanceof BrokerError && error.code === ErrorCode.unknownTopicOrPartition
}
