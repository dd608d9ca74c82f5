/**
 * A log that was cut must not be vouched for by what was written down before the cut, whatever a power loss brings back.
 *
 *   cut ─► checkpoint that knows of it ─► both durable ─► appends in the place of what is gone
 *
 * The kernel writes back in any order. Were something appended before that, the file could come back with the new batches and
 * the checkpoint of before the cut, which points into the middle of one of them; or with old batches among the new ones; or with a
 * segment that had been dropped. Once per truncation, off the thread where somebody waits for a sync before it goes on
 * (followers do), else with the first append.
 */
import type { Disk } from '../io/ports.ts'
import { LEADER_EPOCH_FILE, PARTITION_CHECKPOINT_FILE } from './file-names.ts'
import { takeCheckpoint, writeEpochs } from './log-checkpoint.ts'
import type { LogState } from './log-state.ts'
import type { Segment } from './segment.ts'

/** Whether more is noted as durable than the log has. */
export function isCutBelowSync(state: LogState): boolean {
  const { active } = state
  return (
    state.syncedSegmentBaseOffset > active.baseOffset ||
    state.syncedOffset > state.logEndOffset ||
    (state.syncedSegmentBaseOffset === active.baseOffset && state.syncedPosition > active.sizeBytes)
  )
}

/** The active segment ends earlier than it did, or is another one. Throws `DiskError`. */
export function noteCut(state: LogState, wallMs: number): void {
  const { active } = state
  state.truncationCount += 1
  if (isCutBelowSync(state)) {
    // What is left was made durable with what is gone.
    state.syncedSegmentBaseOffset = active.baseOffset
    state.syncedPosition = active.sizeBytes
    state.syncedOffset = state.logEndOffset
  }
  state.unsafeCut = active
  state.isSyncDue = true
  state.bytesSinceSync += 1
  // Both slots: a torn newer one must not give the word to one that vouches for what was cut.
  takeCheckpoint(state, wallMs)
  takeCheckpoint(state, wallMs)
}

/** Makes the last cut durable, if it is not. Throws `DiskError`. */
export async function syncCut(state: LogState): Promise<void> {
  const { disk, files } = state.environment
  const { directory } = state.identity
  // Cut again meanwhile: then that one, too.
  for (let segment = state.unsafeCut; segment !== undefined; segment = state.unsafeCut) {
    const { truncationCount } = state
    await syncEpochs(state)
    if (isSyncable(state, segment)) {
      const lease = files.lease(segment.file)
      try {
        await disk.dataSync(segment.file.descriptor)
      } finally {
        files.release(lease)
      }
    }
    // The partition may have been deleted meanwhile.
    if (state.failure !== undefined) return
    await syncFile(disk, `${directory}/${PARTITION_CHECKPOINT_FILE}`)
    if (state.failure !== undefined) return
    await disk.syncDirectoryAside(directory)
    if (state.truncationCount === truncationCount) state.unsafeCut = undefined
  }
}

/** The same on the thread. */
export function syncCutNow(state: LogState): void {
  const segment = state.unsafeCut
  if (segment === undefined) return
  const { disk, files } = state.environment
  const { directory } = state.identity
  syncEpochsNow(state)
  if (isSyncable(state, segment)) disk.dataSyncNow(files.use(segment.file))
  syncFileNow(disk, `${directory}/${PARTITION_CHECKPOINT_FILE}`)
  disk.syncDirectory(directory)
  state.unsafeCut = undefined
}

function isSyncable(state: LogState, segment: Segment): boolean {
  return segment.hasFile && state.segments.includes(segment)
}

/**
 * After a loss of power batches below the synced offset are not looked at again, so their epochs must be in the file: an older
 * one would say that histories part where they do not. Once per change of leadership.
 */
export async function syncEpochs(state: LogState): Promise<void> {
  const { epochs } = state
  const { version } = epochs
  if (version === epochs.durableVersion) return
  const { disk } = state.environment
  const { directory } = state.identity
  writeEpochs(state)
  const path = `${directory}/${LEADER_EPOCH_FILE}`
  if (disk.exists(path)) {
    await syncFile(disk, path)
    // The partition may have been deleted meanwhile.
    if (state.failure === undefined) await disk.syncDirectoryAside(directory)
  }
  epochs.durableVersion = version
}

/** The same on the thread. */
export function syncEpochsNow(state: LogState): void {
  const { epochs } = state
  if (epochs.version === epochs.durableVersion) return
  const { disk } = state.environment
  const { directory } = state.identity
  writeEpochs(state)
  const path = `${directory}/${LEADER_EPOCH_FILE}`
  if (disk.exists(path)) {
    syncFileNow(disk, path)
    disk.syncDirectory(directory)
  }
  epochs.durableVersion = epochs.version
}

async function syncFile(disk: Disk, path: string): Promise<void> {
  const file = disk.openWrite(path)
  try {
    await disk.dataSync(file)
  } finally {
    disk.close(file)
  }
}

function syncFileNow(disk: Disk, path: string): void {
  const file = disk.openWrite(path)
  try {
    disk.dataSyncNow(file)
  } finally {
    disk.close(file)
  }
}
