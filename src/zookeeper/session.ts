import { RingQueue } from '../base/ring-queue.ts'
import { FrameSplitter } from '../jute/framing.ts'
import {
  readConnectResponse,
  readReplyHeader,
  readWatcherEvent,
  writeAuthPacket,
  writeConnectRequest,
} from '../jute/generated/proto.ts'
import { Operation, SpecialXid } from '../jute/operations.ts'
import { JuteReader } from '../jute/reader.ts'
import { JuteWriter } from '../jute/writer.ts'
import type { Clock, Logger, TimerHandle, Timers } from '../io/ports.ts'
import { KeeperError, KeeperErrorCode, type WatchEvent, type Watcher } from './contract.ts'
import { errorText } from './error-text.ts'
import { SaslExchange, type SaslLogin } from './sasl.ts'
import { writeStandingWatches } from './standing-watches.ts'
import type { Transport, TransportStream } from './transport.ts'
import { WatchRegistry } from './watch-registry.ts'

/** Requests without an answer; a caller that passes this is refused with connectionLoss rather than remembered. */
const REQUESTS_MAX = 100_000
/** A reply longer than this is not believed. A list of a million names still fits. */
const RESPONSE_BYTES_MAX = 128 << 20
/** Identities of one session, all given again on every reconnect. */
const IDENTITIES_MAX = 100
/** What has gathered leaves at once from here on: the server may begin with it while the rest of a turn's requests are written. */
const FLUSH_SIZE_BYTES = 32 * 1024
const RECONNECT_FIRST_MS = 20
const RECONNECT_MAX_MS = 1_000
const INT32_MAX = 0x7fff_ffff

export interface SessionOptions {
  readonly transport: Transport
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
  /** What to ask for; the server's answer counts. */
  readonly sessionTimeoutMs: number
  /** How long `open` tries; default the session timeout. */
  readonly connectTimeoutMs?: number
  /**
   * A server that has lost its ensemble will do, for reading; default false. The session goes back to a server that writes
   * when that one ends the connection.
   */
  readonly canBeReadOnly?: boolean
  /** Who to be by SASL. A server that does not agree ends the session with authFailed. */
  readonly sasl?: SaslLogin
}

/** One request: how to write it, how to read its answer, what to do the moment the answer is read. */
export interface SessionRequest<Result> {
  readonly operation: number
  /** For errors: as the caller knows it. */
  readonly path: string
  readonly write: (writer: JuteWriter) => void
  readonly read: (reader: JuteReader) => Result
  /** Called before the promise is settled; true resolves with undefined instead of rejecting. */
  readonly onCode?: (code: number) => boolean
  readonly onSuccess?: () => void
}

interface Pending {
  readonly xid: number
  readonly path: string
  settle(code: number, reader: JuteReader): void
  fail(code: number): void
}

interface Identity {
  readonly scheme: string
  readonly auth: Uint8Array | null
  resolve(): void
  reject(error: KeeperError): void
}

/** `proving`: the session is there, and SASL goes on before anything else. */
type State = 'connecting' | 'proving' | 'connected' | 'disconnected' | 'closed'

/**
 * One session over one stream at a time: handshake, numbering, pings, and on a lost stream the next one with the same
 * session and its watches. Requests made meanwhile wait; requests in flight when the stream was lost fail with
 * connectionLoss, since nobody knows whether they were done.
 */
