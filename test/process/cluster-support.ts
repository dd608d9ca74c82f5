import { type ChildProcess, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { processContext } from '../../src/cli/context.ts'
import { createTopic, describeTopics } from '../../src/client/admin/topics.ts'
import { AdminContext } from '../../src/client/admin/context.ts'
import { createCluster } from '../../src/client/client.ts'
import type { Cluster, PartitionMetadata } from '../../src/client/cluster.ts'
import { Producer } from '../../src/client/producer/producer.ts'
import type { ProducerOptions } from '../../src/client/producer/producer.ts'
import { endProcess, freePort, type NodeProcess, startNodeProcess } from '../support/node-process.ts'
import { eventually, readPartition } from './support.ts'

/** Sessions of a keeper with this tick may last from half a second to five. A machine that is busy must not end them. */
const TICK_TIME_MS = 250
const SESSION_TIMEOUT_MS = 4_000

/** Three nodes and the keeper they share, each a process of its own. */
export interface ProcessCluster {
  readonly ids: readonly number[]
  readonly bootstrap: string
  readonly nodes: Map<number, NodeProcess>
  start(id: number): Promise<void>
  /** @returns exit code or signal */
  end(id: number, signal: NodeJS.Signals): Promise<number | string | null>
  client(): Cluster
  /** The port on which a broker listens. */
  port(id: number): number
  remove(): Promise<void>
}

export async function startProcessCluster(
  ids: readonly number[],
  overrides: readonly string[] = [],
): Promise<ProcessCluster> {
  const root = mkdtempSync(join(tmpdir(), 'jackdaw-cluster-'))
  const keeper = await startKeeper(root)
  const ports = new Map<number, number>()
  for (const id of ids) ports.set(id, await freePort())
  const nodes = new Map<number, NodeProcess>()
  const clients: Cluster[] = []
  const cluster: ProcessCluster = {
    ids,
    bootstrap: [...ports.values()].map((port) => `127.0.0.1:${port}`).join(','),
    nodes,
    start: async (id) => {
      const node = await startNodeProcess(join(root, `node-${id}`), ports.get(id) ?? 0, [
        `node.id=${id}`,
        `zookeeper.connect=127.0.0.1:${keeper.port}`,
        `zookeeper.session.timeout.ms=${SESSION_TIMEOUT_MS}`,
        'jackdaw.memory.bytes=67108864',
        'jackdaw.num.shards=2',
        'default.replication.factor=3',
        'min.insync.replicas=2',
        ...overrides,
      ])
      nodes.set(id, node)
    },
    end: async (id, signal) => {
      const node = nodes.get(id)
      nodes.delete(id)
      return node === undefined ? null : endProcess(node, signal)
    },
    port: (id) => ports.get(id) ?? 0,
    client: () => {
      const client = createCluster(processContext().environment, { bootstrapServers: cluster.bootstrap.split(',') })
      clients.push(client)
      return client
    },
    remove: async () => {
      for (const client of clients) client.close()
      await Promise.all([...nodes.values()].map((node) => endProcess(node, 'SIGKILL')))
      keeper.child.kill('SIGKILL')
      rmSync(root, { recursive: true, force: true })
    },
  }
  await Promise.all(ids.map((id) => cluster.start(id)))
  return cluster
}

async function startKeeper(root: string): Promise<{ readonly child: ChildProcess; readonly port: number }> {
  const port = await freePort()
  const directory = join(root, 'keeper')
  mkdirSync(directory)
  const file = join(root, 'zoo.cfg')
  const lines = [
    `dataDir=${directory}`,
    `clientPort=${port}`,
    'clientPortAddress=127.0.0.1',
    `tickTime=${TICK_TIME_MS}`,
    'admin.enableServer=false',
  ]
  writeFileSync(file, `${lines.join('\n')}\n`)
  const child = spawn(process.execPath, ['dist/src/cli/bin.js', 'keeper', file], { stdio: ['ignore', 'pipe', 'pipe'] })
  let printed = ''
  child.stdout.on('data', (chunk: Buffer) => {
    printed += chunk.toString()
  })
  await eventually('the keeper is ready', () => /^keeper ready in/m.test(printed))
  return { child, port }
}

export async function createReplicated(client: Cluster, topic: string, partitionCount: number): Promise<void> {
  await createTopic(new AdminContext(client), { name: topic, partitionCount, replicationFactor: 3 })
}

/** A topic's partitions as some broker that lives sees them now. */
export async function partitionsOf(client: Cluster, topic: string): Promise<readonly PartitionMetadata[]> {
  const [described] = await describeTopics(new AdminContext(client), [topic])
  return described?.partitions ?? []
}

/** What all leaders hold, against what they acknowledged. @returns in words what is wrong */
export async function whatIsWrong(
  cluster: ProcessCluster,
  client: Cluster,
  topic: string,
  load: Load,
): Promise<string[]> {
  const wrong: string[] = []
  for (const { partition, leaderId } of await partitionsOf(client, topic)) {
    const values = [...(await readPartition(cluster.port(leaderId), topic, partition)).values()]
    const found = new Set(values)
    if (found.size !== values.length)
      wrong.push(`partition ${partition} holds ${values.length - found.size} records twice`)
    const lost = [...(load.acknowledged.get(partition) ?? [])].filter((value) => !found.has(value))
    if (lost.length > 0) wrong.push(`partition ${partition} has lost ${lost.length}, first ${lost[0]}`)
    const numbers = values.map((value) => Number(value.slice('record-'.length)))
    if (numbers.some((number, index) => index > 0 && number < (numbers[index - 1] ?? 0)))
      wrong.push(`partition ${partition} is out of order`)
  }
  return wrong
}

/** A producer that writes on and on, and remembers what was acknowledged. */
export interface Load {
  /** By partition. */
  readonly acknowledged: Map<number, Set<string>>
  readonly failures: string[]
  /** Longest time between two acknowledgements, in milliseconds. */
  readonly longestGapMs: () => number
  stop(): Promise<void>
}

export function startLoad(client: Cluster, topic: string, partitionCount: number, options: ProducerOptions = {}): Load {
  const producer = new Producer(client, { deliveryTimeoutMs: 20_000, requestTimeoutMs: 3_000, lingerMs: 2, ...options })
  const acknowledged = new Map<number, Set<string>>()
  for (let partition = 0; partition < partitionCount; partition += 1) acknowledged.set(partition, new Set())
  const failures: string[] = []
  const pending = new Set<Promise<void>>()
  let isStopping = false
  let lastAtMs = performance.now()
  let longestMs = 0
  let number = 0
  const sendOne = (): void => {
    const value = `record-${number}`
    const partition = number % partitionCount
    number += 1
    const done: Promise<void> = producer
      .send({ topic, partition, value: new TextEncoder().encode(value) })
      .then(
        () => {
          const nowMs = performance.now()
          longestMs = Math.max(longestMs, nowMs - lastAtMs)
          lastAtMs = nowMs
          acknowledged.get(partition)?.add(value)
        },
        (error: unknown) => {
          failures.push(String(error))
        },
      )
      .finally(() => pending.delete(done))
    pending.add(done)
  }
  const timer = setInterval(() => {
    if (!isStopping && pending.size < 2_000) for (let count = 0; count < 10; count += 1) sendOne()
  }, 5)
  return {
    acknowledged,
    failures,
    longestGapMs: () => longestMs,
    stop: async () => {
      isStopping = true
      clearInterval(timer)
      await Promise.all(pending)
      await producer.close()
    },
  }
}
