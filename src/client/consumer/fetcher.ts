import { ErrorCode, isInvalidMetadata, isRetriable } from '../../model/error-code.ts'
import type { FetchResponse } from '../../protocol/generated/01-fetch.ts'
import { byTopic } from '../admin/context.ts'
import { backoffMs } from '../backoff.ts'
import { fetchCall } from '../calls.ts'
import type { Cluster } from '../cluster.ts'
import { BrokerError, mayRetry } from '../errors.ts'
import { askWhileOverdue } from '../overdue.ts'
import { keyOf } from './assignors.ts'
import type { TopicPartition } from './consumer-protocol.ts'
import { type AbortedTransaction, type ConsumerRecord, readFetched } from './fetched.ts'

export interface FetchOptions {
  readonly minBytes: number
  readonly maxBytes: number
  readonly partitionMaxBytes: number
  readonly waitMs: number
  readonly isReadCommitted: boolean
}

/** Where a consumer is in one partition. */
export interface PartitionCursor extends TopicPartition {
  /** Offset of the next record to hand out; -1 while it has to be found. */
  position: number
  isPaused: boolean
  /** Set when the broker said that `position` is outside of the log. */
  isOutOfRange: boolean
  /** The leader that was asked last: what another one answers later is not wanted. */
  askedLeaderId: number
  /** End of what may be read, from the last answer; -1 before. */
  endOffset: number
  /** Bytes that came and were not looked at. */
  raw: { readonly bytes: Uint8Array; readonly aborted: readonly AbortedTransaction[] | undefined } | undefined
  /** Records that came and were not handed out, and where fetching goes on behind them. */
  ready: readonly ConsumerRecord[]
  readyAt: number
  nextOffset: number
}

const CONSUMER_REPLICA_ID = -1

/**
 * Fetches ahead: one request per leader at a time, for the partitions whose last bytes were handed out. What is held is
 * therefore bounded by one answer per leader.
 */
export class Fetcher {
  readonly #cluster: Cluster
  readonly #options: FetchOptions
  readonly #cursors: Map<string, PartitionCursor> = new Map()
  readonly #busy: Set<number> = new Set()
  readonly #restUntilMs: Map<number, number> = new Map()
  readonly #onChange: () => void
  #error: unknown
  #failures = 0
  #isRefreshing = false
  #turn = 0

  /** @param onChange called when something came that `take` may give, or that `takeError` throws */
  constructor(cluster: Cluster, options: FetchOptions, onChange: () => void) {
    this.#cluster = cluster
    this.#options = options
    this.#onChange = onChange
  }

