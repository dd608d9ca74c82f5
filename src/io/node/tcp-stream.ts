/** What every stream over TCP needs, plain or TLS, accepted or opened by us. Loads nothing: TLS is loaded where it is wanted. */
import type { Socket as NetSocket } from 'node:net'
import { ConnectError, type ConnectOptions, type SocketReader } from '../ports.ts'

/** An IPv4 address as such, also when it came in on an IPv6 socket. */
export function plainHost(address: string): string {
  return address.startsWith('::ffff:') ? address.slice('::ffff:'.length) : address
}

/**
 * Waits for a stream that is being opened.
 *
 * @param event what the stream says when it may be used
 * @param what for messages: 'connection'
 * @param opened called within that event: bytes may follow at once
 * @throws (rejects with) ConnectError that names address and cause; the stream is gone then
 */
export function whenOpen(
  stream: NetSocket,
  event: 'connect' | 'secureConnect',
  what: string,
  { host, port, timeoutMs }: ConnectOptions,
  opened: () => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const timeout = setTimeout(() => {
      stream.destroy()
      reject(new ConnectError('ETIMEDOUT', `no ${what} to ${host}:${port} within ${timeoutMs} ms`))
    }, timeoutMs)
    const fail = (error: NodeJS.ErrnoException): void => {
      clearTimeout(timeout)
      const { code, message } = firstCause(error)
      reject(new ConnectError(code, `no ${what} to ${host}:${port}: ${message}`))
    }
    stream.once('error', fail)
    stream.once(event, () => {
      clearTimeout(timeout)
      stream.off('error', fail)
      opened()
      resolve()
    })
  })
}

/** A name with several addresses fails with one error that holds the others and says nothing itself. */
function firstCause(error: NodeJS.ErrnoException): { code: string; message: string } {
  const inner: NodeJS.ErrnoException = error instanceof AggregateError ? (error.errors[0] ?? error) : error
  return { code: inner.code ?? error.code ?? 'UNKNOWN', message: inner.message }
}

/** Where a stream cannot read into its reader's memory: what has come is copied there, in pieces of the size it asks for. */
export class CopiedBytes {
  readonly #stream: NetSocket
  #reader: SocketReader | undefined
  /** What arrived while reading was paused. */
  #undelivered: Uint8Array | undefined
  #isPaused = false

  constructor(stream: NetSocket) {
    this.#stream = stream
  }

  start(reader: SocketReader): void {
    this.#reader = reader
    this.#stream.on('data', (bytes: Uint8Array) => this.#deliver(bytes))
  }

  pause(): void {
    this.#isPaused = true
    this.#stream.pause()
  }

  resume(): void {
    this.#isPaused = false
    const undelivered = this.#undelivered
    if (undelivered !== undefined) {
      this.#undelivered = undefined
      this.#deliver(undelivered)
    }
    if (!this.#isPaused) this.#stream.resume()
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
