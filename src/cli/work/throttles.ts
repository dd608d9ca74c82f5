/** Throttles of partitions on the move: the keys that Kafka's own tool sets and takes away, so that either may end what the other began. */
import { describeCluster } from '../../client/admin/cluster-info.ts'
import {
  alterConfig,
  ConfigOperation,
  type ConfigResource,
  ConfigResourceType,
  ConfigSource,
  describeConfig,
} from '../../client/admin/configs.ts'
import type { AdminContext } from '../../client/admin/context.ts'
import { listTopics } from '../../client/admin/topics.ts'

const LEADER_RATE = 'leader.replication.throttled.rate'
const FOLLOWER_RATE = 'follower.replication.throttled.rate'
const LEADER_REPLICAS = 'leader.replication.throttled.replicas'
const FOLLOWER_REPLICAS = 'follower.replication.throttled.replicas'

/** Where a partition is, and where it goes. */
export interface ThrottledMove {
  readonly topic: string
  readonly partition: number
  readonly before: readonly number[]
  readonly replicas: readonly number[]
}

/** Which replicas of a topic are held back, as `partition:broker`. */
export interface ThrottledTopic {
  readonly topic: string
  /** Those that feed: where the partition is now. */
  readonly leaders: readonly string[]
  /** Those that fetch: where it is not yet. */
  readonly followers: readonly string[]
}

/** Pure: what must be set so that `moves`, and nothing else, are held back. */
export function throttledTopics(moves: readonly ThrottledMove[]): readonly ThrottledTopic[] {
  const topics = new Map<string, { leaders: string[]; followers: string[] }>()
  for (const { topic, partition, before, replicas } of moves) {
    const coming = replicas.filter((id) => !before.includes(id))
    if (coming.length === 0) continue
    const lists = topics.get(topic) ?? { leaders: [], followers: [] }
    lists.leaders.push(...before.map((id) => `${partition}:${id}`))
    lists.followers.push(...coming.map((id) => `${partition}:${id}`))
    topics.set(topic, lists)
  }
  return [...topics].map(([topic, lists]) => ({ topic, ...lists }))
}

/** Holds `moves` back to `bytesPerSecond` on every broker concerned. To be set before they begin. */
export async function throttle(
  admin: AdminContext,
  moves: readonly ThrottledMove[],
  bytesPerSecond: number,
): Promise<void> {
  const brokers = new Set(moves.flatMap(({ before, replicas }) => [...before, ...replicas]))
  const rate = String(bytesPerSecond)
  for (const { topic, leaders, followers } of throttledTopics(moves)) {
    await alterConfig(admin, { type: ConfigResourceType.topic, name: topic }, [
      { name: LEADER_REPLICAS, operation: ConfigOperation.append, value: leaders.join(',') },
      { name: FOLLOWER_REPLICAS, operation: ConfigOperation.append, value: followers.join(',') },
    ])
  }
  for (const id of brokers) {
    await alterConfig(admin, brokerResource(id), [
      { name: LEADER_RATE, operation: ConfigOperation.set, value: rate },
      { name: FOLLOWER_RATE, operation: ConfigOperation.set, value: rate },
    ])
  }
}

/** Takes every throttle away, whoever set it. @returns how many brokers and topics had one */
export async function unthrottle(admin: AdminContext): Promise<number> {
  const { brokers } = await describeCluster(admin)
  const topics = await listTopics(admin)
  let count = 0
  for (const { nodeId } of brokers) {
    if (await clear(admin, brokerResource(nodeId), [LEADER_RATE, FOLLOWER_RATE], ConfigSource.dynamicBroker)) count += 1
  }
  for (const { name } of topics) {
    const resource = { type: ConfigResourceType.topic, name }
    if (await clear(admin, resource, [LEADER_REPLICAS, FOLLOWER_REPLICAS], ConfigSource.dynamicTopic)) count += 1
  }
  return count
}

function brokerResource(id: number): ConfigResource {
  return { type: ConfigResourceType.broker, name: String(id) }
}

async function clear(
  admin: AdminContext,
  resource: ConfigResource,
  names: readonly string[],
  source: number,
): Promise<boolean> {
  const entries = await describeConfig(admin, resource)
  const set = entries.filter((entry) => names.includes(entry.name) && entry.source === source)
  if (set.length === 0) return false
  await alterConfig(
    admin,
    resource,
    set.map(({ name }) => ({ name, operation: ConfigOperation.delete, value: null })),
  )
  return true
}
