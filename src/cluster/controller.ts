/**
 * The control plane of one node: keeps it registered, lets its broker obey the controller of the cluster, runs for
 * controller itself, and, while elected, holds the office (office.ts). One thing at a time, in the order of arrival.
 */
import { BugError } from '../base/assert.ts'
import { ErrorCode } from '../model/error-code.ts'
import type { InSyncDecision, InSyncProposal } from '../partition/contract.ts'
import { KeeperError, KeeperErrorCode, type Watcher, type ZooKeeperClient } from '../zookeeper/contract.ts'
import { adoptFoundData } from './adoption.ts'
import { BrokerAgent } from './agent/agent.ts'
import { describeBroker } from './broker-self.ts'
import { ConfigChanges } from './config-changes.ts'
import { configFlag } from './config/broker-config.ts'
import type { BrokerLayers } from './config/resolve.ts'
import type { PeerControl, ProducerIdsAnswer } from './contract-calls.ts'
import type { BrokerCommand, CommandAnswer } from './contract-commands.ts'
import type {
  ConfigChange,
  ControlPlane,
  ControlResult,
  CreateTopicResult,
  CreateTopicSpec,
  ReplicaMove,
  ShardReports,
} from './contract.ts'
import type { Awaited, ControllerDependencies } from './controller-context.ts'
import { type Mandate, runForController } from './controller-election.ts'
import { askToLeave } from './departure.ts'
import { type GoneController, GoneMembers } from './gone-members.ts'
import { ControllerMovedError } from './guarded-writer.ts'
import { InSyncProposals } from './in-sync-proposals.ts'
import { FailureNotice } from './failure-notice.ts'
import { NodeConfigs } from './node-configs.ts'
import { NodeWatchers } from './node-watchers.ts'
import { NOT_CONTROLLER, OfficeRequests, type Refuse } from './office-requests.ts'
import { Office, officeWatchers } from './office.ts'
import { OperationQueue, OverloadedError, forSomeTime } from './operation-queue.ts'
import { takeProducerIdBlock } from './producer-ids.ts'
import { RebalanceTimer } from './rebalance-timer.ts'
import type { ClusterCounts } from './state.ts'
import { RejoinError, createPersistentPaths, isPassing, obtainClusterId, registerBroker } from './startup.ts'
import { TopicChanges } from './topic-changes.ts'
import {
  BROKER_IDS_PATH,
  type BrokerNode,
  LOG_DIRECTORY_EVENTS_PATH,
  brokerPath,
  encodeLogDirectoryEvent,
} from './znodes.ts'

/** After a failure whose outcome is unknown the tree is read again, if no request and no reconnection made us do so before. */
const TRUST_AGAIN_MS = 1_000
/** A server that is slow or restarts while a node starts should not end the start. */
const JOINS_MAX = 5
/** Each try opens a session of its own, which waits for the server by itself. */
const REJOINS_MAX = 10

