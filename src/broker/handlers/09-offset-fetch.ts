import type { ClusterView } from '../../cluster/view.ts'
import { ErrorCode } from '../../model/error-code.ts'
import { ZERO_UUID } from '../../model/uuid.ts'
import {
  type OffsetFetchRequest,
  type OffsetFetchResponse,
  offsetFetchApi,
  readOffsetFetchRequest,
  writeOffsetFetchResponse,
} from '../../protocol/generated/09-offset-fetch.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import type { ApiHandler, BrokerServices } from '../context.ts'
import type { GroupOffsetsQuery } from '../groups/contract.ts'
import type { RequestContext } from '../request-context.ts'

type RequestGroup = OffsetFetchRequest['groups'][number]
type GroupAnswer = Draft<OffsetFetchResponse['groups'][number]>

const TOP_LEVEL_ERROR_SINCE_VERSION = 2
const GROUPS_SINCE_VERSION = 8
/** First version that names topics by id. */
const TOPIC_IDS_SINCE_VERSION = 10

/**
 * OffsetFetch: one group up to version 7, many from 8 on, each asked of its own coordinator. Offsets of topics that
 * do not exist are answered like all others; only an unknown topic id is an error.
 *
 * Version 0 was for offsets kept in ZooKeeper; it is answered from the coordinator, with that version's code for a
 * partition that has none.
 */
export const offsetFetchHandler: ApiHandler<OffsetFetchRequest, OffsetFetchResponse> = {
  apiKey: offsetFetchApi.key,
  minVersion: 0,
  maxVersion: 10,
  flexibleVersion: offsetFetchApi.flexibleVersion,
  read: readOffsetFetchRequest,
  write: writeOffsetFetchResponse,
  async handle(request, context, services) {
    if (context.apiVersion < GROUPS_SINCE_VERSION) return fetchOne(request, context, services)
    const groups = await Promise.all(
      request.groups.map((group) =>
        context.apiVersion >= TOPIC_IDS_SINCE_VERSION
          ? fetchById(group, request.requireStable, context, services)
          : ask(queryOf(group.groupId, group.topics, request.requireStable), context, services),
      ),
    )
    return { groups }
  },
}

async function fetchOne(
  request: OffsetFetchRequest,
  context: RequestContext,
  services: BrokerServices,
): Promise<Draft<OffsetFetchResponse>> {
  const query = queryOf(request.groupId, request.topics, request.requireStable)
  const answer = await ask(query, context, services)
  const errorCode = answer.errorCode ?? ErrorCode.none
  if (context.apiVersion < TOP_LEVEL_ERROR_SINCE_VERSION && errorCode !== ErrorCode.none) {
    // These versions can only say it partition by partition.
    const topics = (request.topics ?? []).map((topic) => ({
      name: topic.name,
      partitions: topic.partitionIndexes.map((partition) => refused(partition, errorCode)),
    }))
    return { topics }
  }
  const topics = answer.topics ?? []
  if (context.apiVersion === 0) return { topics: topics.map(withoutOffsetIsUnknown) }
  return { topics, errorCode }
}

/** Version 10: ids in, ids out. A topic that cannot be named by an id any more is left out of "all". */
async function fetchById(
  group: RequestGroup,
  requireStable: boolean,
  context: RequestContext,
  services: BrokerServices,
): Promise<GroupAnswer> {
  const view = services.view
  const asked = group.topics
  const known = asked?.filter(({ topicId }) => view.topicById(topicId) !== undefined) ?? null
  const named = known?.map((topic) => ({ ...topic, name: view.topicById(topic.topicId)?.name ?? '' })) ?? null
  const answer = await ask(queryOf(group.groupId, named, requireStable), context, services)
  if ((answer.errorCode ?? ErrorCode.none) !== ErrorCode.none) return answer
  const found = (answer.topics ?? []).flatMap((topic) => {
    const topicId = idOf(view, topic.name ?? '')
    return topicId === undefined ? [] : [{ ...topic, name: '', topicId }]
  })
  const unknown = (asked ?? [])
    .filter(({ topicId }) => view.topicById(topicId) === undefined)
    .map(({ topicId, partitionIndexes }) => ({
      topicId,
      partitions: partitionIndexes.map((partition) => refused(partition, ErrorCode.unknownTopicId)),
    }))
  return { ...answer, topics: [...found, ...unknown] }
}

function ask(query: GroupOffsetsQuery, context: RequestContext, services: BrokerServices): Promise<GroupAnswer> {
  return services.groups.call('fetchOffsets', query.groupId, query, context)
}

function queryOf(
  groupId: string,
  topics:
    | readonly { readonly name: string; readonly topicId?: string; readonly partitionIndexes: readonly number[] }[]
    | null,
  requireStable: boolean,
): GroupOffsetsQuery {
  return {
    groupId,
    topics:
      topics === null
        ? null
        : topics.map(({ name, topicId, partitionIndexes }) => ({
            name,
            topicId: topicId ?? ZERO_UUID,
            partitionIndexes,
          })),
    requireStable,
  }
}

function idOf(view: ClusterView, name: string): string | undefined {
  return view.topic(name)?.topicId
}

function refused(
  partitionIndex: number,
  errorCode: number,
): Draft<OffsetFetchResponse['topics'][number]['partitions'][number]> {
  return { partitionIndex, committedOffset: -1, committedLeaderEpoch: -1, metadata: '', errorCode }
}

function withoutOffsetIsUnknown(
  topic: Draft<OffsetFetchResponse['topics'][number]>,
): Draft<OffsetFetchResponse['topics'][number]> {
  const partitions = (topic.partitions ?? []).map((partition) =>
    partition.committedOffset === -1 ? { ...partition, errorCode: ErrorCode.unknownTopicOrPartition } : partition,
  )
  return { name: topic.name, partitions }
}
