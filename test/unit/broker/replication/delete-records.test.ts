import { expect, test } from 'vitest'
import { ErrorCode } from '../../../../src/model/error-code.ts'
import type { PartitionRef } from '../../../../src/shard/contract.ts'
import { batchOf } from '../../../support/log-world.ts'
import { ReplicationWorld, TOPIC } from '../../../support/replication-world.ts'

const REF: PartitionRef = { topic: TOPIC, partition: 0, handle: 1, shard: 0 }

interface Deleted {
  readonly code: ErrorCode
  readonly lowWatermark: number
}

/** Whatever can be answered without another broker is. */
async function settled(): Promise<void> {
  for (let step = 0; step < 10; step += 1) await Promise.resolve()
}

/** Three brokers with ten records everywhere, broker 1 leads. */
async function filled(): Promise<ReplicationWorld> {
  const world = await ReplicationWorld.start()
  for (let index = 0; index < 10; index += 1) world.node(1).append(batchOf(1))
  await world.pass(1000)
  return world
}

/** Asks broker 1. What it answers is found in the list, once it does. */
function deletion(world: ReplicationWorld, offset: number, timeoutMs: number = 5000): Deleted[] {
  const answers: Deleted[] = []
  void world
    .node(1)
    .shard.deleteRecords(REF, offset, timeoutMs)
    .then((answer) => answers.push(answer))
  return answers
}

test('DeleteRecords is answered when every follower has moved its log start, and not before', async () => {
  const world = await filled()
  const answers = deletion(world, 6)
  await settled()
  expect(world.node(1).position.logStartOffset).toBe(6)
  expect(answers).toEqual([])
  await world.pass(1200)
  expect(answers).toEqual([{ code: ErrorCode.none, lowWatermark: 6 }])
  expect(world.nodes.map(({ position }) => position.logStartOffset)).toEqual([6, 6, 6])
})

test('a live follower that does not follow makes it time out, with the lowest log start; one that has gone keeps nobody waiting', async () => {
  const world = await filled()
  world.node(3).isCutOff = true
  for (const end of world.node(3).ends) end.destroy()
  const late = deletion(world, 4, 2000)
  await world.pass(1900)
  expect(late).toEqual([])
  await world.pass(200)
  expect(late).toEqual([{ code: ErrorCode.requestTimedOut, lowWatermark: 0 }])
  // Deleted all the same, and everybody comes to know.
  expect(world.node(1).position.logStartOffset).toBe(4)
  world.node(3).kill()
  const answers = deletion(world, 8)
  await world.pass(1200)
  expect(answers).toEqual([{ code: ErrorCode.none, lowWatermark: 8 }])
})

test('whom it waits for dies meanwhile: the next fetch of another, or the deadline, ends the wait well', async () => {
  const world = await filled()
  world.node(2).isCutOff = true
  world.node(3).isCutOff = true
  for (const id of [2, 3]) for (const end of world.node(id).ends) end.destroy()
  const answers = deletion(world, -1, 3000)
  await world.pass(1000)
  world.node(2).kill()
  world.node(3).kill()
  await world.pass(1900)
  expect(answers).toEqual([])
  await world.pass(200)
  expect(answers).toEqual([{ code: ErrorCode.none, lowWatermark: 10 }])
})

test('who waits hears at once that the partition is led elsewhere, and a wait of no time is none', async () => {
  const world = await filled()
  for (const id of [2, 3]) world.node(id).isCutOff = true
  const [waiting, impatient] = [deletion(world, 5), deletion(world, 5, 0)]
  await settled()
  expect(impatient).toEqual([{ code: ErrorCode.requestTimedOut, lowWatermark: 0 }])
  world.elect(2)
  await settled()
  expect(waiting).toEqual([{ code: ErrorCode.notLeaderOrFollower, lowWatermark: -1 }])
  const answers = deletion(world, 20)
  await settled()
  expect(answers).toEqual([{ code: ErrorCode.notLeaderOrFollower, lowWatermark: -1 }])
})

test('a follower that was elected right after the answer never shows a deleted record again', async () => {
  const world = await filled()
  const answers = deletion(world, 7)
  await world.pass(1200)
  expect(answers).toEqual([{ code: ErrorCode.none, lowWatermark: 7 }])
  world.node(1).kill()
  world.elect(3, [2, 3])
  await world.run()
  const earliest = await world.node(3).shard.offsetForTimestamp(REF, -2, false)
  expect(earliest).toMatchObject({ code: ErrorCode.none, offset: 7 })
})
