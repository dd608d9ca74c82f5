import { FrameSplitter } from '../../jute/framing.ts'
import type { ACL, Id } from '../../jute/generated/data.ts'
import {
  type ConnectRequest,
  readAuthPacket,
  readConnectRequest,
  readGetSASLRequest,
  readRequestHeader,
  writeConnectResponse,
} from '../../jute/generated/proto.ts'
import { ErrorCode, Operation, Permission, SpecialXid, syncConnectedState } from '../../jute/operations.ts'
import { JuteReader } from '../../jute/reader.ts'
import { JuteWriter } from '../../jute/writer.ts'
import { RingQueue } from '../../base/ring-queue.ts'
import { isAllowed } from './access.ts'
import { type Authenticator, type AuthOutcome, ConnectionAuth } from './auth-connection.ts'
import type { KeeperChannel, KeeperConnection } from './channel.ts'
import type { Reader } from './read-operations.ts'
import { type ReadRequest, readReadRequest, readWriteRequest } from './requests.ts'
import { operationCode } from './operation-codes.ts'
import { LatencySummary } from './server-stats.ts'
import type { Session } from './session-tracker.ts'
import type { WriteRequest } from './prepare.ts'

/** A request behind its session's earlier writes; `undefined` request = the write itself, answered by its commit. */
interface Queued {
  readonly xid: number
  readonly request: ReadRequest | undefined
  /** A sync that the leader has yet to answer: it holds up what is behind it as a write does. */
  isWaiting: boolean
  readonly receivedAtMs: number
  /** Who asked. What is proved while a read waits counts for the next one. */
  readonly ids: readonly Id[]
}

/** Requests of one connection in the server: past half of it reading stops, so the rest is one read's worth of frames. */
const QUEUED_MAX = 1 << 17
const QUEUED_PAUSE = 1 << 10
/** Bytes kept while a session is being made or the server is busy. A peer that sends more is not a ZooKeeper client. */
const HELD_BYTES_MAX = 4 << 20
const PASSWORD_BYTES = 16
const FRAME_LENGTH_BYTES = 4
/** One reader serves all frames up to here; it keeps hold of the last one, ten thousand connections as many. */
const SHORT_FRAME_BYTES = 1 << 12
const noBytes = new Uint8Array(0)
/** What a connection needs of the server behind it. */
export interface ConnectionHost {
  /** The server has as many undecided writes as it takes: connections stop reading. */
  readonly isBusy: boolean
  /** Answers with `sessionReady`, `sessionRefused` or a close, now or later. */
  connectRequested(connection: ClientConnection, request: ConnectRequest): void
  /** Something was heard of the connection's session. @returns the monotonic time */
  touched(connection: ClientConnection): number
  read(connection: ClientConnection, xid: number, request: ReadRequest, receivedAtMs: number): void
  /** @param request undefined for operations that are always refused */
  write(
    connection: ClientConnection,
    xid: number,
    type: number,
    request: WriteRequest | 'refused-multi' | undefined,
    body: Uint8Array,
  ): void
  /** Whether `write` wants the request's bytes too. */
  readonly wantsBodies: boolean
  closeSession(connection: ClientConnection, xid: number): void
  /** Serves those only who asked for no more than reading. */
  readonly isReadOnly: boolean
  /** @returns true when the answer waits for {@link ClientConnection.syncDone} */
  sync(connection: ClientConnection, xid: number, body: Uint8Array): boolean
  /** @returns whether the bytes were a monitoring command, which is then answered and done with */
  fourLetterWord(connection: ClientConnection, bytes: Uint8Array): boolean
  readonly auth: Authenticator
  /** `skipAcl`: lists are not looked at. */
  readonly options: { readonly skipAcl: boolean }
  /** The peer announced a frame that is too long: most likely it speaks something else. */
  frameRefused(connection: ClientConnection, sizeBytes: number): void
  /** A reply or event was written. @param sizeBytes without its length */
  replied(sizeBytes: number): void
  sent(sizeBytes: number): void
  received(sizeBytes: number): void
  /** A proof of identity was refused, or one that must be given was not. */
  authFailed(connection: ClientConnection, cause: string): void
  /** The client said which ensemble it expects. */
  ensembleNamed(outcome: AuthOutcome, name: Uint8Array | null): void
  /** The connection has something to send when the turn ends. */
  hasOutput(connection: ClientConnection): void
  /** All frames of one read are in: what was written may go to the disk, what was answered to the peers. */
  turnEnded(): void
  connectionClosed(connection: ClientConnection): void
}

