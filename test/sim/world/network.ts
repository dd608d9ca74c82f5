import {
  ConnectError,
  type Connector,
  type ConnectOptions,
  type Listener,
  type ListenOptions,
  type Network,
  type Socket,
  type SocketReader,
} from '../../../src/io/ports.ts'
import type { SimProcess } from './process.ts'
import type { World } from './world.ts'

/** Bytes that a sending system takes while the way is blocked. */
const SEND_BUFFER_BYTES = 256 << 10

/** How a process left: a dead process's system says so to its peers, a machine without power says nothing. */
export type Departure = 'killed' | 'powerLost'

/** One direction between two machines. What is sent while it is cut is sent again when it heals, as TCP does. */
interface Way {
  isCut: boolean
  /** What every piece takes longer, without losing its place. */
  extraMs: number
  readonly waiting: (() => void)[]
}

/**
 * Machines and the ways between them. Bytes of one connection arrive in order, in pieces of any size; connections overtake
 * each other. A way can be cut in one direction; a connection can be reset; a machine can vanish.
 */
export class SimNetwork {
  delayMinMs = 0.2
  delayMaxMs = 3
  /** How often a read ends in the middle of what was written. */
  splitProbability = 0.1
  readonly world: World
  readonly #hosts = new Map<string, SimHost>()
  readonly #ways = new Map<string, Way>()
  #nextPort = 40_000

  constructor(world: World) {
    this.world = world
  }

  /** A machine's place in the network; a process that starts on it takes over its address. */
  host(address: string): SimHost {
    let host = this.#hosts.get(address)
    if (host === undefined) {
      host = new SimHost(this, address)
      this.#hosts.set(address, host)
    }
    return host
  }

  find(address: string): SimHost | undefined {
    return this.#hosts.get(address)
  }

  freePort(): number {
    this.#nextPort += 1
    return this.#nextPort
  }

  cut(from: string, to: string): void {
    this.#way(from, to).isCut = true
  }

  heal(from: string, to: string): void {
    const way = this.#way(from, to)
    if (!way.isCut) return
    way.isCut = false
    for (const deliver of way.waiting.splice(0)) deliver()
  }

  healAll(): void {
    for (const way of this.#ways.values()) {
      way.extraMs = 0
      way.isCut = false
      for (const deliver of way.waiting.splice(0)) deliver()
    }
  }

  /** Makes a way slow rather than broken: who is behind it lags and does not know. */
  slow(from: string, to: string, extraMs: number): void {
    this.#way(from, to).extraMs = extraMs
  }

  drawDelayMs(from: string, to: string): number {
    const { extraMs } = this.#way(from, to)
    return extraMs + this.delayMinMs + this.world.random.next() * (this.delayMaxMs - this.delayMinMs)
  }

  /** Runs `deliver` at the far end at `dueMs`, or when the way is whole again. */
  travel(from: string, to: string, dueMs: number, deliver: () => void): void {
    this.world.events.at(dueMs, () => {
      const way = this.#way(from, to)
      if (way.isCut) way.waiting.push(deliver)
      else deliver()
    })
  }

  #way(from: string, to: string): Way {
    const key = `${from} ${to}`
    let way = this.#ways.get(key)
    if (way === undefined) {
      way = { isCut: false, extraMs: 0, waiting: [] }
      this.#ways.set(key, way)
    }
    return way
  }
}

interface Listening {
  readonly process: SimProcess
  readonly accept: (socket: Socket) => SocketReader | undefined
}

/** One machine: its listeners and open sockets, and the two ports for the process that runs on it. */
export class SimHost {
  readonly address: string
  readonly network: SimNetwork
  #process: SimProcess | undefined
  /** A machine without power says nothing; one on which nothing runs refuses. */
  #hasPower = true
  readonly #listeners = new Map<number, Listening>()
  readonly sockets: Set<SimSocket> = new Set()

  constructor(network: SimNetwork, address: string) {
    this.network = network
    this.address = address
  }

  get process(): SimProcess | undefined {
    return this.#process
  }

  /** The process that runs here from now on. */
  occupy(process: SimProcess): void {
    this.#process = process
    this.#hasPower = true
  }

  get hasPower(): boolean {
    return this.#hasPower
  }

  leave(departure: Departure): void {
    this.#process = undefined
    this.#hasPower = departure !== 'powerLost'
    this.#listeners.clear()
    for (const socket of [...this.sockets]) socket.vanish(departure)
    this.sockets.clear()
  }

  listenerOf(port: number): Listening | undefined {
    return this.#listeners.get(port)
  }

  /** Breaks one of the connections that stand here, for both ends. */
  resetOne(): void {
    const sockets = [...this.sockets]
    if (sockets.length === 0) return
    this.network.world.random.pick(sockets).reset()
  }

