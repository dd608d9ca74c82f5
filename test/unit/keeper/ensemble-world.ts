import type {
  Connector,
  ConnectOptions,
  Listener,
  ListenOptions,
  Network,
  Socket,
  SocketReader,
} from '../../../src/io/ports.ts'
import { ConnectError } from '../../../src/io/ports.ts'
import { FrameSplitter } from '../../../src/jute/framing.ts'

import { readConnectResponse, readReplyHeader, writeConnectRequest } from '../../../src/jute/generated/proto.ts'
import { JuteReader } from '../../../src/jute/reader.ts'
import { JuteWriter } from '../../../src/jute/writer.ts'
import type { KeeperOptions } from '../../../src/keeper/contract.ts'
import {
  createMemberKeeper,
  type EnsembleOptions,
  type MemberKeeper,
} from '../../../src/keeper/quorum/quorum-keeper.ts'
import type { KeeperConnection } from '../../../src/keeper/server/channel.ts'
import { parseEnsembleConfig } from '../../../src/zab/config/ensemble-config.ts'
import { MemoryDisk } from '../../support/memory-disk.ts'
import { ManualTime, silentLog, steadyEntropy } from './support.ts'

/** One end of a stream in memory. What is written arrives a little later, in order, in pieces of the reader's size. */
class FakeSocket implements Socket {
  readonly remoteHost = '127.0.0.1'
  readonly remotePort = 1
  readonly localHost = '127.0.0.1'
  readonly localPort = 1
  reader: SocketReader | undefined
  peer: FakeSocket | undefined
  isOpen = true
  /** Held back by a test. */
  isStuck = false
  readonly #inbox: Uint8Array[] = []

  write(parts: readonly Uint8Array[], done: () => void): void {
    for (const part of parts) this.peer?.arrived(part.slice())
    queueMicrotask(done)
  }

  arrived(bytes: Uint8Array): void {
    this.#inbox.push(bytes)
    queueMicrotask(() => this.deliver())
  }

  deliver(): void {
    for (let next = this.#inbox[0]; next !== undefined && this.isOpen && !this.isStuck; next = this.#inbox[0]) {
      this.#inbox.shift()
      for (let at = 0; at < next.length && this.isOpen; ) {
        const target = this.reader?.target()
        if (target === undefined) break
        const piece = next.subarray(at, at + target.length)
        target.set(piece)
        at += piece.length
        this.reader?.onRead(piece.length)
      }
    }
  }

  pauseReading(): void {}
  resumeReading(): void {}
  retarget(): void {}

  finish(): void {
    queueMicrotask(() => this.destroy())
  }

  destroy(): void {
    if (!this.isOpen) return
    this.isOpen = false
    const { peer } = this
    queueMicrotask(() => {
      this.reader?.onClosed('')
      if (peer?.isOpen !== true) return
      queueMicrotask(() => {
        peer.deliver()
        peer.isOpen = false
        peer.reader?.onClosed('the other end closed')
      })
    })
  }
}

/** Ports of one machine, between members that can be cut off from each other. */
class FakeNetwork {
  readonly #listeners = new Map<number, { readonly owner: number; accept(socket: Socket): SocketReader | undefined }>()
  readonly #sockets: { readonly owners: readonly [number, number]; readonly socket: FakeSocket }[] = []
  readonly cutOff = new Set<number>()

