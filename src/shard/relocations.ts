import { assert } from '../base/assert.ts'
import { TokenBucket } from '../base/token-bucket.ts'
import { type Clock, type Disk, DiskError, type Logger, type Timers } from '../io/ports.ts'
import { ErrorCode, errorName } from '../model/error-code.ts'
import type { PartitionReplica } from '../partition/contract.ts'
import { truncationOffset } from '../partition/divergence.ts'
import type { RecordCore } from '../wasm/contract.ts'
import { beginAtBatch } from './begin-at-batch.ts'
import type { Arena, PartitionAssignment, Region } from './contract.ts'
import { type OwnedPartition, Relocation } from './owned-partition.ts'

/** What one step copies, or one batch where that is larger: enough to cost little per byte, and a millisecond or so of the thread. */
const STEP_SIZE_BYTES = 1024 * 1024
/** A read that finds less has met the end, or that of a segment: then making the copy durable does no harm either. */
const NEAR_END_SIZE_BYTES = STEP_SIZE_BYTES / 2
/**
 * The end of a copy is done in one go, on the thread, so that nothing is appended meanwhile: at most so much is copied in it, and
 * made durable.
 */
const LAST_SIZE_BYTES = 1024 * 1024
/** A second's worth may be copied at once, as with other throttles. */
const BURST_MS = 1000
/** Before the end is tried again, when an append was under way. */
const RETRY_MS = 10

/** How a node keeps replicas that are on their way. */
export interface RelocationPorts {
  /** Opens, or begins, the future replica in `assignment.directory`. Throws `DiskError`. */
  openFuture(assignment: PartitionAssignment): PartitionReplica
  /** The future replica in `assignment.directory` is closed and whole: it becomes the replica, instead of that in `from`. Throws `DiskError`. */
  promoteFuture(assignment: PartitionAssignment, from: string): PartitionReplica
  /** The one in `from` was removed. Throws `DiskError`. */
  endPromotion(assignment: PartitionAssignment, from: string): void
  /** The copy has ended: the replica lies in `directory` now, or that could not be done. */
  onEnded(assignment: PartitionAssignment, directory: string, isThere: boolean): void
  /** `replica.alter.log.dirs.io.max.bytes.per.second`, this shard's share of it; Infinity = no limit. */
  bytesPerSecond(): number
}

export interface RelocationHost {
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
  readonly disk: Disk
  readonly core: RecordCore
  readonly arena: Arena
  readonly ports: RelocationPorts | undefined
  /** A planned read of a partition is over. */
  releaseFile(handle: number, segment: number): void
}

//  begin ──► step ──► step … ──► near the end ──► made durable ──► the rest, in one go ──► takes the place of the present log
//              ▲  one read, one write, throttled     │ much came meanwhile
//              └─────────────────────────────────────┘
//
// One partition after the other, in the order in which they were asked for. The present log serves until the very end.

/** Copies replicas into other log directories of this node (AlterReplicaLogDirs, KIP-113). */
export class Relocations {
  readonly #host: RelocationHost
  readonly #bucket: TokenBucket = new TokenBucket(BURST_MS)
  readonly #queue: Relocation[] = []
  #isRunning = false
  #isStopped = false

  constructor(host: RelocationHost) {
    this.#host = host
  }

