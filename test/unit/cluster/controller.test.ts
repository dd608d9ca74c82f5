import { expect, test } from 'vitest'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { settle, testNode, topicSpec } from '../../support/cluster-node.ts'
import { FakeZooKeeper } from '../../support/fake-zookeeper.ts'

test('a fresh node registers, becomes controller and publishes the cluster', async () => {
  const zookeeper = new FakeZooKeeper()
  const node = testNode(zookeeper)
  await node.controller.start()
  expect(node.view.controllerId).toBe(1)
  expect(node.view.clusterId).toMatch(/^[\w-]{22}$/)
  expect(node.view.brokers).toEqual([
    {
      id: 1,
      rack: null,
      endpoints: [{ listener: 'PLAINTEXT', host: '127.0.0.1', port: 9093, securityProtocol: 'PLAINTEXT' }],
    },
  ])
  expect(zookeeper.text('/controller_epoch')).toBe('1')
  expect(JSON.parse(zookeeper.text('/brokers/ids/1') ?? '')).toMatchObject({
    version: 5,
    port: 9093,
    host: '127.0.0.1',
    endpoints: ['PLAINTEXT://127.0.0.1:9093'],
  })
  expect(JSON.parse(zookeeper.text('/cluster/id') ?? '')).toEqual({ version: '1', id: node.view.clusterId })
})

test('good topics of a request are created although others fail, each with its own code', async () => {
  const zookeeper = new FakeZooKeeper()
  const node = testNode(zookeeper, { overrides: ['num.partitions=3'] })
  await node.controller.start()
  await node.controller.createTopics([topicSpec('exists'), topicSpec('with.dot')], false)
  const specs = [
    topicSpec('good'),
    topicSpec('exists'),
    topicSpec('with_dot'),
    topicSpec('bad name'),
    topicSpec('zero', { partitionCount: 0 }),
    topicSpec('negative', { partitionCount: -2 }),
    topicSpec('wide', { replicationFactor: 3 }),
    topicSpec('none', { replicationFactor: 0 }),
    topicSpec('config', { config: { 'no.such.key': '1' } }),
    topicSpec('value', { config: { 'retention.ms': 'soon' } }),
    topicSpec('null', { config: { 'retention.ms': null } }),
    topicSpec('twice'),
    topicSpec('twice'),
    topicSpec('both', { partitionCount: 1, assignments: [{ partition: 0, replicas: [1] }] }),
    topicSpec('stranger', { assignments: [{ partition: 0, replicas: [7] }] }),
    topicSpec('gap', { assignments: [{ partition: 1, replicas: [1] }] }),
    topicSpec('again', { assignments: [{ partition: 0, replicas: [1, 1] }] }),
    topicSpec('a.b'),
    topicSpec('a_b'),
    topicSpec('__cluster_metadata'),
    topicSpec('huge', { partitionCount: 20_000 }),
    topicSpec('manual', {
      assignments: [
        { partition: 1, replicas: [1] },
        { partition: 0, replicas: [1] },
      ],
      config: { 'cleanup.policy': 'compact' },
    }),
  ]
  const results = await node.controller.createTopics(specs, false)
  expect(results.map(({ name, code }) => [name, code])).toEqual([
    ['good', ErrorCode.none],
    ['exists', ErrorCode.topicAlreadyExists],
    ['with_dot', ErrorCode.invalidTopicException],
    ['bad name', ErrorCode.invalidTopicException],
    ['zero', ErrorCode.invalidPartitions],
    ['negative', ErrorCode.invalidPartitions],
    ['wide', ErrorCode.invalidReplicationFactor],
    ['none', ErrorCode.invalidReplicationFactor],
    ['config', ErrorCode.invalidConfig],
    ['value', ErrorCode.invalidConfig],
    ['null', ErrorCode.invalidConfig],
    ['twice', ErrorCode.invalidRequest],
    ['twice', ErrorCode.invalidRequest],
    ['both', ErrorCode.invalidRequest],
    ['stranger', ErrorCode.invalidReplicaAssignment],
    ['gap', ErrorCode.invalidReplicaAssignment],
    ['again', ErrorCode.invalidReplicaAssignment],
    ['a.b', ErrorCode.none],
    ['a_b', ErrorCode.invalidTopicException],
    ['__cluster_metadata', ErrorCode.invalidRequest],
    ['huge', ErrorCode.policyViolation],
    ['manual', ErrorCode.none],
  ])
  expect(results[0]).toMatchObject({ partitionCount: 3, replicationFactor: 1, message: null })
  expect([...node.view.topics()].map((topic) => topic.name).sort()).toEqual([
    'a.b',
    'exists',
    'good',
    'manual',
    'with.dot',
  ])
  expect(node.open.get('good-2')?.config.maxMessageBytes).toBe(1_048_588)
  expect(node.open.get('manual-0')?.config.isCompacted).toBe(true)
  expect(node.view.topic('good')?.topicId).toBe(results[0]?.topicId)
  expect(JSON.parse(zookeeper.text('/brokers/topics/manual') ?? '')).toEqual({
    version: 3,
    partitions: { 0: [1], 1: [1] },
    adding_replicas: {},
    removing_replicas: {},
    topic_id: results.at(-1)?.topicId,
  })
  expect(JSON.parse(zookeeper.text('/brokers/topics/good/partitions/2/state') ?? '')).toEqual({
    controller_epoch: 1,
    leader: 1,
    version: 1,
    leader_epoch: 0,
    isr: [1],
  })
  expect(zookeeper.text('/config/topics/good')).toBe('{"version":1,"config":{}}')
  expect(node.fatal).toEqual([])
})

