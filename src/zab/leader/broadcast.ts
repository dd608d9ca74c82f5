import { assert } from '../../base/assert.ts'
import { type EnsembleConfig, isVoter } from '../config/ensemble-config.ts'
import { hasEveryQuorum } from '../config/quorum.ts'
import { activateConfig, seeNextConfig } from '../config/reconfiguration.ts'
import type { Entry, LearnerMessage, LinkId, ServerId } from '../contract.ts'
import { append, applyNext } from '../disk.ts'
import {
  activeConfigs,
  type LearnerLink,
  type Leading,
  look,
  type OutstandingProposal,
  type Turn,
  type ZabState,
} from '../state.ts'
import { counterMax, counterOf } from '../zxid.ts'
import { dropLearner, isForwarding, markAcknowledged, markProposed, send } from './links.ts'

/** The zxid that the serving leader's next transaction must have; undefined for anybody else. */
export function nextZxid(state: ZabState): number | undefined {
  const { role } = state
  return role.kind === 'leading' && role.phase === 'broadcast' ? role.lastProposedZxid + 1 : undefined
}

/** Into our log and to every follower at once. A counter that is used up ends the reign; the next epoch starts anew. */
export function proposeEntry(turn: Turn, role: Leading, entry: Entry): void {
  assert(role.phase === 'broadcast', 'a leader that does not serve proposes nothing')
  assert(entry.zxid === role.lastProposedZxid + 1, 'proposals are numbered without holes')
  if (counterOf(entry.zxid) === counterMax) {
    look(turn, 'the counter of this epoch is used up')
    return
  }
  role.lastProposedZxid = entry.zxid
  if (entry.config !== null) seeNextConfig(turn, entry.config)
  role.outstanding.push({ entry, configs: activeConfigs(turn.state), acks: new Set() })
  append(turn, entry, { kind: 'logged', zxid: entry.zxid, link: null })
  for (const learner of role.learners.values()) {
    if (!isForwarding(learner) || learner.isObserver) continue
    markProposed(learner, entry.zxid, turn.nowMs)
    send(turn, learner.link, { type: 'proposal', entry })
  }
}

/** What is proposed and undecided, for a follower that joins now. */
export function sendOutstanding(turn: Turn, role: Leading, learner: LearnerLink): void {
  for (const { entry } of role.outstanding) send(turn, learner.link, { type: 'proposal', entry })
}

export function receiveFromSynced(turn: Turn, role: Leading, learner: LearnerLink, message: LearnerMessage): void {
  switch (message.type) {
    case 'ack':
      markAcknowledged(learner, message.zxid)
      if (!learner.isObserver) acknowledge(turn, role, learner.serverId, message.zxid)
      return
    case 'ping':
      if (message.touches !== null && message.touches.length > 0)
        turn.effects.push({ kind: 'touch', touches: message.touches })
      return
    case 'request':
      if (role.phase === 'broadcast') {
        turn.effects.push({ kind: 'submit', link: learner.link, request: message.request })
      }
      return
    case 'revalidate':
      turn.effects.push({
        kind: 'revalidate',
        link: learner.link,
        sessionId: message.sessionId,
        timeoutMs: message.timeoutMs,
      })
      return
    default:
      dropLearner(turn, role, learner, `a learner sent ${message.type}`)
  }
}

/** One server has the entry on disk. Decisions fall strictly in order, whatever order the acknowledgements come in. */
export function acknowledge(turn: Turn, role: Leading, serverId: ServerId, zxid: number): void {
  const first = role.outstanding[0]
  if (first === undefined || zxid < first.entry.zxid) return
  const proposal = role.outstanding[zxid - first.entry.zxid]
  if (proposal === undefined) return
  proposal.acks.add(serverId)
  for (;;) {
    const next = role.outstanding[0]
    if (next === undefined || !role.mayCommit || !hasEveryQuorum(next.configs, next.acks)) return
    commit(turn, role, next)
  }
}

function commit(turn: Turn, role: Leading, proposal: OutstandingProposal): void {
  const { entry } = proposal
  role.outstanding.shift()
  role.lastCommittedZxid = entry.zxid
  const config = entry.config === null ? undefined : proposal.configs.at(-1)
  const designatedLeader = config === undefined ? null : designate(turn, role, config, proposal.acks)
  for (const learner of role.learners.values()) {
    if (isForwarding(learner)) send(turn, learner.link, decisionFor(learner, entry, designatedLeader))
  }
  applyNext(turn)
  if (config !== undefined) activateConfig(turn, config)
  if (designatedLeader !== null && designatedLeader !== turn.state.settings.serverId) role.mayCommit = false
  while (role.pendingSyncs[0] !== undefined && role.pendingSyncs[0].zxid <= entry.zxid) {
    answerSync(turn, role.pendingSyncs.shift()?.link ?? null)
  }
}

function decisionFor(learner: LearnerLink, entry: Entry, designatedLeader: ServerId | null): LearnerMessage {
  if (designatedLeader === null) {
    return learner.isObserver ? { type: 'inform', entry } : { type: 'commit', zxid: entry.zxid }
  }
  return learner.isObserver
    ? { type: 'informAndActivate', entry, designatedLeader }
    : { type: 'commitAndActivate', zxid: entry.zxid, designatedLeader }
}

/** Us, if the new configuration still has us as voter; else the voter of it that has acknowledged most. */
function designate(turn: Turn, role: Leading, config: EnsembleConfig, acks: ReadonlySet<ServerId>): ServerId {
  const { serverId } = turn.state.settings
  if (isVoter(config, serverId)) return serverId
  let candidates = [...acks].filter((server) => server !== serverId && isVoter(config, server))
  for (const later of role.outstanding) {
    const better = candidates.filter((server) => later.acks.has(server))
    if (better.length === 0) break
    candidates = better
  }
  return candidates[0] ?? serverId
}

/** A configuration that was seen and is held by a quorum of NEWLEADER acknowledgements is active from the start. */
export function activateOnStart(turn: Turn, role: Leading): void {
  const { nextConfig } = turn.state
  if (nextConfig === null) return
  const designatedLeader = designate(turn, role, nextConfig, role.newLeaderAcks)
  activateConfig(turn, nextConfig)
  if (designatedLeader !== turn.state.settings.serverId) role.mayCommit = false
}

/** A sync is answered when everything proposed before it is decided. */
export function syncPoint(turn: Turn, role: Leading, link: LinkId | null): void {
  if (role.outstanding.length === 0) answerSync(turn, link)
  else role.pendingSyncs.push({ zxid: role.lastProposedZxid, link })
}

function answerSync(turn: Turn, link: LinkId | null): void {
  if (link === null) turn.effects.push({ kind: 'synced' })
  else send(turn, link, { type: 'sync' })
}
