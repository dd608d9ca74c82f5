import { expect, test } from 'vitest'
import { ErrorCode } from '../../../src/model/error-code.ts'
import { ZERO_UUID } from '../../../src/model/uuid.ts'
import { GroupWorld, subscription, type WorldClient } from '../../support/group-world.ts'
import { subscribedTopicsOf } from '../../../src/coordinator/group/subscription.ts'

/** A world with a stable group of the named dynamic members; the first leads. */
function stable(
  names: readonly string[],
  config: ConstructorParameters<typeof GroupWorld>[0] = {},
): {
  readonly world: GroupWorld
  readonly members: readonly WorldClient[]
} {
  const world = new GroupWorld({ initialRebalanceDelayMs: 0, ...config })
  const members = names.map((name) => world.client(name))
  for (const member of members) world.join(member, { version: 3, sessionMs: 100_000 })
  world.advance(0)
  const [leader, ...others] = members
  if (leader !== undefined) world.syncAsLeader(leader)
  for (const other of others) world.sync(other)
  expect(world.group().state).toBe('Stable')
  return { world, members }
}

const codeOf = (answer: {
  readonly topics: readonly { readonly partitions: readonly { readonly errorCode: number }[] }[]
}) => answer.topics[0]?.partitions[0]?.errorCode

test('a member id for a group that does not exist is unknown', () => {
  const world = new GroupWorld()
  const client = world.client('a')
  world.join(client, { memberId: 'ghost' })
  expect(client.lastJoin?.errorCode).toBe(ErrorCode.unknownMemberId)
  expect(world.partition.groups.size).toBe(0)
})

test('the wrong generation is refused by heartbeat, sync and commit', () => {
  const { world, members } = stable(['a'])
  const [a] = members as [WorldClient]
  a.generationId = 7
  expect(world.heartbeat(a)).toBe(ErrorCode.illegalGeneration)
  world.sync(a)
  expect(a.lastSync?.errorCode).toBe(ErrorCode.illegalGeneration)
  expect(codeOf(world.commit(a, { 't-0': 1 }))).toBe(ErrorCode.illegalGeneration)
})

test('sync of another protocol than the chosen one is refused', () => {
  const { world, members } = stable(['a'])
  const [a] = members as [WorldClient]
  const answer = world.run((step) =>
    world.partition.sync(
      step,
      {
        groupId: 'g',
        memberId: a.memberId,
        groupInstanceId: null,
        generationId: 1,
        protocolType: 'consumer',
        protocolName: 'sticky',
        assignments: [],
      },
      99,
    ),
  )
  expect(answer?.errorCode).toBe(ErrorCode.inconsistentGroupProtocol)
})

test('a commit to a group that does not exist needs no generation; with one the code depends on the version', () => {
  const world = new GroupWorld()
  expect(codeOf(world.commit(undefined, { 't-0': 1 }, { generationIdOrMemberEpoch: 3, apiVersion: 8 }))).toBe(
    ErrorCode.illegalGeneration,
  )
  expect(codeOf(world.commit(undefined, { 't-0': 1 }, { generationIdOrMemberEpoch: 3, apiVersion: 9 }))).toBe(
    ErrorCode.groupIdNotFound,
  )
  expect(codeOf(world.commit(undefined, { 't-0': 1 }))).toBe(ErrorCode.none)
  expect(world.offset('t', 0)).toBe(1)
})

test('metadata and leader epoch come back unchanged, metadata that is too long is refused for its partition alone', () => {
  const world = new GroupWorld({ offsetMetadataSizeMax: 5 })
  const topics = [
    {
      name: 't',
      topicId: ZERO_UUID,
      partitions: ['héé🙂', '123456', null].map((committedMetadata, partitionIndex) => ({
        partitionIndex,
        committedOffset: 10 + partitionIndex,
        committedLeaderEpoch: 8,
        commitTimestamp: -1,
        committedMetadata,
      })),
    },
  ]
  const answer = world.commit(undefined, {}, { topics })
  expect(answer.topics[0]?.partitions.map(({ errorCode }) => errorCode)).toEqual([
    ErrorCode.none,
    ErrorCode.offsetMetadataTooLarge,
    ErrorCode.none,
  ])
  const [fetched] = world.partition.fetchOffsets({ groupId: 'g', topics: null, requireStable: false })
  expect(fetched?.partitions).toEqual([
    { partitionIndex: 0, committedOffset: 10, committedLeaderEpoch: 8, metadata: 'héé🙂', errorCode: 0 },
    { partitionIndex: 2, committedOffset: 12, committedLeaderEpoch: 8, metadata: '', errorCode: 0 },
  ])
})

