import type { Logger, Socket, SocketReader } from '../io/ports.ts'
import type { Keeper } from '../keeper/contract.ts'
import type { KeeperChannel } from '../keeper/server/channel.ts'

/** Every socket reads into the same bytes: the keeper takes what it needs of them before the next read. */
const READ_BYTES = 1 << 16
/** Answers that wait for a client to read: beyond the first number it is not read any more, beyond the second it is cut off. */
const UNSENT_PAUSE_BYTES = 8 << 20
const UNSENT_BYTES_MAX = 256 << 20

/** What goes past the socket's buffers: answers and events of a turn, but no long listings. */
const DIRECT_BYTES_MAX = 1 << 15

/** Makes the readers of one keeper's sockets. */
export function socketAcceptor(keeper: Keeper, log: Logger): (socket: Socket) => SocketReader {
  const readBuffer = new Uint8Array(READ_BYTES)
  // Reads of one size follow each other where a client asks one thing at a time: they share the object for their window.
  let lastRead = readBuffer
  return (socket) => {
    const channel = new SocketChannel(socket, log)
    const connection = keeper.accept(channel)
    return {
      target: () => readBuffer,
      onRead: (sizeBytes) => {
        if (lastRead.length !== sizeBytes) lastRead = readBuffer.subarray(0, sizeBytes)
        connection.feed(lastRead)
      },
      onPeerEnd: () => {
        connection.closed()
        socket.finish()
      },
      // A broken connection says no more than that it is closed; the session lives on until its timeout.
      onClosed: () => connection.closed(),
    }
  }
}

class SocketChannel implements KeeperChannel {
  readonly remoteAddress: string
  readonly remotePort: number
  readonly isSecure: boolean
  readonly peerCertificate: Uint8Array | undefined
  readonly #socket: Socket
  readonly #log: Logger
  #unsentBytes = 0
  #isPausedByKeeper = false
  #isPausedByOutput = false
  /** Sizes of the writes under way, oldest first: they finish in order. */
  readonly #writes: number[] = []
  readonly #onWritten = (): void => this.#written()

  constructor(socket: Socket, log: Logger) {
    this.#socket = socket
    this.#log = log
    this.remoteAddress = socket.remoteHost
    this.remotePort = socket.remotePort
    this.isSecure = socket.tls !== undefined
    this.peerCertificate = socket.tls?.certificate
  }

  send(bytes: Uint8Array): void {
    this.#unsentBytes += bytes.length
    if (this.#unsentBytes > UNSENT_BYTES_MAX) {
      this.#log.warn('a client does not read its answers: cut off', {
        address: `${this.remoteAddress}:${this.remotePort}`,
        unsentBytes: this.#unsentBytes,
      })
      this.#socket.destroy()
      return
    }
    this.#writes.push(bytes.length)
    this.#socket.write([bytes], this.#onWritten)
    if (this.#unsentBytes > UNSENT_PAUSE_BYTES) this.#setPaused(this.#isPausedByKeeper, true)
  }

  sendWindow(bytes: Uint8Array): boolean {
    const { length } = bytes
    const socket = this.#socket
    if (this.#unsentBytes === 0 && length <= DIRECT_BYTES_MAX && socket.sendNow !== undefined) {
      const outcome = socket.sendNow(bytes, this.#onWritten)
      if (outcome === 'sent') return true
      if (outcome === 'kept') {
        this.#unsentBytes += length
        this.#writes.push(length)
        return false
      }
    }
    this.send(bytes.slice())
    return true
  }

  close(): void {
    this.#socket.finish()
  }

  pause(): void {
    this.#setPaused(true, this.#isPausedByOutput)
  }

  resume(): void {
    this.#setPaused(false, this.#isPausedByOutput)
  }

  #written(): void {
    this.#unsentBytes -= this.#writes.shift() ?? 0
    if (this.#isPausedByOutput && this.#unsentBytes <= UNSENT_PAUSE_BYTES / 2) {
      this.#setPaused(this.#isPausedByKeeper, false)
    }
  }

  #setPaused(byKeeper: boolean, byOutput: boolean): void {
    const wasPaused = this.#isPausedByKeeper || this.#isPausedByOutput
    this.#isPausedByKeeper = byKeeper
    this.#isPausedByOutput = byOutput
    const isPaused = byKeeper || byOutput
    if (isPaused === wasPaused) return
    if (isPaused) this.#socket.pauseReading()
    else this.#socket.resumeReading()
  }
}
