import type { Socket as NetSocket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Socket, SocketReader, TlsPeer } from '../ports.ts'
import { CopiedBytes, plainHost } from './tcp-stream.ts'

/** A `Socket` over one of Node's streams, TLS or not: its bytes are copied once, to where the reader wants them. */
export class StreamSocket implements Socket {
  readonly remoteHost: string
  readonly remotePort: number
  readonly localHost: string
  readonly localPort: number
  readonly tls?: TlsPeer
  readonly #stream: NetSocket
  readonly #copied: CopiedBytes
  #cause = ''

  constructor(stream: NetSocket) {
    this.#stream = stream
    this.#copied = new CopiedBytes(stream)
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
    const stream = this.#stream
    stream.on('error', (error: Error) => {
      this.#cause = error.message
    })
    stream.once('end', () => reader.onPeerEnd())
    stream.once('close', () => reader.onClosed(this.#cause))
    this.#copied.start(reader)
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
    this.#copied.pause()
  }

  resumeReading(): void {
    this.#copied.resume()
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
}
