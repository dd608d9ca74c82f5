import { assert } from '../../base/assert.ts'
import type { ConnectRequest } from '../../jute/generated/proto.ts'
import { ErrorCode, Operation } from '../../jute/operations.ts'
import type { Clock, DiskError, Logger, TimerHandle, Timers } from '../../io/ports.ts'
import type { Txn } from '../tree/txn.ts'
import { digestVersion } from '../tree/digest.ts'
import type { Applied, ZNodeTree } from '../tree/znode-tree.ts'
import type { Authenticator, AuthOutcome } from './auth-connection.ts'
import type { KeeperChannel, KeeperConnection } from './channel.ts'
import { ClientConnection, type ConnectionHost } from './client-connection.ts'
import { DigestRecord } from './digest-record.ts'
import { fourLetterWord } from './four-letter-words.ts'
import type { CommandContext } from './monitor.ts'
import type { KeeperServerOptions } from './options.ts'
import type { WriteRequest } from './prepare.ts'
import type { ProposerHandlers } from './proposer.ts'
import type { QuorumView } from './quorum-view.ts'
import { ReadOperations } from './read-operations.ts'
import type { ReadRequest } from './requests.ts'
import { type LatencyHistogram, ServerStats } from './server-stats.ts'
import { isSessionPassword, type SessionIds, sessionPassword } from './session-password.ts'
import { type Session, SessionTracker } from './session-tracker.ts'
import { otherProtocol } from './strangers.ts'
import { writeAnswer } from './write-answers.ts'
import type { Awaited, WriteHost, WritePath } from './write-path.ts'

/** A connection that has not asked for a session by then is closed. */
const HANDSHAKE_MS = 10_000
const PASSWORD_LENGTH = 16
/** ZooKeeper's: client requests, server packets, sessions, warnings. */
const TRACE_MASK = 306

/** What a server is to its ensemble; the `Mode` of the monitoring commands. */
export type ServerMode = 'standalone' | 'leader' | 'follower' | 'observer' | 'read-only'

export interface KeeperServerPorts {
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
  readonly sessionIds: SessionIds
  readonly mode: ServerMode
  /** Counters that outlive this server; its own when absent. */
  readonly stats?: ServerStats
  /** Told of every applied transaction's size-free fact: one more. Decides when to snapshot. */
  readonly onApplied: (count: number) => void
  /** The log can be trusted no more: the process should end. */
  readonly onFailed: (error: DiskError) => void
  /** Lines of the `conf` command. */
  readonly configuration: () => readonly string[]
  /** Lines of the `envi` command behind the version. */
  readonly environment: readonly string[]
  readonly directorySizes: () => { readonly dataBytes: number; readonly logBytes: number }
  readonly fileDescriptors?: CommandContext['fileDescriptors'] | undefined
  /** Absent on a server on its own. */
  readonly quorum?: () => QuorumView
}

const encoder = new TextEncoder()
const noFileDescriptors = (): undefined => undefined

/**
 * One server's request pipeline: a write path decides (here or at the leader) → apply → answer. Reads are answered from
 * the applied state, behind their own connection's earlier writes. Everything happens on one thread; only disk work is
 * elsewhere. A member of an ensemble makes a new one for each reign that it serves under.
 */
export class KeeperServer implements ConnectionHost, ProposerHandlers, WriteHost {
  readonly tree: ZNodeTree
  readonly sessions: SessionTracker
  readonly stats: ServerStats
  readonly digests: DigestRecord = new DigestRecord()
  traceMask: number = TRACE_MASK
  /** A learner in step with its leader must have the tree that the leader had. */
  comparesDigests: boolean = false
  readonly connections: Set<ClientConnection> = new Set()
  readonly options: KeeperServerOptions
  readonly mode: ServerMode
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
  readonly #ports: KeeperServerPorts
  readonly #reads: ReadOperations
  readonly #withOutput: ClientConnection[] = []
  readonly #bySession = new Map<bigint, ClientConnection>()
  readonly #digestValue = (): bigint => this.tree.digest.value()
  #writes: WritePath | undefined
  readonly #startedAtMs: number
  #isRunning = false
  #isApplying = false
  #wasBusy = false
  #tickTimer: TimerHandle | undefined

