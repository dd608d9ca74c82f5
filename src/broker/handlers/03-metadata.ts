import { internalTopicSpec } from '../../cluster/config/internal-topics.ts'
import { configFlag } from '../../cluster/config/broker-config.ts'
import type { CreateTopicSpec, PartitionView, TopicView } from '../../cluster/contract.ts'
import { ErrorCode } from '../../model/error-code.ts'
import { whyInvalidTopicName } from '../../model/names.ts'
import { ZERO_UUID } from '../../model/uuid.ts'
import {
  type MetadataRequest,
  type MetadataResponse,
  metadataApi,
  readMetadataRequest,
  writeMetadataResponse,
} from '../../protocol/generated/03-metadata.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import { CLUSTER_OPERATIONS, OPERATIONS_NOT_ASKED, TOPIC_OPERATIONS, reachableBrokers } from '../cluster-answers.ts'
import type { ApiHandler, BrokerServices } from '../context.ts'
import type { RequestContext } from '../request-context.ts'

type TopicAnswer = Draft<MetadataResponse>['topics'] extends readonly (infer Topic)[] | undefined ? Topic : never
type PartitionAnswer = Draft<MetadataResponse['topics'][number]['partitions'][number]>

/** First version in which an empty list means no topic rather than all. */
const EMPTY_IS_NONE_SINCE_VERSION = 1
/** First version that lets the client forbid creation; before it, asking was enough. */
const MAY_FORBID_CREATION_SINCE_VERSION = 4
/** First version that tells a missing listener from a missing leader. */
const LISTENER_CODE_SINCE_VERSION = 6
/** First version in which topics can be asked for by id alone. */
const BY_ID_SINCE_VERSION = 12

/** Metadata: brokers, topics, leaders. Most producers rely on it to create the topic that they ask for. */
export const metadataHandler: ApiHandler<MetadataRequest, MetadataResponse> = {
  apiKey: metadataApi.key,
  minVersion: 0,
  maxVersion: 13,
  flexibleVersion: metadataApi.flexibleVersion,
  read: readMetadataRequest,
  write: writeMetadataResponse,
  handle(request, context, services): Draft<MetadataResponse> | Promise<Draft<MetadataResponse>> {
    const missing = topicsToCreate(request, context, services)
    if (missing.length === 0) return answer(request, context, services, NO_FAILURES)
    return create(missing, services).then((failures) => answer(request, context, services, failures))
  },
}

const NO_FAILURES: ReadonlyMap<string, ErrorCode> = new Map()

function answer(
  request: MetadataRequest,
  context: RequestContext,
  services: BrokerServices,
  failures: ReadonlyMap<string, ErrorCode>,
): Draft<MetadataResponse> {
  const { view } = services
  const reachable = reachableBrokers(services, context)
  const brokers = reachable.map(({ id, host, port, rack }) => ({ nodeId: id, host, port, rack }))
  const isReachable = new Set(reachable.map(({ id }) => id))
  return {
    brokers,
    clusterId: view.clusterId,
    controllerId: view.controllerId,
    topics: topicAnswers(request, context, services, failures, isReachable),
    clusterAuthorizedOperations: request.includeClusterAuthorizedOperations ? CLUSTER_OPERATIONS : OPERATIONS_NOT_ASKED,
  }
}

