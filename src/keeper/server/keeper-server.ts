import { assert } from '../../base/assert.ts'
import { RingQueue } from '../../base/ring-queue.ts'
import type { ConnectRequest } from '../../jute/generated/proto.ts'
import { ErrorCode, Operation } from '../../jute/operations.ts'
import type { Clock, DiskError, Logger, TimerHandle, Timers } from '../../io/ports.ts'
import type { Txn, TxnBody } from '../tree/txn.ts'
import { digestVersion } from '../tree/digest.ts'
import type { Applied, ZNodeTree } from '../tree/znode-tree.ts'
import { ownerKind, ttlOf } from '../tree/znode.ts'
import type { KeeperChannel, KeeperConnection } from './channel.ts'
import { ClientConnection, type ConnectionHost } from './client-connection.ts'
import { DigestRecord } from './digest-record.ts'
import { fourLetterWord } from './four-letter-words.ts'
import type { CommandContext } from './monitor.ts'
import { PendingChanges } from './pending-changes.ts'
import type { KeeperServerOptions } from './options.ts'
import { Preparer, type WriteRequest } from './prepare.ts'
import type { Proposer, ProposerHandlers } from './proposer.ts'
import { ReadOperations } from './read-operations.ts'
import type { ReadRequest } from './requests.ts'
import { type LatencyHistogram, ServerStats } from './server-stats.ts'
import { firstSessionId, isSessionPassword, sessionPassword } from './session-password.ts'
import { type Session, SessionTracker } from './session-tracker.ts'
import { writeAnswer } from './write-answers.ts'

/** Writes in flight are bounded by reading, see `isBusy`; internal ones (expiries) come on top. */
const OUTSTANDING_MAX = 1 << 20
/** A connection that has not asked for a session by then is closed. */
const HANDSHAKE_MS = 10_000
const SWEEP_INTERVAL_MS = 60_000
/** Containers and overdue nodes removed per sweep. */
const SWEEP_REMOVALS_MAX = 10_000
const PASSWORD_LENGTH = 16
/** ZooKeeper's: client requests, server packets, sessions, warnings. */
const TRACE_MASK = 306

export interface KeeperServerPorts {
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
  /** Told of every applied transaction's size-free fact: one more. Decides when to snapshot. */
  readonly onApplied: (count: number) => void
  /** The log can be trusted no more: the process should end. */
  readonly onFailed: (error: DiskError) => void
  /** Lines of the `conf` command. */
  readonly configuration: () => readonly string[]
  /** Lines of the `envi` command behind the version. */
  readonly environment: readonly string[]
  readonly directorySizes: () => { readonly dataBytes: number; readonly logBytes: number }
}

interface Outstanding {
  readonly connection: ClientConnection | undefined
  readonly xid: number
  readonly type: number
  readonly partTypes: readonly number[]
}

const encoder = new TextEncoder()
const noParts: readonly number[] = []

/**
 * One server's request pipeline: prepare (against the state as it will be) → propose (durable, decided) → apply →
 * answer. Reads are answered from the applied state, behind their own connection's earlier writes. Everything happens on
 * one thread; only the proposer's disk work is elsewhere.
 */
export class KeeperServer implements ConnectionHost, ProposerHandlers {
  readonly tree: ZNodeTree
  readonly sessions: SessionTracker
  readonly stats: ServerStats = new ServerStats()
  readonly digests: DigestRecord = new DigestRecord()
  traceMask: number = TRACE_MASK
  readonly connections: Set<ClientConnection> = new Set()
  readonly options: KeeperServerOptions
  readonly #ports: KeeperServerPorts
  readonly #preparer: Preparer
  readonly #reads: ReadOperations
  readonly #outstanding = new RingQueue<Outstanding>(OUTSTANDING_MAX)
  readonly #withOutput = new Set<ClientConnection>()
  readonly #bySession = new Map<bigint, ClientConnection>()
  readonly #digestValue = (): bigint => this.tree.digest.value()
  #proposer: Proposer | undefined
  #nextZxid: number
  #nextSessionId: bigint
  readonly #startedAtMs: number
  #isRunning = false
  #isApplying = false
  #wasBusy = false
  #tickTimer: TimerHandle | undefined
  #sweepTimer: TimerHandle | undefined

