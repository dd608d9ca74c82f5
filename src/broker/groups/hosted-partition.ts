import { GroupPartition } from '../../coordinator/group/group-partition.ts'
import type { ErrorCode } from '../../model/error-code.ts'
import type { PartitionRef } from '../../shard/contract.ts'

/**
 * One partition of `__consumer_offsets` that this shard owns, with its groups.
 *
 *   loading --replayed--> active --led elsewhere--> gone
 *      \--replay failed, tried again after a pause--/
 */
export interface HostedPartition {
  readonly ref: PartitionRef
  readonly leaderEpoch: number
  readonly groups: GroupPartition
  state: 'loading' | 'active' | 'gone'
  /** Appends whose outcome is not known yet, and the latest of them. */
  unfinishedAppends: number
  lastAppend: Promise<ErrorCode> | undefined
}

/** A partition whose log is still to be read. */
export function hostedPartition(ref: PartitionRef, leaderEpoch: number): HostedPartition {
  return {
    ref,
    leaderEpoch,
    groups: new GroupPartition(ref.partition),
    state: 'loading',
    unfinishedAppends: 0,
    lastAppend: undefined,
  }
}
