import type { ShardCounters, TopicCounters } from './contract.ts'

/** Topics counted one by one; the names of further ones share one row, so that made-up names cannot fill the memory. */
const TOPICS_COUNTED_MAX = 100_000
const OTHER_TOPICS = ''

/** The counters of one shard. Written by its thread only; read there and sent as `snapshot`. */
export class Counters implements ShardCounters {
  messagesIn = 0
  bytesIn = 0
  bytesOut = 0
  appends = 0
  failedAppends = 0
  flushes = 0
  syncs = 0
  turns = 0
  readsFromMemory = 0
  readsFromFile = 0
  copiedBytes = 0
  hops = 0
  hopMessages = 0
  arenaRefusals = 0
  waitersExpired = 0
  replicatedBytesIn = 0
  replicatedBytesOut = 0
  inSyncShrinks = 0
  inSyncExpands = 0
  failedInSyncUpdates = 0
  partitions = 0
  waiters = 0
  hotBytes = 0
  readonly #topics = new Map<string, TopicCounters>()

  topic(name: string): TopicCounters {
    const counted = this.#topics.get(name)
    if (counted !== undefined) return counted
    if (this.#topics.size >= TOPICS_COUNTED_MAX && name !== OTHER_TOPICS) return this.topic(OTHER_TOPICS)
    const fresh = { messagesIn: 0, bytesIn: 0, bytesOut: 0, failedProduces: 0, failedFetches: 0 }
    this.#topics.set(name, fresh)
    return fresh
  }

  /** Forgets a deleted topic. */
  forgetTopic(name: string): void {
    this.#topics.delete(name)
  }

  snapshot(): CountersSnapshot {
    const shard: Record<string, number> = {}
    for (const [name, value] of Object.entries(this)) if (typeof value === 'number') shard[name] = value
    return { shard, topics: [...this.#topics].map(([topic, counters]) => ({ topic, ...counters })) }
  }
}

/** A copy that can be sent to another thread. */
export interface CountersSnapshot {
  readonly shard: Readonly<Record<string, number>>
  readonly topics: readonly (TopicCounters & { readonly topic: string })[]
}
