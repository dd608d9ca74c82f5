import { ErrorCode } from '../../model/error-code.ts'
import { answerJoin, answerSync, joinRefused, syncRefused } from './answers.ts'
import { ClassicGroup } from './classic-group.ts'
import { type CommitAnswer, type CommitInput, commit, commitRefused, whyCommitRefused } from './commit.ts'
import { cancelTimer, type JoinAnswer, type Step, type SyncAnswer, startTimer, type Ticket } from './effects.ts'
import { describeGroup, type GroupDescription, type ListedGroup, listGroups } from './describe.ts'
import { type FetchedTopic, type FetchOffsetsInput, fetchOffsets } from './fetch-offsets.ts'
import { emptyGroupRecordOf, restoreGroup } from './group-record.ts'
import { type HeartbeatInput, heartbeat } from './heartbeat.ts'
import { type JoinInput, join } from './join.ts'
import { type LeaveOutcome, type LeavingMember, leave } from './leave.ts'
import { OffsetStore } from './offset-store.ts'
import { onJoinTimer, onSessionTimer, onSyncTimer, prepareRebalance } from './rebalance.ts'
import type { CoordinatorRecord } from './records.ts'
import {
  type DeleteOffsetsAnswer,
  type DeleteOffsetsInput,
  deleteGroup,
  deleteOffsets,
  expire,
  forgetTopic,
  whyNotDeletable,
} from './retention.ts'
import { onStaticReplaced } from './static-member.ts'
import { onAssignmentWritten, type SyncInput, sync } from './sync.ts'
import type { GroupTimer } from './timer.ts'

/**
 * Every group kept in one partition of `__consumer_offsets`, and their offsets. One input, one `Step` of effects: no
 * clock, no promise, no disk. The driver appends `step.effects.records` as one batch and reports the outcome with
 * `appended`, in the order in which it appended.
 */
export class GroupPartition {
  readonly partition: number
  readonly groups: Map<string, ClassicGroup> = new Map()
  readonly offsets: OffsetStore = new OffsetStore()

  constructor(partition: number) {
    this.partition = partition
  }

  /** @returns the answer, or undefined when `waiter` will get it later */
  join(step: Step, input: JoinInput, waiter: number): JoinAnswer | undefined {
    const known = this.groups.get(input.groupId)
    if (known === undefined && input.memberId !== '') return joinRefused(ErrorCode.unknownMemberId, input.memberId)
    const group = known ?? new ClassicGroup(this.partition, input.groupId, step.wallMs)
    if (known === undefined) {
      this.groups.set(input.groupId, group)
      step.effects.records.push(emptyGroupRecordOf(group))
      step.effects.tickets.push({ kind: 'groupCreated', group })
    }
    return join(step, group, input, waiter)
  }

  /** @returns the answer, or undefined when `waiter` will get it later */
  sync(step: Step, input: SyncInput, waiter: number): SyncAnswer | undefined {
    const group = this.groups.get(input.groupId)
    return group === undefined ? syncRefused(ErrorCode.unknownMemberId) : sync(step, group, input, waiter)
  }

  heartbeat(step: Step, input: HeartbeatInput): ErrorCode {
    const group = this.groups.get(input.groupId)
    return group === undefined ? ErrorCode.unknownMemberId : heartbeat(step, group, input)
  }

  leave(
    step: Step,
    groupId: string,
    leaving: readonly LeavingMember[],
  ): { readonly errorCode: ErrorCode; readonly members: readonly LeaveOutcome[] } {
    const group = this.groups.get(groupId)
    if (group === undefined) {
      return { errorCode: ErrorCode.none, members: leaving.map((who) => leftNobody(who)) }
    }
    if (group.state === 'Dead') return { errorCode: ErrorCode.coordinatorNotAvailable, members: [] }
    return { errorCode: ErrorCode.none, members: leave(step, group, leaving) }
  }

