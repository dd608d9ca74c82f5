/** Several brokers in one thread: real shards on disks in memory, real brokers and fetchers on a network that the test moves. */
import { type Broker, type BrokerOptions, createBroker } from '../../src/broker/broker.ts'
import type { GroupService } from '../../src/broker/groups/contract.ts'
import { ReplicaFetchers } from '../../src/broker/replication/replica-fetchers.ts'
import type { FetcherSettings } from '../../src/broker/replication/settings.ts'
import { FOLLOWER_THROTTLE, ReplicationThrottle } from '../../src/broker/replication/throttle.ts'
import type { ControlPlane, PartitionView } from '../../src/cluster/contract.ts'
import { ClusterView } from '../../src/cluster/view.ts'
import { loadCoreModule } from '../../src/io/node/core-module.ts'
import { nodeCompression } from '../../src/io/node/compression.ts'
import {
  ConnectError,
  type Connector,
  type Listener,
  type ListenOptions,
  type Network,
  type Socket,
  type SocketReader,
  type Timers,
} from '../../src/io/ports.ts'
import { createLogEnvironment } from '../../src/log/environment.ts'
import { parseFutureDirectoryName } from '../../src/log/file-names.ts'
import { openReplica, relocationPorts } from '../../src/main/replicas.ts'
import { ErrorCode } from '../../src/model/error-code.ts'
import type { InSyncDecision, InSyncProposal, PartitionConfig, ReplicaRole } from '../../src/partition/contract.ts'
import type { AppendResult, PartitionRef } from '../../src/shard/contract.ts'
import { Shard } from '../../src/shard/shard.ts'
import { createCoreMemory } from '../../src/wasm/load.ts'
import { LOG_WINDOW_SIZE_BYTES, shardMemory } from '../../src/wasm/memory-map.ts'
import { createRecordCodec } from '../../src/wasm/record-codec.ts'
import { createRecordCore } from '../../src/wasm/record-core.ts'
import type { Draft } from '../../src/protocol/wire/draft.ts'
import { type Exchange, frameOf, framesIn, parseFrame } from '../unit/broker/support.ts'
import { FakeTime, FakeTurns, RecordingLogger } from '../unit/shard/support.ts'
import { DEFAULT_CONFIG } from './log-world.ts'
import { MemoryDisk } from './memory-disk.ts'

const MEMORY_SIZE_BYTES = 24 * 1024 * 1024
export const TOPIC = 'events'
export const TOPIC_ID = 'eventsAAAAAAAAAAAAAAAA'
export const LAG_MAX_MS = 10_000
/** Each broker's log directories. */
export const DIRECTORIES: readonly string[] = ['/data', '/other']
const module = loadCoreModule()
const codec = createRecordCodec(module, nodeCompression)
const entropy = { bytes: (size: number) => new Uint8Array(size), unit: () => Math.random() }

/** One end of a connection. Bytes lie at the other end until `deliver`. */
class CableEnd implements Socket {
  readonly remoteHost = 'peer'
  readonly remotePort = 1
  readonly localHost = 'local'
  readonly localPort = 2
  other: CableEnd | undefined
  reader: SocketReader | undefined
  isClosed = false
  #isPaused = false
  #waiting: Uint8Array[] = []
  #done: (() => void)[] = []
  #target: Uint8Array = new Uint8Array(0)

  open(reader: SocketReader): void {
    this.reader = reader
    this.#target = reader.target()
  }

  write(parts: readonly Uint8Array[], done: () => void): void {
    for (const part of parts) if (!this.isClosed) this.other?.push(part.slice())
    this.#done.push(done)
  }

  push(bytes: Uint8Array): void {
    this.#waiting.push(bytes)
  }

  pauseReading(): void {
    this.#isPaused = true
  }

  resumeReading(): void {
    this.#isPaused = false
  }

  retarget(): void {
    if (this.reader !== undefined) this.#target = this.reader.target()
  }

  finish(): void {
    this.destroy()
  }

  destroy(): void {
    this.#close()
    if (this.other !== undefined) this.other.#close()
  }

