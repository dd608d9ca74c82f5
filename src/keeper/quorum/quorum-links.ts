import type { Connector, Listener, Logger, Network, Socket, SocketReader, TimerHandle, Timers } from '../../io/ports.ts'
import { JuteWriter } from '../../jute/writer.ts'
import type { LearnerMessage, LinkId, ServerId } from '../../zab/contract.ts'
import { type ServerAddress, socketHost } from '../../zab/config/ensemble-config.ts'
import { type ReadingEnd, writeLearnerMessage } from '../../zab/wire/learner-codec.ts'
import { LearnerStream } from '../../zab/wire/learner-stream.ts'

const READ_BYTES = 1 << 16
const BACKLOG = 64
/** A learner may be quicker than the server it elected: so long its connection waits for that server to find out. */
const HELD_MS = 4000
const HELD_MAX = 64
/** What a peer does not read; more than the window of a snapshot that large would be hopeless anyway. */
const UNSENT_BYTES_MAX = 256 << 20

/** What to do with learners that connect. */
export type Reception = 'hold' | 'take' | 'refuse'

export interface QuorumLinksHandler {
  linkUp(link: LinkId, dialed: ServerId | null): void
  linkDown(link: LinkId): void
  dialFailed(peer: ServerId): void
  message(link: LinkId, message: LearnerMessage): void
  /** A stretch of a snapshot; valid during the call. */
  snapshotBytes(link: LinkId, bytes: Uint8Array): void
  /** Everything of one read has been handed over: the turn may end. */
  batch(work: () => void): void
}

export interface QuorumLinksOptions {
  readonly network: Network
  readonly connector: Connector
  readonly timers: Timers
  readonly log: Logger
  readonly connectTimeoutMs: number
  readonly handler: QuorumLinksHandler
}

/** Produces what follows SNAP, or a history that is too long for one turn. */
export interface StreamSource {
  /** @returns the next stretch, or undefined at the end */
  next(): Uint8Array | undefined
  /** Known to have nothing more, so that what follows need not wait for another turn. Absent = not known. */
  readonly isAtEnd?: boolean
  /** A stretch has left. */
  sent(): void
  /** Nothing more is wanted of it. Harmless at its end. */
  close(): void
}

/** The quorum port: connections of learners to this server when it leads, and ours to the leader. */
export class QuorumLinks {
  readonly #options: QuorumLinksOptions
  readonly #links = new Map<LinkId, Link>()
  readonly #withOutput = new Set<Link>()
  readonly #held = new Set<Held>()
  #listener: Listener | undefined
  #reception: Reception = 'hold'
  #nextLink = 1
  #isStopped = false