  commit(step: Step, input: CommitInput): CommitAnswer {
    const known = this.groups.get(input.groupId)
    const refusal = whyCommitRefused(known, input)
    if (refusal !== ErrorCode.none) return commitRefused(input, refusal)
    return commit(step, known ?? this.#createSimpleGroup(step.wallMs, input.groupId), this.offsets, input)
  }

  fetchOffsets(input: FetchOffsetsInput): readonly FetchedTopic[] {
    return fetchOffsets(this.offsets, input)
  }

  /** Undefined when there is no such group. */
  describe(groupId: string): GroupDescription | undefined {
    const group = this.groups.get(groupId)
    return group === undefined || group.state === 'Dead' ? undefined : describeGroup(group)
  }

  /** Empty filters let everything through. */
  list(states: readonly string[], types: readonly string[]): readonly ListedGroup[] {
    return listGroups(this.groups.values(), states, types)
  }

  deleteGroup(step: Step, groupId: string): ErrorCode {
    const group = this.groups.get(groupId)
    const refusal = whyNotDeletable(group)
    if (refusal === ErrorCode.none && group !== undefined) deleteGroup(step, group, this.offsets)
    return refusal
  }

  deleteOffsets(step: Step, input: DeleteOffsetsInput): DeleteOffsetsAnswer {
    return deleteOffsets(step, this.groups.get(input.groupId), this.offsets, input)
  }

  /** Lets one group's offsets expire; the driver goes through all of them, a step each. */
  expire(step: Step, groupId: string): void {
    const group = this.groups.get(groupId)
    if (group !== undefined) expire(step, group, this.offsets)
  }

  forgetTopic(step: Step, topic: string): void {
    forgetTopic(step, this.offsets, topic)
  }

  /** A timer of this partition is due. The driver has taken it out of its queue. */
  timerDue(step: Step, timer: GroupTimer): void {
    timer.dueMs = Number.POSITIVE_INFINITY
    const group = this.groups.get(timer.groupId)
    if (group === undefined || group.state === 'Dead') return
    switch (timer.kind) {
      case 'join':
        if (timer === group.joinTimer) onJoinTimer(step, group)
        return
      case 'sync':
        if (timer === group.syncTimer) onSyncTimer(step, group)
        return
      case 'session':
        onSessionTimer(step, group, timer.memberId)
        return
    }
  }

  /**
   * What became of the records of an earlier step.
   *
   * @param code as the members are to see it: `none`, or the answer to those who waited for the append
   * @param baseOffset offset of the step's first record, where `code` is none
   */
  appended(step: Step, tickets: readonly Ticket[], code: ErrorCode, baseOffset: number): void {
    let at = 0
    for (const ticket of tickets) {
      switch (ticket.kind) {
        case 'groupCreated':
          if (code !== ErrorCode.none) this.#dissolve(step, ticket.group, code)
          break
        case 'assignment':
          onAssignmentWritten(step, ticket, code)
          break
        case 'staticReplaced':
          onStaticReplaced(step, ticket, code)
          break
        case 'offsetsWritten':
          for (const record of ticket.records) {
            if (code === ErrorCode.none) this.offsets.finishWrite(record, baseOffset + at)
            else this.offsets.abandonWrite(record)
            at += 1
          }
          if (code !== ErrorCode.none) this.#dropIfUnused(ticket.records[0]?.groupId ?? '')
          break
        case 'offsetsForgotten':
          for (const place of ticket.places) {
            if (code === ErrorCode.none) {
              this.offsets.forget(ticket.groupId, place.topic, place.partition, baseOffset + at)
            }
            at += 1
          }
          break
        case 'groupForgotten':
          this.#onGroupForgotten(step, ticket, code)
          break
      }
    }
  }

  /** One record of the log, oldest first. `producerId` is -1 outside transactions. */
  replay(record: CoordinatorRecord, recordOffset: number, producerId: number, wallMs: number): void {
    switch (record.kind) {
      case 'group': {
        const group = new ClassicGroup(this.partition, record.groupId, record.stateTimestampMs)
        restoreGroup(group, record)
        this.groups.set(record.groupId, group)
        return
      }
      case 'groupTombstone':
        this.groups.delete(record.groupId)
        return
      case 'offset':
        if (!this.groups.has(record.groupId)) this.#createSimpleGroup(wallMs, record.groupId)
        this.offsets.replay(record, recordOffset, producerId)
        return
      case 'offsetTombstone':
        this.offsets.forget(record.groupId, record.topic, record.partition, recordOffset)
        return
    }
  }

  /** A marker of the log, or of a transaction that ended now. */
  endTransaction(producerId: number, isCommitted: boolean): void {
    this.offsets.endTransaction(producerId, isCommitted)
  }

  /** Everything has been replayed: sessions run from now, and a group larger than allowed has to shrink. */
  loaded(step: Step): void {
    for (const group of this.groups.values()) {
      for (const member of group.members.values()) startTimer(step, member.session, member.sessionTimeoutMs)
      if (group.members.size > step.config.memberCountMax) {
        prepareRebalance(step, group, `it has more members than the ${step.config.memberCountMax} allowed`)
      }
    }
  }

  /** The partition is led elsewhere from now on: everybody who waits is told so. */
  unload(step: Step): void {
    for (const group of this.groups.values()) this.#dissolve(step, group, ErrorCode.notCoordinator)
    this.groups.clear()
  }

  #dissolve(step: Step, group: ClassicGroup, code: ErrorCode): void {
    for (const member of group.members.values()) {
      answerJoin(step, group, member, joinRefused(code, member.memberId))
      answerSync(step, member, syncRefused(code))
      cancelTimer(step, member.session)
    }
    for (const timer of group.pendingMembers.values()) cancelTimer(step, timer)
    cancelTimer(step, group.joinTimer)
    cancelTimer(step, group.syncTimer)
    group.transitionTo('Dead', step.wallMs)
    if (this.groups.get(group.groupId) === group) this.groups.delete(group.groupId)
  }

  #createSimpleGroup(wallMs: number, groupId: string): ClassicGroup {
    const group = new ClassicGroup(this.partition, groupId, wallMs)
    this.groups.set(groupId, group)
    return group
  }

  #dropIfUnused(groupId: string): void {
    const group = this.groups.get(groupId)
    const isUnused =
      group !== undefined && group.protocolType === null && group.state === 'Empty' && group.pendingMembers.size === 0
    if (isUnused && !this.offsets.hasOffsets(groupId)) this.groups.delete(groupId)
  }

  #onGroupForgotten(step: Step, ticket: Extract<Ticket, { kind: 'groupForgotten' }>, code: ErrorCode): void {
    const group = ticket.group
    if (this.groups.get(group.groupId) !== group) return
    if (code === ErrorCode.none) {
      this.groups.delete(group.groupId)
      this.offsets.forgetGroup(group.groupId)
      step.effects.notes.push({ groupId: group.groupId, message: 'deleted' })
      return
    }
    group.state = 'Empty'
    group.previousState = 'Dead'
    group.stateTimestampMs = ticket.stateTimestampMs
  }
}

function leftNobody(who: LeavingMember): LeaveOutcome {
  return { memberId: who.memberId, groupInstanceId: who.groupInstanceId, errorCode: ErrorCode.unknownMemberId }
}
