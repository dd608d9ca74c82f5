import type { ControlPlane, PartitionView, TopicView } from '../../../src/cluster/contract.ts'
import { ClusterView } from '../../../src/cluster/view.ts'
import { type Broker, type BrokerOptions, createBroker } from '../../../src/broker/broker.ts'
import type { GroupService } from '../../../src/broker/groups/contract.ts'
import type { Listener, ListenOptions, Network, Socket, SocketReader } from '../../../src/io/ports.ts'
import type { Draft } from '../../../src/protocol/wire/draft.ts'
import { beginRequest, endFrame, readResponseHeader } from '../../../src/protocol/wire/header.ts'
import { Reader } from '../../../src/protocol/wire/reader.ts'
import { Writer } from '../../../src/protocol/wire/writer.ts'
import { Replica } from '../../../src/partition/replica.ts'
import type { PartitionConfig } from '../../../src/partition/contract.ts'
import { createLogEnvironment } from '../../../src/log/environment.ts'
import { Shard } from '../../../src/shard/shard.ts'
import { loadCoreModule } from '../../../src/io/node/core-module.ts'
import { nodeCompression } from '../../../src/io/node/compression.ts'
import { createCoreMemory } from '../../../src/wasm/load.ts'
import { createRecordCodec } from '../../../src/wasm/record-codec.ts'
import { createRecordCore } from '../../../src/wasm/record-core.ts'
import { LOG_WINDOW_SIZE_BYTES, shardMemory } from '../../../src/wasm/memory-map.ts'
import { MemoryDisk } from '../../support/memory-disk.ts'
import { DEFAULT_CONFIG } from '../../support/log-world.ts'
import { type FakeMailbox, FakeTime, FakeTurns, fakeMailboxes, RecordingLogger } from '../shard/support.ts'
import { leaderRole } from '../../support/roles.ts'

export const MIB: number = 1024 * 1024
export const BROKER_ID = 1
const MEMORY_SIZE_BYTES = 64 * MIB
const module = loadCoreModule()

/** A socket whose other end is the test: nothing moves until it is told to. */
export class FakeSocket implements Socket {
  readonly remoteHost = '10.0.0.9'
  readonly remotePort = 55_555
  readonly localHost = '10.0.0.1'
  readonly localPort = 9092
  reader: SocketReader | undefined
  /** What the broker sent, in order. */
  readonly sent: number[] = []
  /** Parts per write. */
  readonly writes: number[] = []
  isPaused = false
  isClosed = false
  isFinishing = false
  /** False: the peer does not read, writes are not called back. */
  isTaking = true
  /** What the shorter way says to each try; absent unless a test sets it. */
  sendNow?: NonNullable<Socket['sendNow']>
  /** Bytes of each answer that went the shorter way. */
  readonly direct: number[] = []
  #target: Uint8Array = new Uint8Array(0)
  #waiting: Uint8Array[] = []
  #stuck: (() => void)[] = []
  #done: (() => void)[] = []

  open(reader: SocketReader): void {
    this.reader = reader
    this.#target = reader.target()
  }

  /** Bytes from the peer; they wait while the broker does not read. */
  push(bytes: Uint8Array): void {
    this.#waiting.push(bytes)
    this.#deliver()
  }

  get waitingBytes(): number {
    return this.#waiting.reduce((sum, bytes) => sum + bytes.length, 0)
  }

  /** Runs callbacks of writes that the peer has taken. @returns whether there were any */
  settle(): boolean {
    const done = this.#done
    this.#done = []
    for (const callback of done) callback()
    return done.length > 0
  }

  take(): void {
    this.isTaking = true
    this.#done.push(...this.#stuck)
    this.#stuck = []
  }

  write(parts: readonly Uint8Array[], done: () => void): void {
    this.writes.push(parts.length)
    for (const part of parts) for (const byte of part) this.sent.push(byte)
    if (this.isTaking) this.#done.push(done)
    else this.#stuck.push(done)
  }