test('a thousand topics in one request are written in a few multis, which are all under way together', async () => {
  const zookeeper = new FakeZooKeeper()
  const node = testNode(zookeeper)
  await node.controller.start()
  const before = zookeeper.multis.length
  const results = await node.controller.createTopics(
    Array.from({ length: 1_000 }, (_, index) => topicSpec(`topic-${index}`)),
    false,
  )
  expect(results.every(({ code }) => code === ErrorCode.none)).toBe(true)
  expect(zookeeper.multis.length - before).toBeLessThan(20)
  expect(node.open.size).toBe(1_000)
})

test('validateOnly judges and writes nothing', async () => {
  const zookeeper = new FakeZooKeeper()
  const node = testNode(zookeeper)
  await node.controller.start()
  const results = await node.controller.createTopics([topicSpec('only')], true)
  expect(results).toMatchObject([{ code: ErrorCode.none, partitionCount: 1 }])
  expect(node.view.topicCount).toBe(0)
  expect(zookeeper.text('/brokers/topics/only')).toBeUndefined()
})

test('after a clean restart everything is as it was, leader epochs included', async () => {
  const zookeeper = new FakeZooKeeper()
  const first = testNode(zookeeper)
  await first.controller.start()
  await first.controller.createTopics(
    [topicSpec('kept', { partitionCount: 4, config: { 'retention.ms': '1000' } })],
    false,
  )
  await first.controller.alterConfigs(
    [
      {
        resourceType: 4,
        name: '',
        isReplacement: false,
        entries: [{ name: 'log.retention.bytes', value: '7', operation: 'set' }],
      },
      {
        resourceType: 32,
        name: 'a/group',
        isReplacement: false,
        entries: [{ name: 'consumer.session.timeout.ms', value: '50000', operation: 'set' }],
      },
      {
        resourceType: 16,
        name: 'watch',
        isReplacement: false,
        entries: [{ name: 'interval.ms', value: '1000', operation: 'set' }],
      },
    ],
    false,
  )
  await first.controller.stop()
  const writesBefore = zookeeper.multis.length
  const second = testNode(zookeeper)
  await second.controller.start()
  expect(second.view.clusterId).toBe(first.view.clusterId)
  expect([...second.view.topics()]).toEqual([...first.view.topics()])
  expect(second.open).toEqual(first.open)
  expect(second.view.brokerConfig('')).toEqual({ 'log.retention.bytes': '7' })
  expect(second.view.resourceConfig(32, 'a/group')).toEqual({ 'consumer.session.timeout.ms': '50000' })
  expect(second.view.resourceConfig(16, 'watch')).toEqual({ 'interval.ms': '1000' })
  // Registration and election only: nothing had to be repaired.
  expect(zookeeper.multis.length - writesBefore).toBe(2)
})

test('after a crash every partition led begins a new leader epoch, in one multi', async () => {
  const zookeeper = new FakeZooKeeper()
  const first = testNode(zookeeper)
  await first.controller.start()
  await first.controller.createTopics(
    Array.from({ length: 100 }, (_, index) => topicSpec(`t${index}`)),
    false,
  )
  const writesBefore = zookeeper.multis.length
  // The old session is still alive: the new process replaces its own leftovers rather than wait.
  const second = testNode(zookeeper, { wasStoppedCleanly: false, seed: 9 })
  await second.controller.start()
  expect([...second.view.topics()].every((topic) => topic.partitions[0]?.leaderEpoch === 1)).toBe(true)
  expect([...second.view.topics()].every((topic) => topic.partitions[0]?.partitionEpoch === 1)).toBe(true)
  expect(second.open.get('t42-0')?.leaderEpoch).toBe(1)
  expect(second.controller.isActive).toBe(true)
  expect(zookeeper.multis.length - writesBefore).toBeLessThanOrEqual(5)
  await settle()
  // The first one, were it still alive, sees that it was replaced, and can write nothing any more.
  expect(first.fatal).toHaveLength(1)
  expect(await first.controller.createTopics([topicSpec('late')], false)).toMatchObject([
    { code: ErrorCode.notController },
  ])
})
