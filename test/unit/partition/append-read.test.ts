import { expect, test } from 'vitest'
import { ErrorCode } from '../../../src/model/error-code.ts'
import type { Replica } from '../../../src/partition/replica.ts'
import { batchOf, createLogWorld, type LogWorld, openReplica, PARTITION_DIRECTORY } from '../../support/log-world.ts'
import { MemoryDisk } from '../../support/memory-disk.ts'

function append(world: LogWorld, replica: Replica, bytes: Uint8Array): number {
  const code = replica.stage(world.put(bytes), bytes.length, 'client', world.nowMs)
  expect(code).toBe(ErrorCode.none)
  return replica.outcome.baseOffset
}

/** Values of the records that a read from `offset` gives, with their offsets. */
function readOffsets(world: LogWorld, replica: Replica, offset: number, sizeBytesMax: number): number[] {
  expect(replica.planRead(offset, replica.position.highWatermark, sizeBytesMax)).toBe(ErrorCode.none)
  const plan = replica.plan
  if (plan.sizeBytes === 0) return []
  const bytes = new Uint8Array(plan.sizeBytes)
  expect(world.disk.readSync(plan.file, bytes, plan.position)).toBe(plan.sizeBytes)
  replica.releaseRead(plan.segment)
  const offsets: number[] = []
  expect(world.codec.decodeBatches(bytes, (record) => offsets.push(record.offset))).toBe(0)
  return offsets
}

test('batches get consecutive offsets and are read back from any offset', () => {
  const world = createLogWorld(new MemoryDisk())
  const replica = openReplica(world)
  expect(append(world, replica, batchOf(3))).toBe(0)
  expect(append(world, replica, batchOf(2))).toBe(3)
  expect(replica.position.logEndOffset).toBe(0)
  expect(replica.flush()).toBe(ErrorCode.none)
  expect(append(world, replica, batchOf(1))).toBe(5)
  expect(replica.flush()).toBe(ErrorCode.none)
  expect(replica.position).toMatchObject({ logEndOffset: 6, highWatermark: 6, lastStableOffset: 6, logStartOffset: 0 })
  expect(readOffsets(world, replica, 0, 1 << 20)).toEqual([0, 1, 2, 3, 4, 5])
  expect(readOffsets(world, replica, 4, 1 << 20)).toEqual([3, 4, 5])
  expect(readOffsets(world, replica, 5, 1)).toEqual([5])
  expect(readOffsets(world, replica, 6, 1 << 20)).toEqual([])
  expect(replica.planRead(7, 7, 1)).toBe(ErrorCode.offsetOutOfRange)
  expect((world.disk as MemoryDisk).files.has(`${PARTITION_DIRECTORY}/00000000000000000000.log`)).toBe(true)
})
