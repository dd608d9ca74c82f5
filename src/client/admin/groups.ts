import { ErrorCode } from '../../model/error-code.ts'
import {
  consumerGroupDescribeCall,
  deleteGroupsCall,
  describeGroupsCall,
  listGroupsCall,
  offsetCommitCall,
  offsetDeleteCall,
  offsetFetchCall,
} from '../calls.ts'
import { CoordinatorKind } from '../cluster.ts'
import type { Connection } from '../connection.ts'
import { readAssignment } from '../consumer/consumer-protocol.ts'
import { BrokerError, throwIfRefused } from '../errors.ts'
import { type AdminContext, byTopic } from './context.ts'

export interface ListedGroup {
  readonly groupId: string
  readonly protocolType: string
  /** As the broker spells it: Stable, Empty, Dead …; empty from an old broker. */
  readonly state: string
  /** classic, consumer, share …; empty from an old broker. */
  readonly type: string
}

export interface GroupPartition {
  readonly topic: string
  readonly partition: number
}

export interface GroupMember {
  readonly memberId: string
  readonly instanceId: string | null
  readonly clientId: string
  readonly host: string
  readonly partitions: readonly GroupPartition[]
}

export interface GroupDescription {
  readonly groupId: string
  readonly state: string
  readonly protocolType: string
  readonly assignor: string
  /** Node id of the coordinator. */
  readonly coordinatorId: number
  readonly members: readonly GroupMember[]
}

export interface CommittedOffset extends GroupPartition {
  readonly offset: number
  readonly leaderEpoch: number
  readonly metadata: string | null
}

/** Groups of all brokers. @param states only those in one of these states; empty for all */
export async function listGroups(
  context: AdminContext,
  states: readonly string[] = [],
): Promise<readonly ListedGroup[]> {
  await context.trying('list groups', () => context.cluster.refresh())
  const groups = new Map<string, ListedGroup>()
  for (const { nodeId } of context.cluster.brokers) {
    const answer = await context.atBroker(nodeId, 'list groups', async (connection) => {
      const listed = await connection.request(listGroupsCall, { statesFilter: states })
      throwIfRefused(listed.errorCode, 'list groups')
      return listed
    })
    for (const { groupId, protocolType, groupState, groupType } of answer.groups) {
      groups.set(groupId, { groupId, protocolType, state: groupState, type: groupType })
    }
  }
  return [...groups.values()]
}

/** A group of either protocol. @throws BrokerError (GROUP_ID_NOT_FOUND) */
export function describeGroup(context: AdminContext, groupId: string): Promise<GroupDescription> {
  return atCoordinator(context, groupId, `describe group '${groupId}'`, async (connection, coordinatorId) => {
    const newer = await describeConsumerGroup(connection, groupId, coordinatorId)
    return newer ?? (await describeClassicGroup(connection, groupId, coordinatorId))
  })
}

/** A group of the newer protocol; undefined when it is none. */
async function describeConsumerGroup(
  connection: Connection,
  groupId: string,
  coordinatorId: number,
): Promise<GroupDescription | undefined> {
  if (connection.versionOf(consumerGroupDescribeCall) === undefined) return undefined
  const answer = await connection.request(consumerGroupDescribeCall, { groupIds: [groupId] })
  const group = answer.groups[0]
  const isOther = group === undefined || group.errorCode === ErrorCode.groupIdNotFound
  if (isOther || group.errorCode === ErrorCode.unsupportedVersion) return undefined
  throwIfRefused(group.errorCode, `describe group '${groupId}'`, group.errorMessage)
  const members = group.members.map((member) => ({
    memberId: member.memberId,
    instanceId: member.instanceId,
    clientId: member.clientId,
    host: member.clientHost,
    partitions: member.assignment.topicPartitions.flatMap(({ topicName, partitions }) =>
      partitions.map((partition) => ({ topic: topicName, partition })),
    ),
  }))
  const { groupState: state, assignorName: assignor } = group
  return { groupId, state, protocolType: 'consumer', assignor, coordinatorId, members }
}