test('a static member that is replaced is fenced everywhere', () => {
  const world = new GroupWorld({ initialRebalanceDelayMs: 0 })
  const old = world.client('old', 'one')
  world.join(old)
  world.advance(0)
  world.syncAsLeader(old)
  const next = world.client('next', 'one')
  world.join(next)
  expect(next.memberId).not.toBe(old.memberId)
  expect(world.heartbeat(old)).toBe(ErrorCode.fencedInstanceId)
  expect(codeOf(world.commit(old, { 't-0': 1 }))).toBe(ErrorCode.fencedInstanceId)
  expect(world.leave([old])).toEqual([ErrorCode.fencedInstanceId])
  world.join(old)
  expect(old.lastJoin?.errorCode).toBe(ErrorCode.fencedInstanceId)
  expect(world.heartbeat(next)).toBe(ErrorCode.none)
})

test('a static member whose replacement cannot be stored is put back', () => {
  const world = new GroupWorld({ initialRebalanceDelayMs: 0 })
  const old = world.client('old', 'one')
  world.join(old)
  world.advance(0)
  world.syncAsLeader(old)
  world.isHolding = true
  const next = world.client('next', 'one')
  world.join(next)
  world.release(ErrorCode.coordinatorNotAvailable)
  expect(next.lastJoin?.errorCode).toBe(ErrorCode.coordinatorNotAvailable)
  expect(world.heartbeat(old)).toBe(ErrorCode.none)
  expect(world.group().leader).toBe(old.memberId)
})

test('the session of a returning static member starts when it is answered, however slow the log is', () => {
  for (const slowMs of [9_000, 50_000]) {
    const world = new GroupWorld({ initialRebalanceDelayMs: 0 })
    const old = world.client('old', 'one')
    world.join(old)
    world.advance(0)
    world.syncAsLeader(old)
    world.isHolding = true
    const next = world.client('next', 'one')
    world.join(next)
    world.advance(slowMs)
    world.isHolding = false
    world.release()
    expect(next.lastJoin?.errorCode).toBe(ErrorCode.none)
    world.advance(9_000)
    expect(world.heartbeat(next)).toBe(ErrorCode.none)
    world.advance(10_000)
    expect(world.group().members.size).toBe(0)
  }
})

test('a static member keeps its place until it is removed by its instance id', () => {
  const world = new GroupWorld({ initialRebalanceDelayMs: 0 })
  const one = world.client('a', 'one')
  world.join(one)
  world.advance(0)
  world.syncAsLeader(one)
  const admin: WorldClient = { ...one, memberId: '' }
  expect(world.leave([admin, { ...admin, instanceId: 'nobody' }])).toEqual([ErrorCode.none, ErrorCode.unknownMemberId])
  expect(world.group().state).toBe('Empty')
})

test('many leaving at once cost one rebalance', () => {
  const { world, members } = stable(['a', 'b', 'c', 'd'])
  const [a, b, c, d] = members as [WorldClient, WorldClient, WorldClient, WorldClient]
  expect(world.leave([b, c, { ...d, memberId: 'ghost' }])).toEqual([
    ErrorCode.none,
    ErrorCode.none,
    ErrorCode.unknownMemberId,
  ])
  world.join(a)
  world.join(d)
  expect(world.group().generationId).toBe(2)
})

test('an unused member id that is given back disturbs nobody', () => {
  const { world, members } = stable(['a'])
  const late = world.client('late')
  world.join(late, { version: 9 })
  expect(late.lastJoin?.errorCode).toBe(ErrorCode.memberIdRequired)
  expect(world.leave([late])).toEqual([ErrorCode.none])
  expect(world.heartbeat(members[0] as WorldClient)).toBe(ErrorCode.none)
  expect(world.group().generationId).toBe(1)
})

test('ids that were handed out and not used are bounded', () => {
  const { world } = stable(['a'], { pendingMemberCountMax: 2 })
  const codes = ['x', 'y', 'z'].map((name) => {
    const client = world.client(name)
    world.join(client, { version: 9 })
    return client.lastJoin?.errorCode
  })
  expect(codes).toEqual([ErrorCode.memberIdRequired, ErrorCode.memberIdRequired, ErrorCode.groupMaxSizeReached])
})

