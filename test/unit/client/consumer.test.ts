import { expect, test } from 'vitest'
import { createCluster } from '../../../src/client/client.ts'
import { BrokerError } from '../../../src/client/errors.ts'
import { cooperativeStickyAssignor } from '../../../src/client/consumer/assignors.ts'
import { Consumer, type ConsumerOptions } from '../../../src/client/consumer/consumer.ts'
import { writeAssignment } from '../../../src/client/consumer/consumer-protocol.ts'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { ClientWorld, Late, metadata, type Script, type Message } from '../../support/client-world.ts'

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

/** A group of one: it is its own leader and gets `assigned`. */
function start(options: ConsumerOptions = {}, script: Script = {}, assigned: () => readonly number[] = () => [0]) {
  const log = ['a', 'b', 'c']
  const world = new ClientWorld({
    Metadata: () => metadata(1, { t: [1, 1] }),
    FindCoordinator: (request) => ({
      coordinators: [{ key: request.coordinatorKeys[0], nodeId: 1, host: '1', port: 9092 }],
    }),
    JoinGroup: (request, call) =>
      request.memberId === ''
        ? { errorCode: ErrorCode.memberIdRequired, memberId: `m${call}`, protocolName: '' }
        : {
            generationId: call,
            protocolName: request.protocols[0].name,
            leader: 'somebody else',
            memberId: request.memberId,
            members: [],
          },
    SyncGroup: () => ({ assignment: writeAssignment(assigned().map((partition) => ({ topic: 't', partition }))) }),
    Heartbeat: () => ({}),
    LeaveGroup: () => ({ members: [] }),
    OffsetFetch: (request) => ({
      groups: [
        {
          groupId: request.groups[0].groupId,
          topics: request.groups[0].topics.map(({ name, partitionIndexes }: Message) => ({
            name,
            partitions: partitionIndexes.map((partitionIndex: number) => ({ partitionIndex, committedOffset: -1 })),
          })),
        },
      ],
    }),
    OffsetCommit: (request) => ({
      topics: request.topics.map(({ name, partitions }: Message) => ({
        name,
        partitions: partitions.map(({ partitionIndex }: Message) => ({ partitionIndex })),
      })),
    }),
    ListOffsets: (request) => ({
      topics: request.topics.map(({ name, partitions }: Message) => ({
        name,
        partitions: partitions.map(({ partitionIndex, timestamp }: Message) => ({
          partitionIndex,
          offset: timestamp === -2 ? 0 : log.length,
        })),
      })),
    }),
    Fetch: (request) => fetched(world, log, request),
    ...script,
  })
  const cluster = createCluster(world.environment, { bootstrapServers: '1:9092' })
  return { world, log, consumer: new Consumer(cluster, { groupId: 'g', offsetReset: 'earliest', ...options }) }
}

/** As a broker answers that holds `log` in both partitions. */
function fetched(world: ClientWorld, log: readonly string[], request: Message): object {
  let hasData = false
  const responses = request.topics.map(({ topic, partitions }: Message) => ({
    topic,
    partitions: partitions.map(({ partition, fetchOffset }: Message) => {
      const isBeyond = fetchOffset > log.length
      hasData ||= fetchOffset !== log.length
      if (isBeyond) return { partitionIndex: partition, errorCode: ErrorCode.offsetOutOfRange, records: null }
      // As a broker does: whole batches, so the answer begins before the offset asked for.
      const batch = fetchOffset === log.length ? new Uint8Array(0) : encode(world, log)
      return {
        partitionIndex: partition,
        highWatermark: log.length,
        records: { bytes: batch, startsAt: 0, sizeBytes: batch.length },
      }
    }),
  }))
  return hasData ? { responses } : new Late(request.maxWaitMs, { responses })
}

function encode(world: ClientWorld, log: readonly string[]): Uint8Array {
  const records = log.map((text) => ({ timestampMs: 1, key: null, value: bytes(text) }))
  return world.environment.recordCodec().encodeBatch(records, {
    baseOffset: 0,
    codec: 0,
    level: 0,
    leaderEpoch: 0,
    producerId: -1,
    producerEpoch: -1,
    baseSequence: -1,
    isTransactional: false,
    isControl: false,
    isLogAppendTime: false,
  })
}

const values = (records: readonly { value: Uint8Array | null }[]): string[] =>
  records.map(({ value }) => new TextDecoder().decode(value ?? bytes('')))

/** Polls until something came, as an application does. */
async function next(world: ClientWorld, consumer: Consumer): Promise<string[]> {
  for (let polls = 0; polls < 50; polls += 1) {
    const records = await world.run(consumer.poll(100))
    if (records.length > 0) return values(records)
  }
  throw new Error('nothing came')
}

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

