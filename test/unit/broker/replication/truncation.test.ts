import { expect, test } from 'vitest'
import { ErrorCode } from '../../../../src/model/error-code.ts'
import { batchOf } from '../../../support/log-world.ts'
import { type ReplicaNode, ReplicationWorld } from '../../../support/replication-world.ts'

/**
 * A follower's high watermark lags behind the leader's, by a fetch at least. It says nothing about where histories part: epochs do
 * (KIP-101). A follower that went back to it whenever a term begins lost acknowledged records, if it was elected before it had
 * fetched them anew; and one that never goes below it keeps what its leader does not have.
 */

/** Five records of one turn are on both brokers, acknowledged by all; broker 2 has not heard so yet. */
async function withLaggingWatermark(): Promise<ReplicationWorld> {
  const world = await ReplicationWorld.start(2)
  const told = Array.from({ length: 5 }, () => world.node(1).append(batchOf(1)))
  await world.run()
  expect(told.map(({ answer }) => answer?.code)).toEqual([0, 0, 0, 0, 0])
  expect(world.node(2).position.logEndOffset).toBe(5)
  expect(world.node(2).position.highWatermark).toBeLessThan(4)
  return world
}

test('a follower that starts again keeps what lies above its high watermark: elected at once, it has every acknowledged record', async () => {
  const world = await withLaggingWatermark()
  world.node(2).kill()
  await world.node(2).start()
  expect(world.node(2).directory).toBe('/data')
  // It hears that broker 1 leads, and cannot reach it.
  world.node(1).isCutOff = true
  world.publish()
  world.assignAll([2])
  await world.run()
  expect(world.node(2).position.logEndOffset).toBe(5)
  world.node(1).kill()
  world.elect(2, [2])
  await world.pass(1000)
  expect(world.node(2).position).toMatchObject({ logEndOffset: 5, highWatermark: 5 })
})

test('a new term under another leader cuts nothing either, before that leader has said where histories part', async () => {
  const world = await ReplicationWorld.start(3)
  for (let index = 0; index < 5; index += 1) world.node(1).append(batchOf(1))
  await world.run()
  const lagging = world.node(3)
  expect(lagging.position.highWatermark).toBeLessThan(4)
  lagging.isCutOff = true
  world.elect(2)
  await world.run()
  expect(lagging.position.logEndOffset).toBe(5)
})

test('where histories part the follower goes back to the end of the epoch, not to its high watermark', async () => {
  const world = await withLaggingWatermark()
  const follower = world.node(2)
  follower.isCutOff = true
  const { followers } = follower.shard
  expect(followers.diverged(1, 0, { leaderEpoch: 0, endOffset: 4 })).toBe(ErrorCode.none)
  expect(follower.position.logEndOffset).toBe(4)
})

test('… and below it where the leader lacks what was replicated', async () => {
  const world = await withLaggingWatermark()
  await world.pass(1000)
  const follower = world.node(2)
  expect(follower.position.highWatermark).toBe(5)
  follower.isCutOff = true
  const { followers } = follower.shard
  expect(followers.diverged(1, 0, { leaderEpoch: 0, endOffset: 2 })).toBe(ErrorCode.none)
  expect(follower.position).toMatchObject({ logEndOffset: 2, highWatermark: 2 })
})

/** As Kafka before 0.11 left it: no batch names an epoch, and no file does; the high watermark is in Kafka's checkpoint. */
function putOldLog(node: ReplicaNode, texts: readonly string[], highWatermark: number): void {
  const batches = texts.map((text, offset) => {
    const batch = batchOf(1, { leaderEpoch: -1 }, 10 + text.length)
    new DataView(batch.buffer, batch.byteOffset).setBigInt64(0, BigInt(offset))
    return batch
  })
  const log = new Uint8Array(batches.reduce((sum, batch) => sum + batch.length, 0))
  let at = 0
  for (const batch of batches) {
    log.set(batch, at)
    at += batch.length
  }
  node.disk.put('/data/events-0/00000000000000000000.log', log)
  const checkpoint = `0\n1\nevents 0 ${highWatermark}\n`
  node.disk.put('/data/replication-offset-checkpoint', new TextEncoder().encode(checkpoint))
}

test('a log that knows no epoch goes back to its high watermark: nothing else about it is certain', async () => {
  const world = await ReplicationWorld.start(2)
  for (const node of world.nodes) node.kill()
  const [leader, follower] = [world.node(1), world.node(2)]
  for (const node of world.nodes) for (const path of [...node.disk.files.keys()]) node.disk.files.delete(path)
  putOldLog(leader, ['a', 'b', 'leads', 'on'], 4)
  putOldLog(follower, ['a', 'b', 'what nobody', 'has confirmed'], 2)
  for (const node of world.nodes) await node.start()
  leader.isCutOff = true
  world.elect(1, [1])
  await world.run()
  expect(follower.position).toMatchObject({ logEndOffset: 2, highWatermark: 2 })
  leader.isCutOff = false
  await world.pass(2000)
  expect(follower.bytes).toEqual(leader.bytes)
})
