import net from 'node:net'
import type { ConnectOptions, Connector, Listener, ListenOptions, Network, Socket, SocketReader } from '../ports.ts'
import { nodeConnector } from './connect.ts'
import { learnFrom, writeDirectly } from './direct-write.ts'
import { CopiedBytes, plainHost, whenOpen } from './tcp-stream.ts'

// The only file that knows how to read a connection straight into memory of our choice.
//
// `net.Socket` can do that (`onread`), but only for sockets one constructs, and a server constructs the accepted ones
// itself. So the accepted socket is left paused, its handle is taken away from it, and a second socket is made over that
// handle. `_handle` and `useUserBuffer` are not public: test/unit/broker/sockets.test.ts pins them, and where they are
// missing the plain `data` events are used and every read costs a copy.

/**
 * Bytes that may go out in one turn through writes that complete at once. A fast peer on a fast link takes them as
 * quickly as we write; without a bound, one catch-up reader would keep all other sockets waiting.
 */
const SENT_PER_TURN_MAX = 4 * 1024 * 1024
/** Writes below this are not counted: what one turn answers with small writes is bounded by the requests it read. */
const SMALL_WRITE_SIZE_BYTES = 64 * 1024

interface StreamHandle {
  reading: boolean
  useUserBuffer(view: Uint8Array): number
  readStop(): number
}

/** The machine's own TCP. */
export function nodeNetwork(): Network {
  const turn = new SendTurn()
  return {
    listen: async (options, accept) => {
      const { tls } = options
      if (tls === undefined) return listen(options, (accepted) => open(accepted, accept, turn))
      // Loaded only where it is wanted.
      const { listenTls } = await import('./tls-listen.ts')
      return listenTls(options, tls, accept)
    },
  }
}

/** Connections whose bytes land where their reader wants them, without a copy. For the few that carry much: followers. */
export function directConnector(): Connector {
  const turn = new SendTurn()
  const others = nodeConnector()
  return {
    connect: (options, opened) =>
      options.tls === undefined ? connectDirectly(options, opened, turn) : others.connect(options, opened),
  }
}

function connectDirectly(
  options: ConnectOptions,
  opened: (socket: Socket) => SocketReader,
  turn: SendTurn,
): Promise<void> {
  const { host, port } = options
  const raw = net.connect({ host, port, noDelay: true, allowHalfOpen: true })
  // Or it would begin to read into a buffer of its own.
  raw.pause()
  return whenOpen(raw, 'connect', 'connection', options, () => {
    const socket = new NodeSocket(raw, turn)
    socket.start(raw, opened(socket))
  })
}

/** Counts what left in this turn, for all sockets of the thread. */
class SendTurn {
  #sentBytes = 0
  #isCounting = false

  /** @returns whether the socket may go on at once */
  mayGoOn(sizeBytes: number): boolean {
    // A small answer cannot hold the loop, and the immediate that ends the count would cost a lone request a second pass.
    if (sizeBytes < SMALL_WRITE_SIZE_BYTES) return this.#sentBytes <= SENT_PER_TURN_MAX
    this.#sentBytes += sizeBytes
    if (!this.#isCounting) {
      this.#isCounting = true
      setImmediate(() => {
        this.#isCounting = false
        this.#sentBytes = 0
      })
    }
    return this.#sentBytes <= SENT_PER_TURN_MAX
  }
}

function listen(options: ListenOptions, onConnection: (socket: net.Socket) => void): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const server = net.createServer({ pauseOnConnect: true, allowHalfOpen: true, noDelay: true }, onConnection)
    const fail = (error: Error) =>
      reject(new Error(`cannot listen on ${options.host}:${options.port}: ${error.message}`))
    server.once('error', fail)
    const { host, port, isPortShared: reusePort, backlog } = options
    server.listen({ host, port, reusePort, backlog }, () => {
      server.off('error', fail)
      const address = server.address() as net.AddressInfo
      const close = () => new Promise<void>((closed) => stopAccepting(server, closed))
      resolve({ port: address.port, host: address.address, close })
    })
  })
}

/** `server.close` waits for connections too; the port is free as soon as the listening handle is gone. */
function stopAccepting(server: net.Server, closed: () => void): void {
  server.close()
  setImmediate(closed)
}

