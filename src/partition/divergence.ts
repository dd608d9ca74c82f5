/**
 * Where a follower's log parts from its leader's (KIP-101, KIP-279, KIP-595): from what the leader said about the epoch
 * that the follower fetched last, to the offset from which the follower's log has to go.
 */
import { NO_EPOCH } from '../model/special-offsets.ts'

/** What the leader answered: its largest epoch at or below the follower's, and where that ends in its log. */
export interface Divergence {
  readonly leaderEpoch: number
  readonly endOffset: number
}

/**
 * @param known the follower's own largest epoch at or below the leader's, with its end in the follower's log; epoch -1
 *   when it knows nothing that old
 * @returns the follower's log end after the truncation. Where the follower has never seen the leader's epoch it goes back to
 *   the end of its own next smaller one, and the next fetch asks about that
 */
export function truncationOffset(divergence: Divergence, known: Divergence, logEndOffset: number): number {
  const isUnknown = known.leaderEpoch === NO_EPOCH || known.endOffset < 0
  if (isUnknown) return Math.min(divergence.endOffset, logEndOffset)
  if (known.leaderEpoch !== divergence.leaderEpoch) return Math.min(known.endOffset, logEndOffset)
  return Math.min(known.endOffset, divergence.endOffset, logEndOffset)
}
