import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { connectTo } from '../../src/cli/zk/connection.ts'
import {
  adminBroker,
  complete,
  createTopics,
  deleteTopics,
  electPreferred,
  filesGone,
  inSync,
  type NewTopic,
  reassign,
  tryCreate,
  until,
} from './cluster-admin.ts'
import { type ClusterClient, SteadyProducer } from './cluster-client.ts'
import { BROKER_IDS, type BrokerCluster, type Kind } from './cluster-nodes.ts'
import { rawLoad, recycleLogs, runPinned } from './load.ts'

/** What one run gave, by name. Smaller is better unless the name ends in PerSecond. */
export type Figures = Readonly<Record<string, number>>

/** A cluster of one kind that is up, and what measures it. */
export interface Subject {
  readonly cluster: BrokerCluster
  readonly client: ClusterClient
}

export interface Row {
  readonly name: string
  readonly opponent: Exclude<Kind, 'jackdaw'>
  /** What the ratio opponent ÷ Jackdaw (rates: the other way round) should be at least. */
  readonly goals: Readonly<Record<string, number>>
  /** Properties of every broker. */
  readonly settings?: readonly string[]
  readonly jackdawSettings?: readonly string[]
  readonly isKeeperApart?: boolean
  /** Figures count CPU per GB that is written: see warm-memory.c. */
  readonly isWritingMuch?: boolean
  /** Once per cluster, before the pairs. */
  readonly prepare?: (subject: Subject, warmSeconds: number) => Promise<void>
  readonly run: (subject: Subject, number: number) => Promise<Figures>
}

const GB = 1e9
const CLIENT_CORE = '1'
const BROKER_CORE = '0'
/** Our shards remove files of deleted partitions while they look after those that are left: some are always left. */
const RESIDENT: NewTopic = { name: 'resident', partitionCount: 12 }
/** Files of a deleted topic go at once, so that their memory serves the next run while it is warm. */
const DELETE_AT_ONCE = 'log.segment.delete.delay.ms=0'

function victimOf(number: number): number {
  return BROKER_IDS[number % BROKER_IDS.length] ?? 0
}

async function comeBack({ cluster, client }: Subject, id: number, topics: readonly string[]): Promise<void> {
  cluster.start(id)
  await complete(client)
  await inSync(client, topics)
}

// --- a: produce

const PRODUCE_PARTITIONS = 100

async function leaderPorts({ cluster, client }: Subject, topic: string): Promise<string> {
  return (await client.partitions(topic)).map(({ leaderId }) => cluster.port(leaderId)).join(',')
}

interface Load {
  readonly records: number
  readonly isTogether: boolean
  /** Requests a second. */
  readonly rate?: number
}
/**
 * What three JVMs on two cores keep up with. At 40 MB/s Kafka's took 6 at 280 CPU-s per GB, with acknowledgements after 10 s;
 * at 20 MB/s in small batches 10 at 180: such ratios say nothing.
 */
const PRODUCED_BYTES_PER_SECOND = 10_000_000
const PRODUCE_SECONDS = 15

async function produce(
  subject: Subject,
  topic: string,
  { records, isTogether, rate }: Load,
  limit: string,
): Promise<Record<string, number>> {
  const words = [`topic=${topic}`, `leaders=${await leaderPorts(subject, topic)}`, 'record=1024', `records=${records}`]
  const more = [`together=${isTogether ? 1 : 0}`, 'connections=3', 'window=4', 'acks=-1', `rate=${rate ?? 0}`, limit]
  const printed = await runPinned(CLIENT_CORE, rawLoad(), ['produce', ...words, ...more])
  return JSON.parse(printed) as Record<string, number>
}

/** Kafka 4's brokers make the directories of new partitions after the answer: raw-load gives up where nobody leads yet. */
async function accepting({ client }: Subject, topic: string): Promise<void> {
  const partitions = (await client.partitions(topic)).map(({ partitionIndex }) => partitionIndex)
  const producer = new SteadyProducer(client, topic, partitions, 100)
  await producer.flowing()
  await producer.stop()
}

