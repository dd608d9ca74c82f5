/**
 * One replica of a partition: the rules of a leader's append around a `PartitionLog`. Lives on one shard.
 *
 * With a single replica the high watermark is the log end, moved by every flush. When replication owns it
 * (`setReplicated`), only `advanceHighWatermark` moves it.
 */
import { assert } from '../base/assert.ts'
import type { LogEnvironment } from '../log/environment.ts'
import { partitionDirectoryName } from '../log/file-names.ts'
import type { OpenHints } from '../log/open-hints.ts'
import { ensureTopicId } from '../log/partition-metadata.ts'
import { PartitionLog } from '../log/partition-log.ts'
import { ErrorCode } from '../model/error-code.ts'
import { NO_EPOCH, NO_OFFSET } from '../model/special-offsets.ts'
import { AppendRules } from './append-rules.ts'
import { answerTimestamp } from './timestamp-answer.ts'
import {
  type AbortedTransaction,
  type AppendOrigin,
  NO_RECORD_ERRORS,
  type OffsetAnswer,
  type PartitionConfig,
  type PartitionPosition,
  type PartitionReplica,
  type ProducerSnapshotRow,
  type ReadPlan,
  type StageOutcome,
} from './contract.ts'

export interface ReplicaOptions {
  readonly environment: LogEnvironment
  readonly topic: string
  readonly partition: number
  /** The shard's own number for this partition. */
  readonly handle: number
  /** The log directory; the partition gets `<topic>-<partition>` in it … */
  readonly logDirectory: string
  /** … unless its directory has another name. */
  readonly directoryName?: string
  readonly config: PartitionConfig
  readonly leaderEpoch: number
  /** More than one replica: the high watermark is what was last known, not the log end. */
  readonly isReplicated?: boolean
  /** Written into `partition.metadata`; left out, none is written. */
  readonly topicId?: string
  /** What the checkpoints of the log directory say. Left out, they are read. */
  readonly hints?: OpenHints
}

/** DeleteRecords' way of saying "everything that is replicated". */
const HIGH_WATERMARK = -1
const STORAGE_ERROR: OffsetAnswer = {
  code: ErrorCode.kafkaStorageError,
  offset: NO_OFFSET,
  timestampMs: -1,
  leaderEpoch: NO_EPOCH,
}

export class Replica implements PartitionReplica {
  readonly topic: string
  readonly partition: number
  readonly handle: number
  readonly outcome: StageOutcome = {
    baseOffset: -1,
    lastOffset: -1,
    appendTimeMs: -1,
    logStartOffset: -1,
    isDuplicate: false,
    errorMessage: '',
    recordErrors: NO_RECORD_ERRORS,
  }
  readonly plan: ReadPlan = {
    file: -1,
    position: 0,
    sizeBytes: 0,
    firstOffset: -1,
    firstBatchSizeBytes: 0,
    segment: -1,
  }
  readonly position: PartitionPosition

  readonly #environment: LogEnvironment
  readonly #log: PartitionLog
  readonly #rules: AppendRules
  #leaderEpoch: number
  #isReplicated: boolean = false
  #config: PartitionConfig

