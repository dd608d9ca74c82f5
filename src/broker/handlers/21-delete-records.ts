/**
 * DeleteRecords, versions 0-2.
 *
 * Promises: records below the offset (-1 = the high watermark) are gone for readers when the answer comes, on every live
 *   replica; the low watermark is the lowest log start among those.
 * Errors per partition: UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER, INVALID_TOPIC_EXCEPTION for internal topics,
 *   OFFSET_OUT_OF_RANGE and POLICY_VIOLATION from the partition, REQUEST_TIMED_OUT when a replica did not follow in time.
 * Version notes: 2 flexible.
 */
import { ErrorCode } from '../../model/error-code.ts'
import { OFFSETS_TOPIC, TRANSACTIONS_TOPIC } from '../../model/names.ts'
import {
  type DeleteRecordsRequest,
  type DeleteRecordsResponse,
  deleteRecordsApi,
  readDeleteRecordsRequest,
  writeDeleteRecordsResponse,
} from '../../protocol/generated/21-delete-records.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import type { ApiHandler, BrokerServices } from '../context.ts'
import { findLed } from '../led-partition.ts'

type PartitionAnswer = Draft<DeleteRecordsResponse['topics'][number]['partitions'][number]>

const NO_LOW_WATERMARK = -1

export const deleteRecordsHandler: ApiHandler<DeleteRecordsRequest, DeleteRecordsResponse> = {
  apiKey: deleteRecordsApi.key,
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: deleteRecordsApi.flexibleVersion,
  read: readDeleteRecordsRequest,
  write: writeDeleteRecordsResponse,
  async handle(request, _context, services) {
    const topics = request.topics.map(async ({ name, partitions }) => ({
      name,
      partitions: await Promise.all(
        partitions.map(({ partitionIndex, offset }) =>
          deleteUntil(services, name, partitionIndex, offset, request.timeoutMs),
        ),
      ),
    }))
    return { topics: await Promise.all(topics) }
  },
}

async function deleteUntil(
  services: BrokerServices,
  topic: string,
  partitionIndex: number,
  offset: number,
  timeoutMs: number,
): Promise<PartitionAnswer> {
  const refuse = (errorCode: ErrorCode) => ({ partitionIndex, lowWatermark: NO_LOW_WATERMARK, errorCode })
  const { code, ref } = findLed(services, topic, partitionIndex)
  if (code === ErrorCode.unknownTopicOrPartition) return refuse(code)
  if (topic === OFFSETS_TOPIC || topic === TRANSACTIONS_TOPIC) return refuse(ErrorCode.invalidTopicException)
  if (ref === undefined) return refuse(code)
  const { code: errorCode, lowWatermark } = await services.shards.deleteRecords(ref, offset, timeoutMs)
  return { partitionIndex, lowWatermark, errorCode }
}
