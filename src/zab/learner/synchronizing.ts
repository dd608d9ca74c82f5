import { isVoter, parseEnsembleConfig } from '../config/ensemble-config.ts'
import { activateConfig, seeNextConfig } from '../config/reconfiguration.ts'
import type { DiskWrite, Entry, LearnerMessage } from '../contract.ts'
import { persist, remember } from '../disk.ts'
import { type Incoming, isObserver, isParticipant, isWithoutVote, type Learning, look, type Turn } from '../state.ts'
import { epochOf, formatZxid, makeZxid, mayFollow } from '../zxid.ts'
import { followCommit, followInform, followProposal, receiveActive } from './active.ts'

/** Messages between NEWLEADER and UPTODATE. The leader waits at most initLimit in between; ten times its outstanding requests. */
const BACKLOG_MAX = 10_000

/** Entries in one synchronisation. The leader sends a snapshot when it would be more than a third of that. */
const INCOMING_MAX = 1_000_000

/**
 * From ACKEPOCH to UPTODATE. What the leader sends is gathered in memory and reaches disk and tree in one ordered
 * persist at NEWLEADER: a connection that breaks at any earlier byte has changed nothing (ZOOKEEPER-3642, -5094).
 */
export function receiveSync(turn: Turn, role: Learning, message: LearnerMessage): void {
  if (message.type === 'ping') return
  if (role.stage === 'epochAcked') receiveHistory(turn, role, message)
  else if (message.type === 'upToDate') receiveUpToDate(turn, role)
  else if (role.backlog.length >= BACKLOG_MAX) look(turn, 'too much came between NEWLEADER and UPTODATE')
  else role.backlog.push(message)
}

function receiveHistory(turn: Turn, role: Learning, message: LearnerMessage): void {
  if (message.type === 'diff' || message.type === 'trunc' || message.type === 'snap') {
    beginHistory(turn, role, message.type, message.zxid)
    return
  }
  const { incoming } = role
  if (incoming === null) {
    look(turn, `the leader sent ${message.type} before DIFF, TRUNC or SNAP`)
    return
  }
  switch (message.type) {
    case 'proposal':
      queueProposal(turn, incoming, message.entry, incoming.proposals)
      return
    case 'inform':
      queueProposal(turn, incoming, message.entry, incoming.committed)
      return
    case 'informAndActivate':
      queueProposal(turn, incoming, message.entry, incoming.committed)
      incoming.activated = message.entry.config
      return
    case 'commit':
    case 'commitAndActivate':
      commitQueued(turn, incoming, message.zxid, message.type === 'commitAndActivate')
      return
    case 'newLeader':
      receiveNewLeader(turn, role, incoming, message.zxid, message.config)
      return
    default:
      look(turn, `the leader sent ${message.type} while synchronising`)
  }
}

function beginHistory(turn: Turn, role: Learning, mode: Incoming['mode'], zxid: number): void {
  if (role.incoming !== null) {
    look(turn, 'the leader began to synchronise twice')
    return
  }
  const { state } = turn
  if (mode === 'trunc' && !canCutTo(turn, zxid)) {
    // Cutting at an entry that we may not have would leave a hole. Next time we claim nothing and get everything.
    state.claimsNothing = true
    look(turn, `the leader asked to cut the log at ${formatZxid(zxid)}, which it does not hold`)
    return
  }
  const baseZxid = mode === 'diff' ? role.claimedZxid : zxid
  role.incoming = { mode, baseZxid, lastQueuedZxid: baseZxid, proposals: [], committed: [], activated: null }
}

/** An entry of ours, or one of the same epoch before our last: an epoch's history has no holes. */
function canCutTo(turn: Turn, zxid: number): boolean {
  const { lastLoggedZxid, snapshotZxid, window } = turn.state
  if (zxid === 0) return true
  if (zxid < snapshotZxid) return false
  return (
    (epochOf(zxid) === epochOf(lastLoggedZxid) && zxid <= lastLoggedZxid && zxid > makeZxid(epochOf(zxid), 0)) ||
    window.some((entry) => entry.zxid === zxid)
  )
}

/** Holes lose data (ZOOKEEPER-4925); what lies before the base is a harmless repetition. */
function queueProposal(turn: Turn, incoming: Incoming, entry: Entry, queue: Entry[]): void {
  if (entry.zxid <= incoming.lastQueuedZxid) return
  if (!mayFollow(incoming.lastQueuedZxid, entry.zxid)) {
    look(turn, `the leader went from ${formatZxid(incoming.lastQueuedZxid)} to ${formatZxid(entry.zxid)}`)
    return
  }
  if (incoming.proposals.length + incoming.committed.length >= INCOMING_MAX) {
    look(turn, 'the leader sent more entries than one synchronisation may have')
    return
  }
  incoming.lastQueuedZxid = entry.zxid
  queue.push(entry)
}

