import type { WheelEntry } from '../../base/timer-wheel.ts'

/** `dueMs` of a timer that is not running. */
export const NOT_RUNNING: number = Number.POSITIVE_INFINITY

/**
 * One deadline of a group. The state machine moves `dueMs` and names the timer in its effects; the driver puts it into
 * its wheel. The object lives as long as its member or group, so that a heartbeat allocates no timer.
 */
export interface GroupTimer extends WheelEntry {
  readonly kind: 'session' | 'join' | 'sync'
  /** Partition of `__consumer_offsets` whose coordinator is to be told. */
  readonly partition: number
  readonly groupId: string
  /** Whose session; empty for the timers of the group itself. */
  readonly memberId: string
  /** Monotonic milliseconds, `NOT_RUNNING` when cancelled. */
  dueMs: number
}

/** A timer that is not running. */
export function groupTimer(kind: GroupTimer['kind'], partition: number, groupId: string, memberId: string): GroupTimer {
  return {
    kind,
    partition,
    groupId,
    memberId,
    dueMs: NOT_RUNNING,
    wheelTick: -1,
    wheelNext: null,
    wheelPrevious: null,
  }
}
