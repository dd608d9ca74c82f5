import { RingQueue } from '../../base/ring-queue.ts'
import { ErrorCode, Operation } from '../../jute/operations.ts'
import { JuteWriter } from '../../jute/writer.ts'
import type { ForwardedRequest, SessionTouch } from '../../zab/contract.ts'
import type { Txn } from '../tree/txn.ts'
import type { ClientConnection } from './client-connection.ts'
import { LocalSessions, needsGlobalSession } from './local-sessions.ts'
import type { WriteRequest } from './prepare.ts'
import { Session } from './session-tracker.ts'
import { type Awaited, noParts, partTypesOf, type WriteHost, type WritePath } from './write-path.ts'

/** Syncs under way; connections stop being read long before. */
const SYNCS_MAX = 1 << 20

/** The way to the leader. */
export interface LeaderLine {
  forward(request: ForwardedRequest): void
  askRevalidation(sessionId: bigint, timeoutMs: number): void
  /** The turn is over: what was said in it may go. */
  flush(): void
}

interface Revalidation {
  readonly connection: ClientConnection
  readonly timeoutMs: number
}

/**
 * The write path of a follower or observer: requests go to the leader as they came, and are answered when their
 * transaction is applied here. A session's requests are decided in the order in which they were passed on.
 */
export class ForwardedWrites implements WritePath {
  readonly wantsBodies = true
  readonly locals: LocalSessions
  readonly #host: WriteHost
  readonly #leader: LeaderLine
  /** Session → what its clients here wait for, oldest first. */
  readonly #waiting = new Map<bigint, Awaited[]>()
  readonly #syncs = new RingQueue<ClientConnection>(SYNCS_MAX)
  readonly #revalidations = new Map<bigint, Revalidation>()
  #touches = new Map<bigint, number>()
  #outstandingCount = 0

  constructor(host: WriteHost, leader: LeaderLine) {
    this.#host = host
    this.#leader = leader
    this.locals = new LocalSessions(host.options.localSessions, host.options.tickTimeMs, host.clock.monotonicMs())
  }

  get outstandingCount(): number {
    return this.#outstandingCount + this.#syncs.size
  }

  start(): void {}

  stop(): void {}

  createSession(connection: ClientConnection, sessionId: bigint, timeoutMs: number): void {
    if (this.locals.rules.isEnabled) {
      this.#host.sessionOpened(connection, this.locals.open(sessionId, timeoutMs, this.#host.clock.monotonicMs()))
      return
    }
    this.#forwardSession(connection, new Session(sessionId, timeoutMs), true)
  }

  reopenSession(connection: ClientConnection, sessionId: bigint, timeoutMs: number): void {
    const local = this.locals.find(sessionId)
    if (local !== undefined) {
      this.#host.sessionOpened(connection, local)
      return
    }
    this.#revalidations.get(sessionId)?.connection.close()
    this.#revalidations.set(sessionId, { connection, timeoutMs })
    this.#leader.askRevalidation(sessionId, timeoutMs)
  }

  /** The leader has said whether a session lives. */
  revalidated(sessionId: bigint, isValid: boolean): void {
    const asked = this.#revalidations.get(sessionId)
    if (asked === undefined) return
    this.#revalidations.delete(sessionId)
    if (asked.connection.isClosed) return
    if (isValid) {
      this.#touches.set(sessionId, asked.timeoutMs)
      this.#host.sessionOpened(asked.connection, new Session(sessionId, asked.timeoutMs))
    } else asked.connection.sessionRefused()
  }

  write(
    connection: ClientConnection,
    xid: number,
    type: number,
    request: WriteRequest | 'refused-multi' | undefined,
    body: Uint8Array,
  ): void {
    const { sessionId } = connection
    const awaited = { connection, xid, type, partTypes: partTypesOf(request), session: undefined }
    const mayNot = this.#isRefused(connection, request)
    // It goes to the leader all the same, who refuses it too: its place among the session's requests is decided there.
    this.#await(sessionId, mayNot ? { ...awaited, refusal: ErrorCode.ephemeralOnLocalSession } : awaited)
    this.#forward(connection, sessionId, xid, type, body.slice())
  }

