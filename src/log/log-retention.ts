/**
 * Which segments may go, and how they go. Whole segments only, oldest first, nothing that the high watermark has not
 * passed. Files are renamed to `.deleted` at once and removed after `file.delete.delay.ms`.
 */
import {
  DELETED_SUFFIX,
  LOG_SUFFIX,
  OFFSET_INDEX_SUFFIX,
  offsetFileName,
  SNAPSHOT_SUFFIX,
  TIME_INDEX_SUFFIX,
  TRANSACTION_INDEX_SUFFIX,
} from './file-names.ts'
import { type LogState, segmentEndOffset } from './log-state.ts'
import { newestTimestamp } from './log-timestamps.ts'
import type { Segment } from './segment.ts'

/** Kafka looks every five minutes; a look costs microseconds here. */
export const RETENTION_CHECK_INTERVAL_MS: number = 30_000

export type RetentionReason = 'retention.ms' | 'retention.bytes' | 'log start offset'

export interface RetentionPlan {
  /** Segments to delete, from the oldest. */
  readonly count: number
  readonly reason: RetentionReason
}

/** How many of the oldest segments may go now. Decides only. Throws `DiskError`. */
export function planRetention(state: LogState, wallMs: number): RetentionPlan {
  const below = countWhile(state, (index) => segmentEndOffset(state, index) <= state.logStartOffset)
  if (!state.config.isDeleted) return { count: below, reason: 'log start offset' }
  const expired = state.config.retentionMs < 0 ? 0 : countExpired(state, wallMs)
  const surplus = state.config.retentionBytes < 0 ? 0 : countSurplus(state)
  if (below >= expired && below >= surplus) return { count: below, reason: 'log start offset' }
  return expired >= surplus ? { count: expired, reason: 'retention.ms' } : { count: surplus, reason: 'retention.bytes' }
}

function countExpired(state: LogState, wallMs: number): number {
  const { disk } = state.environment
  return countWhile(state, (_index, segment) => {
    const newestMs = newestTimestamp(state, segment)
    // Records without timestamps: the file's own age has to do.
    const ageMs = wallMs - (newestMs >= 0 ? newestMs : disk.modifiedAtMs(segment.file.path))
    return ageMs > state.config.retentionMs
  })
}

function countSurplus(state: LogState): number {
  let surplusBytes = -state.config.retentionBytes
  for (const segment of state.segments) surplusBytes += segment.sizeBytes
  return countWhile(state, (_index, segment) => {
    surplusBytes -= segment.sizeBytes
    return surplusBytes >= 0
  })
}

/** Counts from the oldest segment while `mayGo` says so and the high watermark has passed the segment's end. */
function countWhile(state: LogState, mayGo: (index: number, segment: Segment) => boolean): number {
  let count = 0
  for (const [index, segment] of state.segments.entries()) {
    const isEmptyLast = index === state.segments.length - 1 && segment.sizeBytes === 0
    if (isEmptyLast || state.highWatermark < segmentEndOffset(state, index) || !mayGo(index, segment)) break
    count += 1
  }
  return count
}

/** Takes the `count` oldest segments out of the log; at least one segment must remain. Throws `DiskError`. */
export function deleteOldestSegments(state: LogState, count: number, reason: string, wallMs: number): void {
  const { logger } = state.environment
  const gone = state.segments.slice(0, count)
  const first = state.segments[count]
  if (first === undefined || gone.length === 0) return
  state.segments = state.segments.slice(count)
  state.logStartOffset = Math.max(state.logStartOffset, first.baseOffset)
  state.epochs.truncateStart(state.logStartOffset)
  if (state.aborted !== undefined) {
    state.aborted = state.aborted.filter((row) => row.segmentBaseOffset >= first.baseOffset)
  }
  state.isCheckpointDue = true
  const sizeBytes = gone.reduce((sum, segment) => sum + segment.sizeBytes, 0)
  logger.info(`Deleting ${gone.length} segments of ${state.name} (${sizeBytes} bytes) because of ${reason}`, {
    topic: state.identity.topic,
    partition: state.identity.partition,
    logStartOffset: state.logStartOffset,
  })
  for (const segment of gone) discardSegment(state, segment, wallMs)
}

/** Renames the files of a segment that is no longer part of the log and leaves them to the trash. Throws `DiskError`. */
export function discardSegment(state: LogState, segment: Segment, wallMs: number): void {
  const { disk, files, indexes, trash } = state.environment
  indexes.remove(segment)
  segment.dropIndexes()
  files.drop(segment.file)
  const removeAtMs = wallMs + state.config.fileDeleteDelayMs
  const suffixes = [LOG_SUFFIX, OFFSET_INDEX_SUFFIX, TIME_INDEX_SUFFIX, TRANSACTION_INDEX_SUFFIX, SNAPSHOT_SUFFIX]
  for (const suffix of suffixes) {
    // The snapshot at the base of the oldest remaining segment is still needed, an older one is not.
    const path = `${state.identity.directory}/${offsetFileName(segment.baseOffset, suffix)}`
    if (!disk.exists(path)) continue
    disk.rename(path, path + DELETED_SUFFIX)
    trash.add(path + DELETED_SUFFIX, removeAtMs)
  }
}
