/** AlterPartition: leaders change their in-sync sets. The checks and their order are Kafka's. */
import { ErrorCode } from '../model/error-code.ts'
import { CommandBatch } from './command-batch.ts'
import type { InSyncAnswer, InSyncChange, InSyncRequest, InSyncResult } from './contract-calls.ts'
import type { ControllerContext } from './controller-context.ts'
import type { Alive } from './elections.ts'
import { type StateChange, writeStates } from './partition-writes.ts'
import type { ClusterState, PartitionRecord } from './state.ts'
import type { PartitionStateNode } from './znodes.ts'

export type InSyncDecision =
  | { readonly kind: 'refused'; readonly code: ErrorCode }
  /** A retry of what was done already. */
  | { readonly kind: 'done' }
  | { readonly kind: 'change'; readonly state: PartitionStateNode }

/** Judges one change of the leader `brokerId`. Pure. */
export function decideInSync(
  record: PartitionRecord,
  change: InSyncChange,
  brokerId: number,
  alive: Alive,
  controllerEpoch: number,
): InSyncDecision {
  const { state, stateVersion } = record
  if (change.partitionEpoch > stateVersion || change.leaderEpoch > state.leaderEpoch) {
    // It knows more than we do: we are not what we believe to be.
    return { kind: 'refused', code: ErrorCode.notController }
  }
  if (change.leaderEpoch < state.leaderEpoch) return { kind: 'refused', code: ErrorCode.fencedLeaderEpoch }
  // Kafka lets any broker with the right epochs be leader by this; nobody but the leader has a reason to ask.
  if (state.leader !== brokerId) return { kind: 'refused', code: ErrorCode.invalidRequest }
  if (isSame(state, change)) return { kind: 'done' }
  if (change.partitionEpoch < stateVersion) return { kind: 'refused', code: ErrorCode.invalidUpdateVersion }
  const isBadRecovery =
    (change.isRecovering && change.inSyncReplicas.length > 1) || (change.isRecovering && !state.isRecovering)
  const isBadSet =
    !change.inSyncReplicas.includes(brokerId) ||
    change.inSyncReplicas.some((replica) => !record.replicas.includes(replica)) ||
    new Set(change.inSyncReplicas).size !== change.inSyncReplicas.length
  if (isBadRecovery || isBadSet) return { kind: 'refused', code: ErrorCode.invalidRequest }
  const isEligible = change.inSyncReplicas.every((replica) => replica === brokerId || alive.has(replica))
  if (!isEligible) return { kind: 'refused', code: ErrorCode.ineligibleReplica }
  return {
    kind: 'change',
    state: {
      ...state,
      controllerEpoch,
      inSyncReplicas: change.inSyncReplicas,
      isRecovering: change.isRecovering,
    },
  }
}

function isSame(state: PartitionStateNode, change: InSyncChange): boolean {
  return (
    state.isRecovering === change.isRecovering &&
    state.inSyncReplicas.length === change.inSyncReplicas.length &&
    state.inSyncReplicas.every((replica, index) => replica === change.inSyncReplicas[index])
  )
}

/** @param onChanged called with the topics whose in-sync sets changed: reassignments may be able to go on */
export async function alterInSync(
  context: ControllerContext,
  request: InSyncRequest,
  onChanged: (changes: readonly StateChange[]) => Promise<void>,
): Promise<InSyncAnswer> {
  const { state, controllerEpoch } = context
  if (state.brokers.get(request.brokerId)?.epoch !== request.brokerEpoch) {
    return { code: ErrorCode.staleBrokerEpoch, results: [] }
  }
  const decided = request.changes.map((change) => {
    const found = find(state, change)
    if (typeof found === 'number') return { change, decision: { kind: 'refused', code: found } as const }
    const { topic, record } = found
    const alive = state.alive(topic, change.partition)
    return { change, topic, record, decision: decideInSync(record, change, request.brokerId, alive, controllerEpoch) }
  })
  const changes = decided.flatMap(({ topic, record, decision }) =>
    topic === undefined || record === undefined || decision.kind !== 'change'
      ? []
      : [{ topic, record, state: decision.state }],
  )
  const { written, refused } = await writeStates(context, changes)
  const batch = new CommandBatch()
  for (const { topic, record } of written) batch.addMetadata(topic, record.partition)
  if (written.length > 0) await context.dispatch(batch)
  const lost = new Set(refused.map(({ record }) => record))
  const results = decided.map(({ change, topic, record, decision }) => {
    if (decision.kind === 'refused') return refusal(change, decision.code)
    if (record !== undefined && lost.has(record)) return refusal(change, ErrorCode.invalidUpdateVersion)
    return accepted(change, state.topic(topic ?? '')?.partitions[change.partition])
  })
  if (written.length > 0) await onChanged(written)
  return { code: ErrorCode.none, results }
}

function find(state: ClusterState, change: InSyncChange): { topic: string; record: PartitionRecord } | ErrorCode {
  const topic = change.topicId === '' ? state.topic(change.topic) : state.topicById(change.topicId)
  if (topic === undefined) {
    return change.topicId === '' ? ErrorCode.unknownTopicOrPartition : ErrorCode.unknownTopicId
  }
  const record = topic.partitions[change.partition]
  return record === undefined ? ErrorCode.unknownTopicOrPartition : { topic: topic.name, record }
}

function refusal(change: InSyncChange, code: ErrorCode): InSyncResult {
  const { topic, topicId, partition } = change
  return {
    topic,
    topicId,
    partition,
    code,
    leader: -1,
    leaderEpoch: -1,
    partitionEpoch: -1,
    inSyncReplicas: [],
    isRecovering: false,
  }
}

function accepted(change: InSyncChange, record: PartitionRecord | undefined): InSyncResult {
  if (record === undefined) return refusal(change, ErrorCode.unknownTopicOrPartition)
  const { leader, leaderEpoch, inSyncReplicas, isRecovering } = record.state
  return {
    topic: change.topic,
    topicId: change.topicId,
    partition: change.partition,
    code: ErrorCode.none,
    leader,
    leaderEpoch,
    partitionEpoch: record.stateVersion,
    inSyncReplicas,
    isRecovering,
  }
}
