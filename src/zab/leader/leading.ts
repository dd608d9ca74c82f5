import { hasEveryQuorum, hasQuorum } from '../config/quorum.ts'
import { formatEnsembleConfig, isVoter, parseEnsembleConfig } from '../config/ensemble-config.ts'
import { seeNextConfig } from '../config/reconfiguration.ts'
import { type Entry, type LearnerMessage, type LinkId, learnerProtocolVersion } from '../contract.ts'
import { persist } from '../disk.ts'
import { activeConfigs, type LearnerLink, type Leading, look, type Turn } from '../state.ts'
import { epochMax, formatZxid, makeZxid } from '../zxid.ts'
import { activateOnStart, receiveFromSynced, sendOutstanding } from './broadcast.ts'
import { dropLearner, isForwarding, send } from './links.ts'
import { planFromLog, planSync, type SyncPlan } from './sync-plan.ts'

/** Elected: gather a quorum that promises a new epoch, bring it up to our history, then serve. */
export function enterLeading(turn: Turn): void {
  const { state, nowMs } = turn
  const role: Leading = {
    kind: 'leading',
    phase: 'discovery',
    ownEpoch: state.currentEpoch,
    ownZxid: state.lastLoggedZxid,
    epoch: state.acceptedEpoch + 1,
    isEpochChosen: false,
    isEpochDurable: false,
    deadlineMs: nowMs + state.settings.initLimitTicks * state.settings.tickMs,
    nextPingMs: Number.POSITIVE_INFINITY,
    nextCheckMs: Number.POSITIVE_INFINITY,
    learners: new Map(),
    epochVoters: new Set(),
    epochAcks: new Set(),
    newLeaderAcks: new Set(),
    newLeaderConfigs: [],
    outstanding: [],
    lastProposedZxid: 0,
    lastCommittedZxid: 0,
    mayCommit: true,
    pendingSyncs: [],
  }
  state.role = role
  addEpochVoter(turn, role, state.settings.serverId, state.acceptedEpoch)
}

export function learnerAccepted(turn: Turn, role: Leading, link: LinkId): void {
  role.learners.set(link, {
    link,
    serverId: -1,
    isObserver: false,
    stage: 'connected',
    isUpToDate: false,
    lastZxid: 0,
    lastHeardMs: turn.nowMs,
    unackedZxid: 0,
    unackedSinceMs: 0,
    laterUnackedZxid: 0,
    laterUnackedSinceMs: 0,
  })
}

export function receiveFromLearner(turn: Turn, role: Leading, link: LinkId, message: LearnerMessage): void {
  const learner = role.learners.get(link)
  if (learner === undefined) return
  learner.lastHeardMs = turn.nowMs
  switch (learner.stage) {
    case 'connected':
      receiveIntroduction(turn, role, learner, message)
      return
    case 'informed':
      receiveEpochAck(turn, role, learner, message)
      return
    case 'syncing':
      receiveNewLeaderAck(turn, role, learner, message)
      return
    case 'synced':
      receiveFromSynced(turn, role, learner, message)
      return
    default:
      dropLearner(turn, role, learner, `${message.type} came in stage ${learner.stage}`)
  }
}

function receiveIntroduction(turn: Turn, role: Leading, learner: LearnerLink, message: LearnerMessage): void {
  if (message.type !== 'followerInfo' && message.type !== 'observerInfo') {
    dropLearner(turn, role, learner, `the learner began with ${message.type}`)
    return
  }
  if (message.configVersion > turn.state.config.version) {
    dropLearner(turn, role, learner, 'the learner has a later active configuration')
    return
  }
  learner.serverId = message.serverId
  learner.isObserver = message.type === 'observerInfo'
  learner.stage = 'introduced'
  // A server that dials again has given up its former connection, whatever ours says.
  for (const other of [...role.learners.values()]) {
    if (other !== learner && other.serverId === learner.serverId)
      dropLearner(turn, role, other, 'the server dialled again')
  }
  if (!role.isEpochChosen) {
    addEpochVoter(turn, role, learner.serverId, message.acceptedEpoch)
  } else if (message.acceptedEpoch > role.epoch && isVoter(turn.state.config, learner.serverId)) {
    // It promised a later epoch to a leader that never came to be, and may not follow us. Left as it is, that voter
    // would be locked out until some other accident: one election brings all of them into an epoch above its promise.
    look(turn, `server ${learner.serverId} is bound to epoch ${message.acceptedEpoch} already`)
    return
  }
  if (role.isEpochDurable) informLearner(turn, role, learner)
}

/** The new epoch is above every promise in a quorum, ours included. */
function addEpochVoter(turn: Turn, role: Leading, serverId: number, acceptedEpoch: number): void {
  const { state } = turn
  if (acceptedEpoch >= role.epoch) role.epoch = acceptedEpoch + 1
  if (isVoter(state.config, serverId)) role.epochVoters.add(serverId)
  if (!role.epochVoters.has(state.settings.serverId) || !hasQuorum(state.config, role.epochVoters)) return
  if (role.epoch > epochMax) {
    turn.effects.push({ kind: 'halt', reason: `epoch ${role.epoch} is beyond what a zxid can hold` })
    state.isHalted = true
    return
  }
  role.isEpochChosen = true
  state.acceptedEpoch = role.epoch
  persist(turn, [{ kind: 'acceptedEpoch', epoch: role.epoch }], { kind: 'epochAccepted', link: null })
}

