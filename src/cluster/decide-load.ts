/**
 * What a new controller makes of the tree it has read: records for every topic, and the writes that repair what a crash
 * left behind (no topic id, no state, a leader that is gone).
 */
import type { MultiOperation } from '../zookeeper/contract.ts'
import { type Alive, afterLoss, afterUncleanStop, initialState } from './elections.ts'
import type { WriteGroup } from './guarded-writer.ts'
import type { LoadedTopic } from './loader.ts'
import { NO_STATE, type PartitionRecord, type TopicRecord } from './state.ts'
import { stateChange } from './topic-writes.ts'
import {
  type PartitionStateNode,
  encodePartitionState,
  encodeTopic,
  partitionPath,
  partitionStatePath,
  partitionsPath,
  topicPath,
} from './znodes.ts'

export interface LoadContext {
  readonly controllerEpoch: number
  readonly alive: (topic: string, partition: number) => Alive
  /**
   * Brokers whose logs may have lost their tails since a state was decided: their last life ended without a clean stop, and they
   * began this one later. After a clean stop nothing was lost: the stored epochs stay, as in Kafka, and the start writes nothing.
   */
  readonly suspectsSince: (modifiedZxid: number) => ReadonlySet<number>
  readonly isUncleanAllowed: (topic: string) => boolean
  readonly newTopicId: () => string
}

export interface LoadDecision {
  /** As they are once `writes` is done. */
  readonly topic: TopicRecord
  readonly writes: WriteGroup
}

export function decideLoadedTopic(loaded: LoadedTopic, context: LoadContext): LoadDecision {
  const operations: MultiOperation[] = []
  const needsId = loaded.node.topicId === ''
  const topicId = needsId ? context.newTopicId() : loaded.node.topicId
  if (needsId) {
    const data = encodeTopic({ ...loaded.node, topicId })
    operations.push({ kind: 'set', path: topicPath(loaded.name), data, version: -1 })
  }
  if (loaded.partitionNodes === undefined) {
    operations.push({ kind: 'create', path: partitionsPath(loaded.name), data: null, mode: 'persistent' })
  }
  const partitions = [...loaded.node.assignment].map(([partition, replicas]) =>
    loadPartition(loaded, partition, replicas, context, operations),
  )
  const { adding, removing } = loaded.node
  return { topic: { name: loaded.name, topicId, partitions, adding, removing }, writes: { operations } }
}

function loadPartition(
  loaded: LoadedTopic,
  partition: number,
  replicas: readonly number[],
  context: LoadContext,
  operations: MultiOperation[],
): PartitionRecord {
  const alive = context.alive(loaded.name, partition)
  const stored = loaded.states.get(partition)
  if (stored === undefined) {
    const state = initialState(replicas, alive, context.controllerEpoch)
    if (state === undefined) return { partition, replicas, state: NO_STATE, stateVersion: -1 }
    if (loaded.partitionNodes?.has(partition) !== true) {
      operations.push({
        kind: 'create',
        path: partitionPath(loaded.name, partition),
        data: null,
        mode: 'persistent',
      })
    }
    const path = partitionStatePath(loaded.name, partition)
    operations.push({ kind: 'create', path, data: encodePartitionState(state), mode: 'persistent' })
    return { partition, replicas, state, stateVersion: 0 }
  }
  const record: PartitionRecord = { partition, replicas, state: stored.state, stateVersion: stored.version }
  const changed = newState(record, loaded.name, alive, context, context.suspectsSince(stored.modifiedZxid))
  if (changed === undefined) return record
  operations.push(stateChange(loaded.name, record, changed))
  return { ...record, state: changed, stateVersion: record.stateVersion + 1 }
}

function newState(
  record: PartitionRecord,
  topic: string,
  alive: Alive,
  context: LoadContext,
  suspects: ReadonlySet<number>,
): PartitionStateNode | undefined {
  const { controllerEpoch } = context
  const isUncleanAllowed = context.isUncleanAllowed(topic)
  return record.replicas.some((replica) => suspects.has(replica))
    ? afterUncleanStop(record, suspects, alive, isUncleanAllowed, controllerEpoch)
    : afterLoss(record, alive, isUncleanAllowed, controllerEpoch)
}
