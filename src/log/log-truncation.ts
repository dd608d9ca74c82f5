/**
 * Cuts the end of a log off (a follower's history parted from its leader's), or starts it anew at another offset (its
 * leader no longer has what would come next). Nothing may be staged, no compaction may be under way.
 *
 * Everything that vouches for the cut part goes before anything is appended in its place: indexes, snapshots, epochs,
 * aborted transactions, checkpoints. A crash in between leaves a checkpoint that points beyond the file, which recovery
 * does not believe; `log-cut.ts` sees to it that a loss of power leaves nothing worse.
 */
import { assert } from '../base/assert.ts'
import { batchLastOffset, batchMaxTimestamp } from './batch-header.ts'
import { createFoundBatch, seekOffset } from './batch-seek.ts'
import { walkHeaders } from './batch-walk.ts'
import { noteCut } from './log-cut.ts'
import { TableFile } from './file-table.ts'
import { offsetFileName, offsetOfFileName, SNAPSHOT_SUFFIX } from './file-names.ts'
import { restoreProducers } from './log-recovery.ts'
import { discardSegment } from './log-retention.ts'
import { type LogState, segmentIndexFor } from './log-state.ts'
import { truncateAborted } from './log-transactions.ts'
import { Segment } from './segment.ts'
import { completeIndexFiles, loadIndexes, offsetIndexOf } from './segment-indexes.ts'

/**
 * Removes every batch that reaches `offset` or beyond. The log end is `offset` afterwards, or the begin of the batch that
 * `offset` lies in. Throws `DiskError`.
 */
export function truncateLog(state: LogState, offset: number, wallMs: number): void {
  if (offset >= state.logEndOffset) {
    // An epoch that began at the very end and in which nothing was written may be one that the leader never had.
    state.epochs.truncateEnd(offset)
    return
  }
  const first = state.segments[0]
  assert(first !== undefined, 'a log has a segment')
  if (offset < first.baseOffset) {
    restartLog(state, offset, wallMs)
    return
  }
  const oldEndOffset = state.logEndOffset
  const segmentIndex = segmentIndexFor(state, offset)
  const segment = state.segments[segmentIndex] ?? first
  const cut = findCut(state, segment, offset)
  dropSegmentsBehind(state, segmentIndex, wallMs)
  shorten(state, segment, cut.position, cut.endOffset)
  state.logEndOffset = cut.endOffset
  state.logStartOffset = Math.min(state.logStartOffset, cut.endOffset)
  state.highWatermark = Math.min(state.highWatermark, cut.endOffset)
  state.cleanedOffset = Math.min(state.cleanedOffset, cut.endOffset)
  state.epochs.truncateEnd(cut.endOffset)
  truncateAborted(state, cut.endOffset)
  removeSnapshotsAbove(state, cut.endOffset)
  state.snapshotOffset = -1
  restoreProducers(
    state,
    {
      segmentIndex,
      position: cut.position,
      offset: cut.endOffset,
      isVerified: false,
      isPrepared: true,
      checkpoint: undefined,
    },
    undefined,
  )
  noteCut(state, wallMs)
  state.environment.logger.info(`Truncated ${state.name} from ${oldEndOffset} to ${cut.endOffset}`, {
    topic: state.identity.topic,
    partition: state.identity.partition,
    logEndOffset: cut.endOffset,
  })
}

/** Throws every batch away; the next one to be appended has `offset`. Throws `DiskError`. */
export function restartLog(state: LogState, offset: number, wallMs: number): void {
  const oldEndOffset = state.logEndOffset
  for (const segment of state.segments) discardSegment(state, segment, wallMs)
  const segment = new Segment(state.identity.directory, offset, true, false)
  segment.createdAtMs = wallMs
  state.segments = [segment]
  state.active = segment
  state.logStartOffset = offset
  state.logEndOffset = offset
  state.highWatermark = offset
  state.cleanedOffset = offset
  state.epochs.clear()
  state.producers.clear()
  state.aborted = []
  removeSnapshotsAbove(state, -1)
  state.snapshotOffset = -1
  noteCut(state, wallMs)
  state.environment.logger.info(`${state.name} starts anew at offset ${offset}; it ended at ${oldEndOffset}`, {
    topic: state.identity.topic,
    partition: state.identity.partition,
    logEndOffset: offset,
  })
}

