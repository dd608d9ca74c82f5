/** What the partitions need when brokers have come, gone or failed: elections and smaller in-sync sets. Pure. */
import { afterLoss, afterUncleanStop, handOver, initialState } from './elections.ts'
import type { StateChange } from './partition-writes.ts'
import type { ClusterState, PartitionRecord, TopicRecord } from './state.ts'
import type { PartitionStateNode } from './znodes.ts'

export interface StateContext {
  readonly state: ClusterState
  readonly controllerEpoch: number
  readonly isUncleanAllowed: (topic: string) => boolean
}

/**
 * Every partition that cannot stay as it is.
 *
 * @param restarted brokers that have begun another life without our seeing the end of the last: what they had in memory and
 *   was not on disk may be gone, so others in sync take over from them
 */
export function decideStates(context: StateContext, restarted: ReadonlySet<number>): readonly StateChange[] {
  const changes: StateChange[] = []
  for (const topic of context.state.topics.values()) {
    // Looked up where it matters only: almost always nothing is lost.
    let isUncleanAllowed: boolean | undefined
    const unclean = (): boolean => (isUncleanAllowed ??= context.isUncleanAllowed(topic.name))
    for (const record of topic.partitions) {
      const state = decideState(context, topic, record, restarted, unclean)
      if (state !== undefined) changes.push({ topic: topic.name, record, state })
    }
  }
  return changes
}

function decideState(
  { state: cluster, controllerEpoch }: StateContext,
  topic: TopicRecord,
  record: PartitionRecord,
  restarted: ReadonlySet<number>,
  isUncleanAllowed: () => boolean,
): PartitionStateNode | undefined {
  const alive = cluster.alive(topic.name, record.partition)
  if (record.stateVersion < 0) return initialState(record.replicas, alive, controllerEpoch)
  if (record.replicas.some((replica) => restarted.has(replica)))
    return afterUncleanStop(record, restarted, alive, isUncleanAllowed(), controllerEpoch)
  const isWhole = alive.serves(record.state.leader) && record.state.inSyncReplicas.every((one) => alive.has(one))
  return isWhole ? undefined : afterLoss(record, alive, isUncleanAllowed(), controllerEpoch)
}

/** What a broker leaves behind that is about to stop: its leaders move, its followers leave the in-sync sets. */
export function decideLeaving(context: StateContext, broker: number): readonly StateChange[] {
  const { state: cluster, controllerEpoch } = context
  const changes: StateChange[] = []
  for (const topic of cluster.topics.values()) {
    for (const record of topic.partitions) {
      if (record.replicas.length < 2 || !record.replicas.includes(broker)) continue
      const alive = cluster.alive(topic.name, record.partition)
      const state = handOver(record, broker, alive, controllerEpoch)
      if (state !== undefined) changes.push({ topic: topic.name, record, state })
    }
  }
  return changes
}

/** Preferred leaders that should lead again: those of brokers too many of whose partitions others lead. */
export function decideRebalance(
  state: ClusterState,
  imbalancePercentageMax: number,
): readonly { readonly topic: string; readonly partition: number }[] {
  const byPreferred = new Map<number, { total: number; elsewhere: { topic: string; partition: number }[] }>()
  for (const topic of state.topics.values()) {
    for (const record of topic.partitions) {
      const preferred = record.replicas[0] ?? -1
      const row = byPreferred.get(preferred) ?? { total: 0, elsewhere: [] }
      byPreferred.set(preferred, row)
      row.total += 1
      if (record.state.leader !== preferred) row.elsewhere.push({ topic: topic.name, partition: record.partition })
    }
  }
  return [...byPreferred].flatMap(([broker, { total, elsewhere }]) => {
    if (!state.brokers.has(broker) || elsewhere.length * 100 <= total * imbalancePercentageMax) return []
    return elsewhere.filter(({ topic, partition }) => {
      const record = state.topic(topic)?.partitions[partition]
      const isReady = record?.state.inSyncReplicas.includes(broker) === true
      return isReady && state.alive(topic, partition).has(broker)
    })
  })
}
