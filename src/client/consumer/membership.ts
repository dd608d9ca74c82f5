import type { TimerHandle } from '../../io/ports.ts'
import { ErrorCode } from '../../model/error-code.ts'
import type { JoinGroupResponse } from '../../protocol/generated/11-join-group.ts'
import { backoffMs } from '../backoff.ts'
import { heartbeatCall, joinGroupCall, leaveGroupCall, syncGroupCall } from '../calls.ts'
import { type Cluster, CoordinatorKind } from '../cluster.ts'
import type { Connection } from '../connection.ts'
import { pause } from '../environment.ts'
import { BrokerError, ClientError, mayRetry, throwIfRefused } from '../errors.ts'
import { type Assignor, keyOf, type Subscriber } from './assignors.ts'
import {
  readAssignment,
  readSubscription,
  type TopicPartition,
  writeAssignment,
  writeSubscription,
} from './consumer-protocol.ts'

export interface MembershipOptions {
  readonly groupId: string
  readonly instanceId: string | null
  /** In order of preference. The group uses one that all members offer. */
  readonly assignors: readonly Assignor[]
  readonly sessionTimeoutMs: number
  readonly heartbeatIntervalMs: number
  /** How long the others wait for this member in a rebalance; also the longest time between polls. */
  readonly rebalanceTimeoutMs: number
}

/** What a membership tells its consumer. Each may take its time; the rebalance waits for it. */
export interface MembershipEvents {
  /** These are about to go: commit what was done with them. */
  readonly onRevoked: (partitions: readonly TopicPartition[]) => Promise<void>
  /** These have gone to others already: nothing can be committed any more. */
  readonly onLost: (partitions: readonly TopicPartition[]) => Promise<void>
  /** @param all everything owned now; @param added what is new of it */
  readonly onAssigned: (all: readonly TopicPartition[], added: readonly TopicPartition[]) => Promise<void>
  /** Something changed that `poll` should look at. */
  readonly onChange: () => void
}

const PROTOCOL_TYPE = 'consumer'
const NO_GENERATION = -1

/** The answer to a join comes when all others have joined; it still has to travel. */
const JOIN_GRACE_MS = 5_000

/**
 * One member of a classic consumer group. `poke` is called from each poll: it starts a rebalance when one is due. Between
 * polls only heartbeats are sent, and they end when polls stop coming: a stuck application must not keep its partitions.
 */
export class Membership {
  readonly #cluster: Cluster
  readonly #options: MembershipOptions
  readonly #events: MembershipEvents
  #topics: readonly string[]
  #memberId = ''
  #generationId = NO_GENERATION
  #owned: readonly TopicPartition[] = []
  /** What was dealt out as the group's leader, 0 of a topic that was not there; undefined for the others. */
  #partitionCounts: ReadonlyMap<string, number> | undefined
  #needsJoin = true
  #joining: Promise<void> | undefined
  #heartbeat: TimerHandle | undefined
  #lastPollMs = 0
  #lastContactMs = 0
  #error: unknown
  #isClosed = false

  constructor(cluster: Cluster, options: MembershipOptions, topics: readonly string[], events: MembershipEvents) {
    this.#cluster = cluster
    this.#options = options
    this.#topics = topics
    this.#events = events
  }

  get memberId(): string {
    return this.#memberId
  }

  get generationId(): number {
    return this.#generationId
  }

  /** Whether the partitions handed out are this member's, so that records may be given to the application. */
  get isStable(): boolean {
    return !this.#needsJoin && this.#joining === undefined
  }

