import { expect, test } from 'vitest'
import { takeProducerIdBlock } from '../../../src/cluster/producer-ids.ts'
import { createChroot, createPersistentPaths } from '../../../src/cluster/startup.ts'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { type ZooKeeperClient, KeeperError, KeeperErrorCode } from '../../../src/zookeeper/contract.ts'
import { TestWires, settle, testNode, topicSpec } from '../../support/cluster-node.ts'
import { FakeZooKeeper } from '../../support/fake-zookeeper.ts'

test('of two nodes one is controller; the other sees the topics and refuses changes', async () => {
  const zookeeper = new FakeZooKeeper()
  const wires = new TestWires()
  const first = testNode(zookeeper, { brokerId: 1, wires })
  const second = testNode(zookeeper, { brokerId: 2, wires })
  await first.controller.start()
  await second.controller.start()
  await settle()
  expect([first.controller.isActive, second.controller.isActive]).toEqual([true, false])
  expect(second.view.controllerId).toBe(1)
  expect(first.view.brokers.map(({ id }) => id)).toEqual([1, 2])
  expect(await second.controller.createTopics([topicSpec('t')], false)).toMatchObject([
    { code: ErrorCode.notController },
  ])
  expect(await second.controller.deleteTopics([{ name: 't', topicId: '' }])).toMatchObject([
    { code: ErrorCode.notController },
  ])
})

test('a controller whose epoch was overtaken writes nothing, answers NOT_CONTROLLER and resigns', async () => {
  const zookeeper = new FakeZooKeeper()
  const node = testNode(zookeeper)
  await node.controller.start()
  // As if the process had been paused while another was elected: its epoch has moved on, our watch has not been seen.
  await zookeeper.connect().setData('/controller_epoch', new TextEncoder().encode('9'))
  const results = await node.controller.createTopics([topicSpec('late')], false)
  expect(results).toMatchObject([{ code: ErrorCode.notController }])
  expect(zookeeper.text('/brokers/topics/late')).toBeUndefined()
  expect(zookeeper.text('/config/topics/late')).toBeUndefined()
  expect(node.view.topic('late')).toBeUndefined()
})

test('deleting /controller by hand forces an election with a higher epoch, and changes go on', async () => {
  const zookeeper = new FakeZooKeeper()
  const node = testNode(zookeeper)
  await node.controller.start()
  await node.controller.createTopics([topicSpec('t')], false)
  const handle = node.view.partition('t', 0)?.handle
  await zookeeper.connect().delete('/controller')
  await settle()
  expect(zookeeper.text('/controller_epoch')).toBe('2')
  expect(node.controller.isActive).toBe(true)
  // Nothing happened to the partition: same place, same leader epoch.
  expect(node.view.partition('t', 0)).toMatchObject({ handle, leaderEpoch: 0 })
  expect(await node.controller.createTopics([topicSpec('u')], false)).toMatchObject([{ code: ErrorCode.none }])
  expect(JSON.parse(zookeeper.text('/brokers/topics/u/partitions/0/state') ?? '')).toMatchObject({
    controller_epoch: 2,
  })
})

test('when the controller’s session ends the other takes over and elects what can be elected', async () => {
  const zookeeper = new FakeZooKeeper()
  const wires = new TestWires()
  const first = testNode(zookeeper, { brokerId: 1, wires })
  const second = testNode(zookeeper, { brokerId: 2, wires })
  await first.controller.start()
  await second.controller.start()
  await settle()
  const assignments = [
    { partition: 0, replicas: [1, 2] },
    { partition: 1, replicas: [1] },
  ]
  await first.controller.createTopics(
    [
      topicSpec('pair', { assignments: [assignments[0]!] }),
      topicSpec('single', { assignments: [{ partition: 0, replicas: [1] }] }),
    ],
    false,
  )
  await first.controller.stop()
  await settle()
  expect(second.controller.isActive).toBe(true)
  expect(second.view.partition('pair', 0)).toMatchObject({
    leader: 2,
    leaderEpoch: 1,
    inSyncReplicas: [2],
    offlineReplicas: [1],
  })
  // The only replica of the other one is gone: no leader, and the in-sync set stays for a clean return.
  expect(second.view.partition('single', 0)).toMatchObject({ leader: -1, leaderEpoch: 1, inSyncReplicas: [1] })
  expect(second.open.has('pair-0')).toBe(true)
})

