import { configNumber } from '../../cluster/config/broker-config.ts'
import type { PartitionView, TopicView } from '../../cluster/contract.ts'
import { ErrorCode } from '../../model/error-code.ts'
import { whyInvalidTopicName } from '../../model/names.ts'
import { ZERO_UUID } from '../../model/uuid.ts'
import {
  type DescribeTopicPartitionsRequest,
  type DescribeTopicPartitionsResponse,
  describeTopicPartitionsApi,
  readDescribeTopicPartitionsRequest,
  writeDescribeTopicPartitionsResponse,
} from '../../protocol/generated/75-describe-topic-partitions.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import { OPERATIONS_NOT_ASKED, TOPIC_OPERATIONS, reachableBrokers } from '../cluster-answers.ts'
import type { ApiHandler, BrokerServices } from '../context.ts'

type TopicAnswer = Draft<DescribeTopicPartitionsResponse['topics'][number]>
type Cursor = { readonly topicName: string; readonly partitionIndex: number }

/** DescribeTopicPartitions: topics in order of name, a page of partitions at a time; the cursor says where to go on. */
export const describeTopicPartitionsHandler: ApiHandler<
  DescribeTopicPartitionsRequest,
  DescribeTopicPartitionsResponse
> = {
  apiKey: describeTopicPartitionsApi.key,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: describeTopicPartitionsApi.flexibleVersion,
  read: readDescribeTopicPartitionsRequest,
  write: writeDescribeTopicPartitionsResponse,
  handle(request, context, services): Draft<DescribeTopicPartitionsResponse> {
    const reachable = new Set(reachableBrokers(services, context).map(({ id }) => id))
    return page(request, services, reachable)
  },
}

function page(
  request: DescribeTopicPartitionsRequest,
  services: BrokerServices,
  reachable: ReadonlySet<number>,
): Draft<DescribeTopicPartitionsResponse> {
  const limit = configNumber(services.config, 'max.request.partition.size.limit')
  let room = Math.max(1, Math.min(limit, request.responsePartitionLimit))
  const topics: TopicAnswer[] = []
  let nextCursor: Cursor | null = null
  for (const name of namesInOrder(request, services)) {
    const topic = services.view.topic(name)
    if (topic === undefined) {
      topics.push(unknownTopic(name))
      continue
    }
    const from = request.cursor?.topicName === name ? Math.max(0, request.cursor.partitionIndex) : 0
    // No room for even one more partition: this topic begins the next page.
    if (room === 0) {
      nextCursor = { topicName: name, partitionIndex: from }
      break
    }
    const partitions = topic.partitions.slice(from, from + room)
    topics.push(topicAnswer(topic, partitions, reachable))
    room -= partitions.length
    if (from + partitions.length < topic.partitions.length) {
      nextCursor = { topicName: name, partitionIndex: from + partitions.length }
      break
    }
  }
  return { topics, nextCursor }
}

/** What is asked for, from the cursor on; without names, everything. */
function namesInOrder(request: DescribeTopicPartitionsRequest, services: BrokerServices): readonly string[] {
  const isAll = request.topics.length === 0
  const names = isAll ? [...services.view.topics()].map(({ name }) => name) : request.topics.map(({ name }) => name)
  const start = request.cursor?.topicName ?? ''
  return [...new Set(names)].filter((name) => name >= start).sort((left, right) => (left < right ? -1 : 1))
}

function unknownTopic(name: string): TopicAnswer {
  const isInvalid = whyInvalidTopicName(name) !== undefined
  return {
    errorCode: isInvalid ? ErrorCode.invalidTopicException : ErrorCode.unknownTopicOrPartition,
    name,
    topicId: ZERO_UUID,
    isInternal: false,
    partitions: [],
    topicAuthorizedOperations: OPERATIONS_NOT_ASKED,
  }
}

function topicAnswer(
  topic: TopicView,
  partitions: readonly PartitionView[],
  reachable: ReadonlySet<number>,
): TopicAnswer {
  return {
    errorCode: ErrorCode.none,
    name: topic.name,
    topicId: topic.topicId,
    isInternal: topic.isInternal,
    topicAuthorizedOperations: TOPIC_OPERATIONS,
    partitions: partitions.map((partition) => ({
      errorCode: partitionCode(partition, reachable),
      partitionIndex: partition.partition,
      leaderId: reachable.has(partition.leader) ? partition.leader : -1,
      leaderEpoch: partition.leaderEpoch,
      replicaNodes: partition.replicas,
      isrNodes: partition.inSyncReplicas,
      // Eligible leader replicas (KIP-966) exist only with KRaft.
      eligibleLeaderReplicas: [],
      lastKnownElr: [],
      offlineReplicas: partition.offlineReplicas,
    })),
  }
}

function partitionCode(partition: PartitionView, reachable: ReadonlySet<number>): ErrorCode {
  if (reachable.has(partition.leader)) return ErrorCode.none
  return partition.leader >= 0 ? ErrorCode.listenerNotFound : ErrorCode.leaderNotAvailable
}
