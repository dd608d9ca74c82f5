/**
 * The broker's side of the control plane: fences commands by controller and broker epoch, keeps which replicas are here
 * and where, and turns commands into what shards do and what every thread sees. One command at a time, in order.
 */
import { ErrorCode } from '../../model/error-code.ts'
import {
  type BrokerCommand,
  type CommandAnswer,
  type LeadershipCommand,
  type MetadataCommand,
  type PartitionAnswer,
  type StopCommand,
  partitionKey,
} from '../contract-commands.ts'
import type { ConfigStore } from '../config-store.ts'
import { type BrokerLayers, type ConfigMap, resolveTopicConfig } from '../config/resolve.ts'
import type {
  BrokerView,
  ControllerEffects,
  EndpointView,
  LocalPartition,
  ReplicaMove,
  ViewUpdate,
} from '../contract.ts'
import type { LocalPlace, LocalPlacement } from '../placement.ts'
import { KnownMetadata, type PlaceOf, Places } from './metadata.ts'
import { decideMove } from './moves.ts'
import { type LocalReplica, decideLeadership, decideStop } from './replicas.ts'

export interface AgentDependencies {
  readonly brokerId: number
  /** What clients of this node are told; an empty host stands for the one the client used. */
  readonly endpoints: readonly EndpointView[]
  readonly rack: string | null
  /** This node's own file. */
  readonly properties: ConfigMap
  readonly placement: LocalPlacement
  readonly effects: ControllerEffects
  readonly configs: ConfigStore
  /**
   * Reads the configuration of topics into the store.
   *
   * @throws KeeperError when the session is over
   */
  readonly readTopicConfigs: (topics: readonly string[]) => Promise<void>
}

export class BrokerAgent {
  readonly #dependencies: AgentDependencies
  readonly #metadata: KnownMetadata = new KnownMetadata()
  readonly #replicas = new Map<string, LocalReplica>()
  readonly #places: Places
  #clusterId: string = ''
  #brokerEpoch: number = -1
  #controllerEpoch: number = 0
  #publishedCluster: string = ''
  #hasMetadata: boolean = false
  #isLeaving: boolean = false
  #onMetadata: (() => void)[] = []
  #tail: Promise<unknown> = Promise.resolve()

  constructor(dependencies: AgentDependencies) {
    this.#dependencies = dependencies
    this.#places = new Places(() => dependencies.placement.elsewhere())
  }

  get brokerEpoch(): number {
    return this.#brokerEpoch
  }

  get controllerId(): number {
    return this.#metadata.controllerId
  }

  /** Live brokers as the controller named them last. */
  get brokers(): readonly BrokerView[] {
    return this.#metadata.brokers
  }

  /** A controller has told us of the cluster. */
  get hasMetadata(): boolean {
    return this.#hasMetadata
  }

  /** Resolves once a controller has told us of the cluster, and every thread knows it. */
  whenTold(): Promise<void> {
    return this.#hasMetadata ? Promise.resolve() : new Promise((resolve) => this.#onMetadata.push(resolve))
  }

  hasTopic(name: string): boolean {
    return this.#metadata.has(name)
  }

  /** We have registered: commands meant for an earlier life are refused from now on. */
  registered(clusterId: string, brokerEpoch: number): void {
    this.#clusterId = clusterId
    this.#brokerEpoch = brokerEpoch
  }

  /** This broker is about to stop: it goes on with what it is needed for, and begins nothing. */
  leaves(): void {
    this.#isLeaving = true
  }

  /** @throws KeeperError when configuration could not be read because the session is over; nothing was done then */
  handle(command: BrokerCommand): Promise<CommandAnswer> {
    const answer = this.#tail.then(() => this.#carryOut(command))
    this.#tail = answer.catch(() => undefined)
    return answer
  }

  /** The disk failed under a replica of ours. @returns false when that is known already */
  replicaFailed(topic: string, partition: number): boolean {
    const key = partitionKey(topic, partition)
    const replica = this.#replicas.get(key)
    if (replica === undefined || replica.isFailed) return false
    this.#replicas.set(key, { ...replica, isFailed: true })
    return true
  }

