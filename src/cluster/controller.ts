/**
 * The control plane of one node: keeps it registered, runs for controller, and, while elected, is the only one that
 * changes topics. Decisions are made by the pure `decide-*` and `elections` modules; this file gives them the state,
 * writes what they decided, and passes the outcome to the shards and to every thread's view, in that order.
 */
import { BugError } from '../base/assert.ts'
import { ErrorCode } from '../model/error-code.ts'
import { KeeperError, KeeperErrorCode, type Watcher, type ZooKeeperClient } from '../zookeeper/contract.ts'
import { adoptFoundData } from './adoption.ts'
import type { BrokerLayers } from './config/resolve.ts'
import { brokerValue } from './config/resolve.ts'
import { booleanValue } from './config/values.ts'
import type {
  BrokerView,
  ConfigChange,
  ControlPlane,
  ControlResult,
  CreateTopicResult,
  CreateTopicSpec,
} from './contract.ts'
import { ConfigChanges } from './config-changes.ts'
import type { ControllerContext, ControllerDependencies } from './controller-context.ts'
import { type Mandate, runForController } from './controller-election.ts'
import { decideLoadedTopic } from './decide-load.ts'
import { ControllerMovedError, GuardedWriter } from './guarded-writer.ts'
import { ElectionRequests } from './leader-elections.ts'
import { type LoadWatchers, loadCluster } from './loader.ts'
import { OperationQueue, OverloadedError } from './operation-queue.ts'
import { takeProducerIdBlock } from './producer-ids.ts'
import { createPersistentPaths, obtainClusterId, randomUuid, registerBroker } from './startup.ts'
import { ClusterState, localPartitions, resourceKey, topicView } from './state.ts'
import { TopicChanges } from './topic-changes.ts'

/** A write was refused although the state says it fits: somebody else has changed the tree. One more reading tells. */
const RELOADS_MAX = 5

export class Controller implements ControlPlane {
  readonly #dependencies: ControllerDependencies
  readonly #state: ClusterState = new ClusterState()
  readonly #queue: OperationQueue = new OperationQueue()
  #zookeeper: ZooKeeperClient | undefined
  #mandate: Mandate | undefined
  #watchers: Watchers = NO_WATCHERS
  #controllerId: number = -1
  #orphanConfigs: Set<string> = new Set()
  #isFirstLoad: boolean = true
  #mustReload: boolean = false
  #hasJoined: boolean = false
  #isStopped: boolean = false

  constructor(dependencies: ControllerDependencies) {
    this.#dependencies = dependencies
  }

  get clusterId(): string {
    return this.#state.clusterId
  }

  get isActive(): boolean {
    return this.#mandate !== undefined
  }

  /** Read access for metrics and tests. */
  get state(): ClusterState {
    return this.#state
  }

  /**
   * Registers, runs for controller, loads everything, opens our partitions and publishes the view. When it resolves the
   * node may accept clients.
   *
   * @throws StartupError when the node cannot join
   */
  start(): Promise<void> {
    return this.#queue.run(() => this.#join())
  }

