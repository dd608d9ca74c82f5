import { ErrorCode } from '../model/error-code.ts'
import type { PartitionRef } from '../shard/contract.ts'
import type { BrokerServices } from './context.ts'

/** A partition that this broker leads, or the code that says why it cannot be asked. */
export type LedPartition =
  | { readonly code: typeof ErrorCode.none; readonly ref: PartitionRef }
  | { readonly code: Exclude<ErrorCode, typeof ErrorCode.none>; readonly ref: undefined }

/**
 * Finds what a cold handler wants to ask.
 *
 * @param currentLeaderEpoch the epoch that the client believes in; -1 when it does not say
 */
export function findLed(
  services: BrokerServices,
  topic: string,
  partition: number,
  currentLeaderEpoch: number = -1,
): LedPartition {
  const known = services.view.partition(topic, partition)
  if (known === undefined) return { code: ErrorCode.unknownTopicOrPartition, ref: undefined }
  if (known.leader !== services.brokerId || known.shard < 0) {
    return { code: ErrorCode.notLeaderOrFollower, ref: undefined }
  }
  if (currentLeaderEpoch >= 0 && currentLeaderEpoch < known.leaderEpoch) {
    return { code: ErrorCode.fencedLeaderEpoch, ref: undefined }
  }
  if (currentLeaderEpoch > known.leaderEpoch) return { code: ErrorCode.unknownLeaderEpoch, ref: undefined }
  return { code: ErrorCode.none, ref: { topic, partition, handle: known.handle, shard: known.shard } }
}
