import type { Connector, Socket } from '../../../src/io/ports.ts'
import type { Transport } from '../../../src/zookeeper/transport.ts'

const CONNECT_TIMEOUT_MS = 500
const READ_BYTES = 1 << 16

export interface KeeperAddress {
  readonly host: string
  readonly port: number
}

/** Streams to the servers of an ensemble over a simulated machine's connector, one after the other. */
export function keeperTransport(connector: Connector, servers: readonly KeeperAddress[], first: number): Transport {
  let next = first
  const target = new Uint8Array(READ_BYTES)
  return {
    connect: (handlers) => {
      const server = servers[next % servers.length] ?? { host: '', port: 0 }
      next += 1
      let socket: Socket | undefined
      let isOver = false
      const close = (reason: string): void => {
        if (isOver) return
        isOver = true
        handlers.closed(reason)
      }
      connector
        .connect({ ...server, timeoutMs: CONNECT_TIMEOUT_MS }, (made) => {
          socket = made
          if (isOver) made.destroy()
          else handlers.opened()
          return {
            target: () => target,
            onRead: (sizeBytes) => {
              if (!isOver) handlers.received(target.slice(0, sizeBytes))
            },
            onPeerEnd: () => made.finish(),
            onClosed: (cause) => close(cause === '' ? `${server.host} closed the connection` : cause),
          }
        })
        .catch((error: Error) => close(error.message))
      return {
        send: (bytes) => socket?.write([bytes], () => {}),
        close: () => {
          isOver = true
          socket?.finish()
        },
      }
    },
  }
}
