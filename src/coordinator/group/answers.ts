import { ErrorCode } from '../../model/error-code.ts'
import type { ClassicGroup } from './classic-group.ts'
import type { JoinAnswer, Step, SyncAnswer } from './effects.ts'
import { type ClassicMember, NO_WAITER } from './member.ts'

const NO_BYTES = new Uint8Array(0)

/** A refused JoinGroup. */
export function joinRefused(errorCode: ErrorCode, memberId: string): JoinAnswer {
  return {
    errorCode,
    generationId: -1,
    protocolType: null,
    protocolName: null,
    leader: '',
    skipAssignment: false,
    memberId,
    members: [],
  }
}

/** The current generation as `member` is told it; the leader gets everyone's metadata. */
export function joinAccepted(group: ClassicGroup, memberId: string): JoinAnswer {
  const protocolName = group.protocolName ?? ''
  const members = group.isLeader(memberId)
    ? [...group.members.values()].map((member) => ({
        memberId: member.memberId,
        groupInstanceId: member.instanceId,
        metadata: member.metadataFor(protocolName),
      }))
    : []
  return {
    errorCode: ErrorCode.none,
    generationId: group.generationId,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    leader: group.leader ?? '',
    skipAssignment: false,
    memberId,
    members,
  }
}

/** A refused SyncGroup. */
export function syncRefused(errorCode: ErrorCode): SyncAnswer {
  return { errorCode, protocolType: null, protocolName: null, assignment: NO_BYTES }
}

/** The member's part of the current assignment. */
export function syncAccepted(group: ClassicGroup, member: ClassicMember): SyncAnswer {
  return {
    errorCode: ErrorCode.none,
    protocolType: group.protocolType,
    protocolName: group.protocolName,
    assignment: member.assignment,
  }
}

/** Answers the member's parked JoinGroup if there is one. */
export function answerJoin(step: Step, group: ClassicGroup, member: ClassicMember, answer: JoinAnswer): void {
  if (member.joinWaiter === NO_WAITER) return
  step.effects.answers.push({ kind: 'join', waiter: member.joinWaiter, answer })
  group.setJoinWaiter(member, NO_WAITER)
}

/** Answers the member's parked SyncGroup. @returns false when there is none */
export function answerSync(step: Step, member: ClassicMember, answer: SyncAnswer): boolean {
  if (member.syncWaiter === NO_WAITER) return false
  step.effects.answers.push({ kind: 'sync', waiter: member.syncWaiter, answer })
  member.syncWaiter = NO_WAITER
  return true
}

/**
 * Parks a JoinGroup. A member that asks again before it was answered has given up on the first request: that one is
 * answered "rebalance in progress", which sends whoever still reads it to join again, because an unanswered request
 * would hold up its connection for ever.
 */
export function parkJoin(step: Step, group: ClassicGroup, member: ClassicMember, waiter: number): void {
  answerJoin(step, group, member, joinRefused(ErrorCode.rebalanceInProgress, member.memberId))
  group.setJoinWaiter(member, waiter)
}

/** The same for SyncGroup. */
export function parkSync(step: Step, member: ClassicMember, waiter: number): void {
  answerSync(step, member, syncRefused(ErrorCode.rebalanceInProgress))
  member.syncWaiter = waiter
}
