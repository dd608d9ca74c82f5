/**
 * What the controller knows of the cluster. Records are replaced, never changed in place: a decision can compare old and
 * new, and a command built from a record stays true.
 */
import { partitionKey } from './contract-commands.ts'
import type { ConfigStore } from './config-store.ts'
import type { BrokerView } from './contract.ts'
import type { Alive } from './elections.ts'
import type { PartitionStateNode } from './znodes.ts'

export interface PartitionRecord {
  readonly partition: number
  /** The preferred leader first; during a reassignment old and new ones. */
  readonly replicas: readonly number[]
  readonly state: PartitionStateNode
  /** Znode version of the state: the partition epoch. -1: not written yet, no replica was ever alive. */
  readonly stateVersion: number
}

export interface TopicRecord {
  readonly name: string
  readonly topicId: string
  readonly partitions: readonly PartitionRecord[]
  /** Of running reassignments, by partition. */
  readonly adding: ReadonlyMap<number, readonly number[]>
  readonly removing: ReadonlyMap<number, readonly number[]>
}

export interface BrokerRecord extends BrokerView {
  /** czxid of its znode. */
  readonly epoch: number
  /** It registers again when its registration is taken from it, which Kafka's brokers do not. */
  readonly reregisters: boolean
  /** Its last life did not end in order: what was decided before this one counts on records that may be lost. */
  readonly hasRecovered: boolean
}

/** A topic on its way out: hidden already, its replicas being deleted. */
export interface TopicDeletion {
  readonly topic: TopicRecord
  /** Brokers that still have to delete replicas. */
  readonly waitingFor: ReadonlySet<number>
}

export interface ClusterCounts {
  readonly topicCount: number
  readonly partitionCount: number
  readonly offlinePartitionCount: number
}

/** State of a partition that no replica was ever alive for. */
export const NO_STATE: PartitionStateNode = {
  controllerEpoch: 0,
  leader: -1,
  leaderEpoch: 0,
  inSyncReplicas: [],
  isRecovering: false,
}

export class ClusterState {
  readonly configs: ConfigStore
  brokers: ReadonlyMap<number, BrokerRecord> = new Map()
  /** Brokers that asked to leave: they still get commands, and are not elected. */
  readonly shuttingDown: Set<number> = new Set()
  /** By broker: its replicas (see `partitionKey`) whose disk failed, until it starts again. */
  readonly failedReplicas: Map<number, Set<string>> = new Map()
  readonly deletions: Map<string, TopicDeletion> = new Map()

  readonly #registered: Alive = {
    has: (broker) => this.brokers.has(broker),
    serves: (broker) => this.brokers.has(broker),
  }
  readonly #topics = new Map<string, TopicRecord>()
  readonly #namesById = new Map<string, string>()
  /** Names by what metrics make of them, where '.' and '_' are the same. */
  readonly #namesByMetric = new Map<string, string>()

  constructor(configs: ConfigStore) {
    this.configs = configs
  }

  get topics(): ReadonlyMap<string, TopicRecord> {
    return this.#topics
  }

  counts(): ClusterCounts {
    let partitionCount = 0
    let offlinePartitionCount = 0
    for (const topic of this.#topics.values()) {
      partitionCount += topic.partitions.length
      for (const { state } of topic.partitions) if (state.leader < 0) offlinePartitionCount += 1
    }
    return { topicCount: this.#topics.size, partitionCount, offlinePartitionCount }
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

  /** Replaces some partitions of a topic. */
  putPartitions(name: string, records: readonly PartitionRecord[]): void {
    const topic = this.#topics.get(name)
    if (topic === undefined) return
    const partitions = [...topic.partitions]
    for (const record of records) partitions[record.partition] = record
    this.#topics.set(name, { ...topic, partitions })
  }

  dropTopic(name: string): void {
    const old = this.#topics.get(name)
    if (old === undefined) return
    this.#topics.delete(name)
    this.#namesById.delete(old.topicId)
    if (this.#namesByMetric.get(metricName(name)) === name) this.#namesByMetric.delete(metricName(name))
  }

  forgetTopics(): void {
    this.#topics.clear()
    this.#namesById.clear()
    this.#namesByMetric.clear()
  }

  /** Who may lead or be in sync for a partition: registered, not leaving, its disk in order. */
  alive(topic: string, partition: number): Alive {
    if (this.shuttingDown.size === 0 && this.failedReplicas.size === 0) return this.#registered
    const key = partitionKey(topic, partition)
    const serves = (broker: number): boolean =>
      this.brokers.has(broker) && this.failedReplicas.get(broker)?.has(key) !== true
    return { serves, has: (broker) => serves(broker) && !this.shuttingDown.has(broker) }
  }

  /** What clients are told of replicas that do not serve. */
  offlineReplicas(topic: string, record: PartitionRecord): readonly number[] {
    const alive = this.alive(topic, record.partition)
    return record.replicas.filter((replica) => !alive.has(replica))
  }
}

export function metricName(topic: string): string {
  return topic.replaceAll('.', '_')
}
