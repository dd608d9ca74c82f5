import type { Entry } from '../contract.ts'
import { epochOf, isEpochStart } from '../zxid.ts'

/** How a learner gets from its history to the leader's. */
export type SyncPlan =
  | { readonly mode: 'diff' | 'trunc'; readonly zxid: number; readonly entries: readonly Entry[] }
  | { readonly mode: 'snap' }
  /** The window does not reach back: ask the log from here. */
  | { readonly mode: 'readLog' }

export interface LeaderHistory {
  readonly appliedZxid: number
  /** Newest applied entries, ending at `appliedZxid`; may be empty. */
  readonly window: readonly Entry[]
}

/**
 * Decides between DIFF, TRUNC, SNAP and the log on disk, in the original's order of cases.
 *
 * A cut goes only to an entry of the learner's own last epoch. The learner then has it for certain, as one leader's
 * entries arrive without holes; across epochs it may not, and would be left with a hole behind the cut.
 *
 * @param learnerZxid the last entry that the learner logged; with counter 0 it names a reign's start, not an entry
 */
export function planSync(history: LeaderHistory, learnerZxid: number): SyncPlan {
  const { appliedZxid, window } = history
  if (learnerZxid === appliedZxid) return { mode: 'diff', zxid: learnerZxid, entries: [] }
  if (learnerZxid > appliedZxid) {
    if (isEpochStart(learnerZxid) || epochOf(learnerZxid) !== epochOf(appliedZxid)) return { mode: 'snap' }
    return { mode: 'trunc', zxid: appliedZxid, entries: [] }
  }
  const oldestZxid = window[0]?.zxid
  if (oldestZxid === undefined) return { mode: 'snap' }
  if (learnerZxid < oldestZxid) return { mode: 'readLog' }
  const at = window.findIndex((entry) => entry.zxid >= learnerZxid)
  if (window[at]?.zxid === learnerZxid) return { mode: 'diff', zxid: appliedZxid, entries: window.slice(at + 1) }
  // Everything up to the start of that reign is committed, so it is a prefix of ours.
  if (isEpochStart(learnerZxid)) return { mode: 'diff', zxid: appliedZxid, entries: window.slice(at) }
  // Its tail was never decided: back to the last entry of that epoch which was, and on from there.
  const before = window[at - 1]
  if (before !== undefined && epochOf(before.zxid) === epochOf(learnerZxid) && !isEpochStart(before.zxid)) {
    return { mode: 'trunc', zxid: before.zxid, entries: window.slice(at) }
  }
  return { mode: 'snap' }
}

/**
 * Joins what the log gave with the window as it is by now.
 *
 * @param logEntries from the learner's last entry on, or null
 */
export function planFromLog(
  history: LeaderHistory,
  learnerZxid: number,
  logEntries: readonly Entry[] | null,
): SyncPlan {
  const direct = planSync(history, learnerZxid)
  if (direct.mode !== 'readLog') return direct
  const last = logEntries?.at(-1)
  if (logEntries === null || last === undefined || logEntries[0]?.zxid !== learnerZxid) return { mode: 'snap' }
  const { window, appliedZxid } = history
  const at = window.findIndex((entry) => entry.zxid === last.zxid)
  if (at < 0) return { mode: 'snap' }
  return { mode: 'diff', zxid: appliedZxid, entries: [...logEntries.slice(1), ...window.slice(at + 1)] }
}
