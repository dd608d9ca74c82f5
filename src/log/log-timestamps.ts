/**
 * Finds offsets by time: the time index narrows, batch headers find the batch, and only that one batch is looked into.
 */
import { ATTRIBUTE_CODEC_MASK, ATTRIBUTE_LOG_APPEND_TIME, CODEC_NONE } from '../model/batch-layout.ts'
import { NO_EPOCH, NO_OFFSET } from '../model/special-offsets.ts'
import { batchAttributes, batchLastOffset, batchLeaderEpoch, batchMagic, batchMaxTimestamp } from './batch-header.ts'
import { walkHeaders } from './batch-walk.ts'
import type { LogState } from './log-state.ts'
import type { Segment } from './segment.ts'
import { offsetIndexOf, timeIndexOf } from './segment-indexes.ts'

export interface TimestampMatch {
  readonly offset: number
  readonly timestampMs: number
  readonly leaderEpoch: number
}

/** Answer when no record is that new. */
export const NO_MATCH: TimestampMatch = { offset: NO_OFFSET, timestampMs: -1, leaderEpoch: NO_EPOCH }

/** Newest timestamp in a segment; -1 when it has none. Throws `DiskError`. */
export function newestTimestamp(state: LogState, segment: Segment): number {
  if (segment.maxTimestampMs < 0 && segment.hasFile && segment.sizeBytes > 0) {
    segment.maxTimestampMs = timeIndexOf(state, segment).lastTimestampMs
  }
  return segment.maxTimestampMs
}

/** Timestamp of the first batch of a segment, -1 when it has none. Throws `DiskError`. */
export function firstTimestamp(state: LogState, segment: Segment): number {
  if (segment.firstTimestampMs < 0 && segment.hasFile && segment.sizeBytes > 0) {
    const file = state.environment.files.use(segment.file)
    walkHeaders(state.environment, file, 0, segment.sizeBytes, (view, at, position) => {
      if (position === 0) segment.firstTimestampMs = batchMaxTimestamp(view, at)
      return position === 0
    })
  }
  return segment.firstTimestampMs
}

/** First record at or above the log start with a timestamp at or after `timestampMs`. Throws `DiskError`. */
export function findByTimestamp(state: LogState, timestampMs: number): TimestampMatch {
  for (const segment of state.segments) {
    if (newestTimestamp(state, segment) < timestampMs) continue
    const match = findInSegment(state, segment, timestampMs)
    if (match !== undefined) return match
  }
  return NO_MATCH
}

/** The first record with the newest timestamp of the log. Throws `DiskError`. */
export function findNewest(state: LogState): TimestampMatch {
  let newest: Segment | undefined
  for (const segment of state.segments) {
    const timestampMs = newestTimestamp(state, segment)
    if (timestampMs >= 0 && (newest === undefined || timestampMs > newest.maxTimestampMs)) newest = segment
  }
  if (newest === undefined) return NO_MATCH
  return findInSegment(state, newest, newest.maxTimestampMs) ?? NO_MATCH
}

function findInSegment(state: LogState, segment: Segment, timestampMs: number): TimestampMatch | undefined {
  const { environment } = state
  const timeIndex = timeIndexOf(state, segment)
  const entry = timeIndex.floor(timestampMs - 1)
  // Up to and including this offset everything is older than asked for.
  const fromOffset = Math.max(
    entry < 0 ? 0 : timeIndex.relativeOffsetAt(entry),
    state.logStartOffset - segment.baseOffset,
  )
  const offsetIndex = offsetIndexOf(state, segment)
  const floor = offsetIndex.floor(fromOffset)
  let position = floor < 0 ? 0 : offsetIndex.positionAt(floor)
  const file = environment.files.use(segment.file)
  while (position < segment.sizeBytes) {
    let batch: { position: number; sizeBytes: number; epoch: number; attributes: number; magic: number } | undefined
    const end = walkHeaders(environment, file, position, segment.sizeBytes, (view, at, batchPosition, sizeBytes) => {
      if (batchMaxTimestamp(view, at) < timestampMs || batchLastOffset(view, at) < state.logStartOffset) return true
      const attributes = batchAttributes(view, at)
      const epoch = batchLeaderEpoch(view, at)
      batch = { position: batchPosition, sizeBytes, epoch, attributes, magic: batchMagic(view, at) }
      return false
    })
    if (batch === undefined || end.damage !== undefined) return undefined
    const bytes = new Uint8Array(batch.sizeBytes)
    environment.disk.readSync(environment.files.use(segment.file), bytes, batch.position)
    const isPlain =
      batch.magic === 2 &&
      (batch.attributes & ATTRIBUTE_CODEC_MASK) === CODEC_NONE &&
      (batch.attributes & ATTRIBUTE_LOG_APPEND_TIME) === 0
    const found =
      (isPlain ? findInPlain(state, bytes, timestampMs) : undefined) ?? findDecoding(state, bytes, timestampMs)
    if (found !== undefined) return { offset: found.offset, timestampMs: found.timestampMs, leaderEpoch: batch.epoch }
    position = batch.position + batch.sizeBytes
  }
  return undefined
}

interface Found {
  readonly offset: number
  readonly timestampMs: number
}

/** Uncompressed: the core walks the records where they lie. */
function findInPlain(state: LogState, bytes: Uint8Array, timestampMs: number): Found | undefined {
  const { core, windowAt, windowSizeBytes } = state.environment
  if (bytes.length > windowSizeBytes) return undefined
  core.bytes.set(bytes, windowAt)
  if (!core.findTimestamp(windowAt, bytes.length, timestampMs)) return undefined
  const { foundOffset, foundTimestampMs } = core.summary
  return foundOffset < state.logStartOffset ? undefined : { offset: foundOffset, timestampMs: foundTimestampMs }
}

function findDecoding(state: LogState, bytes: Uint8Array, timestampMs: number): Found | undefined {
  let found: Found | undefined
  state.environment.codec.decodeBatches(
    bytes,
    (record) => {
      if (found !== undefined || record.timestampMs < timestampMs || record.offset < state.logStartOffset) return
      found = { offset: record.offset, timestampMs: record.timestampMs }
    },
    true,
  )
  return found
}
