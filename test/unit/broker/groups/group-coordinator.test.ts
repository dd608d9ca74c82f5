import { expect, test } from 'vitest'
import { partitionOfGroup } from '../../../../src/broker/groups/group-service.ts'
import type { JoinGroupRequest } from '../../../../src/protocol/generated/11-join-group.ts'
import { ErrorCode } from '../../../../src/model/error-code.ts'
import { ZERO_UUID } from '../../../../src/model/uuid.ts'
import { contextOf, FakeNode, settle } from './fake-node.ts'

const GROUP = 'orders'

function joinRequest(memberId: string, more: Partial<JoinGroupRequest> = {}): JoinGroupRequest {
  return {
    groupId: GROUP,
    sessionTimeoutMs: 10_000,
    rebalanceTimeoutMs: 60_000,
    memberId,
    groupInstanceId: null,
    protocolType: 'consumer',
    protocols: [{ name: 'range', metadata: Uint8Array.of(0, 0, 0, 0, 0, 0) }],
    reason: null,
    ...more,
  }
}

const commitRequest = (offset: number, memberId = '', generation = -1, groupId = GROUP) => ({
  groupId,
  generationIdOrMemberEpoch: generation,
  memberId,
  groupInstanceId: null,
  retentionTimeMs: -1,
  topics: [
    {
      name: 't',
      topicId: ZERO_UUID,
      partitions: [
        {
          partitionIndex: 0,
          committedOffset: offset,
          committedLeaderEpoch: 2,
          commitTimestamp: -1,
          committedMetadata: 'note',
        },
      ],
    },
  ],
})

const fetchRequest = (requireStable = false, groupId = GROUP) => ({ groupId, topics: null, requireStable })

async function committed(node: FakeNode, requireStable = false): Promise<number | undefined> {
  const answer = await node.call('fetchOffsets', GROUP, fetchRequest(requireStable), 9)
  return answer.topics?.[0]?.partitions?.[0]?.committedOffset
}

/** A stable group of one member. */
async function stableNode(): Promise<{ readonly node: FakeNode; readonly memberId: string }> {
  const node = new FakeNode()
  await node.lead()
  const joined = node.call('joinGroup', GROUP, joinRequest(''), 3)
  await node.time.advance(50)
  const memberId = (await joined).memberId ?? ''
  await node.call('syncGroup', GROUP, {
    groupId: GROUP,
    generationId: 1,
    memberId,
    groupInstanceId: null,
    protocolType: null,
    protocolName: null,
    assignments: [{ memberId, assignment: Uint8Array.of(7) }],
  })
  return { node, memberId }
}

const heartbeatRequest = (memberId: string, generationId = 1) => ({
  groupId: GROUP,
  generationId,
  memberId,
  groupInstanceId: null,
})

test("groups are placed by Java's hash of their name", () => {
  expect(partitionOfGroup('console-consumer-12345', 50)).toBe(Math.abs(javaHash('console-consumer-12345')) % 50)
  // A negative hash: Kafka 3.9.1 has this group in partition 0 of 3, where masking the sign would look in 2.
  expect(partitionOfGroup('moved-group', 3)).toBe(0)
  expect(partitionOfGroup('moved-group', 50)).toBe(Math.abs(javaHash('moved-group')) % 50)
  // "polygenelubricants" hashes to the least number, which has no absolute value: Kafka takes 0.
  expect(partitionOfGroup('polygenelubricants', 50)).toBe(0)
  expect(partitionOfGroup('', 50)).toBe(0)
})

function javaHash(text: string): number {
  let hash = 0n
  for (const char of text) hash = BigInt.asIntN(32, hash * 31n + BigInt(char.charCodeAt(0)))
  return Number(hash)
}