  constructor(options: QuorumLinksOptions) {
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

  /** What becomes of learners that connect, and of those that wait. */
  receive(reception: Reception): void {
    this.#reception = reception
    if (reception === 'hold') return
    for (const held of [...this.#held]) {
      this.#held.delete(held)
      this.#options.timers.cancel(held.timer)
      if (reception === 'refuse') held.link.socket.destroy()
      else this.#open(held.link, null)
    }
  }

  /** Reaches one of a server's addresses, in their order. */
  dial(peer: ServerId, addresses: readonly ServerAddress[]): void {
    const [address] = addresses
    const { connector, connectTimeoutMs, handler, log } = this.#options
    if (address === undefined) {
      handler.dialFailed(peer)
      return
    }
    const target = { host: socketHost(address.host), port: address.quorumPort, timeoutMs: connectTimeoutMs }
    connector
      .connect(target, (socket) => {
        const link = this.#create(socket, 'learner')
        if (this.#isStopped) socket.destroy()
        else this.#open(link, peer)
        return link
      })
      .catch((error: unknown) => {
        if (this.#isStopped) return
        log.info('no connection to the quorum port of the leader', { server: peer, cause: String(error) })
        if (addresses.length > 1) this.dial(peer, addresses.slice(1))
        else handler.dialFailed(peer)
      })
  }

  send(id: LinkId, message: LearnerMessage): void {
    const link = this.#links.get(id)
    if (link === undefined) return
    link.queue(message)
    this.#withOutput.add(link)
  }

  /** SNAP and the snapshot behind it; what is sent later follows it. */
  sendSnapshot(id: LinkId, message: LearnerMessage, source: StreamSource): void {
    const link = this.#links.get(id)
    if (link === undefined) return
    link.queue(message)
    link.stream(source)
  }

  /** A history; what is sent later follows it. */
  sendHistory(id: LinkId, source: StreamSource): void {
    this.#links.get(id)?.stream(source)
  }

  /** What was given to `send` leaves, in one write for each connection. */
  flush(): void {
    for (const link of this.#withOutput) {
      link.flush()
      if (link.unsentBytes > UNSENT_BYTES_MAX) {
        this.#options.log.warn('a member does not read what it is sent: cut off', { link: link.id })
        link.socket.destroy()
      }
    }
    this.#withOutput.clear()
  }

  /** Ends a connection behind what was sent. Nothing more comes from it. */
  close(id: LinkId): void {
    const link = this.#links.get(id)
    if (link === undefined) return
    this.#links.delete(id)
    link.flush()
    this.#withOutput.delete(link)
    link.end()
  }

  /** Ends a connection from our side as if it had broken. */
  fail(id: LinkId): void {
    this.#links.get(id)?.socket.destroy()
  }

  async stop(): Promise<void> {
    this.#isStopped = true
    for (const held of this.#held) {
      this.#options.timers.cancel(held.timer)
      held.link.socket.destroy()
    }
    for (const link of this.#links.values()) link.socket.destroy()
    this.#links.clear()
    await this.#listener?.close()
  }

  #accept(socket: Socket): SocketReader | undefined {
    if (this.#isStopped || this.#reception === 'refuse' || this.#held.size >= HELD_MAX) return undefined
    const link = this.#create(socket, 'leader')
    if (this.#reception === 'take') {
      this.#open(link, null)
      return link
    }
    const held: Held = {
      link,
      timer: this.#options.timers.start(HELD_MS, () => {
        this.#held.delete(held)
        socket.destroy()
      }),
    }
    this.#held.add(held)
    return link
  }

  #create(socket: Socket, end: ReadingEnd): Link {
    const id = this.#nextLink
    this.#nextLink += 1
    const link: Link = new Link(id, socket, end, this.#options, {
      isOpen: () => this.#links.get(id) === link,
      closed: () => {
        for (const held of this.#held) {
          if (held.link !== link) continue
          this.#options.timers.cancel(held.timer)
          this.#held.delete(held)
        }
        if (!this.#links.delete(id)) return
        this.#withOutput.delete(link)
        this.#options.handler.linkDown(id)
      },
    })
    return link
  }

  #open(link: Link, dialed: ServerId | null): void {
    this.#links.set(link.id, link)
    this.#options.handler.linkUp(link.id, dialed)
    link.feedHeld()
  }
}

interface Held {
  readonly link: Link
  readonly timer: TimerHandle
}

interface LinkOwner {
  isOpen(): boolean
  closed(): void
}

/** What a held connection may have sent: its introduction, a hundred bytes. */
const HELD_BYTES_MAX = 4096
/** Of a stream under way at most this much waits for the socket. */
const STREAM_UNSENT_BYTES = 1 << 20

/** One connection of the quorum port. */
class Link implements SocketReader {
  readonly id: LinkId
  readonly socket: Socket
  #unsentBytes = 0
  readonly #owner: LinkOwner
  readonly #handler: QuorumLinksHandler
  readonly #timers: Timers
  readonly #log: Logger
  readonly #buffer = new Uint8Array(READ_BYTES)
  readonly #stream: LearnerStream
  readonly #out = new JuteWriter(1 << 12)
  #source: StreamSource | undefined
  #held: Uint8Array = new Uint8Array(0)
  #isEnded = false