export class ZooKeeperSession {
  readonly watches: WatchRegistry = new WatchRegistry()
  readonly #options: SessionOptions
  readonly #watchers = new Set<Watcher>()
  readonly #inFlight = new RingQueue<Pending>(REQUESTS_MAX)
  readonly #waiting = new RingQueue<{ readonly pending: Pending; readonly frame: Uint8Array }>(REQUESTS_MAX)
  readonly #out: JuteWriter = new JuteWriter(1024)
  readonly #identities: Identity[] = []
  /** Identities sent on this stream whose answers are to come, in order. */
  #identitiesInFlight: Identity[] = []
  /** What requests are refused with once the session is closed. */
  #closedCode: number = KeeperErrorCode.sessionExpired
  #state: State = 'disconnected'
  #stream: TransportStream | undefined
  #sasl: SaslExchange | undefined
  #splitter: FrameSplitter = new FrameSplitter(RESPONSE_BYTES_MAX)
  /** The server of the present connection, or of the last one, has lost its ensemble: it answers reads only. */
  isReadOnly: boolean = false
  #isKnownToEnsemble = false
  #sessionId = 0n
  #password: Uint8Array = new Uint8Array(16)
  #timeoutMs: number
  #lastZxid = 0
  #xid = 0
  #lastSentMs = 0
  #lastHeardMs = 0
  #reconnectDelayMs = 0
  #isFlushQueued = false
  #isClosing = false
  #timer: TimerHandle | undefined
  #opened: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined
  #openDeadlineMs = 0

  constructor(options: SessionOptions) {
    this.#options = options
    this.#timeoutMs = options.sessionTimeoutMs
  }

