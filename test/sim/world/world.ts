import { nextTick } from 'node:process'
import { Events } from '../zab/events.ts'
import { Random } from '../zab/random.ts'

/** A promise of the product was broken. */
export class Violation extends Error {
  override readonly name: string = 'Violation'
}

/**
 * Time, chance and the order of everything. One event runs at a time, and the promises that it settles run to their end,
 * with all that follows from them, before the next event: the same seed tells the same story.
 */
export class World {
  readonly events: Events = new Events()
  readonly random: Random
  readonly #trace: ((line: string) => void) | null
  /** What ended the run: the first broken promise or the first error that nobody caught. */
  #broken: Error | undefined
  readonly #onRejection = (reason: unknown): void => {
    this.fail(reason instanceof Error ? reason : new Error(String(reason)))
  }

  /** Called after every event. */
  onEvent: () => void = () => {}

  constructor(seed: number, trace: ((line: string) => void) | null) {
    this.random = new Random(seed)
    this.#trace = trace
  }

  get nowMs(): number {
    return this.events.nowMs
  }

  note(line: string): void {
    this.#trace?.(`${this.nowMs.toFixed(2).padStart(10)} ${line}`)
  }

  get isTraced(): boolean {
    return this.#trace !== null
  }

  /** Remembers the first failure; the run ends at the next event. */
  fail(error: Error): void {
    if (this.#broken !== undefined) return
    this.#broken = error
    this.note(`BROKEN ${error.stack ?? error.message}`)
  }

  /** Runs `story`, with everything that would end a process (a rejection nobody handles) counted as a failure. */
  async play(story: () => Promise<void>): Promise<Error | undefined> {
    process.on('unhandledRejection', this.#onRejection)
    try {
      // From here on we are in a microtask, which `settled` relies on.
      await null
      await story()
    } catch (error) {
      this.fail(error instanceof Error ? error : new Error(String(error)))
    } finally {
      // Rejections that nobody handled are told when there is nothing else to do.
      await new Promise((resolve) => setImmediate(resolve))
      process.off('unhandledRejection', this.#onRejection)
    }
    return this.#broken
  }

  async run(durationMs: number): Promise<void> {
    const untilMs = this.nowMs + durationMs
    await settled()
    while (this.events.step(untilMs)) {
      await settled()
      this.onEvent()
      if (this.#broken !== undefined) throw this.#broken
    }
    this.events.nowMs = untilMs
  }

  /** Runs until `condition` holds. @returns false when it does not within the limit */
  async runUntil(condition: () => boolean, limitMs: number, stepMs: number = 5): Promise<boolean> {
    const endMs = this.nowMs + limitMs
    while (!condition()) {
      if (this.nowMs >= endMs) return false
      await this.run(stepMs)
    }
    return true
  }
}

/**
 * Resolves when no microtask is left. Called from a microtask: Node runs a tick only when the queue of microtasks has
 * run dry, those that they add included.
 */
export function settled(): Promise<void> {
  return new Promise((resolve) => nextTick(resolve))
}
