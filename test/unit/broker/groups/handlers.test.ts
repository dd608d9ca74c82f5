import { expect, test } from 'vitest'
import type { ApiHandler, BrokerServices } from '../../../../src/broker/context.ts'
import { deleteGroupsHandler } from '../../../../src/broker/handlers/42-delete-groups.ts'
import { describeGroupsHandler } from '../../../../src/broker/handlers/15-describe-groups.ts'
import { findCoordinatorHandler } from '../../../../src/broker/handlers/10-find-coordinator.ts'
import { heartbeatHandler } from '../../../../src/broker/handlers/12-heartbeat.ts'
import { joinGroupHandler } from '../../../../src/broker/handlers/11-join-group.ts'
import { leaveGroupHandler } from '../../../../src/broker/handlers/13-leave-group.ts'
import { listGroupsHandler } from '../../../../src/broker/handlers/16-list-groups.ts'
import { offsetCommitHandler } from '../../../../src/broker/handlers/08-offset-commit.ts'
import { offsetDeleteHandler } from '../../../../src/broker/handlers/47-offset-delete.ts'
import { offsetFetchHandler } from '../../../../src/broker/handlers/09-offset-fetch.ts'
import { syncGroupHandler } from '../../../../src/broker/handlers/14-sync-group.ts'
import type { CreateTopicSpec } from '../../../../src/cluster/contract.ts'
import { ErrorCode } from '../../../../src/model/error-code.ts'
import { OFFSETS_TOPIC } from '../../../../src/model/names.ts'
import { ZERO_UUID } from '../../../../src/model/uuid.ts'
import {
  readOffsetCommitResponse,
  writeOffsetCommitRequest,
} from '../../../../src/protocol/generated/08-offset-commit.ts'
import { readOffsetFetchResponse, writeOffsetFetchRequest } from '../../../../src/protocol/generated/09-offset-fetch.ts'
import {
  readFindCoordinatorResponse,
  writeFindCoordinatorRequest,
} from '../../../../src/protocol/generated/10-find-coordinator.ts'
import { readJoinGroupResponse, writeJoinGroupRequest } from '../../../../src/protocol/generated/11-join-group.ts'
import { readHeartbeatResponse, writeHeartbeatRequest } from '../../../../src/protocol/generated/12-heartbeat.ts'
import { readLeaveGroupResponse, writeLeaveGroupRequest } from '../../../../src/protocol/generated/13-leave-group.ts'
import { readSyncGroupResponse, writeSyncGroupRequest } from '../../../../src/protocol/generated/14-sync-group.ts'
import {
  readDescribeGroupsResponse,
  writeDescribeGroupsRequest,
} from '../../../../src/protocol/generated/15-describe-groups.ts'
import { readListGroupsResponse, writeListGroupsRequest } from '../../../../src/protocol/generated/16-list-groups.ts'
import {
  readDeleteGroupsResponse,
  writeDeleteGroupsRequest,
} from '../../../../src/protocol/generated/42-delete-groups.ts'
import {
  readOffsetDeleteResponse,
  writeOffsetDeleteRequest,
} from '../../../../src/protocol/generated/47-offset-delete.ts'
import { subscription } from '../../../support/group-world.ts'
import { Reader } from '../../../../src/protocol/wire/reader.ts'
import { Writer } from '../../../../src/protocol/wire/writer.ts'
import { contextOf, FakeNode, settle } from './fake-node.ts'

// Method: requests and answers go through the real codecs at the version under test, so that a field the version lacks
// is a failure.

const TOPIC_ID = 'HR8PUapuSU27443kkzJqNg'

class Session {
  readonly node: FakeNode
  readonly services: BrokerServices
  readonly created: CreateTopicSpec[] = []
  createCode: ErrorCode = ErrorCode.none

  constructor(node: FakeNode = new FakeNode()) {
    this.node = node
    node.view.apply({
      kind: 'cluster',
      clusterId: 'c',
      controllerId: 1,
      brokers: [
        {
          id: 1,
          endpoints: [{ listener: 'PLAINTEXT', host: '', port: 9092, securityProtocol: 'PLAINTEXT' }],
          rack: null,
        },
      ],
    })
    const services: Pick<BrokerServices, 'brokerId' | 'view' | 'log'> & {
      readonly groups: unknown
      readonly control: unknown
    } = {
      brokerId: 1,
      view: node.view,
      groups: node.shards[0]?.router,
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
      control: {
        createTopics: async (specs: readonly CreateTopicSpec[]) => {
          this.created.push(...specs)
          if (this.createCode === ErrorCode.none) await node.lead()
          return specs.map(({ name }) => ({ name, code: this.createCode, message: null }))
        },
      },
    }
    // The group handlers touch nothing else of a worker's services.
    this.services = services as BrokerServices
  }