  /** Moves replicas between log directories. Answers when the moves have begun. */
  moveReplicas(moves: readonly ReplicaMove[]): Promise<readonly PartitionAnswer[]> {
    const answers = this.#tail.then(() => this.#move(moves))
    this.#tail = answers.catch(() => undefined)
    return answers
  }

  /** A replica lies in `directory` now; or it could not be moved there. */
  relocationEnded(topic: string, partition: number, directory: string, isThere: boolean): void {
    const key = partitionKey(topic, partition)
    const replica = this.#replicas.get(key)
    if (replica === undefined) return
    const { place } = replica
    // Another move may have been asked for since.
    const movingTo = place.movingTo === directory ? '' : (place.movingTo ?? '')
    const now = isThere ? directory : place.directory
    if (isThere) this.#dependencies.placement.moved(topic, partition, place.directory, directory)
    this.#replicas.set(key, { ...replica, place: { ...place, directory: now, movingTo } })
  }

  /** The controller has accepted an in-sync set of ours. */
  stateChanged(topic: string, partition: number, leaderEpoch: number, partitionEpoch: number): void {
    const key = partitionKey(topic, partition)
    const replica = this.#replicas.get(key)
    if (replica === undefined || replica.role.leaderEpoch !== leaderEpoch) return
    if (partitionEpoch > replica.role.partitionEpoch) {
      this.#replicas.set(key, { ...replica, role: { ...replica.role, partitionEpoch } })
    }
  }

  /** How many partitions this broker leads as far as it was told. */
  ledCount(): number {
    let count = 0
    for (const { role, isOpen, isFailed } of this.#replicas.values()) {
      if (role.kind === 'leader' && isOpen && !isFailed) count += 1
    }
    return count
  }

  /** Dynamic configuration has changed in the store: partitions obey, every thread sees it. */
  configured(topics: readonly string[], areLayersChanged: boolean, updates: readonly ViewUpdate[]): Promise<void> {
    const done = this.#tail.then(async () => {
      const concerned = new Set(topics)
      const local = [...this.#replicas.values()].filter(
        (replica) => replica.isOpen && (areLayersChanged || concerned.has(replica.topic)),
      )
      const { effects } = this.#dependencies
      if (local.length > 0) await effects.reconfigure(this.#localPartitions(local))
      const all = [...updates, ...this.#topicUpdates(topics)]
      if (all.length > 0) await effects.publish(all)
    })
    this.#tail = done.catch(() => undefined)
    return done
  }