async function describeClassicGroup(
  connection: Connection,
  groupId: string,
  coordinatorId: number,
): Promise<GroupDescription> {
  const answer = await connection.request(describeGroupsCall, { groups: [groupId] })
  const group = answer.groups[0]
  if (group === undefined) throw new BrokerError(ErrorCode.groupIdNotFound, `group '${groupId}'`)
  throwIfRefused(group.errorCode, `describe group '${groupId}'`, group.errorMessage)
  // Before version 6 a group that is not there is one that is dead.
  if (group.groupState === 'Dead') throw new BrokerError(ErrorCode.groupIdNotFound, `group '${groupId}'`)
  const members = group.members.map((member) => ({
    memberId: member.memberId,
    instanceId: member.groupInstanceId,
    clientId: member.clientId,
    host: member.clientHost,
    partitions: group.protocolType === 'consumer' ? readAssignment(member.memberAssignment) : [],
  }))
  const { groupState: state, protocolType, protocolData: assignor } = group
  return { groupId, state, protocolType, assignor, coordinatorId, members }
}

/** Every offset the group has committed. */
export function committedOffsets(context: AdminContext, groupId: string): Promise<readonly CommittedOffset[]> {
  return atCoordinator(context, groupId, `offsets of group '${groupId}'`, async (connection) => {
    const answer = await connection.request(offsetFetchCall, { groups: [{ groupId, topics: null }] })
    const offsets: CommittedOffset[] = []
    for (const group of answer.groups) {
      throwIfRefused(group.errorCode, `offsets of group '${groupId}'`)
      for (const topic of group.topics) {
        for (const found of topic.partitions) {
          throwIfRefused(found.errorCode, `offset of ${topic.name}-${found.partitionIndex} in group '${groupId}'`)
          if (found.committedOffset < 0) continue
          const {
            partitionIndex: partition,
            committedOffset: offset,
            committedLeaderEpoch: leaderEpoch,
            metadata,
          } = found
          offsets.push({ topic: topic.name, partition, offset, leaderEpoch, metadata })
        }
      }
    }
    return offsets
  })
}

/** Sets offsets of a group without members. @throws BrokerError (UNKNOWN_MEMBER_ID while it has members) */
export function alterOffsets(
  context: AdminContext,
  groupId: string,
  offsets: readonly { readonly topic: string; readonly partition: number; readonly offset: number }[],
): Promise<void> {
  return atCoordinator(context, groupId, `set offsets of group '${groupId}'`, async (connection) => {
    const topics = byTopic(offsets).map(([name, list]) => ({
      name,
      partitions: list.map(({ partition, offset }) => ({
        partitionIndex: partition,
        committedOffset: offset,
        committedMetadata: '',
      })),
    }))
    const answer = await connection.request(offsetCommitCall, { groupId, topics })
    for (const topic of answer.topics) {
      for (const result of topic.partitions) {
        throwIfRefused(result.errorCode, `set offset of ${topic.name}-${result.partitionIndex} in group '${groupId}'`)
      }
    }
  })
}

/** Forgets offsets. @returns the error code of each partition, 0 where it worked */
export function deleteOffsets(
  context: AdminContext,
  groupId: string,
  partitions: readonly GroupPartition[],
): Promise<readonly (GroupPartition & { readonly errorCode: number })[]> {
  return atCoordinator(context, groupId, `delete offsets of group '${groupId}'`, async (connection) => {
    const topics = byTopic(partitions).map(([name, list]) => ({
      name,
      partitions: list.map(({ partition }) => ({ partitionIndex: partition })),
    }))
    const answer = await connection.request(offsetDeleteCall, { groupId, topics })
    throwIfRefused(answer.errorCode, `delete offsets of group '${groupId}'`)
    return answer.topics.flatMap((topic) =>
      topic.partitions.map(({ partitionIndex, errorCode }) => ({
        topic: topic.name,
        partition: partitionIndex,
        errorCode,
      })),
    )
  })
}

/** @throws BrokerError (NON_EMPTY_GROUP, GROUP_ID_NOT_FOUND) */
export function deleteGroup(context: AdminContext, groupId: string): Promise<void> {
  return atCoordinator(context, groupId, `delete group '${groupId}'`, async (connection) => {
    const answer = await connection.request(deleteGroupsCall, { groupsNames: [groupId] })
    for (const result of answer.results)
      throwIfRefused(result.errorCode, `delete group '${groupId}'`, result.errorMessage)
  })
}

function atCoordinator<T>(
  context: AdminContext,
  groupId: string,
  what: string,
  attempt: (connection: Connection, coordinatorId: number) => Promise<T>,
): Promise<T> {
  return context.trying(what, async () => {
    try {
      const coordinatorId = await context.cluster.coordinatorOf(CoordinatorKind.group, groupId)
      return await attempt(await context.cluster.connection(coordinatorId), coordinatorId)
    } catch (error) {
      context.cluster.forgetCoordinator(CoordinatorKind.group, groupId)
      throw error
    }
  })
}