/** Runs a load on a topic of its own and counts the brokers' CPU. */
async function produced(subject: Subject, topic: string, load: Load, limit: string): Promise<Figures> {
  const { cluster, client } = subject
  await createTopics(client, [{ name: topic, partitionCount: PRODUCE_PARTITIONS }])
  await accepting(subject, topic)
  const logs = join(cluster.logsOf(0), '..').replace(/broker-0$/, 'broker-*')
  const recycling = recycleLogs(BROKER_CORE, join(logs, 'logs', `${topic}-*`, '*.log'))
  try {
    const before = cluster.cpuSeconds()
    const out = await produce(subject, topic, load, limit)
    // Followers are through when the last acknowledgement has come; what they do besides counts no more.
    const cpu = cluster.cpuSeconds() - before
    return {
      cpuSecondsPerGb: cpu / ((out['bytes'] ?? 1) / GB),
      megabytesPerSecond: (out['bytes'] ?? 0) / 1e6 / (out['seconds'] ?? 1),
      ackP50Us: out['p50us'] ?? 0,
    }
  } finally {
    recycling.kill()
    await deleteTopics(client, [topic])
    await filesGone(cluster, `${topic}-`)
  }
}

/** @param batches of one request */
function produceRow(name: string, records: number, batches: number): Row {
  const rate = PRODUCED_BYTES_PER_SECOND / (records * 1024 * batches)
  const load = { records, isTogether: batches > 1, rate }
  return {
    name,
    opponent: 'kafka-4.3.1',
    goals: { cpuSecondsPerGb: 2 },
    settings: [DELETE_AT_ONCE],
    isWritingMuch: true,
    prepare: async (subject, warmSeconds) => {
      await createTopics(subject.client, [RESIDENT])
      await produced(subject, 'warm', load, `seconds=${warmSeconds}`)
    },
    run: (subject, number) => produced(subject, `run-${number}`, load, `seconds=${PRODUCE_SECONDS}`),
  }
}

// --- b, c: a leader is killed

async function killLeader({ cluster, client }: Subject, number: number): Promise<Figures> {
  const victim = victimOf(number)
  const others = BROKER_IDS.filter((id) => id !== victim)
  const topic = `kill-${number}`
  await createTopics(client, [{ name: topic, partitionCount: 1, replicas: [[victim, ...others]] }])
  const producer = new SteadyProducer(client, topic, [0], 10)
  await producer.flowing()
  await sleep(1000)
  const killedAtMs = performance.now()
  await cluster.end(victim, 'SIGKILL')
  let againAtMs: number | undefined
  await until(
    'somebody else acknowledges',
    async () => {
      againAtMs = producer.firstAfter(0, killedAtMs, victim)
      return againAtMs !== undefined
    },
    10,
  )
  await sleep(1000)
  await producer.stop()
  await comeBack({ cluster, client }, victim, [topic])
  return { writableAgainMs: (againAtMs ?? 0) - killedAtMs }
}

const EQUAL_SESSIONS = ['zookeeper.session.timeout.ms=6000']

// --- d: controlled shutdown

const SHUTDOWN_TOPIC = 'shutdown'
const SHUTDOWN_PARTITIONS = 1000
const WATCHED_PARTITIONS = 16

async function controlledShutdown({ cluster, client }: Subject, number: number): Promise<Figures> {
  const victim = victimOf(number)
  await electPreferred(client, SHUTDOWN_TOPIC)
  const led = (await client.partitions(SHUTDOWN_TOPIC)).filter(({ leaderId }) => leaderId === victim)
  const step = Math.floor(led.length / WATCHED_PARTITIONS)
  const watched = Array.from({ length: WATCHED_PARTITIONS }, (_, index) => led[index * step]?.partitionIndex ?? 0)
  const producer = new SteadyProducer(client, SHUTDOWN_TOPIC, watched, 10)
  await producer.flowing()
  await sleep(2000)
  const quietGapMs = producer.longestGapMs(performance.now() - 1000)
  const beganAtMs = performance.now()
  await cluster.end(victim, 'SIGTERM')
  const tookMs = performance.now() - beganAtMs
  await sleep(3000)
  const longestGapMs = producer.longestGapMs(beganAtMs)
  await producer.stop()
  await comeBack({ cluster, client }, victim, [SHUTDOWN_TOPIC])
  return { longestGapMs, tookMs, quietGapMs }
}

// --- e: another controller

const CONTROLLED_TOPICS = 10
const PARTITIONS_OF_EACH = 1000

async function controllerFailover({ cluster, client }: Subject, number: number): Promise<Figures> {
  const engine = await connectTo(`127.0.0.1:${cluster.enginePort}`, 10_000)
  const epochOf = async (): Promise<number> => {
    const { data } = await engine.getData('/controller_epoch')
    return Number(new TextDecoder().decode(data ?? new Uint8Array(0)))
  }
  const before = await epochOf()
  const beganAtMs = performance.now()
  await engine.delete('/controller', -1)
  await until('another controller was elected', async () => (await epochOf()) > before, 1)
  const electedMs = performance.now() - beganAtMs
  const servesMs = await firstCreated(client, `failover-${number}`, beganAtMs)
  await engine.close()
  return { servesMs, electedMs }
}

