// hot: per batch
import type { Clock, ConnectOptions, Connector, Logger, TimerHandle, Timers } from '../../io/ports.ts'
import { ErrorCode, errorName } from '../../model/error-code.ts'
import { type FetchResponse, fetchApi, readFetchResponse } from '../../protocol/generated/01-fetch.ts'
import { readResponseHeader } from '../../protocol/wire/header.ts'
import { Reader } from '../../protocol/wire/reader.ts'
import type { FollowedPartition, Region, Shards } from '../../shard/contract.ts'
import { FetchSession } from './fetch-session.ts'
import { FetchedPartition } from './fetched-partition.ts'
import { IdleWait } from './idle-wait.ts'
import { OutOfRange } from './out-of-range.ts'
import { type AnswerReader, PeerConnection } from './peer-connection.ts'
import { fetchFrame, rangeFrame, readFetchVersion, readRange, versionsFrame } from './requests.ts'
import type { FetcherSettings } from './settings.ts'
import type { ReplicationThrottle } from './throttle.ts'
import { INTERRUPT_AFTER_MS, Urgency } from './urgency.ts'

/** The first pause after a failed connection; each further one is twice as long, up to `replica.fetch.backoff.ms`. */
const FIRST_RECONNECT_MS = 50
/** An answer must leave room in the arena for others. */
const ANSWER_ARENA_SHARE_MAX = 0.25

type PartitionAnswer = FetchResponse['responses'][number]['partitions'][number]

/** What all fetchers of a shard share. */
export interface FetcherParts {
  readonly shards: Shards
  readonly connector: Connector
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
  readonly settings: FetcherSettings
  readonly throttle: ReplicationThrottle
  /** Where a broker listens for others; undefined while it is not known. */
  readonly endpointOf: (broker: number) => Omit<ConnectOptions, 'timeoutMs'> | undefined
}

/** What is on its way. */
const NOTHING = 0
const CONNECTING = 1
const VERSIONS = 2
const FETCH = 3
const RANGE_END = 4
const RANGE_START = 5
const SYNC = 6
const PAUSE = 7

const INTERRUPTED = 'a partition cannot wait for the present fetch'

/**
 * Fetches every partition that one shard follows from one leader, over one connection, one request at a time:
 *
 *   connect ─► ApiVersions ─► Fetch ─► batches written, high watermarks heard, logs cut where histories part ─► Fetch …
 *                               └─ OFFSET_OUT_OF_RANGE ─► ListOffsets: end, start ─► log cut or begun anew ─┘
 *
 * The next Fetch says how far each log reaches: it leaves when what came before has been written.
 */
export class LeaderFetcher implements AnswerReader {
  readonly leader: number
  readonly #parts: FetcherParts
  readonly #clientId: string
  readonly #session = new FetchSession()
  readonly #byTopic = new Map<string, Map<number, FetchedPartition>>()
  readonly #names = new Map<string, string>()
  readonly #delayed = new Set<FetchedPartition>()
  readonly #outOfRange: OutOfRange
  readonly #idleWait: IdleWait
  #size = 0
  #connection: PeerConnection | undefined
  #doing: number = NOTHING
  #version = 0
  #sentVersion = 0
  #correlationId = 0
  #deadlineMs = 0
  #failures = 0
  #wakeUp: TimerHandle | undefined
  #wakeAtMs = 0
  #overdue: TimerHandle | undefined
  #isClosed = false
  readonly #urgency = new Urgency()
  /** Cut, or written where that counts only once it is durable, since the last request: synced before the next. */
  readonly #unsynced = new Set<number>()

