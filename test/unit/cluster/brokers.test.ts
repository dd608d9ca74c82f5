import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { KeeperError, KeeperErrorCode, type ZooKeeperClient } from '../../../src/zookeeper/contract.ts'
import { settle, topicSpec } from '../../support/cluster-node.ts'
import { testCluster } from '../../support/test-cluster.ts'

const onBrokers = (...replicas: readonly number[]) => ({ assignments: [{ partition: 0, replicas }] })

test('a topic with three replicas: one leads, two follow, and every broker tells the same of it', async () => {
  const cluster = await testCluster([1, 2, 3])
  const [result] = await cluster.node(1).controller.createTopics([topicSpec('t', onBrokers(2, 3, 1))], false)
  expect(result?.code).toBe(ErrorCode.none)
  expect(cluster.node(2).open.get('t-0')?.role).toEqual({
    kind: 'leader',
    leaderEpoch: 0,
    partitionEpoch: 0,
    replicas: [2, 3, 1],
    inSyncReplicas: [2, 3, 1],
  })
  for (const id of [1, 3])
    expect(cluster.node(id).open.get('t-0')?.role).toMatchObject({ kind: 'follower', leader: 2, leaderEpoch: 0 })
  for (const id of [1, 2, 3]) {
    const { view } = cluster.node(id)
    expect(view.controllerId).toBe(1)
    expect(view.brokers.map((broker) => broker.id)).toEqual([1, 2, 3])
    expect(view.topic('t')?.topicId).toBe(result?.topicId)
    expect(view.partition('t', 0)).toMatchObject({ leader: 2, replicas: [2, 3, 1], inSyncReplicas: [2, 3, 1] })
    expect(view.partition('t', 0)?.shard).toBeGreaterThanOrEqual(0)
  }
})

test('a broker whose server is behind finds the settings of a new topic all the same', async () => {
  const cluster = await testCluster([1, 2])
  const session = cluster.node(2).session() as { getData: ZooKeeperClient['getData']; sync: ZooKeeperClient['sync'] }
  const { getData, sync } = session
  session.getData = async () => {
    throw new KeeperError(KeeperErrorCode.noNode, '/', 'not here yet')
  }
  session.sync = (path) => {
    session.getData = getData
    return sync(path)
  }
  const spec = topicSpec('t', { ...onBrokers(2, 1), config: { 'cleanup.policy': 'compact' } })
  await cluster.node(1).controller.createTopics([spec], false)
  await settle()
  expect(cluster.node(2).open.get('t-0')?.config).toMatchObject({ isCompacted: true, isDeleted: false })
  expect(cluster.node(2).view.topic('t')?.config).toEqual({ 'cleanup.policy': 'compact' })
})

test('a broker that dies is followed by the next in sync, in a new epoch; back again it follows', async () => {
  const cluster = await testCluster([1, 2, 3])
  await cluster.node(1).controller.createTopics([topicSpec('t', onBrokers(2, 3, 1))], false)
  await cluster.kill(2)
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 3, leader_epoch: 1, isr: [3, 1] })
  expect(cluster.node(3).open.get('t-0')?.role).toMatchObject({
    kind: 'leader',
    leaderEpoch: 1,
    inSyncReplicas: [3, 1],
  })
  expect(cluster.node(1).open.get('t-0')?.role).toMatchObject({ kind: 'follower', leader: 3, leaderEpoch: 1 })
  expect(cluster.node(1).view.partition('t', 0)).toMatchObject({ leader: 3, offlineReplicas: [2] })
  const back = await cluster.start(2)
  expect(back.open.get('t-0')?.role).toMatchObject({ kind: 'follower', leader: 3, leaderEpoch: 1 })
  expect(back.view.partition('t', 0)).toMatchObject({ leader: 3, offlineReplicas: [] })
  expect(await cluster.propose('t', 0, [3, 1, 2])).toBe(ErrorCode.none)
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 3, leader_epoch: 1, isr: [3, 1, 2] })
  for (const id of [1, 2, 3]) expect(cluster.node(id).view.partition('t', 0)?.inSyncReplicas).toEqual([3, 1, 2])
})

