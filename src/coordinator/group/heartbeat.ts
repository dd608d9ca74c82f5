import { ErrorCode } from '../../model/error-code.ts'
import type { ClassicGroup } from './classic-group.ts'
import { type Step, startTimer } from './effects.ts'

/** A Heartbeat. Field names are those of HeartbeatRequest. */
export interface HeartbeatInput {
  readonly groupId: string
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly generationId: number
}

/** Prolongs a member's session and tells it whether it has to rejoin. */
export function heartbeat(step: Step, group: ClassicGroup, input: HeartbeatInput): ErrorCode {
  if (group.state === 'Dead') return ErrorCode.coordinatorNotAvailable
  const refusal = group.whyNotMember(input.memberId, input.groupInstanceId)
  if (refusal !== ErrorCode.none) return refusal
  if (input.generationId !== group.generationId) return ErrorCode.illegalGeneration
  const member = group.members.get(input.memberId)
  if (member === undefined) return ErrorCode.unknownMemberId
  startTimer(step, member.session, member.sessionTimeoutMs)
  return group.state === 'PreparingRebalance' ? ErrorCode.rebalanceInProgress : ErrorCode.none
}
