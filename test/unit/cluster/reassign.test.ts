import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isMoving, type Movement, moveTo, targetOf } from '../../../src/cluster/decide-reassign.ts'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { settle, topicSpec } from '../../support/cluster-node.ts'
import { type TestCluster, testCluster } from '../../support/test-cluster.ts'

const onBrokers = (...replicas: readonly number[]) => ({ assignments: [{ partition: 0, replicas }] })
const NOTHING_MOVES = { adding_replicas: {}, removing_replicas: {} }

async function withTopic(...replicas: readonly number[]): Promise<TestCluster> {
  const cluster = await testCluster([1, 2, 3])
  await cluster.node(1).controller.createTopics([topicSpec('t', onBrokers(...replicas))], false)
  return cluster
}

const topicNode = (cluster: TestCluster): unknown => JSON.parse(cluster.zookeeper.text('/brokers/topics/t') ?? '')

test('a move adds the new replica, waits until it is in sync, then drops the old one with its files', async () => {
  const cluster = await withTopic(1, 2)
  const { controller } = cluster.node(1)
  const move = { topic: 't', partition: 0, replicas: [3, 2] }
  expect(await controller.alterReassignments([move])).toMatchObject([{ code: ErrorCode.none }])
  await settle()
  expect(topicNode(cluster)).toMatchObject({
    partitions: { 0: [3, 2, 1] },
    adding_replicas: { 0: [3] },
    removing_replicas: { 0: [1] },
  })
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 1, leader_epoch: 1, isr: [1, 2] })
  expect(cluster.node(3).open.get('t-0')?.role).toMatchObject({ kind: 'follower', leader: 1 })
  expect((await controller.listReassignments(null)).moving).toEqual([
    { topic: 't', partition: 0, replicas: [3, 2, 1], adding: [3], removing: [1] },
  ])
  expect((await controller.listReassignments([{ topic: 't', partition: 1 }])).moving).toEqual([])
  expect(await cluster.propose('t', 0, [1, 2, 3])).toBe(ErrorCode.none)
  await settle()
  expect(topicNode(cluster)).toMatchObject({ partitions: { 0: [3, 2] }, ...NOTHING_MOVES })
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 3, leader_epoch: 2, isr: [2, 3] })
  expect(cluster.node(1).removed).toEqual(['t-0'])
  expect(cluster.node(1).view.partition('t', 0)).toMatchObject({ leader: 3, replicas: [3, 2], shard: -1 })
  expect(cluster.node(3).open.get('t-0')?.role.kind).toBe('leader')
  expect((await controller.listReassignments(null)).moving).toEqual([])
})

test('a cancelled move drops what it had added, and the old replicas stay', async () => {
  const cluster = await withTopic(1, 2)
  const { controller } = cluster.node(1)
  await controller.alterReassignments([{ topic: 't', partition: 0, replicas: [3] }])
  await settle()
  expect(await controller.alterReassignments([{ topic: 't', partition: 0, replicas: null }])).toMatchObject([
    { code: ErrorCode.none },
  ])
  await settle()
  expect(topicNode(cluster)).toMatchObject({ ...NOTHING_MOVES })
  expect([...((cluster.node(2).view.partition('t', 0)?.replicas as number[]) ?? [])].sort()).toEqual([1, 2])
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 1, isr: [1, 2] })
  expect(cluster.node(3).removed).toEqual(['t-0'])
  expect(await controller.alterReassignments([{ topic: 't', partition: 0, replicas: null }])).toMatchObject([
    { code: ErrorCode.noReassignmentInProgress },
  ])
})

test.each([
  ['replaced by another', [1], 1],
  ['cancelled', null, 2],
])(
  'a move that is %s keeps a replica that is in sync until the wanted ones are: it may be all there is',
  async (...told) => {
    const [, replicas, arriving] = told
    const cluster = await withTopic(2)
    const { controller } = cluster.node(1)
    await controller.alterReassignments([{ topic: 't', partition: 0, replicas: [3, 1] }])
    await settle()
    expect(await cluster.propose('t', 0, [2, 3])).toBe(ErrorCode.none)
    await cluster.kill(2)
    expect(cluster.stored('t', 0)).toMatchObject({ leader: 3, isr: [3] })
    const third = cluster.node(3)
    expect(await controller.alterReassignments([{ topic: 't', partition: 0, replicas }])).toMatchObject([
      { code: ErrorCode.none },
    ])
    await settle()
    expect(third.removed).toEqual([])
    expect(third.open.get('t-0')?.role).toMatchObject({ kind: 'leader', replicas: expect.arrayContaining([3, 2]) })
    expect(cluster.stored('t', 0)).toMatchObject({ leader: 3, isr: [3] })
    await cluster.start(2)
    expect(await cluster.propose('t', 0, [3, arriving])).toBe(ErrorCode.none)
    await settle()
    expect(topicNode(cluster)).toMatchObject({ partitions: { 0: [arriving] }, ...NOTHING_MOVES })
    expect(cluster.stored('t', 0)).toMatchObject({ leader: arriving, isr: [arriving] })
    expect(third.removed).toEqual(['t-0'])
  },
)

