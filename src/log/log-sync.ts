/**
 * Makes a log durable off the thread. Whoever asks while a sync runs may have written after it began, so one more is
 * queued for all of them together: group commit.
 */
import { DiskError } from '../io/ports.ts'
import { syncCut, syncCutNow, syncEpochs, syncEpochsNow } from './log-cut.ts'
import { failLog, type LogState } from './log-state.ts'
import { markFailedSync } from './log-unsynced.ts'
import type { Segment } from './segment.ts'

export class LogSync {
  readonly #state: LogState
  #running: Promise<boolean> | undefined = undefined
  #queued: Promise<boolean> | undefined = undefined

  constructor(state: LogState) {
    this.#state = state
  }

  /** @returns whether everything flushed before this call is durable */
  run(): Promise<boolean> {
    if (this.#running === undefined) return this.#start()
    this.#queued ??= this.#running.then(() => {
      this.#queued = undefined
      return this.#start()
    })
    return this.#queued
  }

  /** For the continuous checkpoints: nobody waits for it, a failure sets the partition offline. */
  startInBackground(wallMs: number): void {
    this.#state.lastSyncAtMs = wallMs
    if (this.#running !== undefined) return
    const { upkeep } = this.#state.environment
    upkeep.syncStarted()
    void this.#start().finally(() => upkeep.syncEnded())
  }

  /** On the thread: for a clean stop. Throws `DiskError`. */
  runNow(): void {
    try {
      this.#syncNow()
    } catch (error) {
      if (error instanceof DiskError) markFailedSync(this.#state)
      throw error
    }
  }

  #failed(error: unknown): void {
    // A partition that was deleted meanwhile has failed already, and needs no mark.
    if (this.#state.failure === undefined && error instanceof DiskError) markFailedSync(this.#state)
    failLog(this.#state, error, 'making data durable')
  }

  #syncNow(): void {
    const state = this.#state
    const { disk, files } = state.environment
    syncCutNow(state)
    syncEpochsNow(state)
    for (const segment of dirtySegments(state)) {
      disk.dataSyncNow(files.use(segment.file))
      segment.syncedSizeBytes = segment.sizeBytes
      syncName(state, segment)
    }
    noteSynced(state, state.active, state.active.sizeBytes, state.logEndOffset)
    state.bytesSinceSync = 0
  }

  #start(): Promise<boolean> {
    this.#running = this.#syncDirty().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  async #syncDirty(): Promise<boolean> {
    const state = this.#state
    if (state.failure !== undefined) return false
    const { disk, files } = state.environment
    const endOffset = state.logEndOffset
    const active = state.active
    const activeSizeBytes = active.sizeBytes
    const { truncationCount } = state
    state.bytesSinceSync = 0
    state.isSyncDue = false
    try {
      if (state.unsafeCut !== undefined) {
        await syncCut(state)
        if (state.failure !== undefined) return false
        if (state.truncationCount !== truncationCount) return this.#syncDirty()
      }
      if (state.epochs.version !== state.epochs.durableVersion) await syncEpochs(state)
      for (const segment of dirtySegments(state)) {
        // While an earlier segment was synced, retention or compaction may have taken this one away.
        if (!state.segments.includes(segment)) continue
        const sizeBytes = segment.sizeBytes
        const lease = files.lease(segment.file)
        try {
          await disk.dataSync(segment.file.descriptor)
        } finally {
          files.release(lease)
        }
        // The log was cut meanwhile: what was made durable is not what is there now.
        if (state.truncationCount !== truncationCount) return this.#syncDirty()
        segment.syncedSizeBytes = sizeBytes
        syncName(state, segment)
      }
    } catch (error) {
      this.#failed(error)
      return false
    }
    noteSynced(state, active, activeSizeBytes, endOffset)
    return state.failure === undefined
  }
}

/**
 * A file's content can be durable while its name is not. Once per segment; the journal has just been written, so this
 * finds next to nothing left to do.
 */
function syncName(state: LogState, segment: Segment): void {
  if (segment.isNameSynced) return
  const { disk } = state.environment
  const { directory } = state.identity
  disk.syncDirectory(directory)
  disk.syncDirectory(directory.slice(0, directory.lastIndexOf('/')))
  segment.isNameSynced = true
}

/** Segments with bytes that may not be durable: the active one, and closed ones since the last sync. */
function dirtySegments(state: LogState): Segment[] {
  const dirty: Segment[] = []
  for (let index = state.segments.length - 1; index >= 0; index -= 1) {
    const segment = state.segments[index]
    if (segment === undefined || segment.baseOffset < state.syncedSegmentBaseOffset) break
    if (segment.hasFile && segment.syncedSizeBytes < segment.sizeBytes) dirty.push(segment)
  }
  return dirty.reverse()
}

function noteSynced(state: LogState, active: Segment, sizeBytes: number, endOffset: number): void {
  state.syncedSegmentBaseOffset = active.baseOffset
  state.syncedPosition = sizeBytes
  state.syncedOffset = endOffset
  state.isCheckpointDue = true
}
