import { assertNever } from '../base/assert.ts'
import type { Effect, ForwardedRequest, Input, LearnerMessage, LinkId } from './contract.ts'
import {
  changeReach,
  enterLooking,
  isOwnVictory,
  receiveNotification,
  startWhenDrained,
  tickLooking,
} from './election/looking.ts'
import { acknowledge, proposeEntry, syncPoint } from './leader/broadcast.ts'
import {
  enterLeading,
  leaderAcceptedEpoch,
  leaderEpochDurable,
  learnerAccepted,
  receiveFromLearner,
  synchronizeFromLog,
  tickLeading,
} from './leader/leading.ts'
import {
  enterLearning,
  learnerAcceptedEpoch,
  learnerConnected,
  learnerLinkDown,
  learnerLogged,
  learnerSynchronized,
  learningDeadlineMs,
  receiveFromLeader,
  redialOrLook,
  tickLearning,
} from './learner/learning.ts'
import { historyInstalled } from './learner/synchronizing.ts'
import { type AfterPersist, electionRole, isObserver, type Turn, type Vote, type ZabState } from './state.ts'

/**
 * One step of the protocol. The state is changed in place; everything else that shall happen is in the answer, to be
 * carried out in its order.
 *
 * @param state owned by the caller, changed here only
 * @param nowMs a clock that never goes back; its zero is of no matter
 * @param input what happened
 */
export function step(state: ZabState, nowMs: number, input: Input): readonly Effect[] {
  const turn: Turn = { state, nowMs, effects: [], transition: null }
  if (state.isHalted) return turn.effects
  // Time first: a server that slept must notice before it acts on what arrived meanwhile, a leader above all.
  if (nowMs >= nextDeadlineMs(state)) {
    tick(turn)
    while (turn.transition !== null && !state.isHalted) move(turn)
  }
  take(turn, input)
  while (turn.transition !== null && !state.isHalted) move(turn)
  return turn.effects
}

/** @returns when `tick` is due at the latest; Infinity when nothing waits for time */
export function nextDeadlineMs(state: ZabState): number {
  const { role } = state
  switch (role.kind) {
    case 'looking':
      return role.isDraining ? Number.POSITIVE_INFINITY : Math.min(role.resendAtMs, role.decideAtMs)
    case 'learning':
      return Math.min(role.redialAtMs, learningDeadlineMs(state.settings, role))
    case 'leading':
      return role.phase === 'broadcast' ? Math.min(role.nextPingMs, role.nextCheckMs) : role.deadlineMs
  }
}

function take(turn: Turn, input: Input): void {
  const { role } = turn.state
  switch (input.kind) {
    case 'start':
      turn.transition = { kind: 'look', reason: 'the server starts', designatedLeader: null }
      return
    case 'tick':
      return
    case 'notification':
      receiveNotification(turn, input.from, input.notification)
      return
    case 'electionLink':
      changeReach(turn, input.peer, input.isUp)
      return
    case 'linkUp':
      if (input.dialed !== null && role.kind === 'learning') learnerConnected(turn, role, input.link, input.dialed)
      else if (input.dialed === null && role.kind === 'leading') learnerAccepted(turn, role, input.link)
      else
        turn.effects.push({ kind: 'closeLink', link: input.link, reason: `this server is ${electionRole(turn.state)}` })
      return
    case 'dialFailed':
      if (role.kind === 'learning' && role.stage === 'dialing' && role.leader === input.peer) {
        redialOrLook(turn, role)
      }
      return
    case 'linkDown':
      if (role.kind === 'learning') learnerLinkDown(turn, role, input.link)
      else if (role.kind === 'leading') role.learners.delete(input.link)
      return
    case 'message':
      if (role.kind === 'learning') receiveFromLeader(turn, role, input.link, input.message)
      else if (role.kind === 'leading') receiveFromLearner(turn, role, input.link, input.message)
      return
    case 'progress':
      progress(turn, input.link)
      return
    case 'persisted':
      persisted(turn, input.sequence)
      return
    case 'persistFailed':
      // After a failed sync the page cache lies: nothing may be acknowledged any more (ZOOKEEPER-3701).
      turn.state.isHalted = true
      turn.effects.push({ kind: 'halt', reason: `the disk failed: ${input.reason}` })
      return
    case 'snapshotTaken':
      turn.state.snapshotZxid = Math.max(turn.state.snapshotZxid, input.zxid)
      return
    default:
      takeRequest(turn, input)
  }
}

/** A snapshot may take longer than a peer may be silent. */
function progress(turn: Turn, link: LinkId): void {
  const { role } = turn.state
  if (role.kind === 'learning' && role.link === link) role.lastHeardMs = turn.nowMs
  const learner = role.kind === 'leading' ? role.learners.get(link) : undefined
  if (learner !== undefined) learner.lastHeardMs = turn.nowMs
}

