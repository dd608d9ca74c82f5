/**
 * One partition's log as its replica sees it. Lives on one shard. Delegates to the files that do one thing each; holds
 * what is staged and the sync that is under way.
 *
 *   stage ─► stage ─► flush (one write) ─► position moves ─► planRead sees it
 *                        │
 *                        └─► sync (off the thread, shared by all who asked before it began)
 *
 * After a failed disk operation `state.failure` is set: every call answers storage error, nothing is written any more.
 */
import { assert } from '../base/assert.ts'
import type { ErrorCode } from '../model/error-code.ts'
import { DiskError } from '../io/ports.ts'
import type { LogEnvironment } from './environment.ts'
import { deletedDirectoryName } from './file-names.ts'
import { writeStaged } from './log-append.ts'
import { CLEANER_INTERVAL_MS, Cleaning, planCleaning } from './log-cleaner.ts'
import { isCheckpointNeeded, isSyncNeeded, takeCheckpoint, takeClosingCheckpoint } from './log-checkpoint.ts'
import type { LogConfig } from './log-config.ts'
import { syncCutNow } from './log-cut.ts'
import { openLog } from './log-open.ts'
import { NO_HINTS, type OpenHints } from './open-hints.ts'
import { type LogReadPlan, planLogRead } from './log-read.ts'
import { deleteOldestSegments, planRetention, RETENTION_CHECK_INTERVAL_MS } from './log-retention.ts'
import { mustRoll, rollSegment } from './log-roll.ts'
import { failLog, type LogIdentity, type LogState } from './log-state.ts'
import { restartLog, truncateLog } from './log-truncation.ts'
import { addAborted, collectAborted } from './log-transactions.ts'
import { attempt } from './segment-indexes.ts'
import { LogSync } from './log-sync.ts'
import { Staging } from './staging.ts'
import type { AbortedEntry } from './transaction-index.ts'

/** Steps of a compaction per call of `maintain`: 4 MiB a second, some 20 ms of a turn. */
const CLEANER_STEPS_PER_TURN = 4
/** `producer.id.expiration.check.interval.ms` of Kafka. */
const PRODUCER_EXPIRY_INTERVAL_MS = 600_000

export class PartitionLog {
  readonly state: LogState
  /** Taken from the shard's for as long as something is staged. */
  #staging: Staging | undefined = undefined
  readonly #sync: LogSync
  #cleaning: Cleaning | undefined = undefined
  #stagedBytes: number = 0
  /** Offset of the next batch to be staged. */
  #nextOffset: number

  constructor(environment: LogEnvironment, identity: LogIdentity, config: LogConfig, hints: OpenHints = NO_HINTS) {
    this.state = openLog(environment, identity, config, hints)
    this.#sync = new LogSync(this.state)
    this.#nextOffset = this.state.logEndOffset
  }

  get nextOffset(): number {
    return this.#nextOffset
  }

  get hasStaged(): boolean {
    return this.#staging !== undefined
  }

