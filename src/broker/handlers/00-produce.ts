/**
 * Produce, versions 0-13.
 *
 * Promises: a batch is stored as it came, with base offset and leader epoch stamped; the answer of acks=1 comes after the
 *   write to the log, of acks=-1 when the high watermark has passed the batch; acks=0 has no answer, and an error closes
 *   the connection. Requests of one connection overlap, and their batches are in the order of the requests.
 * Errors per partition: UNKNOWN_TOPIC_OR_PARTITION (UNKNOWN_TOPIC_ID from 13 on), INVALID_RECORD for anything but one
 *   batch of format 2, UNSUPPORTED_COMPRESSION_TYPE for zstd below 7, INVALID_REQUIRED_ACKS, INVALID_TOPIC_EXCEPTION for
 *   internal topics, NOT_LEADER_OR_FOLLOWER (with the leader and its address from 10 on), and what the shard finds.
 * Version notes: 0-2 bring message sets of formats 0 and 1, which are stored as batches; 8 error message, records at fault; 9 flexible; 10 leader hints; 13 topic ids.
 * Left out: batches of transactions answer INVALID_TXN_STATE, because there is no transaction coordinator.
 */
import type { HotApi } from '../api.ts'
import type { Serving } from '../serving.ts'
import { startProduce } from '../produce/start.ts'

export const api: HotApi<Serving> = {
  kind: 'hot',
  apiKey: 0,
  minVersion: 0,
  maxVersion: 13,
  flexibleVersion: 9,
  advertisedMinVersion: 0,
  start: startProduce,
}