  #close(): void {
    if (this.isClosed) return
    this.isClosed = true
    this.#waiting = []
    this.settle()
    this.reader?.onClosed('')
  }

  settle(): boolean {
    const done = this.#done
    this.#done = []
    for (const callback of done) callback()
    return done.length > 0
  }

  deliver(): boolean {
    let hasMoved = this.settle()
    while (this.#waiting.length > 0 && !this.#isPaused && !this.isClosed && this.reader !== undefined) {
      const bytes = this.#waiting[0] as Uint8Array
      const sizeBytes = Math.min(bytes.length, this.#target.length)
      this.#target.set(bytes.subarray(0, sizeBytes))
      if (sizeBytes === bytes.length) this.#waiting.shift()
      else this.#waiting[0] = bytes.subarray(sizeBytes)
      this.reader.onRead(sizeBytes)
      this.#target = this.reader.target()
      hasMoved = true
    }
    return hasMoved
  }
}

/** What the controller says of one partition. */
export interface PartitionState {
  leader: number
  leaderEpoch: number
  partitionEpoch: number
  replicas: number[]
  inSyncReplicas: number[]
}

export interface Acknowledgement extends AppendResult {
  readonly at: number
}

/** What a producer was told; nothing yet while `answer` is undefined. */
export interface Told {
  answer: Acknowledgement | undefined
}

export class ReplicaNode implements Network, Connector {
  readonly id: number
  readonly disk: MemoryDisk = new MemoryDisk()
  readonly log: RecordingLogger = new RecordingLogger()
  readonly failed: number[] = []
  /** Moves between log directories that have ended. */
  readonly ended: { readonly directory: string; readonly isThere: boolean }[] = []
  /** Where the replica lies. */
  directory: string = '/data'
  isUp = false
  /** Lets nothing in or out: what was written waits. */
  isCutOff = false
  turns: FakeTurns = new FakeTurns()
  view: ClusterView = new ClusterView()
  ends: CableEnd[] = []
  readonly #world: ReplicationWorld
  #shard: Shard | undefined
  #broker: Broker | undefined
  #fetchers: ReplicaFetchers | undefined
  #accept: ((socket: Socket) => SocketReader | undefined) | undefined
  #memory: Uint8Array = new Uint8Array(0)
  #life = 0

  constructor(world: ReplicationWorld, id: number) {
    this.#world = world
    this.id = id
    for (const directory of DIRECTORIES) this.disk.makeDirectory(directory)
  }