  /** Called from every poll. @throws what ended the membership for good */
  poke(): void {
    if (this.#error !== undefined) {
      const error = this.#error
      this.#error = undefined
      throw error
    }
    this.#lastPollMs = this.#nowMs()
    if (this.#hasPartitionCountChanged()) this.#needsJoin = true
    if (!this.#needsJoin || this.#joining !== undefined || this.#isClosed) return
    this.#joining = this.#rebalance()
      .catch((error: unknown) => {
        this.#error = error
      })
      .finally(() => {
        this.#joining = undefined
        this.#events.onChange()
      })
  }

  /** Other topics from the next rebalance on, which this causes. */
  setTopics(topics: readonly string[]): void {
    this.#topics = [...topics]
    this.#needsJoin = true
  }

  /**
   * A commit was refused. Makes the next poll join again where the code says that this member is not what it thinks it is.
   *
   * @param generationId with which the commit was made: what is said of an older one does not concern the present
   */
  onCommitRefused(code: number, generationId: number): void {
    if (generationId !== this.#generationId) return
    if (isExpelled(code)) this.#forgetIdentity(code)
    else if (code !== ErrorCode.rebalanceInProgress) return
    this.#needsJoin = true
  }

  /** Leaves, unless it is a static member: those come back under the same name. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#stopHeartbeat()
    await this.#joining
    if (this.#generationId === NO_GENERATION) await this.#loseAll()
    else await this.#giveUp(this.#owned)
    if (this.#memberId === '' || this.#options.instanceId !== null) return
    await this.#leave(this.#memberId, 'the consumer was closed')
  }

  async #rebalance(): Promise<void> {
    for (let failures = 0; this.#needsJoin && !this.#isClosed; ) {
      try {
        // Without a place in the group its partitions have gone to others: it is too late to commit anything for them.
        if (this.#generationId === NO_GENERATION) await this.#loseAll()
        else if (this.#offersEagerOnly()) await this.#giveUp(this.#owned)
        this.#stopHeartbeat()
        await this.#joinAndSync()
        failures = 0
      } catch (error) {
        if (!(await this.#mayJoinAgain(error))) throw error
        failures += 1
        if (!isAskedToJoinAgain(error))
          await pause(this.#cluster.environment, backoffMs(failures, this.#cluster.environment.entropy.unit()))
      }
    }
  }

  /** As in Kafka: with one assignor of the old kind among those offered, everything is given up before a join. */
  #offersEagerOnly(): boolean {
    return this.#options.assignors.some((assignor) => !assignor.isCooperative)
  }

  async #giveUp(partitions: readonly TopicPartition[]): Promise<void> {
    if (partitions.length === 0) return
    const gone = new Set(partitions.map(keyOf))
    this.#owned = this.#owned.filter((partition) => !gone.has(keyOf(partition)))
    await this.#events.onRevoked(partitions)
  }

  async #joinAndSync(): Promise<void> {
    const { groupId, instanceId: groupInstanceId } = this.#options
    const topics = this.#topics
    const joined = await this.#join(topics)
    this.#memberId = joined.memberId
    this.#generationId = joined.generationId
    const assignor = this.#options.assignors.find(({ name }) => name === joined.protocolName)
    if (assignor === undefined)
      throw new ClientError(
        `group '${groupId}' uses assignor '${joined.protocolName}', which this consumer does not have`,
      )
    const isLeader = joined.leader === joined.memberId && !joined.skipAssignment
    const assignments = isLeader ? await this.#assignAll(assignor, joined) : []
    if (!isLeader) this.#partitionCounts = undefined
    const connection = await this.#coordinator('join')
    const answer = await connection.request(
      syncGroupCall,
      {
        groupId,
        generationId: this.#generationId,
        memberId: this.#memberId,
        groupInstanceId,
        protocolType: PROTOCOL_TYPE,
        protocolName: assignor.name,
        assignments,
      },
      this.#options.rebalanceTimeoutMs + JOIN_GRACE_MS,
    )
    throwIfRefused(answer.errorCode, `sync with group '${groupId}'`)
    await this.#take(readAssignment(answer.assignment), topics)
  }

