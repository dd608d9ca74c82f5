/** What makes the configuration of a whole resource invalid, beyond single values. Answers Kafka's code and why. */
import { ErrorCode } from '../../model/error-code.ts'
import type { ControlResult } from '../contract.ts'
import type { ConfigKey } from './key.ts'
import { brokerKeyOf, clientMetricsKeys, groupKeys, isListenerProperty, topicKeys } from './registry.ts'
import { type BrokerLayers, type ConfigMap, brokerValue, fallbackValue } from './resolve.ts'
import { booleanValue, listItems, numberValue, whyInvalidValue } from './values.ts'

function refuse(code: ErrorCode, message: string): ControlResult {
  return { code, message }
}

/** Why a topic cannot have this configuration; undefined when it can. */
export function whyInvalidTopicConfig(config: Readonly<Record<string, string | null>>): ControlResult | undefined {
  for (const [name, value] of Object.entries(config)) {
    const key = topicKeys.get(name)
    if (key === undefined) return refuse(ErrorCode.invalidConfig, `Unknown topic config name: ${name}`)
    if (value === null) return refuse(ErrorCode.invalidConfig, `Null value not supported for topic configs: ${name}`)
    const problem = whyInvalidValue(key, value)
    if (problem !== undefined) return refuse(ErrorCode.invalidConfig, problem)
  }
  const minLag = lag(config, 'min.compaction.lag.ms')
  const maxLag = lag(config, 'max.compaction.lag.ms')
  if (minLag > maxLag) {
    return refuse(
      ErrorCode.invalidConfig,
      `conflict topic config setting min.compaction.lag.ms (${minLag}) > max.compaction.lag.ms (${maxLag})`,
    )
  }
  if (booleanValue(config['preallocate'] ?? 'false')) {
    return refuse(
      ErrorCode.invalidConfig,
      'preallocate=true is not supported: segment files grow as they are written. Leave it out, or set it to false.',
    )
  }
  if (booleanValue(config['remote.storage.enable'] ?? 'false')) {
    return refuse(
      ErrorCode.invalidConfig,
      'Tiered Storage functionality is disabled in the broker. Topic cannot be configured with remote log storage.',
    )
  }
  return undefined
}

function lag(config: Readonly<Record<string, string | null>>, name: string): bigint {
  return BigInt((config[name] ?? topicKeys.get(name)?.defaultValue ?? '0').trim())
}

/** TLS keys: a running broker takes them for one listener, never for all. */
const ONLY_PER_LISTENER: ReadonlySet<string> = new Set([
  'ssl.protocol',
  'ssl.provider',
  'ssl.cipher.suites',
  'ssl.enabled.protocols',
  'ssl.keystore.type',
  'ssl.keystore.location',
  'ssl.keystore.password',
  'ssl.key.password',
  'ssl.truststore.type',
  'ssl.truststore.location',
  'ssl.truststore.password',
  'ssl.keymanager.algorithm',
  'ssl.trustmanager.algorithm',
  'ssl.endpoint.identification.algorithm',
  'ssl.secure.random.implementation',
  'ssl.engine.factory.class',
  'ssl.keystore.key',
  'ssl.keystore.certificate.chain',
  'ssl.truststore.certificates',
])

/**
 * Why a running broker cannot take this dynamic configuration. Properties nobody knows pass: they may be a plugin's.
 *
 * @param isDefault whether it is the cluster-wide default
 */
export function whyInvalidBrokerConfig(config: ConfigMap, isDefault: boolean): ControlResult | undefined {
  const names = Object.keys(config)
  const fixed = names.filter((name) => !isListenerProperty(name) && brokerKeyOf(name)?.update === 'read-only')
  if (fixed.length > 0) return brokerRefusal('Cannot update these configs dynamically', fixed)
  const unprefixed = names.filter((name) => ONLY_PER_LISTENER.has(name))
  if (unprefixed.length > 0) {
    return brokerRefusal(
      'These security configs can be dynamically updated only per-listener using the listener prefix',
      unprefixed,
    )
  }
  for (const [name, value] of Object.entries(config)) {
    const key = brokerKeyOf(name)
    const problem = key === undefined ? undefined : whyInvalidValue(key, value)
    if (problem !== undefined) return refuse(ErrorCode.invalidRequest, `Invalid config value: ${problem}`)
  }
  if (!isDefault) return undefined
  const perBroker = names.filter((name) => isListenerProperty(name) || brokerKeyOf(name)?.update === 'per-broker')
  return perBroker.length === 0
    ? undefined
    : brokerRefusal('Cannot update these configs at default cluster level, broker id must be specified', perBroker)
}

