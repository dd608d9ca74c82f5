import { assert } from '../../base/assert.ts'
import type { TimerHandle } from '../../io/ports.ts'
import { ErrorCode } from '../../model/error-code.ts'
import { EARLIEST_TIMESTAMP, LATEST_TIMESTAMP } from '../../model/special-offsets.ts'
import { AdminContext, byTopic } from '../admin/context.ts'
import { listOffsets } from '../admin/offsets.ts'
import { retrying } from '../backoff.ts'
import { offsetCommitCall, offsetFetchCall } from '../calls.ts'
import { type Cluster, CoordinatorKind } from '../cluster.ts'
import { BrokerError, ClientError, ClosedError, mayRetry, throwIfRefused } from '../errors.ts'
import {
  API_TIMEOUT_MS,
  AUTO_COMMIT_INTERVAL_MS,
  FETCH_PARTITION_SIZE_BYTES,
  FETCH_SIZE_BYTES,
  FETCH_WAIT_MS,
  HEARTBEAT_INTERVAL_MS,
  POLL_INTERVAL_MAX_MS,
  POLL_RECORDS_MAX,
  SESSION_TIMEOUT_MS,
} from '../limits.ts'
import { type Assignor, cooperativeStickyAssignor, keyOf, rangeAssignor } from './assignors.ts'
import type { TopicPartition } from './consumer-protocol.ts'
import type { ConsumerRecord } from './fetched.ts'
import { Fetcher, type PartitionCursor } from './fetcher.ts'
import { Membership } from './membership.ts'

export interface ConsumerOptions {
  /** Needed for `subscribe` and for commits. */
  readonly groupId?: string | undefined
  /** Makes the member static: it may be away for a session without a rebalance. */
  readonly instanceId?: string | undefined
  /** Where to start without a committed offset, or when the one there is has been deleted. Default latest. */
  readonly offsetReset?: 'earliest' | 'latest' | 'none' | undefined
  /** Default true with a group. */
  readonly isAutoCommit?: boolean | undefined
  readonly autoCommitIntervalMs?: number | undefined
  /** In order of preference; default range and cooperative-sticky, as in Kafka's consumer. */
  readonly assignors?: readonly Assignor[] | undefined
  readonly isReadCommitted?: boolean | undefined
  readonly sessionTimeoutMs?: number | undefined
  readonly heartbeatIntervalMs?: number | undefined
  readonly pollIntervalMaxMs?: number | undefined
  readonly pollRecordsMax?: number | undefined
  readonly fetchMinBytes?: number | undefined
  readonly fetchMaxBytes?: number | undefined
  readonly fetchWaitMs?: number | undefined
  readonly partitionMaxBytes?: number | undefined
}

export interface RebalanceListener {
  /** Before partitions go to others: the moment to commit. */
  readonly onRevoked?: (partitions: readonly TopicPartition[]) => void | Promise<void>
  /** Partitions went to others without this member's consent. */
  readonly onLost?: (partitions: readonly TopicPartition[]) => void | Promise<void>
  readonly onAssigned?: (partitions: readonly TopicPartition[]) => void | Promise<void>
}

export interface OffsetToCommit extends TopicPartition {
  /** Of the next record to read. */
  readonly offset: number
  readonly metadata?: string | undefined
}

/**
 * Reads records, either of partitions it is told (`assign`) or of those its group gives it (`subscribe`). One caller at a
 * time: `poll` in a loop; what a poll returned counts as done when the next one is called.
 */
export class Consumer {
  readonly #cluster: Cluster
  readonly #options: ConsumerOptions
  readonly #admin: AdminContext
  readonly #fetcher: Fetcher
  readonly #isAutoCommit: boolean
  #membership: Membership | undefined
  #listener: RebalanceListener = {}
  #wakeUps: (() => void)[] = []
  #lastCommitMs = 0
  /** Settles with the commit asked for last, and never rejects. */
  #lastCommit: Promise<void> = Promise.resolve()
  #isCommitting = false
  #isPolling = false
  #isSearching = false
  #searchError: unknown
  #isClosed = false