function topicAnswers(
  request: MetadataRequest,
  context: RequestContext,
  services: BrokerServices,
  failures: ReadonlyMap<string, ErrorCode>,
  reachable: ReadonlySet<number>,
): readonly TopicAnswer[] {
  const { view } = services
  const operations = request.includeTopicAuthorizedOperations ? TOPIC_OPERATIONS : OPERATIONS_NOT_ASKED
  const known = (topic: TopicView): TopicAnswer => ({
    errorCode: ErrorCode.none,
    name: topic.name,
    topicId: topic.topicId,
    isInternal: topic.isInternal,
    topicAuthorizedOperations: operations,
    partitions: topic.partitions.map((partition) => partitionAnswer(partition, context.apiVersion, reachable)),
  })
  if (asksForAll(request, context)) return [...view.topics()].map((topic) => known(topic))
  const asked = request.topics ?? []
  return asked.map(({ name, topicId }) => {
    if (name === null || topicId !== ZERO_UUID) {
      // Versions 10 and 11 have the field but no meaning for it.
      if (context.apiVersion < BY_ID_SINCE_VERSION) return failure(name ?? '', topicId, ErrorCode.invalidRequest)
      const topic = view.topicById(topicId)
      return topic === undefined ? failure(name, topicId, ErrorCode.unknownTopicId) : known(topic)
    }
    const topic = view.topic(name)
    if (topic !== undefined) return known(topic)
    const code = whyInvalidTopicName(name) === undefined ? undefined : ErrorCode.invalidTopicException
    return failure(name, ZERO_UUID, code ?? failures.get(name) ?? ErrorCode.unknownTopicOrPartition)
  })
}

function failure(name: string | null, topicId: string, errorCode: ErrorCode): TopicAnswer {
  return {
    errorCode,
    name,
    topicId,
    isInternal: false,
    partitions: [],
    topicAuthorizedOperations: OPERATIONS_NOT_ASKED,
  }
}

function partitionAnswer(partition: PartitionView, version: number, reachable: ReadonlySet<number>): PartitionAnswer {
  return {
    errorCode: partitionCode(partition, version, reachable),
    partitionIndex: partition.partition,
    leaderId: reachable.has(partition.leader) ? partition.leader : -1,
    leaderEpoch: partition.leaderEpoch,
    replicaNodes: partition.replicas,
    isrNodes: partition.inSyncReplicas,
    offlineReplicas: partition.offlineReplicas,
  }
}

function partitionCode(partition: PartitionView, version: number, reachable: ReadonlySet<number>): ErrorCode {
  if (reachable.has(partition.leader)) return ErrorCode.none
  const isListenerMissing = partition.leader >= 0 && version >= LISTENER_CODE_SINCE_VERSION
  return isListenerMissing ? ErrorCode.listenerNotFound : ErrorCode.leaderNotAvailable
}

function asksForAll(request: MetadataRequest, context: RequestContext): boolean {
  return request.topics === null || (request.topics.length === 0 && context.apiVersion < EMPTY_IS_NONE_SINCE_VERSION)
}

/** Topics that are asked for by name, do not exist, and may be made: `auto.create.topics.enable` and the client agree. */
function topicsToCreate(
  request: MetadataRequest,
  context: RequestContext,
  services: BrokerServices,
): readonly CreateTopicSpec[] {
  if (asksForAll(request, context)) return []
  const mayCreate = context.apiVersion < MAY_FORBID_CREATION_SINCE_VERSION || request.allowAutoTopicCreation
  if (!mayCreate || !configFlag(services.config, 'auto.create.topics.enable')) return []
  const specs = new Map<string, CreateTopicSpec>()
  for (const { name, topicId } of request.topics ?? []) {
    if (name === null || topicId !== ZERO_UUID || services.view.topic(name) !== undefined) continue
    if (whyInvalidTopicName(name) !== undefined) continue
    const internal = internalTopicSpec(name, services.config, services.view.brokers.length)
    specs.set(name, internal ?? { name, partitionCount: -1, replicationFactor: -1, assignments: [], config: {} })
  }
  return [...specs.values()]
}

/** @returns the code to answer for topics that could not be made */
async function create(
  specs: readonly CreateTopicSpec[],
  services: BrokerServices,
): Promise<ReadonlyMap<string, ErrorCode>> {
  const results = await services.control.createTopics(specs, false, true)
  const failures = new Map<string, ErrorCode>()
  for (const { name, code } of results) {
    // Made by somebody else meanwhile, or being made: the client asks again.
    const isUnderWay =
      code === ErrorCode.topicAlreadyExists || code === ErrorCode.requestTimedOut || code === ErrorCode.notController
    if (code !== ErrorCode.none) failures.set(name, isUnderWay ? ErrorCode.leaderNotAvailable : code)
  }
  return failures
}
