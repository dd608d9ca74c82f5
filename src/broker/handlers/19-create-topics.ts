import { describeTopic } from '../../cluster/config/resolve.ts'
import type { CreateTopicResult, CreateTopicSpec } from '../../cluster/contract.ts'
import { ErrorCode } from '../../model/error-code.ts'
import { ZERO_UUID } from '../../model/uuid.ts'
import {
  type CreateTopicsRequest,
  type CreateTopicsResponse,
  createTopicsApi,
  readCreateTopicsRequest,
  writeCreateTopicsResponse,
} from '../../protocol/generated/19-create-topics.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import { brokerLayers } from '../cluster-answers.ts'
import type { ApiHandler, BrokerServices } from '../context.ts'

type TopicResult = Draft<CreateTopicsResponse['topics'][number]>

/** CreateTopics: each topic by itself; one that is refused never stops another. */
export const createTopicsHandler: ApiHandler<CreateTopicsRequest, CreateTopicsResponse> = {
  apiKey: createTopicsApi.key,
  minVersion: 0,
  maxVersion: 7,
  flexibleVersion: createTopicsApi.flexibleVersion,
  read: readCreateTopicsRequest,
  write: writeCreateTopicsResponse,
  async handle(request, _context, services): Promise<Draft<CreateTopicsResponse>> {
    const counts = new Map<string, number>()
    for (const { name } of request.topics) counts.set(name, (counts.get(name) ?? 0) + 1)
    const once = request.topics.filter(({ name }) => counts.get(name) === 1)
    const problems = new Map<string, TopicResult>()
    for (const [name, count] of counts) {
      if (count > 1)
        problems.set(name, refused(name, ErrorCode.invalidRequest, 'Found multiple entries for this topic.'))
    }
    for (const topic of once) {
      // -1 stands for the broker's defaults in every version: clients ask so from version 4 on, but Kafka serves all.
      const problem = whyRepeatedConfig(topic)
      if (problem !== undefined) problems.set(topic.name, problem)
    }
    const accepted = once.filter(({ name }) => !problems.has(name))
    const results = await services.control.createTopics(
      accepted.map((topic) => specOf(topic)),
      request.validateOnly,
    )
    const configsOf = configurations(services)
    const topics = results.map((result, index) => resultOf(result, accepted[index], configsOf, request.validateOnly))
    return { topics: [...topics, ...problems.values()] }
  },
}

type Asked = CreateTopicsRequest['topics'][number]

function refused(name: string, errorCode: ErrorCode, errorMessage: string): TopicResult {
  return { name, errorCode, errorMessage, topicId: ZERO_UUID, numPartitions: -1, replicationFactor: -1, configs: [] }
}

function whyRepeatedConfig(topic: Asked): TopicResult | undefined {
  const names = topic.configs.map(({ name }) => name)
  return new Set(names).size === names.length
    ? undefined
    : refused(topic.name, ErrorCode.invalidRequest, `Topic '${topic.name}' has a configuration more than once.`)
}

function specOf(topic: Asked): CreateTopicSpec {
  return {
    name: topic.name,
    partitionCount: topic.numPartitions,
    replicationFactor: topic.replicationFactor,
    assignments: topic.assignments.map(({ partitionIndex, brokerIds }) => ({
      partition: partitionIndex,
      replicas: brokerIds,
    })),
    config: Object.fromEntries(topic.configs.map(({ name, value }) => [name, value])),
  }
}

function resultOf(
  result: CreateTopicResult,
  asked: Asked | undefined,
  configsOf: (asked: Asked | undefined) => TopicResult['configs'],
  validateOnly: boolean,
): TopicResult {
  if (result.code !== ErrorCode.none) return refused(result.name, result.code, result.message ?? '')
  return {
    name: result.name,
    topicId: validateOnly ? ZERO_UUID : result.topicId,
    errorCode: ErrorCode.none,
    errorMessage: null,
    numPartitions: result.partitionCount,
    replicationFactor: result.replicationFactor,
    configs: configsOf(asked),
  }
}

/** What topics are configured with in the end, worked out once for all that ask for the same: of a thousand in one request mostly all do. */
function configurations(services: BrokerServices): (asked: Asked | undefined) => TopicResult['configs'] {
  const layers = brokerLayers(services)
  const known = new Map<string, TopicResult['configs']>()
  return (asked) => {
    const own: Record<string, string> = {}
    for (const { name, value } of asked?.configs ?? []) if (value !== null) own[name] = value
    const key = JSON.stringify(own)
    const configs =
      known.get(key) ??
      describeTopic(own, layers, null).map(({ name, value, isSensitive, isReadOnly, source }) => ({
        name,
        value: isSensitive ? null : value,
        readOnly: isReadOnly,
        configSource: source,
        isSensitive,
      }))
    known.set(key, configs)
    return configs
  }
}