  /**
   * Begins to copy the partition into another log directory, or goes on where an earlier life of this node was interrupted.
   * A copy into yet another one is given up.
   *
   * @param directory where to; its present directory or '' only gives up what is under way
   */
  begin(partition: OwnedPartition, directory: string): ErrorCode {
    const { relocation, assignment } = partition
    if (relocation?.directory === directory) return ErrorCode.none
    if (relocation !== null) this.end(partition, true)
    if (directory === '' || directory === assignment.directory) return ErrorCode.none
    if (partition.replica === undefined || partition.isOffline) return ErrorCode.kafkaStorageError
    const { log } = this.#host
    try {
      const future = this.#ports.openFuture({ ...assignment, directory })
      partition.relocation = new Relocation(partition, directory, future)
    } catch (error) {
      if (!(error instanceof DiskError)) throw error
      log.error(`${name(partition)} cannot be moved to ${directory}: ${error.message}`)
      this.#ports.onEnded(assignment, directory, false)
      return ErrorCode.kafkaStorageError
    }
    meetAgain(partition.replica, partition.relocation.future)
    this.#queue.push(partition.relocation)
    log.info(`${name(partition)} is copied from ${assignment.directory} to ${directory}`, { directory })
    if (!this.#isRunning) void this.#run()
    return ErrorCode.none
  }

  /** Gives a copy up. @param mustRemove its files go; else the next start goes on with them */
  end(partition: OwnedPartition, mustRemove: boolean): void {
    const { relocation } = partition
    if (relocation === null) return
    partition.relocation = null
    relocation.isOver = true
    this.#queue.splice(this.#queue.indexOf(relocation), 1)
    if (mustRemove) relocation.future.remove()
    else relocation.future.close()
  }

  /** The present log was cut or begun anew: the copy must not keep what is no longer there. */
  rewound(partition: OwnedPartition): void {
    const { relocation, replica } = partition
    if (relocation === null || replica === undefined) return
    const { logStartOffset, logEndOffset } = replica.position
    const { future } = relocation
    relocation.cuts += 1
    if (logStartOffset === logEndOffset) future.restart(logEndOffset)
    else if (future.position.logEndOffset > logEndOffset) future.truncate(logEndOffset)
  }

  stop(): void {
    this.#isStopped = true
  }

  get #ports(): RelocationPorts {
    const { ports } = this.#host
    assert(ports !== undefined, 'a node with several log directories knows how to move between them')
    return ports
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    for (let next = this.#queue[0]; next !== undefined && !this.#isStopped; next = this.#queue[0]) {
      const waitMs = this.#throttledMs()
      if (waitMs > 0) await this.#pause(waitMs)
      else await this.#step(next)
    }
    this.#isRunning = false
  }

