import { assert } from '../../base/assert.ts'
import { RingQueue } from '../../base/ring-queue.ts'
import type { TimerHandle } from '../../io/ports.ts'
import type { Id } from '../../jute/generated/data.ts'
import type { ReconfigRequest } from '../../jute/generated/proto.ts'
import { ErrorCode, Operation } from '../../jute/operations.ts'
import { digestVersion } from '../tree/digest.ts'
import type { Txn, TxnBody } from '../tree/txn.ts'
import { ownerKind, ttlOf } from '../tree/owners.ts'
import type { ClientConnection } from './client-connection.ts'
import { LocalSessions, needsGlobalSession, serverIdOf } from './local-sessions.ts'
import { PendingChanges } from './pending-changes.ts'
import { Preparer, type WriteRequest } from './prepare.ts'
import type { Proposer } from './proposer.ts'
import type { Session } from './session-tracker.ts'
import { type Awaited, noParts, partTypesOf, type WriteHost, type WritePath } from './write-path.ts'

/** Writes in flight are bounded by reading, see `isBusy`; internal ones (expiries) come on top. */
const OUTSTANDING_MAX = 1 << 20
const SWEEP_INTERVAL_MS = 60_000
/** Containers and overdue nodes removed per sweep. */
const SWEEP_REMOVALS_MAX = 10_000

/**
 * Judges a change of the ensemble.
 *
 * @param zxid of the transaction that it will be
 * @returns the configuration's text, or the code that refuses it
 */
export type Reconfigure = (request: ReconfigRequest, zxid: number) => string | number

/** Nobody here waits for the answer: all changes of this kind share one record. */
const awaitedByNobody: Awaited = { connection: undefined, xid: 0, type: 0, partTypes: noParts, session: undefined }

/**
 * The write path of a server that decides: prepare against the state as it will be, give a zxid, propose. What is
 * proposed comes back applied in the same order. Only such a server expires sessions and sweeps containers.
 */
export class DecidingWrites implements WritePath {
  readonly wantsBodies = false
  readonly locals: LocalSessions
  readonly #host: WriteHost
  readonly #proposer: Proposer
  readonly #preparer: Preparer
  readonly #reconfigure: Reconfigure | undefined
  readonly #outstanding = new RingQueue<Awaited>(OUTSTANDING_MAX)
  readonly #syncs = new RingQueue<ClientConnection>(OUTSTANDING_MAX)
  #nextZxid: number
  #sweepTimer: TimerHandle | undefined
  #isStopped = false

  /**
   * @param nextZxid what the first transaction gets
   * @param reconfigure absent: the ensemble does not change, or there is none
   */
  constructor(host: WriteHost, proposer: Proposer, nextZxid: number, reconfigure?: Reconfigure) {
    this.#reconfigure = reconfigure
    this.#host = host
    this.#proposer = proposer
    this.#preparer = new Preparer(host.tree, new PendingChanges(host.tree), host.options)
    this.#nextZxid = nextZxid
    this.locals = new LocalSessions(host.options.localSessions, host.options.tickTimeMs, host.clock.monotonicMs())
  }

  get outstandingCount(): number {
    return this.#outstanding.size + this.#syncs.size
  }

  /** Every known session gets its whole timeout to come back. */
  start(): void {
    const { clock, tree, sessions } = this.#host
    const nowMs = clock.monotonicMs()
    for (const [id, timeoutMs] of tree.sessions) sessions.add(id, timeoutMs, nowMs)
    this.#startSweep()
  }

