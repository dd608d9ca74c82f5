import { errorName, isRetriable } from '../model/error-code.ts'

/** What a client reports to its user. The message names the cause and, where there is one, the fix. */
export class ClientError extends Error {
  override readonly name: string = 'ClientError'
}

/** A broker answered with an error code. */
export class BrokerError extends ClientError {
  override readonly name: string = 'BrokerError'
  readonly code: number
  /** The protocol's name, such as `UNKNOWN_TOPIC_OR_PARTITION`. */
  readonly codeName: string
  readonly isRetriable: boolean

  /**
   * @param code error code from the wire
   * @param what what was asked for, such as `topic 'orders'`
   * @param brokerMessage the broker's own words, where it gave any
   */
  constructor(code: number, what: string, brokerMessage?: string | null) {
    const codeName = errorName(code)
    super(brokerMessage ? `${what}: ${brokerMessage} (${codeName})` : `${what}: ${codeName}`)
    this.code = code
    this.codeName = codeName
    this.isRetriable = isRetriable(code)
  }
}

/** No connection, or one that broke: whether the broker did what was asked is unknown. */
export class ConnectionError extends ClientError {
  override readonly name: string = 'ConnectionError'
  /** The system's name of the error, such as ECONNREFUSED; empty when the peer just closed. */
  readonly systemCode: string

  constructor(systemCode: string, message: string) {
    super(message)
    this.systemCode = systemCode
  }
}

/** Nothing came back in time. */
export class TimeoutError extends ClientError {
  override readonly name: string = 'TimeoutError'
}

/** The broker does not serve any version of an API that this client knows. */
export class UnsupportedVersionError extends ClientError {
  override readonly name: string = 'UnsupportedVersionError'
}

/** Used after `close`. */
export class ClosedError extends ClientError {
  override readonly name: string = 'ClosedError'
}

/** A bound of this client is reached; the message names it. */
export class LimitError extends ClientError {
  override readonly name: string = 'LimitError'
}

/** Whether trying again, perhaps with another broker, may help. */
export function mayRetry(error: unknown): boolean {
  if (error instanceof BrokerError) return error.isRetriable
  return error instanceof ConnectionError || error instanceof TimeoutError
}

/** @throws BrokerError unless `code` is 0 */
export function throwIfRefused(code: number, what: string, brokerMessage?: string | null): void {
  if (code !== 0) throw new BrokerError(code, what, brokerMessage)
}
