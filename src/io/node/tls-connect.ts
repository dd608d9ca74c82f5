import net from 'node:net'
import tls, { type SecureContextOptions, type TLSSocket } from 'node:tls'
import { ConnectError, type ConnectOptions, type Socket, type SocketReader, type TlsSettings } from '../ports.ts'
import { contextOptions } from './tls-context.ts'
import { whenOpen } from './tcp-stream.ts'
import { StreamSocket } from './tls-sockets.ts'

/**
 * Reads the files, once.
 *
 * @returns how to begin a TLS connection; 'secureConnect' follows, or 'error' with a message for people
 * @throws Error that names the file or key that is wrong
 */
export function tlsOpener(settings: TlsSettings): (host: string, port: number) => TLSSocket {
  const context = contextOptions(settings, 'client')
  return (host, port) => open(settings, context, host, port)
}

function open(settings: TlsSettings, context: SecureContextOptions, host: string, port: number): TLSSocket {
  return tls
    .connect({
      ...context,
      host,
      port,
      // An address is no server name (RFC 6066), but it is what the certificate is checked against.
      ...(net.isIP(host) === 0 ? { servername: host } : {}),
      rejectUnauthorized: true,
      ...(settings.isServerNameChecked ? {} : { checkServerIdentity: () => undefined }),
    })
    .setNoDelay(true)
}

/** The same with the door's own sockets. @throws (rejects with) ConnectError */
export function connectTls(
  options: ConnectOptions,
  settings: TlsSettings,
  opened: (socket: Socket) => SocketReader,
): Promise<void> {
  let stream: TLSSocket
  try {
    stream = tlsOpener(settings)(options.host, options.port)
  } catch (error) {
    return Promise.reject(new ConnectError('ETLS', error instanceof Error ? error.message : String(error)))
  }
  return whenOpen(stream, 'secureConnect', 'TLS connection', options, () => {
    const socket = new StreamSocket(stream)
    socket.start(opened(socket))
  })
}