function commitQueued(turn: Turn, incoming: Incoming, zxid: number, activates: boolean): void {
  const [first] = incoming.proposals
  if (first?.zxid === zxid) {
    incoming.proposals.shift()
    incoming.committed.push(first)
    if (activates) incoming.activated = first.config
    return
  }
  const lastCommitted = incoming.committed.at(-1)?.zxid ?? incoming.baseZxid
  if (zxid > lastCommitted) look(turn, `the leader committed ${formatZxid(zxid)}, which is not the next proposal`)
}

/**
 * The window in which ZooKeeper lost data for six years. In this order, each durable before the next: the snapshot or
 * the cut, the committed entries, the epoch; then the acknowledgement. Uncommitted proposals stay in memory until
 * UPTODATE (ZOOKEEPER-3023, -3911, -4643, -4646, -4785, -4394).
 */
function receiveNewLeader(turn: Turn, role: Learning, incoming: Incoming, zxid: number, config: string | null): void {
  const { state } = turn
  if (zxid !== makeZxid(role.epoch, 0) || role.link === null) {
    look(turn, `NEWLEADER ${formatZxid(zxid)} is not of epoch ${role.epoch}`)
    return
  }
  role.newLeaderConfig = config
  if (config !== null) seeNextConfig(turn, config)
  const writes: DiskWrite[] = []
  let cutTo: number | null = null
  if (incoming.mode === 'snap') {
    writes.push({ kind: 'installSnapshot', zxid: incoming.baseZxid, link: role.link })
  } else if (incoming.baseZxid !== state.lastLoggedZxid) {
    cutTo = incoming.baseZxid
    writes.push({ kind: 'truncate', zxid: cutTo })
  }
  for (const entry of incoming.committed) writes.push({ kind: 'append', entry })
  writes.push({ kind: 'currentEpoch', epoch: role.epoch })
  state.lastLoggedZxid = incoming.committed.at(-1)?.zxid ?? incoming.baseZxid
  role.stage = 'persisting'
  persist(turn, writes, { kind: 'synchronized', link: role.link, epoch: role.epoch, incoming, cutTo })
}

/** The disk has the leader's history; tree and memory follow it, whether or not the leader is still there. */
export function historyInstalled(turn: Turn, epoch: number, incoming: Incoming, cutTo: number | null): void {
  const { state } = turn
  state.currentEpoch = epoch
  if (incoming.mode === 'snap') {
    state.window.length = 0
    state.appliedZxid = incoming.baseZxid
    state.snapshotZxid = incoming.baseZxid
  } else if (cutTo !== null) {
    while ((state.window.at(-1)?.zxid ?? -1) > cutTo) state.window.pop()
    state.appliedZxid = cutTo
    if (cutTo === 0) state.snapshotZxid = 0
  }
  for (const entry of incoming.committed) {
    remember(state, entry)
    turn.effects.push({ kind: 'fastForward', entry })
  }
  if (incoming.activated !== null) {
    const config = parseEnsembleConfig(incoming.activated)
    if (config !== undefined) activateConfig(turn, config)
  }
}

/** The leader may not lead under the active configuration, or we are not what we joined as. Without reconfiguration never. */
function changesRoles(turn: Turn, role: Learning): boolean {
  const { state } = turn
  if (!state.settings.isReconfigEnabled) return false
  return (
    !isVoter(state.config, role.leader) ||
    isParticipant(state) === isWithoutVote(role) ||
    isObserver(state) !== role.isObserver
  )
}

/** The leader has its quorum: serve, and only now log and vouch for what is not committed yet. */
function receiveUpToDate(turn: Turn, role: Learning): void {
  const { state } = turn
  if (role.stage !== 'newLeaderAcked' || role.link === null || role.incoming === null) {
    look(turn, 'UPTODATE came before NEWLEADER was acknowledged')
    return
  }
  turn.effects.push({ kind: 'send', link: role.link, message: { type: 'ack', zxid: makeZxid(role.epoch, 0) } })
  role.stage = 'active'
  state.vote = { ...state.vote, peerEpoch: role.epoch }
  if (role.newLeaderConfig !== null) {
    const config = parseEnsembleConfig(role.newLeaderConfig)
    if (config !== undefined && config.version > state.config.version) {
      activateConfig(turn, config)
      if (changesRoles(turn, role)) {
        look(turn, 'the configuration that came with the leader changes roles')
        return
      }
    }
  }
  state.isServing = true
  turn.effects.push({ kind: 'serve', role: role.isObserver ? 'observing' : 'following', epoch: role.epoch })
  for (const entry of role.incoming.proposals) followProposal(turn, role, entry)
  role.incoming = null
  for (const message of role.backlog) {
    if (turn.transition !== null) return
    if (message.type === 'commit') followCommit(turn, role, message.zxid)
    else if (message.type === 'proposal') followProposal(turn, role, message.entry)
    else if (message.type === 'inform') followInform(turn, role, message.entry)
    else receiveActive(turn, role, message)
  }
  role.backlog.length = 0
}
