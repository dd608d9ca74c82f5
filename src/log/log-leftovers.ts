/**
 * What a crash may leave in a partition's directory: files waiting for deletion, unfinished compaction output, finished
 * output that had not replaced its sources. Kafka's protocol, so that either program can clean up after the other.
 */
import type { LogEnvironment } from './environment.ts'
import {
  CLEANED_SUFFIX,
  DELETED_SUFFIX,
  LOG_SUFFIX,
  OFFSET_INDEX_SUFFIX,
  offsetFileName,
  offsetOfFileName,
  SEGMENT_SUFFIXES,
  SNAPSHOT_SUFFIX,
  SWAP_SUFFIX,
  TIME_INDEX_SUFFIX,
  TRANSACTION_INDEX_SUFFIX,
} from './file-names.ts'
import type { LogIdentity } from './log-state.ts'
import { walkHeaders } from './batch-walk.ts'
import { batchLastOffset } from './batch-header.ts'

/** Removes worthless files and puts finished swap files in place. Throws `DiskError`. */
export function finishInterruptedSwaps(environment: LogEnvironment, identity: LogIdentity): void {
  const { disk } = environment
  const directory = identity.directory
  const names = disk.list(directory).map((entry) => entry.name)
  const cleanedOffsets = names
    .filter((name) => name.endsWith(LOG_SUFFIX + CLEANED_SUFFIX))
    .map((name) => offsetOfFileName(name, LOG_SUFFIX + CLEANED_SUFFIX))
  for (const name of names) {
    if (name.endsWith(DELETED_SUFFIX) || name.endsWith(CLEANED_SUFFIX) || name.endsWith('.tmp')) {
      disk.remove(`${directory}/${name}`)
    }
  }
  const swaps = names.filter((name) => name.endsWith(SWAP_SUFFIX))
  if (swaps.length === 0) return
  // Output is renamed from .cleaned to .swap newest segment first. A .cleaned at a lower offset therefore means that the
  // renaming had not finished: the sources are all still there and the output is worthless.
  const lowestCleaned = cleanedOffsets.length > 0 ? Math.min(...cleanedOffsets) : Number.POSITIVE_INFINITY
  const logSwaps = swaps
    .map((name) => offsetOfFileName(name, LOG_SUFFIX + SWAP_SUFFIX))
    .filter((offset) => offset >= 0)
    .sort((left, right) => left - right)
  for (const offset of logSwaps) {
    if (offset >= lowestCleaned) removeSwap(environment, directory, offset)
    else putInPlace(environment, directory, offset)
  }
  // Index swaps without their log: their log was renamed already, they follow; snapshots are renamed the same way.
  for (const name of disk.list(directory).map((entry) => entry.name)) {
    if (!name.endsWith(SWAP_SUFFIX)) continue
    const target = name.slice(0, -SWAP_SUFFIX.length)
    const isUnfinished = cleanedOffsets.includes(offsetOfFileName(target, TRANSACTION_INDEX_SUFFIX))
    if (
      isUnfinished ||
      target.endsWith(OFFSET_INDEX_SUFFIX) ||
      target.endsWith(TIME_INDEX_SUFFIX) ||
      target.endsWith(SNAPSHOT_SUFFIX)
    ) {
      disk.remove(`${directory}/${name}`)
    } else {
      disk.rename(`${directory}/${name}`, `${directory}/${target}`)
    }
  }
}

function removeSwap(environment: LogEnvironment, directory: string, offset: number): void {
  for (const suffix of SEGMENT_SUFFIXES) {
    environment.disk.remove(`${directory}/${offsetFileName(offset, suffix)}${SWAP_SUFFIX}`)
  }
}

/** Removes the segments that the swap file was made of, then gives it its name. Indexes are rebuilt when first needed. */
function putInPlace(environment: LogEnvironment, directory: string, offset: number): void {
  const { disk, logger } = environment
  const swapPath = `${directory}/${offsetFileName(offset, LOG_SUFFIX)}${SWAP_SUFFIX}`
  const endOffset = lastOffsetOfFile(environment, swapPath, offset) + 1
  for (const entry of disk.list(directory)) {
    const baseOffset = offsetOfFileName(entry.name, LOG_SUFFIX)
    if (baseOffset < offset || baseOffset >= Math.max(endOffset, offset + 1)) continue
    for (const suffix of SEGMENT_SUFFIXES) disk.remove(`${directory}/${offsetFileName(baseOffset, suffix)}`)
  }
  disk.rename(swapPath, `${directory}/${offsetFileName(offset, LOG_SUFFIX)}`)
  logger.info(`Finished an interrupted compaction: segment ${offset} in ${directory} is in place`, {
    offset,
    directory,
  })
}

function lastOffsetOfFile(environment: LogEnvironment, path: string, baseOffset: number): number {
  const file = environment.disk.openRead(path)
  let lastOffset = baseOffset - 1
  try {
    walkHeaders(environment, file, 0, environment.disk.sizeBytes(file), (view, at) => {
      lastOffset = batchLastOffset(view, at)
      return true
    })
  } finally {
    environment.disk.close(file)
  }
  return lastOffset
}
