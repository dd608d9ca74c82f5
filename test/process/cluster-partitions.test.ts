import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { describeCluster } from '../../src/client/admin/cluster-info.ts'
import { AdminContext } from '../../src/client/admin/context.ts'
import { describeTopics } from '../../src/client/admin/topics.ts'
import type { Cluster } from '../../src/client/cluster.ts'
import { clientOf, ClusterProcess } from '../support/cluster-process.ts'
import { jackdaw } from '../support/jackdaw-command.ts'
import { createSequenceTopic, SequenceLoad, untilAllInSync } from '../support/sequence-load.ts'

const TOPIC = 'spread'
const PARTITIONS = 6
const directory = mkdtempSync(join(tmpdir(), 'jackdaw-plan-'))

let cluster: ClusterProcess | undefined

afterEach(() => {
  cluster?.destroy()
  rmSync(directory, { recursive: true, force: true })
})

/** Replicas of every partition, in order. */
async function replicas(client: Cluster): Promise<readonly (readonly number[])[]> {
  const [topic] = await describeTopics(new AdminContext(client), [TOPIC])
  return topic?.partitions.map((partition) => partition.replicas) ?? []
}

const countOf = (all: readonly (readonly number[])[], id: number): number =>
  all.filter((some) => some.includes(id)).length

test('an empty node joins and takes its share as planned, a move is called off half way, and a node is emptied and goes: all under load', async () => {
  // What a throttled follower may fetch at one go is less than there is.
  cluster = await ClusterProcess.start(4, ['min.insync.replicas=2', 'replica.fetch.max.bytes=16384'])
  await cluster.end(4, 'SIGTERM')
  const { bootstrapServers } = cluster
  const client = clientOf(bootstrapServers)
  await createSequenceTopic(client, TOPIC, PARTITIONS)
  const load = new SequenceLoad(client, TOPIC, PARTITIONS)
  const run = async (...args: readonly string[]): Promise<string> => {
    const { code, printed } = await jackdaw(args, bootstrapServers)
    expect(code, printed).toBe(0)
    return printed
  }
  expect(countOf(await replicas(client), 4)).toBe(0)

  await cluster.startBroker(4)
  const plan = join(directory, 'plan.json')
  writeFileSync(plan, await run('partitions', 'plan', TOPIC, '-o', 'json'))
  // Planning moves nothing.
  expect(countOf(await replicas(client), 4)).toBe(0)
  await run('partitions', 'apply', plan)
  expect(await run('partitions', 'progress', '--wait')).toContain('nothing is on the move')
  const spread = await replicas(client)
  for (const id of [1, 2, 3, 4]) expect([4, 5]).toContain(countOf(spread, id))
  await untilAllInSync(client, TOPIC, 3)

  // So slow that it cannot end by itself.
  await run('configs', 'alter', 'topic', TOPIC, '--set', 'follower.replication.throttled.replicas=*')
  await run('configs', 'alter', 'broker', 'default', '--set', 'follower.replication.throttled.rate=10')
  await run('partitions', 'move', TOPIC, '--drain', '1')
  const underWay = await jackdaw(['partitions', 'progress'], bootstrapServers)
  expect(underWay.code, underWay.printed).toBe(1)
  expect(underWay.printed).toContain(TOPIC)
  await run('partitions', 'cancel', TOPIC)
  expect(await run('partitions', 'progress', '--wait')).toContain('nothing is on the move')
  expect((await replicas(client)).map((some) => some.toSorted())).toEqual(spread.map((some) => some.toSorted()))

  await run('configs', 'alter', 'broker', 'default', '--unset', 'follower.replication.throttled.rate')
  await run('partitions', 'move', '--drain', '1')
  await run('partitions', 'progress', '--wait')
  expect(countOf(await replicas(client), 1)).toBe(0)
  await cluster.end(1, 'SIGTERM')
  const { brokers } = await describeCluster(new AdminContext(client))
  expect(brokers.map(({ nodeId }) => nodeId).toSorted()).toEqual([2, 3, 4])
  await load.untilAllFlow()
  await load.stop()
  expect(load.failures).toEqual([])
  expect(await load.judge(client)).toEqual([])
  client.close()
}, 120_000)
