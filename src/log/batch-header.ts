// hot: per fetch
/**
 * Reads batch headers out of bytes that came from a log file. Used where a few headers are looked at; whole batches are
 * judged by the record core.
 *
 * A format 0 or 1 message has the same first 17 bytes (offset, size, …, magic) but keeps its *last* offset in the prefix,
 * because a compressed wrapper is stored that way.
 */
import {
  ATTRIBUTE_CONTROL,
  ATTRIBUTE_TRANSACTIONAL,
  BATCH_ATTRIBUTES_AT,
  BATCH_BASE_SEQUENCE_AT,
  BATCH_LAST_OFFSET_DELTA_AT,
  BATCH_LEADER_EPOCH_AT,
  BATCH_MAGIC_AT,
  BATCH_MAX_TIMESTAMP_AT,
  BATCH_PREFIX_SIZE_BYTES,
  BATCH_PRODUCER_EPOCH_AT,
  BATCH_PRODUCER_ID_AT,
  BATCH_SIZE_AT,
  LEGACY_V0_OVERHEAD_BYTES,
} from '../model/batch-layout.ts'

const TWO_POW_32 = 4294967296

/** Bytes that must be at hand before the fields of a header can be read, for any format. */
export const HEADER_PEEK_SIZE_BYTES: number = 61
/** The smallest thing that can be a message at all (format 0 with empty key and value). */
export const MESSAGE_SIZE_BYTES_MIN: number = BATCH_PREFIX_SIZE_BYTES + LEGACY_V0_OVERHEAD_BYTES
/** Where a format-1 message keeps its timestamp. */
const LEGACY_TIMESTAMP_AT = 18

export function int64At(view: DataView, at: number): number {
  return view.getInt32(at) * TWO_POW_32 + view.getUint32(at + 4)
}

export function setInt64(view: DataView, at: number, value: number): void {
  const high = Math.floor(value / TWO_POW_32)
  view.setInt32(at, high)
  view.setUint32(at + 4, value - high * TWO_POW_32)
}

/** Offset in the prefix: the first of a format-2 batch, the last of an older message. */
export function prefixOffset(view: DataView, at: number): number {
  return int64At(view, at)
}

/** Whole size including the prefix, or -1 when the size field cannot be one. */
export function batchSizeBytes(view: DataView, at: number): number {
  const size = view.getInt32(at + BATCH_SIZE_AT)
  return size >= LEGACY_V0_OVERHEAD_BYTES ? size + BATCH_PREFIX_SIZE_BYTES : -1
}

export function batchMagic(view: DataView, at: number): number {
  return view.getUint8(at + BATCH_MAGIC_AT)
}

export function batchLastOffset(view: DataView, at: number): number {
  const offset = int64At(view, at)
  return batchMagic(view, at) >= 2 ? offset + view.getInt32(at + BATCH_LAST_OFFSET_DELTA_AT) : offset
}

export function batchMaxTimestamp(view: DataView, at: number): number {
  const magic = batchMagic(view, at)
  if (magic >= 2) return int64At(view, at + BATCH_MAX_TIMESTAMP_AT)
  return magic === 1 ? int64At(view, at + LEGACY_TIMESTAMP_AT) : -1
}

export function batchLeaderEpoch(view: DataView, at: number): number {
  return batchMagic(view, at) >= 2 ? view.getInt32(at + BATCH_LEADER_EPOCH_AT) : -1
}

export function batchAttributes(view: DataView, at: number): number {
  return batchMagic(view, at) >= 2 ? view.getInt16(at + BATCH_ATTRIBUTES_AT) : 0
}

export function batchProducerId(view: DataView, at: number): number {
  return batchMagic(view, at) >= 2 ? int64At(view, at + BATCH_PRODUCER_ID_AT) : -1
}

export function batchProducerEpoch(view: DataView, at: number): number {
  return view.getInt16(at + BATCH_PRODUCER_EPOCH_AT)
}

export function batchBaseSequence(view: DataView, at: number): number {
  return view.getInt32(at + BATCH_BASE_SEQUENCE_AT)
}

export function isTransactional(attributes: number): boolean {
  return (attributes & ATTRIBUTE_TRANSACTIONAL) !== 0
}

export function isControl(attributes: number): boolean {
  return (attributes & ATTRIBUTE_CONTROL) !== 0
}