  async #join(topics: readonly string[]): Promise<JoinGroupResponse> {
    const { groupId, sessionTimeoutMs, rebalanceTimeoutMs, instanceId, assignors } = this.#options
    const metadata = writeSubscription({ topics, owned: this.#owned, generationId: this.#generationId })
    for (;;) {
      const connection = await this.#coordinator('join')
      const answer = await connection.request(
        joinGroupCall,
        {
          groupId,
          sessionTimeoutMs,
          rebalanceTimeoutMs,
          memberId: this.#memberId,
          groupInstanceId: instanceId,
          protocolType: PROTOCOL_TYPE,
          protocols: assignors.map(({ name }) => ({ name, metadata })),
        },
        rebalanceTimeoutMs + JOIN_GRACE_MS,
      )
      if (answer.errorCode === ErrorCode.memberIdRequired) {
        this.#memberId = answer.memberId
        continue
      }
      throwIfRefused(answer.errorCode, `join group '${groupId}'`)
      return answer
    }
  }

  async #assignAll(
    assignor: Assignor,
    joined: JoinGroupResponse,
  ): Promise<{ memberId: string; assignment: Uint8Array }[]> {
    const members: Subscriber[] = joined.members.map(({ memberId, groupInstanceId, metadata }) => ({
      memberId,
      instanceId: groupInstanceId,
      subscription: readSubscription(metadata),
    }))
    const topics = [...new Set(members.flatMap(({ subscription }) => subscription.topics))]
    const counts = new Map<string, number>()
    for (const topic of await this.#cluster.describeTopics(topics)) {
      if (topic.errorCode === 0) counts.set(topic.name, topic.partitions.length)
    }
    this.#partitionCounts = new Map(topics.map((name) => [name, counts.get(name) ?? 0]))
    this.#cluster.want(topics)
    const assignment = assignor.assign(members, counts)
    return members.map(({ memberId }) => ({ memberId, assignment: writeAssignment(assignment.get(memberId) ?? []) }))
  }

  /** @param topics for which was joined */
  async #take(assigned: readonly TopicPartition[], topics: readonly string[]): Promise<void> {
    const before = new Set(this.#owned.map(keyOf))
    const after = new Set(assigned.map(keyOf))
    const revoked = this.#owned.filter((partition) => !after.has(keyOf(partition)))
    const added = assigned.filter((partition) => !before.has(keyOf(partition)))
    // Others may have been subscribed to since.
    this.#needsJoin = this.#topics !== topics
    this.#lastContactMs = this.#nowMs()
    this.#startHeartbeat()
    if (revoked.length > 0) {
      await this.#giveUp(revoked)
      // The others get these in the round that this asks for.
      this.#needsJoin = true
    }
    this.#owned = assigned
    await this.#events.onAssigned(assigned, added)
  }

