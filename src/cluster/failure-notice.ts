import type { TimerHandle, Timers } from '../io/ports.ts'

/** Replicas of one disk fail together: one notification for all. */
const FAILURES_GATHER_MS = 200

/** Tells the controller once of all replicas that lost their disk within a moment. */
export class FailureNotice {
  readonly #timers: Timers
  readonly #send: () => void
  #timer: TimerHandle | undefined

  constructor(timers: Timers, send: () => void) {
    this.#timers = timers
    this.#send = send
  }

  replicaFailed(): void {
    this.#timer ??= this.#timers.start(FAILURES_GATHER_MS, () => {
      this.#timer = undefined
      this.#send()
    })
  }

  stop(): void {
    if (this.#timer !== undefined) this.#timers.cancel(this.#timer)
  }
}
