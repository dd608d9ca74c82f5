/** LeaderAndIsr, UpdateMetadata and StopReplica as messages and as the control plane's plain values, in both directions and every version. */
import type {
  BrokerCommand,
  CommandAnswer,
  LeadershipCommand,
  LeadershipPartition,
  MetadataCommand,
  MetadataPartition,
  PartitionAnswer,
  StopCommand,
  StopPartition,
} from '../../cluster/contract-commands.ts'
import type { EndpointView } from '../../cluster/contract.ts'
import type { ErrorCode } from '../../model/error-code.ts'
import { ZERO_UUID } from '../../model/uuid.ts'
import type { LeaderAndIsrRequest, LeaderAndIsrResponse } from '../../protocol/generated/04-leader-and-isr.ts'
import type { StopReplicaRequest, StopReplicaResponse } from '../../protocol/generated/05-stop-replica.ts'
import type { UpdateMetadataRequest } from '../../protocol/generated/06-update-metadata.ts'
import type { Draft } from '../../protocol/wire/draft.ts'

/** Since this version LeaderAndIsr names topics by id in its answer. */
const LEADERSHIP_BY_ID_SINCE_VERSION = 5
/** `type` of a request that names every partition there is. */
const FULL_TYPE = 2
const SECURITY_PROTOCOLS: readonly string[] = ['PLAINTEXT', 'SSL', 'SASL_PLAINTEXT', 'SASL_SSL']

function idOf(text: string): string {
  return text === ZERO_UUID ? '' : text
}

function idText(id: string): string {
  return id === '' ? ZERO_UUID : id
}

export function leadershipRequest(command: LeadershipCommand): Draft<LeaderAndIsrRequest> {
  return {
    controllerId: command.controllerId,
    isKRaftController: false,
    controllerEpoch: command.controllerEpoch,
    brokerEpoch: command.brokerEpoch,
    type: 0,
    topicStates: command.topics.map(({ topic, topicId, partitions }) => ({
      topicName: topic,
      topicId: idText(topicId),
      partitionStates: partitions.map((partition) => ({
        partitionIndex: partition.partition,
        controllerEpoch: partition.controllerEpoch,
        leader: partition.leader,
        leaderEpoch: partition.leaderEpoch,
        isr: [...partition.inSyncReplicas],
        partitionEpoch: partition.partitionEpoch,
        replicas: [...partition.replicas],
        addingReplicas: [...partition.adding],
        removingReplicas: [...partition.removing],
        isNew: partition.isNew,
        leaderRecoveryState: partition.isRecovering ? 1 : 0,
      })),
    })),
    liveLeaders: command.liveLeaders.map(({ id, host, port }) => ({ brokerId: id, hostName: host, port })),
  }
}

type LeaderAndIsrState = LeaderAndIsrRequest['topicStates'][number]['partitionStates'][number]

export function leadershipCommand(request: LeaderAndIsrRequest): LeadershipCommand {
  const { controllerId, controllerEpoch, brokerEpoch } = request
  const grouped = request.topicStates.map(({ topicName, topicId, partitionStates }) => ({
    topic: topicName,
    topicId: idOf(topicId),
    partitions: partitionStates.map((state) => leadershipPartition(state)),
  }))
  const ungrouped = groupByTopic(request.ungroupedPartitionStates, leadershipPartition)
  const topics = [...grouped, ...ungrouped.map(([topic, partitions]) => ({ topic, topicId: '', partitions }))]
  const liveLeaders = request.liveLeaders.map(({ brokerId, hostName, port }) => ({
    id: brokerId,
    host: hostName,
    port,
  }))
  return { kind: 'leadership', controllerId, controllerEpoch, brokerEpoch, topics, liveLeaders }
}

function leadershipPartition(state: LeaderAndIsrState): LeadershipPartition {
  return {
    partition: state.partitionIndex,
    controllerEpoch: state.controllerEpoch,
    leader: state.leader,
    leaderEpoch: state.leaderEpoch,
    inSyncReplicas: state.isr,
    partitionEpoch: state.partitionEpoch,
    replicas: state.replicas,
    adding: state.addingReplicas,
    removing: state.removingReplicas,
    isNew: state.isNew,
    isRecovering: state.leaderRecoveryState === 1,
  }
}

