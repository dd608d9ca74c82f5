/** `dueMs` of a timer that is not running. */
export const NOT_RUNNING: number = Number.POSITIVE_INFINITY

/**
 * One deadline of a group. The state machine moves `dueMs` and names the timer in its effects; the driver keeps the
 * queue. The object lives as long as its member or group, so that a heartbeat allocates nothing.
 */
export interface GroupTimer {
  readonly kind: 'session' | 'join' | 'sync'
  /** Partition of `__consumer_offsets` whose coordinator is to be told. */
  readonly partition: number
  readonly groupId: string
  /** Whose session; empty for the timers of the group itself. */
  readonly memberId: string
  /** Monotonic milliseconds, `NOT_RUNNING` when cancelled. */
  dueMs: number
  /** The driver's own: position in its queue, -1 when absent. */
  slot: number
  /** The driver's own: for when the queue has it. Earlier than or equal to `dueMs` while the timer is only pushed back. */
  queuedForMs: number
}

/** A timer that is not running. */
export function groupTimer(kind: GroupTimer['kind'], partition: number, groupId: string, memberId: string): GroupTimer {
  return { kind, partition, groupId, memberId, dueMs: NOT_RUNNING, slot: -1, queuedForMs: NOT_RUNNING }
}
