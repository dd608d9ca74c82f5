import { expect, test } from 'vitest'
import { afterUncleanStop } from '../../../src/cluster/elections.ts'
import type { ZooKeeperClient } from '../../../src/zookeeper/contract.ts'
import { settle, topicSpec } from '../../support/cluster-node.ts'
import { testCluster, type TestCluster } from '../../support/test-cluster.ts'

const onBrokers = (...replicas: readonly number[]) => ({ assignments: [{ partition: 0, replicas }] })

/** Broker 2 ends and begins another life after controller 1 has gone and before broker 3, elected next, has looked at the tree. */
async function bounceWithoutController(cluster: TestCluster, wasStoppedCleanly: boolean): Promise<void> {
  const session = cluster.node(3).session() as { getChildren: ZooKeeperClient['getChildren'] }
  const real = session.getChildren
  let look: () => void = () => undefined
  const mayLook = new Promise<void>((resolve) => {
    look = resolve
  })
  session.getChildren = async (...question) => {
    await mayLook
    return real(...question)
  }
  await cluster.kill(1)
  await cluster.kill(2)
  await cluster.start(2, { wasStoppedCleanly, seed: 9 })
  look()
  await settle()
  expect(cluster.node(3).controller.isActive).toBe(true)
}

async function clusterWithTopics(): Promise<TestCluster> {
  const cluster = await testCluster([1, 3, 2])
  const { controller } = cluster.node(1)
  await controller.createTopics([topicSpec('t', onBrokers(2, 3)), topicSpec('alone', onBrokers(2))], false)
  return cluster
}

test('a leader that crashed and came back while nobody was controller gives way to others in sync', async () => {
  const cluster = await clusterWithTopics()
  await bounceWithoutController(cluster, false)
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 3, isr: [3] })
  expect(cluster.stored('alone', 0)).toMatchObject({ leader: 2, leader_epoch: 1, isr: [2] })
  expect(cluster.node(2).open.get('t-0')?.role).toMatchObject({ kind: 'follower', leader: 3 })
})

test('one that stopped in order meanwhile has lost nothing: it leads on, and nothing is written', async () => {
  const cluster = await clusterWithTopics()
  await bounceWithoutController(cluster, true)
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 2, leader_epoch: 0, isr: [2, 3] })
  expect(cluster.node(2).open.get('t-0')?.role).toMatchObject({ kind: 'leader', leaderEpoch: 0 })
})

test('what has been decided since is not decided again by the next controller', async () => {
  const cluster = await clusterWithTopics()
  await bounceWithoutController(cluster, false)
  expect(await cluster.propose('t', 0, [3, 2])).toBe(0)
  await cluster.start(1)
  await cluster.zookeeper.connect().delete('/controller')
  await settle()
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 3, isr: [3, 2] })
})

test('a crash is told of until a controller has dealt with it, not in later sessions of the same life', async () => {
  const cluster = await testCluster([1])
  await cluster.start(2, { wasStoppedCleanly: false, seed: 9 })
  expect(cluster.zookeeper.text('/brokers/ids/2')).toContain('"jackdaw_recovered":true')
  cluster.zookeeper.expire(cluster.node(2).session().sessionId)
  await settle()
  expect(cluster.zookeeper.text('/brokers/ids/2')).not.toContain('jackdaw_recovered')
})

test('where all in sync have crashed none is better than the others: the leader leads on, in a new epoch', () => {
  const state = { controllerEpoch: 1, leader: 2, leaderEpoch: 4, inSyncReplicas: [2, 3], isRecovering: false }
  const everybody = { has: () => true, serves: () => true }
  const replicas = [2, 3]
  expect(afterUncleanStop({ replicas, state }, new Set([2, 3]), everybody, false, 7)).toEqual({
    ...state,
    controllerEpoch: 7,
    leaderEpoch: 5,
  })
})
