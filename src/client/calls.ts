import { type ApiCall, apiCall } from './api-call.ts'
import {
  type ProduceRequest,
  type ProduceResponse,
  produceApi,
  readProduceResponse,
  writeProduceRequest,
} from '../protocol/generated/00-produce.ts'
import {
  type FetchRequest,
  type FetchResponse,
  fetchApi,
  readFetchResponse,
  writeFetchRequest,
} from '../protocol/generated/01-fetch.ts'
import {
  type ListOffsetsRequest,
  type ListOffsetsResponse,
  listOffsetsApi,
  readListOffsetsResponse,
  writeListOffsetsRequest,
} from '../protocol/generated/02-list-offsets.ts'
import {
  type MetadataRequest,
  type MetadataResponse,
  metadataApi,
  readMetadataResponse,
  writeMetadataRequest,
} from '../protocol/generated/03-metadata.ts'
import {
  type OffsetCommitRequest,
  type OffsetCommitResponse,
  offsetCommitApi,
  readOffsetCommitResponse,
  writeOffsetCommitRequest,
} from '../protocol/generated/08-offset-commit.ts'
import {
  type OffsetFetchRequest,
  type OffsetFetchResponse,
  offsetFetchApi,
  readOffsetFetchResponse,
  writeOffsetFetchRequest,
} from '../protocol/generated/09-offset-fetch.ts'
import {
  type FindCoordinatorRequest,
  type FindCoordinatorResponse,
  findCoordinatorApi,
  readFindCoordinatorResponse,
  writeFindCoordinatorRequest,
} from '../protocol/generated/10-find-coordinator.ts'
import {
  type JoinGroupRequest,
  type JoinGroupResponse,
  joinGroupApi,
  readJoinGroupResponse,
  writeJoinGroupRequest,
} from '../protocol/generated/11-join-group.ts'
import {
  type HeartbeatRequest,
  type HeartbeatResponse,
  heartbeatApi,
  readHeartbeatResponse,
  writeHeartbeatRequest,
} from '../protocol/generated/12-heartbeat.ts'
import {
  type LeaveGroupRequest,
  type LeaveGroupResponse,
  leaveGroupApi,
  readLeaveGroupResponse,
  writeLeaveGroupRequest,
} from '../protocol/generated/13-leave-group.ts'
import {
  type SyncGroupRequest,
  type SyncGroupResponse,
  syncGroupApi,
  readSyncGroupResponse,
  writeSyncGroupRequest,
} from '../protocol/generated/14-sync-group.ts'
import {
  type DescribeGroupsRequest,
  type DescribeGroupsResponse,
  describeGroupsApi,
  readDescribeGroupsResponse,
  writeDescribeGroupsRequest,
} from '../protocol/generated/15-describe-groups.ts'
import {
  type ListGroupsRequest,
  type ListGroupsResponse,
  listGroupsApi,
  readListGroupsResponse,
  writeListGroupsRequest,
} from '../protocol/generated/16-list-groups.ts'
import {
  type CreateTopicsRequest,
  type CreateTopicsResponse,
  createTopicsApi,
  readCreateTopicsResponse,
  writeCreateTopicsRequest,
} from '../protocol/generated/19-create-topics.ts'
import {
  type DeleteTopicsRequest,
  type DeleteTopicsResponse,
  deleteTopicsApi,
  readDeleteTopicsResponse,
  writeDeleteTopicsRequest,
} from '../protocol/generated/20-delete-topics.ts'
import {
  type DeleteRecordsRequest,
  type DeleteRecordsResponse,
  deleteRecordsApi,
  readDeleteRecordsResponse,
  writeDeleteRecordsRequest,
} from '../protocol/generated/21-delete-records.ts'
import {
  type InitProducerIdRequest,
  type InitProducerIdResponse,
  initProducerIdApi,
  readInitProducerIdResponse,
  writeInitProducerIdRequest,
} from '../protocol/generated/22-init-producer-id.ts'
import {
  type DescribeConfigsRequest,
  type DescribeConfigsResponse,
  describeConfigsApi,
  readDescribeConfigsResponse,
  writeDescribeConfigsRequest,
} from '../protocol/generated/32-describe-configs.ts'
import {
  type DescribeLogDirsRequest,
  type DescribeLogDirsResponse,
  describeLogDirsApi,
  readDescribeLogDirsResponse,
  writeDescribeLogDirsRequest,
} from '../protocol/generated/35-describe-log-dirs.ts'
import {
  type CreatePartitionsRequest,
  type CreatePartitionsResponse,
  createPartitionsApi,
  readCreatePartitionsResponse,
  writeCreatePartitionsRequest,
} from '../protocol/generated/37-create-partitions.ts'
import {
  type DeleteGroupsRequest,
  type DeleteGroupsResponse,
  deleteGroupsApi,
  readDeleteGroupsResponse,
  writeDeleteGroupsRequest,
} from '../protocol/generated/42-delete-groups.ts'
import {
  type IncrementalAlterConfigsRequest,
  type IncrementalAlterConfigsResponse,
  incrementalAlterConfigsApi,
  readIncrementalAlterConfigsResponse,
  writeIncrementalAlterConfigsRequest,
} from '../protocol/generated/44-incremental-alter-configs.ts'
import {
  type AlterPartitionReassignmentsRequest,
  type AlterPartitionReassignmentsResponse,
  alterPartitionReassignmentsApi,
  readAlterPartitionReassignmentsResponse,
  writeAlterPartitionReassignmentsRequest,
} from '../protocol/generated/45-alter-partition-reassignments.ts'
import {
  type ListPartitionReassignmentsRequest,
  type ListPartitionReassignmentsResponse,
  listPartitionReassignmentsApi,
  readListPartitionReassignmentsResponse,
  writeListPartitionReassignmentsRequest,
} from '../protocol/generated/46-list-partition-reassignments.ts'
import {
  type OffsetDeleteRequest,
  type OffsetDeleteResponse,
  offsetDeleteApi,
  readOffsetDeleteResponse,
  writeOffsetDeleteRequest,
} from '../protocol/generated/47-offset-delete.ts'
import {
  type DescribeClusterRequest,
  type DescribeClusterResponse,
  describeClusterApi,
  readDescribeClusterResponse,
  writeDescribeClusterRequest,
} from '../protocol/generated/60-describe-cluster.ts'
import {
  type ConsumerGroupDescribeRequest,
  type ConsumerGroupDescribeResponse,
  consumerGroupDescribeApi,
  readConsumerGroupDescribeResponse,
  writeConsumerGroupDescribeRequest,
} from '../protocol/generated/69-consumer-group-describe.ts'