  get cursors(): readonly PartitionCursor[] {
    return [...this.#cursors.values()]
  }

  cursor(partition: TopicPartition): PartitionCursor | undefined {
    return this.#cursors.get(keyOf(partition))
  }

  /** Keeps the cursors of partitions that stay, drops the others, adds the new ones without a position. */
  setPartitions(partitions: readonly TopicPartition[]): void {
    const wanted = new Set(partitions.map(keyOf))
    for (const key of this.#cursors.keys()) if (!wanted.has(key)) this.#cursors.delete(key)
    for (const partition of partitions) {
      const key = keyOf(partition)
      if (!this.#cursors.has(key)) this.#cursors.set(key, newCursor(partition))
    }
  }

  /** Goes on elsewhere; what was fetched is thrown away. */
  seek(cursor: PartitionCursor, offset: number): void {
    cursor.position = offset
    cursor.isOutOfRange = false
    cursor.raw = undefined
    cursor.ready = []
    cursor.readyAt = 0
    cursor.nextOffset = offset
  }

  /**
   * Hands out records that are here, partitions in turn, and moves positions behind them.
   *
   * @throws ClientError for damaged records, BrokerError for a refused fetch
   */
  take(recordsMax: number): readonly ConsumerRecord[] {
    if (this.#error !== undefined) {
      const error = this.#error
      this.#error = undefined
      throw error
    }
    const cursors = this.cursors
    const taken: ConsumerRecord[] = []
    const firstAt = this.#turn
    // Also when this throws: the next call begins elsewhere, so that one damaged partition does not stop the others.
    this.#turn += 1
    for (let count = 0; count < cursors.length && taken.length < recordsMax; count += 1) {
      const cursor = cursors[(firstAt + count) % cursors.length] as PartitionCursor
      if (cursor.isPaused) continue
      try {
        this.#takeFrom(cursor, recordsMax, taken)
      } catch (error) {
        if (taken.length === 0) throw error
        // What was taken from others has to be handed out first: their positions are behind it already.
        this.#error = error
        break
      }
    }
    return taken
  }

  #takeFrom(cursor: PartitionCursor, recordsMax: number, taken: ConsumerRecord[]): void {
    const { raw } = cursor
    if (raw !== undefined) {
      cursor.raw = undefined
      const codec = this.#cluster.environment.recordCodec()
      const fetched = readFetched(codec, cursor, raw.bytes, cursor.position, raw.aborted)
      cursor.ready = fetched.records
      cursor.readyAt = 0
      cursor.nextOffset = fetched.nextOffset
    }
    while (cursor.readyAt < cursor.ready.length && taken.length < recordsMax) {
      const record = cursor.ready[cursor.readyAt] as ConsumerRecord
      cursor.readyAt += 1
      cursor.position = record.offset + 1
      taken.push(record)
    }
    if (cursor.readyAt < cursor.ready.length) return
    cursor.ready = []
    cursor.readyAt = 0
    if (cursor.position >= 0 && cursor.nextOffset > cursor.position) cursor.position = cursor.nextOffset
  }

  /** Asks every leader that has something to be asked for and is not being asked. */
  startFetches(): void {
    const nowMs = this.#cluster.environment.clock.monotonicMs()
    const byLeader = new Map<number, PartitionCursor[]>()
    for (const cursor of this.#cursors.values()) {
      if (cursor.position < 0 || cursor.isPaused || cursor.isOutOfRange) continue
      if (cursor.raw !== undefined || cursor.ready.length > 0) continue
      const leaderId = this.#cluster.knownTopic(cursor.topic)?.partitions[cursor.partition]?.leaderId ?? -1
      if (leaderId < 0) {
        this.#refreshSoon()
        continue
      }
      if (this.#busy.has(leaderId) || (this.#restUntilMs.get(leaderId) ?? 0) > nowMs) continue
      const list = byLeader.get(leaderId)
      if (list === undefined) byLeader.set(leaderId, [cursor])
      else list.push(cursor)
    }
    for (const [leaderId, cursors] of byLeader) void this.#fetch(leaderId, cursors)
  }

  async #fetch(leaderId: number, cursors: readonly PartitionCursor[]): Promise<void> {
    this.#busy.add(leaderId)
    for (const cursor of cursors) cursor.askedLeaderId = leaderId
    const endWatch = askWhileOverdue(this.#cluster.environment, this.#options.waitMs, () =>
      this.#refreshSoon(() => this.#cluster.refreshWithout(leaderId)),
    )
    const asked = new Map(cursors.map((cursor) => [keyOf(cursor), cursor.position]))
    const { minBytes, maxBytes, partitionMaxBytes, waitMs, isReadCommitted } = this.#options
    const topics = byTopic(cursors).map(([topic, list]) => ({
      topic,
      partitions: list.map(({ partition, position }) => ({
        partition,
        // A leader that was deposed and does not know it must not say that our place does not exist.
        currentLeaderEpoch: this.#cluster.knownTopic(topic)?.partitions[partition]?.leaderEpoch ?? -1,
        fetchOffset: position,
        partitionMaxBytes,
      })),
    }))
    try {
      const connection = await this.#cluster.connection(leaderId, 'fetch')
      const answer = await connection.request(fetchCall, {
        replicaId: CONSUMER_REPLICA_ID,
        maxWaitMs: waitMs,
        minBytes,
        maxBytes,
        isolationLevel: isReadCommitted ? 1 : 0,
        topics,
      })
      this.#failures = 0
      this.#onAnswer(leaderId, answer, asked)
    } catch (error) {
      if (!mayRetry(error)) this.#error = error
      this.#rest(leaderId)
      this.#refreshSoon()
    } finally {
      endWatch()
      this.#busy.delete(leaderId)
      this.#onChange()
    }
  }

  #onAnswer(leaderId: number, answer: FetchResponse, asked: ReadonlyMap<string, number>): void {
    if (answer.errorCode !== 0) throw new BrokerError(answer.errorCode, 'fetch')
    for (const { topic, partitions } of answer.responses) {
      for (const result of partitions) {
        const cursor = this.#cursors.get(keyOf({ topic, partition: result.partitionIndex }))
        // Assigned elsewhere or moved by a seek since it was asked for: the bytes are not wanted any more.
        if (cursor === undefined || cursor.position !== asked.get(keyOf(cursor))) continue
        // It was frozen, say, and others lead since.
        if (cursor.askedLeaderId !== leaderId) continue
        if (result.errorCode !== 0) {
          this.#onPartitionError(leaderId, cursor, result.errorCode)
          continue
        }
        cursor.endOffset = this.#options.isReadCommitted ? result.lastStableOffset : result.highWatermark
        const records = result.records
        if (records === null || records.sizeBytes === 0) continue
        const bytes = records.bytes.subarray(records.startsAt, records.startsAt + records.sizeBytes)
        const aborted = this.#options.isReadCommitted ? (result.abortedTransactions ?? []) : undefined
        cursor.raw = { bytes, aborted }
      }
    }
  }

  #onPartitionError(leaderId: number, cursor: PartitionCursor, code: number): void {
    if (code === ErrorCode.offsetOutOfRange) {
      cursor.isOutOfRange = true
      return
    }
    if (isInvalidMetadata(code) || isRetriable(code)) {
      this.#rest(leaderId)
      this.#refreshSoon()
      return
    }
    this.#error = new BrokerError(code, `fetch ${cursor.topic}-${cursor.partition} from offset ${cursor.position}`)
  }

  /** Leaves a leader alone for a while after a failure. */
  #rest(leaderId: number): void {
    this.#failures += 1
    const { clock, entropy, timers } = this.#cluster.environment
    const restMs = backoffMs(this.#failures, entropy.unit())
    this.#restUntilMs.set(leaderId, clock.monotonicMs() + restMs)
    timers.start(restMs + 1, this.#onChange)
  }

  #refreshSoon(refresh: () => Promise<void> = () => this.#cluster.refresh()): void {
    if (this.#isRefreshing) return
    this.#isRefreshing = true
    const { timers, entropy } = this.#cluster.environment
    const rest = (): void => {
      timers.start(backoffMs(1, entropy.unit()), () => {
        this.#isRefreshing = false
        this.#onChange()
      })
    }
    refresh().then(rest, rest)
  }
}

function newCursor({ topic, partition }: TopicPartition): PartitionCursor {
  return {
    topic,
    partition,
    position: -1,
    isPaused: false,
    isOutOfRange: false,
    askedLeaderId: -1,
    endOffset: -1,
    raw: undefined,
    ready: [],
    readyAt: 0,
    nextOffset: -1,
  }
}
