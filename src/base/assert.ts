/**
 * A fault in our own code, as opposed to a peer's mistake.
 *
 * Nobody catches it below the entry point of a thread: in a shard it ends that worker, in the control plane the
 * process. A state that broke an assertion must not go on serving.
 */
export class BugError extends Error {
  override readonly name: string = 'BugError'
}

/**
 * States what must hold. Stays on in production: it costs nanoseconds and turns silent corruption into a stop.
 *
 * @param condition what must be true
 * @param message what was expected, as a sentence
 * @throws BugError when the condition is false
 */
export function assert(condition: boolean, message: string): asserts condition {
  if (!condition) throw new BugError(message)
}

/**
 * Closes a `switch` over a union: a new member becomes a type error here, and an impossible value a crash.
 *
 * @param value the value that no branch took
 * @param where the function that switched, for the message
 */
export function assertNever(value: never, where: string): never {
  throw new BugError(`${where}: unexpected value ${String(value)}`)
}
