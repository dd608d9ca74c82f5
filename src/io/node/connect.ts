import net from 'node:net'
import type { Connector, ConnectOptions, Socket, SocketReader } from '../ports.ts'
import { whenOpen } from './tcp-stream.ts'

const LANDING_SIZE_BYTES = 64 * 1024

/** TCP to others, with the machine's own name lookup. */
export function nodeConnector(): Connector {
  return {
    connect: async (options, opened) => {
      const { tls } = options
      if (tls === undefined) return connect(options, opened)
      const { connectTls } = await import('./tls-connect.ts')
      return connectTls(options, tls, opened)
    },
  }
}

function connect(options: ConnectOptions, opened: (socket: Socket) => SocketReader): Promise<void> {
  const { host, port } = options
  const holder: { socket: OutgoingSocket | undefined } = { socket: undefined }
  // The bytes land in one small buffer and are copied from there: a client's own cost, which keeps the reader free to
  // change its mind about the target.
  const raw = net.connect({
    host,
    port,
    noDelay: true,
    allowHalfOpen: false,
    onread: {
      buffer: new Uint8Array(LANDING_SIZE_BYTES),
      callback: (sizeBytes: number, landing: Uint8Array): boolean => holder.socket?.deliver(landing, sizeBytes) ?? true,
    },
  })
  return whenOpen(raw, 'connect', 'connection', options, () => {
    const socket = new OutgoingSocket(raw)
    holder.socket = socket
    socket.start(opened(socket))
  })
}

class OutgoingSocket implements Socket {
  readonly remoteHost: string
  readonly remotePort: number
  readonly localHost: string
  readonly localPort: number
  readonly #socket: net.Socket
  #reader: SocketReader | undefined
  #cause = ''

  constructor(socket: net.Socket) {
    this.#socket = socket
    this.remoteHost = socket.remoteAddress ?? ''
    this.remotePort = socket.remotePort ?? 0
    this.localHost = socket.localAddress ?? ''
    this.localPort = socket.localPort ?? 0
  }

  start(reader: SocketReader): void {
    this.#reader = reader
    this.#socket.on('error', (error: Error) => {
      this.#cause = error.message
    })
    this.#socket.once('end', () => reader.onPeerEnd())
    this.#socket.once('close', () => reader.onClosed(this.#cause))
  }

  /** Hands what was read to the reader, in pieces of the size it asks for. */
  deliver(landing: Uint8Array, sizeBytes: number): boolean {
    const reader = this.#reader
    let at = 0
    while (reader !== undefined && at < sizeBytes && !this.#socket.destroyed) {
      const target = reader.target()
      const pieceSizeBytes = Math.min(target.length, sizeBytes - at)
      target.set(landing.subarray(at, at + pieceSizeBytes))
      at += pieceSizeBytes
      reader.onRead(pieceSizeBytes)
    }
    return true
  }

  write(parts: readonly Uint8Array[], done: () => void): void {
    if (parts.length > 1) this.#socket.cork()
    parts.forEach((part, index) => {
      if (index === parts.length - 1) this.#socket.write(part, () => done())
      else this.#socket.write(part)
    })
    if (parts.length > 1) this.#socket.uncork()
  }

  pauseReading(): void {
    this.#socket.pause()
  }

  resumeReading(): void {
    this.#socket.resume()
  }

  retarget(): void {
    // Nothing to do: the target is asked for when bytes are there.
  }

  finish(): void {
    this.#socket.destroySoon()
  }

  destroy(): void {
    this.#socket.destroy()
  }
}