  readonly ports: { readonly network: Network; readonly connector: Connector } = {
    network: { listen: (options, accept) => this.#listen(options, accept) },
    connector: { connect: (options, opened) => this.#connect(options, opened) },
  }

  #listen(options: ListenOptions, accept: Listening['accept']): Promise<Listener> {
    const process = this.#process
    if (process === undefined) return new Promise(() => {})
    const port = options.port === 0 ? this.network.freePort() : options.port
    if (this.#listeners.has(port)) {
      return Promise.reject(new Error(`cannot listen on ${options.host}:${port}: address in use`))
    }
    this.#listeners.set(port, { process, accept })
    const close = (): Promise<void> => {
      if (this.#listeners.get(port)?.process === process) this.#listeners.delete(port)
      return Promise.resolve()
    }
    return Promise.resolve({ port, host: options.host, close })
  }

  #connect(options: ConnectOptions, opened: (socket: Socket) => SocketReader): Promise<void> {
    const process = this.#process
    if (process === undefined || !process.isAlive) return new Promise(() => {})
    const { network, address } = this
    const { world } = network
    process.step()
    world.note(`${process.name} dials ${options.host}:${options.port}`)
    return new Promise((resolve, reject) => {
      let isOver = false
      const refuse = (code: string): void => {
        if (isOver) return
        isOver = true
        world.note(`${process.name} does not reach ${options.host}:${options.port}: ${code}`)
        process.post(() => reject(new ConnectError(code, `no connection to ${options.host}:${options.port}: ${code}`)))
      }
      world.events.after(options.timeoutMs, () => refuse('ETIMEDOUT'))
      network.travel(address, options.host, world.nowMs + network.drawDelayMs(address, options.host), () => {
        const target = network.find(options.host)
        const listening = target?.listenerOf(options.port)
        if (target === undefined || !target.hasPower) return
        const answer = (deliver: () => void): void =>
          network.travel(options.host, address, world.nowMs + network.drawDelayMs(options.host, address), deliver)
        if (listening === undefined) {
          answer(() => refuse('ECONNREFUSED'))
          return
        }
        const near = new SimSocket(this, process, network.freePort(), options.host, options.port)
        const far = new SimSocket(target, listening.process, options.port, address, near.localPort)
        near.peer = far
        far.peer = near
        target.sockets.add(far)
        listening.process.post(() => far.accepted(listening.accept))
        answer(() => {
          if (near.isClosed) {
            // Broken before it stood.
            refuse('ECONNRESET')
            return
          }
          if (isOver || !process.isAlive) {
            far.peerGone('ECONNRESET')
            return
          }
          isOver = true
          this.sockets.add(near)
          process.post(() => {
            if (near.isClosed) reject(new ConnectError('ECONNRESET', `the connection to ${options.host} broke at once`))
            else {
              near.open(opened(near))
              resolve()
            }
          })
        })
      })
    })
  }
}

/** One end of a connection. */
export class SimSocket implements Socket {
  readonly remoteHost: string
  readonly remotePort: number
  readonly localHost: string
  readonly localPort: number
  peer: SimSocket | undefined
  readonly #host: SimHost
  readonly #process: SimProcess
  #reader: SocketReader | undefined
  /** Bytes that have arrived and not been read, because reading is paused or nobody reads yet. */
  #arrived: Uint8Array[] = []
  #hasPeerEnded = false
  #isPaused = false
  /** No more is sent. */
  #isFinished = false
  #isClosed = false
  #lastDueMs = 0
  #unsentBytes = 0
  readonly #unsent: (() => void)[] = []

  constructor(host: SimHost, process: SimProcess, localPort: number, remoteHost: string, remotePort: number) {
    this.#host = host
    this.#process = process
    this.localHost = host.address
    this.localPort = localPort
    this.remoteHost = remoteHost
    this.remotePort = remotePort
  }

  get isClosed(): boolean {
    return this.#isClosed
  }

  #drawDelayMs(): number {
    return this.#host.network.drawDelayMs(this.localHost, this.remoteHost)
  }

