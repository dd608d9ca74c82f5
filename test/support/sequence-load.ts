import { AdminContext } from '../../src/client/admin/context.ts'
import { createTopic, describeTopics } from '../../src/client/admin/topics.ts'
import type { Cluster } from '../../src/client/cluster.ts'
import { Consumer } from '../../src/client/consumer/consumer.ts'
import { Producer } from '../../src/client/producer/producer.ts'
import { pause } from './replicated-load.ts'

/** Between two records of a partition. */
const PERIOD_MS = 5
/** Records of a partition that wait for their acknowledgement: then it stands still until some have it. */
const WAITING_MAX = 200
const VALUE_SIZE_BYTES = 100
/** A partition that acknowledges nothing for longer than this counts as unavailable for the whole of it. */
export const UNAVAILABLE_MS = 1_000

/** What became of the records of one partition. */
class Sequence {
  /** By number: the offset that was acknowledged; undefined where it was not. */
  readonly acknowledged: (number | undefined)[] = []
  sentCount = 0
  acknowledgedCount = 0
  waitingCount = 0
  lastAtMs: number = performance.now()
  longestGapMs = 0
  unavailableMs = 0

  onAcknowledged(number: number, offset: number): void {
    this.acknowledged[number] = offset
    this.acknowledgedCount += 1
    this.onTime(performance.now())
  }

  onTime(nowMs: number): void {
    const gapMs = nowMs - this.lastAtMs
    this.longestGapMs = Math.max(this.longestGapMs, gapMs)
    if (gapMs > UNAVAILABLE_MS) this.unavailableMs += gapMs
    this.lastAtMs = nowMs
  }
}

/**
 * An idempotent producer that waits for all replicas in sync, and sends every partition the numbers 0, 1, 2 … without pause.
 * Each partition is one stream of its own: what happens to one holds up no other.
 */
export class SequenceLoad {
  /** Sends that failed for good, as the application hears of it. */
  readonly failures: string[] = []
  readonly #topic: string
  readonly #producer: Producer
  readonly #sequences: readonly Sequence[]
  readonly #timer: NodeJS.Timeout
  readonly #waiting = new Set<Promise<void>>()
  readonly #startedAtMs: number = performance.now()
  #endedAtMs = 0

