/** AlterConfigs and IncrementalAlterConfigs as decisions: the configuration a resource will have, or why not. */
import { assert } from '../base/assert.ts'
import { ErrorCode } from '../model/error-code.ts'
import type { ConfigKey } from './config/key.ts'
import { ResourceType, brokerKeyOf, clientMetricsKeys, groupKeys, topicKeys } from './config/registry.ts'
import type { BrokerLayers, ConfigMap } from './config/resolve.ts'
import {
  whyInvalidBrokerConfig,
  whyInvalidClientMetricsConfig,
  whyInvalidGroupConfig,
  whyInvalidTopicConfig,
} from './config/rules.ts'
import { listItems } from './config/values.ts'
import type { ConfigChange, ControlResult } from './contract.ts'
import { resourceKey } from './config-store.ts'

export interface ConfigDecision {
  readonly change: ConfigChange
  readonly result: ControlResult
  /** The whole new configuration; undefined when it is refused. */
  readonly config: ConfigMap | undefined
}

/** What there is to configure. */
export interface ConfigSubjects {
  hasTopic(name: string): boolean
  hasBroker(id: number): boolean
  /** What is set for a resource now. */
  current(change: ConfigChange): ConfigMap
  /** This node's layers: they bound what groups may ask for. */
  layers(): BrokerLayers
}

/** Judges every change by itself. */
export function decideConfigs(subjects: ConfigSubjects, changes: readonly ConfigChange[]): readonly ConfigDecision[] {
  const times = new Map<string, number>()
  for (const change of changes) {
    const key = resourceKey(change.resourceType, change.name)
    times.set(key, (times.get(key) ?? 0) + 1)
  }
  return changes.map((change) => {
    const isRepeated = (times.get(resourceKey(change.resourceType, change.name)) ?? 0) > 1
    // Kafka's order: the request by itself first, then what it is for, then what it would make of it.
    const problem = isRepeated
      ? refuse(ErrorCode.invalidRequest, 'Each resource must appear at most once.')
      : (whyRepeatedKey(change) ?? whyNullValue(change) ?? whyNoResource(subjects, change))
    if (problem !== undefined) return { change, result: problem, config: undefined }
    const outcome = applyEntries(change, subjects.current(change))
    if ('code' in outcome) return { change, result: outcome, config: undefined }
    const invalid = whyInvalid(subjects, change, outcome.config)
    return invalid === undefined
      ? { change, result: { code: ErrorCode.none, message: null }, config: outcome.config }
      : { change, result: invalid, config: undefined }
  })
}

function refuse(code: ErrorCode, message: string): ControlResult {
  return { code, message }
}

function whyNoResource(subjects: ConfigSubjects, change: ConfigChange): ControlResult | undefined {
  switch (change.resourceType) {
    case ResourceType.topic:
      if (change.name === '') return refuse(ErrorCode.invalidRequest, 'Default topic resources are not allowed.')
      return subjects.hasTopic(change.name)
        ? undefined
        : refuse(ErrorCode.unknownTopicOrPartition, `The topic '${change.name}' does not exist.`)
    case ResourceType.broker:
      if (change.name === '') return undefined
      if (!/^\d+$/.test(change.name)) {
        return refuse(ErrorCode.invalidRequest, `Node id must be an integer, but it is: ${change.name}`)
      }
      return subjects.hasBroker(Number(change.name))
        ? undefined
        : refuse(ErrorCode.brokerIdNotRegistered, `No node with id ${change.name} is registered.`)
    case ResourceType.brokerLogger: {
      const logger = change.entries[0]?.name ?? ''
      return refuse(ErrorCode.invalidConfig, `Logger ${logger} does not exist!`)
    }
    case ResourceType.clientMetrics:
      return change.name === '' ? refuse(ErrorCode.invalidRequest, "Subscription name can't be empty") : undefined
    case ResourceType.group:
      return change.name === '' ? refuse(ErrorCode.invalidRequest, "Group name can't be empty") : undefined
    default:
      return refuse(ErrorCode.invalidRequest, `Unexpected resource type ${change.resourceType}.`)
  }
}

function whyRepeatedKey(change: ConfigChange): ControlResult | undefined {
  const names = change.entries.map((entry) => entry.name)
  const repeated = names.filter((name, index) => names.indexOf(name) !== index)
  return repeated.length === 0
    ? undefined
    : refuse(ErrorCode.invalidRequest, `Error due to duplicate config keys : ${[...new Set(repeated)].join(',')}`)
}

function whyNullValue(change: ConfigChange): ControlResult | undefined {
  const names = change.entries.filter(({ value, operation }) => value === null && operation !== 'delete')
  return names.length === 0
    ? undefined
    : refuse(ErrorCode.invalidRequest, `Null value not supported for : ${names.map(({ name }) => name).join(', ')}`)
}

function applyEntries(change: ConfigChange, before: ConfigMap): { readonly config: ConfigMap } | ControlResult {
  const config: Record<string, string> = change.isReplacement ? {} : { ...before }
  for (const { name, value, operation } of change.entries) {
    if (operation === 'delete') {
      delete config[name]
      continue
    }
    assert(value !== null, 'a change with null values was refused')
    if (operation === 'set') {
      config[name] = value
      continue
    }
    const key = keyOf(change.resourceType, name)
    if (key?.type !== 'list') {
      return refuse(
        ErrorCode.invalidConfig,
        `Can't ${operation.toUpperCase()} to key ${name} because its type is not LIST.`,
      )
    }
    const items = listItems(config[name] ?? key.defaultValue ?? '')
    const given = listItems(value)
    const result =
      operation === 'append'
        ? [...items, ...given.filter((item) => !items.includes(item))]
        : items.filter((item) => !given.includes(item))
    config[name] = result.join(',')
  }
  return { config }
}

function keyOf(resourceType: number, name: string): ConfigKey | undefined {
  switch (resourceType) {
    case ResourceType.topic:
      return topicKeys.get(name)
    case ResourceType.broker:
      return brokerKeyOf(name)
    case ResourceType.clientMetrics:
      return clientMetricsKeys.get(name)
    default:
      return groupKeys.get(name)
  }
}

function whyInvalid(subjects: ConfigSubjects, change: ConfigChange, config: ConfigMap): ControlResult | undefined {
  switch (change.resourceType) {
    case ResourceType.topic:
      return whyInvalidTopicConfig(config)
    case ResourceType.broker:
      return whyInvalidBrokerConfig(config, change.name === '')
    case ResourceType.clientMetrics:
      return whyInvalidClientMetricsConfig(config)
    default:
      return whyInvalidGroupConfig(config, subjects.layers())
  }
}
