import { RingQueue } from '../base/ring-queue.ts'
import type { Clock } from '../io/ports.ts'
import { ErrorCode } from '../model/error-code.ts'
import { NO_OFFSET } from '../model/special-offsets.ts'
import { type AppendOrigin, NO_RECORD_ERRORS, type PartitionReplica } from '../partition/contract.ts'
import type { Leadership } from '../partition/leadership.ts'
import type { AppendResult, AppendSink, Region, ShardCounters } from './contract.ts'
import type { Deadlines } from './deadlines.ts'
import { type OwnedPartition, PendingAppend } from './owned-partition.ts'

// hot: per batch
//
//   poll phase   append ──> partition.stage ──> pending list, dirty list
//   turn end     dirty list: flush each once ──> pending list in order: remember, give back the lease, then
//                  failed, or nothing to wait for ──> sink
//                  to be durable first            ──> partition's sync queue ──┐ one sync for all of them
//                  acks -1 above the watermark    ──> partition's follower queue <┘  ──> sink

/** Written early when passed: what one turn stages should still be in the cache when it is written. */
const STAGED_BYTES_MAX = 8 * 1024 * 1024
/** Appends of one partition that wait for followers or the disk. Each holds a request in flight, which connections bound. */
const AWAITING_MAX = 1 << 20
/** Spare objects kept for reuse: a busy turn stages some hundred appends. */
const SPARES_MAX = 4096

const ACKS_ALL = -1

/** What appends need from the rest of the shard. */
export interface AppendHost {
  readonly counters: ShardCounters
  readonly clock: Clock
  readonly deadlines: Deadlines
  /** Acks 1 and -1 wait until the disk has it, whatever the topic says. */
  readonly isAckDurable: boolean
  scheduleTurn(): void
  /** The bytes are in the log at these offsets: they may be served from memory. Takes over the lease. */
  remember(partition: OwnedPartition, region: Region, baseOffset: number, nextOffset: number): void
  releaseRegion(region: Region): void
  /** Readers may see more. */
  arrived(partition: OwnedPartition): void
  /** A leader with followers: its high watermark may move. */
  advance(partition: OwnedPartition, leadership: Leadership): void
  /** The disk refused: the partition answers storage errors from now on. */
  failed(partition: OwnedPartition, code: ErrorCode): void
}

