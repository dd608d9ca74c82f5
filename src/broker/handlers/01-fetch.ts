/**
 * Fetch, versions 0-18.
 *
 * Promises: batches leave as they are stored, whole or cut at the end, never decoded; one batch is returned even if it
 *   exceeds the limits; the answer waits until min_bytes have arrived, a partition fails or max_wait_ms are over.
 * Errors per partition: OFFSET_OUT_OF_RANGE, FENCED_LEADER_EPOCH, UNKNOWN_LEADER_EPOCH, UNKNOWN_TOPIC_OR_PARTITION
 *   (UNKNOWN_TOPIC_ID from 13 on), NOT_LEADER_OR_FOLLOWER (with the leader and its address from 16 on),
 *   KAFKA_STORAGE_ERROR (not below 6); of the whole: FETCH_SESSION_ID_NOT_FOUND, INVALID_FETCH_SESSION_EPOCH,
 *   FETCH_SESSION_TOPIC_ID_ERROR.
 * Version notes: 0-1 get message sets of format 0, 2-3 of format 1, converted and 2 MiB at most; 5 log start; 7 sessions; 9 leader epoch; 11 rack; 12 flexible, diverging epoch; 13 topic ids;
 *   15 replica state in a tag; 16 leader hints.
 * Left out: reading from followers (the preferred read replica is always -1) and feeding followers on other nodes
 *   (they are told NOT_LEADER_OR_FOLLOWER).
 */
import type { HotApi } from '../api.ts'
import type { Serving } from '../serving.ts'
import { startFetch } from '../fetch/start.ts'

export const api: HotApi<Serving> = {
  kind: 'hot',
  apiKey: 1,
  minVersion: 0,
  maxVersion: 18,
  flexibleVersion: 12,
  advertisedMinVersion: 0,
  start: startFetch,
}
