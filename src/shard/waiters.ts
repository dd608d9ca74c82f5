import { assert } from '../base/assert.ts'
import type { FetchWaiter, ShardCounters } from './contract.ts'
import type { Deadlines } from './deadlines.ts'
import { NO_SHARDS, type OwnedPartition, Parked, visibleBytes, type Watch } from './owned-partition.ts'
import type { ReadLevel } from './read-level.ts'

// hot: per fetch
//
//   partition ── watch ── watch ── watch        one list per partition, of everybody who waits for it
//                  |        |
//   partition ── watch      |                   one list per parked fetch, of every partition it waits for
//                  |        |
//               parked    parked ── deadline in the shard's wheel

/** Fetches parked on one shard. One more is answered at once, empty or not, and will come again. */
const PARKED_MAX = 100_000

/** The fetches that wait on this shard, and the order in which they are told. */
export class Waiters {
  readonly #parkedBy = new Map<FetchWaiter, Parked>()
  readonly #deadlines: Deadlines
  readonly #counters: ShardCounters
  readonly #scheduleTurn: () => void
  readonly #withdraw: (parked: Parked) => void
  /** Two lists that change places each turn; entries are cleared when told, so that nothing outlives its connection here. */
  #ready: (Parked | null)[] = []
  #telling: (Parked | null)[] = []
  #readyCount = 0

  /** @param withdraw a fetch with `remotes` no longer waits: tell them */
  constructor(
    deadlines: Deadlines,
    counters: ShardCounters,
    scheduleTurn: () => void,
    withdraw: (parked: Parked) => void,
  ) {
    this.#withdraw = withdraw
    this.#deadlines = deadlines
    this.#counters = counters
    this.#scheduleTurn = scheduleTurn
  }

  /** Starts a wait; `watch` adds the partitions. */
  park(waiter: FetchWaiter, sizeBytesMin: number, deadlineMs: number): Parked {
    assert(!this.#parkedBy.has(waiter), 'a waiter waits once at a time')
    const parked = new Parked(this, waiter, Math.max(1, sizeBytesMin))
    this.#parkedBy.set(waiter, parked)
    this.#counters.waiters = this.#parkedBy.size
    if (this.#parkedBy.size > PARKED_MAX) this.wake(parked)
    else this.#deadlines.add(parked, deadlineMs)
    return parked
  }

  /** `seenBytes`: what `arrivedBytes` said when the fetch read. More may have arrived since. */
  watch(parked: Parked, partition: OwnedPartition, level: ReadLevel, seenBytes: number): void {
    if (parked.isReady) return
    const next = partition.watches
    const watch = { parked, partition, level, seenBytes, previous: null, next, sibling: parked.watches }
    if (next !== null) next.previous = watch
    partition.watches = watch
    parked.watches = watch
    this.#look(watch)
  }

  unpark(waiter: FetchWaiter): void {
    const parked = this.#parkedBy.get(waiter)
    if (parked !== undefined) {
      this.#forget(parked)
      return
    }
    // Woken in this turn and not told yet, when its connection went away.
    for (let index = 0; index < this.#readyCount; index += 1) {
      const ready = this.#ready[index]
      if (ready?.waiter === waiter) ready.isReady = false
    }
  }

  /** So much has arrived for this fetch on another shard. */
  progress(parked: Parked, sizeBytes: number): void {
    parked.missingBytes -= sizeBytes
    if (parked.missingBytes <= 0) this.wake(parked)
  }

  /** More may have become readable in `partition`. */
  arrived(partition: OwnedPartition): void {
    for (let watch = partition.watches; watch !== null; ) {
      // Waking takes all watches of a fetch out, this one included, and leaves its `next` as it was; the same fetch may
      // watch a partition twice, so `next` may be out too: then start again, what is left has been looked at or is new.
      const next: Watch | null = watch.next
      this.#look(watch)
      watch = next?.parked.isReady ? partition.watches : next
    }
  }

  /** `partition` failed, moved or was deleted: its readers must hear of it now. */
  wakeAll(partition: OwnedPartition): void {
    while (partition.watches !== null) this.wake(partition.watches.parked)
  }

  /** Its fetch is told in the present or next turn. */
  wake(parked: Parked): void {
    if (parked.isReady) return
    this.#forget(parked)
    parked.isReady = true
    this.#ready[this.#readyCount] = parked
    this.#readyCount += 1
    this.#scheduleTurn()
  }

  expire(parked: Parked): void {
    this.#counters.waitersExpired += 1
    this.wake(parked)
  }

  get hasReady(): boolean {
    return this.#readyCount > 0
  }

  /** Tells everybody who is ready, in the order in which they became so. Some may park again meanwhile. */
  tellReady(): void {
    const count = this.#readyCount
    if (count === 0) return
    const telling = this.#ready
    this.#ready = this.#telling
    this.#telling = telling
    this.#readyCount = 0
    for (let index = 0; index < count; index += 1) {
      const parked = telling[index]
      telling[index] = null
      if (parked?.isReady) parked.waiter.onFetchReady()
    }
  }

  #look(watch: Watch): void {
    const { partition, parked } = watch
    const arrived = visibleBytes(partition, watch.level)
    if (arrived === watch.seenBytes) return
    parked.missingBytes -= arrived - watch.seenBytes
    watch.seenBytes = arrived
    if (parked.missingBytes > 0) return
    if (parked.onProgress === null) {
      this.wake(parked)
    } else {
      const sizeBytes = parked.progressStepBytes - parked.missingBytes
      parked.missingBytes = parked.progressStepBytes
      parked.onProgress.onProgress(sizeBytes)
    }
  }

  #forget(parked: Parked): void {
    this.#parkedBy.delete(parked.waiter)
    this.#counters.waiters = this.#parkedBy.size
    this.#deadlines.remove(parked)
    for (let watch = parked.watches; watch !== null; watch = watch.sibling) {
      const { previous, next } = watch
      if (previous === null) watch.partition.watches = next
      else previous.next = next
      if (next !== null) next.previous = previous
    }
    parked.watches = null
    if (parked.remotes.length > 0) {
      this.#withdraw(parked)
      parked.remotes = NO_SHARDS
    }
  }
}