  stop(): void {
    this.#isStopped = true
    if (this.#sweepTimer !== undefined) this.#host.timers.cancel(this.#sweepTimer)
  }

  createSession(connection: ClientConnection, sessionId: bigint, timeoutMs: number): void {
    if (this.locals.rules.isEnabled) {
      this.#host.sessionOpened(connection, this.locals.open(sessionId, timeoutMs, this.#host.clock.monotonicMs()))
      return
    }
    const session = this.#host.sessions.add(sessionId, timeoutMs, this.#host.clock.monotonicMs())
    session.owner = null
    this.#proposeSession(session, 0, { connection, xid: 0, type: Operation.createSession, partTypes: noParts, session })
  }

  reopenSession(connection: ClientConnection, sessionId: bigint, timeoutMs: number): void {
    const session = this.locals.find(sessionId) ?? this.renew(sessionId, timeoutMs, null)
    if (session === undefined) connection.sessionRefused()
    else this.#host.sessionOpened(connection, session)
  }

  /**
   * A client of `owner` has come back with a session.
   *
   * @param owner the learner's connection, null for this server itself
   * @returns the session, undefined when it is over
   */
  renew(sessionId: bigint, timeoutMs: number, owner: number | null): Session | undefined {
    const { sessions, clock } = this.#host
    const session = sessions.find(sessionId)
    if (session === undefined || session.isClosing) return undefined
    session.owner = owner
    return sessions.add(sessionId, timeoutMs, clock.monotonicMs())
  }

  /** A learner's client was heard of. */
  touch(sessionId: bigint, timeoutMs: number): void {
    const { sessions, clock } = this.#host
    const session = sessions.find(sessionId)
    if (session === undefined) return
    session.timeoutMs = timeoutMs
    sessions.touch(session, clock.monotonicMs())
  }

  write(
    connection: ClientConnection,
    xid: number,
    type: number,
    request: WriteRequest | 'refused-multi' | undefined,
  ): void {
    const timeMs = this.#host.clock.wallMs()
    const { sessionId, session } = connection
    const refusal = session === undefined ? ErrorCode.sessionExpired : this.#ownRefusal(session, request)
    const body = refusal ?? this.#prepare(sessionId, request, connection.ids, timeMs)
    const awaited = { connection, xid, type, partTypes: partTypesOf(request), session: undefined }
    this.#propose(sessionId, xid, timeMs, body, awaited)
  }

  /** A session of this server's own becomes everybody's before it makes an ephemeral node, if that is allowed. */
  #ownRefusal(session: Session, request: WriteRequest | 'refused-multi' | undefined): number | undefined {
    if (!session.isLocal) return refusalOf(session, null)
    if (!needsGlobalSession(request)) return undefined
    if (!this.locals.rules.isUpgradingEnabled) return ErrorCode.ephemeralOnLocalSession
    this.locals.remove(session)
    session.owner = null
    this.#host.sessions.adopt(session, this.#host.clock.monotonicMs())
    this.#proposeSession(session, 0, awaitedByNobody)
    return undefined
  }