  addTopic(name: string, topicId: string, partitionCount: number): void {
    this.node.view.apply({
      kind: 'topic',
      topic: {
        name,
        topicId,
        isInternal: false,
        config: {},
        partitions: Array.from({ length: partitionCount }, (_, partition) => ({
          partition,
          handle: partition,
          shard: 0,
          leader: 1,
          leaderEpoch: 0,
          partitionEpoch: 0,
          replicas: [1],
          inSyncReplicas: [1],
          offlineReplicas: [],
        })),
      },
    })
  }

  /** Sends `draft` over the wire at `version` and reads the answer back. */
  async ask<Req, Res, RequestDraft, Answer>(
    handler: ApiHandler<Req, Res>,
    writeRequest: (writer: Writer, draft: RequestDraft, version: number) => void,
    readResponse: (reader: Reader, version: number) => Answer,
    version: number,
    draft: RequestDraft,
  ): Promise<Answer> {
    const out = new Writer()
    writeRequest(out, draft, version)
    expect(out.ok, out.reason).toBe(true)
    const request = handler.read(new Reader(out.finishCopy()), version)
    const response = await handler.handle(request, contextOf(version), this.services)
    const back = new Writer()
    handler.write(back, response, version)
    expect(back.ok, back.reason).toBe(true)
    const reader = new Reader(back.finishCopy())
    const answer = readResponse(reader, version)
    expect([reader.ok, reader.remaining]).toEqual([true, 0])
    return answer
  }

  find(version: number, keyType: number, key: string) {
    const draft = version >= 4 ? { keyType, coordinatorKeys: [key] } : version >= 1 ? { keyType, key } : { key }
    return this.ask(findCoordinatorHandler, writeFindCoordinatorRequest, readFindCoordinatorResponse, version, draft)
  }

  commit(version: number, offsets: readonly [topic: string, partition: number, offset: number][]) {
    const draft = {
      groupId: 'g',
      topics: offsets.map(([topic, partitionIndex, committedOffset]) => ({
        ...(version >= 10 ? { topicId: topic } : { name: topic }),
        partitions: [{ partitionIndex, committedOffset, committedMetadata: 'm', committedLeaderEpoch: 4 }],
      })),
    }
    return this.ask(offsetCommitHandler, writeOffsetCommitRequest, readOffsetCommitResponse, version, draft)
  }

  async fetch(version: number, topics: readonly [topic: string, partition: number][] | null, requireStable = false) {
    const rows =
      topics?.map(([topic, partition]) => ({
        ...(version >= 10 ? { topicId: topic } : { name: topic }),
        partitionIndexes: [partition],
      })) ?? null
    const draft = version >= 8 ? { groups: [{ groupId: 'g', topics: rows }] } : { groupId: 'g', topics: rows }
    const answer = await this.ask(
      offsetFetchHandler,
      writeOffsetFetchRequest,
      readOffsetFetchResponse,
      version,
      version >= 7 ? { ...draft, requireStable } : draft,
    )
    return version >= 8 ? (answer.groups[0] ?? answer) : answer
  }
}

function ignore(): void {
  // Log lines are not judged here.
}

function versionsOf(handler: { readonly minVersion: number; readonly maxVersion: number }): number[] {
  return Array.from({ length: handler.maxVersion - handler.minVersion + 1 }, (_, index) => handler.minVersion + index)
}

for (const version of versionsOf(findCoordinatorHandler)) {
  test(`FindCoordinator ${version} makes the topic once and names the leader`, async () => {
    const session = new Session()
    const [first] = await Promise.all([session.find(version, 0, 'g'), session.find(version, 0, 'h')])
    const place = version >= 4 ? first.coordinators[0] : first
    expect(place).toMatchObject({ errorCode: 0, nodeId: 1, host: 'localhost', port: 9092 })
    expect(session.created.map(({ name }) => name)).toEqual([OFFSETS_TOPIC])
  })
}

