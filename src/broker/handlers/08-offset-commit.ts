import { ErrorCode } from '../../model/error-code.ts'
import { ZERO_UUID } from '../../model/uuid.ts'
import type { ClusterView } from '../../cluster/view.ts'
import {
  type OffsetCommitRequest,
  type OffsetCommitResponse,
  offsetCommitApi,
  readOffsetCommitRequest,
  writeOffsetCommitResponse,
} from '../../protocol/generated/08-offset-commit.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import type { ApiHandler } from '../context.ts'

type RequestTopic = OffsetCommitRequest['topics'][number]
type ResponseTopic = Draft<OffsetCommitResponse['topics'][number]>

/** First version that names topics by id. */
const TOPIC_IDS_SINCE_VERSION = 10

/**
 * OffsetCommit. Partitions that do not exist are answered here, the others by the group's coordinator; all end up in the
 * order of the request.
 *
 * Version 0 was for offsets kept in ZooKeeper; they go to the coordinator like all others, as commits from outside a group.
 */
export const offsetCommitHandler: ApiHandler<OffsetCommitRequest, OffsetCommitResponse> = {
  apiKey: offsetCommitApi.key,
  minVersion: 0,
  maxVersion: 10,
  flexibleVersion: offsetCommitApi.flexibleVersion,
  read: readOffsetCommitRequest,
  write: writeOffsetCommitResponse,
  async handle(request, context, services) {
    const isById = context.apiVersion >= TOPIC_IDS_SINCE_VERSION
    const topics = request.topics.map((topic) => resolve(services.view, topic, isById))
    const known = topics.filter(({ existing }) => existing.partitions.length > 0).map(({ existing }) => existing)
    if (known.length === 0) return { topics: topics.map(({ unknown }) => unknown) }
    const answer = await services.groups.call('commitOffsets', request.groupId, { ...request, topics: known }, context)
    const answered = answer.topics ?? []
    let next = 0
    return {
      topics: topics.map(({ existing, unknown }) => {
        if (existing.partitions.length === 0) return unknown
        const topic = answered[next]
        next += 1
        return { ...unknown, partitions: [...(unknown.partitions ?? []), ...(topic?.partitions ?? [])] }
      }),
    }
  },
}

/** Splits a topic into what the coordinator has to judge and what is refused for not existing. */
function resolve(
  view: ClusterView,
  topic: RequestTopic,
  isById: boolean,
): { readonly existing: RequestTopic; readonly unknown: ResponseTopic } {
  const found = isById ? view.topicById(topic.topicId) : view.topic(topic.name)
  const missing = isById ? ErrorCode.unknownTopicId : ErrorCode.unknownTopicOrPartition
  const named = isById ? { name: '', topicId: topic.topicId } : { name: topic.name, topicId: ZERO_UUID }
  const existing = topic.partitions.filter(({ partitionIndex }) => found?.partitions[partitionIndex] !== undefined)
  const refused = topic.partitions.filter(({ partitionIndex }) => found?.partitions[partitionIndex] === undefined)
  const code = found === undefined ? missing : ErrorCode.unknownTopicOrPartition
  return {
    existing: { name: found?.name ?? '', topicId: found?.topicId ?? ZERO_UUID, partitions: existing },
    unknown: { ...named, partitions: refused.map(({ partitionIndex }) => ({ partitionIndex, errorCode: code })) },
  }
}
