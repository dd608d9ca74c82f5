/**
 * Brings a log that was opened to its true end: trusts what a checkpoint vouches for, verifies the rest, cuts at the
 * first batch that is not whole and sound. Nothing before the cut is touched; what was cut is logged with offsets.
 */
import {
  batchLastOffset,
  batchLeaderEpoch,
  batchMaxTimestamp,
  HEADER_PEEK_SIZE_BYTES,
  prefixOffset,
} from './batch-header.ts'
import { createFoundBatch, seekOffset } from './batch-seek.ts'
import { type VisitBatch, walkHeaders, walkVerified } from './batch-walk.ts'
import { LEADER_EPOCH_FILE, SEGMENT_SUFFIXES } from './file-names.ts'
import type { OpenHints } from './open-hints.ts'
import { replayBatch } from './log-replay.ts'
import { type LogState, segmentIndexFor } from './log-state.ts'
import type { PartitionCheckpoint } from './partition-checkpoint.ts'
import { loadProducerSnapshot } from './producer-snapshot.ts'
import type { Segment } from './segment.ts'
import { completeIndexFiles, loadIndexes, offsetIndexOf, resetSegment } from './segment-indexes.ts'
import { bytesText } from './text-lines.ts'
import { addAborted, truncateAborted } from './log-transactions.ts'

/** From where on the log is looked at. */
export interface StartPoint {
  readonly segmentIndex: number
  readonly position: number
  readonly offset: number
  /** Batches behind it are judged with their checksum; else only headers are read. */
  readonly isVerified: boolean
  /** Indexes and counters of the segment are in place already. */
  readonly isPrepared: boolean
  /** The index files are right up to this point: their entry counts and the segment's counters. */
  readonly checkpoint: PartitionCheckpoint | undefined
}

export function loadEpochs(state: LogState): void {
  const { disk, logger } = state.environment
  const path = `${state.identity.directory}/${LEADER_EPOCH_FILE}`
  if (!disk.exists(path)) return
  if (!state.epochs.load(bytesText(disk.readFile(path)))) {
    logger.warn(`The leader epochs of ${state.name} are damaged: rebuilding them from the log`, { path })
    rebuildEpochs(state)
  }
}

/** Every batch carries its epoch: walks all headers. */
function rebuildEpochs(state: LogState): void {
  state.epochs.clear()
  for (const segment of state.segments) {
    if (!segment.hasFile) continue
    const file = state.environment.files.use(segment.file)
    walkHeaders(state.environment, file, 0, segment.sizeBytes, (view, at) => {
      state.epochs.assign(batchLeaderEpoch(view, at), prefixOffset(view, at))
      return true
    })
  }
}

/** Finds the end of the log and everything that goes with it. Throws `DiskError`. */
export function recoverLog(state: LogState, hints: OpenHints, own: PartitionCheckpoint | undefined): void {
  if (own !== undefined) takeOver(state, own)
  const start = chooseStart(state, hints, own)
  state.logEndOffset = start.offset
  prepareSegment(state, start)
  restoreProducers(state, start, own)
  const startedAtMs = state.environment.clock.monotonicMs()
  const verifiedBytes = walkTail(state, start)
  if (verifiedBytes > 0) {
    state.environment.logger.debug(`Recovered ${state.name} from offset ${start.offset} to ${state.logEndOffset}`, {
      bytes: verifiedBytes,
      tookMs: state.environment.clock.monotonicMs() - startedAtMs,
    })
  }
  state.logStartOffset = Math.min(state.logStartOffset, state.logEndOffset)
  state.epochs.truncateEnd(state.logEndOffset)
  state.cleanedOffset = Math.min(state.cleanedOffset, state.logEndOffset)
  // Where nobody wrote one down, nothing is known to be replicated: what lies behind the log start may yet be cut off. A
  // replica that is alone raises it itself.
  const knownHighWatermark = Math.min(own?.highWatermark ?? hints.highWatermark, state.logEndOffset)
  state.highWatermark = Math.max(knownHighWatermark, state.logStartOffset)
  state.bytesSinceSync = Math.max(0, verifiedBytes)
  state.bytesSinceCheckpoint = verifiedBytes
  state.isCheckpointDue = state.isCheckpointDue || verifiedBytes > 0
}

