import { expect, test } from 'vitest'
import { ErrorCode } from '../../../../src/model/error-code.ts'
import { LAG_MAX_MS, ReplicationWorld } from '../../../support/replication-world.ts'
import { batchOf } from '../../../support/log-world.ts'

test('acks=all is answered once every replica has the records, and all logs are the same bytes', async () => {
  const world = await ReplicationWorld.start()
  const told = world.node(1).append(batchOf(3))
  await world.run()
  expect(told.answer).toMatchObject({ code: ErrorCode.none, baseOffset: 0 })
  for (const node of world.nodes) expect(node.position.logEndOffset).toBe(3)
  expect(world.node(2).bytes).toEqual(world.node(1).bytes)
  expect(world.node(3).bytes).toEqual(world.node(1).bytes)
})

test('followers learn the high watermark with the next fetch', async () => {
  const world = await ReplicationWorld.start()
  world.node(1).append(batchOf(3))
  await world.run()
  expect(world.node(1).position.highWatermark).toBe(3)
  await world.pass(1000)
  expect(world.nodes.map(({ position }) => position.highWatermark)).toEqual([3, 3, 3])
})

test('a follower that is gone leaves the in-sync set after the lag time, and what waited for it is acknowledged', async () => {
  const world = await ReplicationWorld.start()
  world.node(3).kill()
  const told = world.node(1).append(batchOf(1))
  await world.pass(LAG_MAX_MS / 2)
  expect(told.answer).toBeUndefined()
  await world.pass(LAG_MAX_MS * 1.5)
  expect(world.state.inSyncReplicas).toEqual([1, 2])
  expect(told.answer).toMatchObject({ code: ErrorCode.none })
})

test('a follower that is back catches up and is let in again', async () => {
  const world = await ReplicationWorld.start()
  world.node(3).kill()
  for (let index = 0; index < 5; index += 1) world.node(1).append(batchOf(4))
  await world.pass(LAG_MAX_MS * 2)
  expect(world.state.inSyncReplicas).toEqual([1, 2])
  await world.node(3).start()
  world.publish()
  world.assignAll([3])
  await world.pass(2000)
  expect(world.state.inSyncReplicas).toEqual([1, 2, 3])
  expect(world.node(3).bytes).toEqual(world.node(1).bytes)
})

test('the leader dies: a follower leads on with everything that was acknowledged, the old leader drops what was not', async () => {
  const world = await ReplicationWorld.start()
  const first = world.node(1).append(batchOf(3))
  await world.run()
  expect(first.answer?.code).toBe(ErrorCode.none)
  // Written by the old leader alone: nobody was told that it is safe.
  for (const id of [2, 3]) world.node(id).isCutOff = true
  const second = world.node(1).append(batchOf(2))
  await world.run()
  world.node(1).kill()
  for (const id of [2, 3]) world.node(id).isCutOff = false
  world.elect(2, [2, 3])
  const third = world.node(2).append(batchOf(1, {}, 50))
  await world.pass(1000)
  expect(second.answer).toBeUndefined()
  expect(third.answer).toMatchObject({ code: ErrorCode.none, baseOffset: 3 })

  await world.node(1).start()
  world.publish()
  world.assignAll([1])
  await world.pass(2000)
  expect(world.node(1).position.logEndOffset).toBe(4)
  expect(world.node(1).bytes).toEqual(world.node(2).bytes)
  expect(world.node(3).bytes).toEqual(world.node(2).bytes)
  expect([...world.state.inSyncReplicas].sort()).toEqual([1, 2, 3])
})

test('histories that parted more than once are followed back epoch by epoch', async () => {
  const world = await ReplicationWorld.start(2)
  world.node(1).append(batchOf(2))
  await world.run()
  // Each of the two leads alone for some terms that the other never hears of.
  const alone = async (id: number, counts: readonly number[]): Promise<void> => {
    const other = id === 1 ? 2 : 1
    world.node(other).kill()
    for (const count of counts) {
      world.elect(id, [id])
      world.node(id).append(batchOf(count))
      await world.run()
    }
    world.node(id).kill()
    await world.node(other).start()
  }
  await alone(1, [1, 1, 2])
  await alone(2, [3, 1])
  world.publish()
  // Unclean: broker 1 comes back and leads although broker 2 wrote last.
  world.elect(1, [1])
  await world.node(2).start()
  world.publish()
  world.assignAll()
  await world.pass(3000)
  expect(world.node(1).position.logEndOffset).toBe(6)
  expect(world.node(2).bytes).toEqual(world.node(1).bytes)
  expect([...world.state.inSyncReplicas].sort()).toEqual([1, 2])
})