test('FindCoordinator: no transaction coordinator without its topic, none for shares, a clear code when creation fails', async () => {
  const session = new Session()
  for (const version of [1, 3, 4, 6]) {
    const answer = await session.find(version, 1, 'tx')
    const place = version >= 4 ? answer.coordinators[0] : answer
    expect(place).toMatchObject({ errorCode: ErrorCode.coordinatorNotAvailable, nodeId: -1, host: '', port: -1 })
  }
  expect(session.created).toEqual([])
  expect((await session.find(6, 2, 's')).coordinators[0]?.errorCode).toBe(ErrorCode.invalidRequest)
  session.createCode = ErrorCode.invalidReplicationFactor
  expect((await session.find(4, 0, 'g')).coordinators[0]?.errorCode).toBe(ErrorCode.coordinatorNotAvailable)
})

for (const version of versionsOf(joinGroupHandler)) {
  test(`a member's life with JoinGroup ${version} and the versions of its time`, async () => {
    const session = new Session()
    const { node } = session
    await node.lead()
    const at = (handler: { readonly maxVersion: number }): number => Math.min(handler.maxVersion, version)
    const join = (memberId: string) =>
      session.ask(joinGroupHandler, writeJoinGroupRequest, readJoinGroupResponse, version, {
        groupId: 'g',
        sessionTimeoutMs: 10_000,
        rebalanceTimeoutMs: 30_000,
        memberId,
        protocolType: 'consumer',
        protocols: [{ name: 'range', metadata: subscription('t') }],
      })
    let pending = join('')
    if (version >= 4) {
      const given = await pending
      expect(given.errorCode).toBe(ErrorCode.memberIdRequired)
      pending = join(given.memberId)
    }
    await settle()
    await node.time.advance(50)
    const joined = await pending
    expect(joined).toMatchObject({ errorCode: 0, generationId: 1, protocolName: 'range', leader: joined.memberId })
    expect(joined.members.map(({ memberId }) => memberId)).toEqual([joined.memberId])
    const refused = await join('ghost')
    expect(refused).toMatchObject({ errorCode: ErrorCode.unknownMemberId, protocolName: version >= 7 ? null : '' })

    const me = { groupId: 'g', memberId: joined.memberId, generationId: 1 }
    const syncVersion = at(syncGroupHandler)
    const synced = await session.ask(syncGroupHandler, writeSyncGroupRequest, readSyncGroupResponse, syncVersion, {
      ...me,
      assignments: [{ memberId: joined.memberId, assignment: Uint8Array.of(1, 2) }],
      ...(syncVersion >= 5 ? { protocolType: 'consumer', protocolName: 'range' } : {}),
    })
    expect([synced.errorCode, [...synced.assignment]]).toEqual([0, [1, 2]])
    const beat = await session.ask(
      heartbeatHandler,
      writeHeartbeatRequest,
      readHeartbeatResponse,
      at(heartbeatHandler),
      me,
    )
    expect(beat.errorCode).toBe(0)

    const described = await session.ask(
      describeGroupsHandler,
      writeDescribeGroupsRequest,
      readDescribeGroupsResponse,
      at(describeGroupsHandler),
      { groups: ['g', 'nobody'], ...(version >= 3 ? { includeAuthorizedOperations: true } : {}) },
    )
    expect(described.groups.map(({ groupState }) => groupState)).toEqual(['Stable', 'Dead'])
    expect(described.groups[0]?.members[0]?.clientHost).toBe('/127.0.0.1')
    expect(described.groups[1]?.errorCode).toBe(version >= 6 ? ErrorCode.groupIdNotFound : 0)
    if (version >= 6) expect(described.groups[1]?.errorMessage).toBe('Group nobody not found.')
    const listed = await session.ask(
      listGroupsHandler,
      writeListGroupsRequest,
      readListGroupsResponse,
      at(listGroupsHandler),
      {},
    )
    expect(listed.groups.map(({ groupId }) => groupId)).toEqual(['g'])

    const deleteVersion = at(deleteGroupsHandler)
    const remove = () =>
      session.ask(deleteGroupsHandler, writeDeleteGroupsRequest, readDeleteGroupsResponse, deleteVersion, {
        groupsNames: ['g', 'nobody'],
      })
    expect((await remove()).results.map(({ errorCode }) => errorCode)).toEqual([
      ErrorCode.nonEmptyGroup,
      ErrorCode.groupIdNotFound,
    ])
    const leaveVersion = at(leaveGroupHandler)
    const leave = (memberId: string) =>
      session.ask(leaveGroupHandler, writeLeaveGroupRequest, readLeaveGroupResponse, leaveVersion, {
        groupId: 'g',
        ...(leaveVersion >= 3 ? { members: [{ memberId, groupInstanceId: null }] } : { memberId }),
      })
    const strange = await leave('ghost')
    expect(leaveVersion >= 3 ? strange.members[0]?.errorCode : strange.errorCode).toBe(ErrorCode.unknownMemberId)
    const left = await leave(joined.memberId)
    expect(left.errorCode).toBe(0)
    expect((await remove()).results.map(({ errorCode }) => errorCode)).toEqual([0, ErrorCode.groupIdNotFound])
  })
}

