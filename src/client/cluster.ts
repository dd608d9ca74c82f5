import { ErrorCode } from '../model/error-code.ts'
import type { MetadataResponse } from '../protocol/generated/03-metadata.ts'
import { retrying } from './backoff.ts'
import { type Broker, BrokerPool, type Purpose } from './broker-pool.ts'
import { findCoordinatorCall, metadataCall } from './calls.ts'
import type { BrokerAddress, Connection, ConnectionOptions } from './connection.ts'
import type { ClientEnvironment } from './environment.ts'
import { BrokerError, ClientError, ClosedError, ConnectionError, mayRetry, throwIfRefused } from './errors.ts'
import { METADATA_AGE_MAX_MS } from './limits.ts'

export interface PartitionMetadata {
  readonly partition: number
  /** -1 while there is none. */
  readonly leaderId: number
  readonly leaderEpoch: number
  readonly replicas: readonly number[]
  readonly inSyncReplicas: readonly number[]
  readonly offlineReplicas: readonly number[]
  readonly errorCode: number
}

export interface TopicMetadata {
  readonly name: string
  readonly topicId: string
  readonly isInternal: boolean
  readonly errorCode: number
  /** By partition number, without holes. */
  readonly partitions: readonly PartitionMetadata[]
}

export interface ClusterOptions extends ConnectionOptions {
  readonly bootstrap: readonly BrokerAddress[]
  /** Whether asking for a topic may create it. */
  readonly mayCreateTopics: boolean
  /** Whether to go on trying while no broker has ever been reached. */
  readonly waitsForBrokers: boolean
}

/** What FindCoordinator calls the kinds of key. */
export const CoordinatorKind = { group: 0, transaction: 1 } as const
export type CoordinatorKind = (typeof CoordinatorKind)[keyof typeof CoordinatorKind]

/**
 * What a client knows of the cluster: brokers, controller, topics and leaders, coordinators. Knowledge is asked for when
 * it is needed, shared by all who ask at once, and thrown away when an answer shows that it is old.
 */
export class Cluster {
  readonly environment: ClientEnvironment
  readonly #pool: BrokerPool
  readonly #options: ClusterOptions
  readonly #topics: Map<string, TopicMetadata> = new Map()
  /** Topics somebody asked for: a refresh renews them all. */
  readonly #wanted: Set<string> = new Set()
  readonly #coordinators: Map<string, number> = new Map()
  #controllerId = -1
  #clusterId: string | null = null
  #refreshedAtMs: number | undefined
  #isStale = true
  #refreshing: Promise<void> | undefined
  #isClosed = false

  constructor(environment: ClientEnvironment, options: ClusterOptions) {
    if (options.bootstrap.length === 0) throw new ClientError('no broker to start from: give at least one host:port')
    this.environment = environment
    this.#options = options
    this.#pool = new BrokerPool(environment, options, options.bootstrap)
  }

  get clusterId(): string | null {
    return this.#clusterId
  }

  get controllerId(): number {
    return this.#controllerId
  }

  get brokers(): readonly Broker[] {
    return this.#pool.brokers
  }

  /** What is known of a topic now, without asking. */
  knownTopic(name: string): TopicMetadata | undefined {
    return this.#topics.get(name)
  }

