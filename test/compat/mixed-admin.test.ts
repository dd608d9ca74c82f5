/** What an administrator asks of clusters mixed from Kafka 3.9.1 brokers and nodes, whoever leads, whoever controls. */
import { afterEach, expect, test } from 'vitest'
import { alterConfig, ConfigOperation, ConfigResourceType } from '../../src/client/admin/configs.ts'
import { AdminContext } from '../../src/client/admin/context.ts'
import { listOffsets } from '../../src/client/admin/offsets.ts'
import { alterReassignments, listMovingPartitions } from '../../src/client/admin/reassignments.ts'
import { createTopic, deleteRecords, describeTopics } from '../../src/client/admin/topics.ts'
import type { Cluster } from '../../src/client/cluster.ts'
import { Producer } from '../../src/client/producer/producer.ts'
import {
  apiVersionsApi,
  readApiVersionsResponse,
  writeApiVersionsRequest,
} from '../../src/protocol/generated/18-api-versions.ts'
import { clientOf } from '../support/cluster-process.ts'
import { RawKafka } from '../support/raw-kafka.ts'
import { MixedCluster } from './support/mixed-cluster.ts'
import { has } from './support/peers.ts'

const there = has('java') && has('mvn')
const KAFKA = 1
const JACKDAW = 2

let cluster: MixedCluster | undefined
let client: Cluster | undefined

afterEach(({ task }) => {
  if (task.result?.state === 'fail')
    for (const id of [KAFKA, JACKDAW])
      console.error(`broker ${id}:\n${cluster?.printed(id).split('\n').slice(-60).join('\n')}`)
  client?.close()
  cluster?.destroy()
  cluster = undefined
})

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

async function untilTrue(what: string, holds: () => Promise<boolean>, limitMs = 60_000): Promise<void> {
  const untilMs = performance.now() + limitMs
  while (!(await holds())) {
    if (performance.now() > untilMs) throw new Error(`not within ${limitMs} ms: ${what}`)
    await sleep(100)
  }
}

async function fill(some: Cluster, topic: string, count: number, sizeBytes: number): Promise<void> {
  const producer = new Producer(some)
  const value = new Uint8Array(sizeBytes).fill(0x66)
  await Promise.all(Array.from({ length: count }, () => producer.send({ topic, partition: 0, value })))
  await producer.close()
}

test.skipIf(!there)(
  'DeleteRecords waits for a follower of the other kind, and is answered soon, both ways',
  async () => {
    cluster = await MixedCluster.start(['kafka', 'jackdaw'])
    client = clientOf(cluster.bootstrapServers)
    const admin = new AdminContext(client)
    for (const leader of [KAFKA, JACKDAW]) {
      const follower = leader === KAFKA ? JACKDAW : KAFKA
      const topic = `led-by-${leader}`
      await createTopic(admin, { name: topic, assignment: [[leader, follower]] })
      await fill(client, topic, 50, 100)
      const startMs = performance.now()
      const deleted = await deleteRecords(admin, [{ topic, partition: 0, offset: 40 }])
      expect(deleted).toEqual([{ topic, partition: 0, lowWatermark: 40 }])
      // The follower hears of it with its next fetch, and says so with the one after.
      expect(performance.now() - startMs).toBeLessThan(5000)
    }
    // Who leads next never shows them again.
    await cluster.end(JACKDAW, 'SIGKILL')
    await untilTrue('Kafka leads what the node led', async () => {
      const [described] = await describeTopics(admin, [`led-by-${JACKDAW}`])
      return described?.partitions[0]?.leaderId === KAFKA
    })
    const earliest = await listOffsets(admin, [{ topic: `led-by-${JACKDAW}`, partition: 0, timestampMs: -2 }])
    expect(earliest[0]?.offset).toBe(40)
  },
)

test.skipIf(!there)(
  'a throttled move between the kinds: both sides obey the rates, set and raised while running',
  async () => {
    cluster = await MixedCluster.start(['kafka', 'jackdaw'])
    client = clientOf(cluster.bootstrapServers)
    const admin = new AdminContext(client)
    const throttle = async (topic: string, rate: string): Promise<void> => {
      for (const id of [KAFKA, JACKDAW]) {
        await alterConfig(admin, { type: ConfigResourceType.broker, name: String(id) }, [
          { name: 'leader.replication.throttled.rate', operation: ConfigOperation.set, value: rate },
          { name: 'follower.replication.throttled.rate', operation: ConfigOperation.set, value: rate },
        ])
      }
      await alterConfig(admin, { type: ConfigResourceType.topic, name: topic }, [
        { name: 'leader.replication.throttled.replicas', operation: ConfigOperation.set, value: '*' },
        { name: 'follower.replication.throttled.replicas', operation: ConfigOperation.set, value: '*' },
      ])
      // Brokers hear of it by and by.
      await sleep(1500)
    }
    for (const from of [KAFKA, JACKDAW]) {
      const to = from === KAFKA ? JACKDAW : KAFKA
      const topic = `from-${from}`
      await createTopic(admin, { name: topic, assignment: [[from]] })
      await fill(client, topic, 1000, 5000)
      await throttle(topic, '100000')
      await alterReassignments(admin, [{ topic, partition: 0, replicas: [to] }])
      await sleep(4000)
      // Five megabytes: a blink without the throttle, fifty seconds with it.
      expect(await listMovingPartitions(admin)).toMatchObject([{ topic, partition: 0 }])
      await throttle(topic, '100000000')
      await untilTrue('the move is over', async () => (await listMovingPartitions(admin)).length === 0)
      const [described] = await describeTopics(admin, [topic])
      expect(described?.partitions[0]?.replicas).toEqual([to])
    }
  },
)

test.skipIf(!there)('both kinds tell the same of features in ApiVersions', async () => {
  cluster = await MixedCluster.start(['kafka', 'jackdaw'])
  const features: object[] = []
  for (const address of cluster.bootstrapServers.split(',')) {
    const connection = await RawKafka.open(Number(address.split(':')[1]))
    const exchange = {
      apiKey: apiVersionsApi.key,
      version: 3,
      write: writeApiVersionsRequest,
      read: readApiVersionsResponse,
    }
    const software = { clientSoftwareName: 'apache-kafka-java', clientSoftwareVersion: '3.9.1' }
    const answer = await connection.ask(exchange, software)
    const { errorCode, supportedFeatures, finalizedFeatures, finalizedFeaturesEpoch, zkMigrationReady } = answer
    features.push({ errorCode, supportedFeatures, finalizedFeatures, finalizedFeaturesEpoch, zkMigrationReady })
    connection.close()
  }
  expect(features[1]).toEqual(features[0])
  expect(features[0]).toMatchObject({ errorCode: 0, finalizedFeaturesEpoch: 0 })
})
