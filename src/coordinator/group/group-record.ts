import type { ClassicGroup } from './classic-group.ts'
import { ClassicMember } from './member.ts'
import type { GroupRecord } from './records.ts'

/**
 * The group as the log keeps it.
 *
 * @param assignments what each member is about to be given, where that is not in the group yet
 */
export function groupRecordOf(group: ClassicGroup, assignments?: ReadonlyMap<string, Uint8Array>): GroupRecord {
  const protocolName = group.protocolName
  return {
    kind: 'group',
    groupId: group.groupId,
    protocolType: group.protocolType ?? '',
    generationId: group.generationId,
    protocolName,
    leader: group.leader,
    stateTimestampMs: group.stateTimestampMs,
    members: [...group.members.values()].map((member) => ({
      memberId: member.memberId,
      instanceId: member.instanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      rebalanceTimeoutMs: member.rebalanceTimeoutMs,
      sessionTimeoutMs: member.sessionTimeoutMs,
      subscription: member.metadataFor(protocolName ?? ''),
      assignment: assignments?.get(member.memberId) ?? member.assignment,
    })),
  }
}

/** A group without members and history, as it is written when it is first asked for. */
export function emptyGroupRecordOf(group: ClassicGroup): GroupRecord {
  return {
    kind: 'group',
    groupId: group.groupId,
    protocolType: '',
    generationId: 0,
    protocolName: null,
    leader: null,
    stateTimestampMs: group.stateTimestampMs,
    members: [],
  }
}

/** Fills a fresh group from its record: stable if it has members, empty otherwise. */
export function restoreGroup(group: ClassicGroup, record: GroupRecord): void {
  for (const row of record.members) {
    const member = new ClassicMember(group.partition, group.groupId, {
      memberId: row.memberId,
      instanceId: row.instanceId,
      clientId: row.clientId,
      clientHost: row.clientHost,
      protocolType: record.protocolType,
      // Records of version 0 have no rebalance timeout: Kafka reads it as the session timeout.
      rebalanceTimeoutMs: row.rebalanceTimeoutMs === -1 ? row.sessionTimeoutMs : row.rebalanceTimeoutMs,
      sessionTimeoutMs: row.sessionTimeoutMs,
      protocols: [{ name: record.protocolName ?? '', metadata: row.subscription }],
    })
    member.assignment = row.assignment
    group.add(member, 0)
  }
  group.state = record.members.length === 0 ? 'Empty' : 'Stable'
  group.generationId = record.generationId
  group.protocolType = record.protocolType === '' ? null : record.protocolType
  group.protocolName = record.protocolName
  // A leader that is no member would be asked for an assignment for ever.
  if (record.leader !== null && group.members.has(record.leader)) group.leader = record.leader
  group.stateTimestampMs = record.stateTimestampMs
  group.subscribedTopics = group.computeSubscribedTopics()
}
