/**
 * ListOffsets, versions 0-11.
 *
 * Promises: always answers, also for partitions without data; the latest offset is the high watermark, for read_committed
 *   the last stable offset; a partition named twice is INVALID_REQUEST; a special timestamp that is newer than the version
 *   is UNSUPPORTED_VERSION; after an election OFFSET_NOT_AVAILABLE until the high watermark is in the new term (KIP-207);
 *   followers are told of everything up to the log end.
 * Version notes: 1 one offset instead of a list; 2 isolation level; 4 leader epochs; 6 flexible; 7 max timestamp (-3);
 *   8 earliest local (-4); 9 latest tiered (-5); 10 timeout; 11 earliest pending upload (-6).
 * Left out: version 0 knows segments in Kafka (it answers their first offsets); here it answers the offset of the first
 *   record at or after the time, and the log's ends.
 */
import { ErrorCode } from '../../model/error-code.ts'
import {
  EARLIEST_LOCAL_TIMESTAMP,
  EARLIEST_PENDING_UPLOAD_TIMESTAMP,
  EARLIEST_TIMESTAMP,
  LATEST_TIERED_TIMESTAMP,
  LATEST_TIMESTAMP,
  MAX_TIMESTAMP,
  NO_OFFSET,
} from '../../model/special-offsets.ts'
import type { OffsetAnswer } from '../../partition/contract.ts'
import {
  type ListOffsetsRequest,
  type ListOffsetsResponse,
  listOffsetsApi,
  readListOffsetsRequest,
  writeListOffsetsResponse,
} from '../../protocol/generated/02-list-offsets.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import type { PartitionRef } from '../../shard/contract.ts'
import type { ApiHandler, BrokerServices } from '../context.ts'
import { findLed } from '../led-partition.ts'

type AskedPartition = ListOffsetsRequest['topics'][number]['partitions'][number]
type PartitionAnswer = Draft<ListOffsetsResponse['topics'][number]['partitions'][number]>

const CONSUMER = -1
const READ_COMMITTED = 1
const LEADER_EPOCH_SINCE = 4
/** Older clients are told that there is no leader yet, which they retry. */
const OFFSET_NOT_AVAILABLE_SINCE = 5

/** First version that may ask for a special timestamp. */
const SPECIAL_SINCE: ReadonlyMap<number, number> = new Map([
  [LATEST_TIMESTAMP, 0],
  [EARLIEST_TIMESTAMP, 0],
  [MAX_TIMESTAMP, 7],
  [EARLIEST_LOCAL_TIMESTAMP, 8],
  [LATEST_TIERED_TIMESTAMP, 9],
  [EARLIEST_PENDING_UPLOAD_TIMESTAMP, 11],
])

export const listOffsetsHandler: ApiHandler<ListOffsetsRequest, ListOffsetsResponse> = {
  apiKey: listOffsetsApi.key,
  minVersion: 0,
  maxVersion: 11,
  flexibleVersion: listOffsetsApi.flexibleVersion,
  read: readListOffsetsRequest,
  write: writeListOffsetsResponse,
  async handle(request, { apiVersion }, services) {
    const duplicates = duplicatesIn(request)
    const isCommittedOnly = request.replicaId === CONSUMER && request.isolationLevel === READ_COMMITTED
    const isFromReplica = request.replicaId >= 0
    const topics = request.topics.map(async ({ name, partitions }) => ({
      name,
      partitions: await Promise.all(
        partitions.map((asked) =>
          duplicates.has(`${asked.partitionIndex}/${name}`)
            ? failure(asked, ErrorCode.invalidRequest)
            : answerPartition(services, name, asked, apiVersion, isCommittedOnly, isFromReplica),
        ),
      ),
    }))
    return { topics: await Promise.all(topics) }
  },
}

function duplicatesIn(request: ListOffsetsRequest): ReadonlySet<string> {
  const seen = new Set<string>()
  const duplicates = new Set<string>()
  for (const { name, partitions } of request.topics) {
    for (const { partitionIndex } of partitions) {
      const key = `${partitionIndex}/${name}`
      if (seen.has(key)) duplicates.add(key)
      seen.add(key)
    }
  }
  return duplicates
}

async function answerPartition(
  services: BrokerServices,
  topic: string,
  asked: AskedPartition,
  version: number,
  isCommittedOnly: boolean,
  isFromReplica: boolean,
): Promise<PartitionAnswer> {
  if (asked.timestamp < 0 && (SPECIAL_SINCE.get(asked.timestamp) ?? Infinity) > version) {
    return failure(asked, ErrorCode.unsupportedVersion)
  }
  const { code, ref } = findLed(services, topic, asked.partitionIndex, asked.currentLeaderEpoch)
  if (ref === undefined) return failure(asked, code)
  if (version === 0) return answerOldStyle(services, ref, asked)
  const answer = await services.shards.offsetForTimestamp(ref, asked.timestamp, isCommittedOnly, isFromReplica)
  if (answer.code === ErrorCode.offsetNotAvailable && version < OFFSET_NOT_AVAILABLE_SINCE) {
    return failure(asked, ErrorCode.leaderNotAvailable)
  }
  if (answer.code !== ErrorCode.none) return failure(asked, answer.code)
  return {
    partitionIndex: asked.partitionIndex,
    errorCode: ErrorCode.none,
    timestamp: answer.timestampMs,
    offset: answer.offset,
    ...(version >= LEADER_EPOCH_SINCE ? { leaderEpoch: answer.leaderEpoch } : {}),
  }
}

/** The offsets before a point in time, newest first. */
async function answerOldStyle(
  services: BrokerServices,
  ref: PartitionRef,
  asked: AskedPartition,
): Promise<PartitionAnswer> {
  const ask = (timestampMs: number): Promise<OffsetAnswer> =>
    services.shards.offsetForTimestamp(ref, timestampMs, false)
  const [start, end] = await Promise.all([ask(EARLIEST_TIMESTAMP), ask(LATEST_TIMESTAMP)])
  const failed = [start, end].find(({ code }) => code !== ErrorCode.none)
  if (failed !== undefined) return failure(asked, failed.code)
  const found = asked.timestamp >= 0 ? await ask(asked.timestamp) : undefined
  const until = found === undefined || found.offset === NO_OFFSET ? end.offset : found.offset
  const offsets = asked.timestamp === EARLIEST_TIMESTAMP ? [start.offset] : [...new Set([until, start.offset])]
  return {
    partitionIndex: asked.partitionIndex,
    errorCode: ErrorCode.none,
    oldStyleOffsets: offsets.slice(0, Math.max(0, asked.maxNumOffsets)),
  }
}

function failure(asked: AskedPartition, errorCode: ErrorCode): PartitionAnswer {
  return { partitionIndex: asked.partitionIndex, errorCode, timestamp: -1, offset: NO_OFFSET }
}
