import { expect, test } from 'vitest'
import { ErrorCode } from '../../../src/model/error-code.ts'
import type { Replica } from '../../../src/partition/replica.ts'
import { createLogWorld, type LogWorld, openReplica, PARTITION_DIRECTORY } from '../../support/log-world.ts'
import { MemoryDisk } from '../../support/memory-disk.ts'
import { append, readAll, textBatch } from '../../support/partition-steps.ts'

// A power loss keeps of what was not synced whatever the kernel had written back by itself: one file as it was, another as it is.

const LOG = `${PARTITION_DIRECTORY}/00000000000000000000.log`
const EPOCHS = `${PARTITION_DIRECTORY}/leader-epoch-checkpoint`
const CHECKPOINT = `${PARTITION_DIRECTORY}/jackdaw.checkpoint`

/** Appends one record of `epoch` as a follower does. */
function follow(world: LogWorld, replica: Replica, text: string, epoch: number): void {
  const bytes = textBatch(text, 1, { baseOffset: replica.position.logEndOffset, leaderEpoch: epoch })
  world.clear()
  expect(replica.stage(world.put(bytes), bytes.length, 'replica', world.nowMs)).toBe(ErrorCode.none)
  expect(replica.flush()).toBe(ErrorCode.none)
}

function follower(disk: MemoryDisk): { readonly world: LogWorld; readonly replica: Replica } {
  const world = createLogWorld(disk)
  const replica = openReplica(world)
  replica.becomeFollower(0)
  return { world, replica }
}

test('a checkpoint that outlives a loss of power finds the epochs of what it vouches for', async () => {
  const disk = new MemoryDisk()
  const world = createLogWorld(disk)
  const replica = openReplica(world)
  for (const epoch of [0, 1, 2]) {
    replica.becomeLeader(epoch)
    append(world, replica, textBatch('x'))
    expect(await replica.sync()).toBe(ErrorCode.none)
    world.nowMs += 60_000
    replica.maintain(world.nowMs)
    // The kernel has written this one back, which knows the first epoch alone.
    if (epoch === 0) disk.put(EPOCHS, disk.content(EPOCHS))
  }
  const checkpoint = disk.content(CHECKPOINT)
  disk.losePower()
  disk.put(CHECKPOINT, checkpoint)
  const again = openReplica(createLogWorld(disk))
  expect(again.position.logEndOffset).toBe(3)
  expect([0, 1, 2].map((epoch) => again.endOffsetForEpoch(epoch).endOffset)).toEqual([1, 2, 3])
})

test('the checkpoint of before a cut does not come back beside what was appended after it', async () => {
  const disk = new MemoryDisk()
  const { world, replica } = follower(disk)
  for (let index = 0; index < 6; index += 1) follow(world, replica, `old${index}`, 1)
  expect(await replica.sync()).toBe(ErrorCode.none)
  replica.maintain(world.nowMs)
  // The kernel has written it back.
  disk.put(CHECKPOINT, disk.content(CHECKPOINT))
  expect(replica.truncate(2)).toBe(ErrorCode.none)
  // Of another size, so that the checkpoint's position lies inside one of them.
  for (let index = 0; index < 3; index += 1) follow(world, replica, `${'new'.repeat(40)}${index}`, 2)
  const whole = disk.content(LOG)
  disk.losePower()
  disk.put(LOG, whole)
  const again = follower(disk)
  expect(again.replica.position.logEndOffset).toBe(5)
  again.replica.advanceHighWatermark(Number.POSITIVE_INFINITY)
  expect(readAll(again.world, again.replica).map(({ value }) => value.slice(0, 3))).toEqual([
    ...['old', 'old'],
    ...['new', 'new', 'new'],
  ])
})

test('batches of an older history behind those of a newer one are not the log’s', () => {
  const disk = new MemoryDisk()
  const { world, replica } = follower(disk)
  for (let index = 0; index < 6; index += 1) follow(world, replica, `a${index}`, 1)
  const old = disk.content(LOG)
  expect(replica.truncate(2)).toBe(ErrorCode.none)
  // Batches of the same size: what was cut off would fit behind them in place and offsets.
  for (let index = 2; index < 4; index += 1) follow(world, replica, `b${index}`, 2)
  const newer = disk.content(LOG)
  expect(newer.length).toBe((old.length / 6) * 4)
  const mixed = old.slice()
  mixed.set(newer)
  disk.killProcess()
  disk.put(LOG, mixed)
  disk.remove(CHECKPOINT)
  const again = follower(disk)
  expect(again.replica.position.logEndOffset).toBe(4)
  again.replica.advanceHighWatermark(Number.POSITIVE_INFINITY)
  expect(readAll(again.world, again.replica).map(({ value }) => value.slice(0, 2))).toEqual(['a0', 'a1', 'b2', 'b3'])
})