  constructor(client: Cluster, topic: string, partitionCount: number) {
    this.#topic = topic
    this.#producer = new Producer(client, { deliveryTimeoutMs: 120_000, requestTimeoutMs: 3_000, lingerMs: 2 })
    this.#sequences = Array.from({ length: partitionCount }, () => new Sequence())
    this.#timer = setInterval(() => {
      for (const partition of this.#sequences.keys()) this.#send(partition)
    }, PERIOD_MS)
  }

  /** The longest gap of any partition since this was last asked, also one that has not ended yet. */
  takeLongestGapMs(): number {
    const nowMs = performance.now()
    let longestMs = 0
    for (const sequence of this.#sequences) {
      longestMs = Math.max(longestMs, sequence.longestGapMs, nowMs - sequence.lastAtMs)
      sequence.longestGapMs = 0
    }
    return longestMs
  }

  get acknowledgedCount(): number {
    return this.#sequences.reduce((sum, { acknowledgedCount }) => sum + acknowledgedCount, 0)
  }

  /** Of the time of all partitions since the start, how much lay in gaps of more than `UNAVAILABLE_MS`. */
  get unavailableShare(): number {
    const elapsedMs = (this.#endedAtMs || performance.now()) - this.#startedAtMs
    const unavailableMs = this.#sequences.reduce((sum, sequence) => sum + sequence.unavailableMs, 0)
    return unavailableMs / (elapsedMs * this.#sequences.length)
  }

  /** Waits until every partition has acknowledged something that was sent after now. */
  async untilAllFlow(limitMs = 60_000): Promise<void> {
    const sentCounts = this.#sequences.map(({ sentCount }) => sentCount)
    const isFlowing = (): boolean =>
      this.#sequences.every(({ acknowledged }, partition) => acknowledged.length > (sentCounts[partition] ?? 0))
    for (const deadlineMs = Date.now() + limitMs; !isFlowing(); await pause(50))
      if (Date.now() > deadlineMs) throw new Error(`a partition has acknowledged nothing for ${limitMs} ms`)
  }

  /** Waits for every acknowledgement that is still to come. */
  async stop(): Promise<void> {
    clearInterval(this.#timer)
    await Promise.all(this.#waiting)
    this.#endedAtMs = performance.now()
    await this.#producer.close()
  }

  /**
   * Reads everything back.
   *
   * @returns in words what is wrong: acknowledged records that are lost or lie elsewhere, records twice or out of order
   */
  async judge(client: Cluster): Promise<string[]> {
    const wrong: string[] = []
    const consumer = new Consumer(client, { offsetReset: 'earliest' })
    for (const [partition, sequence] of this.#sequences.entries()) {
      const { acknowledged, acknowledgedCount } = sequence
      const end = acknowledged.reduce<number>((most, offset) => Math.max(most, (offset ?? -1) + 1), 0)
      const numbers = await readNumbers(consumer, this.#topic, partition, end)
      let last = -1
      let foundCount = 0
      for (const [offset, number] of numbers) {
        if (number <= last) wrong.push(`${partition}: ${number} at ${offset} comes after ${last}`)
        last = Math.max(last, number)
        if (acknowledged[number] === offset) foundCount += 1
        else if (acknowledged[number] !== undefined)
          wrong.push(`${partition}: ${number} lies at ${offset}, acknowledged was ${acknowledged[number]}`)
      }
      if (foundCount !== acknowledgedCount)
        wrong.push(`${partition}: ${acknowledgedCount - foundCount} of ${acknowledgedCount} acknowledged are lost`)
    }
    await consumer.close()
    return wrong.slice(0, 20)
  }

  #send(partition: number): void {
    const sequence = this.#sequences[partition]
    if (sequence === undefined || sequence.waitingCount >= WAITING_MAX) return
    const number = sequence.sentCount
    sequence.sentCount += 1
    sequence.waitingCount += 1
    const value = new TextEncoder().encode(String(number).padEnd(VALUE_SIZE_BYTES, '.'))
    const done: Promise<void> = this.#producer
      .send({ topic: this.#topic, partition, value })
      .then(
        ({ offset }) => sequence.onAcknowledged(number, offset),
        (error: unknown) => void this.failures.push(String(error)),
      )
      .finally(() => {
        sequence.waitingCount -= 1
        this.#waiting.delete(done)
      })
    this.#waiting.add(done)
  }
}

/** What a partition holds up to `end`: numbers by offset, in the order of the log. */
async function readNumbers(
  consumer: Consumer,
  topic: string,
  partition: number,
  end: number,
): Promise<Map<number, number>> {
  consumer.assign([{ topic, partition }])
  const found = new Map<number, number>()
  let position = 0
  for (const deadlineMs = Date.now() + 30_000; position < end && Date.now() < deadlineMs; ) {
    for (const record of await consumer.poll(500)) {
      found.set(record.offset, Number(new TextDecoder().decode(record.value ?? new Uint8Array(0)).replace(/\.+$/, '')))
      position = record.offset + 1
    }
  }
  return found
}

export async function createSequenceTopic(client: Cluster, topic: string, partitionCount: number): Promise<void> {
  const configs = { 'min.insync.replicas': '2' }
  await createTopic(new AdminContext(client), { name: topic, partitionCount, replicationFactor: 3, configs })
}

/** Waits until every partition has `count` replicas in sync. */
export async function untilAllInSync(client: Cluster, topic: string, count: number, limitMs = 60_000): Promise<void> {
  let last = 'nothing was answered'
  for (const deadlineMs = Date.now() + limitMs; Date.now() < deadlineMs; await pause(100)) {
    const [described] = await describeTopics(new AdminContext(client), [topic]).catch((error: unknown) => {
      last = String(error)
      return []
    })
    const sizes = described?.partitions.map(({ inSyncReplicas }) => inSyncReplicas.length) ?? []
    if (sizes.length > 0 && sizes.every((size) => size === count)) return
    if (sizes.length > 0) last = `${sizes.join(', ')} instead of ${count} each`
  }
  throw new Error(`replicas are not in sync within ${limitMs} ms: ${last}`)
}
