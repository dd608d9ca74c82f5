/**
 * One shard's data path, composed: broker, shard, partitions, groups, fetchers of what is followed. Knows no thread, socket or
 * file system: what carries it is given. On a node that is `shard-worker.ts`, in tests it may be a simulated world.
 */
import { type Broker, createBroker } from '../broker/broker.ts'
import { type ConnectionLimits, parseOverrides } from '../broker/connection-counts.ts'
import { GroupCoordinator } from '../broker/groups/group-coordinator.ts'
import { GroupRouter } from '../broker/groups/group-service.ts'
import { groupSettings } from '../broker/groups/settings.ts'
import type { GroupMessage, GroupTransport } from '../broker/groups/transport.ts'
import { ReplicaFetchers } from '../broker/replication/replica-fetchers.ts'
import { fetcherSettings } from '../broker/replication/settings.ts'
import { dynamicNumber, dynamicText, FOLLOWER_THROTTLE, ReplicationThrottle } from '../broker/replication/throttle.ts'
import { type BrokerConfig, configFlag, configNumber, configText } from '../cluster/config/broker-config.ts'
import type { ListenerConfig } from '../cluster/config/listeners.ts'
import type { PeerControl } from '../cluster/contract-calls.ts'
import type { ControlPlane, LocalPartition, RelocationBegin, ShardReports, ViewUpdate } from '../cluster/contract.ts'
import { ClusterView } from '../cluster/view.ts'
import type {
  Clock,
  Compression,
  Connector,
  Disk,
  Entropy,
  Logger,
  Mailbox,
  Network,
  Timers,
  TurnScheduler,
} from '../io/ports.ts'
import { createLogEnvironment } from '../log/environment.ts'
import { Shard } from '../shard/shard.ts'
import { LOG_WINDOW_SIZE_BYTES, shardMemory } from '../wasm/memory-map.ts'
import { createRecordCodec } from '../wasm/record-codec.ts'
import { createRecordCore } from '../wasm/record-core.ts'
import { openReplica, relocationPorts } from './replicas.ts'

const OVERRIDES_KEY = 'max.connections.per.ip.overrides'
const INT32_MAX = 2 ** 31 - 1

export interface DataPathOptions {
  readonly index: number
  readonly shardCount: number
  readonly brokerId: number
  /** All shards of a node share it. */
  readonly memory: WebAssembly.Memory
  readonly core: WebAssembly.Module
  readonly config: BrokerConfig
  readonly clock: Clock
  readonly timers: Timers
  readonly entropy: Entropy
  readonly turns: TurnScheduler
  readonly disk: Disk
  readonly network: Network
  /** To the leaders of what is followed here. */
  readonly connector: Connector
  readonly compression: Compression
  readonly log: Logger
  /** The record path to the other shards, by index; undefined at our own. */
  readonly neighbours: readonly (Mailbox | undefined)[]
  /** Calls to the other shards' groups. */
  readonly groupTransport: GroupTransport
  readonly control: ControlPlane & PeerControl
  readonly reports: ShardReports
  /** Where all shards of a node count their connections. */
  readonly connectionMemory?: SharedArrayBuffer
  /** Most bytes of the hot tail; default as the shard's. */
  readonly hotTailSizeBytes?: number
}

export class DataPath {
  readonly brokerId: number
  readonly view: ClusterView = new ClusterView()
  readonly shard: Shard
  readonly groups: GroupCoordinator
  readonly broker: Broker
  readonly fetchers: ReplicaFetchers
  readonly #options: DataPathOptions
  readonly #router: GroupRouter