/** Our promise is durable: offer the epoch to all who wait for it. An epoch offered earlier could be offered twice. */
export function leaderAcceptedEpoch(turn: Turn, role: Leading): void {
  if (!role.isEpochChosen || role.isEpochDurable || turn.state.acceptedEpoch !== role.epoch) return
  role.isEpochDurable = true
  for (const learner of role.learners.values()) if (learner.stage === 'introduced') informLearner(turn, role, learner)
  bumpFirstConfig(turn, role)
  role.newLeaderConfigs = activeConfigs(turn.state)
  addEpochAck(turn, role, turn.state.settings.serverId)
}

function informLearner(turn: Turn, role: Leading, learner: LearnerLink): void {
  learner.stage = 'informed'
  send(turn, learner.link, { type: 'leaderInfo', epoch: role.epoch, protocolVersion: learnerProtocolVersion })
}

/** A configuration read from a file has version 0; the first leader gives it that of its own start. */
function bumpFirstConfig(turn: Turn, role: Leading): void {
  const { state } = turn
  if (state.config.version !== 0 || state.nextConfig !== null) return
  seeNextConfig(turn, formatEnsembleConfig({ ...state.config, version: makeZxid(role.epoch, 0) }))
}

function receiveEpochAck(turn: Turn, role: Leading, learner: LearnerLink, message: LearnerMessage): void {
  if (message.type !== 'ackEpoch') {
    dropLearner(turn, role, learner, `${message.type} came instead of ACKEPOCH`)
    return
  }
  learner.stage = 'epochAcked'
  learner.lastZxid = message.lastZxid
  if (role.phase !== 'discovery') {
    synchronize(turn, role, learner)
    return
  }
  if (message.currentEpoch === -1) return
  const isAhead =
    message.currentEpoch > role.ownEpoch || (message.currentEpoch === role.ownEpoch && message.lastZxid > role.ownZxid)
  if (isAhead && isVoter(turn.state.config, learner.serverId)) {
    look(turn, `server ${learner.serverId} knows more: epoch ${message.currentEpoch}, ${formatZxid(message.lastZxid)}`)
    return
  }
  if (!isAhead) addEpochAck(turn, role, learner.serverId)
}

function addEpochAck(turn: Turn, role: Leading, serverId: number): void {
  const { state } = turn
  if (isVoter(state.config, serverId)) role.epochAcks.add(serverId)
  if (!role.epochAcks.has(state.settings.serverId) || !hasQuorum(state.config, role.epochAcks)) return
  role.phase = 'synchronization'
  role.deadlineMs = turn.nowMs + state.settings.initLimitTicks * state.settings.tickMs
  role.lastProposedZxid = makeZxid(role.epoch, 0)
  persist(turn, [{ kind: 'currentEpoch', epoch: role.epoch }], { kind: 'leaderEpoch', epoch: role.epoch })
  for (const learner of [...role.learners.values()])
    if (learner.stage === 'epochAcked') synchronize(turn, role, learner)
}

/** Our own log was durable before the election began, so with the epoch on disk we are our own first synced follower. */
export function leaderEpochDurable(turn: Turn, role: Leading, epoch: number): void {
  if (epoch !== role.epoch) return
  addNewLeaderAck(turn, role, turn.state.settings.serverId)
}

/** Decision, history, live traffic and NEWLEADER in one step: nothing can slip between them. */
function synchronize(turn: Turn, role: Leading, learner: LearnerLink): void {
  const plan = planSync(turn.state, learner.lastZxid)
  if (plan.mode === 'readLog') {
    learner.stage = 'readingLog'
    turn.effects.push({ kind: 'readLog', link: learner.link, fromZxid: learner.lastZxid })
    return
  }
  carryOut(turn, role, learner, plan)
}

export function synchronizeFromLog(turn: Turn, role: Leading, link: LinkId, entries: readonly Entry[] | null): void {
  const learner = role.learners.get(link)
  if (learner === undefined || learner.stage !== 'readingLog') return
  carryOut(turn, role, learner, planFromLog(turn.state, learner.lastZxid, entries))
}

function carryOut(turn: Turn, role: Leading, learner: LearnerLink, plan: SyncPlan): void {
  const { state } = turn
  const { link } = learner
  if (plan.mode === 'diff' || plan.mode === 'trunc') {
    send(turn, link, { type: plan.mode, zxid: plan.zxid })
    if (plan.entries.length > 0) turn.effects.push({ kind: 'sendHistory', link, entries: plan.entries })
  } else {
    send(turn, link, { type: 'snap', zxid: state.appliedZxid })
  }
  learner.stage = 'syncing'
  learner.lastHeardMs = turn.nowMs
  // It may be about to cut what it acknowledged over an earlier connection: it has to vouch for that anew.
  for (const proposal of role.outstanding) proposal.acks.delete(learner.serverId)
  if (!learner.isObserver) sendOutstanding(turn, role, learner)
  const lastSeen = state.nextConfig ?? state.config
  send(turn, link, { type: 'newLeader', zxid: makeZxid(role.epoch, 0), config: formatEnsembleConfig(lastSeen) })
}

