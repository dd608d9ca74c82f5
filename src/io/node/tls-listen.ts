import type { X509Certificate } from 'node:crypto'
import { reverse } from 'node:dns/promises'
import { unwatchFile, watchFile } from 'node:fs'
import net from 'node:net'
import tls, { type TLSSocket } from 'node:tls'
import type { Listener, ListenOptions, Socket, SocketReader, TlsListening, TlsSettings } from '../ports.ts'
import { contextOptions } from './tls-context.ts'
import { plainHost } from './tcp-stream.ts'
import { StreamSocket } from './tls-sockets.ts'

/** The first byte of a TLS connection: the record type of a handshake. */
const HANDSHAKE_RECORD = 0x16
/** How often key and trust store are looked at where they are to be read again. */
const RELOAD_POLL_MS = 1000

type Accept = (socket: Socket) => SocketReader | undefined

/**
 * Listens for TLS, and on one port for plain connections too where that is allowed: the first byte tells them apart.
 *
 * @throws (rejects with) an Error that names file, key or address
 */
export async function listenTls(options: ListenOptions, listening: TlsListening, accept: Accept): Promise<Listener> {
  const door = new TlsDoor(listening, accept)
  const server = net.createServer({ noDelay: true }, (raw) => door.enter(raw))
  const { host, port, isPortShared: reusePort, backlog } = options
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => reject(new Error(`cannot listen on ${host}:${port}: ${error.message}`)))
      server.listen({ host, port, reusePort, backlog }, resolve)
    })
  } catch (error) {
    door.close()
    throw error
  }
  server.removeAllListeners('error')
  const address = server.address() as net.AddressInfo
  return {
    port: address.port,
    host: address.address,
    handshakeCount: () => door.handshakeCount,
    close: () => {
      door.close()
      server.close()
      // `server.close` waits for connections too; the port is free as soon as the listening handle is gone.
      return new Promise((closed) => setImmediate(closed))
    },
  }
}

/** Takes raw connections and lets those through that have proved what they must. */
class TlsDoor {
  handshakeCount = 0
  readonly #listening: TlsListening
  readonly #accept: Accept
  /** Never listens itself: raw connections are given to it once their first byte is known. */
  readonly #server: tls.Server
  readonly #watched: readonly string[]
  readonly #onFileChanged = (): void => this.#reload()

