import { FrameSplitter } from '../../../src/jute/framing.ts'
import {
  readConnectRequest,
  readConnectResponse,
  readReplyHeader,
  readRequestHeader,
  readWatcherEvent,
} from '../../../src/jute/generated/proto.ts'
import { ErrorCode, SpecialXid } from '../../../src/jute/operations.ts'
import { JuteReader } from '../../../src/jute/reader.ts'
import type { Connector, Socket } from '../../../src/io/ports.ts'
import type { Transport, TransportHandlers, TransportStream } from '../../../src/zookeeper/transport.ts'
import { type Asked, type History, SessionRecord } from './history.ts'
import { decodeIntent, hex, type Intent, isWrite, showIntent, showReply } from './wire.ts'
import { Violation, type World } from '../world/world.ts'

const BYTES_MAX = 16 << 20
const READ_BYTES = 1 << 16
const CONNECT_TIMEOUT_MS = 150
/** What is read is handed on before anybody else reads. */
const readBuffer = new Uint8Array(READ_BYTES)
const noIntent: Intent = { kind: 'ping' }

export interface ServerAddress {
  readonly host: string
  readonly port: number
}

/**
 * A client's way to the servers, with somebody who reads along: every request that leaves and every answer and event that
 * comes, in order, goes into the session's record.
 */
export class TappedTransport implements Transport {
  session: SessionRecord | undefined
  /** Where the next connection goes; others follow in turn. */
  next = 0
  servers: readonly ServerAddress[]
  readonly #name: string
  readonly #connector: Connector
  readonly #world: World
  readonly #history: History

  constructor(name: string, connector: Connector, servers: readonly ServerAddress[], world: World, history: History) {
    this.#name = name
    this.#connector = connector
    this.servers = servers
    this.#world = world
    this.#history = history
  }

  connect(handlers: TransportHandlers): TransportStream {
    const server = this.servers[this.next % this.servers.length] ?? { host: '', port: 0 }
    this.next += 1
    const tap = new Tap(this.#name, this, this.#world, this.#history)
    let socket: Socket | undefined
    let isOver = false
    const close = (reason: string): void => {
      if (isOver) return
      isOver = true
      tap.closed()
      handlers.closed(reason)
    }
    const opened = (made: Socket) => {
      socket = made
      tap.port = made.localPort
      if (isOver) made.destroy()
      else handlers.opened()
      return {
        target: () => readBuffer,
        onRead: (sizeBytes: number) => {
          if (isOver) return
          const bytes = readBuffer.slice(0, sizeBytes)
          tap.received(bytes)
          handlers.received(bytes)
        },
        onPeerEnd: () => made.finish(),
        onClosed: (cause: string) => close(cause === '' ? 'closed' : cause),
      }
    }
    this.#connector
      .connect({ ...server, timeoutMs: CONNECT_TIMEOUT_MS }, opened)
      .catch((error: Error) => close(error.message))
    return {
      send: (bytes) => {
        tap.sent(bytes)
        socket?.write([bytes], () => {})
      },
      close: () => {
        isOver = true
        tap.closed()
        socket?.finish()
      },
    }
  }
}

/** Reads one connection. */
class Tap {
  port = 0
  readonly #name: string
  readonly #transport: TappedTransport
  readonly #world: World
  readonly #history: History
  readonly #requests = new FrameSplitter(BYTES_MAX)
  readonly #answers = new FrameSplitter(BYTES_MAX)
  /** Numbered requests without an answer, in the order sent; the special ones have queues of their own. */
  readonly #inFlight: ({ readonly xid: number } & Asked)[] = []
  readonly #setWatches: Intent[] = []
  /** Identities whose proof went over this connection, and those of them that are not answered. */
  #claimed: readonly string[] = []
  readonly #unanswered: string[] = []
  #record: SessionRecord | undefined
  #hasGreeted = false
  #acceptsReadOnly = false

  constructor(name: string, transport: TappedTransport, world: World, history: History) {
    this.#name = name
    this.#transport = transport
    this.#world = world
    this.#history = history
  }

  sent(bytes: Uint8Array): void {
    this.#requests.feed(
      bytes,
      (chunk, startsAt, endsAt) => {
        const reader = new JuteReader(chunk, startsAt, endsAt)
        if (this.#hasGreeted) this.#request(reader)
        else this.#greet(reader)
      },
      () => false,
    )
    // Until there is a session the port belongs to the one that this connection asks for.
    const { session } = this.#transport
    if (session !== undefined) this.#history.ports.set(this.port, session)
  }

  received(bytes: Uint8Array): void {
    this.#answers.feed(
      bytes,
      (chunk, startsAt, endsAt) => {
        const reader = new JuteReader(chunk, startsAt, endsAt, BYTES_MAX)
        if (this.#record === undefined) this.#connected(reader)
        else this.#answer(this.#record, reader)
      },
      () => false,
    )
  }