  /** From now on the shorter way is there and says `outcome`. */
  offerDirect(outcome: 'sent' | 'kept' | 'refused'): void {
    this.sendNow = (bytes, done) => {
      if (outcome === 'refused') return outcome
      this.direct.push(bytes.length)
      for (const byte of bytes) this.sent.push(byte)
      if (outcome === 'kept') (this.isTaking ? this.#done : this.#stuck).push(done)
      return outcome
    }
  }

  pauseReading(): void {
    this.isPaused = true
  }

  resumeReading(): void {
    this.isPaused = false
    this.#deliver()
  }

  retarget(): void {
    if (this.reader !== undefined) this.#target = this.reader.target()
  }

  finish(): void {
    this.isFinishing = true
    this.destroy()
  }

  destroy(): void {
    if (this.isClosed) return
    this.isClosed = true
    for (const done of [...this.#done, ...this.#stuck]) done()
    this.#done = []
    this.#stuck = []
    this.reader?.onClosed('')
  }

  #isDelivering = false
  #deliver(): void {
    if (this.#isDelivering) return
    this.#isDelivering = true
    while (this.#waiting.length > 0 && !this.isPaused && !this.isClosed && this.reader !== undefined) {
      const bytes = this.#waiting[0] as Uint8Array
      const sizeBytes = Math.min(bytes.length, this.#target.length)
      this.#target.set(bytes.subarray(0, sizeBytes))
      if (sizeBytes === bytes.length) this.#waiting.shift()
      else this.#waiting[0] = bytes.subarray(sizeBytes)
      this.reader.onRead(sizeBytes)
      this.#target = this.reader.target()
    }
    this.#isDelivering = false
  }
}

export class FakeNetwork implements Network {
  accept: ((socket: Socket) => SocketReader | undefined) | undefined
  isClosed = false

  listen(options: ListenOptions, accept: (socket: Socket) => SocketReader | undefined): Promise<Listener> {
    this.accept = accept
    const close = () => {
      this.isClosed = true
      return Promise.resolve()
    }
    return Promise.resolve({ host: options.host, port: 9092, close })
  }
}

/** One request and how to read its answer, as the generated codecs have them. */
export interface Exchange<Request, Response> {
  readonly apiKey: number
  readonly version: number
  readonly write: (writer: Writer, message: Draft<Request>, version: number) => void
  readonly read: (reader: Reader, version: number) => Response
}

export function frameOf<Request, Response>(
  exchange: Exchange<Request, Response>,
  message: Draft<Request>,
  correlationId: number,
  clientId: string | null = 'test',
): Uint8Array {
  const writer = new Writer()
  const startsAt = beginRequest(writer, exchange.apiKey, exchange.version, correlationId, clientId)
  exchange.write(writer, message, exchange.version)
  endFrame(writer, startsAt)
  if (!writer.ok) throw new Error(writer.reason)
  return writer.finishCopy()
}

/** The answer frames in `bytes`, without their sizes. */
export function framesIn(bytes: Uint8Array): Uint8Array[] {
  const frames: Uint8Array[] = []
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let at = 0
  while (at + 4 <= bytes.length) {
    const sizeBytes = view.getInt32(at)
    if (at + 4 + sizeBytes > bytes.length) throw new Error('an answer is cut')
    frames.push(bytes.slice(at + 4, at + 4 + sizeBytes))
    at += 4 + sizeBytes
  }
  return frames
}

export function parseFrame<Request, Response>(
  exchange: Exchange<Request, Response>,
  frame: Uint8Array,
): { readonly correlationId: number; readonly response: Response } {
  const reader = new Reader(frame)
  const { correlationId } = readResponseHeader(reader, exchange.apiKey, exchange.version)
  const response = exchange.read(reader, exchange.version)
  if (!reader.ok) throw new Error(reader.reason)
  if (reader.remaining !== 0) throw new Error(`${reader.remaining} bytes too many`)
  return { correlationId, response }
}

/** A peer of the broker under test. */
export class FakeClient {
  readonly socket: FakeSocket = new FakeSocket()
  readonly #world: BrokerWorld
  #correlationId = 0
  #readUpTo = 0

  constructor(world: BrokerWorld) {
    this.#world = world
  }

  send<Request, Response>(exchange: Exchange<Request, Response>, message: Draft<Request>): number {
    this.#correlationId += 1
    this.socket.push(frameOf(exchange, message, this.#correlationId))
    return this.#correlationId
  }

  /** Answers that came since the last call, as whole frames. */
  frames(): Uint8Array[] {
    const bytes = Uint8Array.from(this.socket.sent.slice(this.#readUpTo))
    this.#readUpTo = this.socket.sent.length
    return framesIn(bytes)
  }

  /** Sends and runs the world until the answer is there. */
  async ask<Request, Response>(exchange: Exchange<Request, Response>, message: Draft<Request>): Promise<Response> {
    const correlationId = this.send(exchange, message)
    await this.#world.run()
    const frames = this.frames()
    if (frames.length !== 1) {
      throw new Error(`${frames.length} answers instead of one; log: ${this.#world.log.lines.join(' | ')}`)
    }
    const { response, correlationId: answered } = parseFrame(exchange, frames[0] as Uint8Array)
    if (answered !== correlationId) throw new Error(`answer ${answered} to request ${correlationId}`)
    return response
  }
}

export interface WorldOptions {
  readonly broker?: Partial<BrokerOptions>
  readonly control?: Partial<ControlPlane>
  readonly groups?: Partial<GroupService>
  readonly memorySizeBytes?: number
  /** 0: everything is read from files. */
  readonly hotTailSizeBytes?: number
  /** Odd partitions belong to a second shard. */
  readonly hasNeighbour?: boolean
}

/** One worker: a real shard on a disk in memory, and the broker on a network that the test moves. */
export class BrokerWorld {
  readonly time: FakeTime = new FakeTime()
  readonly turns: FakeTurns = new FakeTurns()
  readonly log: RecordingLogger = new RecordingLogger()
  readonly disk: MemoryDisk = new MemoryDisk()
  readonly network: FakeNetwork = new FakeNetwork()
  readonly view: ClusterView = new ClusterView()
  readonly shard: Shard
  /** Another shard of the node, without a broker. */
  readonly neighbour: Shard | undefined
  readonly #mailboxes: readonly FakeMailbox[]
  readonly broker: Broker
  readonly codec: ReturnType<typeof createRecordCodec> = createRecordCodec(module, nodeCompression)
  readonly clients: FakeClient[] = []
  #nextHandle = 1

  constructor(options: WorldOptions = {}) {
    const sizeBytes = options.memorySizeBytes ?? MEMORY_SIZE_BYTES
    const memory = createCoreMemory(module, sizeBytes)
    this.disk.makeDirectory('/data')
    const { left, right } = fakeMailboxes()
    const shardCount = options.hasNeighbour === true ? 2 : 1
    this.#mailboxes = shardCount === 1 ? [] : [left, right]
    this.shard = this.#makeShard(memory, options, shardCount, 0, shardCount === 1 ? [undefined] : [undefined, left])
    this.neighbour = shardCount === 1 ? undefined : this.#makeShard(memory, options, 2, 1, [right, undefined])
    this.view.apply({
      kind: 'cluster',
      clusterId: 'cluster',
      controllerId: BROKER_ID,
      brokers: [1, 2].map((id) => ({
        id,
        rack: null,
        endpoints: [{ listener: 'PLAINTEXT', host: `broker-${id}`, port: 9090 + id, securityProtocol: 'PLAINTEXT' }],
      })),
    })
    this.broker = createBroker({
      services: {
        brokerId: BROKER_ID,
        view: this.view,
        control: (options.control ?? {}) as ControlPlane,
        shards: this.shard,
        config: { logDirectories: ['/data'] },
        groups: (options.groups ?? {}) as GroupService,
        codec: this.codec,
        clock: this.time,
        timers: this.time,
        entropy: { bytes: (size: number) => new Uint8Array(size), unit: pseudoRandom() },
        log: this.log,
        volumeOf: () => this.disk.volumeOf(),
      } as unknown as BrokerOptions['services'],
      network: this.network,
      disk: this.disk,
      ...options.broker,
    })
  }

  #makeShard(
    memory: WebAssembly.Memory,
    options: WorldOptions,
    shardCount: number,
    index: number,
    neighbours: readonly (FakeMailbox | undefined)[],
  ): Shard {
    const map = shardMemory(memory.buffer.byteLength, shardCount, index)
    const core = createRecordCore(module, memory, map.scratchAt)
    const environment = createLogEnvironment({
      core,
      codec: this.codec,
      disk: this.disk,
      clock: this.time,
      logger: this.log,
      windowAt: map.logWindowAt,
      windowSizeBytes: LOG_WINDOW_SIZE_BYTES,
    })
    return new Shard({
      index,
      shardCount,
      core,
      codec: this.codec,
      clock: this.time,
      timers: this.time,
      turns: this.turns,
      disk: this.disk,
      log: this.log,
      openPartition: ({ topic, partition, handle, config, leaderEpoch, topicId }) =>
        new Replica({ environment, topic, partition, handle, logDirectory: '/data', config, leaderEpoch, topicId }),
      leftovers: environment.trash,
      brokerId: BROKER_ID,
      onPartitionFailed: () => {},
      neighbours,
      ...(options.hotTailSizeBytes === undefined ? {} : { hotTailSizeBytes: options.hotTailSizeBytes }),
    })
  }

  static async start(options: WorldOptions = {}): Promise<BrokerWorld> {
    const world = new BrokerWorld(options)
    await world.broker.listen({ listener: 'PLAINTEXT', host: '127.0.0.1', port: 9092, isPortShared: true })
    return world
  }

  /** A topic led by this broker, or by broker 2 where `leader` says so. */
  createTopic(name: string, partitionCount: number = 1, options: TopicOptions = {}): TopicView {
    const topicId = options.topicId ?? topicIdOf(name)
    const config = { ...DEFAULT_CONFIG, timestampAfterMaxMs: Number.POSITIVE_INFINITY, ...options.config }
    const leader = options.leader ?? BROKER_ID
    const partitions: PartitionView[] = []
    for (let partition = 0; partition < partitionCount; partition += 1) {
      const handle = this.#nextHandle
      this.#nextHandle += 1
      const owner = this.neighbour !== undefined && partition % 2 === 1 ? 1 : 0
      const shard = leader === BROKER_ID ? owner : -1
      partitions.push({
        partition,
        handle,
        shard,
        leader,
        leaderEpoch: options.leaderEpoch ?? 0,
        partitionEpoch: 0,
        replicas: [leader],
        inSyncReplicas: [leader],
        offlineReplicas: [],
      })
      if (shard < 0) continue
      const code = (shard === 1 ? this.neighbour : this.shard)?.ownership.open({
        topic: name,
        topicId,
        partition,
        handle,
        shard,
        leaderEpoch: options.leaderEpoch ?? 0,
        role: leaderRole(options.leaderEpoch ?? 0),
        directory: '/data',
        config,
      })
      if (code !== 0) throw new Error(`the partition did not open: ${code}`)
    }
    const topic: TopicView = { name, topicId, isInternal: false, partitions, config: options.topicConfig ?? {} }
    this.view.apply({ kind: 'topic', topic })
    return topic
  }

  connect(): FakeClient {
    const client = new FakeClient(this)
    const reader = this.network.accept?.(client.socket)
    if (reader === undefined) throw new Error('the connection was refused')
    client.socket.open(reader)
    this.clients.push(client)
    return client
  }

  /** Runs turns, write callbacks and promises until nothing moves. */
  async run(): Promise<void> {
    for (let quiet = 0; quiet < 3; ) {
      let moved = false
      if (!this.turns.isIdle) {
        this.turns.run()
        moved = true
      }
      for (const mailbox of this.#mailboxes) if (mailbox.deliver() > 0) moved = true
      for (const { socket } of this.clients) if (socket.settle()) moved = true
      // As deep as chains of promises in a cold handler get.
      for (let depth = 0; depth < 20; depth += 1) await Promise.resolve()
      quiet = moved ? 0 : quiet + 1
    }
  }
}

export interface TopicOptions {
  readonly leader?: number
  readonly leaderEpoch?: number
  readonly topicId?: string
  readonly config?: Partial<PartitionConfig>
  readonly topicConfig?: Readonly<Record<string, string>>
}

export function topicIdOf(name: string): string {
  return `${name.replaceAll(/[^a-zA-Z0-9]/g, '')}${'A'.repeat(22)}`.slice(0, 22)
}

function pseudoRandom(): () => number {
  let state = 12_345
  return () => {
    state = (state * 1_103_515_245 + 12_345) & 0x7fff_ffff
    return state / 0x8000_0000
  }
}