  constructor(tree: ZNodeTree, options: KeeperServerOptions, ports: KeeperServerPorts) {
    this.tree = tree
    this.options = options
    this.#ports = ports
    this.#preparer = new Preparer(tree, new PendingChanges(tree), options)
    this.#reads = new ReadOperations(tree, options.skipAcl)
    this.#nextZxid = tree.lastZxid + 1
    this.#startedAtMs = ports.clock.monotonicMs()
    this.#nextSessionId = firstSessionId(options.serverId, ports.clock.wallMs())
    this.sessions = new SessionTracker(options.tickTimeMs, ports.clock.monotonicMs())
  }

  /** Begins to serve. Sessions of the recovered tree get their whole timeout to come back. */
  start(proposer: Proposer): void {
    assert(!this.#isRunning, 'a server is started once')
    this.#proposer = proposer
    this.#isRunning = true
    const nowMs = this.#ports.clock.monotonicMs()
    for (const [id, timeoutMs] of this.tree.sessions) this.sessions.add(id, timeoutMs, nowMs)
    this.#startTick()
    this.#startSweep()
  }

  /** Ends every connection and takes no more. Sessions go on: their clients may come back. */
  stop(): void {
    this.#isRunning = false
    if (this.#tickTimer !== undefined) this.#ports.timers.cancel(this.#tickTimer)
    if (this.#sweepTimer !== undefined) this.#ports.timers.cancel(this.#sweepTimer)
    for (const connection of [...this.connections]) connection.close()
  }

  get isRunning(): boolean {
    return this.#isRunning
  }

  get outstandingCount(): number {
    return this.#outstanding.size
  }

  get isBusy(): boolean {
    return this.#outstanding.size >= this.options.outstandingMax
  }

  /** Takes a client's stream; the handshake comes through it. */
  accept(channel: KeeperChannel): KeeperConnection {
    const connection = new ClientConnection(
      channel,
      this,
      this.options.juteMaxBufferBytes,
      this.#ports.clock.monotonicMs(),
    )
    this.connections.add(connection)
    this.stats.connectionRequestCount += 1
    if (!this.#isRunning || this.#isOverAddressLimit(channel)) {
      this.stats.connectionRejectedCount += 1
      connection.close()
    }
    return connection
  }

  connectRequested(connection: ClientConnection, request: ConnectRequest): void {
    if (request.lastZxidSeen > this.tree.lastZxid) {
      // The client saw a later state elsewhere; answering would take it back in time.
      this.#ports.log.info('a client has seen a later zxid than this server has', {
        address: connection.channel.remoteAddress,
        seen: request.lastZxidSeen.toString(16),
        last: this.tree.lastZxid.toString(16),
      })
      connection.close()
      return
    }
    const { minSessionTimeoutMs, maxSessionTimeoutMs } = this.options
    const timeoutMs = Math.min(Math.max(request.timeOut, minSessionTimeoutMs), maxSessionTimeoutMs)
    if (request.sessionId === 0n) this.#createSession(connection, timeoutMs)
    else this.#reopenSession(connection, request.sessionId, request.passwd, timeoutMs)
  }

  touched(connection: ClientConnection): number {
    const nowMs = this.#ports.clock.monotonicMs()
    this.stats.receivedCount += 1
    if (connection.session !== undefined) this.sessions.touch(connection.session, nowMs)
    return nowMs
  }

  read(connection: ClientConnection, xid: number, request: ReadRequest, receivedAtMs: number): void {
    // Code, then body: the header's code is put in afterwards, and a refused request's body taken back.
    const { out } = connection
    if (connection.session?.isClosing !== false) {
      connection.reply(xid, this.tree.lastZxid, ErrorCode.sessionExpired)
      return
    }
    // The events that setWatches sets free stand before its reply, so the reply may not be open yet.
    if (request.kind === 'setWatches') {
      const code = this.#reads.answer(request, connection, out)
      connection.reply(xid, this.tree.lastZxid, code)
    } else {
      const frame = connection.beginReply(xid, this.tree.lastZxid, ErrorCode.ok)
      const code = this.#reads.answer(request, connection, out)
      if (code !== ErrorCode.ok) out.patchInt32(frame + 16, code)
      connection.endReply(frame)
    }
    this.#answered(connection, receivedAtMs, this.stats.readLatency)
  }

  write(
    connection: ClientConnection,
    xid: number,
    type: number,
    request: WriteRequest | 'refused-multi' | undefined,
  ): void {
    const zxid = this.#nextZxid
    const timeMs = this.#ports.clock.wallMs()
    let body: TxnBody | number
    if (connection.session?.isClosing !== false) body = ErrorCode.sessionExpired
    else if (request === 'refused-multi') body = ErrorCode.marshallingError
    else if (request === undefined) body = ErrorCode.reconfigDisabled
    else body = this.#preparer.prepare(request, { sessionId: connection.sessionId, ids: connection.ids, zxid, timeMs })
    const partTypes =
      request !== undefined && request !== 'refused-multi' && request.kind === 'multi'
        ? request.parts.map((part) => part.type)
        : noParts
    this.#propose(connection.sessionId, xid, type, timeMs, body, connection, partTypes)
  }

  closeSession(connection: ClientConnection, xid: number): void {
    const { session } = connection
    if (session !== undefined) this.#closeSession(session, connection, xid)
  }

  fourLetterWord(connection: ClientConnection, bytes: Uint8Array): boolean {
    const answer = fourLetterWord(bytes, this.commandContext())
    if (answer === undefined) return false
    if (answer !== '') connection.channel.send(encoder.encode(answer))
    connection.close()
    return true
  }

  isSuperDigest(digest: string): boolean {
    return this.options.superDigest === digest
  }

  sent(sizeBytes: number): void {
    this.stats.sentBytes += sizeBytes
  }

  received(sizeBytes: number): void {
    this.stats.receivedBytes += sizeBytes
  }

  authFailed(): void {
    this.stats.authFailedCount += 1
  }

  frameRefused(connection: ClientConnection, sizeBytes: number): void {
    this.stats.oversizeRequestCount += 1
    this.#ports.log.warn('a client announced a frame that is too long, or speaks another protocol: closed', {
      address: connection.channel.remoteAddress,
      sizeBytes,
      sizeBytesMax: this.options.juteMaxBufferBytes,
    })
  }

  hasOutput(connection: ClientConnection): void {
    this.#withOutput.add(connection)
  }

  turnEnded(): void {
    // What a session's beginning sets free may write: its turn ends when the group is applied, in order.
    if (this.#isApplying) return
    this.#proposer?.flush()
    this.#flushOutput()
  }

  connectionClosed(connection: ClientConnection): void {
    this.connections.delete(connection)
    this.stats.connectionDropCount += 1
    this.#withOutput.delete(connection)
    this.tree.watches.removeReceiver(connection)
    if (this.#bySession.get(connection.sessionId) === connection) this.#bySession.delete(connection.sessionId)
  }

  committed(txns: readonly Txn[]): void {
    if (!this.#isRunning) return
    this.#isApplying = true
    for (const txn of txns) this.#apply(txn)
    this.#isApplying = false
    this.stats.committedCount += txns.length
    this.#ports.onApplied(txns.length)
    if (this.#wasBusy && !this.isBusy) {
      this.#wasBusy = false
      for (const connection of this.connections) connection.unpauseIfIdle()
    }
    this.turnEnded()
  }

  failed(error: DiskError): void {
    this.#ports.log.error('the transaction log failed; nothing more is answered', {
      code: error.code,
      path: error.path,
    })
    this.#isRunning = false
    this.#withOutput.clear()
    for (const connection of [...this.connections]) {
      connection.closed()
      connection.channel.close()
    }
    this.stop()
    this.#ports.onFailed(error)
  }

  #apply(txn: Txn): void {
    const outstanding = this.#outstanding.shift()
    assert(outstanding !== undefined, 'what is committed was proposed')
    const applied = this.tree.apply(txn.header, txn.body)
    this.digests.applied(txn.header.zxid, this.#digestValue)
    this.#preparer.pending.forget(txn.header.zxid)
    const { connection } = outstanding
    if (txn.header.type === Operation.createSession) {
      const session = this.sessions.find(txn.header.clientId)
      if (session !== undefined && connection !== undefined) this.#opened(connection, session)
      return
    }
    if (connection !== undefined && !connection.isClosed)
      this.#answer(connection, outstanding, applied, txn.header.zxid)
    if (txn.body.type === Operation.closeSession) this.#sessionClosed(txn.header.clientId)
  }

  #answer(connection: ClientConnection, outstanding: Outstanding, applied: Applied, zxid: number): void {
    const receivedAtMs = connection.writeDecided()
    const frame = connection.beginReply(outstanding.xid, zxid, applied.code)
    if (applied.code === ErrorCode.ok) {
      writeAnswer(connection.out, outstanding.type, applied, outstanding.partTypes)
    }
    connection.endReply(frame)
    this.#answered(connection, receivedAtMs, this.stats.updateLatency)
    connection.runReads()
  }

  #sessionClosed(sessionId: bigint): void {
    this.sessions.remove(sessionId)
    this.#bySession.get(sessionId)?.close()
  }

  #createSession(connection: ClientConnection, timeoutMs: number): void {
    const id = this.#nextSessionId
    this.#nextSessionId = BigInt.asIntN(64, id + 1n)
    const session = this.sessions.add(id, timeoutMs, this.#ports.clock.monotonicMs())
    const body: TxnBody = { type: Operation.createSession, record: { timeOut: timeoutMs } }
    this.#propose(session.id, 0, Operation.createSession, this.#ports.clock.wallMs(), body, connection, noParts)
  }

  #reopenSession(connection: ClientConnection, id: bigint, password: Uint8Array | null, timeoutMs: number): void {
    const session = this.sessions.find(id)
    if (session === undefined || session.isClosing || !isSessionPassword(id, password)) {
      connection.sessionRefused()
      return
    }
    this.stats.revalidationCount += 1
    this.#bySession.get(id)?.close()
    this.sessions.add(id, timeoutMs, this.#ports.clock.monotonicMs())
    this.#opened(connection, session)
  }

  #opened(connection: ClientConnection, session: Session): void {
    if (connection.isClosed) return
    this.#bySession.set(session.id, connection)
    const password = sessionPassword(session.id)
    assert(password.length === PASSWORD_LENGTH, 'passwords have one length')
    connection.sessionReady(session, password)
  }

  #closeSession(session: Session, connection: ClientConnection | undefined, xid: number): void {
    const timeMs = this.#ports.clock.wallMs()
    const body = this.#preparer.closeSession(session.id, this.#nextZxid)
    session.isClosing = true
    this.#propose(session.id, xid, Operation.closeSession, timeMs, body, connection, noParts)
  }

  #propose(
    sessionId: bigint,
    xid: number,
    type: number,
    timeMs: number,
    result: TxnBody | number,
    connection: ClientConnection | undefined,
    partTypes: readonly number[],
  ): void {
    const isRefused = typeof result === 'number'
    const body: TxnBody = isRefused ? { type: Operation.error, record: { err: result } } : result
    const zxid = this.#nextZxid
    this.#nextZxid = zxid + 1
    this.#outstanding.push({ connection, xid, type, partTypes })
    if (this.isBusy) this.#wasBusy = true
    this.#proposer?.propose({
      header: { clientId: sessionId, cxid: xid, zxid, time: timeMs, type: isRefused ? Operation.error : body.type },
      body,
      digest: isRefused ? undefined : { version: digestVersion, treeDigest: this.#preparer.pending.digest.value() },
    })
  }

  #answered(connection: ClientConnection, receivedAtMs: number, kind: LatencyHistogram): void {
    const nowMs = this.#ports.clock.monotonicMs()
    const latencyMs = nowMs - receivedAtMs
    connection.lastAnsweredAtMs = nowMs
    connection.lastLatencyMs = latencyMs
    connection.latency.record(latencyMs)
    this.stats.sentCount += 1
    this.stats.latency.record(latencyMs)
    kind.record(latencyMs)
  }

  #flushOutput(): void {
    for (const connection of this.#withOutput) connection.flush()
    this.#withOutput.clear()
  }

  #startTick(): void {
    const waitMs = this.sessions.untilTickMs(this.#ports.clock.monotonicMs())
    this.#tickTimer = this.#ports.timers.start(waitMs, () => {
      if (!this.#isRunning) return
      this.#tick()
      this.#startTick()
    })
  }

  #tick(): void {
    const nowMs = this.#ports.clock.monotonicMs()
    for (const session of this.sessions.expired(nowMs)) {
      this.stats.expiredSessionCount += 1
      this.#ports.log.info('session expired', { session: BigInt.asUintN(64, session.id).toString(16) })
      this.#closeSession(session, undefined, 0)
    }
    for (const connection of this.connections) {
      if (connection.session !== undefined || nowMs - connection.openedAtMs <= HANDSHAKE_MS) continue
      this.stats.sessionlessExpiredCount += 1
      connection.close()
    }
    this.turnEnded()
  }

  #startSweep(): void {
    this.#sweepTimer = this.#ports.timers.start(SWEEP_INTERVAL_MS, () => {
      if (!this.#isRunning) return
      this.#sweep()
      this.#startSweep()
    })
  }

  /** Removes containers that are empty again and nodes that outlived their time. */
  #sweep(): void {
    const timeMs = this.#ports.clock.wallMs()
    let removals = 0
    for (const path of [...this.tree.containers, ...this.tree.ttls]) {
      if (removals === SWEEP_REMOVALS_MAX) break
      if (!this.#isOverdue(path, timeMs)) continue
      const body = this.#preparer.deleteContainer(path, this.#nextZxid)
      if (body === undefined) continue
      removals += 1
      this.#propose(0n, 0, Operation.deleteContainer, timeMs, body, undefined, noParts)
    }
    this.turnEnded()
  }

  #isOverdue(path: string, timeMs: number): boolean {
    const node = this.tree.find(path)
    if (node === undefined || node.childCount > 0) return false
    if (ownerKind(node.ephemeralOwner) === 'ttl') return timeMs - node.mtime > ttlOf(node.ephemeralOwner)
    const { containerUnusedMs } = this.options
    return node.cversion > 0 || (containerUnusedMs > 0 && timeMs - node.ctime > containerUnusedMs)
  }

  #isOverAddressLimit(channel: KeeperChannel): boolean {
    const { maxClientConnections } = this.options
    if (maxClientConnections === 0 || channel.remotePort === 0) return false
    let count = 0
    for (const other of this.connections) {
      if (other.channel.remotePort !== 0 && other.channel.remoteAddress === channel.remoteAddress) count += 1
    }
    return count > maxClientConnections
  }

  /** What the monitoring commands and the admin server look at. */
  commandContext(): CommandContext {
    return {
      server: this,
      nowMs: this.#ports.clock.monotonicMs(),
      wallMs: this.#ports.clock.wallMs(),
      startedAtMs: this.#startedAtMs,
      configuration: this.#ports.configuration,
      environment: this.#ports.environment,
      directorySizes: this.#ports.directorySizes,
    }
  }
}
