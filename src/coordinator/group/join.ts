import { ErrorCode } from '../../model/error-code.ts'
import { joinAccepted, joinRefused, parkJoin } from './answers.ts'
import type { ClassicGroup } from './classic-group.ts'
import { cancelTimer, type JoinAnswer, type Step, startTimer } from './effects.ts'
import { ClassicMember, type MemberProtocol, NO_WAITER } from './member.ts'
import { dropMember, maybeCompleteJoin, rebalanceOrCompleteJoin } from './rebalance.ts'
import { joinReplacingStaticMember } from './static-member.ts'
import { groupTimer } from './timer.ts'

/** A JoinGroup. Field names are those of JoinGroupRequest where there is one. */
export interface JoinInput {
  readonly groupId: string
  /** Empty for a member that does not know its id. */
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly protocolType: string
  readonly protocols: readonly MemberProtocol[]
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly reason: string | null
  readonly clientId: string
  readonly clientHost: string
  /** Unique text from which a member id is made where one is needed. */
  readonly newMemberSuffix: string
  /** JoinGroup 4 and up: a new member is given an id and has to come back with it (KIP-394). */
  readonly requiresKnownMemberId: boolean
  /** JoinGroup 9 and up: a returning static leader may be told to keep the assignment (KIP-814). */
  readonly supportsSkippingAssignment: boolean
}

/**
 * A JoinGroup for a group that exists.
 *
 * @param waiter whom to answer if the request is parked
 * @returns the answer, or undefined when the request is parked
 */
export function join(step: Step, group: ClassicGroup, input: JoinInput, waiter: number): JoinAnswer | undefined {
  const isUnknown = input.memberId === ''
  if (!hasRoomFor(step, group, input.memberId)) return turnAway(step, group, input.memberId)
  if (group.state === 'Dead') return joinRefused(ErrorCode.coordinatorNotAvailable, input.memberId)
  if (!group.supports(input.protocolType, input.protocols)) {
    return joinRefused(ErrorCode.inconsistentGroupProtocol, input.memberId)
  }
  return isUnknown ? joinNew(step, group, input, waiter) : joinExisting(step, group, input, waiter)
}

/**
 * While members rejoin, only those who already have count: when the limit was lowered, the last to rejoin are the ones
 * left out.
 */
function hasRoomFor(step: Step, group: ClassicGroup, memberId: string): boolean {
  const countMax = step.config.memberCountMax
  const member = group.members.get(memberId)
  if (group.state === 'PreparingRebalance') {
    return (member !== undefined && member.joinWaiter !== NO_WAITER) || group.awaitingJoinCount < countMax
  }
  if (group.state === 'Empty' || group.state === 'Dead') return true
  return member !== undefined || group.members.size < countMax
}

/** The group is full: whoever asks is out, also one that was a member until the limit was lowered. */
function turnAway(step: Step, group: ClassicGroup, memberId: string): JoinAnswer {
  const pending = group.pendingMembers.get(memberId)
  if (pending !== undefined) {
    group.pendingMembers.delete(memberId)
    cancelTimer(step, pending)
  }
  const member = group.members.get(memberId)
  if (member !== undefined) dropMember(step, group, member)
  maybeCompleteJoin(step, group)
  return joinRefused(ErrorCode.groupMaxSizeReached, '')
}

function joinNew(step: Step, group: ClassicGroup, input: JoinInput, waiter: number): JoinAnswer | undefined {
  const instanceId = input.groupInstanceId
  if (instanceId !== null) {
    const memberId = `${instanceId}-${input.newMemberSuffix}`
    const heldBy = group.staticMembers.get(instanceId)
    const held = heldBy === undefined ? undefined : group.members.get(heldBy)
    if (held !== undefined) return joinReplacingStaticMember(step, group, input, waiter, held, memberId)
    return addMember(step, group, input, waiter, memberId)
  }
  const memberId = `${input.clientId}-${input.newMemberSuffix}`
  if (!input.requiresKnownMemberId) return addMember(step, group, input, waiter, memberId)
  if (group.pendingMembers.size >= step.config.pendingMemberCountMax) {
    return joinRefused(ErrorCode.groupMaxSizeReached, '')
  }
  const timer = groupTimer('session', group.partition, group.groupId, memberId)
  group.pendingMembers.set(memberId, timer)
  startTimer(step, timer, input.sessionTimeoutMs)
  return joinRefused(ErrorCode.memberIdRequired, memberId)
}