  get shard(): Shard {
    if (this.#shard === undefined) throw new Error(`broker ${this.id} is down`)
    return this.#shard
  }

  get fetchers(): ReplicaFetchers {
    if (this.#fetchers === undefined) throw new Error(`broker ${this.id} is down`)
    return this.#fetchers
  }

  get position(): { readonly logEndOffset: number; readonly highWatermark: number; readonly logStartOffset: number } {
    const position = this.shard.ownership.find(1)?.replica?.position
    if (position === undefined) throw new Error(`broker ${this.id} has no replica`)
    return { ...position }
  }

  /** The bytes of the whole log, segment after segment. */
  get bytes(): Uint8Array {
    const names = [...this.disk.files.keys()].filter(
      (path) => path.startsWith(`${this.directory}/events-0/`) && path.endsWith('.log'),
    )
    const parts = names.sort().map((path) => this.disk.content(path))
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
    let at = 0
    for (const part of parts) {
      whole.set(part, at)
      at += part.length
    }
    return whole
  }

  async start(): Promise<void> {
    const { time, options } = this.#world
    this.directory = DIRECTORIES.find((one) => this.disk.exists(`${one}/events-0`)) ?? '/data'
    const memory = createCoreMemory(module, MEMORY_SIZE_BYTES)
    const map = shardMemory(MEMORY_SIZE_BYTES, 1, 0)
    const core = createRecordCore(module, memory, map.scratchAt)
    this.#memory = core.bytes
    this.turns = new FakeTurns()
    this.view = new ClusterView()
    const environment = createLogEnvironment({
      core,
      codec,
      disk: this.disk,
      clock: time,
      logger: this.log,
      windowAt: map.logWindowAt,
      windowSizeBytes: LOG_WINDOW_SIZE_BYTES,
    })
    const shard = new Shard({
      index: 0,
      shardCount: 1,
      core,
      codec,
      clock: time,
      timers: this.#timers(),
      turns: this.turns,
      disk: this.disk,
      log: this.log,
      openPartition: (assignment) => openReplica(environment, assignment),
      leftovers: environment.trash,
      relocation: relocationPorts({
        environment,
        entropy,
        view: this.view,
        brokerId: this.id,
        shardCount: 1,
        onEnded: (_assignment, directory, isThere) => {
          this.ended.push({ directory, isThere })
          if (isThere) this.directory = directory
        },
      }),
      onPartitionFailed: (_assignment, code) => this.failed.push(code),
      neighbours: [undefined],
      brokerId: this.id,
      replicaLagMaxMs: LAG_MAX_MS,
      isEligible: (broker) => this.#world.nodes.some(({ id, isUp }) => id === broker && isUp),
      proposeInSync: (proposal) => this.#world.propose(this.id, proposal),
      isAckDurable: options.settings?.isDurable ?? false,
      ...(options.hotTailSizeBytes === undefined ? {} : { hotTailSizeBytes: options.hotTailSizeBytes }),
    })
    this.#shard = shard
    const settings: FetcherSettings = {
      brokerId: this.id,
      partitionSizeMaxBytes: 1 << 20,
      responseSizeMaxBytes: 10 << 20,
      sizeMinBytes: 1,
      waitMaxMs: 500,
      lagMaxMs: 30_000,
      backoffMs: 1000,
      timeoutMs: 5000,
      isDurable: false,
      ...options.settings,
    }
    const common = { clock: time, timers: this.#timers(), log: this.log }
    this.#broker = createBroker({
      services: {
        ...common,
        brokerId: this.id,
        view: this.view,
        control: {} as ControlPlane,
        shards: shard,
        config: { properties: options.properties ?? {} },
        groups: {} as GroupService,
        codec,
        entropy,
      } as unknown as BrokerOptions['services'],
      network: this,
      disk: this.disk,
    })
    this.#fetchers = new ReplicaFetchers({
      ...common,
      shards: shard,
      connector: this,
      settings,
      throttle: new ReplicationThrottle(this.view, time, this.id, 1, FOLLOWER_THROTTLE),
      endpointOf: (broker) => ({ host: `broker-${broker}`, port: 9092 }),
    })
    this.isUp = true
    await this.#broker.listen({ listener: 'PLAINTEXT', host: '', port: 9092, isPortShared: false })
  }

  /** As `kill -9`: connections break, what was written is in the page cache. */
  kill(): void {
    this.isUp = false
    this.#life += 1
    for (const end of this.ends) end.destroy()
    this.ends = []
    this.#fetchers?.stop()
    this.disk.killProcess()
    this.#shard = undefined
  }

  /** Appends a batch as a producer's request would. */
  append(batch: Uint8Array, acks: number = -1, timeoutMs: number = 30_000): Told {
    const region = this.shard.arena.reserve(batch.length)
    if (region === undefined) throw new Error('the arena is full')
    this.#memory.set(batch, region.at)
    const told: Told = { answer: undefined }
    const ref: PartitionRef = { topic: TOPIC, partition: 0, handle: 1, shard: 0 }
    const sink = {
      onAppended: (_slot: number, result: AppendResult): void => {
        told.answer = { ...result, at: this.#world.time.nowMs }
      },
    }
    this.shard.append(ref, region, acks, this.#world.time.monotonicMs() + timeoutMs, sink, 0)
    return told
  }

  /** Begins to move the replica to another log directory, or gives that up. */
  move(directory: string): ErrorCode {
    return this.shard.ownership.relocate(1, directory)
  }

  /** A copy that an earlier life began goes on. */
  get #movingTo(): string {
    const isFuture = (name: string): boolean => parseFutureDirectoryName(name) !== undefined
    return DIRECTORIES.find((one) => this.disk.list(one).some(({ name }) => isFuture(name))) ?? ''
  }

  assign(role: ReplicaRole, config: PartitionConfig): void {
    this.shard.ownership.assign({
      topic: TOPIC,
      topicId: TOPIC_ID,
      partition: 0,
      handle: 1,
      shard: 0,
      leaderEpoch: role.leaderEpoch,
      role,
      directory: this.directory,
      movingTo: this.#movingTo,
      config,
    })
  }

  /** Asks as a client would, over a connection of its own. @param meanwhile happens before the answer is looked for */
  async ask<Request, Response>(
    exchange: Exchange<Request, Response>,
    message: Draft<Request>,
    meanwhile: () => Promise<void> = () => Promise.resolve(),
  ): Promise<Response> {
    const near = new CableEnd()
    const far = new CableEnd()
    near.other = far
    far.other = near
    const received: number[] = []
    const landing = new Uint8Array(1 << 16)
    near.open({
      target: () => landing,
      onRead: (sizeBytes) => received.push(...landing.subarray(0, sizeBytes)),
      onPeerEnd: () => {},
      onClosed: () => {},
    })
    if (!this.accept(far)) throw new Error(`broker ${this.id} accepts nobody`)
    this.ends.push(near)
    near.write([frameOf(exchange, message, 1)], () => {})
    await this.#world.run()
    await meanwhile()
    const [frame] = framesIn(Uint8Array.from(received))
    if (frame === undefined) throw new Error(`broker ${this.id} does not answer: ${this.log.lines.join(' | ')}`)
    near.destroy()
    await this.#world.run()
    return parseFrame(exchange, frame).response
  }

  listen(options: ListenOptions, accept: (socket: Socket) => SocketReader | undefined): Promise<Listener> {
    this.#accept = accept
    return Promise.resolve({ host: options.host, port: 9092, close: () => Promise.resolve() })
  }

  /** A connection from another node. */
  accept(end: CableEnd): boolean {
    const reader = this.isUp ? this.#accept?.(end) : undefined
    if (reader === undefined) return false
    end.open(reader)
    this.ends.push(end)
    return true
  }

  connect(options: { readonly host: string }, opened: (socket: Socket) => SocketReader): Promise<void> {
    const target = this.#world.nodes.find(({ id }) => options.host === `broker-${id}`)
    const near = new CableEnd()
    const far = new CableEnd()
    near.other = far
    far.other = near
    if (target === undefined || this.isCutOff || target.isCutOff || !target.accept(far)) {
      return Promise.reject(new ConnectError('ECONNREFUSED', `nobody listens on ${options.host}`))
    }
    near.open(opened(near))
    this.ends.push(near)
    return Promise.resolve()
  }

  /** Timers of a node that is down no longer run. */
  #timers(): Timers {
    const { time } = this.#world
    const life = this.#life
    return {
      start: (delayMs, due) =>
        time.start(delayMs, () => {
          if (this.isUp && this.#life === life) due()
        }),
      cancel: (timer) => time.cancel(timer),
    }
  }
}

