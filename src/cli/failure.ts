import { BrokerError, ClientError, ConnectionError, TimeoutError } from '../client/errors.ts'

export const EXIT_OK = 0
export const EXIT_FAILURE = 1
export const EXIT_USAGE = 2

/** The command line itself is wrong. */
export class UsageError extends Error {
  override readonly name: string = 'UsageError'
}

/** A command that cannot do what it was asked; the message says why and what helps. */
export class CommandError extends Error {
  override readonly name: string = 'CommandError'
}

const FIXES: Readonly<Record<string, string>> = {
  ECONNREFUSED: "Is a node running there? Start one with 'jackdaw start', or name another with --bootstrap-server.",
  ENOTFOUND: 'There is no such host. Check the name after --bootstrap-server.',
  EAI_AGAIN: 'The name could not be looked up. Check the network and the name after --bootstrap-server.',
  ETIMEDOUT: 'The host does not answer. Check address, port and firewall.',
  EHOSTUNREACH: 'The host cannot be reached from here. Check the address and the network.',
  ECONNRESET: 'The peer hung up. Is the port a TLS listener, or one of another service?',
  UNKNOWN_TOPIC_OR_PARTITION: "See 'jackdaw topics list' for the topics there are.",
  TOPIC_ALREADY_EXISTS: "Look at it with 'jackdaw topics describe', or choose another name.",
  INVALID_REPLICATION_FACTOR: "There must be as many brokers as replicas. See 'jackdaw health'.",
  GROUP_ID_NOT_FOUND: "See 'jackdaw groups list' for the groups there are.",
  NON_EMPTY_GROUP: 'Stop its members first.',
  UNKNOWN_MEMBER_ID: 'The group has active members. Stop them first.',
  GROUP_SUBSCRIBED_TO_TOPIC: 'Members of the group are reading this topic. Stop them first.',
  NOT_ENOUGH_REPLICAS: 'Fewer replicas are in sync than min.insync.replicas asks. Start the missing brokers.',
}

/** One or two lines: what went wrong, and what helps where that is known. */
export function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const fix = fixFor(error)
  return fix === undefined ? error.message : `${error.message}\n${fix}`
}

function fixFor(error: Error): string | undefined {
  if (error instanceof ConnectionError) return FIXES[error.systemCode]
  if (error instanceof BrokerError) return FIXES[error.codeName]
  // What ran out of time names its last failure.
  if (error instanceof TimeoutError && error.cause instanceof Error) return fixFor(error.cause)
  return undefined
}

/** Whether an error is somebody else's doing, so that its message is enough; anything else is our bug and shows its stack. */
export function isExpected(error: unknown): boolean {
  return error instanceof ClientError || error instanceof CommandError || error instanceof UsageError
}