  get sessionIdHex(): string {
    return BigInt.asUintN(64, this.#sessionId).toString(16)
  }

  get state(): 'connecting' | 'connected' | 'closed' {
    return this.#state === 'disconnected' || this.#state === 'proving' ? 'connecting' : this.#state
  }

  get timeoutMs(): number {
    return this.#timeoutMs
  }

  /** Makes the session. @throws KeeperError as a rejection */
  open(): Promise<void> {
    const { clock, connectTimeoutMs, sessionTimeoutMs } = this.#options
    this.#openDeadlineMs = clock.monotonicMs() + (connectTimeoutMs ?? sessionTimeoutMs)
    return new Promise((resolve, reject) => {
      this.#opened = { resolve, reject }
      this.#connect()
    })
  }

  onSession(watcher: Watcher): void {
    this.#watchers.add(watcher)
  }

  request<Result>(request: SessionRequest<Result>): Promise<Result> {
    return new Promise<Result>((resolve, reject) => {
      const { path } = request
      const refuse = (code: number): void => reject(new KeeperError(code, path, errorText(code, path)))
      if (this.#state === 'closed') return refuse(this.#closedCode)
      if (this.#inFlight.isFull || this.#waiting.isFull) return refuse(KeeperErrorCode.connectionLoss)
      this.#xid = this.#xid === INT32_MAX ? 1 : this.#xid + 1
      const settle = (code: number, reader: JuteReader): void => {
        if (code !== KeeperErrorCode.ok) {
          if (request.onCode?.(code) === true) resolve(undefined as Result)
          else refuse(code)
          return
        }
        const result = request.read(reader)
        if (!reader.ok) {
          refuse(KeeperErrorCode.marshallingError)
          return
        }
        request.onSuccess?.()
        resolve(result)
      }
      this.#enqueue({ xid: this.#xid, path, settle, fail: refuse }, request.operation, request.write)
    })
  }

  /** Remembers an identity and gives it to this server and to every later one. @throws KeeperError as a rejection */
  addAuth(scheme: string, auth: Uint8Array | null): Promise<void> {
    return new Promise((resolve, reject) => {
      const refuse = (code: number): void => reject(new KeeperError(code, '', errorText(code, '')))
      if (this.#state === 'closed') return refuse(this.#closedCode)
      if (this.#identities.length >= IDENTITIES_MAX) return refuse(KeeperErrorCode.badArguments)
      const identity: Identity = { scheme, auth, resolve, reject }
      this.#identities.push(identity)
      if (this.#state === 'connected') this.#sendIdentity(identity)
      this.#flushSoon()
    })
  }

  #sendIdentity(identity: Identity): void {
    const frame = this.#out.beginFrame()
    this.#out.int32(SpecialXid.auth)
    this.#out.int32(Operation.auth)
    writeAuthPacket(this.#out, { type: 0, scheme: identity.scheme, auth: identity.auth })
    this.#out.endFrame(frame)
    this.#identitiesInFlight.push(identity)
  }

  /** Ends the session and waits until the server has done so, or cannot be reached. Called again, it waits no longer. */
  close(): Promise<void> {
    if (this.#state === 'closed') return Promise.resolve()
    const isImpatient = this.#isClosing
    this.#isClosing = true
    if (this.#state !== 'connected' || isImpatient) {
      this.#shutDown(KeeperErrorCode.connectionLoss)
      return Promise.resolve()
    }
    const end = this.request({ operation: Operation.closeSession, path: '', write: () => {}, read: () => undefined })
    return end.then(
      () => this.#shutDown(KeeperErrorCode.connectionLoss),
      () => this.#shutDown(KeeperErrorCode.connectionLoss),
    )
  }

  #enqueue(pending: Pending, operation: number, write: (writer: JuteWriter) => void): void {
    const writer = this.#state === 'connected' ? this.#out : new JuteWriter(256)
    const frame = writer.beginFrame()
    writer.int32(pending.xid)
    writer.int32(operation)
    write(writer)
    writer.endFrame(frame)
    if (this.#state !== 'connected') {
      this.#waiting.push({ pending, frame: writer.finish() })
      return
    }
    this.#inFlight.push(pending)
    if (this.#out.at >= FLUSH_SIZE_BYTES) this.#flush()
    else this.#flushSoon()
  }

  /** All requests of one turn leave in one write, unless they are large. */
  #flushSoon(): void {
    if (this.#isFlushQueued) return
    this.#isFlushQueued = true
    queueMicrotask(() => {
      this.#isFlushQueued = false
      this.#flush()
    })
  }

  #flush(): void {
    if (this.#out.at === 0 || this.#stream === undefined || this.#state !== 'connected') return
    this.#stream.send(this.#out.finish())
    this.#out.clear()
    this.#lastSentMs = this.#options.clock.monotonicMs()
  }

  #connect(): void {
    this.#state = 'connecting'
    this.#splitter = new FrameSplitter(RESPONSE_BYTES_MAX)
    this.#lastHeardMs = this.#options.clock.monotonicMs()
    const stream = this.#options.transport.connect({
      opened: () => {
        if (stream === this.#stream) this.#handshake(stream)
      },
      received: (bytes) => {
        if (stream === this.#stream) this.#received(bytes)
      },
      closed: (reason) => {
        if (stream === this.#stream) this.#lost(reason)
      },
    })
    this.#stream = stream
    this.#startTimer()
  }

  #handshake(stream: TransportStream): void {
    const writer = new JuteWriter(64)
    const frame = writer.beginFrame()
    writeConnectRequest(writer, {
      protocolVersion: 0,
      lastZxidSeen: this.#lastZxid,
      timeOut: this.#options.sessionTimeoutMs,
      // What a server without its ensemble gave out is nobody else's session.
      sessionId: this.#isKnownToEnsemble ? this.#sessionId : 0n,
      passwd: this.#password,
      readOnly: this.#options.canBeReadOnly ?? false,
    })
    writer.endFrame(frame)
    stream.send(writer.finish())
  }

  #received(bytes: Uint8Array): void {
    this.#lastHeardMs = this.#options.clock.monotonicMs()
    const splitter = this.#splitter
    splitter.feed(
      bytes,
      (chunk, startsAt, endsAt) => this.#frame(new JuteReader(chunk, startsAt, endsAt, RESPONSE_BYTES_MAX)),
      () => splitter !== this.#splitter || this.#state === 'closed',
    )
    if (splitter.refusedSizeBytes !== undefined) this.#lost(`a reply of ${splitter.refusedSizeBytes} bytes`)
  }

  #frame(reader: JuteReader): void {
    if (this.#state === 'connecting') {
      this.#connected(reader)
      return
    }
    const { xid, zxid, err } = readReplyHeader(reader)
    if (!reader.ok) {
      this.#lost('a reply without a header')
      return
    }
    if (this.#state === 'proving') {
      this.#saslAnswered(err, reader)
      return
    }
    // Not for the handshake alone: a server that closes behind it each time would be asked again without a pause.
    this.#reconnectDelayMs = 0
    if (zxid > 0) this.#lastZxid = Math.max(this.#lastZxid, zxid)
    if (xid === SpecialXid.notification) {
      this.#event(reader, zxid)
      return
    }
    if (xid === SpecialXid.auth) {
      const identity = this.#identitiesInFlight.shift()
      if (err === KeeperErrorCode.ok) identity?.resolve()
      else this.#shutDown(KeeperErrorCode.authFailed)
      return
    }
    if (xid === SpecialXid.ping || xid === SpecialXid.setWatches) return
    const pending = this.#inFlight.shift()
    if (pending?.xid !== xid) {
      pending?.fail(KeeperErrorCode.connectionLoss)
      this.#lost(`a reply to request ${xid}, but ${pending?.xid ?? 'none'} is next`)
      return
    }
    pending.settle(err, reader)
  }

  #connected(reader: JuteReader): void {
    const response = readConnectResponse(reader)
    if (!reader.ok) {
      this.#lost('a handshake that does not parse')
      return
    }
    if (response.timeOut <= 0) {
      this.#shutDown(KeeperErrorCode.sessionExpired)
      return
    }
    this.#sessionId = response.sessionId
    this.isReadOnly = response.readOnly ?? false
    if (!this.isReadOnly) this.#isKnownToEnsemble = true
    this.#password = (response.passwd ?? new Uint8Array(16)).slice()
    this.#timeoutMs = response.timeOut
    this.#startTimer()
    const { sasl } = this.#options
    if (sasl === undefined) {
      this.#ready()
      return
    }
    this.#state = 'proving'
    this.#sasl = new SaslExchange(sasl)
    this.#sendToken(new Uint8Array(0))
  }

  #sendToken(token: Uint8Array): void {
    this.#xid = this.#xid === INT32_MAX ? 1 : this.#xid + 1
    const writer = new JuteWriter(256)
    this.#sasl?.write(writer, this.#xid, token)
    this.#stream?.send(writer.finish())
    this.#lastSentMs = this.#options.clock.monotonicMs()
  }

  #saslAnswered(code: number, reader: JuteReader): void {
    const next = this.#sasl?.take(code, reader)
    if (next === undefined) {
      this.#sasl = undefined
      this.#ready()
    } else if (next instanceof Uint8Array) this.#sendToken(next)
    else {
      this.#options.log.warn(`ZooKeeper and we did not agree on who we are: ${next.refused}`)
      this.#shutDown(KeeperErrorCode.authFailed)
    }
  }

  #ready(): void {
    this.#state = 'connected'
    for (const identity of this.#identities) this.#sendIdentity(identity)
    // Another server knows nothing of the watches; it says at once what changed since the last zxid seen.
    writeStandingWatches(this.#out, this.watches, this.#lastZxid)
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      this.#out.raw(next.frame)
      this.#inFlight.push(next.pending)
    }
    this.#flush()
    this.#opened?.resolve()
    this.#opened = undefined
    this.#tell('connected')
  }

  #event(reader: JuteReader, zxid: number): void {
    const { type, path } = readWatcherEvent(reader)
    if (!reader.ok) {
      this.#lost('an event that does not parse')
      return
    }
    const taken = this.watches.take(type, path ?? '', zxid)
    // In a microtask of its own: after the callers of replies that came before, before those of replies behind it.
    for (const watcher of taken?.watchers ?? [])
      queueMicrotask(() => watcher(taken?.event ?? { type: 'deleted', path: '' }))
  }