  /**
   * hot: per batch. Makes sure that a batch may be staged behind what is staged already: closes the active segment first
   * when it is full or old, which writes what is staged.
   *
   * @returns false when the disk refused
   */
  makeRoom(sizeBytes: number, lastOffset: number, maxTimestampMs: number, wallMs: number): boolean {
    const state = this.state
    if (state.failure !== undefined) return false
    if (!mustRoll(state, this.#stagedBytes, sizeBytes, lastOffset, maxTimestampMs, wallMs)) return true
    return this.flush() && attempt(state, 'starting a new segment', () => this.#roll(wallMs))
  }

  /** hot: per batch. Stages a judged and stamped batch that begins at `nextOffset` (or above it, from a leader). */
  stage(
    at: number,
    sizeBytes: number,
    baseOffset: number,
    lastOffset: number,
    maxTimestampMs: number,
    leaderEpoch: number,
  ): void {
    const staging = this.#staging ?? this.#takeStaging()
    staging.add(at, sizeBytes, baseOffset, lastOffset, maxTimestampMs, leaderEpoch)
    this.#stagedBytes += sizeBytes
    this.#nextOffset = lastOffset + 1
  }

  /** Stages a batch that does not lie in the core's memory: it was rebuilt. */
  stageOwn(
    bytes: Uint8Array,
    baseOffset: number,
    lastOffset: number,
    maxTimestampMs: number,
    leaderEpoch: number,
  ): void {
    this.stage(0, bytes.length, baseOffset, lastOffset, maxTimestampMs, leaderEpoch)
    const staging = this.#staging
    assert(staging !== undefined, 'a batch was staged just now')
    staging.own[staging.count - 1] = bytes
  }

  /** Says that the batch staged last is the marker that aborts a transaction. */
  markAborted(producerId: number, firstOffset: number, lastStableOffset: number): void {
    this.#staging?.markAborted(producerId, firstOffset, lastStableOffset)
  }

  /** hot: per turn. Writes what is staged. @returns false when the partition is (now) offline */
  flush(): boolean {
    const staging = this.#staging
    if (staging === undefined) return this.state.failure === undefined
    const { parts, stagings } = this.state.environment
    const isWritten = this.#mayWrite() && writeStaged(this.state, staging, parts)
    if (isWritten) this.#noteAborts(staging)
    staging.clear()
    stagings.push(staging)
    this.#staging = undefined
    this.#stagedBytes = 0
    this.#nextOffset = this.state.logEndOffset
    return isWritten && this.state.failure === undefined
  }

  /** Who appends right after a cut, without a sync in between, waits for the disk on this thread. */
  #mayWrite(): boolean {
    const state = this.state
    if (state.failure !== undefined) return false
    return state.unsafeCut === undefined || attempt(state, 'making a cut durable', () => syncCutNow(state))
  }

  /** Makes everything that was flushed durable. @returns whether it is */
  sync(): Promise<boolean> {
    return this.#sync.run()
  }

  planRead(fromOffset: number, untilOffset: number, sizeBytesMax: number, plan: LogReadPlan): ErrorCode {
    return planLogRead(this.state, fromOffset, untilOffset, sizeBytesMax, plan)
  }

  releaseRead(segment: number): void {
    this.state.environment.files.release(segment)
  }

  aborted(fromOffset: number, untilOffset: number): readonly AbortedEntry[] {
    let entries: readonly AbortedEntry[] = []
    attempt(this.state, 'reading aborted transactions', () => {
      entries = collectAborted(this.state, fromOffset, untilOffset)
    })
    return entries
  }

  /** Deletes what retention no longer keeps. Nothing may be staged. */
  enforceRetention(wallMs: number): void {
    const state = this.state
    if (state.failure !== undefined) return
    attempt(state, 'retention', () => {
      const { count, reason } = planRetention(state, wallMs)
      if (count === 0) return
      // The active segment cannot go: a new one takes over first.
      if (count === state.segments.length) this.#roll(wallMs)
      deleteOldestSegments(state, count, reason, wallMs)
    })
  }

  /**
   * Moves the log start; segments wholly below it go. Nothing may be staged.
   *
   * @param offset at most the high watermark
   */
  moveLogStart(offset: number, wallMs: number): void {
    const state = this.state
    if (offset <= state.logStartOffset || state.failure !== undefined) return
    assert(offset <= state.highWatermark, 'the log start does not pass the high watermark')
    state.logStartOffset = offset
    state.epochs.truncateStart(offset)
    this.enforceRetention(wallMs)
    // Whoever was told that records are gone must not see them again after a crash.
    attempt(state, 'a checkpoint', () => takeCheckpoint(state, wallMs))
  }

  /**
   * Cuts everything from `offset` on: a follower's history parted from its leader's there. Nothing may be staged.
   *
   * @returns false when the disk refused
   */
  truncate(offset: number, wallMs: number): boolean {
    return this.#rewind('truncating the log', () => truncateLog(this.state, offset, wallMs))
  }

  /** Throws everything away and goes on at `offset`. Nothing may be staged. @returns false when the disk refused */
  restart(offset: number, wallMs: number): boolean {
    return this.#rewind('starting the log anew', () => restartLog(this.state, offset, wallMs))
  }

  #rewind(doing: string, work: () => void): boolean {
    assert(!this.hasStaged, 'a log is cut between turns')
    if (this.state.failure !== undefined) return false
    this.#stopCleaning()
    const isDone = attempt(this.state, doing, work)
    this.#nextOffset = this.state.logEndOffset
    return isDone
  }

  /** Background work that is due: retention, producer expiry, checkpoints, syncs. Called about once a second. */
  maintain(wallMs: number): void {
    const state = this.state
    const { upkeep } = state.environment
    if (state.failure !== undefined || this.hasStaged) return
    if (isTimeFor(wallMs, state.nextRetentionCheckAtMs, RETENTION_CHECK_INTERVAL_MS)) {
      state.nextRetentionCheckAtMs = wallMs + RETENTION_CHECK_INTERVAL_MS
      this.enforceRetention(wallMs)
    }
    if (isTimeFor(wallMs, state.nextProducerExpiryAtMs, PRODUCER_EXPIRY_INTERVAL_MS)) {
      state.nextProducerExpiryAtMs = wallMs + PRODUCER_EXPIRY_INTERVAL_MS
      state.producers.expire(wallMs, state.config.producerIdExpirationMs)
    }
    if (isCheckpointNeeded(state, wallMs) && upkeep.mayCheckpoint(wallMs)) {
      attempt(state, 'a checkpoint', () => takeCheckpoint(state, wallMs))
    }
    if (isSyncNeeded(state, wallMs) && upkeep.maySync) this.#sync.startInBackground(wallMs)
    this.#clean(wallMs)
  }

  /** Goes on with a compaction, or looks whether one is due. */
  #clean(wallMs: number): void {
    const state = this.state
    const { upkeep } = state.environment
    if (this.#cleaning === undefined) {
      if (!state.config.isCompacted || upkeep.isCleaning) return
      if (!isTimeFor(wallMs, state.nextCleaningAtMs, CLEANER_INTERVAL_MS)) return
      state.nextCleaningAtMs = wallMs + CLEANER_INTERVAL_MS
      attempt(state, 'compaction', () => {
        const plan = planCleaning(state, wallMs)
        if (plan !== undefined) this.#cleaning = new Cleaning(state, plan, wallMs)
      })
      upkeep.isCleaning = this.#cleaning !== undefined
    }
    const cleaning = this.#cleaning
    if (cleaning === undefined) return
    let hasMore = true
    for (let step = 0; step < CLEANER_STEPS_PER_TURN && hasMore; step += 1) {
      const isFine = attempt(state, 'compaction', () => {
        hasMore = cleaning.step()
      })
      hasMore = hasMore && isFine
    }
    if (!hasMore) this.#stopCleaning()
  }