  /** A session of this server's own becomes everybody's before it makes an ephemeral node, if that is allowed. */
  #isRefused(connection: ClientConnection, request: WriteRequest | 'refused-multi' | undefined): boolean {
    const { session } = connection
    if (session?.isLocal !== true || !needsGlobalSession(request)) return false
    if (!this.locals.rules.isUpgradingEnabled) return true
    this.locals.remove(session)
    this.#forwardSession(connection, session, false)
    return false
  }

  /** @param isNew false when the client has its session already and waits for nothing */
  #forwardSession(connection: ClientConnection, session: Session, isNew: boolean): void {
    const type = Operation.createSession
    const body = new JuteWriter(4)
    body.int32(session.timeoutMs)
    this.#touches.set(session.id, session.timeoutMs)
    const shared = { xid: 0, type, partTypes: noParts }
    this.#await(
      session.id,
      isNew ? { ...shared, connection, session } : { ...shared, connection: undefined, session: undefined },
    )
    this.#leader.forward({ sessionId: session.id, cxid: 0, operation: type, body: body.finish(), identities: [] })
  }

  closeSession(connection: ClientConnection, xid: number): void {
    const { sessionId } = connection
    const type = Operation.closeSession
    this.#await(sessionId, { connection, xid, type, partTypes: noParts, session: undefined })
    this.#forward(connection, sessionId, xid, type, new Uint8Array(0))
  }

  sync(connection: ClientConnection, xid: number, body: Uint8Array): boolean {
    this.#syncs.push(connection)
    this.#forward(connection, connection.sessionId, xid, Operation.sync, body.slice())
    return true
  }

  /** The leader has answered the oldest sync: everything before it is applied here. */
  synced(): void {
    const connection = this.#syncs.shift()
    if (connection !== undefined && !connection.isClosed) this.#host.synced(connection)
  }

  touched(session: Session, nowMs: number): void {
    if (session.isLocal) this.locals.touch(session, nowMs)
    else this.#touches.set(session.id, session.timeoutMs)
  }

  /** @returns the sessions heard of since the last call */
  takeTouches(): readonly SessionTouch[] {
    const touches: SessionTouch[] = []
    for (const [sessionId, timeoutMs] of this.#touches) touches.push({ sessionId, timeoutMs })
    this.#touches.clear()
    return touches
  }

  decided(txn: Txn): Awaited | undefined {
    const { clientId, cxid } = txn.header
    const waiting = this.#waiting.get(clientId)
    // An expiry, or what the session's client wrote through another server before it came here.
    if (waiting === undefined || waiting[0]?.xid !== cxid) return undefined
    const awaited = waiting.shift()
    if (waiting.length === 0) this.#waiting.delete(clientId)
    this.#outstandingCount -= 1
    return awaited
  }

  applied(txn: Txn): void {
    if (txn.body.type === Operation.closeSession) this.#touches.delete(txn.header.clientId)
  }

  /** Only the leader lets sessions end that everybody knows. */
  tick(nowMs: number): void {
    this.locals.tick(nowMs, this.#host, this.#host.stats)
  }

  flush(): void {
    this.#leader.flush()
  }

  #await(sessionId: bigint, awaited: Awaited): void {
    const waiting = this.#waiting.get(sessionId)
    if (waiting === undefined) this.#waiting.set(sessionId, [awaited])
    else waiting.push(awaited)
    this.#outstandingCount += 1
    this.#host.proposed()
  }

  #forward(connection: ClientConnection, sessionId: bigint, cxid: number, operation: number, body: Uint8Array): void {
    this.#leader.forward({ sessionId, cxid, operation, body, identities: [...connection.ids] })
  }
}
