import { expect, test } from 'vitest'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { settle, topicSpec } from '../../support/cluster-node.ts'
import { type TestCluster, testCluster } from '../../support/test-cluster.ts'

const onBrokers = (...replicas: readonly number[]) => ({ assignments: [{ partition: 0, replicas }] })
const DIRECTORY = { directoryIds: ['some-directory'] }

test('a broker whose process has ended is replaced as leader before its session expires', async () => {
  const cluster = await testCluster([1, 2, 3], DIRECTORY)
  await cluster.node(1).controller.createTopics([topicSpec('t', onBrokers(2, 3, 1))], false)
  cluster.freeze(2)
  cluster.wires.seemsGone(2)
  await settle()
  expect(cluster.zookeeper.text('/brokers/ids/2')).toBeUndefined()
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 3, leader_epoch: 1, isr: [3, 1] })
})

test('a controller whose process has ended is replaced before its session expires, and what it led with it', async () => {
  const cluster = await testCluster([1, 2, 3], DIRECTORY)
  await cluster.node(1).controller.createTopics([topicSpec('t', onBrokers(1, 2, 3))], false)
  cluster.freeze(1)
  cluster.wires.seemsGone(1)
  await settle()
  expect([2, 3].filter((id) => cluster.node(id).controller.isActive)).toHaveLength(1)
  // Both survivors ran for it, and one election was enough.
  expect(cluster.zookeeper.text('/controller_epoch')).toBe('2')
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 2, leader_epoch: 1, isr: [2, 3] })
  expect(cluster.node(3).view.brokers.map(({ id }) => id)).toEqual([2, 3])
})

/** What `id` took along was also the server that the sessions of the others lived on. They find another after `meanwhile`. */
async function withoutZooKeeper(
  cluster: TestCluster,
  id: number,
  meanwhile: () => Promise<void> = settle,
): Promise<void> {
  const sessions = [1, 2, 3].filter((other) => other !== id).map((other) => cluster.node(other).session().sessionId)
  for (const session of sessions) cluster.zookeeper.disconnect(session)
  cluster.freeze(id)
  cluster.wires.seemsGone(id)
  await settle()
  await meanwhile()
  for (const session of sessions) cluster.zookeeper.reconnect(session)
  await settle()
}

test('a broker that takes the ZooKeeper server of the controller along is replaced as soon as another is found', async () => {
  const cluster = await testCluster([1, 2, 3], DIRECTORY)
  await cluster.node(1).controller.createTopics([topicSpec('t', onBrokers(2, 3, 1))], false)
  await withoutZooKeeper(cluster, 2)
  expect(cluster.zookeeper.text('/brokers/ids/2')).toBeUndefined()
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 3, leader_epoch: 1, isr: [3, 1] })
})

test('a controller that takes the ZooKeeper server of the others along is replaced as soon as another is found', async () => {
  const cluster = await testCluster([1, 2, 3], DIRECTORY)
  await cluster.node(1).controller.createTopics([topicSpec('t', onBrokers(1, 2, 3))], false)
  await withoutZooKeeper(cluster, 1)
  expect([2, 3].filter((id) => cluster.node(id).controller.isActive)).toHaveLength(1)
  expect(cluster.zookeeper.text('/controller_epoch')).toBe('2')
  expect(cluster.zookeeper.text('/brokers/ids/1')).toBeUndefined()
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 2, leader_epoch: 1, isr: [2, 3] })
})

test('a controller that lost its office while nobody could say so does not lose its next one', async () => {
  const cluster = await testCluster([1, 2, 3], DIRECTORY)
  const first = cluster.node(1).session().sessionId
  await withoutZooKeeper(cluster, 1, async () => {
    cluster.zookeeper.vanish(first)
    await cluster.start(4)
  })
  expect(cluster.node(4).controller.isActive).toBe(true)
  expect(cluster.zookeeper.text('/controller_epoch')).toBe('2')
})

test('a living broker taken for dead is fenced: the old leader changes nothing, registers again and follows', async () => {
  const cluster = await testCluster([1, 2, 3], DIRECTORY)
  const [made] = await cluster.node(1).controller.createTopics([topicSpec('t', onBrokers(2, 3, 1))], false)
  const oldEpoch = cluster.node(2).controller.agent.brokerEpoch
  // Nothing reaches it for a while: it still believes to lead.
  cluster.wires.cut.add(2)
  cluster.wires.seemsGone(2)
  await settle()
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 3, leader_epoch: 1, isr: [3, 1] })
  expect(cluster.node(2).open.get('t-0')?.role).toMatchObject({ kind: 'leader', leaderEpoch: 0 })
  const late = {
    topic: 't',
    topicId: made?.topicId ?? '',
    partition: 0,
    leaderEpoch: 0,
    partitionEpoch: 0,
    inSyncReplicas: [2],
    isRecovering: false,
  }
  const ask = async (brokerEpoch: number) =>
    cluster.node(1).controller.alterPartition({ brokerId: 2, brokerEpoch, changes: [late] })
  // Alone in sync it could acknowledge by itself: that is what it must never get.
  expect((await ask(oldEpoch)).code).toBe(ErrorCode.staleBrokerEpoch)
  const newEpoch = cluster.node(2).controller.agent.brokerEpoch
  expect(newEpoch).toBeGreaterThan(oldEpoch)
  expect((await ask(newEpoch)).results[0]?.code).toBe(ErrorCode.fencedLeaderEpoch)
  cluster.wires.cut.delete(2)
  await settle()
  expect(cluster.node(2).open.get('t-0')?.role).toMatchObject({ kind: 'follower', leader: 3, leaderEpoch: 1 })
  expect(cluster.node(2).fatal).toEqual([])
})

test('a living controller taken for dead can write nothing more, and serves on as a broker', async () => {
  const cluster = await testCluster([1, 2, 3], DIRECTORY)
  await cluster.node(1).controller.createTopics([topicSpec('t', onBrokers(1, 2, 3))], false)
  cluster.wires.seemsGone(1)
  await settle()
  const [office] = [2, 3].filter((id) => cluster.node(id).controller.isActive)
  expect(office).toBeDefined()
  expect(cluster.node(1).controller.isActive).toBe(false)
  expect(await cluster.node(1).controller.createTopics([topicSpec('u')], false)).toMatchObject([
    { code: ErrorCode.notController },
  ])
  expect(cluster.node(1).fatal).toEqual([])
  expect(cluster.node(1).view.controllerId).toBe(office)
  expect(cluster.node(1).view.brokers.map(({ id }) => id)).toEqual([1, 2, 3])
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 2, leader_epoch: 1 })
})

test('a broker that would not register again, and every broker where it is switched off, is left to its session', async () => {
  const kafka = await testCluster([1, 2, 3])
  await kafka.node(1).controller.createTopics([topicSpec('t', onBrokers(2, 3))], false)
  kafka.wires.seemsGone(2)
  await settle()
  expect(kafka.stored('t', 0).leader).toBe(2)
  const off = await testCluster([1, 2, 3], { ...DIRECTORY, overrides: ['jackdaw.fast.failure.detection=false'] })
  await off.node(1).controller.createTopics([topicSpec('t', onBrokers(2, 3))], false)
  off.wires.seemsGone(2)
  off.wires.seemsGone(1)
  await settle()
  expect(off.stored('t', 0).leader).toBe(2)
  expect(off.node(1).controller.isActive).toBe(true)
})
