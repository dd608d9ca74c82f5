import type { ReadSlot } from './contract.ts'

// hot: per fetch

/** How much of a partition a reader sees, as a number that crosses threads. */
export const ReadLevel = {
  /** Up to the high watermark. */
  replicated: 0,
  /** Up to the last stable offset. */
  committed: 1,
  /** Up to the log end: followers. */
  appended: 2,
} as const
export type ReadLevel = (typeof ReadLevel)[keyof typeof ReadLevel]

export function levelOf(slot: ReadSlot): ReadLevel {
  if (slot.replicaId >= 0) return ReadLevel.appended
  return slot.isCommittedOnly ? ReadLevel.committed : ReadLevel.replicated
}