  constructor(listening: TlsListening, accept: Accept) {
    const { settings } = listening
    this.#listening = listening
    this.#accept = accept
    this.#server = tls.createServer({
      ...contextOptions(settings, 'server'),
      requestCert: settings.clientAuth !== 'none',
      // Judged below, so that what is wrong with a certificate can be said.
      rejectUnauthorized: false,
      handshakeTimeout: listening.handshakeTimeoutMs,
    })
    this.#server.on('secureConnection', (socket) => {
      this.handshakeCount -= 1
      void this.#judge(socket)
    })
    this.#server.on('tlsClientError', (error, socket) => {
      this.handshakeCount -= 1
      listening.onRefused(handshakeCause(error), plainHost(socket.remoteAddress ?? ''))
      socket.destroy()
    })
    this.#watched = settings.isReloaded ? filesOf(settings) : []
    for (const path of this.#watched) {
      watchFile(path, { interval: RELOAD_POLL_MS, persistent: false }, this.#onFileChanged)
    }
  }

  close(): void {
    for (const path of this.#watched) unwatchFile(path, this.#onFileChanged)
  }

  /** Waits for the first byte. */
  enter(raw: net.Socket): void {
    const address = plainHost(raw.remoteAddress ?? '')
    const { handshakesMax, handshakeTimeoutMs, isPlainAllowed } = this.#listening
    if (handshakesMax > 0 && this.handshakeCount >= handshakesMax) {
      const { onTooMany, onRefused } = this.#listening
      if (onTooMany === undefined) onRefused(`${handshakesMax} handshakes are under way already`, address)
      else onTooMany(address)
      raw.destroy()
      return
    }
    // Until a reader is there, a reset says no more than that the connection is gone.
    const ignore = (): void => {}
    raw.on('error', ignore)
    const timeout = setTimeout(() => {
      // A client that connects and says nothing is served in plain as it would be without TLS: by the keeper's own limit.
      if (isPlainAllowed) this.#plain(raw)
      else this.#refuse(raw, address, 'nothing was said in time')
    }, handshakeTimeoutMs)
    const look = (): void => {
      const bytes = raw.read() as Buffer | null
      if (bytes === null) return
      clearTimeout(timeout)
      raw.off('readable', look)
      raw.unshift(bytes)
      raw.off('error', ignore)
      if (bytes[0] === HANDSHAKE_RECORD) {
        this.handshakeCount += 1
        this.#server.emit('connection', raw)
      } else if (isPlainAllowed) this.#plain(raw)
      else this.#refuse(raw, address, `plain text on a TLS port, beginning with ${shown(bytes)}`)
    }
    raw.on('readable', look)
    raw.once('close', () => clearTimeout(timeout))
  }

  #plain(raw: net.Socket): void {
    if (raw.destroyed || raw.remoteAddress === undefined) return
    raw.removeAllListeners('readable')
    this.#admit(raw)
  }

  #admit(stream: net.Socket): void {
    const socket = new StreamSocket(stream)
    const reader = this.#accept(socket)
    if (reader === undefined) stream.destroy()
    else socket.start(reader)
  }

  async #judge(socket: TLSSocket): Promise<void> {
    const address = plainHost(socket.remoteAddress ?? '')
    // A reset while a name is looked up must not end the process.
    socket.on('error', () => {})
    const refused = await this.#whyRefused(socket, address)
    if (refused !== undefined) this.#refuse(socket, address, refused)
    else if (!socket.destroyed && socket.remoteAddress !== undefined) this.#admit(socket)
  }

  async #whyRefused(socket: TLSSocket, address: string): Promise<string | undefined> {
    const { clientAuth, isClientNameChecked, isReverseLookupAllowed } = this.#listening.settings
    if (clientAuth === 'none') return undefined
    const certificate = socket.getPeerX509Certificate()
    if (certificate === undefined) {
      return clientAuth === 'need'
        ? 'the client showed no certificate (or has none of our authorities), and one is needed'
        : undefined
    }
    if (!socket.authorized) return `the client's certificate is not trusted: ${certificateCause(socket, certificate)}`
    if (!isClientNameChecked || (await isFor(certificate, address, isReverseLookupAllowed))) return undefined
    return `the client's certificate (${subject(certificate)}) is not for its address`
  }

  #refuse(stream: net.Socket, address: string, cause: string): void {
    this.#listening.onRefused(cause, address)
    stream.destroy()
  }

  /** A pair of files is often replaced one after the other: what does not fit yet is tried again at the next change. */
  #reload(): void {
    try {
      this.#server.setSecureContext(contextOptions(this.#listening.settings, 'server'))
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error)
      this.#listening.onRefused(`changed TLS files are not used, the old ones stay: ${cause}`, '')
    }
  }
}

async function isFor(certificate: X509Certificate, address: string, mayLookUp: boolean): Promise<boolean> {
  if (certificate.checkIP(address) !== undefined) return true
  if (!mayLookUp) return false
  const names = await reverse(address).catch(() => [])
  return names.some((name) => certificate.checkHost(name) !== undefined)
}

function filesOf(settings: TlsSettings): readonly string[] {
  return [settings.keyStore?.path, settings.trustStore?.path].filter((path) => path !== undefined)
}

/** OpenSSL's errors, said so that somebody can act on them. */
function handshakeCause(error: NodeJS.ErrnoException): string {
  const reason = error.message
  switch (error.code) {
    case 'ECONNRESET':
      return 'the client hung up in the middle of the TLS handshake: it may not trust our certificate'
    case 'ERR_TLS_HANDSHAKE_TIMEOUT':
      return 'the TLS handshake took too long'
    case 'ERR_SSL_NO_SHARED_CIPHER':
      return 'the client knows none of our cipher suites'
    case 'ERR_SSL_UNSUPPORTED_PROTOCOL':
    case 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION':
      return `the client speaks none of our versions of TLS (${error.code})`
    case 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA':
    case 'ERR_SSL_SSLV3_ALERT_CERTIFICATE_UNKNOWN':
    case 'ERR_SSL_SSL/TLS_ALERT_CERTIFICATE_UNKNOWN':
    case 'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE':
      return `the client does not trust our certificate (${error.code})`
    default:
      return `the TLS handshake failed: ${reason}`
  }
}

function certificateCause(socket: TLSSocket, certificate: X509Certificate): string {
  const code = String(socket.authorizationError)
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return `${subject(certificate)} expired ${certificate.validTo}`
    case 'CERT_NOT_YET_VALID':
      return `${subject(certificate)} is valid only from ${certificate.validFrom}`
    default:
      return `${subject(certificate)}, issued by ${certificate.issuer.replaceAll('\n', ', ')}: ${code}`
  }
}

function subject(certificate: X509Certificate): string {
  return certificate.subject.replaceAll('\n', ', ')
}

function shown(bytes: Buffer): string {
  return JSON.stringify(bytes.subarray(0, 16).toString('latin1'))
}