  closed(): void {
    if (this.#record === undefined) return
    this.#record.frames.push({ kind: 'closed' })
    this.#record = undefined
    this.#note('disconnected')
  }

  #request(reader: JuteReader): void {
    const { xid, type } = readRequestHeader(reader)
    const intent = decodeIntent(type, reader)
    if (!reader.ok) throw new Violation(`${this.#name} sent a request that does not parse`)
    const record = this.#record
    if (this.#world.isTraced && intent.kind !== 'ping') this.#note(`asks ${xid}: ${showIntent(intent)}`)
    if (intent.kind === 'setWatches') this.#setWatches.push(intent)
    if (intent.kind === 'auth') this.#claim(intent.proved)
    if (xid <= 0 || record === undefined) return
    const lost = [...record.identities].filter((id) => !this.#claimed.includes(id))
    if (lost.length > 0) {
      this.#world.fail(new Violation(`${this.#name} came back and did not prove again: ${lost.join(', ')}`))
      return
    }
    const asked: Asked = { intent, ids: this.#claimed, floorZxid: this.#history.maxAckedZxid }
    this.#inFlight.push({ xid, ...asked })
    record.asked.set(xid, asked)
  }

  #greet(reader: JuteReader): void {
    this.#hasGreeted = true
    this.#acceptsReadOnly = readConnectRequest(reader).readOnly ?? false
    if (this.#transport.session !== undefined) this.#transport.session.greetings += 1
  }

  #claim(id: string): void {
    if (!this.#claimed.includes(id)) this.#claimed = [...this.#claimed, id]
    this.#unanswered.push(id)
    this.#record?.frames.push({ kind: 'claimed', id })
  }

  #proved(record: SessionRecord, code: number): void {
    const id = this.#unanswered.shift()
    if (id === undefined || code !== ErrorCode.ok) {
      throw new Violation(`${this.#name} was answered ${code} to the proof of ${id ?? 'nothing'}`)
    }
    record.identities.add(id)
    record.frames.push({ kind: 'proved', id })
  }

  #connected(reader: JuteReader): void {
    const { timeOut, sessionId, readOnly: isReadOnly = false } = readConnectResponse(reader)
    const last = this.#transport.session
    // What a server without its ensemble gave out is nobody else's session: the client asks for one anew.
    const session = last?.isKnownToEnsemble === false ? undefined : last
    if (timeOut <= 0) {
      this.#note('is told that its session is over')
      if (session !== undefined) session.isExpired = true
      return
    }
    if (session !== undefined && session.id !== sessionId) {
      throw new Violation(`${this.#name} came back for session ${session.id} and was given ${sessionId}`)
    }
    let record = session
    if (record === undefined) {
      if (this.#history.sessions.has(sessionId)) throw new Violation(`session ${sessionId} is given out twice`)
      record = new SessionRecord(sessionId, this.#name, timeOut, this.#history.greetedAtMs(this.port), last)
      this.#history.sessions.set(sessionId, record)
      this.#transport.session = record
    }
    if (isReadOnly && !this.#acceptsReadOnly) throw new Violation(`${this.#name} is to make do with reading`)
    if (!isReadOnly) record.isKnownToEnsemble = true
    record.isReadOnly = isReadOnly
    record.timeoutMs = timeOut
    this.#record = record
    this.#history.ports.set(this.port, record)
    record.frames.push({ kind: 'opened', isReadOnly })
    this.#note(`connected, session ${BigInt.asUintN(64, sessionId).toString(16)}, ${timeOut} ms`)
  }

  #answer(record: SessionRecord, reader: JuteReader): void {
    const { xid, zxid, err } = readReplyHeader(reader)
    if (xid === SpecialXid.auth) {
      this.#proved(record, err)
      return
    }
    if (zxid > 0) {
      if (zxid < record.lastZxid) {
        throw new Violation(`${this.#name} went back in time: ${hex(zxid)} after ${hex(record.lastZxid)}`)
      }
      record.lastZxid = zxid
    }
    if (xid === SpecialXid.notification) {
      const { type, path } = readWatcherEvent(reader)
      record.eventCount += 1
      record.frames.push({ kind: 'event', zxid, type, path: path ?? '' })
      this.#note(`event ${type} ${path} at ${hex(zxid)}`)
      return
    }
    if (xid === SpecialXid.ping || xid === SpecialXid.setWatches) {
      const intent = xid === SpecialXid.ping ? noIntent : this.#setWatches.shift()
      if (intent === undefined) throw new Violation(`${this.#name} got an answer to a setWatches that it never sent`)
      record.frames.push({ kind: 'reply', xid, zxid, code: err, intent, ids: [], floorZxid: 0, shown: '' })
      return
    }
    this.#numbered(record, xid, zxid, err, reader)
  }

  #numbered(record: SessionRecord, xid: number, zxid: number, code: number, reader: JuteReader): void {
    const asked = this.#inFlight.shift()
    if (asked?.xid !== xid) {
      throw new Violation(`${this.#name} got the answer to request ${xid} while ${asked?.xid ?? 'none'} was next`)
    }
    const { intent } = asked
    const shown = code === ErrorCode.ok ? showReply(intent, reader) : ''
    if (!reader.ok || (code === ErrorCode.ok && reader.remaining > 0)) {
      throw new Violation(`${this.#name} got an answer to ${showIntent(intent)} that does not parse`)
    }
    record.frames.push({ kind: 'reply', zxid, code, shown, ...asked })
    if (isWrite(intent) && !record.isReadOnly) this.#history.acknowledged(record, zxid)
    if (this.#world.isTraced) this.#note(`answer ${xid} at ${hex(zxid)}: ${code} ${shown}`)
  }

  #note(line: string): void {
    this.#world.note(`${this.#name} ${line}`)
  }
}