  #carryOut(command: BrokerCommand): Promise<CommandAnswer> {
    if (command.brokerEpoch >= 0 && command.brokerEpoch < this.#brokerEpoch) {
      return Promise.resolve({ code: ErrorCode.staleBrokerEpoch, partitions: [] })
    }
    if (command.controllerEpoch < this.#controllerEpoch) {
      return Promise.resolve({ code: ErrorCode.staleControllerEpoch, partitions: [] })
    }
    this.#controllerEpoch = command.controllerEpoch
    switch (command.kind) {
      case 'leadership':
        return this.#lead(command)
      case 'metadata':
        return this.#show(command)
      case 'stop':
        return this.#stop(command)
    }
  }

  async #lead(command: LeadershipCommand): Promise<CommandAnswer> {
    await this.#readMissingConfigs(command.topics.map(({ topic }) => topic))
    const { brokerId, placement, effects } = this.#dependencies
    const place = (topic: string, partition: number): LocalPlace => placement.here(topic, partition)
    const decision = decideLeadership(this.#replicas, command, brokerId, place, this.#isLeaving)
    const moved = new Set<string>()
    for (const replica of decision.assigned) {
      const key = partitionKey(replica.topic, replica.partition)
      if (!this.#replicas.has(key) && this.#metadata.has(replica.topic)) moved.add(replica.topic)
      this.#replicas.set(key, replica)
    }
    if (decision.assigned.length > 0) {
      const locals = this.#localPartitions(decision.assigned)
      const hasNoFiles = (replica: LocalReplica | undefined): boolean =>
        replica !== undefined && decision.created.has(replica) && !placement.hasFiles(replica.topic, replica.partition)
      const assigning = effects.assign(
        locals.map((local, index) => (hasNoFiles(decision.assigned[index]) ? { ...local, hasNoFiles: true } : local)),
      )
      // Behind the roles on every shard's way, and before the command is answered.
      const updates = this.#assignedUpdates(command, decision.assigned)
      await Promise.all([assigning, updates.length > 0 ? effects.publish(updates) : undefined])
    }
    // Clients were told of these topics while the partitions were elsewhere: from now on they are served here.
    if (moved.size > 0) await effects.publish(this.#topicUpdates([...moved]))
    return { code: ErrorCode.none, partitions: this.#withFailures(decision.answers) }
  }

  #assignedUpdates(command: LeadershipCommand, assigned: readonly LocalReplica[]): readonly ViewUpdate[] {
    const keys = new Set(assigned.map(({ topic, partition }) => partitionKey(topic, partition)))
    return command.topics.flatMap(({ topic, topicId, partitions }) => {
      const obeyed = partitions.filter(({ partition }) => keys.has(partitionKey(topic, partition)))
      return this.#metadata.update(topic, this.#metadata.assigned(topic, topicId, obeyed), this.#placing)
    })
  }

  /** A shard that cannot open a replica says so before it answers: the controller is told at once. */
  #withFailures(answers: readonly PartitionAnswer[]): readonly PartitionAnswer[] {
    return answers.map((answer) =>
      answer.code === ErrorCode.none && this.#replicas.get(partitionKey(answer.topic, answer.partition))?.isFailed
        ? { ...answer, code: ErrorCode.kafkaStorageError }
        : answer,
    )
  }

  async #show(command: MetadataCommand): Promise<CommandAnswer> {
    await this.#readMissingConfigs(command.topics.map(({ topic }) => topic))
    const { effects, configs } = this.#dependencies
    const before = new Map(command.topics.map(({ topic }) => [topic, this.#metadata.topicId(topic)]))
    const { changed, partitions, gone } = this.#metadata.apply(command)
    for (const topic of gone) {
      this.#places.forget(topic)
      configs.topics.delete(topic)
    }
    for (const topic of changed) {
      const old = before.get(topic)
      if (old !== undefined && old !== this.#metadata.topicId(topic)) this.#places.forget(topic)
    }
    if (command.isFull) await this.#closeStrays(command)
    const cluster = this.#clusterUpdate()
    const clusterText = JSON.stringify(cluster)
    const isNews = clusterText !== this.#publishedCluster
    this.#publishedCluster = clusterText
    await effects.publish([
      ...(isNews ? [cluster] : []),
      ...gone.map((name) => ({ kind: 'topicGone', name }) as const),
      ...this.#topicUpdates(changed),
      ...[...partitions].flatMap(([topic, moved]) => this.#metadata.update(topic, moved, this.#placing)),
    ])
    this.#hasMetadata = true
    for (const told of this.#onMetadata) told()
    this.#onMetadata = []
    return { code: ErrorCode.none, partitions: [] }
  }

  /**
   * While we were cut off, replicas may have moved away from here, and a controller speaks to each of those that it knows to be
   * ours only. Who is told everything sees what is not: such replicas serve and follow no more; their files stay.
   */
  async #closeStrays(command: MetadataCommand): Promise<void> {
    const { brokerId, effects } = this.#dependencies
    const ours = new Map<string, string>()
    for (const { topic, topicId, partitions } of command.topics) {
      for (const { partition, replicas } of partitions) {
        if (replicas.includes(brokerId)) ours.set(partitionKey(topic, partition), topicId)
      }
    }
    const strays = [...this.#replicas].filter(([key, { topicId, isOpen }]) => {
      const told = ours.get(key)
      const isAnother = told === undefined || (told !== '' && topicId !== '' && told !== topicId)
      return isOpen && isAnother
    })
    if (strays.length === 0) return
    await effects.close(this.#localPartitions(strays.map(([, replica]) => replica)))
    for (const [key, replica] of strays) this.#replicas.set(key, { ...replica, isOpen: false })
  }

  async #stop(command: StopCommand): Promise<CommandAnswer> {
    const { effects, placement } = this.#dependencies
    const decision = decideStop(
      this.#replicas,
      command,
      (topic, partition) => placement.here(topic, partition),
      (topic, partition) => placement.hasFiles(topic, partition),
    )
    if (decision.closed.length > 0) await effects.close(this.#localPartitions(decision.closed))
    for (const replica of decision.closed) {
      const key = partitionKey(replica.topic, replica.partition)
      this.#replicas.set(key, { ...(this.#replicas.get(key) ?? replica), isOpen: false })
    }
    const shut = decision.removed.filter(({ isOpen }) => !isOpen)
    if (shut.length > 0) await effects.assign(this.#localPartitions(shut))
    if (decision.removed.length > 0) await effects.remove(this.#localPartitions(decision.removed))
    const moved = new Set<string>()
    for (const { topic, partition, place } of decision.removed) {
      this.#replicas.delete(partitionKey(topic, partition))
      placement.free(topic, partition, place)
      if (this.#metadata.has(topic)) moved.add(topic)
    }
    if (moved.size > 0) await effects.publish(this.#topicUpdates([...moved]))
    return { code: ErrorCode.none, partitions: decision.answers }
  }

  async #move(moves: readonly ReplicaMove[]): Promise<readonly PartitionAnswer[]> {
    const { placement, effects } = this.#dependencies
    const answers: PartitionAnswer[] = []
    for (const move of moves) {
      const { topic, partition, directory } = move
      const key = partitionKey(topic, partition)
      const replica = this.#replicas.get(key)
      const decision = decideMove(replica, move, placement.knows(directory))
      let { code } = decision
      if (decision.isWish && !placement.wish(topic, partition, directory)) code = ErrorCode.throttlingQuotaExceeded
      if (decision.movingTo !== undefined && replica !== undefined) {
        // Before it begins: its end may be reported at any time afterwards.
        const moving = { ...replica, place: { ...replica.place, movingTo: decision.movingTo } }
        this.#replicas.set(key, moving)
        const [begun] = await effects.relocate(this.#localPartitions([moving]))
        code = begun?.code ?? ErrorCode.replicaNotAvailable
      }
      answers.push({ topic, partition, code })
    }
    return answers
  }

  async #readMissingConfigs(topics: readonly string[]): Promise<void> {
    const { configs, readTopicConfigs } = this.#dependencies
    const missing = topics.filter((topic) => !configs.topics.has(topic))
    if (missing.length > 0) await readTopicConfigs(missing)
  }

  readonly #placing: PlaceOf = (topic, partition) =>
    this.#replicas.get(partitionKey(topic, partition))?.place ?? this.#places.elsewhere(topic, partition)

  #topicUpdates(names: readonly string[]): readonly ViewUpdate[] {
    return names.flatMap((name): ViewUpdate[] => {
      const topic = this.#metadata.view(name, this.#dependencies.configs.topic(name), this.#placing)
      return topic === undefined ? [] : [{ kind: 'topic', topic }]
    })
  }

  #clusterUpdate(): ViewUpdate {
    const { brokerId, endpoints, rack } = this.#dependencies
    const others = this.#metadata.brokers.filter((broker) => broker.id !== brokerId)
    const isHere = others.length < this.#metadata.brokers.length
    const brokers = isHere ? [{ id: brokerId, endpoints, rack }, ...others] : others
    return {
      kind: 'cluster',
      clusterId: this.#clusterId,
      controllerId: this.#metadata.controllerId,
      brokers: [...brokers].sort((left, right) => left.id - right.id),
    }
  }

  #localPartitions(replicas: readonly LocalReplica[]): readonly LocalPartition[] {
    const { configs, brokerId, properties } = this.#dependencies
    const layers = configs.layers(brokerId, properties)
    // By what is set: most topics set nothing. A thousand of them are resolved once, and cross to the shards as one value.
    const resolved = new Map<string, LocalPartition['config']>()
    return replicas.map(({ topic, topicId, partition, place, role }) => {
      const own = configs.topic(topic)
      const settings = JSON.stringify(own)
      const config = resolved.get(settings) ?? resolve(own, layers)
      resolved.set(settings, config)
      return { topic, topicId, partition, ...place, leaderEpoch: role.leaderEpoch, role, config }
    })
  }
}

function resolve(config: ConfigMap, layers: BrokerLayers): LocalPartition['config'] {
  return resolveTopicConfig(config, layers.dynamic, layers.dynamicDefault, layers.static)
}
