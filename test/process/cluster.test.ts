import { afterEach, expect, test } from 'vitest'
import { describeCluster } from '../../src/client/admin/cluster-info.ts'
import { AdminContext } from '../../src/client/admin/context.ts'
import type { Cluster } from '../../src/client/cluster.ts'
import {
  createReplicated,
  partitionsOf,
  type ProcessCluster,
  startLoad,
  startProcessCluster,
  whatIsWrong,
} from './cluster-support.ts'
import { eventually, sleep } from './support.ts'

let cluster: ProcessCluster | undefined
afterEach(async () => {
  await cluster?.remove()
  cluster = undefined
})

const TOPIC = 'kept'
const PARTITIONS = 6

function allInSync(client: Cluster): Promise<void> {
  return eventually(
    'all replicas are in sync',
    async () => (await partitionsOf(client, TOPIC)).every(({ inSyncReplicas }) => inSyncReplicas.length === 3),
    15_000,
  )
}

test('kill -9 of the controller, and of another leader: leaders move long before sessions expire, and nothing acknowledged by all is lost, doubled or out of order', async () => {
  // The keeper grants five seconds of it.
  cluster = await startProcessCluster([1, 2, 3], ['zookeeper.session.timeout.ms=9000'])
  const client = cluster.client()
  await createReplicated(client, TOPIC, PARTITIONS)
  const load = startLoad(client, TOPIC, PARTITIONS)
  await sleep(1_000)
  const { controllerId } = await describeCluster(new AdminContext(client))
  expect(await cluster.end(controllerId, 'SIGKILL')).toBe('SIGKILL')
  await eventually('no partition is led by the dead', async () =>
    (await partitionsOf(client, TOPIC)).every(({ leaderId }) => leaderId >= 0 && leaderId !== controllerId),
  )
  await sleep(500)
  await cluster.start(controllerId)
  await allInSync(client)
  const other = cluster.ids.find((id) => id !== controllerId) ?? -1
  await cluster.end(other, 'SIGKILL')
  await eventually('others lead', async () =>
    (await partitionsOf(client, TOPIC)).every(({ leaderId }) => leaderId >= 0 && leaderId !== other),
  )
  await sleep(500)
  await load.stop()
  expect(load.failures).toEqual([])
  expect(load.longestGapMs()).toBeLessThan(3_000)
  expect([...load.acknowledged.values()].reduce((sum, values) => sum + values.size, 0)).toBeGreaterThan(1_000)
  expect(await whatIsWrong(cluster, client, TOPIC, load)).toEqual([])
}, 60_000)

test('a rolling restart under load: no produce fails, leaders are handed over, all replicas come back', async () => {
  cluster = await startProcessCluster([1, 2, 3])
  const client = cluster.client()
  await createReplicated(client, TOPIC, PARTITIONS)
  const load = startLoad(client, TOPIC, PARTITIONS)
  for (const id of cluster.ids) {
    await allInSync(client)
    expect(await cluster.end(id, 'SIGTERM'), `broker ${id} ends cleanly`).toBe(0)
    expect((await partitionsOf(client, TOPIC)).map(({ leaderId }) => leaderId)).not.toContain(id)
    await cluster.start(id)
  }
  await allInSync(client)
  await load.stop()
  expect(load.failures).toEqual([])
  expect(await whatIsWrong(cluster, client, TOPIC, load)).toEqual([])
}, 60_000)