function open(accepted: net.Socket, accept: (socket: Socket) => SocketReader | undefined, turn: SendTurn): void {
  // A peer that is gone already has no address.
  if (accepted.remoteAddress === undefined) {
    accepted.destroy()
    return
  }
  const socket = new NodeSocket(accepted, turn)
  const reader = accept(socket)
  if (reader === undefined) accepted.destroy()
  else socket.start(accepted, reader)
}

/** Takes the handle away from an accepted, paused socket. */
function takeHandle(accepted: net.Socket): StreamHandle | undefined {
  const holder = accepted as unknown as { _handle: Partial<StreamHandle> | null }
  const handle = holder._handle
  if (typeof handle?.useUserBuffer !== 'function') return undefined
  holder._handle = null
  return handle as StreamHandle
}

class NodeSocket implements Socket {
  readonly remoteHost: string
  readonly remotePort: number
  readonly localHost: string
  readonly localPort: number
  readonly #turn: SendTurn
  #socket: net.Socket
  #handle: StreamHandle | undefined
  #reader: SocketReader | undefined
  #cause = ''
  /** Only without a handle of our own. */
  #copied: CopiedBytes | undefined

  constructor(accepted: net.Socket, turn: SendTurn) {
    this.#socket = accepted
    this.#turn = turn
    this.remoteHost = plainHost(accepted.remoteAddress ?? '')
    this.remotePort = accepted.remotePort ?? 0
    this.localHost = plainHost(accepted.localAddress ?? '')
    this.localPort = accepted.localPort ?? 0
  }

  start(accepted: net.Socket, reader: SocketReader): void {
    this.#reader = reader
    const handle = takeHandle(accepted)
    if (handle === undefined) {
      this.#listenTo(accepted)
      this.#copied = new CopiedBytes(accepted)
      this.#copied.start(reader)
      accepted.resume()
      return
    }
    this.#handle = handle
    learnFrom(handle)
    const socket = new net.Socket({
      handle,
      allowHalfOpen: true,
      onread: {
        buffer: () => reader.target(),
        callback: (sizeBytes: number) => {
          reader.onRead(sizeBytes)
          return true
        },
      },
    } as unknown as net.SocketConstructorOpts)
    this.#socket = socket
    this.#listenTo(socket)
    // The server counts the accepted socket as open until that one is destroyed too.
    socket.once('close', () => accepted.destroy())
  }

  write(parts: readonly Uint8Array[], done: () => void): void {
    const socket = this.#socket
    let sizeBytes = 0
    if (parts.length > 1) socket.cork()
    const last = parts.length - 1
    for (let index = 0; index < last; index += 1) {
      const part = parts[index] as Uint8Array
      sizeBytes += part.length
      socket.write(part)
    }
    const end = parts[last] as Uint8Array
    sizeBytes += end.length
    const mayGoOn = this.#turn.mayGoOn(sizeBytes)
    socket.write(end, mayGoOn ? done : () => setImmediate(done))
    if (parts.length > 1) socket.uncork()
  }

  sendNow(bytes: Uint8Array, done: () => void): 'sent' | 'kept' | 'refused' {
    const handle = this.#handle
    return handle === undefined ? 'refused' : writeDirectly(this.#socket, handle, bytes, done)
  }

  pauseReading(): void {
    if (this.#copied === undefined) this.#socket.pause()
    else this.#copied.pause()
  }

  resumeReading(): void {
    if (this.#copied === undefined) this.#socket.resume()
    else this.#copied.resume()
  }

  retarget(): void {
    const reader = this.#reader
    if (this.#handle === undefined || reader === undefined || this.#socket.destroyed) return
    // Each call leaves the small object that held the old target behind until the handle closes.
    this.#handle.useUserBuffer(reader.target())
  }

  finish(): void {
    this.#socket.destroySoon()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  #listenTo(socket: net.Socket): void {
    const reader = this.#reader as SocketReader
    socket.on('error', (error: Error) => {
      this.#cause = error.message
    })
    socket.once('end', () => reader.onPeerEnd())
    socket.once('close', () => reader.onClosed(this.#cause))
  }
}