function takeOver(state: LogState, own: PartitionCheckpoint): void {
  state.checkpointGeneration = own.generation
  state.cleanedOffset = own.cleanedOffset
  state.syncedOffset = own.syncedOffset
  state.syncedSegmentBaseOffset = own.syncedSegmentBaseOffset
  state.syncedPosition = own.syncedPosition
}

function chooseStart(state: LogState, hints: OpenHints, own: PartitionCheckpoint | undefined): StartPoint {
  const activeIndex = state.segments.length - 1
  if (own !== undefined) {
    const isSameBoot = own.bootId !== '' && own.bootId === state.environment.disk.bootId()
    const segmentIndex = state.segments.findIndex((segment) => segment.baseOffset === own.segmentBaseOffset)
    const segment = state.segments[segmentIndex]
    const isUsable = segment !== undefined && segment.sizeBytes >= own.position
    if (
      isUsable &&
      (isSameBoot || (own.isClosed && own.position === segment.sizeBytes && segmentIndex === activeIndex))
    ) {
      return {
        segmentIndex,
        position: own.position,
        offset: own.offset,
        isVerified: true,
        isPrepared: false,
        checkpoint: own,
      }
    }
    const syncedIndex = state.segments.findIndex((candidate) => candidate.baseOffset === own.syncedSegmentBaseOffset)
    const synced = state.segments[syncedIndex]
    if (synced !== undefined && synced.sizeBytes >= own.syncedPosition) {
      const offset = own.syncedOffset
      return {
        segmentIndex: syncedIndex,
        position: own.syncedPosition,
        offset,
        isVerified: true,
        isPrepared: false,
        checkpoint: undefined,
      }
    }
  }
  const cleanEnd = hints.isClean ? findCleanEnd(state) : undefined
  if (cleanEnd !== undefined) return cleanEnd
  const segmentIndex = segmentIndexFor(state, Math.max(hints.recoveryPoint, 0))
  const offset = state.segments[segmentIndex]?.baseOffset ?? 0
  return { segmentIndex, position: 0, offset, isVerified: true, isPrepared: false, checkpoint: undefined }
}

/**
 * After a clean shutdown the indexes are right: only the headers behind the last entry are looked at.
 *
 * @returns undefined when the segment does not end with a whole batch, so that it was no clean shutdown after all
 */
function findCleanEnd(state: LogState): StartPoint | undefined {
  const { files } = state.environment
  const segmentIndex = state.segments.length - 1
  const segment = state.active
  const endPosition = segment.sizeBytes
  if (!segment.hasFile) return undefined
  loadIndexes(state, segment)
  const entries = segment.offsetIndex?.count ?? 0
  const fromPosition = entries === 0 ? 0 : (segment.offsetIndex?.positionAt(entries - 1) ?? 0)
  const timeEntries = segment.timeIndex?.count ?? 0
  if (timeEntries > 0) {
    segment.maxTimestampMs = segment.timeIndex?.timestampAt(timeEntries - 1) ?? -1
    segment.offsetOfMaxTimestamp = segment.baseOffset + (segment.timeIndex?.relativeOffsetAt(timeEntries - 1) ?? 0)
  }
  let offset = segment.baseOffset
  const end = walkHeaders(state.environment, files.use(segment.file), fromPosition, endPosition, (view, at) => {
    const maxTimestampMs = batchMaxTimestamp(view, at)
    offset = batchLastOffset(view, at) + 1
    if (maxTimestampMs > segment.maxTimestampMs) {
      segment.maxTimestampMs = maxTimestampMs
      segment.offsetOfMaxTimestamp = offset - 1
    }
    state.epochs.assign(batchLeaderEpoch(view, at), prefixOffset(view, at))
    return true
  })
  if (end.position !== endPosition) return undefined
  return { segmentIndex, position: endPosition, offset, isVerified: false, isPrepared: true, checkpoint: undefined }
}

