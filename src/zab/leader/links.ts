import type { LearnerMessage, LinkId } from '../contract.ts'
import type { LearnerLink, Leading, Turn } from '../state.ts'

export function send(turn: Turn, link: LinkId, message: LearnerMessage): void {
  turn.effects.push({ kind: 'send', link, message })
}

/** Ends a learner's connection from our side. */
export function dropLearner(turn: Turn, role: Leading, learner: LearnerLink, reason: string): void {
  role.learners.delete(learner.link)
  turn.effects.push({ kind: 'closeLink', link: learner.link, reason })
}

/** From here on the learner gets live traffic, behind what it was sent to catch up. */
export function isForwarding(learner: LearnerLink): boolean {
  return learner.stage === 'syncing' || learner.stage === 'synced'
}

export function markProposed(learner: LearnerLink, zxid: number, nowMs: number): void {
  if (learner.stage !== 'synced') return
  if (learner.unackedZxid === 0) {
    learner.unackedZxid = zxid
    learner.unackedSinceMs = nowMs
  } else {
    learner.laterUnackedZxid = zxid
    learner.laterUnackedSinceMs = nowMs
  }
}

export function markAcknowledged(learner: LearnerLink, zxid: number): void {
  if (learner.unackedZxid === 0 || zxid < learner.unackedZxid) return
  const isLaterOpen = learner.laterUnackedZxid > zxid
  learner.unackedZxid = isLaterOpen ? learner.laterUnackedZxid : 0
  learner.unackedSinceMs = learner.laterUnackedSinceMs
  learner.laterUnackedZxid = 0
}
