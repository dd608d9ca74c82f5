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
