import { connect, type Socket } from 'node:net'
import { FrameSplitter } from '../../../src/jute/framing.ts'
import { readConnectResponse, readWatcherEvent, writeConnectRequest } from '../../../src/jute/generated/proto.ts'
import { Operation } from '../../../src/jute/operations.ts'
import { JuteReader } from '../../../src/jute/reader.ts'
import { JuteWriter } from '../../../src/jute/writer.ts'

const NO_PASSWORD = new Uint8Array(16)
const NOTIFICATION_XID = -1
const REPLY_HEADER_BYTES = 16

export interface Reply {
  readonly code: number
  readonly zxid: number
  /** Stands behind the header. */
  readonly reader: JuteReader
}

/** One connection to one server, byte for byte: no reconnection, no pings, the caller sees and says everything. */
export class RawClient {
  /** Frames nobody has asked for yet. */
  readonly frames: Uint8Array[] = []
  isClosed = false
  sessionId = 0n
  password: Uint8Array = NO_PASSWORD
  readonly #socket: Socket
  readonly #waiting = new Set<() => void>()
  #xid = 0

  constructor(port: number) {
    this.#socket = connect(port, '127.0.0.1')
    this.#socket.setNoDelay(true)
    const splitter = new FrameSplitter(1 << 26)
    this.#socket.on('data', (bytes) => {
      splitter.feed(
        new Uint8Array(bytes),
        (chunk, startsAt, endsAt) => this.frames.push(chunk.slice(startsAt, endsAt)),
        () => false,
      )
      this.#wake()
    })
    this.#socket.on('close', () => {
      this.isClosed = true
      this.#wake()
    })
    this.#socket.on('error', () => {})
  }

  send(body: (writer: JuteWriter) => void): void {
    const writer = new JuteWriter()
    const frame = writer.beginFrame()
    body(writer)
    writer.endFrame(frame)
    this.#socket.write(writer.finish())
  }

  /** Waits until a condition holds, looked at whenever something comes. @throws Error after `timeoutMs` */
  async when(isThere: () => boolean, what: string, timeoutMs = 10_000): Promise<void> {
    const deadline = Date.now() + timeoutMs
    while (!isThere()) {
      const leftMs = deadline - Date.now()
      if (leftMs <= 0) throw new Error(`${what} did not come within ${timeoutMs} ms`)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(done, leftMs)
        const waiting = this.#waiting
        function done(): void {
          clearTimeout(timer)
          waiting.delete(done)
          resolve()
        }
        waiting.add(done)
      })
    }
  }

  /** Waits for the reply with this xid, or the close; events gather before it. */
  until(xid: number): Promise<void> {
    return this.when(() => this.isClosed || this.frames.some((frame) => xidOf(frame) === xid), `a reply to ${xid}`)
  }

  /**
   * Begins a session, or takes one up.
   *
   * @returns the granted timeout; 0 when the session is unknown or the password wrong, -1 when the server just closed
   */
  async open(sessionId = 0n, password: Uint8Array = NO_PASSWORD, timeoutMs = 20_000): Promise<number> {
    this.send((writer) =>
      writeConnectRequest(writer, {
        protocolVersion: 0,
        lastZxidSeen: 0,
        timeOut: timeoutMs,
        sessionId,
        passwd: password,
        readOnly: false,
      }),
    )
    await this.when(() => this.frames.length > 0 || this.isClosed, 'the answer to the handshake')
    const frame = this.frames.shift()
    if (frame === undefined) return -1
    const response = readConnectResponse(new JuteReader(frame))
    this.sessionId = response.sessionId
    this.password = (response.passwd ?? NO_PASSWORD).slice()
    return response.timeOut
  }

  /** Sends a request and takes its reply out of `frames`. @throws Error when the connection closes instead */
  async request(operation: number, body: (writer: JuteWriter) => void = () => {}): Promise<Reply> {
    this.#xid += 1
    return this.requestAs(
      operation === Operation.ping ? -2 : operation === Operation.auth ? -4 : this.#xid,
      operation,
      body,
    )
  }

  async requestAs(xid: number, operation: number, body: (writer: JuteWriter) => void): Promise<Reply> {
    this.send((writer) => {
      writer.int32(xid)
      writer.int32(operation)
      body(writer)
    })
    await this.until(xid)
    const at = this.frames.findIndex((frame) => xidOf(frame) === xid)
    const [frame] = at < 0 ? [] : this.frames.splice(at, 1)
    if (frame === undefined) throw new Error(`the connection closed instead of answering operation ${operation}`)
    const reader = new JuteReader(frame, 4)
    const zxid = reader.int64()
    return { code: reader.int32(), zxid, reader }
  }

  /** Waits for a watch event and takes it. @returns its type and path */
  async event(): Promise<string> {
    const isEvent = (frame: Uint8Array): boolean => xidOf(frame) === NOTIFICATION_XID
    await this.when(() => this.isClosed || this.frames.some(isEvent), 'a watch event')
    const at = this.frames.findIndex(isEvent)
    const [frame] = at < 0 ? [] : this.frames.splice(at, 1)
    if (frame === undefined) return 'closed'
    const { type, path } = readWatcherEvent(new JuteReader(frame, REPLY_HEADER_BYTES))
    return `${type} ${path}`
  }

  /** Drops the connection; the session lives on until it times out. */
  end(): void {
    this.#socket.destroy()
  }

  #wake(): void {
    for (const done of [...this.#waiting]) done()
  }
}

function xidOf(frame: Uint8Array): number {
  return new JuteReader(frame).int32()
}