  constructor(cluster: Cluster, options: ConsumerOptions = {}) {
    this.#cluster = cluster
    this.#options = options
    this.#admin = new AdminContext(cluster)
    this.#isAutoCommit = options.groupId !== undefined && (options.isAutoCommit ?? true)
    const fetchOptions = {
      minBytes: options.fetchMinBytes ?? 1,
      maxBytes: options.fetchMaxBytes ?? FETCH_SIZE_BYTES,
      partitionMaxBytes: options.partitionMaxBytes ?? FETCH_PARTITION_SIZE_BYTES,
      waitMs: options.fetchWaitMs ?? FETCH_WAIT_MS,
      isReadCommitted: options.isReadCommitted ?? false,
    }
    this.#fetcher = new Fetcher(cluster, fetchOptions, () => this.#wake())
  }

  /** Reads topics as a member of the group. Called again, it changes the topics. */
  subscribe(topics: readonly string[], listener: RebalanceListener = {}): void {
    const { groupId, instanceId } = this.#options
    if (groupId === undefined) throw new ClientError('subscribe needs a groupId; without a group, assign partitions')
    this.#listener = listener
    if (this.#membership !== undefined) {
      this.#membership.setTopics(topics)
      return
    }
    const options = {
      groupId,
      instanceId: instanceId ?? null,
      assignors: this.#options.assignors ?? [rangeAssignor, cooperativeStickyAssignor],
      sessionTimeoutMs: this.#options.sessionTimeoutMs ?? SESSION_TIMEOUT_MS,
      heartbeatIntervalMs: this.#options.heartbeatIntervalMs ?? HEARTBEAT_INTERVAL_MS,
      rebalanceTimeoutMs: this.#options.pollIntervalMaxMs ?? POLL_INTERVAL_MAX_MS,
    }
    this.#membership = new Membership(this.#cluster, options, topics, {
      onRevoked: (partitions) => this.#onRevoked(partitions),
      onLost: async (partitions) => {
        this.#drop(partitions)
        await this.#listener.onLost?.(partitions)
      },
      onAssigned: async (all, added) => {
        this.#fetcher.setPartitions(all)
        await this.#listener.onAssigned?.(added)
      },
      onChange: () => this.#wake(),
    })
  }

  /** Reads these partitions, without a group's say. */
  assign(partitions: readonly TopicPartition[]): void {
    if (this.#membership !== undefined)
      throw new ClientError('this consumer is subscribed: its group assigns the partitions')
    this.#fetcher.setPartitions(partitions)
  }

  /** What is read now. */
  get assignment(): readonly TopicPartition[] {
    return this.#fetcher.cursors.map(({ topic, partition }) => ({ topic, partition }))
  }

  /**
   * Waits for records.
   *
   * @returns as soon as there are any; nothing after `timeoutMs`
   * @throws (rejects with) BrokerError, ClientError; what can be waited out is waited out instead
   */
  async poll(timeoutMs: number): Promise<readonly ConsumerRecord[]> {
    if (this.#isClosed) throw new ClosedError('this consumer is closed')
    if (this.#isPolling) throw new ClientError('poll was called while another poll runs')
    this.#isPolling = true
    try {
      const endsAtMs = this.#nowMs() + timeoutMs
      for (;;) {
        this.#cluster.keepFresh()
        this.#membership?.poke()
        this.#autoCommit()
        if (this.#membership === undefined || this.#membership.isStable) {
          this.#throwWhatEndedTheSearch()
          const records = this.#fetcher.take(this.#options.pollRecordsMax ?? POLL_RECORDS_MAX)
          // Nothing may reject from here on: positions are behind these records already, nobody would see them again.
          this.#searchPositions()
          this.#fetcher.startFetches()
          if (records.length > 0) return records
        }
        const leftMs = endsAtMs - this.#nowMs()
        if (leftMs <= 0) return []
        await this.#change(leftMs)
      }
    } finally {
      this.#isPolling = false
    }
  }

  /** Offset of the next record that `poll` would give; undefined while it is not known. */
  position(partition: TopicPartition): number | undefined {
    const position = this.#cursor(partition).position
    return position < 0 ? undefined : position
  }

  /** End of the partition as the last fetch told it; undefined before one. */
  endOffset(partition: TopicPartition): number | undefined {
    const endOffset = this.#cursor(partition).endOffset
    return endOffset < 0 ? undefined : endOffset
  }

  seek(partition: TopicPartition, offset: number): void {
    this.#fetcher.seek(this.#cursor(partition), offset)
  }

  /** Goes to the first or last offset, or to the first record not older than a time (its end when there is none). */
  async seekTo(partitions: readonly TopicPartition[], timestampMs: number): Promise<void> {
    const found = await listOffsets(
      this.#admin,
      partitions.map(({ topic, partition }) => ({ topic, partition, timestampMs })),
    )
    const none = found.filter(({ offset }) => offset < 0)
    const ends = await listOffsets(
      this.#admin,
      none.map(({ topic, partition }) => ({ topic, partition, timestampMs: LATEST_TIMESTAMP })),
    )
    for (const { topic, partition, offset } of [...found, ...ends]) {
      const cursor = this.#fetcher.cursor({ topic, partition })
      if (offset >= 0 && cursor !== undefined) this.#fetcher.seek(cursor, offset)
    }
  }

  pause(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.#cursor(partition).isPaused = true
  }

  resume(partitions: readonly TopicPartition[]): void {
    for (const partition of partitions) this.#cursor(partition).isPaused = false
    this.#wake()
  }

  /**
   * Commits offsets; without any, the positions behind everything that polls returned. Commits are stored in the order of
   * the calls.
   *
   * @throws (rejects with) BrokerError (REBALANCE_IN_PROGRESS, ILLEGAL_GENERATION, UNKNOWN_MEMBER_ID …)
   */
  async commit(offsets: readonly OffsetToCommit[] = this.#positions()): Promise<void> {
    const { groupId } = this.#options
    if (groupId === undefined) throw new ClientError('a commit needs a groupId')
    if (offsets.length === 0) return
    const membership = this.#membership
    // Generation -1 is an outsider's, whom a group without members lets move its offsets, back as well.
    if (membership !== undefined && membership.generationId < 0)
      throw new BrokerError(
        ErrorCode.unknownMemberId,
        `commit to group '${groupId}', of which this consumer is no member now: its partitions may be with others`,
      )
    // One that is tried again must not be stored after a later one.
    const commit = this.#lastCommit.then(this.#committing(groupId, offsets))
    this.#lastCommit = commit.catch(() => {})
    await commit
  }

  /** @returns what makes the commit as the member that this is now, whatever it is by then */
  #committing(groupId: string, offsets: readonly OffsetToCommit[]): () => Promise<void> {
    const topics = byTopic(offsets).map(([name, list]) => ({
      name,
      partitions: list.map(({ partition, offset, metadata }) => ({
        partitionIndex: partition,
        committedOffset: offset,
        committedMetadata: metadata ?? '',
      })),
    }))
    const membership = this.#membership
    const generationId = membership?.generationId ?? -1
    const message = {
      groupId,
      generationIdOrMemberEpoch: generationId,
      memberId: membership?.memberId ?? '',
      groupInstanceId: this.#options.instanceId ?? null,
      topics,
    }
    const attempt = async (nodeId: number): Promise<void> => {
      const connection = await this.#cluster.connection(nodeId, 'coordinator')
      const answer = await connection.request(offsetCommitCall, message)
      for (const topic of answer.topics) {
        for (const { partitionIndex, errorCode } of topic.partitions) {
          if (errorCode !== 0) membership?.onCommitRefused(errorCode, generationId)
          throwIfRefused(errorCode, `commit ${topic.name}-${partitionIndex} to group '${groupId}'`)
        }
      }
    }
    return () => this.#atCoordinator(groupId, `commit to group '${groupId}'`, attempt)
  }

  /** Committed offsets; those without one are left out. */
  async committed(partitions: readonly TopicPartition[]): Promise<readonly OffsetToCommit[]> {
    const { groupId } = this.#options
    if (groupId === undefined) throw new ClientError('committed offsets need a groupId')
    const topics = byTopic(partitions).map(([name, list]) => ({
      name,
      partitionIndexes: list.map(({ partition }) => partition),
    }))
    return this.#atCoordinator(groupId, `offsets of group '${groupId}'`, async (nodeId) => {
      const connection = await this.#cluster.connection(nodeId, 'coordinator')
      const answer = await connection.request(offsetFetchCall, { groups: [{ groupId, topics }], requireStable: true })
      const found: OffsetToCommit[] = []
      for (const group of answer.groups) {
        throwIfRefused(group.errorCode, `offsets of group '${groupId}'`)
        for (const topic of group.topics) {
          for (const { partitionIndex, errorCode, committedOffset: offset, metadata } of topic.partitions) {
            throwIfRefused(errorCode, `offset of ${topic.name}-${partitionIndex} in group '${groupId}'`)
            if (offset >= 0)
              found.push({ topic: topic.name, partition: partitionIndex, offset, metadata: metadata ?? '' })
          }
        }
      }
      return found
    })
  }

  /** Commits (with auto-commit) and leaves the group. The cluster stays open: its owner closes it. */
  async close(): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    if (this.#membership !== undefined) await this.#membership.close()
    else if (this.#isAutoCommit) await this.#commitOrWarn()
    this.#wake()
  }

  async #onRevoked(partitions: readonly TopicPartition[]): Promise<void> {
    if (this.#isAutoCommit) await this.#commitOrWarn()
    await this.#listener.onRevoked?.(partitions)
    this.#drop(partitions)
  }

  #drop(partitions: readonly TopicPartition[]): void {
    const gone = new Set(partitions.map(keyOf))
    this.#fetcher.setPartitions(this.assignment.filter((partition) => !gone.has(keyOf(partition))))
  }

  /**
   * Finds where to start in partitions without a place, one search at a time and beside the polls: it may have to wait for a
   * coordinator or a leader longer than a poll may take. What it fails with, a later poll throws.
   */
  #searchPositions(): void {
    // Also with a position from a seek: who leads the partition has to be known before it can be read.
    const isNeeded = this.#fetcher.cursors.some(
      (cursor) => isLost(cursor) || this.#cluster.knownTopic(cursor.topic) === undefined,
    )
    if (!isNeeded || this.#isSearching) return
    this.#isSearching = true
    this.#findPositions()
      .catch((error: unknown) => {
        this.#searchError = error
      })
      .finally(() => {
        this.#isSearching = false
        this.#wake()
      })
  }

  #throwWhatEndedTheSearch(): void {
    const error = this.#searchError
    this.#searchError = undefined
    if (error !== undefined) throw error
  }

  /** Looks up where to start: the committed offset, else what `offsetReset` says. */
  async #findPositions(): Promise<void> {
    const topics = new Set(this.#fetcher.cursors.map(({ topic }) => topic))
    for (const topic of topics) if (this.#cluster.knownTopic(topic) === undefined) await this.#topicSoon(topic)
    const lost = this.#fetcher.cursors.filter(isLost)
    const fresh = lost.filter(({ isOutOfRange }) => !isOutOfRange)
    if (this.#options.groupId !== undefined && fresh.length > 0) {
      this.#settle(fresh, await this.committed(fresh))
    }
    const left = lost.filter(isLost)
    if (left.length > 0) await this.#reset(left)
  }

  async #reset(cursors: readonly PartitionCursor[]): Promise<void> {
    const reset = this.#options.offsetReset ?? 'latest'
    if (reset === 'none') {
      const names = cursors.map(keyOf).join(', ')
      throw new BrokerError(
        ErrorCode.offsetOutOfRange,
        `no usable offset for ${names} and offsetReset is 'none': seek, or choose earliest or latest`,
      )
    }
    const timestampMs = reset === 'earliest' ? EARLIEST_TIMESTAMP : LATEST_TIMESTAMP
    const isolation = this.#options.isReadCommitted === true ? 1 : 0
    const questions = cursors.map(({ topic, partition }) => ({ topic, partition, timestampMs }))
    this.#settle(cursors, await listOffsets(this.#admin, questions, isolation))
  }

  /** Places cursors where they were found to belong, unless somebody sought or the partition went and came back meanwhile. */
  #settle(cursors: readonly PartitionCursor[], found: readonly OffsetToCommit[]): void {
    const offsets = new Map(found.map((place) => [keyOf(place), place.offset]))
    for (const cursor of cursors) {
      const offset = offsets.get(keyOf(cursor))
      const isSame = this.#fetcher.cursor(cursor) === cursor && isLost(cursor)
      if (offset !== undefined && isSame) this.#fetcher.seek(cursor, offset)
    }
  }

  #topicSoon(name: string): Promise<unknown> {
    const options = {
      what: `metadata of topic '${name}'`,
      timeoutMs: API_TIMEOUT_MS,
      onFailure: () => this.#cluster.invalidate(),
    }
    return retrying(this.#cluster.environment, options, () => this.#cluster.topic(name))
  }

  #positions(): readonly OffsetToCommit[] {
    return this.#fetcher.cursors
      .filter(({ position }) => position >= 0)
      .map(({ topic, partition, position }) => ({ topic, partition, offset: position }))
  }

  #autoCommit(): void {
    const nowMs = this.#nowMs()
    if (!this.#isAutoCommit || this.#isCommitting) return
    if (nowMs - this.#lastCommitMs < (this.#options.autoCommitIntervalMs ?? AUTO_COMMIT_INTERVAL_MS)) return
    this.#lastCommitMs = nowMs
    this.#isCommitting = true
    void this.#commitOrWarn().finally(() => {
      this.#isCommitting = false
    })
  }

  /** A commit that fails costs records read twice, not lost: it is told and tried again at the next occasion. */
  async #commitOrWarn(): Promise<void> {
    try {
      await this.commit()
    } catch (error) {
      const cause = error instanceof Error ? error.message : String(error)
      this.#cluster.environment.logger.warn(`offsets were not committed: ${cause}`, { groupId: this.#options.groupId })
    }
  }

  #atCoordinator<T>(groupId: string, what: string, attempt: (nodeId: number) => Promise<T>): Promise<T> {
    const onFailure = (): void => this.#cluster.forgetCoordinator(CoordinatorKind.group, groupId)
    return retrying(
      this.#cluster.environment,
      { what, timeoutMs: API_TIMEOUT_MS, onFailure, isRetriable: mayRetry },
      async () => attempt(await this.#cluster.coordinatorOf(CoordinatorKind.group, groupId)),
    )
  }

  #cursor(partition: TopicPartition): PartitionCursor {
    const cursor = this.#fetcher.cursor(partition)
    if (cursor === undefined) throw new ClientError(`${keyOf(partition)} is not assigned to this consumer`)
    return cursor
  }

  #wake(): void {
    for (const wakeUp of this.#wakeUps.splice(0)) wakeUp()
  }

  /** Resolves when something changed, or after `timeoutMs`. */
  #change(timeoutMs: number): Promise<void> {
    const { timers } = this.#cluster.environment
    return new Promise((resolve) => {
      let timer: TimerHandle | undefined
      const wakeUp = (): void => {
        assert(timer !== undefined, 'nothing wakes before the timer runs')
        timers.cancel(timer)
        resolve()
      }
      timer = timers.start(timeoutMs, () => {
        this.#wakeUps = this.#wakeUps.filter((other) => other !== wakeUp)
        resolve()
      })
      this.#wakeUps.push(wakeUp)
    })
  }

  #nowMs(): number {
    return this.#cluster.environment.clock.monotonicMs()
  }
}

/** Whether it has to be found out where to read. */
function isLost({ position, isOutOfRange }: PartitionCursor): boolean {
  return position < 0 || isOutOfRange
}
