import type { Serving } from '../serving.ts'
import type { FetchPartition } from './fetch-partition.ts'

/** Whether a follower is one of those that operators hold back here: listed for the topic, and not in sync. */
export function isThrottled(serving: Serving, partition: FetchPartition, replicaId: number): boolean {
  const { throttle, services } = serving
  // The leader's list names itself: "this replica, as leader, feeds others slowly".
  if (!throttle.isListed(partition.topic, partition.partition, services.brokerId)) return false
  const known = services.view.partition(partition.topic, partition.partition)
  return known !== undefined && !known.inSyncReplicas.includes(replicaId)
}
