import type { DiskWrite, Entry } from './contract.ts'
import type { AfterPersist, Turn, ZabState } from './state.ts'

/** Asks for writes behind all earlier ones; `after` runs when they are durable, whatever has become of the role. */
export function persist(turn: Turn, writes: readonly DiskWrite[], after: AfterPersist): void {
  const { state } = turn
  const sequence = state.nextSequence
  state.nextSequence += 1
  state.pending.push({ sequence, after })
  turn.effects.push({ kind: 'persist', sequence, writes })
}

/** Puts an entry behind the log; it is in the tree only when {@link applyNext} or a fast-forward says so. */
export function append(turn: Turn, entry: Entry, after: AfterPersist): void {
  turn.state.lastLoggedZxid = entry.zxid
  turn.state.unapplied.push(entry)
  persist(turn, [{ kind: 'append', entry }], after)
}

/** The oldest logged entry is decided: into the tree with it. */
export function applyNext(turn: Turn): void {
  const entry = turn.state.unapplied.shift()
  if (entry === undefined) return
  remember(turn.state, entry)
  turn.effects.push({ kind: 'apply', entry })
}

/** Brings the tree up to the log before an election: what was logged may be committed elsewhere. */
export function fastForwardAll(turn: Turn): void {
  for (const entry of turn.state.unapplied) {
    remember(turn.state, entry)
    turn.effects.push({ kind: 'fastForward', entry })
  }
  turn.state.unapplied.length = 0
}

/** Keeps the newest applied entries at hand for learners that are a little behind. */
export function remember(state: ZabState, entry: Entry): void {
  state.appliedZxid = entry.zxid
  state.window.push(entry)
  if (state.window.length > state.settings.windowMax) state.window.shift()
}
