/**
 * After a failed sync the kernel may call pages clean that are nowhere: it serves them from memory, and a later sync of the file
 * succeeds without writing them. The partition goes offline at once. A next life of the process on the same start of the machine would
 * still see those bytes, and take them for as good as any other, until they leave the cache.
 *
 *   sync fails ─► a mark in the partition's directory ─► next opening: nothing behind the last good sync is trusted unread,
 *                 what is whole is written once more and synced, then the mark goes
 *
 * The mark needs no sync: after a restart of the machine only what was synced counts anyway. A disk that refuses even the mark is
 * mounted read-only as a rule, and then refuses the next opening, too.
 */
import { type Disk, DiskError } from '../io/ports.ts'
import { SYNC_FAILED_FILE } from './file-names.ts'
import type { LogState } from './log-state.ts'
import type { PartitionCheckpoint } from './partition-checkpoint.ts'
import { bytesText, textBytes } from './text-lines.ts'

const CHUNK_SIZE_BYTES = 1024 * 1024

/** Leaves the mark. */
export function markFailedSync(state: LogState): void {
  const { disk, logger } = state.environment
  try {
    disk.replaceFileSoon(markOf(state.identity.directory), textBytes(disk.bootId()))
  } catch (error) {
    if (!(error instanceof DiskError)) throw error
    logger.warn(`That ${state.name} could not be made durable could not be written down either: ${error.message}`)
  }
}

/** Whether making this partition durable has failed since the machine was started. Throws `DiskError`. */
export function hasFailedSync(disk: Disk, directory: string): boolean {
  const path = markOf(directory)
  if (!disk.exists(path)) return false
  if (bytesText(disk.readFile(path)) === disk.bootId()) return true
  disk.remove(path)
  return false
}

/** What an earlier life wrote down, without what it says of the page cache. */
export function withoutCache(own: PartitionCheckpoint): PartitionCheckpoint {
  return { ...own, bootId: '' }
}

/**
 * Writes once more what lies behind the last good sync, makes it durable, and takes the mark away. Throws `DiskError`: the disk is
 * still broken.
 *
 * @param own what the earlier life wrote down
 */
export function writeUnsyncedAgain(state: LogState, own: PartitionCheckpoint | undefined): void {
  const { disk, logger } = state.environment
  const { directory } = state.identity
  const chunk = new Uint8Array(CHUNK_SIZE_BYTES)
  let writtenBytes = 0
  for (const segment of state.segments) {
    const isBefore = own !== undefined && segment.baseOffset < own.syncedSegmentBaseOffset
    if (isBefore || !segment.hasFile) continue
    const from = segment.baseOffset === own?.syncedSegmentBaseOffset ? own.syncedPosition : 0
    const file = disk.openWrite(segment.file.path)
    try {
      for (let position = from; position < segment.sizeBytes; position += CHUNK_SIZE_BYTES) {
        const part = chunk.subarray(0, Math.min(CHUNK_SIZE_BYTES, segment.sizeBytes - position))
        disk.readSync(file, part, position)
        disk.writeSync(file, [part], position)
        writtenBytes += part.length
      }
      disk.dataSyncNow(file)
    } finally {
      disk.close(file)
    }
    segment.syncedSizeBytes = segment.sizeBytes
  }
  disk.syncDirectory(directory)
  const { active } = state
  state.syncedSegmentBaseOffset = active.baseOffset
  state.syncedPosition = active.sizeBytes
  state.syncedOffset = state.logEndOffset
  state.isCheckpointDue = true
  disk.remove(markOf(directory))
  logger.warn(
    `${state.name} could not be made durable in its last life: ${writtenBytes} bytes were written once more, it is whole up to offset ${state.logEndOffset}`,
    { topic: state.identity.topic, partition: state.identity.partition, bytes: writtenBytes },
  )
}

function markOf(directory: string): string {
  return `${directory}/${SYNC_FAILED_FILE}`
}