  /**
   * Metadata of a topic, asked for when it is missing or old.
   *
   * @throws BrokerError when there is no such topic or it may not be seen; ConnectionError, TimeoutError
   */
  async topic(name: string): Promise<TopicMetadata> {
    this.#wanted.add(name)
    const known = this.#topics.get(name)
    if (known === undefined || known.errorCode !== 0 || this.#isOld()) await this.refresh()
    const topic = this.#topics.get(name)
    if (topic === undefined) throw new BrokerError(ErrorCode.unknownTopicOrPartition, `topic '${name}'`)
    throwIfRefused(topic.errorCode, `topic '${name}'`)
    return topic
  }

  /** Asks for the wanted topics anew. Whoever asks while that is under way shares the answer. */
  refresh(): Promise<void> {
    if (this.#refreshing === undefined) {
      const names = [...this.#wanted]
      this.#refreshing = this.#ask(names)
        .then((answer) => this.#take(answer, names))
        .finally(() => {
          this.#refreshing = undefined
        })
    }
    const asked = this.#refreshing
    return asked
  }

  /** Makes a refresh tell of these topics too. */
  want(names: readonly string[]): void {
    for (const name of names) this.#wanted.add(name)
  }

  /**
   * Asks anew when what is known of the wanted topics is old; nobody waits for it. Called by whoever works with what is
   * known: partitions that were added would otherwise show only once something goes wrong.
   */
  keepFresh(): void {
    if (this.#wanted.size === 0 || !this.#isOld()) return
    // Whoever needs an answer asks, and hears why there is none.
    this.refresh().catch(() => {})
  }

  /** Lists every topic of the cluster. */
  async allTopics(): Promise<readonly TopicMetadata[]> {
    const answer = await this.#ask(null)
    this.#take(answer, [])
    return answer.topics.filter((topic) => topic.name !== null).map(topicMetadata)
  }

  /** Metadata of the named topics, errors included, without remembering them. */
  async describeTopics(names: readonly string[]): Promise<readonly TopicMetadata[]> {
    if (names.length === 0) return []
    const answer = await this.#ask(names, false)
    this.#take(answer, [])
    return answer.topics.map(topicMetadata)
  }

  /** Forgets a topic that nobody uses any more. */
  forgetTopic(name: string): void {
    this.#wanted.delete(name)
    this.#topics.delete(name)
  }

  /** Makes the next use of the metadata ask again. */
  invalidate(): void {
    this.#isStale = true
  }

  /**
   * Node id of a partition's leader.
   *
   * @throws BrokerError (LEADER_NOT_AVAILABLE, UNKNOWN_TOPIC_OR_PARTITION)
   */
  async leaderOf(topicName: string, partition: number): Promise<number> {
    const topic = await this.topic(topicName)
    const found = topic.partitions[partition]
    const what = `partition ${partition} of topic '${topicName}'`
    if (found === undefined) throw new BrokerError(ErrorCode.unknownTopicOrPartition, what)
    if (found.leaderId < 0) {
      this.invalidate()
      throw new BrokerError(ErrorCode.leaderNotAvailable, what)
    }
    return found.leaderId
  }

  /** A connection to a broker known from metadata. */
  async connection(nodeId: number, purpose: Purpose = 'general'): Promise<Connection> {
    this.#throwIfClosed()
    if (!this.#pool.knows(nodeId)) await this.refresh()
    try {
      return await this.#pool.connection(nodeId, purpose)
    } catch (error) {
      this.invalidate()
      throw error
    }
  }

  /** A leader's answer is overdue: asks others who leads now. What waits for the answer goes on waiting. */
  refreshWithout(nodeId: number): Promise<void> {
    this.#pool.isOverdue(nodeId)
    return this.refresh()
  }

  /** A connection to any broker that can be reached. */
  anyConnection(): Promise<Connection> {
    this.#throwIfClosed()
    return this.#pool.anyConnection()
  }

  /** A connection to the broker that metadata calls the controller; brokers without one forward by themselves. */
  async controllerConnection(): Promise<Connection> {
    if (this.#controllerId < 0 || this.#isOld()) await this.refresh()
    if (this.#controllerId < 0 || !this.#pool.knows(this.#controllerId)) return await this.anyConnection()
    return await this.connection(this.#controllerId)
  }

  /** Node id of a group's or transaction's coordinator. @throws BrokerError (COORDINATOR_NOT_AVAILABLE …) */
  async coordinatorOf(kind: CoordinatorKind, key: string): Promise<number> {
    const cacheKey = `${kind}/${key}`
    const known = this.#coordinators.get(cacheKey)
    if (known !== undefined) return known
    const connection = await this.anyConnection()
    const answer = await connection.request(findCoordinatorCall, { keyType: kind, coordinatorKeys: [key] })
    const found = answer.coordinators[0]
    if (found === undefined) throw new ClientError(`no answer about the coordinator of '${key}'`)
    throwIfRefused(found.errorCode, `coordinator of '${key}'`, found.errorMessage)
    this.#pool.learn({ nodeId: found.nodeId, host: found.host, port: found.port, rack: null })
    this.#coordinators.set(cacheKey, found.nodeId)
    return found.nodeId
  }

  /** After NOT_COORDINATOR and the like: the next use asks again. */
  forgetCoordinator(kind: CoordinatorKind, key: string): void {
    this.#coordinators.delete(`${kind}/${key}`)
  }

  /** Closes every connection. */
  close(): void {
    this.#isClosed = true
    this.#pool.close()
  }

  /** Whether trying again may help, given what this client is for. */
  isWorthRetrying(error: unknown): boolean {
    const isNobodyThere = error instanceof ConnectionError && this.#refreshedAtMs === undefined
    return mayRetry(error) && (this.#options.waitsForBrokers || !isNobodyThere)
  }

  /** @param names null for every topic */
  #ask(names: readonly string[] | null, mayCreate: boolean = this.#options.mayCreateTopics): Promise<MetadataResponse> {
    const topics = names === null ? null : names.map((name) => ({ name }))
    const isRetriable = (error: unknown): boolean => this.isWorthRetrying(error)
    return retrying(
      this.environment,
      { what: 'metadata', timeoutMs: this.#options.requestTimeoutMs, isRetriable },
      async () => {
        const connection = await this.anyConnection()
        const answer = await connection.request(metadataCall, { topics, allowAutoTopicCreation: mayCreate })
        throwIfRefused(answer.errorCode, 'metadata')
        return answer
      },
    )
  }

  #take(answer: MetadataResponse, names: readonly string[]): void {
    this.#clusterId = answer.clusterId
    this.#controllerId = answer.controllerId
    this.#pool.replaceBrokers(answer.brokers)
    const before = new Map(this.#topics)
    for (const name of names) this.#topics.delete(name)
    for (const topic of answer.topics) {
      if (topic.name === null || !this.#wanted.has(topic.name)) continue
      this.#topics.set(topic.name, newerOf(topicMetadata(topic), before.get(topic.name)))
    }
    this.#refreshedAtMs = this.environment.clock.monotonicMs()
    this.#isStale = false
  }

  #isOld(): boolean {
    const nowMs = this.environment.clock.monotonicMs()
    return this.#isStale || nowMs - (this.#refreshedAtMs ?? 0) > METADATA_AGE_MAX_MS
  }

  #throwIfClosed(): void {
    if (this.#isClosed) throw new ClosedError('this client is closed')
  }
}

function topicMetadata(topic: MetadataResponse['topics'][number]): TopicMetadata {
  const partitions = topic.partitions.map((partition) => ({
    partition: partition.partitionIndex,
    leaderId: partition.leaderId,
    leaderEpoch: partition.leaderEpoch,
    replicas: partition.replicaNodes,
    inSyncReplicas: partition.isrNodes,
    offlineReplicas: partition.offlineReplicas,
    errorCode: partition.errorCode,
  }))
  partitions.sort((left, right) => left.partition - right.partition)
  const { topicId, isInternal, errorCode } = topic
  return { name: topic.name ?? '', topicId, isInternal, errorCode, partitions }
}

/** A broker that was cut off tells of leaders that lead no longer: whoever is believed to lead stays, until somebody knows a newer one. */
function newerOf(told: TopicMetadata, known: TopicMetadata | undefined): TopicMetadata {
  if (known === undefined || known.topicId !== told.topicId) return told
  const partitions = told.partitions.map((partition) => {
    const before = known.partitions[partition.partition]
    return before !== undefined && before.leaderEpoch > partition.leaderEpoch ? before : partition
  })
  return { ...told, partitions }
}