/** Brings the indexes and counters of the segment that the walk starts in to the start position. */
function prepareSegment(state: LogState, start: StartPoint): void {
  const segment = state.segments[start.segmentIndex]
  if (segment === undefined || start.isPrepared) return
  const own = start.checkpoint
  if (own !== undefined) {
    const sizeBytes = segment.sizeBytes
    loadIndexes(state, segment, own.offsetIndexCount, own.timeIndexCount)
    const isComplete =
      (segment.offsetIndex?.count ?? 0) >= own.offsetIndexCount && (segment.timeIndex?.count ?? 0) >= own.timeIndexCount
    if (isComplete) {
      segment.offsetIndex?.keep(own.offsetIndexCount)
      segment.timeIndex?.keep(own.timeIndexCount)
      segment.maxTimestampMs = own.maxTimestampMs
      segment.offsetOfMaxTimestamp = own.offsetOfMaxTimestamp
      segment.firstTimestampMs = own.firstTimestampMs
      segment.bytesSinceIndexEntry = own.bytesSinceIndexEntry
      if (own.createdAtMs > 0) segment.createdAtMs = own.createdAtMs
      return
    }
    segment.sizeBytes = sizeBytes
  }
  rebuildTo(state, segment, start.position)
}

/** Indexes the batches in [0, position) by their headers. */
function rebuildTo(state: LogState, segment: Segment, position: number): void {
  const sizeBytes = segment.sizeBytes
  resetSegment(segment)
  if (position > 0) {
    const file = state.environment.files.use(segment.file)
    walkHeaders(state.environment, file, 0, position, (view, at, _position, batchSizeBytes) => {
      const lastOffset = batchLastOffset(view, at)
      segment.noteBatch(batchSizeBytes, lastOffset, batchMaxTimestamp(view, at), state.config.indexIntervalBytes)
      return true
    })
  }
  segment.sizeBytes = sizeBytes
}

/** Loads the newest snapshot and replays the headers between it and the start point. */
export function restoreProducers(state: LogState, start: StartPoint, own: PartitionCheckpoint | undefined): void {
  if (start.checkpoint !== undefined && own?.hasNoProducers === true) return
  const known = loadProducerSnapshot(state, start.offset, state.logStartOffset)
  if (known >= start.offset) return
  const firstIndex = segmentIndexFor(state, known)
  for (let index = firstIndex; index <= start.segmentIndex; index += 1) {
    const segment = state.segments[index]
    if (segment === undefined || !segment.hasFile) continue
    const endPosition = index === start.segmentIndex ? start.position : segment.sizeBytes
    const fromPosition = index === firstIndex ? positionBefore(state, segment, known) : 0
    const file = state.environment.files.use(segment.file)
    walkHeaders(state.environment, file, fromPosition, endPosition, (view, at, _position, sizeBytes) => {
      if (prefixOffset(view, at) >= known) replayBatch(state.producers, view, at, sizeBytes)
      return true
    })
  }
}

/** A position at or before the batch that holds `offset`, by the index if that can be believed, else the start. */
function positionBefore(state: LogState, segment: Segment, offset: number): number {
  const index = offsetIndexOf(state, segment)
  const entry = index.floor(offset - segment.baseOffset)
  if (entry < 0) return 0
  const position = index.positionAt(entry)
  const wanted = segment.baseOffset + index.relativeOffsetAt(entry)
  const found = createFoundBatch()
  const file = state.environment.files.use(segment.file)
  const isTrue = seekOffset(state.environment, file, position, segment.sizeBytes, wanted, found)
  return isTrue && found.position === position && found.lastOffset === wanted ? position : 0
}

/** Walks from the start point to the end of the log, cutting what is damaged. @returns bytes looked at */
function walkTail(state: LogState, start: StartPoint): number {
  let walkedBytes = 0
  for (let index = start.segmentIndex; index < state.segments.length; index += 1) {
    const segment = state.segments[index]
    if (segment === undefined) continue
    if (index > start.segmentIndex && isSevered(state, segment)) {
      const before = state.segments[index - 1] ?? segment
      cutLog(state, index - 1, before.sizeBytes, before.sizeBytes, `nothing, up to segment ${segment.baseOffset}`)
      break
    }
    if (!segment.hasFile) continue
    const fromPosition = index === start.segmentIndex ? start.position : 0
    if (index > start.segmentIndex) resetSegmentKeepingSize(segment)
    const endPosition = segment.sizeBytes
    walkedBytes += endPosition - fromPosition
    const reached = walkSegment(state, segment, fromPosition, endPosition, start.isVerified)
    if (reached.damage !== undefined || reached.position < endPosition) {
      cutLog(state, index, reached.position, endPosition, reached.damage ?? 'an offset that does not fit its place')
      break
    }
    if (index < state.segments.length - 1) finishOlderSegment(state, segment)
  }
  return walkedBytes
}

