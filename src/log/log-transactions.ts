/**
 * Aborted transactions of a log: loaded from the `.txnindex` files on first use, kept up to date afterwards.
 */
import { TRANSACTION_INDEX_SUFFIX } from './file-names.ts'
import type { AbortedRow, LogState } from './log-state.ts'
import type { Segment } from './segment.ts'
import {
  type AbortedEntry,
  readTransactionIndex,
  TRANSACTION_INDEX_ENTRY_SIZE_BYTES,
  writeAbortedEntry,
} from './transaction-index.ts'

/** All aborted transactions of the log, by last offset. Throws `DiskError`. */
export function abortedRows(state: LogState): AbortedRow[] {
  if (state.aborted !== undefined) return state.aborted
  const { disk, logger } = state.environment
  const rows: AbortedRow[] = []
  for (const segment of state.segments) {
    const path = segment.path(TRANSACTION_INDEX_SUFFIX)
    if (!disk.exists(path)) continue
    const entries = readTransactionIndex(disk.readFile(path))
    if (entries === undefined) {
      logger.error(
        `The aborted transactions of segment ${segment.baseOffset} of ${state.name} cannot be read: ` +
          'read_committed consumers may see aborted records there. Restore the file from another replica.',
        { path },
      )
      continue
    }
    for (const entry of entries) rows.push({ ...entry, segmentBaseOffset: segment.baseOffset })
  }
  state.aborted = rows
  return rows
}

/** Records an abort whose marker lies in `segment`, unless it is known already. Throws `DiskError`. */
export function addAborted(state: LogState, segment: Segment, entry: AbortedEntry): void {
  const rows = abortedRows(state)
  if (rows.some((row) => row.lastOffset >= entry.lastOffset)) return
  const { disk } = state.environment
  const file = disk.openWrite(segment.path(TRANSACTION_INDEX_SUFFIX))
  try {
    const sizeBytes = disk.sizeBytes(file)
    disk.writeSync(file, [writeAbortedEntry(entry)], sizeBytes - (sizeBytes % TRANSACTION_INDEX_ENTRY_SIZE_BYTES))
  } finally {
    disk.close(file)
  }
  rows.push({ ...entry, segmentBaseOffset: segment.baseOffset })
}

/** Forgets aborts whose marker lies at or above `endOffset`. Throws `DiskError`. */
export function truncateAborted(state: LogState, endOffset: number): void {
  const rows = abortedRows(state)
  const cut = rows.filter((row) => row.lastOffset >= endOffset)
  if (cut.length === 0) return
  state.aborted = rows.filter((row) => row.lastOffset < endOffset)
  const { disk } = state.environment
  for (const segment of state.segments) {
    if (!cut.some((row) => row.segmentBaseOffset === segment.baseOffset)) continue
    const left = state.aborted.filter((row) => row.segmentBaseOffset === segment.baseOffset)
    const path = segment.path(TRANSACTION_INDEX_SUFFIX)
    if (left.length === 0) {
      disk.remove(path)
      continue
    }
    const file = disk.openWrite(path)
    try {
      disk.truncate(file, left.length * TRANSACTION_INDEX_ENTRY_SIZE_BYTES)
    } finally {
      disk.close(file)
    }
  }
}

/** Aborted transactions that overlap [fromOffset, untilOffset). Throws `DiskError`. */
export function collectAborted(state: LogState, fromOffset: number, untilOffset: number): AbortedEntry[] {
  return abortedRows(state).filter((row) => row.lastOffset >= fromOffset && row.firstOffset < untilOffset)
}
