import { expect, test } from 'vitest'
import type { ConfigChange, ConfigOperation } from '../../../src/cluster/contract.ts'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { type TestNode, settle, testNode, topicSpec } from '../../support/cluster-node.ts'
import { FakeZooKeeper } from '../../support/fake-zookeeper.ts'

async function started(
  options: Parameters<typeof testNode>[1] = {},
): Promise<{ zookeeper: FakeZooKeeper; node: TestNode }> {
  const zookeeper = new FakeZooKeeper()
  const node = testNode(zookeeper, options)
  await node.controller.start()
  return { zookeeper, node }
}

const change = (
  resourceType: number,
  name: string,
  entries: readonly (readonly [string, string | null, ConfigOperation?])[],
  isReplacement = false,
): ConfigChange => ({
  resourceType,
  name,
  isReplacement,
  entries: entries.map(([key, value, operation = 'set']) => ({ name: key, value, operation })),
})

test('topics with the same settings share one resolved configuration, others have their own', async () => {
  const { node } = await started()
  const created = await node.controller.createTopics(
    [
      topicSpec('plain'),
      topicSpec('also-plain'),
      topicSpec('short', { config: { 'retention.ms': '1000' } }),
      topicSpec('long', { config: { 'retention.ms': '2000' } }),
    ],
    false,
  )
  expect(created.map(({ code }) => code)).toEqual([0, 0, 0, 0])
  const config = (topic: string) => node.open.get(`${topic}-0`)?.config
  expect(config('plain')).toBeDefined()
  expect(config('also-plain')).toBe(config('plain'))
  expect([config('short')?.retentionMs, config('long')?.retentionMs]).toEqual([1000, 2000])
  expect(config('plain')?.retentionMs).toBe(604_800_000)
})

test('deleting: by name, by id, unknown ones, and twice in one request', async () => {
  const { zookeeper, node } = await started()
  const created = await node.controller.createTopics(
    [topicSpec('one', { partitionCount: 2 }), topicSpec('two'), topicSpec('three')],
    false,
  )
  const results = await node.controller.deleteTopics([
    { name: 'one', topicId: '' },
    { name: '', topicId: created[1]?.topicId ?? '' },
    { name: 'missing', topicId: '' },
    { name: '', topicId: 'AAAAAAAAAAAAAAAAAAAAAQ' },
    { name: 'three', topicId: '' },
    { name: '', topicId: created[2]?.topicId ?? '' },
  ])
  expect(results.map(({ name, code }) => [name, code])).toEqual([
    ['one', ErrorCode.none],
    ['two', ErrorCode.none],
    ['missing', ErrorCode.unknownTopicOrPartition],
    ['', ErrorCode.unknownTopicId],
    ['three', ErrorCode.invalidRequest],
    ['three', ErrorCode.invalidRequest],
  ])
  await settle()
  expect([...node.view.topics()].map(({ name }) => name)).toEqual(['three'])
  expect(node.removed.sort()).toEqual(['one-0', 'one-1', 'two-0'])
  const left = [...zookeeper.nodes.keys()].filter((path) => /one|two/.test(path))
  expect(left).toEqual([])
  expect(await node.controller.createTopics([topicSpec('one')], false)).toMatchObject([{ code: ErrorCode.none }])
})

test('deletion can be forbidden', async () => {
  const { node } = await started({ overrides: ['delete.topic.enable=false'] })
  await node.controller.createTopics([topicSpec('one')], false)
  expect(await node.controller.deleteTopics([{ name: 'one', topicId: '' }])).toMatchObject([
    { code: ErrorCode.topicDeletionDisabled },
  ])
  expect(node.view.topicCount).toBe(1)
})

test('a deletion wished for in the tree is carried out, of an unknown topic forgotten', async () => {
  const { zookeeper, node } = await started()
  await node.controller.createTopics([topicSpec('one')], false)
  const operator = zookeeper.connect()
  await operator.create('/admin/delete_topics/one', null)
  await settle()
  await operator.create('/admin/delete_topics/never', null)
  await settle()
  expect(node.view.topic('one')).toBeUndefined()
  expect(node.removed).toEqual(['one-0'])
  expect(zookeeper.children.get('/admin/delete_topics')?.size).toBe(0)
  expect(node.fatal).toEqual([])
})