/** What old versions give as one flat list. */
function groupByTopic<State extends { topicName: string }, Value>(
  states: readonly State[],
  value: (state: State) => Value,
): readonly (readonly [string, readonly Value[]])[] {
  const byTopic = new Map<string, Value[]>()
  for (const state of states) {
    const list = byTopic.get(state.topicName) ?? []
    list.push(value(state))
    byTopic.set(state.topicName, list)
  }
  return [...byTopic]
}

export function leadershipResponse(
  command: LeadershipCommand,
  answer: CommandAnswer,
  version: number,
): Draft<LeaderAndIsrResponse> {
  if (version < LEADERSHIP_BY_ID_SINCE_VERSION) {
    const partitionErrors = answer.partitions.map(({ topic, partition, code }) => ({
      topicName: topic,
      partitionIndex: partition,
      errorCode: code,
    }))
    return { errorCode: answer.code, partitionErrors, topics: [] }
  }
  const ids = new Map(command.topics.map(({ topic, topicId }) => [topic, topicId]))
  const topics = new Map<string, { partitionIndex: number; errorCode: ErrorCode }[]>()
  for (const { topic, partition, code } of answer.partitions) {
    const list = topics.get(topic) ?? []
    list.push({ partitionIndex: partition, errorCode: code })
    topics.set(topic, list)
  }
  return {
    errorCode: answer.code,
    partitionErrors: [],
    topics: [...topics].map(([topic, partitionErrors]) => ({
      topicId: idText(ids.get(topic) ?? ''),
      partitionErrors,
    })),
  }
}

export function leadershipAnswer(command: LeadershipCommand, response: LeaderAndIsrResponse): CommandAnswer {
  const names = new Map(command.topics.map(({ topic, topicId }) => [topicId, topic]))
  const partitions: PartitionAnswer[] = response.partitionErrors.map(({ topicName, partitionIndex, errorCode }) => ({
    topic: topicName,
    partition: partitionIndex,
    code: errorCode as ErrorCode,
  }))
  for (const { topicId, partitionErrors } of response.topics) {
    const topic = names.get(idOf(topicId))
    if (topic === undefined) continue
    for (const { partitionIndex, errorCode } of partitionErrors)
      partitions.push({ topic, partition: partitionIndex, code: errorCode as ErrorCode })
  }
  return { code: response.errorCode as ErrorCode, partitions }
}

export function metadataRequest(command: MetadataCommand): Draft<UpdateMetadataRequest> {
  return {
    controllerId: command.controllerId,
    isKRaftController: false,
    type: command.isFull ? FULL_TYPE : 0,
    controllerEpoch: command.controllerEpoch,
    brokerEpoch: command.brokerEpoch,
    topicStates: command.topics.map(({ topic, topicId, partitions }) => ({
      topicName: topic,
      topicId: idText(topicId),
      partitionStates: partitions.map((partition) => ({
        partitionIndex: partition.partition,
        controllerEpoch: partition.controllerEpoch,
        leader: partition.leader,
        leaderEpoch: partition.leaderEpoch,
        isr: [...partition.inSyncReplicas],
        zkVersion: partition.partitionEpoch,
        replicas: [...partition.replicas],
        offlineReplicas: [...partition.offlineReplicas],
      })),
    })),
    liveBrokers: command.brokers.map(({ id, endpoints, rack }) => ({
      id,
      rack,
      endpoints: endpoints.map(({ listener, host, port, securityProtocol }) => ({
        listener,
        host,
        port,
        securityProtocol: Math.max(0, SECURITY_PROTOCOLS.indexOf(securityProtocol)),
      })),
    })),
  }
}

type UpdateMetadataState = UpdateMetadataRequest['topicStates'][number]['partitionStates'][number]

export function metadataCommand(request: UpdateMetadataRequest): MetadataCommand {
  const { controllerId, controllerEpoch, brokerEpoch } = request
  const grouped = request.topicStates.map(({ topicName, topicId, partitionStates }) => ({
    topic: topicName,
    topicId: idOf(topicId),
    partitions: partitionStates.map((state) => metadataPartition(state)),
  }))
  const ungrouped = groupByTopic(request.ungroupedPartitionStates, metadataPartition)
  return {
    kind: 'metadata',
    controllerId,
    controllerEpoch,
    brokerEpoch,
    isFull: request.type === FULL_TYPE,
    topics: [...grouped, ...ungrouped.map(([topic, partitions]) => ({ topic, topicId: '', partitions }))],
    brokers: request.liveBrokers.map(({ id, rack, endpoints, v0Host, v0Port }) => ({
      id,
      rack,
      endpoints:
        endpoints.length > 0 ? endpoints.map((endpoint) => endpointOf(endpoint)) : [oldEndpoint(v0Host, v0Port)],
    })),
  }
}

