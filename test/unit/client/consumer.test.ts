import { expect, test } from 'vitest'
import { BrokerError } from '../../../src/client/errors.ts'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { Late, metadata, type Message, type Script } from '../../support/client-world.ts'
import { fetched, next, startConsumer as start, values } from '../../support/consumer-world.ts'

test('a leader that freezes keeps nobody waiting once others say who leads now; what it answers later is not wanted', async () => {
  let isFrozen = false
  const { world, log, consumer } = start(
    { groupId: undefined },
    {
      Metadata: (_request, _call, nodeId) =>
        isFrozen && nodeId === 1 ? 'silence' : metadata(2, { t: [isFrozen ? 2 : 1] }),
      Fetch: (request, _call, nodeId) =>
        isFrozen && nodeId === 1
          ? new Late(8_000, fetched(world, ['a', 'b', 'c', 'lost'], request))
          : fetched(world, log, request),
    },
  )
  consumer.assign([{ topic: 't', partition: 0 }])
  expect(await next(world, consumer)).toEqual(['a', 'b', 'c'])
  isFrozen = true
  const frozenAtMs = world.nowMs
  // The fetch that was under way is answered; the next one is not.
  await world.run(consumer.poll(1_000))
  log.push('d')
  expect(await next(world, consumer)).toEqual(['d'])
  expect(world.nowMs - frozenAtMs).toBeLessThan(5_000)
  log.push('e')
  expect(await next(world, consumer)).toEqual(['e'])
  await world.advance(10_000)
  log.push('f')
  expect(await next(world, consumer)).toEqual(['f'])
})

test('an assigned partition is read from where it was sought, records before it in the batch left out', async () => {
  const { world, consumer } = start({ groupId: undefined })
  const partition = { topic: 't', partition: 0 }
  consumer.assign([partition])
  consumer.seek(partition, 1)
  expect(await next(world, consumer)).toEqual(['b', 'c'])
  expect(consumer.position(partition)).toBe(3)
})

test('poll hands out no more than asked and goes on behind it', async () => {
  const { world, consumer } = start({ groupId: undefined, pollRecordsMax: 2 })
  consumer.assign([{ topic: 't', partition: 0 }])
  expect(await next(world, consumer)).toEqual(['a', 'b'])
  expect(await next(world, consumer)).toEqual(['c'])
})

test('a position outside of the log is reset, or told when no reset is wanted', async () => {
  const partition = { topic: 't', partition: 0 }
  const resetting = start({ groupId: undefined })
  resetting.consumer.assign([partition])
  resetting.consumer.seek(partition, 99)
  expect(await next(resetting.world, resetting.consumer)).toEqual(['a', 'b', 'c'])
  const strict = start({ groupId: undefined, offsetReset: 'none' })
  strict.consumer.assign([partition])
  strict.consumer.seek(partition, 99)
  await expect(next(strict.world, strict.consumer)).rejects.toBeInstanceOf(BrokerError)
})

test('a paused partition gives nothing until it is resumed', async () => {
  const { world, consumer } = start({ groupId: undefined })
  const partition = { topic: 't', partition: 0 }
  consumer.assign([partition])
  consumer.pause([partition])
  expect(await world.run(consumer.poll(1_000))).toEqual([])
  consumer.resume([partition])
  expect(await next(world, consumer)).toEqual(['a', 'b', 'c'])
})

test('a partition without a usable offset costs no records of the others, although poll rejects because of it', async () => {
  const { world, consumer } = start({ groupId: undefined, offsetReset: 'none' })
  const partitions = [0, 1].map((partition) => ({ topic: 't', partition }))
  consumer.assign(partitions)
  consumer.seek({ topic: 't', partition: 0 }, 0)
  consumer.seek({ topic: 't', partition: 1 }, 99)
  const read: string[] = []
  const errors: unknown[] = []
  for (let polls = 0; polls < 5; polls += 1) {
    await world.run(consumer.poll(100)).then(
      (records) => read.push(...values(records)),
      (error: unknown) => errors.push(error),
    )
  }
  expect(read).toEqual(['a', 'b', 'c'])
  expect(errors.length).toBeGreaterThan(0)
})

test('poll comes back in its time although nobody tells where to start', async () => {
  const { world, consumer } = start(
    {},
    { FindCoordinator: () => ({ coordinators: [{ key: 'g', errorCode: ErrorCode.coordinatorNotAvailable }] }) },
  )
  consumer.assign([{ topic: 't', partition: 0 }])
  expect(await world.run(consumer.poll(500))).toEqual([])
  expect(world.nowMs).toBe(500)
})

test('where to start is not taken over from before a seek', async () => {
  const { world, consumer } = start(
    {},
    { OffsetFetch: () => new Late(300, { groups: [{ groupId: 'g', topics: [] }] }) },
  )
  const partition = { topic: 't', partition: 0 }
  consumer.assign([partition])
  await world.run(consumer.poll(100))
  consumer.seek(partition, 2)
  await world.advance(1_000)
  expect(await next(world, consumer)).toEqual(['c'])
})

test('damaged records of one partition cost none of another, and do not keep the others from being read', async () => {
  const { world, consumer } = start({ groupId: undefined })
  const damaged: Script['Fetch'] = (request) => {
    const answer = fetched(world, ['a', 'b', 'c'], request)
    const all: Message = answer instanceof Late ? answer.reply : answer
    for (const { partitions } of all.responses) {
      for (const { partitionIndex, records } of partitions) if (partitionIndex === 1) records.bytes.fill(7, 40)
    }
    return answer
  }
  world.script['Fetch'] = damaged
  const partitions = [0, 1].map((partition) => ({ topic: 't', partition }))
  consumer.assign(partitions)
  for (const partition of partitions) consumer.seek(partition, 0)
  const read: string[] = []
  const errors: unknown[] = []
  for (let polls = 0; polls < 6; polls += 1) {
    await world.run(consumer.poll(1_000)).then(
      (records) => read.push(...values(records)),
      (error: unknown) => errors.push(error),
    )
  }
  expect(read).toEqual(['a', 'b', 'c'])
  expect(String(errors[0])).toContain('t-1')
  expect(consumer.position({ topic: 't', partition: 1 })).toBe(0)
})