  /** What to do about a failed round. @returns false when the membership is over */
  async #mayJoinAgain(error: unknown): Promise<boolean> {
    if (!(error instanceof BrokerError)) {
      if (mayRetry(error)) this.#forgetCoordinator()
      return mayRetry(error)
    }
    switch (error.code) {
      case ErrorCode.rebalanceInProgress:
        return true
      case ErrorCode.unknownMemberId:
      case ErrorCode.illegalGeneration:
        this.#forgetIdentity(error.code)
        await this.#loseAll()
        return true
      case ErrorCode.notCoordinator:
      case ErrorCode.coordinatorNotAvailable:
        this.#forgetCoordinator()
        return true
      default:
        return error.isRetriable
    }
  }

  async #loseAll(): Promise<void> {
    const lost = this.#owned
    this.#owned = []
    if (lost.length > 0) await this.#events.onLost(lost)
  }

  /** What is owned counts as lost from now on. A fenced member keeps its id: joining with it shows that it is fenced still. */
  #forgetIdentity(code: number): void {
    if (code === ErrorCode.unknownMemberId) this.#memberId = ''
    this.#generationId = NO_GENERATION
  }

  #startHeartbeat(): void {
    this.#stopHeartbeat()
    const { timers } = this.#cluster.environment
    this.#heartbeat = timers.start(this.#options.heartbeatIntervalMs, () => void this.#beat())
  }

  #stopHeartbeat(): void {
    if (this.#heartbeat !== undefined) this.#cluster.environment.timers.cancel(this.#heartbeat)
    this.#heartbeat = undefined
  }

  async #beat(): Promise<void> {
    if (this.#isClosed) return
    if (this.#nowMs() - this.#lastPollMs > this.#options.rebalanceTimeoutMs) {
      await this.#abandon()
      return
    }
    const generationId = this.#generationId
    try {
      const { groupId, instanceId: groupInstanceId } = this.#options
      const connection = await this.#coordinator('coordinator')
      const message = { groupId, generationId, memberId: this.#memberId, groupInstanceId }
      const answer = await connection.request(heartbeatCall, message, this.#options.sessionTimeoutMs)
      if (generationId !== this.#generationId || this.#isClosed) return
      throwIfRefused(answer.errorCode, `heartbeat to group '${groupId}'`)
      this.#lastContactMs = this.#nowMs()
    } catch (error) {
      if (generationId !== this.#generationId || this.#isClosed) return
      await this.#onBeatFailed(error)
    }
    if (!this.#isClosed && this.#heartbeat !== undefined) this.#startHeartbeat()
  }

  async #onBeatFailed(error: unknown): Promise<void> {
    const code = error instanceof BrokerError ? error.code : undefined
    if (code === ErrorCode.rebalanceInProgress) {
      this.#needsJoin = true
    } else if (code === ErrorCode.unknownMemberId || code === ErrorCode.illegalGeneration) {
      await this.#endMembership(code)
    } else if (mayRetry(error)) {
      this.#forgetCoordinator()
      // Out of contact for a whole session: the coordinator has given our partitions away.
      const isSessionOver = this.#nowMs() - this.#lastContactMs > this.#options.sessionTimeoutMs
      if (isSessionOver) await this.#endMembership(ErrorCode.illegalGeneration)
    } else {
      this.#error = error
      // Polls behind the one that throws this join again and throw while that fails: nothing is read without a place in the group.
      await this.#endMembership(code ?? ErrorCode.illegalGeneration)
    }
    this.#events.onChange()
  }

  async #endMembership(code: number): Promise<void> {
    this.#needsJoin = true
    this.#stopHeartbeat()
    this.#forgetIdentity(code)
    await this.#loseAll()
  }

  /** The application has not polled for too long. */
  async #abandon(): Promise<void> {
    const { groupId, rebalanceTimeoutMs } = this.#options
    const message = `left group '${groupId}': no poll for more than ${rebalanceTimeoutMs} ms; poll more often, take fewer records a poll, or raise the bound`
    this.#cluster.environment.logger.warn(message)
    const memberId = this.#memberId
    // First: a poll that comes while the coordinator is told joins as somebody new, which must not be undone after it.
    await this.#endMembership(ErrorCode.unknownMemberId)
    await this.#leave(memberId, 'no poll within the longest time between polls')
  }

  async #leave(memberId: string, reason: string): Promise<void> {
    const { groupId, instanceId: groupInstanceId } = this.#options
    try {
      const connection = await this.#coordinator('coordinator')
      const members = [{ memberId, groupInstanceId, reason }]
      await connection.request(leaveGroupCall, { groupId, members })
    } catch (error) {
      // The session ends by itself when nobody hears of the leaving.
      this.#cluster.environment.logger.debug('leaving the group failed', { groupId, cause: String(error) })
    }
  }

  async #coordinator(purpose: 'join' | 'coordinator'): Promise<Connection> {
    const nodeId = await this.#cluster.coordinatorOf(CoordinatorKind.group, this.#options.groupId)
    return this.#cluster.connection(nodeId, purpose)
  }

  #forgetCoordinator(): void {
    this.#cluster.forgetCoordinator(CoordinatorKind.group, this.#options.groupId)
  }

  /** Only the leader looks: it dealt the partitions out. */
  #hasPartitionCountChanged(): boolean {
    if (this.#partitionCounts === undefined) return false
    for (const [topic, count] of this.#partitionCounts) {
      const known = this.#cluster.knownTopic(topic)
      if (known !== undefined && known.errorCode === 0 && known.partitions.length !== count) return true
    }
    return false
  }

  #nowMs(): number {
    return this.#cluster.environment.clock.monotonicMs()
  }
}

/** Whether a code says that the coordinator does not take the sender for a member of this generation. */
function isExpelled(code: number): boolean {
  return (
    code === ErrorCode.unknownMemberId || code === ErrorCode.illegalGeneration || code === ErrorCode.fencedInstanceId
  )
}

/** A round that the next one replaces needs no pause before it. */
function isAskedToJoinAgain(error: unknown): boolean {
  return (
    error instanceof BrokerError &&
    (error.code === ErrorCode.rebalanceInProgress || error.code === ErrorCode.unknownMemberId)
  )
}
