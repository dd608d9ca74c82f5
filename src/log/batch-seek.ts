// hot: per fetch
/**
 * Finds a batch in a segment file by walking headers from a position that the index gave.
 */
import type { FileDescriptor } from '../io/ports.ts'
import {
  batchLastOffset,
  batchMaxTimestamp,
  batchSizeBytes,
  HEADER_PEEK_SIZE_BYTES,
  MESSAGE_SIZE_BYTES_MIN,
  prefixOffset,
} from './batch-header.ts'
import type { LogEnvironment } from './environment.ts'

/** Where a seek ended. One object, refilled. */
export interface FoundBatch {
  position: number
  /** Prefix offset: the first of the batch (the last for formats 0 and 1). */
  baseOffset: number
  lastOffset: number
  sizeBytes: number
  maxTimestampMs: number
}

export function createFoundBatch(): FoundBatch {
  return { position: 0, baseOffset: 0, lastOffset: 0, sizeBytes: 0, maxTimestampMs: 0 }
}

/**
 * The first batch at or after `fromPosition` whose last offset is at or above `offset`.
 *
 * @param fromPosition start of a batch
 * @param endPosition end of the segment's data
 * @returns false when there is none, or when what lies there is no batch: `found.position` says where the walk ended
 */
export function seekOffset(
  environment: LogEnvironment,
  file: FileDescriptor,
  fromPosition: number,
  endPosition: number,
  offset: number,
  found: FoundBatch,
): boolean {
  const view = environment.scan.view
  const bytes = environment.scan.bytes
  const peek = environment.scan.peek
  let position = fromPosition
  let bufferedFrom = 0
  let bufferedTo = 0
  let lastSizeBytes = 0
  while (position + MESSAGE_SIZE_BYTES_MIN <= endPosition) {
    const needed = Math.min(HEADER_PEEK_SIZE_BYTES, endPosition - position)
    if (position < bufferedFrom || position + needed > bufferedTo) {
      bufferedFrom = position
      const into = lastSizeBytes > bytes.length ? peek : bytes
      bufferedTo = position + environment.disk.readSync(file, into, position)
      if (position + needed > bufferedTo) break
    }
    const at = position - bufferedFrom
    const sizeBytes = batchSizeBytes(view, at)
    if (sizeBytes < 0) break
    const lastOffset = batchLastOffset(view, at)
    if (lastOffset >= offset) {
      found.position = position
      found.baseOffset = prefixOffset(view, at)
      found.lastOffset = lastOffset
      found.sizeBytes = sizeBytes
      found.maxTimestampMs = batchMaxTimestamp(view, at)
      return true
    }
    position += sizeBytes
    lastSizeBytes = sizeBytes
  }
  found.position = position
  return false
}