function joinExisting(step: Step, group: ClassicGroup, input: JoinInput, waiter: number): JoinAnswer | undefined {
  const memberId = input.memberId
  if (group.pendingMembers.has(memberId)) {
    // An id is only handed out to a dynamic member: one that comes back with an instance id is somebody else's mistake.
    if (input.groupInstanceId !== null) return joinRefused(ErrorCode.unknownMemberId, memberId)
    return addMember(step, group, input, waiter, memberId)
  }
  const refusal = group.whyNotMember(memberId, input.groupInstanceId)
  if (refusal !== ErrorCode.none) return joinRefused(refusal, memberId)
  const member = group.members.get(memberId)
  if (member === undefined) return joinRefused(ErrorCode.unknownMemberId, memberId)
  const hasNews = !member.hasSameProtocols(input.protocols)
  switch (group.state) {
    case 'PreparingRebalance':
      return updateMember(step, group, input, waiter, member, 'rejoins')
    case 'CompletingRebalance':
      // The answer to its first request was probably lost: tell it again.
      if (!hasNews) return joinAccepted(group, memberId)
      return updateMember(step, group, input, waiter, member, 'changes its metadata')
    case 'Stable':
      // A leader rejoins because something outside the metadata changed, such as the partitions of a topic.
      if (group.isLeader(memberId)) return updateMember(step, group, input, waiter, member, 'rejoins as leader')
      if (hasNews) return updateMember(step, group, input, waiter, member, 'changes its metadata')
      return joinAccepted(group, memberId)
    case 'Empty':
    case 'Dead':
      return joinRefused(ErrorCode.unknownMemberId, memberId)
  }
}

function addMember(step: Step, group: ClassicGroup, input: JoinInput, waiter: number, memberId: string): undefined {
  const member = new ClassicMember(group.partition, group.groupId, {
    memberId,
    instanceId: input.groupInstanceId,
    clientId: input.clientId,
    clientHost: input.clientHost,
    protocolType: input.protocolType,
    rebalanceTimeoutMs: input.rebalanceTimeoutMs,
    sessionTimeoutMs: input.sessionTimeoutMs,
    protocols: input.protocols,
  })
  member.isNew = true
  if (group.initial !== undefined) group.initial.hasNewMember = true
  const pending = group.pendingMembers.get(memberId)
  if (pending !== undefined) {
    group.pendingMembers.delete(memberId)
    cancelTimer(step, pending)
  }
  group.add(member, waiter)
  // It cannot heartbeat while it is parked and its connection may be gone unnoticed: a new member is believed in for a
  // fixed time, after which it is asked to join again.
  startTimer(step, member.session, step.config.newMemberJoinTimeoutMs)
  rebalanceOrCompleteJoin(step, group, `new member ${memberId}${because(input)}`)
  return undefined
}

function updateMember(
  step: Step,
  group: ClassicGroup,
  input: JoinInput,
  waiter: number,
  member: ClassicMember,
  what: string,
): undefined {
  applyJoin(step, group, input, waiter, member)
  rebalanceOrCompleteJoin(step, group, `member ${member.memberId} ${what}${because(input)}`)
  return undefined
}

function applyJoin(step: Step, group: ClassicGroup, input: JoinInput, waiter: number, member: ClassicMember): void {
  group.setProtocols(member, input.protocols)
  member.rebalanceTimeoutMs = input.rebalanceTimeoutMs
  member.sessionTimeoutMs = input.sessionTimeoutMs
  parkJoin(step, group, member, waiter)
}

function because(input: JoinInput): string {
  return input.reason === null || input.reason === '' ? '' : `, client says: ${input.reason}`
}