test('a deletion that a crash cut off is completed at the next start, and never shown', async () => {
  const { zookeeper, node } = await started()
  await node.controller.createTopics([topicSpec('one'), topicSpec('two')], false)
  await node.controller.stop()
  await zookeeper.connect().create('/admin/delete_topics/one', null)
  const second = testNode(zookeeper, { existing: new Map([['one-0', 'data']]) })
  await second.controller.start()
  expect(second.removed).toEqual(['one-0'])
  expect(second.updates.filter((update) => update.kind === 'topic').map(({ topic }) => topic.name)).toEqual(['two'])
  expect(zookeeper.text('/brokers/topics/one')).toBeUndefined()
})

test('a creation that a crash cut off is completed at the next start', async () => {
  const { zookeeper, node } = await started()
  await node.controller.createTopics([topicSpec('whole')], false)
  await node.controller.stop()
  const other = zookeeper.connect()
  await other.create('/brokers/topics/half', new TextEncoder().encode('{"version":1,"partitions":{"0":[1],"1":[1]}}'))
  await other.create('/brokers/topics/half/partitions', null)
  await other.create('/brokers/topics/half/partitions/0', null)
  const second = testNode(zookeeper)
  await second.controller.start()
  expect(second.view.topic('half')?.partitions.map(({ leader }) => leader)).toEqual([1, 1])
  expect(second.view.topic('half')?.topicId).toMatch(/^[\w-]{22}$/)
  expect(JSON.parse(zookeeper.text('/brokers/topics/half') ?? '')).toMatchObject({
    version: 3,
    topic_id: second.view.topic('half')?.topicId,
  })
  expect(second.open.get('half-1')).toMatchObject({ leaderEpoch: 0 })
})

test('configuration left behind by a deleted topic does not stand in the way of a new one', async () => {
  const { zookeeper, node } = await started()
  await node.controller.stop()
  await zookeeper
    .connect()
    .create('/config/topics/ghost', new TextEncoder().encode('{"version":1,"config":{"retention.ms":"5"}}'))
  const second = testNode(zookeeper)
  await second.controller.start()
  expect(await second.controller.createTopics([topicSpec('ghost')], false)).toMatchObject([{ code: ErrorCode.none }])
  expect(zookeeper.text('/config/topics/ghost')).toBe('{"version":1,"config":{}}')
})

test('a topic that somebody else has just created is refused, and its neighbours are made', async () => {
  const { zookeeper, node } = await started()
  await zookeeper.connect().create('/brokers/topics/theirs', null)
  const results = await node.controller.createTopics([topicSpec('a'), topicSpec('theirs'), topicSpec('z')], false)
  expect(results.map(({ code }) => code)).toEqual([ErrorCode.none, ErrorCode.topicAlreadyExists, ErrorCode.none])
  expect([...node.open.keys()]).toEqual(['a-0', 'z-0'])
})

test('adding partitions: every topic gets an answer', async () => {
  const { zookeeper, node } = await started()
  await node.controller.createTopics(
    [topicSpec('grows', { partitionCount: 2 }), topicSpec('fixed', { partitionCount: 2 }), topicSpec('manual')],
    false,
  )
  const grow = (name: string, count: number, assignments: readonly (readonly number[])[] | null = null) => ({
    name,
    count,
    assignments,
  })
  const results = await node.controller.createPartitions(
    [grow('grows', 5), grow('missing', 3), grow('manual', 3, [[1]]), grow('fixed', 2)],
    false,
  )
  expect(results.map(({ name, code }) => [name, code])).toEqual([
    ['grows', ErrorCode.none],
    ['missing', ErrorCode.unknownTopicOrPartition],
    ['manual', ErrorCode.invalidReplicaAssignment],
    ['fixed', ErrorCode.invalidPartitions],
  ])
  expect(node.view.topic('grows')?.partitions.map(({ partition }) => partition)).toEqual([0, 1, 2, 3, 4])
  expect(node.open.has('grows-4')).toBe(true)
  expect(Object.keys(JSON.parse(zookeeper.text('/brokers/topics/grows') ?? '').partitions)).toEqual([
    '0',
    '1',
    '2',
    '3',
    '4',
  ])
  const second = await node.controller.createPartitions(
    [grow('fixed', 1), grow('manual', 2, [[7]]), grow('grows', 6), grow('grows', 7)],
    false,
  )
  expect(second.map(({ code }) => code)).toEqual([
    ErrorCode.invalidPartitions,
    ErrorCode.invalidReplicaAssignment,
    ErrorCode.invalidRequest,
    ErrorCode.invalidRequest,
  ])
  expect(await node.controller.createPartitions([grow('manual', 2, [[1]])], true)).toMatchObject([
    { code: ErrorCode.none },
  ])
  expect(node.view.topic('manual')?.partitions).toHaveLength(1)
})

