/** Reads the whole tree in bulk: requests are pipelined, a window at a time, so that a start costs few round trips. */
import { KeeperErrorCode, type Stat, type Watcher, type ZooKeeperClient } from '../zookeeper/contract.ts'
import type { ResourceRecord } from './config-store.ts'
import { ResourceType } from './config/registry.ts'
import type { ConfigMap } from './config/resolve.ts'
import { isKeeperError } from './startup.ts'
import type { BrokerRecord } from './state.ts'
import {
  BROKER_IDS_PATH,
  type ConfigEntityType,
  DEFAULT_ENTITY,
  DELETE_TOPICS_PATH,
  type PartitionStateNode,
  TOPICS_PATH,
  type TopicNode,
  brokerPath,
  configPath,
  decodeBroker,
  decodeConfig,
  decodePartitionState,
  decodeTopic,
  desanitize,
  partitionStatePath,
  partitionsPath,
  topicPath,
} from './znodes.ts'

/** Replies of this many requests are awaited before more are sent: bounds what a huge tree holds in flight. */
const REQUESTS_IN_FLIGHT_MAX = 1_000

export interface LoadedState {
  readonly state: PartitionStateNode
  readonly version: number
  /** When it was decided: brokers whose registration is younger began their life later. */
  readonly modifiedZxid: number
}

export interface LoadedTopic {
  readonly name: string
  readonly node: TopicNode
  /** By partition; missing where the state was never written. */
  readonly states: ReadonlyMap<number, LoadedState>
  /** Children of `partitions`, or undefined when that node is missing. Read only where a state is missing. */
  readonly partitionNodes: ReadonlySet<number> | undefined
}

export interface LoadedCluster {
  readonly brokers: ReadonlyMap<number, BrokerRecord>
  readonly topics: readonly LoadedTopic[]
  /** Topics that have configuration but do not exist. */
  readonly orphanConfigs: ReadonlySet<string>
  /** Topics that somebody asked to delete. */
  readonly deleting: readonly string[]
}

/** Watches that the reading leaves behind. */
export interface LoadWatchers {
  readonly onBrokers: Watcher
  readonly onTopics: Watcher
  readonly onDeletions: Watcher
}

/** What a new controller must know. */
export async function loadCluster(zookeeper: ZooKeeperClient, watchers: LoadWatchers): Promise<LoadedCluster> {
  await zookeeper.sync('/')
  const [brokers, names, configured, deleting] = await Promise.all([
    loadBrokers(zookeeper, watchers.onBrokers),
    childrenOf(zookeeper, TOPICS_PATH, watchers.onTopics),
    childrenOf(zookeeper, '/config/topics'),
    childrenOf(zookeeper, DELETE_TOPICS_PATH, watchers.onDeletions),
  ])
  const topics = await loadTopics(zookeeper, names)
  const existing = new Set(topics.map((topic) => topic.name))
  return { brokers, topics, orphanConfigs: new Set(configured.filter((topic) => !existing.has(topic))), deleting }
}

export interface LoadedConfigs {
  readonly topics: ReadonlyMap<string, ConfigMap>
  /** By broker id as text; '' for the cluster-wide default. */
  readonly brokers: ReadonlyMap<string, ConfigMap>
  readonly resources: readonly ResourceRecord[]
}

/** All dynamic configuration: what every broker must know. */
export async function loadConfigs(zookeeper: ZooKeeperClient): Promise<LoadedConfigs> {
  const [topics, brokers, metrics, groups] = await Promise.all([
    loadEntities(zookeeper, 'topics'),
    loadEntities(zookeeper, 'brokers'),
    loadEntities(zookeeper, 'client-metrics'),
    loadEntities(zookeeper, 'groups'),
  ])
  return {
    topics,
    brokers: new Map([...brokers].map(([name, config]) => [name === DEFAULT_ENTITY ? '' : name, config])),
    resources: [...resourcesOf(ResourceType.clientMetrics, metrics), ...resourcesOf(ResourceType.group, groups)],
  }
}

/** Configuration of some topics, by name. */
export async function loadTopicConfigs(
  zookeeper: ZooKeeperClient,
  topics: readonly string[],
): Promise<ReadonlyMap<string, ConfigMap>> {
  return new Map(
    await inWindows(topics, async (topic) => [topic, await loadConfig(zookeeper, 'topics', topic)] as const),
  )
}

