import {
  type ProduceRequest,
  type ProduceResponse,
  readProduceResponse,
  writeProduceRequest,
} from '../../../src/protocol/generated/00-produce.ts'
import {
  type FetchRequest,
  type FetchResponse,
  readFetchResponse,
  writeFetchRequest,
} from '../../../src/protocol/generated/01-fetch.ts'
import {
  type ListOffsetsRequest,
  type ListOffsetsResponse,
  readListOffsetsResponse,
  writeListOffsetsRequest,
} from '../../../src/protocol/generated/02-list-offsets.ts'
import {
  type JoinGroupRequest,
  type JoinGroupResponse,
  readJoinGroupResponse,
  writeJoinGroupRequest,
} from '../../../src/protocol/generated/11-join-group.ts'
import {
  type ApiVersionsRequest,
  type ApiVersionsResponse,
  readApiVersionsResponse,
  writeApiVersionsRequest,
} from '../../../src/protocol/generated/18-api-versions.ts'
import type { Draft } from '../../../src/protocol/wire/draft.ts'
import { type Exchange, MIB, topicIdOf } from './support.ts'

export const produceV = (version: number): Exchange<ProduceRequest, ProduceResponse> => ({
  apiKey: 0,
  version,
  write: writeProduceRequest,
  read: readProduceResponse,
})

export const fetchV = (version: number): Exchange<FetchRequest, FetchResponse> => ({
  apiKey: 1,
  version,
  write: writeFetchRequest,
  read: readFetchResponse,
})

export const listOffsetsV = (version: number): Exchange<ListOffsetsRequest, ListOffsetsResponse> => ({
  apiKey: 2,
  version,
  write: writeListOffsetsRequest,
  read: readListOffsetsResponse,
})

export const joinGroupV = (version: number): Exchange<JoinGroupRequest, JoinGroupResponse> => ({
  apiKey: 11,
  version,
  write: writeJoinGroupRequest,
  read: readJoinGroupResponse,
})

export const apiVersionsV = (version: number): Exchange<ApiVersionsRequest, ApiVersionsResponse> => ({
  apiKey: 18,
  version,
  write: writeApiVersionsRequest,
  read: readApiVersionsResponse,
})

export function produceOf(
  topic: string,
  bytes: Uint8Array | null,
  version: number,
  acks: number = 1,
  index: number = 0,
): Draft<ProduceRequest> {
  const named = version >= 13 ? { topicId: topicIdOf(topic) } : { name: topic }
  const records = bytes === null ? null : { bytes, startsAt: 0, sizeBytes: bytes.length }
  return { acks, timeoutMs: 1000, topicData: [{ ...named, partitionData: [{ index, records }] }] }
}

export function fetchOf(
  topic: string,
  fetchOffset: number,
  version: number,
  extra: Draft<FetchRequest> = {},
): Draft<FetchRequest> {
  const named = version >= 13 ? { topicId: topicIdOf(topic) } : { topic }
  return {
    maxWaitMs: 0,
    minBytes: 1,
    maxBytes: MIB,
    ...(version >= 7 ? { sessionEpoch: -1 } : {}),
    topics: [{ ...named, partitions: [{ partition: 0, fetchOffset, partitionMaxBytes: MIB }] }],
    ...extra,
  }
}

/** The record bytes of one partition of an answer. */
export function recordsOf(answer: FetchResponse, topic: number = 0, partition: number = 0): Uint8Array {
  const records = answer.responses[topic]?.partitions[partition]?.records
  if (records === null || records === undefined) return new Uint8Array(0)
  return records.bytes.slice(records.startsAt, records.startsAt + records.sizeBytes)
}
