import { expect, test } from 'vitest'
import type { LeadershipCommand } from '../../../src/cluster/contract-commands.ts'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { settle, topicSpec } from '../../support/cluster-node.ts'
import { type TestCluster, testCluster } from '../../support/test-cluster.ts'

const PARTITIONS = 50

async function oneTopic(): Promise<TestCluster> {
  const cluster = await testCluster([1, 2, 3])
  const assignments = Array.from({ length: PARTITIONS }, (_, partition) => ({ partition, replicas: [2, 3, 1] }))
  await cluster.node(1).controller.createTopics([topicSpec('t', { assignments })], false)
  await settle()
  return cluster
}

/** Partition 7 goes from broker 2 to broker 3. */
async function handOver(cluster: TestCluster, id: number, leaderEpoch: number = 1): Promise<number | undefined> {
  const { controller, view } = cluster.node(id)
  const command: LeadershipCommand = {
    kind: 'leadership',
    controllerId: 1,
    controllerEpoch: cluster.node(1).controller.controllerEpoch,
    brokerEpoch: -1,
    topics: [
      {
        topic: 't',
        topicId: view.topic('t')?.topicId ?? '',
        partitions: [
          {
            partition: 7,
            controllerEpoch: 1,
            leader: 3,
            leaderEpoch,
            inSyncReplicas: [3, 1],
            partitionEpoch: leaderEpoch,
            replicas: [2, 3, 1],
            adding: [],
            removing: [],
            isNew: false,
            isRecovering: false,
          },
        ],
      },
    ],
    liveLeaders: [],
  }
  const answer = await controller.command(command)
  return answer.partitions[0]?.code
}

test('whoever is told to lead or to follow tells clients so, before it is told of the cluster', async () => {
  const cluster = await oneTopic()
  for (const id of [2, 3]) {
    expect(await handOver(cluster, id)).toBe(ErrorCode.none)
    expect(cluster.node(id).view.partition('t', 7)).toMatchObject({ leader: 3, leaderEpoch: 1, inSyncReplicas: [3, 1] })
    expect(cluster.node(id).view.partition('t', 8)).toMatchObject({ leader: 2, leaderEpoch: 0 })
  }
  expect(cluster.node(1).view.partition('t', 7)).toMatchObject({ leader: 2, leaderEpoch: 0 })
})

test('what is refused, because it is older, is not shown either', async () => {
  const cluster = await oneTopic()
  await handOver(cluster, 3, 2)
  expect(await handOver(cluster, 3, 1)).toBe(ErrorCode.staleControllerEpoch)
  expect(cluster.node(3).view.partition('t', 7)).toMatchObject({ leader: 3, leaderEpoch: 2 })
})

test('of a large topic threads hear of the partitions that have changed alone', async () => {
  const cluster = await oneTopic()
  const { updates, view } = cluster.node(3)
  const before = view.topic('t')
  updates.length = 0
  await cluster.propose('t', 7, [2, 3])
  expect(updates.map(({ kind }) => kind)).toEqual(['partitions'])
  expect(updates[0]).toMatchObject({ topic: 't', partitions: [{ partition: 7, inSyncReplicas: [2, 3] }] })
  expect(view.topic('t')?.partitions.length).toBe(PARTITIONS)
  expect(view.partition('t', 7)?.inSyncReplicas).toEqual([2, 3])
  expect(view.topicById(before?.topicId ?? '')).toBe(view.topic('t'))
  expect(before?.partitions[7]?.inSyncReplicas, 'who holds the old topic sees it as it was').toEqual([2, 3, 1])
  updates.length = 0
  await cluster.node(1).controller.shutDownBroker(2, -1)
  await settle()
  expect(new Set(updates.map(({ kind }) => kind))).toEqual(new Set(['partitions']))
})

test('a topic that gets more partitions is told of as a whole', async () => {
  const cluster = await oneTopic()
  const { updates } = cluster.node(3)
  updates.length = 0
  await cluster.node(1).controller.createPartitions([{ name: 't', count: 60, assignments: null }], false)
  await settle()
  expect(new Set(updates.map(({ kind }) => kind))).toEqual(new Set(['topic']))
  expect(cluster.node(3).view.topic('t')?.partitions.length).toBe(60)
})

test('what is told of another topic of the same name changes nothing', async () => {
  const cluster = await oneTopic()
  const { view } = cluster.node(3)
  const partition = view.partition('t', 7)
  if (partition === undefined) throw new Error('it is known')
  view.apply({ kind: 'partitions', topic: 't', topicId: 'another', partitions: [{ ...partition, leader: 9 }] })
  expect(view.partition('t', 7)?.leader).toBe(2)
})

test('whoever makes hundreds of partitions is answered without the other brokers, and finds them all on this one', async () => {
  const cluster = await testCluster([1, 2, 3])
  cluster.wires.cut.add(2)
  cluster.wires.cut.add(3)
  const { controller, view } = cluster.node(1)
  const names = Array.from({ length: 150 }, (_, index) => `many-${index}`)
  const results = await controller.createTopics(
    names.map((name) => topicSpec(name, { partitionCount: 1, replicationFactor: 3 })),
    false,
  )
  expect(results.every(({ code }) => code === ErrorCode.none)).toBe(true)
  expect(names.every((name) => (view.partition(name, 0)?.leader ?? -1) > 0)).toBe(true)
  expect(cluster.node(1).open.get('many-0-0')?.hasNoFiles).toBe(true)
})