  constructor(id: LinkId, socket: Socket, end: ReadingEnd, options: QuorumLinksOptions, owner: LinkOwner) {
    this.id = id
    this.socket = socket
    this.#owner = owner
    this.#handler = options.handler
    this.#timers = options.timers
    this.#log = options.log
    this.#stream = new LearnerStream(end, {
      message: (message) => {
        if (owner.isOpen()) this.#handler.message(id, message)
      },
      snapshotBytes: (bytes) => {
        if (owner.isOpen()) this.#handler.snapshotBytes(id, bytes)
      },
    })
  }

  /** What the peer has yet to take. */
  get unsentBytes(): number {
    return this.#unsentBytes + this.#out.at
  }

  queue(message: LearnerMessage): void {
    writeLearnerMessage(this.#out, message)
  }

  /** Behind a stream under way everything waits. */
  flush(): void {
    if (this.#source !== undefined || this.#out.at === 0) return
    const bytes = this.#out.finish()
    this.#out.clear()
    this.#unsentBytes += bytes.length
    this.socket.write([bytes], () => {
      this.#unsentBytes -= bytes.length
    })
  }

  stream(source: StreamSource): void {
    this.flush()
    this.#source = source
    this.#pump(source)
  }

  end(): void {
    this.#isEnded = true
    this.#source?.close()
    if (this.#source === undefined) this.socket.finish()
    else this.socket.destroy()
  }

  feedHeld(): void {
    const held = this.#held
    this.#held = new Uint8Array(0)
    if (held.length > 0) this.#feed(held)
  }

  target(): Uint8Array {
    return this.#buffer
  }

  onRead(sizeBytes: number): void {
    const bytes = this.#buffer.subarray(0, sizeBytes)
    if (this.#owner.isOpen()) this.#feed(bytes)
    else if (!this.#isEnded) this.#hold(bytes)
  }

  onPeerEnd(): void {
    this.socket.finish()
    this.#closed()
  }

  onClosed(): void {
    this.#closed()
  }

  #feed(bytes: Uint8Array): void {
    let isGood = true
    this.#handler.batch(() => {
      isGood = this.#stream.feed(bytes)
    })
    if (isGood || this.#isEnded) return
    this.#log.warn('a member sent what cannot be read: its connection is closed', {
      address: `${this.socket.remoteHost}:${this.socket.remotePort}`,
      problem: this.#stream.problem,
    })
    this.socket.destroy()
    this.#closed()
  }

  #hold(bytes: Uint8Array): void {
    if (this.#held.length + bytes.length > HELD_BYTES_MAX) {
      this.socket.destroy()
      return
    }
    const held = new Uint8Array(this.#held.length + bytes.length)
    held.set(this.#held)
    held.set(bytes, this.#held.length)
    this.#held = held
  }

  /** A stretch at a time, the next when the socket has room. */
  #pump(source: StreamSource): void {
    if (this.#isEnded) return
    const bytes = source.next()
    if (bytes === undefined) {
      this.#source = undefined
      this.flush()
      return
    }
    this.#unsentBytes += bytes.length
    const mustWait = this.#unsentBytes > STREAM_UNSENT_BYTES
    this.socket.write([bytes], () => {
      this.#unsentBytes -= bytes.length
      source.sent()
      if (mustWait && this.#source === source) this.#pumpSoon(source)
    })
    if (source.isAtEnd === true) {
      this.#source = undefined
      this.flush()
    } else if (!mustWait) this.#pumpSoon(source)
  }

  /** Other work comes between: a stream never holds up the loop. */
  #pumpSoon(source: StreamSource): void {
    this.#timers.start(0, () => this.#pump(source))
  }

  #closed(): void {
    this.#isEnded = true
    this.#source?.close()
    this.#owner.closed()
  }
}
