/** How long the end of a node waits for others: they may be gone. */
import type { Timers } from '../io/ports.ts'

const LOOK_MS = 100

export interface Patience {
  /** Given up when nothing has moved for so long. */
  readonly stalledMs: number
  /** Given up after this in any case. */
  readonly limitMs: number
}

/**
 * Waits for `done` as long as `progress` moves.
 *
 * @param progress any number that changes while somebody works on it
 * @returns whether it is done; false: nobody seems to be there who could do it
 */
export async function whileItMoves(
  timers: Timers,
  { stalledMs, limitMs }: Patience,
  progress: () => number,
  done: Promise<unknown>,
): Promise<boolean> {
  let last = progress()
  let stalledForMs = 0
  for (let waitedMs = 0; waitedMs < limitMs && stalledForMs < stalledMs; waitedMs += LOOK_MS) {
    if (await within(timers, LOOK_MS, done)) return true
    const now = progress()
    stalledForMs = now === last ? stalledForMs + LOOK_MS : 0
    last = now
  }
  return false
}

/** Waits for `done`, but no longer than `limitMs`. A failure that comes in time is the caller's. @returns whether it is done */
export async function within(timers: Timers, limitMs: number, done: Promise<unknown>): Promise<boolean> {
  let stopWaiting: () => void = () => undefined
  const late = new Promise<boolean>((resolve) => {
    const timer = timers.start(limitMs, () => resolve(false))
    stopWaiting = () => timers.cancel(timer)
  })
  try {
    return await Promise.race([done.then(() => true), late])
  } finally {
    stopWaiting()
  }
}