test('a replica that was away too long begins anew where the leader still has records', async () => {
  const world = await ReplicationWorld.start(2, { config: { segmentBytes: 2000 } })
  world.node(1).append(batchOf(2))
  await world.run()
  world.node(2).kill()
  for (let index = 0; index < 40; index += 1) world.node(1).append(batchOf(5))
  await world.pass(LAG_MAX_MS * 2)
  const leader = world.node(1).shard.ownership.find(1)?.replica
  expect(leader?.deleteRecords(150)).toMatchObject({ code: ErrorCode.none })
  await world.node(2).start()
  world.publish()
  world.assignAll([2])
  await world.pass(3000)
  expect(world.node(2).position).toMatchObject({ logStartOffset: 150, logEndOffset: 202, highWatermark: 202 })
  expect([...world.state.inSyncReplicas].sort()).toEqual([1, 2])
})

test('a leader that became a follower tells who waited that it leads no longer', async () => {
  const world = await ReplicationWorld.start(2)
  world.node(2).isCutOff = true
  const told = world.node(1).append(batchOf(1))
  await world.run()
  expect(told.answer).toBeUndefined()
  world.node(2).isCutOff = false
  world.elect(2, [2])
  await world.pass(2000)
  expect(told.answer).toMatchObject({ code: ErrorCode.notLeaderOrFollower })
  expect(world.node(1).bytes).toEqual(world.node(2).bytes)
  expect(world.node(1).append(batchOf(1), 1)).toBeDefined()
  await world.run()
})

test('staged in the turn in which leadership went: refused, whatever the acks', async () => {
  const world = await ReplicationWorld.start(2)
  const told = [0, 1, -1].map((acks) => world.node(1).append(batchOf(1), acks))
  world.elect(2)
  await world.pass(1000)
  expect(told.map(({ answer }) => answer?.code)).toEqual([6, 6, 6])
  expect(world.node(1).position.logEndOffset).toBe(world.node(2).position.logEndOffset)
})

test('min.insync.replicas: refused before, and told so after, when too few are in sync', async () => {
  const world = await ReplicationWorld.start(2, { config: { minInSyncReplicas: 2 } })
  const fine = world.node(1).append(batchOf(1))
  await world.run()
  expect(fine.answer?.code).toBe(ErrorCode.none)
  world.node(2).kill()
  const waiting = world.node(1).append(batchOf(1), -1, LAG_MAX_MS * 3)
  await world.pass(LAG_MAX_MS * 2)
  expect(world.state.inSyncReplicas).toEqual([1])
  const refused = world.node(1).append(batchOf(1))
  const single = world.node(1).append(batchOf(1), 1)
  await world.run()
  expect(refused.answer?.code).toBe(ErrorCode.notEnoughReplicas)
  expect(single.answer?.code).toBe(ErrorCode.none)
  expect(waiting.answer).toBeUndefined()
  // Not confirmed by one replica alone: readers do not see it either.
  expect(world.node(1).position.highWatermark).toBe(1)
  await world.pass(LAG_MAX_MS * 2)
  expect(waiting.answer?.code).toBe(ErrorCode.requestTimedOut)
})

test('while it is unknown whether a member has left, nothing is confirmed without it', async () => {
  const world = await ReplicationWorld.start(2)
  world.node(2).kill()
  world.decide = () => ({
    code: ErrorCode.networkException,
    leaderEpoch: 0,
    partitionEpoch: 0,
    inSyncReplicas: [],
  })
  const told = world.node(1).append(batchOf(1), -1, 10 * LAG_MAX_MS)
  await world.pass(LAG_MAX_MS * 2)
  expect(world.proposals.length).toBeGreaterThan(1)
  expect(told.answer).toBeUndefined()
  world.decide = undefined
  await world.pass(1000)
  expect(told.answer?.code).toBe(ErrorCode.none)
})

test('a failed disk under a follower is reported and fetched for no longer', async () => {
  const world = await ReplicationWorld.start(2)
  world.node(2).disk.failAt = world.node(2).disk.operations
  world.node(1).append(batchOf(1))
  await world.pass(1000)
  expect(world.node(2).failed).toEqual([ErrorCode.kafkaStorageError])
  expect(world.node(2).fetchers.metrics.partitions).toBe(0)
})

test('a producer is acknowledged soon after an election, though the fetch of an idle leader waits long', async () => {
  const world = await ReplicationWorld.start(3, { settings: { waitMaxMs: 60_000 } })
  await world.pass(1000)
  world.elect(2)
  const told = world.node(2).append(batchOf(1))
  await world.pass(100, 10)
  expect(told.answer?.code).toBe(ErrorCode.none)
})

test('jackdaw.acks.durable: what was acknowledged by all survives a power loss of everybody', async () => {
  const world = await ReplicationWorld.start(3, { settings: { isDurable: true } })
  const told = Array.from({ length: 5 }, () => world.node(1).append(batchOf(2)))
  await world.pass(1000)
  expect(told.map(({ answer }) => answer?.code)).toEqual(told.map(() => 0))
  for (const node of world.nodes) {
    node.kill()
    node.disk.losePower()
  }
  for (const node of world.nodes) await node.start()
  world.elect(3)
  await world.pass(2000)
  for (const node of world.nodes) expect(node.position).toMatchObject({ logEndOffset: 10, highWatermark: 10 })
})
