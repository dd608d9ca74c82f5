import { AdminContext } from '../../../src/client/admin/context.ts'
import { createCluster } from '../../../src/client/client.ts'
import type { Cluster } from '../../../src/client/cluster.ts'
import { Consumer, type ConsumerOptions } from '../../../src/client/consumer/consumer.ts'
import type { ConsumerRecord } from '../../../src/client/consumer/fetched.ts'
import type { ClientEnvironment } from '../../../src/client/environment.ts'
import { BrokerError, ClientError } from '../../../src/client/errors.ts'
import { Producer } from '../../../src/client/producer/producer.ts'
import { nodeCompression } from '../../../src/io/node/compression.ts'
import { loadCoreModule } from '../../../src/io/node/core-module.ts'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { createRecordCodec } from '../../../src/wasm/record-codec.ts'
import { evenTemper, SimProcess } from '../world/process.ts'
import { Violation } from '../world/world.ts'
import { BROKER_PORT } from './broker-machine.ts'
import type { Place } from '../world/machine.ts'
import { keyOf, type Ledger, type ProducerRecord, type Sent } from './ledger.ts'

const REQUEST_TIMEOUT_MS = 3_000
const CONNECT_TIMEOUT_MS = 1_000
const DELIVERY_TIMEOUT_MS = 20_000
const BLOCK_MS = 10_000
const ADMIN_TIMEOUT_MS = 10_000
const UNACKNOWLEDGED_MAX = 40
const AGAIN_AFTER_MS = 200
const codec = createRecordCodec(loadCoreModule(), nodeCompression)
const encoder = new TextEncoder()
const decoder = new TextDecoder()

/** A process with the product's own client in it. */
class ClientProcess {
  readonly name: string
  readonly process: SimProcess
  readonly cluster: Cluster
  readonly place: Place
  isWorking = true

  constructor(place: Place, name: string, brokers: readonly string[]) {
    this.name = name
    this.place = place
    const { world, network } = place
    this.process = new SimProcess(world, name, evenTemper)
    const host = network.host(name)
    host.occupy(this.process)
    const { clock, timers, entropy, log } = this.process
    const environment: ClientEnvironment = {
      connector: host.ports.connector,
      clock,
      timers,
      entropy,
      logger: log,
      recordCodec: () => codec,
    }
    this.cluster = createCluster(environment, {
      bootstrapServers: brokers.map((broker) => `${broker}:${BROKER_PORT}`),
      clientId: name,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      mayCreateTopics: false,
    })
  }

  /** Starts work in an event of its own; what it rejects with is a broken promise of the client's. */
  protected begin(work: () => Promise<void>): void {
    this.process.postAfter(0, () => {
      work().catch((error: unknown) => {
        if (this.process.isAlive) this.place.world.fail(error instanceof Error ? error : new Error(String(error)))
      })
    })
  }

  protected pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => this.process.timers.start(delayMs, resolve))
  }

  /** No new work; what is under way goes on. */
  rest(): void {
    this.isWorking = false
  }

  kill(): void {
    this.process.kill()
    this.place.network.host(this.name).leave('killed')
  }
}

export interface ProducerManner {
  readonly acks: 1 | -1
  readonly isIdempotent: boolean
  readonly thinkMs: number
  readonly burst: number
  readonly valueSizeBytes: number
}

/** Sends numbered records to partitions at random, several at once. */
export class SimProducer extends ClientProcess {
  readonly record: ProducerRecord
  readonly #producer: Producer
  readonly #manner: ProducerManner
  readonly #partitions: () => readonly { readonly topic: string; readonly partition: number }[]
  readonly #ledger: Ledger
  #next = 0
  #unacknowledged = 0

