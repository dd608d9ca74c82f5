/**
 * One shard's thread: composes a whole data path (sockets, broker, shard, logs) in one event loop. Started by
 * `ShardHost` as a piscina task that ends when the node stops.
 */
import { GroupCoordinator } from '../broker/groups/group-coordinator.ts'
import { GroupRouter } from '../broker/groups/group-service.ts'
import { groupSettings } from '../broker/groups/settings.ts'
import type { GroupMessage, GroupTransport } from '../broker/groups/transport.ts'
import { type Broker, createBroker } from '../broker/broker.ts'
import { ReplicaFetchers } from '../broker/replication/replica-fetchers.ts'
import { fetcherSettings } from '../broker/replication/settings.ts'
import { FOLLOWER_THROTTLE, ReplicationThrottle } from '../broker/replication/throttle.ts'
import { configFlag, configNumber } from '../cluster/config/broker-config.ts'
import type { ListenerConfig } from '../cluster/config/listeners.ts'
import type { LocalPartition, ViewUpdate } from '../cluster/contract.ts'
import { ClusterView } from '../cluster/view.ts'
import { assert } from '../base/assert.ts'
import { NodeClock } from '../io/node/clock.ts'
import { nodeCompression } from '../io/node/compression.ts'
import { NodeDisk } from '../io/node/disk.ts'
import { NodeEntropy } from '../io/node/entropy.ts'
import { giveBackMemoryWhenIdle } from '../io/node/idle-memory.ts'
import { NodeMailbox } from '../io/node/mailbox.ts'
import { directConnector, nodeNetwork } from '../io/node/sockets.ts'
import { NodeTimers } from '../io/node/timers.ts'
import { NodeTurnScheduler } from '../io/node/turns.ts'
import type { Logger } from '../io/ports.ts'
import { createLogEnvironment } from '../log/environment.ts'
import type { InSyncDecision } from '../partition/contract.ts'
import { Replica } from '../partition/replica.ts'
import type { PartitionAssignment } from '../shard/contract.ts'
import { Shard } from '../shard/shard.ts'
import { LOG_WINDOW_SIZE_BYTES, shardMemory } from '../wasm/memory-map.ts'
import { createRecordCodec } from '../wasm/record-codec.ts'
import { createRecordCore } from '../wasm/record-core.ts'
import { createLogger } from './log.ts'
import { collectMetrics } from './metrics/collect.ts'
import type { ShardMetrics } from './metrics/shard-metrics.ts'
import { RemoteControlPlane } from './remote-control.ts'
import { PortRpc } from './rpc.ts'
import type { ShardMethods, ShardSetup } from './shard-host.ts'

/** Runs the shard until the main thread tells it to stop. */
export default function runShard(setup: ShardSetup): Promise<void> {
  return new Promise((stopped) => {
    const worker = new ShardWorker(setup, stopped)
    // The port holds a reference to it: the worker lives as long as it may be called.
    worker.serve()
    giveBackMemoryWhenIdle()
  })
}

class ShardWorker implements ShardMethods {
  readonly #setup: ShardSetup
  readonly #stopped: () => void
  readonly #log: Logger
  readonly #view: ClusterView = new ClusterView()
  readonly #shard: Shard
  readonly #groups: GroupCoordinator
  readonly #broker: Broker
  readonly #fetchers: ReplicaFetchers
  readonly #main: PortRpc

