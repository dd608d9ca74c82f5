import { assert } from '../../base/assert.ts'
import type { TimerHandle } from '../../io/ports.ts'
import { NO_SEQUENCE } from '../../model/batch-layout.ts'
import { ErrorCode, isInvalidMetadata } from '../../model/error-code.ts'
import type { ProduceResponse } from '../../protocol/generated/00-produce.ts'
import type { RecordDraft } from '../../wasm/contract.ts'
import { backoffMs, retrying } from '../backoff.ts'
import { initProducerIdCall, produceCall } from '../calls.ts'
import type { Cluster } from '../cluster.ts'
import type { Connection } from '../connection.ts'
import { BrokerError, ClientError, ClosedError, mayRetry, TimeoutError, throwIfRefused } from '../errors.ts'
import { PRODUCE_IN_FLIGHT_MAX, RETRY_BACKOFF_FIRST_MS } from '../limits.ts'
import { askWhileOverdue } from '../overdue.ts'
import type { Batch, RecordMetadata } from './batch.ts'
import { PartitionQueue, type QueuePolicy } from './partition-queue.ts'

export interface SenderOptions {
  readonly acks: number
  readonly codec: number
  readonly level: number
  readonly requestSizeBytesMax: number
  readonly requestTimeoutMs: number
  readonly queue: QueuePolicy
  /** Called when records of so many bytes are done with, delivered or not. */
  readonly onFreed: (sizeBytes: number) => void
  /** Whether sends wait for room, so that lingering would only prolong it. */
  readonly isFull: () => boolean
}

/** A broker to produce to: the connection once it stands, and how much is unanswered on it. */
interface Lane {
  connection: Connection | undefined
  isConnecting: boolean
  inFlight: number
  /** Found no place in the last request: it comes first in the next, or queues that always have more would keep it out for ever. */
  leftOut: PartitionQueue | undefined
  /** After a failed attempt to connect. */
  notBeforeMs: number
  failures: number
}

type Sent = readonly { readonly queue: PartitionQueue; readonly batch: Batch }[]

/**
 * Moves batches from the partitions' queues to their leaders. Batches are taken from a queue in the moment they are
 * written to a connection that stands, never before: so their order on the wire is that of their sequences.
 */
export class Sender {
  readonly #cluster: Cluster
  readonly #options: SenderOptions
  readonly #queues: Map<string, PartitionQueue> = new Map()
  readonly #lanes: Map<number, Lane> = new Map()
  readonly #unsettled: Set<Batch> = new Set()
  #producerId: { readonly id: number; readonly epoch: number } | undefined
  #isGettingId = false
  #isRefreshing = false
  #flushes = 0
  #timer: TimerHandle | undefined
  #timerAtMs = Number.POSITIVE_INFINITY
  #isWoken = false
  #isClosed = false

  constructor(cluster: Cluster, options: SenderOptions) {
    this.#cluster = cluster
    this.#options = options
  }

