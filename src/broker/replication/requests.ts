import {
  apiVersionsApi,
  readApiVersionsResponse,
  writeApiVersionsRequest,
} from '../../protocol/generated/18-api-versions.ts'
import { fetchApi, writeFetchRequest } from '../../protocol/generated/01-fetch.ts'
import type { FetchRequest } from '../../protocol/generated/01-fetch.ts'
import {
  type ListOffsetsResponse,
  listOffsetsApi,
  readListOffsetsResponse,
  writeListOffsetsRequest,
} from '../../protocol/generated/02-list-offsets.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import { beginRequest, endFrame, readResponseHeader } from '../../protocol/wire/header.ts'
import { Reader } from '../../protocol/wire/reader.ts'
import { Writer } from '../../protocol/wire/writer.ts'
import { EARLIEST_TIMESTAMP, LATEST_TIMESTAMP } from '../../model/special-offsets.ts'
import type { FetchedPartition } from './fetched-partition.ts'

/** The oldest version that tells where histories part (KIP-595). Kafka has it since 2.7. */
export const FETCH_VERSION_MIN: number = 12
/** What Kafka's own followers send at 3.9. */
export const FETCH_VERSION_MAX: number = 17
const REPLICA_STATE_SINCE = 15
/** ApiVersions 0: every broker reads it, whatever it thinks of newer ones. */
const API_VERSIONS_VERSION = 0
/** Kafka has it since 3.0; nothing newer is needed. */
const LIST_OFFSETS_VERSION = 6

const writer = new Writer()

/** Asks which versions the leader serves. */
export function versionsFrame(correlationId: number, clientId: string): Uint8Array {
  writer.reset()
  const startsAt = beginRequest(writer, apiVersionsApi.key, API_VERSIONS_VERSION, correlationId, clientId)
  writeApiVersionsRequest(writer, {}, API_VERSIONS_VERSION)
  endFrame(writer, startsAt)
  return writer.finishCopy()
}

/** @returns the version of Fetch to use, or a sentence that says why there is none */
export function readFetchVersion(bytes: Uint8Array, at: number, end: number): number | string {
  const reader = new Reader(bytes, at, end)
  readResponseHeader(reader, apiVersionsApi.key, API_VERSIONS_VERSION)
  const response = readApiVersionsResponse(reader, API_VERSIONS_VERSION)
  if (!reader.ok) return `its answer to ApiVersions cannot be read: ${reader.reason}`
  const served = response.apiKeys.find(({ apiKey }) => apiKey === fetchApi.key)
  const version = Math.min(FETCH_VERSION_MAX, served?.maxVersion ?? -1)
  if (version >= FETCH_VERSION_MIN) return version
  return `it serves Fetch up to version ${version} only, and ${FETCH_VERSION_MIN} is needed: it must be Kafka 2.7 or newer`
}

/** A follower's Fetch. `session` is what the session says of partitions. */
export function fetchFrame(
  correlationId: number,
  clientId: string,
  version: number,
  brokerId: number,
  session: Draft<FetchRequest>,
  bounds: { readonly maxWaitMs: number; readonly minBytes: number; readonly maxBytes: number },
): Uint8Array {
  writer.reset()
  const startsAt = beginRequest(writer, fetchApi.key, version, correlationId, clientId)
  const who = version >= REPLICA_STATE_SINCE ? { replicaState: { replicaId: brokerId } } : { replicaId: brokerId }
  writeFetchRequest(writer, { ...who, ...bounds, isolationLevel: 0, ...session }, version)
  endFrame(writer, startsAt)
  return writer.finishCopy()
}

/** Asks where the logs of `partitions` end, or begin, on the leader. */
export function rangeFrame(
  correlationId: number,
  clientId: string,
  brokerId: number,
  partitions: readonly FetchedPartition[],
  which: 'start' | 'end',
): Uint8Array {
  writer.reset()
  const startsAt = beginRequest(writer, listOffsetsApi.key, LIST_OFFSETS_VERSION, correlationId, clientId)
  const timestamp = which === 'start' ? EARLIEST_TIMESTAMP : LATEST_TIMESTAMP
  const topics = partitions.map(({ what }) => ({
    name: what.topic,
    partitions: [{ partitionIndex: what.partition, currentLeaderEpoch: what.leaderEpoch, timestamp }],
  }))
  writeListOffsetsRequest(writer, { replicaId: brokerId, isolationLevel: 0, topics }, LIST_OFFSETS_VERSION)
  endFrame(writer, startsAt)
  return writer.finishCopy()
}

/** @returns undefined when the answer cannot be read */
export function readRange(bytes: Uint8Array, at: number, end: number): ListOffsetsResponse | undefined {
  const reader = new Reader(bytes, at, end)
  readResponseHeader(reader, listOffsetsApi.key, LIST_OFFSETS_VERSION)
  const response = readListOffsetsResponse(reader, LIST_OFFSETS_VERSION)
  return reader.ok ? response : undefined
}
