import { expect, test } from 'vitest'
import { BrokerError } from '../../../src/client/errors.ts'
import { cooperativeStickyAssignor } from '../../../src/client/consumer/assignors.ts'
import { readSubscription } from '../../../src/client/consumer/consumer-protocol.ts'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { METADATA_AGE_MAX_MS } from '../../../src/client/limits.ts'
import { type ClientWorld, Late, metadata, type Message, type Script } from '../../support/client-world.ts'
import { next, startConsumer as start, values } from '../../support/consumer-world.ts'

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

test('an application that polls again while its leaving is under way joins once and keeps what it gets', async () => {
  const { world, consumer } = start(
    { pollIntervalMaxMs: 10_000 },
    { LeaveGroup: () => new Late(5_000, { members: [] }) },
  )
  const lost: unknown[] = []
  consumer.subscribe(['t'], { onLost: (partitions) => void lost.push(...partitions) })
  await next(world, consumer)
  while (world.of('LeaveGroup').length === 0) await world.advance(100)
  const joins = world.of('JoinGroup').length
  expect(values(await world.run(consumer.poll(8_000)))).toEqual(['a', 'b', 'c'])
  for (let polls = 0; polls < 3; polls += 1) await world.run(consumer.poll(5_000))
  // One to be given an id, one with it.
  expect(world.of('JoinGroup')).toHaveLength(joins + 2)
  expect(lost).toHaveLength(1)
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

test('a commit that is refused for what it says starts no rebalance', async () => {
  const { world, consumer } = start(
    { isAutoCommit: false },
    { OffsetCommit: refusing(ErrorCode.offsetMetadataTooLarge) },
  )
  consumer.subscribe(['t'])
  await next(world, consumer)
  const joins = world.of('JoinGroup').length
  await expect(world.run(consumer.commit())).rejects.toBeInstanceOf(BrokerError)
  await world.run(consumer.poll(2_000))
  expect(world.of('JoinGroup')).toHaveLength(joins)
})

test('what is said of a commit of the generation before does not concern the one that was joined meanwhile', async () => {
  const illegal = refusing(ErrorCode.illegalGeneration)
  const { world, consumer } = start(
    { isAutoCommit: false },
    { OffsetCommit: (...call) => new Late(500, illegal(...call) as object) },
  )
  const lost: unknown[] = []
  consumer.subscribe(['t'], { onLost: (partitions) => void lost.push(...partitions) })
  await next(world, consumer)
  const joins = world.of('JoinGroup').length
  const commit = consumer.commit()
  commit.catch(() => {})
  consumer.subscribe(['t', 'u'], { onLost: (partitions) => void lost.push(...partitions) })
  await next(world, consumer)
  expect(world.of('JoinGroup')).toHaveLength(joins + 1)
  await expect(world.run(commit)).rejects.toBeInstanceOf(BrokerError)
  await world.run(consumer.poll(5_000))
  expect(world.of('JoinGroup')).toHaveLength(joins + 1)
  expect(lost).toEqual([])
})

test('a member whose commit shows that it is none any more has lost its partitions and commits nothing for them', async () => {
  const { world, consumer } = start({}, { OffsetCommit: refusing(ErrorCode.unknownMemberId) })
  const events: string[] = []
  consumer.subscribe(['t'], { onLost: () => void events.push('lost'), onRevoked: () => void events.push('revoked') })
  await next(world, consumer)
  await expect(world.run(consumer.commit())).rejects.toBeInstanceOf(BrokerError)
  const commits = world.of('OffsetCommit').length
  const joins = world.of('JoinGroup').length
  while (world.of('JoinGroup').length === joins) await world.run(consumer.poll(100))
  expect(events).toEqual(['lost'])
  expect(world.of('OffsetCommit')).toHaveLength(commits)
})

test('before it is a member a subscribed consumer commits nothing: as an outsider it could move offsets back', async () => {
  const { world, consumer } = start()
  consumer.subscribe(['t'])
  const refused = consumer.commit([{ topic: 't', partition: 0, offset: 1 }])
  await expect(world.run(refused)).rejects.toBeInstanceOf(BrokerError)
  expect(world.of('OffsetCommit')).toHaveLength(0)
})

test('a partition assigned of a topic that the broker asked does not know yet is read as soon as it does', async () => {
  let isKnown = false
  const unknown = { ...metadata(1, {}), topics: [{ name: 't', errorCode: ErrorCode.unknownTopicOrPartition }] }
  const { world, consumer } = start({}, { Metadata: () => (isKnown ? metadata(1, { t: [1, 1] }) : unknown) })
  consumer.subscribe(['t'])
  await world.run(consumer.poll(3_000))
  isKnown = true
  expect(await next(world, consumer)).toEqual(['a', 'b', 'c'])
})

test('topics subscribed to while a join is under way are joined for right after it', async () => {
  const { world, consumer } = start()
  const join = world.script['JoinGroup'] as Script[string]
  world.script['JoinGroup'] = (...call) => new Late(2_000, join(...call) as object)
  consumer.subscribe(['t'])
  while (world.of('JoinGroup').length < 2) await world.run(consumer.poll(100))
  consumer.subscribe(['t', 'u'])
  await next(world, consumer)
  const [last] = world.of('JoinGroup').slice(-1)
  expect(readSubscription(last?.request.protocols[0].metadata).topics).toEqual(['t', 'u'])
})

test('a static member whose place another took reads nothing more, and every poll says so', async () => {
  let isFenced = false
  const { world, consumer } = start({ instanceId: 'i', isAutoCommit: false })
  const { JoinGroup } = world.script
  const fenced = { errorCode: ErrorCode.fencedInstanceId, protocolName: '' }
  world.script['Heartbeat'] = () => (isFenced ? fenced : {})
  world.script['JoinGroup'] = (...call) => (isFenced ? fenced : JoinGroup?.(...call))
  const lost: unknown[] = []
  consumer.subscribe(['t'], { onLost: (partitions) => void lost.push(...partitions) })
  await next(world, consumer)
  isFenced = true
  for (let polls = 0; polls < 3; polls += 1) {
    await expect(world.run(consumer.poll(10_000))).rejects.toMatchObject({ codeName: 'FENCED_INSTANCE_ID' })
  }
  expect(lost).toEqual([{ topic: 't', partition: 0 }])
  const fetches = world.of('Fetch').length
  await world.run(consumer.poll(10_000)).catch(() => {})
  expect(world.of('Fetch')).toHaveLength(fetches)
})

test('a commit that has to be tried again is not stored after a later one', async () => {
  const { world, consumer } = start({ isAutoCommit: false })
  const accept = world.script['OffsetCommit'] as Script[string]
  const refuse = refusing(ErrorCode.notCoordinator)
  const stored: number[] = []
  world.script['OffsetCommit'] = (request, call, nodeId) => {
    if (call === 1) return refuse(request, call, nodeId)
    stored.push(request.topics[0].partitions[0].committedOffset)
    return accept(request, call, nodeId)
  }
  const partition = { topic: 't', partition: 0 }
  consumer.assign([partition])
  const commits = [1, 2].map((offset) => consumer.commit([{ ...partition, offset }]))
  await world.run(Promise.all(commits))
  expect(stored).toEqual([1, 2])
})

/** Makes the member lead its group: it deals the partitions out. */
function lead(world: ClientWorld): void {
  const join = world.script['JoinGroup'] as Script[string]
  world.script['JoinGroup'] = (request, call, nodeId) => {
    const answer: Message = join(request, call, nodeId)
    if (answer.errorCode !== undefined) return answer
    const { memberId, protocols } = request
    return { ...answer, leader: memberId, members: [{ memberId, metadata: protocols[0].metadata }] }
  }
}

test('partitions added to a topic, and a topic made late, are dealt out when metadata is looked at again', async () => {
  const { world, consumer } = start({ fetchWaitMs: 10_000 })
  lead(world)
  let topics: Record<string, readonly number[]> = { t: [1] }
  world.script['Metadata'] = () => metadata(1, topics)
  consumer.subscribe(['t', 'u'])
  await next(world, consumer)
  const joins = (): number => world.of('JoinGroup').length
  const pollFor = async (ms: number): Promise<void> => {
    for (const endsAtMs = world.nowMs + ms; world.nowMs < endsAtMs; ) await world.run(consumer.poll(10_000))
  }
  const joinsAtFirst = joins()
  await pollFor(METADATA_AGE_MAX_MS)
  expect(joins()).toBe(joinsAtFirst)
  topics = { t: [1, 1] }
  await pollFor(METADATA_AGE_MAX_MS + 20_000)
  expect(joins()).toBe(joinsAtFirst + 1)
  topics = { t: [1, 1], u: [1] }
  await pollFor(METADATA_AGE_MAX_MS + 20_000)
  expect(joins()).toBe(joinsAtFirst + 2)
})

/** Refuses every offset of a commit with `errorCode`. */
function refusing(errorCode: number): Script[string] {
  return (request) => ({
    topics: request.topics.map(({ name, partitions }: Message) => ({
      name,
      partitions: partitions.map(({ partitionIndex }: Message) => ({ partitionIndex, errorCode })),
    })),
  })
}
