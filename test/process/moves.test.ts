import { execFile } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { alterConfig, ConfigOperation, ConfigResourceType, describeConfig } from '../../src/client/admin/configs.ts'
import { AdminContext } from '../../src/client/admin/context.ts'
import { createTopic } from '../../src/client/admin/topics.ts'
import { apiCall } from '../../src/client/api-call.ts'
import type { Cluster } from '../../src/client/cluster.ts'
import { Producer } from '../../src/client/producer/producer.ts'
import {
  alterReplicaLogDirsApi,
  readAlterReplicaLogDirsResponse,
  writeAlterReplicaLogDirsRequest,
} from '../../src/protocol/generated/34-alter-replica-log-dirs.ts'
import { clientOf, ClusterProcess } from '../support/cluster-process.ts'
import { startLoad } from './cluster-support.ts'
import { batchOf, codec, eventually, readPartition, sleep } from './support.ts'

const TOPIC = 'moving'
const DIRECTORIES = ['one', 'two']
const RATE_KEY = 'replica.alter.log.dirs.io.max.bytes.per.second'
const FILLER_COUNT = 400
const FILLER_SIZE_BYTES = 10_000
const alterReplicaLogDirsCall = apiCall(
  alterReplicaLogDirsApi,
  writeAlterReplicaLogDirsRequest,
  readAlterReplicaLogDirsResponse,
)

let cluster: ClusterProcess | undefined
let client: Cluster | undefined

afterEach(() => {
  client?.close()
  cluster?.destroy()
})

async function fill(some: Cluster): Promise<void> {
  const producer = new Producer(some)
  const value = new Uint8Array(FILLER_SIZE_BYTES).fill(0x66)
  const sent = Array.from({ length: FILLER_COUNT }, () => producer.send({ topic: TOPIC, partition: 0, value }))
  await Promise.all(sent)
  await producer.close()
}

/** The one directory of broker 1 in which the partition lies; '' while there is none, or there are two. */
function place(): string {
  const root = cluster?.dataOf(1) ?? ''
  const found = DIRECTORIES.filter((name) => existsSync(join(root, name, `${TOPIC}-0`)))
  return found.length === 1 ? (found[0] ?? '') : ''
}

test('a replica moves between log directories under load, over kill -9 and clean stops: every acknowledged record is there once', async () => {
  cluster = await ClusterProcess.start(1, [], { logDirectories: DIRECTORIES })
  client = clientOf(cluster.bootstrapServers)
  const admin = new AdminContext(client)
  await createTopic(admin, { name: TOPIC, partitionCount: 1, replicationFactor: 1 })
  await fill(client)
  const broker = { type: ConfigResourceType.broker, name: '1' }
  await alterConfig(admin, broker, [{ name: RATE_KEY, operation: ConfigOperation.set, value: '2000000' }])
  const load = startLoad(client, TOPIC, 1)
  for (const signal of ['SIGKILL', 'SIGTERM', undefined] as const) {
    const from = place()
    const to = from === 'one' ? 'two' : 'one'
    const path = join(cluster.dataOf(1), to)
    const answer = await admin.atBroker(1, 'move', (connection) =>
      connection.request(alterReplicaLogDirsCall, { dirs: [{ path, topics: [{ name: TOPIC, partitions: [0] }] }] }),
    )
    expect(answer.results[0]?.partitions).toMatchObject([{ errorCode: 0 }])
    if (signal !== undefined) {
      await sleep(300)
      expect(place()).toBe(from)
      await cluster.end(1, signal)
      await cluster.startBroker(1)
    }
    await eventually(`it lies in ${to}`, () => place() === to, 30_000)
  }
  await sleep(300)
  await load.stop()
  expect(load.failures).toEqual([])
  const port = Number(cluster.bootstrapServers.split(':')[1])
  const values = [...(await readPartition(port, TOPIC, 0)).values()].filter((value) => value.startsWith('record-'))
  const found = new Set(values)
  expect(values.length).toBe(found.size)
  expect([...(load.acknowledged.get(0) ?? [])].filter((value) => !found.has(value))).toEqual([])
  expect(found.size).toBeGreaterThan(500)
}, 90_000)

