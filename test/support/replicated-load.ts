import { expect } from 'vitest'
import { AdminContext } from '../../src/client/admin/context.ts'
import { createTopic, describeTopics } from '../../src/client/admin/topics.ts'
import type { Cluster } from '../../src/client/cluster.ts'
import { Consumer } from '../../src/client/consumer/consumer.ts'
import { Producer } from '../../src/client/producer/producer.ts'

/** A topic with three replicas, records sent to it while brokers come and go, and what became of them. */
export const TOPIC = 'replicated'
export const PARTITIONS = 3
const REPLICAS = 3

/** Records that a producer was told are safe, with where they are. */
export type Ledger = Map<string, { readonly partition: number; readonly offset: number }>

export const pause = (delayMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs))
const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array | null): string => new TextDecoder().decode(bytes ?? new Uint8Array(0))

export async function createReplicatedTopic(client: Cluster): Promise<void> {
  await createTopic(new AdminContext(client), {
    name: TOPIC,
    partitionCount: PARTITIONS,
    replicationFactor: REPLICAS,
    configs: { 'min.insync.replicas': '2' },
  })
}

/** Sends numbered records until told to stop. */
export class Load {
  readonly ledger: Ledger = new Map()
  /** The longest time without an acknowledgement. */
  longestGapMs = 0
  readonly #producer: Producer
  #isStopping = false
  #lastAtMs = Date.now()
  readonly #done: Promise<void>

  constructor(client: Cluster) {
    this.#producer = new Producer(client, { deliveryTimeoutMs: 60_000, requestTimeoutMs: 5000 })
    this.#done = Promise.all(Array.from({ length: 6 }, (_, worker) => this.#run(worker))).then(() => undefined)
    // Whoever stops the load is told; until then it is no unhandled rejection.
    this.#done.catch(() => undefined)
  }

  async stop(): Promise<void> {
    this.#isStopping = true
    await this.#done
    await this.#producer.close()
  }

  async #run(worker: number): Promise<void> {
    for (let number = 0; !this.#isStopping; number += 1) {
      const text = `${worker}/${number}`
      const value = bytesOf(text.padEnd(100 + (number % 200), '.'))
      const sent = await this.#producer.send({ topic: TOPIC, partition: number % PARTITIONS, value })
      this.ledger.set(text, { partition: sent.partition, offset: sent.offset })
      const nowMs = Date.now()
      this.longestGapMs = Math.max(this.longestGapMs, nowMs - this.#lastAtMs)
      this.#lastAtMs = nowMs
      await pause(2)
    }
  }
}

export interface Outcome {
  /** Acknowledged, and not found where the producer was told. */
  readonly lost: readonly string[]
  /** Found more than once. */
  readonly doubled: readonly string[]
}

/** Compares what was promised with what consumers see. */
export async function judge(client: Cluster, promised: Ledger): Promise<Outcome> {
  const ends = new Array<number>(PARTITIONS).fill(0)
  for (const { partition, offset } of promised.values()) ends[partition] = Math.max(ends[partition] ?? 0, offset + 1)
  const { found, doubled } = await readAll(client, ends)
  const lost = [...promised].filter(([text, { partition, offset }]) => {
    const record = found.get(text)
    return record === undefined || record.partition !== partition || record.offset !== offset
  })
  return { lost: lost.map(([text]) => text), doubled }
}

async function readAll(
  client: Cluster,
  ends: readonly number[],
): Promise<{ readonly found: Ledger; readonly doubled: readonly string[] }> {
  const consumer = new Consumer(client, { offsetReset: 'earliest' })
  consumer.assign(ends.map((_end, partition) => ({ topic: TOPIC, partition })))
  const found: Ledger = new Map()
  const doubled: string[] = []
  const positions = ends.map(() => 0)
  for (const deadlineMs = Date.now() + 30_000; Date.now() < deadlineMs; ) {
    if (positions.every((position, partition) => position >= (ends[partition] ?? 0))) break
    for (const { partition, offset, value } of await consumer.poll(500)) {
      const text = textOf(value).replace(/\.+$/, '')
      if (found.has(text)) doubled.push(text)
      found.set(text, { partition, offset })
      positions[partition] = offset + 1
    }
  }
  await consumer.close()
  return { found, doubled }
}

/** Waits until every partition has `count` replicas in sync. */
export async function untilInSync(client: Cluster, count: number = REPLICAS): Promise<void> {
  let last = ''
  for (const deadlineMs = Date.now() + 40_000; Date.now() < deadlineMs; await pause(200)) {
    const [topic] = await describeTopics(new AdminContext(client), [TOPIC])
    const sizes = topic?.partitions.map(({ inSyncReplicas }) => inSyncReplicas.length) ?? []
    if (sizes.length === PARTITIONS && sizes.every((size) => size === count)) return
    last = sizes.join(', ')
  }
  throw new Error(`the replicas do not get in sync: ${last} instead of ${count} each`)
}

/** Three brokers as processes, of one kind or mixed. */
export interface KillableCluster {
  end(id: number, signal: 'SIGKILL' | 'SIGTERM'): Promise<unknown>
  startBroker(id: number): Promise<unknown>
  /** The bytes of a partition's log on one broker. */
  logOf(id: number, topic: string, partition: number): Buffer
}

/**
 * Kills brokers 1 to 3 one after the other while records are sent; each comes back and catches up. Nothing acknowledged may
 * be lost or doubled, and the replicas must be the same bytes in the end. Stops the cluster and closes the client.
 *
 * @param downMs how long each is away
 * @param atLeast acknowledged records without which the run says nothing
 * @returns the longest time without an acknowledgement
 */
export async function surviveKills(
  cluster: KillableCluster,
  client: Cluster,
  downMs: number,
  atLeast: number,
): Promise<number> {
  await createReplicatedTopic(client)
  const load = new Load(client)
  await pause(1500)
  for (const victim of [1, 2, 3]) {
    await cluster.end(victim, 'SIGKILL')
    await pause(downMs)
    await cluster.startBroker(victim)
    await untilInSync(client)
    await pause(500)
  }
  await load.stop()
  expect(load.ledger.size).toBeGreaterThan(atLeast)
  expect(await judge(client, load.ledger)).toEqual({ lost: [], doubled: [] })
  await untilInSync(client)
  await client.close()
  for (const id of [1, 2, 3]) await cluster.end(id, 'SIGTERM')
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    const [first, ...others] = [1, 2, 3].map((id) => cluster.logOf(id, TOPIC, partition))
    expect(first?.length).toBeGreaterThan(0)
    for (const other of others) expect(other.equals(first ?? Buffer.alloc(0))).toBe(true)
  }
  return load.longestGapMs
}