  of(owner: number): { readonly network: Network; readonly connector: Connector } {
    return {
      network: { listen: (options, accept) => this.#listen(owner, options, accept) },
      connector: { connect: (options, opened) => this.#connect(owner, options, opened) },
    }
  }

  /** The process is gone, or the cable. */
  drop(owner: number, isForGood: boolean): void {
    for (const [port, listener] of this.#listeners)
      if (isForGood && listener.owner === owner) this.#listeners.delete(port)
    for (const { owners, socket } of this.#sockets) if (owners.includes(owner)) socket.destroy()
  }

  async #listen(
    owner: number,
    { port }: ListenOptions,
    accept: (socket: Socket) => SocketReader | undefined,
  ): Promise<Listener> {
    this.#listeners.set(port, { owner, accept })
    return {
      port,
      host: '127.0.0.1',
      close: async () => {
        if (this.#listeners.get(port)?.accept === accept) this.#listeners.delete(port)
      },
    }
  }

  async #connect(owner: number, { port }: ConnectOptions, opened: (socket: Socket) => SocketReader): Promise<void> {
    const listener = this.#listeners.get(port)
    if (listener === undefined || this.cutOff.has(owner) || this.cutOff.has(listener.owner)) {
      throw new ConnectError('ECONNREFUSED', `nobody listens on ${port}`)
    }
    const [near, far] = [new FakeSocket(), new FakeSocket()]
    near.peer = far
    far.peer = near
    for (const socket of [near, far]) this.#sockets.push({ owners: [owner, listener.owner], socket })
    far.reader = listener.accept(far)
    if (far.reader === undefined) far.destroy()
    near.reader = opened(near)
    near.deliver()
  }
}

/** What a test may change in every member. */
export interface EnsembleWorldOptions {
  readonly keeper?: Partial<KeeperOptions>
  readonly ensemble?: Partial<EnsembleOptions>
  /** Members that only observe. */
  readonly observers?: readonly number[]
}

/** An ensemble on memory disks and a network in memory, in time that passes only when told to. */
export class EnsembleWorld {
  readonly time: ManualTime = new ManualTime()
  readonly network = new FakeNetwork()
  readonly disks = new Map<number, MemoryDisk>()
  readonly failures: unknown[] = []
  readonly #members = new Map<number, MemberKeeper>()
  readonly #options: EnsembleWorldOptions
  readonly #text: string

  constructor(ids: readonly number[], options: EnsembleWorldOptions = {}) {
    this.#options = options
    const role = (id: number): string => (options.observers?.includes(id) === true ? 'observer' : 'participant')
    this.#text = ids.map((id) => `server.${id}=127.0.0.1:${20_000 + id}:${30_000 + id}:${role(id)};${id}`).join('\n')
    for (const id of ids) this.disks.set(id, new MemoryDisk())
  }

  member(id: number): MemberKeeper {
    const member = this.#members.get(id)
    if (member === undefined) throw new Error(`server ${id} does not run`)
    return member
  }

  async start(...ids: readonly number[]): Promise<void> {
    const config = parseEnsembleConfig(this.#text)
    if (config === undefined) throw new Error('the configuration of a test can be read')
    for (const id of ids) {
      const disk = this.disks.get(id)
      if (disk === undefined) throw new Error(`there is no server ${id}`)
      const member = createMemberKeeper(
        {
          disk,
          clock: this.time,
          timers: this.time,
          entropy: steadyEntropy,
          log: silentLog,
          directory: '/keeper',
          tickTimeMs: 1000,
          preallocateBytes: 4096,
          fourLetterWords: ['*'],
          onFailed: (error) => this.failures.push(error),
          ...this.#options.keeper,
        },
        {
          serverId: id,
          config,
          initLimitTicks: 10,
          syncLimitTicks: 5,
          connectTimeoutMs: 1000,
          ...this.network.of(id),
          ...this.#options.ensemble,
        },
      )
      this.#members.set(id, member)
      await member.listen()
      member.start()
    }
    await this.time.advance(0)
  }

  /** The process is killed. @param losesPower and its machine with it */
  crash(id: number, losesPower = false): void {
    const disk = this.disks.get(id)
    this.network.drop(id, true)
    // Whatever the dead process still does goes nowhere.
    void this.#members
      .get(id)
      ?.stop()
      .catch(() => undefined)
    this.#members.delete(id)
    if (losesPower) disk?.losePower()
    else disk?.killProcess()
  }

  /** Lets time pass until one of the running members leads and all others serve. @returns the leader */
  async leader(withinMs = 20_000): Promise<number> {
    for (let waitedMs = 0; waitedMs <= withinMs; waitedMs += 50) {
      const running = [...this.#members]
      const leader = running.find(([, member]) => member.role === 'leading')
      if (leader !== undefined && running.every(([, member]) => member.server !== undefined)) return leader[0]
      await this.time.advance(50)
    }
    const roles = [...this.#members].map(([id, member]) => `${id} ${member.role}`)
    throw new Error(`no ensemble within ${withinMs} ms: ${roles.join(', ')}`)
  }
}

/** Looks for an answer, with a little time between them. */
const WAITS_MAX = 20

export interface Answer {
  readonly xid: number
  readonly zxid: number
  readonly err: number
  readonly reader: JuteReader
}

/** A client that says exactly what it is told to, to one server. */
export class EnsembleClient {
  readonly answers: Answer[] = []
  isClosed = false
  text = ''
  sessionId = 0n
  password: Uint8Array = new Uint8Array(16)
  timeoutMs = -1
  isReadOnlyServer: boolean | undefined
  readonly #world: EnsembleWorld
  readonly #connection: KeeperConnection
  readonly #splitter = new FrameSplitter(1 << 24)
  #isOpen = false
  #xid = 0

  constructor(world: EnsembleWorld, id: number) {
    this.#world = world
    this.#connection = world.member(id).accept({
      remoteAddress: '10.1.2.3',
      remotePort: 4000,
      send: (bytes) => this.#received(bytes),
      close: () => {
        this.isClosed = true
      },
      pause: () => {},
      resume: () => {},
    })
  }

  /** @param from another client whose session is taken over */
  async open(from?: EnsembleClient, readOnly = false): Promise<this> {
    this.#feed((writer) =>
      writeConnectRequest(writer, {
        protocolVersion: 0,
        lastZxidSeen: 0,
        timeOut: 6000,
        sessionId: from?.sessionId ?? 0n,
        passwd: from?.password ?? new Uint8Array(16),
        readOnly,
      }),
    )
    for (let wait = 0; this.timeoutMs < 0 && !this.isClosed && wait < WAITS_MAX; wait += 1) {
      await this.#world.time.advance(2)
    }
    return this
  }

  /** Sends without waiting. @returns the xid */
  say(type: number, body: (writer: JuteWriter) => void = () => {}): number {
    this.#xid += 1
    const xid = this.#xid
    this.#feed((writer) => {
      writer.int32(xid)
      writer.int32(type)
      body(writer)
    })
    return xid
  }

  answer(xid: number): Answer | undefined {
    return this.answers.find((each) => each.xid === xid)
  }

  async ask(type: number, body?: (writer: JuteWriter) => void): Promise<Answer> {
    const xid = this.say(type, body)
    let answer = this.answer(xid)
    for (let wait = 0; answer === undefined && !this.isClosed && wait < WAITS_MAX; wait += 1) {
      await this.#world.time.advance(2)
      answer = this.answer(xid)
    }
    if (answer === undefined) throw new Error(`no answer to ${xid}${this.isClosed ? ': closed' : ''}`)
    return answer
  }

  feed(bytes: Uint8Array): void {
    this.#connection.feed(bytes)
  }

  drop(): void {
    this.#connection.closed()
  }

  #feed(body: (writer: JuteWriter) => void): void {
    const writer = new JuteWriter()
    const frame = writer.beginFrame()
    body(writer)
    writer.endFrame(frame)
    this.#connection.feed(writer.finish())
  }

  #received(bytes: Uint8Array): void {
    this.text += new TextDecoder().decode(bytes)
    this.#splitter.feed(
      bytes,
      (chunk, startsAt, endsAt) => this.#frame(chunk.slice(startsAt, endsAt)),
      () => false,
    )
  }

  #frame(bytes: Uint8Array): void {
    const reader = new JuteReader(bytes)
    if (this.#isOpen) {
      this.answers.push({ ...readReplyHeader(reader), reader })
      return
    }
    this.#isOpen = true
    const response = readConnectResponse(reader)
    this.sessionId = response.sessionId
    this.timeoutMs = response.timeOut
    this.password = (response.passwd ?? new Uint8Array(16)).slice()
    this.isReadOnlyServer = response.readOnly
  }
}