  constructor(tree: ZNodeTree, options: KeeperServerOptions, ports: KeeperServerPorts) {
    this.tree = tree
    this.options = options
    this.#ports = ports
    this.mode = ports.mode
    this.clock = ports.clock
    this.timers = ports.timers
    this.log = ports.log
    this.stats = ports.stats ?? new ServerStats()
    this.#reads = new ReadOperations(tree, options.skipAcl)
    this.#startedAtMs = ports.clock.monotonicMs()
    this.sessions = new SessionTracker(options.tickTimeMs, ports.clock.monotonicMs())
  }

  /** Begins to serve. Sessions of the recovered tree get their whole timeout to come back. */
  start(writes: WritePath): void {
    assert(!this.#isRunning, 'a server is started once')
    this.#writes = writes
    this.#isRunning = true
    writes.start()
    this.#startTick()
  }

  /** Ends every connection and takes no more. Sessions go on: their clients may come back. */
  stop(): void {
    this.#isRunning = false
    if (this.#tickTimer !== undefined) this.#ports.timers.cancel(this.#tickTimer)
    this.#writes?.stop()
    for (const connection of [...this.connections]) connection.close()
  }

  get isRunning(): boolean {
    return this.#isRunning
  }

  get outstandingCount(): number {
    return this.#writes?.outstandingCount ?? 0
  }

  get isBusy(): boolean {
    return this.outstandingCount >= this.options.outstandingMax
  }

  get isReadOnly(): boolean {
    return this.mode === 'read-only'
  }

  get localSessionCount(): number {
    return this.#writes?.locals?.size ?? 0
  }

  get wantsBodies(): boolean {
    return this.#writes?.wantsBodies ?? false
  }

  /** Takes a client's stream; the handshake comes through it. */
  accept(channel: KeeperChannel): KeeperConnection {
    const full = this.options.admission.whyFull(channel, this.connections)
    const connection = new ClientConnection(
      channel,
      this,
      this.options.juteMaxBufferBytes,
      this.#ports.clock.monotonicMs(),
    )
    this.connections.add(connection)
    this.stats.connectionRequestCount += 1
    if (channel.isSecure !== true && channel.remotePort !== 0) {
      if (isLoopback(channel.remoteAddress)) this.stats.plainLocalCount += 1
      else this.stats.plainRemoteCount += 1
    }
    if (!this.#isRunning || full !== undefined) {
      this.stats.connectionRejectedCount += 1
      if (full !== undefined) this.log.warn(`a client was not let in: ${full}`, { address: channel.remoteAddress })
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
    if (this.isReadOnly && request.readOnly !== true) {
      connection.close()
      return
    }
    const { minSessionTimeoutMs, maxSessionTimeoutMs, admission, localSessions } = this.options
    const kind = request.sessionId !== 0n ? 'renewed' : localSessions.isEnabled ? 'local' : 'global'
    if (!admission.allows(kind, this.clock.monotonicMs())) {
      this.stats.connectionRejectedCount += 1
      connection.close()
      return
    }
    this.stats.tokenDeficit.record(admission.deficit)
    const timeoutMs = Math.min(Math.max(request.timeOut, minSessionTimeoutMs), maxSessionTimeoutMs)
    if (request.sessionId !== 0n) this.#reopenSession(connection, request.sessionId, request.passwd, timeoutMs)
    else this.#writes?.createSession(connection, this.#ports.sessionIds.next(), timeoutMs)
  }

  touched(connection: ClientConnection): number {
    const nowMs = this.#ports.clock.monotonicMs()
    this.stats.receivedCount += 1
    if (connection.session !== undefined) this.#writes?.touched(connection.session, nowMs)
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
    if (request.kind === 'closeLocal') {
      this.#writes?.locals?.remove(connection.session)
      connection.close()
    }
  }

  write(
    connection: ClientConnection,
    xid: number,
    type: number,
    request: WriteRequest | 'refused-multi' | undefined,
    body: Uint8Array,
  ): void {
    this.#writes?.write(connection, xid, type, request, body)
  }

  closeSession(connection: ClientConnection, xid: number): void {
    this.#writes?.closeSession(connection, xid)
  }

  sync(connection: ClientConnection, xid: number, body: Uint8Array): boolean {
    return this.#writes?.sync(connection, xid, body) ?? false
  }

  synced(connection: ClientConnection): void {
    connection.syncDone()
  }

  connectionOf(sessionId: bigint): ClientConnection | undefined {
    return this.#bySession.get(sessionId)
  }

  proposed(): void {
    this.stats.proposedCount += 1
    if (!this.isBusy || this.#wasBusy) return
    this.#wasBusy = true
    this.stats.throttleWaitCount += 1
  }

  fourLetterWord(connection: ClientConnection, bytes: Uint8Array): boolean {
    const answer = fourLetterWord(bytes, this.commandContext())
    if (answer === undefined) return false
    if (answer !== '') connection.channel.send(encoder.encode(answer))
    connection.close()
    return true
  }

  get auth(): Authenticator {
    return this.options.auth
  }

  replied(sizeBytes: number): void {
    const { stats } = this
    stats.lastReplyBytes = sizeBytes
    if (sizeBytes > stats.maxReplyBytes) stats.maxReplyBytes = sizeBytes
    if (sizeBytes < stats.minReplyBytes || stats.minReplyBytes < 0) stats.minReplyBytes = sizeBytes
  }

  sent(sizeBytes: number): void {
    this.stats.sentBytes += sizeBytes
  }

  received(sizeBytes: number): void {
    this.stats.receivedBytes += sizeBytes
  }

  authFailed(connection: ClientConnection, cause: string): void {
    this.stats.authFailedCount += 1
    this.#ports.log.warn(`a client could not prove who it is: ${cause}`, { address: connection.channel.remoteAddress })
  }

  ensembleNamed(outcome: AuthOutcome, name: Uint8Array | null): void {
    const { ensembleAuth } = this.stats
    if (outcome === 'closed') ensembleAuth.failureCount += 1
    else if (outcome === 'proved' && name !== null && name.length > 0) ensembleAuth.successCount += 1
    else if (outcome === 'proved') ensembleAuth.skippedCount += 1
  }

  frameRefused(connection: ClientConnection, sizeBytes: number): void {
    this.stats.oversizeRequestCount += 1
    this.#ports.log.warn(`a client announced a frame that is too long${otherProtocol(sizeBytes)}: closed`, {
      address: connection.channel.remoteAddress,
      sizeBytes,
      sizeBytesMax: this.options.juteMaxBufferBytes,
    })
  }

  hasOutput(connection: ClientConnection): void {
    if (connection.isFlushDue) return
    connection.isFlushDue = true
    this.#withOutput.push(connection)
  }

  turnEnded(): void {
    // What a session's beginning sets free may write: its turn ends when the group is applied, in order.
    if (this.#isApplying) return
    this.#writes?.flush()
    this.#flushOutput()
  }

  connectionClosed(connection: ClientConnection): void {
    this.connections.delete(connection)
    this.stats.connectionDropCount += 1
    this.tree.watches.removeReceiver(connection)
    if (this.#bySession.get(connection.sessionId) === connection) this.#bySession.delete(connection.sessionId)
  }

  committed(txns: readonly Txn[]): void {
    if (!this.#isRunning) return
    this.#isApplying = true
    for (const txn of txns) this.#apply(txn)
    this.#isApplying = false
    this.stats.committedCount += txns.length
    this.stats.groupSize.record(txns.length)
    this.stats.undecidedCount.record(this.outstandingCount)
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
    this.stats.unrecoverableErrorCount += 1
    for (const connection of [...this.connections]) {
      connection.closed()
      connection.channel.close()
    }
    this.stop()
    this.#ports.onFailed(error)
  }

  #apply(txn: Txn): void {
    const awaited = this.#writes?.decided(txn)
    const applied = this.tree.apply(txn.header, txn.body)
    this.digests.applied(txn.header.zxid, this.#digestValue)
    if (this.comparesDigests) this.#compareDigest(txn)
    this.#writes?.applied(txn)
    const connection = awaited?.connection
    if (awaited?.session !== undefined) {
      if (connection !== undefined && !connection.isClosed) this.sessionOpened(connection, awaited.session)
      return
    }
    if (awaited !== undefined && connection !== undefined && !connection.isClosed) {
      this.#answer(connection, awaited, applied, txn)
    }
    if (txn.body.type === Operation.closeSession) this.#bySession.get(txn.header.clientId)?.close()
  }

  /** What the leader had after this transaction. A difference means that the replicas no longer agree. */
  #compareDigest({ header, digest }: Txn): void {
    if (digest?.version !== digestVersion || digest.treeDigest === this.tree.digest.value()) return
    this.stats.digestMismatchCount += 1
    if (this.stats.digestMismatchCount > 1) return
    this.log.error("the tree differs from the leader's; remove this server's data and let it copy the ensemble's", {
      zxid: header.zxid.toString(16),
    })
  }

  #answer(connection: ClientConnection, awaited: Awaited, applied: Applied, txn: Txn): void {
    this.stats.sessionQueueSize.record(connection.queuedCount)
    const receivedAtMs = connection.writeDecided()
    // Its client has gone to another server: an answer here could only mislead what is left of it.
    if (applied.code === ErrorCode.sessionMoved) {
      connection.close()
      return
    }
    const code = awaited.refusal ?? applied.code
    const frame = connection.beginReply(awaited.xid, txn.header.zxid, code)
    if (code === ErrorCode.ok) {
      // Asked for a change of the ensemble, the answer is the ensemble as it is now.
      if (txn.body.type === Operation.reconfig) connection.out.buffer(txn.body.record.data)
      writeAnswer(connection.out, awaited.type, applied, awaited.partTypes)
    }
    connection.endReply(frame)
    this.#answered(connection, receivedAtMs, this.stats.updateLatency)
    connection.runReads()
  }

  #reopenSession(connection: ClientConnection, id: bigint, password: Uint8Array | null, timeoutMs: number): void {
    if (!isSessionPassword(id, password)) {
      connection.sessionRefused()
      return
    }
    this.stats.revalidationCount += 1
    this.#writes?.reopenSession(connection, id, timeoutMs)
  }

  sessionOpened(connection: ClientConnection, session: Session): void {
    if (connection.isClosed) return
    const other = this.#bySession.get(session.id)
    if (other !== connection) other?.close()
    this.#bySession.set(session.id, connection)
    const password = sessionPassword(session.id)
    assert(password.length === PASSWORD_LENGTH, 'passwords have one length')
    connection.sessionReady(session, password)
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
    const due = this.#withOutput
    // Whoever is to be flushed again meanwhile stands behind the others once more.
    for (let index = 0; index < due.length; index += 1) {
      const connection = due[index] as ClientConnection
      connection.isFlushDue = false
      connection.flush()
    }
    due.length = 0
  }

  /** At whole ticks, like the deadlines of sessions; also on a server that lets no session end. */
  #startTick(): void {
    const { tickTimeMs } = this.options
    const waitMs = tickTimeMs - (this.#ports.clock.monotonicMs() % tickTimeMs)
    this.#tickTimer = this.#ports.timers.start(waitMs, () => {
      if (!this.#isRunning) return
      this.#tick()
      this.#startTick()
    })
  }

  #tick(): void {
    const nowMs = this.#ports.clock.monotonicMs()
    this.#writes?.tick(nowMs)
    for (const connection of this.connections) {
      if (connection.session !== undefined || nowMs - connection.openedAtMs <= HANDSHAKE_MS) continue
      this.stats.sessionlessExpiredCount += 1
      connection.close()
    }
    this.turnEnded()
  }

  /**
   * Closes about so many of a hundred connections, so that their clients go to other servers.
   *
   * @returns how many
   */
  shedConnections(percentage: number): number {
    let shedCount = 0
    for (const connection of [...this.connections]) {
      if (this.options.auth.entropy.unit() * 100 >= percentage) continue
      connection.close()
      shedCount += 1
    }
    return shedCount
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
      fileDescriptors: this.#ports.fileDescriptors ?? noFileDescriptors,
      quorum: this.#ports.quorum?.(),
    }
  }
}

function isLoopback(address: string): boolean {
  return address === '::1' || address.startsWith('127.')
}