  constructor(setup: ShardSetup, stopped: () => void) {
    this.#setup = setup
    this.#stopped = stopped
    this.#log = createLogger(setup.logLevel, { shard: setup.index })
    const clock = new NodeClock()
    const timers = new NodeTimers()
    const entropy = new NodeEntropy()
    const disk = new NodeDisk()
    const map = shardMemory(setup.memory.buffer.byteLength, setup.shardCount, setup.index)
    const core = createRecordCore(setup.core, setup.memory, map.scratchAt)
    const codec = createRecordCodec(setup.core, nodeCompression)
    const environment = createLogEnvironment({
      core,
      codec,
      disk,
      clock,
      logger: this.#log,
      windowAt: map.logWindowAt,
      windowSizeBytes: LOG_WINDOW_SIZE_BYTES,
    })
    this.#shard = new Shard({
      index: setup.index,
      shardCount: setup.shardCount,
      core,
      codec,
      clock,
      timers,
      turns: new NodeTurnScheduler(),
      disk,
      log: this.#log,
      openPartition: (assignment) => this.#openPartition(environment, assignment),
      onPartitionFailed: ({ topic, partition }, code) =>
        void this.#main.call('partitionFailed', topic, partition, code),
      neighbours: setup.neighbours.map((port) => (port === null ? undefined : new NodeMailbox(port))),
      brokerId: setup.brokerId,
      replicaLagMaxMs: configNumber(setup.config, 'replica.lag.time.max.ms'),
      isEligible: (broker) => this.#view.brokers.some(({ id }) => id === broker),
      proposeInSync: (proposal) => this.#main.call<InSyncDecision>('proposeInSync', proposal),
      isAckDurable: configFlag(setup.config, 'jackdaw.acks.durable'),
    })
    const settings = groupSettings(setup.config)
    const common = { brokerId: setup.brokerId, view: this.#view, clock, timers, entropy, log: this.#log }
    this.#groups = new GroupCoordinator({ ...common, shards: this.#shard, settings })
    this.#fetchers = new ReplicaFetchers({
      shards: this.#shard,
      connector: directConnector(),
      clock,
      timers,
      log: this.#log,
      settings: fetcherSettings(setup.brokerId, setup.config),
      throttle: new ReplicationThrottle(this.#view, clock, setup.brokerId, setup.shardCount, FOLLOWER_THROTTLE),
      endpointOf: (broker) => this.#endpointOf(broker),
    })
    this.#main = new PortRpc(setup.main, this.#methods())
    const router = this.#createRouter(settings)
    this.#broker = createBroker({
      services: {
        ...common,
        config: setup.config,
        control: new RemoteControlPlane(this.#main),
        shards: this.#shard,
        groups: router,
        codec,
        volumeOf: (directory) => disk.volumeOf(directory),
      },
      network: nodeNetwork(),
      disk,
      shardCount: setup.shardCount,
      requestSizeMaxBytes: configNumber(setup.config, 'socket.request.max.bytes'),
      fetchSizeMaxBytes: configNumber(setup.config, 'fetch.max.bytes'),
      idleConnectionMs: configNumber(setup.config, 'connections.max.idle.ms'),
      connectionsMax: Math.max(1, Math.floor(configNumber(setup.config, 'max.connections') / setup.shardCount)),
      fetchSessionsMax: Math.ceil(
        configNumber(setup.config, 'max.incremental.fetch.session.cache.slots') / setup.shardCount,
      ),
    })
  }

  serve(): void {
    this.#log.debug('shard is up', { memory: this.#setup.memory.buffer.byteLength })
  }

  publish(updates: readonly ViewUpdate[]): void {
    for (const update of updates) {
      this.#view.apply(update)
      if (update.kind === 'topicGone') this.#groups.onTopicDeleted(update.name)
    }
    this.#groups.onViewChanged()
  }

  assign(partitions: readonly LocalPartition[]): void {
    for (const partition of partitions) this.#shard.ownership.assign(partition)
  }

  reconfigure(partitions: readonly LocalPartition[]): void {
    for (const { handle, config } of partitions) this.#shard.ownership.configure(handle, config)
  }

  close(partitions: readonly LocalPartition[]): void {
    for (const { handle } of partitions) this.#shard.ownership.close(handle)
  }

  remove(partitions: readonly LocalPartition[]): void {
    for (const { handle } of partitions) this.#shard.ownership.remove(handle)
  }

  async listen(listeners: readonly ListenerConfig[]): Promise<void> {
    for (const { name, host, port } of listeners) {
      await this.#broker.listen({
        listener: name,
        host: host === '' ? '::' : host,
        port,
        isPortShared: this.#setup.shardCount > 1,
      })
    }
  }

  metrics(): ShardMetrics {
    return collectMetrics({
      shard: this.#shard,
      broker: this.#broker,
      groups: this.#groups,
      fetchers: this.#fetchers,
      view: this.#view,
      brokerId: this.#setup.brokerId,
    })
  }

  drain(): Promise<void> {
    return this.#broker.stop()
  }

  async stop(): Promise<void> {
    this.#fetchers.stop()
    this.#groups.shutdown()
    await this.#shard.ownership.checkpoint()
    this.#shard.shutdown()
    // The answer to this call must leave before the thread does.
    setImmediate(() => {
      this.#main.close()
      this.#stopped()
    })
  }

  /** Where another broker listens for brokers: on the listener that ours have in common (`inter.broker.listener.name`). */
  #endpointOf(broker: number): { readonly host: string; readonly port: number } | undefined {
    const known = this.#view.brokers.find(({ id }) => id === broker)
    return known?.endpoints.find(({ listener }) => listener === this.#setup.config.interBrokerListener)
  }

  #openPartition(environment: ReturnType<typeof createLogEnvironment>, assignment: PartitionAssignment): Replica {
    const { topic, topicId, partition, handle, directory, config, leaderEpoch, role } = assignment
    return new Replica({
      environment,
      topic,
      topicId,
      partition,
      handle,
      logDirectory: directory,
      config,
      leaderEpoch,
      isReplicated: role.kind === 'follower' || role.replicas.length > 1,
    })
  }

  #createRouter(settings: ReturnType<typeof groupSettings>): GroupRouter {
    const { index, shardCount, brokerId, groupNeighbours } = this.#setup
    const peers: (PortRpc | undefined)[] = []
    const transport: GroupTransport = {
      send: (shard, message) => {
        const peer = peers[shard]
        assert(peer !== undefined, 'a call goes to another shard')
        return peer.call('group', message)
      },
    }
    const router = new GroupRouter({
      brokerId,
      view: this.#view,
      shard: index,
      shardCount,
      local: this.#groups,
      transport,
      settings,
    })
    for (const [shard, port] of groupNeighbours.entries()) {
      peers[shard] =
        port === null ? undefined : new PortRpc(port, { group: (message: GroupMessage) => router.onForwarded(message) })
    }
    return router
  }

  #methods(): Record<keyof ShardMethods, (...parameters: never[]) => unknown> {
    return {
      publish: (updates: readonly ViewUpdate[]) => this.publish(updates),
      assign: (partitions: readonly LocalPartition[]) => this.assign(partitions),
      reconfigure: (partitions: readonly LocalPartition[]) => this.reconfigure(partitions),
      close: (partitions: readonly LocalPartition[]) => this.close(partitions),
      remove: (partitions: readonly LocalPartition[]) => this.remove(partitions),
      listen: (listeners: readonly ListenerConfig[]) => this.listen(listeners),
      metrics: () => this.metrics(),
      drain: () => this.drain(),
      stop: () => this.stop(),
    }
  }
}