test('a follower that rejoins unchanged is told the current state at once', () => {
  const { world, members } = stable(['a', 'b'])
  const b = members[1] as WorldClient
  world.join(b, { version: 3, sessionMs: 100_000 })
  expect(b.lastJoin?.generationId).toBe(1)
  expect(world.group().state).toBe('Stable')
  world.join(b, { version: 3, sessionMs: 100_000, metadata: 'other' })
  expect(world.group().state).toBe('PreparingRebalance')
})

test('a repeated JoinGroup answers the first one, so that no connection waits for ever', () => {
  const { world, members } = stable(['a', 'b'])
  const a = members[0] as WorldClient
  world.join(a, { version: 3 })
  expect(world.parkedCount).toBe(1)
  world.join(a, { version: 3 })
  expect(a.lastJoin?.errorCode).toBe(ErrorCode.rebalanceInProgress)
  expect(world.parkedCount).toBe(1)
})

test('a group with members cannot be deleted, one without goes with its offsets', () => {
  const { world, members } = stable(['a'])
  const a = members[0] as WorldClient
  world.commit(a, { 't-0': 5 })
  expect(world.deleteGroup('g')).toBe(ErrorCode.nonEmptyGroup)
  expect(world.deleteGroup('other')).toBe(ErrorCode.groupIdNotFound)
  world.leave([a])
  expect(world.deleteGroup('g')).toBe(ErrorCode.none)
  expect(world.partition.groups.size).toBe(0)
  expect(world.offset('t', 0)).toBe(-1)
  world.reload()
  expect(world.partition.groups.size).toBe(0)
})

test('a deletion that cannot be stored leaves the group as it was', () => {
  const world = new GroupWorld()
  world.commit(undefined, { 't-0': 5 })
  world.isHolding = true
  expect(world.deleteGroup('g')).toBe(ErrorCode.none)
  world.release(ErrorCode.coordinatorNotAvailable)
  expect(world.group().state).toBe('Empty')
  expect(world.offset('t', 0)).toBe(5)
})

test('offsets of a topic that a member reads cannot be deleted', () => {
  const { world, members } = stable(['a'])
  world.commit(members[0], { 't-0': 1, 'u-0': 2 })
  const remove = (groupId: string) =>
    world.run((step) =>
      world.partition.deleteOffsets(step, {
        groupId,
        topics: [
          { name: 't', partitions: [{ partitionIndex: 0 }] },
          { name: 'u', partitions: [{ partitionIndex: 0 }, { partitionIndex: 9 }] },
        ],
      }),
    )
  expect(remove('other').errorCode).toBe(ErrorCode.groupIdNotFound)
  expect(remove('g').topics.map((topic) => topic.partitions.map(({ errorCode }) => errorCode))).toEqual([
    [ErrorCode.groupSubscribedToTopic],
    [ErrorCode.none, ErrorCode.none],
  ])
  expect([world.offset('t', 0), world.offset('u', 0)]).toEqual([1, -1])
})

test('offsets of a group that is no consumer group cannot be deleted while it has members', () => {
  const world = new GroupWorld({ initialRebalanceDelayMs: 0 })
  const a = world.client('a')
  world.join(a, { version: 3, type: 'connect' })
  world.advance(0)
  const answer = world.run((step) => world.partition.deleteOffsets(step, { groupId: 'g', topics: [] }))
  expect(answer.errorCode).toBe(ErrorCode.nonEmptyGroup)
})

test('an expiry given with the commit counts instead of the retention', () => {
  const world = new GroupWorld({ offsetsRetentionMs: 10_000 })
  world.commit(undefined, { 't-0': 1 }, { retentionTimeMs: 50_000 })
  world.advance(49_999)
  world.expire()
  expect(world.offset('t', 0)).toBe(1)
  world.advance(1)
  world.expire()
  expect(world.offset('t', 0)).toBe(-1)
})

test('offsets of a deleted topic are buried', () => {
  const world = new GroupWorld()
  world.commit(undefined, { 't-0': 1, 'u-0': 2 })
  world.run((step) => world.partition.forgetTopic(step, 't'))
  expect([world.offset('t', 0), world.offset('u', 0)]).toEqual([-1, 2])
})

