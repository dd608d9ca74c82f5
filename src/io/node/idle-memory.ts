import { setFlagsFromString, getHeapStatistics } from 'node:v8'
import { performance } from 'node:perf_hooks'
import { runInNewContext } from 'node:vm'

/** How often a thread looks whether it is idle. */
const LOOK_INTERVAL_MS = 3000
/** At work for less than this share of the time: a pause of some milliseconds disturbs nobody. */
const IDLE_SHARE = 0.02
/** Looks between two collections at least: a heap that swings by itself must not cost a pause at every look. */
const LOOKS_BETWEEN = 6
/** Garbage worth a collection: some 10 ms of an idle core, once. */
const GROWTH_SIZE_BYTES = 3 * 1024 * 1024

/** What is seen of one thread. */
export interface ThreadHeap {
  /** Share of the time since the last call in which the thread was at work. */
  busyShare(): number
  /** Memory that the thread's heap holds. */
  sizeBytes(): number
  collect(): void
}

/**
 * Decides when an idle thread gives memory back. The engine collects garbage when there is more of it, so what a burst
 * (a start, a thousand new topics, ten thousand connections) leaves behind would stay for hours on a quiet node.
 */
export class IdleMemory {
  readonly #heap: ThreadHeap
  /** The least that the heap has held since the last collection. */
  #floorSizeBytes: number = 0
  #looksToWait: number = 0

  constructor(heap: ThreadHeap) {
    this.#heap = heap
  }

  look(): void {
    const isIdle = this.#heap.busyShare() < IDLE_SHARE
    const sizeBytes = this.#heap.sizeBytes()
    if (sizeBytes < this.#floorSizeBytes) this.#floorSizeBytes = sizeBytes
    if (this.#looksToWait > 0) this.#looksToWait -= 1
    if (!isIdle || this.#looksToWait > 0 || sizeBytes < this.#floorSizeBytes + GROWTH_SIZE_BYTES) return
    this.#heap.collect()
    this.#looksToWait = LOOKS_BETWEEN
    this.#floorSizeBytes = this.#heap.sizeBytes()
  }
}

/** From now on this thread gives memory back when it is idle. Holds nothing open. */
export function giveBackMemoryWhenIdle(): void {
  const memory = new IdleMemory(new OwnHeap())
  setInterval(() => memory.look(), LOOK_INTERVAL_MS).unref()
}

class OwnHeap implements ThreadHeap {
  #seenCpuMs: number = cpuMs()
  #seenAtMs: number = performance.now()
  #gc: (() => void) | undefined = undefined

  busyShare(): number {
    const usedMs = cpuMs()
    const nowMs = performance.now()
    const share = (usedMs - this.#seenCpuMs) / (nowMs - this.#seenAtMs)
    this.#seenCpuMs = usedMs
    this.#seenAtMs = nowMs
    return share
  }

  sizeBytes(): number {
    return getHeapStatistics().total_physical_size
  }

  collect(): void {
    this.#gc ??= exposedGc()
    this.#gc()
  }
}

/**
 * Processor time of this thread, not the time its loop was busy: on a crowded machine a few milliseconds of work take long,
 * and the thread is idle all the same. Where Node cannot tell a thread's own, that of the whole process counts.
 */
function cpuMs(): number {
  const { user, system } = process.threadCpuUsage === undefined ? process.cpuUsage() : process.threadCpuUsage()
  return (user + system) / 1000
}

/** Node has no other door to the collector than the one its own tests use. */
function exposedGc(): () => void {
  setFlagsFromString('--expose-gc')
  const gc: unknown = runInNewContext('globalThis.gc')
  // An ordinary collection leaves half-empty pages with the heap, and the engine's own shrinking waits for 10 MB of growth:
  // after 1,000 new partitions 10 MB more stayed for good. Load right after it cost no visibly more CPU per request, on a noisy machine.
  return typeof gc === 'function'
    ? () => void gc({ type: 'major', execution: 'sync', flavor: 'last-resort' })
    : () => {}
}
