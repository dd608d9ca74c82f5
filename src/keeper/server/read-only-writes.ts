import { ErrorCode } from '../../jute/operations.ts'
import type { ClientConnection } from './client-connection.ts'
import type { LocalSessions } from './local-sessions.ts'
import { Session } from './session-tracker.ts'
import type { WriteHost, WritePath } from './write-path.ts'

/**
 * The write path of a server that has lost its ensemble and serves what it knows to those who asked for no more: every
 * change is refused. Sessions of the ensemble go on as they were, since nobody can end them; new ones are local.
 */
export class ReadOnlyWrites implements WritePath {
  readonly wantsBodies = false
  readonly outstandingCount = 0
  readonly locals: LocalSessions
  readonly #host: WriteHost

  constructor(host: WriteHost, locals: LocalSessions) {
    this.#host = host
    this.locals = locals
  }

  start(): void {}

  stop(): void {}

  createSession(connection: ClientConnection, sessionId: bigint, timeoutMs: number): void {
    if (!this.locals.rules.isEnabled) {
      connection.close()
      return
    }
    const session = this.locals.open(sessionId, timeoutMs, this.#host.clock.monotonicMs())
    this.#host.sessionOpened(connection, session)
  }

  reopenSession(connection: ClientConnection, sessionId: bigint, timeoutMs: number): void {
    const local = this.locals.find(sessionId)
    if (local !== undefined) this.#host.sessionOpened(connection, local)
    else if (this.#host.tree.sessions.has(sessionId)) {
      this.#host.sessionOpened(connection, new Session(sessionId, timeoutMs))
    } else connection.sessionRefused()
  }

  write(connection: ClientConnection, xid: number): void {
    connection.refuse(xid, this.#host.tree.lastZxid, ErrorCode.notReadOnly)
  }

  closeSession(connection: ClientConnection, xid: number): void {
    connection.refuse(xid, this.#host.tree.lastZxid, ErrorCode.notReadOnly)
  }

  sync(connection: ClientConnection, xid: number): boolean {
    connection.refuse(xid, this.#host.tree.lastZxid, ErrorCode.notReadOnly)
    return true
  }

  touched(session: Session, nowMs: number): void {
    if (session.isLocal) this.locals.touch(session, nowMs)
  }

  decided(): undefined {
    return undefined
  }

  applied(): void {}

  tick(nowMs: number): void {
    this.locals.tick(nowMs, this.#host, this.#host.stats)
  }

  flush(): void {}
}
