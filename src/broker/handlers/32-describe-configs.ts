import { keyDocumentation } from '../../cluster/config/documentation.ts'
import { ResourceType, clientMetricsKeys, groupKeys } from '../../cluster/config/registry.ts'
import {
  ConfigSource,
  type DescribedConfig,
  describeBroker,
  describeBrokerDefault,
  describeResource,
  describeTopic,
} from '../../cluster/config/resolve.ts'
import { ErrorCode } from '../../model/error-code.ts'
import { whyInvalidTopicName } from '../../model/names.ts'
import {
  type DescribeConfigsRequest,
  type DescribeConfigsResponse,
  describeConfigsApi,
  readDescribeConfigsRequest,
  writeDescribeConfigsResponse,
} from '../../protocol/generated/32-describe-configs.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import { brokerLayers } from '../cluster-answers.ts'
import type { ApiHandler, BrokerServices } from '../context.ts'

type Resource = DescribeConfigsRequest['resources'][number]
type Answer = Draft<DescribeConfigsResponse['results'][number]>
type Lines = readonly DescribedConfig[]

interface Refusal {
  readonly errorCode: ErrorCode
  readonly errorMessage: string
}

/** DescribeConfigs: what holds, where it was set, and what it would be otherwise. */
export const describeConfigsHandler: ApiHandler<DescribeConfigsRequest, DescribeConfigsResponse> = {
  apiKey: describeConfigsApi.key,
  minVersion: 0,
  maxVersion: 4,
  flexibleVersion: describeConfigsApi.flexibleVersion,
  read: readDescribeConfigsRequest,
  write: writeDescribeConfigsResponse,
  handle(request, _context, services): Draft<DescribeConfigsResponse> {
    return { results: request.resources.map((resource) => answer(resource, request, services)) }
  },
}

function answer(resource: Resource, request: DescribeConfigsRequest, services: BrokerServices): Answer {
  const { resourceType, resourceName } = resource
  const outcome = describe(resource, services)
  if ('errorCode' in outcome) return { ...outcome, resourceType, resourceName, configs: [] }
  const configs = outcome.map((line) => ({
    name: line.name,
    value: line.isSensitive ? null : line.value,
    readOnly: line.isReadOnly,
    isDefault: line.source === ConfigSource.default,
    configSource: line.source,
    isSensitive: line.isSensitive,
    synonyms: request.includeSynonyms ? line.synonyms : [],
    configType: line.type,
    documentation: request.includeDocumentation ? keyDocumentation(resourceType, line.name) : null,
  }))
  return { errorCode: ErrorCode.none, errorMessage: null, resourceType, resourceName, configs }
}

function describe(resource: Resource, services: BrokerServices): Lines | Refusal {
  const { resourceType, resourceName: name, configurationKeys } = resource
  // An empty list asks for everything too: that is what old clients send.
  const asked = configurationKeys === null || configurationKeys.length === 0 ? null : configurationKeys
  const layers = brokerLayers(services)
  const { view } = services
  switch (resourceType) {
    case ResourceType.topic: {
      const invalid = whyInvalidTopicName(name)
      if (invalid !== undefined) {
        return refuse(ErrorCode.invalidTopicException, `Topic name is invalid: ${invalid}`)
      }
      const topic = view.topic(name)
      return topic === undefined
        ? refuse(ErrorCode.unknownTopicOrPartition, `The topic '${name}' does not exist.`)
        : describeTopic(topic.config, layers, asked)
    }
    case ResourceType.broker:
      if (name === '') return describeBrokerDefault(layers, asked)
      return whyNotThisBroker(name, services) ?? describeBroker(layers, asked)
    case ResourceType.brokerLogger:
      if (name === '') return refuse(ErrorCode.invalidRequest, 'Broker id must not be empty')
      // Log levels belong to the whole process and are set at start: there are no loggers to list.
      return whyNotThisBroker(name, services) ?? []
    case ResourceType.clientMetrics:
      if (name === '') return refuse(ErrorCode.invalidRequest, 'Client metrics subscription name must not be empty')
      return describeResource(
        clientMetricsKeys,
        ConfigSource.clientMetrics,
        view.resourceConfig(resourceType, name) ?? {},
        layers,
        asked,
      )
    case ResourceType.group:
      if (name === '') return refuse(ErrorCode.invalidRequest, 'Group name must not be empty')
      return describeResource(
        groupKeys,
        ConfigSource.group,
        view.resourceConfig(resourceType, name) ?? {},
        layers,
        asked,
      )
    default:
      return refuse(ErrorCode.invalidRequest, `Unsupported resource type: ${resourceType}`)
  }
}

/** Only a broker itself knows its file. */
function whyNotThisBroker(name: string, services: BrokerServices): Refusal | undefined {
  if (!/^-?\d+$/.test(name)) {
    return refuse(ErrorCode.invalidRequest, `Broker id must be an integer, but it is: ${name}`)
  }
  return Number(name) === services.brokerId
    ? undefined
    : refuse(
        ErrorCode.invalidRequest,
        `Unexpected broker id, expected ${services.brokerId} or empty string, but received ${name}`,
      )
}

function refuse(errorCode: ErrorCode, errorMessage: string): Refusal {
  return { errorCode, errorMessage }
}
