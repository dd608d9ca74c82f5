/** Which znodes a decision about topics writes. */
import type { MultiOperation } from '../zookeeper/contract.ts'
import type { CreatePlan } from './decide-topics.ts'
import type { WriteGroup } from './guarded-writer.ts'
import type { PartitionRecord, TopicRecord } from './state.ts'
import {
  type PartitionStateNode,
  configPath,
  deleteTopicPath,
  encodeConfig,
  encodePartitionState,
  encodeTopic,
  partitionPath,
  partitionStatePath,
  partitionsPath,
  plainTopic,
  topicPath,
} from './znodes.ts'

function create(path: string, data: Uint8Array | null): MultiOperation {
  return { kind: 'create', path, data, mode: 'persistent' }
}

/**
 * A new topic: configuration, topic, partitions, states. The topic node comes before the states, so that a topic that was
 * cut off by a crash is found and completed at the next start.
 *
 * @param hasConfig a configuration node is left from earlier: it is overwritten
 */
export function createTopicWrites(
  plan: CreatePlan,
  states: ReadonlyMap<number, PartitionStateNode>,
  hasConfig: boolean,
): WriteGroup {
  const config = encodeConfig(plan.config)
  const path = configPath('topics', plan.name)
  return {
    operations: [
      hasConfig ? { kind: 'set', path, data: config, version: -1 } : create(path, config),
      create(topicPath(plan.name), encodeTopic(plainTopic(plan.topicId, plan.assignment))),
      create(partitionsPath(plan.name), null),
      ...createStateWrites(plan.name, states),
    ],
  }
}

/** The nodes of partitions that have none yet. */
export function createStateWrites(topic: string, states: ReadonlyMap<number, PartitionStateNode>): MultiOperation[] {
  return [...states].flatMap(([partition, state]) => [
    create(partitionPath(topic, partition), null),
    create(partitionStatePath(topic, partition), encodePartitionState(state)),
  ])
}

/** More partitions for a topic: its node with the whole assignment, then the new states. */
export function growTopicWrites(
  topic: TopicRecord,
  added: ReadonlyMap<number, readonly number[]>,
  states: ReadonlyMap<number, PartitionStateNode>,
): WriteGroup {
  const assignment = new Map([
    ...topic.partitions.map((partition) => [partition.partition, partition.replicas] as const),
    ...added,
  ])
  const node = { topicId: topic.topicId, assignment, adding: topic.adding, removing: topic.removing }
  return {
    operations: [
      { kind: 'set', path: topicPath(topic.name), data: encodeTopic(node), version: -1 },
      ...createStateWrites(topic.name, states),
    ],
  }
}

/** A new state of a partition; refused when somebody else has written it since it was read. */
export function stateChange(topic: string, partition: PartitionRecord, state: PartitionStateNode): MultiOperation {
  return {
    kind: 'set',
    path: partitionStatePath(topic, partition.partition),
    data: encodePartitionState(state),
    version: partition.stateVersion,
  }
}

/** The wish to delete a topic: whoever is controller after a crash completes it. */
export function markDeleted(topic: string): WriteGroup {
  return { operations: [create(deleteTopicPath(topic), null)] }
}

/** Everything of a topic, leaves first, and last the wish itself. */
export function deleteTopicWrites(topic: TopicRecord): WriteGroup {
  const paths = [
    ...topic.partitions.flatMap((partition) => [
      partitionStatePath(topic.name, partition.partition),
      partitionPath(topic.name, partition.partition),
    ]),
    partitionsPath(topic.name),
    topicPath(topic.name),
    configPath('topics', topic.name),
    deleteTopicPath(topic.name),
  ]
  return { operations: paths.map((path) => ({ kind: 'delete', path, version: -1 })) }
}
