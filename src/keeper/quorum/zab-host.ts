import type { Clock, TimerHandle, Timers } from '../../io/ports.ts'
import type { Effect, Entry, Input } from '../../zab/contract.ts'
import type { ZabState } from '../../zab/state.ts'
import { nextDeadlineMs, step } from '../../zab/step.ts'

/** Whoever carries out what consensus decides. */
export interface EffectHandler {
  /** Committed entries, oldest first: into the tree with them. */
  apply(entries: readonly Entry[]): void
  carryOut(effect: Exclude<Effect, { kind: 'apply' }>): void
  /** The turn is over: what gathered for peers may leave. */
  sendGathered(): void
  /** The same for the disk. @returns the sequence that is durable already, see `Persister.kick` */
  writeGathered(): number | undefined
}

/**
 * Runs the step function: one input at a time, its effects in order, a timer for its deadlines. Inputs that arise while
 * effects are carried out wait their turn, in order.
 */
export class ZabHost {
  readonly state: ZabState
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #handler: EffectHandler
  readonly #inputs: (Input | (() => Input | undefined))[] = []
  #isStepping = false
  #depth = 0
  #isEnding = false
  #isStopped = false
  #timer: TimerHandle | undefined
  #timerAtMs = Number.POSITIVE_INFINITY

  constructor(state: ZabState, clock: Clock, timers: Timers, handler: EffectHandler) {
    this.state = state
    this.#clock = clock
    this.#timers = timers
    this.#handler = handler
  }

  /** Something happened, in a turn of its own. */
  input(input: Input): void {
    this.batch(() => this.step(input))
  }

  /** Several inputs in one turn: what they lead to leaves together. */
  batch(work: () => void): void {
    this.#depth += 1
    try {
      work()
    } finally {
      this.#depth -= 1
    }
    this.endTurn()
  }

  /**
   * Something happened, in a turn that somebody else ends.
   *
   * @param input or what makes it when its turn has come, undefined when there is nothing to be done any more
   */
  step(input: Input | (() => Input | undefined)): void {
    if (this.#isStopped) return
    this.#inputs.push(input)
    if (!this.#isStepping) this.#drain()
  }

  /** Lets go what has gathered, for peers first: they write while we do. */
  endTurn(): void {
    if (this.#depth > 0 || this.#isStepping || this.#isEnding || this.#isStopped) return
    this.#isEnding = true
    for (;;) {
      this.#handler.sendGathered()
      const sequence = this.#handler.writeGathered()
      if (sequence === undefined) break
      this.step({ kind: 'persisted', sequence })
    }
    this.#handler.sendGathered()
    this.#isEnding = false
  }

  stop(): void {
    this.#isStopped = true
    this.#inputs.length = 0
    if (this.#timer !== undefined) this.#timers.cancel(this.#timer)
  }

  #drain(): void {
    this.#isStepping = true
    for (let next = this.#inputs.shift(); next !== undefined && !this.#isStopped; next = this.#inputs.shift()) {
      const input = typeof next === 'function' ? next() : next
      if (input !== undefined) this.#carryOut(step(this.state, this.#clock.monotonicMs(), input))
    }
    this.#isStepping = false
    this.#scheduleTick()
  }

  /** Consecutive decisions go to the tree in one go. */
  #carryOut(effects: readonly Effect[]): void {
    let decided: Entry[] = []
    for (const effect of effects) {
      if (this.#isStopped) return
      if (effect.kind === 'apply') {
        decided.push(effect.entry)
        continue
      }
      if (decided.length > 0) {
        this.#handler.apply(decided)
        decided = []
      }
      this.#handler.carryOut(effect)
    }
    if (decided.length > 0) this.#handler.apply(decided)
  }

  /** A timer that is early does no harm, and deadlines mostly move away: so it is set anew only for an earlier one. */
  #scheduleTick(): void {
    if (this.#isStopped) return
    const deadlineMs = nextDeadlineMs(this.state)
    if (deadlineMs >= this.#timerAtMs) return
    if (this.#timer !== undefined) this.#timers.cancel(this.#timer)
    this.#timerAtMs = deadlineMs
    this.#timer = this.#timers.start(Math.max(0, deadlineMs - this.#clock.monotonicMs()), () => {
      this.#timerAtMs = Number.POSITIVE_INFINITY
      this.#timer = undefined
      this.input({ kind: 'tick' })
    })
  }
}
