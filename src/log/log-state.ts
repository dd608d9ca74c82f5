/**
 * The state of one partition's log, shared by the files that work on it (append, read, recovery, retention,
 * checkpoints). Plain data: the rules are in those files, `PartitionLog` is what others see.
 */
import { DiskError } from '../io/ports.ts'
import { NO_OFFSET } from '../model/special-offsets.ts'
import type { AbortedEntry } from './transaction-index.ts'
import type { LogEnvironment } from './environment.ts'
import { LeaderEpochs } from './leader-epochs.ts'
import type { LogConfig } from './log-config.ts'
import { ProducerStates } from './producer-state.ts'
import type { Segment } from './segment.ts'

export interface LogIdentity {
  readonly topic: string
  readonly partition: number
  /** Directory of this partition. */
  readonly directory: string
}

/** An aborted transaction and the segment whose `.txnindex` holds it. */
export interface AbortedRow extends AbortedEntry {
  readonly segmentBaseOffset: number
}

export class LogState {
  readonly environment: LogEnvironment
  readonly identity: LogIdentity
  config: LogConfig
  /** Ascending by base offset, never empty. The last one is active. */
  segments: Segment[]
  active: Segment

  logStartOffset: number = 0
  /** First offset that is not in the file. */
  logEndOffset: number = 0
  highWatermark: number = 0

  readonly epochs: LeaderEpochs = new LeaderEpochs()
  readonly producers: ProducerStates = new ProducerStates()
  /** Aborted transactions of all segments, by last offset. Loaded on first use: undefined until then. */
  aborted: AbortedRow[] | undefined = undefined

  /** Set once, by the first failed disk operation: the partition is offline from then on. */
  failure: DiskError | undefined = undefined

  /** Everything below has been through a compaction. */
  cleanedOffset: number = 0

  // Continuous checkpoints.
  checkpointGeneration: number = 0
  /** Offset whose producer state the newest snapshot file holds, -1 without one. */
  snapshotOffset: number = NO_OFFSET
  /** Everything below is durable. */
  syncedOffset: number = 0
  syncedSegmentBaseOffset: number = 0
  syncedPosition: number = 0
  /** A snapshot that no segment needs, written by a checkpoint: the next one replaces it. -1 without one. */
  checkpointSnapshotOffset: number = NO_OFFSET
  bytesSinceSnapshot: number = 0
  bytesSinceCheckpoint: number = 0
  bytesSinceSync: number = 0
  lastCheckpointAtMs: number = 0
  lastSyncAtMs: number = 0
  nextRetentionCheckAtMs: number = 0
  nextProducerExpiryAtMs: number = 0
  nextCleaningAtMs: number = 0
  /** Truncations since the log was opened: what was begun before one must not be noted after it. */
  truncationCount: number = 0
  /** The log was cut in this segment, and a loss of power may take that back: nothing is appended until it cannot (`log-cut.ts`). */
  unsafeCut: Segment | undefined = undefined
  /** A segment was closed and has not been made durable. */
  isSyncDue: boolean = false
  /** Something that only a checkpoint records has changed (log start, roll). */
  isCheckpointDue: boolean = false

  constructor(environment: LogEnvironment, identity: LogIdentity, config: LogConfig, first: Segment) {
    this.environment = environment
    this.identity = identity
    this.config = config
    this.segments = [first]
    this.active = first
  }

  get name(): string {
    return `${this.identity.topic}-${this.identity.partition}`
  }
}

/** Sets the partition offline. The first failure is the one that is remembered and logged. */
export function failLog(state: LogState, error: unknown, doing: string): void {
  if (!(error instanceof DiskError)) throw error
  if (state.failure !== undefined) return
  state.failure = error
  state.environment.logger.error(
    `Partition ${state.name} is offline: ${doing} failed with ${error.code} on ${error.path}. ` +
      'Nothing more is acknowledged here; repair the disk (space, permissions, hardware) and restart.',
    { topic: state.identity.topic, partition: state.identity.partition, code: error.code, path: error.path },
  )
}

/** hot: per fetch. Index in `segments` of the segment that holds `offset` if any does: the last with a base at or below it. */
export function segmentIndexFor(state: LogState, offset: number): number {
  const segments = state.segments
  let low = 0
  let high = segments.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const segment = segments[middle]
    if (segment !== undefined && segment.baseOffset <= offset) low = middle + 1
    else high = middle
  }
  return Math.max(0, low - 1)
}

/** First offset that does not belong to the segment at `index`. */
export function segmentEndOffset(state: LogState, index: number): number {
  const next = state.segments[index + 1]
  return next === undefined ? state.logEndOffset : next.baseOffset
}
