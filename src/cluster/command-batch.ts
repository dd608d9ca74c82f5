/**
 * What one step of the controller tells the brokers: gathered partition by partition, then made into at most one command
 * of each kind per broker, in the order LeaderAndIsr, UpdateMetadata, StopReplica.
 */
import {
  type BrokerCommand,
  type CommandHead,
  LEADER_DURING_DELETION,
  type LeadershipCommand,
  type LeadershipPartition,
  type MetadataCommand,
  type MetadataPartition,
  type StopPartition,
  endpointOf,
} from './contract-commands.ts'
import type { ClusterState, PartitionRecord, TopicRecord } from './state.ts'

export interface BatchSender {
  readonly controllerId: number
  readonly controllerEpoch: number
  /** Name of the listener between brokers. */
  readonly listener: string
}

/** Partitions by topic, each with what is said of it. */
type ByTopic<Value> = Map<string, Map<number, Value>>

export class CommandBatch {
  /** By broker; the value says whether the replica is new there. */
  readonly #leadership = new Map<number, ByTopic<boolean>>()
  readonly #metadata: ByTopic<true> = new Map()
  readonly #stops = new Map<number, ByTopic<StopPartition>>()
  readonly #going: TopicRecord[] = []
  readonly #toldEverything = new Set<number>()
  #tellsBrokers: boolean = false

  /** LeaderAndIsr to these brokers; everybody hears of the partition. */
  addLeadership(brokers: Iterable<number>, topic: string, partition: number, isNew: boolean = false): void {
    this.addLeadershipOnly(brokers, topic, partition, isNew)
    this.addMetadata(topic, partition)
  }

  /** LeaderAndIsr to these brokers, about which the others know already. */
  addLeadershipOnly(brokers: Iterable<number>, topic: string, partition: number, isNew: boolean = false): void {
    for (const broker of brokers) {
      const ofTopic = partitionsOf(this.#leadership, broker, topic)
      ofTopic.set(partition, isNew || ofTopic.get(partition) === true)
    }
  }

  addMetadata(topic: string, partition: number): void {
    const ofTopic = this.#metadata.get(topic) ?? new Map<number, true>()
    this.#metadata.set(topic, ofTopic.set(partition, true))
  }

  /** UpdateMetadata to everybody even if no partition has changed: the list of brokers has. */
  addBrokers(): void {
    this.#tellsBrokers = true
  }

  /** Every partition there is, to one broker. */
  addEverything(broker: number): void {
    this.#toldEverything.add(broker)
  }

  /** Everybody hears that the topic is going. */
  addDeletion(topic: TopicRecord): void {
    this.#going.push(topic)
  }

  addStop(brokers: Iterable<number>, topic: string, stop: StopPartition): void {
    for (const broker of brokers) partitionsOf(this.#stops, broker, topic).set(stop.partition, stop)
  }

  /** @param state as it is now: what was added is described by it, so a partition that changed twice is told of once */
  build(state: ClusterState, sender: BatchSender): ReadonlyMap<number, readonly BrokerCommand[]> {
    const commands = new Map<number, readonly BrokerCommand[]>()
    const changed = this.#changedTopics(state)
    let everything: MetadataCommand['topics'] | undefined
    const brokers = [...state.brokers.values()].map(({ id, endpoints, rack }) => ({ id, endpoints, rack }))
    for (const broker of state.brokers.values()) {
      const head = {
        controllerId: sender.controllerId,
        controllerEpoch: sender.controllerEpoch,
        brokerEpoch: broker.epoch,
      }
      const list: BrokerCommand[] = []
      const leadership = this.#leadership.get(broker.id)
      if (leadership !== undefined) list.push(leadershipCommand(head, leadership, state, sender.listener))
      if (this.#toldEverything.has(broker.id)) {
        everything ??= everyTopic(state)
        list.push({ kind: 'metadata', ...head, isFull: true, topics: everything, brokers })
      } else if (changed.length > 0 || this.#tellsBrokers) {
        list.push({ kind: 'metadata', ...head, isFull: false, topics: changed, brokers })
      }
      const stops = this.#stops.get(broker.id)
      if (stops !== undefined) {
        const topics = [...stops].map(([topic, partitions]) => ({ topic, partitions: [...partitions.values()] }))
        list.push({ kind: 'stop', ...head, topics })
      }
      if (list.length > 0) commands.set(broker.id, list)
    }
    return commands
  }

  #changedTopics(state: ClusterState): MetadataCommand['topics'] {
    const going = this.#going.map((topic) => ({
      topic: topic.name,
      topicId: topic.topicId,
      partitions: topic.partitions.map(
        (record): MetadataPartition => ({
          ...metadataPartition(record, []),
          leader: LEADER_DURING_DELETION,
          leaderEpoch: 0,
          partitionEpoch: 0,
        }),
      ),
    }))
    const changed = [...this.#metadata].flatMap(([name, partitions]) => {
      const topic = state.topic(name)
      if (topic === undefined) return []
      const records = [...partitions.keys()].flatMap((partition) => topic.partitions[partition] ?? [])
      return [topicMetadata(state, topic, records)]
    })
    return [...going, ...changed]
  }
}

