import type { Clock, Logger, Timers } from '../../io/ports.ts'
import type { Txn } from '../tree/txn.ts'
import type { ZNodeTree } from '../tree/znode-tree.ts'
import type { ClientConnection } from './client-connection.ts'
import type { LocalSessions } from './local-sessions.ts'
import type { KeeperServerOptions } from './options.ts'
import type { WriteRequest } from './prepare.ts'
import type { ServerStats } from './server-stats.ts'
import type { Session, SessionTracker } from './session-tracker.ts'

/** A change that somebody waits for. */
export interface Awaited {
  /** Undefined when nobody here asked for it: an expiry, a sweep, another server's client. */
  readonly connection: ClientConnection | undefined
  readonly xid: number
  readonly type: number
  /** Of a multi the operations asked for, in order. */
  readonly partTypes: readonly number[]
  /** The session that begins with it. */
  readonly session: Session | undefined
  /** What is answered instead of what was decided: the request could not succeed from here. */
  readonly refusal?: number
}

export const noParts: readonly number[] = []

/** @returns the operations of a multi, none for anything else */
export function partTypesOf(request: WriteRequest | 'refused-multi' | undefined): readonly number[] {
  return request === undefined || request === 'refused-multi' || request.kind !== 'multi'
    ? noParts
    : request.parts.map((part) => part.type)
}

/** What a write path needs of the server around it. */
export interface WriteHost {
  readonly tree: ZNodeTree
  readonly options: KeeperServerOptions
  readonly sessions: SessionTracker
  readonly stats: ServerStats
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
  /** The session is the connection's from here on. */
  sessionOpened(connection: ClientConnection, session: Session): void
  /** A waiting sync is complete. */
  synced(connection: ClientConnection): void
  /** Who has the session here. */
  connectionOf(sessionId: bigint): ClientConnection | undefined
  /** An undecided write more: connections may have to wait. */
  proposed(): void
  /** What happened outside a client's read may go to the disk and to clients. */
  turnEnded(): void
}

/**
 * How clients' changes get decided: by this server, alone or leading ({@link DecidingWrites}), or by its leader
 * ({@link ForwardedWrites}). The server applies and answers either way.
 */
export interface WritePath {
  /** Changes that clients of this server wait for. */
  readonly outstandingCount: number
  start(): void
  stop(): void
  createSession(connection: ClientConnection, sessionId: bigint, timeoutMs: number): void
  /** A client came back with the right password; answered now or later. */
  reopenSession(connection: ClientConnection, sessionId: bigint, timeoutMs: number): void
  /**
   * @param request undefined for an operation that is always refused
   * @param body the request's bytes behind its header, valid during the call; empty unless {@link WritePath.wantsBodies}
   */
  write(
    connection: ClientConnection,
    xid: number,
    type: number,
    request: WriteRequest | 'refused-multi' | undefined,
    body: Uint8Array,
  ): void
  readonly wantsBodies: boolean
  /** Absent where there are none. */
  readonly locals?: LocalSessions
  closeSession(connection: ClientConnection, xid: number): void
  /** @returns true when the answer has to wait for `synced` */
  sync(connection: ClientConnection, xid: number, body: Uint8Array): boolean
  touched(session: Session, nowMs: number): void
  /** A transaction is about to be applied. @returns who waits for it here */
  decided(txn: Txn): Awaited | undefined
  /** It has been. */
  applied(txn: Txn): void
  /** Expiry: called once per tick. */
  tick(nowMs: number): void
  /** The turn is over: what was proposed in it may go. */
  flush(): void
}