test('after its session expired a node registers and is elected again with a new session', async () => {
  const zookeeper = new FakeZooKeeper()
  const node = testNode(zookeeper)
  await node.controller.start()
  await node.controller.createTopics([topicSpec('t')], false)
  const before = node.session().sessionId
  zookeeper.expire(before)
  await settle()
  expect(node.fatal).toEqual([])
  expect(node.session().sessionId).not.toBe(before)
  expect(zookeeper.nodes.get('/brokers/ids/1')?.stat.ephemeralOwner).toBe(node.session().sessionId)
  expect(zookeeper.text('/controller_epoch')).toBe('2')
  expect(await node.controller.createTopics([topicSpec('u')], false)).toMatchObject([{ code: ErrorCode.none }])
  expect([...node.view.topics()].map(({ name }) => name).sort()).toEqual(['t', 'u'])
})

test('a session in which joining again was cut off is given up: it would be kept alive for ever', async () => {
  const zookeeper = new FakeZooKeeper()
  const node = testNode(zookeeper)
  await node.controller.start()
  let failuresLeft = 1
  zookeeper.onRequest = () => {
    failuresLeft -= 1
    if (failuresLeft >= 0) throw new KeeperError(KeeperErrorCode.connectionLoss, '/', 'cut off')
  }
  zookeeper.expire(node.session().sessionId)
  await settle()
  expect(failuresLeft).toBeLessThan(0)
  expect(node.fatal).toEqual([])
  expect(zookeeper.sessionCount).toBe(1)
  expect(zookeeper.nodes.get('/brokers/ids/1')?.stat.ephemeralOwner).toBe(node.session().sessionId)
})

test('a node that stops while it looks for a server leaves no session behind', async () => {
  const zookeeper = new FakeZooKeeper()
  const node = testNode(zookeeper)
  await node.controller.start()
  let arrive: () => void = () => undefined
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve
  })
  node.beforeConnect = () => arrived
  zookeeper.expire(node.session().sessionId)
  await settle()
  node.controller.abandon()
  arrive()
  await settle()
  expect(zookeeper.sessionCount).toBe(0)
})

test('a broker id that another address uses is refused at start', async () => {
  const zookeeper = new FakeZooKeeper()
  await testNode(zookeeper, { brokerId: 1, port: 9092 }).controller.start()
  await expect(testNode(zookeeper, { brokerId: 1, port: 9999 }).controller.start()).rejects.toThrow(
    /broker id 1 is taken/,
  )
})

test('a registration that names a log directory of ours is our last life, whatever its address', async () => {
  const zookeeper = new FakeZooKeeper()
  await testNode(zookeeper, { port: 9092, directoryIds: ['left', 'right'] }).controller.start()
  const node = testNode(zookeeper, { port: 9999, directoryIds: ['new', 'right'] })
  await node.controller.start()
  expect(zookeeper.nodes.get('/brokers/ids/1')?.stat.ephemeralOwner).toBe(node.session().sessionId)
  expect(node.view.brokers[0]?.endpoints[0]?.port).toBe(9999)
  await expect(testNode(zookeeper, { port: 1234, directoryIds: ['other'] }).controller.start()).rejects.toThrow(
    /broker id 1 is taken/,
  )
})

test('a lost reply is answered as a timeout, and the tree decides what had happened', async () => {
  const zookeeper = new FakeZooKeeper()
  const node = testNode(zookeeper)
  await node.controller.start()
  const session = node.session() as { multi: ZooKeeperClient['multi'] }
  const real = session.multi
  session.multi = async (operations) => {
    await real(operations)
    session.multi = real
    throw new KeeperError(KeeperErrorCode.connectionLoss, '/', 'connection lost')
  }
  expect(await node.controller.createTopics([topicSpec('t')], false)).toMatchObject([
    { code: ErrorCode.requestTimedOut },
  ])
  expect(node.view.topic('t')).toBeUndefined()
  expect(await node.controller.createTopics([topicSpec('t')], false)).toMatchObject([
    { code: ErrorCode.topicAlreadyExists },
  ])
  expect(node.view.topic('t')?.partitions).toHaveLength(1)
  expect(node.open.has('t-0')).toBe(true)
})