type RequestInput = Extract<
  Input,
  { kind: 'logRead' | 'propose' | 'forward' | 'askRevalidation' | 'answerRevalidation' | 'syncPoint' }
>

function takeRequest(turn: Turn, input: RequestInput): void {
  const { role } = turn.state
  switch (input.kind) {
    case 'logRead':
      if (role.kind === 'leading') synchronizeFromLog(turn, role, input.link, input.entries)
      return
    case 'propose':
      // The reign may have ended in this very step, see above: `stopServing` tells the host what became of it.
      if (role.kind === 'leading' && role.phase === 'broadcast') proposeEntry(turn, role, input.entry)
      return
    case 'forward':
      forward(turn, input.request)
      return
    case 'askRevalidation':
      sendFromLearner(turn, { type: 'revalidate', sessionId: input.sessionId, timeoutMs: input.timeoutMs })
      return
    case 'answerRevalidation': {
      const message: LearnerMessage = { type: 'revalidated', sessionId: input.sessionId, isValid: input.isValid }
      if (role.kind === 'leading' && role.learners.has(input.link)) {
        turn.effects.push({ kind: 'send', link: input.link, message })
      }
      return
    }
    case 'syncPoint':
      if (role.kind === 'leading' && role.phase === 'broadcast') syncPoint(turn, role, input.link)
      return
    default:
      assertNever(input, 'takeRequest')
  }
}

function forward(turn: Turn, request: ForwardedRequest): void {
  sendFromLearner(turn, { type: 'request', request })
}

/** Clients of a server that has lost its leader are being disconnected: what they asked goes with them. */
function sendFromLearner(turn: Turn, message: LearnerMessage): void {
  const { role } = turn.state
  if (role.kind === 'learning' && role.stage === 'active' && role.link !== null) {
    turn.effects.push({ kind: 'send', link: role.link, message })
  }
}

function tick(turn: Turn): void {
  const { role } = turn.state
  if (role.kind === 'looking') tickLooking(turn, role)
  else if (role.kind === 'learning') tickLearning(turn, role)
  else tickLeading(turn, role)
}

function persisted(turn: Turn, sequence: number): void {
  const { state } = turn
  for (let next = state.pending[0]; next !== undefined && next.sequence <= sequence; next = state.pending[0]) {
    state.pending.shift()
    afterPersist(turn, next.after)
    // The rest of the group belongs to the role that the transition leaves: bring it there first.
    while (turn.transition !== null && !state.isHalted) move(turn)
  }
  startWhenDrained(turn)
}

function afterPersist(turn: Turn, after: AfterPersist): void {
  const { role } = turn.state
  switch (after.kind) {
    case 'nothing':
      return
    case 'epochAccepted':
      if (role.kind === 'leading' && after.link === null) leaderAcceptedEpoch(turn, role)
      else if (role.kind === 'learning' && after.link !== null) learnerAcceptedEpoch(turn, role, after.link)
      return
    case 'leaderEpoch':
      turn.state.currentEpoch = after.epoch
      if (role.kind === 'leading') leaderEpochDurable(turn, role, after.epoch)
      return
    case 'logged':
      if (role.kind === 'learning') learnerLogged(turn, role, after.link, after.zxid)
      else if (role.kind === 'leading') acknowledge(turn, role, turn.state.settings.serverId, after.zxid)
      return
    case 'synchronized':
      historyInstalled(turn, after.epoch, after.incoming, after.cutTo)
      if (role.kind === 'learning') learnerSynchronized(turn, role, after.link, after.epoch)
      return
    default:
      assertNever(after, 'afterPersist')
  }
}

function enter(turn: Turn, vote: Vote): void {
  const { state } = turn
  const isLeader = isOwnVictory(state, vote)
  const role = isLeader ? 'leading' : isObserver(state) ? 'observing' : 'following'
  turn.effects.push({ kind: 'role', role, reason: `server ${vote.leader} is elected` })
  state.vote = vote
  if (isLeader) enterLeading(turn)
  else enterLearning(turn, vote)
}

/** Leaves the present role in good order and takes the next. */
function move(turn: Turn): void {
  const { transition } = turn
  if (transition === null) return
  turn.transition = null
  if (transition.kind === 'enter') {
    enter(turn, transition.vote)
    return
  }
  leave(turn, transition.reason)
  turn.effects.push({ kind: 'role', role: 'looking', reason: transition.reason })
  enterLooking(turn, transition.designatedLeader)
}

function leave(turn: Turn, reason: string): void {
  const { state } = turn
  const { role } = state
  if (state.isServing) {
    state.isServing = false
    turn.effects.push({ kind: 'stopServing', reason })
  }
  if (role.kind === 'learning' && role.link !== null) {
    turn.effects.push({ kind: 'closeLink', link: role.link, reason })
  } else if (role.kind === 'leading') {
    for (const link of role.learners.keys()) turn.effects.push({ kind: 'closeLink', link, reason })
  }
}
