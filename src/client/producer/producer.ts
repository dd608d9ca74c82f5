import { CODEC_GZIP, CODEC_LZ4, CODEC_NONE, CODEC_SNAPPY, CODEC_ZSTD } from '../../model/batch-layout.ts'
import type { RecordDraft, RecordHeader } from '../../wasm/contract.ts'
import { retrying } from '../backoff.ts'
import type { Cluster, TopicMetadata } from '../cluster.ts'
import { pause } from '../environment.ts'
import { ClosedError, LimitError, TimeoutError } from '../errors.ts'
import {
  BATCH_SIZE_BYTES,
  DELIVERY_TIMEOUT_MS,
  LINGER_MS,
  PRODUCE_BLOCK_MS,
  PRODUCE_BUFFER_SIZE_BYTES,
  PRODUCE_IN_FLIGHT_MAX,
  PRODUCE_REQUEST_SIZE_BYTES,
  PRODUCE_WAITING_MAX,
  REQUEST_TIMEOUT_MS,
} from '../limits.ts'
import type { RecordMetadata } from './batch.ts'
import { Partitioner } from './partitioner.ts'
import { Sender } from './sender.ts'

export type Acks = 0 | 1 | -1
export type Compression = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'

export const CODECS: Readonly<Record<Compression, number>> = {
  none: CODEC_NONE,
  gzip: CODEC_GZIP,
  snappy: CODEC_SNAPPY,
  lz4: CODEC_LZ4,
  zstd: CODEC_ZSTD,
}

/** Levels of Kafka's clients. */
const LEVELS: Readonly<Record<Compression, number>> = { none: 0, gzip: -1, snappy: 0, lz4: 9, zstd: 3 }

/** Most that a record's own fields (lengths, deltas, attributes) can add to its key, value and headers. */
const RECORD_OVERHEAD_BYTES = 32

export interface ProducerOptions {
  /** -1 (all in-sync replicas, the default), 1 (the leader), 0 (nobody answers). */
  readonly acks?: Acks | undefined
  /** Sequences let the broker drop what arrives twice. Default true; only with acks -1. */
  readonly isIdempotent?: boolean | undefined
  readonly compression?: Compression | undefined
  readonly lingerMs?: number | undefined
  readonly batchSizeBytes?: number | undefined
  readonly bufferSizeBytes?: number | undefined
  readonly requestSizeBytesMax?: number | undefined
  readonly requestTimeoutMs?: number | undefined
  readonly deliveryTimeoutMs?: number | undefined
  readonly blockMs?: number | undefined
}

export interface ProducerRecord {
  readonly topic: string
  /** Left out: chosen by the key, or stickily without one. */
  readonly partition?: number | undefined
  readonly key?: Uint8Array | null | undefined
  readonly value: Uint8Array | null
  readonly headers?: readonly RecordHeader[] | undefined
  /** Milliseconds since 1970; left out: now. */
  readonly timestampMs?: number | undefined
}

interface WaitingSend {
  readonly start: () => void
  readonly sizeBytes: number
}

/**
 * Sends records in batches. Records of one partition arrive in the order of the `send` calls and, with sequences, once
 * each, through retries and moved leaders. What could not be delivered rejects the promise that `send` gave.
 */
export class Producer {
  readonly #cluster: Cluster
  readonly #sender: Sender
  readonly #partitioner: Partitioner
  readonly #bufferSizeBytesMax: number
  readonly #recordSizeBytesMax: number
  readonly #blockMs: number
  readonly #waiting: WaitingSend[] = []
  /** Topics that are being asked for: everything sent to one meanwhile starts when it is known, in order. */
  readonly #starting: Map<string, Promise<TopicMetadata>> = new Map()
  #bufferedBytes = 0
  #isClosed = false