  constructor(
    place: Place,
    name: string,
    brokers: readonly string[],
    ledger: Ledger,
    manner: ProducerManner,
    partitions: () => readonly { readonly topic: string; readonly partition: number }[],
  ) {
    super(place, name, brokers)
    this.record = ledger.producer(name, manner.acks, manner.isIdempotent)
    this.#ledger = ledger
    this.#manner = manner
    this.#partitions = partitions
    this.#producer = new Producer(this.cluster, {
      acks: manner.acks,
      isIdempotent: manner.isIdempotent,
      deliveryTimeoutMs: DELIVERY_TIMEOUT_MS,
      requestTimeoutMs: REQUEST_TIMEOUT_MS,
      blockMs: BLOCK_MS,
      batchSizeBytes: 1024,
      lingerMs: 2,
    })
    this.begin(() => this.#work())
  }

  get isIdle(): boolean {
    return this.#unacknowledged === 0
  }

  /** Sends one record; resolves when it is acknowledged or has failed. */
  async send(topic: string, partition: number): Promise<Sent> {
    this.#next += 1
    const value = `${this.name}/${this.#next}`
    const sent: Sent = {
      producer: this.name,
      number: this.#next,
      value,
      topic,
      partition,
      offset: undefined,
      isRefused: false,
    }
    const key = keyOf(topic, partition)
    const list = this.record.sent.get(key)
    if (list === undefined) this.record.sent.set(key, [sent])
    else list.push(sent)
    this.#unacknowledged += 1
    const bytes = encoder.encode(value.padEnd(this.#manner.valueSizeBytes))
    try {
      const { offset } = await this.#producer.send({ topic, partition, value: bytes })
      sent.offset = offset
      if (!this.#ledger.doomed.has(topic)) this.#ledger.acknowledged += 1
    } catch (error) {
      if (!(error instanceof ClientError)) throw error
      sent.isRefused = true
      if (this.place.world.isTraced) this.place.world.note(`${this.name}: ${value} fails: ${error.message}`)
    } finally {
      this.#unacknowledged -= 1
    }
    return sent
  }

  async #work(): Promise<void> {
    const { random } = this.place.world
    while (this.isWorking) {
      const partitions = this.#partitions()
      const count = random.happens(0.2) ? random.between(1, this.#manner.burst) : 1
      for (let index = 0; index < count && this.#unacknowledged < UNACKNOWLEDGED_MAX; index += 1) {
        if (partitions.length === 0) break
        const { topic, partition } = random.pick(partitions)
        this.send(topic, partition).catch((error: unknown) =>
          this.place.world.fail(error instanceof Error ? error : new Error(String(error))),
        )
      }
      await this.pause(random.next() * 2 * this.#manner.thinkMs)
    }
  }
}

/** Reads partitions from their beginning, without a group, and writes down what it is shown. */
export class SimReader extends ClientProcess {
  readonly #consumer: Consumer
  readonly #ledger: Ledger
  /** Next offset, by partition. */
  readonly next: Map<string, number> = new Map()

  constructor(
    place: Place,
    name: string,
    brokers: readonly string[],
    ledger: Ledger,
    partitions: readonly { readonly topic: string; readonly partition: number }[],
    options: ConsumerOptions = {},
  ) {
    super(place, name, brokers)
    this.#ledger = ledger
    this.#consumer = new Consumer(this.cluster, { offsetReset: 'none', fetchWaitMs: 300, ...options })
    this.#consumer.assign(partitions)
    for (const partition of partitions) {
      this.#consumer.seek(partition, 0)
      this.next.set(keyOf(partition.topic, partition.partition), 0)
    }
    this.begin(() => this.#work())
  }

  async #work(): Promise<void> {
    while (this.isWorking) {
      let records: readonly ConsumerRecord[] = []
      try {
        records = await this.#consumer.poll(1_000)
      } catch (error) {
        if (!(error instanceof ClientError)) throw error
        if (error instanceof BrokerError && error.code === ErrorCode.offsetOutOfRange) {
          throw new Violation(`${this.name} reads on where it was, and is told that there is nothing: ${error.message}`)
        }
        await this.pause(AGAIN_AFTER_MS)
      }
      for (const record of records) this.#take(record)
    }
  }

  #take({ topic, partition, offset, value }: ConsumerRecord): void {
    const key = keyOf(topic, partition)
    const expected = this.next.get(key) ?? 0
    if (offset !== expected) throw new Violation(`${this.name} is given ${key}@${offset} where ${expected} is next`)
    this.next.set(key, offset + 1)
    this.#ledger.show(this.name, topic, partition, offset, decoder.decode(value ?? new Uint8Array(0)).trimEnd())
  }
}

/** Reads as a member of a group, and commits what it has read. */
export class SimMember extends ClientProcess {
  readonly #consumer: Consumer
  readonly #ledger: Ledger

  constructor(
    place: Place,
    name: string,
    brokers: readonly string[],
    ledger: Ledger,
    group: string,
    topics: readonly string[],
  ) {
    super(place, name, brokers)
    this.#ledger = ledger
    this.#consumer = new Consumer(this.cluster, {
      groupId: group,
      offsetReset: 'earliest',
      isAutoCommit: false,
      sessionTimeoutMs: 6_000,
      heartbeatIntervalMs: 1_000,
      pollIntervalMaxMs: 6_000,
      fetchWaitMs: 300,
    })
    this.#consumer.subscribe(topics)
    this.begin(() => this.#work())
  }

  async #work(): Promise<void> {
    while (this.isWorking) {
      try {
        for (const { topic, partition, offset, value } of await this.#consumer.poll(1_000)) {
          this.#ledger.show(this.name, topic, partition, offset, decoder.decode(value ?? new Uint8Array(0)).trimEnd())
        }
        await this.#consumer.commit()
      } catch (error) {
        if (!(error instanceof ClientError)) throw error
        await this.pause(AGAIN_AFTER_MS)
      }
    }
    // A member that went away in silence would keep its partitions for a session.
    await this.#consumer.close().catch((error: unknown) => {
      if (!(error instanceof ClientError)) throw error
    })
  }
}