/** Live brokers, with a watch on their coming and going, and on what each says of itself. */
export async function loadBrokers(
  zookeeper: ZooKeeperClient,
  onChange: Watcher,
): Promise<ReadonlyMap<number, BrokerRecord>> {
  const ids = await childrenOf(zookeeper, BROKER_IDS_PATH, onChange)
  const read = await inWindows(ids, async (id) => ({
    id,
    node: await dataOf(zookeeper, brokerPath(Number(id)), onChange),
  }))
  const brokers = new Map<number, BrokerRecord>()
  for (const { id, node } of read) {
    const broker = decodeBroker(node?.data ?? null)
    if (node === undefined || broker === undefined) continue
    brokers.set(Number(id), {
      id: Number(id),
      endpoints: broker.endpoints,
      rack: broker.rack,
      epoch: node.stat.czxid,
      reregisters: broker.directoryIds !== undefined,
      hasRecovered: broker.hasRecovered === true,
    })
  }
  return new Map([...brokers].sort(([left], [right]) => left - right))
}

/** One entity's configuration; empty when there is none. */
export async function loadConfig(
  zookeeper: ZooKeeperClient,
  type: ConfigEntityType,
  entity: string,
): Promise<ConfigMap> {
  return decodeConfig((await dataOf(zookeeper, configPath(type, entity)))?.data ?? null)
}

async function loadEntities(
  zookeeper: ZooKeeperClient,
  type: ConfigEntityType,
): Promise<ReadonlyMap<string, ConfigMap>> {
  const children = await childrenOf(zookeeper, `/config/${type}`)
  const isPlain = type === 'brokers' || type === 'topics'
  const names = children.flatMap((child) => {
    const name = isPlain ? child : desanitize(child)
    return name === undefined ? [] : [name]
  })
  return new Map(await inWindows(names, async (name) => [name, await loadConfig(zookeeper, type, name)] as const))
}

function resourcesOf(resourceType: number, configs: ReadonlyMap<string, ConfigMap>): ResourceRecord[] {
  return [...configs].map(([name, config]) => ({ resourceType, name, config }))
}

export async function loadTopics(
  zookeeper: ZooKeeperClient,
  names: readonly string[],
): Promise<readonly LoadedTopic[]> {
  const nodes = await inWindows(names, async (name) => ({ name, data: await dataOf(zookeeper, topicPath(name)) }))
  const found = nodes.flatMap(({ name, data }) => {
    const node = decodeTopic(data?.data ?? null)
    return node === undefined ? [] : [{ name, node }]
  })
  const partitions = found.flatMap(({ name, node }) =>
    [...node.assignment.keys()].map((partition) => ({ name, partition })),
  )
  const states = await inWindows(partitions, async ({ name, partition }) => {
    const data = await dataOf(zookeeper, partitionStatePath(name, partition))
    return { name, partition, state: decodePartitionState(data?.data ?? null), stat: data?.stat }
  })
  const byTopic = new Map<string, Map<number, LoadedState>>()
  for (const { name, partition, state, stat } of states) {
    if (state === undefined || stat === undefined) continue
    const ofTopic = byTopic.get(name) ?? new Map()
    byTopic.set(name, ofTopic.set(partition, { state, version: stat.version, modifiedZxid: stat.mzxid }))
  }
  return inWindows(found, async ({ name, node }) => {
    const ofTopic = byTopic.get(name) ?? new Map()
    const isWhole = ofTopic.size === node.assignment.size
    const children = isWhole ? [] : await childrenIfAny(zookeeper, partitionsPath(name))
    return {
      name,
      node,
      states: ofTopic,
      partitionNodes: children === undefined ? undefined : new Set(children.map(Number)),
    }
  })
}

export async function dataOf(
  zookeeper: ZooKeeperClient,
  path: string,
  watcher?: Watcher,
): Promise<{ readonly data: Uint8Array | null; readonly stat: Stat } | undefined> {
  try {
    return await zookeeper.getData(path, watcher)
  } catch (error) {
    if (isKeeperError(error, KeeperErrorCode.noNode)) return undefined
    throw error
  }
}

async function childrenIfAny(
  zookeeper: ZooKeeperClient,
  path: string,
  watcher?: Watcher,
): Promise<readonly string[] | undefined> {
  try {
    const { children } = await zookeeper.getChildren(path, watcher)
    return [...children].sort()
  } catch (error) {
    if (isKeeperError(error, KeeperErrorCode.noNode)) return undefined
    throw error
  }
}

/** Children in order of name; none when the node is missing. */
export async function childrenOf(
  zookeeper: ZooKeeperClient,
  path: string,
  watcher?: Watcher,
): Promise<readonly string[]> {
  return (await childrenIfAny(zookeeper, path, watcher)) ?? []
}

async function inWindows<Item, Result>(
  items: readonly Item[],
  ask: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = []
  for (let at = 0; at < items.length; at += REQUESTS_IN_FLIGHT_MAX) {
    results.push(...(await Promise.all(items.slice(at, at + REQUESTS_IN_FLIGHT_MAX).map((item) => ask(item)))))
  }
  return results
}