test('topic configuration: set, delete, append, subtract, replace; partitions obey at once', async () => {
  const { zookeeper, node } = await started()
  await node.controller.createTopics(
    [topicSpec('t', { config: { 'retention.ms': '5', 'cleanup.policy': 'delete' } })],
    false,
  )
  await node.controller.alterConfigs(
    [
      change(2, 't', [
        ['cleanup.policy', 'compact', 'append'],
        ['retention.ms', null, 'delete'],
        ['max.message.bytes', '99'],
      ]),
    ],
    false,
  )
  expect(node.view.topic('t')?.config).toEqual({ 'cleanup.policy': 'delete,compact', 'max.message.bytes': '99' })
  expect(node.open.get('t-0')?.config).toMatchObject({
    isCompacted: true,
    isDeleted: true,
    maxMessageBytes: 99,
    retentionMs: 604_800_000,
  })
  await node.controller.alterConfigs([change(2, 't', [['cleanup.policy', 'delete', 'subtract']])], false)
  expect(node.view.topic('t')?.config['cleanup.policy']).toBe('compact')
  await node.controller.alterConfigs([change(2, 't', [['segment.ms', '7']], true)], false)
  expect(node.view.topic('t')?.config).toEqual({ 'segment.ms': '7' })
  expect(JSON.parse(zookeeper.text('/config/topics/t') ?? '')).toEqual({ version: 1, config: { 'segment.ms': '7' } })
})

test('a broker’s dynamic configuration reaches the partitions that do not override it', async () => {
  const { node } = await started()
  await node.controller.createTopics([topicSpec('own', { config: { 'retention.ms': '5' } }), topicSpec('plain')], false)
  await node.controller.alterConfigs([change(4, '', [['log.retention.ms', '100']])], false)
  expect(node.open.get('plain-0')?.config.retentionMs).toBe(100)
  expect(node.open.get('own-0')?.config.retentionMs).toBe(5)
  await node.controller.alterConfigs([change(4, '1', [['log.retention.ms', '50']])], false)
  expect(node.open.get('plain-0')?.config.retentionMs).toBe(50)
  expect(node.view.brokerConfig('1')).toEqual({ 'log.retention.ms': '50' })
})

test.each([
  ['unknown topic', change(2, 'missing', []), ErrorCode.unknownTopicOrPartition],
  ['all topics', change(2, '', []), ErrorCode.invalidRequest],
  ['unknown topic key', change(2, 't', [['nope', '1']]), ErrorCode.invalidConfig],
  ['topic value', change(2, 't', [['retention.ms', 'x']]), ErrorCode.invalidConfig],
  ['preallocated files', change(2, 't', [['preallocate', 'true']]), ErrorCode.invalidConfig],
  ['null value', change(2, 't', [['retention.ms', null]]), ErrorCode.invalidRequest],
  ['append to a number', change(2, 't', [['retention.ms', '1', 'append']]), ErrorCode.invalidConfig],
  [
    'key twice',
    change(2, 't', [
      ['retention.ms', '1'],
      ['retention.ms', '2'],
    ]),
    ErrorCode.invalidRequest,
  ],
  [
    'compaction lags',
    change(2, 't', [
      ['min.compaction.lag.ms', '9'],
      ['max.compaction.lag.ms', '8'],
    ]),
    ErrorCode.invalidConfig,
  ],
  ['read-only broker key', change(4, '1', [['num.partitions', '3']]), ErrorCode.invalidRequest],
  ['read-only broker key for all', change(4, '', [['log.dirs', '/x']]), ErrorCode.invalidRequest],
  ['per-broker key for all', change(4, '', [['listeners', 'PLAINTEXT://:1']]), ErrorCode.invalidRequest],
  ['tls key without listener', change(4, '1', [['ssl.keystore.location', '/x']]), ErrorCode.invalidRequest],
  ['broker value', change(4, '1', [['log.retention.ms', 'x']]), ErrorCode.invalidRequest],
  ['broker that is none', change(4, 'one', []), ErrorCode.invalidRequest],
  ['broker that is not there', change(4, '9', []), ErrorCode.brokerIdNotRegistered],
  ['logger', change(8, '1', [['kafka.server', 'DEBUG']]), ErrorCode.invalidConfig],
  ['metrics without name', change(16, '', []), ErrorCode.invalidRequest],
  ['metrics key', change(16, 'm', [['nope', '1']]), ErrorCode.invalidRequest],
  ['metrics interval', change(16, 'm', [['interval.ms', '5']]), ErrorCode.invalidRequest],
  ['metrics match', change(16, 'm', [['match', 'client=x']]), ErrorCode.invalidConfig],
  ['group key', change(32, 'g', [['nope', '1']]), ErrorCode.invalidConfig],
  [
    'group below the broker’s minimum',
    change(32, 'g', [['consumer.session.timeout.ms', '10']]),
    ErrorCode.invalidConfig,
  ],
  [
    'group above the broker’s maximum',
    change(32, 'g', [['consumer.session.timeout.ms', '90000']]),
    ErrorCode.invalidConfig,
  ],
  ['group without name', change(32, '', []), ErrorCode.invalidRequest],
  ['type nobody knows', change(99, 'x', []), ErrorCode.invalidRequest],
])('configuration refused: %s', async (_what, refused, code) => {
  const { zookeeper, node } = await started()
  await node.controller.createTopics([topicSpec('t')], false)
  const writes = zookeeper.multis.length
  expect(
    await node.controller.alterConfigs([refused, change(16, 'good', [['interval.ms', '1000']])], false),
  ).toMatchObject([{ code }, { code: ErrorCode.none }])
  expect(zookeeper.multis.length - writes).toBe(1)
  expect(node.view.resourceNames(16)).toEqual(['good'])
})

