import { expect, test } from 'vitest'
import { batchOf } from '../../../support/log-world.ts'
import { LAG_MAX_MS, type ReplicationOptions, ReplicationWorld } from '../../../support/replication-world.ts'

/** Broker 2 has to catch up some 40 KB. @returns how long that took, in milliseconds */
async function catchUpMs(options: ReplicationOptions): Promise<number> {
  const world = await ReplicationWorld.start(2, { ...options, settings: { partitionSizeMaxBytes: 2000 } })
  world.node(2).kill()
  for (let index = 0; index < 40; index += 1) world.node(1).append(batchOf(1, {}, 1000))
  await world.pass(LAG_MAX_MS * 2)
  expect(world.state.inSyncReplicas).toEqual([1])
  await world.node(2).start()
  world.publish()
  world.assignAll([2])
  const startMs = world.time.nowMs
  while (world.node(2).position.logEndOffset < 40 && world.time.nowMs - startMs < 60_000) await world.pass(100)
  expect(world.node(2).bytes).toEqual(world.node(1).bytes)
  return world.time.nowMs - startMs
}

const RATE = '10000'

test('without a throttle, or for replicas that are not listed, catching up takes as long as it takes', async () => {
  expect(await catchUpMs({})).toBeLessThan(1000)
  const brokerConfig = { 'leader.replication.throttled.rate': RATE, 'follower.replication.throttled.rate': RATE }
  expect(await catchUpMs({ brokerConfig })).toBeLessThan(1000)
  const others = { 'leader.replication.throttled.replicas': '0:2', 'follower.replication.throttled.replicas': '0:1' }
  expect(await catchUpMs({ brokerConfig, topicConfig: others })).toBeLessThan(1000)
})

test('a listed leader feeds, and a listed follower fetches, at the rate that is set', async () => {
  for (const side of ['leader', 'follower']) {
    const tookMs = await catchUpMs({
      brokerConfig: { [`${side}.replication.throttled.rate`]: RATE },
      topicConfig: { [`${side}.replication.throttled.replicas`]: side === 'leader' ? '0:1' : '*' },
    })
    expect(tookMs, side).toBeGreaterThan(2500)
    expect(tookMs, side).toBeLessThan(8000)
  }
})

test('who is in sync is not held back', async () => {
  const world = await ReplicationWorld.start(2, {
    brokerConfig: { 'leader.replication.throttled.rate': '1', 'follower.replication.throttled.rate': '1' },
    topicConfig: { 'leader.replication.throttled.replicas': '*', 'follower.replication.throttled.replicas': '*' },
  })
  const told = Array.from({ length: 10 }, () => world.node(1).append(batchOf(1, {}, 1000)))
  await world.pass(1000)
  expect(told.map(({ answer }) => answer?.code)).toEqual(told.map(() => 0))
})