  constructor(options: DataPathOptions) {
    this.#options = options
    this.brokerId = options.brokerId
    const { index, shardCount, brokerId, config, clock, timers, entropy, disk, log } = options
    const map = shardMemory(options.memory.buffer.byteLength, shardCount, index)
    const core = createRecordCore(options.core, options.memory, map.scratchAt)
    const codec = createRecordCodec(options.core, options.compression)
    const environment = createLogEnvironment({
      core,
      codec,
      disk,
      clock,
      logger: log,
      windowAt: map.logWindowAt,
      windowSizeBytes: LOG_WINDOW_SIZE_BYTES,
    })
    const { reports, hotTailSizeBytes } = options
    this.shard = new Shard({
      index,
      shardCount,
      core,
      codec,
      clock,
      timers,
      turns: options.turns,
      disk,
      log,
      openPartition: (assignment) => openReplica(environment, assignment),
      leftovers: environment.trash,
      onPartitionFailed: ({ topic, partition }, code) => reports.partitionFailed(topic, partition, code),
      neighbours: options.neighbours,
      brokerId,
      replicaLagMaxMs: configNumber(config, 'replica.lag.time.max.ms'),
      isEligible: (broker) => this.view.brokers.some(({ id }) => id === broker),
      proposeInSync: (proposal) => reports.proposeInSync(proposal),
      isAckDurable: configFlag(config, 'jackdaw.acks.durable'),
      relocation: relocationPorts({
        environment,
        entropy,
        view: this.view,
        brokerId,
        shardCount,
        onEnded: ({ topic, partition }, ...outcome) => reports.relocationEnded(topic, partition, ...outcome),
      }),
      ...(hotTailSizeBytes === undefined ? {} : { hotTailSizeBytes }),
    })
    const settings = groupSettings(config)
    const common = { brokerId, view: this.view, clock, timers, entropy, log }
    this.groups = new GroupCoordinator({ ...common, shards: this.shard, settings })
    this.fetchers = new ReplicaFetchers({
      shards: this.shard,
      connector: options.connector,
      clock,
      timers,
      log,
      settings: fetcherSettings(brokerId, config),
      throttle: new ReplicationThrottle(this.view, clock, brokerId, shardCount, FOLLOWER_THROTTLE),
      endpointOf: (broker) => this.#endpointOf(broker),
    })
    this.#router = new GroupRouter({
      brokerId,
      view: this.view,
      shard: index,
      shardCount,
      local: this.groups,
      transport: options.groupTransport,
      settings,
    })
    this.broker = createBroker({
      services: {
        ...common,
        config,
        control: options.control,
        shards: this.shard,
        groups: this.#router,
        codec,
        volumeOf: (directory) => disk.volumeOf(directory),
      },
      network: options.network,
      disk,
      shardCount,
      requestSizeMaxBytes: configNumber(config, 'socket.request.max.bytes'),
      fetchSizeMaxBytes: configNumber(config, 'fetch.max.bytes'),
      idleConnectionMs: configNumber(config, 'connections.max.idle.ms'),
      connectionLimits: connectionLimits(this.view, options),
      ...(options.connectionMemory === undefined ? {} : { connectionMemory: options.connectionMemory }),
      fetchSessionsMax: Math.ceil(configNumber(config, 'max.incremental.fetch.session.cache.slots') / shardCount),
    })
  }

  publish(updates: readonly ViewUpdate[]): void {
    for (const update of updates) {
      this.view.apply(update)
      if (update.kind === 'topicGone') this.groups.onTopicDeleted(update.name)
    }
    this.groups.onViewChanged()
  }

  /** Resolves when all are open in their roles. */
  assign(partitions: readonly LocalPartition[]): Promise<void> {
    return this.shard.ownership.assignAll(partitions)
  }

  reconfigure(partitions: readonly LocalPartition[]): void {
    for (const { handle, config } of partitions) this.shard.ownership.configure(handle, config)
  }

  close(partitions: readonly LocalPartition[]): void {
    for (const { handle } of partitions) this.shard.ownership.close(handle)
  }

  relocate(partitions: readonly LocalPartition[]): readonly RelocationBegin[] {
    return partitions.map(({ handle, movingTo = '' }) => {
      return { handle, code: this.shard.ownership.relocate(handle, movingTo) }
    })
  }

  remove(partitions: readonly LocalPartition[]): void {
    for (const { handle } of partitions) this.shard.ownership.remove(handle)
  }

  /** Opens the listeners; resolves when they accept. */
  async listen(listeners: readonly ListenerConfig[]): Promise<void> {
    for (const { name, host, port } of listeners) {
      await this.broker.listen({
        listener: name,
        host: host === '' ? '::' : host,
        port,
        isPortShared: this.#options.shardCount > 1,
      })
    }
  }

  /** A call that another shard's router sent through its transport. */
  onForwarded(message: GroupMessage): Promise<unknown> {
    return this.#router.onForwarded(message)
  }

  /** Stops accepting and answers what is under way, for at most so long. */
  drain(limitMs?: number): Promise<void> {
    return this.broker.stop(limitMs)
  }

  /** Flushes and closes every partition. */
  async stop(): Promise<void> {
    this.fetchers.stop()
    this.groups.shutdown()
    await this.shard.ownership.checkpoint()
    this.shard.shutdown()
  }

  /** Where another broker listens for brokers: on the listener that ours have in common (`inter.broker.listener.name`). */
  #endpointOf(broker: number): { readonly host: string; readonly port: number } | undefined {
    const known = this.view.brokers.find(({ id }) => id === broker)
    return known?.endpoints.find(({ listener }) => listener === this.#options.config.interBrokerListener)
  }
}

/** `max.connections` and its kin, which may be changed while running. */
function connectionLimits(
  view: ClusterView,
  { brokerId, config }: DataPathOptions,
): (address: string, listener: string) => ConnectionLimits {
  const ofNode = (key: string): number => dynamicNumber(view, brokerId, key) ?? configNumber(config, key)
  let overridesText = ''
  let overrides: ReadonlyMap<string, number> = new Map()
  return (address, listener) => {
    const text = dynamicText(view, brokerId, OVERRIDES_KEY) ?? configText(config, OVERRIDES_KEY)
    if (text !== overridesText) {
      overrides = parseOverrides(text)
      overridesText = text
    }
    // Brokers among themselves come in, as in Kafka, where they have a listener of their own.
    const isProtected = listener === config.interBrokerListener && config.listeners.length > 1
    return {
      all: isProtected ? Infinity : ofNode('max.connections'),
      address: overrides.get(address) ?? limitOf(ofNode('max.connections.per.ip')),
    }
  }
}

/** The default means none. */
function limitOf(count: number): number {
  return count === INT32_MAX ? Infinity : count
}