test('the same resource twice in a request is refused, and validateOnly writes nothing', async () => {
  const { zookeeper, node } = await started()
  const twice = [change(16, 'm', [['interval.ms', '1000']]), change(16, 'm', [['interval.ms', '2000']])]
  expect((await node.controller.alterConfigs(twice, false)).map(({ code }) => code)).toEqual([
    ErrorCode.invalidRequest,
    ErrorCode.invalidRequest,
  ])
  expect(await node.controller.alterConfigs([change(16, 'm', [['interval.ms', '1000']])], true)).toMatchObject([
    { code: ErrorCode.none },
  ])
  expect(zookeeper.children.get('/config/client-metrics')?.size).toBe(0)
})

test('what is wrong with a configuration request itself is said before what it is for is looked up, all null values at once', async () => {
  const { node } = await started()
  const results = await node.controller.alterConfigs(
    [
      change(2, 'missing', [
        ['retention.ms', '1'],
        ['retention.ms', '2'],
      ]),
      change(2, 'also-missing', [
        ['retention.ms', null],
        ['segment.ms', '1000', 'delete'],
        ['cleanup.policy', null, 'append'],
      ]),
      change(2, 'missing-too', [['retention.ms', '1']]),
    ],
    true,
  )
  expect(results.map(({ code }) => code)).toEqual([
    ErrorCode.invalidRequest,
    ErrorCode.invalidRequest,
    ErrorCode.unknownTopicOrPartition,
  ])
  expect(results[1]?.message).toBe('Null value not supported for : retention.ms, cleanup.policy')
})

test('a listener’s own tls key and a plugin’s property are accepted dynamically', async () => {
  const { node } = await started()
  const results = await node.controller.alterConfigs(
    [
      change(4, '1', [
        ['listener.name.internal.ssl.keystore.location', '/x'],
        ['my.plugin.rate', '3'],
      ]),
    ],
    false,
  )
  expect(results).toMatchObject([{ code: ErrorCode.none }])
})

test('elections on one node: nothing to do is said so, and left out when all are asked for', async () => {
  const { node } = await started()
  await node.controller.createTopics([topicSpec('t')], false)
  const asked = [
    { topic: 't', partition: 0 },
    { topic: 't', partition: 7 },
    { topic: 'missing', partition: 0 },
  ]
  expect((await node.controller.electLeaders(0, asked)).map(({ code }) => code)).toEqual([
    ErrorCode.electionNotNeeded,
    ErrorCode.unknownTopicOrPartition,
    ErrorCode.unknownTopicOrPartition,
  ])
  expect(await node.controller.electLeaders(1, asked.slice(0, 1))).toMatchObject([
    { code: ErrorCode.electionNotNeeded },
  ])
  expect(await node.controller.electLeaders(9, asked.slice(0, 1))).toMatchObject([{ code: ErrorCode.invalidRequest }])
  expect(await node.controller.electLeaders(0, null)).toEqual([])
})