/** Commits ever larger offsets to a group of its own, one after the other, and looks whether they are kept. */
export class SimCommitter extends ClientProcess {
  readonly #consumer: Consumer
  readonly #ledger: Ledger
  readonly #partition: { readonly topic: string; readonly partition: number }
  #asked = 0
  acknowledged = 0

  constructor(
    place: Place,
    name: string,
    brokers: readonly string[],
    ledger: Ledger,
    partition: { readonly topic: string; readonly partition: number },
  ) {
    super(place, name, brokers)
    this.#ledger = ledger
    this.#partition = partition
    this.#consumer = new Consumer(this.cluster, { groupId: `group-of-${name}`, isAutoCommit: false })
    this.begin(() => this.#work())
  }

  async #work(): Promise<void> {
    const { random } = this.place.world
    while (this.isWorking) {
      try {
        if (random.happens(0.3)) await this.look()
        else await this.#commit()
      } catch (error) {
        if (!(error instanceof ClientError)) throw error
      }
      await this.pause(random.next() * AGAIN_AFTER_MS)
    }
  }

  async #commit(): Promise<void> {
    this.#asked += 1
    const offset = this.#asked
    await this.#consumer.commit([{ ...this.#partition, offset }])
    this.acknowledged = offset
    this.#ledger.committedCount += 1
  }

  /** @throws Violation when an acknowledged commit is gone */
  async look(): Promise<void> {
    const floor = this.acknowledged
    const [found] = await this.#consumer.committed([this.#partition])
    const offset = found?.offset ?? 0
    if (offset < floor || offset > this.#asked) {
      throw new Violation(`${this.name} had ${floor} committed of ${this.#asked}, and is told of ${offset}`)
    }
  }
}

/** Asks for changes of the cluster. */
export class SimAdmin extends ClientProcess {
  readonly context: AdminContext = new AdminContext(this.cluster, ADMIN_TIMEOUT_MS)

  /** Does something in an event of its own. Whether a change that fails has happened is unknown. */
  act(what: string, work: (context: AdminContext) => Promise<void>): void {
    const { world } = this.place
    this.begin(async () => {
      world.note(`${this.name}: ${what}`)
      try {
        await work(this.context)
        world.note(`${this.name}: ${what}: done`)
      } catch (error) {
        if (!(error instanceof ClientError)) throw error
        world.note(`${this.name}: ${what}: ${error.message}`)
      }
    })
  }
}
