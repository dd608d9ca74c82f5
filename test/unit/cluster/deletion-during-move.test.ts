import { expect, test } from 'vitest'
import { settle, topicSpec } from '../../support/cluster-node.ts'
import { testCluster } from '../../support/test-cluster.ts'

test('a topic deleted in the middle of a move stays deleted when another controller comes, and goes when all are back', async () => {
  const cluster = await testCluster([1, 2, 3, 4])
  const spec = topicSpec('t', { assignments: [{ partition: 0, replicas: [2, 3] }] })
  await cluster.node(1).controller.createTopics([spec], false)
  await cluster.kill(4)
  const move = [{ topic: 't', partition: 0, replicas: [3, 2, 1] }]
  await cluster.node(1).controller.alterReassignments(move)
  await cluster.kill(3)
  expect(cluster.zookeeper.text('/brokers/topics/t')).toContain('"adding_replicas":{"0":[1]}')
  // Broker 3 is away: the deletion waits for it, and its controller goes.
  await cluster.node(1).controller.deleteTopics([{ name: 't', topicId: '' }])
  expect(cluster.node(2).open.has('t-0')).toBe(false)
  await cluster.zookeeper.connect().delete('/controller')
  await settle()
  for (const id of [1, 2]) expect(cluster.node(id).open.has('t-0'), `broker ${id}`).toBe(false)
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 2, leader_epoch: 2 })
  await cluster.start(3)
  await settle()
  expect(cluster.zookeeper.text('/brokers/topics/t')).toBeUndefined()
})