/**
 * A segment begins where the one before it ended. After a loss of power the end of that may be gone, at the end of a batch as
 * it may happen, and what comes later be there. Compaction leaves such gaps too, but never an empty segment behind one.
 */
function isSevered(state: LogState, segment: Segment): boolean {
  if (segment.baseOffset <= state.logEndOffset) return false
  return !state.config.isCompacted || !segment.hasFile || segment.sizeBytes === 0
}

/** Its indexes were made anew in memory: the files get them, the memory is given back when it is needed. */
function finishOlderSegment(state: LogState, segment: Segment): void {
  segment.noteTimestamp()
  completeIndexFiles(state, segment)
  state.environment.indexes.add(segment)
}

function resetSegmentKeepingSize(segment: Segment): void {
  const sizeBytes = segment.sizeBytes
  resetSegment(segment)
  segment.sizeBytes = sizeBytes
}

function walkSegment(
  state: LogState,
  segment: Segment,
  fromPosition: number,
  endPosition: number,
  isVerified: boolean,
): { readonly position: number; readonly damage: string | undefined } {
  const file = state.environment.files.use(segment.file)
  const indexIntervalBytes = state.config.indexIntervalBytes
  // Base offsets lie outside the checksum: one that does not fit between this segment and the next is damage, too.
  const offsetLimit = state.segments[state.segments.indexOf(segment) + 1]?.baseOffset ?? segment.baseOffset + 2 ** 31
  segment.sizeBytes = fromPosition
  const visit: VisitBatch = (view, at, _position, sizeBytes) => {
    const firstOffset = prefixOffset(view, at)
    const lastOffset = batchLastOffset(view, at)
    if (firstOffset < segment.baseOffset || lastOffset < state.logEndOffset || firstOffset > lastOffset) return false
    if (lastOffset >= offsetLimit) return false
    // What was cut off may come back when power is lost, behind batches of the newer history that took its place.
    const leaderEpoch = batchLeaderEpoch(view, at)
    const isOlder = leaderEpoch >= 0 && leaderEpoch < state.epochs.latestEpoch
    if (isOlder && firstOffset >= state.epochs.latestStartOffset) return false
    segment.noteBatch(sizeBytes, lastOffset, batchMaxTimestamp(view, at), indexIntervalBytes)
    state.epochs.assign(leaderEpoch, firstOffset)
    const available = Math.min(sizeBytes, view.byteLength - at)
    const aborted = available < HEADER_PEEK_SIZE_BYTES ? undefined : replayBatch(state.producers, view, at, available)
    if (aborted !== undefined) addAborted(state, segment, aborted)
    state.logEndOffset = lastOffset + 1
    return true
  }
  const walk = isVerified ? walkVerified : walkHeaders
  return walk(state.environment, file, fromPosition, endPosition, visit)
}

/** Cuts the log behind `position` of a segment and forgets every later segment. */
function cutLog(state: LogState, index: number, position: number, sizeBytes: number, damage: string): void {
  const { disk, files, logger } = state.environment
  const segment = state.segments[index]
  if (segment === undefined) return
  const later = state.segments.splice(index + 1)
  const laterBytes = later.reduce((sum, each) => sum + each.sizeBytes, 0)
  logger.warn(
    `Cut ${state.name} at offset ${state.logEndOffset}: behind position ${position} of segment ${segment.baseOffset} ` +
      `lies ${damage}. ${sizeBytes - position} bytes and ${later.length} later segments (${laterBytes} bytes) are gone.`,
    {
      topic: state.identity.topic,
      partition: state.identity.partition,
      logEndOffset: state.logEndOffset,
      cutBytes: sizeBytes - position + laterBytes,
    },
  )
  for (const each of later) {
    files.drop(each.file)
    for (const suffix of SEGMENT_SUFFIXES) disk.remove(each.path(suffix))
  }
  if (later.length > 0) {
    files.drop(segment.file)
    segment.file.isWritable = true
  }
  disk.truncate(files.use(segment.file), position)
  segment.sizeBytes = position
  segment.offsetIndex?.truncate(state.logEndOffset - segment.baseOffset)
  segment.timeIndex?.truncate(state.logEndOffset - segment.baseOffset)
  truncateAborted(state, state.logEndOffset)
  state.active = segment
  state.isCheckpointDue = true
}