// The APIs a client uses, and in which versions. Together they need a broker of Kafka 3.0 or later.

/** 13 names topics by id. */
export const produceCall: ApiCall<ProduceRequest, ProduceResponse> = apiCall(
  produceApi,
  writeProduceRequest,
  readProduceResponse,
  { min: 3, max: 12 },
)

/** 13 names topics by id. */
export const fetchCall: ApiCall<FetchRequest, FetchResponse> = apiCall(fetchApi, writeFetchRequest, readFetchResponse, {
  min: 4,
  max: 12,
})
export const listOffsetsCall: ApiCall<ListOffsetsRequest, ListOffsetsResponse> = apiCall(
  listOffsetsApi,
  writeListOffsetsRequest,
  readListOffsetsResponse,
  { min: 1, max: 10 },
)
export const metadataCall: ApiCall<MetadataRequest, MetadataResponse> = apiCall(
  metadataApi,
  writeMetadataRequest,
  readMetadataResponse,
  { min: 4, max: 13 },
)

/** 10 names topics by id. */
export const offsetCommitCall: ApiCall<OffsetCommitRequest, OffsetCommitResponse> = apiCall(
  offsetCommitApi,
  writeOffsetCommitRequest,
  readOffsetCommitResponse,
  { min: 2, max: 9 },
)

/** before 8 one group a request; 10 names topics by id. */
export const offsetFetchCall: ApiCall<OffsetFetchRequest, OffsetFetchResponse> = apiCall(
  offsetFetchApi,
  writeOffsetFetchRequest,
  readOffsetFetchResponse,
  { min: 8, max: 9 },
)

/** before 4 one key a request, in another field. */
export const findCoordinatorCall: ApiCall<FindCoordinatorRequest, FindCoordinatorResponse> = apiCall(
  findCoordinatorApi,
  writeFindCoordinatorRequest,
  readFindCoordinatorResponse,
  { min: 4, max: 6 },
)
export const joinGroupCall: ApiCall<JoinGroupRequest, JoinGroupResponse> = apiCall(
  joinGroupApi,
  writeJoinGroupRequest,
  readJoinGroupResponse,
  { min: 2, max: 9 },
)
export const heartbeatCall: ApiCall<HeartbeatRequest, HeartbeatResponse> = apiCall(
  heartbeatApi,
  writeHeartbeatRequest,
  readHeartbeatResponse,
  { max: 4 },
)

