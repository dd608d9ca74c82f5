import type { Clock } from '../io/ports.ts'
import { ErrorCode } from '../model/error-code.ts'
import { NO_OFFSET } from '../model/special-offsets.ts'
import { type DeletedRecords, deleteRecords } from './cold-calls.ts'
import type { Deadlines } from './deadlines.ts'
import { type OwnedPartition, PendingDeletion } from './owned-partition.ts'

/** DeleteRecords' way of saying "everything that is replicated". */
const HIGH_WATERMARK = -1
/** Deletions that wait on one shard, some hundred bytes each. One more is answered as if its time were over. */
const WAITING_MAX = 10_000

/** What deletions need from the rest of the shard. */
export interface DeletionHost {
  readonly clock: Clock
  readonly deadlines: Deadlines
  /** Whether a broker is registered, as far as this node knows. Who is not keeps nobody waiting. */
  readonly isAlive: (broker: number) => boolean
  /** Followers that wait for news of a partition read it again now. */
  readonly wakeReaders: (partition: OwnedPartition) => void
}

/**
 * DeleteRecords. The leader moves its log start at once; the answer waits until every live replica has done so too, as their
 * fetches tell, for a reader may be served by any of them, and any of them may be elected.
 */
export class Deletions {
  readonly #host: DeletionHost
  #waitingCount = 0

  constructor(host: DeletionHost) {
    this.#host = host
  }

  /**
   * @param offset -1 = the high watermark
   * @returns with `code` none the lowest log start of all live replicas; REQUEST_TIMED_OUT when some have not followed in time:
   *   here the records are gone all the same
   */
  delete(
    partition: OwnedPartition | undefined,
    offset: number,
    timeoutMs: number,
  ): DeletedRecords | Promise<DeletedRecords> {
    const highWatermark = partition?.replica?.position.highWatermark ?? NO_OFFSET
    const target = offset === HIGH_WATERMARK ? highWatermark : offset
    const deleted = deleteRecords(partition, target)
    if (partition === undefined || deleted.code !== ErrorCode.none) return deleted
    const lowWatermark = this.#lowWatermark(partition)
    if (lowWatermark >= target) return { code: ErrorCode.none, lowWatermark }
    if (this.#waitingCount === WAITING_MAX || timeoutMs <= 0) {
      return { code: ErrorCode.requestTimedOut, lowWatermark }
    }
    // A fetch of an idle partition may be held for seconds, and a log start that has moved is no reason to answer it sooner.
    this.#host.wakeReaders(partition)
    return new Promise((resolve) => {
      const pending = new PendingDeletion(this, partition, target, resolve)
      partition.deletions ??= new Set()
      partition.deletions.add(pending)
      this.#waitingCount += 1
      this.#host.deadlines.add(pending, this.#host.clock.monotonicMs() + timeoutMs)
    })
  }

  /** A follower was heard of, or the partition is led elsewhere, has failed or was given up: some may be answered now. */
  look(partition: OwnedPartition): void {
    if (partition.deletions === null) return
    const code = whyOver(partition)
    const lowWatermark = code === ErrorCode.none ? this.#lowWatermark(partition) : NO_OFFSET
    for (const pending of partition.deletions) {
      if (code !== ErrorCode.none || lowWatermark >= pending.offset) this.#answer(pending, { code, lowWatermark })
    }
  }

  expire(late: PendingDeletion): void {
    const lowWatermark = this.#lowWatermark(late.partition)
    // Whom it waited for may have gone since.
    const code = lowWatermark >= late.offset ? ErrorCode.none : ErrorCode.requestTimedOut
    this.#answer(late, { code, lowWatermark })
  }

  #answer(pending: PendingDeletion, deleted: DeletedRecords): void {
    const { partition } = pending
    partition.deletions?.delete(pending)
    if (partition.deletions?.size === 0) partition.deletions = null
    this.#waitingCount -= 1
    this.#host.deadlines.remove(pending)
    pending.resolve(deleted)
  }

  #lowWatermark(partition: OwnedPartition): number {
    const { replica, leadership } = partition
    if (replica === undefined) return NO_OFFSET
    const { logStartOffset } = replica.position
    return leadership === null ? logStartOffset : leadership.lowWatermark(logStartOffset, this.#host.isAlive)
  }
}

function whyOver(partition: OwnedPartition): ErrorCode {
  if (partition.isClosed || partition.isFollower) return ErrorCode.notLeaderOrFollower
  return partition.isOffline ? ErrorCode.kafkaStorageError : ErrorCode.none
}
