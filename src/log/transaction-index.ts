/**
 * `.txnindex`: the aborted transactions whose marker lies in this segment. 34 bytes each, all big-endian:
 * version int16 = 0, producer id, first offset, last offset, last stable offset when the marker was written (int64 each).
 * Entries are in order of their last offset.
 */
import { int64At, setInt64 } from './batch-header.ts'

export const TRANSACTION_INDEX_ENTRY_SIZE_BYTES: number = 34

export interface AbortedEntry {
  readonly producerId: number
  readonly firstOffset: number
  readonly lastOffset: number
  readonly lastStableOffset: number
}

export function writeAbortedEntry(entry: AbortedEntry): Uint8Array {
  const bytes = new Uint8Array(TRANSACTION_INDEX_ENTRY_SIZE_BYTES)
  const view = new DataView(bytes.buffer)
  view.setInt16(0, 0)
  setInt64(view, 2, entry.producerId)
  setInt64(view, 10, entry.firstOffset)
  setInt64(view, 18, entry.lastOffset)
  setInt64(view, 26, entry.lastStableOffset)
  return bytes
}

/**
 * Reads a `.txnindex` file.
 *
 * @returns undefined when an entry is of an unknown version or out of order: the caller rebuilds it from the log
 */
export function readTransactionIndex(bytes: Uint8Array): AbortedEntry[] | undefined {
  if (bytes.length % TRANSACTION_INDEX_ENTRY_SIZE_BYTES !== 0) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
  const entries: AbortedEntry[] = []
  let lastOffset = -1
  for (let at = 0; at < bytes.length; at += TRANSACTION_INDEX_ENTRY_SIZE_BYTES) {
    if (view.getInt16(at) !== 0) return undefined
    const entry: AbortedEntry = {
      producerId: int64At(view, at + 2),
      firstOffset: int64At(view, at + 10),
      lastOffset: int64At(view, at + 18),
      lastStableOffset: int64At(view, at + 26),
    }
    if (entry.lastOffset <= lastOffset || entry.firstOffset > entry.lastOffset) return undefined
    lastOffset = entry.lastOffset
    entries.push(entry)
  }
  return entries
}
