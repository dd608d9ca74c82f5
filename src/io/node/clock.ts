import type { Clock } from '../ports.ts'

/**
 * The host's clocks. `performance.now()` counts from the start of its own thread; adding what the process-wide
 * high-resolution clock showed at that moment makes deadlines comparable between threads, without its price per call.
 */
export class NodeClock implements Clock {
  readonly #threadStartedAtMs: number = Number(process.hrtime.bigint()) / 1e6 - performance.now()

  wallMs(): number {
    return Date.now()
  }

  monotonicMs(): number {
    return performance.now() + this.#threadStartedAtMs
  }
}
