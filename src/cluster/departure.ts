/** What a broker that is about to stop asks of the controller. */
import type { Logger, Timers } from '../io/ports.ts'
import { ErrorCode } from '../model/error-code.ts'
import type { ShutdownAnswer } from './contract-calls.ts'

/** Kafka's `controlled.shutdown.max.retries`, and a pause between them that suits a process that is told to end. */
const TRIES_MAX = 3
const RETRY_MS = 300

export interface Departure {
  readonly timers: Timers
  readonly log: Logger
  /** Asks whoever is controller; undefined when nobody answers. */
  readonly ask: () => Promise<ShutdownAnswer | undefined>
  /** How many partitions this broker leads right now. */
  readonly ledCount: () => number
}

/** Resolves when others lead what we led, or when asking again would not help. */
export async function askToLeave({ timers, log, ask, ledCount }: Departure): Promise<void> {
  for (let attempt = 1; attempt <= TRIES_MAX; attempt += 1) {
    const answer = await ask()
    if (answer?.code === ErrorCode.none && answer.remaining.length === 0) return
    if (attempt === TRIES_MAX) {
      const left = answer?.remaining.length ?? ledCount()
      log.warn(`stopping although ${left} partitions have no other replica in sync: their clients wait for our return`)
      return
    }
    await new Promise<void>((resolve) => timers.start(RETRY_MS, resolve))
  }
}
