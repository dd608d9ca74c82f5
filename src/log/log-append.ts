// hot: per batch
/**
 * Writing: one `write` per flush, then the bookkeeping in memory. Index entries reach their files later (checkpoints).
 */
import type { Staging } from './staging.ts'
import { failLog, type LogState } from './log-state.ts'

/**
 * Writes every staged batch at the end of the active segment.
 *
 * @returns false when the disk refused: nothing of it counts as written, the partition is offline
 */
export function writeStaged(state: LogState, staging: Staging, parts: Uint8Array[]): boolean {
  const { core, disk, files } = state.environment
  const active = state.active
  staging.collect(core.bytes, 0, staging.count, parts)
  try {
    disk.writeSync(files.use(active.file), parts, active.sizeBytes)
  } catch (error) {
    failLog(state, error, 'an append')
    parts.length = 0
    return false
  }
  parts.length = 0
  active.hasFile = true
  noteStaged(state, staging)
  return true
}

function noteStaged(state: LogState, staging: Staging): void {
  const active = state.active
  const indexIntervalBytes = state.config.indexIntervalBytes
  const sizeBefore = active.sizeBytes
  for (let index = 0; index < staging.count; index += 1) {
    const leaderEpoch = staging.leaderEpoch[index] ?? -1
    const lastOffset = staging.lastOffset[index] ?? 0
    if (leaderEpoch > state.epochs.latestEpoch) state.epochs.assign(leaderEpoch, staging.baseOffset[index] ?? 0)
    active.noteBatch(staging.sizeBytes[index] ?? 0, lastOffset, staging.maxTimestampMs[index] ?? -1, indexIntervalBytes)
    state.logEndOffset = lastOffset + 1
  }
  const writtenBytes = active.sizeBytes - sizeBefore
  state.bytesSinceCheckpoint += writtenBytes
  state.bytesSinceSnapshot += writtenBytes
  state.bytesSinceSync += writtenBytes
}