/** before 3 one member a request, in another field. */
export const leaveGroupCall: ApiCall<LeaveGroupRequest, LeaveGroupResponse> = apiCall(
  leaveGroupApi,
  writeLeaveGroupRequest,
  readLeaveGroupResponse,
  { min: 3, max: 5 },
)
export const syncGroupCall: ApiCall<SyncGroupRequest, SyncGroupResponse> = apiCall(
  syncGroupApi,
  writeSyncGroupRequest,
  readSyncGroupResponse,
  { max: 5 },
)
export const describeGroupsCall: ApiCall<DescribeGroupsRequest, DescribeGroupsResponse> = apiCall(
  describeGroupsApi,
  writeDescribeGroupsRequest,
  readDescribeGroupsResponse,
  { max: 6 },
)
export const listGroupsCall: ApiCall<ListGroupsRequest, ListGroupsResponse> = apiCall(
  listGroupsApi,
  writeListGroupsRequest,
  readListGroupsResponse,
  { max: 5 },
)
export const createTopicsCall: ApiCall<CreateTopicsRequest, CreateTopicsResponse> = apiCall(
  createTopicsApi,
  writeCreateTopicsRequest,
  readCreateTopicsResponse,
  { min: 1, max: 7 },
)

/** before 6 names are in another field. */
export const deleteTopicsCall: ApiCall<DeleteTopicsRequest, DeleteTopicsResponse> = apiCall(
  deleteTopicsApi,
  writeDeleteTopicsRequest,
  readDeleteTopicsResponse,
  { min: 6, max: 6 },
)
export const deleteRecordsCall: ApiCall<DeleteRecordsRequest, DeleteRecordsResponse> = apiCall(
  deleteRecordsApi,
  writeDeleteRecordsRequest,
  readDeleteRecordsResponse,
  { max: 2 },
)
export const initProducerIdCall: ApiCall<InitProducerIdRequest, InitProducerIdResponse> = apiCall(
  initProducerIdApi,
  writeInitProducerIdRequest,
  readInitProducerIdResponse,
  { max: 5 },
)
export const describeConfigsCall: ApiCall<DescribeConfigsRequest, DescribeConfigsResponse> = apiCall(
  describeConfigsApi,
  writeDescribeConfigsRequest,
  readDescribeConfigsResponse,
  { min: 1, max: 4 },
)
export const describeLogDirsCall: ApiCall<DescribeLogDirsRequest, DescribeLogDirsResponse> = apiCall(
  describeLogDirsApi,
  writeDescribeLogDirsRequest,
  readDescribeLogDirsResponse,
  { max: 5 },
)
export const createPartitionsCall: ApiCall<CreatePartitionsRequest, CreatePartitionsResponse> = apiCall(
  createPartitionsApi,
  writeCreatePartitionsRequest,
  readCreatePartitionsResponse,
  { max: 3 },
)
export const deleteGroupsCall: ApiCall<DeleteGroupsRequest, DeleteGroupsResponse> = apiCall(
  deleteGroupsApi,
  writeDeleteGroupsRequest,
  readDeleteGroupsResponse,
  { max: 3 },
)
export const incrementalAlterConfigsCall: ApiCall<IncrementalAlterConfigsRequest, IncrementalAlterConfigsResponse> =
  apiCall(incrementalAlterConfigsApi, writeIncrementalAlterConfigsRequest, readIncrementalAlterConfigsResponse, {
    max: 1,
  })
export const alterReassignmentsCall: ApiCall<AlterPartitionReassignmentsRequest, AlterPartitionReassignmentsResponse> =
  apiCall(
    alterPartitionReassignmentsApi,
    writeAlterPartitionReassignmentsRequest,
    readAlterPartitionReassignmentsResponse,
    { max: 0 },
  )
export const listReassignmentsCall: ApiCall<ListPartitionReassignmentsRequest, ListPartitionReassignmentsResponse> =
  apiCall(
    listPartitionReassignmentsApi,
    writeListPartitionReassignmentsRequest,
    readListPartitionReassignmentsResponse,
    { max: 0 },
  )
export const offsetDeleteCall: ApiCall<OffsetDeleteRequest, OffsetDeleteResponse> = apiCall(
  offsetDeleteApi,
  writeOffsetDeleteRequest,
  readOffsetDeleteResponse,
  { max: 0 },
)
export const describeClusterCall: ApiCall<DescribeClusterRequest, DescribeClusterResponse> = apiCall(
  describeClusterApi,
  writeDescribeClusterRequest,
  readDescribeClusterResponse,
  { max: 2 },
)
export const consumerGroupDescribeCall: ApiCall<ConsumerGroupDescribeRequest, ConsumerGroupDescribeResponse> = apiCall(
  consumerGroupDescribeApi,
  writeConsumerGroupDescribeRequest,
  readConsumerGroupDescribeResponse,
  { max: 1 },
)
