import { expect, test } from 'vitest'
import { describeLogDirs } from '../../../src/client/admin/cluster-info.ts'
import { AdminContext } from '../../../src/client/admin/context.ts'
import { createTopic, deleteRecords } from '../../../src/client/admin/topics.ts'
import { createCluster, parseBootstrap } from '../../../src/client/client.ts'
import { ClientError, UnsupportedVersionError } from '../../../src/client/errors.ts'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { ClientWorld, type Message, metadata, type Script } from '../../support/client-world.ts'

function start(script: Script) {
  const world = new ClientWorld({ Metadata: () => metadata(2, { t: [1, 2] }), ...script })
  const cluster = createCluster(world.environment, { bootstrapServers: '1:9092' })
  return { world, cluster, admin: new AdminContext(cluster) }
}

test('a controller that moved is asked again after a look at the metadata', async () => {
  const { world, admin } = start({
    CreateTopics: (_request, call) => ({
      topics: [{ name: 'n', errorCode: call === 1 ? ErrorCode.notController : 0 }],
    }),
  })
  await world.run(createTopic(admin, { name: 'n' }))
  expect(world.of('CreateTopics')).toHaveLength(2)
  expect(world.of('Metadata').length).toBeGreaterThan(1)
})

test('records are deleted at the leader of each partition', async () => {
  const { world, admin } = start({
    DeleteRecords: (request) => ({
      topics: request.topics.map(({ name, partitions }: Message) => ({
        name,
        partitions: partitions.map(({ partitionIndex, offset }: Message) => ({ partitionIndex, lowWatermark: offset })),
      })),
    }),
  })
  const before = [0, 1].map((partition) => ({ topic: 't', partition, offset: 5 + partition }))
  const deleted = await world.run(deleteRecords(admin, before))
  expect(deleted.map(({ lowWatermark }) => lowWatermark)).toEqual([5, 6])
  expect(world.of('DeleteRecords').map(({ nodeId }) => nodeId)).toEqual([1, 2])
})

test('log directories are asked of the broker that has them', async () => {
  const replica = { partitionIndex: 3, partitionSize: 77 }
  const { world, admin } = start({
    DescribeLogDirs: () => ({ results: [{ logDir: '/d', topics: [{ name: 't', partitions: [replica] }] }] }),
  })
  const [directory] = await world.run(describeLogDirs(admin, 2))
  expect(directory?.replicas[0]).toMatchObject({ topic: 't', partition: 3, sizeBytes: 77 })
  expect(world.of('DescribeLogDirs')[0]?.nodeId).toBe(2)
})

test('the newest version that both sides master is used; a broker that knows none is named', async () => {
  const { world, admin } = start({ CreateTopics: () => ({ topics: [{ name: 'n' }] }) })
  world.versions['CreateTopics'] = 4
  await world.run(createTopic(admin, { name: 'n' }))
  expect(world.of('CreateTopics')[0]?.version).toBe(4)
  const old = start({})
  old.world.versions['CreateTopics'] = 0
  await expect(old.world.run(createTopic(old.admin, { name: 'n' }))).rejects.toBeInstanceOf(UnsupportedVersionError)
})

test('a broker that does not know the version of ApiVersions asked for is asked in one it serves', async () => {
  const served = [18, 3].map((apiKey) => ({ apiKey, minVersion: 0, maxVersion: apiKey === 18 ? 2 : 9 }))
  const { world, cluster } = start({})
  world.versions['ApiVersions'] = 2
  world.script['ApiVersions'] = (_request, call) => ({
    errorCode: call === 1 ? ErrorCode.unsupportedVersion : 0,
    apiKeys: served,
  })
  await world.run(cluster.allTopics())
  expect(world.of('ApiVersions').map(({ version }) => version)).toEqual([4, 2])
  expect(world.of('Metadata')[0]?.version).toBe(9)
})

test('answers to pipelined requests reach those who asked', async () => {
  const { world, cluster } = start({ Metadata: (request) => metadata(1, { [request.topics?.[0]?.name ?? 't']: [1] }) })
  const names = ['a', 'b', 'c', 'd']
  const answers = await world.run(Promise.all(names.map((name) => cluster.describeTopics([name]))))
  expect(answers.map(([topic]) => topic?.name)).toEqual(names)
})

test('addresses: ports may be left out, IPv6 stands in brackets, nonsense is named', () => {
  expect(parseBootstrap('a:1, b ,[::1]:3,PLAINTEXT://c:4')).toEqual([
    { host: 'a', port: 1 },
    { host: 'b', port: 9092 },
    { host: '::1', port: 3 },
    { host: 'c', port: 4 },
  ])
  expect(() => parseBootstrap('a:99999')).toThrow(ClientError)
})
