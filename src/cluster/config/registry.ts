/** All keys by name, and which keys a resource has. */
import type { ConfigKey } from './key.ts'
import { BROKER_COORDINATOR_KEYS } from './keys/broker-coordinator-keys.ts'
import { BROKER_LOG_KEYS, BROKER_THROTTLE_KEYS } from './keys/broker-log-keys.ts'
import { BROKER_SECURITY_KEYS } from './keys/broker-security-keys.ts'
import { BROKER_SERVER_KEYS } from './keys/broker-server-keys.ts'
import { CLIENT_METRICS_KEYS } from './keys/client-metrics-keys.ts'
import { GROUP_KEYS } from './keys/group-keys.ts'
import { JACKDAW_KEYS } from './keys/jackdaw-keys.ts'
import { BROKER_LEGACY_KEYS, TOPIC_LEGACY_KEYS } from './keys/legacy-keys.ts'
import { TOPIC_KEYS } from './keys/topic-keys.ts'

/** Resource types of the protocol that have configuration. */
export const ResourceType = {
  topic: 2,
  broker: 4,
  brokerLogger: 8,
  clientMetrics: 16,
  group: 32,
} as const

function byName(...tables: readonly (readonly ConfigKey[])[]): ReadonlyMap<string, ConfigKey> {
  const sorted = tables.flat().sort((left, right) => (left.name < right.name ? -1 : 1))
  return new Map(sorted.map((key) => [key.name, key]))
}

export const topicKeys: ReadonlyMap<string, ConfigKey> = byName(TOPIC_KEYS, TOPIC_LEGACY_KEYS)
export const brokerKeys: ReadonlyMap<string, ConfigKey> = byName(
  BROKER_LOG_KEYS,
  BROKER_THROTTLE_KEYS,
  BROKER_SECURITY_KEYS,
  BROKER_COORDINATOR_KEYS,
  BROKER_SERVER_KEYS,
  BROKER_LEGACY_KEYS,
  JACKDAW_KEYS,
)
export const groupKeys: ReadonlyMap<string, ConfigKey> = byName(GROUP_KEYS)
export const clientMetricsKeys: ReadonlyMap<string, ConfigKey> = byName(CLIENT_METRICS_KEYS)

const LISTENER_PREFIX = /^listener\.name\.[^.]+\.(.+)$/

/**
 * The broker key that a property sets: itself, or for `listener.name.<listener>.[<mechanism>.]<key>` the key at the end.
 */
export function brokerKeyOf(property: string): ConfigKey | undefined {
  const direct = brokerKeys.get(property)
  if (direct !== undefined) return direct
  const rest = LISTENER_PREFIX.exec(property)?.[1]
  if (rest === undefined) return undefined
  return brokerKeys.get(rest) ?? brokerKeys.get(rest.slice(rest.indexOf('.') + 1))
}

/** Whether a property is meant for one listener only. */
export function isListenerProperty(property: string): boolean {
  return LISTENER_PREFIX.test(property)
}

/** Broker keys that together decide one value, nearest first; every other key stands alone. */
const BROKER_SYNONYM_SETS: readonly (readonly string[])[] = [
  ['log.roll.ms', 'log.roll.hours'],
  ['log.roll.jitter.ms', 'log.roll.jitter.hours'],
  ['log.retention.ms', 'log.retention.minutes', 'log.retention.hours'],
]

/** Names under which the value of a broker key may have been set, nearest first. */
export function brokerSynonyms(name: string): readonly string[] {
  if (name === 'log.flush.interval.ms') return ['log.flush.interval.ms', 'log.flush.scheduler.interval.ms']
  return BROKER_SYNONYM_SETS.find((set) => set.includes(name)) ?? [name]
}

/** How many milliseconds one unit of a broker key is, where its topic key counts in milliseconds. */
export function millisecondsPerUnit(brokerKey: string): number {
  if (brokerKey.endsWith('.hours')) return 3_600_000
  if (brokerKey.endsWith('.minutes')) return 60_000
  return 1
}
