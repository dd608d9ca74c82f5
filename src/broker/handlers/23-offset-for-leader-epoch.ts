/**
 * OffsetForLeaderEpoch, versions 0-4.
 *
 * Promises: the largest epoch at or below the one asked for, and where it ends (KIP-101, KIP-320); -1 and -1 when there is
 *   none.
 * Errors per partition: UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER, FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH,
 *   KAFKA_STORAGE_ERROR.
 * Version notes: 1 answers the epoch too; 2 current leader epoch; 3 replica id; 4 flexible.
 */
import { ErrorCode } from '../../model/error-code.ts'
import {
  type OffsetForLeaderEpochRequest,
  type OffsetForLeaderEpochResponse,
  offsetForLeaderEpochApi,
  readOffsetForLeaderEpochRequest,
  writeOffsetForLeaderEpochResponse,
} from '../../protocol/generated/23-offset-for-leader-epoch.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import type { ApiHandler, BrokerServices } from '../context.ts'
import { findLed } from '../led-partition.ts'

type AskedPartition = OffsetForLeaderEpochRequest['topics'][number]['partitions'][number]
type PartitionAnswer = Draft<OffsetForLeaderEpochResponse['topics'][number]['partitions'][number]>

export const offsetForLeaderEpochHandler: ApiHandler<OffsetForLeaderEpochRequest, OffsetForLeaderEpochResponse> = {
  apiKey: offsetForLeaderEpochApi.key,
  minVersion: 0,
  maxVersion: 4,
  flexibleVersion: offsetForLeaderEpochApi.flexibleVersion,
  read: readOffsetForLeaderEpochRequest,
  write: writeOffsetForLeaderEpochResponse,
  async handle(request, { apiVersion }, services) {
    const topics = request.topics.map(async ({ topic, partitions }) => ({
      topic,
      partitions: await Promise.all(partitions.map((asked) => endOf(services, topic, asked, apiVersion >= 1))),
    }))
    return { topics: await Promise.all(topics) }
  },
}

async function endOf(
  services: BrokerServices,
  topic: string,
  asked: AskedPartition,
  isEpochTold: boolean,
): Promise<PartitionAnswer> {
  const { partition } = asked
  const { code, ref } = findLed(services, topic, partition, asked.currentLeaderEpoch)
  if (ref === undefined) return { partition, errorCode: code, endOffset: -1 }
  const end = await services.shards.endOffsetForEpoch(ref, asked.leaderEpoch)
  if (end.code !== ErrorCode.none) return { partition, errorCode: end.code, endOffset: -1 }
  const answer = { partition, errorCode: ErrorCode.none, endOffset: end.endOffset }
  return isEpochTold ? { ...answer, leaderEpoch: end.leaderEpoch } : answer
}
