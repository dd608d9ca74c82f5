import { assert } from '../../base/assert.ts'
import { type LearnerMessage, type LinkId, learnerProtocolVersion, type ServerId } from '../contract.ts'
import { persist } from '../disk.ts'
import { isObserver, isParticipant, type Learning, look, type Turn, type Vote } from '../state.ts'
import { makeZxid } from '../zxid.ts'
import { receiveActive } from './active.ts'
import { receiveSync } from './synchronizing.ts'

/** An elected leader may need a moment before it listens: its own wait for a better vote, mostly. Under four seconds in all. */
const DIAL_ATTEMPTS_MAX = 8
const REDIAL_MIN_MS = 25
const REDIAL_MAX_MS = 1000

/** Becomes follower or observer of `vote.leader`. */
export function enterLearning(turn: Turn, vote: Vote): void {
  const { state, nowMs } = turn
  const role: Learning = {
    kind: 'learning',
    leader: vote.leader,
    isObserver: isObserver(state),
    isStranger: !isParticipant(state) && !isObserver(state),
    link: null,
    stage: 'dialing',
    dialAttempts: 0,
    redialAtMs: Number.POSITIVE_INFINITY,
    lastHeardMs: nowMs,
    epoch: 0,
    claimedZxid: 0,
    incoming: null,
    newLeaderConfig: null,
    backlog: [],
  }
  state.role = role
  dial(turn, role)
}

/** The connection to the leader stands: say who we are and what we have promised. */
export function learnerConnected(turn: Turn, role: Learning, link: LinkId, dialed: ServerId): void {
  // A connection dialled for an earlier leader may come late: it leads to somebody else.
  if (role.stage !== 'dialing' || role.link !== null || dialed !== role.leader) {
    turn.effects.push({ kind: 'closeLink', link, reason: 'it is not wanted any more' })
    return
  }
  const { state } = turn
  role.link = link
  role.stage = 'introduced'
  role.lastHeardMs = turn.nowMs
  sendToLeader(turn, role, {
    type: role.isObserver ? 'observerInfo' : 'followerInfo',
    acceptedEpoch: state.acceptedEpoch,
    serverId: state.settings.serverId,
    protocolVersion: learnerProtocolVersion,
    configVersion: state.config.version,
  })
}

/** No connection came about, or it went before the leader had anything to say. */
export function redialOrLook(turn: Turn, role: Learning): void {
  if (role.dialAttempts >= DIAL_ATTEMPTS_MAX) {
    look(turn, `server ${role.leader} was elected and does not take learners`)
    return
  }
  role.link = null
  role.stage = 'dialing'
  role.redialAtMs = turn.nowMs + Math.min(REDIAL_MIN_MS * 2 ** (role.dialAttempts - 1), REDIAL_MAX_MS)
}

export function learnerLinkDown(turn: Turn, role: Learning, link: LinkId): void {
  if (role.link !== link) return
  if (role.stage === 'introduced') redialOrLook(turn, role)
  else look(turn, 'the connection to the leader broke')
}

export function tickLearning(turn: Turn, role: Learning): void {
  if (turn.nowMs >= learningDeadlineMs(turn.state.settings, role)) {
    look(turn, `the leader was silent in stage ${role.stage}`)
  } else if (role.stage === 'dialing' && turn.nowMs >= role.redialAtMs) {
    dial(turn, role)
  }
}

/** When the leader has been silent for too long. */
export function learningDeadlineMs(settings: Turn['state']['settings'], role: Learning): number {
  const isSynchronized = role.stage === 'newLeaderAcked' || role.stage === 'active'
  const ticks = isSynchronized ? settings.syncLimitTicks : settings.initLimitTicks
  return role.lastHeardMs + ticks * settings.tickMs
}

export function receiveFromLeader(turn: Turn, role: Learning, link: LinkId, message: LearnerMessage): void {
  if (role.link !== link) return
  role.lastHeardMs = turn.nowMs
  switch (role.stage) {
    case 'dialing':
      return
    case 'introduced':
      receiveLeaderInfo(turn, role, message)
      return
    case 'accepting':
      look(turn, `the leader sent ${message.type} before the epoch was acknowledged`)
      return
    case 'epochAcked':
    case 'persisting':
    case 'newLeaderAcked':
      receiveSync(turn, role, message)
      return
    case 'active':
      receiveActive(turn, role, message)
  }
}

/**
 * Promises to follow nobody of an earlier epoch. The promise is durable before it is given: a server that forgot it
 * could help elect two leaders.
 */
function receiveLeaderInfo(turn: Turn, role: Learning, message: LearnerMessage): void {
  const { state } = turn
  if (message.type !== 'leaderInfo') {
    look(turn, `the leader began with ${message.type}`)
    return
  }
  // Without a vote a promise binds nobody: such a server may follow a leader of an earlier epoch, and says that this is no promise.
  if (message.epoch < state.acceptedEpoch && !role.isObserver && !role.isStranger) {
    look(turn, `the leader offers epoch ${message.epoch}, epoch ${state.acceptedEpoch} is promised already`)
    return
  }
  role.epoch = message.epoch
  if (message.epoch <= state.acceptedEpoch) {
    acknowledgeEpoch(turn, role, -1)
    return
  }
  role.stage = 'accepting'
  state.acceptedEpoch = message.epoch
  persist(turn, [{ kind: 'acceptedEpoch', epoch: message.epoch }], { kind: 'epochAccepted', link: role.link })
}

/** The promise is durable. */
export function learnerAcceptedEpoch(turn: Turn, role: Learning, link: LinkId): void {
  if (role.link !== link || role.stage !== 'accepting') return
  acknowledgeEpoch(turn, role, turn.state.currentEpoch)
}

function acknowledgeEpoch(turn: Turn, role: Learning, currentEpoch: number): void {
  role.stage = 'epochAcked'
  role.claimedZxid = turn.state.claimsNothing ? 0 : turn.state.lastLoggedZxid
  sendToLeader(turn, role, { type: 'ackEpoch', lastZxid: role.claimedZxid, currentEpoch })
}

/** The leader's history is on our disk, and so is its epoch: only now may NEWLEADER be acknowledged. */
export function learnerSynchronized(turn: Turn, role: Learning, link: LinkId, epoch: number): void {
  if (role.link !== link || role.stage !== 'persisting') return
  assert(turn.state.currentEpoch === epoch, 'the epoch is on disk before it is acknowledged')
  role.stage = 'newLeaderAcked'
  role.lastHeardMs = turn.nowMs
  turn.state.claimsNothing = false
  sendToLeader(turn, role, { type: 'ack', zxid: makeZxid(epoch, 0) })
}

/** The learner's own log has an entry: followers vouch for it. */
export function learnerLogged(turn: Turn, role: Learning, link: LinkId | null, zxid: number): void {
  if (role.link !== link || role.stage !== 'active' || role.isObserver) return
  sendToLeader(turn, role, { type: 'ack', zxid })
}

function dial(turn: Turn, role: Learning): void {
  role.dialAttempts += 1
  role.redialAtMs = Number.POSITIVE_INFINITY
  turn.effects.push({ kind: 'dial', peer: role.leader })
}

function sendToLeader(turn: Turn, role: Learning, message: LearnerMessage): void {
  if (role.link !== null) turn.effects.push({ kind: 'send', link: role.link, message })
}
