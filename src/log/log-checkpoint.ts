/**
 * Continuous checkpoints: what a restart may trust. Called between turns, with nothing staged.
 *
 * Order matters: index entries, epochs and producers first, the slot that vouches for them last.
 */
import { LEADER_EPOCH_FILE, offsetFileName, SNAPSHOT_SUFFIX } from './file-names.ts'
import type { LogState } from './log-state.ts'
import { writePartitionCheckpoint } from './partition-checkpoint.ts'
import { writeProducerSnapshot } from './producer-snapshot.ts'
import { completeIndexFiles, writeIndexes } from './segment-indexes.ts'
import { textBytes } from './text-lines.ts'

/** A restart after the end of the process reads at most this much per partition: about 10 ms at checksum speed. */
export const CHECKPOINT_DIRTY_SIZE_BYTES_MAX: number = 32 * 1024 * 1024
/** … or what came in this time. */
export const CHECKPOINT_INTERVAL_MS: number = 2000
/** A restart after a power loss reads at most this much per partition: half a second from a disk that gives 1 GB/s … */
export const SYNC_DIRTY_SIZE_BYTES_MAX: number = 512 * 1024 * 1024
/**
 * … or what came in this time. Twice the time after which the kernel writes dirty pages back by itself: a sync then finds
 * little left to write, where an early one did the kernel's work on this process's account, a tenth of all that a produce costs.
 */
export const SYNC_INTERVAL_MS: number = 60_000
/** Producers are rebuilt from batch headers since the last snapshot: this much takes some milliseconds, a snapshot one file. */
const SNAPSHOT_INTERVAL_SIZE_BYTES = 8 * 1024 * 1024
/** With very many producers a snapshot may cost at most this many bytes per byte appended since the last one. */
const SNAPSHOT_BYTES_PER_LOG_BYTE = 0.05
const SNAPSHOT_ENTRY_SIZE_BYTES = 46

export function isCheckpointNeeded(state: LogState, wallMs: number): boolean {
  // Nothing was ever written: a restart finds that out without a file. A thousand new partitions would make 3,000 of them.
  if (state.logEndOffset === 0 && !state.active.hasFile) return false
  if (state.isCheckpointDue || state.epochs.isDirty) return true
  if (state.bytesSinceCheckpoint === 0) return false
  return (
    state.bytesSinceCheckpoint >= CHECKPOINT_DIRTY_SIZE_BYTES_MAX ||
    Math.abs(wallMs - state.lastCheckpointAtMs) >= CHECKPOINT_INTERVAL_MS
  )
}

export function isSyncNeeded(state: LogState, wallMs: number): boolean {
  if (state.bytesSinceSync === 0) return false
  if (state.isSyncDue) return true
  return state.bytesSinceSync >= SYNC_DIRTY_SIZE_BYTES_MAX || Math.abs(wallMs - state.lastSyncAtMs) >= SYNC_INTERVAL_MS
}

/** Writes down how far the log is good. Throws `DiskError`. */
export function takeCheckpoint(state: LogState, wallMs: number): void {
  writeIndexes(state, state.active)
  writeEpochs(state)
  if (isSnapshotWorthwhile(state)) snapshotForCheckpoint(state)
  writePartitionCheckpoint(state, false)
  state.bytesSinceCheckpoint = 0
  state.isCheckpointDue = false
  state.lastCheckpointAtMs = wallMs
}

/** Leaves the directory as Kafka leaves it after a clean stop. Everything must be synced. Throws `DiskError`. */
export function takeClosingCheckpoint(state: LogState): void {
  const active = state.active
  if (active.hasFile) {
    active.noteTimestamp()
    if (active.offsetIndex === undefined || active.timeIndex === undefined) active.startIndexes()
    completeIndexFiles(state, active)
  }
  writeEpochs(state)
  if (state.logEndOffset > state.logStartOffset && state.snapshotOffset !== state.logEndOffset) {
    removeCheckpointSnapshot(state)
    writeProducerSnapshot(state, state.logEndOffset)
  }
  writePartitionCheckpoint(state, true)
}

export function writeEpochs(state: LogState): void {
  if (!state.epochs.isDirty) return
  const path = `${state.identity.directory}/${LEADER_EPOCH_FILE}`
  state.environment.disk.replaceFileSoon(path, textBytes(state.epochs.text()))
  state.epochs.isDirty = false
}

function isSnapshotWorthwhile(state: LogState): boolean {
  const sizeBytes = state.producers.size * SNAPSHOT_ENTRY_SIZE_BYTES
  if (sizeBytes === 0 || state.bytesSinceSnapshot < SNAPSHOT_INTERVAL_SIZE_BYTES) return false
  return sizeBytes <= state.bytesSinceSnapshot * SNAPSHOT_BYTES_PER_LOG_BYTE
}

function snapshotForCheckpoint(state: LogState): void {
  if (state.snapshotOffset === state.logEndOffset) return
  const previous = state.checkpointSnapshotOffset
  writeProducerSnapshot(state, state.logEndOffset)
  state.checkpointSnapshotOffset = state.logEndOffset
  removeSnapshotUnlessNeeded(state, previous)
}

function removeCheckpointSnapshot(state: LogState): void {
  removeSnapshotUnlessNeeded(state, state.checkpointSnapshotOffset)
  state.checkpointSnapshotOffset = -1
}

/** Snapshots at the base of a segment stay as long as the segment: Kafka expects them there. */
function removeSnapshotUnlessNeeded(state: LogState, offset: number): void {
  if (offset < 0 || offset === state.snapshotOffset) return
  if (state.segments.some((segment) => segment.baseOffset === offset)) return
  state.environment.disk.remove(`${state.identity.directory}/${offsetFileName(offset, SNAPSHOT_SUFFIX)}`)
}