  #throttledMs(): number {
    const nowMs = this.#host.clock.monotonicMs()
    this.#bucket.setRate(this.#ports.bytesPerSecond() / 1000, nowMs)
    return this.#bucket.waitMs(nowMs)
  }

  async #step(relocation: Relocation): Promise<void> {
    const { partition, future } = relocation
    const { replica } = partition
    if (replica === undefined || partition.isOffline) {
      this.#fail(relocation, 'its disk has failed')
      return
    }
    if (relocation.isNearEnd) {
      if (relocation.unsyncedBytes > LAST_SIZE_BYTES) {
        relocation.unsyncedBytes = 0
        const code = await future.sync()
        if (code !== ErrorCode.none && !relocation.isOver) this.#fail(relocation, errorName(code))
        return
      }
      // The timer phase of the loop: between two turns.
      await this.#pause(0)
      if (!relocation.isOver) await this.#tryToEnd(relocation, replica)
      return
    }
    const region = await this.#reserve(relocation)
    try {
      if (!relocation.isOver) await this.#copyOnce(relocation, replica, region)
    } finally {
      this.#host.arena.release(region)
    }
  }

  /** Reads off the thread, so that the shard goes on meanwhile. */
  async #copyOnce(relocation: Relocation, replica: PartitionReplica, region: Region): Promise<void> {
    const { partition } = relocation
    const plan = this.#plan(relocation, replica, region.sizeBytes)
    if (plan === undefined) return
    const { disk, arena } = this.#host
    const { cuts } = relocation
    const into = arena.bytes.subarray(region.at, region.at + plan.sizeBytes)
    partition.openReads += 1
    const failure = await new Promise<DiskError | undefined>((resolve) => {
      disk.read(plan.file, into, plan.position, (error) => resolve(error))
    })
    this.#host.releaseFile(partition.assignment.handle, plan.segment)
    if (relocation.isOver) return
    if (failure !== undefined) this.#fail(relocation, failure.message)
    else if (relocation.cuts === cuts) this.#put(relocation, region.at, plan.sizeBytes)
  }

  /** What comes next in the present log; notes that the end is near. @returns undefined when there is nothing, or no way on */
  #plan(relocation: Relocation, replica: PartitionReplica, sizeBytesMax: number): PlannedRead | undefined {
    const { future } = relocation
    const { logStartOffset, logEndOffset } = replica.position
    if (future.position.logEndOffset < logStartOffset) future.restart(logStartOffset)
    const code = replica.planRead(future.position.logEndOffset, logEndOffset, sizeBytesMax)
    if (code !== ErrorCode.none) {
      this.#fail(relocation, errorName(code))
      return undefined
    }
    const { file, position, segment, sizeBytes, firstBatchSizeBytes } = replica.plan
    relocation.isNearEnd = sizeBytes < NEAR_END_SIZE_BYTES
    if (sizeBytes === 0) {
      if (future.position.logEndOffset < logEndOffset) this.#fail(relocation, 'its newest records were compacted away')
      return undefined
    }
    if (firstBatchSizeBytes > sizeBytesMax) {
      replica.releaseRead(segment)
      relocation.stepSizeBytes = firstBatchSizeBytes
      relocation.isNearEnd = false
      if (firstBatchSizeBytes > this.#host.arena.sizeBytesMax / 2) {
        this.#fail(relocation, `a batch of ${firstBatchSizeBytes} bytes needs more memory than there is`)
      }
      return undefined
    }
    return { file, position, segment, sizeBytes: Math.min(sizeBytes, sizeBytesMax) }
  }

  /** @returns whether it is in the future log */
  #put(relocation: Relocation, at: number, sizeBytes: number): boolean {
    const { core, clock } = this.#host
    const { future } = relocation
    beginAtBatch(future, core, at, sizeBytes)
    const wholeSizeBytes = core.wholeBatchesSize(at, sizeBytes)
    const staged = future.stage(at, wholeSizeBytes, 'replica', clock.wallMs())
    const reason = future.outcome.errorMessage
    const written = future.flush()
    if (wholeSizeBytes === 0 || staged !== ErrorCode.none || written !== ErrorCode.none) {
      this.#fail(relocation, reason || errorName(staged === ErrorCode.none ? written : staged))
      return false
    }
    relocation.unsyncedBytes += wholeSizeBytes
    this.#bucket.take(wholeSizeBytes, clock.monotonicMs())
    return true
  }

  /** Copies the rest on the thread; if that is little enough, the future log takes over. */
  async #tryToEnd(relocation: Relocation, replica: PartitionReplica): Promise<void> {
    const { future } = relocation
    if (replica.hasStaged) {
      await this.#pause(RETRY_MS)
      return
    }
    const region = await this.#reserve(relocation)
    try {
      // Waiting for memory may have led into a turn.
      if (relocation.isOver || replica.hasStaged) return
      for (let copiedBytes = 0; copiedBytes <= LAST_SIZE_BYTES; ) {
        const plan = this.#plan(relocation, replica, region.sizeBytes)
        if (plan === undefined) break
        const { disk, arena } = this.#host
        const into = arena.bytes.subarray(region.at, region.at + plan.sizeBytes)
        const isRead = this.#attempt(relocation, () => disk.readSync(plan.file, into, plan.position))
        replica.releaseRead(plan.segment)
        if (!isRead || !this.#put(relocation, region.at, plan.sizeBytes)) return
        copiedBytes += plan.sizeBytes
      }
    } finally {
      this.#host.arena.release(region)
    }
    const isComplete = future.position.logEndOffset === replica.position.logEndOffset
    if (!relocation.isOver && isComplete) this.#takeOver(relocation, replica)
  }

  /** Both logs hold the same. From here to the end nothing else runs. */
  #takeOver(relocation: Relocation, replica: PartitionReplica): void {
    const { partition, future, directory } = relocation
    const { logStartOffset, highWatermark } = replica.position
    future.advanceHighWatermark(highWatermark)
    if (logStartOffset > future.position.logStartOffset) future.followLogStart(logStartOffset)
    future.close()
    if (future.flush() !== ErrorCode.none) {
      this.#fail(relocation, errorName(ErrorCode.kafkaStorageError))
      return
    }
    const before = partition.assignment
    const assignment = { ...before, directory }
    let promoted: PartitionReplica | undefined
    const isPromoted = this.#attempt(relocation, () => {
      promoted = this.#ports.promoteFuture(assignment, before.directory)
    })
    if (!isPromoted || promoted === undefined) return
    const { role } = assignment
    if (role.kind === 'leader') promoted.becomeLeader(role.leaderEpoch)
    else promoted.becomeFollower(role.leaderEpoch)
    promoted.setReplicated(role.kind === 'follower' || partition.leadership !== null)
    partition.replica = promoted
    partition.assignment = assignment
    partition.relocation = null
    partition.unsyncedMessages = 0
    partition.forgetMoves()
    relocation.isOver = true
    this.#queue.splice(this.#queue.indexOf(relocation), 1)
    replica.remove()
    try {
      this.#ports.endPromotion(assignment, before.directory)
    } catch (error) {
      if (!(error instanceof DiskError)) throw error
      // What is left says at the next start that this replica counts, which is true.
      this.#host.log.warn(`${name(partition)}: ${error.message}`, { directory })
    }
    this.#host.log.info(`${name(partition)} lies in ${directory} now, and in ${before.directory} no longer`, {
      directory,
    })
    this.#ports.onEnded(assignment, directory, true)
  }

  /** @returns false when the disk refused: the copy is given up then */
  #attempt(relocation: Relocation, work: () => void): boolean {
    try {
      work()
      return true
    } catch (error) {
      if (!(error instanceof DiskError)) throw error
      this.#fail(relocation, error.message)
      return false
    }
  }

  #fail(relocation: Relocation, reason: string): void {
    const { partition, directory } = relocation
    this.#host.log.error(
      `${name(partition)} stays in ${partition.assignment.directory}, it cannot be copied to ${directory}: ${reason}`,
      { directory },
    )
    this.end(partition, true)
    this.#ports.onEnded(partition.assignment, directory, false)
  }

  /** Memory for one step. */
  async #reserve({ stepSizeBytes }: Relocation): Promise<Region> {
    const { arena } = this.#host
    for (;;) {
      const region = arena.reserve(Math.max(STEP_SIZE_BYTES, stepSizeBytes))
      if (region !== undefined) return region
      await new Promise<void>((resolve) => arena.onRoom(resolve))
    }
  }

  #pause(durationMs: number): Promise<void> {
    return new Promise((resolve) => this.#host.timers.start(durationMs, resolve))
  }
}

/** A copy that an earlier life began may hold what the present log no longer does: it goes back to what both have. */
function meetAgain(replica: PartitionReplica, future: PartitionReplica): void {
  const { logStartOffset, logEndOffset } = replica.position
  for (;;) {
    const copyEndOffset = future.position.logEndOffset
    if (copyEndOffset <= logStartOffset || logStartOffset === logEndOffset) break
    const end = replica.endOffsetForEpoch(future.latestEpoch)
    if (end.leaderEpoch === future.latestEpoch && end.endOffset >= copyEndOffset) return
    const offset = truncationOffset(end, future.endOffsetForEpoch(end.leaderEpoch), copyEndOffset)
    if (end.endOffset < 0 || offset >= copyEndOffset || offset <= logStartOffset) break
    future.truncate(offset)
  }
  future.restart(logStartOffset)
}

interface PlannedRead {
  readonly file: number
  readonly position: number
  readonly segment: number
  readonly sizeBytes: number
}

function name({ assignment }: OwnedPartition): string {
  return `partition ${assignment.topic}-${assignment.partition}`
}
