import type { FollowedPartition, PartitionFetching } from '../../shard/contract.ts'
import { type FetcherParts, LeaderFetcher } from './leader-fetcher.ts'

/** What is said about fetching in the metrics. */
export interface FetchingMetrics {
  readonly leaders: number
  readonly partitions: number
  /** Partitions that are left out for a while after an error. */
  readonly delayedPartitions: number
  /** Offsets that the partition furthest behind lacks. */
  readonly maxLag: number
}

/** Fetches for every partition that this shard follows: one fetcher per leader. Registers itself with the shard. */
export class ReplicaFetchers implements PartitionFetching {
  readonly #parts: FetcherParts
  readonly #fetchers = new Map<number, LeaderFetcher>()
  readonly #followed = new Map<number, FollowedPartition>()

  constructor(parts: FetcherParts) {
    this.#parts = parts
    parts.shards.followers.fetchedBy(this)
  }

  get metrics(): FetchingMetrics {
    let delayedPartitions = 0
    let maxLag = 0
    for (const fetcher of this.#fetchers.values()) {
      delayedPartitions += fetcher.delayedCount
      maxLag = Math.max(maxLag, fetcher.maxLag)
    }
    return { leaders: this.#fetchers.size, partitions: this.#followed.size, delayedPartitions, maxLag }
  }

  follow(partition: FollowedPartition): void {
    this.unfollow(partition.handle)
    this.#followed.set(partition.handle, partition)
    let fetcher = this.#fetchers.get(partition.leader)
    if (fetcher === undefined) {
      fetcher = new LeaderFetcher(this.#parts, partition.leader)
      this.#fetchers.set(partition.leader, fetcher)
    }
    fetcher.add(partition)
  }

  unfollow(handle: number): void {
    const partition = this.#followed.get(handle)
    if (partition === undefined) return
    this.#followed.delete(handle)
    const fetcher = this.#fetchers.get(partition.leader)
    fetcher?.remove(partition)
    if (fetcher === undefined || fetcher.size > 0) return
    fetcher.close()
    this.#fetchers.delete(partition.leader)
  }

  /** Fetches nothing more. */
  stop(): void {
    for (const fetcher of this.#fetchers.values()) fetcher.close()
    this.#fetchers.clear()
    this.#followed.clear()
  }
}
