/** What a broker makes of UpdateMetadata: the cluster as its clients will see it. Pure but for the handles it hands out. */
import { OFFSETS_TOPIC, TRANSACTIONS_TOPIC } from '../../model/names.ts'
import { LEADER_DURING_DELETION, type MetadataCommand, type MetadataPartition } from '../contract-commands.ts'
import type { ConfigMap } from '../config/resolve.ts'
import type { BrokerView, PartitionView, TopicView } from '../contract.ts'
import type { LocalPlace } from '../placement.ts'

interface KnownTopic {
  readonly topicId: string
  readonly partitions: Map<number, MetadataPartition>
}

export interface MetadataChange {
  readonly changed: readonly string[]
  readonly gone: readonly string[]
}

/** The place of every partition: its own where it is here, else one with a handle and no shard. */
export type PlaceOf = (topic: string, partition: number) => LocalPlace

export class KnownMetadata {
  controllerId: number = -1
  brokers: readonly BrokerView[] = []
  readonly #topics = new Map<string, KnownTopic>()

  has(topic: string): boolean {
    return this.#topics.has(topic)
  }

  topicId(topic: string): string | undefined {
    return this.#topics.get(topic)?.topicId
  }

  topicNames(): IterableIterator<string> {
    return this.#topics.keys()
  }

  apply(command: MetadataCommand): MetadataChange {
    this.controllerId = command.controllerId
    this.brokers = command.brokers
    const gone = new Set<string>()
    const changed = new Set<string>()
    if (command.isFull) {
      const named = new Set(command.topics.map(({ topic }) => topic))
      for (const topic of this.#topics.keys()) if (!named.has(topic)) gone.add(topic)
    }
    for (const { topic, topicId, partitions } of command.topics) {
      const before = this.#topics.get(topic)
      // Deleted and made again: nothing of the old one may shine through.
      const isSame = before !== undefined && (topicId === '' || before.topicId === topicId)
      const known = isSame ? before : { topicId, partitions: new Map<number, MetadataPartition>() }
      for (const partition of partitions) {
        if (partition.leader === LEADER_DURING_DELETION) known.partitions.delete(partition.partition)
        else known.partitions.set(partition.partition, partition)
      }
      if (known.partitions.size === 0) {
        if (before !== undefined) gone.add(topic)
        continue
      }
      this.#topics.set(topic, known)
      changed.add(topic)
    }
    for (const topic of gone) this.#topics.delete(topic)
    return { changed: [...changed], gone: [...gone] }
  }

  /** A topic as every thread sees it; undefined when it is not known. */
  view(name: string, config: ConfigMap, placeOf: PlaceOf): TopicView | undefined {
    const topic = this.#topics.get(name)
    if (topic === undefined) return undefined
    const count = Math.max(...topic.partitions.keys()) + 1
    return {
      name,
      topicId: topic.topicId,
      isInternal: name === OFFSETS_TOPIC || name === TRANSACTIONS_TOPIC,
      partitions: Array.from({ length: count }, (_, partition) =>
        partitionView(partition, topic.partitions.get(partition), placeOf(name, partition)),
      ),
      config,
    }
  }
}

function partitionView(partition: number, known: MetadataPartition | undefined, place: LocalPlace): PartitionView {
  return {
    partition,
    handle: place.handle,
    shard: place.shard,
    leader: known?.leader ?? -1,
    leaderEpoch: known?.leaderEpoch ?? -1,
    partitionEpoch: known?.partitionEpoch ?? -1,
    replicas: known?.replicas ?? [],
    inSyncReplicas: known?.inSyncReplicas ?? [],
    offlineReplicas: known?.offlineReplicas ?? [],
  }
}

/** Handles for partitions that are not here. A handle never changes its meaning: a new topic of an old name gets new ones. */
export class Places {
  readonly #byTopic = new Map<string, Map<number, LocalPlace>>()
  readonly #newHandle: () => LocalPlace

  /** @param newHandle a place that is not here */
  constructor(newHandle: () => LocalPlace) {
    this.#newHandle = newHandle
  }

  elsewhere(topic: string, partition: number): LocalPlace {
    const ofTopic = this.#byTopic.get(topic) ?? new Map<number, LocalPlace>()
    this.#byTopic.set(topic, ofTopic)
    const place = ofTopic.get(partition) ?? this.#newHandle()
    ofTopic.set(partition, place)
    return place
  }

  /** The topic is gone. */
  forget(topic: string): void {
    this.#byTopic.delete(topic)
  }
}