  /** Lets what is under way finish, then ends the session: others see this broker leave at once. */
  stop(): Promise<void> {
    return this.#queue.run(async () => {
      this.#isStopped = true
      this.#mandate = undefined
      await this.#zookeeper?.close()
    })
  }

  createTopics(topics: readonly CreateTopicSpec[], validateOnly: boolean): Promise<readonly CreateTopicResult[]> {
    return this.#operation(
      (context) => new TopicChanges(context).create(topics, validateOnly),
      (refusal) =>
        topics.map(({ name }) => ({ name, topicId: '', partitionCount: -1, replicationFactor: -1, ...refusal })),
    )
  }

  deleteTopics(
    topics: readonly { readonly name: string; readonly topicId: string }[],
  ): Promise<readonly (ControlResult & { readonly name: string; readonly topicId: string })[]> {
    return this.#operation(
      (context) => new TopicChanges(context).delete(topics),
      (refusal) => topics.map(({ name, topicId }) => ({ name, topicId, ...refusal })),
    )
  }

  createPartitions(
    topics: Parameters<ControlPlane['createPartitions']>[0],
    validateOnly: boolean,
  ): Promise<readonly (ControlResult & { readonly name: string })[]> {
    return this.#operation(
      (context) => new TopicChanges(context).grow(topics, validateOnly),
      (refusal) => topics.map(({ name }) => ({ name, ...refusal })),
    )
  }

  alterConfigs(
    changes: readonly ConfigChange[],
    validateOnly: boolean,
  ): Promise<readonly (ControlResult & { readonly resourceType: number; readonly name: string })[]> {
    return this.#operation(
      (context) => new ConfigChanges(context).alter(changes, validateOnly),
      (refusal) => changes.map(({ resourceType, name }) => ({ resourceType, name, ...refusal })),
    )
  }

  electLeaders(
    electionType: number,
    partitions: readonly { readonly topic: string; readonly partition: number }[] | null,
  ): Promise<readonly (ControlResult & { readonly topic: string; readonly partition: number })[]> {
    return this.#operation(
      (context) => new ElectionRequests(context).elect(electionType, partitions),
      (refusal) => (partitions ?? []).map(({ topic, partition }) => ({ topic, partition, ...refusal })),
    )
  }

  async allocateProducerIds(): Promise<{ readonly first: number; readonly count: number }> {
    try {
      return await this.#queue.run(() => takeProducerIdBlock(this.#session(), this.#dependencies.brokerId))
    } catch (error) {
      if (!(error instanceof Error) || error instanceof BugError) throw error
      this.#dependencies.log.error(`no producer ids can be handed out: ${error.message}`)
      return { first: -1, count: 0 }
    }
  }

  /** Runs one request in its turn; a refusal of the whole request becomes one answer per item. */
  async #operation<Result>(
    operation: (context: ControllerContext) => Promise<readonly Result[]>,
    refuseAll: (refusal: ControlResult) => readonly Result[],
  ): Promise<readonly Result[]> {
    try {
      return await this.#queue.run(async () => {
        if (this.#mustReload) await this.#reload()
        const context = this.#context()
        return context === undefined ? refuseAll(NOT_CONTROLLER) : await operation(context)
      })
    } catch (error) {
      const refusal = this.#refusalFor(error)
      if (refusal === undefined) throw error
      return refuseAll(refusal)
    }
  }

  /** undefined: not a trouble with ZooKeeper or load but a bug. */
  #refusalFor(error: unknown): ControlResult | undefined {
    if (error instanceof ControllerMovedError) {
      this.#mandate = undefined
      this.#dependencies.log.warn(`resigned as controller: ${error.message}`)
      this.#later(() => this.#elect(false))
      return NOT_CONTROLLER
    }
    if (error instanceof OverloadedError) return { code: ErrorCode.requestTimedOut, message: error.message }
    if (!(error instanceof KeeperError)) return undefined
    // What was written is unknown: the tree itself must tell before the next decision.
    this.#mustReload = true
    this.#dependencies.log.warn(`a change of the cluster failed: ZooKeeper answered ${error.code} for ${error.path}`)
    return { code: ErrorCode.requestTimedOut, message: `ZooKeeper did not confirm the change: ${error.message}` }
  }

  #context(): ControllerContext | undefined {
    const mandate = this.#mandate
    const zookeeper = this.#zookeeper
    if (mandate === undefined || zookeeper === undefined) return undefined
    return {
      dependencies: this.#dependencies,
      state: this.#state,
      zookeeper,
      writer: new GuardedWriter(zookeeper, mandate.epochVersion),
      controllerEpoch: mandate.epoch,
      orphanConfigs: this.#orphanConfigs,
      layers: () => this.#layers(),
    }
  }

  #session(): ZooKeeperClient {
    if (this.#zookeeper !== undefined) return this.#zookeeper
    throw new KeeperError(KeeperErrorCode.connectionLoss, '/', 'no ZooKeeper session yet')
  }

  #layers(): BrokerLayers {
    return this.#state.layers(this.#dependencies.brokerId, this.#dependencies.config.properties)
  }

  async #join(): Promise<void> {
    const { connect, entropy, brokerId, config, clock } = this.#dependencies
    const zookeeper = await connect()
    this.#zookeeper = zookeeper
    zookeeper.onSession((event) => {
      if (event.state === 'expired') this.#later(() => this.#rejoin(zookeeper))
      if (event.state === 'connected') this.#later(() => this.#catchUp(zookeeper))
    })
    await createPersistentPaths(zookeeper)
    const { findData, log } = this.#dependencies
    const adopted = findData === undefined ? undefined : await adoptFoundData(zookeeper, findData, brokerId, log)
    this.#state.clusterId = await obtainClusterId(zookeeper, entropy, adopted)
    const endpoints = this.#dependencies.endpoints.map((endpoint) => ({
      ...endpoint,
      host: endpoint.host === '' ? this.#dependencies.hostName : endpoint.host,
    }))
    const { directoryIds } = this.#dependencies
    const broker = { endpoints, rack: config.rack, ...(directoryIds === undefined ? {} : { directoryIds }) }
    await registerBroker(zookeeper, brokerId, broker, clock.wallMs())
    this.#watchers = this.#watchersOf(zookeeper)
    await this.#elect(true)
    this.#hasJoined = true
  }

  /** The session is gone, and with it registration and office: everything again with a new one. */
  async #rejoin(expired: ZooKeeperClient): Promise<void> {
    if (this.#isStopped || this.#zookeeper !== expired) return
    this.#dependencies.log.warn('the ZooKeeper session has expired: registering again with a new one')
    for (let attempt = 1; ; attempt += 1) {
      this.#mandate = undefined
      this.#zookeeper = undefined
      try {
        return await this.#join()
      } catch (error) {
        if (!(error instanceof KeeperError) || attempt === REJOINS_MAX) throw new RejoinError(error)
      }
    }
  }

  /** The connection is back: what failed without it is done now. A watch may have fired into the gap. */
  async #catchUp(zookeeper: ZooKeeperClient): Promise<void> {
    if (this.#zookeeper !== zookeeper || !this.#hasJoined) return
    await this.#elect(false)
    if (this.#mustReload) await this.#reload()
  }

  async #elect(isJoining: boolean): Promise<void> {
    const { brokerId, clock, log } = this.#dependencies
    const zookeeper = this.#session()
    const held = this.#mandate
    const { onController } = this.#watchers
    const result = await runForController(zookeeper, brokerId, clock.wallMs(), isJoining, held, onController)
    this.#mandate = result.mandate
    const isNews = held?.epoch !== result.mandate?.epoch || this.#controllerId !== result.controllerId
    this.#controllerId = result.controllerId
    if (!isNews && !isJoining) return
    if (result.mandate !== undefined) log.info('elected as controller', { epoch: result.mandate.epoch })
    await this.#reload()
  }

  /** One set per session: ZooKeeper fires a watcher once however often it was given. */
  #watchersOf(zookeeper: ZooKeeperClient): Watchers {
    const later =
      (operation: () => Promise<void>): Watcher =>
      (event) => {
        if (event.type === 'session') return
        this.#later(async () => {
          if (this.#zookeeper === zookeeper) await operation()
        })
      }
    return {
      onController: later(() => this.#elect(false)),
      onBrokers: later(() => this.#reload()),
      onDeletions: later(() => this.#deleteWished()),
    }
  }

  /** Work that no request asked for. What ZooKeeper's absence stops is made up for when the connection is back; all else is fatal. */
  #later(operation: () => Promise<void>): void {
    this.#queue
      .run(async () => {
        if (!this.#isStopped) await operation()
      })
      .catch((error: unknown) => {
        if (this.#isStopped) return
        if (this.#refusalFor(error) === undefined) this.#dependencies.onFatal(error)
      })
  }

  /** Reads the tree, repairs it, and brings shards and views in line with it. */
  async #reload(): Promise<void> {
    for (let attempt = 0; attempt < RELOADS_MAX; attempt += 1) {
      if (await this.#tryReload()) return
    }
    throw new KeeperError(KeeperErrorCode.badVersion, '/', `the tree changed during ${RELOADS_MAX} readings in a row`)
  }

  async #tryReload(): Promise<boolean> {
    const { effects, brokerId, placement, entropy, wasStoppedCleanly } = this.#dependencies
    const zookeeper = this.#session()
    const loaded = await loadCluster(zookeeper, this.#watchers)
    this.#state.brokers = loaded.brokers
    replaceAll(this.#state.brokerConfigs, loaded.brokerConfigs)
    replaceAll(
      this.#state.resources,
      loaded.resources.map((resource) => [resourceKey(resource.resourceType, resource.name), resource] as const),
    )
    this.#orphanConfigs = new Set(loaded.orphanConfigs)
    const decisions = loaded.topics.map((topic) =>
      decideLoadedTopic(topic, this.#state.topic(topic.name), {
        brokerId,
        alive: loaded.brokers,
        controllerEpoch: this.#mandate?.epoch ?? -1,
        mustLeadAnew: this.#isFirstLoad && !wasStoppedCleanly,
        isUncleanAllowed: booleanValue(brokerValue('unclean.leader.election.enable', this.#layers()) ?? 'false'),
        placement,
        newTopicId: () => randomUuid(entropy),
      }),
    )
    const context = this.#context()
    const codes = (await context?.writer.write(decisions.map((decision) => decision.writes))) ?? []
    const layers = this.#layers()
    const names = new Set(decisions.map(({ topic }) => topic.name))
    const gone = [...this.#state.topics.values()].filter((topic) => !names.has(topic.name))
    for (const topic of gone) this.#state.dropTopic(topic.name)
    for (const { topic } of decisions) this.#state.putTopic(topic)
    if (codes.some((code) => code !== KeeperErrorCode.ok)) return false
    this.#isFirstLoad = false
    this.#mustReload = false
    await effects.assign(decisions.flatMap(({ topic }) => localPartitions(topic, brokerId, layers)))
    await effects.publish([
      this.#clusterUpdate(),
      ...[...loaded.brokerConfigs].map(([broker, config]) => ({ kind: 'brokerConfig', broker, config }) as const),
      ...loaded.resources.map((resource) => ({ kind: 'resourceConfig', ...resource }) as const),
      ...gone.map((topic) => ({ kind: 'topicGone', name: topic.name }) as const),
      ...decisions
        .filter(({ topic }) => !loaded.deleting.includes(topic.name))
        .map(({ topic }) => ({ kind: 'topic', topic: topicView(topic, loaded.brokers) }) as const),
    ])
    await effects.remove(gone.flatMap((topic) => localPartitions(topic, brokerId, layers)))
    if (loaded.deleting.length > 0 && context !== undefined)
      await new TopicChanges(context).deleteWished(loaded.deleting)
    return true
  }

  /** Somebody (we ourselves included) asked for deletions through the tree. */
  async #deleteWished(): Promise<void> {
    const context = this.#context()
    if (context !== undefined) await new TopicChanges(context).deleteWishedAgain(this.#watchers.onDeletions)
  }

  #clusterUpdate(): { kind: 'cluster'; clusterId: string; controllerId: number; brokers: readonly BrokerView[] } {
    const { brokerId, endpoints, config } = this.#dependencies
    const others = [...this.#state.brokers.values()].filter((broker) => broker.id !== brokerId)
    const brokers = [
      { id: brokerId, endpoints, rack: config.rack },
      ...others.map(({ id, endpoints: theirs, rack }) => ({ id, endpoints: theirs, rack })),
    ].sort((left, right) => left.id - right.id)
    return { kind: 'cluster', clusterId: this.#state.clusterId, controllerId: this.#controllerId, brokers }
  }
}

/** Each try opens a session of its own, which waits for the server by itself. */
const REJOINS_MAX = 10

/** The node could not get back into the cluster. */
class RejoinError extends Error {
  override readonly name: string = 'RejoinError'

  constructor(cause: unknown) {
    super(`cannot register again after the ZooKeeper session expired: ${String(cause)}`, { cause })
  }
}

interface Watchers extends LoadWatchers {
  readonly onController: Watcher
}

const ignore: Watcher = () => undefined
const NO_WATCHERS: Watchers = { onController: ignore, onBrokers: ignore, onDeletions: ignore }

const NOT_CONTROLLER: ControlResult = {
  code: ErrorCode.notController,
  message: 'This is not the correct controller for this cluster.',
}

function replaceAll<Key, Value>(map: Map<Key, Value>, entries: Iterable<readonly [Key, Value]>): void {
  map.clear()
  for (const [key, value] of entries) map.set(key, value)
}
