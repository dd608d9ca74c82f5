import { TimerWheel, type WheelEntry } from '../base/timer-wheel.ts'
import type { Clock, TimerHandle, Timers } from '../io/ports.ts'

/** Waits are answered at most this late: below what a client that waits tens of milliseconds can notice. */
const TICK_MS = 2
/** One turn of the wheel is two seconds: beyond the usual longest waits, so that nearly every entry is met once. */
const SLOT_COUNT = 1024

/** Something that wants to be told when its time is over. */
export interface Deadline extends WheelEntry {
  onDeadline(): void
}

/**
 * Every deadline of a shard on one timer of the loop. The timer is armed for the nearest deadline it has heard of and
 * left alone when that one is removed: a fetch that waits and is answered at once costs no timer call, and a shard where
 * nothing waits has no timer.
 */
export class Deadlines {
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #wheel: TimerWheel
  #timer: TimerHandle | undefined
  #armedForMs: number = Infinity

  constructor(clock: Clock, timers: Timers) {
    this.#clock = clock
    this.#timers = timers
    this.#wheel = new TimerWheel(TICK_MS, SLOT_COUNT, clock.monotonicMs())
  }

  /** @param dueMs monotonic; Infinity never comes */
  add(deadline: Deadline, dueMs: number): void {
    if (dueMs === Infinity) return
    if (this.#wheel.size === 0) this.#wheel.advance(this.#clock.monotonicMs(), tell)
    this.#wheel.add(deadline, dueMs)
    if (dueMs < this.#armedForMs) this.#arm(dueMs)
  }

  remove(deadline: Deadline): void {
    this.#wheel.remove(deadline)
  }

  /** Forgets the timer; what waits is not told. */
  stop(): void {
    if (this.#timer !== undefined) this.#timers.cancel(this.#timer)
    this.#timer = undefined
  }

  #arm(dueMs: number): void {
    if (this.#timer !== undefined) this.#timers.cancel(this.#timer)
    this.#armedForMs = dueMs
    // One tick more: the wheel rounds up, and a timer that comes just too early would have to come again.
    this.#timer = this.#timers.start(Math.max(0, dueMs - this.#clock.monotonicMs()) + TICK_MS, () => this.#due())
  }

  #due(): void {
    this.#timer = undefined
    this.#armedForMs = Infinity
    this.#wheel.advance(this.#clock.monotonicMs(), tell)
    const nextMs = this.#wheel.nextDueMs()
    if (nextMs < this.#armedForMs) this.#arm(nextMs)
  }
}

function tell(entry: WheelEntry): void {
  ;(entry as Deadline).onDeadline()
}
