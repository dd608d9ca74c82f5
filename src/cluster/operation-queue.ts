/** The controller does one thing at a time: decisions then need no locks, and writes follow the order of requests. */
import type { Timers } from '../io/ports.ts'

/** Waiting operations beyond this are refused: clients repeat them, and a flood cannot fill the memory. */
const OPERATIONS_WAITING_MAX: number = 1_000

/** Too much is waiting already. */
export class OverloadedError extends Error {
  override readonly name: string = 'OverloadedError'
}

export class OperationQueue {
  #tail: Promise<unknown> = Promise.resolve()
  #waiting: number = 0

  /** Runs `operation` after all that were given before it, whatever became of them. */
  run<Result>(operation: () => Promise<Result>): Promise<Result> {
    if (this.#waiting >= OPERATIONS_WAITING_MAX) {
      return Promise.reject(new OverloadedError(`the controller has ${this.#waiting} operations waiting`))
    }
    this.#waiting += 1
    const result = this.#tail.then(operation)
    const done = (): void => {
      this.#waiting -= 1
    }
    // The caller gets the failure; the chain itself must go on.
    this.#tail = result.then(done, done)
    return result
  }
}

/** Resolves when `done` does, and after `waitMs` in any case. */
export function forSomeTime(timers: Timers, waitMs: number, done: Promise<unknown>): Promise<void> {
  return new Promise((resolve) => {
    const timer = timers.start(waitMs, resolve)
    void done.then(() => {
      timers.cancel(timer)
      resolve()
    })
  })
}