/** Appends of one shard from their arrival to their answer. */
export class Appends {
  readonly #host: AppendHost
  #pending: PendingAppend[] = []
  #answering: PendingAppend[] = []
  #pendingCount = 0
  /** Partitions that staged something this turn; those of them with `isDirty` have not written it yet. */
  #touched: OwnedPartition[] = []
  #concluding: OwnedPartition[] = []
  #touchedCount = 0
  #stagedBytes = 0
  readonly #spares: PendingAppend[] = []
  /** One look at the clock serves all appends of a turn; -1 until the first. */
  #turnWallMs = -1
  readonly #result: AppendResult = {
    code: ErrorCode.none,
    baseOffset: NO_OFFSET,
    appendTimeMs: -1,
    logStartOffset: NO_OFFSET,
    errorMessage: '',
    recordErrors: NO_RECORD_ERRORS,
  }

  constructor(host: AppendHost) {
    this.#host = host
  }

  /** Stages one batch, or notes why not; either way the sink hears of it at the end of the turn or later. */
  append(
    partition: OwnedPartition | undefined,
    region: Region,
    acks: number,
    deadlineMs: number,
    sink: AppendSink,
    slot: number,
    origin: AppendOrigin,
  ): void {
    const pending = this.#spares.pop() ?? new PendingAppend(this)
    pending.sink = sink
    pending.slot = slot
    pending.acks = acks
    pending.deadlineMs = deadlineMs
    pending.region = region
    if (this.#pendingCount === 0) this.#host.scheduleTurn()
    this.#pending[this.#pendingCount] = pending
    this.#pendingCount += 1
    if (partition === undefined || partition.isClosed) {
      pending.code = ErrorCode.notLeaderOrFollower
      return
    }
    pending.partition = partition
    pending.lostTerms = partition.lostTerms
    if (partition.replica === undefined || partition.isOffline) pending.code = ErrorCode.kafkaStorageError
    else if (partition.isGuarded) this.#stageGuarded(pending, partition, partition.replica, region, origin)
    else this.#stage(pending, partition, partition.replica, region, origin)
  }

  /** Whether something waits for the next `flush`. */
  get hasPending(): boolean {
    return this.#pendingCount > 0
  }

  /** Writes each dirty partition once, then answers in order of arrival. */
  flush(): void {
    this.#turnWallMs = -1
    if (this.#pendingCount === 0) return
    this.#flushDirty()
    const answering = this.#pending
    const concluding = this.#touched
    const count = this.#pendingCount
    const touchedCount = this.#touchedCount
    // Sinks may append again: that belongs to the next turn, so it goes to the other pair of lists.
    this.#pending = this.#answering
    this.#touched = this.#concluding
    this.#answering = answering
    this.#concluding = concluding
    this.#pendingCount = 0
    this.#touchedCount = 0
    for (let index = 0; index < touchedCount; index += 1) (concluding[index] as OwnedPartition).isTouched = false
    for (let index = 0; index < count; index += 1) this.#settle(answering[index] as PendingAppend)
    for (let index = 0; index < touchedCount; index += 1) this.conclude(concluding[index] as OwnedPartition)
  }

  /** The watermarks of `partition` may have moved: answers who waited for that, wakes readers, starts a sync if one is due. */
  conclude(partition: OwnedPartition): void {
    if (partition.leadership !== null) this.#host.advance(partition, partition.leadership)
    if (partition.noteMoves()) {
      this.#host.arrived(partition)
      if (partition.awaitingFollowers !== null) this.#answerReplicated(partition, partition.awaitingFollowers)
    }
    if (partition.isSyncDue && !partition.isOffline) this.startSync(partition)
  }

  /** Makes what is flushed durable; appends that wait for it are answered then. One at a time per partition. */
  startSync(partition: OwnedPartition): void {
    const { replica } = partition
    if (partition.isSyncing || replica === undefined) return
    partition.isSyncing = true
    partition.isSyncDue = false
    partition.unsyncedMessages = 0
    // Those that come while it runs may not be covered: they wait for the next one.
    const covered = partition.awaitingSync === null ? 0 : partition.awaitingSync.size
    this.#host.counters.syncs += 1
    void replica.sync().then((code) => {
      // Moved to another log directory meanwhile: there everything was made durable before it took over.
      const isCurrent = partition.replica === replica
      this.#synced(partition, covered, isCurrent ? code : ErrorCode.none)
    })
  }

  /** Answers everybody who waits for `partition` with `code`: it moved, failed or was deleted. */
  abandon(partition: OwnedPartition, code: ErrorCode): void {
    // Sinks leave the writing of answers to the end of a turn, and this may run between two.
    this.#host.scheduleTurn()
    for (const queue of [partition.awaitingFollowers, partition.awaitingSync]) {
      for (let pending = queue?.shift(); pending !== undefined; pending = queue?.shift()) this.#answer(pending, code)
    }
  }

  /** Followers were too slow for this one. Its place in the queue stays, so that the order of the others does not matter. */
  expire(pending: PendingAppend): void {
    const { sink, slot } = pending
    this.#fillResult(pending, ErrorCode.requestTimedOut)
    this.#result.baseOffset = pending.baseOffset
    this.#result.logStartOffset = pending.logStartOffset
    pending.sink = null
    this.#host.scheduleTurn()
    sink?.onAppended(slot, this.#result)
  }

  /** A partition with several replicas: only its leader appends, and acks=all only where enough are in sync. */
  #stageGuarded(
    pending: PendingAppend,
    partition: OwnedPartition,
    replica: PartitionReplica,
    region: Region,
    origin: AppendOrigin,
  ): void {
    const { leadership } = partition
    if (leadership === null) {
      pending.code = ErrorCode.notLeaderOrFollower
    } else if (pending.acks === ACKS_ALL && leadership.isUnderMinimum(partition.assignment.config.minInSyncReplicas)) {
      pending.code = ErrorCode.notEnoughReplicas
    } else {
      this.#stage(pending, partition, replica, region, origin)
    }
  }

  #stage(
    pending: PendingAppend,
    partition: OwnedPartition,
    replica: PartitionReplica,
    region: Region,
    origin: AppendOrigin,
  ): void {
    if (this.#turnWallMs < 0) this.#turnWallMs = this.#host.clock.wallMs()
    const code = replica.stage(region.at, region.sizeBytes, origin, this.#turnWallMs)
    const outcome = replica.outcome
    pending.code = code
    pending.errorMessage = outcome.errorMessage
    pending.recordErrors = outcome.recordErrors ?? NO_RECORD_ERRORS
    if (code !== ErrorCode.none) {
      // It found out between two flushes, in its own upkeep.
      if (code === ErrorCode.kafkaStorageError) this.fail(partition, code)
      return
    }
    pending.baseOffset = outcome.baseOffset
    pending.lastOffset = outcome.lastOffset
    pending.appendTimeMs = outcome.appendTimeMs
    pending.logStartOffset = outcome.logStartOffset
    pending.isDuplicate = outcome.isDuplicate
    pending.isRewritten = outcome.isRewritten === true
    // Also for what is there already: it may have to wait for a sync, and then nobody else would begin one.
    if (!partition.isTouched) {
      partition.isTouched = true
      this.#touched[this.#touchedCount] = partition
      this.#touchedCount += 1
    }
    if (outcome.isDuplicate) return
    partition.isDirty = true
    this.#stagedBytes += region.sizeBytes
    if (this.#stagedBytes > STAGED_BYTES_MAX) this.#flushDirty()
  }

  #flushDirty(): void {
    this.#stagedBytes = 0
    for (let index = 0; index < this.#touchedCount; index += 1) {
      const partition = this.#touched[index] as OwnedPartition
      if (partition.isDirty) this.flushPartition(partition)
    }
  }

  /** Writes what `partition` has staged. */
  flushPartition(partition: OwnedPartition): void {
    partition.isDirty = false
    if (partition.replica === undefined || partition.isClosed) return
    const code = partition.replica.flush()
    this.#host.counters.flushes += 1
    if (code !== ErrorCode.none) this.fail(partition, code)
  }

  /** What one append has come to after the flush. */
  #settle(pending: PendingAppend): void {
    const { partition, region } = pending
    pending.region = null
    if (region === null) return
    const code = codeAfterFlush(pending, partition)
    if (code !== ErrorCode.none || partition === null || partition.replica === undefined) {
      this.#host.releaseRegion(region)
      this.#answer(pending, code)
      return
    }
    if (pending.isDuplicate) this.#host.releaseRegion(region)
    else this.#settleWritten(pending, partition, region)
    if (this.#mustSync(pending, partition)) {
      partition.isSyncDue = true
      if (pending.acks !== 0) {
        partition.awaitingSync ??= new RingQueue(AWAITING_MAX)
        partition.awaitingSync.push(pending)
        return
      }
    }
    this.#answerOrAwaitFollowers(pending, partition)
  }

  #settleWritten(pending: PendingAppend, partition: OwnedPartition, region: Region): void {
    const { counters } = this.#host
    const messageCount = pending.lastOffset - pending.baseOffset + 1
    const sizeBytes = region.sizeBytes
    counters.appends += 1
    counters.messagesIn += messageCount
    counters.bytesIn += sizeBytes
    partition.counters.messagesIn += messageCount
    partition.counters.bytesIn += sizeBytes
    partition.noteFlushed(sizeBytes)
    if (partition.unsyncedMessages === 0) partition.unsyncedSinceMs = this.#host.clock.monotonicMs()
    partition.unsyncedMessages += messageCount
    if (pending.isRewritten) this.#host.releaseRegion(region)
    else this.#host.remember(partition, region, pending.baseOffset, pending.lastOffset + 1)
  }

  #mustSync(pending: PendingAppend, partition: OwnedPartition): boolean {
    if (this.#host.isAckDurable && pending.acks !== 0) return true
    return partition.unsyncedMessages >= partition.assignment.config.flushMessages
  }

  #answerOrAwaitFollowers(pending: PendingAppend, partition: OwnedPartition): void {
    const { replica } = partition
    const mustWait =
      pending.acks === ACKS_ALL && replica !== undefined && replica.position.highWatermark <= pending.lastOffset
    if (!mustWait) {
      this.#answerReplicatedOne(pending, partition)
      return
    }
    partition.awaitingFollowers ??= new RingQueue(AWAITING_MAX)
    partition.awaitingFollowers.push(pending)
    this.#host.deadlines.add(pending, pending.deadlineMs)
  }

  #answerReplicated(partition: OwnedPartition, queue: RingQueue<PendingAppend>): void {
    const highWatermark = partition.replica === undefined ? 0 : partition.replica.position.highWatermark
    for (let pending = queue.peek(); pending !== undefined; pending = queue.peek()) {
      if (pending.sink !== null && pending.lastOffset >= highWatermark) return
      queue.shift()
      this.#answerReplicatedOne(pending, partition)
    }
  }

  /** Everybody who counts has it; whether those are enough may have changed since it was staged. */
  #answerReplicatedOne(pending: PendingAppend, partition: OwnedPartition): void {
    const { leadership } = partition
    const isTooFew =
      leadership !== null &&
      pending.acks === ACKS_ALL &&
      leadership.isMaximalSetUnderMinimum(partition.assignment.config.minInSyncReplicas)
    this.#answer(pending, isTooFew ? ErrorCode.notEnoughReplicasAfterAppend : ErrorCode.none)
  }

  #synced(partition: OwnedPartition, covered: number, code: ErrorCode): void {
    partition.isSyncing = false
    const queue = partition.awaitingSync
    this.#host.scheduleTurn()
    if (code !== ErrorCode.none) {
      // After a failed sync nobody knows what the disk has: neither these nor any that came since are acknowledged.
      this.fail(partition, code)
      this.abandon(partition, code)
      return
    }
    for (let left = Math.min(covered, queue?.size ?? 0); left > 0; left -= 1) {
      const pending = queue?.shift()
      if (pending !== undefined) this.#answerOrAwaitFollowers(pending, partition)
    }
    if (partition.isClosed) return
    // What readers see may have waited for this. Not before those that it covered are off the queue: it may begin the next sync.
    if (this.#host.isAckDurable) this.conclude(partition)
    if (queue !== null && queue.size > 0) this.startSync(partition)
  }

  /** The disk failed under `partition`: it takes nothing more. */
  fail(partition: OwnedPartition, code: ErrorCode): void {
    if (partition.isOffline) return
    partition.isOffline = true
    partition.failureCode = code
    this.#host.failed(partition, code)
  }

  #fillResult(pending: PendingAppend, code: ErrorCode): void {
    const isDone = code === ErrorCode.none
    const result = this.#result
    result.code = code
    result.baseOffset = isDone ? pending.baseOffset : NO_OFFSET
    result.appendTimeMs = isDone ? pending.appendTimeMs : -1
    result.logStartOffset = isDone ? pending.logStartOffset : NO_OFFSET
    result.errorMessage = pending.errorMessage
    result.recordErrors = pending.recordErrors
  }

  #answer(pending: PendingAppend, code: ErrorCode): void {
    const { sink, slot } = pending
    this.#fillResult(pending, code)
    if (code !== ErrorCode.none) {
      this.#host.counters.failedAppends += 1
      if (pending.partition !== null) pending.partition.counters.failedProduces += 1
    }
    this.#host.deadlines.remove(pending)
    this.#recycle(pending)
    if (sink !== null) sink.onAppended(slot, this.#result)
  }

  #recycle(pending: PendingAppend): void {
    pending.partition = null
    pending.sink = null
    pending.region = null
    pending.isDuplicate = false
    pending.isRewritten = false
    pending.code = ErrorCode.none
    pending.baseOffset = NO_OFFSET
    pending.lastOffset = NO_OFFSET
    pending.appendTimeMs = -1
    pending.logStartOffset = NO_OFFSET
    pending.errorMessage = ''
    pending.recordErrors = NO_RECORD_ERRORS
    if (this.#spares.length < SPARES_MAX) this.#spares.push(pending)
  }
}

/** A flush that failed fails everything that was staged for it, whatever staging said. */
function codeAfterFlush(pending: PendingAppend, partition: OwnedPartition | null): ErrorCode {
  if (pending.code !== ErrorCode.none || partition === null) return pending.code
  if (partition.failureCode !== ErrorCode.none) return partition.failureCode
  const isLost = partition.isClosed || partition.lostTerms !== pending.lostTerms
  return isLost ? ErrorCode.notLeaderOrFollower : ErrorCode.none
}