  #stopCleaning(): void {
    const cleaning = this.#cleaning
    if (cleaning === undefined) return
    this.#cleaning = undefined
    this.state.environment.upkeep.isCleaning = false
    attempt(this.state, 'ending a compaction', () => cleaning.abandon())
  }

  /** Closes the active segment and starts a new one. Throws `DiskError`. */
  roll(wallMs: number): void {
    this.#roll(wallMs)
  }

  /** Flushes, syncs, leaves the files complete and closes them. Harmless after a failure. */
  close(): void {
    const state = this.state
    this.flush()
    if (state.failure === undefined) {
      attempt(state, 'closing the log', () => {
        this.#sync.runNow()
        takeClosingCheckpoint(state)
      })
    }
    this.closeFiles()
  }

  /** Takes the partition's directory out of use: renamed at once, removed after `file.delete.delay.ms`. */
  discard(wallMs: number): void {
    const state = this.state
    const { disk, hints, trash } = state.environment
    this.closeFiles()
    attempt(state, 'deleting the partition', () => {
      const { topic, partition, directory } = state.identity
      const parent = directory.slice(0, directory.lastIndexOf('/'))
      const name = deletedDirectoryName(
        topic,
        partition,
        `${wallMs.toString(16)}${state.checkpointGeneration.toString(16)}`,
      )
      disk.rename(directory, `${parent}/${name}`)
      hints.forget(parent, topic, partition)
      trash.add(`${parent}/${name}`, wallMs + state.config.fileDeleteDelayMs)
    })
    state.failure ??= new DiskError('ENOENT', state.identity.directory, 'the partition was deleted')
  }

  closeFiles(): void {
    this.#stopCleaning()
    const { files, indexes } = this.state.environment
    for (const segment of this.state.segments) {
      indexes.remove(segment)
      files.drop(segment.file)
    }
  }

  #roll(wallMs: number): void {
    rollSegment(this.state, wallMs)
    // The closed segment is made durable soon: later syncs then only concern the active one.
    this.state.isSyncDue = true
  }

  #takeStaging(): Staging {
    this.#staging = this.state.environment.stagings.pop() ?? new Staging()
    return this.#staging
  }

  #noteAborts(staging: Staging): void {
    for (let index = 0; index < staging.count; index += 1) {
      const firstOffset = staging.abortedFirstOffset[index] ?? -1
      if (firstOffset < 0) continue
      try {
        addAborted(this.state, this.state.active, {
          producerId: staging.producerId[index] ?? -1,
          firstOffset,
          lastOffset: staging.lastOffset[index] ?? -1,
          lastStableOffset: staging.lastStableOffset[index] ?? -1,
        })
      } catch (error) {
        failLog(this.state, error, 'recording an aborted transaction')
      }
    }
  }
}

/** Whether a periodic job is due. A clock that was set back must not put it off for long. */
function isTimeFor(wallMs: number, dueAtMs: number, intervalMs: number): boolean {
  return wallMs >= dueAtMs || dueAtMs - wallMs > intervalMs
}