test('when the controller dies another takes over, and elects for what it led', async () => {
  const cluster = await testCluster([1, 2, 3])
  await cluster.node(1).controller.createTopics([topicSpec('t', onBrokers(1, 2, 3))], false)
  await cluster.kill(1)
  const controllers = [2, 3].filter((id) => cluster.node(id).controller.isActive)
  expect(controllers).toHaveLength(1)
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 2, leader_epoch: 1, isr: [2, 3] })
  expect(cluster.node(3).view.partition('t', 0)?.leader).toBe(2)
  expect(cluster.node(3).view.controllerId).toBe(controllers[0])
})

test('a leader that bounces unnoticed gives way to others in sync: its memory may be gone', async () => {
  const cluster = await testCluster([1, 2, 3])
  await cluster
    .node(1)
    .controller.createTopics([topicSpec('t', onBrokers(2, 3)), topicSpec('alone', onBrokers(2))], false)
  // The new process replaces its own old registration: to the controller broker 2 never was away.
  const again = await cluster.start(2, { wasStoppedCleanly: false, seed: 9 })
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 3, isr: [3] })
  expect(cluster.stored('alone', 0)).toMatchObject({ leader: 2, leader_epoch: 1, isr: [2] })
  expect(again.open.get('t-0')?.role).toMatchObject({ kind: 'follower', leader: 3 })
  expect(again.open.get('alone-0')?.role).toMatchObject({ kind: 'leader', leaderEpoch: 1 })
})

test('a broker that left and came back while the controller could not look is let in again', async () => {
  const cluster = await testCluster([1, 2, 3])
  await cluster.node(1).controller.createTopics([topicSpec('t', onBrokers(3, 2))], false)
  await cluster.node(2).controller.leave()
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 3, isr: [3] })
  // Every look at who has come fails: then the tree is read again as a whole, and shows another life of broker 2.
  const session = cluster.node(1).session() as { getChildren: ZooKeeperClient['getChildren'] }
  const real = session.getChildren
  session.getChildren = async () => {
    throw new KeeperError(KeeperErrorCode.connectionLoss, '/', 'connection lost')
  }
  await cluster.start(2)
  session.getChildren = real
  await cluster.node(1).controller.createTopics([topicSpec('other', onBrokers(1))], false)
  expect(await cluster.propose('t', 0, [3, 2])).toBe(ErrorCode.none)
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 3, isr: [3, 2] })
})

test('a leader that bounced while the controller could not look gives way to others in sync', async () => {
  const cluster = await testCluster([1, 2, 3])
  await cluster.node(1).controller.createTopics([topicSpec('t', onBrokers(2, 3))], false)
  // As above: only the reading of the whole tree shows that broker 2 has begun another life. It does not say itself that it crashed.
  const session = cluster.node(1).session() as { getChildren: ZooKeeperClient['getChildren'] }
  const real = session.getChildren
  session.getChildren = async () => {
    throw new KeeperError(KeeperErrorCode.connectionLoss, '/', 'connection lost')
  }
  await cluster.start(2, { seed: 9 })
  session.getChildren = real
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 2 })
  await cluster.node(1).controller.createTopics([topicSpec('other', onBrokers(1))], false)
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 3, isr: [3] })
})

test('with the last replica in sync gone there is no leader, and the set stays for a clean return', async () => {
  const cluster = await testCluster([1, 2, 3])
  await cluster.node(1).controller.createTopics([topicSpec('t', onBrokers(2, 3))], false)
  await cluster.kill(3)
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 2, isr: [2] })
  await cluster.kill(2)
  expect(cluster.stored('t', 0)).toMatchObject({ leader: -1, isr: [2] })
  await cluster.start(3)
  expect(cluster.stored('t', 0)).toMatchObject({ leader: -1, isr: [2] })
  await cluster.start(2)
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 2, isr: [2] })
})