type UpdateMetadataEndpoint = UpdateMetadataRequest['liveBrokers'][number]['endpoints'][number]

/** Before version 3 a listener has no name of its own. */
function endpointOf({ listener, host, port, securityProtocol }: UpdateMetadataEndpoint): EndpointView {
  const protocol = SECURITY_PROTOCOLS[securityProtocol] ?? 'PLAINTEXT'
  return { listener: listener === '' ? protocol : listener, host, port, securityProtocol: protocol }
}

function oldEndpoint(host: string, port: number): EndpointView {
  return { listener: 'PLAINTEXT', host, port, securityProtocol: 'PLAINTEXT' }
}

function metadataPartition(state: UpdateMetadataState): MetadataPartition {
  return {
    partition: state.partitionIndex,
    controllerEpoch: state.controllerEpoch,
    leader: state.leader,
    leaderEpoch: state.leaderEpoch,
    inSyncReplicas: state.isr,
    partitionEpoch: state.zkVersion,
    replicas: state.replicas,
    offlineReplicas: state.offlineReplicas,
  }
}

/** Version 3 and later: each partition says whether it is deleted. */
export function stopRequest(command: StopCommand): Draft<StopReplicaRequest> {
  return {
    controllerId: command.controllerId,
    isKRaftController: false,
    controllerEpoch: command.controllerEpoch,
    brokerEpoch: command.brokerEpoch,
    topicStates: command.topics.map(({ topic, partitions }) => ({
      topicName: topic,
      partitionStates: partitions.map(({ partition, leaderEpoch, isDeleted }) => ({
        partitionIndex: partition,
        leaderEpoch,
        deletePartition: isDeleted,
      })),
    })),
  }
}

const UNKNOWN_EPOCH = -1

export function stopCommand(request: StopReplicaRequest): StopCommand {
  const { controllerId, controllerEpoch, brokerEpoch, deletePartitions } = request
  const old = (partition: number): StopPartition => ({
    partition,
    leaderEpoch: UNKNOWN_EPOCH,
    isDeleted: deletePartitions,
  })
  const ungrouped = groupByTopic(request.ungroupedPartitions, ({ partitionIndex }) => old(partitionIndex))
  return {
    kind: 'stop',
    controllerId,
    controllerEpoch,
    brokerEpoch,
    topics: [
      ...request.topicStates.map(({ topicName, partitionStates }) => ({
        topic: topicName,
        partitions: partitionStates.map(({ partitionIndex, leaderEpoch, deletePartition }) => ({
          partition: partitionIndex,
          leaderEpoch,
          isDeleted: deletePartition,
        })),
      })),
      ...request.topics.map(({ name, partitionIndexes }) => ({
        topic: name,
        partitions: partitionIndexes.map((partition) => old(partition)),
      })),
      ...ungrouped.map(([topic, partitions]) => ({ topic, partitions })),
    ],
  }
}

export function stopResponse(answer: CommandAnswer): Draft<StopReplicaResponse> {
  return {
    errorCode: answer.code,
    partitionErrors: answer.partitions.map(({ topic, partition, code }) => ({
      topicName: topic,
      partitionIndex: partition,
      errorCode: code,
    })),
  }
}

export function stopAnswer(response: StopReplicaResponse): CommandAnswer {
  return {
    code: response.errorCode as ErrorCode,
    partitions: response.partitionErrors.map(({ topicName, partitionIndex, errorCode }) => ({
      topic: topicName,
      partition: partitionIndex,
      code: errorCode as ErrorCode,
    })),
  }
}

/** What a command of any kind is called in messages for people. */
export function commandName(command: BrokerCommand): string {
  switch (command.kind) {
    case 'leadership':
      return 'LeaderAndIsr'
    case 'metadata':
      return 'UpdateMetadata'
    case 'stop':
      return 'StopReplica'
  }
}