test('a member joins, syncs and commits whichever shard it talks to', async () => {
  const { node, memberId } = await stableNode()
  expect(memberId).toMatch(/^client-[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  for (const shard of [0, 1]) {
    const answer = await node.call('heartbeat', GROUP, heartbeatRequest(memberId), 4, shard)
    expect(answer.errorCode).toBe(ErrorCode.none)
    const commit = await node.call('commitOffsets', GROUP, commitRequest(shard + 5, memberId, 1), 9, shard)
    expect(commit.topics?.[0]?.partitions?.[0]?.errorCode).toBe(ErrorCode.none)
    expect(await committed(node)).toBe(shard + 5)
  }
})

test('one OffsetCommit is one append', async () => {
  const { node, memberId } = await stableNode()
  const before = node.logs.appendCount
  await node.call('commitOffsets', GROUP, commitRequest(5, memberId, 1), 9)
  expect(node.logs.appendCount).toBe(before + 1)
})

test('a commit is neither answered nor shown before it is durable, and who asks for stable offsets waits for it', async () => {
  const { node, memberId } = await stableNode()
  await node.call('commitOffsets', GROUP, commitRequest(5, memberId, 1), 9)
  node.logs.hold()
  let isAnswered = false
  const commit = node.call('commitOffsets', GROUP, commitRequest(6, memberId, 1), 9).then((answer) => {
    isAnswered = true
    return answer
  })
  const stable = committed(node, true)
  await settle()
  expect(isAnswered).toBe(false)
  expect(await committed(node)).toBe(5)
  node.logs.release()
  await commit
  expect(await stable).toBe(6)
})

test('an append that fails refuses the commit with a code that makes the client find its coordinator again', async () => {
  const { node, memberId } = await stableNode()
  node.logs.appendCode = ErrorCode.notLeaderOrFollower
  const commit = await node.call('commitOffsets', GROUP, commitRequest(6, memberId, 1), 9)
  expect(commit.topics?.[0]?.partitions?.[0]?.errorCode).toBe(ErrorCode.notCoordinator)
  node.logs.appendCode = ErrorCode.notEnoughReplicas
  const again = await node.call('commitOffsets', GROUP, commitRequest(6, memberId, 1), 9)
  expect(again.topics?.[0]?.partitions?.[0]?.errorCode).toBe(ErrorCode.coordinatorNotAvailable)
})

test('while the log is read, members are told to wait but heartbeats pass', async () => {
  const node = new FakeNode()
  node.logs.replayCode = ErrorCode.kafkaStorageError
  await node.lead()
  expect((await node.call('joinGroup', GROUP, joinRequest(''))).errorCode).toBe(ErrorCode.coordinatorLoadInProgress)
  expect((await node.call('heartbeat', GROUP, heartbeatRequest('m'))).errorCode).toBe(ErrorCode.none)
  expect((await node.call('fetchOffsets', GROUP, fetchRequest())).errorCode).toBe(ErrorCode.coordinatorLoadInProgress)
  const listed = await node.shards[0]?.router.callAll('listGroups', { statesFilter: [], typesFilter: [] }, contextOf(5))
  expect(listed?.map(({ errorCode }) => errorCode)).toEqual([14, 14])
  node.logs.replayCode = ErrorCode.none
  await node.time.advance(500)
  expect((await node.call('joinGroup', GROUP, joinRequest(''), 4)).errorCode).toBe(ErrorCode.memberIdRequired)
})

test('without the topic, or with another leader, this node is not the coordinator', async () => {
  const node = new FakeNode()
  expect((await node.call('heartbeat', GROUP, heartbeatRequest('m'))).errorCode).toBe(ErrorCode.notCoordinator)
  await node.lead(2)
  expect((await node.call('heartbeat', GROUP, heartbeatRequest('m'))).errorCode).toBe(ErrorCode.notCoordinator)
})

test('a parked member is told when the coordinator moves, and the group is as it was when it comes back', async () => {
  const { node, memberId } = await stableNode()
  await node.call('commitOffsets', GROUP, commitRequest(5, memberId, 1), 9)
  const parked = node.call('joinGroup', GROUP, joinRequest('', {}), 3)
  await settle()
  await node.lead(2, 1)
  expect((await parked).errorCode).toBe(ErrorCode.notCoordinator)
  expect(node.shards.map(({ coordinator }) => coordinator.parkedCount)).toEqual([0, 0])
  expect(node.shards.map(({ coordinator }) => coordinator.deadlineCount)).toEqual([0, 0])
  await node.lead(1, 2)
  expect((await node.call('heartbeat', GROUP, heartbeatRequest(memberId))).errorCode).toBe(ErrorCode.none)
  expect(await committed(node)).toBe(5)
})

test('ten thousand members cost one timer of the thread', async () => {
  const node = new FakeNode({ initialRebalanceDelayMs: 3_000 }, 1)
  await node.lead()
  const before = node.time.pendingCount
  const joins = Array.from({ length: 10_000 }, () => node.call('joinGroup', GROUP, joinRequest(''), 3))
  expect(node.shards[0]?.coordinator.deadlineCount).toBe(10_001)
  expect(node.time.pendingCount).toBe(before + 1)
  await node.time.advance(7_000)
  const answers = await Promise.all(joins)
  expect(new Set(answers.map(({ generationId }) => generationId))).toEqual(new Set([1]))
  expect(node.time.pendingCount).toBe(before + 1)
})

test('a session that ends removes the member within a moment of its time', async () => {
  const { node, memberId } = await stableNode()
  await node.call('heartbeat', GROUP, heartbeatRequest(memberId))
  await node.time.advance(9_900)
  expect((await node.call('describeGroup', GROUP, { groupId: GROUP }, 6)).groupState).toBe('Stable')
  await node.time.advance(150)
  expect((await node.call('describeGroup', GROUP, { groupId: GROUP }, 6)).groupState).toBe('Empty')
})

test('the sweep buries what has expired', async () => {
  const node = new FakeNode({ offsetsRetentionMs: 1_000_000 })
  await node.lead()
  await node.call('commitOffsets', GROUP, commitRequest(5), 9)
  await node.time.advance(999_000)
  expect(await committed(node)).toBe(5)
  await node.time.advance(601_000)
  expect(await committed(node)).toBeUndefined()
  expect((await node.call('describeGroup', GROUP, { groupId: GROUP }, 6)).errorCode).toBe(ErrorCode.groupIdNotFound)
  expect((await node.call('describeGroup', GROUP, { groupId: GROUP }, 5)).groupState).toBe('Dead')
})

test('groups without a name may keep offsets but have no members', async () => {
  const node = new FakeNode()
  await node.lead()
  expect((await node.call('joinGroup', '', joinRequest('', { groupId: '' }))).errorCode).toBe(ErrorCode.invalidGroupId)
  const commit = await node.call('commitOffsets', '', commitRequest(1, '', -1, ''), 9)
  expect(commit.topics?.[0]?.partitions?.[0]?.errorCode).toBe(ErrorCode.none)
})

test('session timeouts outside the limits are refused', async () => {
  const node = new FakeNode()
  await node.lead()
  for (const sessionTimeoutMs of [5_999, 1_800_001]) {
    const answer = await node.call('joinGroup', GROUP, joinRequest('', { sessionTimeoutMs }))
    expect(answer.errorCode).toBe(ErrorCode.invalidSessionTimeout)
  }
})

test('every method can be forwarded to another shard', async () => {
  const node = new FakeNode()
  await node.lead()
  for (const groupId of ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']) {
    for (const shard of [0, 1]) {
      await node.call('commitOffsets', groupId, commitRequest(1, '', -1, groupId), 9, shard)
      const fetched = await node.call('fetchOffsets', groupId, fetchRequest(true, groupId), 9, shard)
      expect(fetched.topics?.[0]?.partitions?.[0]?.committedOffset).toBe(1)
      expect((await node.call('describeGroup', groupId, { groupId }, 6, shard)).groupState).toBe('Empty')
    }
  }
  const listed = await node.shards[1]?.router.callAll('listGroups', { statesFilter: [], typesFilter: [] }, contextOf(5))
  expect(listed?.flatMap(({ groups }) => groups ?? []).length).toBe(8)
  const deleted = await node.call('deleteGroup', 'a', { groupId: 'a' }, 2, 1)
  expect(deleted.errorCode).toBe(ErrorCode.none)
})
