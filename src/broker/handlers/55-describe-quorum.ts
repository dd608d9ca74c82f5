import { ErrorCode } from '../../model/error-code.ts'
import {
  type DescribeQuorumRequest,
  type DescribeQuorumResponse,
  describeQuorumApi,
  readDescribeQuorumRequest,
  writeDescribeQuorumResponse,
} from '../../protocol/generated/55-describe-quorum.ts'
import type { Draft } from '../../protocol/wire/draft.ts'
import { reachableBrokers } from '../cluster-answers.ts'
import type { ApiHandler } from '../context.ts'

const METADATA_TOPIC = '__cluster_metadata'

type Voter = Draft<DescribeQuorumResponse['topics'][number]['partitions'][number]['currentVoters'][number]>

/**
 * DescribeQuorum. Metadata lies in the keeper's tree, not in a log, so there are no offsets; what people and tools look for
 * is here all the same: which node is controller, and which could be elected.
 */
export const describeQuorumHandler: ApiHandler<DescribeQuorumRequest, DescribeQuorumResponse> = {
  apiKey: describeQuorumApi.key,
  minVersion: 0,
  maxVersion: 2,
  flexibleVersion: describeQuorumApi.flexibleVersion,
  read: readDescribeQuorumRequest,
  write: writeDescribeQuorumResponse,
  handle(request, context, services): Draft<DescribeQuorumResponse> {
    const { view, clock } = services
    const nowMs = clock.wallMs()
    const brokers = reachableBrokers(services, context)
    const voters = brokers.map(
      ({ id }): Voter => ({
        replicaId: id,
        logEndOffset: 0,
        lastFetchTimestamp: nowMs,
        lastCaughtUpTimestamp: nowMs,
      }),
    )
    const described = {
      partitionIndex: 0,
      errorCode: view.controllerId >= 0 ? ErrorCode.none : ErrorCode.leaderNotAvailable,
      errorMessage: null,
      leaderId: view.controllerId,
      leaderEpoch: 0,
      highWatermark: 0,
      currentVoters: voters,
      observers: [],
    }
    return {
      errorCode: ErrorCode.none,
      errorMessage: null,
      topics: request.topics.map(({ topicName, partitions }) => ({
        topicName,
        partitions: partitions.map(({ partitionIndex }) =>
          topicName === METADATA_TOPIC && partitionIndex === 0
            ? described
            : { ...described, partitionIndex, errorCode: ErrorCode.unknownTopicOrPartition, currentVoters: [] },
        ),
      })),
      nodes: brokers.map(({ id, host, port }) => ({
        nodeId: id,
        listeners: [{ name: context.listener, host, port }],
      })),
    }
  },
}
