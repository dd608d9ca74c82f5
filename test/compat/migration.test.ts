import { afterEach, expect, test } from 'vitest'
import { describeCluster } from '../../src/client/admin/cluster-info.ts'
import { AdminContext } from '../../src/client/admin/context.ts'
import { listTopics } from '../../src/client/admin/topics.ts'
import type { Cluster } from '../../src/client/cluster.ts'
import { clientOf } from '../support/cluster-process.ts'
import { jackdaw } from '../support/jackdaw-command.ts'
import { pause } from '../support/replicated-load.ts'
import { createSequenceTopic, untilAllInSync } from '../support/sequence-load.ts'
import { FailoverProgram } from './support/failover-program.ts'
import { MixedCluster } from './support/mixed-cluster.ts'
import { has } from './support/peers.ts'

const TOPIC = 'moved'
const PARTITIONS = 6
const OLD = [1, 2, 3]
const NEW = [4, 5, 6]

let cluster: MixedCluster | undefined
let program: FailoverProgram | undefined

afterEach(({ task }) => {
  if (task.result?.state === 'fail') {
    for (const id of [...OLD, ...NEW]) console.error(`broker ${id}:\n${cluster?.printed(id).slice(-6_000)}`)
    console.error(`the application:\n${program?.printed.slice(-4_000)}`)
  }
  program?.kill()
  cluster?.destroy()
})

/** Brokers that hold replicas of anything, the group's offsets included. */
async function carriers(client: Cluster): Promise<number[]> {
  const topics = await listTopics(new AdminContext(client))
  expect(topics.map(({ name }) => name).toSorted()).toEqual(['__consumer_offsets', TOPIC])
  const ids = topics.flatMap(({ partitions }) => partitions.flatMap(({ replicas }) => replicas))
  return [...new Set(ids)].toSorted((left, right) => left - right)
}

test.skipIf(!has('java') || !has('mvn'))(
  'off Kafka under load: nodes join three Kafka 3.9.1 brokers, take all partitions over, and the Kafka brokers go for good; nothing is lost or doubled, the group goes on',
  async () => {
    cluster = await MixedCluster.start(['kafka', 'kafka', 'kafka', 'jackdaw', 'jackdaw', 'jackdaw'], OLD.length)
    const { bootstrapServers } = cluster
    const client = clientOf(bootstrapServers)
    await createSequenceTopic(client, TOPIC, PARTITIONS)
    program = FailoverProgram.java('clients-3.9.1', bootstrapServers, TOPIC, PARTITIONS)
    await program.untilReady()
    expect(await carriers(client)).toEqual(OLD)

    for (const id of NEW) await cluster.startBroker(id)
    const begun = await jackdaw(['partitions', 'move', '--drain', OLD.join(',')], bootstrapServers)
    expect(begun.code, begun.printed).toBe(0)
    const moved = await jackdaw(['partitions', 'progress', '--wait'], bootstrapServers)
    expect(moved.printed).toContain('nothing is on the move')
    expect(await carriers(client)).toEqual(NEW)
    await untilAllInSync(client, TOPIC, NEW.length)

    for (const id of OLD) {
      await cluster.end(id, 'SIGTERM')
      await pause(2_000)
    }
    const { brokers, controllerId } = await describeCluster(new AdminContext(client))
    expect(brokers.map(({ nodeId }) => nodeId).toSorted((left, right) => left - right)).toEqual(NEW)
    expect(NEW).toContain(controllerId)
    // What remains is a cluster like any other: it outlives its controller.
    await cluster.end(controllerId, 'SIGKILL')
    await pause(4_000)
    await cluster.startBroker(controllerId)
    await untilAllInSync(client, TOPIC, NEW.length)
    client.close()

    const result = await program.finish()
    console.info(`${result.acknowledged} acknowledged, longest gap ${result.longestGapMs} ms`)
    expect(result.wrong).toEqual([])
    expect(result.failures).toEqual({})
    expect(result.read).toBe(result.acknowledged)
    expect(result.acknowledged).toBeGreaterThan(1_000)
  },
  240_000,
)