export class Controller extends OfficeRequests implements ControlPlane, PeerControl, ShardReports {
  readonly agent: BrokerAgent
  readonly #dependencies: ControllerDependencies
  readonly #configs: NodeConfigs = new NodeConfigs()
  readonly #queue: OperationQueue = new OperationQueue()
  readonly #proposals: InSyncProposals
  readonly #rebalance: RebalanceTimer
  #zookeeper: ZooKeeperClient | undefined
  protected override office: Office | undefined
  #watchers: NodeWatchers
  #controllerId: number = -1
  #controllerSession: string = ''
  readonly #gone: GoneMembers = new GoneMembers((id, epoch) =>
    this.#inOffice(this.office, (office) => office.brokerGone(id, epoch)),
  )
  #clusterId: string = ''
  readonly #isFast: boolean
  #hasJoined: boolean = false
  #isLeaving: boolean = false
  #isStopped: boolean = false
  readonly #failures: FailureNotice

  constructor(dependencies: ControllerDependencies) {
    super()
    this.#dependencies = dependencies
    const { brokerId, endpoints, config, placement, effects } = dependencies
    this.#watchers = new NodeWatchers(() => undefined)
    this.agent = new BrokerAgent({
      brokerId,
      endpoints,
      rack: config.rack,
      properties: config.properties,
      placement,
      effects,
      configs: this.#configs.store,
      readTopicConfigs: (topics) => this.#readTopicConfigs(topics),
    })
    this.#proposals = new InSyncProposals({
      timers: dependencies.timers,
      identity: () => ({ brokerId, brokerEpoch: this.agent.brokerEpoch }),
      send: (request) =>
        this.office === undefined
          ? dependencies.calls.alterPartition(this.#controllerId, request)
          : this.alterPartition(request),
      onAccepted: (...state) => this.agent.stateChanged(...state),
    })
    this.#rebalance = new RebalanceTimer(config, dependencies.timers, (office, percentage) =>
      this.#later(() => this.#inOffice(office, () => office.rebalance(percentage))),
    )
    this.#failures = new FailureNotice(dependencies.timers, () =>
      this.#later(async () => {
        const path = `${LOG_DIRECTORY_EVENTS_PATH}/log_dir_event_`
        await this.#session().create(path, encodeLogDirectoryEvent(brokerId), 'persistent-sequential')
      }),
    )
    this.#isFast = configFlag(config, 'jackdaw.fast.failure.detection')
    dependencies.links.onGone((id, epoch) => {
      if (this.#isFast) this.#later(() => this.#gone.takeBroker(id, epoch))
    })
  }

  get clusterId(): string {
    return this.#clusterId
  }

  get isActive(): boolean {
    return this.office !== undefined
  }

  /** The controller as this node knows it, -1 when there is none. */
  get controllerId(): number {
    return this.#controllerId
  }

  get controllerEpoch(): number {
    return this.office?.mandate.epoch ?? -1
  }

  /** What Kafka's controller metrics count; a broker that is not controller counts nothing. */
  counts(): ClusterCounts {
    return this.office?.state.counts() ?? { topicCount: 0, partitionCount: 0, offlinePartitionCount: 0 }
  }

  /**
   * Registers and runs for controller. Who is elected has told every broker what to do when it resolves, itself first; who
   * is not waits for commands, which come once its listeners are open.
   *
   * @throws StartupError when the node cannot join
   */
  start(): Promise<void> {
    return this.#queue.run(async () => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await this.#join()
        } catch (error) {
          if (!isPassing(error) || attempt === JOINS_MAX) throw error
          this.#dependencies.log.warn(`joining the cluster was cut off, and is tried again: ${error.message}`)
          this.#giveUpSession()
        }
      }
    })
  }

  /** Hands over what is led here to others in sync; to be called while the shards still serve. */
  async leave(): Promise<void> {
    const { brokerId, calls, config, log, timers } = this.#dependencies
    this.#isLeaving = true
    if (!configFlag(config, 'controlled.shutdown.enable') || this.agent.brokers.length < 2) return
    this.agent.leaves()
    await askToLeave({
      timers,
      log,
      ask: () => {
        const { brokerEpoch } = this.agent
        return this.office === undefined
          ? calls.controlledShutdown(this.#controllerId, brokerId, brokerEpoch)
          : this.shutDownBroker(brokerId, brokerEpoch)
      },
      ledCount: () => this.agent.ledCount(),
    })
  }

  /** Resolves when a quorum of keepers has agreed, on nothing: it takes a quorum to decide a transaction that only checks. @throws KeeperError */
  async agree(): Promise<void> {
    await this.#session().multi([{ kind: 'check', path: BROKER_IDS_PATH, version: -1 }])
  }

  /** Lets what is under way finish, then ends the session: others see this broker leave at once. */
  stop(): Promise<void> {
    this.#proposals.stop()
    return this.#queue.run(async () => {
      this.#isStopped = true
      this.#dependencies.calls.watchController(-1, () => undefined)
      this.#leaveOffice()
      this.#failures.stop()
      await this.#zookeeper?.close()
    })
  }

  /**
   * For an end that has waited long enough: without a quorum nobody answers what is under way. It fails now, and the session is
   * left to expire.
   */
  abandon(): void {
    this.#isStopped = true
    this.#zookeeper?.close().catch(() => undefined)
  }

  async createTopics(
    topics: readonly CreateTopicSpec[],
    validateOnly: boolean,
    mayForward: boolean = false,
  ): Promise<readonly CreateTopicResult[]> {
    const refuse: Refuse<readonly CreateTopicResult[]> = (refusal) =>
      topics.map(({ name }) => ({ name, topicId: '', partitionCount: -1, replicationFactor: -1, ...refusal }))
    if (this.office === undefined && mayForward && this.#hasJoined) {
      return (await this.#dependencies.calls.createTopics(this.#controllerId, topics)) ?? refuse(NOT_CONTROLLER)
    }
    return this.inOffice((office) => new TopicChanges(office.context).create(topics, validateOnly), refuse)
  }

  /** Any broker may. */
  alterConfigs(changes: readonly ConfigChange[], validateOnly: boolean): ReturnType<ControlPlane['alterConfigs']> {
    return this.inTurn(
      async () => {
        const { agent } = this
        const context = {
          zookeeper: this.#session(),
          configs: this.#configs.store,
          agent,
          layers: () => this.#layers(),
        }
        const answers = await new ConfigChanges(context).alter(changes, validateOnly)
        if (!validateOnly) await this.office?.electWhereAllowed()
        return answers
      },
      (refusal) => changes.map(({ resourceType, name }) => ({ resourceType, name, ...refusal })),
    )
  }

  /** Blocks are taken with a conditional write, so every broker takes its own: no controller is needed. */
  async allocateProducerIds(): ReturnType<ControlPlane['allocateProducerIds']> {
    const { first, count } = await this.takeProducerIds(this.#dependencies.brokerId)
    return { first, count }
  }

  /** A command of the controller, over the wire. */
  async command(command: BrokerCommand): Promise<CommandAnswer> {
    try {
      return await this.agent.handle(command)
    } catch (error) {
      if (!(error instanceof KeeperError)) throw error
      // Our session is over: with the next one we register anew, and are told everything again.
      return { code: ErrorCode.staleBrokerEpoch, partitions: [] }
    }
  }

  proposeInSync(proposal: InSyncProposal): Promise<InSyncDecision> {
    return this.#proposals.propose(proposal)
  }

  async moveReplicas(moves: readonly ReplicaMove[]): ReturnType<ControlPlane['moveReplicas']> {
    return this.agent.moveReplicas(moves)
  }

  relocationEnded(topic: string, partition: number, directory: string, isThere: boolean): void {
    this.agent.relocationEnded(topic, partition, directory, isThere)
  }

  partitionFailed(topic: string, partition: number): void {
    if (this.agent.replicaFailed(topic, partition)) this.#failures.replicaFailed()
  }

  protected override async takeProducerIds(brokerId: number): Promise<ProducerIdsAnswer> {
    try {
      const block = await this.#queue.run(() => takeProducerIdBlock(this.#session(), brokerId))
      return { code: ErrorCode.none, ...block }
    } catch (error) {
      if (!(error instanceof Error) || error instanceof BugError) throw error
      this.#dependencies.log.error(`no producer ids can be handed out: ${error.message}`)
      return { code: ErrorCode.unknownServerError, first: -1, count: 0 }
    }
  }

  /** A refusal of the whole request becomes one answer per item; the answer waits a little for the other brokers, while the next operation runs. */
  protected override async inTurn<Result>(operation: () => Promise<Result>, refuse: Refuse<Result>): Promise<Result> {
    let others: readonly Awaited[] = []
    let result: Result
    try {
      result = await this.#queue.run(async () => {
        const done = await operation()
        others = this.office?.takeAfterwards() ?? []
        return done
      })
    } catch (error) {
      const refusal = this.#refusalFor(error)
      if (refusal === undefined) throw error
      return refuse(refusal)
    }
    await Promise.all(others.map(({ done, waitMs }) => forSomeTime(this.#dependencies.timers, waitMs, done)))
    return result
  }

  /** undefined: not a trouble with ZooKeeper or load but a bug. */
  #refusalFor(error: unknown): ControlResult | undefined {
    const { log } = this.#dependencies
    if (error instanceof ControllerMovedError) {
      this.#leaveOffice()
      log.warn(`resigned as controller: ${error.message}`)
      this.#later(() => this.#elect(false))
      return NOT_CONTROLLER
    }
    if (error instanceof OverloadedError) return { code: ErrorCode.requestTimedOut, message: error.message }
    if (!(error instanceof KeeperError)) return undefined
    // What was written is unknown: the tree itself must tell before the next decision.
    const office = this.office
    if (office !== undefined) {
      office.distrust()
      this.#dependencies.timers.start(TRUST_AGAIN_MS, () =>
        this.#later(async () => {
          if (this.office === office) await office.trustAgain()
        }),
      )
    }
    log.warn(`a change of the cluster failed: ZooKeeper answered ${error.code} for ${error.path}`)
    return { code: ErrorCode.requestTimedOut, message: `ZooKeeper did not confirm the change: ${error.message}` }
  }

  #session(): ZooKeeperClient {
    if (this.#zookeeper === undefined)
      throw new KeeperError(KeeperErrorCode.connectionLoss, '/', 'no ZooKeeper session yet')
    return this.#zookeeper
  }

  #layers(): BrokerLayers {
    return this.#configs.store.layers(this.#dependencies.brokerId, this.#dependencies.config.properties)
  }

  async #join(): Promise<void> {
    const { connect, entropy, brokerId, clock, findData, log } = this.#dependencies
    const zookeeper = await connect()
    if (this.#isStopped) {
      // The stop did not wait for a server to be found.
      zookeeper.close().catch(() => undefined)
      return
    }
    this.#zookeeper = zookeeper
    zookeeper.onSession((event) => {
      if (event.state === 'expired') this.#later(() => this.#rejoin(zookeeper))
      if (event.state === 'connected') this.#later(() => this.#catchUp(zookeeper))
    })
    await createPersistentPaths(zookeeper)
    const adopted = findData === undefined ? undefined : await adoptFoundData(zookeeper, findData, brokerId, log)
    this.#clusterId = await obtainClusterId(zookeeper, entropy, adopted)
    const hasRecovered = !this.#dependencies.wasStoppedCleanly && !this.agent.hasMetadata
    const broker = describeBroker(this.#dependencies, hasRecovered)
    const brokerEpoch = await registerBroker(zookeeper, brokerId, broker, clock.wallMs())
    this.agent.registered(this.#clusterId, brokerEpoch)
    this.#watchers = new NodeWatchers((work) =>
      this.#later(async () => {
        if (this.#zookeeper === zookeeper) await work()
      }),
    )
    await this.#keepRegistered(zookeeper, broker)
    await this.#configs.readAll(zookeeper, this.#onConfigs(zookeeper), this.agent)
    await this.#elect(true).catch((error: unknown) => {
      // Another was elected while we took over: we resign, as at any other time, and are a broker like others.
      if (!(error instanceof ControllerMovedError)) throw error
      this.#refusalFor(error)
    })
    this.#hasJoined = true
  }

  /** Whoever takes us for dead takes our registration. That we read of it shows that we live: we register again, as another life. */
  async #keepRegistered(zookeeper: ZooKeeperClient, broker: BrokerNode): Promise<void> {
    const { brokerId, clock, log } = this.#dependencies
    const onChange = this.#watchers.once('registration', () => this.#keepRegistered(zookeeper, broker))
    const stat = await zookeeper.exists(brokerPath(brokerId), onChange)
    if (stat !== undefined || this.#isLeaving) return
    log.warn('this broker was taken for dead, and registers again')
    this.agent.registered(this.#clusterId, await registerBroker(zookeeper, brokerId, broker, clock.wallMs()))
    await this.#keepRegistered(zookeeper, broker)
  }

  /** The session is gone, and with it registration and office: everything again with a new one. */
  async #rejoin(expired: ZooKeeperClient): Promise<void> {
    if (this.#isStopped || this.#zookeeper !== expired) return
    this.#dependencies.log.warn('the ZooKeeper session has expired: registering again with a new one')
    for (let attempt = 1; ; attempt += 1) {
      this.#giveUpSession()
      try {
        return await this.#join()
      } catch (error) {
        if (this.#isStopped) return
        if (!(error instanceof KeeperError) || attempt === REJOINS_MAX) throw new RejoinError(error)
      }
    }
  }

  /** The next try to join has a session of its own. This one may be gone already, or be kept alive by pings until it is closed. */
  #giveUpSession(): void {
    this.#leaveOffice()
    const session = this.#zookeeper
    this.#zookeeper = undefined
    session?.close().catch(() => undefined)
  }

  /** The connection is back: what failed without it is done now. A watch may have fired into the gap. */
  async #catchUp(zookeeper: ZooKeeperClient): Promise<void> {
    if (this.#zookeeper !== zookeeper || !this.#hasJoined) return
    await this.#elect(false)
    await this.office?.trustAgain()
    await this.#gone.takeBrokers()
  }

  async #elect(isJoining: boolean): Promise<void> {
    // Who is about to go would only have to be replaced again.
    if (this.#isLeaving && this.office === undefined) return
    const { brokerId, clock, log, calls } = this.#dependencies
    const zookeeper = this.#session()
    const held = this.office?.mandate
    const onController = this.#watchers.once('controller', () => this.#elect(false))
    const gone = this.#gone.controller
    const nowMs = clock.wallMs()
    const result = await runForController(zookeeper, brokerId, nowMs, isJoining, held, onController, gone?.session)
    const isAnother = result.session !== this.#controllerSession
    this.#gone.controller = undefined
    this.#controllerId = result.controllerId
    this.#controllerSession = result.session
    if (result.mandate === undefined) {
      this.#leaveOffice()
      const { controllerId } = result
      // A second watch of the same one might begin when nobody is there any more, and then never notices.
      if (!this.#isFast || !isAnother) return
      return calls.watchController(controllerId, () => this.#later(() => this.#controllerGone(controllerId)))
    }
    calls.watchController(-1, () => undefined)
    if (this.office !== undefined && held?.epoch === result.mandate.epoch) return
    log.info('elected as controller', { epoch: result.mandate.epoch })
    await this.#takeOffice(zookeeper, result.mandate, gone)
  }

  async #controllerGone(controllerId: number): Promise<void> {
    if (this.office !== undefined || this.#controllerId !== controllerId || this.#zookeeper === undefined) return
    this.#dependencies.log.warn(`the process of controller ${controllerId} has ended: another is elected`)
    this.#gone.controller = { brokerId: controllerId, session: this.#controllerSession }
    await this.#elect(false)
  }

  async #takeOffice(zookeeper: ZooKeeperClient, mandate: Mandate, gone: GoneController | undefined): Promise<void> {
    this.#leaveOffice()
    const { brokerId, wasStoppedCleanly } = this.#dependencies
    const once = (name: string, work: () => Promise<void>, delayMs: number = 0): Watcher => {
      const watcher = this.#watchers.once(name, () => this.#inOffice(office, work))
      if (delayMs === 0) return watcher
      return (event) => void this.#dependencies.timers.start(delayMs, () => watcher(event))
    }
    const office: Office = new Office({
      dependencies: this.#dependencies,
      configs: this.#configs.store,
      agent: this.agent,
      zookeeper,
      mandate,
      layers: () => this.#layers(),
      later: (work) => this.#later(() => this.#inOffice(office, work)),
      watchers: officeWatchers(() => office, once),
    })
    this.office = office
    const isSuspect = !this.#hasJoined && !wasStoppedCleanly
    // First: a reading that is cut off is done again later, and this would not be.
    this.#rebalance.start(office)
    await office.takeOver(isSuspect ? brokerId : undefined, gone)
  }

  /**
   * Does something for an office while it lasts. A reading that was cut off left no topics, or some: brokers that were told of
   * "everything" then gave up all they had.
   */
  async #inOffice(office: Office | undefined, work: (office: Office) => Promise<void>): Promise<void> {
    if (office === undefined || this.office !== office) return
    await office.trustAgain()
    if (this.office === office) await work(office)
  }

  #leaveOffice(): void {
    this.#rebalance.stop()
    if (this.office === undefined) return
    this.office = undefined
    this.#dependencies.links.setBrokers([])
  }

  /** Ends early only with the session: then we register anew, and are told everything again. */
  #readTopicConfigs(topics: readonly string[]): Promise<void> {
    const zookeeper = this.#session()
    const isOver = (): boolean => this.#zookeeper !== zookeeper || this.#isStopped
    return this.#configs.readTopicsPatiently(zookeeper, topics, this.#dependencies.timers, isOver)
  }

  #onConfigs(zookeeper: ZooKeeperClient): Watcher {
    return this.#watchers.once('configs', () => this.#configsChanged(zookeeper))
  }

  async #configsChanged(zookeeper: ZooKeeperClient): Promise<void> {
    const wallMs = this.#dependencies.clock.wallMs()
    const isChanged = await this.#configs.readChanges(zookeeper, this.#onConfigs(zookeeper), wallMs, this.agent)
    if (isChanged) await this.office?.electWhereAllowed()
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
}