type Phase = 'opening' | 'connecting' | 'ready' | 'closed'

/** One client's stream: framing, the handshake, requests in order, answers in order, events between them. */
export class ClientConnection implements KeeperConnection, Reader {
  readonly channel: KeeperChannel
  readonly openedAtMs: number
  session: Session | undefined
  /** Its host's mark: it stands among those that are flushed when the turn ends. */
  isFlushDue: boolean = false
  receivedCount = 0
  sentCount = 0
  lastXid: number | undefined
  lastZxid = 0
  lastOperation = 'NA'
  lastAnsweredAtMs = 0
  lastLatencyMs = 0
  readonly latency: LatencySummary = new LatencySummary()
  readonly #host: ConnectionHost
  readonly #auth: ConnectionAuth
  readonly #splitter: FrameSplitter
  readonly #out: JuteWriter = new JuteWriter(512)
  readonly #queue = new RingQueue<Queued>(QUEUED_MAX)
  #idsOfRead: readonly Id[] | undefined
  #phase: Phase = 'opening'
  #withReadOnlyFlag = false
  #held: Uint8Array[] = []
  #heldBytes = 0
  #isPaused = false
  readonly #reader = new JuteReader(noBytes)
  readonly #onFrame = (bytes: Uint8Array, startsAt: number, endsAt: number): void => {
    const isShort = endsAt - startsAt <= SHORT_FRAME_BYTES
    if (isShort) this.#reader.reset(bytes, startsAt, endsAt)
    this.#frame(isShort ? this.#reader : new JuteReader(bytes, startsAt, endsAt))
  }
  readonly #mustWait = (): boolean => this.#phase === 'connecting' || this.#phase === 'closed'

  constructor(channel: KeeperChannel, host: ConnectionHost, frameBytesMax: number, nowMs: number) {
    this.channel = channel
    this.#host = host
    this.#splitter = new FrameSplitter(frameBytesMax)
    this.#auth = new ConnectionAuth(host.auth, channel)
    this.openedAtMs = nowMs
  }

  get sessionId(): bigint {
    return this.session?.id ?? 0n
  }

  /** Who asks for the read that is being answered; else who the connection has proved to be until now. */
  get ids(): readonly Id[] {
    return this.#idsOfRead ?? this.#auth.ids
  }

  get isReady(): boolean {
    return this.#phase === 'ready'
  }

  get isClosed(): boolean {
    return this.#phase === 'closed'
  }

  get queuedCount(): number {
    return this.#queue.size
  }

  feed(bytes: Uint8Array): void {
    if (this.#phase === 'closed') return
    if (this.#phase === 'connecting' || this.#held.length > 0) {
      this.#hold(bytes)
      return
    }
    this.#host.received(bytes.length)
    this.#take(bytes)
    this.#host.turnEnded()
  }

  closed(): void {
    if (this.#phase === 'closed') return
    this.#phase = 'closed'
    this.#held = []
    this.#host.connectionClosed(this)
  }

  /** Sends what was answered so far and ends the stream. */
  close(): void {
    if (this.#phase === 'closed') return
    this.flush()
    this.closed()
    this.channel.close()
  }

  /** The session is made or taken over: answers the handshake and goes on with what waited behind it. */
  sessionReady(session: Session, password: Uint8Array): void {
    if (this.#phase === 'closed') return
    this.session = session
    this.#phase = 'ready'
    this.#connectResponse(session.timeoutMs, session.id, password)
    this.flush()
    const held = this.#held
    this.#held = []
    this.#heldBytes = 0
    this.#unpause()
    for (const bytes of held) this.feed(bytes)
  }

  /** Wrong password or a session that is over: says so and ends the stream. */
  sessionRefused(): void {
    this.#connectResponse(0, 0n, new Uint8Array(PASSWORD_BYTES))
    this.close()
  }

  /** Answers a request that waits for nothing. */
  reply(xid: number, zxid: number, code: number): void {
    const frame = this.beginReply(xid, zxid, code)
    this.endReply(frame)
  }

  /** Begins an answer. @returns what {@link ClientConnection.endReply} wants */
  beginReply(xid: number, zxid: number, code: number): number {
    const out = this.#out
    const frame = out.beginFrame()
    out.int32(xid)
    out.int64(zxid)
    out.int32(code)
    this.sentCount += 1
    if (zxid > this.lastZxid) this.lastZxid = zxid
    return frame
  }

  get out(): JuteWriter {
    return this.#out
  }

  endReply(frame: number): void {
    this.#out.endFrame(frame)
    this.#host.replied(this.#out.at - frame - FRAME_LENGTH_BYTES)
    this.#host.hasOutput(this)
  }

  /** The oldest write is decided: takes it off, so that the reads behind it may run. @returns when it came in */
  writeDecided(): number {
    return this.#queue.shift()?.receivedAtMs ?? 0
  }

  /** Refuses the oldest request, which is a write or a sync. */
  refuse(xid: number, zxid: number, code: number): void {
    this.#queue.shift()
    this.reply(xid, zxid, code)
  }

  /** Runs the reads that no write is before any more. */
  runReads(): void {
    for (
      let next = this.#queue.peek();
      next?.request !== undefined && !next.isWaiting && this.#phase !== 'closed';
      next = this.#queue.peek()
    ) {
      this.#queue.shift()
      this.#idsOfRead = next.ids
      this.#host.read(this, next.xid, next.request, next.receivedAtMs)
      this.#idsOfRead = undefined
    }
    if (this.#isPaused && this.#queue.size < QUEUED_PAUSE && !this.#host.isBusy) this.#unpause()
  }

  /** The oldest waiting sync is complete. All writes before it have been decided, so it is the oldest request. */
  syncDone(): void {
    const oldest = this.#queue.peek()
    if (oldest === undefined || !oldest.isWaiting) return
    oldest.isWaiting = false
    this.runReads()
  }

  watchFired(type: number, path: string, zxid: number, acl: readonly ACL[]): void {
    if (this.#phase === 'closed') return
    if (!this.#host.options.skipAcl && !isAllowed(acl, Permission.read, this.#auth.ids)) return
    const out = this.#out
    const frame = this.beginReply(SpecialXid.notification, zxid, ErrorCode.ok)
    out.int32(type)
    out.int32(syncConnectedState)
    out.string(path)
    this.endReply(frame)
  }

  /** Sends what has gathered, in one piece. */
  flush(): void {
    if (this.#out.at === 0 || this.#phase === 'closed') return
    const out = this.#out
    const { channel } = this
    this.#host.sent(out.at)
    if (channel.sendWindow === undefined) {
      const bytes = out.finish()
      out.clear()
      channel.send(bytes)
    } else if (channel.sendWindow(out.written())) out.clear()
    else out.giveAway()
  }

  /** The server has room again. */
  unpauseIfIdle(): void {
    if (this.#isPaused && this.#phase === 'ready' && this.#queue.size < QUEUED_PAUSE) this.#unpause()
  }

  #take(bytes: Uint8Array): void {
    if (this.#phase === 'opening' && this.receivedCount === 0 && this.#host.fourLetterWord(this, bytes)) return
    const consumed = this.#splitter.feed(bytes, this.#onFrame, this.#mustWait)
    if (this.#splitter.refusedSizeBytes !== undefined) {
      this.#host.frameRefused(this, this.#splitter.refusedSizeBytes)
      this.close()
      return
    }
    // The session is on its way: what lies behind its request waits, in order.
    if (this.#phase === 'connecting' && consumed < bytes.length) this.#hold(bytes.subarray(consumed))
    if (this.#phase === 'ready' && (this.#queue.size > QUEUED_PAUSE || this.#host.isBusy)) this.#pause()
  }

  #hold(bytes: Uint8Array): void {
    this.#heldBytes += bytes.length
    if (this.#heldBytes > HELD_BYTES_MAX) {
      this.close()
      return
    }
    this.#held.push(bytes.slice())
    this.#pause()
  }

  #pause(): void {
    if (this.#isPaused) return
    this.#isPaused = true
    this.channel.pause()
  }

  #unpause(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.channel.resume()
  }

  #frame(reader: JuteReader): void {
    this.receivedCount += 1
    if (this.#phase === 'opening') {
      this.#connectRequest(reader)
      return
    }
    const { xid, type } = readRequestHeader(reader)
    if (!reader.ok) {
      this.close()
      return
    }
    // Only a stream that ignores being paused, with thousands of requests in one piece, comes here.
    if (this.#queue.isFull) {
      this.close()
      return
    }
    const nowMs = this.#host.touched(this)
    this.lastXid = xid
    this.lastOperation = operationCode(type)
    if (type === Operation.auth) this.#prove(xid, reader)
    else if (type === Operation.sasl) this.#sasl(xid, reader)
    else if (!this.#auth.isEnough) this.#refuseUnproved(xid)
    else this.#request(xid, type, reader, nowMs)
  }

  #connectRequest(reader: JuteReader): void {
    const request = readConnectRequest(reader)
    if (!reader.ok) {
      this.close()
      return
    }
    this.#withReadOnlyFlag = request.readOnly !== undefined
    this.#phase = 'connecting'
    this.#host.connectRequested(this, request)
  }

  #request(xid: number, type: number, reader: JuteReader, nowMs: number): void {
    const bodyAt = reader.at
    const read = readReadRequest(type, reader)
    if (read !== undefined) {
      if (read.kind === 'sync') this.#sync(xid, read, reader.from(bodyAt), nowMs)
      else this.#read(xid, read, nowMs)
      return
    }
    const isClose = type === Operation.closeSession
    if (isClose && this.session?.isLocal === true) {
      this.#read(xid, { kind: 'closeLocal' }, nowMs)
      return
    }
    const write = isClose ? undefined : readWriteRequest(type, reader)
    if (write === 'unparsable') {
      this.#read(xid, { kind: 'unparsable' }, nowMs)
      return
    }
    if (!isClose && write === undefined) {
      this.reply(xid, 0, ErrorCode.unimplemented)
      this.close()
      return
    }
    this.#queue.push({ xid, request: undefined, isWaiting: false, receivedAtMs: nowMs, ids: this.#auth.ids })
    if (isClose) this.#host.closeSession(this, xid)
    else this.#host.write(this, xid, type, write, this.#host.wantsBodies ? reader.from(bodyAt) : noBytes)
  }

  /** In its place before it is passed on: the answer may come at once. */
  #sync(xid: number, request: ReadRequest, body: Uint8Array, receivedAtMs: number): void {
    const queued = { xid, request, isWaiting: true, receivedAtMs, ids: this.#auth.ids }
    this.#queue.push(queued)
    if (this.#host.sync(this, xid, body)) return
    queued.isWaiting = false
    this.runReads()
  }

  #read(xid: number, request: ReadRequest, nowMs: number): void {
    if (this.#queue.size === 0) this.#host.read(this, xid, request, nowMs)
    else this.#queue.push({ xid, request, isWaiting: false, receivedAtMs: nowMs, ids: this.#auth.ids })
  }

  /** Proves an identity. Not queued: ZooKeeper answers it at the connection too. */
  #prove(xid: number, reader: JuteReader): void {
    const packet = readAuthPacket(reader)
    const outcome = reader.ok ? this.#auth.prove(packet.scheme, packet.auth) : { refused: 'it cannot be read' }
    if (packet.scheme === 'ensemble') this.#host.ensembleNamed(outcome, packet.auth)
    if (outcome === 'proved') this.reply(xid, 0, ErrorCode.ok)
    else if (outcome === 'closed') this.close()
    else {
      this.#host.authFailed(this, outcome.refused)
      this.reply(xid, 0, ErrorCode.authFailed)
      this.close()
    }
  }

  #sasl(xid: number, reader: JuteReader): void {
    const { token } = readGetSASLRequest(reader)
    if (!reader.ok) {
      this.close()
      return
    }
    const outcome = this.#auth.sasl(token ?? noBytes)
    if (outcome.refused !== undefined) this.#host.authFailed(this, `SASL: ${outcome.refused}`)
    const refusal = this.#auth.isSaslEnforced ? ErrorCode.sessionClosedRequiresSasl : ErrorCode.authFailed
    const frame = this.beginReply(xid, 0, outcome.mustClose ? refusal : ErrorCode.ok)
    this.#out.buffer(outcome.token)
    this.endReply(frame)
    if (outcome.mustClose) this.close()
  }

  #refuseUnproved(xid: number): void {
    this.#host.authFailed(this, 'it proved none of the schemes that are enforced')
    this.reply(xid, 0, ErrorCode.sessionClosedRequiresSasl)
    this.close()
  }

  #connectResponse(timeoutMs: number, sessionId: bigint, password: Uint8Array): void {
    const frame = this.#out.beginFrame()
    writeConnectResponse(this.#out, {
      protocolVersion: 0,
      timeOut: timeoutMs,
      sessionId,
      passwd: password,
      readOnly: this.#withReadOnlyFlag ? this.#host.isReadOnly : undefined,
    })
    this.#out.endFrame(frame)
    this.#host.hasOutput(this)
  }
}
