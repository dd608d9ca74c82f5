/** AlterPartition as messages and as the control plane's plain values, in both directions and every version. */
import type { InSyncAnswer, InSyncChange, InSyncRequest, InSyncResult } from '../../cluster/contract-calls.ts'
import { ErrorCode } from '../../model/error-code.ts'
import { ZERO_UUID } from '../../model/uuid.ts'
import type { AlterPartitionRequest, AlterPartitionResponse } from '../../protocol/generated/56-alter-partition.ts'
import type { Draft } from '../../protocol/wire/draft.ts'

/** Since this version topics go by id, and an ineligible replica has a code of its own. */
const BY_ID_SINCE_VERSION = 2
/** In ZooKeeper's kind of cluster leaders do not know the others' epochs. */
const UNKNOWN_BROKER_EPOCH = -1

/** For version 3. */
export function inSyncMessage({ brokerId, brokerEpoch, changes }: InSyncRequest): Draft<AlterPartitionRequest> {
  const topics = new Map<string, { topicName: string; topicId: string; partitions: InSyncChange[] }>()
  for (const change of changes) {
    const topicId = change.topicId === '' ? ZERO_UUID : change.topicId
    const entry = topics.get(change.topic) ?? { topicName: change.topic, topicId, partitions: [] }
    entry.partitions.push(change)
    topics.set(change.topic, entry)
  }
  return {
    brokerId,
    brokerEpoch,
    topics: [...topics.values()].map(({ topicName, topicId, partitions }) => ({
      topicName,
      topicId,
      partitions: partitions.map((change) => ({
        partitionIndex: change.partition,
        leaderEpoch: change.leaderEpoch,
        newIsrWithEpochs: change.inSyncReplicas.map((replica) => ({
          brokerId: replica,
          brokerEpoch: UNKNOWN_BROKER_EPOCH,
        })),
        leaderRecoveryState: change.isRecovering ? 1 : 0,
        partitionEpoch: change.partitionEpoch,
      })),
    })),
  }
}

export function inSyncRequest(message: AlterPartitionRequest, version: number): InSyncRequest {
  return {
    brokerId: message.brokerId,
    brokerEpoch: message.brokerEpoch,
    changes: message.topics.flatMap(({ topicName, topicId, partitions }) =>
      partitions.map((partition) => ({
        topic: topicName,
        topicId: version >= BY_ID_SINCE_VERSION ? topicId : '',
        partition: partition.partitionIndex,
        leaderEpoch: partition.leaderEpoch,
        partitionEpoch: partition.partitionEpoch,
        inSyncReplicas:
          partition.newIsrWithEpochs.length > 0
            ? partition.newIsrWithEpochs.map(({ brokerId }) => brokerId)
            : partition.newIsr,
        isRecovering: partition.leaderRecoveryState === 1,
      })),
    ),
  }
}

export function inSyncResponse(answer: InSyncAnswer, version: number): Draft<AlterPartitionResponse> {
  const topics = new Map<string, { topicName: string; topicId: string; partitions: InSyncResult[] }>()
  for (const result of answer.results) {
    const key = `${result.topicId}/${result.topic}`
    const entry = topics.get(key) ?? {
      topicName: result.topic,
      topicId: result.topicId === '' ? ZERO_UUID : result.topicId,
      partitions: [],
    }
    entry.partitions.push(result)
    topics.set(key, entry)
  }
  return {
    throttleTimeMs: 0,
    errorCode: answer.code,
    topics: [...topics.values()].map(({ topicName, topicId, partitions }) => ({
      topicName,
      topicId,
      partitions: partitions.map((result) => ({
        partitionIndex: result.partition,
        errorCode: codeFor(result.code, version),
        leaderId: result.leader,
        leaderEpoch: result.leaderEpoch,
        isr: [...result.inSyncReplicas],
        leaderRecoveryState: result.isRecovering ? 1 : 0,
        partitionEpoch: result.partitionEpoch,
      })),
    })),
  }
}

function codeFor(code: ErrorCode, version: number): ErrorCode {
  return code === ErrorCode.ineligibleReplica && version < BY_ID_SINCE_VERSION ? ErrorCode.operationNotAttempted : code
}

/** @param request what was asked: an answer by id gets its names from there */
export function inSyncAnswer(response: AlterPartitionResponse, request: InSyncRequest): InSyncAnswer {
  const names = new Map(request.changes.map(({ topic, topicId }) => [topicId, topic]))
  const ids = new Map(request.changes.map(({ topic, topicId }) => [topic, topicId]))
  return {
    code: response.errorCode as ErrorCode,
    results: response.topics.flatMap(({ topicName, topicId, partitions }) => {
      const topic = topicName === '' ? (names.get(topicId) ?? '') : topicName
      return partitions.map((partition) => ({
        topic,
        topicId: ids.get(topic) ?? topicId,
        partition: partition.partitionIndex,
        code: partition.errorCode as ErrorCode,
        leader: partition.leaderId,
        leaderEpoch: partition.leaderEpoch,
        partitionEpoch: partition.partitionEpoch,
        inSyncReplicas: partition.isr,
        isRecovering: partition.leaderRecoveryState === 1,
      }))
    }),
  }
}