test('losing records to be available again happens only once it is allowed', async () => {
  const cluster = await testCluster([1, 2, 3])
  await cluster.node(1).controller.createTopics([topicSpec('t', onBrokers(2, 3))], false)
  await cluster.kill(3)
  await cluster.kill(2)
  await cluster.start(3)
  const allow = {
    resourceType: 2,
    name: 't',
    isReplacement: false,
    entries: [{ name: 'unclean.leader.election.enable', value: 'true', operation: 'set' as const }],
  }
  // Set on another broker than the controller, which hears of it by the notification.
  expect(await cluster.node(3).controller.alterConfigs([allow], false)).toMatchObject([{ code: ErrorCode.none }])
  await settle()
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 3, isr: [3], leader_recovery_state: 1 })
  for (const id of [1, 3])
    expect(cluster.node(id).view.topic('t')?.config).toEqual({ 'unclean.leader.election.enable': 'true' })
  // The leader's first change says that it has recovered.
  await cluster.start(2)
  expect(await cluster.propose('t', 0, [3, 2])).toBe(ErrorCode.none)
  expect(cluster.stored('t', 0)).not.toHaveProperty('leader_recovery_state')
})

test('a controlled shutdown moves leaders before the broker goes, and nobody else is elected for it afterwards', async () => {
  const cluster = await testCluster([1, 2, 3])
  await cluster
    .node(1)
    .controller.createTopics(
      [topicSpec('led', onBrokers(2, 3)), topicSpec('followed', onBrokers(3, 2)), topicSpec('only', onBrokers(2))],
      false,
    )
  const leaving = cluster.node(2)
  await leaving.controller.leave()
  expect(cluster.stored('led', 0)).toMatchObject({ leader: 3, leader_epoch: 1, isr: [3] })
  expect(cluster.stored('followed', 0)).toMatchObject({ leader: 3, leader_epoch: 1, isr: [3] })
  expect(cluster.stored('only', 0)).toMatchObject({ leader: 2, leader_epoch: 0 })
  expect(leaving.open.get('led-0')?.role).toMatchObject({ kind: 'follower', leader: -1 })
  // It may not come into sync again while it is leaving.
  expect(await cluster.propose('led', 0, [3, 2])).toBe(ErrorCode.ineligibleReplica)
  await leaving.controller.stop()
  cluster.wires.nodes.delete(2)
  await settle()
  expect(cluster.stored('led', 0)).toMatchObject({ leader: 3, leader_epoch: 1 })
  expect(cluster.stored('only', 0)).toMatchObject({ leader: -1 })
})

test('the controller itself can leave: it moves its leaders, then another is elected', async () => {
  const cluster = await testCluster([1, 2, 3])
  await cluster.node(1).controller.createTopics([topicSpec('t', onBrokers(1, 2, 3))], false)
  await cluster.node(1).controller.leave()
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 2, leader_epoch: 1, isr: [2, 3] })
  await cluster.node(1).controller.stop()
  cluster.wires.nodes.delete(1)
  await settle()
  expect([2, 3].filter((id) => cluster.node(id).controller.isActive)).toHaveLength(1)
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 2, leader_epoch: 1, isr: [2, 3] })
})

test('a deletion waits for a broker that is away, hidden all the time, and is completed when it is back', async () => {
  const cluster = await testCluster([1, 2, 3])
  await cluster.node(1).controller.createTopics([topicSpec('t', onBrokers(1, 2, 3))], false)
  await cluster.kill(3)
  const [result] = await cluster.node(1).controller.deleteTopics([{ name: 't', topicId: '' }])
  expect(result?.code).toBe(ErrorCode.none)
  await settle()
  expect(cluster.node(2).view.topic('t')).toBeUndefined()
  expect(cluster.node(2).removed).toEqual(['t-0'])
  expect(cluster.zookeeper.text('/brokers/topics/t')).toBeDefined()
  expect(await cluster.node(1).controller.createTopics([topicSpec('t')], false)).toMatchObject([
    { code: ErrorCode.topicAlreadyExists },
  ])
  const back = await cluster.start(3, { existing: new Map([['t-0', 'data']]) })
  expect(back.removed).toEqual(['t-0'])
  expect(cluster.zookeeper.text('/brokers/topics/t')).toBeUndefined()
  expect(cluster.zookeeper.children.get('/admin/delete_topics')?.size).toBe(0)
  expect(await cluster.node(1).controller.createTopics([topicSpec('t')], false)).toMatchObject([
    { code: ErrorCode.none },
  ])
})

