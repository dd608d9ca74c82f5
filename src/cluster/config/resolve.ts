/**
 * Which value holds, out of the layers in which it can be set: topic over broker over cluster-wide default over the
 * broker's own file over Kafka's default. DescribeConfigs shows the layers, partitions obey the outcome.
 */
import type { PartitionConfig } from '../../partition/contract.ts'
import { type ConfigKey, CONFIG_TYPE_CODES } from './key.ts'
import { brokerKeyOf, brokerKeys, brokerSynonyms, millisecondsPerUnit, topicKeys } from './registry.ts'
import { booleanValue, listItems, numberValue } from './values.ts'

export type ConfigMap = Readonly<Record<string, string>>

/** Where a value comes from, as DescribeConfigs numbers it. */
export const ConfigSource = {
  topic: 1,
  dynamicBroker: 2,
  dynamicDefaultBroker: 3,
  staticBroker: 4,
  default: 5,
  brokerLogger: 6,
  clientMetrics: 7,
  group: 8,
} as const

/** A broker's three layers above the defaults. */
export interface BrokerLayers {
  readonly dynamic: ConfigMap
  readonly dynamicDefault: ConfigMap
  readonly static: ConfigMap
}

interface ConfigSynonym {
  readonly name: string
  readonly value: string | null
  readonly source: number
}

/** One line of a DescribeConfigs answer. */
export interface DescribedConfig {
  readonly name: string
  readonly value: string | null
  readonly isReadOnly: boolean
  readonly isSensitive: boolean
  readonly source: number
  readonly type: number
  readonly synonyms: readonly ConfigSynonym[]
}

/** Value of a broker key over all layers, as text; null when it is set nowhere and has no default. */
export function brokerValue(name: string, layers: BrokerLayers): string | null {
  const set = layers.dynamic[name] ?? layers.dynamicDefault[name] ?? layers.static[name]
  return set ?? brokerKeys.get(name)?.defaultValue ?? null
}

/** Value of a topic key, as text: always in the topic key's own unit. */
function topicValue(key: ConfigKey, topic: ConfigMap, layers: BrokerLayers): string | null {
  const own = topic[key.name]
  if (own !== undefined) return own
  return fallbackValue(key, layers) ?? key.defaultValue
}

/**
 * What a topic or group key has when it is not set for the resource itself. A coarse broker key (hours) counts only
 * where the fine one (milliseconds) is set in no layer.
 */
export function fallbackValue(key: ConfigKey, layers: BrokerLayers): string | null {
  for (const synonym of key.synonyms) {
    const value = brokerValue(synonym, layers)
    if (value === null) continue
    const unitMs = millisecondsPerUnit(synonym)
    if (unitMs === 1) return value
    const inMs = BigInt(value.trim()) * BigInt(unitMs)
    return String(inMs < 0n ? -1n : inMs)
  }
  return null
}

/** Everything a partition must know, resolved. */
export function resolveTopicConfig(
  topic: ConfigMap,
  brokerDynamic: ConfigMap,
  brokerDefaultDynamic: ConfigMap,
  brokerStatic: ConfigMap,
): PartitionConfig {
  const layers = { dynamic: brokerDynamic, dynamicDefault: brokerDefaultDynamic, static: brokerStatic }
  const text = (name: string): string => {
    const key = topicKeys.get(name)
    return (key === undefined ? null : topicValue(key, topic, layers)) ?? ''
  }
  const number = (name: string): number => numberValue(text(name))
  const policies = listItems(text('cleanup.policy'))
  const codec = text('compression.type')
  const internalSegmentBytes = text('internal.segment.bytes')
  return {
    maxMessageBytes: number('max.message.bytes'),
    isCompacted: policies.includes('compact'),
    isDeleted: policies.includes('delete'),
    timestampType: text('message.timestamp.type') === 'LogAppendTime' ? 1 : 0,
    timestampBeforeMaxMs: number('message.timestamp.before.max.ms'),
    timestampAfterMaxMs: number('message.timestamp.after.max.ms'),
    compressionCodec: CODECS[codec] ?? PRODUCER_CODEC,
    compressionLevel: compressionLevel(codec, number),
    segmentBytes: internalSegmentBytes === '' ? number('segment.bytes') : numberValue(internalSegmentBytes),
    segmentMs: number('segment.ms'),
    segmentJitterMs: number('segment.jitter.ms'),
    segmentIndexBytes: number('segment.index.bytes'),
    indexIntervalBytes: number('index.interval.bytes'),
    retentionMs: number('retention.ms'),
    retentionBytes: number('retention.bytes'),
    fileDeleteDelayMs: number('file.delete.delay.ms'),
    minInSyncReplicas: number('min.insync.replicas'),
    flushMessages: unlessNever(text('flush.messages')),
    flushMs: unlessNever(text('flush.ms')),
    preallocate: booleanValue(text('preallocate')),
    producerIdExpirationMs: numberValue(brokerValue('producer.id.expiration.ms', layers) ?? ''),
    deleteRetentionMs: number('delete.retention.ms'),
    minCompactionLagMs: number('min.compaction.lag.ms'),
    maxCompactionLagMs: number('max.compaction.lag.ms'),
    minCleanableDirtyRatio: number('min.cleanable.dirty.ratio'),
  }
}

const PRODUCER_CODEC = -1
const CODECS: Readonly<Record<string, number>> = { uncompressed: 0, gzip: 1, snappy: 2, lz4: 3, zstd: 4 }

function compressionLevel(codec: string, number: (name: string) => number): number {
  const hasLevel = codec === 'gzip' || codec === 'lz4' || codec === 'zstd'
  return hasLevel ? number(`compression.${codec}.level`) : -1
}