test('a member joins with the id it is given, reads, commits what it read when it closes, and leaves', async () => {
  const { world, consumer } = start()
  consumer.subscribe(['t'])
  expect(await next(world, consumer)).toEqual(['a', 'b', 'c'])
  expect(world.of('JoinGroup').map(({ request }) => request.memberId)).toEqual(['', 'm1'])
  await world.run(consumer.close())
  const [commit] = world.of('OffsetCommit').slice(-1)
  expect(commit?.request).toMatchObject({ memberId: 'm1', generationIdOrMemberEpoch: 2 })
  expect(commit?.request.topics[0].partitions[0]).toMatchObject({ partitionIndex: 0, committedOffset: 3 })
  expect(world.of('LeaveGroup')).toHaveLength(1)
})

test('a static member commits and does not leave', async () => {
  const { world, consumer } = start({ instanceId: 'i' })
  consumer.subscribe(['t'])
  await next(world, consumer)
  await world.run(consumer.close())
  expect(world.of('LeaveGroup')).toHaveLength(0)
  expect(world.of('JoinGroup')[0]?.request.groupInstanceId).toBe('i')
})

test('a rebalance that a heartbeat tells of: commit, revoke, join again', async () => {
  let isRebalancing = false
  const { world, consumer } = start(
    {},
    { Heartbeat: () => ({ errorCode: isRebalancing ? ErrorCode.rebalanceInProgress : 0 }) },
  )
  const events: string[] = []
  consumer.subscribe(['t'], {
    onRevoked: () => void events.push(`revoked after ${world.of('OffsetCommit').length > 0 ? 'a commit' : 'nothing'}`),
    onAssigned: () => void events.push('assigned'),
  })
  await next(world, consumer)
  isRebalancing = true
  await world.run(consumer.poll(3_500))
  isRebalancing = false
  await world.run(consumer.poll(1_000))
  expect(events).toEqual(['assigned', 'revoked after a commit', 'assigned'])
})

test('a cooperative rebalance gives up only what went away, and joins once more so that it can be dealt out', async () => {
  let assigned = [0, 1]
  let isRebalancing = false
  const { world, consumer } = start(
    { assignors: [cooperativeStickyAssignor] },
    { Heartbeat: () => ({ errorCode: isRebalancing ? ErrorCode.rebalanceInProgress : 0 }) },
    () => assigned,
  )
  const revoked: number[] = []
  consumer.subscribe(['t'], {
    onRevoked: (partitions) => void revoked.push(...partitions.map(({ partition }) => partition)),
  })
  await next(world, consumer)
  const joinsBefore = world.of('JoinGroup').length
  assigned = [0]
  isRebalancing = true
  await world.run(consumer.poll(3_500))
  isRebalancing = false
  await world.run(consumer.poll(1_000))
  expect(revoked).toEqual([1])
  expect(consumer.assignment).toEqual([{ topic: 't', partition: 0 }])
  expect(world.of('JoinGroup').length - joinsBefore).toBe(2)
})

test('a member the coordinator does not know any more has lost its partitions, commits nothing for them and joins as new', async () => {
  let isForgotten = false
  const { world, consumer } = start(
    { autoCommitIntervalMs: 3_600_000 },
    { Heartbeat: () => ({ errorCode: isForgotten ? ErrorCode.unknownMemberId : 0 }) },
  )
  const events: string[] = []
  consumer.subscribe(['t'], { onLost: () => void events.push('lost'), onRevoked: () => void events.push('revoked') })
  await next(world, consumer)
  const commits = world.of('OffsetCommit').length
  isForgotten = true
  await world.run(consumer.poll(3_500))
  isForgotten = false
  await world.run(consumer.poll(1_000))
  expect(events).toEqual(['lost'])
  expect(world.of('OffsetCommit')).toHaveLength(commits)
  expect(world.of('JoinGroup').filter(({ request }) => request.memberId === '')).toHaveLength(2)
})

test('an application that stops polling loses its membership', async () => {
  const { world, consumer } = start({ pollIntervalMaxMs: 10_000 })
  consumer.subscribe(['t'])
  await next(world, consumer)
  await world.advance(20_000)
  expect(world.of('LeaveGroup')).toHaveLength(1)
  expect(world.logged.join()).toContain('no poll for more than 10000 ms')
})

test('a coordinator that moved is found again', async () => {
  const { world, consumer } = start(
    {},
    {
      OffsetCommit: (request, call) => ({
        topics: request.topics.map(({ name }: Message) => ({
          name,
          partitions: [{ partitionIndex: 0, errorCode: call === 1 ? ErrorCode.notCoordinator : 0 }],
        })),
      }),
    },
  )
  consumer.subscribe(['t'])
  await next(world, consumer)
  const lookups = world.of('FindCoordinator').length
  await world.run(consumer.commit())
  expect(world.of('FindCoordinator').length).toBe(lookups + 1)
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
