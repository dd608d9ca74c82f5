import { TokenBucket } from '../../base/token-bucket.ts'
import type { TopicView } from '../../cluster/contract.ts'
import type { ClusterView } from '../../cluster/view.ts'
import type { Clock } from '../../io/ports.ts'

/** A second's worth may be used at once, as much as Kafka's window of samples lets through. */
const BURST_MS = 1000

/** What one side obeys: how fast, and for which replicas. Dynamic configuration of the broker and of topics. */
export interface ThrottleKeys {
  readonly rate: 'leader.replication.throttled.rate' | 'follower.replication.throttled.rate'
  readonly replicas: 'leader.replication.throttled.replicas' | 'follower.replication.throttled.replicas'
}

export const LEADER_THROTTLE: ThrottleKeys = {
  rate: 'leader.replication.throttled.rate',
  replicas: 'leader.replication.throttled.replicas',
}

export const FOLLOWER_THROTTLE: ThrottleKeys = {
  rate: 'follower.replication.throttled.rate',
  replicas: 'follower.replication.throttled.replicas',
}

/**
 * The rate of replication that operators hold back (reassignments). Only replicas named in the topic's list count, and
 * of those only such as are not in sync: whoever is must stay so. Each shard has its share of the broker's rate.
 */
export class ReplicationThrottle {
  readonly #view: ClusterView
  readonly #clock: Clock
  readonly #brokerId: number
  readonly #shardCount: number
  readonly #keys: ThrottleKeys
  #generation = -1
  readonly #bucket = new TokenBucket(BURST_MS)
  #listed = new Map<string, ReadonlySet<string> | 'all'>()

  constructor(view: ClusterView, clock: Clock, brokerId: number, shardCount: number, keys: ThrottleKeys) {
    this.#view = view
    this.#clock = clock
    this.#brokerId = brokerId
    this.#shardCount = shardCount
    this.#keys = keys
  }

  /** Whether a rate is set at all: without one nothing else need be asked. */
  get isActive(): boolean {
    this.#refresh()
    return this.#bucket.perMs < Infinity
  }

  /** Whether this replica is on the topic's list. `replica` is its broker. */
  isListed(topic: string, partition: number, replica: number): boolean {
    this.#refresh()
    let listed = this.#listed.get(topic)
    if (listed === undefined) {
      listed = parseReplicas(this.#view.topic(topic), this.#keys.replicas)
      this.#listed.set(topic, listed)
    }
    return listed === 'all' || listed.has(`${partition}:${replica}`)
  }

  /** Milliseconds until anything may be sent or fetched; 0 = now. */
  get waitMs(): number {
    this.#refresh()
    return this.#bucket.waitMs(this.#clock.monotonicMs())
  }

  /** So much was sent or fetched: what is beyond the rate is paid for with waiting. */
  take(sizeBytes: number): void {
    this.#refresh()
    this.#bucket.take(sizeBytes, this.#clock.monotonicMs())
  }

  #refresh(): void {
    const { generation } = this.#view
    if (generation === this.#generation) return
    this.#generation = generation
    this.#listed = new Map()
    const rate = dynamicNumber(this.#view, this.#brokerId, this.#keys.rate) ?? Infinity
    this.#bucket.setRate(rate / 1000 / this.#shardCount, this.#clock.monotonicMs())
  }
}

/** A number that was set for this broker while running, or else for all of them. */
export function dynamicNumber(view: ClusterView, brokerId: number, key: string): number | undefined {
  const text = dynamicText(view, brokerId, key)
  return text === undefined ? undefined : Number(text)
}

/** The same for a text. */
export function dynamicText(view: ClusterView, brokerId: number, key: string): string | undefined {
  return view.brokerConfig(String(brokerId))[key] ?? view.brokerConfig('')[key]
}

function parseReplicas(topic: TopicView | undefined, key: ThrottleKeys['replicas']): ReadonlySet<string> | 'all' {
  const text = topic?.config[key]?.trim() ?? ''
  if (text === '*') return 'all'
  return new Set(text.split(',').map((item) => item.trim()))
}
