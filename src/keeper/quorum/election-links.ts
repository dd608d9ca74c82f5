import type { Connector, Listener, Logger, Network, Socket, SocketReader, Timers } from '../../io/ports.ts'
import { socketHost } from '../../zab/config/ensemble-config.ts'
import type { Notification, ServerId } from '../../zab/contract.ts'
import { decodeOpener, type ElectionAddress, encodeOpener, judgeConnection } from '../../zab/wire/connection-opener.ts'
import { decodeNotification, encodeNotification, notificationBytesMax } from '../../zab/wire/notification-codec.ts'

/** Who accepts says nothing until the other has said who it is; longer than this nobody is waited for. */
const OPENER_MS = 5000
/** Connections that have not said who they are: an ensemble has fewer members. */
const UNKNOWN_MAX = 64
const READ_BYTES = 1 << 14
const BACKLOG = 64

export interface ElectionLinksOptions {
  readonly serverId: ServerId
  readonly network: Network
  readonly connector: Connector
  readonly timers: Timers
  readonly log: Logger
  /** `cnxTimeout`. */
  readonly connectTimeoutMs: number
  /** Where a peer's election port is, by the configuration of the moment; empty when it is no member. */
  readonly addressesOf: (peer: ServerId) => readonly ElectionAddress[]
  readonly onNotification: (from: ServerId, notification: Notification) => void
  readonly onLink: (peer: ServerId, isUp: boolean) => void
}

interface Peer {
  readonly id: ServerId
  link: ElectionLink | undefined
  isDialing: boolean
  /** Only the newest word counts: a peer that was away needs no history. */
  newest: Uint8Array | undefined
}

/**
 * The election port: one connection per pair of servers, opened by the one with the larger id. Notifications that cannot
 * be sent replace each other.
 */
export class ElectionLinks {
  readonly #options: ElectionLinksOptions
  readonly #peers = new Map<ServerId, Peer>()
  readonly #unknown = new Set<Socket>()
  #listener: Listener | undefined
  #isStopped = false

  constructor(options: ElectionLinksOptions) {
    this.#options = options
  }

  /** @throws (rejects with) an Error that names the address and the cause */
  async listen(host: string, port: number): Promise<void> {
    const listener = await this.#options.network.listen(
      { host, port, isPortShared: false, backlog: BACKLOG },
      (socket) => this.#accept(socket),
    )
    if (this.#isStopped) await listener.close()
    else this.#listener = listener
  }

  notify(to: ServerId, notification: Notification): void {
    const peer = this.#peer(to)
    const bytes = encodeNotification(notification)
    if (peer.link !== undefined) {
      peer.link.send(bytes)
      return
    }
    peer.newest = bytes
    this.#dial(peer, this.#options.addressesOf(to))
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    for (const peer of this.#peers.values()) peer.link?.socket.destroy()
    for (const socket of this.#unknown) socket.destroy()
    await this.#listener?.close()
  }

  #peer(id: ServerId): Peer {
    let peer = this.#peers.get(id)
    if (peer === undefined) {
      peer = { id, link: undefined, isDialing: false, newest: undefined }
      this.#peers.set(id, peer)
    }
    return peer
  }

  #dial(peer: Peer, addresses: readonly ElectionAddress[]): void {
    const [address] = addresses
    if (peer.isDialing || this.#isStopped || address === undefined) return
    peer.isDialing = true
    const { connector, connectTimeoutMs, serverId, log } = this.#options
    const { host, port } = address
    connector
      .connect({ host: socketHost(host), port, timeoutMs: connectTimeoutMs }, (socket) => {
        peer.isDialing = false
        const own = this.#options.addressesOf(serverId)
        socket.write([encodeOpener(serverId, own)], () => {})
        if (this.#isStopped || judgeConnection(serverId, peer.id, true) === 'close') {
          // It dials back: of two servers the one with the larger id keeps the connection.
          socket.finish()
          return silentReader
        }
        return this.#adopt(peer, socket)
      })
      .catch((error: unknown) => {
        peer.isDialing = false
        log.debug('no connection to an election port', { server: peer.id, host, port, cause: String(error) })
        if (this.#isStopped) return
        if (addresses.length > 1) this.#dial(peer, addresses.slice(1))
        else if (peer.link === undefined) this.#options.onLink(peer.id, false)
      })
  }

  #accept(socket: Socket): SocketReader | undefined {
    if (this.#isStopped || this.#unknown.size >= UNKNOWN_MAX) return undefined
    this.#unknown.add(socket)
    const { timers } = this.#options
    const timer = timers.start(OPENER_MS, () => socket.destroy())
    return new OpenerReader(socket, {
      known: (id, addresses) => {
        timers.cancel(timer)
        this.#unknown.delete(socket)
        return this.#identified(socket, id, addresses)
      },
      refused: (reason) => {
        this.#options.log.warn('a connection on the election port is no server of an ensemble: closed', {
          address: `${socket.remoteHost}:${socket.remotePort}`,
          reason,
        })
        socket.destroy()
      },
      gone: () => {
        timers.cancel(timer)
        this.#unknown.delete(socket)
      },
    })
  }

  #identified(socket: Socket, id: ServerId, said: readonly ElectionAddress[]): SocketReader | undefined {
    const { serverId, addressesOf } = this.#options
    const judgement = judgeConnection(serverId, id, false)
    if (judgement === 'keep' && !this.#isStopped) return this.#adopt(this.#peer(id), socket)
    socket.destroy()
    if (judgement === 'dialBack' && !this.#isStopped) {
      const peer = this.#peer(id)
      // It would not have dialled if it still had our connection.
      peer.link?.replace()
      peer.link = undefined
      const known = addressesOf(id)
      this.#dial(peer, known.length > 0 ? known : said)
    }
    return undefined
  }

