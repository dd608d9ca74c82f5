import { isSameMembership, isVoter, parseEnsembleConfig } from '../config/ensemble-config.ts'
import { hasEveryQuorum, hasQuorum } from '../config/quorum.ts'
import { type Notification, noVote, type ServerId } from '../contract.ts'
import { fastForwardAll, persist } from '../disk.ts'
import {
  activeConfigs,
  allVoters,
  type Ballot,
  configText,
  createLooking,
  electionRole,
  isParticipant,
  type Learning,
  type Looking,
  look,
  type Turn,
  type Vote,
  type ZabState,
} from '../state.ts'
import { followersOf, isBetterVote, supportersOf } from './votes.ts'

/** Leaves whatever role there was. The election itself begins when the disk has done all it was asked. */
export function enterLooking(turn: Turn, designatedLeader: ServerId | null): void {
  turn.state.role = createLooking(initialVote(turn.state), designatedLeader)
  startWhenDrained(turn)
}

/** Begins the election once the log stands still; then tree and log agree. */
export function startWhenDrained(turn: Turn): void {
  const { state } = turn
  const { role } = state
  if (role.kind !== 'looking' || !role.isDraining || state.pending.length > 0) return
  fastForwardAll(turn)
  role.isDraining = false
  state.round += 1
  if (role.designatedLeader !== null) {
    turn.transition = {
      kind: 'enter',
      vote: {
        leader: role.designatedLeader,
        zxid: state.lastLoggedZxid,
        round: state.round,
        peerEpoch: state.currentEpoch,
      },
    }
    return
  }
  role.resendDelayMs = state.settings.resendMinMs
  propose(turn, role, initialVote(state))
  for (const [from, notification] of role.early) {
    if (turn.transition === null) receiveNotification(turn, from, notification)
  }
  role.early.clear()
}

/** Takes what a peer says on the election port, whatever our role. */
export function receiveNotification(turn: Turn, from: ServerId, notification: Notification): void {
  const { state } = turn
  const { role } = state
  if (role.kind !== 'looking') {
    if (notification.role === 'looking' || !allVoters(state).has(from)) sendNotification(turn, from, state.vote)
    if (role.kind === 'learning' && hasDeclined(state, role, from, notification)) {
      look(turn, `server ${from} was elected and votes for server ${notification.leader}`)
    }
    return
  }
  if (role.isDraining) {
    role.early.set(from, notification)
    return
  }
  if (adoptsNewerConfig(turn, notification.config)) return
  const voters = allVoters(state)
  if (!voters.has(from)) {
    // Observers and joiners decide nothing, but must learn whom to follow.
    sendNotification(turn, from, role.proposal)
    return
  }
  if (!voters.has(notification.leader)) return
  const ballot: Ballot = {
    leader: notification.leader,
    zxid: notification.zxid,
    round: notification.round,
    peerEpoch: notification.peerEpoch,
    role: notification.role,
  }
  if (ballot.role === 'looking') countVote(turn, role, from, ballot)
  else if (ballot.role !== 'observing') joinElected(turn, role, from, ballot)
}

/**
 * Whether the leader that was elected supports somebody else, as when a better vote reached it and not us. Votes only get
 * better within a round, so it will not come back to itself; waiting until it refuses to lead would take seconds.
 */
function hasDeclined(state: ZabState, role: Learning, from: ServerId, notification: Notification): boolean {
  const isWaiting = role.stage === 'dialing' || role.stage === 'introduced'
  return isWaiting && from === role.leader && notification.leader !== from && notification.round >= state.vote.round
}

/** Resends with growing pauses, and decides when nothing better came. */
export function tickLooking(turn: Turn, role: Looking): void {
  if (role.isDraining) return
  if (turn.nowMs >= role.decideAtMs) {
    turn.transition = { kind: 'enter', vote: role.proposal }
    return
  }
  if (turn.nowMs >= role.resendAtMs) {
    role.resendDelayMs = Math.min(role.resendDelayMs * 2, turn.state.settings.resendMaxMs)
    broadcast(turn, role)
  }
}

/** A peer can be reached again, and may have missed what we last said; or it is gone, and nobody need wait for its vote. */
export function changeReach(turn: Turn, peer: ServerId, isUp: boolean): void {
  const { state } = turn
  const { role } = state
  if (isUp) state.unreachable.delete(peer)
  else state.unreachable.add(peer)
  if (role.kind !== 'looking' || role.isDraining) return
  if (!isUp) weigh(turn, role)
  else if (allVoters(state).has(peer)) sendNotification(turn, peer, role.proposal)
}

function initialVote(state: ZabState): Vote {
  const { round } = state
  if (!isParticipant(state)) return { leader: noVote, zxid: noVote, round, peerEpoch: noVote }
  return { leader: state.settings.serverId, zxid: state.lastLoggedZxid, round, peerEpoch: state.currentEpoch }
}

