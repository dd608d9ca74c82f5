import { weightOf } from '../config/quorum.ts'
import type { ServerId } from '../contract.ts'
import type { Ballot, Vote, ZabState } from '../state.ts'

/** Epoch first, then history, then id; a server of weight 0 is never better than anybody. */
export function isBetterVote(state: ZabState, candidate: Vote, current: Vote): boolean {
  if (weightOf(state.config, candidate.leader) === 0) return false
  if (candidate.peerEpoch !== current.peerEpoch) return candidate.peerEpoch > current.peerEpoch
  if (candidate.zxid !== current.zxid) return candidate.zxid > current.zxid
  return candidate.leader > current.leader
}

/** Votes cast in the election must agree in everything, also in the round. */
function isSameVote(left: Vote, right: Vote): boolean {
  return (
    left.leader === right.leader &&
    left.zxid === right.zxid &&
    left.round === right.round &&
    left.peerEpoch === right.peerEpoch
  )
}

/** Who voted as `vote` says, while the election runs. */
export function supportersOf(ballots: ReadonlyMap<ServerId, Ballot>, vote: Vote): Set<ServerId> {
  const supporters = new Set<ServerId>()
  for (const [server, ballot] of ballots) if (isSameVote(ballot, vote)) supporters.add(server)
  return supporters
}

/**
 * Who stands behind the leader that `ballot` names. Among servers that have left the election zxid and round no longer
 * matter: each reports those of the election it took part in.
 */
export function followersOf(ballots: ReadonlyMap<ServerId, Ballot>, ballot: Ballot): Set<ServerId> {
  const followers = new Set<ServerId>()
  for (const [server, other] of ballots) {
    const isMatch =
      other.role === 'looking'
        ? isSameVote(other, ballot)
        : other.leader === ballot.leader && other.peerEpoch === ballot.peerEpoch
    if (isMatch) followers.add(server)
  }
  return followers
}