  /**
   * Opens (or creates) the partition.
   *
   * @throws DiskError when the disk refuses, InconsistentTopicIdError when the directory holds another topic of that name
   */
  constructor(options: ReplicaOptions) {
    this.#environment = options.environment
    this.topic = options.topic
    this.partition = options.partition
    this.handle = options.handle
    this.#leaderEpoch = options.leaderEpoch
    this.#config = options.config
    const name = options.directoryName ?? partitionDirectoryName(options.topic, options.partition)
    const directory = `${options.logDirectory}/${name}`
    const identity = { topic: options.topic, partition: options.partition, directory }
    const hints = options.hints ?? options.environment.hints.for(options.logDirectory, options.topic, options.partition)
    this.#log = new PartitionLog(options.environment, identity, options.config, hints)
    if (options.topicId !== undefined) ensureTopicId(options.environment.disk, directory, options.topicId)
    this.#rules = new AppendRules(options.environment, this.#log)
    this.position = {
      logStartOffset: 0,
      logEndOffset: 0,
      highWatermark: 0,
      lastStableOffset: 0,
      leaderEpoch: options.leaderEpoch,
    }
    this.#isReplicated = options.isReplicated ?? false
    if (!this.#isReplicated) this.#log.state.highWatermark = this.#log.state.logEndOffset
    this.#refresh()
  }

  get hasStaged(): boolean {
    return this.#log.hasStaged
  }

  get durableEndOffset(): number {
    return this.#log.state.syncedOffset
  }

  get sizeBytes(): number {
    let sizeBytes = 0
    for (const segment of this.#log.state.segments) sizeBytes += segment.sizeBytes
    return sizeBytes
  }

  stage(at: number, sizeBytes: number, origin: AppendOrigin, wallMs: number): ErrorCode {
    const outcome = this.outcome
    outcome.baseOffset = -1
    outcome.lastOffset = -1
    outcome.appendTimeMs = -1
    outcome.isDuplicate = false
    outcome.errorMessage = ''
    outcome.recordErrors = NO_RECORD_ERRORS
    outcome.logStartOffset = this.#log.state.logStartOffset
    if (this.#log.state.failure !== undefined) return ErrorCode.kafkaStorageError
    return this.#rules.stage(at, sizeBytes, origin, wallMs, this.#config, this.#leaderEpoch, outcome)
  }

  flush(): ErrorCode {
    if (!this.#log.hasStaged)
      return this.#log.state.failure === undefined ? ErrorCode.none : ErrorCode.kafkaStorageError
    if (!this.#log.flush()) return ErrorCode.kafkaStorageError
    this.#onAppended()
    return ErrorCode.none
  }

  async sync(): Promise<ErrorCode> {
    return (await this.#log.sync()) ? ErrorCode.none : ErrorCode.kafkaStorageError
  }

  planRead(fromOffset: number, untilOffset: number, sizeBytesMax: number): ErrorCode {
    return this.#log.planRead(fromOffset, untilOffset, sizeBytesMax, this.plan)
  }

  releaseRead(segment: number): void {
    this.#log.releaseRead(segment)
  }

  abortedTransactions(fromOffset: number, untilOffset: number): readonly AbortedTransaction[] {
    return this.#log.aborted(fromOffset, untilOffset)
  }

  offsetForTimestamp(timestampMs: number): OffsetAnswer {
    if (this.#log.state.failure !== undefined) return STORAGE_ERROR
    return answerTimestamp(this.#log.state, timestampMs) ?? STORAGE_ERROR
  }

  endOffsetForEpoch(epoch: number): { readonly leaderEpoch: number; readonly endOffset: number } {
    return this.#log.state.epochs.endOf(epoch, this.#log.state.logEndOffset)
  }

  deleteRecords(offset: number): { readonly code: ErrorCode; readonly lowWatermark: number } {
    const state = this.#log.state
    if (state.failure !== undefined) return { code: ErrorCode.kafkaStorageError, lowWatermark: NO_OFFSET }
    if (this.#config.isCompacted && !this.#config.isDeleted) {
      return { code: ErrorCode.policyViolation, lowWatermark: NO_OFFSET }
    }
    const target = offset === HIGH_WATERMARK ? state.highWatermark : offset
    if (target < 0 || target > state.highWatermark) return { code: ErrorCode.offsetOutOfRange, lowWatermark: NO_OFFSET }
    if (this.flush() !== ErrorCode.none) return { code: ErrorCode.kafkaStorageError, lowWatermark: NO_OFFSET }
    this.#log.moveLogStart(target, this.#environment.clock.wallMs())
    this.#refresh()
    if (this.#log.state.failure !== undefined) return { code: ErrorCode.kafkaStorageError, lowWatermark: NO_OFFSET }
    return { code: ErrorCode.none, lowWatermark: state.logStartOffset }
  }

  activeProducers(): readonly ProducerSnapshotRow[] {
    const rows: ProducerSnapshotRow[] = []
    for (const entry of this.#log.state.producers.entries()) {
      rows.push({
        producerId: entry.producerId,
        producerEpoch: entry.epoch,
        lastSequence: entry.lastSequence,
        lastTimestampMs: entry.lastTimestampMs,
        coordinatorEpoch: entry.coordinatorEpoch,
        currentTransactionStartOffset: entry.transactionFirstOffset,
      })
    }
    return rows
  }

  configure(config: PartitionConfig): void {
    this.#config = config
    this.#log.state.config = config
  }

  becomeLeader(leaderEpoch: number): void {
    assert(leaderEpoch >= this.#leaderEpoch, 'leader epochs never go back')
    assert(!this.#log.hasStaged, 'leadership changes between turns')
    this.#leaderEpoch = leaderEpoch
    this.position.leaderEpoch = leaderEpoch
    if (leaderEpoch > NO_EPOCH) this.#log.state.epochs.assign(leaderEpoch, this.#log.state.logEndOffset)
  }

  becomeFollower(leaderEpoch: number): void {
    assert(leaderEpoch >= this.#leaderEpoch, 'leader epochs never go back')
    assert(!this.#log.hasStaged, 'leadership changes between turns')
    this.#leaderEpoch = leaderEpoch
    this.position.leaderEpoch = leaderEpoch
  }

  setReplicated(isReplicated: boolean): void {
    this.#isReplicated = isReplicated
    if (!isReplicated) this.advanceHighWatermark(this.#log.state.logEndOffset)
  }

  get latestEpoch(): number {
    return this.#log.state.epochs.latestEpoch
  }

  followLogStart(offset: number): ErrorCode {
    const state = this.#log.state
    // What the follower does not have yet is not cut: it is fetched, or the leader says that it is out of range.
    const reached = Math.min(offset, state.logEndOffset)
    if (reached > state.highWatermark) this.advanceHighWatermark(reached)
    this.#log.moveLogStart(reached, this.#environment.clock.wallMs())
    return this.#afterUpkeep()
  }

  truncate(offset: number): ErrorCode {
    this.#log.truncate(offset, this.#environment.clock.wallMs())
    return this.#afterUpkeep()
  }

  restart(offset: number): ErrorCode {
    this.#log.restart(offset, this.#environment.clock.wallMs())
    return this.#afterUpkeep()
  }

  #afterUpkeep(): ErrorCode {
    this.#refresh()
    return this.#log.state.failure === undefined ? ErrorCode.none : ErrorCode.kafkaStorageError
  }

  advanceHighWatermark(offset: number): void {
    const state = this.#log.state
    const reached = Math.min(offset, state.logEndOffset)
    if (reached <= state.highWatermark) return
    state.highWatermark = reached
    state.producers.onHighWatermark(reached)
    this.#refresh()
  }

  maintain(wallMs: number): ErrorCode {
    this.#log.maintain(wallMs)
    return this.#afterUpkeep()
  }

  close(): void {
    this.#log.close()
  }

  remove(): void {
    this.#log.discard(this.#environment.clock.wallMs())
  }

  #onAppended(): void {
    if (this.#isReplicated) this.#refresh()
    else this.advanceHighWatermark(this.#log.state.logEndOffset)
  }

  #refresh(): void {
    const state = this.#log.state
    const position = this.position
    position.logStartOffset = state.logStartOffset
    position.logEndOffset = state.logEndOffset
    position.highWatermark = state.highWatermark
    position.lastStableOffset = state.highWatermark
    if (!state.producers.hasUnstable) return
    const unstable = state.producers.firstUnstableOffset(state.highWatermark)
    if (unstable >= 0 && unstable < state.highWatermark) position.lastStableOffset = unstable
  }
}
