/**
 * When a segment is full or old enough, and what happens then.
 */
import {
  LOG_SUFFIX,
  OFFSET_INDEX_SUFFIX,
  offsetFileName,
  TIME_INDEX_SUFFIX,
  TRANSACTION_INDEX_SUFFIX,
} from './file-names.ts'
import type { LogState } from './log-state.ts'
import { OFFSET_INDEX_ENTRY_SIZE_BYTES } from './offset-index.ts'
import { writeProducerSnapshot } from './producer-snapshot.ts'
import { Segment } from './segment.ts'
import { completeIndexFiles } from './segment-indexes.ts'
import { TIME_INDEX_ENTRY_SIZE_BYTES } from './time-index.ts'

/**
 * hot: per batch. Whether the active segment must be closed before a batch is written.
 *
 * @param pendingBytes staged bytes that will be written before it
 */
export function mustRoll(
  state: LogState,
  pendingBytes: number,
  batchSizeBytes: number,
  lastOffset: number,
  maxTimestampMs: number,
  wallMs: number,
): boolean {
  const active = state.active
  const config = state.config
  const sizeBytes = active.sizeBytes + pendingBytes
  if (sizeBytes === 0) return false
  if (batchSizeBytes > config.segmentBytes - sizeBytes) return true
  if (!active.canHold(lastOffset)) return true
  const waitedMs =
    active.firstTimestampMs >= 0 && maxTimestampMs >= 0
      ? maxTimestampMs - active.firstTimestampMs
      : wallMs - active.createdAtMs
  if (waitedMs > config.segmentMs - jitterOf(state, active)) return true
  const offsetEntries = active.offsetIndex?.count ?? 0
  const timeEntries = active.timeIndex?.count ?? 0
  return (
    (offsetEntries + 1) * OFFSET_INDEX_ENTRY_SIZE_BYTES > config.segmentIndexBytes ||
    // The last slot is kept for the entry that is written when the segment is closed.
    (timeEntries + 2) * TIME_INDEX_ENTRY_SIZE_BYTES > config.segmentIndexBytes
  )
}

/**
 * Spreads time-based rolls of many partitions, `segment.jitter.ms` at most. Derived from the segment itself instead of
 * drawn, so that a run can be repeated.
 */
export function jitterOf(state: LogState, segment: Segment): number {
  const jitterMs = Math.min(state.config.segmentJitterMs, state.config.segmentMs)
  if (jitterMs <= 0) return 0
  let hash = segment.baseOffset % 0x7fffffff
  const name = state.name
  for (let index = 0; index < name.length; index += 1) hash = (Math.imul(hash, 31) + name.charCodeAt(index)) | 0
  return (hash >>> 0) % jitterMs
}

/** Closes the active segment and starts a new one at the log end. Throws `DiskError`. */
export function rollSegment(state: LogState, wallMs: number): void {
  const { disk, indexes } = state.environment
  const closed = state.active
  const baseOffset = state.logEndOffset
  closed.noteTimestamp()
  if (closed.offsetIndex === undefined) closed.startIndexes()
  completeIndexFiles(state, closed)
  closed.offsetIndex?.trim()
  closed.timeIndex?.trim()
  writeProducerSnapshot(state, baseOffset)

  const active = new Segment(state.identity.directory, baseOffset, true, true)
  // Leftovers under the new name can only stem from a segment that was cut off: they must not be taken for its files.
  for (const suffix of [OFFSET_INDEX_SUFFIX, TIME_INDEX_SUFFIX, TRANSACTION_INDEX_SUFFIX])
    disk.remove(active.path(suffix))
  disk.remove(`${state.identity.directory}/${offsetFileName(baseOffset, LOG_SUFFIX)}`)
  state.environment.files.use(active.file)
  active.createdAtMs = wallMs
  active.startIndexes()
  state.segments.push(active)
  state.active = active
  state.isCheckpointDue = true
  indexes.add(closed)
}