test('producer id blocks of many brokers that ask at once never overlap', async () => {
  const zookeeper = new FakeZooKeeper()
  await createPersistentPaths(zookeeper.connect())
  const sessions = Array.from({ length: 8 }, () => zookeeper.connect())
  const blocks = await Promise.all(
    Array.from({ length: 64 }, (_, index) => takeProducerIdBlock(sessions[index % 8]!, index % 8)),
  )
  const firsts = blocks.map(({ first }) => first).sort((left, right) => left - right)
  expect(firsts).toEqual(Array.from({ length: 64 }, (_, index) => index * 1_000))
  expect(blocks.every(({ count }) => count === 1_000)).toBe(true)
  expect(JSON.parse(zookeeper.text('/latest_producer_id_block') ?? '')).toMatchObject({
    version: 1,
    block_start: '63000',
    block_end: '63999',
  })
})

test('producer ids go on after a restart, and a damaged node is not guessed at', async () => {
  const zookeeper = new FakeZooKeeper()
  const first = testNode(zookeeper)
  await first.controller.start()
  expect(await first.controller.allocateProducerIds()).toEqual({ first: 0, count: 1_000 })
  await first.controller.stop()
  const second = testNode(zookeeper)
  await second.controller.start()
  expect(await second.controller.allocateProducerIds()).toEqual({ first: 1_000, count: 1_000 })
  await second.session().setData('/latest_producer_id_block', new TextEncoder().encode('{"version":1'))
  expect(await second.controller.allocateProducerIds()).toEqual({ first: -1, count: 0 })
})

test('a flood of operations is refused beyond the bound instead of piling up', async () => {
  const zookeeper = new FakeZooKeeper()
  const node = testNode(zookeeper)
  await node.controller.start()
  await settle()
  const results = await Promise.all(
    Array.from({ length: 1_100 }, (_, index) => node.controller.createTopics([topicSpec(`t${index}`)], false)),
  )
  const codes = results.map(([result]) => result?.code)
  expect(codes.filter((code) => code === ErrorCode.none)).toHaveLength(1_000)
  expect(codes.filter((code) => code === ErrorCode.requestTimedOut)).toHaveLength(100)
})

test('a connection that breaks while a node joins does not end its start', async () => {
  const zookeeper = new FakeZooKeeper()
  const node = testNode(zookeeper)
  let left = 2
  zookeeper.onRequest = () => {
    if (zookeeper.requestCount !== 25 * (3 - left) || left === 0) return
    left -= 1
    throw new KeeperError(KeeperErrorCode.connectionLoss, '/', 'connection lost')
  }
  await node.controller.start()
  expect(left).toBe(0)
  expect(node.controller.isActive).toBe(true)
  expect(zookeeper.nodes.get('/brokers/ids/1')?.stat.ephemeralOwner).toBe(node.session().sessionId)
  expect(await node.controller.createTopics([topicSpec('t')], false)).toMatchObject([{ code: ErrorCode.none }])
})

test('a chroot is created from the top, and what is there already is left alone', async () => {
  const zookeeper = new FakeZooKeeper()
  const session = zookeeper.connect()
  await session.create('/kafka', new TextEncoder().encode('ours'))
  await createChroot(session, '/kafka/clusters/one')
  expect(zookeeper.text('/kafka')).toBe('ours')
  expect(await session.exists('/kafka/clusters/one')).toBeDefined()
  await createChroot(session, '/kafka/clusters/one')
})

test('brokers of Kafka find feature versioning enabled, with nothing finalized; what stands there is left alone', async () => {
  const zookeeper = new FakeZooKeeper()
  await testNode(zookeeper).controller.start()
  expect(JSON.parse(zookeeper.text('/feature') ?? '')).toEqual({ version: 2, status: 1, features: {} })
  await zookeeper.connect().setData('/feature', new TextEncoder().encode('{"other":1}'))
  await testNode(zookeeper, { brokerId: 2 }).controller.start()
  expect(zookeeper.text('/feature')).toBe('{"other":1}')
})
