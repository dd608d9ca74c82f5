import { parseEnsembleConfig } from '../config/ensemble-config.ts'
import { activateConfig, seeNextConfig } from '../config/reconfiguration.ts'
import type { Entry, LearnerMessage, ServerId } from '../contract.ts'
import { append, applyNext } from '../disk.ts'
import { isObserver, isParticipant, isWithoutVote, type Learning, look, type Turn } from '../state.ts'
import { formatZxid, makeZxid } from '../zxid.ts'

/** Broadcast, as a learner sees it. */
export function receiveActive(turn: Turn, role: Learning, message: LearnerMessage): void {
  switch (message.type) {
    case 'proposal':
      followProposal(turn, role, message.entry)
      return
    case 'commit':
      followCommit(turn, role, message.zxid)
      return
    case 'inform':
      followInform(turn, role, message.entry)
      return
    case 'commitAndActivate': {
      const text = turn.state.unapplied[0]?.config ?? null
      followCommit(turn, role, message.zxid)
      followActivation(turn, role, text, message.designatedLeader)
      return
    }
    case 'informAndActivate':
      followInform(turn, role, message.entry)
      followActivation(turn, role, message.entry.config, message.designatedLeader)
      return
    case 'ping':
      if (role.link !== null) turn.effects.push({ kind: 'sendTouches', link: role.link, zxid: message.zxid })
      return
    case 'revalidated':
      turn.effects.push({ kind: 'revalidated', sessionId: message.sessionId, isValid: message.isValid })
      return
    case 'sync':
      turn.effects.push({ kind: 'synced' })
      return
    default:
      look(turn, `the leader sent ${message.type} in the middle of its reign`)
  }
}

/** Into the log; the acknowledgement follows when it is durable. */
export function followProposal(turn: Turn, role: Learning, entry: Entry): void {
  if (!isNext(turn, entry)) return
  if (entry.config !== null) seeNextConfig(turn, entry.config)
  append(turn, entry, { kind: 'logged', zxid: entry.zxid, link: role.link })
}

export function followCommit(turn: Turn, _role: Learning, zxid: number): void {
  const { state } = turn
  if (state.unapplied[0]?.zxid === zxid) {
    applyNext(turn)
    return
  }
  if (zxid > state.appliedZxid) look(turn, `the leader committed ${formatZxid(zxid)}, which is not the next proposal`)
}

/** Observers hear of decisions only. They log too: a restart then needs no snapshot. */
export function followInform(turn: Turn, role: Learning, entry: Entry): void {
  if (!isNext(turn, entry)) return
  append(turn, entry, { kind: 'logged', zxid: entry.zxid, link: role.link })
  applyNext(turn)
}

/** An entry that was seen is repeated harmlessly; one that is missing must not be skipped. */
function isNext(turn: Turn, entry: Entry): boolean {
  const { lastLoggedZxid } = turn.state
  if (entry.zxid <= lastLoggedZxid) return false
  const { role } = turn.state
  const isFirstOfReign =
    role.kind === 'learning' && entry.zxid === makeZxid(role.epoch, turn.state.settings.firstCounter)
  if (entry.zxid === lastLoggedZxid + 1 || isFirstOfReign) return true
  look(turn, `the leader went from ${formatZxid(lastLoggedZxid)} to ${formatZxid(entry.zxid)}`)
  return false
}

/** A change of role or leader sends us to the one the old leader named. */
function followActivation(turn: Turn, role: Learning, text: string | null, designatedLeader: ServerId): void {
  const config = text === null ? undefined : parseEnsembleConfig(text)
  if (config === undefined) return
  activateConfig(turn, config)
  const changesRole = isParticipant(turn.state) === isWithoutVote(role) || isObserver(turn.state) !== role.isObserver
  if (changesRole || designatedLeader !== role.leader) {
    look(turn, 'a reconfiguration changed roles', designatedLeader)
  }
}
