import { setFlagsFromString, getHeapStatistics } from 'node:v8'
import { performance, type EventLoopUtilization } from 'node:perf_hooks'
import { runInNewContext } from 'node:vm'

/** How often a thread looks whether it is idle. */
const LOOK_INTERVAL_MS = 3000
/** Busy for less than this share of the time: a pause of some milliseconds disturbs nobody. */
const IDLE_SHARE = 0.01
/** Garbage worth a collection: some 10 ms of an idle core, once. */
const GROWTH_SIZE_BYTES = 3 * 1024 * 1024

/** What is seen of one thread. */
export interface ThreadHeap {
  /** Share of the time since the last call in which the thread's loop was at work. */
  busyShare(): number
  /** Memory that the thread's heap holds. */
  sizeBytes(): number
  collect(): void
}

/**
 * Decides when an idle thread gives memory back. The engine collects garbage when there is more of it, so what a burst
 * (a start, a thousand new topics, ten thousand connections) leaves behind would stay for hours on a quiet node. One
 * ordinary collection is enough: some seconds after it the engine shrinks the heap by itself.
 */
export class IdleMemory {
  readonly #heap: ThreadHeap
  /** The least that the heap has held since the last collection. */
  #floorSizeBytes: number = 0

  constructor(heap: ThreadHeap) {
    this.#heap = heap
  }

  look(): void {
    const isIdle = this.#heap.busyShare() < IDLE_SHARE
    const sizeBytes = this.#heap.sizeBytes()
    if (sizeBytes < this.#floorSizeBytes) this.#floorSizeBytes = sizeBytes
    if (!isIdle || sizeBytes < this.#floorSizeBytes + GROWTH_SIZE_BYTES) return
    this.#heap.collect()
    this.#floorSizeBytes = this.#heap.sizeBytes()
  }
}

/** From now on this thread gives memory back when it is idle. Holds nothing open. */
export function giveBackMemoryWhenIdle(): void {
  const memory = new IdleMemory(new OwnHeap())
  setInterval(() => memory.look(), LOOK_INTERVAL_MS).unref()
}

class OwnHeap implements ThreadHeap {
  #seen: EventLoopUtilization = performance.eventLoopUtilization()
  #gc: (() => void) | undefined = undefined

  busyShare(): number {
    const now = performance.eventLoopUtilization()
    const { utilization } = performance.eventLoopUtilization(now, this.#seen)
    this.#seen = now
    return utilization
  }

  sizeBytes(): number {
    return getHeapStatistics().total_physical_size
  }

  collect(): void {
    this.#gc ??= exposedGc()
    this.#gc()
  }
}

/** Node has no other door to the collector than the one its own tests use. */
function exposedGc(): () => void {
  setFlagsFromString('--expose-gc')
  const gc: unknown = runInNewContext('globalThis.gc')
  return typeof gc === 'function' ? () => void gc() : () => {}
}
