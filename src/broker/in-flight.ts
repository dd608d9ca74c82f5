import type { Writer } from '../protocol/wire/writer.ts'
import type { RequestContext } from './context.ts'
import type { Detached } from './outlet.ts'

/** A request that was started and whose answer has not left its connection. In the connection's queue, in order. */
export interface InFlight {
  readonly apiKey: number
  /** When its frame was complete: monotonic milliseconds. */
  readonly startedAtMs: number
  /** The answer is known and leaves once those before it have. Only the request itself sets it. */
  isAnswered: boolean
  /** Whether the answer carries an error, for the metrics. */
  isFailed: boolean
  /**
   * Writes the answer's frame, or nothing where the protocol has none. Called once.
   *
   * @param detached gets one element for every split that the writer gets
   * @returns why the connection must be closed instead, or undefined
   */
  emit(writer: Writer, detached: Detached[]): string | undefined
  /** The node stops: a request that waits for something to happen answers with what there is. */
  hurry?(): void
  /** The connection is gone: give back what is held; nobody will ask for the answer. */
  abandon(): void
}

/** What a request needs of the connection it came in on. */
export interface Answering {
  readonly peer: Peer
  /**
   * `request.isAnswered` became true after its start had returned.
   *
   * @param isTurnEnding whether this is inside a turn of the shard, whose end sends the answers anyway; asking for
   *   another one would cost a lone request one more pass of the event loop
   */
  answered(request: InFlight, isTurnEnding: boolean): void
}

/** Who is at the other end. */
export type Peer = Pick<RequestContext, 'clientHost' | 'principal' | 'listener' | 'localHost'>

/** How starting a request went. */
export type Started =
  | InFlight
  /** The arena is full: nothing was done; try the same frame again when there is room. */
  | 'noRoom'
  /** Nobody can answer this: why, for the log. The connection is closed. */
  | { readonly closeBecause: string }