/** Asks one after the other to create a topic, another name each time: what timed out may have been done. */
async function firstCreated(client: ClusterClient, name: string, sinceMs: number): Promise<number> {
  for (let attempt = 0; ; attempt += 1) {
    for (const broker of BROKER_IDS) {
      if ((await client.link(broker)) === undefined) continue
      const topic = { name: `${name}-${attempt}-${broker}`, partitionCount: 1 }
      const code = await tryCreate(client, broker, [topic]).catch(() => -1)
      if (code === undefined) return performance.now() - sinceMs
    }
    await sleep(5)
  }
}

async function manyPartitions({ client }: Subject): Promise<void> {
  for (let index = 0; index < CONTROLLED_TOPICS; index += 1) {
    await createTopics(client, [{ name: `many-${index}`, partitionCount: PARTITIONS_OF_EACH }])
  }
}

async function controllerKilled({ cluster, client }: Subject, number: number): Promise<Figures> {
  const victim = await adminBroker(client)
  const beganAtMs = performance.now()
  await cluster.end(victim, 'SIGKILL')
  const servesMs = await firstCreated(client, `killed-${number}`, beganAtMs)
  await comeBack({ cluster, client }, victim, ['many-0'])
  return { servesMs }
}

// --- f: topics

async function createOneByOne({ client }: Subject, number: number): Promise<Figures> {
  const broker = await adminBroker(client)
  const names = Array.from({ length: 200 }, (_, index) => `single-${number}-${index}`)
  const beganAtMs = performance.now()
  for (const name of names) {
    const code = await tryCreate(client, broker, [{ name, partitionCount: 1 }])
    if (code !== undefined) throw new Error(`${name}: error ${code}`)
  }
  const tookMs = performance.now() - beganAtMs
  await inSync(client, names)
  return { tookMs, everywhereInSyncMs: performance.now() - beganAtMs }
}

async function createAtOnce({ client }: Subject, number: number): Promise<Figures> {
  const broker = await adminBroker(client)
  const topics = Array.from({ length: 1000 }, (_, index) => ({ name: `bulk-${number}-${index}`, partitionCount: 1 }))
  const beganAtMs = performance.now()
  const code = await tryCreate(client, broker, topics)
  if (code !== undefined) throw new Error(`error ${code}`)
  const tookMs = performance.now() - beganAtMs
  await inSync(
    client,
    topics.map(({ name }) => name),
  )
  return { tookMs, everywhereInSyncMs: performance.now() - beganAtMs }
}

/** Whoever still removes files would take the cores from the next one. */
async function topicsGone({ cluster, client }: Subject, prefix: string): Promise<void> {
  const all = (await client.tryMetadata(null))?.topics ?? []
  const names = all.map(({ name }) => name ?? '').filter((name) => name.startsWith(prefix))
  await deleteTopics(client, names)
  await filesGone(cluster, prefix)
  await sleep(3000)
}

function creation(name: string, prefix: string, goal: number, run: Row['run']): Row {
  return {
    name,
    opponent: 'kafka-4.3.1',
    goals: { tookMs: goal },
    settings: [DELETE_AT_ONCE],
    // The first round is for the compilers.
    prepare: async (subject) => {
      await createTopics(subject.client, [RESIDENT])
      await run(subject, 99)
      await topicsGone(subject, prefix)
    },
    run: async (subject, number) => {
      const figures = await run(subject, number)
      await topicsGone(subject, prefix)
      return figures
    },
  }
}

// --- g: an empty replica

const CATCH_UP_TOPIC = 'catch-up'
const CATCH_UP_PARTITIONS = 8
const CATCH_UP_REQUESTS = 7812
const CATCH_UP_REPLICA = 3

function pairs(more: readonly number[]): readonly (readonly number[])[] {
  return Array.from({ length: CATCH_UP_PARTITIONS }, (_, index) => [...(index % 2 === 0 ? [1, 2] : [2, 1]), ...more])
}

async function preload(subject: Subject): Promise<void> {
  await createTopics(subject.client, [RESIDENT])
  await createTopics(subject.client, [{ name: CATCH_UP_TOPIC, partitionCount: 0, replicas: pairs([]) }])
  await accepting(subject, CATCH_UP_TOPIC)
  await produce(subject, CATCH_UP_TOPIC, { records: 250, isTogether: false }, `requests=${CATCH_UP_REQUESTS}`)
}

