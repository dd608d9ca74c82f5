import { createReadStream } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import { createServer as createDoor, type Socket } from 'node:net'
import type { Socket as StreamSocket } from 'node:net'
import { TLSSocket } from 'node:tls'
import { contextOptions } from '../../io/node/tls-context.ts'
import type { TlsSettings } from '../../io/ports.ts'
import type { HttpAnswer, HttpRequest, HttpServer } from './contract.ts'

/** The first byte of a TLS connection: the record type of a handshake. */
const HANDSHAKE_RECORD = 0x16

/** A request to an administrator's endpoint: who asks counts, and a body may come along. */
export interface AdminRequest extends HttpRequest {
  readonly authorization: string | undefined
  /** The peer's address, or what `X-Forwarded-For` says where that is believed. */
  readonly remoteAddress: string
  /** The client's certificate in DER, checked. */
  readonly certificate: Uint8Array | undefined
  readonly isEncrypted: boolean
  readonly body: AsyncIterable<Uint8Array>
}

export interface AdminAnswer extends HttpAnswer {
  readonly headers?: Readonly<Record<string, string>>
  /** A file that is sent instead of `body`. */
  readonly filePath?: string
}

export type AdminHandler = (request: AdminRequest) => AdminAnswer | Promise<AdminAnswer>

export interface AdminServerOptions {
  readonly host: string
  /** 0 = any free one. */
  readonly port: number
  /** Undefined = plain HTTP only. */
  readonly tls: { readonly settings: TlsSettings; readonly isPlainAllowed: boolean } | undefined
  readonly isForwardedForBelieved: boolean
}

/**
 * Serves `handler` over HTTP, HTTPS or both on one port. Node's own server, whatever the other endpoints use: bodies and
 * files go through as streams.
 *
 * @throws (rejects) when a TLS file is wrong or the address cannot be bound
 */
export async function serveAdmin(options: AdminServerOptions, handler: AdminHandler): Promise<HttpServer> {
  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    void respond(request, response, handler, options.isForwardedForBelieved)
  }
  const plain = createServer(answer)
  const { tls } = options
  if (tls === undefined) return listen(plain, plain, options, () => plain.closeAllConnections())
  const secure = createSecureServer(
    {
      ...contextOptions(tls.settings, 'server'),
      requestCert: tls.settings.clientAuth !== 'none',
      rejectUnauthorized: tls.settings.clientAuth === 'need',
    },
    answer,
  )
  const door = createDoor((raw) => {
    raw.once('error', () => raw.destroy())
    raw.once('readable', () => enter(raw, plain, secure, tls.isPlainAllowed))
  })
  return listen(door, plain, options, () => {
    plain.closeAllConnections()
    secure.closeAllConnections()
  })
}

interface Enterable {
  emit(event: 'connection', socket: StreamSocket): boolean
}

function enter(raw: Socket, plain: Enterable, secure: Enterable, isPlainAllowed: boolean): void {
  const bytes = raw.read() as Buffer | null
  if (bytes === null) {
    raw.destroy()
    return
  }
  raw.unshift(bytes)
  if (bytes[0] === HANDSHAKE_RECORD) secure.emit('connection', raw)
  else if (isPlainAllowed) plain.emit('connection', raw)
  else raw.end('HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n')
}

interface Listening {
  once(event: 'error', listener: (error: Error) => void): unknown
  listen(port: number, host: string, done: () => void): unknown
  address(): ReturnType<Socket['address']> | string | null
  close(done?: () => void): unknown
}

function listen(
  door: Listening,
  plain: Listening,
  { host, port }: AdminServerOptions,
  endConnections: () => void,
): Promise<HttpServer> {
  return new Promise((resolve, reject) => {
    door.once('error', reject)
    door.listen(port, host, () => {
      const address = door.address()
      resolve({
        backend: 'node:http',
        port: address !== null && typeof address === 'object' && 'port' in address ? (address.port ?? port) : port,
        close: () =>
          new Promise((closed) => {
            door.close(() => closed())
            if (plain !== door) plain.close()
            endConnections()
          }),
      })
    })
  })
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  handler: AdminHandler,
  isForwardedForBelieved: boolean,
): Promise<void> {
  const [path = '/', query = ''] = (request.url ?? '/').split('?', 2)
  const { socket } = request
  const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate()?.raw : undefined
  const forwarded = isForwardedForBelieved ? request.headers['x-forwarded-for'] : undefined
  const first = (Array.isArray(forwarded) ? forwarded[0] : forwarded)?.split(',')[0]?.trim()
  const answer = await handler({
    method: request.method ?? 'GET',
    path,
    query,
    authorization: request.headers.authorization,
    remoteAddress: first ?? (socket.remoteAddress ?? '').replace('::ffff:', ''),
    certificate,
    isEncrypted: socket instanceof TLSSocket,
    body: request,
  })
  // What was not asked for is read and thrown away, so that the connection can be used again.
  request.resume()
  const headers = { 'content-type': answer.contentType, ...answer.headers }
  if (answer.filePath === undefined) {
    response.writeHead(answer.status, { ...headers, 'content-length': Buffer.byteLength(answer.body) })
    response.end(answer.body)
    return
  }
  response.writeHead(answer.status, headers)
  // The head is out: a file that cannot be read any further ends the connection, which the client sees.
  createReadStream(answer.filePath)
    .once('error', () => response.destroy())
    .pipe(response)
}
