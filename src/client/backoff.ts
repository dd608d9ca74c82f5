import type { ClientEnvironment } from './environment.ts'
import { pause } from './environment.ts'
import { mayRetry, TimeoutError } from './errors.ts'
import { RETRY_BACKOFF_FIRST_MS, RETRY_BACKOFF_JITTER, RETRY_BACKOFF_LAST_MS } from './limits.ts'

/**
 * How long to wait before attempt number `attempt + 2`.
 *
 * @param failures how many attempts have failed, at least 1
 * @param chance a number in [0, 1)
 */
export function backoffMs(failures: number, chance: number): number {
  const doubled = RETRY_BACKOFF_FIRST_MS * 2 ** Math.min(failures - 1, 16)
  const bounded = Math.min(doubled, RETRY_BACKOFF_LAST_MS)
  return bounded * (1 - RETRY_BACKOFF_JITTER + 2 * RETRY_BACKOFF_JITTER * chance)
}

export interface RetryOptions {
  /** What is being tried, for the message when time runs out. */
  readonly what: string
  readonly timeoutMs: number
  /** Called before the next attempt, to make its chances better (refresh metadata, forget a coordinator). */
  readonly onFailure?: (error: unknown) => void | Promise<void>
  /** Whether an error is worth another attempt; by default what `mayRetry` says. */
  readonly isRetriable?: (error: unknown) => boolean
}

/**
 * Tries until it works, an error says that trying again is useless, or the time is up.
 *
 * @throws the last attempt's error, or TimeoutError naming it when time ran out
 */
export async function retrying<T>(
  environment: ClientEnvironment,
  options: RetryOptions,
  attempt: () => Promise<T>,
): Promise<T> {
  const endsAtMs = environment.clock.monotonicMs() + options.timeoutMs
  const isRetriable = options.isRetriable ?? mayRetry
  for (let failures = 1; ; failures += 1) {
    try {
      return await attempt()
    } catch (error) {
      if (!isRetriable(error)) throw error
      const waitMs = backoffMs(failures, environment.entropy.unit())
      if (environment.clock.monotonicMs() + waitMs >= endsAtMs) throw outOfTime(options, failures, error)
      await pause(environment, waitMs)
      await options.onFailure?.(error)
    }
  }
}

function outOfTime(options: RetryOptions, failures: number, last: unknown): Error {
  const cause = last instanceof Error ? last.message : String(last)
  const attempts = failures === 1 ? 'one attempt' : `${failures} attempts`
  const error = new TimeoutError(
    `${options.what}: gave up after ${options.timeoutMs} ms and ${attempts}; the last said: ${cause}`,
  )
  error.cause = last
  return error
}
