import { setTimeout as sleep } from 'node:timers/promises'
import { nodeCompression } from '../../src/io/node/compression.ts'
import { loadCoreModule } from '../../src/io/node/core-module.ts'
import { ErrorCode, errorName } from '../../src/model/error-code.ts'
import {
  type ProduceRequest,
  type ProduceResponse,
  readProduceResponse,
  writeProduceRequest,
} from '../../src/protocol/generated/00-produce.ts'
import {
  type MetadataRequest,
  type MetadataResponse,
  readMetadataResponse,
  writeMetadataRequest,
} from '../../src/protocol/generated/03-metadata.ts'
import { createRecordCodec } from '../../src/wasm/record-codec.ts'
import { type Exchange, RawKafka } from '../../test/support/raw-kafka.ts'

/**
 * Kafka's clients wait 100 ms and more before they ask again. That would be most of what is measured, and the same for
 * everybody: this one asks again at once.
 */
const RETRY_MS = 5
const CONNECT_RETRY_MS = 20
const RECORD_SIZE_BYTES = 100

/** Versions that Kafka 3.9, Kafka 4.3 and Jackdaw serve. Produce 10 tells whom to ask instead (KIP-951). */
const PRODUCE: Exchange<ProduceRequest, ProduceResponse> = {
  ...{ apiKey: 0, version: 10, write: writeProduceRequest, read: readProduceResponse },
}
const METADATA: Exchange<MetadataRequest, MetadataResponse> = {
  ...{ apiKey: 3, version: 12, write: writeMetadataRequest, read: readMetadataResponse },
}

export type PartitionMetadata = MetadataResponse['topics'][number]['partitions'][number]

/** One acknowledged write. */
interface Acknowledgement {
  /** As of `performance.now()`. */
  readonly atMs: number
  readonly broker: number
}

interface Place {
  readonly leader: number
  readonly epoch: number
}

/** Connections to the brokers of one cluster, opened when needed; and what everybody asks first. */
export class ClusterClient {
  readonly #ports: ReadonlyMap<number, number>
  readonly #links = new Map<number, RawKafka>()
  #next = 0

  constructor(ports: ReadonlyMap<number, number>) {
    this.#ports = ports
  }

