import { describeConfigsCall, incrementalAlterConfigsCall } from '../calls.ts'
import { throwIfRefused } from '../errors.ts'
import type { AdminContext } from './context.ts'

/** What can have a configuration; the numbers are the protocol's. */
export const ConfigResourceType = { topic: 2, broker: 4, brokerLogger: 8, clientMetrics: 16, group: 32 } as const
export type ConfigResourceType = (typeof ConfigResourceType)[keyof typeof ConfigResourceType]

export interface ConfigResource {
  readonly type: ConfigResourceType
  /** Topic name, broker id, or empty for the default of all brokers. */
  readonly name: string
}

/** Where a value comes from; the numbers are the protocol's. */
export const ConfigSource = {
  unknown: 0,
  dynamicTopic: 1,
  dynamicBroker: 2,
  dynamicDefaultBroker: 3,
  staticBroker: 4,
  default: 5,
  dynamicBrokerLogger: 6,
  clientMetrics: 7,
  group: 8,
} as const

export interface ConfigSynonym {
  readonly name: string
  readonly value: string | null
  readonly source: number
}

export interface ConfigEntry {
  readonly name: string
  /** Null for a sensitive value. */
  readonly value: string | null
  readonly source: number
  readonly isReadOnly: boolean
  readonly isSensitive: boolean
  readonly synonyms: readonly ConfigSynonym[]
}

/** What an alteration does to one key; the numbers are the protocol's. */
export const ConfigOperation = { set: 0, delete: 1, append: 2, subtract: 3 } as const
export type ConfigOperation = (typeof ConfigOperation)[keyof typeof ConfigOperation]

export interface ConfigChange {
  readonly name: string
  readonly operation: ConfigOperation
  /** Null for a delete. */
  readonly value: string | null
}

/** The configuration of one resource, defaults included. @throws BrokerError */
export function describeConfig(context: AdminContext, resource: ConfigResource): Promise<readonly ConfigEntry[]> {
  return route(context, resource, `configuration of ${resourceText(resource)}`, async (connection) => {
    const answer = await connection.request(describeConfigsCall, {
      resources: [{ resourceType: resource.type, resourceName: resource.name, configurationKeys: null }],
      includeSynonyms: true,
    })
    const entries: ConfigEntry[] = []
    for (const result of answer.results) {
      throwIfRefused(result.errorCode, `configuration of ${resourceText(resource)}`, result.errorMessage)
      for (const config of result.configs) {
        entries.push({
          name: config.name,
          value: config.value,
          source: config.configSource,
          isReadOnly: config.readOnly,
          isSensitive: config.isSensitive,
          synonyms: config.synonyms,
        })
      }
    }
    return entries
  })
}

/** Changes single keys of one resource. @throws BrokerError such as INVALID_CONFIG */
export function alterConfig(
  context: AdminContext,
  resource: ConfigResource,
  changes: readonly ConfigChange[],
  validateOnly: boolean = false,
): Promise<void> {
  return route(context, resource, `alter ${resourceText(resource)}`, async (connection) => {
    const configs = changes.map(({ name, operation, value }) => ({ name, configOperation: operation, value }))
    const answer = await connection.request(incrementalAlterConfigsCall, {
      resources: [{ resourceType: resource.type, resourceName: resource.name, configs }],
      validateOnly,
    })
    for (const result of answer.responses) {
      throwIfRefused(result.errorCode, `alter ${resourceText(resource)}`, result.errorMessage)
    }
  })
}

/** What belongs to one broker is asked of that broker: nobody else knows its file and its loggers. */
function route<T>(
  context: AdminContext,
  resource: ConfigResource,
  what: string,
  attempt: Parameters<typeof context.atAny<T>>[1],
): Promise<T> {
  const isOfOneBroker = resource.type === ConfigResourceType.broker || resource.type === ConfigResourceType.brokerLogger
  if (isOfOneBroker && resource.name !== '') return context.atBroker(Number(resource.name), what, attempt)
  return context.atAny(what, attempt)
}

function resourceText(resource: ConfigResource): string {
  switch (resource.type) {
    case ConfigResourceType.topic:
      return `topic '${resource.name}'`
    case ConfigResourceType.group:
      return `group '${resource.name}'`
    case ConfigResourceType.clientMetrics:
      return `client metrics '${resource.name}'`
    default:
      return resource.name === '' ? 'all brokers' : `broker ${resource.name}`
  }
}