  /** Queues one record. The topic's metadata is known. */
  append(topic: string, partition: number, record: RecordDraft, sizeBytes: number): Promise<RecordMetadata> {
    const key = `${topic}-${partition}`
    let queue = this.#queues.get(key)
    if (queue === undefined) {
      queue = new PartitionQueue(topic, partition, this.#options.queue)
      this.#queues.set(key, queue)
    }
    const batch = queue.openBatch(sizeBytes, this.#nowMs())
    this.#unsettled.add(batch)
    const sent = batch.append(record, sizeBytes)
    if (queue.sendableAtMs(this.#nowMs(), this.#isUrgent()) < this.#timerAtMs) this.wake()
    return sent
  }

  /** Looks soon at what can be sent; many calls in one turn make one look. */
  wake(): void {
    if (this.#isWoken || this.#isClosed) return
    this.#isWoken = true
    queueMicrotask(() => {
      this.#isWoken = false
      this.#pump()
    })
  }

  /** Resolves when every batch there is now is settled. */
  async flush(): Promise<void> {
    this.#flushes += 1
    this.wake()
    try {
      await Promise.all([...this.#unsettled].map((batch) => batch.done))
    } finally {
      this.#flushes -= 1
    }
  }

  /** What was not delivered fails. */
  close(): void {
    this.#isClosed = true
    if (this.#timer !== undefined) this.#cluster.environment.timers.cancel(this.#timer)
    for (const queue of this.#queues.values()) {
      for (const batch of queue.takeWaiting())
        this.#fail(batch, new ClosedError('the producer was closed before this was sent'))
    }
  }

  #nowMs(): number {
    return this.#cluster.environment.clock.monotonicMs()
  }

  #isUrgent(): boolean {
    return this.#flushes > 0 || this.#options.isFull()
  }

  #pump(): void {
    if (this.#isClosed) return
    this.#cluster.keepFresh()
    const nowMs = this.#nowMs()
    const byLeader = new Map<number, PartitionQueue[]>()
    let wakeAtMs = Number.POSITIVE_INFINITY
    for (const queue of this.#queues.values()) {
      this.#expire(queue, nowMs)
      if (!queue.hasWaiting) continue
      wakeAtMs = Math.min(wakeAtMs, queue.expiresAtMs)
      const sendableAtMs = queue.sendableAtMs(nowMs, this.#isUrgent())
      if (sendableAtMs > nowMs) {
        wakeAtMs = Math.min(wakeAtMs, sendableAtMs)
        continue
      }
      if (!this.#hasProducerId(queue)) continue
      const leaderId = this.#cluster.knownTopic(queue.topic)?.partitions[queue.partition]?.leaderId ?? -1
      const list = byLeader.get(leaderId)
      if (list === undefined) byLeader.set(leaderId, [queue])
      else list.push(queue)
    }
    for (const [leaderId, queues] of byLeader) {
      if (leaderId < 0) this.#refreshSoon()
      else wakeAtMs = Math.min(wakeAtMs, this.#serve(leaderId, queues, nowMs))
    }
    this.#wakeAt(wakeAtMs)
  }

  /** Sends to one leader what it may get now. @returns when to look again if nothing else happens */
  #serve(leaderId: number, queues: readonly PartitionQueue[], nowMs: number): number {
    const lane = this.#lane(leaderId)
    const connection = lane.connection
    if (connection === undefined) {
      if (lane.isConnecting) return Number.POSITIVE_INFINITY
      if (nowMs < lane.notBeforeMs) return lane.notBeforeMs
      this.#connect(leaderId, lane)
      return Number.POSITIVE_INFINITY
    }
    let left = [...queues]
    while (left.length > 0 && lane.inFlight < PRODUCE_IN_FLIGHT_MAX) {
      this.#send(lane, connection, this.#collect(lane, left))
      left = left.filter((queue) => queue.sendableAtMs(nowMs, this.#isUrgent()) <= nowMs)
    }
    return Number.POSITIVE_INFINITY
  }

  /** One batch of each partition, up to the size of a request; the first goes whatever its size. */
  #collect(lane: Lane, queues: readonly PartitionQueue[]): Sent {
    const sent: { readonly queue: PartitionQueue; readonly batch: Batch }[] = []
    let sizeBytes = 0
    const firstAt = lane.leftOut === undefined ? 0 : Math.max(0, queues.indexOf(lane.leftOut))
    lane.leftOut = undefined
    for (let count = 0; count < queues.length; count += 1) {
      const queue = queues[(firstAt + count) % queues.length] as PartitionQueue
      if (sent.length > 0 && sizeBytes + queue.headSizeBytes > this.#options.requestSizeBytesMax) {
        lane.leftOut ??= queue
        continue
      }
      const batch = queue.take()
      if (batch === undefined) continue
      sizeBytes += batch.sizeBytes
      batch.encoded ??= this.#encode(queue, batch)
      sent.push({ queue, batch })
    }
    return sent
  }

  #encode(queue: PartitionQueue, batch: Batch): Uint8Array {
    const isNumbered = batch.baseSequence !== NO_SEQUENCE
    return this.#cluster.environment.recordCodec().encodeBatch(batch.records, {
      baseOffset: 0,
      codec: this.#options.codec,
      level: this.#options.level,
      leaderEpoch: -1,
      producerId: isNumbered ? queue.producerId : -1,
      producerEpoch: isNumbered ? queue.epoch : -1,
      baseSequence: batch.baseSequence,
      isTransactional: false,
      isControl: false,
      isLogAppendTime: false,
    })
  }

  #send(lane: Lane, connection: Connection, sent: Sent): void {
    const topics = new Map<
      string,
      { index: number; records: { bytes: Uint8Array; startsAt: number; sizeBytes: number } }[]
    >()
    for (const { queue, batch } of sent) {
      const bytes = batch.encoded
      assert(bytes !== undefined, 'what is sent was encoded')
      const list = topics.get(queue.topic) ?? []
      list.push({ index: queue.partition, records: { bytes, startsAt: 0, sizeBytes: bytes.length } })
      topics.set(queue.topic, list)
    }
    const topicData = [...topics].map(([name, partitionData]) => ({ name, partitionData }))
    const { acks, requestTimeoutMs } = this.#options
    const message = { acks, timeoutMs: requestTimeoutMs, topicData }
    lane.inFlight += 1
    const answered =
      acks === 0
        ? connection.sendOnly(produceCall, message).then(() => undefined)
        : connection.request(produceCall, message, requestTimeoutMs + REQUEST_GRACE_MS)
    answered
      .then(
        (response) => this.#onAnswer(sent, response),
        (error: Error) => this.#onFailure(sent, error),
      )
      .finally(() => {
        lane.inFlight -= 1
        this.wake()
      })
  }

  #onAnswer(sent: Sent, response: ProduceResponse | undefined): void {
    for (const { queue, batch } of sent) {
      if (response === undefined) {
        queue.onAnswer(batch, ErrorCode.none, 0)
        this.#succeed(queue, batch, -1, -1)
        continue
      }
      const result = response.responses
        .find(({ name }) => name === queue.topic)
        ?.partitionResponses.find(({ index }) => index === queue.partition)
      const code = result?.errorCode ?? ErrorCode.unknownServerError
      const what = `send to ${queue.topic}-${queue.partition}`
      if (isInvalidMetadata(code)) this.#refreshSoon()
      const outcome = queue.onAnswer(batch, code, this.#retryAtMs(batch))
      if (outcome === 'failed') this.#fail(batch, new BrokerError(code, what, result?.errorMessage))
      if (outcome !== 'done') continue
      const baseOffset = code === ErrorCode.none ? (result?.baseOffset ?? -1) : -1
      this.#succeed(queue, batch, baseOffset, result?.logAppendTimeMs ?? -1)
    }
  }

  #onFailure(sent: Sent, error: Error): void {
    this.#refreshSoon()
    for (const { queue, batch } of sent) {
      if (mayRetry(error)) {
        queue.onAnswer(batch, undefined, this.#retryAtMs(batch))
      } else {
        queue.onAnswer(batch, ErrorCode.unknownServerError, 0)
        this.#fail(batch, error)
      }
    }
  }

  #retryAtMs(batch: Batch): number {
    return this.#nowMs() + backoffMs(batch.attempts, this.#cluster.environment.entropy.unit())
  }

  #succeed(queue: PartitionQueue, batch: Batch, baseOffset: number, appendTimeMs: number): void {
    batch.succeed(queue.topic, queue.partition, baseOffset, appendTimeMs)
    this.#settled(batch)
  }

  #fail(batch: Batch, error: Error): void {
    batch.fail(error)
    this.#settled(batch)
  }

  #settled(batch: Batch): void {
    this.#unsettled.delete(batch)
    this.#options.onFreed(batch.sizeBytes)
  }

  #expire(queue: PartitionQueue, nowMs: number): void {
    for (const batch of queue.expire(nowMs)) {
      const { deliveryTimeoutMs } = this.#options.queue
      const fate =
        batch.attempts === 0 ? 'it was never sent' : `after ${batch.attempts} attempts; it may be stored all the same`
      this.#fail(
        batch,
        new TimeoutError(`not delivered to ${queue.topic}-${queue.partition} within ${deliveryTimeoutMs} ms: ${fate}`),
      )
    }
  }

  #lane(leaderId: number): Lane {
    let lane = this.#lanes.get(leaderId)
    if (lane === undefined) {
      lane = {
        connection: undefined,
        isConnecting: false,
        inFlight: 0,
        leftOut: undefined,
        notBeforeMs: 0,
        failures: 0,
      }
      this.#lanes.set(leaderId, lane)
    }
    return lane
  }

  #connect(leaderId: number, lane: Lane): void {
    lane.isConnecting = true
    const wake = (): void => this.wake()
    const endWatch = askWhileOverdue(this.#cluster.environment, 0, () => {
      if (!this.#isClosed) this.#cluster.refreshWithout(leaderId).then(wake, wake)
    })
    this.#cluster
      .connection(leaderId, 'produce')
      .then(
        (connection) => {
          lane.failures = 0
          lane.connection = connection
          connection.whenClosed(() => {
            if (lane.connection === connection) lane.connection = undefined
          })
        },
        () => {
          lane.failures += 1
          lane.notBeforeMs = this.#nowMs() + backoffMs(lane.failures, this.#cluster.environment.entropy.unit())
          this.#refreshSoon()
        },
      )
      .finally(() => {
        endWatch()
        lane.isConnecting = false
        this.wake()
      })
  }

  /** Whether the queue can number its batches; asks the broker for an id when it cannot. */
  #hasProducerId(queue: PartitionQueue): boolean {
    if (!queue.needsProducerId) return true
    const known = this.#producerId
    if (known !== undefined && known.id !== queue.producerId) {
      queue.adoptProducerId(known.id, known.epoch)
      return !queue.needsProducerId
    }
    this.#getProducerId()
    return false
  }

  #getProducerId(): void {
    if (this.#isGettingId) return
    this.#isGettingId = true
    const { environment } = this.#cluster
    const { deliveryTimeoutMs: timeoutMs } = this.#options.queue
    retrying(environment, { what: 'producer id', timeoutMs }, async () => {
      const connection = await this.#cluster.anyConnection()
      const answer = await connection.request(initProducerIdCall, {
        transactionalId: null,
        transactionTimeoutMs: timeoutMs,
      })
      throwIfRefused(answer.errorCode, 'producer id')
      return answer
    })
      .then(
        ({ producerId, producerEpoch }) => {
          this.#producerId = { id: producerId, epoch: producerEpoch }
        },
        (error: unknown) => this.#failUnnumbered(error instanceof Error ? error : new ClientError(String(error))),
      )
      .finally(() => {
        this.#isGettingId = false
        this.wake()
      })
  }

  #failUnnumbered(error: Error): void {
    for (const queue of this.#queues.values()) {
      if (!queue.needsProducerId) continue
      for (const batch of queue.takeWaiting()) this.#fail(batch, error)
    }
  }

  /** One refresh at a time, not more often than the first backoff. */
  #refreshSoon(): void {
    if (this.#isRefreshing || this.#isClosed) return
    this.#isRefreshing = true
    const { timers } = this.#cluster.environment
    const rest = (): void => {
      timers.start(RETRY_BACKOFF_FIRST_MS, () => {
        this.#isRefreshing = false
        this.wake()
      })
    }
    this.#cluster.refresh().then(rest, rest)
  }

  #wakeAt(atMs: number): void {
    if (this.#timer !== undefined) this.#cluster.environment.timers.cancel(this.#timer)
    this.#timer = undefined
    this.#timerAtMs = atMs
    if (atMs === Number.POSITIVE_INFINITY) return
    this.#timer = this.#cluster.environment.timers.start(Math.max(0, atMs - this.#nowMs()), () => {
      this.#timer = undefined
      this.#timerAtMs = Number.POSITIVE_INFINITY
      this.#pump()
    })
  }
}

/** The broker may use the whole timeout for its replicas; the answer still has to travel. */
const REQUEST_GRACE_MS = 2_000