const NEVER = '9223372036854775807'

function unlessNever(text: string): number {
  return text === NEVER ? Number.POSITIVE_INFINITY : numberValue(text)
}

/** The lines of a topic, every listed key or those asked for. */
export function describeTopic(
  topic: ConfigMap,
  layers: BrokerLayers,
  asked: readonly string[] | null,
): DescribedConfig[] {
  return chosen(topicKeys, topic, asked).map((key) => {
    const brokerName = key.synonyms[0]
    const inherited = brokerName === undefined ? [] : brokerSynonymList(brokerName, layers)
    const own = topic[key.name]
    const synonyms =
      own === undefined ? inherited : [{ name: key.name, value: own, source: ConfigSource.topic }, ...inherited]
    return {
      name: key.name,
      value: topicValue(key, topic, layers),
      isReadOnly: false,
      isSensitive: key.type === 'password',
      source: synonyms[0]?.source ?? ConfigSource.default,
      type: CONFIG_TYPE_CODES[key.type],
      synonyms,
    }
  })
}

/** The lines of one broker: every listed key, and properties nobody knows, whose values are kept from view. */
export function describeBroker(layers: BrokerLayers, asked: readonly string[] | null): DescribedConfig[] {
  const names = new Set<string>()
  for (const key of brokerKeys.values()) if (!key.isInternal) names.add(key.name)
  for (const layer of [layers.dynamic, layers.dynamicDefault, layers.static]) {
    for (const name of Object.keys(layer)) names.add(name)
  }
  return wanted([...names], asked).map((name) => brokerLine(name, layers, brokerSynonymList(name, layers)))
}

/** The lines of the cluster-wide default: only what was set there. */
export function describeBrokerDefault(layers: BrokerLayers, asked: readonly string[] | null): DescribedConfig[] {
  return wanted(Object.keys(layers.dynamicDefault), asked).map((name) => {
    const all = brokerSynonymList(name, layers)
    const line = brokerLine(
      name,
      { dynamic: {}, dynamicDefault: layers.dynamicDefault, static: {} },
      all.filter((synonym) => synonym.source === ConfigSource.dynamicDefaultBroker),
    )
    return line
  })
}

/** The lines of a group or a client-metrics subscription. */
export function describeResource(
  keys: ReadonlyMap<string, ConfigKey>,
  ownSource: number,
  own: ConfigMap,
  layers: BrokerLayers,
  asked: readonly string[] | null,
): DescribedConfig[] {
  return chosen(keys, own, asked).map((key) => {
    const set = own[key.name]
    const brokerName = key.synonyms[0]
    const inherited = brokerName === undefined ? defaultOnly(key) : brokerSynonymList(brokerName, layers)
    const synonyms = set === undefined ? inherited : [{ name: key.name, value: set, source: ownSource }, ...inherited]
    return {
      name: key.name,
      value: set ?? fallbackValue(key, layers) ?? key.defaultValue,
      isReadOnly: false,
      isSensitive: key.type === 'password',
      source: synonyms[0]?.source ?? ConfigSource.default,
      type: CONFIG_TYPE_CODES[key.type],
      synonyms,
    }
  })
}

function defaultOnly(key: ConfigKey): ConfigSynonym[] {
  return key.defaultValue === null ? [] : [{ name: key.name, value: key.defaultValue, source: ConfigSource.default }]
}

function brokerLine(name: string, layers: BrokerLayers, synonyms: readonly ConfigSynonym[]): DescribedConfig {
  const key = brokerKeyOf(name)
  const isSensitive = key === undefined || key.type === 'password'
  return {
    name,
    value: isSensitive ? null : brokerValue(name, layers),
    isReadOnly: key === undefined || key.update === 'read-only',
    isSensitive,
    source: synonyms[0]?.source ?? ConfigSource.default,
    type: key === undefined ? 0 : CONFIG_TYPE_CODES[key.type],
    synonyms,
  }
}

/**
 * Every layer that sets a broker key or one of its synonyms, strongest first, beginning with the first entry that has
 * the very name asked for: what stands before it belongs to a finer key.
 */
function brokerSynonymList(name: string, layers: BrokerLayers): ConfigSynonym[] {
  const names = [...brokerSynonyms(name)]
  const base = brokerKeyOf(name)?.name
  if (base !== undefined && !names.includes(base)) names.push(base)
  const isSensitive = (brokerKeyOf(name)?.type ?? 'password') === 'password'
  const found: ConfigSynonym[] = []
  const add = (layer: (key: string) => string | null | undefined, source: number): void => {
    for (const key of names) {
      const value = layer(key)
      if (value !== undefined && value !== null) found.push({ name: key, value: isSensitive ? null : value, source })
    }
  }
  add((key) => layers.dynamic[key], ConfigSource.dynamicBroker)
  add((key) => layers.dynamicDefault[key], ConfigSource.dynamicDefaultBroker)
  add((key) => layers.static[key], ConfigSource.staticBroker)
  add((key) => brokerKeys.get(key)?.defaultValue, ConfigSource.default)
  const start = found.findIndex((synonym) => synonym.name === name)
  return start < 0 ? [] : found.slice(start)
}

function chosen(keys: ReadonlyMap<string, ConfigKey>, own: ConfigMap, asked: readonly string[] | null): ConfigKey[] {
  const isWanted = asked === null ? undefined : new Set(asked)
  return [...keys.values()].filter(
    (key) => (!key.isInternal || own[key.name] !== undefined) && (isWanted === undefined || isWanted.has(key.name)),
  )
}

function wanted(names: readonly string[], asked: readonly string[] | null): readonly string[] {
  if (asked === null) return names
  const set = new Set(asked)
  return names.filter((name) => set.has(name))
}