test('a command of an overtaken controller or for an earlier life of the broker changes nothing', async () => {
  const cluster = await testCluster([1, 2])
  await cluster.node(1).controller.createTopics([topicSpec('t', onBrokers(2, 1))], false)
  const { agent } = cluster.node(2).controller
  const head = { controllerId: 9, controllerEpoch: 0, brokerEpoch: agent.brokerEpoch }
  const gone = {
    kind: 'stop',
    topics: [{ topic: 't', partitions: [{ partition: 0, leaderEpoch: 5, isDeleted: true }] }],
  } as const
  expect(await agent.handle({ ...gone, ...head })).toMatchObject({ code: ErrorCode.staleControllerEpoch })
  const late = { ...head, controllerEpoch: 5, brokerEpoch: agent.brokerEpoch - 1 }
  expect(await agent.handle({ ...gone, ...late })).toMatchObject({ code: ErrorCode.staleBrokerEpoch })
  expect(cluster.node(2).removed).toEqual([])
  const older = { ...head, controllerEpoch: 5 }
  const fenced = { ...gone, topics: [{ topic: 't', partitions: [{ partition: 0, leaderEpoch: -1, isDeleted: true }] }] }
  expect(await agent.handle({ ...fenced, ...older })).toMatchObject({ code: ErrorCode.none })
  expect(cluster.node(2).removed).toEqual(['t-0'])
})

test('a topic that another tool puts into the tree gets leaders; missing topics are created through the controller', async () => {
  const cluster = await testCluster([1, 2, 3])
  const json =
    '{"version":3,"partitions":{"0":[3,2]},"topic_id":"xvZOHR9CQ5OWi0QEApxU4g","adding_replicas":{},"removing_replicas":{}}'
  await cluster.zookeeper.connect().create('/brokers/topics/foreign', new TextEncoder().encode(json))
  await settle()
  await cluster.node(1).timers.pass(200)
  expect(cluster.stored('foreign', 0)).toMatchObject({ leader: 3, isr: [3, 2] })
  expect(cluster.node(3).open.get('foreign-0')?.role.kind).toBe('leader')
  expect(await cluster.node(2).controller.createTopics([topicSpec('missing')], false)).toMatchObject([
    { code: ErrorCode.notController },
  ])
  expect(await cluster.node(2).controller.createTopics([topicSpec('missing')], false, true)).toMatchObject([
    { code: ErrorCode.none },
  ])
  expect(cluster.node(2).view.topic('missing')?.partitions).toHaveLength(1)
})

test('a replica whose disk failed is led elsewhere, and is not elected until its broker starts again', async () => {
  const cluster = await testCluster([1, 2, 3])
  await cluster.node(1).controller.createTopics([topicSpec('t', onBrokers(2, 3))], false)
  cluster.node(2).controller.partitionFailed('t', 0)
  await cluster.node(2).timers.pass(300)
  await settle()
  expect(cluster.stored('t', 0)).toMatchObject({ leader: 3, isr: [3] })
  expect(cluster.node(1).view.partition('t', 0)).toMatchObject({ leader: 3, offlineReplicas: [2] })
  expect(cluster.zookeeper.children.get('/log_dir_event_notification')?.size).toBe(0)
  expect(await cluster.propose('t', 0, [3, 2])).toBe(ErrorCode.ineligibleReplica)
  const again = await cluster.start(2, { seed: 5 })
  expect(again.open.get('t-0')?.role).toMatchObject({ kind: 'follower', leader: 3 })
  expect(await cluster.propose('t', 0, [3, 2])).toBe(ErrorCode.none)
})