export interface ReplicationOptions {
  readonly config?: Partial<PartitionConfig>
  readonly settings?: Partial<FetcherSettings>
  readonly properties?: Readonly<Record<string, string>>
  readonly topicConfig?: Readonly<Record<string, string>>
  /** Dynamic, of all brokers. */
  readonly brokerConfig?: Readonly<Record<string, string>>
  readonly hotTailSizeBytes?: number
}

/** A cluster with one partition, whose controller is the test. */
export class ReplicationWorld {
  readonly time: FakeTime = new FakeTime()
  readonly nodes: ReplicaNode[] = []
  readonly options: ReplicationOptions
  readonly config: PartitionConfig
  readonly state: PartitionState
  readonly proposals: InSyncProposal[] = []
  /** What the controller answers; by default it agrees. */
  decide: ((proposal: InSyncProposal) => InSyncDecision | undefined) | undefined

  private constructor(brokerCount: number, options: ReplicationOptions) {
    this.options = options
    this.config = { ...DEFAULT_CONFIG, timestampAfterMaxMs: Number.POSITIVE_INFINITY, ...options.config }
    const ids = Array.from({ length: brokerCount }, (_, index) => index + 1)
    for (const id of ids) this.nodes.push(new ReplicaNode(this, id))
    this.state = { leader: 1, leaderEpoch: 0, partitionEpoch: 0, replicas: ids, inSyncReplicas: ids }
  }

  /** Brokers 1 to `brokerCount`; the first leads, all are in sync. */
  static async start(brokerCount: number = 3, options: ReplicationOptions = {}): Promise<ReplicationWorld> {
    const world = new ReplicationWorld(brokerCount, options)
    for (const node of world.nodes) await node.start()
    world.publish()
    world.assignAll()
    await world.run()
    return world
  }

  node(id: number): ReplicaNode {
    const node = this.nodes.find((one) => one.id === id)
    if (node === undefined) throw new Error(`no broker ${id}`)
    return node
  }

