import { configText } from '../../cluster/config/broker-config.ts'
import { NOBODY_NEAR } from '../../shard/contract.ts'
import type { Serving } from '../serving.ts'
import type { FetchPartition } from './fetch-partition.ts'

/** Kafka's selector, by the end of its class name: Java packages differ between versions. */
const RACK_AWARE = 'RackAwareReplicaSelector'

/**
 * The replicas that are nearer to a client than we are (KIP-392): those in its rack. None without the rack-aware selector,
 * and none where we are in its rack ourselves.
 */
export function nearReplicas(serving: Serving, partition: FetchPartition, rack: string): readonly number[] {
  const { view, config, brokerId } = serving.services
  if (!configText(config, 'replica.selector.class').endsWith(RACK_AWARE)) return NOBODY_NEAR
  const known = view.partition(partition.topic, partition.partition)
  if (known === undefined || known.leader !== brokerId) return NOBODY_NEAR
  const near = view.brokers.filter((broker) => broker.rack === rack && known.replicas.includes(broker.id))
  if (near.length === 0 || near.some(({ id }) => id === brokerId)) return NOBODY_NEAR
  return near.map(({ id }) => id)
}