function brokerRefusal(why: string, names: readonly string[]): ControlResult {
  return refuse(ErrorCode.invalidRequest, `Invalid config value: ${why}: ${names.join(', ')}`)
}

const INTERVAL_MIN_MS = 100
const INTERVAL_MAX_MS = 3_600_000
const MATCH_NAMES: ReadonlySet<string> = new Set([
  'client_instance_id',
  'client_id',
  'client_software_name',
  'client_software_version',
  'client_source_address',
  'client_source_port',
])

/** Why a client-metrics subscription cannot have this configuration. */
export function whyInvalidClientMetricsConfig(config: ConfigMap): ControlResult | undefined {
  for (const [name, value] of Object.entries(config)) {
    const key = clientMetricsKeys.get(name)
    if (key === undefined) return refuse(ErrorCode.invalidRequest, `Unknown client metrics configuration: ${name}`)
    const problem = whyInvalidValue(key, value)
    if (problem !== undefined) return refuse(ErrorCode.invalidConfig, problem)
  }
  const interval = numberValue(config['interval.ms'] ?? '300000')
  if (interval < INTERVAL_MIN_MS || interval > INTERVAL_MAX_MS) {
    return refuse(
      ErrorCode.invalidRequest,
      `Invalid value ${interval} for interval.ms, interval must be between ${INTERVAL_MIN_MS} and ${INTERVAL_MAX_MS}`,
    )
  }
  for (const item of listItems(config['match'] ?? '')) {
    const [name = '', pattern] = item.split('=')
    if (!MATCH_NAMES.has(name.trim()) || pattern === undefined || !isPattern(pattern)) {
      return refuse(ErrorCode.invalidConfig, `Illegal client matching pattern: ${item}`)
    }
  }
  return undefined
}

function isPattern(text: string): boolean {
  try {
    new RegExp(text.trim())
    return true
  } catch {
    return false
  }
}

/** Each kind of group: a session must outlast its heartbeats. */
const SESSION_OVER_HEARTBEAT: readonly (readonly [string, string])[] = [
  ['consumer.session.timeout.ms', 'consumer.heartbeat.interval.ms'],
  ['share.session.timeout.ms', 'share.heartbeat.interval.ms'],
  ['streams.session.timeout.ms', 'streams.heartbeat.interval.ms'],
]

/** Why a group cannot have this configuration; the broker's own minimum and maximum bound it. */
export function whyInvalidGroupConfig(config: ConfigMap, layers: BrokerLayers): ControlResult | undefined {
  for (const [name, value] of Object.entries(config)) {
    const key = groupKeys.get(name)
    if (key === undefined) return refuse(ErrorCode.invalidConfig, `Unknown group config name: ${name}`)
    const problem = whyInvalidValue(key, value) ?? whyOutOfBounds(key, value, layers)
    if (problem !== undefined) return refuse(ErrorCode.invalidConfig, problem)
  }
  const value = (name: string): number => {
    const key = groupKeys.get(name)
    return numberValue(config[name] ?? (key === undefined ? null : fallbackValue(key, layers)) ?? '0')
  }
  for (const [session, heartbeat] of SESSION_OVER_HEARTBEAT) {
    if (value(session) <= value(heartbeat)) {
      return refuse(ErrorCode.invalidConfig, `${session} must be greater than ${heartbeat}`)
    }
  }
  return undefined
}

/** `group.consumer.min.session.timeout.ms` and its like bound `consumer.session.timeout.ms`. */
function whyOutOfBounds(key: ConfigKey, value: string, layers: BrokerLayers): string | undefined {
  const [kind = '', ...rest] = key.name.split('.')
  for (const bound of ['min', 'max'] as const) {
    const boundKey = `group.${kind}.${bound}.${rest.join('.')}`
    const boundValue = brokerValue(boundKey, layers)
    if (boundValue === null) continue
    const isOutside =
      bound === 'min' ? numberValue(value) < numberValue(boundValue) : numberValue(value) > numberValue(boundValue)
    if (isOutside) {
      return `${key.name} must be ${bound === 'min' ? 'greater' : 'less'} than or equal to ${boundKey}`
    }
  }
  return undefined
}