interface Cut {
  readonly position: number
  readonly endOffset: number
}

/** Where in `segment` the first batch begins that reaches `offset`. */
function findCut(state: LogState, segment: Segment, offset: number): Cut {
  if (!segment.hasFile) return { position: 0, endOffset: offset }
  const index = offsetIndexOf(state, segment)
  const entry = index.floor(offset - segment.baseOffset)
  const file = state.environment.files.use(segment.file)
  const found = createFoundBatch()
  const fromPosition = entry < 0 ? 0 : index.positionAt(entry)
  const isFound = seekOffset(state.environment, file, fromPosition, segment.sizeBytes, offset, found)
  return { position: found.position, endOffset: isFound ? Math.min(offset, found.baseOffset) : offset }
}

function dropSegmentsBehind(state: LogState, segmentIndex: number, wallMs: number): void {
  for (const later of state.segments.splice(segmentIndex + 1)) discardSegment(state, later, wallMs)
}

/** Makes `segment` the active one, ending at `position`. */
function shorten(state: LogState, segment: Segment, position: number, endOffset: number): void {
  const { disk, files, indexes } = state.environment
  if (segment !== state.active) {
    // It was opened for reading, and reads may be on their way out of it.
    indexes.remove(segment)
    files.drop(segment.file)
    segment.file = new TableFile(segment.file.path, true)
    state.active = segment
  }
  if (!segment.hasFile) return
  if (segment.offsetIndex === undefined || segment.timeIndex === undefined) loadIndexes(state, segment)
  disk.truncate(files.use(segment.file), position)
  segment.sizeBytes = position
  // The cut itself is not durable: until it is, a power loss may bring the old end back.
  segment.syncedSizeBytes = 0
  segment.offsetIndex?.truncate(endOffset - segment.baseOffset)
  segment.timeIndex?.truncate(endOffset - segment.baseOffset)
  completeIndexFiles(state, segment)
  recountTail(state, segment)
}

/** The segment's newest timestamp and its distance from the last index entry, read from what lies behind that entry. */
function recountTail(state: LogState, segment: Segment): void {
  const entries = segment.offsetIndex?.count ?? 0
  const timeEntries = segment.timeIndex?.count ?? 0
  const fromPosition = entries === 0 ? 0 : (segment.offsetIndex?.positionAt(entries - 1) ?? 0)
  segment.maxTimestampMs = timeEntries === 0 ? -1 : (segment.timeIndex?.timestampAt(timeEntries - 1) ?? -1)
  segment.offsetOfMaxTimestamp =
    timeEntries === 0 ? -1 : segment.baseOffset + (segment.timeIndex?.relativeOffsetAt(timeEntries - 1) ?? 0)
  segment.bytesSinceIndexEntry = segment.sizeBytes - fromPosition
  const file = state.environment.files.use(segment.file)
  walkHeaders(state.environment, file, fromPosition, segment.sizeBytes, (view, at, position) => {
    const maxTimestampMs = batchMaxTimestamp(view, at)
    if (position === 0) segment.firstTimestampMs = maxTimestampMs
    if (maxTimestampMs > segment.maxTimestampMs) {
      segment.maxTimestampMs = maxTimestampMs
      segment.offsetOfMaxTimestamp = batchLastOffset(view, at)
    }
    return true
  })
}

/** A snapshot of a history that is gone must never be found again when the log reaches its offset with another. */
function removeSnapshotsAbove(state: LogState, offset: number): void {
  const { disk } = state.environment
  const { directory } = state.identity
  for (const entry of disk.list(directory)) {
    const at = offsetOfFileName(entry.name, SNAPSHOT_SUFFIX)
    if (at > offset) disk.remove(`${directory}/${offsetFileName(at, SNAPSHOT_SUFFIX)}`)
  }
  if (state.checkpointSnapshotOffset > offset) state.checkpointSnapshotOffset = -1
}
