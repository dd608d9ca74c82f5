/**
 * Loads, rebuilds and writes the index files of a segment. Indexes are a cache of the log: whatever is wrong with one,
 * it is rebuilt from the log and the fact is logged.
 */
import { assert } from '../base/assert.ts'
import { batchLastOffset, batchMaxTimestamp } from './batch-header.ts'
import { walkHeaders } from './batch-walk.ts'
import { OFFSET_INDEX_SUFFIX, TIME_INDEX_SUFFIX } from './file-names.ts'
import { failLog, type LogState } from './log-state.ts'
import { OFFSET_INDEX_ENTRY_SIZE_BYTES, OffsetIndex, readOffsetIndex } from './offset-index.ts'
import type { Segment } from './segment.ts'
import { readTimeIndex, TIME_INDEX_ENTRY_SIZE_BYTES, TimeIndex } from './time-index.ts'

/** The segment's offset index, loaded or rebuilt if need be. */
export function offsetIndexOf(state: LogState, segment: Segment): OffsetIndex {
  if (segment.offsetIndex === undefined) makeReady(state, segment)
  else if (segment !== state.active) state.environment.indexes.touch(segment)
  assert(segment.offsetIndex !== undefined, 'a loaded segment has an offset index')
  return segment.offsetIndex
}

/** The segment's time index, loaded or rebuilt if need be. */
export function timeIndexOf(state: LogState, segment: Segment): TimeIndex {
  if (segment.timeIndex === undefined) makeReady(state, segment)
  assert(segment.timeIndex !== undefined, 'a loaded segment has a time index')
  return segment.timeIndex
}

/**
 * An open log always holds the active segment's indexes, except while nothing has been indexed yet: then there are no
 * files either, and that is no loss.
 */
function makeReady(state: LogState, segment: Segment): void {
  if (segment === state.active) segment.startIndexes()
  else loadIndexes(state, segment)
}

/**
 * Loads both indexes; rebuilds both when one of them is missing, damaged or cannot be true.
 *
 * @param offsetEntries how many entries a checkpoint vouches for: of an index with none, no file needs to be there
 * @param timeEntries the same for the time index
 */
export function loadIndexes(
  state: LogState,
  segment: Segment,
  offsetEntries: number = 1,
  timeEntries: number = 1,
): void {
  if (!segment.hasFile) {
    segment.startIndexes()
    return
  }
  const offsetIndex =
    readFileIfThere(state, segment.path(OFFSET_INDEX_SUFFIX), (bytes) => readOffsetIndex(bytes, segment.sizeBytes)) ??
    (offsetEntries === 0 ? new OffsetIndex() : undefined)
  const timeIndex =
    readFileIfThere(state, segment.path(TIME_INDEX_SUFFIX), readTimeIndex) ??
    (timeEntries === 0 ? new TimeIndex() : undefined)
  if (offsetIndex === undefined || timeIndex === undefined) {
    rebuildIndexes(state, segment, offsetIndex === undefined ? OFFSET_INDEX_SUFFIX : TIME_INDEX_SUFFIX)
  } else {
    segment.offsetIndex = offsetIndex
    segment.timeIndex = timeIndex
  }
  if (segment !== state.active) state.environment.indexes.add(segment)
}

/** Makes both indexes anew from the batch headers and writes them. */
export function rebuildIndexes(state: LogState, segment: Segment, why: string): void {
  const { logger, disk, files } = state.environment
  logger.warn(`Index of segment ${segment.baseOffset} of ${state.name} is missing or wrong (${why}): rebuilding it`, {
    topic: state.identity.topic,
    partition: state.identity.partition,
    segment: segment.baseOffset,
  })
  if (segment !== state.active) state.environment.indexes.remove(segment)
  const endPosition = segment.sizeBytes
  resetSegment(segment)
  walkHeaders(state.environment, files.use(segment.file), 0, endPosition, (view, at, _position, sizeBytes) => {
    segment.noteBatch(
      sizeBytes,
      batchLastOffset(view, at),
      batchMaxTimestamp(view, at),
      state.config.indexIntervalBytes,
    )
    return true
  })
  segment.sizeBytes = endPosition
  if (segment !== state.active) segment.noteTimestamp()
  disk.remove(segment.path(OFFSET_INDEX_SUFFIX))
  disk.remove(segment.path(TIME_INDEX_SUFFIX))
  writeIndexes(state, segment)
}

/** As if nothing had been appended yet. */
export function resetSegment(segment: Segment): void {
  segment.startIndexes()
  segment.sizeBytes = 0
  segment.bytesSinceIndexEntry = 0
  segment.maxTimestampMs = -1
  segment.offsetOfMaxTimestamp = -1
  segment.firstTimestampMs = -1
}

/** Appends the entries that the index files do not have yet. */
export function writeIndexes(state: LogState, segment: Segment): void {
  const offsetIndex = segment.offsetIndex
  const timeIndex = segment.timeIndex
  if (offsetIndex !== undefined && offsetIndex.writtenCount < offsetIndex.count) {
    const at = offsetIndex.writtenCount * OFFSET_INDEX_ENTRY_SIZE_BYTES
    appendToFile(state, segment.path(OFFSET_INDEX_SUFFIX), offsetIndex.unwritten(), at)
    offsetIndex.writtenCount = offsetIndex.count
  }
  if (timeIndex !== undefined && timeIndex.writtenCount < timeIndex.count) {
    const at = timeIndex.writtenCount * TIME_INDEX_ENTRY_SIZE_BYTES
    appendToFile(state, segment.path(TIME_INDEX_SUFFIX), timeIndex.unwritten(), at)
    timeIndex.writtenCount = timeIndex.count
  }
}

/** Writes what is missing and makes sure that both files exist and end where the entries end: what Kafka expects to find. */
export function completeIndexFiles(state: LogState, segment: Segment): void {
  if (segment.offsetIndex === undefined || segment.timeIndex === undefined) return
  writeIndexes(state, segment)
  trimFile(state, segment.path(OFFSET_INDEX_SUFFIX), segment.offsetIndex.count * OFFSET_INDEX_ENTRY_SIZE_BYTES)
  trimFile(state, segment.path(TIME_INDEX_SUFFIX), segment.timeIndex.count * TIME_INDEX_ENTRY_SIZE_BYTES)
}

function appendToFile(state: LogState, path: string, bytes: Uint8Array, position: number): void {
  const { disk } = state.environment
  const file = disk.openWrite(path)
  try {
    disk.writeSync(file, [bytes], position)
  } finally {
    disk.close(file)
  }
}

function trimFile(state: LogState, path: string, sizeBytes: number): void {
  const { disk } = state.environment
  if (disk.fileSizeBytes(path) === sizeBytes) return
  const file = disk.openWrite(path)
  try {
    disk.truncate(file, sizeBytes)
  } finally {
    disk.close(file)
  }
}

function readFileIfThere<Index>(
  state: LogState,
  path: string,
  parse: (bytes: Uint8Array) => Index | undefined,
): Index | undefined {
  const { disk } = state.environment
  return disk.exists(path) ? parse(disk.readFile(path)) : undefined
}

/** Runs `work`; a disk error sets the partition offline. @returns whether it went well */
export function attempt(state: LogState, doing: string, work: () => void): boolean {
  try {
    work()
    return true
  } catch (error) {
    failLog(state, error, doing)
    return false
  }
}
