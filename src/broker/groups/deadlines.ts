import { TimerWheel, type WheelEntry } from '../../base/timer-wheel.ts'
import type { GroupTimer } from '../../coordinator/group/timer.ts'
import type { Clock, TimerHandle, Timers } from '../../io/ports.ts'

/** Fine enough for a rebalance delay of 0, coarse enough that a whole deployment's heartbeats share a wake-up. */
const TICK_MS = 10
/** 82 s in one turn of the wheel: most sessions are shorter. */
const SLOT_COUNT = 8_192

/** The deadlines of every group of a shard behind one timer of the thread, however many members there are. */
export class GroupDeadlines {
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #due: (timer: GroupTimer) => void
  readonly #wheel: TimerWheel
  #armed: TimerHandle | undefined
  #armedForMs: number = Number.POSITIVE_INFINITY

  /** @param due told of each timer that is due, which is out of the wheel by then */
  constructor(clock: Clock, timers: Timers, due: (timer: GroupTimer) => void) {
    this.#clock = clock
    this.#timers = timers
    this.#due = due
    this.#wheel = new TimerWheel(TICK_MS, SLOT_COUNT, clock.monotonicMs())
  }

  /** Timers that wait. */
  get size(): number {
    return this.#wheel.size
  }

  /** Puts a timer where its `dueMs` says, or out when it is not running. */
  update(timer: GroupTimer): void {
    this.#wheel.remove(timer)
    if (!Number.isFinite(timer.dueMs)) return
    if (this.#wheel.size === 0) this.#wheel.advance(this.#clock.monotonicMs(), neverDue)
    this.#wheel.add(timer, timer.dueMs)
    if (timer.dueMs < this.#armedForMs) this.#arm(timer.dueMs)
  }

  /** Nothing is told any more. */
  stop(): void {
    if (this.#armed !== undefined) this.#timers.cancel(this.#armed)
    this.#armed = undefined
    this.#armedForMs = Number.NEGATIVE_INFINITY
  }

  #arm(dueMs: number): void {
    if (this.#armed !== undefined) this.#timers.cancel(this.#armed)
    this.#armedForMs = dueMs
    // A tick more than needed: the wheel rounds deadlines up to whole ticks.
    const delayMs = Math.max(0, dueMs - this.#clock.monotonicMs()) + TICK_MS
    this.#armed = this.#timers.start(delayMs, this.#onArmed)
  }

  readonly #onArmed = (): void => {
    this.#armed = undefined
    // Deadlines that arrive while the wheel turns are seen by `nextDueMs` below.
    this.#armedForMs = Number.NEGATIVE_INFINITY
    this.#wheel.advance(this.#clock.monotonicMs(), this.#onDue)
    this.#armedForMs = Number.POSITIVE_INFINITY
    const next = this.#wheel.nextDueMs()
    if (Number.isFinite(next)) this.#arm(next)
  }

  readonly #onDue = (entry: WheelEntry): void => {
    // Only group timers are ever added to this wheel.
    this.#due(entry as GroupTimer)
  }
}

function neverDue(): void {
  // An empty wheel has nothing to tell: it is only brought to the present.
}
