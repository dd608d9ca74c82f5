/**
 * The join phase: how a rebalance begins, what it waits for and how it ends. Kafka's rules, down to the order of the
 * answers; README.md has the drawing.
 */
import { assert } from '../../base/assert.ts'
import { ErrorCode } from '../../model/error-code.ts'
import { answerJoin, answerSync, joinAccepted, joinRefused, syncRefused } from './answers.ts'
import type { ClassicGroup } from './classic-group.ts'
import { cancelTimer, note, type Step, startTimer } from './effects.ts'
import { groupRecordOf } from './group-record.ts'
import { type ClassicMember, NO_WAITER } from './member.ts'

const NO_BYTES = new Uint8Array(0)

/** Begins a rebalance where the state allows one; during one, sees whether everybody is there. */
export function rebalanceOrCompleteJoin(step: Step, group: ClassicGroup, reason: string): void {
  if (group.canRebalance) prepareRebalance(step, group, reason)
  else maybeCompleteJoin(step, group)
}

/**
 * Begins a rebalance: whoever waits for an assignment is sent to join again. An empty group first waits for more
 * members, so that a deployment of ten starts with one rebalance and not ten.
 */
export function prepareRebalance(step: Step, group: ClassicGroup, reason: string): void {
  if (group.state === 'CompletingRebalance') dropAssignments(step, group, ErrorCode.rebalanceInProgress)
  group.pendingSyncs.clear()
  cancelTimer(step, group.syncTimer)
  const isInitial = group.state === 'Empty'
  note(step, group, `rebalance of generation ${group.generationId} in state ${group.state}: ${reason}`)
  group.transitionTo('PreparingRebalance', step.wallMs)
  if (isInitial) {
    const delayMs = step.config.initialRebalanceDelayMs
    const remainingMs = Math.max(group.rebalanceTimeoutMs - delayMs, 0)
    group.initial = { delayMs, remainingMs, hasNewMember: false }
    startTimer(step, group.joinTimer, delayMs)
  } else if (group.hasAllJoined) {
    completeJoin(step, group)
  } else {
    startTimer(step, group.joinTimer, group.rebalanceTimeoutMs)
  }
}

/** Ends the join phase if nobody is missing. The first rebalance of an empty group always takes its whole delay. */
export function maybeCompleteJoin(step: Step, group: ClassicGroup): void {
  if (group.state !== 'PreparingRebalance' || group.initial !== undefined) return
  if (group.hasAllJoined) completeJoin(step, group)
}

/** The join phase has taken as long as it may. */
export function onJoinTimer(step: Step, group: ClassicGroup): void {
  if (group.state !== 'PreparingRebalance') return
  const initial = group.initial
  if (initial?.hasNewMember && initial.remainingMs > 0) {
    // Somebody came during the delay: wait once more, but never longer than the members' rebalance timeout in all.
    const delayMs = Math.min(step.config.initialRebalanceDelayMs, initial.remainingMs)
    initial.remainingMs = Math.max(initial.remainingMs - initial.delayMs, 0)
    initial.delayMs = delayMs
    initial.hasNewMember = false
    startTimer(step, group.joinTimer, delayMs)
    return
  }
  completeJoin(step, group)
}

/**
 * Closes the join phase: dynamic members that did not come are out, the others learn the new generation. Static
 * members that did not come stay until their session or the sync timer ends.
 */
function completeJoin(step: Step, group: ClassicGroup): void {
  cancelTimer(step, group.joinTimer)
  group.initial = undefined
  for (const member of [...group.members.values()]) {
    if (member.joinWaiter !== NO_WAITER || member.instanceId !== null) continue
    note(step, group, `member ${member.memberId} did not rejoin in time and is removed`)
    dropMember(step, group, member)
  }
  if (group.members.size > 0 && !group.electJoinedLeader()) {
    note(step, group, 'no member has rejoined: waiting for another rebalance timeout')
    startTimer(step, group.joinTimer, group.rebalanceTimeoutMs)
    return
  }
  group.startGeneration(step.wallMs)
  if (group.members.size === 0) {
    note(step, group, `empty with generation ${group.generationId}`)
    step.effects.records.push(groupRecordOf(group))
    return
  }
  note(step, group, `generation ${group.generationId} with ${group.members.size} members, leader ${group.leader}`)
  for (const member of group.members.values()) {
    answerJoin(step, group, member, joinAccepted(group, member.memberId))
    startTimer(step, member.session, member.sessionTimeoutMs)
    member.isNew = false
    group.pendingSyncs.add(member.memberId)
  }
  startTimer(step, group.syncTimer, group.rebalanceTimeoutMs)
}

/** Somebody took the answer to its JoinGroup and never asked for its assignment. */
export function onSyncTimer(step: Step, group: ClassicGroup): void {
  if (group.state !== 'CompletingRebalance' && group.state !== 'Stable') return
  if (group.pendingSyncs.size === 0) return
  const late = [...group.pendingSyncs]
  for (const memberId of late) {
    const member = group.members.get(memberId)
    assert(member !== undefined, 'a pending sync belongs to a member')
    dropMember(step, group, member)
  }
  prepareRebalance(step, group, `members that never sent SyncGroup: ${late.join(', ')}`)
}

/** The session of a member, or the life of an id that was handed out, is over. */
export function onSessionTimer(step: Step, group: ClassicGroup, memberId: string): void {
  if (group.pendingMembers.delete(memberId)) {
    note(step, group, `member id ${memberId} was never used and is taken back`)
    maybeCompleteJoin(step, group)
    return
  }
  const member = group.members.get(memberId)
  if (member === undefined || member.isExcusedFromHeartbeats) return
  answerJoin(step, group, member, joinRefused(ErrorCode.unknownMemberId, ''))
  dropMember(step, group, member)
  if (group.state === 'Stable' || group.state === 'CompletingRebalance') {
    prepareRebalance(step, group, `session of member ${memberId} expired`)
  } else {
    maybeCompleteJoin(step, group)
  }
}

/** Takes a member out with its timer. A parked SyncGroup is answered; a parked JoinGroup must have been. */
export function dropMember(step: Step, group: ClassicGroup, member: ClassicMember): void {
  assert(member.joinWaiter === NO_WAITER, 'a member with a parked JoinGroup must be answered before it goes')
  answerSync(step, member, syncRefused(ErrorCode.unknownMemberId))
  cancelTimer(step, member.session)
  group.remove(member.memberId)
}

/** Everyone's assignment is void; whoever waits for one is told `code`. */
export function dropAssignments(step: Step, group: ClassicGroup, code: ErrorCode): void {
  for (const member of group.members.values()) {
    member.assignment = NO_BYTES
    if (answerSync(step, member, syncRefused(code))) startTimer(step, member.session, member.sessionTimeoutMs)
  }
}
