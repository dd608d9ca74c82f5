import { assert } from '../../base/assert.ts'
import { ErrorCode } from '../../model/error-code.ts'
import { answerJoin, answerSync, joinAccepted, joinRefused, syncRefused } from './answers.ts'
import type { ClassicGroup } from './classic-group.ts'
import { cancelTimer, note, type Step, startTimer, type Ticket } from './effects.ts'
import { groupRecordOf } from './group-record.ts'
import { ClassicMember, type MemberProtocol } from './member.ts'
import { maybeCompleteJoin, prepareRebalance } from './rebalance.ts'

/** The part of a JoinGroup that matters when somebody comes back under its instance id. */
export interface StaticJoin {
  readonly protocols: readonly MemberProtocol[]
  readonly sessionTimeoutMs: number
  readonly rebalanceTimeoutMs: number
  readonly supportsSkippingAssignment: boolean
}

/**
 * Somebody without a member id joins under the instance id of a member (KIP-345): most likely the same process after
 * a restart. It takes the old one's place and the old one is fenced. A stable group keeps its assignment, unless the
 * choice of protocol would change.
 */
export function joinReplacingStaticMember(
  step: Step,
  group: ClassicGroup,
  input: StaticJoin,
  waiter: number,
  old: ClassicMember,
  memberId: string,
): undefined {
  const leaderBefore = group.leader
  const oldProtocols = old.protocols
  const next = successorOf(group, old, memberId, input)
  fence(step, group, old)
  group.replace(old, next)
  group.setJoinWaiter(next, waiter)
  startTimer(step, next.session, next.sessionTimeoutMs)
  const reason = `static member ${next.instanceId} is now ${memberId}, was ${old.memberId}`
  if (group.state === 'CompletingRebalance') {
    // The leader may be assigning to the old id right now: that assignment would reach nobody.
    prepareRebalance(step, group, reason)
  } else if (group.state === 'PreparingRebalance') {
    maybeCompleteJoin(step, group)
  } else if (group.protocolName !== group.selectProtocol()) {
    prepareRebalance(step, group, `${reason}, and the choice of protocol changes`)
  } else {
    note(step, group, `${reason}, without a rebalance`)
    step.effects.records.push(groupRecordOf(group))
    step.effects.tickets.push({
      kind: 'staticReplaced',
      group,
      old,
      oldProtocols,
      next,
      leaderBefore,
      skipsAssignment: input.supportsSkippingAssignment,
    })
  }
  return undefined
}

/** The record of a silent replacement is durable, or was refused: then the old member is put back. */
export function onStaticReplaced(
  step: Step,
  ticket: Extract<Ticket, { kind: 'staticReplaced' }>,
  code: ErrorCode,
): void {
  const { group, next, old } = ticket
  // A rebalance or a removal in the meantime has answered the request or will.
  if (group.members.get(next.memberId) !== next) return
  if (code !== ErrorCode.none) {
    if (group.state !== 'Stable') return
    answerJoin(step, group, next, { ...joinRefused(code, ''), generationId: group.generationId })
    cancelTimer(step, next.session)
    group.replace(next, old)
    startTimer(step, old.session, old.sessionTimeoutMs)
    return
  }
  if (group.state !== 'Stable') return
  // Its session did not run while it waited for the log: without this a slow append left it a heartbeat's time, or,
  // where the session had already been excused, no session at all.
  startTimer(step, next.session, next.sessionTimeoutMs)
  const isLeader = group.isLeader(next.memberId)
  const answer = joinAccepted(group, next.memberId)
  if (ticket.skipsAssignment) answerJoin(step, group, next, { ...answer, skipAssignment: isLeader })
  else {
    // Older clients that see themselves as leader compute an assignment and wait for a rebalance that is not there:
    // they are told the old leader's id instead, and ask for the assignment they had.
    answerJoin(step, group, next, { ...answer, leader: ticket.leaderBefore ?? '', members: [] })
  }
}

function successorOf(group: ClassicGroup, old: ClassicMember, memberId: string, input: StaticJoin): ClassicMember {
  assert(old.instanceId !== null, 'only a static member has a successor')
  const next = new ClassicMember(group.partition, group.groupId, {
    memberId,
    instanceId: old.instanceId,
    clientId: old.clientId,
    clientHost: old.clientHost,
    protocolType: old.protocolType,
    rebalanceTimeoutMs: input.rebalanceTimeoutMs,
    sessionTimeoutMs: input.sessionTimeoutMs,
    protocols: input.protocols,
  })
  next.assignment = old.assignment
  return next
}

function fence(step: Step, group: ClassicGroup, old: ClassicMember): void {
  answerJoin(step, group, old, joinRefused(ErrorCode.fencedInstanceId, old.memberId))
  answerSync(step, old, syncRefused(ErrorCode.fencedInstanceId))
  cancelTimer(step, old.session)
}
