/**
 * What a broker makes of UpdateMetadata, and of what LeaderAndIsr says of its own replicas: the cluster as its clients will see
 * it. Pure but for the handles it hands out.
 */
import { OFFSETS_TOPIC, TRANSACTIONS_TOPIC } from '../../model/names.ts'
import {
  LEADER_DURING_DELETION,
  type LeadershipPartition,
  type MetadataCommand,
  type MetadataPartition,
} from '../contract-commands.ts'
import type { ConfigMap } from '../config/resolve.ts'
import type { BrokerView, PartitionView, TopicView, ViewUpdate } from '../contract.ts'
import type { LocalPlace } from '../placement.ts'

interface KnownTopic {
  readonly topicId: string
  readonly partitions: Map<number, MetadataPartition>
}

export interface MetadataChange {
  /** Topics that are new, or have other partitions than before. */
  readonly changed: readonly string[]
  /** Of topics that are not: those of their partitions that are not as they were. */
  readonly partitions: ReadonlyMap<string, readonly number[]>
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
    const changed: string[] = []
    const partitions = new Map<string, readonly number[]>()
    if (command.isFull) {
      const named = new Set(command.topics.map(({ topic }) => topic))
      for (const topic of this.#topics.keys()) if (!named.has(topic)) gone.add(topic)
    }
    for (const told of command.topics) {
      const before = this.#topics.get(told.topic)
      // Deleted and made again: nothing of the old one may shine through.
      const isSame = before !== undefined && (told.topicId === '' || before.topicId === told.topicId)
      const known = isSame ? before : { topicId: told.topicId, partitions: new Map<number, MetadataPartition>() }
      const countBefore = isSame ? known.partitions.size : 0
      const moved = put(known, told.partitions)
      if (known.partitions.size === 0) {
        if (before !== undefined) gone.add(told.topic)
        continue
      }
      this.#topics.set(told.topic, known)
      if (known.partitions.size !== countBefore || moved === undefined) changed.push(told.topic)
      else if (moved.length > 0) partitions.set(told.topic, moved)
    }
    for (const topic of gone) this.#topics.delete(topic)
    return { changed, partitions, gone: [...gone] }
  }

  /**
   * What a broker was told to lead or follow is what it tells clients from then on: otherwise a new leader turns them away, and
   * the old one sends them back to itself, until UpdateMetadata comes.
   *
   * @returns the partitions that are not as they were; of topics and partitions that are not known none
   */
  assigned(topicName: string, topicId: string, states: readonly LeadershipPartition[]): readonly number[] {
    const topic = this.#topics.get(topicName)
    if (topic === undefined || (topicId !== '' && topic.topicId !== topicId)) return []
    const newer: MetadataPartition[] = []
    for (const {
      partition,
      controllerEpoch,
      leader,
      leaderEpoch,
      inSyncReplicas,
      partitionEpoch,
      replicas,
    } of states) {
      const known = topic.partitions.get(partition)
      if (known === undefined || leaderEpoch <= known.leaderEpoch) continue
      newer.push({ ...known, controllerEpoch, leader, leaderEpoch, inSyncReplicas, partitionEpoch, replicas })
    }
    return put(topic, newer) ?? []
  }

  /** Some partitions of a known topic as every thread sees them. */
  update(name: string, partitions: readonly number[], placeOf: PlaceOf): readonly ViewUpdate[] {
    const topic = this.#topics.get(name)
    if (topic === undefined || partitions.length === 0) return []
    const views = partitions.map((partition) =>
      partitionView(partition, topic.partitions.get(partition), placeOf(name, partition)),
    )
    return [{ kind: 'partitions', topic: name, topicId: topic.topicId, partitions: views }]
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

/** @returns the partitions that are not as they were, undefined when one of them has come or gone */
function put(topic: KnownTopic, partitions: readonly MetadataPartition[]): readonly number[] | undefined {
  const moved: number[] = []
  let isReshaped = false
  for (const told of partitions) {
    const { partition } = told
    const before = topic.partitions.get(partition)
    if (told.leader === LEADER_DURING_DELETION) {
      if (topic.partitions.delete(partition)) isReshaped = true
      continue
    }
    topic.partitions.set(partition, told)
    if (before === undefined) isReshaped = true
    else if (!isShownAlike(before, told)) moved.push(partition)
  }
  return isReshaped ? undefined : moved
}

function isShownAlike(left: MetadataPartition, right: MetadataPartition): boolean {
  return (
    left.leader === right.leader &&
    left.leaderEpoch === right.leaderEpoch &&
    left.partitionEpoch === right.partitionEpoch &&
    isSameList(left.replicas, right.replicas) &&
    isSameList(left.inSyncReplicas, right.inSyncReplicas) &&
    isSameList(left.offlineReplicas, right.offlineReplicas)
  )
}

function isSameList(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((id, index) => id === right[index])
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