  accepted(accept: (socket: Socket) => SocketReader | undefined): void {
    if (this.#isClosed) return
    const reader = accept(this)
    if (reader === undefined) this.destroy()
    else this.open(reader)
  }

  open(reader: SocketReader): void {
    this.#reader = reader
    this.#read()
  }

  write(parts: readonly Uint8Array[], done: () => void): void {
    const process = this.#process
    process.step()
    if (!process.isAlive) return
    const { network } = this.#host
    const { world } = network
    if (this.#isFinished || this.#isClosed) {
      process.postAfter(0, done)
      return
    }
    const bytes = joined(parts)
    const dueMs = Math.max(this.#lastDueMs, world.nowMs + this.#drawDelayMs())
    this.#lastDueMs = dueMs
    this.#unsentBytes += bytes.length
    const splitAt =
      bytes.length > 1 && world.random.happens(network.splitProbability) ? world.random.between(1, bytes.length - 1) : 0
    if (splitAt > 0) this.#carry(bytes.subarray(0, splitAt), dueMs)
    this.#lastDueMs = splitAt > 0 ? dueMs + world.random.next() * 2 : dueMs
    this.#carry(bytes.subarray(splitAt), this.#lastDueMs)
    if (this.#unsentBytes <= SEND_BUFFER_BYTES) process.postAfter(0.01, done)
    else this.#unsent.push(done)
  }

  #carry(bytes: Uint8Array, dueMs: number): void {
    const { network } = this.#host
    network.travel(this.localHost, this.remoteHost, dueMs, () => {
      this.#unsentBytes -= bytes.length
      if (this.#unsentBytes <= SEND_BUFFER_BYTES) for (const done of this.#unsent.splice(0)) this.#process.post(done)
      this.peer?.arrive(bytes)
    })
  }

  /** Bytes reach this end. Nobody there any more: its system answers with a reset. */
  arrive(bytes: Uint8Array): void {
    if (this.#isClosed || !this.#process.isAlive) {
      this.#answerWithReset()
      return
    }
    this.#process.post(() => {
      if (this.#isClosed) {
        this.#answerWithReset()
        return
      }
      this.#arrived.push(bytes)
      this.#read()
    })
  }

  #answerWithReset(): void {
    const { network } = this.#host
    if (!this.#host.hasPower) return
    network.travel(this.localHost, this.remoteHost, network.world.nowMs + this.#drawDelayMs(), () =>
      this.peer?.peerGone('ECONNRESET'),
    )
  }

  #read(): void {
    const reader = this.#reader
    if (reader === undefined) return
    while (this.#arrived.length > 0 && !this.#isPaused && !this.#isClosed) {
      const bytes = this.#arrived.shift() ?? new Uint8Array(0)
      const target = reader.target()
      const sizeBytes = Math.min(target.length, bytes.length)
      target.set(bytes.subarray(0, sizeBytes))
      if (sizeBytes < bytes.length) this.#arrived.unshift(bytes.subarray(sizeBytes))
      reader.onRead(sizeBytes)
    }
    if (!this.#hasPeerEnded || this.#isPaused || this.#isClosed || this.#arrived.length > 0) return
    this.#hasPeerEnded = false
    reader.onPeerEnd()
    // An end that nobody answers would keep the connection half open for ever; both users of these ports close theirs.
    if (!this.#isFinished) this.finish()
  }

  /** The other end's last byte has been read. */
  #peerEnds(): void {
    this.#hasPeerEnded = true
    this.#read()
  }

  /** The connection is broken: what was under way to here is lost. */
  peerGone(cause: string): void {
    if (this.#isClosed || !this.#process.isAlive) return
    this.#close(cause)
  }

  pauseReading(): void {
    this.#isPaused = true
  }

  resumeReading(): void {
    if (!this.#isPaused) return
    this.#isPaused = false
    this.#process.postAfter(0, () => this.#read())
  }

  retarget(): void {
    // The target is asked for when bytes are there.
  }

  finish(): void {
    this.#process.step()
    if (this.#isFinished || this.#isClosed || !this.#process.isAlive) return
    this.#isFinished = true
    const { network } = this.#host
    const dueMs = Math.max(this.#lastDueMs, network.world.nowMs + this.#drawDelayMs())
    this.#lastDueMs = dueMs
    network.travel(this.localHost, this.remoteHost, dueMs, () => this.peer?.ended())
    this.#process.postAfter(0.01, () => this.#close(''))
  }

  ended(): void {
    if (this.#isClosed || !this.#process.isAlive) return
    this.#process.post(() => {
      if (!this.#isClosed) this.#peerEnds()
    })
  }

  destroy(): void {
    this.#process.step()
    if (this.#isClosed || !this.#process.isAlive) return
    const { network } = this.#host
    const wasFinished = this.#isFinished
    this.#isFinished = true
    // Unread bytes make the system send a reset, which may overtake nothing but destroys what the peer has not read.
    const isReset = this.#arrived.length > 0 || network.world.random.happens(0.3)
    const dueMs = Math.max(this.#lastDueMs, network.world.nowMs + this.#drawDelayMs())
    if (!wasFinished) {
      network.travel(this.localHost, this.remoteHost, dueMs, () =>
        isReset ? this.peer?.peerGone('ECONNRESET') : this.peer?.ended(),
      )
    }
    this.#close('')
  }

  /** Both ends learn, each in its own time, that the connection is no more. */
  reset(): void {
    const { network } = this.#host
    for (const end of [this, this.peer]) {
      network.world.events.after(network.world.random.next() * 20, () => end?.peerGone('ECONNRESET'))
    }
  }

  vanish(departure: Departure): void {
    this.#isClosed = true
    this.#isFinished = true
    if (departure === 'powerLost') return
    const { network } = this.#host
    const dueMs = Math.max(this.#lastDueMs, network.world.nowMs + this.#drawDelayMs())
    network.travel(this.localHost, this.remoteHost, dueMs, () => this.peer?.peerGone('ECONNRESET'))
  }

  #close(cause: string): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#isFinished = true
    this.#host.sockets.delete(this)
    for (const done of this.#unsent.splice(0)) this.#process.postAfter(0, done)
    this.#process.postAfter(0, () => this.#reader?.onClosed(cause))
  }
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  let sizeBytes = 0
  for (const part of parts) sizeBytes += part.length
  const bytes = new Uint8Array(sizeBytes)
  let at = 0
  for (const part of parts) {
    bytes.set(part, at)
    at += part.length
  }
  return bytes
}
