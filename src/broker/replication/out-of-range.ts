import { ErrorCode } from '../../model/error-code.ts'
import type { ListOffsetsResponse } from '../../protocol/generated/02-list-offsets.ts'
import type { Followers } from '../../shard/contract.ts'
import type { FetchedPartition } from './fetched-partition.ts'

/** What becomes of a partition once the leader's range is known. */
export interface RangeOutcome {
  /** Its log ends inside the leader's range now, unless the code says that it could not be brought there. */
  backInRange(partition: FetchedPartition, code: ErrorCode): void
  /** The leader did not say: it is asked again after a pause. */
  unanswered(partition: FetchedPartition, code: ErrorCode): void
}

/**
 * Partitions that wanted an offset which their leader does not have. First the leader is asked for its ends: who is beyond goes
 * back there. The others are before its start, and begin anew there, or have been overtaken by news.
 */
export class OutOfRange {
  readonly #followers: Followers
  readonly #outcome: RangeOutcome
  #partitions: FetchedPartition[] = []

  constructor(followers: Followers, outcome: RangeOutcome) {
    this.#followers = followers
    this.#outcome = outcome
  }

  get partitions(): readonly FetchedPartition[] {
    return this.#partitions
  }

  add(partition: FetchedPartition): void {
    partition.isOutOfRange = true
    this.#partitions.push(partition)
  }

  remove(partition: FetchedPartition): void {
    this.#partitions = this.#partitions.filter((one) => one !== partition)
  }

  /** @param which what was asked */
  answered(response: ListOffsetsResponse, which: 'start' | 'end'): void {
    for (const { name, partitions } of response.topics) {
      for (const { partitionIndex, errorCode, offset } of partitions) {
        const partition = this.#partitions.find(({ what }) => what.topic === name && what.partition === partitionIndex)
        if (partition !== undefined) this.#place(partition, errorCode as ErrorCode, offset, which)
      }
    }
  }

  #place(partition: FetchedPartition, code: ErrorCode, offset: number, which: 'start' | 'end'): void {
    const { handle, leaderEpoch } = partition.what
    if (code !== ErrorCode.none) {
      this.remove(partition)
      this.#outcome.unanswered(partition, code)
      return
    }
    if (which === 'end') {
      if (offset < partition.fetchOffset) this.#leave(partition, this.#followers.truncate(handle, leaderEpoch, offset))
      return
    }
    const isBefore = offset > partition.fetchOffset
    this.#leave(partition, isBefore ? this.#followers.restart(handle, leaderEpoch, offset) : ErrorCode.none)
  }

  #leave(partition: FetchedPartition, code: ErrorCode): void {
    this.remove(partition)
    partition.isOutOfRange = false
    this.#outcome.backInRange(partition, code)
  }
}