  #adopt(peer: Peer, socket: Socket): ElectionLink {
    peer.link?.replace()
    const link: ElectionLink = new ElectionLink(socket, {
      frame: (bytes, startsAt, endsAt) => {
        const notification = decodeNotification(bytes, startsAt, endsAt)
        if (notification === undefined) return false
        if (!this.#isStopped) this.#options.onNotification(peer.id, notification)
        return true
      },
      closed: () => {
        if (peer.link !== link) return
        peer.link = undefined
        if (!this.#isStopped) this.#options.onLink(peer.id, false)
      },
    })
    peer.link = link
    if (peer.newest !== undefined) link.send(peer.newest)
    peer.newest = undefined
    this.#options.onLink(peer.id, true)
    return link
  }
}

const nowhere = new Uint8Array(READ_BYTES)
const silentReader: SocketReader = { target: () => nowhere, onRead: () => {}, onPeerEnd: () => {}, onClosed: () => {} }

interface OpenerHandler {
  /** @returns who reads on, undefined when the connection is not wanted */
  known(id: ServerId, addresses: readonly ElectionAddress[]): SocketReader | undefined
  refused(reason: string): void
  gone(): void
}

/** Waits for an accepted connection to say who it is, then hands the bytes on. */
class OpenerReader implements SocketReader {
  readonly #socket: Socket
  readonly #handler: OpenerHandler
  readonly #buffer = new Uint8Array(READ_BYTES)
  #gathered: Uint8Array = new Uint8Array(0)
  #next: SocketReader | undefined
  #isDone = false

  constructor(socket: Socket, handler: OpenerHandler) {
    this.#socket = socket
    this.#handler = handler
  }

  target(): Uint8Array {
    return this.#buffer
  }

  onRead(sizeBytes: number): void {
    if (this.#isDone) {
      this.#passOn(this.#buffer.subarray(0, sizeBytes))
      return
    }
    this.#gathered = joined(this.#gathered, this.#buffer.subarray(0, sizeBytes))
    const result = decodeOpener(this.#gathered)
    if (result.kind === 'incomplete') return
    this.#isDone = true
    if (result.kind === 'malformed') this.#handler.refused(result.reason)
    else if (result.opener.serverId === null) this.#handler.refused('it is an observer without an id')
    else {
      this.#next = this.#handler.known(result.opener.serverId, result.opener.addresses)
      const rest = this.#gathered.subarray(result.sizeBytes)
      if (rest.length > 0) this.#passOn(rest)
    }
    this.#gathered = new Uint8Array(0)
  }

  onPeerEnd(): void {
    if (this.#next === undefined) this.#socket.finish()
    else this.#next.onPeerEnd()
  }

  onClosed(cause: string): void {
    this.#handler.gone()
    this.#next?.onClosed(cause)
  }

  #passOn(bytes: Uint8Array): void {
    const next = this.#next
    for (let at = 0; next !== undefined && at < bytes.length; ) {
      const target = next.target()
      const piece = bytes.subarray(at, at + target.length)
      target.set(piece)
      at += piece.length
      next.onRead(piece.length)
    }
  }
}

interface ElectionLinkHandler {
  /** @returns false when the frame is no notification */
  frame(bytes: Uint8Array, startsAt: number, endsAt: number): boolean
  closed(): void
}

/** A connection whose far end is known: frames with a length before them, both ways. */
class ElectionLink implements SocketReader {
  readonly socket: Socket
  readonly #handler: ElectionLinkHandler
  readonly #buffer = new Uint8Array(READ_BYTES)
  #unread: Uint8Array = new Uint8Array(0)
  #newest: Uint8Array | undefined
  #isSending = false
  #isClosed = false

  constructor(socket: Socket, handler: ElectionLinkHandler) {
    this.socket = socket
    this.#handler = handler
  }

  /** One notification is under way at a time; of those that wait the newest stays. */
  send(bytes: Uint8Array): void {
    if (this.#isSending) {
      this.#newest = bytes
      return
    }
    this.#isSending = true
    this.socket.write([bytes], () => {
      this.#isSending = false
      const next = this.#newest
      this.#newest = undefined
      if (next !== undefined && !this.#isClosed) this.send(next)
    })
  }

  /** A newer connection takes over. */
  replace(): void {
    this.#isClosed = true
    this.socket.destroy()
  }

  target(): Uint8Array {
    return this.#buffer
  }

  onRead(sizeBytes: number): void {
    const bytes = joined(this.#unread, this.#buffer.subarray(0, sizeBytes))
    let at = 0
    while (!this.#isClosed && bytes.length - at >= 4) {
      const frameBytes = new DataView(bytes.buffer, bytes.byteOffset + at, 4).getInt32(0)
      if (frameBytes <= 0 || frameBytes > notificationBytesMax) {
        this.#end()
        return
      }
      if (bytes.length - at - 4 < frameBytes) break
      if (!this.#handler.frame(bytes, at + 4, at + 4 + frameBytes)) {
        this.#end()
        return
      }
      at += 4 + frameBytes
    }
    this.#unread = bytes.slice(at)
  }

  onPeerEnd(): void {
    this.socket.finish()
    this.#closed()
  }

  onClosed(): void {
    this.#closed()
  }

  #end(): void {
    this.socket.destroy()
    this.#closed()
  }

  #closed(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#handler.closed()
  }
}

function joined(left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(left.length + right.length)
  bytes.set(left)
  bytes.set(right, left.length)
  return bytes
}
