import { ErrorCode } from '../../model/error-code.ts'
import { answerJoin, joinRefused } from './answers.ts'
import type { ClassicGroup } from './classic-group.ts'
import { cancelTimer, type Step } from './effects.ts'
import { dropMember, maybeCompleteJoin, rebalanceOrCompleteJoin } from './rebalance.ts'

/** One who leaves. Field names are those of LeaveGroupRequest. */
export interface LeavingMember {
  /** Empty when an operator removes a static member by its instance id. */
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly reason: string | null
}

export interface LeaveOutcome {
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly errorCode: ErrorCode
}

/** Removes members; however many go, at most one rebalance follows. */
export function leave(step: Step, group: ClassicGroup, leaving: readonly LeavingMember[]): readonly LeaveOutcome[] {
  const gone: string[] = []
  let wasPending = false
  const outcomes = leaving.map((who) => {
    const pending = group.pendingMembers.get(who.memberId)
    if (pending !== undefined) {
      group.pendingMembers.delete(who.memberId)
      cancelTimer(step, pending)
      wasPending = true
      return outcome(who, ErrorCode.none)
    }
    const memberId = memberIdOf(group, who)
    const refusal = memberId === undefined ? ErrorCode.unknownMemberId : whyNot(group, who, memberId)
    const member = memberId === undefined ? undefined : group.members.get(memberId)
    if (refusal !== ErrorCode.none || member === undefined) return outcome(who, refusal)
    answerJoin(step, group, member, joinRefused(ErrorCode.unknownMemberId, ''))
    dropMember(step, group, member)
    gone.push(who.reason === null || who.reason === '' ? member.memberId : `${member.memberId} (${who.reason})`)
    return outcome(who, ErrorCode.none)
  })
  // An id that was never used was no member: its going may let a rebalance end but must not start one.
  if (gone.length > 0) rebalanceOrCompleteJoin(step, group, `left: ${gone.join(', ')}`)
  else if (wasPending) maybeCompleteJoin(step, group)
  return outcomes
}

function memberIdOf(group: ClassicGroup, who: LeavingMember): string | undefined {
  if (who.memberId !== '') return who.memberId
  return who.groupInstanceId === null ? undefined : group.staticMembers.get(who.groupInstanceId)
}

function whyNot(group: ClassicGroup, who: LeavingMember, memberId: string): ErrorCode {
  return group.whyNotMember(memberId, who.groupInstanceId)
}

function outcome(who: LeavingMember, errorCode: ErrorCode): LeaveOutcome {
  return { memberId: who.memberId, groupInstanceId: who.groupInstanceId, errorCode }
}