test('a move outlives the controller that began it', async () => {
  const cluster = await withTopic(2, 3)
  const fourth = await cluster.start(4)
  await cluster.node(1).controller.alterReassignments([{ topic: 't', partition: 0, replicas: [4, 3] }])
  await settle()
  await cluster.kill(1)
  expect(fourth.open.get('t-0')?.role.kind).toBe('follower')
  expect(await cluster.propose('t', 0, [2, 3, 4])).toBe(ErrorCode.none)
  await settle()
  expect(topicNode(cluster)).toMatchObject({ partitions: { 0: [4, 3] }, ...NOTHING_MOVES })
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 4, isr: [3, 4] })
  expect(cluster.node(2).removed).toEqual(['t-0'])
})

test('a move that arrives with the death of a replica it waited for does not end without it', async () => {
  const cluster = await withTopic(1, 2)
  await cluster.node(1).controller.alterReassignments([{ topic: 't', partition: 0, replicas: [3, 2] }])
  await settle()
  await cluster.kill(3)
  expect((await cluster.node(1).controller.listReassignments(null)).moving).toHaveLength(1)
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 1, isr: [1, 2] })
  await cluster.start(3)
  expect(await cluster.propose('t', 0, [1, 2, 3])).toBe(ErrorCode.none)
  await settle()
  expect(topicNode(cluster)).toMatchObject({ partitions: { 0: [3, 2] } })
})

test('partitions that move by an operator’s znode: it goes away when all is done', async () => {
  const cluster = await withTopic(1, 2)
  const wish = '{"version":1,"partitions":[{"topic":"t","partition":0,"replicas":[3,2]}]}'
  await cluster.zookeeper.connect().create('/admin/reassign_partitions', new TextEncoder().encode(wish))
  await settle()
  expect(topicNode(cluster)).toMatchObject({ adding_replicas: { 0: [3] } })
  expect(cluster.zookeeper.text('/admin/reassign_partitions')).toBeDefined()
  expect(await cluster.propose('t', 0, [1, 2, 3])).toBe(ErrorCode.none)
  await settle()
  expect(cluster.zookeeper.text('/admin/reassign_partitions')).toBeUndefined()
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 3, isr: [2, 3] })
})

test('preferred elections by znode, by request and by themselves when too many leaders are elsewhere', async () => {
  const cluster = await withTopic(2, 3)
  const moveAway = async (): Promise<void> => {
    await cluster.kill(2)
    await cluster.start(2)
    expect(await cluster.propose('t', 0, [3, 2])).toBe(ErrorCode.none)
    expect(cluster.stored('t', 0).leader).toBe(3)
  }
  await moveAway()
  const wish = '{"version":1,"partitions":[{"topic":"t","partition":0}]}'
  await cluster.zookeeper.connect().create('/admin/preferred_replica_election', new TextEncoder().encode(wish))
  await settle()
  expect(cluster.stored('t', 0).leader).toBe(2)
  expect(cluster.zookeeper.text('/admin/preferred_replica_election')).toBeUndefined()
  await moveAway()
  expect(await cluster.node(1).controller.electLeaders(0, null)).toMatchObject([{ code: ErrorCode.none }])
  expect(cluster.stored('t', 0).leader).toBe(2)
  await moveAway()
  await cluster.node(1).timers.pass(305_000)
  expect(cluster.stored('t', 0).leader).toBe(2)
  expect(cluster.node(2).open.get('t-0')?.role.kind).toBe('leader')
})

test.each([
  ['nothing', [], ErrorCode.invalidReplicaAssignment],
  ['twice the same', [2, 2], ErrorCode.invalidReplicaAssignment],
  ['a negative id', [2, -1], ErrorCode.invalidReplicaAssignment],
  ['a broker that is not there', [2, 9], ErrorCode.invalidReplicaAssignment],
])('a move to %s is refused', async (_what, replicas, code) => {
  const cluster = await withTopic(1, 2)
  const { controller } = cluster.node(1)
  expect(await controller.alterReassignments([{ topic: 't', partition: 0, replicas }])).toMatchObject([{ code }])
  expect(await controller.alterReassignments([{ topic: 't', partition: 7, replicas: [1] }])).toMatchObject([
    { code: ErrorCode.unknownTopicOrPartition },
  ])
  expect(
    await cluster.node(2).controller.alterReassignments([{ topic: 't', partition: 0, replicas: [2] }]),
  ).toMatchObject([{ code: ErrorCode.notController }])
})

test('however goals change on the way, a movement ends with the last goal, knows its origin and keeps who is in sync', () => {
  const replicas = fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 })
  const step = fc.record({ goal: replicas, arrived: fc.array(fc.integer({ min: 1, max: 6 })) })
  fc.assert(
    fc.property(replicas, fc.array(step, { minLength: 1, maxLength: 4 }), (origin, steps) => {
      let movement: Movement = { replicas: origin, adding: [], removing: [] }
      for (const { goal, arrived } of steps) {
        const inSync = movement.replicas.filter((replica) => arrived.includes(replica))
        movement = moveTo(movement, goal, inSync)
        expect(targetOf(movement)).toEqual(goal)
        expect(movement.replicas).toEqual(expect.arrayContaining(inSync))
        const staying = movement.replicas.filter((replica) => !movement.adding.includes(replica))
        expect([...staying].sort()).toEqual([...origin].sort())
        const isAtHome = [...movement.replicas].sort().join() === [...origin].sort().join()
        expect(isMoving(movement)).toBe(!isAtHome || goal.length !== origin.length)
      }
      const back = moveTo(movement, origin, [])
      expect(targetOf(back)).toEqual(origin)
      expect(isMoving(back)).toBe(false)
    }),
  )
})
