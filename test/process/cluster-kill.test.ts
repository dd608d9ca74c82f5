import { afterEach, expect, test } from 'vitest'
import type { Cluster } from '../../src/client/cluster.ts'
import { AdminContext } from '../../src/client/admin/context.ts'
import { createTopic, describeTopics } from '../../src/client/admin/topics.ts'
import { Consumer } from '../../src/client/consumer/consumer.ts'
import { Producer } from '../../src/client/producer/producer.ts'
import { clientOf, ClusterProcess } from '../support/cluster-process.ts'

const TOPIC = 'replicated'
const PARTITIONS = 3

let cluster: ClusterProcess | undefined

afterEach(({ task }) => {
  if (task.result?.state === 'fail') {
    for (const id of [1, 2, 3])
      console.error(`broker ${id}:\n${cluster?.printed(id).split('\n').slice(-60).join('\n')}`)
  }
  cluster?.destroy()
  cluster = undefined
})

/** Records that a producer was told are safe, with where they are. */
type Ledger = Map<string, { readonly partition: number; readonly offset: number }>

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
const textOf = (bytes: Uint8Array | null): string => new TextDecoder().decode(bytes ?? new Uint8Array(0))
const pause = (delayMs: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, delayMs))

/** Sends numbered records until told to stop. */
class Load {
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

/** Every record of the topic as consumers see it. */
async function readAll(client: Cluster, ends: readonly number[]): Promise<{ ledger: Ledger; doubled: string[] }> {
  const consumer = new Consumer(client, { offsetReset: 'earliest' })
  consumer.assign(ends.map((_end, partition) => ({ topic: TOPIC, partition })))
  const ledger: Ledger = new Map()
  const doubled: string[] = []
  const positions = ends.map(() => 0)
  for (const deadlineMs = Date.now() + 30_000; Date.now() < deadlineMs; ) {
    if (positions.every((position, partition) => position >= (ends[partition] ?? 0))) break
    for (const { partition, offset, value } of await consumer.poll(500)) {
      const text = textOf(value).replace(/\.+$/, '')
      if (ledger.has(text)) doubled.push(text)
      ledger.set(text, { partition, offset })
      positions[partition] = offset + 1
    }
  }
  await consumer.close()
  return { ledger, doubled }
}

function endsOf(ledger: Ledger): number[] {
  const ends = new Array<number>(PARTITIONS).fill(0)
  for (const { partition, offset } of ledger.values()) ends[partition] = Math.max(ends[partition] ?? 0, offset + 1)
  return ends
}

async function untilInSync(admin: AdminContext): Promise<void> {
  for (const deadlineMs = Date.now() + 40_000; Date.now() < deadlineMs; await pause(200)) {
    const [topic] = await describeTopics(admin, [TOPIC])
    if (topic?.partitions.every(({ inSyncReplicas }) => inSyncReplicas.length === 3)) return
  }
  throw new Error('the replicas do not get in sync')
}

test('leaders are killed one after the other under load: nothing acknowledged is lost or doubled, replicas are the same bytes', async () => {
  cluster = await ClusterProcess.start(3)
  const client = clientOf(cluster.bootstrapServers)
  const admin = new AdminContext(client)
  await createTopic(admin, {
    name: TOPIC,
    partitionCount: PARTITIONS,
    replicationFactor: 3,
    configs: { 'min.insync.replicas': '2' },
  })
  const load = new Load(client)
  await pause(1500)
  for (const victim of [1, 2, 3]) {
    await cluster.end(victim, 'SIGKILL')
    await pause(5000)
    await cluster.startBroker(victim)
    await untilInSync(admin)
    await pause(500)
  }
  await load.stop()
  expect(load.ledger.size).toBeGreaterThan(500)

  const { ledger, doubled } = await readAll(client, endsOf(load.ledger))
  expect(doubled).toEqual([])
  const lost = [...load.ledger].filter(([text, { partition, offset }]) => {
    const found = ledger.get(text)
    return found === undefined || found.partition !== partition || found.offset !== offset
  })
  expect(lost).toEqual([])
  await untilInSync(admin)
  await client.close()
  for (const id of [1, 2, 3]) await cluster.end(id, 'SIGTERM')
  for (let partition = 0; partition < PARTITIONS; partition += 1) {
    const logs = [1, 2, 3].map((id) => cluster?.logOf(id, TOPIC, partition))
    expect(logs[0]?.length).toBeGreaterThan(0)
    expect(logs[1]?.equals(logs[0] ?? Buffer.alloc(0))).toBe(true)
    expect(logs[2]?.equals(logs[0] ?? Buffer.alloc(0))).toBe(true)
  }
  console.info(`longest gap between acknowledgements: ${load.longestGapMs} ms over three kills`)
}, 180_000)