  constructor(cluster: Cluster, options: ProducerOptions = {}) {
    this.#cluster = cluster
    const batchSizeBytes = options.batchSizeBytes ?? BATCH_SIZE_BYTES
    const compression = options.compression ?? 'none'
    const acks = options.acks ?? -1
    const isIdempotent = (options.isIdempotent ?? true) && acks === -1
    this.#bufferSizeBytesMax = options.bufferSizeBytes ?? PRODUCE_BUFFER_SIZE_BYTES
    this.#recordSizeBytesMax = options.requestSizeBytesMax ?? PRODUCE_REQUEST_SIZE_BYTES
    this.#blockMs = options.blockMs ?? PRODUCE_BLOCK_MS
    this.#partitioner = new Partitioner(batchSizeBytes, () => cluster.environment.entropy.unit())
    this.#sender = new Sender(cluster, {
      acks,
      codec: CODECS[compression],
      level: LEVELS[compression],
      requestSizeBytesMax: this.#recordSizeBytesMax,
      requestTimeoutMs: options.requestTimeoutMs ?? REQUEST_TIMEOUT_MS,
      queue: {
        lingerMs: options.lingerMs ?? LINGER_MS,
        batchSizeBytes,
        deliveryTimeoutMs: options.deliveryTimeoutMs ?? DELIVERY_TIMEOUT_MS,
        inFlightMax: isIdempotent || acks === 0 ? PRODUCE_IN_FLIGHT_MAX : 1,
        isIdempotent,
      },
      onFreed: (sizeBytes) => this.#onFreed(sizeBytes),
      isFull: () => this.#waiting.length > 0,
    })
  }

  /** Bytes of records that are not acknowledged yet. */
  get bufferedBytes(): number {
    return this.#bufferedBytes
  }

  /**
   * Sends a record. Await it, or at least every so many: beyond the buffer's bound sends wait, and beyond the bound of
   * waiting sends they are refused.
   *
   * @returns where it is, once it is acknowledged as `acks` asks
   * @throws (rejects with) BrokerError, TimeoutError (not delivered in time), LimitError, ClosedError
   */
  send(record: ProducerRecord): Promise<RecordMetadata> {
    if (this.#isClosed) return Promise.reject(new ClosedError('this producer is closed'))
    const sizeBytes = recordSizeBytes(record)
    if (sizeBytes > this.#recordSizeBytesMax) {
      const fix = 'raise the request size here and max.message.bytes of the topic, or send less'
      return Promise.reject(
        new LimitError(
          `a record of ${sizeBytes} bytes is larger than a request may be (${this.#recordSizeBytesMax}): ${fix}`,
        ),
      )
    }
    if (this.#waiting.length === 0 && this.#hasRoomFor(sizeBytes)) return this.#accept(record, sizeBytes)
    if (this.#waiting.length >= PRODUCE_WAITING_MAX) {
      return Promise.reject(
        new LimitError(
          `${PRODUCE_WAITING_MAX} sends already wait for room in the producer's buffer: await them before sending more`,
        ),
      )
    }
    return this.#waitForRoom(record, sizeBytes)
  }

  /** Sends what lingers and waits until everything sent so far is acknowledged or has failed. */
  async flush(): Promise<void> {
    while (this.#starting.size > 0 || this.#waiting.length > 0) {
      await Promise.allSettled(this.#starting.values())
      await this.#sender.flush()
      // Sends that waited for room start when the records before them are settled.
      if (this.#waiting.length > 0) await pause(this.#cluster.environment, 1)
    }
    await this.#sender.flush()
  }

  /** Flushes, then takes no more. The cluster stays open: its owner closes it. */
  async close(): Promise<void> {
    this.#isClosed = true
    await this.flush()
    this.#sender.close()
  }

  #accept(record: ProducerRecord, sizeBytes: number): Promise<RecordMetadata> {
    this.#bufferedBytes += sizeBytes
    const topic = this.#cluster.knownTopic(record.topic)
    const isKnown = topic !== undefined && topic.errorCode === 0 && topic.partitions.length > 0
    if (isKnown && !this.#starting.has(record.topic)) return this.#append(record, topic, sizeBytes)
    return this.#look(record.topic).then(
      (found) => this.#append(record, found, sizeBytes),
      (error: unknown) => {
        this.#onFreed(sizeBytes)
        throw error
      },
    )
  }

  /** One question for all sends that wait for its answer: asking for each would let them start in another order. */
  #look(name: string): Promise<TopicMetadata> {
    const asked = this.#starting.get(name)
    if (asked !== undefined) return asked
    const looked = this.#topic(name)
    this.#starting.set(name, looked)
    // Registered before those of the sends: a send made once they run must not be held up, nor overtake them.
    const forget = (): boolean => this.#starting.delete(name)
    looked.then(forget, forget)
    return looked
  }

  /** A topic that is not there may be about to be: creation on first use takes a moment. */
  #topic(name: string): Promise<TopicMetadata> {
    const what = `metadata of topic '${name}'`
    const onFailure = (): void => this.#cluster.invalidate()
    return retrying(this.#cluster.environment, { what, timeoutMs: this.#blockMs, onFailure }, () =>
      this.#cluster.topic(name),
    )
  }

  #append(record: ProducerRecord, topic: TopicMetadata, sizeBytes: number): Promise<RecordMetadata> {
    const key = record.key ?? null
    const partition = record.partition ?? this.#partitioner.choose(topic, key, sizeBytes)
    if (partition < 0 || partition >= topic.partitions.length) {
      this.#onFreed(sizeBytes)
      return Promise.reject(
        new LimitError(`topic '${topic.name}' has partitions 0 to ${topic.partitions.length - 1}, not ${partition}`),
      )
    }
    const timestampMs = record.timestampMs ?? Math.floor(this.#cluster.environment.clock.wallMs())
    const draft: RecordDraft = { timestampMs, key, value: record.value, headers: record.headers ?? [] }
    return this.#sender.append(topic.name, partition, draft, sizeBytes)
  }

  #waitForRoom(record: ProducerRecord, sizeBytes: number): Promise<RecordMetadata> {
    const { timers } = this.#cluster.environment
    return new Promise((resolve, reject) => {
      const waiting: WaitingSend = {
        sizeBytes,
        start: () => {
          timers.cancel(timer)
          this.#accept(record, sizeBytes).then(resolve, reject)
        },
      }
      const timer = timers.start(this.#blockMs, () => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1)
        reject(
          new TimeoutError(
            `no room in the producer's buffer of ${this.#bufferSizeBytesMax} bytes within ${this.#blockMs} ms: the brokers take records more slowly than they are sent`,
          ),
        )
      })
      this.#waiting.push(waiting)
      this.#sender.wake()
    })
  }

  /** A record larger than the whole buffer goes alone. */
  #hasRoomFor(sizeBytes: number): boolean {
    return this.#bufferedBytes === 0 || this.#bufferedBytes + sizeBytes <= this.#bufferSizeBytesMax
  }

  #onFreed(sizeBytes: number): void {
    this.#bufferedBytes -= sizeBytes
    for (let next = this.#waiting[0]; next !== undefined; next = this.#waiting[0]) {
      if (!this.#hasRoomFor(next.sizeBytes)) return
      this.#waiting.shift()
      next.start()
    }
  }
}

function recordSizeBytes(record: ProducerRecord): number {
  let sizeBytes = RECORD_OVERHEAD_BYTES + (record.key?.length ?? 0) + (record.value?.length ?? 0)
  for (const { key, value } of record.headers ?? []) sizeBytes += 3 * key.length + (value?.length ?? 0) + 10
  return sizeBytes
}