test('a log that older versions of Kafka have written, with compressed and plain messages of formats 0 and 1, moves as it is', async () => {
  cluster = await ClusterProcess.start(1, [], { logDirectories: DIRECTORIES })
  client = clientOf(cluster.bootstrapServers)
  await createTopic(new AdminContext(client), { name: TOPIC, partitionCount: 1, replicationFactor: 1 })
  await fill(client)
  await cluster.end(1, 'SIGTERM')
  client.close()
  const from = place()
  const to = from === 'one' ? 'two' : 'one'
  const directory = join(cluster.dataOf(1), from, `${TOPIC}-0`)
  const old = Buffer.concat(
    [0, 1, 2, 3].map((index) => {
      const values = Array.from({ length: 100 }, (_, number) => `value ${index}-${number}`)
      const set = codec.downConvert(
        batchOf(values, { baseOffset: index * 100, codec: index % 3 }),
        index < 2 ? 0 : 1,
        0,
      )
      return set ?? new Uint8Array(0)
    }),
  )
  for (const name of readdirSync(directory)) if (name !== 'partition.metadata') rmSync(join(directory, name))
  writeFileSync(join(directory, `${'0'.repeat(20)}.log`), old)
  await cluster.startBroker(1)
  client = clientOf(cluster.bootstrapServers)
  const path = join(cluster.dataOf(1), to)
  const answer = await new AdminContext(client).atBroker(1, 'move', (connection) =>
    connection.request(alterReplicaLogDirsCall, { dirs: [{ path, topics: [{ name: TOPIC, partitions: [0] }] }] }),
  )
  expect(answer.results[0]?.partitions).toMatchObject([{ errorCode: 0 }])
  await eventually(`it lies in ${to}`, () => place() === to, 30_000)
  expect(readFileSync(join(path, `${TOPIC}-0`, `${'0'.repeat(20)}.log`)).equals(old)).toBe(true)
  const port = Number(cluster.bootstrapServers.split(':')[1])
  const found = [...(await readPartition(port, TOPIC, 0)).entries()]
  expect(found).toHaveLength(400)
  expect(found[399]).toEqual([399, 'value 3-99'])
}, 60_000)

test('jackdaw partitions apply --throttle holds the move back, and progress --wait takes the throttle away', async () => {
  cluster = await ClusterProcess.start(2)
  const { bootstrapServers, root } = cluster
  client = clientOf(bootstrapServers)
  const admin = new AdminContext(client)
  await createTopic(admin, { name: TOPIC, assignment: [[1]] })
  await fill(client)
  const jackdaw = async (...args: readonly string[]): Promise<string> => {
    const all = ['dist/src/cli/bin.js', 'partitions', ...args, '-b', bootstrapServers]
    return (await promisify(execFile)(process.execPath, all)).stdout
  }
  const set = async (): Promise<readonly string[]> => {
    const resources = [
      { type: ConfigResourceType.broker, name: '1' },
      { type: ConfigResourceType.broker, name: '2' },
      { type: ConfigResourceType.topic, name: TOPIC },
    ]
    const entries = await Promise.all(resources.map((resource) => describeConfig(admin, resource)))
    return entries.flatMap((list) =>
      list
        .filter(({ name, value }) => name.includes('.throttled.') && value !== '')
        .map(({ name, value }) => `${name}=${value}`),
    )
  }
  const plan = join(root, 'plan.json')
  writeFileSync(plan, JSON.stringify({ version: 1, partitions: [{ topic: TOPIC, partition: 0, replicas: [2] }] }))
  await jackdaw('apply', plan, '--throttle', '400000')
  const expected = [
    'follower.replication.throttled.rate=400000',
    'follower.replication.throttled.rate=400000',
    'follower.replication.throttled.replicas=0:2',
    'leader.replication.throttled.rate=400000',
    'leader.replication.throttled.rate=400000',
    'leader.replication.throttled.replicas=0:1',
  ]
  // Brokers hear of each other's changes by and by.
  await eventually('it is set everywhere', async () => (await set()).toSorted().join() === expected.join())
  // The whole takes 20 seconds at this rate, and a blink without.
  expect(cluster.logOf(2, TOPIC, 0).length).toBeLessThan((FILLER_COUNT * FILLER_SIZE_BYTES) / 2)
  for (const id of [1, 2]) {
    await alterConfig(admin, { type: ConfigResourceType.broker, name: String(id) }, [
      { name: 'leader.replication.throttled.rate', operation: ConfigOperation.set, value: '100000000' },
      { name: 'follower.replication.throttled.rate', operation: ConfigOperation.set, value: '100000000' },
    ])
  }
  expect(await jackdaw('progress', '--wait')).toContain('throttles of 3 brokers and topics were taken away')
  await eventually('nothing of it is left', async () => (await set()).length === 0)
}, 60_000)