test('in-sync proposals: what Kafka’s controller refuses is refused with its codes', async () => {
  const cluster = await testCluster([1, 2, 3])
  const [made] = await cluster.node(1).controller.createTopics([topicSpec('t', onBrokers(2, 3, 1))], false)
  const { controller } = cluster.node(1)
  const brokerEpoch = cluster.node(2).controller.agent.brokerEpoch
  const change = {
    topic: 't',
    topicId: made?.topicId ?? '',
    partition: 0,
    leaderEpoch: 0,
    partitionEpoch: 0,
    inSyncReplicas: [2, 3],
    isRecovering: false,
  }
  const ask = async (more: Partial<typeof change>, epoch = brokerEpoch, brokerId = 2) => {
    const answer = await controller.alterPartition({ brokerId, brokerEpoch: epoch, changes: [{ ...change, ...more }] })
    return answer.code !== ErrorCode.none ? answer.code : answer.results[0]?.code
  }
  expect(await ask({}, brokerEpoch - 1)).toBe(ErrorCode.staleBrokerEpoch)
  expect(await ask({}, brokerEpoch + 1)).toBe(ErrorCode.staleBrokerEpoch)
  expect(await ask({ topicId: 'AAAAAAAAAAAAAAAAAAAAAQ' })).toBe(ErrorCode.unknownTopicId)
  expect(await ask({ partition: 4 })).toBe(ErrorCode.unknownTopicOrPartition)
  expect(await ask({ leaderEpoch: 1 })).toBe(ErrorCode.notController)
  expect(await ask({ partitionEpoch: 1 })).toBe(ErrorCode.notController)
  expect(await ask({ leaderEpoch: -1 })).toBe(ErrorCode.fencedLeaderEpoch)
  expect(await ask({ inSyncReplicas: [2, 9] })).toBe(ErrorCode.invalidRequest)
  expect(await ask({ inSyncReplicas: [3] })).toBe(ErrorCode.invalidRequest)
  expect(await ask({ isRecovering: true })).toBe(ErrorCode.invalidRequest)
  expect(await ask({ inSyncReplicas: [2, 3, 1] })).toBe(ErrorCode.none)
  expect(cluster.zookeeper.nodes.get('/brokers/topics/t/partitions/0/state')?.stat.version).toBe(0)
  expect(await ask({})).toBe(ErrorCode.none)
  // Sent again after a lost answer: done already, and said so.
  expect(await ask({})).toBe(ErrorCode.none)
  expect(await ask({ inSyncReplicas: [2] })).toBe(ErrorCode.invalidUpdateVersion)
  expect(await ask({}, cluster.node(3).controller.agent.brokerEpoch, 3)).toBe(ErrorCode.invalidRequest)
})

