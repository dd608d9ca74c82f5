import { ResourceType } from '../../cluster/config/registry.ts'
import { ErrorCode } from '../../model/error-code.ts'
import {
  type ListConfigResourcesRequest,
  type ListConfigResourcesResponse,
  listConfigResourcesApi,
  readListConfigResourcesRequest,
  writeListConfigResourcesResponse,
} from '../../protocol/generated/74-list-config-resources.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import type { ApiHandler, BrokerServices } from '../context.ts'

/** In the order in which they are listed when none is asked for. */
const LISTED_TYPES: readonly number[] = [
  ResourceType.topic,
  ResourceType.broker,
  ResourceType.brokerLogger,
  ResourceType.clientMetrics,
  ResourceType.group,
]

/** ListConfigResources: names of what can be or has been configured. Version 0 lists client metrics only. */
export const listConfigResourcesHandler: ApiHandler<ListConfigResourcesRequest, ListConfigResourcesResponse> = {
  apiKey: listConfigResourcesApi.key,
  minVersion: 0,
  maxVersion: 1,
  flexibleVersion: listConfigResourcesApi.flexibleVersion,
  read: readListConfigResourcesRequest,
  write: writeListConfigResourcesResponse,
  handle(request, context, services): Draft<ListConfigResourcesResponse> {
    const asked = context.apiVersion === 0 ? [ResourceType.clientMetrics] : request.resourceTypes
    const types = asked.length === 0 ? LISTED_TYPES : [...new Set(asked)]
    if (types.some((type) => !LISTED_TYPES.includes(type))) {
      return { errorCode: ErrorCode.unsupportedVersion, configResources: [] }
    }
    return {
      errorCode: ErrorCode.none,
      configResources: types.flatMap((resourceType) =>
        namesOf(resourceType, services).map((resourceName) => ({ resourceName, resourceType })),
      ),
    }
  },
}

function namesOf(resourceType: number, { view }: BrokerServices): readonly string[] {
  switch (resourceType) {
    case ResourceType.topic:
      return [...view.topics()].map(({ name }) => name)
    case ResourceType.broker:
    case ResourceType.brokerLogger:
      return view.brokers.map(({ id }) => String(id))
    default:
      return view.resourceNames(resourceType)
  }
}
