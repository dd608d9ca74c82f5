import { expect, test } from 'vitest'
import { KeeperError, KeeperErrorCode, type ZooKeeperClient } from '../../../src/zookeeper/contract.ts'
import { settle, topicSpec } from '../../support/cluster-node.ts'
import { testCluster } from '../../support/test-cluster.ts'

test('a controller whose first reading of the tree was cut off tells nobody that there are no topics', async () => {
  const cluster = await testCluster([1, 3, 2])
  const replicas = { assignments: [{ partition: 0, replicas: [3, 2] }] }
  await cluster.node(1).controller.createTopics([topicSpec('t', replicas)], false)
  let cutOffCount = 0
  for (const id of [2, 3]) {
    const session = cluster.node(id).session() as { getData: ZooKeeperClient['getData'] }
    const real = session.getData
    session.getData = (path, watcher) => {
      if (path !== '/brokers/topics/t' || cutOffCount > 0) return real(path, watcher)
      cutOffCount += 1
      return Promise.reject(new KeeperError(KeeperErrorCode.connectionLoss, path, 'the connection was lost'))
    }
  }
  await cluster.kill(1)
  // Somebody comes before the reading is done again: everything that is known is told to everybody.
  await cluster.start(4)
  await settle()
  expect(cutOffCount).toBe(1)
  expect([2, 3].filter((id) => cluster.node(id).controller.isActive)).toHaveLength(1)
  for (const id of [2, 3]) {
    const { open, controller } = cluster.node(id)
    expect(open.get('t-0')?.role, `broker ${id}`).toMatchObject({ leaderEpoch: 0 })
    expect(controller.agent.hasMetadata).toBe(true)
  }
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 3, isr: [3, 2] })
})
