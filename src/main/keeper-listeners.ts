import { nodeNetwork } from '../io/node/sockets.ts'
import type { Listener, ListenOptions, Logger, TlsListening, TlsSettings } from '../io/ports.ts'
import type { ZooCfg } from '../keeper/config/zoo-cfg.ts'
import type { Keeper } from '../keeper/contract.ts'
import { socketAcceptor } from './keeper-socket.ts'
import { probePort } from './ports.ts'

/** Connections that may wait to be accepted. ZooKeeper's 50 make a crowd that comes back at once wait for seconds. */
const BACKLOG = 1024
/** How long a client may take until its TLS stands. */
const TLS_HANDSHAKE_MS = 10_000

/** Where a keeper's clients come in: free ports, not open yet. */
export interface ClientDoors {
  /** -1 = there is none. */
  readonly port: number
  readonly securePort: number
  /** Begins to serve. @throws Error with the address, file or key that is wrong */
  open(keeper: Keeper, log: Logger): Promise<OpenDoors>
}

export interface OpenDoors {
  readonly addresses: readonly { readonly what: string; readonly address: string }[]
  close(): Promise<void>
}

interface Door {
  readonly what: string
  readonly host: string
  readonly port: number
  readonly tls: { readonly settings: TlsSettings; readonly isPlainAllowed: boolean } | undefined
}

/** Finds out whether `clientPort` and `secureClientPort` are free. @throws Error naming the address and what to do */
export async function chooseDoors(file: ZooCfg): Promise<ClientDoors> {
  const { clients, secureClientPort, secureClientPortAddress } = file.tls
  const doors: Door[] = []
  const choose = async (what: string, host: string, wanted: number | undefined, tls: Door['tls']): Promise<number> => {
    if (wanted === undefined) return -1
    const port = await probePort(host, wanted, what === 'ZooKeeper' ? 'the client port' : 'the secure client port')
    doors.push({ what, host, port, tls })
    return port
  }
  const unified = clients?.isPlainAllowed === true ? clients : undefined
  const secure = clients === undefined ? undefined : { ...clients, isPlainAllowed: false }
  const port = await choose('ZooKeeper', file.clientPortAddress ?? '', file.clientPort, unified)
  const securePort = await choose('ZooKeeper TLS', secureClientPortAddress ?? '', secureClientPort, secure)
  return { port, securePort, open: (keeper, log) => openDoors(doors, file, keeper, log) }
}

async function openDoors(doors: readonly Door[], file: ZooCfg, keeper: Keeper, log: Logger): Promise<OpenDoors> {
  const accept = socketAcceptor(keeper, log)
  const listeners: Listener[] = []
  const close = async (): Promise<void> => void (await Promise.all(listeners.map((listener) => listener.close())))
  try {
    for (const { host, port, tls } of doors) {
      const options: ListenOptions = {
        host: host === '' ? '::' : host,
        port,
        isPortShared: false,
        backlog: file.backlog !== undefined && file.backlog > 0 ? file.backlog : BACKLOG,
        ...(tls === undefined ? {} : { tls: listening(tls, file.tls.handshakesMax, keeper, log) }),
      }
      listeners.push(await nodeNetwork().listen(options, accept))
    }
  } catch (error) {
    await close()
    throw error
  }
  if (keeper.server !== undefined) {
    keeper.server.stats.handshakeCount = () =>
      listeners.reduce((sum, { handshakeCount }) => sum + (handshakeCount?.() ?? 0), 0)
  }
  return {
    close,
    addresses: doors.map(({ what, host, port }) => ({ what, address: shownAddress(host, port) })),
  }
}

function listening(tls: NonNullable<Door['tls']>, handshakesMax: number, keeper: Keeper, log: Logger): TlsListening {
  return {
    ...tls,
    handshakesMax,
    handshakeTimeoutMs: TLS_HANDSHAKE_MS,
    onTooMany: (remoteAddress) => {
      if (keeper.server !== undefined) keeper.server.stats.handshakesExceededCount += 1
      log.warn('a client was not let in: there are too many TLS handshakes (netty.server.outstandingHandshake.limit)', {
        address: remoteAddress,
      })
    },
    onRefused: (cause, remoteAddress) => {
      const stats = keeper.server?.stats
      if (remoteAddress === '') log.error(cause)
      else {
        if (stats !== undefined) stats.unsuccessfulHandshakeCount += 1
        log.warn(`a client was not let in: ${cause}`, { address: remoteAddress })
      }
    },
  }
}

/** `host:port` for people; every address is 0.0.0.0. */
export function shownAddress(host: string, port: number): string {
  const shown = host === '' ? '0.0.0.0' : host
  return shown.includes(':') ? `[${shown}]:${port}` : `${shown}:${port}`
}
