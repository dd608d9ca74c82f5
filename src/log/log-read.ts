// hot: per fetch
/**
 * Plans reads: from an offset to a span of one segment file.
 *
 *   offset ──segments──► segment ──index──► position near it ──headers──► exact batch
 *
 * A span ends where the index knows that a batch begins, so the next read of a sequential reader starts at an index entry
 * and costs one small file read, however large the batches are. Only where batches are smaller than the index interval
 * and the caller asks for less than that may a span end inside a batch, which Kafka's clients accept.
 */
import { ErrorCode } from '../model/error-code.ts'
import { createFoundBatch, type FoundBatch, seekOffset } from './batch-seek.ts'
import { SCAN_SIZE_BYTES } from './environment.ts'
import { failLog, type LogState, segmentEndOffset, segmentIndexFor } from './log-state.ts'
import type { Segment } from './segment.ts'
import { offsetIndexOf, rebuildIndexes } from './segment-indexes.ts'

/** Filled by `planLogRead`. */
export interface LogReadPlan {
  file: number
  position: number
  sizeBytes: number
  firstOffset: number
  firstBatchSizeBytes: number
  /** For `FileTable.release`; -1 when nothing was leased. */
  segment: number
}

// One seek at a time per thread: the objects are filled and read within one call.
const first: FoundBatch = createFoundBatch()
const until: FoundBatch = createFoundBatch()

/**
 * Plans a read of at most about `sizeBytesMax` bytes from the batch that holds `fromOffset`, ending before
 * `untilOffset`. The first batch is always whole. The file is leased when there is something to read.
 */
export function planLogRead(
  state: LogState,
  fromOffset: number,
  untilOffset: number,
  sizeBytesMax: number,
  plan: LogReadPlan,
): ErrorCode {
  plan.sizeBytes = 0
  plan.firstBatchSizeBytes = 0
  plan.segment = -1
  if (state.failure !== undefined) return ErrorCode.kafkaStorageError
  if (fromOffset < state.logStartOffset || fromOffset > state.logEndOffset) return ErrorCode.offsetOutOfRange
  if (fromOffset >= untilOffset || fromOffset === state.logEndOffset) return ErrorCode.none
  try {
    for (let index = segmentIndexFor(state, fromOffset); index < state.segments.length; index += 1) {
      const segment = state.segments[index]
      if (segment === undefined || segment.sizeBytes === 0) continue
      if (segment.baseOffset >= untilOffset) break
      if (!findBatch(state, segment, fromOffset, first)) continue
      // Compaction leaves gaps: the batch found may lie wholly behind what may be read.
      if (first.baseOffset >= untilOffset) break
      const endPosition = positionOf(state, segment, index, untilOffset)
      if (endPosition > first.position) fillPlan(state, segment, endPosition, sizeBytesMax, plan)
      break
    }
  } catch (error) {
    failLog(state, error, 'a read')
    return ErrorCode.kafkaStorageError
  }
  return ErrorCode.none
}

/**
 * Finds the first batch of `segment` whose last offset is at or above `offset`. An index that leads astray is rebuilt
 * once.
 */
export function findBatch(state: LogState, segment: Segment, offset: number, found: FoundBatch): boolean {
  if (seekFromIndex(state, segment, offset, found)) return true
  // The walk must end at the end of the data. Anywhere else it ran into something that is no batch.
  if (found.position === segment.sizeBytes) return false
  rebuildIndexes(state, segment, `a lookup of offset ${offset} ended at position ${found.position}`)
  return seekFromIndex(state, segment, offset, found)
}

function seekFromIndex(state: LogState, segment: Segment, offset: number, found: FoundBatch): boolean {
  const index = offsetIndexOf(state, segment)
  const file = state.environment.files.use(segment.file)
  const relativeOffset = offset - segment.baseOffset
  const floor = index.floor(relativeOffset)
  const floorPosition = floor < 0 ? 0 : index.positionAt(floor)
  if (floor >= 0 && index.relativeOffsetAt(floor) === relativeOffset) {
    return seekOffset(state.environment, file, floorPosition, segment.sizeBytes, offset, found)
  }
  const ceiling = floor + 1
  if (ceiling < index.count) {
    const position = index.positionAt(ceiling)
    // With batches larger than the interval every batch has an entry: the next one is most likely the batch itself.
    if (position - floorPosition > SCAN_SIZE_BYTES / 2) {
      const isFound = seekOffset(state.environment, file, position, segment.sizeBytes, offset, found)
      if (isFound && found.position === position && found.baseOffset <= offset) return true
    }
  }
  return seekOffset(state.environment, file, floorPosition, segment.sizeBytes, offset, found)
}

/** Position in `segment` at which the first batch that reaches `untilOffset` begins, at most the end of its data. */
function positionOf(state: LogState, segment: Segment, segmentIndex: number, untilOffset: number): number {
  if (untilOffset >= segmentEndOffset(state, segmentIndex)) return segment.sizeBytes
  return findBatch(state, segment, untilOffset, until) ? until.position : segment.sizeBytes
}

function fillPlan(
  state: LogState,
  segment: Segment,
  endPosition: number,
  sizeBytesMax: number,
  plan: LogReadPlan,
): void {
  const position = first.position
  let sizeBytes = endPosition - position
  if (sizeBytes > sizeBytesMax) {
    sizeBytes = Math.max(first.sizeBytes, sizeBytesMax)
    const index = offsetIndexOf(state, segment)
    const entry = index.floorByPosition(position + sizeBytes)
    const boundary = entry < 0 ? 0 : index.positionAt(entry)
    if (boundary - position >= first.sizeBytes) sizeBytes = boundary - position
  }
  const files = state.environment.files
  plan.segment = files.lease(segment.file)
  plan.file = segment.file.descriptor
  plan.position = position
  plan.sizeBytes = sizeBytes
  plan.firstOffset = first.baseOffset
  plan.firstBatchSizeBytes = first.sizeBytes
}