function partitionsOf<Value>(byBroker: Map<number, ByTopic<Value>>, broker: number, topic: string): Map<number, Value> {
  const byTopic: ByTopic<Value> = byBroker.get(broker) ?? new Map()
  byBroker.set(broker, byTopic)
  const partitions = byTopic.get(topic) ?? new Map<number, Value>()
  byTopic.set(topic, partitions)
  return partitions
}

function everyTopic(state: ClusterState): MetadataCommand['topics'] {
  return [...state.topics.values()].map((topic) => topicMetadata(state, topic, topic.partitions))
}

function topicMetadata(
  state: ClusterState,
  topic: TopicRecord,
  records: readonly PartitionRecord[],
): MetadataCommand['topics'][number] {
  return {
    topic: topic.name,
    topicId: topic.topicId,
    partitions: records.map((record) => metadataPartition(record, state.offlineReplicas(topic.name, record))),
  }
}

/** What every command says of a partition. */
function partitionState(record: PartitionRecord): Omit<MetadataPartition, 'offlineReplicas'> {
  const { state } = record
  return {
    partition: record.partition,
    controllerEpoch: state.controllerEpoch,
    leader: state.leader,
    leaderEpoch: state.leaderEpoch,
    inSyncReplicas: state.inSyncReplicas,
    partitionEpoch: record.stateVersion,
    replicas: record.replicas,
  }
}

function metadataPartition(record: PartitionRecord, offlineReplicas: readonly number[]): MetadataPartition {
  return { ...partitionState(record), offlineReplicas }
}

function leadershipCommand(
  head: CommandHead,
  byTopic: ByTopic<boolean>,
  state: ClusterState,
  listener: string,
): LeadershipCommand {
  const leaders = new Set<number>()
  const topics = [...byTopic].flatMap(([name, partitions]) => {
    const topic = state.topic(name)
    if (topic === undefined) return []
    const rows = [...partitions].flatMap(([partition, isNew]) => {
      const record = topic.partitions[partition]
      // Nobody was ever alive for it: there is nothing to lead or to follow.
      if (record === undefined || record.stateVersion < 0) return []
      leaders.add(record.state.leader)
      return [leadershipPartition(topic, record, isNew)]
    })
    return [{ topic: name, topicId: topic.topicId, partitions: rows }]
  })
  const liveLeaders = [...leaders].flatMap((id) => {
    const broker = state.brokers.get(id)
    const endpoint = broker === undefined ? undefined : endpointOf(broker, listener)
    return endpoint === undefined ? [] : [{ id, host: endpoint.host, port: endpoint.port }]
  })
  return { kind: 'leadership', ...head, topics, liveLeaders }
}

function leadershipPartition(topic: TopicRecord, record: PartitionRecord, isNew: boolean): LeadershipPartition {
  return {
    ...partitionState(record),
    adding: topic.adding.get(record.partition) ?? NO_REPLICAS,
    removing: topic.removing.get(record.partition) ?? NO_REPLICAS,
    isNew,
    isRecovering: record.state.isRecovering,
  }
}

const NO_REPLICAS: readonly number[] = []