  /** The controller's roles for everybody who is up. */
  assignAll(ids: readonly number[] = this.state.replicas): void {
    for (const id of ids) {
      const node = this.node(id)
      if (node.isUp) node.assign(this.#roleOf(id), this.config)
    }
  }

  /** Another leader, in a new term. */
  elect(leader: number, inSyncReplicas: readonly number[] = this.state.inSyncReplicas): void {
    this.state.leader = leader
    this.state.leaderEpoch += 1
    this.state.partitionEpoch += 1
    this.state.inSyncReplicas = [...inSyncReplicas]
    this.assignAll()
    this.publish()
  }

  publish(): void {
    const { leader, leaderEpoch, partitionEpoch, replicas, inSyncReplicas } = this.state
    const brokers = this.nodes.map(({ id }) => ({
      id,
      rack: `rack-${id}`,
      endpoints: [{ listener: 'PLAINTEXT', host: `broker-${id}`, port: 9092, securityProtocol: 'PLAINTEXT' }],
    }))
    for (const node of this.nodes) {
      const row: PartitionView = {
        partition: 0,
        handle: 1,
        shard: replicas.includes(node.id) ? 0 : -1,
        leader,
        leaderEpoch,
        partitionEpoch,
        replicas: [...replicas],
        inSyncReplicas: [...inSyncReplicas],
        offlineReplicas: [],
      }
      node.view.apply({ kind: 'cluster', clusterId: 'cluster', controllerId: 1, brokers })
      const config = this.options.topicConfig ?? {}
      const topic = { name: TOPIC, topicId: TOPIC_ID, isInternal: false, partitions: [row], config }
      node.view.apply({ kind: 'topic', topic })
      node.view.apply({ kind: 'brokerConfig', broker: '', config: this.options.brokerConfig ?? {} })
    }
  }

  propose(from: number, proposal: InSyncProposal): Promise<InSyncDecision> {
    this.proposals.push(proposal)
    return Promise.resolve(this.decide?.(proposal) ?? this.agree(from, proposal))
  }

  /** As the controller decides: stale proposals are refused, the others are in force at once. */
  agree(from: number, proposal: InSyncProposal): InSyncDecision {
    const { state } = this
    const { leaderEpoch, partitionEpoch } = state
    const refusal = { leaderEpoch, partitionEpoch, inSyncReplicas: state.inSyncReplicas }
    if (proposal.leaderEpoch !== leaderEpoch || from !== state.leader) {
      return { code: ErrorCode.fencedLeaderEpoch, ...refusal }
    }
    if (proposal.partitionEpoch !== partitionEpoch) return { code: ErrorCode.invalidUpdateVersion, ...refusal }
    state.partitionEpoch += 1
    state.inSyncReplicas = [...proposal.inSyncReplicas]
    this.publish()
    return {
      code: ErrorCode.none,
      leaderEpoch,
      partitionEpoch: state.partitionEpoch,
      inSyncReplicas: state.inSyncReplicas,
    }
  }

  /** Turns, deliveries, promises and due timers until nothing moves. */
  async run(): Promise<void> {
    for (let quiet = 0; quiet < 3; ) {
      let hasMoved = false
      for (const node of this.nodes) {
        if (!node.isUp) continue
        if (!node.turns.isIdle) {
          node.turns.run()
          hasMoved = true
        }
        if (node.isCutOff) continue
        for (const end of [...node.ends]) if (end.deliver()) hasMoved = true
      }
      for (let depth = 0; depth < 20; depth += 1) await Promise.resolve()
      const before = this.time.pending.size
      this.time.advance(0)
      if (this.time.pending.size !== before) hasMoved = true
      quiet = hasMoved ? 0 : quiet + 1
    }
  }

  /** Lets time pass, in steps small enough for everything to react. */
  async pass(durationMs: number, stepMs: number = 100): Promise<void> {
    for (let leftMs = durationMs; leftMs > 0; leftMs -= stepMs) {
      this.time.advance(Math.min(stepMs, leftMs))
      await this.run()
    }
  }

  #roleOf(id: number): ReplicaRole {
    const { leader, leaderEpoch, partitionEpoch, replicas, inSyncReplicas } = this.state
    const term = { leaderEpoch, partitionEpoch, replicas: [...replicas] }
    if (id === leader) return { kind: 'leader', ...term, inSyncReplicas: [...inSyncReplicas] }
    return { kind: 'follower', ...term, leader }
  }
}