test('an offset of a topic that was deleted and made again is not shown for the new one', () => {
  const world = new GroupWorld()
  const oldId = 'BBBBBBBBBBBBBBBBBBBBBA'
  const partitions = [
    { partitionIndex: 0, committedOffset: 4, committedLeaderEpoch: 0, commitTimestamp: -1, committedMetadata: '' },
  ]
  world.commit(undefined, {}, { topics: [{ name: 't', topicId: oldId, partitions }] })
  const fetch = (topicId: string) =>
    world.partition.fetchOffsets({
      groupId: 'g',
      topics: [{ name: 't', topicId, partitionIndexes: [0] }],
      requireStable: false,
    })[0]?.partitions[0]?.committedOffset
  expect([fetch(oldId), fetch(ZERO_UUID), fetch('CCCCCCCCCCCCCCCCCCCCCA')]).toEqual([4, 4, -1])
})

test('offsets of an open transaction are unstable, count when it commits and never when it aborts', () => {
  const world = new GroupWorld()
  world.commit(undefined, { 't-0': 1 })
  const record = world.log[0]?.record
  if (record?.kind !== 'offset') throw new Error('an offset was written')
  const later = { ...record, offset: 9 }
  world.partition.replay(later, 5, 77, world.wallMs)
  expect(world.offset('t', 0, 'g', false)).toBe(1)
  const [topic] = world.partition.fetchOffsets({
    groupId: 'g',
    topics: [{ name: 't', topicId: ZERO_UUID, partitionIndexes: [0] }],
    requireStable: true,
  })
  expect(topic?.partitions[0]?.errorCode).toBe(ErrorCode.unstableOffsetCommit)
  world.partition.endTransaction(77, false)
  expect(world.offset('t', 0, 'g', true)).toBe(1)
  world.partition.replay(later, 6, 78, world.wallMs)
  // A plain commit that was written after the transaction's is the newer one, whenever the marker comes.
  world.partition.replay({ ...record, offset: 20 }, 7, -1, world.wallMs)
  world.partition.endTransaction(78, true)
  expect(world.offset('t', 0)).toBe(20)
})

test('a group without members and offsets goes with the next sweep, unless somebody is about to join', () => {
  const world = new GroupWorld()
  const a = world.client('a')
  world.join(a)
  expect(a.lastJoin?.errorCode).toBe(ErrorCode.memberIdRequired)
  world.expire()
  expect(world.partition.groups.size).toBe(1)
  world.advance(10_000)
  world.expire()
  expect(world.partition.groups.size).toBe(0)
})

test('a group larger than allowed shrinks when it is loaded', () => {
  const { world, members } = stable(['a', 'b', 'c'])
  const smaller = new GroupWorld({ memberCountMax: 2 })
  smaller.log.push(...world.log)
  smaller.reload()
  expect(smaller.group().state).toBe('PreparingRebalance')
  for (const member of members) smaller.join(member, { version: 3, sessionMs: 100_000 })
  expect(members[2]?.lastJoin?.errorCode).toBe(ErrorCode.groupMaxSizeReached)
  expect(smaller.group().members.size).toBe(2)
  expect(smaller.group().state).toBe('CompletingRebalance')
})

test('a subscription that is none makes the group count as reading everything', () => {
  expect(subscribedTopicsOf(subscription('t,u'))).toEqual(['t', 'u'])
  for (let size = 0; size < 10; size += 1)
    expect(subscribedTopicsOf(subscription('t,u').subarray(0, size))).toBeUndefined()
  expect(subscribedTopicsOf(Uint8Array.of(0, 0, 0x7f, 0xff, 0xff, 0xff))).toBeUndefined()
})

test('list filters by state and type in any case, describe shows members only when stable', () => {
  const { world } = stable(['a'])
  world.commit(undefined, { 't-0': 1 }, { groupId: 'simple' })
  expect(world.partition.list([], []).map(({ groupId }) => groupId)).toEqual(['g', 'simple'])
  expect(world.partition.list(['stable'], ['Classic']).map(({ groupId }) => groupId)).toEqual(['g'])
  expect(world.partition.list([], ['consumer'])).toEqual([])
  const described = world.partition.describe('g')
  expect(described?.protocolData).toBe('range')
  expect(described?.members[0]?.clientHost).toBe('/127.0.0.1')
  expect(described?.members[0]?.memberMetadata.length).toBeGreaterThan(0)
  world.join(world.client('b'), { version: 3 })
  expect(world.partition.describe('g')?.members[0]?.memberMetadata.length).toBe(0)
  expect(world.partition.describe('nobody')).toBeUndefined()
})
