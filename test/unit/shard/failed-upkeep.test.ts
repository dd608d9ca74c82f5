import { expect, test } from 'vitest'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { batchBytes, RecordingSink, ShardWorld } from './support.ts'

test('a disk that fails in the upkeep of an idle partition is told of at once, not when somebody comes to use it', () => {
  const world = new ShardWorld()
  const ref = world.open(1)
  world.open(2)
  world.partition(1).maintainCode = ErrorCode.kafkaStorageError
  world.time.advance(2_000)
  expect(world.failed.map(({ handle }) => handle)).toEqual([1])
  const sink = new RecordingSink()
  world.shard.append(ref, world.region(batchBytes(1, 10)), 1, 0, sink, 0)
  world.turn()
  expect(sink.answers.map(({ code }) => code)).toEqual([ErrorCode.kafkaStorageError])
  world.time.advance(20_000)
  expect(world.failed).toHaveLength(1)
})