function propose(turn: Turn, role: Looking, vote: Vote): void {
  const { state } = turn
  role.proposal = { ...vote, round: state.round }
  role.decideAtMs = Number.POSITIVE_INFINITY
  if (allVoters(state).has(state.settings.serverId)) {
    role.ballots.set(state.settings.serverId, { ...role.proposal, role: 'looking' })
  }
  broadcast(turn, role)
  weigh(turn, role)
}

function countVote(turn: Turn, role: Looking, from: ServerId, ballot: Ballot): void {
  const { state } = turn
  if (ballot.round < state.round) {
    sendNotification(turn, from, role.proposal)
    return
  }
  if (ballot.round > state.round) {
    state.round = ballot.round
    role.ballots.clear()
    const own = initialVote(state)
    propose(turn, role, isBetterVote(state, ballot, own) ? ballot : own)
  } else if (isBetterVote(state, ballot, role.proposal)) {
    propose(turn, role, ballot)
  } else if (isBetterVote(state, role.proposal, ballot) && !isRepeated(role, from, ballot)) {
    // It voted without having heard of ours: what we said came before it was looking, and the next time is far away.
    sendNotification(turn, from, role.proposal)
  }
  role.ballots.set(from, ballot)
  weigh(turn, role)
}

/** Two servers that rank votes differently must not answer each other for ever. */
function isRepeated(role: Looking, from: ServerId, ballot: Ballot): boolean {
  const before = role.ballots.get(from)
  return before !== undefined && before.leader === ballot.leader && before.round === ballot.round
}

/** Starts the wait for a better vote when ours has a quorum, ends it when no other vote can come. */
function weigh(turn: Turn, role: Looking): void {
  const { state } = turn
  const supporters = supportersOf(role.ballots, role.proposal)
  if (!hasEveryQuorum(activeConfigs(state), supporters)) {
    role.decideAtMs = Number.POSITIVE_INFINITY
    return
  }
  if (role.decideAtMs === Number.POSITIVE_INFINITY) role.decideAtMs = turn.nowMs + state.settings.finalizeWaitMs
  const isComplete = [...allVoters(state)].every((voter) => supporters.has(voter) || state.unreachable.has(voter))
  if (isComplete) role.decideAtMs = turn.nowMs
}

/** Follows an ensemble that has elected already: a quorum must say so, and the leader itself that it leads. */
function joinElected(turn: Turn, role: Looking, from: ServerId, ballot: Ballot): void {
  const { state } = turn
  if (ballot.round === state.round) {
    role.ballots.set(from, ballot)
    if (isElected(state, role.ballots, ballot)) {
      turn.transition = { kind: 'enter', vote: ballot }
      return
    }
  }
  role.outsideBallots.set(from, ballot)
  if (isElected(state, role.outsideBallots, ballot)) {
    state.round = ballot.round
    turn.transition = { kind: 'enter', vote: ballot }
  }
}

function isElected(state: ZabState, ballots: ReadonlyMap<ServerId, Ballot>, ballot: Ballot): boolean {
  // Of the active configuration only: one that we saw pending may have been given up by those who elected, and joining
  // them decides nothing that discovery does not check again.
  if (!hasQuorum(state.config, followersOf(ballots, ballot))) return false
  // Members may go on naming a leader that died; and we may be that leader, restarted: only of this very round is it us.
  if (ballot.leader === state.settings.serverId) return ballot.round === state.round
  return ballots.get(ballot.leader)?.role === 'leading'
}

/** @returns true when a peer's newer configuration was taken over and the election started anew */
function adoptsNewerConfig(turn: Turn, text: string | null): boolean {
  const { state } = turn
  if (text === null || !state.settings.isReconfigEnabled) return false
  const config = parseEnsembleConfig(text)
  if (config === undefined || config.version <= state.config.version) return false
  const isSame = isSameMembership(config, state.config)
  state.config = config
  if (state.nextConfig !== null && state.nextConfig.version <= config.version) state.nextConfig = null
  persist(turn, [{ kind: 'config', which: 'current', text }], { kind: 'nothing' })
  turn.effects.push({ kind: 'configActivated', text })
  if (isSame) return false
  look(turn, 'a peer has a newer configuration')
  return true
}

function broadcast(turn: Turn, role: Looking): void {
  role.resendAtMs = turn.nowMs + role.resendDelayMs
  for (const voter of allVoters(turn.state)) {
    if (voter !== turn.state.settings.serverId) sendNotification(turn, voter, role.proposal)
  }
}

function sendNotification(turn: Turn, to: ServerId, vote: Vote): void {
  const { state } = turn
  const notification: Notification = {
    role: electionRole(state),
    leader: vote.leader,
    zxid: vote.zxid,
    round: state.role.kind === 'looking' ? state.round : vote.round,
    peerEpoch: vote.peerEpoch,
    config: configText(state),
  }
  turn.effects.push({ kind: 'notify', to, notification })
}

/** Whether the decided vote makes us leader. A server that does not vote never leads. */
export function isOwnVictory(state: ZabState, vote: Vote): boolean {
  return vote.leader === state.settings.serverId && isVoter(state.config, vote.leader)
}
