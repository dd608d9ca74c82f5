import type { ErrorCode } from '../../model/error-code.ts'
import type { ClassicGroup } from './classic-group.ts'
import type { GroupConfig } from './config.ts'
import type { ClassicMember, MemberProtocol } from './member.ts'
import type { CoordinatorRecord, OffsetRecord } from './records.ts'
import { type GroupTimer, NOT_RUNNING } from './timer.ts'

/** What a member is told at the end of the join phase. Field names are those of JoinGroupResponse. */
export interface JoinAnswer {
  readonly errorCode: ErrorCode
  readonly generationId: number
  readonly protocolType: string | null
  readonly protocolName: string | null
  readonly leader: string
  readonly skipAssignment: boolean
  readonly memberId: string
  /** For the leader only. */
  readonly members: readonly {
    readonly memberId: string
    readonly groupInstanceId: string | null
    readonly metadata: Uint8Array
  }[]
}

/** Field names are those of SyncGroupResponse. */
export interface SyncAnswer {
  readonly errorCode: ErrorCode
  readonly protocolType: string | null
  readonly protocolName: string | null
  readonly assignment: Uint8Array
}

/** An answer to a parked request: `waiter` is the number it came with. */
export type Answer =
  | { readonly kind: 'join'; readonly waiter: number; readonly answer: JoinAnswer }
  | { readonly kind: 'sync'; readonly waiter: number; readonly answer: SyncAnswer }

/** What is to happen once the records of a step are durable, or known to have failed. Given back to `appended`. */
export type Ticket =
  | { readonly kind: 'groupCreated'; readonly group: ClassicGroup }
  | {
      readonly kind: 'assignment'
      readonly group: ClassicGroup
      readonly generationId: number
      readonly assignments: ReadonlyMap<string, Uint8Array>
    }
  | {
      readonly kind: 'staticReplaced'
      readonly group: ClassicGroup
      readonly old: ClassicMember
      readonly oldProtocols: readonly MemberProtocol[]
      readonly next: ClassicMember
      readonly leaderBefore: string | null
      readonly skipsAssignment: boolean
    }
  | { readonly kind: 'offsetsWritten'; readonly records: readonly OffsetRecord[] }
  | {
      readonly kind: 'offsetsForgotten'
      readonly groupId: string
      readonly places: readonly { readonly topic: string; readonly partition: number }[]
    }
  | { readonly kind: 'groupForgotten'; readonly group: ClassicGroup; readonly stateTimestampMs: number }

/** Something worth a line in the log. */
interface GroupNote {
  readonly groupId: string
  readonly message: string
}

/**
 * What one step left behind. The driver sends `answers` and moves `timers` at once, appends all `records` as one batch,
 * and when their fate is known feeds `tickets` back.
 */
export interface Effects {
  readonly answers: Answer[]
  /** Timers whose `dueMs` was changed; one may be named twice. */
  readonly timers: GroupTimer[]
  readonly records: CoordinatorRecord[]
  readonly tickets: Ticket[]
  readonly notes: GroupNote[]
}

/** Time and rules that a transition works by, and where it leaves its effects. */
export interface Step {
  readonly config: GroupConfig
  /** Monotonic milliseconds: for timers. */
  readonly nowMs: number
  /** Milliseconds since 1970: for what is stored. */
  readonly wallMs: number
  readonly effects: Effects
}

/** A step with nothing in it yet. */
export function newStep(config: GroupConfig, nowMs: number, wallMs: number): Step {
  return { config, nowMs, wallMs, effects: { answers: [], timers: [], records: [], tickets: [], notes: [] } }
}

/** Starts or moves a timer. */
export function startTimer(step: Step, timer: GroupTimer, delayMs: number): void {
  timer.dueMs = step.nowMs + delayMs
  step.effects.timers.push(timer)
}

/** Stops a timer; harmless when it is not running. */
export function cancelTimer(step: Step, timer: GroupTimer): void {
  if (timer.dueMs === NOT_RUNNING) return
  timer.dueMs = NOT_RUNNING
  step.effects.timers.push(timer)
}

export function note(step: Step, group: ClassicGroup, message: string): void {
  step.effects.notes.push({ groupId: group.groupId, message })
}