  /** @returns undefined when nobody accepts there */
  async link(broker: number): Promise<RawKafka | undefined> {
    const known = this.#links.get(broker)
    if (known !== undefined && !known.isClosed) return known
    const link = await RawKafka.open(this.#ports.get(broker) ?? 0).catch(() => undefined)
    const other = this.#links.get(broker)
    if (other !== undefined && !other.isClosed) {
      link?.close()
      return other
    }
    if (link !== undefined) this.#links.set(broker, link)
    return link
  }

  /** Asks a broker and waits until one answers. */
  async ask<Request, Response>(
    broker: number,
    exchange: Exchange<Request, Response>,
    message: Parameters<Exchange<Request, Response>['write']>[1],
  ): Promise<Response> {
    const link = await this.link(broker)
    if (link === undefined) throw new Error(`broker ${broker} does not accept connections`)
    return link.ask(exchange, message)
  }

  /** Of named topics, or with `null` of all, from whoever answers, in turn. @returns undefined when the one asked did not */
  async tryMetadata(topics: readonly string[] | null, broker?: number): Promise<MetadataResponse | undefined> {
    const ids = [...this.#ports.keys()]
    this.#next += 1
    const link = await this.link(broker ?? ids[this.#next % ids.length] ?? 0)
    return link
      ?.ask(METADATA, {
        topics: topics === null ? null : topics.map((name) => ({ name })),
        allowAutoTopicCreation: false,
      })
      .catch(() => undefined)
  }

  /** @returns what the first broker that answers knows of a topic, partitions in order */
  async partitions(topic: string): Promise<readonly PartitionMetadata[]> {
    for (;;) {
      const found = (await this.tryMetadata([topic]))?.topics[0]
      if (found !== undefined && found.errorCode === ErrorCode.none) {
        return found.partitions.toSorted((one, other) => one.partitionIndex - other.partitionIndex)
      }
      await sleep(CONNECT_RETRY_MS)
    }
  }

  close(): void {
    for (const link of this.#links.values()) link.close()
  }
}

/**
 * Writes a small record to each of some partitions at a steady rate, acks=all, one request of a partition in flight, as a
 * producer that keeps the order does. Whatever fails is asked for again until it is acknowledged.
 */
export class SteadyProducer {
  readonly #client: ClusterClient
  readonly #topic: string
  readonly #places = new Map<number, Place>()
  readonly #acknowledged = new Map<number, Acknowledgement[]>()
  readonly #records = batch()
  readonly #running: Promise<void>[] = []
  /** By name of error: how often it was answered. */
  readonly errors = new Map<string, number>()
  #refreshing: Promise<void> | undefined
  #isStopping = false

  constructor(client: ClusterClient, topic: string, partitions: readonly number[], intervalMs: number) {
    this.#client = client
    this.#topic = topic
    const startAtMs = performance.now()
    for (const [index, partition] of partitions.entries()) {
      this.#acknowledged.set(partition, [])
      // Spread over the interval, so that they do not travel in one bunch.
      this.#running.push(this.#run(partition, startAtMs + (index / partitions.length) * intervalMs, intervalMs))
    }
  }

  /** Waits until every partition has been written to. */
  async flowing(): Promise<void> {
    while ([...this.#acknowledged.values()].some(({ length }) => length < 3)) await sleep(RETRY_MS)
  }

  /** The first acknowledgement after a moment by somebody else than `broker`. @returns its moment; undefined = not yet */
  firstAfter(partition: number, sinceMs: number, broker: number): number | undefined {
    return this.#acknowledged.get(partition)?.find((one) => one.atMs > sinceMs && one.broker !== broker)?.atMs
  }

  /** The longest time without an acknowledgement that ended after a moment, over all partitions; the one that lasts counts. */
  longestGapMs(sinceMs: number): number {
    let longestMs = 0
    for (const all of this.#acknowledged.values()) {
      for (const [index, { atMs }] of all.entries()) {
        if (atMs > sinceMs && index > 0) longestMs = Math.max(longestMs, atMs - (all[index - 1]?.atMs ?? atMs))
      }
      longestMs = Math.max(longestMs, performance.now() - (all.at(-1)?.atMs ?? sinceMs))
    }
    return longestMs
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    await Promise.all(this.#running)
  }

  async #run(partition: number, firstDueMs: number, intervalMs: number): Promise<void> {
    for (let dueMs = firstDueMs; !this.#isStopping; dueMs = Math.max(dueMs + intervalMs, performance.now())) {
      const waitMs = dueMs - performance.now()
      if (waitMs > 0) await sleep(waitMs)
      const broker = await this.#write(partition)
      this.#acknowledged.get(partition)?.push({ atMs: performance.now(), broker })
    }
  }

  /** @returns who acknowledged */
  async #write(partition: number): Promise<number> {
    for (;;) {
      const place = this.#places.get(partition)
      const link = place === undefined ? undefined : await this.#client.link(place.leader)
      if (place !== undefined && link !== undefined) {
        const answer = await this.#produce(link, partition)
        if (answer?.errorCode === ErrorCode.none) return place.leader
        const name = answer === undefined ? 'connection lost' : errorName(answer.errorCode as ErrorCode)
        this.errors.set(name, (this.errors.get(name) ?? 0) + 1)
        const { leaderId = -1, leaderEpoch = -1 } = answer?.currentLeader ?? {}
        if (leaderId >= 0 && this.#hear(partition, leaderId, leaderEpoch)) continue
      }
      await this.#refresh()
      const now = this.#places.get(partition)
      if (this.#isStopping && (now === undefined || now === place)) return 0
      if (now === undefined || now === place) await sleep(RETRY_MS)
    }
  }

  async #produce(
    link: RawKafka,
    partition: number,
  ): Promise<ProduceResponse['responses'][number]['partitionResponses'][number] | undefined> {
    const records = { bytes: this.#records, startsAt: 0, sizeBytes: this.#records.length }
    const topicData = [{ name: this.#topic, partitionData: [{ index: partition, records }] }]
    try {
      const answer = await link.ask(PRODUCE, { acks: -1, timeoutMs: 30_000, topicData })
      return answer.responses[0]?.partitionResponses[0]
    } catch {
      return undefined
    }
  }

  /** Only a newer term changes what is known. @returns whether it was news */
  #hear(partition: number, leader: number, epoch: number): boolean {
    const known = this.#places.get(partition)
    if (leader < 0 || (known !== undefined && epoch <= known.epoch)) return false
    this.#places.set(partition, { leader, epoch })
    return true
  }

  /** One at a time, for all partitions. */
  #refresh(): Promise<void> {
    this.#refreshing ??= this.#client.tryMetadata([this.#topic]).then((metadata) => {
      this.#refreshing = undefined
      for (const { partitionIndex, leaderId, leaderEpoch } of metadata?.topics[0]?.partitions ?? []) {
        this.#hear(partitionIndex, leaderId, leaderEpoch)
      }
    })
    return this.#refreshing
  }
}

function batch(): Uint8Array {
  const codec = createRecordCodec(loadCoreModule(), nodeCompression)
  const record = { timestampMs: Date.now(), key: null, value: new Uint8Array(RECORD_SIZE_BYTES).fill(120) }
  return codec.encodeBatch([record], {
    ...{ baseOffset: 0, codec: 0, level: 0, leaderEpoch: -1, producerId: -1, producerEpoch: -1, baseSequence: -1 },
    ...{ isTransactional: false, isControl: false, isLogAppendTime: false },
  })
}