/** A learner vouches for our history. Any other first word means that it vouched for something it does not hold (ZOOKEEPER-4685). */
function receiveNewLeaderAck(turn: Turn, role: Leading, learner: LearnerLink, message: LearnerMessage): void {
  if (message.type !== 'ack' || message.zxid !== makeZxid(role.epoch, 0)) {
    dropLearner(turn, role, learner, `${message.type} came before NEWLEADER was acknowledged`)
    return
  }
  learner.stage = 'synced'
  if (role.phase === 'broadcast') sendUpToDate(turn, learner)
  // An observer too holds the history durably, and may vote in the configuration that is pending.
  else addNewLeaderAck(turn, role, learner.serverId)
}

function addNewLeaderAck(turn: Turn, role: Leading, serverId: number): void {
  const { state } = turn
  role.newLeaderAcks.add(serverId)
  if (role.phase !== 'synchronization' || state.currentEpoch !== role.epoch) return
  if (hasEveryQuorum(role.newLeaderConfigs, role.newLeaderAcks)) startServing(turn, role)
}

function startServing(turn: Turn, role: Leading): void {
  const { state, nowMs } = turn
  role.phase = 'broadcast'
  role.lastProposedZxid = makeZxid(role.epoch, state.settings.firstCounter - 1)
  role.lastCommittedZxid = role.lastProposedZxid
  role.nextPingMs = nowMs + state.settings.tickMs / 2
  role.nextCheckMs = nowMs + state.settings.tickMs
  state.vote = { ...state.vote, peerEpoch: role.epoch }
  activateOnStart(turn, role)
  state.isServing = true
  turn.effects.push({ kind: 'serve', role: 'leading', epoch: role.epoch })
  for (const learner of role.learners.values()) if (learner.stage === 'synced') sendUpToDate(turn, learner)
}

function sendUpToDate(turn: Turn, learner: LearnerLink): void {
  learner.isUpToDate = true
  send(turn, learner.link, { type: 'upToDate' })
}

export function tickLeading(turn: Turn, role: Leading): void {
  const { settings } = turn.state
  if (role.phase !== 'broadcast') {
    if (turn.nowMs >= role.deadlineMs) look(turn, `no quorum joined within initLimit, in ${role.phase}`)
    return
  }
  if (turn.nowMs >= role.nextPingMs) {
    role.nextPingMs = turn.nowMs + settings.tickMs / 2
    pingLearners(turn, role)
  }
  if (turn.nowMs >= role.nextCheckMs) {
    role.nextCheckMs = turn.nowMs + settings.tickMs
    checkQuorum(turn, role)
  }
}

function pingLearners(turn: Turn, role: Leading): void {
  const { settings } = turn.state
  for (const learner of [...role.learners.values()]) {
    const limitTicks = learner.stage === 'synced' ? settings.syncLimitTicks : settings.initLimitTicks
    const limitMs = limitTicks * settings.tickMs
    if (turn.nowMs - learner.lastHeardMs > limitMs) dropLearner(turn, role, learner, 'the learner was silent')
    else if (learner.unackedZxid !== 0 && turn.nowMs - learner.unackedSinceMs > limitMs) {
      dropLearner(turn, role, learner, 'a proposal waited too long for its acknowledgement')
    } else if (isForwarding(learner)) {
      send(turn, learner.link, { type: 'ping', zxid: role.lastProposedZxid, touches: null })
    }
  }
}

/** Without a synced quorum another leader may rule already: stop before a client is told something stale. */
function checkQuorum(turn: Turn, role: Leading): void {
  const { state } = turn
  const limitMs = state.settings.syncLimitTicks * state.settings.tickMs
  const present = new Set([state.settings.serverId])
  for (const learner of role.learners.values()) {
    if (learner.stage === 'synced' && turn.nowMs - learner.lastHeardMs <= limitMs) present.add(learner.serverId)
  }
  if (!hasEveryQuorum(activeConfigs(state), present)) {
    look(turn, `only servers ${[...present].join(', ')} are synced, which is no quorum`)
  }
}

/** Whether a reconfiguration to `text` may be proposed: its quorum must be connected and synced (else −13), one at a time (−14). */
export function canReconfigure(
  turn: Pick<Turn, 'state'>,
  text: string,
): 'ok' | 'inProgress' | 'noQuorum' | 'malformed' {
  const { state } = turn
  const { role } = state
  const config = parseEnsembleConfig(text)
  if (config === undefined) return 'malformed'
  if (role.kind !== 'leading' || activeConfigs(state).length > 1) return 'inProgress'
  const present = new Set([state.settings.serverId])
  for (const learner of role.learners.values()) {
    if (learner.stage === 'synced' && !learner.isObserver) present.add(learner.serverId)
  }
  return hasQuorum(config, present) ? 'ok' : 'noQuorum'
}
