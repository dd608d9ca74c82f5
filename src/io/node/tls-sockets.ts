import type { Socket as NetSocket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Socket, SocketReader, TlsPeer } from '../ports.ts'

/** A `Socket` over one of Node's streams, TLS or not: its bytes are copied once, to where the reader wants them. */
export class StreamSocket implements Socket {
  readonly remoteHost: string
  readonly remotePort: number
  readonly localHost: string
  readonly localPort: number
  readonly tls?: TlsPeer
  readonly #stream: NetSocket
  #reader: SocketReader | undefined
  #cause = ''
  /** What arrived while reading was paused. */
  #undelivered: Uint8Array | undefined
  #isPaused = false

  constructor(stream: NetSocket) {
    this.#stream = stream
    this.remoteHost = plainHost(stream.remoteAddress ?? '')
    this.remotePort = stream.remotePort ?? 0
    this.localHost = plainHost(stream.localAddress ?? '')
    this.localPort = stream.localPort ?? 0
    if (stream instanceof TLSSocket) {
      this.tls = {
        // A certificate that was shown but not believed closes the connection before it comes here.
        certificate: stream.getPeerX509Certificate()?.raw,
        protocol: stream.getProtocol() ?? '',
        cipherSuite: stream.getCipher().standardName,
      }
    }
  }

  start(reader: SocketReader): void {
    this.#reader = reader
    const stream = this.#stream
    stream.on('error', (error: Error) => {
      this.#cause = error.message
    })
    stream.once('end', () => reader.onPeerEnd())
    stream.once('close', () => reader.onClosed(this.#cause))
    stream.on('data', (bytes: Uint8Array) => this.#deliver(bytes))
  }

  write(parts: readonly Uint8Array[], done: () => void): void {
    const stream = this.#stream
    if (parts.length > 1) stream.cork()
    for (const [index, part] of parts.entries()) {
      if (index === parts.length - 1) stream.write(part, () => done())
      else stream.write(part)
    }
    if (parts.length > 1) stream.uncork()
  }

  pauseReading(): void {
    this.#isPaused = true
    this.#stream.pause()
  }

  resumeReading(): void {
    this.#isPaused = false
    const undelivered = this.#undelivered
    if (undelivered !== undefined) {
      this.#undelivered = undefined
      this.#deliver(undelivered)
    }
    if (!this.#isPaused) this.#stream.resume()
  }

  retarget(): void {
    // Nothing to do: the target is asked for when bytes are there.
  }

  finish(): void {
    this.#stream.destroySoon()
  }

  destroy(): void {
    this.#stream.destroy()
  }

  #deliver(bytes: Uint8Array): void {
    const reader = this.#reader
    let at = 0
    while (reader !== undefined && at < bytes.length && !this.#stream.destroyed) {
      if (this.#isPaused) {
        this.#undelivered = bytes.slice(at)
        return
      }
      const target = reader.target()
      const sizeBytes = Math.min(target.length, bytes.length - at)
      target.set(bytes.subarray(at, at + sizeBytes))
      at += sizeBytes
      reader.onRead(sizeBytes)
    }
  }
}

/** An IPv4 address as such, also when it came in on an IPv6 socket. */
export function plainHost(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address
}
