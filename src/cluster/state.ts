/**
 * What the controller knows of the cluster. Records are replaced, never changed in place: a decision can compare old and
 * new, and a view built from a record stays true.
 */
import type { BrokerView, LocalPartition, PartitionView, TopicView } from './contract.ts'
import { OFFSETS_TOPIC, TRANSACTIONS_TOPIC } from '../model/names.ts'
import type { BrokerLayers, ConfigMap } from './config/resolve.ts'
import { resolveTopicConfig } from './config/resolve.ts'
import type { PartitionStateNode } from './znodes.ts'

/** Where this node keeps a replica. */
export interface LocalPlace {
  readonly handle: number
  /** -1 when no replica is here. */
  readonly shard: number
  readonly directory: string
}

export interface PartitionRecord {
  readonly partition: number
  readonly replicas: readonly number[]
  readonly state: PartitionStateNode
  /** Znode version of the state: the partition epoch. */
  readonly stateVersion: number
  readonly place: LocalPlace
}

export interface TopicRecord {
  readonly name: string
  readonly topicId: string
  readonly partitions: readonly PartitionRecord[]
  readonly adding: ReadonlyMap<number, readonly number[]>
  readonly removing: ReadonlyMap<number, readonly number[]>
  readonly config: ConfigMap
}

export interface BrokerRecord extends BrokerView {
  /** czxid of its znode. */
  readonly epoch: number
}

/** A configured thing that is neither topic nor broker: key `type/name`, types as in the protocol. */
export interface ResourceRecord {
  readonly resourceType: number
  readonly name: string
  readonly config: ConfigMap
}

export class ClusterState {
  clusterId: string = ''
  brokers: ReadonlyMap<number, BrokerRecord> = new Map()
  /** Dynamic configuration by broker id as text; '' for the cluster-wide default. */
  readonly brokerConfigs: Map<string, ConfigMap> = new Map()
  readonly resources: Map<string, ResourceRecord> = new Map()

  readonly #topics = new Map<string, TopicRecord>()
  readonly #namesById = new Map<string, string>()
  /** Names by what metrics make of them, where '.' and '_' are the same. */
  readonly #namesByMetric = new Map<string, string>()

  get topics(): ReadonlyMap<string, TopicRecord> {
    return this.#topics
  }

  topic(name: string): TopicRecord | undefined {
    return this.#topics.get(name)
  }

  topicById(topicId: string): TopicRecord | undefined {
    const name = this.#namesById.get(topicId)
    return name === undefined ? undefined : this.#topics.get(name)
  }

  /** An existing topic that metrics could not tell from `name`. */
  collidingTopic(name: string): string | undefined {
    const other = this.#namesByMetric.get(metricName(name))
    return other === name ? undefined : other
  }

  putTopic(topic: TopicRecord): void {
    this.dropTopic(topic.name)
    this.#topics.set(topic.name, topic)
    this.#namesById.set(topic.topicId, topic.name)
    this.#namesByMetric.set(metricName(topic.name), topic.name)
  }

  dropTopic(name: string): void {
    const old = this.#topics.get(name)
    if (old === undefined) return
    this.#topics.delete(name)
    this.#namesById.delete(old.topicId)
    if (this.#namesByMetric.get(metricName(name)) === name) this.#namesByMetric.delete(metricName(name))
  }

  /** The layers that a broker's own topics fall back to. */
  layers(brokerId: number, ownStatic: ConfigMap): BrokerLayers {
    return {
      dynamic: this.brokerConfigs.get(String(brokerId)) ?? {},
      dynamicDefault: this.brokerConfigs.get('') ?? {},
      static: ownStatic,
    }
  }
}

export function resourceKey(resourceType: number, name: string): string {
  return `${resourceType}/${name}`
}

export function metricName(topic: string): string {
  return topic.replaceAll('.', '_')
}

/** A topic as every thread sees it. A leader that is not alive is shown as none. */
export function topicView(topic: TopicRecord, liveBrokers: ReadonlyMap<number, unknown>): TopicView {
  return {
    name: topic.name,
    topicId: topic.topicId,
    isInternal: topic.name === OFFSETS_TOPIC || topic.name === TRANSACTIONS_TOPIC,
    partitions: topic.partitions.map((partition) => partitionView(partition, liveBrokers)),
    config: topic.config,
  }
}

function partitionView(partition: PartitionRecord, liveBrokers: ReadonlyMap<number, unknown>): PartitionView {
  return {
    partition: partition.partition,
    handle: partition.place.handle,
    shard: partition.place.shard,
    leader: liveBrokers.has(partition.state.leader) ? partition.state.leader : -1,
    leaderEpoch: partition.state.leaderEpoch,
    partitionEpoch: partition.stateVersion,
    replicas: partition.replicas,
    inSyncReplicas: partition.state.inSyncReplicas,
    offlineReplicas: partition.replicas.filter((replica) => !liveBrokers.has(replica)),
  }
}

/** The partitions of a topic that this node leads, with their resolved configuration. */
export function localPartitions(topic: TopicRecord, brokerId: number, layers: BrokerLayers): readonly LocalPartition[] {
  const led = topic.partitions.filter((partition) => partition.state.leader === brokerId && partition.place.shard >= 0)
  if (led.length === 0) return []
  const config = resolveTopicConfig(topic.config, layers.dynamic, layers.dynamicDefault, layers.static)
  return led.map((partition) => ({
    topic: topic.name,
    topicId: topic.topicId,
    partition: partition.partition,
    handle: partition.place.handle,
    shard: partition.place.shard,
    leaderEpoch: partition.state.leaderEpoch,
    role: {
      kind: 'leader',
      leaderEpoch: partition.state.leaderEpoch,
      partitionEpoch: partition.stateVersion,
      replicas: partition.replicas,
      inSyncReplicas: partition.state.inSyncReplicas,
    },
    directory: partition.place.directory,
    config,
  }))
}
