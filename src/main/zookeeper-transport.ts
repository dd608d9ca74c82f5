import { connect, type Socket } from 'node:net'
import type { Transport } from '../zookeeper/transport.ts'

const DEFAULT_PORT = 2181

export interface ServerAddress {
  readonly host: string
  readonly port: number
}

/** `h1:2181,h2:2181/chroot`, `[::1]:2181`; a missing port is 2181. */
export function parseServers(text: string): { readonly servers: readonly ServerAddress[]; readonly chroot: string } {
  const slash = text.indexOf('/')
  const list = slash < 0 ? text : text.slice(0, slash)
  const servers = list.split(',').map((item) => {
    const [, bracketed, bare, port] = /^\s*(?:\[(.+)\]|([^:]*))(?::(\d+))?\s*$/.exec(item) ?? []
    return { host: bracketed ?? bare ?? item.trim(), port: port === undefined ? DEFAULT_PORT : Number(port) }
  })
  return { servers, chroot: slash < 0 ? '' : text.slice(slash).replace(/\/$/, '') }
}

/**
 * TCP streams to the servers of an ensemble, one after the other.
 *
 * @param openTls begins a TLS connection ('secureConnect' follows); undefined = plain
 */
export function socketTransport(
  servers: readonly ServerAddress[],
  openTls?: (host: string, port: number) => Socket,
): Transport {
  let next = 0
  return {
    serverCount: servers.length,
    connect: (handlers) => {
      const { host, port } = servers[next % servers.length] ?? { host: '127.0.0.1', port: DEFAULT_PORT }
      next += 1
      let cause = `${host}:${port} closed the connection`
      const socket: Socket =
        openTls === undefined
          ? connect({ host, port, noDelay: true }, () => handlers.opened())
          : openTls(host, port).once('secureConnect', () => handlers.opened())
      socket.on('data', (bytes) => handlers.received(bytes))
      socket.on('error', (error: NodeJS.ErrnoException) => {
        // TLS has codes that say little: what its message says, people need.
        cause = `${host}:${port}: ${openTls === undefined ? (error.code ?? error.message) : error.message}`
      })
      socket.on('close', () => handlers.closed(cause))
      return { send: (bytes) => void socket.write(bytes), close: () => void socket.end() }
    },
  }
}
