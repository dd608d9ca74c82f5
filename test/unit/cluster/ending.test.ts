import { expect, test } from 'vitest'
import { KeeperError, KeeperErrorCode } from '../../../src/zookeeper/contract.ts'
import { settle, topicSpec } from '../../support/cluster-node.ts'
import { testCluster } from '../../support/test-cluster.ts'

/** From now on no server answers: requests wait, as those of a real session do, until it is closed. */
function loseQuorum(session: Record<string, unknown>): { isClosed: boolean } {
  const state = { isClosed: false }
  const waiting: ((error: KeeperError) => void)[] = []
  const lost = (): KeeperError => new KeeperError(KeeperErrorCode.connectionLoss, '/', 'no server')
  for (const [name, value] of Object.entries(session)) {
    if (typeof value !== 'function') continue
    session[name] = () =>
      state.isClosed ? Promise.reject(lost()) : new Promise((_resolve, reject) => waiting.push(reject))
  }
  session['close'] = async () => {
    state.isClosed = true
    for (const reject of waiting.splice(0)) reject(lost())
  }
  return state
}

test('a stop behind an operation that no server answers ends once it is abandoned: a process would never end otherwise', async () => {
  const cluster = await testCluster([1])
  const { controller, session } = cluster.node(1)
  const state = loseQuorum(session() as unknown as Record<string, unknown>)
  const created = controller.createTopics([topicSpec('t', {})], false)
  let isStopped = false
  const stopped = controller.stop().then(() => {
    isStopped = true
  })
  await settle()
  expect(isStopped).toBe(false)
  expect(state.isClosed).toBe(false)
  controller.abandon()
  await stopped
  expect((await created).map(({ code }) => code)).not.toEqual([0])
  expect(state.isClosed).toBe(true)
})

test('a quorum that agrees says so at once and changes nothing; without one there is silence', async () => {
  const cluster = await testCluster([1, 2])
  const { controller, session } = cluster.node(2)
  const before = JSON.stringify([...cluster.zookeeper.nodes])
  await controller.agree()
  expect(JSON.stringify([...cluster.zookeeper.nodes])).toBe(before)
  loseQuorum(session() as unknown as Record<string, unknown>)
  let isAgreed = false
  const agreeing = controller.agree().then(
    () => {
      isAgreed = true
    },
    () => undefined,
  )
  await settle()
  controller.abandon()
  await agreeing
  expect(isAgreed).toBe(false)
})