for (const version of versionsOf(offsetCommitHandler)) {
  test(`OffsetCommit ${version} and OffsetFetch ${version}`, async () => {
    const session = new Session()
    await session.node.lead()
    session.addTopic('t', TOPIC_ID, 2)
    const isById = version >= 10
    const known = isById ? TOPIC_ID : 't'
    const unknown = isById ? 'zzzzzzzzzzzzzzzzzzzzzQ' : 'nowhere'
    const missing = isById ? ErrorCode.unknownTopicId : ErrorCode.unknownTopicOrPartition
    const committed = await session.commit(version, [
      [unknown, 0, 1],
      [known, 0, 11],
      [known, 7, 12],
      [known, 1, 13],
    ])
    expect(committed.topics.map((topic) => topic.partitions.map(({ errorCode }) => errorCode))).toEqual([
      [missing],
      [0],
      [ErrorCode.unknownTopicOrPartition],
      [0],
    ])
    expect(committed.topics.map(({ name, topicId }) => (isById ? topicId : name))).toEqual([
      unknown,
      known,
      known,
      known,
    ])
    const fetched = await session.fetch(version, [
      [known, 0],
      [known, 5],
    ])
    expect(fetched.topics.map(({ partitions }) => partitions[0]?.committedOffset)).toEqual([11, -1])
    expect(fetched.topics[0]?.partitions[0]?.metadata).toBe('m')
    // Commits carry the leader epoch from version 6, answers from 5.
    const epoch = version >= 6 ? 4 : -1
    expect(fetched.topics[0]?.partitions[0]?.committedLeaderEpoch).toBe(epoch)
    expect(fetched.topics[1]?.partitions[0]?.errorCode).toBe(version === 0 ? ErrorCode.unknownTopicOrPartition : 0)
    if (version >= 2) {
      const all = await session.fetch(version, null)
      expect(all.topics.flatMap(({ partitions }) => partitions.map((row) => row.committedOffset))).toEqual([11, 13])
      if (isById) expect(all.topics[0]).toMatchObject({ topicId: TOPIC_ID })
    }
    if (isById) {
      const strange = await session.fetch(version, [[unknown, 0]])
      expect(strange.topics[0]).toMatchObject({ topicId: unknown, partitions: [{ errorCode: missing }] })
    }
  })

  test(`OffsetFetch ${version} says where there is no coordinator in the way of its version`, async () => {
    const session = new Session()
    const answer = await session.fetch(version, [[version >= 10 ? ZERO_UUID : 't', 0]])
    if (version < 2) expect(answer.topics[0]?.partitions[0]?.errorCode).toBe(ErrorCode.notCoordinator)
    else expect(answer.errorCode).toBe(ErrorCode.notCoordinator)
  })
}

test('OffsetDelete answers every partition that was asked for', async () => {
  const session = new Session()
  await session.node.lead()
  session.addTopic('t', TOPIC_ID, 2)
  await session.commit(9, [['t', 0, 5]])
  const answer = await session.ask(offsetDeleteHandler, writeOffsetDeleteRequest, readOffsetDeleteResponse, 0, {
    groupId: 'g',
    topics: [
      { name: 't', partitions: [{ partitionIndex: 0 }, { partitionIndex: 9 }] },
      { name: 'nowhere', partitions: [{ partitionIndex: 0 }] },
    ],
  })
  expect(answer.topics.map(({ partitions }) => partitions)).toEqual([
    [
      { partitionIndex: 9, errorCode: ErrorCode.unknownTopicOrPartition },
      { partitionIndex: 0, errorCode: 0 },
    ],
    [{ partitionIndex: 0, errorCode: ErrorCode.unknownTopicOrPartition }],
  ])
  expect((await session.fetch(9, [['t', 0]])).topics[0]?.partitions[0]?.committedOffset).toBe(-1)
})
