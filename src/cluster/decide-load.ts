/**
 * What a new controller makes of the tree it has read: records for every topic, and the writes that repair what a crash
 * left behind (no topic id, no state, a leader that is gone).
 */
import type { MultiOperation } from '../zookeeper/contract.ts'
import { booleanValue } from './config/values.ts'
import type { ConfigMap } from './config/resolve.ts'
import { electAgain, electOffline, initialState, withoutLeader } from './elections.ts'
import type { WriteGroup } from './guarded-writer.ts'
import type { LoadedTopic } from './loader.ts'
import type { LocalPlacement } from './placement.ts'
import type { PartitionRecord, TopicRecord } from './state.ts'
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
  readonly brokerId: number
  readonly alive: ReadonlyMap<number, unknown>
  /** -1: we are not the controller, and only look. */
  readonly controllerEpoch: number
  /**
   * Our last life ended without a clean stop: our logs may have lost their tails, so partitions we led begin a new epoch.
   * After a clean stop nothing was lost and nobody else led: the stored epochs stay, as in Kafka, and the start writes nothing.
   */
  readonly mustLeadAnew: boolean
  /** `unclean.leader.election.enable` for topics that do not set it. */
  readonly isUncleanAllowed: boolean
  readonly placement: LocalPlacement
  readonly newTopicId: () => string
}

export interface LoadDecision {
  /** As they are once `writes` is done. */
  readonly topic: TopicRecord
  readonly writes: WriteGroup
}

/** @param previous what was known of the topic: its partitions keep their places */
export function decideLoadedTopic(
  loaded: LoadedTopic,
  previous: TopicRecord | undefined,
  context: LoadContext,
): LoadDecision {
  const operations: MultiOperation[] = []
  const isController = context.controllerEpoch >= 0
  const needsId = loaded.node.topicId === '' && isController
  const topicId = needsId ? context.newTopicId() : loaded.node.topicId
  if (needsId) {
    const data = encodeTopic({ ...loaded.node, topicId })
    operations.push({ kind: 'set', path: topicPath(loaded.name), data, version: -1 })
  }
  if (isController && loaded.partitionNodes === undefined) {
    operations.push({ kind: 'create', path: partitionsPath(loaded.name), data: null, mode: 'persistent' })
  }
  const known = previous?.topicId === topicId ? previous : undefined
  const partitions = [...loaded.node.assignment].map(([partition, replicas]) =>
    loadPartition(loaded, partition, replicas, known?.partitions[partition], context, operations),
  )
  const { adding, removing } = loaded.node
  return {
    topic: { name: loaded.name, topicId, partitions, adding, removing, config: loaded.config },
    writes: { operations },
  }
}

function loadPartition(
  loaded: LoadedTopic,
  partition: number,
  replicas: readonly number[],
  known: PartitionRecord | undefined,
  context: LoadContext,
  operations: MultiOperation[],
): PartitionRecord {
  const isHere = replicas.includes(context.brokerId)
  const isKnownThere = known !== undefined && known.place.shard >= 0 === isHere
  const place = isKnownThere
    ? known.place
    : isHere
      ? context.placement.here(loaded.name, partition)
      : context.placement.elsewhere()
  const stored = loaded.states.get(partition)
  if (stored === undefined) {
    const state = initialState(replicas, context.alive, context.controllerEpoch)
    if (state === undefined || context.controllerEpoch < 0) {
      return { partition, replicas, state: NO_STATE, stateVersion: -1, place }
    }
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
    return { partition, replicas, state, stateVersion: 0, place }
  }
  const record: PartitionRecord = { partition, replicas, state: stored.state, stateVersion: stored.version, place }
  const changed = context.controllerEpoch < 0 ? undefined : newState(record, loaded.config, context)
  if (changed === undefined) return record
  operations.push(stateChange(loaded.name, record, changed))
  return { ...record, state: changed, stateVersion: record.stateVersion + 1 }
}

const NO_STATE: PartitionStateNode = {
  controllerEpoch: 0,
  leader: -1,
  leaderEpoch: 0,
  inSyncReplicas: [],
  isRecovering: false,
}

function newState(record: PartitionRecord, config: ConfigMap, context: LoadContext): PartitionStateNode | undefined {
  const isOurs = record.state.leader === context.brokerId
  if (isOurs && context.mustLeadAnew) return electAgain(record, context.controllerEpoch)
  const own = config['unclean.leader.election.enable']
  const isUncleanAllowed = own === undefined ? context.isUncleanAllowed : booleanValue(own)
  const outcome = electOffline(record, context.alive, isUncleanAllowed, context.controllerEpoch)
  if (outcome.kind === 'elected') return outcome.state
  if (outcome.kind === 'notPossible' && record.state.leader !== -1)
    return withoutLeader(record, context.controllerEpoch)
  return undefined
}
