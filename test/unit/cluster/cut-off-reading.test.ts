import { expect, test } from 'vitest'
import { KeeperError, KeeperErrorCode, type ZooKeeperClient } from '../../../src/zookeeper/contract.ts'
import { settle, topicSpec } from '../../support/cluster-node.ts'
import { type TestCluster, testCluster } from '../../support/test-cluster.ts'

/** The next controller, whoever it is, loses its connection while it reads topic `t`. */
function cutOffNextReading(cluster: TestCluster): { count: number } {
  const cut = { count: 0 }
  for (const id of [2, 3]) {
    const session = cluster.node(id).session() as { getData: ZooKeeperClient['getData'] }
    const real = session.getData
    session.getData = (path, watcher) => {
      if (path !== '/brokers/topics/t' || cut.count > 0) return real(path, watcher)
      cut.count += 1
      return Promise.reject(new KeeperError(KeeperErrorCode.connectionLoss, path, 'the connection was lost'))
    }
  }
  return cut
}

async function clusterWithTopic(...replicas: readonly number[]): Promise<TestCluster> {
  const cluster = await testCluster([1, 3, 2])
  const spec = topicSpec('t', { assignments: [{ partition: 0, replicas }] })
  await cluster.node(1).controller.createTopics([spec], false)
  return cluster
}

test('a controller whose first reading of the tree was cut off tells nobody that there are no topics', async () => {
  const cluster = await clusterWithTopic(3, 2)
  const cut = cutOffNextReading(cluster)
  await cluster.kill(1)
  // Somebody comes before the reading is done again: everything that is known is told to everybody.
  await cluster.start(4)
  expect(cut.count).toBe(1)
  expect([2, 3].filter((id) => cluster.node(id).controller.isActive)).toHaveLength(1)
  for (const id of [2, 3]) {
    expect(cluster.node(id).open.get('t-0')?.role, `broker ${id}`).toMatchObject({ leaderEpoch: 0 })
  }
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 3, isr: [3, 2] })
})

test('it looks after preferred leaders all the same', async () => {
  const cluster = await clusterWithTopic(1, 3, 2)
  const cut = cutOffNextReading(cluster)
  await cluster.kill(1)
  for (const id of [2, 3]) await cluster.node(id).timers.pass(1_000)
  expect(cut.count).toBe(1)
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 3, isr: [3, 2] })
  await cluster.start(1)
  expect(await cluster.propose('t', 0, [3, 2, 1])).toBe(0)
  for (const id of [2, 3]) await cluster.node(id).timers.pass(5_000)
  await settle()
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 1, isr: [3, 2, 1] })
})