  closeSession(connection: ClientConnection, xid: number): void {
    const { session } = connection
    if (session === undefined) return
    this.#closeSession(session.id, xid, {
      connection,
      xid,
      type: Operation.closeSession,
      partTypes: noParts,
      session: undefined,
    })
  }

  sync(connection: ClientConnection): boolean {
    if (this.#proposer.sync === undefined) return false
    this.#syncs.push(connection)
    this.#proposer.sync()
    return true
  }

  /** The oldest sync of this server's own clients is complete. */
  synced(): void {
    const connection = this.#syncs.shift()
    if (connection !== undefined && !connection.isClosed) this.#host.synced(connection)
  }

  touched(session: Session, nowMs: number): void {
    if (session.isLocal) this.locals.touch(session, nowMs)
    else this.#host.sessions.touch(session, nowMs)
  }

  decided(txn: Txn): Awaited | undefined {
    const awaited = this.#outstanding.shift()
    assert(awaited !== undefined, 'what is committed was proposed')
    assert(
      awaited.connection === undefined || awaited.xid === txn.header.cxid,
      'decisions come in the order of proposals',
    )
    return awaited
  }

  applied(txn: Txn): void {
    this.#preparer.pending.forget(txn.header.zxid)
    if (txn.body.type === Operation.closeSession) this.#host.sessions.remove(txn.header.clientId)
  }

  tick(nowMs: number): void {
    const { sessions, stats, log } = this.#host
    this.locals.tick(nowMs, this.#host, stats)
    for (const session of sessions.expired(nowMs)) {
      stats.expiredSessionCount += 1
      log.info('session expired', { session: BigInt.asUintN(64, session.id).toString(16) })
      this.#closeSession(session.id, 0, awaitedByNobody)
    }
  }

  flush(): void {
    this.#proposer.flush()
  }

  /** A learner's client asks. @param from the learner's connection */
  submitted(from: number, sessionId: bigint, cxid: number, request: SubmittedRequest): void {
    const timeMs = this.#host.clock.wallMs()
    if (request.kind === 'createSession') {
      const session = this.#host.sessions.add(sessionId, request.timeoutMs, this.#host.clock.monotonicMs())
      session.owner = from
      this.#proposeSession(session, cxid, awaitedByNobody)
    } else if (request.kind === 'closeSession') {
      this.#closeSession(sessionId, cxid, awaitedByNobody)
    } else {
      const session = this.#host.sessions.find(sessionId)
      const refusal = session === undefined ? this.#strangerRefusal(sessionId, request.write) : refusalOf(session, from)
      const body = refusal ?? this.#prepare(sessionId, request.write, request.ids, timeMs)
      this.#propose(sessionId, cxid, timeMs, body, awaitedByNobody)
    }
  }

  /** What nobody here knows may be the local session of a learner. */
  #strangerRefusal(sessionId: bigint, request: WriteRequest | 'refused-multi' | undefined): number | undefined {
    const mayBeLocal = this.locals.rules.isEnabled && serverIdOf(sessionId) !== this.#host.options.serverId
    return mayBeLocal && !needsGlobalSession(request) ? undefined : ErrorCode.sessionExpired
  }

  #prepare(
    sessionId: bigint,
    request: WriteRequest | 'refused-multi' | undefined,
    ids: readonly Id[],
    timeMs: number,
  ): TxnBody | number {
    if (request === 'refused-multi') return ErrorCode.marshallingError
    if (request === undefined) return ErrorCode.unimplemented
    const by = { sessionId, ids, zxid: this.#nextZxid, timeMs }
    if (request.kind !== 'reconfig') return this.#preparer.prepare(request, by)
    const text = this.#reconfigure?.(request.record, by.zxid) ?? ErrorCode.reconfigDisabled
    return typeof text === 'number' ? text : this.#preparer.reconfig(text, by)
  }

  #proposeSession(session: Session, cxid: number, awaited: Awaited): void {
    const body: TxnBody = { type: Operation.createSession, record: { timeOut: session.timeoutMs } }
    this.#propose(session.id, cxid, this.#host.clock.wallMs(), body, awaited)
  }

  #closeSession(sessionId: bigint, xid: number, awaited: Awaited): void {
    const session = this.#host.sessions.find(sessionId)
    const body = this.#preparer.closeSession(sessionId, this.#nextZxid)
    if (session !== undefined) session.isClosing = true
    this.#propose(sessionId, xid, this.#host.clock.wallMs(), body, awaited)
  }

  #propose(sessionId: bigint, xid: number, timeMs: number, result: TxnBody | number, awaited: Awaited): void {
    const isRefused = typeof result === 'number'
    const body: TxnBody = isRefused ? { type: Operation.error, record: { err: result } } : result
    const zxid = this.#nextZxid
    this.#nextZxid = zxid + 1
    this.#outstanding.push(awaited)
    this.#host.proposed()
    this.#proposer.propose({
      header: { clientId: sessionId, cxid: xid, zxid, time: timeMs, type: isRefused ? Operation.error : body.type },
      body,
      digest: isRefused ? undefined : { version: digestVersion, treeDigest: this.#preparer.pending.digest.value() },
    })
  }

  #startSweep(): void {
    this.#sweepTimer = this.#host.timers.start(SWEEP_INTERVAL_MS, () => {
      if (this.#isStopped) return
      this.#sweep()
      this.#startSweep()
    })
  }

  /** Removes containers that are empty again and nodes that outlived their time. */
  #sweep(): void {
    const { tree, clock } = this.#host
    const timeMs = clock.wallMs()
    let removals = 0
    for (const path of [...tree.containers, ...tree.ttls]) {
      if (removals === SWEEP_REMOVALS_MAX) break
      if (!this.#isOverdue(path, timeMs)) continue
      const body = this.#preparer.deleteContainer(path, this.#nextZxid)
      if (body === undefined) continue
      removals += 1
      this.#propose(0n, 0, timeMs, body, awaitedByNobody)
    }
    this.#host.turnEnded()
  }

  #isOverdue(path: string, timeMs: number): boolean {
    const node = this.#host.tree.find(path)
    if (node === undefined || node.childCount > 0) return false
    if (ownerKind(node.ephemeralOwner) === 'ttl') return timeMs - node.mtime > ttlOf(node.ephemeralOwner)
    const { containerUnusedMs } = this.#host.options
    return node.cversion > 0 || (containerUnusedMs > 0 && timeMs - node.ctime > containerUnusedMs)
  }
}

/** What a learner passes on, read. */
export type SubmittedRequest =
  | { readonly kind: 'createSession'; readonly timeoutMs: number }
  | { readonly kind: 'closeSession' }
  | {
      readonly kind: 'write'
      readonly write: WriteRequest | 'refused-multi' | undefined
      readonly ids: readonly Id[]
    }

/** A session belongs to the server that its client came to last; what an earlier connection still holds is refused. */
function refusalOf(session: Session, from: number | null): number | undefined {
  if (session.isClosing) return ErrorCode.sessionExpired
  if (session.owner === undefined) session.owner = from
  return session.owner === from ? undefined : ErrorCode.sessionMoved
}
