import { connect } from 'node:net'
import { NodeClock } from '../../io/node/clock.ts'
import { NodeTimers } from '../../io/node/timers.ts'
import { connectZooKeeper } from '../../zookeeper/client.ts'
import type { ZooKeeperFullClient } from '../../zookeeper/contract.ts'
import type { Transport } from '../../zookeeper/transport.ts'

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

/** Opens a session with one of the servers. @throws KeeperError connectionLoss when none answers in time */
export function connectTo(text: string, sessionTimeoutMs: number): Promise<ZooKeeperFullClient> {
  const { servers, chroot } = parseServers(text)
  return connectZooKeeper({
    transport: socketTransport(servers),
    clock: new NodeClock(),
    timers: new NodeTimers(),
    // What becomes of the session is told as events; a person at a prompt wants no log lines between them.
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    sessionTimeoutMs,
    chroot,
  })
}

/** Streams to the servers, one after the other. */
function socketTransport(servers: readonly ServerAddress[]): Transport {
  let next = 0
  return {
    connect: (handlers) => {
      const { host, port } = servers[next % servers.length] ?? { host: '127.0.0.1', port: DEFAULT_PORT }
      next += 1
      let cause = `${host}:${port} closed the connection`
      const socket = connect({ host, port, noDelay: true }, () => handlers.opened())
      socket.on('data', (bytes) => handlers.received(bytes))
      socket.on('error', (error: NodeJS.ErrnoException) => {
        cause = `${host}:${port}: ${error.code ?? error.message}`
      })
      socket.on('close', () => handlers.closed(cause))
      return { send: (bytes) => void socket.write(bytes), close: () => void socket.end() }
    },
  }
}

/** Sends a four-letter word and gathers what comes back. Rejects with the socket's error. */
export function fourLetterWord(word: string, { host, port }: ServerAddress, timeoutMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port }, () => socket.end(word))
    const chunks: Buffer[] = []
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error(`no answer within ${timeoutMs} ms`)))
    socket.on('data', (bytes) => chunks.push(bytes))
    socket.on('error', reject)
    socket.on('close', () => resolve(Buffer.concat(chunks).toString('utf8')))
  })
}
