/**
 * DescribeProducers, version 0.
 *
 * Promises: the producers whose state a partition's leader keeps.
 * Errors per partition: INVALID_TOPIC_EXCEPTION, UNKNOWN_TOPIC_OR_PARTITION, NOT_LEADER_OR_FOLLOWER.
 */
import { ErrorCode } from '../../model/error-code.ts'
import { whyInvalidTopicName } from '../../model/names.ts'
import {
  type DescribeProducersRequest,
  type DescribeProducersResponse,
  describeProducersApi,
  readDescribeProducersRequest,
  writeDescribeProducersResponse,
} from '../../protocol/generated/61-describe-producers.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import type { ApiHandler, BrokerServices } from '../context.ts'
import { findLed } from '../led-partition.ts'

type PartitionAnswer = Draft<DescribeProducersResponse['topics'][number]['partitions'][number]>

export const describeProducersHandler: ApiHandler<DescribeProducersRequest, DescribeProducersResponse> = {
  apiKey: describeProducersApi.key,
  minVersion: 0,
  maxVersion: 0,
  flexibleVersion: describeProducersApi.flexibleVersion,
  read: readDescribeProducersRequest,
  write: writeDescribeProducersResponse,
  async handle(request, _context, services) {
    const topics = request.topics.map(async ({ name, partitionIndexes }) => ({
      name,
      partitions: await Promise.all(partitionIndexes.map((partition) => producersOf(services, name, partition))),
    }))
    return { topics: await Promise.all(topics) }
  },
}

async function producersOf(services: BrokerServices, topic: string, partitionIndex: number): Promise<PartitionAnswer> {
  const whyInvalid = whyInvalidTopicName(topic)
  if (whyInvalid !== undefined) {
    const errorMessage = `Topic name is invalid: ${whyInvalid}`
    return { partitionIndex, errorCode: ErrorCode.invalidTopicException, errorMessage }
  }
  const { code, ref } = findLed(services, topic, partitionIndex)
  if (ref === undefined) return { partitionIndex, errorCode: code }
  const rows = await services.shards.activeProducers(ref)
  const activeProducers = rows.map((row) => ({
    producerId: row.producerId,
    producerEpoch: row.producerEpoch,
    lastSequence: row.lastSequence,
    lastTimestamp: row.lastTimestampMs,
    coordinatorEpoch: row.coordinatorEpoch,
    currentTxnStartOffset: row.currentTransactionStartOffset,
  }))
  return { partitionIndex, errorCode: ErrorCode.none, activeProducers }
}