  #lost(reason: string): void {
    const stream = this.#stream
    this.#stream = undefined
    stream?.close()
    if (this.#state === 'closed') return
    const wasConnected = this.#state === 'connected'
    this.#state = 'disconnected'
    this.#out.clear()
    this.#identitiesInFlight = []
    this.#failInFlight(KeeperErrorCode.connectionLoss)
    if (wasConnected) {
      this.#options.log.info('connection to ZooKeeper lost', { reason, session: this.sessionIdHex })
      this.#tell('disconnected')
    }
    this.#reconnectSoon(reason)
  }

  #reconnectSoon(reason: string): void {
    const { clock, timers } = this.#options
    if (this.#opened !== undefined && clock.monotonicMs() >= this.#openDeadlineMs) {
      const { reject } = this.#opened
      this.#opened = undefined
      this.#shutDown(KeeperErrorCode.connectionLoss)
      reject(new KeeperError(KeeperErrorCode.connectionLoss, '', `no session with ZooKeeper: ${reason}`))
      return
    }
    this.#cancelTimer()
    this.#timer = timers.start(this.#reconnectDelayMs, () => this.#connect())
    this.#reconnectDelayMs = Math.min(Math.max(RECONNECT_FIRST_MS, this.#reconnectDelayMs * 2), RECONNECT_MAX_MS)
  }

  #shutDown(code: number): void {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    if (code === KeeperErrorCode.authFailed) this.#closedCode = code
    this.#cancelTimer()
    const stream = this.#stream
    this.#stream = undefined
    stream?.close()
    this.#failInFlight(code)
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) next.pending.fail(code)
    this.#opened?.reject(new KeeperError(code, '', errorText(code, '')))
    this.#opened = undefined
    // Those answered already take no notice.
    for (const identity of this.#identities) identity.reject(new KeeperError(code, '', errorText(code, '')))
    if (code === KeeperErrorCode.sessionExpired) this.#tell('expired')
    if (code === KeeperErrorCode.authFailed) this.#tell('authFailed')
    if (code === KeeperErrorCode.connectionLoss) this.#tell('closed')
  }

  #failInFlight(code: number): void {
    for (let next = this.#inFlight.shift(); next !== undefined; next = this.#inFlight.shift()) next.fail(code)
  }

  #tell(state: NonNullable<WatchEvent['state']>): void {
    for (const watcher of this.#watchers) queueMicrotask(() => watcher({ type: 'session', path: '', state }))
  }

  /**
   * Silence for two thirds of the timeout means that the server or the way to it is gone. Who only begins a connection waits for its
   * share of the timeout, as Java's client does: of three servers one that is frozen must not let the session expire.
   */
  #startTimer(): void {
    this.#cancelTimer()
    const isBeginning = this.#state === 'connecting'
    const share = isBeginning ? 1 / (this.#options.transport.serverCount ?? 1) : 1
    const patienceMs = this.#timeoutMs * Math.min(2 / 3, share)
    this.#timer = this.#options.timers.start(this.#timeoutMs / 6, () => {
      const nowMs = this.#options.clock.monotonicMs()
      const silentMs = nowMs - this.#lastHeardMs
      if (isBeginning ? silentMs >= patienceMs : silentMs > patienceMs) {
        this.#lost(`no answer for ${Math.round(patienceMs)} ms`)
        return
      }
      if (this.#state === 'connected' && nowMs - this.#lastSentMs >= this.#timeoutMs / 3) this.#ping()
      this.#startTimer()
    })
  }

  #ping(): void {
    const frame = this.#out.beginFrame()
    this.#out.int32(SpecialXid.ping)
    this.#out.int32(Operation.ping)
    this.#out.endFrame(frame)
    this.#flush()
  }

  #cancelTimer(): void {
    if (this.#timer !== undefined) this.#options.timers.cancel(this.#timer)
    this.#timer = undefined
  }
}
