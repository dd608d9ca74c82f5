import { expect, test } from 'vitest'
import { adoptFoundData, type FoundData } from '../../../src/cluster/adoption.ts'
import { testNode, topicSpec } from '../../support/cluster-node.ts'
import { FakeZooKeeper } from '../../support/fake-zookeeper.ts'

const CLUSTER_ID = 'J4ckd4wJ4ckd4wJ4ckd4wA'
const TOPIC_ID = 'HR8PUapuSU27443kkzJqNg'
const warnings: string[] = []
const ignore = (): void => undefined
const log = { debug: ignore, info: ignore, warn: (message: string) => void warnings.push(message), error: ignore }

const FOUND: FoundData = {
  clusterId: CLUSTER_ID,
  topics: [
    {
      name: 'kept',
      topicId: TOPIC_ID,
      lastEpochs: new Map([
        [1, -1],
        [0, 6],
      ]),
      config: { 'cleanup.policy': 'compact' },
    },
    { name: 'unknown', topicId: '', lastEpochs: new Map([[0, 0]]), config: undefined },
    { name: 'torn', topicId: '', lastEpochs: new Map([[2, 0]]), config: {} },
  ],
}

test('a new tree takes over topics, ids, configuration and leader epochs, and the cluster id with them', async () => {
  const zookeeper = new FakeZooKeeper()
  const node = testNode(zookeeper, { findData: () => FOUND })
  await node.controller.start()
  expect(node.view.clusterId).toBe(CLUSTER_ID)
  expect([...node.view.topics()].map(({ name }) => name).sort()).toEqual(['kept', 'unknown'])
  expect(node.view.topic('kept')?.topicId).toBe(TOPIC_ID)
  expect(node.open.get('kept-0')?.leaderEpoch).toBe(7)
  expect(node.open.get('kept-1')?.leaderEpoch).toBe(0)
  expect(node.view.topic('kept')?.config).toMatchObject({ 'cleanup.policy': 'compact' })
  // Nobody knows how long its records were to be kept: as long as it takes to be told.
  expect(node.view.topic('unknown')?.config).toMatchObject({ 'retention.ms': '-1', 'retention.bytes': '-1' })
})

test('a tree that has a cluster id is not touched: deleted topics do not come back', async () => {
  const zookeeper = new FakeZooKeeper()
  const first = testNode(zookeeper)
  await first.controller.start()
  await first.controller.createTopics([topicSpec('own')], false)
  await first.controller.stop()
  const node = testNode(zookeeper, {
    findData: () => {
      throw new Error('the directories are not even looked at')
    },
  })
  await node.controller.start()
  expect([...node.view.topics()].map(({ name }) => name)).toEqual(['own'])
  expect(node.view.clusterId).not.toBe(CLUSTER_ID)
})

test('a crash before the cluster id is written begins again without harm; a topic with a missing partition is left alone, with a word', async () => {
  const zookeeper = new FakeZooKeeper()
  const node = testNode(zookeeper, { findData: () => FOUND })
  const session = zookeeper.connect()
  for (const path of ['/brokers', '/brokers/topics', '/config', '/config/topics', '/cluster'])
    await session.create(path, null)
  expect(await adoptFoundData(session, () => FOUND, 1, log)).toBe(CLUSTER_ID)
  expect(warnings.some((text) => /topic torn is left alone.*not 0/.test(text))).toBe(true)
  expect(warnings.some((text) => /topic unknown was found on disk without its configuration/.test(text))).toBe(true)
  await node.controller.start()
  expect([...node.view.topics()].map(({ name }) => name).sort()).toEqual(['kept', 'unknown'])
  expect(node.view.clusterId).toBe(CLUSTER_ID)
})
