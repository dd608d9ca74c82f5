import type { ClassicGroup } from './classic-group.ts'

const NO_BYTES = new Uint8Array(0)

/** Field names are those of DescribeGroupsResponse. */
export interface GroupDescription {
  readonly groupId: string
  readonly groupState: string
  readonly protocolType: string
  readonly protocolData: string
  readonly members: readonly {
    readonly memberId: string
    readonly groupInstanceId: string | null
    readonly clientId: string
    readonly clientHost: string
    readonly memberMetadata: Uint8Array
    readonly memberAssignment: Uint8Array
  }[]
}

/** A group as an operator sees it. Only a stable group shows metadata and assignments: before, they are in flux. */
export function describeGroup(group: ClassicGroup): GroupDescription {
  const isStable = group.state === 'Stable'
  const protocolName = isStable ? (group.protocolName ?? '') : ''
  return {
    groupId: group.groupId,
    groupState: group.state,
    protocolType: group.protocolType ?? '',
    protocolData: protocolName,
    members: [...group.members.values()].map((member) => ({
      memberId: member.memberId,
      groupInstanceId: member.instanceId,
      clientId: member.clientId,
      clientHost: member.clientHost,
      memberMetadata: isStable ? member.metadataFor(protocolName) : NO_BYTES,
      memberAssignment: isStable ? member.assignment : NO_BYTES,
    })),
  }
}

/** Field names are those of ListGroupsResponse. */
export interface ListedGroup {
  readonly groupId: string
  readonly protocolType: string
  readonly groupState: string
  readonly groupType: string
}

/**
 * The groups in one of `states` and of one of `types`, names in any case; an empty filter lets everything through.
 */
export function listGroups(
  groups: Iterable<ClassicGroup>,
  states: readonly string[],
  types: readonly string[],
): readonly ListedGroup[] {
  const wantedStates = new Set(states.map((state) => state.toLowerCase()))
  const wantedTypes = new Set(types.map((type) => type.toLowerCase()))
  const listed: ListedGroup[] = []
  for (const group of groups) {
    if (wantedStates.size > 0 && !wantedStates.has(group.state.toLowerCase())) continue
    if (wantedTypes.size > 0 && !wantedTypes.has(group.type)) continue
    listed.push({
      groupId: group.groupId,
      protocolType: group.protocolType ?? '',
      groupState: group.state,
      groupType: group.type,
    })
  }
  return listed
}