test('whatever comes and goes: one leader per epoch, in sync and alive, and views equal to the tree at rest', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('kill' as const), id: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constant('start' as const), id: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constant('leave' as const), id: fc.integer({ min: 1, max: 4 }) }),
    fc.record({ kind: fc.constant('join' as const), id: fc.integer({ min: 0, max: 5 }) }),
  )
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 14 }), async (steps) => {
      const cluster = await testCluster([1, 2, 3, 4])
      const specs = [
        topicSpec('a', {
          assignments: [1, 2, 3].map((first, partition) => ({ partition, replicas: [first, first + 1] })),
        }),
        topicSpec('b', {
          assignments: [
            { partition: 0, replicas: [1, 2, 3] },
            { partition: 1, replicas: [4, 1, 2] },
          ],
        }),
      ]
      await cluster.node(1).controller.createTopics(specs, false)
      const partitions = specs.flatMap(({ name, assignments }) => assignments.map((one) => ({ name, ...one })))
      const leaders = new Map<string, number>()
      const check = (): void => {
        for (const { name, partition } of partitions) {
          const { leader, leader_epoch: epoch, isr } = cluster.stored(name, partition)
          if (leader === -1) continue
          expect(isr).toContain(leader)
          const key = `${name}-${partition} in epoch ${epoch}`
          expect(leaders.get(key) ?? leader, key).toBe(leader)
          leaders.set(key, leader)
        }
      }
      for (const { kind, id } of steps) {
        const isUp = cluster.wires.nodes.has(id)
        if (kind === 'start' && !isUp) await cluster.start(id, { seed: steps.length + id })
        if (kind === 'kill' && isUp && cluster.wires.nodes.size > 1) await cluster.kill(id)
        if (kind === 'leave' && isUp && cluster.wires.nodes.size > 1) {
          const leave = cluster.node(id).controller.leave()
          for (let wait = 0; wait < 4; wait += 1) await cluster.node(id).timers.pass(1_000)
          await leave
          await cluster.node(id).controller.stop()
          cluster.wires.nodes.delete(id)
          await settle()
        }
        if (kind === 'join') {
          const { name, partition, replicas } = partitions[id % partitions.length]!
          const { leader, isr } = cluster.stored(name, partition)
          const fresh = replicas.filter((replica) => !isr.includes(replica) && cluster.wires.nodes.has(replica))
          if (cluster.wires.nodes.has(leader) && fresh.length > 0)
            await cluster.propose(name, partition, [...isr, ...fresh])
        }
        check()
      }
      await settle()
      const alive = [...cluster.wires.nodes.values()]
      expect(alive.filter(({ controller }) => controller.isActive)).toHaveLength(1)
      for (const { view, open, fatal, controller } of alive) {
        expect(fatal).toEqual([])
        for (const { name, partition, replicas } of partitions) {
          const stored = cluster.stored(name, partition)
          expect(view.partition(name, partition)).toMatchObject({
            leader: stored.leader,
            leaderEpoch: stored.leader_epoch,
            inSyncReplicas: stored.isr,
          })
          const mayLead = stored.isr.filter((replica) => cluster.wires.nodes.has(replica))
          expect(stored.leader !== -1, `${name}-${partition} has a leader when one of its set is alive`).toBe(
            mayLead.length > 0,
          )
          const isLeader = open.get(`${name}-${partition}`)?.role.kind === 'leader'
          const self = [...cluster.wires.nodes].find(([, node]) => node.controller === controller)?.[0] ?? -1
          if (replicas.includes(self)) expect(isLeader).toBe(stored.leader === self)
        }
      }
    }),
    { numRuns: 60 },
  )
}, 30_000)

test('a topic that went while a broker did not look is gone there too, and one of its name gets new handles', async () => {
  const cluster = await testCluster([1, 2, 3])
  await cluster.node(1).controller.createTopics([topicSpec('t', onBrokers(1, 2))], false)
  const { agent } = cluster.node(3).controller
  const { view } = cluster.node(3)
  const before = view.partition('t', 0)?.handle
  const head = { controllerId: 1, controllerEpoch: 1, brokerEpoch: -1, brokers: agent.brokers }
  await agent.handle({ kind: 'metadata', ...head, isFull: true, topics: [] })
  expect(view.topic('t')).toBeUndefined()
  expect(view.brokers.map(({ id }) => id)).toEqual([1, 2, 3])
  const partition = {
    partition: 0,
    controllerEpoch: 1,
    leader: 1,
    leaderEpoch: 0,
    inSyncReplicas: [1],
    partitionEpoch: 0,
    replicas: [1],
    offlineReplicas: [],
  }
  const topics = [{ topic: 't', topicId: 'AAAAAAAAAAAAAAAAAAAAAQ', partitions: [partition] }]
  await agent.handle({ kind: 'metadata', ...head, isFull: false, topics })
  expect(view.partition('t', 0)?.handle).not.toBe(before)
})