  constructor(parts: FetcherParts, leader: number) {
    this.#parts = parts
    this.leader = leader
    this.#clientId = `broker-${parts.settings.brokerId}-fetcher-${parts.shards.index}`
    this.#idleWait = new IdleWait(parts.settings.waitMaxMs, parts.settings.lagMaxMs)
    this.#outOfRange = new OutOfRange(parts.shards.followers, {
      backInRange: (partition, code) => {
        this.#unsynced.add(partition.what.handle)
        this.#look(partition)
        if (code === ErrorCode.none) this.#session.add(partition)
        else this.#delay(partition, code)
      },
      unanswered: (partition, code) => this.#delay(partition, code),
    })
  }

  get size(): number {
    return this.#size
  }

  /** Offsets that the partition furthest behind lacks. */
  get maxLag(): number {
    let maxLag = 0
    for (const topic of this.#byTopic.values()) {
      for (const { lag } of topic.values()) maxLag = Math.max(maxLag, lag)
    }
    return maxLag
  }

  /** Partitions that are left out for a while after an error. */
  get delayedCount(): number {
    return this.#delayed.size
  }

  /** Fetches it from now on. Sends nothing yet. */
  add(what: FollowedPartition): void {
    const { followers } = this.#parts.shards
    const { handle, leaderEpoch } = what
    const position = followers.position(handle, leaderEpoch)
    if (position === undefined) return
    // A log without epochs cannot say where histories part: only what is known to be replicated is kept.
    if (position.latestEpoch < 0 && position.logEndOffset > position.highWatermark) {
      followers.truncate(handle, leaderEpoch, position.highWatermark)
      this.#unsynced.add(handle)
    }
    // What an earlier process left, or a term as leader, may not be on the disk: the first fetch would say that it is.
    if (this.#parts.settings.isDurable) this.#unsynced.add(handle)
    const partition = new FetchedPartition(what)
    partition.lookAt(followers.position(handle, leaderEpoch) ?? position)
    // A topic that was deleted and made anew before the deletion got here.
    const older = this.#byTopic.get(what.topic)?.get(what.partition)
    if (older !== undefined) this.remove(older.what)
    let topic = this.#byTopic.get(what.topic)
    if (topic === undefined) {
      topic = new Map()
      this.#byTopic.set(what.topic, topic)
      this.#names.set(what.topicId, what.topic)
    }
    this.#size += 1
    topic.set(what.partition, partition)
    this.#session.add(partition)
    // It may be news of a leader that is back.
    if (this.#doing === PAUSE) this.#doing = NOTHING
    this.#urgency.raise(this.#parts.clock.monotonicMs())
    this.#advanceSoon(this.#doing === FETCH ? INTERRUPT_AFTER_MS : 0)
  }

  remove(what: FollowedPartition): void {
    const topic = this.#byTopic.get(what.topic)
    const partition = topic?.get(what.partition)
    if (topic === undefined || partition === undefined || partition.what.handle !== what.handle) return
    topic.delete(what.partition)
    if (topic.size === 0) {
      this.#byTopic.delete(what.topic)
      this.#names.delete(what.topicId)
    }
    this.#size -= 1
    this.#session.remove(partition)
    this.#delayed.delete(partition)
    this.#outOfRange.remove(partition)
  }

  close(): void {
    this.#isClosed = true
    const { timers } = this.#parts
    if (this.#wakeUp !== undefined) timers.cancel(this.#wakeUp)
    if (this.#overdue !== undefined) timers.cancel(this.#overdue)
    this.#connection?.close('nothing is fetched from there any more')
  }

  onAnswer(bytes: Uint8Array, at: number, end: number, region: Region | undefined): void {
    const doing = this.#doing
    this.#doing = NOTHING
    if (doing === VERSIONS) this.#onVersions(bytes, at, end)
    else if (doing === FETCH) this.#onFetched(bytes, at, end, region)
    else if (doing === RANGE_END || doing === RANGE_START) this.#onRange(bytes, at, end, doing)
    else this.#fail('it sent an answer that nobody asked for')
    this.#advance()
  }

  onClosed(cause: string): void {
    this.#connection = undefined
    this.#version = 0
    this.#session.disconnected()
    if (this.#isClosed) return
    if (cause === INTERRUPTED) {
      this.#doing = NOTHING
      this.#advanceSoon(0)
      return
    }
    if (this.#doing !== SYNC) this.#pause()
    this.#parts.log.info(`fetching from broker ${this.leader} was interrupted: ${cause}`, { leader: this.leader })
  }

  // --- what next

  #advance(): void {
    if (this.#isClosed || this.#doing !== NOTHING) return
    const nowMs = this.#parts.clock.monotonicMs()
    this.#readmit(nowMs)
    if (this.#unsynced.size > 0) this.#sync()
    else if (this.#session.size === 0 && this.#outOfRange.partitions.length === 0) this.#sleep(nowMs)
    else if (this.#connection === undefined) this.#connect()
    else if (this.#version === 0) this.#send(VERSIONS, versionsFrame(this.#correlationId, this.#clientId), 0)
    else if (this.#outOfRange.partitions.length > 0) this.#askRange(RANGE_END)
    else this.#fetch()
  }

  /** Partitions whose pause is over are fetched again. */
  #readmit(nowMs: number): void {
    if (this.#delayed.size === 0) return
    for (const partition of this.#delayed) {
      if (partition.delayedUntilMs > nowMs) continue
      this.#delayed.delete(partition)
      partition.delayedUntilMs = 0
      if (partition.isOutOfRange) this.#outOfRange.add(partition)
      else this.#session.add(partition)
    }
  }

  #sleep(nowMs: number): void {
    let wakeAtMs = Infinity
    for (const { delayedUntilMs } of this.#delayed) wakeAtMs = Math.min(wakeAtMs, delayedUntilMs)
    if (wakeAtMs < Infinity) this.#advanceSoon(Math.max(1, wakeAtMs - nowMs))
  }

  /** An earlier moment than the one that is set counts. */
  #advanceSoon(delayMs: number): void {
    const { timers, clock } = this.#parts
    const atMs = clock.monotonicMs() + delayMs
    if (this.#wakeUp !== undefined) {
      if (this.#wakeAtMs <= atMs) return
      timers.cancel(this.#wakeUp)
    }
    this.#wakeAtMs = atMs
    this.#wakeUp = timers.start(delayMs, () => {
      this.#wakeUp = undefined
      if (this.#doing === PAUSE) this.#doing = NOTHING
      this.#interrupt()
      this.#advance()
      if (this.#delayed.size > 0) this.#sleep(clock.monotonicMs())
    })
  }

  /**
   * The leader may hold the fetch of idle partitions for half a second, and answers nothing else on this connection meanwhile.
   * A partition in a new term must not wait for that: its producers do. A new connection costs a millisecond.
   */
  #interrupt(): void {
    if (this.#doing !== FETCH || this.#connection?.isQuiet !== true) return
    const nowMs = this.#parts.clock.monotonicMs()
    for (const partition of this.#delayed) {
      if (partition.delayedUntilMs <= nowMs && partition.isUrgent && partition.hasFailed) this.#urgency.raise(nowMs)
    }
    if (!this.#urgency.isRaised) return
    const leftMs = this.#urgency.patienceMs(nowMs)
    if (leftMs > 0) this.#advanceSoon(leftMs)
    else this.#connection.close(INTERRUPTED)
  }

  #pause(): void {
    const { settings } = this.#parts
    this.#doing = PAUSE
    const delayMs = Math.min(settings.backoffMs, FIRST_RECONNECT_MS * 2 ** Math.min(this.#failures, 16))
    this.#failures += 1
    this.#advanceSoon(delayMs)
  }

  #connect(): void {
    const { connector, endpointOf, settings, log } = this.#parts
    const endpoint = endpointOf(this.leader)
    if (endpoint === undefined) {
      this.#pause()
      return
    }
    this.#doing = CONNECTING
    connector
      .connect({ ...endpoint, timeoutMs: settings.timeoutMs }, (socket) => {
        const connection = new PeerConnection(socket, this.#parts.shards.arena, this)
        this.#connection = connection
        this.#doing = NOTHING
        if (this.#isClosed) connection.close('')
        // The socket asks for its target first.
        else this.#advanceSoon(0)
        return connection
      })
      .catch((error: unknown) => {
        if (this.#isClosed) return
        const cause = error instanceof Error ? error.message : String(error)
        log.debug(`broker ${this.leader} cannot be reached: ${cause}`, { leader: this.leader })
        this.#pause()
      })
  }

  #send(doing: number, frame: Uint8Array, mayWaitMs: number): void {
    const { clock, settings } = this.#parts
    this.#doing = doing
    this.#correlationId = (this.#correlationId + 1) & 0x7fff_ffff
    this.#deadlineMs = clock.monotonicMs() + mayWaitMs + settings.timeoutMs
    if (this.#overdue === undefined) this.#watchDeadline(mayWaitMs + settings.timeoutMs)
    this.#connection?.send(frame)
  }

  /** One timer for many requests: it looks whether the present one is overdue, and else waits for the rest of its time. */
  #watchDeadline(delayMs: number): void {
    const { timers, clock } = this.#parts
    this.#overdue = timers.start(delayMs, () => {
      this.#overdue = undefined
      if (this.#doing < VERSIONS || this.#doing > RANGE_START) return
      const leftMs = this.#deadlineMs - clock.monotonicMs()
      if (leftMs > 0) this.#watchDeadline(leftMs)
      else this.#fail('it did not answer in time (replica.socket.timeout.ms)')
    })
  }

  #fetch(): void {
    const { settings, shards } = this.#parts
    const version = this.#session.usableVersion(this.#version)
    const request = this.#session.next(version, settings.partitionSizeMaxBytes)
    this.#sentVersion = version
    this.#urgency.isRaised = false
    const sizeMaxBytes = Math.floor(shards.arena.sizeBytesMax * ANSWER_ARENA_SHARE_MAX)
    const isSettled = this.#delayed.size === 0 && request.topics?.length === 0 && this.maxLag === 0
    const maxWaitMs = this.#idleWait.ms(isSettled)
    const maxBytes = Math.min(settings.responseSizeMaxBytes, sizeMaxBytes)
    const bounds = { maxWaitMs, minBytes: settings.sizeMinBytes, maxBytes }
    const frame = fetchFrame(this.#correlationId, this.#clientId, version, settings.brokerId, request, bounds)
    this.#send(FETCH, frame, maxWaitMs)
  }

  #sync(): void {
    this.#doing = SYNC
    const handles = [...this.#unsynced]
    this.#unsynced.clear()
    void Promise.all(handles.map((handle) => this.#parts.shards.followers.sync(handle))).then(() => {
      this.#doing = NOTHING
      this.#advance()
    })
  }

  #fail(cause: string): void {
    this.#connection?.close(cause)
  }

  // --- answers

  #onVersions(bytes: Uint8Array, at: number, end: number): void {
    const version = readFetchVersion(bytes, at, end)
    if (typeof version === 'number') {
      this.#version = version
      return
    }
    this.#parts.log.error(`broker ${this.leader} cannot be fetched from: ${version}`, { leader: this.leader })
    this.#fail(version)
  }

  #onFetched(bytes: Uint8Array, at: number, end: number, region: Region | undefined): void {
    const reader = new Reader(bytes, at, end)
    readResponseHeader(reader, fetchApi.key, this.#sentVersion)
    const response = readFetchResponse(reader, this.#sentVersion)
    if (!reader.ok) {
      this.#fail(`its answer to Fetch cannot be read: ${reader.reason}`)
      return
    }
    if (response.errorCode !== ErrorCode.none) {
      this.#onRefused(response.errorCode as ErrorCode)
      return
    }
    this.#failures = 0
    this.#session.answered(response.sessionId)
    this.#idleWait.answered(response.responses.length === 0)
    for (const { topic, topicId, partitions } of response.responses) {
      const known = this.#topicOf(topic, topicId)
      if (known === undefined) continue
      for (const answer of partitions) {
        const partition = known.get(answer.partitionIndex)
        if (partition?.isNamed === true) this.#take(partition, answer, bytes, region)
      }
    }
  }

  /** The leader refused the request as a whole: mostly it has forgotten the session. */
  #onRefused(code: ErrorCode): void {
    this.#session.reset(code)
    const isForgotten = code === ErrorCode.fetchSessionIdNotFound || code === ErrorCode.invalidFetchSessionEpoch
    if (isForgotten && this.#failures === 0) {
      this.#failures = 1
      return
    }
    this.#parts.log.warn(`broker ${this.leader} refused a Fetch: ${errorName(code)}`, { leader: this.leader, code })
    this.#pause()
  }

  #topicOf(name: string, topicId: string): Map<number, FetchedPartition> | undefined {
    return this.#byTopic.get(name === '' ? (this.#names.get(topicId) ?? '') : name)
  }

  #take(partition: FetchedPartition, answer: PartitionAnswer, bytes: Uint8Array, region: Region | undefined): void {
    const { followers } = this.#parts.shards
    const { handle, leaderEpoch } = partition.what
    const code = answer.errorCode as ErrorCode
    if (code === ErrorCode.offsetOutOfRange) {
      this.#session.remove(partition)
      this.#outOfRange.add(partition)
      return
    }
    if (code !== ErrorCode.none) {
      this.#delay(partition, code)
      return
    }
    let taken: ErrorCode
    const { epoch, endOffset } = answer.divergingEpoch
    if (endOffset >= 0) {
      taken = followers.diverged(handle, leaderEpoch, { leaderEpoch: epoch, endOffset })
      this.#unsynced.add(handle)
    } else taken = this.#append(partition, answer, bytes, region)
    if (taken !== ErrorCode.none) {
      this.#delay(partition, taken)
      return
    }
    partition.succeeded()
    partition.lag = Math.max(0, answer.highWatermark - this.#look(partition))
    if (this.#parts.throttle.isActive) this.#throttle(partition, answer.records?.sizeBytes ?? 0)
  }

  /** Pays for what was fetched of a partition that is to catch up slowly, and leaves it out while that is not paid off. */
  #throttle(partition: FetchedPartition, sizeBytes: number): void {
    const { throttle, settings, clock } = this.#parts
    const { topic, partition: number } = partition.what
    if (!throttle.isListed(topic, number, settings.brokerId) || partition.lag === 0) return
    throttle.take(sizeBytes)
    const { waitMs } = throttle
    if (waitMs === 0) return
    partition.delayedUntilMs = clock.monotonicMs() + waitMs
    this.#session.remove(partition)
    this.#delayed.add(partition)
    this.#advanceSoon(waitMs)
  }

  #append(
    partition: FetchedPartition,
    answer: PartitionAnswer,
    bytes: Uint8Array,
    region: Region | undefined,
  ): ErrorCode {
    const { followers, arena } = this.#parts.shards
    const { handle, leaderEpoch } = partition.what
    const { records, highWatermark, logStartOffset } = answer
    if (records === null || records.sizeBytes === 0) {
      return followers.hear(handle, leaderEpoch, highWatermark, logStartOffset)
    }
    let place: Region
    if (region !== undefined) {
      place = { at: records.startsAt, sizeBytes: records.sizeBytes, chunk: region.chunk }
      arena.retain(region)
    } else {
      const reserved = arena.reserve(records.sizeBytes)
      // It is fetched again: the position that the leader has of it stays as it is.
      if (reserved === undefined) return ErrorCode.none
      arena.bytes.set(bytes.subarray(records.startsAt, records.startsAt + records.sizeBytes), reserved.at)
      place = reserved
    }
    if (this.#parts.settings.isDurable) this.#unsynced.add(handle)
    return followers.append(handle, leaderEpoch, place, highWatermark, logStartOffset)
  }

  /** What the log has become. @returns its end */
  #look(partition: FetchedPartition): number {
    const { handle, leaderEpoch } = partition.what
    const position = this.#parts.shards.followers.position(handle, leaderEpoch)
    if (position === undefined) return partition.fetchOffset
    if (partition.lookAt(position)) this.#session.change(partition)
    return partition.fetchOffset
  }

  #delay(partition: FetchedPartition, code: ErrorCode): void {
    const { clock, settings, log } = this.#parts
    const { topic, partition: number } = partition.what
    partition.delay(clock.monotonicMs(), settings.backoffMs)
    this.#session.remove(partition)
    this.#delayed.add(partition)
    log.debug(`${topic}-${number} is not fetched from broker ${this.leader} for a while: ${errorName(code)}`, {
      topic,
      partition: number,
      code,
    })
    if (partition.isUrgent) this.#advanceSoon(Math.max(1, partition.delayedUntilMs - clock.monotonicMs()))
  }

  // --- out of range

  #askRange(doing: typeof RANGE_END | typeof RANGE_START): void {
    const { brokerId } = this.#parts.settings
    const which = doing === RANGE_END ? 'end' : 'start'
    const frame = rangeFrame(this.#correlationId, this.#clientId, brokerId, this.#outOfRange.partitions, which)
    this.#send(doing, frame, 0)
  }

  #onRange(bytes: Uint8Array, at: number, end: number, doing: typeof RANGE_END | typeof RANGE_START): void {
    const response = readRange(bytes, at, end)
    if (response === undefined) {
      this.#fail('its answer to ListOffsets cannot be read')
      return
    }
    this.#outOfRange.answered(response, doing === RANGE_END ? 'end' : 'start')
    if (doing === RANGE_END && this.#outOfRange.partitions.length > 0) this.#askRange(RANGE_START)
  }
}
