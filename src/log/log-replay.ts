/**
 * Brings producer state, transactions and epochs up to date with batches that are already in the log: at start, and when
 * batches come from a leader.
 */
import { ATTRIBUTE_LOG_APPEND_TIME, BATCH_BASE_TIMESTAMP_AT, BATCH_RECORDS_AT } from '../model/batch-layout.ts'
import {
  batchAttributes,
  batchBaseSequence,
  batchLastOffset,
  batchMaxTimestamp,
  batchProducerEpoch,
  batchProducerId,
  int64At,
  isControl,
  isTransactional,
  prefixOffset,
} from './batch-header.ts'
import type { ProducerStates } from './producer-state.ts'
import type { AbortedEntry } from './transaction-index.ts'

export const MARKER_ABORT: number = 0
export const MARKER_COMMIT: number = 1

/** The only record of a control batch that ends a transaction. */
export interface Marker {
  readonly type: number
  readonly coordinatorEpoch: number
  readonly timestampMs: number
}

/**
 * Applies one batch to the producer state.
 *
 * @param availableBytes how much of the batch lies in `view`; a control batch is small and must be whole
 * @returns what it aborted, undefined for anything but an abort marker of a transaction with data
 */
export function replayBatch(
  producers: ProducerStates,
  view: DataView,
  at: number,
  availableBytes: number,
): AbortedEntry | undefined {
  const producerId = batchProducerId(view, at)
  if (producerId < 0) return undefined
  const epoch = batchProducerEpoch(view, at)
  const attributes = batchAttributes(view, at)
  const baseOffset = prefixOffset(view, at)
  const lastOffset = batchLastOffset(view, at)
  const timestampMs = batchMaxTimestamp(view, at)
  if (!isControl(attributes)) {
    const sequence = batchBaseSequence(view, at)
    producers.appendData(producerId, epoch, sequence, baseOffset, lastOffset, timestampMs, isTransactional(attributes))
    return undefined
  }
  const marker = readMarker(view, at, availableBytes)
  if (marker === undefined) return undefined
  const firstOffset = producers.appendMarker(producerId, epoch, marker.coordinatorEpoch, baseOffset, marker.timestampMs)
  if (firstOffset < 0 || marker.type !== MARKER_ABORT) return undefined
  const lastStableOffset = producers.lastStableOffsetAfter(producerId, baseOffset)
  return { producerId, firstOffset, lastOffset: baseOffset, lastStableOffset }
}

/**
 * Reads the marker in a control batch.
 *
 * @returns undefined for an emptied control batch (its transaction was cleaned away) or another kind of control record
 */
export function readMarker(view: DataView, at: number, availableBytes: number): Marker | undefined {
  const end = at + availableBytes
  const cursor: Cursor = { at: at + BATCH_RECORDS_AT, isShort: false }
  readVarint(view, cursor, end) // length of the record
  cursor.at += 1 // attributes
  const timestampDelta = readVarint(view, cursor, end)
  readVarint(view, cursor, end) // offset delta
  const keySize = readVarint(view, cursor, end)
  if (cursor.isShort || keySize < 4 || cursor.at + keySize > end) return undefined
  const type = view.getInt16(cursor.at + 2)
  cursor.at += keySize
  const valueSize = readVarint(view, cursor, end)
  if (cursor.isShort || valueSize < 6 || cursor.at + valueSize > end) return undefined
  if (type !== MARKER_ABORT && type !== MARKER_COMMIT) return undefined
  const isAppendTime = (batchAttributes(view, at) & ATTRIBUTE_LOG_APPEND_TIME) !== 0
  return {
    type,
    coordinatorEpoch: view.getInt32(cursor.at + 2),
    timestampMs: isAppendTime
      ? batchMaxTimestamp(view, at)
      : int64At(view, at + BATCH_BASE_TIMESTAMP_AT) + timestampDelta,
  }
}

interface Cursor {
  at: number
  isShort: boolean
}

/** Zig-zag varint of at most 10 bytes; values beyond 2^53 do not occur in markers that Kafka writes. */
function readVarint(view: DataView, cursor: Cursor, end: number): number {
  let value = 0
  let scale = 1
  for (let count = 0; count < 10; count += 1) {
    if (cursor.at >= end) {
      cursor.isShort = true
      return 0
    }
    const byte = view.getUint8(cursor.at)
    cursor.at += 1
    value += (byte & 0x7f) * scale
    scale *= 128
    if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }
  cursor.isShort = true
  return 0
}
