import { expect, test } from 'vitest'
import type { BrokerCommand } from '../../../src/cluster/contract-commands.ts'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { settle, topicSpec } from '../../support/cluster-node.ts'
import { type TestCluster, testCluster } from '../../support/test-cluster.ts'

const LED = 250
const FOLLOWED = 130

/** What a broker is told from now on. */
function commandsTo(cluster: TestCluster, id: number): BrokerCommand[] {
  const { controller } = cluster.node(id)
  const told: BrokerCommand[] = []
  const carryOut = controller.command.bind(controller)
  controller.command = (command) => {
    told.push(command)
    return carryOut(command)
  }
  return told
}

function assignment(count: number, replicas: readonly number[]) {
  return { assignments: Array.from({ length: count }, (_, partition) => ({ partition, replicas })) }
}

async function crowded(): Promise<TestCluster> {
  const cluster = await testCluster([1, 2, 3])
  const specs = [topicSpec('led', assignment(LED, [2, 3, 1])), topicSpec('followed', assignment(FOLLOWED, [1, 2, 3]))]
  await cluster.node(1).controller.createTopics(specs, false)
  await settle()
  return cluster
}

test('who leaves hands over what it leads in portions, each done before the next, and leaves the in-sync sets last', async () => {
  const cluster = await crowded()
  const told = commandsTo(cluster, 3)
  const answer = cluster.node(1).controller.shutDownBroker(2, -1)
  await settle()
  expect(await answer).toEqual({ code: ErrorCode.none, remaining: [] })
  const portions = told.flatMap((command) =>
    command.kind === 'leadership' ? [command.topics.map(({ topic, partitions }) => [topic, partitions.length])] : [],
  )
  expect(portions).toEqual([[['led', 100]], [['led', 100]], [['led', 50]], [['followed', 100]], [['followed', 30]]])
  // Clients hear of a portion's leaders before the next portion stops.
  expect(told.map(({ kind }) => kind)).toEqual(Array.from({ length: 5 }, () => ['leadership', 'metadata']).flat())
  expect(cluster.stored('led', 249)).toMatchObject({ leader: 3, leader_epoch: 1, isr: [3, 1] })
  expect(cluster.stored('followed', 0)).toMatchObject({ leader: 1, isr: [1, 3] })
})

test('a broker that does not answer holds a handover up for a while, and does not stop it', async () => {
  const cluster = await crowded()
  cluster.wires.cut.add(3)
  const { controller, timers } = cluster.node(1)
  const answer = controller.shutDownBroker(2, -1)
  await settle()
  expect(cluster.stored('led', 100)).toMatchObject({ leader: 2 })
  await timers.pass(1_000)
  expect(cluster.stored('led', 100)).toMatchObject({ leader: 3 })
  for (let portion = 1; portion < 5; portion += 1) await timers.pass(1_000)
  await timers.pass(2_500)
  expect((await answer).remaining).toEqual([])
  expect(cluster.stored('followed', 0)).toMatchObject({ leader: 1, isr: [1, 3] })
})

/** Broker 2 asks to leave while broker 3 hears nothing. */
async function leaveUnheard(cluster: TestCluster): Promise<{ isAnswered: boolean }> {
  const asked = { isAnswered: false }
  cluster.wires.cut.add(3)
  void cluster
    .node(1)
    .controller.shutDownBroker(2, -1)
    .then(() => {
      asked.isAnswered = true
    })
  await settle()
  return asked
}

test('the answer waits until the last new leader is at work, longer than any other answer waits', async () => {
  const cluster = await testCluster([1, 2, 3])
  await cluster.node(1).controller.createTopics([topicSpec('led', assignment(5, [2, 3, 1]))], false)
  const { timers } = cluster.node(1)
  const asked = await leaveUnheard(cluster)
  await timers.pass(900)
  expect(asked.isAnswered).toBe(false)
  cluster.wires.cut.delete(3)
  await settle()
  expect(cluster.node(3).open.get('led-4')?.role).toMatchObject({ kind: 'leader' })
  expect(asked.isAnswered).toBe(true)
})

test('who leaves is answered once the leaders of what it follows have heard of it, and others are served meanwhile', async () => {
  const cluster = await testCluster([1, 2, 3])
  await cluster.node(1).controller.createTopics([topicSpec('followed', assignment(5, [3, 2, 1]))], false)
  const { controller, timers } = cluster.node(1)
  const asked = await leaveUnheard(cluster)
  await timers.pass(1_000)
  const created = controller.createTopics([topicSpec('meanwhile', assignment(1, [1]))], false)
  await settle()
  await timers.pass(250)
  expect((await created)[0]?.code).toBe(ErrorCode.none)
  await timers.pass(1_000)
  expect(asked.isAnswered).toBe(false)
  cluster.wires.cut.delete(3)
  await settle()
  expect(cluster.node(3).open.get('followed-0')?.role).toMatchObject({ kind: 'leader', inSyncReplicas: [3, 1] })
  expect(asked.isAnswered).toBe(true)
})

test('who leaves fetches nothing more where it does not count any more: its leaders would ask for it to be let in again', async () => {
  const cluster = await testCluster([1, 2, 3])
  const specs = [
    topicSpec('led', assignment(2, [2, 3, 1])),
    topicSpec('followed', assignment(2, [1, 2, 3])),
    topicSpec('alone', assignment(1, [2])),
  ]
  await cluster.node(1).controller.createTopics(specs, false)
  await settle()
  await cluster.node(2).controller.leave()
  const { open, view } = cluster.node(2)
  expect(open.get('led-0')?.role).toMatchObject({ kind: 'follower', leader: -1, leaderEpoch: 1 })
  expect(open.get('followed-1')?.role).toMatchObject({ kind: 'follower', leader: -1, leaderEpoch: 1 })
  expect(open.get('alone-0')?.role).toMatchObject({ kind: 'leader' })
  expect(cluster.node(3).open.get('followed-1')?.role).toMatchObject({ kind: 'follower', leader: 1, leaderEpoch: 1 })
  expect(view.partition('led', 0)?.leader, 'clients are sent to the new leader').toBe(3)
})

test('a creation is answered although a broker has not made its replicas yet, and the next one does not wait at all', async () => {
  const cluster = await testCluster([1, 2, 3])
  cluster.wires.cut.add(3)
  const { controller, timers } = cluster.node(1)
  const answers: string[] = []
  for (const name of ['first', 'second']) {
    void controller.createTopics([topicSpec(name, assignment(1, [2, 3, 1]))], false).then(() => answers.push(name))
  }
  await settle()
  expect(cluster.stored('second', 0)).toMatchObject({ leader: 2 })
  expect(answers).toEqual([])
  await timers.pass(250)
  expect(answers).toEqual(['first', 'second'])
  cluster.wires.cut.delete(3)
  await settle()
  expect(cluster.node(3).open.get('first-0')?.role).toMatchObject({ kind: 'follower', leader: 2 })
})
