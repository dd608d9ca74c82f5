import { RingQueue } from '../../base/ring-queue.ts'
import { Operation } from '../../jute/operations.ts'
import { JuteWriter } from '../../jute/writer.ts'
import type { ForwardedRequest, SessionTouch } from '../../zab/contract.ts'
import type { Txn } from '../tree/txn.ts'
import type { ClientConnection } from './client-connection.ts'
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
  }

  get outstandingCount(): number {
    return this.#outstandingCount + this.#syncs.size
  }

  start(): void {}

  stop(): void {}

  createSession(connection: ClientConnection, sessionId: bigint, timeoutMs: number): void {
    const body = new JuteWriter(4)
    body.int32(timeoutMs)
    const session = new Session(sessionId, timeoutMs)
    this.#touches.set(sessionId, timeoutMs)
    this.#await(sessionId, { connection, xid: 0, type: Operation.createSession, partTypes: noParts, session })
    this.#forward(connection, sessionId, 0, Operation.createSession, body.finish())
  }

  reopenSession(connection: ClientConnection, sessionId: bigint, timeoutMs: number): void {
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
    this.#await(sessionId, { connection, xid, type, partTypes: partTypesOf(request), session: undefined })
    this.#forward(connection, sessionId, xid, type, body.slice())
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

  touched(session: Session): void {
    this.#touches.set(session.id, session.timeoutMs)
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

  /** Only the leader lets sessions end. */
  tick(): void {}

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
