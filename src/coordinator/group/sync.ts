import { ErrorCode } from '../../model/error-code.ts'
import { answerSync, parkSync, syncAccepted, syncRefused } from './answers.ts'
import type { ClassicGroup } from './classic-group.ts'
import { cancelTimer, note, type Step, type SyncAnswer, startTimer, type Ticket } from './effects.ts'
import { groupRecordOf } from './group-record.ts'
import type { ClassicMember } from './member.ts'
import { dropAssignments, prepareRebalance } from './rebalance.ts'

/** A SyncGroup. Field names are those of SyncGroupRequest. */
export interface SyncInput {
  readonly groupId: string
  readonly memberId: string
  readonly groupInstanceId: string | null
  readonly generationId: number
  /** Null below version 5. */
  readonly protocolType: string | null
  readonly protocolName: string | null
  readonly assignments: readonly { readonly memberId: string; readonly assignment: Uint8Array }[]
}

const NO_BYTES = new Uint8Array(0)

/**
 * A SyncGroup for a group that exists. The leader's carries the assignment: it is written, and only then does anybody
 * get its part.
 *
 * @returns the answer, or undefined when the request is parked
 */
export function sync(step: Step, group: ClassicGroup, input: SyncInput, waiter: number): SyncAnswer | undefined {
  const refusal = whyRefused(group, input)
  if (refusal !== ErrorCode.none) return syncRefused(refusal)
  const member = group.members.get(input.memberId)
  if (member === undefined || group.state === 'Empty') return syncRefused(ErrorCode.unknownMemberId)
  if (group.state === 'PreparingRebalance') return syncRefused(ErrorCode.rebalanceInProgress)
  group.pendingSyncs.delete(member.memberId)
  if (group.pendingSyncs.size === 0) cancelTimer(step, group.syncTimer)
  if (group.state === 'Stable') return syncAccepted(group, member)
  parkSync(step, member, waiter)
  if (group.isLeader(member.memberId)) writeAssignment(step, group, input)
  return undefined
}

function whyRefused(group: ClassicGroup, input: SyncInput): ErrorCode {
  if (group.state === 'Dead') return ErrorCode.coordinatorNotAvailable
  const refusal = group.whyNotMember(input.memberId, input.groupInstanceId)
  if (refusal !== ErrorCode.none) return refusal
  if (input.generationId !== group.generationId) return ErrorCode.illegalGeneration
  if (differs(input.protocolType, group.protocolType) || differs(input.protocolName, group.protocolName)) {
    return ErrorCode.inconsistentGroupProtocol
  }
  return ErrorCode.none
}

function differs(asked: string | null, actual: string | null): boolean {
  return asked !== null && actual !== null && asked !== actual
}

function writeAssignment(step: Step, group: ClassicGroup, input: SyncInput): void {
  const assignments = new Map<string, Uint8Array>()
  for (const row of input.assignments) assignments.set(row.memberId, row.assignment)
  for (const memberId of group.members.keys()) {
    if (!assignments.has(memberId)) assignments.set(memberId, NO_BYTES)
  }
  step.effects.records.push(groupRecordOf(group, assignments))
  step.effects.tickets.push({ kind: 'assignment', group, generationId: group.generationId, assignments })
}

/** The assignment is durable, or was refused. Nothing happens if the group has moved on meanwhile. */
export function onAssignmentWritten(
  step: Step,
  ticket: Extract<Ticket, { kind: 'assignment' }>,
  code: ErrorCode,
): void {
  const group = ticket.group
  if (group.state !== 'CompletingRebalance' || group.generationId !== ticket.generationId) return
  if (code !== ErrorCode.none) {
    dropAssignments(step, group, code)
    prepareRebalance(step, group, `the assignment of generation ${ticket.generationId} could not be stored`)
    return
  }
  for (const member of group.members.values()) giveAssignment(step, group, member, ticket.assignments)
  group.transitionTo('Stable', step.wallMs)
  note(step, group, `generation ${group.generationId} is stable`)
}

function giveAssignment(
  step: Step,
  group: ClassicGroup,
  member: ClassicMember,
  assignments: ReadonlyMap<string, Uint8Array>,
): void {
  member.assignment = assignments.get(member.memberId) ?? NO_BYTES
  // Its session did not run while it waited for the leader.
  if (answerSync(step, member, syncAccepted(group, member))) startTimer(step, member.session, member.sessionTimeoutMs)
}
