// hot: per fetch
import { ErrorCode } from '../../model/error-code.ts'
import { readFetchRequest } from '../../protocol/generated/01-fetch.ts'
import type { Region } from '../../shard/contract.ts'
import type { Answering, Started } from '../in-flight.ts'
import type { RequestHead } from '../request-head.ts'
import type { Serving } from '../serving.ts'
import type { FetchPartition } from './fetch-partition.ts'
import { BATCHES_SINCE, CONVERTED_SIZE_BYTES_MAX } from './old-formats.ts'
import { FetchInFlight } from './fetch-request.ts'

const SESSIONS_SINCE = 7
const ZSTD_SINCE = 10
const TOPIC_IDS_SINCE = 13
const REPLICA_STATE_SINCE = 15
/** First version whose consumers know that followers may serve them (KIP-392). */
const FOLLOWER_READS_SINCE = 11
const READ_COMMITTED = 1
/** No client waits longer than a day; anything above is a client's way to say "for ever". */
const WAIT_MAX_MS = 86_400_000

/** Reads a Fetch request and starts reading for it. */
export function startFetch(
  serving: Serving,
  answering: Answering,
  head: RequestHead,
  _region: Region | undefined,
  nowMs: number,
): Started {
  const version = head.apiVersion
  const message = readFetchRequest(head.reader, version)
  if (!head.reader.ok) {
    return { closeBecause: `a Fetch request of version ${version} cannot be read: ${head.reader.reason}` }
  }
  const replicaId = version >= REPLICA_STATE_SINCE ? message.replicaState.replicaId : message.replicaId
  const isFromFollower = replicaId >= 0
  const context = serving.sessions.open(
    version >= SESSIONS_SINCE ? message : { ...message, sessionEpoch: -1, sessionId: 0 },
    version,
    nowMs,
  )
  const isLeaderOnly = isFromFollower || version < FOLLOWER_READS_SINCE
  for (const partition of context.partitions.values()) resolve(serving, partition, version, isLeaderOnly)
  const answerSizeMax = version < BATCHES_SINCE ? CONVERTED_SIZE_BYTES_MAX : serving.limits.fetchSizeMaxBytes
  const sizeBytesMax = Math.max(0, Math.min(message.maxBytes, answerSizeMax))
  const bounds = {
    sizeBytesMin: Math.min(message.minBytes, sizeBytesMax),
    sizeBytesMax,
    isCommittedOnly: message.isolationLevel === READ_COMMITTED,
    replicaId,
    isLeaderOnly,
    rack: isFromFollower ? '' : message.rackId,
    deadlineMs: nowMs + Math.min(message.maxWaitMs, WAIT_MAX_MS),
  }
  const origin = { version, correlationId: head.correlationId, isFromFollower, sessionId: message.sessionId }
  const request = new FetchInFlight(serving, answering, origin, context, bounds, nowMs)
  request.start()
  return request
}

/** Finds the partition anew for every fetch: topics come, go and move while a session lasts. */
function resolve(serving: Serving, partition: FetchPartition, version: number, isLeaderOnly: boolean): void {
  const { view, brokerId } = serving.services
  partition.ref = undefined
  const topic = version >= TOPIC_IDS_SINCE ? view.topicById(partition.topicId) : view.topic(partition.topic)
  if (topic === undefined) {
    partition.errorCode = version >= TOPIC_IDS_SINCE ? ErrorCode.unknownTopicId : ErrorCode.unknownTopicOrPartition
    return
  }
  if (version >= TOPIC_IDS_SINCE) partition.topic = topic.name
  const known = topic.partitions[partition.partition]
  if (known === undefined) partition.errorCode = ErrorCode.unknownTopicOrPartition
  // The view may lag behind the shard that owns the replica: where both could answer, the shard decides.
  else if (known.shard < 0) partition.errorCode = ErrorCode.notLeaderOrFollower
  else if (isLeaderOnly && known.leader !== brokerId) partition.errorCode = ErrorCode.notLeaderOrFollower
  else if (version < ZSTD_SINCE && topic.config['compression.type'] === 'zstd') {
    partition.errorCode = ErrorCode.unsupportedCompressionType
  } else partition.ref = serving.refs.of(topic.name, known)
}