async function catchUp({ cluster, client }: Subject): Promise<Figures> {
  const recycling = recycleLogs(BROKER_CORE, join(cluster.logsOf(CATCH_UP_REPLICA), `${CATCH_UP_TOPIC}-*`, '*.log'))
  const cpuBefore = cluster.cpuSeconds()
  const beganAtMs = performance.now()
  await reassign(client, CATCH_UP_TOPIC, pairs([CATCH_UP_REPLICA]))
  await until(
    'the new replica is in sync everywhere',
    async () => (await client.partitions(CATCH_UP_TOPIC)).every(({ isrNodes }) => isrNodes.includes(CATCH_UP_REPLICA)),
    10,
  )
  const tookMs = performance.now() - beganAtMs
  const cpu = cluster.cpuSeconds() - cpuBefore
  recycling.kill()
  const gigabytes = (CATCH_UP_REQUESTS * 256_000) / GB
  // Away with it again, for the next run.
  await reassign(client, CATCH_UP_TOPIC, pairs([]))
  await until('the replica is gone', async () => {
    const left = readdirSync(cluster.logsOf(CATCH_UP_REPLICA)).some((name) => name.startsWith(CATCH_UP_TOPIC))
    return !left && (await client.partitions(CATCH_UP_TOPIC)).every(({ replicaNodes }) => replicaNodes.length === 2)
  })
  return { megabytesPerSecond: (gigabytes * 1000) / (tookMs / 1000), cpuSecondsPerGb: cpu / gigabytes }
}

// --- h: nothing to do

const IDLE_SECONDS = 30

async function idle({ cluster }: Subject): Promise<Figures> {
  const before = cluster.cpuSeconds()
  const beganAtMs = performance.now()
  await sleep(IDLE_SECONDS * 1000)
  const seconds = (performance.now() - beganAtMs) / 1000
  return { cpuMsPerSecond: ((cluster.cpuSeconds() - before) * 1000) / seconds, residentMb: cluster.residentMb() }
}

/** The table. Every row can run alone. */
export const ROWS: readonly Row[] = [
  produceRow('a1 produce 1 KiB, 100 partitions, 16 KiB batches of all partitions together', 15, PRODUCE_PARTITIONS / 3),
  produceRow('a2 produce 1 KiB, 100 partitions, one batch of 250 KiB a request', 250, 1),
  {
    name: 'b leader killed, defaults of each',
    opponent: 'kafka-4.3.1',
    goals: { writableAgainMs: 5 },
    run: killLeader,
  },
  {
    name: 'c leader killed, sessions of 6 s, no fast detection',
    opponent: 'kafka-3.9.1',
    goals: { writableAgainMs: 1 },
    settings: EQUAL_SESSIONS,
    jackdawSettings: ['jackdaw.fast.failure.detection=false'],
    isKeeperApart: true,
    run: killLeader,
  },
  {
    name: 'd controlled shutdown, 1,000 partitions on each broker',
    opponent: 'kafka-4.3.1',
    goals: { longestGapMs: 1 },
    prepare: ({ client }) => createTopics(client, [{ name: SHUTDOWN_TOPIC, partitionCount: SHUTDOWN_PARTITIONS }]),
    run: controlledShutdown,
  },
  {
    name: 'e1 another controller is elected, 10,000 partitions',
    opponent: 'kafka-3.9.1',
    goals: { servesMs: 3 },
    isKeeperApart: true,
    prepare: manyPartitions,
    run: controllerFailover,
  },
  {
    name: 'e2 the controller is killed, 10,000 partitions, defaults of each',
    opponent: 'kafka-3.9.1',
    goals: { servesMs: 3 },
    isKeeperApart: true,
    prepare: manyPartitions,
    run: controllerKilled,
  },
  creation('f1 200 topics one by one', 'single-', 2, createOneByOne),
  creation('f2 1,000 topics in one request', 'bulk-', 1, createAtOnce),
  {
    name: 'g an empty replica catches up 2 GB',
    opponent: 'kafka-4.3.1',
    goals: { megabytesPerSecond: 1.2, cpuSecondsPerGb: 1.2 },
    settings: [DELETE_AT_ONCE],
    isWritingMuch: true,
    prepare: preload,
    run: catchUp,
  },
  {
    name: 'h idle, 1,000 partitions',
    opponent: 'kafka-4.3.1',
    goals: { cpuMsPerSecond: 4 },
    prepare: async ({ client }) => {
      await createTopics(client, [{ name: 'idle', partitionCount: 1000 }])
      await sleep(15_000)
    },
    run: idle,
  },
]
